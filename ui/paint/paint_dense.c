/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/canvas.h"

/* Of the bars: arrows and words stand over them. */
#define DENSITY_ALPHA 0.55

/* A row with anything in it is seen. */
#define DENSITY_MIN_PX 2.5

/* A crowd of calls that took no time to speak of is seen too. */
#define CROWD_LEAST 0.18

/* The colour of each kind: data, other TCP, and the rest. */
static const guint8 segment_of_density[TRAMA_CHART_DENSITY_KINDS] = {
  TRAMA_SEGMENT_DATA,
  TRAMA_SEGMENT_ACK,
  TRAMA_SEGMENT_UDP,
};

/* The rows are as high as they say, or there would be seams between them. */
static void
draw_density (const TramaCanvas *canvas, const TramaChartDensity *density, guint kind)
{
  double from = 0, length = density->length_px[kind];

  if (length <= 0)
    return;
  for (guint before = 0; before < kind; before++)
    from += density->length_px[before];
  length = MAX (length, DENSITY_MIN_PX * canvas->scale);
  cairo_rectangle (canvas->cr, density->x + density->direction * from, density->y0,
                   density->direction * length, density->y1 - density->y0);
}

/* One fill for all of a colour; the soft edges of rectangles would add up. */
void
trama_canvas_draw_densities (const TramaCanvas *canvas)
{
  const cairo_antialias_t antialias = cairo_get_antialias (canvas->cr);

  cairo_set_antialias (canvas->cr, CAIRO_ANTIALIAS_NONE);
  for (guint kind = 0; kind < TRAMA_CHART_DENSITY_KINDS; kind++)
    {
      for (guint i = 0; i < canvas->chart->n_densities; i++)
        {
          const TramaChartDensity *density = &canvas->chart->densities[i];

          if (density->y1 >= canvas->y0 && density->y0 <= canvas->y1)
            draw_density (canvas, density, kind);
        }
      trama_canvas_set_color (
          canvas, trama_color_with_alpha (canvas->theme->segment[segment_of_density[kind]], DENSITY_ALPHA));
      trama_canvas_fill (canvas);
    }
  cairo_set_antialias (canvas->cr, antialias);
}

/* As wide as the row was busy; what of it was spent asleep has the colour of waiting. */
static void
draw_crowds (const TramaCanvas *canvas, gboolean slept)
{
  for (guint i = 0; i < canvas->chart->n_crowds; i++)
    {
      const TramaChartCrowd *crowd = &canvas->chart->crowds[i];
      const TramaChartRail *rail = &canvas->chart->rails[crowd->rail];
      const double width = rail->bar_x1 - rail->bar_x0;
      const double part = slept ? crowd->slept : MAX (crowd->busy, CROWD_LEAST);
      const double x = rail->direction > 0 ? rail->bar_x0 : rail->bar_x1;

      if (crowd->y1 >= canvas->y0 && crowd->y0 <= canvas->y1 && part > 0)
        cairo_rectangle (canvas->cr, x, crowd->y0, rail->direction * width * part, crowd->y1 - crowd->y0);
    }
  trama_canvas_set_color (canvas, slept ? canvas->theme->wait : canvas->theme->bar);
  trama_canvas_fill (canvas);
}

void
trama_canvas_draw_crowds (const TramaCanvas *canvas)
{
  const cairo_antialias_t antialias = cairo_get_antialias (canvas->cr);

  cairo_set_antialias (canvas->cr, CAIRO_ANTIALIAS_NONE);
  draw_crowds (canvas, FALSE);
  draw_crowds (canvas, TRUE);
  cairo_set_antialias (canvas->cr, antialias);
}

/* What is selected has an arrow, however much there is around it. */
void
trama_canvas_draw_selected (const TramaCanvas *canvas)
{
  const TramaChartArrow *arrow = &canvas->answers->selected;
  const double s = canvas->scale;

  if (!canvas->answers->has_selected || !trama_canvas_sees (canvas, arrow->y0, arrow->y1))
    return;
  cairo_move_to (canvas->cr, arrow->x0, arrow->y0);
  cairo_line_to (canvas->cr, arrow->x1, arrow->y1);
  trama_canvas_set_color (canvas, canvas->theme->selection);
  cairo_set_line_width (canvas->cr, 14 * s);
  cairo_set_line_cap (canvas->cr, CAIRO_LINE_CAP_ROUND);
  trama_canvas_stroke (canvas);
  cairo_set_line_cap (canvas->cr, CAIRO_LINE_CAP_BUTT);
  trama_canvas_draw_arrow (canvas, arrow);
}
