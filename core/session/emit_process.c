/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/emit_private.h"

#include "core/trace/constant.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/*
 * Who kills a process it forked itself knows its number from fork(2). All others
 * have it from memory they share, where it is written by whoever forked it.
 */

static const TramaStep *
step_of (const TramaEmitter *emitter, guint actor, guint index)
{
  return &trama_session_get_actor (emitter->session, actor)->steps[index];
}

static gboolean
forks (const TramaScript *script, const char *name)
{
  for (guint i = 0; i < script->n_steps; i++)
    if (script->steps[i].kind == TRAMA_STEP_FORK && strcmp (script->steps[i].name, name) == 0)
      return TRUE;
  return FALSE;
}

/* Whether the process that a step kills is one of the program's. */
static gboolean
is_victim_inside (const TramaEmitter *emitter, const TramaStep *kill)
{
  if (kill->name == NULL)
    return trama_emit_is_inside (emitter, kill->other);
  for (guint i = 0; i < trama_session_n_actors (emitter->session); i++)
    if (trama_emit_is_inside (emitter, i)
        && forks (trama_session_get_actor (emitter->session, i), kill->name))
      return TRUE;
  return FALSE;
}

/*
 * The step of @script that forks whom step @index kills, when it stands where its
 * variable can be seen, and is that process for certain; else NULL.
 */
static const TramaStep *
find_own_fork (const TramaScript *script, guint index)
{
  const TramaStep *kill = &script->steps[index];
  const TramaStep *fork = NULL;
  guint depth = 0, fork_depth = 0;

  if (kill->name == NULL || kill->nth > 0)
    return NULL;
  for (guint i = 0; i < script->n_steps; i++)
    {
      const TramaStep *step = &script->steps[i];

      depth -= step->kind == TRAMA_STEP_END;
      /* The block it stands in ends before, or it is the child itself that kills. */
      if (fork != NULL && i <= index && (depth < fork_depth || index < fork->other))
        return NULL;
      if (step->kind == TRAMA_STEP_FORK && strcmp (step->name, kill->name) == 0)
        {
          if (fork != NULL || i > index)
            return NULL;
          fork = step;
          fork_depth = depth;
        }
      depth += step->kind == TRAMA_STEP_FORK || step->kind == TRAMA_STEP_REPEAT;
    }
  return fork;
}

static TramaEmitForked *
find_forked (const TramaEmitter *emitter, const char *name)
{
  for (guint i = 0; i < emitter->forked->len; i++)
    {
      TramaEmitForked *forked = &g_array_index (emitter->forked, TramaEmitForked, i);

      if (strcmp (forked->name, name) == 0)
        return forked;
    }
  return NULL;
}

static void
name_forked (TramaEmitter *emitter, const TramaStep *kill)
{
  TramaEmitForked *forked = find_forked (emitter, kill->name);

  if (forked == NULL)
    {
      g_array_append_val (emitter->forked, ((TramaEmitForked){ .name = kill->name }));
      forked = &g_array_index (emitter->forked, TramaEmitForked, emitter->forked->len - 1);
    }
  if (kill->nth == 0 && forked->pid == NULL)
    forked->pid = trama_emit_new_name (emitter, trama_emit_keep (emitter, "%s_pid", kill->name));
  if (kill->nth > 0 && forked->pids == NULL)
    {
      forked->pids = trama_emit_new_name (emitter, trama_emit_keep (emitter, "%s_pids", kill->name));
      forked->count = trama_emit_new_name (emitter, trama_emit_keep (emitter, "%s_count", kill->name));
    }
  forked->n_pids = MAX (forked->n_pids, kill->nth);
}

static void
name_pid (TramaEmitter *emitter, guint actor, guint index)
{
  const TramaScript *script = trama_session_get_actor (emitter->session, actor);
  const TramaStep *kill = &script->steps[index];

  if (!is_victim_inside (emitter, kill) || find_own_fork (script, index) != NULL)
    return;
  if (kill->name != NULL)
    name_forked (emitter, kill);
  else if (emitter->pids[kill->other] == NULL)
    emitter->pids[kill->other] = trama_emit_new_name (
        emitter,
        trama_emit_keep (emitter, "%s_pid", trama_session_get_actor (emitter->session, kill->other)->name));
}

void
trama_emit_name_pids (TramaEmitter *emitter)
{
  for (guint i = 0; i < trama_session_n_actors (emitter->session); i++)
    for (guint k = 0; k < trama_session_get_actor (emitter->session, i)->n_steps; k++)
      if (trama_emit_is_inside (emitter, i) && step_of (emitter, i, k)->kind == TRAMA_STEP_KILL)
        name_pid (emitter, i, k);
}

gboolean
trama_emit_has_pids (const TramaEmitter *emitter)
{
  for (guint i = 0; i < TRAMA_SESSION_MAX_ACTORS; i++)
    if (emitter->pids[i] != NULL)
      return TRUE;
  return emitter->forked->len > 0;
}

void
trama_emit_declare_pids (TramaEmitter *emitter)
{
  for (guint i = 0; i < TRAMA_SESSION_MAX_ACTORS; i++)
    if (emitter->pids[i] != NULL)
      trama_emit_line (emitter, "    atomic_int %s;", emitter->pids[i]);
  for (guint i = 0; i < emitter->forked->len; i++)
    {
      const TramaEmitForked *forked = &g_array_index (emitter->forked, TramaEmitForked, i);

      if (forked->pid != NULL)
        trama_emit_line (emitter, "    atomic_int %s;", forked->pid);
      if (forked->pids != NULL)
        trama_emit_line (emitter, "    atomic_int %s, %s[%u];", forked->count, forked->pids, forked->n_pids);
    }
}

void
trama_emit_keep_pid (TramaEmitter *emitter, const TramaStep *fork, const char *variable)
{
  const TramaEmitForked *forked = find_forked (emitter, fork->name);
  const char *count;

  if (forked == NULL)
    return;
  if (forked->pid != NULL)
    trama_emit_line (emitter, "atomic_store(&shared->%s, %s);", forked->pid, variable);
  if (forked->pids == NULL)
    return;
  count = trama_emit_new_name (emitter, trama_emit_keep (emitter, "%s_number", fork->name));
  trama_emit_line (emitter, "int %s = atomic_fetch_add(&shared->%s, 1);", count, forked->count);
  trama_emit_line (emitter, "if (%s < %u)", count, forked->n_pids);
  trama_emit_line (emitter, "    atomic_store(&shared->%s[%s], %s);", forked->pids, count, variable);
}

gboolean
trama_emit_may_get (const TramaEmitter *emitter, int number)
{
  for (guint i = 0; i < trama_session_n_actors (emitter->session); i++)
    for (guint k = 0; k < trama_session_get_actor (emitter->session, i)->n_steps; k++)
      {
        const TramaStep *step = step_of (emitter, i, k);
        gboolean owns = step->kind == TRAMA_STEP_CALL && step->call == TRAMA_CALL_FCNTL
                        && step->operands[1].number == F_SETOWN;

        if (step->kind == TRAMA_STEP_KILL && step->number == number && is_victim_inside (emitter, step))
          return TRUE;
        if (owns && number == SIGURG && trama_emit_is_inside (emitter, i))
          return TRUE;
      }
  return FALSE;
}

/* What the number of the process stands in; NULL: it is none of this program's. */
static const char *
get_pid (TramaEmitter *emitter, guint index)
{
  const TramaStep *kill = &emitter->script->steps[index];
  const TramaEmitForked *forked;

  if (kill->name == NULL)
    return emitter->pids[kill->other] == NULL
               ? NULL
               : trama_emit_keep (emitter, "shared->%s", emitter->pids[kill->other]);
  forked = find_forked (emitter, kill->name);
  if (forked == NULL)
    return NULL;
  return kill->nth > 0 ? trama_emit_keep (emitter, "shared->%s[%u]", forked->pids, kill->nth - 1)
                       : trama_emit_keep (emitter, "shared->%s", forked->pid);
}

static void
write_absent (TramaEmitter *emitter, const TramaStep *kill, const char *signal)
{
  const char *name = kill->name != NULL ? kill->name
                                        : trama_session_get_actor (emitter->session, kill->other)->name;
  g_autofree char *target = kill->nth > 1 ? g_strdup_printf ("%s %u", name, kill->nth) : g_strdup (name);
  g_autofree char *comment = NULL;

  /* Translators: a process; the name of a signal: SIGKILL. */
  comment = g_strdup_printf (_ ("Here the session kills %s with %s."), target, signal);
  trama_emit_comment (emitter, comment);
}

void
trama_emit_kill (TramaEmitter *emitter, guint index)
{
  const TramaStep *kill = &emitter->script->steps[index];
  const TramaStep *fork = find_own_fork (emitter->script, index);
  g_autoptr (GString) signal = g_string_new (NULL);
  const char *pid = fork != NULL ? emitter->fork_names[fork - emitter->script->steps]
                                 : get_pid (emitter, index);

  trama_constant_append (signal, TRAMA_PARAMETER_SIGNAL, kill->number);
  trama_emit_gap (emitter);
  if (pid == NULL)
    {
      write_absent (emitter, kill, signal->str);
      return;
    }
  trama_emit_need_header (emitter, TRAMA_EMIT_SIGNAL_H);
  trama_emit_need_helper (emitter, TRAMA_EMIT_DIE);
  if (fork == NULL)
    {
      trama_emit_need_helper (emitter, TRAMA_EMIT_WAIT_FOR);
      trama_emit_line (emitter, "wait_for(&%s, 1);", pid);
    }
  trama_emit_line (emitter, "if (kill(%s, %s) < 0)", pid, signal->str);
  trama_emit_line (emitter, "    die(\"%skill\");", emitter->who);
}
