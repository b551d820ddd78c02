/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/panes.h"

/* Size of the design at scale 1: lifelines stand at the edges of columns, and arrows reach to them. */
#define MARGIN_PX 16

/* Of the view, what panes take at most. */
#define PART_MAX 0.6

static int
compare_panes (gconstpointer a, gconstpointer b)
{
  const TramaPane *x = a, *y = b;

  return x->view_x0 < y->view_x0 ? -1 : x->view_x0 > y->view_x0;
}

static TramaPane
pane_of_column (const TramaChart *chart, guint index)
{
  double margin = MARGIN_PX * chart->scale;

  return (TramaPane){ .chart_x0 = MAX (chart->columns[index].x0 - margin, chart->gutter_px),
                      .chart_x1 = chart->columns[index].x1 + margin };
}

static void
add_at (GArray *panes, TramaPane pane, double view_x0)
{
  pane.view_x0 = view_x0;
  pane.view_x1 = view_x0 + pane.chart_x1 - pane.chart_x0;
  g_array_append_val (panes, pane);
}

/* Returns where what is beside them begins. */
static double
add_at_begin (GArray *panes, const TramaChart *chart, double scroll_px, double *room)
{
  double edge = 0;

  if (scroll_px > 0 && chart->gutter_px <= *room)
    {
      add_at (panes, (TramaPane){ .chart_x1 = chart->gutter_px }, 0);
      edge = chart->gutter_px;
      *room -= edge;
    }
  for (guint i = 0; i < chart->n_columns; i++)
    {
      TramaPane pane = pane_of_column (chart, i);
      double width = pane.chart_x1 - pane.chart_x0;

      if (!chart->columns[i].pinned || pane.chart_x0 - scroll_px >= edge || width > *room)
        continue;
      add_at (panes, pane, edge);
      edge += width;
      *room -= width;
    }
  return edge;
}

static void
add_at_end (GArray *panes,
            const TramaChart *chart,
            double scroll_px,
            double view_px,
            double begin,
            double room)
{
  double edge = view_px;

  for (guint i = chart->n_columns; i-- > 0;)
    {
      TramaPane pane = pane_of_column (chart, i);
      double width = pane.chart_x1 - pane.chart_x0;

      pane.at_end = TRUE;
      if (!chart->columns[i].pinned || pane.chart_x1 - scroll_px <= edge || pane.chart_x0 - scroll_px < begin
          || width > room)
        continue;
      edge -= width;
      room -= width;
      add_at (panes, pane, edge);
    }
}

GArray *
trama_panes_new (const TramaChart *chart, double scroll_px, double view_px)
{
  GArray *panes = g_array_new (FALSE, FALSE, sizeof (TramaPane));
  double room = view_px * PART_MAX, begin;

  if (chart->width_px <= view_px)
    return panes;
  begin = add_at_begin (panes, chart, scroll_px, &room);
  add_at_end (panes, chart, scroll_px, view_px, begin, room);
  g_array_sort (panes, compare_panes);
  return panes;
}

double
trama_panes_to_chart (const GArray *panes, double scroll_px, double view_x)
{
  for (guint i = 0; i < panes->len; i++)
    {
      const TramaPane *pane = &g_array_index (panes, TramaPane, i);

      if (view_x >= pane->view_x0 && view_x < pane->view_x1)
        return view_x - pane->view_x0 + pane->chart_x0;
    }
  return view_x + scroll_px;
}

double
trama_panes_to_view (const GArray *panes, double scroll_px, double chart_x)
{
  for (guint i = 0; i < panes->len; i++)
    {
      const TramaPane *pane = &g_array_index (panes, TramaPane, i);

      if (chart_x >= pane->chart_x0 && chart_x < pane->chart_x1)
        return chart_x - pane->chart_x0 + pane->view_x0;
    }
  return chart_x - scroll_px;
}

void
trama_panes_get_rest (const GArray *panes, double view_px, double *x0, double *x1)
{
  *x0 = 0;
  *x1 = view_px;
  for (guint i = 0; i < panes->len; i++)
    {
      const TramaPane *pane = &g_array_index (panes, TramaPane, i);

      if (pane->at_end)
        *x1 = MIN (*x1, pane->view_x0);
      else
        *x0 = MAX (*x0, pane->view_x1);
    }
}

/* What a column says, of those in view from @x0 to @x1. */
static guint
count_bars (const TramaChart *chart, double y0, double y1, double x0, double x1)
{
  guint n = 0;

  for (guint i = 0; i < chart->n_bars; i++)
    {
      const TramaChartColumn *column = &chart->columns[chart->rails[chart->bars[i].rail].column];

      n += chart->bars[i].y1 >= y0 && chart->bars[i].y0 <= y1 && column->x0 >= x0 && column->x1 <= x1;
    }
  return n;
}

static guint
count_arrows (const TramaChart *chart, double y0, double y1, double x0, double x1)
{
  guint n = 0;

  for (guint i = 0; i < chart->n_arrows; i++)
    {
      const TramaChartArrow *arrow = &chart->arrows[i];

      n += arrow->y0 >= y0 && arrow->y0 <= y1 && MIN (arrow->x0, arrow->x1) >= x0
           && MAX (arrow->x0, arrow->x1) <= x1;
    }
  return n;
}

double
trama_panes_find_start (const TramaChart *chart, double y0, double y1, double view_px)
{
  const double last = chart->width_px - view_px;
  double best_px = 0;
  guint most;

  if (last <= 0)
    return 0;
  most = count_bars (chart, y0, y1, 0, view_px) + count_arrows (chart, y0, y1, 0, view_px);
  /* A long arrow has room only where its end stands beside the times. */
  for (guint i = 0; i < chart->n_columns + chart->n_rails; i++)
    {
      const double begin = i < chart->n_columns ? pane_of_column (chart, i).chart_x0
                                                : chart->rails[i - chart->n_columns].line_x - 1;
      const double scroll_px = CLAMP (begin - chart->gutter_px, 0, last);
      const double x0 = scroll_px + chart->gutter_px, x1 = scroll_px + view_px;
      const guint n = count_bars (chart, y0, y1, x0, x1) + count_arrows (chart, y0, y1, x0, x1);

      if (n <= most)
        continue;
      most = n;
      best_px = scroll_px;
    }
  return best_px;
}
