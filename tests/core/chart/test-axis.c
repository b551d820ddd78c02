/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart.h"
#include "tests/core/fixture.h"

#include <math.h>

#define S_US G_GINT64_CONSTANT (1000000)
#define N_TRACES 300
#define N_CALLS 12

/* Calls that take a microsecond. */
static TramaFlowTable *
table_new (const gint64 *times_us, guint n)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  guint32 actor = fixture_actor (fixture, "server");

  for (guint i = 0; i < n; i++)
    fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_CLOSE,
                                           .actor = actor,
                                           .entry_us = times_us[i],
                                           .exit_us = times_us[i] + 1,
                                           .fd = 3 });
  return trama_flow_table_new (fixture->store);
}

static TramaChart *
lay_out (TramaFlowTable *table, TramaScaleMode mode, double zoom)
{
  TramaChartOptions options = { .width_px = 1920, .height_px = 900, .text_scale = 1, .mode = mode };
  g_autoptr (TramaChart) fit = trama_chart_new (table, &options);

  options.ns_per_px = fit->ns_per_px * zoom;
  return trama_chart_new (table, &options);
}

/* Minutes after the first there is no room for the figures of a microsecond: then some rows say where they are, and others how far from those. */
static void
test_rows (void)
{
  static const gint64 times_us[] = { 0, 1200 * S_US + 100, 1200 * S_US + 400, 1200 * S_US + 1100 };
  static const char *const labels[] = { "0 µs",    "+1 µs",   "1200 s",    "+101 µs",
                                        "+400 µs", "+401 µs", "1200.001 s" };
  g_autoptr (TramaFlowTable) table = table_new (times_us, G_N_ELEMENTS (times_us));
  g_autoptr (TramaChart) chart = lay_out (table, TRAMA_SCALE_ROWS, 1);

  g_assert_cmpuint (chart->n_ticks, ==, G_N_ELEMENTS (labels));
  for (guint i = 0; i < chart->n_ticks; i++)
    {
      g_assert_cmpstr (chart->ticks[i].label, ==, labels[i]);
      g_assert_cmpint (chart->ticks[i].absolute, ==, labels[i][0] != '+');
    }
}

/* Of every length from a microsecond to some minutes. */
static gint64
random_wait_us (GRand *random)
{
  return (gint64) pow (10, g_rand_double_range (random, 0, 8.5));
}

static void
check_ticks (const TramaChart *chart, gboolean is_rows)
{
  const char *last = NULL;

  for (guint i = 0; i < chart->n_ticks; i++)
    if (is_rows || chart->ticks[i].absolute)
      {
        g_assert_cmpstr (chart->ticks[i].label, !=, last);
        last = chart->ticks[i].label;
      }
}

/* Whenever things happen, no two rows and no two bursts are at times that read the same. */
static void
test_times (void)
{
  static const double zooms[] = { 1, 0.1, 0.001 };
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint i = 0; i < N_TRACES; i++)
    {
      g_autoptr (TramaFlowTable) table = NULL;
      gint64 times_us[N_CALLS] = { 0 };

      for (guint call = 1; call < N_CALLS; call++)
        times_us[call] = times_us[call - 1] + random_wait_us (random);
      table = table_new (times_us, N_CALLS);
      for (guint k = 0; k < G_N_ELEMENTS (zooms); k++)
        {
          g_autoptr (TramaChart) rows = lay_out (table, TRAMA_SCALE_ROWS, zooms[k]);
          g_autoptr (TramaChart) folded = lay_out (table, TRAMA_SCALE_FOLDED, zooms[k]);

          check_ticks (rows, TRUE);
          check_ticks (folded, FALSE);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/axis/rows", test_rows);
  g_test_add_func ("/axis/times", test_times);
  return g_test_run ();
}
