/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/session/emit_private.h"

#include "core/trace/option.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

/* The type of a value in C, and the variable that a value is read into. */
static const struct
{
  const char *type;
  TramaEmitLocal local;
} types[] = {
  [TRAMA_OPTION_INT] = { "int", TRAMA_EMIT_OPTION_INT },
  [TRAMA_OPTION_LINGER] = { "struct linger", TRAMA_EMIT_OPTION_LINGER },
  [TRAMA_OPTION_TIMEVAL] = { "struct timeval", TRAMA_EMIT_OPTION_TIMEVAL },
  [TRAMA_OPTION_TEXT] = { NULL, TRAMA_EMIT_OPTION_TEXT },
  [TRAMA_OPTION_ERROR] = { "int", TRAMA_EMIT_OPTION_INT },
  [TRAMA_OPTION_CREDENTIALS] = { "struct ucred", TRAMA_EMIT_OPTION_CREDENTIALS },
};

static const TramaOption *
get_option (const TramaStep *step)
{
  return trama_option_find (step->operands[1].number, step->operands[2].number);
}

/* An option that no table knows is an int, as nearly all are. */
static guint
get_type (const TramaStep *step)
{
  const TramaOption *option = get_option (step);

  return option != NULL ? option->type : TRAMA_OPTION_INT;
}

static void
need_level (TramaEmitter *emitter, gint64 level)
{
  if (level != SOL_SOCKET && level != SOL_RAW)
    trama_emit_need_header (emitter, TRAMA_EMIT_NETINET_IN_H);
  if (level == IPPROTO_TCP)
    trama_emit_need_header (emitter, TRAMA_EMIT_NETINET_TCP_H);
  if (level == IPPROTO_UDP)
    trama_emit_need_header (emitter, TRAMA_EMIT_NETINET_UDP_H);
}

void
trama_emit_append_level (TramaEmitter *emitter, GString *out, gint64 level, gint64 option)
{
  const TramaOption *known = trama_option_find (level, option);

  need_level (emitter, level);
  if (known != NULL)
    g_string_append (out, known->level_name);
  else
    trama_constant_append (out, TRAMA_PARAMETER_LEVEL, level);
}

void
trama_emit_append_option (TramaEmitter *emitter, GString *out, gint64 level, gint64 option)
{
  const TramaOption *known = trama_option_find (level, option);

  if (known != NULL)
    g_string_append (out, known->name);
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, option);
  emitter->icmp_filter = emitter->icmp_filter || level == SOL_RAW;
}

/* "1", "IP_PMTUDISC_DO", "ECONNREFUSED" */
static void
append_int (TramaEmitter *emitter, GString *out, const TramaOption *option, int number)
{
  if (option != NULL && option->type == TRAMA_OPTION_ERROR && number != 0)
    {
      trama_emit_need_header (emitter, TRAMA_EMIT_ERRNO_H);
      trama_constant_append (out, TRAMA_PARAMETER_ERROR, number);
    }
  else if (option != NULL && option->names != 0)
    trama_constant_append (out, option->names, number);
  else
    g_string_append_printf (out, "%d", number);
}

static gsize
measure_text (const TramaOperand *operand)
{
  return strnlen ((const char *) operand->bytes, operand->size);
}

void
trama_emit_append_option_value (TramaEmitter *emitter, GString *out, const TramaStep *step)
{
  const TramaOperand *value = &step->operands[3];
  struct linger linger;
  struct timeval timeval;
  int number = 0;

  switch (get_type (step))
    {
    case TRAMA_OPTION_LINGER:
      memcpy (&linger, value->bytes, sizeof linger);
      g_string_append_printf (out, "&(struct linger){ .l_onoff = %d, .l_linger = %d }", linger.l_onoff,
                              linger.l_linger);
      break;
    case TRAMA_OPTION_TIMEVAL:
      memcpy (&timeval, value->bytes, sizeof timeval);
      trama_emit_need_header (emitter, TRAMA_EMIT_SYS_TIME_H);
      g_string_append_printf (out, "&(struct timeval){ .tv_sec = %ld, .tv_usec = %ld }",
                              (long) timeval.tv_sec, (long) timeval.tv_usec);
      break;
    case TRAMA_OPTION_TEXT:
      trama_emit_append_literal (out, value->bytes, measure_text (value));
      break;
    default:
      memcpy (&number, value->bytes, MIN (value->size, sizeof number));
      g_string_append (out, "&(int){ ");
      append_int (emitter, out, get_option (step), number);
      g_string_append (out, " }");
      break;
    }
}

void
trama_emit_append_option_size (TramaEmitter *emitter, GString *out, const TramaStep *step)
{
  const char *type = types[get_type (step)].type;

  if (type != NULL)
    g_string_append_printf (out, "sizeof(%s)", type);
  else
    g_string_append_printf (out, "%u", step->operands[3].size);
}

void
trama_emit_append_option_room (TramaEmitter *emitter, GString *out, const TramaStep *step)
{
  guint type = get_type (step);
  const char *name = trama_emit_local (emitter, types[type].local);
  const char *size = trama_emit_local (emitter, TRAMA_EMIT_OPTION_SIZE);

  if (type == TRAMA_OPTION_TIMEVAL)
    trama_emit_need_header (emitter, TRAMA_EMIT_SYS_TIME_H);
  trama_emit_line (emitter, "%s = sizeof %s;", size, name);
  g_string_append_printf (out, "%s%s", type == TRAMA_OPTION_TEXT ? "" : "&", name);
}

static void
append_int_differs (TramaEmitter *emitter, GString *out, const TramaStep *step, const char *name)
{
  const TramaOperand *wanted = &step->expect.value;
  int number = (int) wanted->number;

  if (wanted->kind == TRAMA_OPERAND_DATA)
    memcpy (&number, wanted->bytes, MIN (wanted->size, sizeof number));
  g_string_append_printf (out, "%s != ", name);
  append_int (emitter, out, get_option (step), number);
}

void
trama_emit_append_option_differs (TramaEmitter *emitter, GString *out, const TramaStep *step)
{
  const TramaOperand *wanted = &step->expect.value;
  const char *name = trama_emit_local (emitter, types[get_type (step)].local);
  struct linger linger;
  struct timeval timeval;
  struct ucred credentials;

  switch (get_type (step))
    {
    case TRAMA_OPTION_LINGER:
      memcpy (&linger, wanted->bytes, sizeof linger);
      g_string_append_printf (out, "%s.l_onoff != %d || %s.l_linger != %d", name, linger.l_onoff, name,
                              linger.l_linger);
      break;
    case TRAMA_OPTION_TIMEVAL:
      memcpy (&timeval, wanted->bytes, sizeof timeval);
      g_string_append_printf (out, "%s.tv_sec != %ld || %s.tv_usec != %ld", name, (long) timeval.tv_sec, name,
                              (long) timeval.tv_usec);
      break;
    case TRAMA_OPTION_CREDENTIALS:
      memcpy (&credentials, wanted->bytes, sizeof credentials);
      g_string_append_printf (out, "%s.pid != %d || %s.uid != %u || %s.gid != %u", name, credentials.pid,
                              name, credentials.uid, name, credentials.gid);
      break;
    case TRAMA_OPTION_TEXT:
      trama_emit_need_header (emitter, TRAMA_EMIT_STRING_H);
      g_string_append_printf (out, "strncmp(%s, ", name);
      trama_emit_append_literal (out, wanted->bytes, measure_text (wanted));
      g_string_append_printf (out, ", sizeof %s) != 0", name);
      break;
    default:
      append_int_differs (emitter, out, step, name);
      break;
    }
}
