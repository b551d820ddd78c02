/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/slicer.h"

#include "tests/core/fixture.h"

/* Farther away than this from what was asked for nothing is in a slice, but for what is in all. */
#define FAR_PX 260

#define PIECE_PX 700

/* Near enough to look at steps of the kernel: several sections of slices high. */
static const TramaChartOptions near_by = {
  .width_px = 1920,
  .height_px = 1000,
  .text_scale = 1,
  .ns_per_px = 2,
};

static TramaChart *
chart_new (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  fixture_telephone (fixture);
  table = trama_flow_table_new (fixture->store);
  return trama_chart_new (table, &near_by);
}

static gboolean
has_arrow (const TramaChart *chart, const TramaChartArrow *arrow)
{
  for (guint i = 0; i < chart->n_arrows; i++)
    if (chart->arrows[i].packet == arrow->packet)
      return chart->arrows[i].y0 == arrow->y0 && chart->arrows[i].flags == arrow->flags;
  return FALSE;
}

static gboolean
has_bar (const TramaChart *chart, const TramaChartBar *bar)
{
  for (guint i = 0; i < chart->n_bars; i++)
    if (chart->bars[i].call == bar->call)
      return chart->bars[i].y1 == bar->y1 && chart->bars[i].name == bar->name;
  return FALSE;
}

static void
check_slice (const TramaChart *whole, const TramaChart *slice, double y0, double y1)
{
  for (guint i = 0; i < whole->n_arrows; i++)
    if (MAX (whole->arrows[i].y0, whole->arrows[i].y1) >= y0
        && MIN (whole->arrows[i].y0, whole->arrows[i].y1) <= y1)
      g_assert_true (has_arrow (slice, &whole->arrows[i]));
  for (guint i = 0; i < whole->n_bars; i++)
    if (whole->bars[i].y1 >= y0 && whole->bars[i].y0 <= y1)
      g_assert_true (has_bar (slice, &whole->bars[i]));
  for (guint i = 0; i < slice->n_arrows; i++)
    g_assert_true (MAX (slice->arrows[i].y0, slice->arrows[i].y1) >= y0 - FAR_PX
                   && MIN (slice->arrows[i].y0, slice->arrows[i].y1) <= y1 + FAR_PX);
  for (guint i = 0; i < slice->n_ticks; i++)
    g_assert_true (slice->ticks[i].y >= y0 - FAR_PX && slice->ticks[i].y <= y1 + FAR_PX);
  g_assert_cmpuint (slice->n_tears, ==, whole->n_tears);
  g_assert_cmpuint (slice->n_columns, ==, whole->n_columns);
  g_assert_cmpfloat (slice->body_px, ==, whole->body_px);
  g_assert_cmpfloat (trama_chart_y_of_time (slice, whole->span.end_ns), ==,
                     trama_chart_y_of_time (whole, whole->span.end_ns));
}

/* Piece by piece to the end, and once more from the middle: everything is in its slice. */
static void
test_pieces (void)
{
  g_autoptr (TramaChart) whole = chart_new ();
  g_autoptr (TramaSlicer) slicer = trama_slicer_new (whole);
  guint n_arrows = 0, n_seen = 0;

  g_assert_cmpfloat (whole->body_px, >, 20 * PIECE_PX);
  for (double y = 0; y < whole->body_px; y += PIECE_PX)
    {
      const TramaChart *slice = trama_slicer_get (slicer, y, y + PIECE_PX);

      check_slice (whole, slice, y, y + PIECE_PX);
      n_seen += slice->n_arrows;
      n_arrows = MAX (n_arrows, slice->n_arrows);
    }
  g_assert_cmpuint (n_seen, >=, whole->n_arrows);
  g_assert_cmpuint (n_arrows, <, whole->n_arrows);
  check_slice (whole, trama_slicer_get (slicer, whole->body_px / 2, whole->body_px / 2 + 10),
               whole->body_px / 2, whole->body_px / 2 + 10);
}

/* A slicer outlives whoever gave it its chart, and what was asked before. */
static void
test_owns (void)
{
  TramaChart *whole = chart_new ();
  g_autoptr (TramaSlicer) slicer = trama_slicer_new (whole);
  const double end = whole->body_px;
  const TramaChart *slice;

  trama_chart_unref (whole);
  trama_slicer_get (slicer, 0, 10);
  slice = trama_slicer_get (slicer, 0, end);
  g_assert_cmpuint (slice->n_arrows, >, 8);
  for (guint i = 0; i < slice->n_arrows; i++)
    g_assert_nonnull (slice->arrows[i].flags);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/slicer/pieces", test_pieces);
  g_test_add_func ("/chart/slicer/owns", test_owns);
  return g_test_run ();
}
