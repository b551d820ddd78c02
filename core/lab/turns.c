/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/turns_private.h"

#include "core/trace/span.h"

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
 * waking up takes longer than most calls: so look often at first, then nap, and
 * longer each time, for what nobody announces: that the kernel has put somebody to sleep.
 */
#define LOOKS_BEFORE_NAP 400
#define FIRST_NAP_NS 100000
#define LONGEST_NAP_NS 1600000

/* What is announced wakes a napper; this is for an announcer who was killed over it. */
#define LONG_NAP_NS 100000000

TramaTurns *
trama_turns_new (guint n_actors, TramaSessionOrder order)
{
  TramaTurns *turns;

  g_return_val_if_fail (n_actors <= TRAMA_TURNS_MAX_ACTORS, NULL);

  turns = mmap (NULL, sizeof *turns, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (turns == MAP_FAILED)
    return NULL;
  turns->n_written = n_actors;
  turns->order = order;
  turns->gates = order != TRAMA_ORDER_FREE ? TRAMA_GATE_ORDERED : 0;
  turns->last = G_MAXUINT32;
  for (guint i = n_actors; i < TRAMA_TURNS_MAX_ACTORS; i++)
    turns->slots[i].status = TRAMA_SLOT_ENDED;
  return turns;
}

void
trama_turns_free (TramaTurns *turns)
{
  if (turns != NULL)
    munmap (turns, sizeof *turns);
}

void
trama_turns_announce (TramaTurns *turns)
{
  atomic_fetch_add (&turns->epoch, 1);
  if (atomic_load (&turns->nappers) > 0)
    syscall (SYS_futex, &turns->epoch, FUTEX_WAKE, G_MAXINT, NULL, NULL, 0);
}

/* Where the gates are open nobody waits for a change. */
void
trama_turns_set_status (TramaTurns *turns, guint actor, TramaSlotStatus status)
{
  atomic_store_explicit (&turns->slots[actor].status, status, memory_order_release);
  if (atomic_load_explicit (&turns->gates, memory_order_relaxed) != 0)
    trama_turns_announce (turns);
}

/* A counter that only one process writes. */
static void
count (_Atomic guint64 *counter)
{
  atomic_store_explicit (counter, atomic_load_explicit (counter, memory_order_relaxed) + 1,
                         memory_order_relaxed);
}

static void
nap (TramaTurns *turns, guint32 epoch, gint64 time_ns)
{
  struct timespec timeout = { 0, time_ns };

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
is_moving (TramaTurns *turns, const TramaSlot *other)
{
  switch (atomic_load (&other->status))
    {
    case TRAMA_SLOT_RUNNING:
      return TRUE;
    case TRAMA_SLOT_IN_CALL:
      return !is_asleep (atomic_load (&other->pid));
    case TRAMA_SLOT_WAITING:
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

  for (guint i = 0; i < TRAMA_TURNS_MAX_ACTORS; i++)
    {
      if (i == actor)
        continue;
      if (is_moving (turns, &turns->slots[i]))
        return FALSE;
      if (atomic_load (&turns->slots[i].status) == TRAMA_SLOT_AT_GATE && !goes_before (turns, actor, i))
        return FALSE;
    }
  /* Before the epoch moves: who comes to its gate right behind it must not find this one still at its own. */
  atomic_store (&turns->slots[actor].status, TRAMA_SLOT_IN_CALL);
  if (atomic_compare_exchange_strong (&turns->epoch, &epoch, epoch + 1))
    return TRUE;
  atomic_store (&turns->slots[actor].status, TRAMA_SLOT_AT_GATE);
  return FALSE;
}

/* Takes one of what was granted; FALSE: nothing is left. */
static gboolean
take (_Atomic guint32 *granted)
{
  guint32 left = atomic_load (granted);

  while (left > 0)
    if (atomic_compare_exchange_weak (granted, &left, left - 1))
      return TRUE;
  return FALSE;
}

/* Past a gate that nobody keeps shut. */
static gboolean
go (TramaTurns *turns, guint actor)
{
  trama_turns_set_status (turns, actor, TRAMA_SLOT_IN_CALL);
  return TRUE;
}

/*
 * What a turn needs was there when this one looked, and another took it, and that turn, since.
 * Always FALSE.
 */
static gboolean
give_turn_back (TramaTurns *turns, guint actor)
{
  trama_turns_set_status (turns, actor, TRAMA_SLOT_AT_GATE);
  return FALSE;
}

static gboolean
try_held_gate (TramaTurns *turns, guint actor)
{
  if (take (&turns->slots[actor].steps_granted))
    return go (turns, actor);
  if (atomic_load (&turns->steps_granted) == 0 || !try_turn (turns, actor))
    return FALSE;
  return take (&turns->steps_granted) || give_turn_back (turns, actor);
}

static gboolean
try_paced_gate (TramaTurns *turns, guint actor)
{
  gint64 due_ns = atomic_load (&turns->next_step_ns);
  gint64 now_ns = trama_monotonic_ns ();
  gint64 next_ns = now_ns + atomic_load (&turns->pace_ns);

  if (now_ns < due_ns || !try_turn (turns, actor))
    return FALSE;
  return atomic_compare_exchange_strong (&turns->next_step_ns, &due_ns, next_ns)
         || give_turn_back (turns, actor);
}

static gboolean
try_gate (TramaTurns *turns, guint actor)
{
  guint32 gates = atomic_load (&turns->gates);

  if (gates & TRAMA_GATE_HELD)
    return try_held_gate (turns, actor);
  if (gates & TRAMA_GATE_PACED)
    return try_paced_gate (turns, actor);
  return gates & TRAMA_GATE_ORDERED ? try_turn (turns, actor) : go (turns, actor);
}

/* With all held and none granted a step, only a command changes something, and commands are announced. */
static gint64
choose_nap (TramaTurns *turns, gint64 nap_ns)
{
  guint32 gates = atomic_load (&turns->gates);

  if (gates & TRAMA_GATE_HELD && atomic_load (&turns->steps_granted) == 0)
    return LONG_NAP_NS;
  return nap_ns;
}

static void
await_gate (TramaTurns *turns, guint actor)
{
  guint32 seen = atomic_load (&turns->epoch);
  gint64 nap_ns = FIRST_NAP_NS;

  for (guint looks = 0;; looks++)
    {
      guint32 epoch = atomic_load (&turns->epoch);

      if (try_gate (turns, actor))
        return;
      nap_ns = epoch == seen ? MIN (2 * nap_ns, LONGEST_NAP_NS) : FIRST_NAP_NS;
      seen = epoch;
      if (looks < LOOKS_BEFORE_NAP)
        sched_yield ();
      else
        nap (turns, epoch, choose_nap (turns, nap_ns));
    }
}

/* The calls that are read one by one have been made. */
static void
count_turn (TramaTurns *turns)
{
  if (atomic_fetch_add (&turns->turns_taken, 1) + 1 != TRAMA_TURNS_AUTO_CALLS
      || turns->order != TRAMA_ORDER_AUTO)
    return;
  atomic_fetch_and (&turns->gates, ~(guint32) TRAMA_GATE_ORDERED);
  trama_turns_announce (turns);
}

/* Somebody has come to the line that was run to: all are held. */
static void
reach_line (TramaTurns *turns, guint line)
{
  guint32 wanted = line;

  if (!atomic_compare_exchange_strong (&turns->until_line, &wanted, 0))
    return;
  trama_turns_hold (turns);
}

static void
pass_gate (TramaTurns *turns, guint actor, gboolean receives, guint line)
{
  TramaSlot *slot = &turns->slots[actor];

  atomic_store (&slot->receives, receives);
  if (atomic_load (&turns->gates) & TRAMA_GATE_UNTIL)
    reach_line (turns, line);
  trama_turns_set_status (turns, actor, TRAMA_SLOT_AT_GATE);
  await_gate (turns, actor);
  atomic_store (&turns->last, actor);
}

void
trama_turns_join (TramaTurns *turns, guint actor)
{
  atomic_store (&turns->slots[actor].pid, getpid ());
}

void
trama_turns_enter (TramaTurns *turns, guint actor, gboolean receives, guint line)
{
  TramaSlot *slot = &turns->slots[actor];

  count (&slot->calls);
  count (&slot->steps);
  atomic_store_explicit (&slot->line, line, memory_order_relaxed);
  if (atomic_load_explicit (&turns->gates, memory_order_relaxed) == 0)
    {
      atomic_store_explicit (&slot->status, TRAMA_SLOT_IN_CALL, memory_order_release);
      return;
    }
  pass_gate (turns, actor, receives, line);
  count_turn (turns);
}

void
trama_turns_leave (TramaTurns *turns, guint actor)
{
  trama_turns_set_status (turns, actor, TRAMA_SLOT_RUNNING);
}

void
trama_turns_pass (TramaTurns *turns, guint actor, guint line)
{
  TramaSlot *slot = &turns->slots[actor];

  count (&slot->steps);
  atomic_store_explicit (&slot->line, line, memory_order_relaxed);
  if (!(atomic_load_explicit (&turns->gates, memory_order_relaxed) & TRAMA_GATE_UNTIL)
      || atomic_load (&turns->until_line) != line)
    return;
  pass_gate (turns, actor, FALSE, line);
  trama_turns_set_status (turns, actor, TRAMA_SLOT_RUNNING);
}

void
trama_turns_rest (TramaTurns *turns, guint actor)
{
  trama_turns_set_status (turns, actor, TRAMA_SLOT_RESTING);
}

void
trama_turns_resume (TramaTurns *turns, guint actor)
{
  trama_turns_set_status (turns, actor, TRAMA_SLOT_RUNNING);
}

void
trama_turns_signal (TramaTurns *turns, guint signal)
{
  atomic_fetch_add (&turns->signals[signal], 1);
  trama_turns_announce (turns);
}

void
trama_turns_wait (TramaTurns *turns, guint actor, guint signal, guint times)
{
  atomic_store (&turns->slots[actor].signal, signal);
  atomic_store (&turns->slots[actor].count, times);
  trama_turns_set_status (turns, actor, TRAMA_SLOT_WAITING);
  for (;;)
    {
      guint32 epoch = atomic_load (&turns->epoch);

      if (atomic_load (&turns->signals[signal]) >= times)
        break;
      nap (turns, epoch, LONG_NAP_NS);
    }
  trama_turns_set_status (turns, actor, TRAMA_SLOT_RUNNING);
}

void
trama_turns_end (TramaTurns *turns, guint actor)
{
  trama_turns_set_status (turns, actor, TRAMA_SLOT_ENDED);
}
