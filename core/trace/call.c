/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/call.h"

#include "core/decode/address.h"
#include "core/trace/option.h"
#include "core/trace/span.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>

/* How much of what was moved stands in the one-line form. */
#define SHOWN_DATA_BYTES 32

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
append_option_name (GString *text, const TramaCall *call, gint64 number)
{
  const TramaOption *option = trama_option_find (call->args[1].number, number);

  if (option != NULL)
    g_string_append (text, option->name);
  else
    trama_decimal_append (text, number);
}

/* What the third argument of fcntl(2) means, and whether it means anything, the command says. */
static void
append_fcntl_arg (GString *text, gint64 command, gint64 number)
{
  if (command == F_GETFL || command == F_GETFD || command == F_GETOWN)
    return;
  if (command == F_SETFL)
    trama_constant_append (text, TRAMA_PARAMETER_STATUS_FLAGS, number);
  else if (command == F_SETFD && number == FD_CLOEXEC)
    g_string_append (text, "FD_CLOEXEC");
  else
    trama_decimal_append (text, number);
}

static void
append_number (GString *text, const TramaCall *call, const TramaParameter *parameter, gint64 number)
{
  switch (parameter->kind)
    {
    case TRAMA_PARAMETER_DOMAIN:
    case TRAMA_PARAMETER_TYPE:
    case TRAMA_PARAMETER_FLAGS:
    case TRAMA_PARAMETER_SOCKET_FLAGS:
    case TRAMA_PARAMETER_HOW:
    case TRAMA_PARAMETER_LEVEL:
    case TRAMA_PARAMETER_COMMAND:
    case TRAMA_PARAMETER_SIGNAL:
      trama_constant_append (text, parameter->kind, number);
      break;
    case TRAMA_PARAMETER_PROTOCOL:
      trama_constant_append_protocol (text, call->args[0].number, number);
      break;
    case TRAMA_PARAMETER_OPTION:
      append_option_name (text, call, number);
      break;
    case TRAMA_PARAMETER_STATUS_FLAGS:
      append_fcntl_arg (text, call->args[1].number, number);
      break;
    default:
      trama_decimal_append (text, number);
      break;
    }
}

/* [3, 4] */
static void
append_descriptors (GString *text, const TramaValue *value)
{
  g_string_append_c (text, '[');
  for (gsize at = 0; at + sizeof (int) <= value->size; at += sizeof (int))
    {
      int fd;

      memcpy (&fd, value->bytes + at, sizeof fd);
      g_string_append_printf (text, "%s%d", at > 0 ? ", " : "", fd);
    }
  g_string_append_c (text, ']');
}

/* [{4, POLLIN}, {5, POLLIN|POLLOUT}]; what is asked for, or what has come, of those where something has. */
static void
append_poll (GString *text, const TramaValue *value, gboolean come)
{
  const char *separator = "";

  g_string_append_c (text, '[');
  for (gsize at = 0; at + sizeof (struct pollfd) <= value->size; at += sizeof (struct pollfd))
    {
      struct pollfd item;

      memcpy (&item, value->bytes + at, sizeof item);
      if (come && item.revents == 0)
        continue;
      g_string_append_printf (text, "%s{%d, ", separator, item.fd);
      trama_constant_append (text, TRAMA_PARAMETER_POLL, (guint16) (come ? item.revents : item.events));
      g_string_append_c (text, '}');
      separator = ", ";
    }
  g_string_append_c (text, ']');
}

static void
append_data (GString *text, const TramaCall *call, const TramaParameter *parameter, const TramaValue *value)
{
  g_autofree char *data = NULL;

  switch (parameter->kind)
    {
    case TRAMA_PARAMETER_OPTION_VALUE:
      data = trama_option_format_value (trama_option_find (call->args[1].number, call->args[2].number),
                                        value->bytes, value->size);
      break;
    case TRAMA_PARAMETER_POLL:
      append_poll (text, value, FALSE);
      return;
    case TRAMA_PARAMETER_CONTROL:
      g_string_append (text, "rights ");
      append_descriptors (text, value);
      return;
    case TRAMA_PARAMETER_PAIR:
      append_descriptors (text, value);
      return;
    default:
      data = trama_bytes_format (value->bytes, value->size, (guint64) value->number, SHOWN_DATA_BYTES);
      break;
    }
  g_string_append (text, data);
}

/* A count or size of what stands beside it, and flags that came back without one set. */
static gboolean
says_nothing (const TramaParameter *parameter, const TramaValue *value)
{
  switch (parameter->kind)
    {
    case TRAMA_PARAMETER_ADDRESS_SIZE:
    case TRAMA_PARAMETER_OPTION_SIZE:
    case TRAMA_PARAMETER_POLL_COUNT:
      return TRUE;
    case TRAMA_PARAMETER_FLAGS:
      return parameter->filled_by_kernel && value->number == 0;
    default:
      return FALSE;
    }
}

/* FALSE when the argument adds nothing for a reader: a size beside its address, a pointer not yet filled in. */
static gboolean
append_arg (GString *text, const TramaCall *call, const TramaParameter *parameter, const TramaValue *value)
{
  gsize before = text->len;

  if (says_nothing (parameter, value))
    return FALSE;
  if (value->kind == TRAMA_VALUE_NUMBER)
    append_number (text, call, parameter, value->number);
  else if (value->kind == TRAMA_VALUE_ADDRESS)
    {
      g_autofree char *address = trama_address_format (value->bytes, value->size);

      g_string_append (text, address);
    }
  else if (value->kind == TRAMA_VALUE_DATA)
    append_data (text, call, parameter, value);
  return text->len > before;
}

char *
trama_call_format_arg (const TramaCall *call, guint index)
{
  const TramaCallInfo *info = trama_call_info (call->name);
  GString *text;
  gboolean says_something;

  if (info == NULL || index >= MIN (call->n_args, info->n_parameters))
    return NULL;
  text = g_string_new (NULL);
  says_something = append_arg (text, call, &info->parameters[index], &call->args[index]);
  return g_string_free (text, !says_something);
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
      if (before > 1)
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

/* What a result stands for, where the number alone does not tell. */
static void
append_result_meaning (GString *text, const TramaCall *call)
{
  if (call->name == TRAMA_CALL_POLL && call->result > 0 && call->args[0].kind == TRAMA_VALUE_DATA)
    {
      g_string_append_c (text, ' ');
      append_poll (text, &call->args[0], TRUE);
    }
  else if (call->name == TRAMA_CALL_FCNTL && call->args[1].number == F_GETFL)
    {
      g_string_append_c (text, ' ');
      trama_constant_append (text, TRAMA_PARAMETER_STATUS_FLAGS, call->result);
    }
}

char *
trama_call_format_result (const TramaCall *call)
{
  const char *name = call->error != 0 ? trama_errno_name (call->error) : NULL;
  GString *text;

  if (call->exit_ns == TRAMA_TIME_NONE)
    return NULL;
  text = g_string_new (NULL);
  g_string_append (text, "= ");
  trama_decimal_append (text, call->result);
  if (call->error == 0)
    append_result_meaning (text, call);
  else if (name != NULL)
    g_string_append_printf (text, " %s", name);
  else
    g_string_append_printf (text, " errno %d", call->error);
  return g_string_free (text, FALSE);
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
