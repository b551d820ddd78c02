/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/canvas.h"

/* Of the cross of who was killed. */
#define CROSS_PX 8

/* How much of the wire lies over a column that is not there yet. */
#define ABSENT_ALPHA 0.7

/* Before fork(2) there was nobody. */
static void
draw_absent (const TramaCanvas *canvas, const TramaChartLife *life)
{
  const TramaChartColumn *column = &canvas->chart->columns[life->column];
  const double s = canvas->scale;
  const double top = trama_canvas_clamp (canvas, 0);
  const double bottom = trama_canvas_clamp (canvas, life->y);

  trama_canvas_set_color (canvas, trama_color_with_alpha (canvas->theme->wire, ABSENT_ALPHA));
  trama_canvas_fill_rect (canvas, column->x0 + s, top, column->x1 - column->x0 - 2 * s, bottom - top);
  trama_canvas_set_color (canvas, canvas->theme->ink3);
  trama_canvas_fill_rect (canvas, column->x0, life->y - s, column->x1 - column->x0, 2 * s);
}

static void
draw_cross (const TramaCanvas *canvas, double x, double y)
{
  const double size = CROSS_PX * canvas->scale;

  cairo_move_to (canvas->cr, x - size, y - size);
  cairo_line_to (canvas->cr, x + size, y + size);
  cairo_move_to (canvas->cr, x + size, y - size);
  cairo_line_to (canvas->cr, x - size, y + size);
  cairo_set_line_width (canvas->cr, 3.4 * canvas->scale);
  trama_canvas_set_color (canvas, canvas->theme->segment[TRAMA_SEGMENT_RST]);
  trama_canvas_stroke (canvas);
}

/* What goes past a column that is not there yet would strike its words out. */
static void
clear_ground (const TramaCanvas *canvas, const TramaText *text, double x, double y, double align)
{
  double width, height;

  trama_text_measure (text, &width, &height);
  trama_canvas_set_color (canvas, trama_color_mix (canvas->theme->column, canvas->theme->wire, ABSENT_ALPHA));
  trama_canvas_fill_rect (canvas, x - align * width - 4 * canvas->scale, y - height / 2,
                          width + 8 * canvas->scale, height);
}

void
trama_canvas_draw_births (const TramaCanvas *canvas)
{
  for (guint i = 0; i < canvas->chart->n_lives; i++)
    if (!canvas->chart->lives[i].ends)
      draw_absent (canvas, &canvas->chart->lives[i]);
}

void
trama_canvas_draw_lives (const TramaCanvas *canvas)
{
  const double s = canvas->scale;

  for (guint i = 0; i < canvas->chart->n_lives; i++)
    {
      const TramaChartLife *life = &canvas->chart->lives[i];
      const TramaChartRail *rail = &canvas->chart->rails[canvas->chart->columns[life->column].first_rail];
      TramaText text = { life->label, TRAMA_TEXT_SUBTITLE, s };
      const double y = life->label_y;

      if (!trama_canvas_sees (canvas, y, life->y))
        continue;
      if (life->ends)
        draw_cross (canvas, (rail->bar_x0 + rail->bar_x1) / 2, life->y);
      if (rail->label_width_px <= 0 || life->label == NULL)
        continue;
      trama_text_shrink (&text, rail->label_width_px, 0.75);
      if (!life->ends)
        clear_ground (canvas, &text, rail->label_x, y, rail->direction < 0 ? 1 : 0);
      trama_canvas_set_color (canvas, canvas->theme->ink2);
      trama_canvas_text (canvas, &text, rail->label_x, y, rail->direction < 0 ? 1 : 0);
    }
}
