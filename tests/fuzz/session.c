/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/session/session.h"

#include "tests/fuzz/fuzz.h"

static void
check_actor (const TramaSession *session, const TramaScript *script)
{
  g_assert_cmpuint (script->n_steps, <=, TRAMA_SESSION_MAX_STEPS);
  g_assert_cmpuint (script->n_variables, <=, TRAMA_SESSION_MAX_VARIABLES);
  for (guint i = 0; i < script->n_steps; i++)
    {
      const TramaStep *step = &script->steps[i];

      g_assert_cmpuint (step->n_operands, <=, TRAMA_CALL_MAX_ARGS);
      g_assert_cmpint (step->result, <, (int) script->n_variables);
      if (step->kind != TRAMA_STEP_CALL)
        g_assert_cmpuint (step->signal, <, trama_session_n_signals (session));
      for (guint k = 0; k < step->n_operands; k++)
        if (step->operands[k].kind == TRAMA_OPERAND_VARIABLE)
          g_assert_cmpint (step->operands[k].number, <, script->n_variables);
    }
}

void
fuzz_one (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaSession) session = trama_session_parse ("fuzz.session", (const char *) data, size, &error);

  g_assert_true ((session == NULL) == (error != NULL));
  if (session == NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return;
    }
  g_assert_cmpuint (trama_session_n_actors (session), <=, TRAMA_SESSION_MAX_ACTORS);
  for (guint i = 0; i < trama_session_n_actors (session); i++)
    check_actor (session, trama_session_get_actor (session, i));
}
