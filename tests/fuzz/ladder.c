/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart.h"
#include "core/chart/ladder_text.h"

#include "tests/fuzz/fuzz.h"

#include <math.h>

/* Every event can be gone to and is inside the body. */
static void
check_steps (const TramaChart *chart, TramaStore *store)
{
  guint limit = trama_store_n_packets (store) + trama_store_n_calls (store) + trama_store_n_notes (store);
  TramaRef ref = { 0 };

  for (guint i = 0; i <= limit; i++)
    {
      TramaRect bounds;

      ref = trama_chart_step (chart, ref, 1);
      if (ref.kind == 0)
        return;
      if (trama_chart_get_bounds (chart, ref, &bounds))
        g_assert_true (isfinite (bounds.x) && isfinite (bounds.y) && bounds.width >= 0 && bounds.height >= 0);
    }
  g_assert_not_reached (); /* the steps go round in a circle */
}

/* The picture of a whole capture, in numbers and in text. Its size chooses the scale. */
void
fuzz_one (const guint8 *data, gsize size)
{
  g_autoptr (TramaStore) store = fuzz_read_store (data, size);
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (store);
  const TramaChartOptions options = {
    .width_px = 1200, .height_px = 800, .text_scale = 1, .mode = (TramaScaleMode) (size % 3)
  };
  g_autoptr (TramaChart) chart = trama_chart_new (table, &options);
  g_autofree char *text = trama_ladder_text (table, 100, NULL, NULL, NULL);

  g_assert_true (isfinite (chart->body_px) && chart->body_px >= 0);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  check_steps (chart, store);
}
