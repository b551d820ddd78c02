/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/over.h"

void
trama_paint_range (cairo_t *cr, const TramaChart *chart, const TramaTheme *theme, double y0, double y1)
{
  cairo_save (cr);
  cairo_set_source_rgba (cr, theme->selection.red, theme->selection.green, theme->selection.blue,
                         theme->selection.alpha);
  cairo_rectangle (cr, 0, y0, chart->width_px, y1 - y0);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, theme->ink.red, theme->ink.green, theme->ink.blue);
  cairo_rectangle (cr, 0, y0, chart->width_px, 1);
  cairo_rectangle (cr, 0, y1 - 1, chart->width_px, 1);
  cairo_fill (cr);
  cairo_restore (cr);
}
