/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart.h"
#include "core/chart/edge.h"
#include "core/chart/ladder.h"
#include "core/chart/overview.h"
#include "core/chart/panes.h"
#include "core/flow/builder.h"
#include "core/trace/parser.h"

#include "tests/fuzz/fuzz.h"

#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * The picture as somebody who looks at it makes it: a capture that grows, and what is changed between two pictures
 * of it. In the input, before the capture: how much of it is there at first, how it is looked at, a change each two
 * bytes, and how many of those there are.
 */
#define CHANGES_MAX 12
#define PARTS 5
#define PART_PX 512
#define HITS 7

typedef struct
{
  TramaStore *store;
  TramaParser *parser;
  TramaFlowBuilder *builder; /* NULL: every table is made anew */
  TramaFlowTable *table;
  TramaLadder *ladder;
  TramaChart *chart;
  TramaFlowSet *flows;
  TramaLanes *lanes;
  TramaChartOptions options;
} View;

/* The capture. */

static void
open_capture (View *view, const guint8 *data, gsize size)
{
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);

  view->store = trama_store_new ();
  view->parser = trama_parser_new (trama_store_append, view->store);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, data, size), ==, (gssize) size);
  g_assert_true (trama_store_set_bytes_fd (view->store, fd));
  close (fd);
}

/* A table in the making serves as long as there is one; else one is made of what has come. */
static void
update_table (View *view, gboolean complete)
{
  g_clear_pointer (&view->table, trama_flow_table_unref);
  if (view->builder != NULL && complete)
    view->table = trama_flow_builder_finish (g_steal_pointer (&view->builder));
  else if (view->builder != NULL)
    {
      while (trama_flow_builder_step (view->builder, 3))
        continue;
      view->table = trama_flow_builder_get_table (view->builder);
      if (view->table != NULL && trama_flow_table_count_amended (view->table) == 0)
        trama_flow_table_ref (view->table);
      else
        view->table = NULL;
    }
  if (view->table == NULL)
    view->table = trama_flow_table_new (view->store);
}

/* Pictures. */

static void
make_chart (View *view)
{
  TramaLadder *before = view->ladder;

  view->options.flows = view->flows;
  view->options.lanes = view->lanes;
  view->ladder = trama_ladder_new (view->table, &view->options, before);
  g_clear_pointer (&before, trama_ladder_unref);
  while (trama_ladder_follow (view->ladder, 5))
    continue;
  g_clear_pointer (&view->chart, trama_chart_unref);
  view->chart = trama_chart_new_for (view->ladder, &view->options);
}

static void
check_place (double x, double y)
{
  g_assert_true (isfinite (x) && isfinite (y));
}

static void
check_text (const char *text)
{
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
}

static void
check_events (const TramaChart *part, TramaStore *store)
{
  for (guint i = 0; i < part->n_bars; i++)
    {
      g_assert_cmpuint (part->bars[i].call, <, trama_store_n_calls (store));
      g_assert_cmpuint (part->bars[i].rail, <, part->n_rails);
      check_place (part->bars[i].y0, part->bars[i].y1);
      check_place (part->bars[i].label_y, part->bars[i].result_y);
      check_text (part->bars[i].args);
      check_text (part->bars[i].result);
    }
  for (guint i = 0; i < part->n_arrows; i++)
    {
      g_assert_cmpuint (part->arrows[i].packet, <, trama_store_n_packets (store));
      check_place (part->arrows[i].x0, part->arrows[i].y0);
      check_place (part->arrows[i].x1, part->arrows[i].y1);
      check_place (part->arrows[i].chip_x, part->arrows[i].chip_y);
      check_text (part->arrows[i].detail);
    }
}

static void
check_sums (const TramaChart *part)
{
  for (guint i = 0; i < part->n_densities; i++)
    {
      g_assert_cmpuint (part->densities[i].rail, <, part->n_rails);
      check_place (part->densities[i].y0, part->densities[i].y1);
      for (guint kind = 0; kind < TRAMA_CHART_DENSITY_KINDS; kind++)
        g_assert_true (isfinite (part->densities[i].length_px[kind]));
    }
  for (guint i = 0; i < part->n_crowds; i++)
    {
      g_assert_cmpuint (part->crowds[i].rail, <, part->n_rails);
      g_assert_true (part->crowds[i].busy >= 0 && part->crowds[i].busy <= 1.001);
      g_assert_true (part->crowds[i].slept >= 0 && part->crowds[i].slept <= 1.001);
    }
  for (guint i = 0; i < part->n_bands; i++)
    check_place (part->bands[i].y0, part->bands[i].y1);
  for (guint i = 0; i < part->n_notes; i++)
    check_place (part->notes[i].card_y, part->notes[i].height_px);
  for (guint i = 0; i < part->n_tears; i++)
    check_place (part->tears[i].y0, part->tears[i].y1);
  for (guint i = 0; i < part->n_ticks; i++)
    check_place (part->ticks[i].y, 0);
}

static void
check_part (View *view, double y)
{
  TramaChart *chart = view->chart;
  g_autoptr (TramaChart) part = trama_chart_get_part (chart, y, y + PART_PX);
  gint64 time_ns = trama_chart_time_of_y (chart, y);

  check_events (part, view->store);
  check_sums (part);
  g_assert_cmpint (time_ns, >=, chart->span.start_ns);
  g_assert_cmpint (time_ns, <=, chart->span.end_ns);
  g_assert_true (isfinite (trama_chart_y_of_time (chart, time_ns)));
  for (guint i = 0; i < HITS; i++)
    {
      TramaRef ref = trama_chart_hit (part, chart->width_px * i / HITS, y + PART_PX * (i % 3) / 3.0);

      g_assert_true (ref.kind != TRAMA_EVENT_PACKET || ref.index < trama_store_n_packets (view->store));
      g_assert_true (ref.kind != TRAMA_EVENT_CALL || ref.index < trama_store_n_calls (view->store));
    }
}

/* From the first event on, and from each to those that belong to it. */
static void
check_steps (View *view)
{
  TramaRef ref = { 0 };

  for (guint i = 0; i < 2 * CHANGES_MAX; i++)
    {
      TramaRect bounds;

      ref = trama_chart_step (view->chart, ref, 1);
      if (ref.kind == 0)
        return;
      if (trama_chart_get_bounds (view->chart, ref, &bounds))
        g_assert_true (isfinite (bounds.x) && isfinite (bounds.y) && bounds.width >= 0 && bounds.height >= 0);
      for (int direction = -1; direction <= 1; direction += 2)
        {
          TramaRef next = trama_chart_step_in_lane (view->chart, ref, direction);

          g_assert_true (next.kind != ref.kind || next.index != ref.index);
          trama_chart_on_path (view->chart, ref, trama_chart_step_along (view->chart, ref, direction));
          trama_chart_on_path (view->chart, ref, trama_chart_step_across (view->chart, ref, direction));
        }
    }
}

static void
check_panes (const TramaChart *chart)
{
  g_autoptr (GArray) panes = trama_panes_new (chart, chart->width_px / 3, chart->width_px / 2);
  double x0, x1;

  trama_panes_get_rest (panes, chart->width_px / 2, &x0, &x1);
  check_place (x0, x1);
  check_place (trama_panes_to_chart (panes, chart->width_px / 3, x0),
               trama_panes_to_view (panes, chart->width_px / 3, x1));
}

static void
check_chart (View *view)
{
  const TramaChart *chart = view->chart;

  g_assert_true (isfinite (chart->body_px) && chart->body_px >= 0);
  g_assert_true (isfinite (chart->ns_per_px) && chart->ns_per_px >= 0);
  for (guint i = 0; i < chart->n_columns; i++)
    check_text (chart->columns[i].subtitle);
  for (guint i = 0; i < PARTS; i++)
    check_part (view, chart->body_px * i / PARTS);
  check_steps (view);
  check_panes (chart);
}

/* Changes. */

static void
change_scale (View *view, guint8 how)
{
  /* From a thousandth of a nanosecond to three hours a pixel, and all of it at once. */
  view->options.ns_per_px = how == 0 ? 0 : ldexp (1.0 / 1024, how % 54);
}

static void
change_mode (View *view, guint8 how)
{
  view->options.mode = (TramaScaleMode) (how % (TRAMA_SCALE_ROWS + 1));
}

static void
change_size (View *view, guint8 how)
{
  view->options.width_px = 1 + 37.5 * (how & 63);
  view->options.height_px = 1 + 700.25 * (how >> 6);
}

static void
change_text (View *view, guint8 how)
{
  view->options.text_scale = 0.5 + how / 64.0;
}

/* Every bit one of the first eight, or as many as a page has room for. */
static void
change_flows (View *view, guint8 how)
{
  guint32 flows[8];
  guint n = 0;

  for (guint32 i = 0; i < MIN (8, trama_flow_table_n_flows (view->table)); i++)
    if (how & 1 << i)
      flows[n++] = i;
  g_clear_pointer (&view->flows, trama_flow_set_unref);
  if (how == 0xff)
    view->flows = trama_flow_set_new_busiest (view->table, NULL);
  else if (n > 0)
    view->flows = trama_flow_set_new (flows, n);
}

static void
change_columns (View *view, guint8 how)
{
  TramaLanes *before = view->lanes;
  guint n = view->chart->n_columns;
  g_autofree gint32 *shown = g_new (gint32, n + 1);

  if (n == 0)
    return;
  for (guint i = 0; i < n; i++)
    shown[i] = view->chart->columns[i].lane;
  if (how < 86)
    view->lanes = trama_lanes_new_moved (before, shown, n, how % n, how / 7 % n);
  else if (how < 172)
    view->lanes = trama_lanes_new_toggled (before, shown[how % n]);
  else
    view->lanes = trama_lanes_new_pinned (before, shown[how % n]);
  g_clear_pointer (&before, trama_lanes_unref);
}

static void
change_remarks (View *view, guint8 how)
{
  TramaNotebook *notebook = trama_store_get_notebook (view->store);
  TramaRef first = trama_chart_step (view->chart, (TramaRef){ 0 }, 1);
  gint64 time_ns = trama_chart_time_of_y (view->chart, view->chart->body_px * how / 256);

  if (how & 1)
    trama_notebook_set_text (notebook, (TramaRef){ 0 }, time_ns, how & 2 ? "why?" : NULL);
  else if (first.kind == TRAMA_EVENT_PACKET || first.kind == TRAMA_EVENT_CALL)
    trama_notebook_set_marked (notebook, first, time_ns, (how & 2) != 0);
  else
    trama_notebook_set_marked (notebook, (TramaRef){ 0 }, time_ns, (how & 2) != 0);
}

static void
change (View *view, guint8 what, guint8 how)
{
  static void (*const changes[]) (View *, guint8) = { change_scale,  change_mode,  change_size,
                                                      change_text,   change_flows, change_columns,
                                                      change_remarks };

  changes[what % G_N_ELEMENTS (changes)](view, how);
}

/* What is beside the ladder. */

static void
check_edge (View *view)
{
  g_autoptr (TramaFindings) findings = trama_findings_new (view->table);
  g_autoptr (TramaEdge) edge = trama_edge_new (findings, view->flows);

  for (guint i = 0; i < PARTS; i++)
    {
      double y = view->chart->body_px * i / PARTS;
      g_autoptr (GArray) marks = trama_edge_get_marks (edge, view->chart, y, y + PART_PX);

      for (guint j = 0; j < marks->len; j++)
        {
          const TramaEdgeMark *mark = &g_array_index (marks, TramaEdgeMark, j);

          check_place (mark->x, mark->mark_y);
          g_assert_cmpuint (mark->first + mark->n, <=, trama_edge_n_places (edge));
        }
    }
}

static void
check_overview (View *view)
{
  const TramaOverviewOptions options = {
    .width_px = 1 + floor (view->options.width_px), .height_px = 90, .scale = 1, .mode = view->options.mode
  };
  g_autoptr (TramaDensity) density = trama_density_new (NULL, 0, 1);
  g_autoptr (TramaOverview) overview = NULL;

  while (trama_density_follow (density, view->table, 7))
    continue;
  overview = trama_overview_new (view->table, density, &options);
  for (guint i = 0; i < overview->n_pieces; i++)
    check_place (overview->pieces[i].x0, overview->pieces[i].x1);
  for (guint i = 0; i < overview->n_areas; i++)
    check_place (overview->areas[i], 0);
}

static void
view_clear (View *view)
{
  g_clear_pointer (&view->chart, trama_chart_unref);
  g_clear_pointer (&view->ladder, trama_ladder_unref);
  g_clear_pointer (&view->flows, trama_flow_set_unref);
  g_clear_pointer (&view->lanes, trama_lanes_unref);
  g_clear_pointer (&view->table, trama_flow_table_unref);
  g_clear_pointer (&view->builder, trama_flow_builder_free);
  g_clear_pointer (&view->parser, trama_parser_free);
  g_clear_pointer (&view->store, trama_store_unref);
}

void
fuzz_one (const guint8 *data, gsize size)
{
  guint32 part = fuzz_take (&data, &size, 1);
  guint32 n_changes = fuzz_take (&data, &size, 1);
  gboolean as_it_comes = (n_changes & 0x80) != 0;
  const guint8 *changes = data;
  gssize taken;
  View view = { .options = { .width_px = 1200, .height_px = 800, .text_scale = 1 } };

  n_changes = MIN (n_changes % CHANGES_MAX, size / 2);
  data += 2 * n_changes;
  size -= 2 * n_changes;
  open_capture (&view, data, size);
  if (as_it_comes)
    view.builder = trama_flow_builder_new (view.store);
  taken = trama_parser_feed (view.parser, data, size * part / 256, NULL);
  update_table (&view, FALSE);
  make_chart (&view);
  for (guint i = 0; i < n_changes; i++)
    {
      change (&view, changes[2 * i], changes[2 * i + 1]);
      make_chart (&view);
      check_chart (&view);
      if (i != n_changes / 2)
        continue;
      if (taken >= 0)
        trama_parser_feed (view.parser, data + taken, size - (gsize) taken, NULL);
      update_table (&view, TRUE);
      make_chart (&view);
    }
  check_chart (&view);
  check_edge (&view);
  check_overview (&view);
  view_clear (&view);
}
