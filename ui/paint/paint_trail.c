/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/canvas.h"

/* What the selected event has to do with, and what it has not. */

#define VEIL_ALPHA 0.58
#define RIBBON_ALPHA 0.38

/* Everything that was drawn so far steps back, but for the times. */
void
trama_canvas_draw_veil (const TramaCanvas *canvas)
{
  trama_canvas_set_color (canvas, trama_color_with_alpha (canvas->theme->wire, VEIL_ALPHA));
  trama_canvas_fill_rect (canvas, canvas->chart->gutter_px, canvas->y0,
                          canvas->chart->width_px - canvas->chart->gutter_px, canvas->y1 - canvas->y0);
}

/* Between sockets of one kernel there is no wire: it lies along the line that is drawn there. */
static gboolean
is_inside (const TramaRibbon *ribbon)
{
  return ribbon->kind == TRAMA_LINKS_CARRIES || ribbon->kind == TRAMA_LINKS_PAIRS;
}

static void
trace_ribbon (const TramaCanvas *canvas, const TramaRibbon *ribbon)
{
  const double bend = is_inside (ribbon) ? 0 : (ribbon->x1 - ribbon->x0) / 2;
  cairo_t *cr = canvas->cr;

  cairo_move_to (cr, ribbon->x0, ribbon->top0);
  cairo_curve_to (cr, ribbon->x0 + bend, ribbon->top0, ribbon->x1 - bend, ribbon->top1, ribbon->x1,
                  ribbon->top1);
  cairo_line_to (cr, ribbon->x1, ribbon->bottom1);
  cairo_curve_to (cr, ribbon->x1 - bend, ribbon->bottom1, ribbon->x0 + bend, ribbon->bottom0, ribbon->x0,
                  ribbon->bottom0);
  cairo_close_path (cr);
}

static TramaColor
color_of (const TramaCanvas *canvas, const TramaRibbon *ribbon)
{
  return is_inside (ribbon) ? canvas->theme->ink2
                            : canvas->theme->segment[MIN (ribbon->segment, TRAMA_SEGMENT_OTHER)];
}

static void
draw_label (const TramaCanvas *canvas, const TramaRibbon *ribbon)
{
  const double s = canvas->scale;
  const double room = ABS (ribbon->x1 - ribbon->x0) - 12 * s;
  const double x = (ribbon->x0 + ribbon->x1) / 2;
  const double y = (ribbon->top0 + ribbon->bottom0 + ribbon->top1 + ribbon->bottom1) / 4;
  TramaText text = { .text = ribbon->label, .style = TRAMA_TEXT_STATE_NOTE, .scale = s };
  double width, height;

  trama_text_measure (&text, &width, &height);
  if (width > room)
    {
      text.text = ribbon->short_label;
      trama_text_measure (&text, &width, &height);
    }
  if (width > room)
    return;
  trama_canvas_set_color (canvas, canvas->theme->chip);
  trama_canvas_round_rect (canvas, x - width / 2 - 4 * s, y - height / 2 - s, width + 8 * s, height + 2 * s,
                           4 * s);
  trama_canvas_fill (canvas);
  trama_canvas_set_color (canvas, canvas->theme->ink);
  trama_canvas_text (canvas, &text, x, y, 0.5);
}

void
trama_canvas_draw_ribbons (const TramaCanvas *canvas)
{
  const TramaTrail *trail = canvas->painting->trail;

  for (guint i = 0; i < trama_trail_n_ribbons (trail); i++)
    {
      const TramaRibbon *ribbon = trama_trail_get_ribbon (trail, i);
      const TramaColor color = color_of (canvas, ribbon);

      if (!trama_canvas_sees (canvas, MIN (ribbon->top0, ribbon->top1),
                              MAX (ribbon->bottom0, ribbon->bottom1)))
        continue;
      trace_ribbon (canvas, ribbon);
      trama_canvas_set_color (canvas, trama_color_with_alpha (color, RIBBON_ALPHA));
      trama_canvas_fill_preserve (canvas);
      trama_canvas_set_color (canvas, color);
      cairo_set_line_width (canvas->cr, canvas->scale);
      trama_canvas_set_dash (canvas, NULL, 0);
      trama_canvas_stroke (canvas);
    }
}

/* Above the bars, so that no ribbon hides what another says. */
void
trama_canvas_draw_ribbon_labels (const TramaCanvas *canvas)
{
  const TramaTrail *trail = canvas->painting->trail;

  for (guint i = 0; i < trama_trail_n_ribbons (trail); i++)
    {
      const TramaRibbon *ribbon = trama_trail_get_ribbon (trail, i);

      if (!is_inside (ribbon)
          && trama_canvas_sees (canvas, MIN (ribbon->top0, ribbon->top1),
                                MAX (ribbon->bottom0, ribbon->bottom1)))
        draw_label (canvas, ribbon);
    }
}
