/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart.h"

#include "tests/core/fixture.h"

/* Six calls before a long wait: the words of the last ones may not slide onto the mark of the gap. */
static void
test_tears (void)
{
  const TramaChartOptions options = {
    .width_px = 1920, .height_px = 900, .ns_per_px = 1000, .text_scale = 1
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaChart) chart = NULL;
  guint32 actor = fixture_actor (fixture, "server");

  for (guint i = 0; i < 12; i++)
    fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_CLOSE,
                                           .actor = actor,
                                           .entry_us = (i < 6 ? 0 : 9000) + 2 * i,
                                           .exit_us = (i < 6 ? 0 : 9000) + 2 * i + 1,
                                           .fd = 3 });
  table = trama_flow_table_new (fixture->store);
  chart = trama_chart_new (table, &options);
  g_assert_cmpuint (chart->n_tears, ==, 1);
  for (guint i = 0; i < chart->n_bars; i++)
    if (i < 6)
      g_assert_cmpfloat (chart->bars[i].label_y + 10 * chart->scale, <=, chart->tears[0].y0);
    else
      g_assert_cmpfloat (chart->bars[i].label_y - 10 * chart->scale, >=, chart->tears[0].y1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/tears", test_tears);
  return g_test_run ();
}
