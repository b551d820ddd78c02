/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/live/stretch.h"

#include "core/trace/parser.h"

#include <math.h>

/* At most so many powers of ten longer or shorter. */
#define POWERS_MAX 3

typedef struct
{
  TramaStore *store;
  GArray *times;     /* of gint64: all there are, each once, in order */
  GArray *stretched; /* of gint64: what becomes of each */
} Stretch;

typedef void (*TimeFunc) (gint64 *time_ns, gpointer user_data);

static void
each_time (TramaEvent *event, TimeFunc func, gpointer user_data)
{
  gint64 *times[2] = { NULL, NULL };

  switch (event->kind)
    {
    case TRAMA_EVENT_PACKET:
      times[0] = &event->packet.time_ns;
      break;
    case TRAMA_EVENT_GROUND:
      times[0] = &event->ground.time_ns;
      break;
    case TRAMA_EVENT_ACTOR:
      times[0] = &event->actor.start_ns;
      times[1] = &event->actor.end_ns;
      break;
    case TRAMA_EVENT_CALL:
    case TRAMA_EVENT_RETURN:
      times[0] = &event->call.entry_ns;
      times[1] = &event->call.exit_ns;
      break;
    case TRAMA_EVENT_SOCKET_STATE:
      times[0] = &event->state.time_ns;
      break;
    case TRAMA_EVENT_NOTE:
      times[0] = &event->note.time_ns;
      times[1] = &event->note.end_ns;
      break;
    case TRAMA_EVENT_CLOCK:
      times[0] = &event->clock.realtime_ns;
      break;
    case TRAMA_EVENT_OUTCOME:
      times[0] = &event->outcome.time_ns;
      break;
    case TRAMA_EVENT_STATISTICS:
      times[0] = &event->statistics.time_ns;
      break;
    case TRAMA_EVENT_POSITION:
      times[0] = &event->position.time_ns;
      break;
    case TRAMA_EVENT_INTERFACE:
    case TRAMA_EVENT_SESSION:
      break;
    }
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    if (times[i] != NULL && *times[i] != TRAMA_TIME_NONE)
      func (times[i], user_data);
}

static void
collect (gint64 *time_ns, gpointer user_data)
{
  g_array_append_val ((GArray *) user_data, *time_ns);
}

static void
collect_event (const TramaEvent *event, gpointer user_data)
{
  Stretch *self = user_data;
  TramaEvent copy = *event;

  each_time (&copy, collect, self->times);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static void
replace (gint64 *time_ns, gpointer user_data)
{
  const Stretch *self = user_data;
  guint at;

  g_array_binary_search (self->times, time_ns, compare_times, &at);
  *time_ns = g_array_index (self->stretched, gint64, at);
}

/* The clocks go on together: none was set. */
static void
append_event (const TramaEvent *event, gpointer user_data)
{
  Stretch *self = user_data;
  TramaEvent copy = *event;

  each_time (&copy, replace, self);
  if (copy.kind == TRAMA_EVENT_CLOCK)
    copy.clock.monotonic_ns += copy.clock.realtime_ns - event->clock.realtime_ns;
  trama_store_append (&copy, self->store);
}

/* What happened at one time still does, and nothing that took time takes none. */
static void
stretch_times (Stretch *self, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  const double powers = g_rand_double_range (random, 0, POWERS_MAX);
  gint64 time_ns = 0;

  g_array_sort (self->times, compare_times);
  for (guint i = 0; i < self->times->len; i++)
    {
      gint64 was_ns = g_array_index (self->times, gint64, i);
      gint64 wait_ns = was_ns - g_array_index (self->times, gint64, i - MIN (i, 1));
      double factor = pow (10, g_rand_double_range (random, -powers, powers));

      if (i == 0)
        time_ns = was_ns;
      else if (wait_ns > 0)
        time_ns += MAX (1, (gint64) ((double) wait_ns * factor));
      g_array_append_val (self->stretched, time_ns);
    }
}

static void
feed (TramaEventFunc func, gpointer user_data, const char *contents, gsize size)
{
  g_autoptr (TramaParser) parser = trama_parser_new (func, user_data);
  g_autoptr (GError) error = NULL;

  trama_parser_feed (parser, (const guint8 *) contents, size, &error);
}

TramaStore *
stretch_store_new (int fd, const char *contents, gsize size, guint32 seed)
{
  Stretch self = { .store = trama_store_new () };

  trama_store_set_bytes_fd (self.store, fd);
  if (seed == 0)
    {
      feed (trama_store_append, self.store, contents, size);
      return self.store;
    }
  self.times = g_array_new (FALSE, FALSE, sizeof (gint64));
  self.stretched = g_array_new (FALSE, FALSE, sizeof (gint64));
  feed (collect_event, &self, contents, size);
  stretch_times (&self, seed);
  feed (append_event, &self, contents, size);
  g_array_unref (self.times);
  g_array_unref (self.stretched);
  return self.store;
}
