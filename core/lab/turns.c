/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/turns.h"

#include "core/trace/span.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
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

#define NS_PER_MS 1000000

/* Signals are numbers below this, signal(7). */
#define MAX_SIGNAL 64

typedef enum
{
  ACTOR_RUNNING, /* on its way to the next gate */
  ACTOR_AT_GATE,
  ACTOR_IN_CALL, /* running or asleep, the kernel knows */
  ACTOR_WAITING, /* for a signal */
  ACTOR_RESTING, /* for a time */
  ACTOR_ENDED,
} Status;

/* Why a gate may be shut; TramaTurns.gates. */
enum
{
  GATE_ORDERED = 1 << 0,
  GATE_HELD = 1 << 1,
  GATE_PACED = 1 << 2,
  GATE_UNTIL = 1 << 3,
};

/* Each on a line of the cache of its own: an actor writes there all the time. */
typedef struct
{
  _Alignas(64) _Atomic guint32 status;
  _Atomic guint32 line;
  _Atomic guint32 receives;
  _Atomic guint32 signal, count; /* what it waits for */
  _Atomic gint32 pid;
  _Atomic guint32 steps_granted; /* to it by name */
  _Atomic guint32 key;           /* 0: not forked by an actor */
  _Atomic guint64 calls, steps;
  _Atomic gint64 start_ns;
  _Atomic guint32 parent;
  _Atomic guint32 reaped;
  _Atomic gint32 wanted_exit;
  _Atomic guint64 wanted_signals; /* a bit each */
} Slot;

struct _TramaTurns
{
  /* Goes up with every change; who has seen the old one and nothing newer may go. */
  _Alignas(64) _Atomic guint32 epoch;
  _Atomic guint32 nappers;
  _Atomic guint32 last;
  _Atomic guint32 steps_granted; /* to whose turn it is */
  _Atomic guint32 turns_taken;
  _Atomic gint64 next_step_ns; /* CLOCK_MONOTONIC; when paced */
  _Alignas(64) _Atomic guint32 gates;
  _Atomic guint32 until_line;
  _Atomic gint64 pace_ns;
  guint32 n_written; /* actors of the session; who is forked comes behind */
  guint32 order;     /* TramaSessionOrder */
  _Atomic guint32 failed;
  char failure[TRAMA_TURNS_FAILURE_BYTES];
  _Atomic guint32 signals[TRAMA_SESSION_MAX_SIGNALS];
  Slot slots[TRAMA_TURNS_MAX_ACTORS];
};

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
  turns->gates = order != TRAMA_ORDER_FREE ? GATE_ORDERED : 0;
  turns->last = G_MAXUINT32;
  for (guint i = n_actors; i < TRAMA_TURNS_MAX_ACTORS; i++)
    turns->slots[i].status = ACTOR_ENDED;
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

/* Where the gates are open nobody waits for a change. */
static void
set_status (TramaTurns *turns, guint actor, Status status)
{
  atomic_store_explicit (&turns->slots[actor].status, status, memory_order_release);
  if (atomic_load_explicit (&turns->gates, memory_order_relaxed) != 0)
    announce (turns);
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

  for (guint i = 0; i < TRAMA_TURNS_MAX_ACTORS; i++)
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
  set_status (turns, actor, ACTOR_IN_CALL);
  return TRUE;
}

static gboolean
try_held_gate (TramaTurns *turns, guint actor)
{
  if (take (&turns->slots[actor].steps_granted))
    return go (turns, actor);
  if (atomic_load (&turns->steps_granted) == 0 || !try_turn (turns, actor))
    return FALSE;
  take (&turns->steps_granted);
  return TRUE;
}

static gboolean
try_gate (TramaTurns *turns, guint actor)
{
  guint32 gates = atomic_load (&turns->gates);

  if (gates & GATE_HELD)
    return try_held_gate (turns, actor);
  if (gates & GATE_PACED && trama_monotonic_ns () < atomic_load (&turns->next_step_ns))
    return FALSE;
  if (!(gates & (GATE_ORDERED | GATE_PACED)))
    return go (turns, actor);
  if (!try_turn (turns, actor))
    return FALSE;
  if (gates & GATE_PACED)
    atomic_store (&turns->next_step_ns, trama_monotonic_ns () + atomic_load (&turns->pace_ns));
  return TRUE;
}

/* With all held and none granted a step, only a command changes something, and commands are announced. */
static gint64
choose_nap (TramaTurns *turns, gint64 nap_ns)
{
  guint32 gates = atomic_load (&turns->gates);

  if (gates & GATE_HELD && atomic_load (&turns->steps_granted) == 0)
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
  atomic_fetch_and (&turns->gates, ~(guint32) GATE_ORDERED);
  announce (turns);
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
  Slot *slot = &turns->slots[actor];

  atomic_store (&slot->receives, receives);
  if (atomic_load (&turns->gates) & GATE_UNTIL)
    reach_line (turns, line);
  set_status (turns, actor, ACTOR_AT_GATE);
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
  Slot *slot = &turns->slots[actor];

  count (&slot->calls);
  count (&slot->steps);
  atomic_store_explicit (&slot->line, line, memory_order_relaxed);
  if (atomic_load_explicit (&turns->gates, memory_order_relaxed) == 0)
    {
      atomic_store_explicit (&slot->status, ACTOR_IN_CALL, memory_order_release);
      return;
    }
  pass_gate (turns, actor, receives, line);
  count_turn (turns);
}

void
trama_turns_leave (TramaTurns *turns, guint actor)
{
  set_status (turns, actor, ACTOR_RUNNING);
}

void
trama_turns_pass (TramaTurns *turns, guint actor, guint line)
{
  Slot *slot = &turns->slots[actor];

  count (&slot->steps);
  atomic_store_explicit (&slot->line, line, memory_order_relaxed);
  if (!(atomic_load_explicit (&turns->gates, memory_order_relaxed) & GATE_UNTIL)
      || atomic_load (&turns->until_line) != line)
    return;
  pass_gate (turns, actor, FALSE, line);
  set_status (turns, actor, ACTOR_RUNNING);
}

void
trama_turns_rest (TramaTurns *turns, guint actor)
{
  set_status (turns, actor, ACTOR_RESTING);
}

void
trama_turns_resume (TramaTurns *turns, guint actor)
{
  set_status (turns, actor, ACTOR_RUNNING);
}

void
trama_turns_signal (TramaTurns *turns, guint signal)
{
  atomic_fetch_add (&turns->signals[signal], 1);
  announce (turns);
}

void
trama_turns_wait (TramaTurns *turns, guint actor, guint signal, guint times)
{
  atomic_store (&turns->slots[actor].signal, signal);
  atomic_store (&turns->slots[actor].count, times);
  set_status (turns, actor, ACTOR_WAITING);
  for (;;)
    {
      guint32 epoch = atomic_load (&turns->epoch);

      if (atomic_load (&turns->signals[signal]) >= times)
        break;
      nap (turns, epoch, LONG_NAP_NS);
    }
  set_status (turns, actor, ACTOR_RUNNING);
}

guint
trama_turns_add (TramaTurns *turns, guint actor, guint32 key)
{
  for (guint i = turns->n_written;
       i < MIN (turns->n_written + TRAMA_SESSION_MAX_FORKS, TRAMA_TURNS_MAX_ACTORS); i++)
    {
      Slot *slot = &turns->slots[i];
      guint32 none = 0;

      if (!atomic_compare_exchange_strong (&slot->key, &none, key))
        continue;
      atomic_store (&slot->start_ns, trama_realtime_ns ());
      atomic_store (&slot->parent, actor);
      set_status (turns, i, ACTOR_RUNNING);
      return i;
    }
  return TRAMA_TURNS_NOBODY;
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
trama_turns_fail (TramaTurns *turns, const char *message)
{
  guint32 none = 0;
  const char *end;

  if (!atomic_compare_exchange_strong (&turns->failed, &none, 1))
    return;
  g_strlcpy (turns->failure, message, sizeof turns->failure);
  /* Not in the middle of a character. */
  g_utf8_validate (turns->failure, -1, &end);
  turns->failure[end - turns->failure] = '\0';
  atomic_store (&turns->failed, 2);
}

void
trama_turns_end (TramaTurns *turns, guint actor)
{
  set_status (turns, actor, ACTOR_ENDED);
}

gint32
trama_turns_get_pid (TramaTurns *turns, guint actor)
{
  return atomic_load (&turns->slots[actor].pid);
}

gboolean
trama_turns_has_process (TramaTurns *turns, guint actor)
{
  const Slot *slot = &turns->slots[actor];

  return atomic_load (&slot->pid) != 0 && atomic_load (&slot->reaped) == 0
         && atomic_load (&slot->status) != ACTOR_ENDED;
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
      Slot *slot = &turns->slots[i];

      if (atomic_load (&slot->key) != 0 && atomic_load (&slot->parent) == actor
          && atomic_load (&slot->pid) == 0)
        trama_turns_end (turns, i);
    }
}

gboolean
trama_turns_is_wanted_end (TramaTurns *turns, guint actor, int status)
{
  const Slot *slot = &turns->slots[actor];

  if (WIFSIGNALED (status))
    return (atomic_load (&slot->wanted_signals) >> (WTERMSIG (status) % MAX_SIGNAL) & 1) != 0;
  return WEXITSTATUS (status) == 0 || WEXITSTATUS (status) == atomic_load (&slot->wanted_exit);
}

const char *
trama_turns_get_failure (TramaTurns *turns)
{
  return atomic_load (&turns->failed) == 2 ? turns->failure : NULL;
}

TramaPositionStatus
trama_turns_get_position (TramaTurns *turns, guint actor, guint *line)
{
  static const TramaPositionStatus positions[] = {
    [ACTOR_RUNNING] = TRAMA_POSITION_RUNNING, [ACTOR_AT_GATE] = TRAMA_POSITION_GATE,
    [ACTOR_IN_CALL] = TRAMA_POSITION_CALL,    [ACTOR_WAITING] = TRAMA_POSITION_WAITING,
    [ACTOR_RESTING] = TRAMA_POSITION_RUNNING, [ACTOR_ENDED] = TRAMA_POSITION_ENDED,
  };
  const Slot *slot = &turns->slots[actor];
  guint32 status = atomic_load (&slot->status);

  *line = status != ACTOR_ENDED ? atomic_load (&slot->line) : 0;
  return positions[status];
}

guint64
trama_turns_count_calls (TramaTurns *turns)
{
  guint64 calls = 0;

  for (guint i = 0; i < TRAMA_TURNS_MAX_ACTORS; i++)
    calls += atomic_load_explicit (&turns->slots[i].calls, memory_order_relaxed);
  return calls;
}

guint64
trama_turns_count_steps (TramaTurns *turns)
{
  guint64 steps = 0;

  for (guint i = 0; i < TRAMA_TURNS_MAX_ACTORS; i++)
    steps += atomic_load_explicit (&turns->slots[i].steps, memory_order_relaxed);
  return steps;
}

static void
take_back_steps (TramaTurns *turns)
{
  atomic_store (&turns->steps_granted, 0);
  for (guint i = 0; i < TRAMA_TURNS_MAX_ACTORS; i++)
    atomic_store (&turns->slots[i].steps_granted, 0);
}

void
trama_turns_hold (TramaTurns *turns)
{
  atomic_store (&turns->until_line, 0);
  atomic_fetch_or (&turns->gates, GATE_HELD);
  atomic_fetch_and (&turns->gates, ~(guint32) GATE_UNTIL);
  announce (turns);
}

void
trama_turns_run (TramaTurns *turns)
{
  take_back_steps (turns);
  atomic_store (&turns->until_line, 0);
  atomic_fetch_and (&turns->gates, ~(guint32) (GATE_HELD | GATE_UNTIL));
  announce (turns);
}

void
trama_turns_step (TramaTurns *turns, guint actor)
{
  if (!(atomic_load (&turns->gates) & GATE_HELD))
    return;
  atomic_fetch_add (
      actor < TRAMA_TURNS_MAX_ACTORS ? &turns->slots[actor].steps_granted : &turns->steps_granted, 1);
  announce (turns);
}

void
trama_turns_run_until (TramaTurns *turns, guint line)
{
  take_back_steps (turns);
  atomic_store (&turns->until_line, line);
  atomic_fetch_or (&turns->gates, GATE_UNTIL);
  atomic_fetch_and (&turns->gates, ~(guint32) GATE_HELD);
  announce (turns);
}

void
trama_turns_set_pace (TramaTurns *turns, guint pace_ms)
{
  atomic_store (&turns->pace_ns, (gint64) pace_ms * NS_PER_MS);
  atomic_store (&turns->next_step_ns, 0);
  if (pace_ms > 0)
    atomic_fetch_or (&turns->gates, GATE_PACED);
  else
    atomic_fetch_and (&turns->gates, ~(guint32) GATE_PACED);
  announce (turns);
}

gboolean
trama_turns_is_watched (TramaTurns *turns)
{
  return (atomic_load (&turns->gates) & (GATE_HELD | GATE_PACED | GATE_UNTIL)) != 0;
}

gboolean
trama_turns_is_standing (TramaTurns *turns)
{
  guint32 gates = atomic_load (&turns->gates);

  if (gates & GATE_HELD || !(gates & GATE_PACED))
    return (gates & GATE_HELD) != 0;
  for (guint i = 0; i < TRAMA_TURNS_MAX_ACTORS; i++)
    if (atomic_load (&turns->slots[i].status) == ACTOR_AT_GATE)
      return TRUE;
  return FALSE;
}
