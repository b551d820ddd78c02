/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lab/actor.h"

#include "core/lab/expect.h"
#include "core/lab/memory.h"
#include "core/lab/record.h"
#include "core/trace/call.h"
#include "core/trace/span.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Plenty for a session, and little for the machine. */
#define MAX_DESCRIPTORS 1024
#define MAX_FILE_BYTES (1u << 20)

#define NS_PER_S G_GINT64_CONSTANT (1000000000)

#define EXIT_FAILED 1

/* A repeat that the actor is in. */
typedef struct
{
  guint first; /* step of its body */
  gint64 rounds_left;
} Repeat;

typedef struct
{
  const TramaStage *stage;
  guint index;
  const TramaScript *script;
  TramaCaller *caller;
  TramaMemory *memory;
  guint8 *record; /* with room for one */
  char *name;
  guint next; /* step */
  guint depth;
  Repeat repeats[TRAMA_SESSION_MAX_DEPTH];
  guint waits[TRAMA_SESSION_MAX_SIGNALS];
} Actor;

/*
 * What a forked process is called by: the first step of the session that forks one of
 * that name. Never 0.
 */
static guint32
find_fork_key (const TramaSession *session, const char *name)
{
  for (guint i = 0; i < trama_session_n_actors (session); i++)
    {
      const TramaScript *script = trama_session_get_actor (session, i);

      for (guint k = 0; k < script->n_steps; k++)
        if (script->steps[k].kind == TRAMA_STEP_FORK && strcmp (script->steps[k].name, name) == 0)
          return i * TRAMA_SESSION_MAX_STEPS + k + 1;
    }
  g_return_val_if_reached (1);
}

char *
trama_actor_get_name (const TramaSession *session, TramaTurns *turns, guint index)
{
  guint n_actors = trama_session_n_actors (session);
  guint32 key = trama_turns_get_key (turns, index);
  guint number = 1;
  const char *name;

  if (index < n_actors)
    return g_strdup (trama_session_get_actor (session, index)->name);
  name = trama_session_get_actor (session, (key - 1) / TRAMA_SESSION_MAX_STEPS)
             ->steps[(key - 1) % TRAMA_SESSION_MAX_STEPS]
             .name;
  for (guint i = n_actors; i < index; i++)
    number += trama_turns_get_key (turns, i) == key;
  return number == 1 ? g_strdup (name) : g_strdup_printf ("%s %u", name, number);
}

static void
on_event (const TramaEvent *event, gpointer user_data)
{
  Actor *actor = user_data;

  trama_ring_write (actor->stage->rings[actor->index], actor->record,
                    trama_record_pack (event, actor->record));
}

static TramaValue
number_value (gint64 number)
{
  return (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = number };
}

/* Those that a session may send for their effect on a call that blocks: it fails with EINTR, signal(7). */
static const int handled_signals[] = { SIGUSR1, SIGUSR2, SIGALRM, SIGURG };

static gboolean
is_handled (int number)
{
  for (gsize i = 0; i < G_N_ELEMENTS (handled_signals); i++)
    if (handled_signals[i] == number)
      return TRUE;
  return FALSE;
}

static void
do_nothing (int number)
{
}

static void
handle_signals (void)
{
  struct sigaction action = { .sa_handler = do_nothing };

  for (gsize i = 0; i < G_N_ELEMENTS (handled_signals); i++)
    sigaction (handled_signals[i], &action, NULL);
  signal (SIGPIPE, SIG_DFL);
}

static void
limit (__rlimit_resource_t resource, rlim_t value)
{
  struct rlimit limits;

  if (getrlimit (resource, &limits) < 0)
    return;
  limits.rlim_cur = limits.rlim_max = MIN (value, limits.rlim_max);
  setrlimit (resource, &limits);
}

/* The lab's death is the actor's, also when it came before this. */
static void
die_with_lab (const TramaStage *stage)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != stage->lab)
    _exit (EXIT_FAILED);
}

/* Standard input, output and error stay taken, as in any program; the output is not ours to write to. */
static void
leave_the_lab (const TramaStage *stage)
{
  int null = open ("/dev/null", O_RDWR);

  if (null >= 0)
    {
      dup2 (null, STDIN_FILENO);
      dup2 (null, STDOUT_FILENO);
    }
  close_range (3, ~0u, 0);
  die_with_lab (stage);
  handle_signals ();
  limit (RLIMIT_NOFILE, MAX_DESCRIPTORS);
  limit (RLIMIT_FSIZE, MAX_FILE_BYTES);
  limit (RLIMIT_CORE, 0);
}

/* What is still open the kernel closes at the end of the process, and the others go on only when
 * the lab has seen that. Who has closed everything need not keep them waiting. */
G_NORETURN static void
leave (Actor *actor, int status)
{
  if (!trama_caller_has_sockets (actor->caller))
    trama_turns_end (actor->stage->turns, actor->index);
  /* Not exit (): what the lab registered to happen at its end is the lab's. */
  _exit (status);
}

G_NORETURN static void
fail (Actor *actor, const TramaStep *step, const char *what)
{
  g_autofree char *message = NULL;

  /* Translators: who, the line of the session, what was wrong there. */
  message = g_strdup_printf (_ ("%s, line %u: %s"), actor->name, step->line, what);
  trama_turns_fail (actor->stage->turns, step->line, message);
  _exit (EXIT_FAILED);
}

static void
check (Actor *actor, const TramaStep *step, const TramaCall *call)
{
  g_autofree char *problem = trama_expect_check (step, call);

  if (problem != NULL)
    fail (actor, step, problem);
}

static void
make_call (Actor *actor, const TramaStep *step)
{
  gboolean receives = (trama_call_info (step->call)->traits & TRAMA_CALL_RECEIVES) != 0;
  gboolean deadly = step->expect.kind == TRAMA_EXPECT_SIGNAL;
  TramaCall call;

  trama_memory_prepare (actor->memory, step, &call);
  if (deadly)
    trama_turns_want_signal (actor->stage->turns, actor->index, step->expect.error, TRUE);
  trama_turns_enter (actor->stage->turns, actor->index, receives, step->line);
  trama_caller_call (actor->caller, &call);
  trama_turns_leave (actor->stage->turns, actor->index);
  if (deadly)
    trama_turns_want_signal (actor->stage->turns, actor->index, step->expect.error, FALSE);
  check (actor, step, &call);
  trama_memory_keep (actor->memory, step, &call);
}

/* The gate of a step that is no socket call but stands in the trace like one. */
static void
enter_gate (Actor *actor, const TramaStep *step)
{
  trama_turns_enter (actor->stage->turns, actor->index, FALSE, step->line);
}

static void
begin_call (Actor *actor, const TramaStep *step, TramaCall *call)
{
  call->line = step->line;
  call->n_args = trama_call_info (call->name)->n_parameters;
  trama_caller_begin (actor->caller, call);
}

static void
end_call (Actor *actor, const TramaStep *step, TramaCall *call, gint64 result)
{
  call->result = result;
  call->error = result < 0 ? errno : 0;
  trama_caller_end (actor->caller, call);
  trama_turns_leave (actor->stage->turns, actor->index);
  check (actor, step, call);
}

/* A child of the lab, as all actors are, so that the lab sees its end; as fork(2) in every other way. */
static pid_t
fork_sibling (gint32 *pid_place)
{
  return (pid_t) syscall (SYS_clone, CLONE_PARENT | CLONE_PARENT_SETTID | SIGCHLD, NULL, pid_place, NULL,
                          NULL);
}

/* It has everything its parent has, but that it is somebody else: it has waited for no signal yet. */
static void
become (Actor *actor, guint index)
{
  die_with_lab (actor->stage);
  actor->index = index;
  actor->name = trama_actor_get_name (actor->stage->session, actor->stage->turns, index);
  memset (actor->waits, 0, sizeof actor->waits);
  trama_turns_join (actor->stage->turns, index);
  trama_caller_become (actor->caller, index + 1);
  prctl (PR_SET_NAME, actor->name);
}

/* A limit of Trama's: an errno would put it in the kernel's mouth. */
G_NORETURN static void
fail_crowded (Actor *actor, const TramaStep *step)
{
  g_autofree char *message = g_strdup_printf (
      _ ("one session can fork %d processes at most; repeat it less often"), TRAMA_SESSION_MAX_FORKS);

  fail (actor, step, message);
}

static void
fork_actor (Actor *actor, const TramaStep *step)
{
  TramaTurns *turns = actor->stage->turns;
  TramaCall call = { .name = TRAMA_CALL_FORK };
  guint child;
  pid_t pid;

  enter_gate (actor, step);
  child = trama_turns_add (turns, actor->index, find_fork_key (actor->stage->session, step->name));
  if (child == TRAMA_TURNS_NOBODY)
    fail_crowded (actor, step);
  begin_call (actor, step, &call);
  pid = fork_sibling (trama_turns_get_pid_place (turns, child));
  if (pid == 0)
    {
      become (actor, child);
      return;
    }
  if (pid < 0)
    trama_turns_end (turns, child);
  end_call (actor, step, &call, pid);
  actor->next = step->other + 1;
}

static void
exit_actor (Actor *actor, const TramaStep *step)
{
  TramaCall call = { .name = TRAMA_CALL_EXIT, .args = { number_value (step->number) } };

  trama_turns_want_exit (actor->stage->turns, actor->index, (int) step->number);
  enter_gate (actor, step);
  begin_call (actor, step, &call);
  leave (actor, (int) step->number);
}

/* Through a descriptor of the process: by its number, another one could be hit that has it now. */
static int
send_signal (Actor *actor, guint other, int number)
{
  TramaTurns *turns = actor->stage->turns;
  int pidfd = pidfd_open (trama_turns_get_pid (turns, other), 0);
  int result = -1;

  errno = ESRCH;
  if (pidfd >= 0 && trama_turns_has_process (turns, other))
    {
      if (!is_handled (number))
        trama_turns_want_signal (turns, other, number, TRUE);
      result = pidfd_send_signal (pidfd, number, NULL, 0);
    }
  if (pidfd >= 0)
    {
      int error = errno;

      close (pidfd);
      errno = error;
    }
  return result;
}

/* Whom a step kills, as far as there is one by now. */
static guint
find_victim (Actor *actor, const TramaStep *step)
{
  const TramaSession *session = actor->stage->session;

  if (step->name == NULL)
    return step->other;
  return trama_turns_find_forked (actor->stage->turns, actor->index, find_fork_key (session, step->name),
                                  step->nth);
}

G_NORETURN static void
fail_unforked (Actor *actor, const TramaStep *step)
{
  g_autofree char *name = step->nth > 1 ? g_strdup_printf ("%s %u", step->name, step->nth)
                                        : g_strdup (step->name);
  /* Translators: a process. */
  g_autofree char *message = g_strdup_printf (_ ("\"%s\" cannot be killed: it was not forked yet"), name);

  fail (actor, step, message);
}

static void
kill_actor (Actor *actor, const TramaStep *step)
{
  TramaCall call = { .name = TRAMA_CALL_KILL };
  guint victim;

  enter_gate (actor, step);
  victim = find_victim (actor, step);
  if (victim == TRAMA_TURNS_NOBODY)
    fail_unforked (actor, step);
  trama_turns_await_process (actor->stage->turns, victim);
  call.args[0] = number_value (trama_turns_get_pid (actor->stage->turns, victim));
  call.args[1] = number_value (step->number);
  begin_call (actor, step, &call);
  end_call (actor, step, &call, send_signal (actor, victim, (int) step->number));
}

static void
give_signal (Actor *actor, const TramaStep *step)
{
  trama_turns_signal (actor->stage->turns, step->signal);
}

static void
wait_for_signal (Actor *actor, const TramaStep *step)
{
  trama_turns_wait (actor->stage->turns, actor->index, step->signal, ++actor->waits[step->signal]);
}

/* To its end, whatever signals come. */
static void
rest (Actor *actor, const TramaStep *step)
{
  gint64 end_ns = trama_monotonic_ns () + step->number;
  struct timespec end = { end_ns / NS_PER_S, end_ns % NS_PER_S };

  trama_turns_rest (actor->stage->turns, actor->index);
  while (clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR)
    ;
  trama_turns_resume (actor->stage->turns, actor->index);
}

static void
say (Actor *actor, const TramaStep *step)
{
  TramaEvent event = { .kind = TRAMA_EVENT_NOTE };

  event.note = (TramaNote){
    .time_ns = trama_realtime_ns (),
    .end_ns = TRAMA_TIME_NONE,
    .kind = TRAMA_NOTE_CAPTION,
    .actor = actor->index + 1,
    .text = trama_session_choose_text (step->texts, step->n_texts),
  };
  on_event (&event, actor);
}

static void
begin_repeat (Actor *actor, const TramaStep *step)
{
  if (step->number <= 0)
    actor->next = step->other + 1;
  else if (actor->depth < TRAMA_SESSION_MAX_DEPTH)
    actor->repeats[actor->depth++] = (Repeat){ actor->next, step->number };
}

static void
ignore_signal (Actor *actor, const TramaStep *step)
{
  signal ((int) step->number, SIG_IGN);
}

/* Only a child comes to the end of a fork. */
static void
end_block (Actor *actor, const TramaStep *step)
{
  Repeat *repeat;

  if (actor->script->steps[step->other].kind == TRAMA_STEP_FORK)
    leave (actor, 0);
  repeat = &actor->repeats[actor->depth - 1];
  if (--repeat->rounds_left > 0)
    actor->next = repeat->first;
  else
    actor->depth--;
}

typedef void (*TakeStep) (Actor *actor, const TramaStep *step);

static const TakeStep step_takers[] = {
  [TRAMA_STEP_CALL] = make_call,
  [TRAMA_STEP_SIGNAL] = give_signal,
  [TRAMA_STEP_WAIT] = wait_for_signal,
  [TRAMA_STEP_SLEEP] = rest,
  [TRAMA_STEP_SAY] = say,
  [TRAMA_STEP_REPEAT] = begin_repeat,
  [TRAMA_STEP_FORK] = fork_actor,
  [TRAMA_STEP_EXIT] = exit_actor,
  [TRAMA_STEP_KILL] = kill_actor,
  [TRAMA_STEP_IGNORE] = ignore_signal,
  [TRAMA_STEP_END] = end_block,
};

/* What stands in the trace as a call waits for its turn. */
static gboolean
has_gate (const TramaStep *step)
{
  return step->kind == TRAMA_STEP_CALL || step->kind == TRAMA_STEP_FORK || step->kind == TRAMA_STEP_EXIT
         || step->kind == TRAMA_STEP_KILL;
}

G_NORETURN static void
play (Actor *actor)
{
  while (actor->next < actor->script->n_steps)
    {
      const TramaStep *step = &actor->script->steps[actor->next++];

      if (!has_gate (step))
        trama_turns_pass (actor->stage->turns, actor->index, step->line);
      step_takers[step->kind](actor, step);
    }
  leave (actor, 0);
}

void
trama_actor_run (const TramaStage *stage, guint index)
{
  Actor *actor = g_new0 (Actor, 1);

  leave_the_lab (stage);
  trama_turns_join (stage->turns, index);
  actor->stage = stage;
  actor->index = index;
  actor->script = trama_session_get_actor (stage->session, index);
  actor->name = trama_actor_get_name (stage->session, stage->turns, index);
  actor->record = g_malloc (TRAMA_RECORD_MAX_BYTES);
  actor->memory = trama_memory_new (actor->script);
  actor->caller = trama_caller_new (index + 1, stage->flags, on_event, actor);
  trama_caller_share (actor->caller, stage->streams);
  prctl (PR_SET_NAME, actor->name);
  play (actor);
}
