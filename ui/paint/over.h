/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart.h"
#include "ui/paint/theme.h"

#include <cairo.h>

/*
 * What is drawn over the body of a ladder while somebody works on it, in the chart's own
 * coordinates; on the screen and never on paper. Each function leaves the context as it
 * found it, but for its path.
 */

/* The part from y0 to y1 is being chosen. */
void trama_paint_range (cairo_t *cr, const TramaChart *chart, const TramaTheme *theme, double y0, double y1);

typedef struct
{
  double y0, y1;     /* from above */
  double x0;         /* where it begins: right of the times, wherever the chart has moved to */
  const char *label; /* "57.6 µs": the true time between them, whatever is folded */
  const char *from;  /* when each end is */
  const char *to;
} TramaMeasure;

/* A bracket between two moments; its label stays in the part that is in view. */
void trama_paint_measure (cairo_t *cr,
                          const TramaChart *chart,
                          const TramaTheme *theme,
                          const TramaMeasure *measure,
                          double view_y0,
                          double view_y1);
