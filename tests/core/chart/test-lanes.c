/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/labels.h"
#include "core/chart/ladder.h"
#include "core/chart/ladder_text.h"
#include "core/flow/flow.h"
#include "tests/core/chart/traces.h"

#include <signal.h>
#include <string.h>

static const TramaChartOptions page = { .width_px = 1920, .height_px = 1000, .text_scale = 1 };

/* Actors stand in the order of their numbers here, if at all: a number is no place. */
static const gint32 shown[] = { 4, 0, TRAMA_LANE_KERNEL, 2 };

static char *
arrange (const TramaLanes *lanes, const gint32 *columns, guint n)
{
  g_autofree gint32 *order = g_memdup2 (columns, n * sizeof *columns);
  GString *text = g_string_new (NULL);

  trama_lanes_arrange (lanes, order, n);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%d", i > 0 ? " " : "", order[i]);
  return g_string_free (text, FALSE);
}

static void
test_move (void)
{
  g_autoptr (TramaLanes) right = trama_lanes_new_moved (NULL, shown, 4, 0, 3);
  g_autoptr (TramaLanes) left = trama_lanes_new_moved (NULL, shown, 4, 2, 1);
  g_autofree char *as_laid_out = arrange (NULL, shown, 4);
  g_autofree char *moved_right = arrange (right, shown, 4);
  g_autofree char *moved_left = arrange (left, shown, 4);

  g_assert_cmpstr (as_laid_out, ==, "4 0 -1 2");
  g_assert_cmpstr (moved_right, ==, "0 -1 2 4");
  g_assert_cmpstr (moved_left, ==, "4 -1 0 2");
}

/* Somebody who came later stands where the layout puts him, and whoever is gone leaves no gap. */
static void
test_others (void)
{
  static const gint32 grown[] = { 4, 7, 0, TRAMA_LANE_KERNEL, 2 };
  static const gint32 fewer[] = { 4, 2 };
  g_autoptr (TramaLanes) lanes = trama_lanes_new_moved (NULL, shown, 4, 3, 0);
  g_autofree char *more = arrange (lanes, grown, G_N_ELEMENTS (grown));
  g_autofree char *less = arrange (lanes, fewer, G_N_ELEMENTS (fewer));
  g_autofree char *none = arrange (lanes, fewer, 0);

  g_assert_cmpstr (more, ==, "2 7 4 0 -1");
  g_assert_cmpstr (less, ==, "2 4");
  g_assert_cmpstr (none, ==, "");
}

static void
test_fold (void)
{
  g_autoptr (TramaLanes) moved = trama_lanes_new_moved (NULL, shown, 4, 0, 1);
  g_autoptr (TramaLanes) folded = trama_lanes_new_toggled (moved, 2);
  g_autoptr (TramaLanes) again = trama_lanes_new_moved (folded, shown, 4, 0, 2);
  g_autoptr (TramaLanes) unfolded = trama_lanes_new_toggled (folded, 2);

  g_assert_false (trama_lanes_is_folded (NULL, 2));
  g_assert_false (trama_lanes_is_folded (moved, 2));
  g_assert_true (trama_lanes_is_folded (folded, 2));
  g_assert_false (trama_lanes_is_folded (folded, 4));
  g_assert_true (trama_lanes_is_folded (again, 2));
  g_assert_false (trama_lanes_is_folded (unfolded, 2));
  g_assert_true (trama_lanes_is_same_order (moved, folded));
  g_assert_false (trama_lanes_is_same_order (folded, again));
  g_assert_false (trama_lanes_is_same_order (NULL, moved));
}

static guint
count_labels (const GArray *labels, guint32 kind)
{
  guint n = 0;

  for (guint i = 0; i < labels->len; i++)
    n += g_array_index (labels, TramaChartLabel, i).kind == kind;
  return n;
}

/* The last column becomes the first. */
static TramaLanes *
move_last (const TramaChart *chart, const TramaLanes *before)
{
  g_autofree gint32 *lanes = g_new (gint32, chart->n_columns);

  for (guint i = 0; i < chart->n_columns; i++)
    lanes[i] = chart->columns[i].lane;
  return trama_lanes_new_moved (before, lanes, chart->n_columns, chart->n_columns - 1, 0);
}

static gint32
lane_of (const TramaChart *chart, TramaRef ref)
{
  guint column = trama_chart_find_column (chart, ref);

  return column != G_MAXUINT ? chart->columns[column].lane : G_MININT32;
}

static gint32
lane_at (const TramaChart *chart, double x)
{
  for (guint i = 0; i < chart->n_rails; i++)
    if (chart->rails[i].line_x == x)
      return chart->columns[chart->rails[i].column].lane;
  g_assert_not_reached ();
}

/* Everything is drawn as before, with whom it was, wherever that is now. */
static void
check_same_events (const TramaChart *chart, const TramaChart *other)
{
  g_assert_cmpuint (chart->n_bars, ==, other->n_bars);
  g_assert_cmpuint (chart->n_arrows, ==, other->n_arrows);
  for (guint i = 0; i < chart->n_bars; i++)
    {
      TramaRef ref = { TRAMA_EVENT_CALL, chart->bars[i].call };

      g_assert_cmpint (lane_of (chart, ref), ==, lane_of (other, ref));
      g_assert_cmpint (lane_of (chart, ref), ==,
                       chart->columns[chart->rails[chart->bars[i].rail].column].lane);
    }
  for (guint i = 0; i < chart->n_arrows; i++)
    {
      const TramaChartArrow *arrow = &chart->arrows[i];

      g_assert_cmpuint (arrow->packet, ==, other->arrows[i].packet);
      g_assert_cmpint (lane_at (chart, arrow->x0), ==, lane_at (other, other->arrows[i].x0));
      g_assert_cmpint (lane_at (chart, arrow->x1), ==, lane_at (other, other->arrows[i].x1));
      g_assert_cmpint (lane_at (chart, arrow->x0), ==,
                       lane_of (chart, (TramaRef){ TRAMA_EVENT_PACKET, arrow->packet }));
    }
}

static void
check_columns (const TramaChart *chart)
{
  for (guint i = 0; i < chart->n_columns; i++)
    {
      const TramaChartColumn *column = &chart->columns[i];

      g_assert_cmpfloat (i == 0 ? chart->gutter_px : column[-1].x1, <, column->x0);
      for (guint rail = column->first_rail; rail < column->first_rail + column->n_rails; rail++)
        {
          g_assert_cmpuint (chart->rails[rail].column, ==, i);
          g_assert_cmpfloat (chart->rails[rail].bar_x0, >, column->x0);
          g_assert_cmpfloat (chart->rails[rail].bar_x1, <, column->x1);
          if (column->folded)
            {
              g_assert_cmpfloat (column->x1 - column->x0, <=, 70 * chart->scale);
              g_assert_cmpfloat (chart->rails[rail].label_width_px, ==, 0);
              g_assert_cmpfloat (chart->rails[rail].track_x0, ==, chart->rails[rail].track_x1);
            }
        }
    }
  for (guint i = 0; i < chart->n_bands; i++)
    g_assert_false (chart->columns[chart->rails[chart->bands[i].rail].column].folded);
  for (guint i = 0; i < chart->n_bars; i++)
    if (chart->columns[chart->rails[chart->bars[i].rail].column].folded)
      g_assert_cmpfloat (chart->bars[i].label_more_px, ==, 0);
}

static void
test_trace (gconstpointer data)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaChart) chart = NULL;
  g_autoptr (TramaChart) moved = NULL;
  g_autoptr (TramaChart) folded = NULL;
  g_autoptr (TramaLanes) order = NULL;
  g_autoptr (TramaLanes) fold = NULL;
  TramaChartOptions options = page;

  test_traces[GPOINTER_TO_UINT (data)].make (fixture);
  table = trama_flow_table_new (fixture->store);
  chart = trama_chart_new (table, &options);
  if (chart->n_columns == 0)
    return;
  options.lanes = order = move_last (chart, NULL);
  moved = trama_chart_new (table, &options);
  g_assert_cmpuint (moved->n_columns, ==, chart->n_columns);
  for (guint i = 0; i < chart->n_columns; i++)
    {
      guint now = (i + 1) % chart->n_columns;

      g_assert_cmpint (moved->columns[now].lane, ==, chart->columns[i].lane);
      g_assert_cmpstr (moved->columns[now].name, ==, chart->columns[i].name);
    }
  check_same_events (moved, chart);
  check_columns (moved);

  options.lanes = fold = trama_lanes_new_toggled (order, moved->columns[0].lane);
  folded = trama_chart_new (table, &options);
  g_assert_true (folded->columns[0].folded);
  g_assert_cmpfloat (folded->columns[0].x1 - folded->columns[0].x0, <,
                     moved->columns[0].x1 - moved->columns[0].x0);
  check_same_events (folded, chart);
  check_columns (folded);
}

/* In a folded column nothing is told in words, not even who was killed. */
static void
test_words (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaChart) chart = NULL;
  g_autoptr (TramaChart) folded = NULL;
  g_autoptr (TramaLanes) lanes = NULL;
  g_autoptr (GArray) before = NULL;
  g_autoptr (GArray) after = NULL;
  guint32 actor = fixture_actor (fixture, "victim");
  const TramaActor *was;
  TramaEvent end = { .kind = TRAMA_EVENT_ACTOR };
  TramaChartOptions options = page;

  fixture_call (
      fixture,
      &(FixtureCall){
          .name = TRAMA_CALL_READ, .actor = actor, .entry_us = 10, .exit_us = FIXTURE_NEVER, .fd = 3 });
  was = trama_store_find_actor (fixture->store, actor);
  end.actor = *was;
  end.actor.end_ns = fixture_time_ns (60);
  end.actor.status = SIGKILL;
  trama_store_append (&end, fixture->store);
  table = trama_flow_table_new (fixture->store);
  chart = trama_chart_new (table, &options);
  options.lanes = lanes = trama_lanes_new_toggled (NULL, chart->columns[0].lane);
  folded = trama_chart_new (table, &options);
  before = trama_chart_get_labels (chart);
  after = trama_chart_get_labels (folded);
  g_assert_cmpuint (folded->n_lives, ==, 1);
  g_assert_cmpuint (count_labels (before, TRAMA_LABEL_CALL), ==, 1);
  g_assert_cmpuint (count_labels (before, TRAMA_LABEL_LIFE), ==, 1);
  g_assert_cmpuint (count_labels (after, TRAMA_LABEL_CALL), ==, 0);
  g_assert_cmpuint (count_labels (after, TRAMA_LABEL_LIFE), ==, 0);
}

/* A fold needs no other ladder, an order does. */
static void
test_ladder (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaLadder) ladder = NULL;
  g_autoptr (TramaLadder) same = NULL;
  g_autoptr (TramaLadder) other = NULL;
  g_autoptr (TramaChart) chart = NULL;
  g_autoptr (TramaLanes) fold = trama_lanes_new_toggled (NULL, 0);
  g_autoptr (TramaLanes) order = NULL;
  TramaChartOptions options = page;

  make_workers (fixture);
  table = trama_flow_table_new (fixture->store);
  chart = trama_chart_new (table, &options);
  ladder = trama_ladder_new (table, &options, NULL);
  options.lanes = fold;
  same = trama_ladder_new (table, &options, ladder);
  g_assert_true (same == ladder);
  options.lanes = order = move_last (chart, NULL);
  other = trama_ladder_new (table, &options, ladder);
  g_assert_true (other != ladder);
}

/* In which column of the line of titles a name begins. */
static gssize
find_title (const char *text, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], "client") != NULL && strstr (lines[i], "server") != NULL)
      return strstr (lines[i], name) - lines[i];
  return -1;
}

static void
test_text (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaChart) chart = NULL;
  g_autoptr (TramaLanes) order = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  make_blocked (fixture);
  table = trama_flow_table_new (fixture->store);
  chart = trama_chart_new (table, &page);
  order = move_last (chart, NULL);
  before = trama_ladder_text (table, 100, NULL, NULL, NULL);
  after = trama_ladder_text (table, 100, order, NULL, NULL);
  g_assert_cmpint (find_title (before, "client"), >=, 0);
  g_assert_cmpint (find_title (before, "client"), <, find_title (before, "server"));
  g_assert_cmpint (find_title (after, "client"), >, find_title (after, "server"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lanes/move", test_move);
  g_test_add_func ("/lanes/others", test_others);
  g_test_add_func ("/lanes/fold", test_fold);
  for (guint i = 0; i < test_n_traces; i++)
    {
      g_autofree char *path = g_strconcat ("/lanes/trace/", test_traces[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_trace);
    }
  g_test_add_func ("/lanes/words", test_words);
  g_test_add_func ("/lanes/ladder", test_ladder);
  g_test_add_func ("/lanes/text", test_text);
  return g_test_run ();
}
