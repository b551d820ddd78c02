/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/panes.h"
#include "tests/core/fixture.h"

/* Twenty clients and their server, in a view that has room for a few of them. */

#define N_CLIENTS 20
#define VIEW_PX 1280.0

static const TramaChartOptions page = { .width_px = VIEW_PX, .height_px = 1000, .text_scale = 1 };

static TramaFlowTable *
make_table (Fixture *fixture)
{
  for (guint round = 0; round < 3; round++)
    for (guint i = 0; i < N_CLIENTS; i++)
      fixture_udp (fixture, round * 100 + i, (guint16) (40000 + i), 5000, "question");
  return trama_flow_table_new (fixture->store);
}

static TramaFlowSet *
make_set (void)
{
  guint32 flows[N_CLIENTS];

  for (guint32 i = 0; i < N_CLIENTS; i++)
    flows[i] = i;
  return trama_flow_set_new (flows, N_CLIENTS);
}

/* With those columns pinned. */
static TramaChart *
make_chart (TramaFlowTable *table, TramaFlowSet *set, const guint *pinned, guint n_pinned)
{
  TramaChartOptions options = page;
  g_autoptr (TramaChart) plain = NULL;
  g_autoptr (TramaLanes) lanes = NULL;

  options.flows = set;
  plain = trama_chart_new (table, &options);
  g_assert_cmpuint (plain->n_columns, ==, N_CLIENTS + 1);
  for (guint i = 0; i < n_pinned; i++)
    {
      g_autoptr (TramaLanes) before = g_steal_pointer (&lanes);

      lanes = trama_lanes_new_pinned (before, plain->columns[pinned[i]].lane);
      g_assert_true (trama_lanes_is_pinned (lanes, plain->columns[pinned[i]].lane));
    }
  options.lanes = lanes;
  return trama_chart_new (table, &options);
}

/* They stand side by side within the view, each as wide as what it shows, and places go there and back. */
static void
check_panes (const TramaChart *chart, const GArray *panes, double scroll)
{
  double x0, x1;

  for (guint i = 0; i < panes->len; i++)
    {
      const TramaPane *pane = &g_array_index (panes, TramaPane, i);

      g_assert_cmpfloat (pane->view_x0, >=, i > 0 ? pane[-1].view_x1 - 1e-6 : 0);
      g_assert_cmpfloat (pane->view_x1, <=, VIEW_PX);
      g_assert_cmpfloat_with_epsilon (pane->view_x1 - pane->view_x0, pane->chart_x1 - pane->chart_x0, 1e-6);
      for (double x = pane->view_x0 + 1; x < pane->view_x1; x += 7)
        {
          double chart_x = trama_panes_to_chart (panes, scroll, x);

          g_assert_cmpfloat (chart_x, >=, pane->chart_x0);
          g_assert_cmpfloat (chart_x, <, pane->chart_x1);
          g_assert_cmpfloat_with_epsilon (trama_panes_to_view (panes, scroll, chart_x), x, 1e-6);
        }
    }
  trama_panes_get_rest (panes, VIEW_PX, &x0, &x1);
  g_assert_cmpfloat (x1 - x0, >=, VIEW_PX * 0.39);
  g_assert_cmpfloat_with_epsilon (trama_panes_to_chart (panes, scroll, (x0 + x1) / 2), (x0 + x1) / 2 + scroll,
                                  1e-6);
}

/* Wherever one looks, a pinned column is in view whole, and the times are. */
static void
test_stays (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = make_table (fixture);
  g_autoptr (TramaFlowSet) set = make_set ();
  const guint middle = N_CLIENTS / 2;
  g_autoptr (TramaChart) chart = make_chart (table, set, &middle, 1);

  g_assert_cmpfloat (chart->width_px, >, 3 * VIEW_PX);
  for (double scroll = 0; scroll <= chart->width_px - VIEW_PX; scroll += 50)
    {
      g_autoptr (GArray) panes = trama_panes_new (chart, scroll, VIEW_PX);
      const TramaChartColumn *column = &chart->columns[middle];
      double left = trama_panes_to_view (panes, scroll, column->x0);
      double right = trama_panes_to_view (panes, scroll, column->x1);

      check_panes (chart, panes, scroll);
      g_assert_cmpfloat (left, >=, 0);
      g_assert_cmpfloat (right, <=, VIEW_PX);
      g_assert_cmpfloat_with_epsilon (right - left, column->x1 - column->x0, 1e-6);
      g_assert_cmpfloat_with_epsilon (trama_panes_to_view (panes, scroll, 5), 5, 1e-6);
    }
}

/* What is not pinned moves, and where everything is in view nothing is in a pane. */
static void
test_nothing_pinned (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = make_table (fixture);
  g_autoptr (TramaFlowSet) set = make_set ();
  g_autoptr (TramaChart) chart = make_chart (table, set, NULL, 0);
  g_autoptr (GArray) at_begin = trama_panes_new (chart, 0, VIEW_PX);
  g_autoptr (GArray) scrolled = trama_panes_new (chart, 300, VIEW_PX);
  g_autoptr (GArray) all = trama_panes_new (chart, 0, chart->width_px);

  g_assert_cmpuint (at_begin->len, ==, 0);
  g_assert_cmpuint (all->len, ==, 0);
  g_assert_cmpuint (scrolled->len, ==, 1);
  g_assert_cmpfloat (g_array_index (scrolled, TramaPane, 0).chart_x1, ==, chart->gutter_px);
}

static guint
count_in_view (const TramaChart *chart, double y1, double x0, double x1)
{
  guint n = 0;

  for (guint i = 0; i < chart->n_arrows; i++)
    n += chart->arrows[i].y0 <= y1 && MIN (chart->arrows[i].x0, chart->arrows[i].x1) >= x0
         && MAX (chart->arrows[i].x0, chart->arrows[i].x1) <= x1;
  return n;
}

/* Nowhere is there more of what comes first; where all that comes is far on the right, one begins there. */
static void
test_start (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = make_table (fixture);
  g_autoptr (TramaFlowSet) set = make_set ();
  g_autoptr (TramaChart) chart = make_chart (table, set, NULL, 0);
  const double last = chart->width_px - VIEW_PX;
  guint n_moved = 0;

  for (guint i = 0; i < chart->n_arrows; i++)
    {
      const double y = chart->arrows[i].y0;
      const double scroll = trama_panes_find_start (chart, y, y, VIEW_PX);
      const guint n = count_in_view (chart, y, scroll > 0 ? scroll + chart->gutter_px : 0, scroll + VIEW_PX)
                      - count_in_view (chart, y - 1e-6, scroll > 0 ? scroll + chart->gutter_px : 0,
                                       scroll + VIEW_PX);

      g_assert_cmpfloat (scroll, >=, 0);
      g_assert_cmpfloat (scroll, <=, last);
      for (double other = 0; other <= last; other += 10)
        g_assert_cmpuint (count_in_view (chart, y, other + chart->gutter_px, other + VIEW_PX)
                              - count_in_view (chart, y - 1e-6, other + chart->gutter_px, other + VIEW_PX),
                          <=, n);
      n_moved += scroll > 0;
    }
  g_assert_cmpuint (n_moved, >, 0);
  g_assert_cmpfloat (trama_panes_find_start (chart, 0, chart->body_px, chart->width_px), ==, 0);
  g_assert_cmpfloat (trama_panes_find_start (chart, -20, -10, VIEW_PX), ==, 0);
}

/* Of too many there is room left for what moves. */
static void
test_too_many (void)
{
  static const guint pinned[] = { 0, 1, 2, 3, 5, 8, 13, 19, 20 };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = make_table (fixture);
  g_autoptr (TramaFlowSet) set = make_set ();
  g_autoptr (TramaChart) chart = make_chart (table, set, pinned, G_N_ELEMENTS (pinned));

  for (double scroll = 0; scroll <= chart->width_px - VIEW_PX; scroll += 50)
    {
      g_autoptr (GArray) panes = trama_panes_new (chart, scroll, VIEW_PX);

      check_panes (chart, panes, scroll);
      g_assert_cmpuint (panes->len, >=, 2);
    }
}

/* What is pinned stays so when columns are moved and folded, and is unpinned like that. */
static void
test_kept (void)
{
  static const gint32 shown[] = { 4, 0, 2 };
  g_autoptr (TramaLanes) pinned = trama_lanes_new_pinned (NULL, 2);
  g_autoptr (TramaLanes) moved = trama_lanes_new_moved (pinned, shown, G_N_ELEMENTS (shown), 0, 2);
  g_autoptr (TramaLanes) folded = trama_lanes_new_toggled (moved, 2);
  g_autoptr (TramaLanes) unpinned = trama_lanes_new_pinned (folded, 2);

  g_assert_false (trama_lanes_is_pinned (NULL, 2));
  g_assert_true (trama_lanes_is_pinned (moved, 2));
  g_assert_true (trama_lanes_is_pinned (folded, 2));
  g_assert_false (trama_lanes_is_pinned (folded, 4));
  g_assert_false (trama_lanes_is_pinned (unpinned, 2));
  g_assert_true (trama_lanes_is_folded (unpinned, 2));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/panes/stays", test_stays);
  g_test_add_func ("/chart/panes/start", test_start);
  g_test_add_func ("/chart/panes/nothing-pinned", test_nothing_pinned);
  g_test_add_func ("/chart/panes/too-many", test_too_many);
  g_test_add_func ("/chart/panes/kept", test_kept);
  return g_test_run ();
}
