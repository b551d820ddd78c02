/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/call.h"

#include "core/trace/address.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How much of what was moved stands in the one-line form. */
#define SHOWN_DATA_BYTES 32

#define FD                                                                                                   \
  {                                                                                                          \
    "sockfd", "int", TRAMA_PARAMETER_FD, FALSE                                                               \
  }

static const TramaCallInfo calls[] = {
  [TRAMA_CALL_SOCKET] = {
    .name = "socket",
    .prototype = "int socket(int domain, int type, int protocol);",
    .man = "socket(2)",
    .purpose = N_ ("Makes an endpoint for communication and returns a descriptor for it."),
    .returns = N_ ("the new descriptor: the lowest number that is free"),
    .traits = TRAMA_CALL_MAKES_FD,
    .n_parameters = 3,
    .parameters = {
      { "domain", "int", TRAMA_PARAMETER_DOMAIN, FALSE },
      { "type", "int", TRAMA_PARAMETER_TYPE, FALSE },
      { "protocol", "int", TRAMA_PARAMETER_PROTOCOL, FALSE },
    },
  },
  [TRAMA_CALL_BIND] = {
    .name = "bind",
    .prototype = "int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen);",
    .man = "bind(2)",
    .purpose = N_ ("Gives the socket a local address: where others can reach it."),
    .returns = N_ ("success"),
    .n_parameters = 3,
    .parameters = {
      FD,
      { "addr", "const struct sockaddr *", TRAMA_PARAMETER_ADDRESS, FALSE },
      { "addrlen", "socklen_t", TRAMA_PARAMETER_ADDRESS_SIZE, FALSE },
    },
  },
  [TRAMA_CALL_LISTEN] = {
    .name = "listen",
    .prototype = "int listen(int sockfd, int backlog);",
    .man = "listen(2)",
    .purpose = N_ ("Makes the socket passive: it will take connections, and lets some wait."),
    .returns = N_ ("success"),
    .n_parameters = 2,
    .parameters = { FD, { "backlog", "int", TRAMA_PARAMETER_BACKLOG, FALSE } },
  },
  [TRAMA_CALL_ACCEPT] = {
    .name = "accept",
    .prototype = "int accept(int sockfd, struct sockaddr *addr, socklen_t *addrlen);",
    .man = "accept(2)",
    .purpose = N_ ("Takes the first connection from the accept queue; waits when there is none."),
    .returns = N_ ("a new descriptor, for this connection alone"),
    .traits = TRAMA_CALL_RECEIVES | TRAMA_CALL_MAKES_FD,
    .n_parameters = 3,
    .parameters = {
      FD,
      { "addr", "struct sockaddr *", TRAMA_PARAMETER_ADDRESS, TRUE },
      { "addrlen", "socklen_t *", TRAMA_PARAMETER_ADDRESS_SIZE, TRUE },
    },
  },
  [TRAMA_CALL_CONNECT] = {
    .name = "connect",
    .prototype = "int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen);",
    .man = "connect(2)",
    .purpose = N_ ("Opens a connection to that address; of a datagram socket, sets where it sends to."),
    .returns = N_ ("success: the connection is established"),
    .traits = TRAMA_CALL_SENDS,
    .n_parameters = 3,
    .parameters = {
      FD,
      { "addr", "const struct sockaddr *", TRAMA_PARAMETER_ADDRESS, FALSE },
      { "addrlen", "socklen_t", TRAMA_PARAMETER_ADDRESS_SIZE, FALSE },
    },
  },
  [TRAMA_CALL_READ] = {
    .name = "read",
    .prototype = "ssize_t read(int fd, void *buf, size_t count);",
    .man = "read(2)",
    .purpose = N_ ("Takes received bytes, at most count; waits when there are none."),
    .returns = N_ ("bytes read; 0: the peer has closed, there will be no more"),
    .traits = TRAMA_CALL_RECEIVES,
    .n_parameters = 3,
    .parameters = {
      { "fd", "int", TRAMA_PARAMETER_FD, FALSE },
      { "buf", "void *", TRAMA_PARAMETER_DATA, TRUE },
      { "count", "size_t", TRAMA_PARAMETER_DATA_SIZE, FALSE },
    },
  },
  [TRAMA_CALL_WRITE] = {
    .name = "write",
    .prototype = "ssize_t write(int fd, const void *buf, size_t count);",
    .man = "write(2)",
    .purpose = N_ ("Hands bytes to the kernel, which sends them when it may."),
    .returns = N_ ("bytes the kernel has taken"),
    .traits = TRAMA_CALL_SENDS,
    .n_parameters = 3,
    .parameters = {
      { "fd", "int", TRAMA_PARAMETER_FD, FALSE },
      { "buf", "const void *", TRAMA_PARAMETER_DATA, FALSE },
      { "count", "size_t", TRAMA_PARAMETER_DATA_SIZE, FALSE },
    },
  },
  [TRAMA_CALL_SENDTO] = {
    .name = "sendto",
    .prototype = "ssize_t sendto(int sockfd, const void *buf, size_t len, int flags, "
                 "const struct sockaddr *dest_addr, socklen_t addrlen);",
    .man = "sendto(2)",
    .purpose = N_ ("Sends one datagram to that address."),
    .returns = N_ ("bytes sent"),
    .traits = TRAMA_CALL_SENDS,
    .n_parameters = 6,
    .parameters = {
      FD,
      { "buf", "const void *", TRAMA_PARAMETER_DATA, FALSE },
      { "len", "size_t", TRAMA_PARAMETER_DATA_SIZE, FALSE },
      { "flags", "int", TRAMA_PARAMETER_FLAGS, FALSE },
      { "dest_addr", "const struct sockaddr *", TRAMA_PARAMETER_ADDRESS, FALSE },
      { "addrlen", "socklen_t", TRAMA_PARAMETER_ADDRESS_SIZE, FALSE },
    },
  },
  [TRAMA_CALL_RECVFROM] = {
    .name = "recvfrom",
    .prototype = "ssize_t recvfrom(int sockfd, void *buf, size_t len, int flags, "
                 "struct sockaddr *src_addr, socklen_t *addrlen);",
    .man = "recvfrom(2)",
    .purpose = N_ ("Takes one datagram and learns who sent it; waits when there is none."),
    .returns = N_ ("bytes received"),
    .traits = TRAMA_CALL_RECEIVES,
    .n_parameters = 6,
    .parameters = {
      FD,
      { "buf", "void *", TRAMA_PARAMETER_DATA, TRUE },
      { "len", "size_t", TRAMA_PARAMETER_DATA_SIZE, FALSE },
      { "flags", "int", TRAMA_PARAMETER_FLAGS, FALSE },
      { "src_addr", "struct sockaddr *", TRAMA_PARAMETER_ADDRESS, TRUE },
      { "addrlen", "socklen_t *", TRAMA_PARAMETER_ADDRESS_SIZE, TRUE },
    },
  },
  [TRAMA_CALL_CLOSE] = {
    .name = "close",
    .prototype = "int close(int fd);",
    .man = "close(2)",
    .purpose = N_ ("Gives the descriptor back; the last one of a stream sends FIN."),
    .returns = N_ ("success"),
    .traits = TRAMA_CALL_SENDS,
    .n_parameters = 1,
    .parameters = { { "fd", "int", TRAMA_PARAMETER_FD, FALSE } },
  },
};

const TramaCallInfo *
trama_call_info (guint name)
{
  if (name >= G_N_ELEMENTS (calls) || calls[name].name == NULL)
    return NULL;
  return &calls[name];
}

guint
trama_call_from_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    if (calls[i].name != NULL && strcmp (calls[i].name, name) == 0)
      return i;
  return 0;
}

static const char *
find_escape (guint8 byte)
{
  static const struct
  {
    guint8 byte;
    const char *escape;
  } escapes[] = { { '\n', "\\n" }, { '\r', "\\r" }, { '\t', "\\t" }, { '"', "\\\"" }, { '\\', "\\\\" } };

  for (gsize i = 0; i < G_N_ELEMENTS (escapes); i++)
    if (escapes[i].byte == byte)
      return escapes[i].escape;
  return NULL;
}

char *
trama_bytes_format (const guint8 *bytes, gsize size, guint64 true_size, gsize max_bytes)
{
  GString *text = g_string_new ("\"");
  gsize shown = MIN (size, max_bytes);
  gboolean open_hex = FALSE; /* C would take a digit that follows into the escape before it */

  for (gsize i = 0; i < shown; i++)
    {
      gboolean digit_follows = i + 1 < shown && g_ascii_isdigit ((char) bytes[i + 1]);
      const char *escape = bytes[i] == 0 && !digit_follows ? "\\0" : find_escape (bytes[i]);
      gboolean plain = g_ascii_isprint ((char) bytes[i]) && !(open_hex && g_ascii_isxdigit ((char) bytes[i]));

      if (escape != NULL)
        g_string_append (text, escape);
      else if (plain)
        g_string_append_c (text, (char) bytes[i]);
      else
        g_string_append_printf (text, "\\x%02x", bytes[i]);
      open_hex = escape == NULL && !plain;
    }
  g_string_append_c (text, '"');
  if (shown < true_size)
    g_string_append (text, "…");
  return g_string_free (text, FALSE);
}

static void
append_constant (GString *text, const char *name, gint64 number)
{
  if (name != NULL)
    g_string_append (text, name);
  else
    g_string_append_printf (text, "%" G_GINT64_FORMAT, number);
}

static void
append_number (GString *text, const TramaCall *call, const TramaParameter *parameter, gint64 number)
{
  switch (parameter->kind)
    {
    case TRAMA_PARAMETER_DOMAIN:
      append_constant (text, trama_domain_name (number), number);
      break;
    case TRAMA_PARAMETER_TYPE:
      append_constant (text, trama_type_name (number), number);
      break;
    case TRAMA_PARAMETER_PROTOCOL:
      append_constant (text, trama_protocol_name (call->args[0].number, number), number);
      break;
    default:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, number);
      break;
    }
}

/* FALSE when the argument adds nothing for a reader: a size beside its address, a pointer not yet filled in. */
static gboolean
append_arg (GString *text, const TramaCall *call, const TramaParameter *parameter, const TramaValue *value)
{
  gsize before = text->len;

  if (parameter->kind == TRAMA_PARAMETER_ADDRESS_SIZE)
    return FALSE;
  if (value->kind == TRAMA_VALUE_NUMBER)
    append_number (text, call, parameter, value->number);
  else if (value->kind == TRAMA_VALUE_ADDRESS)
    {
      g_autofree char *address = trama_address_format (value->bytes, value->size);

      g_string_append (text, address);
    }
  else if (value->kind == TRAMA_VALUE_DATA)
    {
      g_autofree char *data = trama_bytes_format (value->bytes, value->size, (guint64) value->number,
                                                  SHOWN_DATA_BYTES);

      g_string_append (text, data);
    }
  return text->len > before;
}

static char *
format_args (const TramaCall *call, gboolean at_entry)
{
  const TramaCallInfo *info = trama_call_info (call->name);
  GString *text = g_string_new ("(");

  for (guint i = 0; info != NULL && i < MIN (call->n_args, info->n_parameters); i++)
    {
      gsize before = text->len;

      if (at_entry && info->parameters[i].filled_by_kernel)
        continue;
      if (i > 0)
        g_string_append (text, ", ");
      if (!append_arg (text, call, &info->parameters[i], &call->args[i]))
        g_string_truncate (text, before);
    }
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

char *
trama_call_format_args (const TramaCall *call)
{
  return format_args (call, FALSE);
}

char *
trama_call_format_entry_args (const TramaCall *call)
{
  return format_args (call, TRUE);
}

char *
trama_call_format_result (const TramaCall *call)
{
  const char *name = trama_errno_name (call->error);

  if (call->exit_ns == TRAMA_TIME_NONE)
    return NULL;
  if (call->error == 0)
    return g_strdup_printf ("= %" G_GINT64_FORMAT, call->result);
  if (name == NULL)
    return g_strdup_printf ("= %" G_GINT64_FORMAT " errno %d", call->result, call->error);
  return g_strdup_printf ("= %" G_GINT64_FORMAT " %s", call->result, name);
}

char *
trama_call_format_outcome (const TramaCall *call)
{
  const TramaCallInfo *info = trama_call_info (call->name);
  g_autofree char *result = trama_call_format_result (call);
  GString *text;

  if (result == NULL || info == NULL)
    return g_steal_pointer (&result);
  text = g_string_new (result);
  for (guint i = 0; i < MIN (call->n_args, info->n_parameters); i++)
    {
      const TramaParameter *parameter = &info->parameters[i];
      gsize before = text->len;

      if (!parameter->filled_by_kernel)
        continue;
      g_string_append (text, parameter->kind == TRAMA_PARAMETER_ADDRESS ? " ← " : " ");
      if (!append_arg (text, call, parameter, &call->args[i]))
        g_string_truncate (text, before);
    }
  return g_string_free (text, FALSE);
}

char *
trama_call_format (const TramaCall *call)
{
  const TramaCallInfo *info = trama_call_info (call->name);
  g_autofree char *args = trama_call_format_args (call);
  g_autofree char *result = trama_call_format_result (call);

  return g_strconcat (info != NULL ? info->name : "?", args, result != NULL ? " " : NULL, result, NULL);
}
