/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/emit_private.h"

#include "core/trace/constant.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NS_PER_S G_GINT64_CONSTANT (1000000000)

static void write_steps (TramaEmitter *emitter, guint first, guint end);

char *
trama_emit_list_others (TramaEmitter *emitter, TramaStepKind kind, guint signal)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < trama_session_n_actors (emitter->session); i++)
    {
      const TramaScript *script = trama_session_get_actor (emitter->session, i);
      gboolean does = FALSE;

      for (guint k = 0; k < script->n_steps; k++)
        does = does || (script->steps[k].kind == kind && script->steps[k].signal == signal);
      if (does && i != emitter->index)
        g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", script->name);
    }
  return list->len > 0 ? g_string_free (g_steal_pointer (&list), FALSE) : NULL;
}

static void
write_signal (TramaEmitter *emitter, const TramaStep *step)
{
  const char *signal = trama_session_get_signal (emitter->session, step->signal);
  g_autofree char *others = NULL;
  g_autofree char *comment = NULL;

  trama_emit_gap (emitter);
  if (emitter->signals[step->signal] != NULL)
    {
      trama_emit_need_header (emitter, TRAMA_EMIT_STDATOMIC_H);
      trama_emit_line (emitter, "atomic_fetch_add(&shared->%s, 1);", emitter->signals[step->signal]);
      return;
    }
  others = trama_emit_list_others (emitter, TRAMA_STEP_WAIT, step->signal);
  if (others != NULL)
    /* Translators: the name of a signal between processes; the processes that wait for it. */
    comment = g_strdup_printf (_ ("signal %s: %s may go on now."), signal, others);
  else
    comment = g_strdup_printf (_ ("signal %s: nobody waits for it."), signal);
  trama_emit_comment (emitter, comment);
}

static guint
count_waits (TramaEmitter *emitter, guint signal, gboolean *repeated)
{
  guint n_waits = 0;
  guint repeat_end = 0;

  *repeated = FALSE;
  for (guint i = 0; i < emitter->script->n_steps; i++)
    {
      const TramaStep *step = &emitter->script->steps[i];

      if (step->kind == TRAMA_STEP_REPEAT)
        repeat_end = MAX (repeat_end, step->other);
      if (step->kind != TRAMA_STEP_WAIT || step->signal != signal)
        continue;
      n_waits++;
      *repeated = *repeated || i < repeat_end;
    }
  return n_waits;
}

static const char *
get_counter (TramaEmitter *emitter, guint signal)
{
  const char *name = trama_session_get_signal (emitter->session, signal);

  if (emitter->waits[signal] == NULL)
    emitter->waits[signal] = trama_emit_new_name (emitter, trama_emit_keep (emitter, "%s_waits", name));
  return emitter->waits[signal];
}

static void
write_wait (TramaEmitter *emitter, const TramaStep *step)
{
  const char *name = emitter->signals[step->signal];
  const char *signal = trama_session_get_signal (emitter->session, step->signal);
  g_autofree char *others = NULL;
  g_autofree char *comment = NULL;
  gboolean repeated;

  trama_emit_gap (emitter);
  if (name == NULL)
    {
      others = trama_emit_list_others (emitter, TRAMA_STEP_SIGNAL, step->signal);
      /* Translators: processes; the name of a signal between them. */
      comment = g_strdup_printf (_ ("Before this, %s must have come to \"signal %s\"."),
                                 others != NULL ? others : "?", signal);
      trama_emit_comment (emitter, comment);
      return;
    }
  trama_emit_need_helper (emitter, TRAMA_EMIT_WAIT_FOR);
  if (count_waits (emitter, step->signal, &repeated) == 1 && !repeated)
    {
      trama_emit_line (emitter, "wait_for(&shared->%s, 1);", name);
      return;
    }
  trama_emit_line (emitter, "wait_for(&shared->%s, ++%s);", name, get_counter (emitter, step->signal));
}

/* To its end, also when a signal is caught in the meantime. */
static void
write_sleep (TramaEmitter *emitter, const TramaStep *step)
{
  g_autoptr (GString) time = g_string_new ("{");
  gint64 seconds = step->number / NS_PER_S, rest = step->number % NS_PER_S;
  const char *name;

  if (seconds > 0 || rest == 0)
    g_string_append_printf (time, " .tv_sec = %" G_GINT64_FORMAT, seconds);
  if (rest > 0)
    g_string_append_printf (time, "%s .tv_nsec = %" G_GINT64_FORMAT, seconds > 0 ? "," : "", rest);
  g_string_append (time, " }");
  trama_emit_need_header (emitter, TRAMA_EMIT_TIME_H);
  trama_emit_gap (emitter);
  if (!emitter->catches)
    {
      trama_emit_line (emitter, "nanosleep(&(struct timespec)%s, NULL);", time->str);
      return;
    }
  name = trama_emit_new_name (emitter, "rest");
  trama_emit_line (emitter, "struct timespec %s = %s;", name, time->str);
  trama_emit_line (emitter, "while (nanosleep(&%s, &%s) < 0)", name, name);
  trama_emit_line (emitter, "    continue;");
}

static void
write_repeat (TramaEmitter *emitter, guint index)
{
  static const char *const counters[] = { "i", "j", "k" };
  const TramaStep *step = &emitter->script->steps[index];
  const char *counter = trama_emit_new_name (emitter,
                                             counters[(emitter->indent - 1) % G_N_ELEMENTS (counters)]);

  trama_emit_gap (emitter);
  trama_emit_line (emitter, "for (int %s = 0; %s < %" G_GINT64_FORMAT "; %s++) {", counter, counter,
                   step->number, counter);
  emitter->indent++;
  write_steps (emitter, index + 1, step->other);
  emitter->indent--;
  trama_emit_line (emitter, "}");
}

static void
write_exit (TramaEmitter *emitter, const char *status)
{
  trama_emit_need_header (emitter, TRAMA_EMIT_STDLIB_H);
  trama_emit_gap (emitter);
  trama_emit_line (emitter, "exit(%s);", status);
}

/* Whether the process ends with the step before @end. */
static gboolean
is_end (const TramaScript *script, guint end)
{
  const TramaStep *last = end > 0 ? &script->steps[end - 1] : NULL;

  return last != NULL
         && (last->kind == TRAMA_STEP_EXIT
             || (last->kind == TRAMA_STEP_CALL && last->expect.kind == TRAMA_EXPECT_SIGNAL));
}

/* Whether the process that forks waits for it as well. */
static gboolean
is_waited_for_outside (const TramaScript *script, guint signal, guint fork)
{
  for (guint i = 0; i < script->n_steps; i++)
    {
      gboolean is_inside = i > fork && i < script->steps[fork].other;

      if (!is_inside && script->steps[i].kind == TRAMA_STEP_WAIT && script->steps[i].signal == signal)
        return TRUE;
    }
  return FALSE;
}

/* What is forked has waited for nothing yet. */
static void
write_counts_again (TramaEmitter *emitter, guint fork)
{
  const TramaScript *script = emitter->script;
  gboolean is_written[TRAMA_SESSION_MAX_SIGNALS] = { FALSE };

  for (guint i = fork + 1; i < script->steps[fork].other; i++)
    {
      guint signal = script->steps[i].signal;

      if (script->steps[i].kind != TRAMA_STEP_WAIT || is_written[signal] || emitter->signals[signal] == NULL
          || !is_waited_for_outside (script, signal, fork))
        continue;
      is_written[signal] = TRUE;
      trama_emit_line (emitter, "%s = 0;", get_counter (emitter, signal));
    }
}

static void
write_fork (TramaEmitter *emitter, guint index)
{
  const TramaStep *step = &emitter->script->steps[index];
  const char *name = trama_emit_new_name (emitter, step->name);
  const char *parent = emitter->who;

  emitter->fork_names[index] = name;
  trama_emit_need_header (emitter, TRAMA_EMIT_UNISTD_H);
  trama_emit_need_helper (emitter, TRAMA_EMIT_DIE);
  trama_emit_gap (emitter);
  trama_emit_line (emitter, "pid_t %s = fork();", name);
  trama_emit_line (emitter, "if (%s < 0)", name);
  trama_emit_line (emitter, "    die(\"%sfork\");", parent);
  trama_emit_line (emitter, "if (%s == 0) {", name);
  emitter->who = trama_emit_keep (emitter, "%s: ", step->name);
  emitter->indent++;
  write_counts_again (emitter, index);
  write_steps (emitter, index + 1, step->other);
  if (!is_end (emitter->script, step->other))
    write_exit (emitter, "EXIT_SUCCESS");
  emitter->indent--;
  emitter->who = parent;
  trama_emit_line (emitter, "}");
  trama_emit_keep_pid (emitter, step, name);
}

static void
write_ignore (TramaEmitter *emitter, const TramaStep *step)
{
  g_autoptr (GString) signal = g_string_new (NULL);

  trama_constant_append (signal, TRAMA_PARAMETER_SIGNAL, step->number);
  trama_emit_need_header (emitter, TRAMA_EMIT_SIGNAL_H);
  trama_emit_gap (emitter);
  trama_emit_line (emitter, "signal(%s, SIG_IGN);", signal->str);
}

static void
write_step (TramaEmitter *emitter, guint index)
{
  const TramaStep *step = &emitter->script->steps[index];
  const char *status;

  switch (step->kind)
    {
    case TRAMA_STEP_CALL:
      trama_emit_call (emitter, index);
      break;
    case TRAMA_STEP_SIGNAL:
      write_signal (emitter, step);
      break;
    case TRAMA_STEP_WAIT:
      write_wait (emitter, step);
      break;
    case TRAMA_STEP_SLEEP:
      write_sleep (emitter, step);
      break;
    case TRAMA_STEP_SAY:
      emitter->is_glued = FALSE;
      trama_emit_gap (emitter);
      trama_emit_comment (emitter, trama_session_choose_text (step->texts, step->n_texts));
      emitter->is_glued = TRUE;
      break;
    case TRAMA_STEP_REPEAT:
      write_repeat (emitter, index);
      break;
    case TRAMA_STEP_FORK:
      write_fork (emitter, index);
      break;
    case TRAMA_STEP_EXIT:
      status = trama_emit_keep (emitter, "%" G_GINT64_FORMAT, step->number);
      write_exit (emitter, status);
      break;
    case TRAMA_STEP_KILL:
      trama_emit_kill (emitter, index);
      break;
    case TRAMA_STEP_IGNORE:
      write_ignore (emitter, step);
      break;
    default:
      break;
    }
}

static void
write_steps (TramaEmitter *emitter, guint first, guint end)
{
  for (guint i = first; i < end; i++)
    {
      const TramaStep *step = &emitter->script->steps[i];

      write_step (emitter, i);
      if (step->kind == TRAMA_STEP_REPEAT || step->kind == TRAMA_STEP_FORK)
        i = step->other;
    }
}

void
trama_emit_script (TramaEmitter *emitter, guint actor)
{
  emitter->index = actor;
  emitter->script = trama_session_get_actor (emitter->session, actor);
  emitter->buffer_bytes = 0;
  emitter->filled_bytes = 0;
  memset (emitter->locals, 0, sizeof emitter->locals);
  memset (emitter->waits, 0, sizeof emitter->waits);
  g_array_set_size (emitter->addresses, 0);
  trama_emit_begin_names (emitter);
  emitter->indent = 1;
  write_steps (emitter, 0, emitter->script->n_steps);
}
