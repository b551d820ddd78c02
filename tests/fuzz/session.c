/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/session/emit.h"

#include "core/trace/call.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* Reads what an operand points to, for the sanitizers to see. */
static void
check_operand (const TramaScript *script, const TramaOperand *operand)
{
  TramaPollItem item;

  g_free (g_memdup2 (operand->bytes, operand->size));
  switch (operand->kind)
    {
    case TRAMA_OPERAND_VARIABLE:
    case TRAMA_OPERAND_SENDER:
    case TRAMA_OPERAND_RECEIVED:
      g_assert_cmpint (operand->number, >=, 0);
      g_assert_cmpint (operand->number, <, script->n_variables);
      break;
    case TRAMA_OPERAND_FILL:
      g_assert_cmpint (operand->number, <=, TRAMA_SESSION_MAX_DATA_BYTES);
      break;
    case TRAMA_OPERAND_RIGHTS:
      for (guint i = 0; i < operand->size; i++)
        g_assert_cmpuint (operand->bytes[i], <, script->n_variables);
      break;
    case TRAMA_OPERAND_POLL:
      g_assert_cmpuint (operand->size, ==, (gsize) operand->number * sizeof item);
      for (gint64 i = 0; i < operand->number; i++)
        {
          memcpy (&item, operand->bytes + (gsize) i * sizeof item, sizeof item);
          g_assert_cmpuint (item.variable, <, script->n_variables);
        }
      break;
    default:
      break;
    }
}

static void
check_call (const TramaScript *script, const TramaStep *step)
{
  g_assert_nonnull (trama_call_info (step->call));
  g_assert_cmpuint (step->n_operands, ==, trama_call_info (step->call)->n_parameters);
  g_assert_cmpint (step->result, <, (int) script->n_variables);
  g_assert_cmpint (step->result_2, <, (int) script->n_variables);
  for (guint i = 0; i < step->n_operands; i++)
    check_operand (script, &step->operands[i]);
  g_assert_cmpint (step->expect.min, <=, step->expect.max);
  check_operand (script, &step->expect.data);
  check_operand (script, &step->expect.address);
  check_operand (script, &step->expect.value);
}

/* A block ends behind its beginning, and each knows the other. */
static void
check_block (const TramaScript *script, guint index)
{
  const TramaStep *step = &script->steps[index];

  g_assert_cmpuint (step->other, >, index + 1);
  g_assert_cmpuint (step->other, <, script->n_steps);
  g_assert_cmpuint (script->steps[step->other].kind, ==, TRAMA_STEP_END);
  g_assert_cmpuint (script->steps[step->other].other, ==, index);
}

static void
check_step (const TramaSession *session, const TramaScript *script, guint index)
{
  const TramaStep *step = &script->steps[index];

  g_assert_cmpuint (step->line, >, 0);
  switch (step->kind)
    {
    case TRAMA_STEP_CALL:
      check_call (script, step);
      break;
    case TRAMA_STEP_SIGNAL:
    case TRAMA_STEP_WAIT:
      g_assert_cmpuint (step->signal, <, trama_session_n_signals (session));
      break;
    case TRAMA_STEP_SAY:
      g_assert_nonnull (trama_session_choose_text (step->texts, step->n_texts));
      break;
    case TRAMA_STEP_FORK:
      g_assert_nonnull (step->name);
      check_block (script, index);
      break;
    case TRAMA_STEP_REPEAT:
      g_assert_cmpint (step->number, >, 0);
      check_block (script, index);
      break;
    case TRAMA_STEP_KILL:
      g_assert_cmpuint (step->other, <, trama_session_n_actors (session));
      break;
    default:
      g_assert_cmpuint (step->kind, <=, TRAMA_STEP_END);
      break;
    }
}

static void
check_actor (const TramaSession *session, const TramaScript *script)
{
  g_assert_cmpuint (script->n_steps, >, 0);
  g_assert_cmpuint (script->n_steps, <=, TRAMA_SESSION_MAX_STEPS);
  g_assert_cmpuint (script->n_variables, <=, TRAMA_SESSION_MAX_VARIABLES);
  for (guint i = 0; i < script->n_steps; i++)
    check_step (session, script, i);
}

/* Nothing of a setting can leave /proc/sys/net. */
static void
check_settings (const TramaLabSettings *settings)
{
  g_assert_cmpuint (settings->mtu, >=, 68);
  g_assert_cmpuint (settings->mtu, <=, 65536);
  g_assert_cmpuint (settings->time_ms, >, 0);
  g_assert_cmpuint (settings->time_ms, <=, TRAMA_SESSION_MAX_TIME_MS);
  for (guint i = 0; i < settings->n_sysctls; i++)
    {
      g_assert_true (g_str_has_prefix (settings->sysctls[i].name, "net."));
      g_assert_null (strstr (settings->sysctls[i].name, ".."));
      g_assert_null (strchr (settings->sysctls[i].name, '/'));
      g_assert_cmpuint (strlen (settings->sysctls[i].value), >, 0);
    }
}

/* The programs are for a compiler to judge; here, that there is one of each actor. */
static void
check_program (const TramaSession *session, const char *actor)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = trama_session_emit_c (session, actor, &error);

  g_assert_no_error (error);
  g_assert_true (g_utf8_validate (program, -1, NULL));
  g_assert_true (g_str_has_suffix (program, "}\n"));
}

void
fuzz_one (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaSession) session = trama_session_parse ("fuzz.session", (const char *) data, size, &error);

  g_assert_true ((session == NULL) == (error != NULL));
  if (session == NULL)
    {
      TramaSessionProblem problem;

      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_true (trama_session_error_get_problem (error, &problem));
      g_assert_true (g_utf8_validate (problem.message, -1, NULL));
      return;
    }
  check_settings (trama_session_get_settings (session));
  g_assert_cmpuint (trama_session_n_actors (session), <=, TRAMA_SESSION_MAX_ACTORS);
  check_program (session, NULL);
  for (guint i = 0; i < trama_session_n_actors (session); i++)
    {
      check_actor (session, trama_session_get_actor (session, i));
      check_program (session, trama_session_get_actor (session, i)->name);
    }
}
