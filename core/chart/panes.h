/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart.h"

/*
 * What stays in view while a ladder that is wider than the view is moved sideways: the times at
 * its left edge, and every pinned column that would else be out of view, at the edge where it went.
 * A pane shows a part of the chart where another part would be. As numbers; nothing is drawn here.
 */
typedef struct
{
  double chart_x0, chart_x1; /* what it shows of the chart */
  double view_x0, view_x1;   /* where, as wide */
  gboolean at_end;           /* of the view: on its right */
} TramaPane;

/*
 * A new GArray of TramaPane, from left to right: @scroll_px of the chart are on the left of the
 * view, which is @view_px wide. They leave room for the rest: what is pinned beyond that moves.
 */
GArray *trama_panes_new (const TramaChart *chart, double scroll_px, double view_px);

/* Where in the chart a place of the view is. */
double trama_panes_to_chart (const GArray *panes, double scroll_px, double view_x);

/* Where in the view a place of the chart is seen, which may be outside of it. */
double trama_panes_to_view (const GArray *panes, double scroll_px, double chart_x);

/* Between which places of the view the chart moves. */
void trama_panes_get_rest (const GArray *panes, double view_px, double *x0, double *x1);

/*
 * How far to scroll sideways to what is to be seen first: so that of what stands between @y0 and
 * @y1 of @chart most is in view whole; as little as does, and 0 where all is in view, or nothing is.
 */
double trama_panes_find_start (const TramaChart *chart, double y0, double y1, double view_px);
