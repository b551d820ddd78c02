/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/canvas.h"

#include <math.h>

/* Of the flag at the edge of the times. */
#define FLAG_WIDTH_PX 15
#define FLAG_HEIGHT_PX 18
#define FLAG_NOTCH_PX 5

/* Of the line to the other side. */
#define LINE_ALPHA 0.45
#define DASH_PX 8
#define DASH_PERIOD_PX 13
#define DASHES_IN_PIECE 32

/* A shape of its own rather than a colour: whoever sees no colours finds it, and it prints. */
void
trama_canvas_draw_flag (const TramaCanvas *canvas, double x, double y)
{
  const double s = canvas->scale;
  const double half = FLAG_HEIGHT_PX * s / 2;

  cairo_new_sub_path (canvas->cr);
  cairo_move_to (canvas->cr, x, y - half);
  cairo_line_to (canvas->cr, x + FLAG_WIDTH_PX * s, y - half);
  cairo_line_to (canvas->cr, x + (FLAG_WIDTH_PX - FLAG_NOTCH_PX) * s, y);
  cairo_line_to (canvas->cr, x + FLAG_WIDTH_PX * s, y + half);
  cairo_line_to (canvas->cr, x, y + half);
  cairo_close_path (canvas->cr);
  trama_canvas_set_color (canvas, canvas->theme->ink);
  trama_canvas_fill (canvas);
}

static double
flag_x (const TramaCanvas *canvas)
{
  return canvas->chart->gutter_px - 4 * canvas->scale;
}

static void
draw_dashes (const TramaCanvas *canvas, gconstpointer data)
{
  const double period = trama_tiles_round (canvas->tiles, DASH_PERIOD_PX * canvas->scale);

  for (int i = 0; i < DASHES_IN_PIECE; i++)
    cairo_rectangle (canvas->cr, i * period, 0, DASH_PX * canvas->scale, 1);
  trama_canvas_set_color (canvas, trama_color_with_alpha (canvas->theme->ink, LINE_ALPHA));
  trama_canvas_fill (canvas);
}

/* As an image, a row of dashes takes no longer than one line; as lines, each of them takes its time. */
static void
fill_line (const TramaCanvas *canvas, double y, double width)
{
  static const char shape;
  const TramaTileKey key = { .shape = &shape };
  const double period = trama_tiles_round (canvas->tiles, DASH_PERIOD_PX * canvas->scale);

  trama_canvas_set_tile (canvas, &key, flag_x (canvas), y, DASHES_IN_PIECE * period, 1, draw_dashes, NULL);
  trama_canvas_fill_rect (canvas, flag_x (canvas), y - width / 2, canvas->chart->edge_x1 - flag_x (canvas),
                          width);
}

static void
draw_line (const TramaCanvas *canvas, const TramaChartMark *mark)
{
  static const double dashes[] = { DASH_PX, DASH_PERIOD_PX - DASH_PX };
  const double width = 1.2 * canvas->scale;

  if (canvas->tiles != NULL)
    {
      fill_line (canvas, mark->y, width);
      return;
    }
  trama_canvas_set_color (canvas, trama_color_with_alpha (canvas->theme->ink, LINE_ALPHA));
  trama_canvas_set_dash (canvas, dashes, G_N_ELEMENTS (dashes));
  cairo_set_line_width (canvas->cr, width);
  cairo_move_to (canvas->cr, flag_x (canvas), mark->y);
  cairo_line_to (canvas->cr, canvas->chart->edge_x1, mark->y);
  trama_canvas_stroke (canvas);
  cairo_set_dash (canvas->cr, NULL, 0, 0);
}

void
trama_canvas_draw_mark_lines (const TramaCanvas *canvas)
{
  for (guint i = 0; i < canvas->chart->n_marks; i++)
    if (fabs (canvas->chart->marks[i].y - (canvas->y0 + canvas->y1) / 2)
        < (canvas->y1 - canvas->y0) / 2 + 2 * canvas->scale)
      draw_line (canvas, &canvas->chart->marks[i]);
}

void
trama_canvas_draw_marks (const TramaCanvas *canvas)
{
  const double half = FLAG_HEIGHT_PX * canvas->scale / 2;

  for (guint i = 0; i < canvas->chart->n_marks; i++)
    {
      const double y = canvas->chart->marks[i].y;

      if (trama_canvas_sees (canvas, y - half, y + half))
        trama_canvas_draw_flag (canvas, flag_x (canvas), y);
    }
}

/* Slanted, its point at the lower left. */
void
trama_canvas_draw_pencil (const TramaCanvas *canvas, double x, double y)
{
  const double s = canvas->scale;
  cairo_t *cr = canvas->cr;

  trama_canvas_save (canvas);
  cairo_translate (cr, x, y);
  cairo_rotate (cr, G_PI_4);
  cairo_new_sub_path (cr);
  cairo_move_to (cr, -2.4 * s, -8 * s);
  cairo_line_to (cr, 2.4 * s, -8 * s);
  cairo_line_to (cr, 2.4 * s, 4 * s);
  cairo_line_to (cr, 0, 9 * s);
  cairo_line_to (cr, -2.4 * s, 4 * s);
  cairo_close_path (cr);
  cairo_move_to (cr, -2.4 * s, 4 * s);
  cairo_line_to (cr, 2.4 * s, 4 * s);
  cairo_move_to (cr, -2.4 * s, -5.4 * s);
  cairo_line_to (cr, 2.4 * s, -5.4 * s);
  trama_canvas_restore (canvas);
  trama_canvas_set_color (canvas, canvas->theme->ink2);
  cairo_set_line_width (cr, 1.4 * s);
  trama_canvas_stroke (canvas);
}
