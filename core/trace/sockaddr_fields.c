/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/sockaddr_fields.h"

#include "core/decode/address.h"
#include "core/trace/call.h"

#include <arpa/inet.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

static void
add_family (TramaFields *fields, const char *name, guint family)
{
  const char *constant = trama_domain_name (family);

  trama_fields_add (fields, 1, 0, sizeof (sa_family_t), name, g_strdup_printf ("%u", family),
                    g_strdup (constant != NULL ? constant : _ ("unknown family")));
}

static const char *
meaning_of_inet (const guint8 *address)
{
  static const guint8 any[4] = { 0 };

  if (address[0] == 127)
    return _ ("loopback: this machine itself");
  if (memcmp (address, any, sizeof any) == 0)
    return _ ("INADDR_ANY: every address of this machine");
  return _ ("four bytes, in the order they are written");
}

static void
add_inet (TramaFields *fields, const guint8 *address, const TramaEndpoint *endpoint)
{
  g_autofree char *host = g_strdup_printf ("%u.%u.%u.%u", endpoint->address[0], endpoint->address[1],
                                           endpoint->address[2], endpoint->address[3]);

  trama_fields_add (fields, 0, 0, sizeof (struct sockaddr_in), "struct sockaddr_in", NULL,
                    g_strdup ("ip(7)"));
  add_family (fields, "sin_family", AF_INET);
  trama_fields_add (fields, 1, offsetof (struct sockaddr_in, sin_port), 2, "sin_port",
                    g_strdup_printf ("htons(%u)", endpoint->port),
                    g_strdup_printf (_ ("port %u, most significant byte first: 0x%02x 0x%02x"),
                                     endpoint->port, address[2], address[3]));
  trama_fields_add (fields, 1, offsetof (struct sockaddr_in, sin_addr), 4, "sin_addr",
                    g_steal_pointer (&host), g_strdup (meaning_of_inet (endpoint->address)));
  trama_fields_add (fields, 1, offsetof (struct sockaddr_in, sin_zero), 8, "sin_zero", NULL,
                    g_strdup (_ ("padding to the size of struct sockaddr")));
}

static void
add_inet6 (TramaFields *fields, const guint8 *address, const TramaEndpoint *endpoint)
{
  TramaEndpoint host = *endpoint;
  struct sockaddr_in6 in6;

  memcpy (&in6, address, sizeof in6);
  host.port = 0;
  trama_fields_add (fields, 0, 0, sizeof in6, "struct sockaddr_in6", NULL, g_strdup ("ipv6(7)"));
  add_family (fields, "sin6_family", AF_INET6);
  trama_fields_add (fields, 1, offsetof (struct sockaddr_in6, sin6_port), 2, "sin6_port",
                    g_strdup_printf ("htons(%u)", endpoint->port),
                    g_strdup_printf (_ ("port %u"), endpoint->port));
  trama_fields_add (fields, 1, offsetof (struct sockaddr_in6, sin6_flowinfo), 4, "sin6_flowinfo",
                    g_strdup_printf ("%u", ntohl (in6.sin6_flowinfo)), NULL);
  trama_fields_add (fields, 1, offsetof (struct sockaddr_in6, sin6_addr), 16, "sin6_addr",
                    trama_endpoint_format (&host), NULL);
  trama_fields_add (fields, 1, offsetof (struct sockaddr_in6, sin6_scope_id), 4, "sin6_scope_id",
                    g_strdup_printf ("%u", in6.sin6_scope_id), NULL);
}

TramaFields *
trama_fields_of_address (const guint8 *address, gsize size)
{
  TramaFields *fields = trama_fields_new ();
  TramaEndpoint endpoint;
  sa_family_t family = AF_UNSPEC;

  if (trama_endpoint_from_address (&endpoint, address, size))
    {
      if (endpoint.family == AF_INET)
        add_inet (fields, address, &endpoint);
      else
        add_inet6 (fields, address, &endpoint);
      return fields;
    }
  if (address != NULL && size >= sizeof family)
    memcpy (&family, address, sizeof family);
  trama_fields_add (fields, 0, 0, (guint) size, family == AF_UNIX ? "struct sockaddr_un" : "struct sockaddr",
                    NULL, g_strdup (family == AF_UNIX ? "unix(7)" : "socket(7)"));
  if (size >= sizeof family)
    add_family (fields, family == AF_UNIX ? "sun_family" : "sa_family", family);
  if (size > sizeof family)
    trama_fields_add (fields, 1, sizeof family, (guint) (size - sizeof family),
                      family == AF_UNIX ? "sun_path" : "sa_data", trama_address_format (address, size), NULL);
  return fields;
}
