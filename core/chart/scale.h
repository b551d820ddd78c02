/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart.h"

/*
 * Time to y: linear stretches of one slope, with the idle gaps between them
 * folded. A gap is worth folding when it would be drawn longer than the fold; which
 * ones that are is settled by the scale at which everything fits, so that zooming
 * does not fold what was open. Private to core/chart.
 */

typedef struct
{
  gint64 start_ns, end_ns;
  double y0, y1;
  gboolean folded;
  double before_px; /* of a fold: room above its tear for what hangs there */
} TramaStretch;

typedef struct
{
  GArray *stretches; /* of TramaStretch, in order, without holes */
  double ns_per_px;
  double height_px; /* with the padding above and below */
} TramaScale;

/* How high the tear of a fold is drawn, at scale 1. */
#define TRAMA_SCALE_TEAR_PX 20

/*
 * @moments: of TramaMoment, in order of time. @scale multiplies the sizes of the
 * design. Free with trama_scale_clear.
 */
void trama_scale_init (TramaScale *self, GArray *moments, const TramaChartOptions *options, double scale);
void trama_scale_clear (TramaScale *self);

/* Where the first tear below @y begins; G_MAXDOUBLE: there is none. */
double trama_scale_next_tear (const TramaScale *self, double y);

double trama_scale_y_of_time (const TramaScale *self, gint64 time_ns);
gint64 trama_scale_time_of_y (const TramaScale *self, double y);
