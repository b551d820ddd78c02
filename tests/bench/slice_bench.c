/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is worked out of a trace a slice at a time, so that a window stays alive: how long the
 * longest slice is, in processor time, beside what a window can give it.
 *
 *   slice_bench [EVENTS [SHAPE]]
 */
#include "core/chart/density.h"
#include "core/chart/ladder.h"
#include "core/flow/builder.h"
#include "core/flow/links/links.h"
#include "tests/bench/shapes.h"

#include <stdio.h>
#include <time.h>

/* What a frame can give. */
#define LIMIT_MS 8

/* As the window asks for them. */
#define TABLE_PACKETS 5000
#define LADDER_PACKETS 2000
#define DENSITY_PACKETS 20000
#define LINK_EVENTS 2000

/* Of some more than 200,000 the window links nothing. */
#define MOST_LINKED 200000
#define LINKED_MAX 201000

typedef struct
{
  double sum_ms, max_ms;
  guint n, longest; /* which of them it was */
} Figures;

static double
get_work_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static void
add (Figures *figures, double begin_ms)
{
  double ms = get_work_ms () - begin_ms;

  if (ms > figures->max_ms)
    {
      figures->max_ms = ms;
      figures->longest = figures->n;
    }
  figures->sum_ms += ms;
  figures->n++;
}

static guint
tell (const char *what, const Figures *figures)
{
  gboolean is_missed = figures->max_ms > LIMIT_MS;

  printf ("  %-10s %9.1f in %6u slices, the longest %8.2f (number %u)%s\n", what, figures->sum_ms, figures->n,
          figures->max_ms, figures->longest, is_missed ? "  NOT met" : "");
  fflush (stdout);
  return is_missed;
}

static guint
measure_table (TramaStore *store, TramaFlowTable **table)
{
  Figures figures = { 0 };
  double begin_ms = get_work_ms ();
  TramaFlowBuilder *builder = trama_flow_builder_new (store);
  gboolean more;

  do
    {
      more = trama_flow_builder_step_to_end (builder, TABLE_PACKETS);
      add (&figures, begin_ms);
      begin_ms = get_work_ms ();
    }
  while (more);
  *table = trama_flow_builder_finish (builder);
  add (&figures, begin_ms);
  return tell ("table", &figures);
}

static guint
measure_ladder (TramaFlowTable *table)
{
  const TramaChartOptions options = { .width_px = 1920, .height_px = 1080 };
  Figures figures = { 0 };
  double begin_ms = get_work_ms ();
  g_autoptr (TramaLadder) ladder = trama_ladder_new (table, &options, NULL);
  gboolean more;

  do
    {
      add (&figures, begin_ms);
      begin_ms = get_work_ms ();
      more = trama_ladder_follow (ladder, LADDER_PACKETS);
    }
  while (more);
  add (&figures, begin_ms);
  return tell ("ladder", &figures);
}

static guint
measure_density (TramaFlowTable *table)
{
  Figures figures = { 0 };
  TramaDensity *density = trama_density_new (NULL, 0, 0);
  double begin_ms;
  gboolean more;

  do
    {
      begin_ms = get_work_ms ();
      more = trama_density_follow (density, table, DENSITY_PACKETS);
      add (&figures, begin_ms);
    }
  while (more);
  trama_density_free (density);
  return tell ("overview", &figures);
}

static guint
measure_links (TramaFlowTable *table)
{
  Figures figures = { 0 };
  double begin_ms = get_work_ms ();
  TramaLinksBuilder *builder = trama_links_builder_new (table);
  gboolean more;

  do
    {
      more = trama_links_builder_step (builder, LINK_EVENTS);
      add (&figures, begin_ms);
      begin_ms = get_work_ms ();
    }
  while (more);
  trama_links_unref (trama_links_builder_finish (builder));
  add (&figures, begin_ms);
  return tell ("links", &figures);
}

static guint
measure (const Shape *shape, guint n)
{
  g_autoptr (TramaStore) store = shape->make (n);
  g_autoptr (TramaFlowTable) table = NULL;
  guint n_missed;

  printf ("%s: %u packets and %u calls\n", shape->name, trama_store_n_packets (store),
          trama_store_n_calls (store));
  n_missed = measure_table (store, &table);
  n_missed += measure_ladder (table);
  n_missed += measure_density (table);
  if (trama_store_n_packets (store) + trama_store_n_calls (store) <= LINKED_MAX)
    n_missed += measure_links (table);
  return n_missed;
}

/* Ten times as many, and once as many as are linked at most. */
static guint
get_next (guint n)
{
  if (n < MOST_LINKED && n * 10 > MOST_LINKED)
    return MOST_LINKED;
  return n == MOST_LINKED ? 1000000 : n * 10;
}

int
main (int argc, char **argv)
{
  guint64 most = argc > 1 ? g_ascii_strtoull (argv[1], NULL, 10) : 1000000;
  guint n_missed = 0;

  for (const Shape *shape = shapes; shape->name != NULL; shape++)
    for (guint n = 10000; n <= MIN (most, shape->most) && (argc < 3 || g_str_equal (argv[2], shape->name));
         n = get_next (n))
      n_missed += measure (shape, n);
  printf ("in ms; no slice above %d; %u not met\n", LIMIT_MS, n_missed);
  return 0;
}
