/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/session/render.h"

#include "core/decode/address.h"
#include "core/trace/call.h"

#include <string.h>

static void
append_variables (GString *out, const TramaScript *script, const TramaOperand *operand)
{
  for (gsize i = 0; i < operand->size; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? ", " : "", script->variables[operand->bytes[i]]);
}

static void
append_poll (GString *out, const TramaScript *script, const TramaOperand *operand)
{
  for (gint64 i = 0; i < operand->number; i++)
    {
      TramaPollItem item;

      memcpy (&item, operand->bytes + i * (gint64) sizeof item, sizeof item);
      g_string_append_printf (out, "%s%s:%u", i > 0 ? " " : "", script->variables[item.variable],
                              item.events);
    }
}

static void
append_operand (GString *out, const TramaScript *script, const TramaOperand *operand)
{
  g_autofree char *text = NULL;

  switch (operand->kind)
    {
    case TRAMA_OPERAND_NONE:
      g_string_append_c (out, '-');
      break;
    case TRAMA_OPERAND_NUMBER:
      g_string_append_printf (out, "%" G_GINT64_FORMAT, operand->number);
      break;
    case TRAMA_OPERAND_VARIABLE:
      g_string_append (out, script->variables[operand->number]);
      break;
    case TRAMA_OPERAND_SENDER:
      g_string_append_printf (out, "sender(%s)", script->variables[operand->number]);
      break;
    case TRAMA_OPERAND_RECEIVED:
      g_string_append_printf (out, "received(%s)", script->variables[operand->number]);
      break;
    case TRAMA_OPERAND_ADDRESS:
      text = trama_address_format (operand->bytes, operand->size);
      g_string_append (out, text);
      break;
    case TRAMA_OPERAND_DATA:
      text = trama_bytes_format (operand->bytes, operand->size, operand->size, 64);
      g_string_append (out, text);
      break;
    case TRAMA_OPERAND_FILL:
      g_string_append_printf (out, "fill(%" G_GINT64_FORMAT ")", operand->number);
      break;
    case TRAMA_OPERAND_RIGHTS:
      g_string_append (out, "rights(");
      append_variables (out, script, operand);
      g_string_append_c (out, ')');
      break;
    case TRAMA_OPERAND_POLL:
      g_string_append_c (out, '[');
      append_poll (out, script, operand);
      g_string_append_c (out, ']');
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
append_detail (GString *out, const TramaScript *script, const TramaOperand *operand)
{
  if (operand->kind == TRAMA_OPERAND_NONE)
    return;
  g_string_append_c (out, ' ');
  append_operand (out, script, operand);
}

static void
append_expectation (GString *out, const TramaScript *script, const TramaExpect *expect)
{
  switch (expect->kind)
    {
    case TRAMA_EXPECT_SUCCESS:
      break;
    case TRAMA_EXPECT_ANY:
      g_string_append (out, " = any");
      break;
    case TRAMA_EXPECT_RESULT:
      g_string_append_printf (out, " = %" G_GINT64_FORMAT, expect->min);
      if (expect->max != expect->min)
        g_string_append_printf (out, "..%" G_GINT64_FORMAT, expect->max);
      break;
    case TRAMA_EXPECT_ERROR:
      g_string_append_printf (out, " = -1 %s", expect->error == 0 ? "*" : trama_errno_name (expect->error));
      break;
    case TRAMA_EXPECT_SIGNAL:
      g_string_append_printf (out, " = signal %d", expect->error);
      break;
    default:
      g_assert_not_reached ();
    }
  append_detail (out, script, &expect->data);
  append_detail (out, script, &expect->address);
  append_detail (out, script, &expect->value);
}

static void
append_call (GString *out, const TramaScript *script, const TramaStep *step)
{
  if (step->result >= 0)
    g_string_append (out, script->variables[step->result]);
  if (step->result_2 >= 0)
    g_string_append_printf (out, ", %s", script->variables[step->result_2]);
  g_string_append_printf (out, "%s%s (", step->result >= 0 ? " = " : "", trama_call_info (step->call)->name);
  for (guint i = 0; i < step->n_operands; i++)
    {
      g_string_append (out, i > 0 ? ", " : "");
      append_operand (out, script, &step->operands[i]);
    }
  g_string_append_c (out, ')');
  append_expectation (out, script, &step->expect);
}

static void
append_caption (GString *out, const TramaStep *step)
{
  g_string_append (out, "say");
  for (guint i = 0; i < step->n_texts; i++)
    g_string_append_printf (out, " %s \"%s\"",
                            step->texts[i].language != NULL ? step->texts[i].language : "-",
                            step->texts[i].text);
}

/* Every field a step of its kind has, in one line. */
static void
render_step (GString *out, const TramaSession *session, const TramaScript *script, const TramaStep *step)
{
  static const char *const names[] = {
    [TRAMA_STEP_SIGNAL] = "signal", [TRAMA_STEP_WAIT] = "wait",     [TRAMA_STEP_SLEEP] = "sleep",
    [TRAMA_STEP_REPEAT] = "repeat", [TRAMA_STEP_FORK] = "fork",     [TRAMA_STEP_EXIT] = "exit",
    [TRAMA_STEP_KILL] = "kill",     [TRAMA_STEP_IGNORE] = "ignore", [TRAMA_STEP_END] = "end",
  };

  g_string_append_printf (out, "%3u  ", step->line);
  switch (step->kind)
    {
    case TRAMA_STEP_CALL:
      append_call (out, script, step);
      break;
    case TRAMA_STEP_SAY:
      append_caption (out, step);
      break;
    case TRAMA_STEP_SIGNAL:
    case TRAMA_STEP_WAIT:
      g_string_append_printf (out, "%s %s", names[step->kind],
                              trama_session_get_signal (session, step->signal));
      break;
    case TRAMA_STEP_REPEAT:
      g_string_append_printf (out, "repeat %" G_GINT64_FORMAT " to %u", step->number, step->other);
      break;
    case TRAMA_STEP_FORK:
      g_string_append_printf (out, "fork %s to %u", step->name, step->other);
      break;
    case TRAMA_STEP_END:
      g_string_append_printf (out, "end of %u", step->other);
      break;
    case TRAMA_STEP_KILL:
      g_string_append_printf (out, "kill %s %" G_GINT64_FORMAT,
                              step->name != NULL ? step->name
                                                 : trama_session_get_actor (session, step->other)->name,
                              step->number);
      if (step->name != NULL)
        g_string_append_printf (out, ", forked, %u", step->nth);
      break;
    default:
      g_string_append_printf (out, "%s %" G_GINT64_FORMAT, names[step->kind], step->number);
      break;
    }
  g_string_append_c (out, '\n');
}

static void
render_settings (GString *out, const TramaLabSettings *settings)
{
  static const char *const orders[] = {
    [TRAMA_ORDER_AUTO] = "auto", [TRAMA_ORDER_TURNS] = "turns", [TRAMA_ORDER_FREE] = "free"
  };

  if (settings->mtu == 1500 && !settings->offload && g_str_equal (settings->congestion, "reno")
      && settings->time_ms == 30000 && settings->order == TRAMA_ORDER_AUTO && settings->n_sysctls == 0)
    return;
  g_string_append_printf (out, "lab: mtu %u, offload %d, %s, %u ms, %s\n", settings->mtu, settings->offload,
                          settings->congestion, settings->time_ms, orders[settings->order]);
  for (guint i = 0; i < settings->n_sysctls; i++)
    g_string_append_printf (out, "%3u  %s = %s\n", settings->sysctls[i].line, settings->sysctls[i].name,
                            settings->sysctls[i].value);
}

char *
render_session (const TramaSession *session)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%s, order %u, domain %d, type %d: %s\n", trama_session_get_name (session),
                          trama_session_get_order (session), trama_session_get_domain (session),
                          trama_session_get_type (session), trama_session_get_title (session));
  render_settings (out, trama_session_get_settings (session));
  for (guint i = 0; i < trama_session_n_actors (session); i++)
    {
      const TramaScript *script = trama_session_get_actor (session, i);

      g_string_append_printf (out, "%s\n", script->name);
      for (guint j = 0; j < script->n_steps; j++)
        render_step (out, session, script, &script->steps[j]);
    }
  return g_string_free (out, FALSE);
}

static char *
load (const char *folder, const char *subfolder, const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, folder, subfolder, name, NULL);
  char *text = NULL;
  GError *error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

char *
load_shipped (const char *name)
{
  return load ("data", "sessions", name);
}

char *
load_rich (void)
{
  return load ("tests/fuzz/seeds", "session", "rich");
}

void
check_renders (const char *text, const char *rendered)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaSession) session = trama_session_parse ("x", text, strlen (text), &error);
  g_autofree char *found = NULL;

  g_assert_no_error (error);
  found = render_session (session);
  g_assert_cmpstr (found, ==, rendered);
}

static void
check_complaint (const char *begin, const Complaint *complaint)
{
  g_autofree char *text = g_strconcat (begin, complaint->text, NULL);
  g_autofree char *shown = NULL;
  g_autofree char *told = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaSession) session = trama_session_parse ("x", text, strlen (text), &error);
  TramaSessionProblem problem;

  if (session != NULL)
    g_error ("nobody complains of: %s", complaint->text);
  /* What is shown in one piece, and the same piece by piece. */
  shown = g_strndup (error->message, strcspn (error->message, "\n"));
  g_assert_true (trama_session_error_get_problem (error, &problem));
  told = g_strdup_printf ("%u:%u: %s", problem.line, problem.column, problem.message);
  g_assert_cmpstr (told, ==, complaint->message);
  g_assert_true (g_str_has_prefix (shown, "x:"));
  g_assert_cmpstr (shown + 2, ==, complaint->message);
}

void
check_complaints (const char *begin, const Complaint *complaints, gsize n_complaints)
{
  for (gsize i = 0; i < n_complaints; i++)
    check_complaint (begin, &complaints[i]);
}
