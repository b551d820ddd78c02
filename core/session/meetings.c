/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>

/*
 * How far each process comes if nothing holds it up but signals: everything that
 * could end it early or make it wait otherwise is left out of account, so a wait
 * at which one stands in the end is never met. The walk is given up, and nothing
 * said, when it takes too long: a loop may go round a million times.
 */
#define MAX_MOVES (1u << 17)

#define MAX_PROCESSES (TRAMA_SESSION_MAX_ACTORS + TRAMA_SESSION_MAX_FORKS)

/* What matters of a step. */
typedef struct
{
  guint32 kind;     /* TramaStepKind; EXIT also where a signal is expected to end the actor */
  guint32 signal;   /* of SIGNAL and WAIT */
  guint32 other;    /* of REPEAT, FORK and END: the event of the other end */
  gint64 rounds;    /* of REPEAT */
  const char *at;   /* of SIGNAL and WAIT */
  const char *name; /* of FORK */
} Event;

typedef struct
{
  guint actor;
  const char *forked;                     /* its name; NULL: it is the actor itself */
  guint begin;                            /* its first event */
  guint next;                             /* past the last: it has come to its end */
  guint end;                              /* the event behind its last */
  guint depth;                            /* of the loops it is in */
  gint64 rounds[TRAMA_SESSION_MAX_DEPTH]; /* of each, left to go */
  guint waited[TRAMA_SESSION_MAX_SIGNALS];
} Process;

typedef struct
{
  GArray *events[TRAMA_SESSION_MAX_ACTORS]; /* owned, of Event */
  Process processes[MAX_PROCESSES];
  guint n_processes;
  guint n_actors; /* the first of the processes */
  guint given[TRAMA_SESSION_MAX_SIGNALS];
  guint n_moves;
} Walk;

static const TramaMeeting *
get_meeting (const TramaParser *parser, guint index)
{
  return &g_array_index (parser->meetings, TramaMeeting, index);
}

static const TramaScript *
get_script (const TramaParser *parser, guint actor)
{
  return &g_array_index (parser->session->scripts, TramaScript, actor);
}

static const TramaStep *
step_of (const TramaParser *parser, const TramaMeeting *meeting)
{
  return &get_script (parser, meeting->actor)->steps[meeting->step];
}

static const char *
signal_name (const TramaParser *parser, guint32 signal)
{
  return g_ptr_array_index (parser->session->signals, signal);
}

/* The number of a signal, which is new when nobody has named it before. */
static gboolean
find_signal (TramaParser *parser, const TramaToken *name, guint32 *signal)
{
  GPtrArray *signals = parser->session->signals;

  for (*signal = 0; *signal < signals->len; (*signal)++)
    if (strcmp (g_ptr_array_index (signals, *signal), name->text) == 0)
      return TRUE;
  if (signals->len == TRAMA_SESSION_MAX_SIGNALS)
    return trama_parser_exceed (parser, name->at, _ ("a session has at most %d signals"),
                                TRAMA_SESSION_MAX_SIGNALS);
  g_ptr_array_add (signals, (gpointer) name->text);
  return TRUE;
}

static gboolean
read_meeting (TramaParser *parser, const char *example, TramaStepKind kind)
{
  TramaMeeting meeting = { .actor = parser->session->scripts->len, .step = parser->steps->len };
  TramaToken name;
  guint32 signal;

  if (!trama_parser_read_token (parser, TRAMA_TOKEN_WORD, example, &name)
      || !find_signal (parser, &name, &signal))
    return FALSE;
  trama_parser_add_step (parser, kind)->signal = signal;
  meeting.at = name.at;
  g_array_append_val (parser->meetings, meeting);
  return TRUE;
}

gboolean
trama_parser_read_signal (TramaParser *parser, const char *at, const char *example)
{
  return read_meeting (parser, example, TRAMA_STEP_SIGNAL);
}

gboolean
trama_parser_read_wait (TramaParser *parser, const char *at, const char *example)
{
  return read_meeting (parser, example, TRAMA_STEP_WAIT);
}

static gboolean
fail_unsignalled (TramaParser *parser, const TramaMeeting *wait, const gboolean *given)
{
  TramaNearest nearest;

  trama_nearest_init (&nearest, signal_name (parser, step_of (parser, wait)->signal));
  for (guint i = 0; i < parser->session->signals->len; i++)
    if (given[i])
      trama_nearest_offer (&nearest, signal_name (parser, i));
  return trama_parser_fail_unknown (parser, wait->at, &nearest, _ ("nobody signals \"%s\""), nearest.written);
}

static gboolean
check_signalled (TramaParser *parser)
{
  gboolean given[TRAMA_SESSION_MAX_SIGNALS] = { FALSE };

  for (guint i = 0; i < parser->meetings->len; i++)
    {
      const TramaStep *step = step_of (parser, get_meeting (parser, i));

      given[step->signal] |= step->kind == TRAMA_STEP_SIGNAL;
    }
  for (guint i = 0; i < parser->meetings->len; i++)
    if (!given[step_of (parser, get_meeting (parser, i))->signal])
      return fail_unsignalled (parser, get_meeting (parser, i), given);
  return TRUE;
}

static void
add_event (GArray *events, guint32 kind, const TramaStep *step, const char *at)
{
  Event event = {
    .kind = kind, .signal = step->signal, .rounds = step->number, .at = at, .name = step->name
  };

  g_array_append_val (events, event);
}

/* A loop in which nothing matters is left out: going round it a million times would be in vain. */
static void
close_event (GArray *events, guint32 *open, guint *n_open)
{
  Event *head = &g_array_index (events, Event, open[--*n_open]);

  if (head->kind == TRAMA_STEP_REPEAT && head == &g_array_index (events, Event, events->len - 1))
    {
      g_array_set_size (events, events->len - 1);
      return;
    }
  head->other = events->len;
  g_array_append_val (events, ((Event){ .kind = TRAMA_STEP_END, .other = open[*n_open] }));
}

/* The events of an actor; @meeting is the next in the order of the text. */
static GArray *
collect_events (const TramaParser *parser, guint actor, guint *meeting)
{
  const TramaScript *script = get_script (parser, actor);
  GArray *events = g_array_new (FALSE, FALSE, sizeof (Event));
  guint32 open[TRAMA_SESSION_MAX_DEPTH];
  guint n_open = 0;

  for (guint i = 0; i < script->n_steps; i++)
    {
      const TramaStep *step = &script->steps[i];

      switch (step->kind)
        {
        case TRAMA_STEP_SIGNAL:
        case TRAMA_STEP_WAIT:
          add_event (events, step->kind, step, get_meeting (parser, (*meeting)++)->at);
          break;
        case TRAMA_STEP_REPEAT:
        case TRAMA_STEP_FORK:
          open[n_open++] = events->len;
          add_event (events, step->kind, step, NULL);
          break;
        case TRAMA_STEP_END:
          close_event (events, open, &n_open);
          break;
        case TRAMA_STEP_EXIT:
          add_event (events, TRAMA_STEP_EXIT, step, NULL);
          break;
        default:
          if (step->expect.kind == TRAMA_EXPECT_SIGNAL)
            add_event (events, TRAMA_STEP_EXIT, step, NULL);
          break;
        }
    }
  return events;
}

static const Event *
event_of (const Walk *walk, const Process *process)
{
  if (process->next >= process->end)
    return NULL;
  return &g_array_index (walk->events[process->actor], Event, process->next);
}

/* The child does the block and nothing else; its waits count from the first again. */
static void
fork_process (Walk *walk, Process *process, const Event *fork)
{
  guint first = process->next + 1;
  Process child = {
    .actor = process->actor, .forked = fork->name, .begin = first, .next = first, .end = fork->other
  };

  process->next = fork->other + 1;
  if (walk->n_processes == walk->n_actors + TRAMA_SESSION_MAX_FORKS)
    walk->n_moves = MAX_MOVES; /* the session fails there, and nothing is to be said of what follows */
  else
    walk->processes[walk->n_processes++] = child;
}

static void
end_round (Process *process, const Event *end)
{
  if (--process->rounds[process->depth - 1] > 0)
    process->next = end->other + 1;
  else
    {
      process->depth--;
      process->next++;
    }
}

/* FALSE at a wait that has not been met. */
static gboolean
move (Walk *walk, Process *process, const Event *event)
{
  switch (event->kind)
    {
    case TRAMA_STEP_WAIT:
      if (process->waited[event->signal] == walk->given[event->signal])
        return FALSE;
      process->waited[event->signal]++;
      process->next++;
      break;
    case TRAMA_STEP_SIGNAL:
      walk->given[event->signal]++;
      process->next++;
      break;
    case TRAMA_STEP_REPEAT:
      process->rounds[process->depth++] = event->rounds;
      process->next++;
      break;
    case TRAMA_STEP_END:
      end_round (process, event);
      break;
    case TRAMA_STEP_FORK:
      fork_process (walk, process, event);
      break;
    default:
      process->next = process->end;
      break;
    }
  return TRUE;
}

static gboolean
walk_process (Walk *walk, Process *process)
{
  const Event *event;
  gboolean moved = FALSE;

  while (walk->n_moves < MAX_MOVES && (event = event_of (walk, process)) != NULL
         && move (walk, process, event))
    {
      walk->n_moves++;
      moved = TRUE;
    }
  return moved;
}

static void
walk_all (Walk *walk)
{
  gboolean moved;

  do
    {
      moved = FALSE;
      for (guint i = 0; i < walk->n_processes; i++)
        moved |= walk_process (walk, &walk->processes[i]);
    }
  while (moved);
}

static gboolean
fail_stuck (TramaParser *parser, const Walk *walk, const Event *wait)
{
  const char *name = signal_name (parser, wait->signal);

  for (guint i = 0; i < walk->n_processes; i++)
    {
      const Process *process = &walk->processes[i];
      const GArray *events = walk->events[process->actor];

      /* In a loop what stands before it may come again. */
      for (guint k = process->depth > 0 ? process->begin : process->next; k < process->end; k++)
        if (g_array_index (events, Event, k).kind == TRAMA_STEP_SIGNAL
            && g_array_index (events, Event, k).signal == wait->signal)
          return trama_parser_fail (parser, wait->at,
                                    _ ("this wait would never end: \"%s\" is signalled only after it"), name);
    }
  return trama_parser_fail (parser, wait->at,
                            _ ("this wait would never end: \"%s\" is not signalled so often"), name);
}

/* Who is killed may wait for ever until then. Of those of one name it may be any. */
static gboolean
is_killed (const TramaParser *parser, const Process *process)
{
  for (guint i = 0; i < parser->kills->len; i++)
    {
      const TramaKill *kill = &g_array_index (parser->kills, TramaKill, i);
      const TramaStep *step = &get_script (parser, kill->actor)->steps[kill->step];
      gboolean hits = g_strcmp0 (step->name, process->forked) == 0
                      && (step->name != NULL || step->other == process->actor);

      if (hits && (step->number == SIGKILL || step->number == SIGTERM))
        return TRUE;
    }
  return FALSE;
}

static gboolean
check_walk (TramaParser *parser, const Walk *walk)
{
  if (walk->n_moves >= MAX_MOVES)
    return TRUE;
  for (guint i = 0; i < walk->n_processes; i++)
    {
      const Event *stuck = event_of (walk, &walk->processes[i]);

      if (stuck != NULL && !is_killed (parser, &walk->processes[i]))
        return fail_stuck (parser, walk, stuck);
    }
  return TRUE;
}

gboolean
trama_parser_check_meetings (TramaParser *parser)
{
  g_autofree Walk *walk = g_new0 (Walk, 1);
  guint n_actors = parser->session->scripts->len;
  guint meeting = 0;
  gboolean ok;

  if (!check_signalled (parser))
    return FALSE;
  for (guint i = 0; i < n_actors; i++)
    {
      walk->events[i] = collect_events (parser, i, &meeting);
      walk->processes[i] = (Process){ .actor = i, .end = walk->events[i]->len };
    }
  walk->n_actors = n_actors;
  walk->n_processes = n_actors;
  walk_all (walk);
  ok = check_walk (parser, walk);
  for (guint i = 0; i < n_actors; i++)
    g_array_unref (walk->events[i]);
  return ok;
}
