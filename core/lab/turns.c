/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/turns.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/*
 * Looking again costs less than sleeping when the other is about to arrive, and
 * waking up takes longer than most calls: so look often at first, then nap.
 */
#define LOOKS_BEFORE_NAP 400
#define NAP_NS 100000

typedef enum
{
  ACTOR_RUNNING, /* on its way to the next gate */
  ACTOR_AT_GATE,
  ACTOR_IN_CALL, /* running or asleep, the kernel knows */
  ACTOR_WAITING, /* for a signal */
  ACTOR_ENDED,
} Status;

typedef struct
{
  _Atomic guint32 status;
  _Atomic guint32 receives;
  _Atomic guint32 line;
  _Atomic guint32 signal, count; /* what it waits for */
  _Atomic gint32 pid;
} Slot;

struct _TramaTurns
{
  /* Goes up with every change; who has seen the old one and nothing newer may go. */
  _Atomic guint32 epoch;
  _Atomic guint32 nappers;
  _Atomic guint32 last;
  guint32 n_actors;
  _Atomic guint32 failed;
  char failure[TRAMA_TURNS_FAILURE_BYTES];
  _Atomic guint32 signals[TRAMA_TURNS_MAX_SIGNALS];
  Slot slots[TRAMA_TURNS_MAX_ACTORS];
};

TramaTurns *
trama_turns_new (guint n_actors)
{
  TramaTurns *turns;

  g_return_val_if_fail (n_actors <= TRAMA_TURNS_MAX_ACTORS, NULL);

  turns = mmap (NULL, sizeof *turns, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (turns == MAP_FAILED)
    return NULL;
  turns->n_actors = n_actors;
  turns->last = G_MAXUINT32;
  return turns;
}

void
trama_turns_free (TramaTurns *turns)
{
  if (turns != NULL)
    munmap (turns, sizeof *turns);
}

static void
announce (TramaTurns *turns)
{
  atomic_fetch_add (&turns->epoch, 1);
  if (atomic_load (&turns->nappers) > 0)
    syscall (SYS_futex, &turns->epoch, FUTEX_WAKE, G_MAXINT, NULL, NULL, 0);
}

static void
set_status (TramaTurns *turns, guint actor, Status status)
{
  atomic_store (&turns->slots[actor].status, status);
  announce (turns);
}

static void
nap (TramaTurns *turns, guint32 epoch)
{
  static const struct timespec timeout = { 0, NAP_NS };

  atomic_fetch_add (&turns->nappers, 1);
  syscall (SYS_futex, &turns->epoch, FUTEX_WAIT, epoch, &timeout, NULL, 0);
  atomic_fetch_sub (&turns->nappers, 1);
}

/*
 * Whether the kernel has put a process to sleep: the third field of its stat is S,
 * proc(5). One that was woken is R at once, before it runs. Where it cannot be
 * read, the answer is yes, so that nobody waits for ever.
 */
static gboolean
is_asleep (gint32 pid)
{
  char text[256];
  const char *state;
  gssize size;
  int fd;

  g_snprintf (text, sizeof text, "/proc/%d/stat", pid);
  fd = open (text, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return TRUE;
  size = read (fd, text, sizeof text - 1);
  close (fd);
  if (size <= 0)
    return TRUE;
  text[size] = '\0';
  state = strrchr (text, ')');
  return state == NULL || state[1] == '\0' || state[2] == 'S';
}

/* Whether @other may still do something before it needs a turn. */
static gboolean
is_moving (TramaTurns *turns, const Slot *other)
{
  switch (atomic_load (&other->status))
    {
    case ACTOR_RUNNING:
      return TRUE;
    case ACTOR_IN_CALL:
      return !is_asleep (atomic_load (&other->pid));
    case ACTOR_WAITING:
      return atomic_load (&turns->signals[atomic_load (&other->signal)]) >= atomic_load (&other->count);
    default:
      return FALSE;
    }
}

/* Whether @a goes before @b when both are at their gates. */
static gboolean
goes_before (TramaTurns *turns, guint a, guint b)
{
  gboolean a_receives = atomic_load (&turns->slots[a].receives) != 0;
  gboolean b_receives = atomic_load (&turns->slots[b].receives) != 0;
  guint32 last = atomic_load (&turns->last);

  if (a_receives != b_receives)
    return a_receives;
  if (last == a || last == b)
    return last == a;
  return a < b;
}

/* Takes the turn if it is @actor's. Nothing may have changed since the others were looked at. */
static gboolean
try_turn (TramaTurns *turns, guint actor)
{
  guint32 epoch = atomic_load (&turns->epoch);

  for (guint i = 0; i < turns->n_actors; i++)
    {
      if (i == actor)
        continue;
      if (is_moving (turns, &turns->slots[i]))
        return FALSE;
      if (atomic_load (&turns->slots[i].status) == ACTOR_AT_GATE && !goes_before (turns, actor, i))
        return FALSE;
    }
  /* Before the epoch moves: who comes to its gate right behind it must not find this one still at its own. */
  atomic_store (&turns->slots[actor].status, ACTOR_IN_CALL);
  if (atomic_compare_exchange_strong (&turns->epoch, &epoch, epoch + 1))
    return TRUE;
  atomic_store (&turns->slots[actor].status, ACTOR_AT_GATE);
  return FALSE;
}

void
trama_turns_join (TramaTurns *turns, guint actor)
{
  atomic_store (&turns->slots[actor].pid, getpid ());
}

void
trama_turns_enter (TramaTurns *turns, guint actor, gboolean receives, guint line)
{
  atomic_store (&turns->slots[actor].receives, receives);
  atomic_store (&turns->slots[actor].line, line);
  set_status (turns, actor, ACTOR_AT_GATE);
  for (guint looks = 0;; looks++)
    {
      guint32 epoch = atomic_load (&turns->epoch);

      if (try_turn (turns, actor))
        break;
      if (looks < LOOKS_BEFORE_NAP)
        sched_yield ();
      else
        nap (turns, epoch);
    }
  atomic_store (&turns->last, actor);
}

void
trama_turns_leave (TramaTurns *turns, guint actor)
{
  set_status (turns, actor, ACTOR_RUNNING);
}

guint
trama_turns_get_line (TramaTurns *turns, guint actor)
{
  const Slot *slot = &turns->slots[actor];

  return atomic_load (&slot->status) == ACTOR_IN_CALL ? atomic_load (&slot->line) : 0;
}

void
trama_turns_signal (TramaTurns *turns, guint signal)
{
  atomic_fetch_add (&turns->signals[signal], 1);
  announce (turns);
}

void
trama_turns_wait (TramaTurns *turns, guint actor, guint signal, guint count)
{
  atomic_store (&turns->slots[actor].signal, signal);
  atomic_store (&turns->slots[actor].count, count);
  set_status (turns, actor, ACTOR_WAITING);
  for (;;)
    {
      guint32 epoch = atomic_load (&turns->epoch);

      if (atomic_load (&turns->signals[signal]) >= count)
        break;
      nap (turns, epoch);
    }
  set_status (turns, actor, ACTOR_RUNNING);
}

void
trama_turns_end (TramaTurns *turns, guint actor)
{
  set_status (turns, actor, ACTOR_ENDED);
}

void
trama_turns_fail (TramaTurns *turns, const char *message)
{
  guint32 none = 0;

  if (!atomic_compare_exchange_strong (&turns->failed, &none, 1))
    return;
  g_strlcpy (turns->failure, message, sizeof turns->failure);
  atomic_store (&turns->failed, 2);
}

const char *
trama_turns_get_failure (TramaTurns *turns)
{
  return atomic_load (&turns->failed) == 2 ? turns->failure : NULL;
}
