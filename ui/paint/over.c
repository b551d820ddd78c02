/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/over.h"

#include "ui/paint/text.h"

#include <math.h>

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

/* Sizes at scale 1. */
#define BRACKET_X_PX 28
#define BRACKET_ARM_PX 10
#define PILL_HEIGHT_PX 30
#define PILL_PADDING_PX 14
#define PILL_GAP_PX 2

/* A label with a ground of its own; @y is its middle. */
static void
draw_pill (cairo_t *cr, const TramaText *text, TramaColor ground, TramaColor ink, double x, double y)
{
  const double height = PILL_HEIGHT_PX * text->scale, padding = PILL_PADDING_PX * text->scale;
  const double radius = height / 2;
  double width;

  trama_text_measure (text, &width, NULL);
  width += 2 * padding;
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + radius, y, radius, G_PI_2, 3 * G_PI_2);
  cairo_arc (cr, x + width - radius, y, radius, -G_PI_2, G_PI_2);
  cairo_close_path (cr);
  cairo_set_source_rgb (cr, ground.red, ground.green, ground.blue);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, ink.red, ink.green, ink.blue);
  trama_text_draw (cr, text, x + padding, y, 0);
}

/* Its time is @away_px from @y, up when that is negative. */
static void
draw_end (cairo_t *cr,
          const TramaChart *chart,
          const TramaTheme *theme,
          double x0,
          double y,
          const char *time,
          double away_px)
{
  const double s = chart->scale;
  const TramaText text = { time, TRAMA_TEXT_DETAIL, s };

  cairo_rectangle (cr, x0, round (y) - 0.5, MAX (0, chart->edge_x0 - x0), 1);
  cairo_fill (cr);
  draw_pill (cr, &text, theme->chip, theme->ink, x0 + (BRACKET_X_PX + 8) * s, y + away_px);
  cairo_set_source_rgb (cr, theme->ink.red, theme->ink.green, theme->ink.blue);
}

void
trama_paint_measure (cairo_t *cr,
                     const TramaChart *chart,
                     const TramaTheme *theme,
                     const TramaMeasure *measure,
                     double view_y0,
                     double view_y1)
{
  const double s = chart->scale;
  const double x = measure->x0 + BRACKET_X_PX * s;
  const double top = MAX (measure->y0, view_y0 - 20), bottom = MIN (measure->y1, view_y1 + 20);
  const double half = PILL_HEIGHT_PX * s;
  /* Of ends that are near each other, so far that the length between them is not over their times. */
  const double away = MAX ((PILL_HEIGHT_PX / 2.0 + PILL_GAP_PX) * s,
                           (PILL_HEIGHT_PX + PILL_GAP_PX) * s - (measure->y1 - measure->y0) / 2);
  const TramaText label = { measure->label, TRAMA_TEXT_CALL_NAME, s };

  cairo_save (cr);
  cairo_set_source_rgba (cr, theme->selection.red, theme->selection.green, theme->selection.blue,
                         theme->selection.alpha / 2);
  cairo_rectangle (cr, measure->x0, top, MAX (0, chart->edge_x0 - measure->x0), MAX (0, bottom - top));
  cairo_fill (cr);
  cairo_set_source_rgb (cr, theme->ink.red, theme->ink.green, theme->ink.blue);
  if (measure->y0 >= view_y0)
    draw_end (cr, chart, theme, measure->x0, measure->y0, measure->from, -away);
  if (measure->y1 <= view_y1)
    draw_end (cr, chart, theme, measure->x0, measure->y1, measure->to, away);
  cairo_set_line_width (cr, 2 * s);
  cairo_move_to (cr, x + BRACKET_ARM_PX * s, top);
  cairo_line_to (cr, x, top);
  cairo_line_to (cr, x, bottom);
  cairo_line_to (cr, x + BRACKET_ARM_PX * s, bottom);
  cairo_stroke (cr);
  draw_pill (cr, &label, theme->ink, theme->column, x + 8 * s,
             CLAMP ((top + bottom) / 2, view_y0 + half, MAX (view_y0 + half, view_y1 - half)));
  cairo_restore (cr);
}
