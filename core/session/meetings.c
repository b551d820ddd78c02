/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/*
 * How far each actor comes if only signals hold it up. An actor's n-th wait for a
 * signal ends when that was given n times.
 */
typedef struct
{
  guint next[TRAMA_SESSION_MAX_ACTORS]; /* the meeting that an actor comes to */
  guint waited[TRAMA_SESSION_MAX_ACTORS][TRAMA_SESSION_MAX_SIGNALS];
  guint given[TRAMA_SESSION_MAX_SIGNALS];
} Walk;

static const TramaMeeting *
get_meeting (const TramaParser *parser, guint index)
{
  return &g_array_index (parser->meetings, TramaMeeting, index);
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

gboolean
trama_parser_read_meeting (TramaParser *parser, const char *example, TramaStepKind kind)
{
  TramaMeeting meeting = { .actor = parser->session->scripts->len, .is_wait = kind == TRAMA_STEP_WAIT };
  TramaStep step = { .kind = kind, .line = parser->line, .result = -1 };
  TramaToken name;

  if (!trama_parser_read_token (parser, TRAMA_TOKEN_WORD, example, &name)
      || !find_signal (parser, &name, &step.signal))
    return FALSE;
  meeting.signal = step.signal;
  meeting.at = name.at;
  g_array_append_val (parser->steps, step);
  g_array_append_val (parser->meetings, meeting);
  return TRUE;
}

static guint
count_signals (const TramaParser *parser, guint32 signal)
{
  guint count = 0;

  for (guint i = 0; i < parser->meetings->len; i++)
    count += !get_meeting (parser, i)->is_wait && get_meeting (parser, i)->signal == signal;
  return count;
}

static gboolean
fail_unsignalled (TramaParser *parser, const TramaMeeting *wait)
{
  TramaNearest nearest;

  trama_nearest_init (&nearest, signal_name (parser, wait->signal));
  for (guint i = 0; i < parser->session->signals->len; i++)
    if (count_signals (parser, i) > 0)
      trama_nearest_offer (&nearest, signal_name (parser, i));
  return trama_parser_fail_unknown (parser, wait->at, &nearest, _ ("nobody signals \"%s\""), nearest.written);
}

static gboolean
check_signalled (TramaParser *parser)
{
  gboolean given[TRAMA_SESSION_MAX_SIGNALS] = { FALSE };

  for (guint i = 0; i < parser->meetings->len; i++)
    if (!get_meeting (parser, i)->is_wait)
      given[get_meeting (parser, i)->signal] = TRUE;
  for (guint i = 0; i < parser->meetings->len; i++)
    if (!given[get_meeting (parser, i)->signal])
      return fail_unsignalled (parser, get_meeting (parser, i));
  return TRUE;
}

/* The meeting at which an actor stands, NULL when it has come to its end. */
static const TramaMeeting *
meeting_of (const TramaParser *parser, const Walk *walk, guint actor)
{
  const TramaMeeting *meeting;

  if (walk->next[actor] == parser->meetings->len)
    return NULL;
  meeting = get_meeting (parser, walk->next[actor]);
  return meeting->actor == actor ? meeting : NULL;
}

static gboolean
walk_actor (const TramaParser *parser, Walk *walk, guint actor)
{
  const TramaMeeting *meeting;
  gboolean moved = FALSE;

  while ((meeting = meeting_of (parser, walk, actor)) != NULL)
    {
      if (!meeting->is_wait)
        walk->given[meeting->signal]++;
      else if (walk->waited[actor][meeting->signal] < walk->given[meeting->signal])
        walk->waited[actor][meeting->signal]++;
      else
        break;
      walk->next[actor]++;
      moved = TRUE;
    }
  return moved;
}

static void
walk_all (const TramaParser *parser, Walk *walk)
{
  guint n_actors = parser->session->scripts->len;
  gboolean moved;

  for (guint i = parser->meetings->len; i > 0; i--)
    walk->next[get_meeting (parser, i - 1)->actor] = i - 1;
  do
    {
      moved = FALSE;
      for (guint i = 0; i < n_actors; i++)
        moved |= walk_actor (parser, walk, i);
    }
  while (moved);
}

static gboolean
fail_stuck (TramaParser *parser, const Walk *walk, const TramaMeeting *wait)
{
  const char *name = signal_name (parser, wait->signal);

  if (count_signals (parser, wait->signal) == walk->given[wait->signal])
    return trama_parser_fail (parser, wait->at,
                              _ ("this wait would never end: \"%s\" is not signalled so often"), name);
  return trama_parser_fail (parser, wait->at,
                            _ ("this wait would never end: \"%s\" is signalled only after it"), name);
}

gboolean
trama_parser_check_meetings (TramaParser *parser)
{
  Walk walk = { 0 };

  if (!check_signalled (parser))
    return FALSE;
  walk_all (parser, &walk);
  for (guint i = 0; i < parser->session->scripts->len; i++)
    {
      const TramaMeeting *stuck = meeting_of (parser, &walk, i);

      if (stuck != NULL)
        return fail_stuck (parser, &walk, stuck);
    }
  return TRUE;
}
