/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/turns_private.h"

#include "core/trace/span.h"

#include <sched.h>
#include <sys/wait.h>

/* Signals are numbers below this, signal(7). */
#define MAX_SIGNAL 64

guint
trama_turns_add (TramaTurns *turns, guint actor, guint32 key)
{
  for (guint i = turns->n_written;
       i < MIN (turns->n_written + TRAMA_SESSION_MAX_FORKS, TRAMA_TURNS_MAX_ACTORS); i++)
    {
      TramaSlot *slot = &turns->slots[i];
      guint32 none = 0;

      if (!atomic_compare_exchange_strong (&slot->key, &none, key))
        continue;
      atomic_store (&slot->start_ns, trama_realtime_ns ());
      atomic_store (&slot->parent, actor);
      trama_turns_set_status (turns, i, TRAMA_SLOT_RUNNING);
      return i;
    }
  return TRAMA_TURNS_NOBODY;
}

guint
trama_turns_find_forked (TramaTurns *turns, guint actor, guint32 key, guint nth)
{
  guint n_actors = trama_turns_n_actors (turns);
  guint own = TRAMA_TURNS_NOBODY, last = TRAMA_TURNS_NOBODY;
  guint count = 0;

  for (guint i = turns->n_written; i < n_actors; i++)
    {
      if (trama_turns_get_key (turns, i) != key)
        continue;
      if (++count == nth)
        return i;
      last = i;
      if (atomic_load (&turns->slots[i].parent) == actor)
        own = i;
    }
  if (nth > 0)
    return TRAMA_TURNS_NOBODY;
  return own != TRAMA_TURNS_NOBODY ? own : last;
}

/* A process that was just started says who it is at once. */
void
trama_turns_await_process (TramaTurns *turns, guint actor)
{
  while (trama_turns_get_pid (turns, actor) == 0
         && atomic_load (&turns->slots[actor].status) != TRAMA_SLOT_ENDED)
    sched_yield ();
}

gint32 *
trama_turns_get_pid_place (TramaTurns *turns, guint actor)
{
  return (gint32 *) &turns->slots[actor].pid;
}

void
trama_turns_want_exit (TramaTurns *turns, guint actor, int status)
{
  atomic_store (&turns->slots[actor].wanted_exit, status);
}

void
trama_turns_want_signal (TramaTurns *turns, guint actor, int number, gboolean wanted)
{
  guint64 bit = G_GUINT64_CONSTANT (1) << (number % MAX_SIGNAL);

  if (wanted)
    atomic_fetch_or (&turns->slots[actor].wanted_signals, bit);
  else
    atomic_fetch_and (&turns->slots[actor].wanted_signals, ~bit);
}

void
trama_turns_fail (TramaTurns *turns, guint line, const char *message)
{
  guint32 none = 0;
  const char *end;

  if (!atomic_compare_exchange_strong (&turns->failed, &none, 1))
    return;
  turns->failure_line = line;
  g_strlcpy (turns->failure, message, sizeof turns->failure);
  /* Not in the middle of a character. */
  g_utf8_validate (turns->failure, -1, &end);
  turns->failure[end - turns->failure] = '\0';
  atomic_store (&turns->failed, 2);
}

gint32
trama_turns_get_pid (TramaTurns *turns, guint actor)
{
  return atomic_load (&turns->slots[actor].pid);
}

gboolean
trama_turns_has_process (TramaTurns *turns, guint actor)
{
  const TramaSlot *slot = &turns->slots[actor];

  return atomic_load (&slot->pid) != 0 && atomic_load (&slot->reaped) == 0
         && atomic_load (&slot->status) != TRAMA_SLOT_ENDED;
}

guint
trama_turns_n_actors (TramaTurns *turns)
{
  guint n = turns->n_written;

  while (n < TRAMA_TURNS_MAX_ACTORS && atomic_load (&turns->slots[n].key) != 0)
    n++;
  return n;
}

guint32
trama_turns_get_key (TramaTurns *turns, guint actor)
{
  return atomic_load (&turns->slots[actor].key);
}

gint64
trama_turns_get_start_ns (TramaTurns *turns, guint actor)
{
  return atomic_load (&turns->slots[actor].start_ns);
}

void
trama_turns_forget_process (TramaTurns *turns, guint actor)
{
  atomic_store (&turns->slots[actor].reaped, 1);
}

void
trama_turns_end_unborn (TramaTurns *turns, guint actor)
{
  for (guint i = turns->n_written; i < TRAMA_TURNS_MAX_ACTORS; i++)
    {
      TramaSlot *slot = &turns->slots[i];

      if (atomic_load (&slot->key) != 0 && atomic_load (&slot->parent) == actor
          && atomic_load (&slot->pid) == 0)
        trama_turns_end (turns, i);
    }
}

gboolean
trama_turns_is_wanted_end (TramaTurns *turns, guint actor, int status)
{
  const TramaSlot *slot = &turns->slots[actor];

  if (WIFSIGNALED (status))
    return (atomic_load (&slot->wanted_signals) >> (WTERMSIG (status) % MAX_SIGNAL) & 1) != 0;
  return WEXITSTATUS (status) == 0 || WEXITSTATUS (status) == atomic_load (&slot->wanted_exit);
}

const char *
trama_turns_get_failure (TramaTurns *turns, guint *line)
{
  *line = turns->failure_line;
  return atomic_load (&turns->failed) == 2 ? turns->failure : NULL;
}
