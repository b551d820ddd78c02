/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/session/render.h"

#include "core/trace/address.h"
#include "core/trace/call.h"

static char *
render_operand (const TramaScript *script, const TramaOperand *operand)
{
  switch (operand->kind)
    {
    case TRAMA_OPERAND_NONE:
      return g_strdup ("-");
    case TRAMA_OPERAND_NUMBER:
      return g_strdup_printf ("%" G_GINT64_FORMAT, operand->number);
    case TRAMA_OPERAND_VARIABLE:
      return g_strdup (script->variables[operand->number]);
    case TRAMA_OPERAND_SENDER:
      return g_strdup_printf ("sender(%s)", script->variables[operand->number]);
    case TRAMA_OPERAND_ADDRESS:
      return trama_address_format (operand->bytes, operand->size);
    case TRAMA_OPERAND_DATA:
      return trama_bytes_format (operand->bytes, operand->size, operand->size, 64);
    default:
      g_assert_not_reached ();
    }
}

static void
render_call (GString *out, const TramaScript *script, const TramaStep *step)
{
  if (step->result >= 0)
    g_string_append_printf (out, "%s = ", script->variables[step->result]);
  g_string_append_printf (out, "%s (", trama_call_info (step->call)->name);
  for (guint i = 0; i < step->n_operands; i++)
    {
      g_autofree char *operand = render_operand (script, &step->operands[i]);

      g_string_append_printf (out, "%s%s", i > 0 ? ", " : "", operand);
    }
  g_string_append (out, ")\n");
}

static void
render_step (GString *out, const TramaSession *session, const TramaScript *script, const TramaStep *step)
{
  g_string_append_printf (out, "%3u  ", step->line);
  if (step->kind == TRAMA_STEP_CALL)
    render_call (out, script, step);
  else
    g_string_append_printf (out, "%s %s\n", step->kind == TRAMA_STEP_WAIT ? "wait" : "signal",
                            trama_session_get_signal (session, step->signal));
}

char *
render_session (const TramaSession *session)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%s, order %u, domain %d, type %d: %s\n", trama_session_get_name (session),
                          trama_session_get_order (session), trama_session_get_domain (session),
                          trama_session_get_type (session), trama_session_get_title (session));
  for (guint i = 0; i < trama_session_n_actors (session); i++)
    {
      const TramaScript *script = trama_session_get_actor (session, i);

      g_string_append_printf (out, "%s\n", script->name);
      for (guint j = 0; j < script->n_steps; j++)
        render_step (out, session, script, &script->steps[j]);
    }
  return g_string_free (out, FALSE);
}

char *
load_shipped (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "sessions", name, NULL);
  char *text = NULL;
  GError *error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}
