/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/overview.h"
#include "ui/paint/theme.h"

#include <cairo.h>

/*
 * The overview into cairo, with its top left corner at the origin. Draws and nothing
 * else. Each function leaves the context as it found it, but for its path.
 */
void trama_paint_overview (cairo_t *cr, const TramaOverview *overview, const TramaTheme *theme);

/* Over it: the part from x0 to x1 is in view, and what is beside it steps back. */
void trama_paint_overview_range (cairo_t *cr,
                                 const TramaOverview *overview,
                                 const TramaTheme *theme,
                                 double x0,
                                 double x1);

/* Over it: the part from x0 to x1 is being chosen. */
void trama_paint_overview_brush (cairo_t *cr,
                                 const TramaOverview *overview,
                                 const TramaTheme *theme,
                                 double x0,
                                 double x1);

/* Over it: where something that is searched for was found, as trama_overview_find_hits has it. */
void trama_paint_overview_hits (cairo_t *cr,
                                const TramaOverview *overview,
                                const TramaTheme *theme,
                                const guint8 *hits);

/* Over it: the user has marked the moment at @x. */
void
trama_paint_overview_flag (cairo_t *cr, const TramaOverview *overview, const TramaTheme *theme, double x);
