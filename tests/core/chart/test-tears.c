/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart.h"

#include "tests/core/fixture.h"

/* Closes, @step_us apart: so many before a long wait, and as many behind it. The @failing-th of each fails. */
static TramaChart *
chart_new (guint n, gint64 step_us, guint failing, TramaFlowTable **table)
{
  const TramaChartOptions options = {
    .width_px = 1920, .height_px = 900, .ns_per_px = 1000, .text_scale = 1
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  guint32 actor = fixture_actor (fixture, "server");

  for (guint i = 0; i < 2 * n; i++)
    fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_CLOSE,
                                           .actor = actor,
                                           .entry_us = (i < n ? 0 : 9000) + step_us * (i % n),
                                           .exit_us = (i < n ? 0 : 9000) + step_us * (i % n) + 1,
                                           .fd = 3,
                                           .result = i % n == failing ? -1 : 0 });
  *table = trama_flow_table_new (fixture->store);
  return trama_chart_new (*table, &options);
}

static void
assert_clear (const TramaChart *chart, const TramaChartBar *bar, gboolean above)
{
  if (above)
    g_assert_cmpfloat (bar->label_y + 10 * chart->scale, <=, chart->tears[0].y0);
  else
    g_assert_cmpfloat (bar->label_y - 10 * chart->scale, >=, chart->tears[0].y1);
}

/* Three calls before a long wait: the words of the last ones may not slide onto the mark of the gap. */
static void
test_tears (void)
{
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaChart) chart = chart_new (3, 2, G_MAXUINT, &table);

  g_assert_cmpuint (chart->n_tears, ==, 1);
  for (guint i = 0; i < chart->n_bars; i++)
    {
      g_assert_true (chart->bars[i].has_words);
      assert_clear (chart, &chart->bars[i], i < 3);
    }
}

/* Where there are too many, those that say least go without, and what failed does not. */
static void
test_left_out (void)
{
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaChart) chart = chart_new (20, 2, 7, &table);
  guint n_words = 0;

  g_assert_cmpuint (chart->n_tears, ==, 1);
  g_assert_cmpuint (chart->n_bars, ==, 40);
  for (guint i = 0; i < 20; i++)
    {
      TramaRect bounds;

      if (chart->bars[i].has_words)
        assert_clear (chart, &chart->bars[i], TRUE);
      n_words += chart->bars[i].has_words;
      g_assert_true (trama_chart_get_bounds (chart, (TramaRef){ TRAMA_EVENT_CALL, i }, &bounds));
      g_assert_cmpfloat (bounds.y + bounds.height, <=, chart->tears[0].y0);
    }
  g_assert_true (chart->bars[7].has_words);
  g_assert_cmpuint (n_words, >, 3);
  g_assert_cmpuint (n_words, <, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/tears", test_tears);
  g_test_add_func ("/chart/tears/left-out", test_left_out);
  return g_test_run ();
}
