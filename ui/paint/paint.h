/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/edge.h"
#include "core/chart/trail.h"
#include "ui/paint/theme.h"

#include <cairo.h>

/*
 * A chart into cairo; the same on screen, SVG, PDF and PNG. Draws and nothing
 * else: no clock, no display. Each function leaves the context as it found it.
 */

typedef struct _TramaAnswers TramaAnswers;

typedef struct
{
  const TramaChart *chart; /* borrowed, as the rest */
  const TramaTheme *theme;
  TramaRef selected;       /* kind 0: nothing */
  struct _TramaSvg *svg;   /* written instead of the context, which lends its state; NULL: the context */
  const TramaEdge *edge;   /* what was found; NULL: nothing yet */
  double legend_width_px;  /* 0: as wide as the chart */
  const TramaTrail *trail; /* of what is selected: that is lit and the rest steps back; NULL: nothing does */
  const TramaAnswers *answers; /* NULL: the trace is asked while it is painted */
} TramaPainting;

/*
 * What trama_paint_body () has to ask of the trace. Once it was asked on the thread that the
 * trace belongs to, another may paint the same part, of a chart that is laid out there.
 */
TramaAnswers *trama_paint_ask (const TramaPainting *painting, double y0, double y1);
void trama_answers_free (TramaAnswers *answers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaAnswers, trama_answers_free)

/* The names of the columns and wires; chart->header_px high, its top at y = 0. */
void trama_paint_header (cairo_t *cr, const TramaPainting *painting);

/* The part of the body between y0 and y1, in the chart's own coordinates. */
void trama_paint_body (cairo_t *cr, const TramaPainting *painting, double y0, double y1);

/* The same without anything that happens. */
void trama_paint_ground (cairo_t *cr, const TramaPainting *painting, double y0, double y1);

/* What the shapes mean, in one strip of trama_paint_legend_height (). */
void trama_paint_legend (cairo_t *cr, const TramaPainting *painting);
double trama_paint_legend_height (const TramaPainting *painting);

/* A bit for each of them; as long as none changes, nor any size, the strip stays as it is. */
guint32 trama_paint_legend_contents (const TramaPainting *painting);
