/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/emit_private.h"

#include "core/trace/constant.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Of a session's line that stands in a message. */
#define SAID_CHARACTERS 72

/* The result must be kept to be looked at more than once. */
static const char *
take_result (TramaEmitter *emitter, TramaEmitCall *call)
{
  const TramaStep *step = call->step;

  if (call->result != NULL)
    return call->result;
  if (step->result >= 0 && step->call != TRAMA_CALL_SOCKETPAIR)
    {
      call->result = trama_emit_variable (emitter, step->result)->name;
      call->target = trama_emit_target (emitter, step->result, call->index);
    }
  else
    call->target = call->result = trama_emit_local (emitter, TRAMA_EMIT_RESULT);
  return call->result;
}

/* "= 7" of what may be any number says how many bytes there are, and that they are all. */
static void
expect_data (TramaEmitter *emitter, TramaEmitCall *call)
{
  const TramaExpect *expect = &call->step->expect;
  gint64 size = expect->data.kind == TRAMA_OPERAND_FILL ? expect->data.number : expect->data.size;
  TramaEmitData data;

  if (expect->kind != TRAMA_EXPECT_RESULT || expect->min != expect->max)
    g_string_append_printf (call->differs, " || %s %s %" G_GINT64_FORMAT, take_result (emitter, call),
                            size < call->step->operands[2].number ? "!=" : "<", size);
  if (size == 0)
    return;
  data = trama_emit_data (emitter, &expect->data);
  trama_emit_need_header (emitter, TRAMA_EMIT_STRING_H);
  g_string_append_printf (call->differs, " || memcmp(%s, %s, %s) != 0", trama_emit_buffer (emitter, call),
                          data.expression, data.size);
}

static void
expect_address (TramaEmitter *emitter, TramaEmitCall *call)
{
  const TramaEmitAddress *address = trama_emit_address (emitter, &call->step->expect.address);
  const char *size = call->rights != NULL ? trama_emit_keep (emitter, "%s.msg_namelen", call->rights)
                                          : trama_emit_peer_size (emitter, call);

  trama_emit_need_header (emitter, TRAMA_EMIT_STRING_H);
  g_string_append_printf (call->differs, " || %s != %s || memcmp(&%s, &%s, %s) != 0", size, address->size,
                          trama_emit_peer (emitter, call), address->name, address->size);
}

static void
expect_more (TramaEmitter *emitter, TramaEmitCall *call)
{
  const TramaExpect *expect = &call->step->expect;

  if (expect->data.kind != TRAMA_OPERAND_NONE)
    expect_data (emitter, call);
  if (expect->address.kind != TRAMA_OPERAND_NONE)
    expect_address (emitter, call);
  if (expect->value.kind != TRAMA_OPERAND_NONE && call->step->call == TRAMA_CALL_GETSOCKOPT)
    {
      g_string_append (call->differs, " || ");
      trama_emit_append_option_differs (emitter, call->differs, call->step);
    }
}

/* Of a line, how much stands before the '#' of a comment. */
static gsize
measure_statement (const char *line)
{
  gboolean quoted = FALSE;
  gsize size = 0;

  for (; line[size] != '\0' && line[size] != '\n' && (quoted || line[size] != '#'); size++)
    {
      if (line[size] == '"')
        quoted = !quoted;
      if (quoted && line[size] == '\\' && line[size + 1] != '\0' && line[size + 1] != '\n')
        size++;
    }
  return size;
}

/* Who, and the line of the session, as a string literal. */
static char *
quote_line (TramaEmitter *emitter, guint number)
{
  const char *line = trama_session_get_text (emitter->session);
  GString *literal = g_string_new (NULL);
  g_autofree char *statement = NULL;
  g_autofree char *cut = NULL;
  g_autofree char *said = NULL;
  gboolean is_long;

  for (guint i = 1; i < number; i++)
    line = strchr (line, '\n') + 1;
  statement = g_strstrip (g_strndup (line, measure_statement (line)));
  is_long = g_utf8_strlen (statement, -1) > SAID_CHARACTERS;
  cut = is_long ? g_utf8_substring (statement, 0, SAID_CHARACTERS) : NULL;
  said = g_strconcat (emitter->who, is_long ? cut : statement, is_long ? "…" : "", NULL);
  trama_emit_append_literal (literal, (const guint8 *) said, strlen (said));
  return g_string_free (literal, FALSE);
}

static void
write_unexpected (TramaEmitter *emitter, const TramaEmitCall *call, const char *result)
{
  g_autofree char *said = quote_line (emitter, call->step->line);

  trama_emit_need_helper (emitter, TRAMA_EMIT_UNEXPECTED);
  trama_emit_line (emitter, "unexpected(%s, %s);", result, said);
}

static void
write_check (TramaEmitter *emitter, const TramaEmitCall *call, const char *condition)
{
  trama_emit_line (emitter, "if (%s%s)", condition, call->differs->str);
  emitter->indent++;
  write_unexpected (emitter, call, call->result);
  emitter->indent--;
}

static void
write_success (TramaEmitter *emitter, TramaEmitCall *call)
{
  if (call->target != NULL)
    {
      trama_emit_line (emitter, "%s = %s;", call->target, call->call->str);
      trama_emit_line (emitter, "if (%s < 0)", call->result);
    }
  else
    trama_emit_line (emitter, "if (%s < 0)", call->call->str);
  trama_emit_need_helper (emitter, TRAMA_EMIT_DIE);
  trama_emit_line (emitter, "    die(\"%s%s\");", emitter->who, call->name);
}

static void
write_result (TramaEmitter *emitter, TramaEmitCall *call)
{
  const TramaExpect *expect = &call->step->expect;
  const char *result = call->result;
  g_autofree char *condition = NULL;

  if (expect->min == expect->max)
    condition = g_strdup_printf ("%s != %" G_GINT64_FORMAT, result, expect->min);
  else
    condition = g_strdup_printf ("%s < %" G_GINT64_FORMAT " || %s > %" G_GINT64_FORMAT, result, expect->min,
                                 result, expect->max);
  trama_emit_line (emitter, "%s = %s;", call->target, call->call->str);
  write_check (emitter, call, condition);
}

static void
write_error (TramaEmitter *emitter, TramaEmitCall *call)
{
  const TramaExpect *expect = &call->step->expect;
  g_autoptr (GString) condition = g_string_new (NULL);

  g_string_append_printf (condition, "%s != -1", call->result);
  if (expect->error != 0)
    {
      g_string_append (condition, " || errno != ");
      trama_constant_append (condition, TRAMA_PARAMETER_ERROR, expect->error);
      trama_emit_need_header (emitter, TRAMA_EMIT_ERRNO_H);
    }
  trama_emit_line (emitter, "%s = %s;", call->target, call->call->str);
  write_check (emitter, call, condition->str);
}

/* Compilers want to see the result of some calls looked at. */
static void
write_any (TramaEmitter *emitter, TramaEmitCall *call)
{
  trama_emit_comment (emitter, _ ("Whatever comes of it, the session goes on."));
  if (call->differs->len > 0)
    {
      trama_emit_line (emitter, "%s = %s;", call->target, call->call->str);
      trama_emit_line (emitter, "if (%s >= 0 && (%s))", call->result, call->differs->str + strlen (" || "));
      emitter->indent++;
      write_unexpected (emitter, call, call->result);
      emitter->indent--;
      return;
    }
  trama_emit_line (emitter, "%s = %s;", call->target, call->call->str);
  trama_emit_line (emitter, "(void) %s;", call->result);
}

static void
write_signal (TramaEmitter *emitter, TramaEmitCall *call)
{
  g_autoptr (GString) comment = g_string_new (NULL);
  g_autoptr (GString) name = g_string_new (NULL);

  trama_constant_append (name, TRAMA_PARAMETER_SIGNAL, call->step->expect.error);
  /* Translators: the name of a signal: SIGPIPE. */
  g_string_printf (comment, _ ("This call ends the process, by %s."), name->str);
  trama_emit_comment (emitter, comment->str);
  write_unexpected (emitter, call, call->call->str);
}

static void
keep_sender (TramaEmitter *emitter, const TramaEmitCall *call, const TramaEmitVariable *variable)
{
  const char *size = call->rights != NULL ? trama_emit_keep (emitter, "%s.msg_namelen", call->rights)
                                          : trama_emit_peer_size (emitter, call);

  if (!trama_emit_may_fail (call) && call->rights != NULL)
    trama_emit_line (emitter, "%s_size = %s;", variable->sender, size);
  if (!trama_emit_may_fail (call))
    return;
  trama_emit_line (emitter, "if (%s >= 0) {", call->result);
  trama_emit_line (emitter, "    %s = %s;", variable->sender, trama_emit_local (emitter, TRAMA_EMIT_PEER));
  trama_emit_line (emitter, "    %s_size = %s;", variable->sender, size);
  trama_emit_line (emitter, "}");
}

/* With MSG_TRUNC a call returns more than it has put into the buffer, recv(2). */
static void
keep_received (TramaEmitter *emitter, const TramaEmitCall *call, const TramaEmitVariable *variable)
{
  gint64 room = call->step->operands[2].number;

  if (trama_emit_may_fail (call))
    trama_emit_line (emitter, "if (%s >= 0)", call->result);
  if (trama_emit_may_fail (call))
    emitter->indent++;
  if (trama_call_info (call->step->call)->n_parameters > 3)
    trama_emit_line (emitter, "%s_size = %s < %" G_GINT64_FORMAT " ? %s : %" G_GINT64_FORMAT ";",
                     variable->received, call->result, room, call->result, room);
  else
    trama_emit_line (emitter, "%s_size = %s;", variable->received, call->result);
  if (trama_emit_may_fail (call))
    emitter->indent--;
}

/* What sender () and received () give later. */
static void
keep_message (TramaEmitter *emitter, const TramaEmitCall *call)
{
  const TramaStep *step = call->step;
  const TramaEmitVariable *variable;
  gboolean gives_sender = step->call == TRAMA_CALL_RECVFROM || step->call == TRAMA_CALL_RECVMSG;

  if (!trama_emit_receives_data (step->call) || step->expect.kind == TRAMA_EXPECT_ERROR)
    return;
  variable = trama_emit_variable (emitter, step->operands[0].number);
  if (gives_sender && variable->sender != NULL)
    keep_sender (emitter, call, variable);
  if (variable->received != NULL)
    keep_received (emitter, call, variable);
}

static void
keep_descriptor (TramaEmitter *emitter,
                 const TramaEmitCall *call,
                 gint64 variable,
                 const char *array,
                 guint index)
{
  if (variable >= 0 && trama_emit_variable (emitter, variable)->is_read)
    trama_emit_line (emitter, "%s = %s[%u];", trama_emit_target (emitter, variable, call->index), array,
                     index);
}

static void
keep_rights (TramaEmitter *emitter, const TramaEmitCall *call)
{
  const TramaOperand *rights = trama_emit_find_rights (call->step);
  const char *array;

  if (rights == NULL || call->step->expect.kind == TRAMA_EXPECT_ERROR)
    return;
  array = trama_emit_new_name (emitter, "rights");
  trama_emit_need_helper (emitter, TRAMA_EMIT_TAKE_RIGHTS);
  trama_emit_line (emitter, "int %s[%u];", array, rights->size);
  trama_emit_line (emitter, "take_rights(&%s, %s, %u);", call->rights, array, rights->size);
  for (guint i = 0; i < rights->size; i++)
    keep_descriptor (emitter, call, rights->bytes[i], array, i);
}

static void
keep_pair (TramaEmitter *emitter, const TramaEmitCall *call)
{
  if (call->step->expect.kind == TRAMA_EXPECT_ERROR)
    return;
  keep_descriptor (emitter, call, call->step->result, call->pair, 0);
  keep_descriptor (emitter, call, call->step->result_2, call->pair, 1);
}

static gboolean
keeps_result (TramaEmitter *emitter, const TramaEmitCall *call)
{
  const TramaStep *step = call->step;

  if (step->expect.kind != TRAMA_EXPECT_SUCCESS && step->expect.kind != TRAMA_EXPECT_SIGNAL)
    return TRUE;
  if (step->result >= 0 && step->call != TRAMA_CALL_SOCKETPAIR)
    return TRUE;
  return trama_emit_receives_data (step->call)
         && trama_emit_variable (emitter, step->operands[0].number)->received != NULL;
}

void
trama_emit_outcome (TramaEmitter *emitter, TramaEmitCall *call)
{
  static void (*const writers[]) (TramaEmitter *, TramaEmitCall *) = {
    [TRAMA_EXPECT_SUCCESS] = write_success, [TRAMA_EXPECT_ANY] = write_any,
    [TRAMA_EXPECT_RESULT] = write_result,   [TRAMA_EXPECT_ERROR] = write_error,
    [TRAMA_EXPECT_SIGNAL] = write_signal,
  };

  if (keeps_result (emitter, call))
    take_result (emitter, call);
  expect_more (emitter, call);
  writers[call->step->expect.kind](emitter, call);
  keep_message (emitter, call);
  if (call->rights != NULL)
    keep_rights (emitter, call);
  if (call->pair != NULL)
    keep_pair (emitter, call);
}
