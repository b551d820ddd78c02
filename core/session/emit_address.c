/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/session/emit_private.h"

#include "core/decode/address.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

/* sun_path begins with a 0 in a name that is no path, unix(7). */
typedef struct
{
  const guint8 *bytes;
  gsize size;
  gboolean is_abstract;
} UnixName;

static sa_family_t
get_family (const TramaOperand *operand)
{
  sa_family_t family;

  memcpy (&family, operand->bytes, sizeof family);
  return family;
}

static UnixName
get_unix_name (const TramaOperand *operand)
{
  UnixName name = { .bytes = operand->bytes + offsetof (struct sockaddr_un, sun_path),
                    .size = operand->size - offsetof (struct sockaddr_un, sun_path) };

  name.is_abstract = name.size > 0 && name.bytes[0] == 0;
  if (!name.is_abstract)
    name.size = strnlen ((const char *) name.bytes, name.size);
  return name;
}

gboolean
trama_emit_is_path (const TramaOperand *address)
{
  return get_family (address) == AF_UNIX && !get_unix_name (address).is_abstract;
}

/* "127.0.0.1:5000" as a part of a C name: "127_0_0_1_5000" */
static char *
make_suffix (const TramaOperand *operand, gboolean whole)
{
  g_autofree char *text = trama_address_format (operand->bytes, operand->size);
  const char *port = strrchr (text, ':');
  GString *suffix = g_string_new (NULL);

  for (const char *c = whole || port == NULL ? text : port; *c != '\0'; c++)
    if (g_ascii_isalnum (*c))
      g_string_append_c (suffix, *c);
    else if (suffix->len > 0 && suffix->str[suffix->len - 1] != '_')
      g_string_append_c (suffix, '_');
  return g_string_free (suffix, FALSE);
}

/* "address", then "address_5000", then "address_127_0_0_2_5000". */
static const char *
make_name (TramaEmitter *emitter, const TramaOperand *operand)
{
  g_autofree char *port = make_suffix (operand, FALSE);
  g_autofree char *whole = make_suffix (operand, TRUE);
  const char *candidates[] = { "address", trama_emit_keep (emitter, "address_%s", port),
                               trama_emit_keep (emitter, "address_%s", whole) };

  if (get_family (operand) == AF_UNSPEC)
    return trama_emit_new_sized_name (emitter, "no_address");
  for (gsize i = 0; i < G_N_ELEMENTS (candidates); i++)
    if (!g_hash_table_contains (emitter->taken, candidates[i]))
      return trama_emit_new_sized_name (emitter, candidates[i]);
  return trama_emit_new_sized_name (emitter, candidates[2]);
}

static const char *
make_size (TramaEmitter *emitter, const TramaOperand *operand, const char *name)
{
  static const struct
  {
    sa_family_t family;
    gsize size;
  } whole[] = { { AF_INET, sizeof (struct sockaddr_in) },
                { AF_INET6, sizeof (struct sockaddr_in6) },
                { AF_UNSPEC, sizeof (struct sockaddr) } };

  if (get_family (operand) == AF_UNIX)
    return trama_emit_keep (emitter, "%s_size", name);
  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    if (whole[i].family == get_family (operand) && whole[i].size == operand->size)
      return trama_emit_keep (emitter, "sizeof %s", name);
  return trama_emit_keep (emitter, "%u", operand->size);
}

static void
need_headers (TramaEmitter *emitter, sa_family_t family)
{
  trama_emit_need_header (emitter, TRAMA_EMIT_SYS_SOCKET_H);
  if (family == AF_INET || family == AF_INET6)
    trama_emit_need_header (emitter, TRAMA_EMIT_NETINET_IN_H);
  if (family == AF_UNIX)
    {
      trama_emit_need_header (emitter, TRAMA_EMIT_SYS_UN_H);
      trama_emit_need_header (emitter, TRAMA_EMIT_STDDEF_H);
    }
}

const TramaEmitAddress *
trama_emit_address (TramaEmitter *emitter, const TramaOperand *operand)
{
  TramaEmitAddress address = { .operand = operand };

  for (guint i = 0; i < emitter->addresses->len; i++)
    {
      const TramaEmitAddress *known = &g_array_index (emitter->addresses, TramaEmitAddress, i);

      if (known->operand->size == operand->size
          && memcmp (known->operand->bytes, operand->bytes, operand->size) == 0)
        return known;
    }
  address.name = make_name (emitter, operand);
  address.size = make_size (emitter, operand, address.name);
  need_headers (emitter, get_family (operand));
  g_array_append_val (emitter->addresses, address);
  return &g_array_index (emitter->addresses, TramaEmitAddress, emitter->addresses->len - 1);
}

static void
declare_inet (TramaEmitter *emitter, const TramaEmitAddress *address)
{
  struct sockaddr_in in;
  guint32 host;

  memcpy (&in, address->operand->bytes, sizeof in);
  host = ntohl (in.sin_addr.s_addr);
  trama_emit_line (emitter, "const struct sockaddr_in %s = {", address->name);
  trama_emit_line (emitter, "    .sin_family = AF_INET,");
  trama_emit_line (emitter, "    .sin_port = htons(%u),", ntohs (in.sin_port));
  if (host == INADDR_LOOPBACK)
    trama_emit_line (emitter, "    .sin_addr.s_addr = htonl(INADDR_LOOPBACK), /* 127.0.0.1 */");
  else if (host == INADDR_ANY)
    trama_emit_line (emitter, "    .sin_addr.s_addr = htonl(INADDR_ANY), /* 0.0.0.0 */");
  else
    trama_emit_line (emitter, "    .sin_addr.s_addr = htonl(0x%08x), /* %u.%u.%u.%u */", host, host >> 24,
                     host >> 16 & 0xff, host >> 8 & 0xff, host & 0xff);
  trama_emit_line (emitter, "};");
}

static void
declare_inet6_host (TramaEmitter *emitter, const struct in6_addr *host)
{
  const guint8 *b = host->s6_addr;

  if (IN6_IS_ADDR_LOOPBACK (host))
    trama_emit_line (emitter, "    .sin6_addr = IN6ADDR_LOOPBACK_INIT, /* ::1 */");
  else if (IN6_IS_ADDR_UNSPECIFIED (host))
    trama_emit_line (emitter, "    .sin6_addr = IN6ADDR_ANY_INIT, /* :: */");
  else
    {
      g_autoptr (GString) bytes = g_string_new (NULL);
      guint first = IN6_IS_ADDR_V4MAPPED (host) ? 10 : 0;

      if (first > 0)
        trama_emit_line (emitter, "    /* ::ffff:%u.%u.%u.%u */", b[12], b[13], b[14], b[15]);
      for (guint i = first; i < sizeof host->s6_addr; i++)
        g_string_append_printf (bytes, i < 12 ? "%s0x%02x" : "%s%u", i > first ? ", " : "", b[i]);
      trama_emit_line (
          emitter, "    .sin6_addr.s6_addr = { [%u] = %s },%s", first, bytes->str,
          first > 0 ? trama_emit_keep (emitter, " /* ::ffff:%u.%u.%u.%u */", b[12], b[13], b[14], b[15])
                    : "");
    }
}

static void
declare_inet6 (TramaEmitter *emitter, const TramaEmitAddress *address)
{
  struct sockaddr_in6 in6;

  memcpy (&in6, address->operand->bytes, sizeof in6);
  trama_emit_line (emitter, "const struct sockaddr_in6 %s = {", address->name);
  trama_emit_line (emitter, "    .sin6_family = AF_INET6,");
  trama_emit_line (emitter, "    .sin6_port = htons(%u),", ntohs (in6.sin6_port));
  declare_inet6_host (emitter, &in6.sin6_addr);
  trama_emit_line (emitter, "};");
}

/* The size counts the 0 behind a path, but of an abstract name only its own bytes. */
static void
declare_unix (TramaEmitter *emitter, const TramaEmitAddress *address)
{
  UnixName name = get_unix_name (address->operand);
  gsize counted = address->operand->size - offsetof (struct sockaddr_un, sun_path);
  g_autoptr (GString) literal = g_string_new (NULL);

  trama_emit_append_literal (literal, name.bytes, name.size);
  trama_emit_line (emitter, "const struct sockaddr_un %s = {", address->name);
  trama_emit_line (emitter, "    .sun_family = AF_UNIX,");
  trama_emit_line (emitter, "    .sun_path = %s,", literal->str);
  trama_emit_line (emitter, "};");
  if (counted == name.size || counted == name.size + 1)
    trama_emit_line (emitter, "const socklen_t %s = offsetof(struct sockaddr_un, sun_path) + sizeof %s%s;",
                     address->size, literal->str, counted == name.size ? " - 1" : "");
  else
    trama_emit_line (emitter, "const socklen_t %s = %u;", address->size, address->operand->size);
}

void
trama_emit_declare_address (TramaEmitter *emitter, const TramaEmitAddress *address)
{
  switch (get_family (address->operand))
    {
    case AF_INET:
      declare_inet (emitter, address);
      break;
    case AF_INET6:
      declare_inet6 (emitter, address);
      break;
    case AF_UNIX:
      declare_unix (emitter, address);
      break;
    default:
      trama_emit_line (emitter, "const struct sockaddr %s = { .sa_family = AF_UNSPEC };", address->name);
      break;
    }
}
