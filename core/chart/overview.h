/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart.h"
#include "core/chart/density.h"
#include "core/flow/search/search.h"

/*
 * The whole trace on one strip, time to the right, as numbers: from the top down
 * the conversations as bars of setup, data and teardown, the marks of what must not
 * be missed, and the throughput as an area. What it holds is bounded by the pixels.
 *
 * Where there are more conversations than rows, they are merged: each pixel then
 * tells how many are in which phase. Resets and segments sent again have their marks
 * all the same.
 *
 * Time is folded as in the ladder while there are few enough events to be looked at
 * one by one, and else to scale. Immutable; arrays and strings are the overview's.
 */

typedef struct
{
  double width_px;
  double height_px;
  double scale; /* of the design's sizes; 1 */
  TramaScaleMode mode;
} TramaOverviewOptions;

/* A part of a conversation's bar. */
typedef struct
{
  guint32 flow;
  guint8 phase; /* TramaPhase */
  double x0, x1, y0, y1;
} TramaOverviewPiece;

/* One pixel of merged conversations. Stacked from the bottom up, in order of the phases. */
typedef struct
{
  double height_px[TRAMA_N_PHASES];
} TramaOverviewColumn;

/* Where others of its kind would cover it, it stands for them too. */
typedef struct
{
  guint8 kind;   /* TRAMA_SEGMENT_RST; TRAMA_SEGMENT_DATA: something was sent again; TRAMA_SEGMENT_ICMP */
  double x;      /* of the first */
  double last_x; /* of the last it stands for */
} TramaOverviewMark;

typedef struct
{
  double width_px, height_px;
  double scale;
  TramaSpan span; /* of the trace */
  double bars_y0, bars_y1;
  double marks_y; /* their centre */
  double area_y0, area_y1;

  guint n_pieces, n_columns, n_marks, n_areas;
  TramaOverviewPiece *pieces;   /* none when conversations are merged */
  TramaOverviewColumn *columns; /* one per pixel when they are, else none */
  TramaOverviewMark *marks;     /* by x */
  double *areas;    /* height of the throughput at each pixel: its square root, the peak is all of it */
  const char *peak; /* "12.3 MB/s"; NULL: there are no packets */
} TramaOverview;

/* @density: of that table, with one lane; what it has not taken in yet is not shown. */
TramaOverview *
trama_overview_new (TramaFlowTable *table, const TramaDensity *density, const TramaOverviewOptions *options);
void trama_overview_free (TramaOverview *overview);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaOverview, trama_overview_free)

/* Monotone; within the strip and the trace. */
double trama_overview_x_of_time (const TramaOverview *overview, gint64 time_ns);
gint64 trama_overview_time_of_x (const TramaOverview *overview, double x);

/* Of each pixel, whether there is a hit of @search; a new array of width_px, which the caller frees. */
guint8 *trama_overview_find_hits (const TramaOverview *overview, const TramaSearch *search);
