/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/canvas.h"

#include <math.h>

/* What joins calls and packets, and calls with one another. */

#define HALO_PX 24
#define LINK_PX 2
#define DOTS_PERIOD_PX 6
#define DOTS_IN_PIECE 8

/* One path and one stroke: where its pieces meet, the yellow is no deeper. */
void
trama_canvas_draw_halo (const TramaCanvas *canvas)
{
  const TramaChart *chart = canvas->chart;
  cairo_t *cr = canvas->cr;

  if (canvas->painting->selected.kind == 0)
    return;
  for (guint i = 0; i < chart->n_links; i++)
    {
      const TramaChartLink *link = &chart->links[i];
      const double inwards = link->bar_x < link->line_x ? -8 : 8;

      if (!trama_canvas_sees (canvas, link->y, link->y)
          || !trama_canvas_on_path (canvas, TRAMA_EVENT_CALL, link->call)
          || !trama_canvas_on_path (canvas, TRAMA_EVENT_PACKET, link->packet))
        continue;
      cairo_move_to (cr, link->bar_x + inwards * canvas->scale, link->y);
      cairo_line_to (cr, link->line_x, link->y);
    }
  for (guint i = 0; i < chart->n_arrows; i++)
    {
      const TramaChartArrow *arrow = &chart->arrows[i];

      if (!trama_canvas_sees_arrow (canvas, arrow)
          || !trama_canvas_on_path (canvas, TRAMA_EVENT_PACKET, arrow->packet))
        continue;
      cairo_move_to (cr, arrow->x0, arrow->y0);
      cairo_line_to (cr, arrow->x1, arrow->y1);
    }
  for (guint i = 0; i < chart->n_carries; i++)
    {
      const TramaChartCarry *carry = &chart->carries[i];

      if (!trama_canvas_sees (canvas, carry->y0, carry->y1)
          || !trama_canvas_on_path (canvas, TRAMA_EVENT_CALL, carry->cause)
          || !trama_canvas_on_path (canvas, TRAMA_EVENT_CALL, carry->effect))
        continue;
      cairo_move_to (cr, carry->x0, carry->y0);
      cairo_line_to (cr, carry->x1, carry->y1);
    }
  trama_canvas_set_color (canvas, canvas->theme->selection);
  cairo_set_line_width (cr, HALO_PX * canvas->scale);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  trama_canvas_stroke (canvas);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
}

/* At the end of a link: of its colour, within one of the ground. */
static void
draw_dot (const TramaCanvas *canvas, gconstpointer color)
{
  const double s = canvas->scale;

  trama_canvas_set_color (canvas, canvas->theme->column);
  cairo_new_sub_path (canvas->cr);
  cairo_arc (canvas->cr, 0, 0, 6 * s, 0, 2 * G_PI);
  trama_canvas_fill (canvas);
  trama_canvas_set_color (canvas, *(const TramaColor *) color);
  cairo_arc (canvas->cr, 0, 0, 4.2 * s, 0, 2 * G_PI);
  trama_canvas_fill (canvas);
}

static void
draw_row_piece (const TramaCanvas *canvas, gconstpointer color)
{
  const double s = canvas->scale;
  const double period = trama_tiles_round (canvas->tiles, DOTS_PERIOD_PX * s);

  for (int i = 0; i < DOTS_IN_PIECE; i++)
    trama_canvas_round_rect (canvas, i * period, s, 4 * s, LINK_PX * s, s);
  trama_canvas_set_color (canvas, *(const TramaColor *) color);
  trama_canvas_fill (canvas);
}

static void
fill_row_of_dots (const TramaCanvas *canvas, const TramaChartLink *link, TramaColor color)
{
  static const char shape;
  const double s = canvas->scale;
  const double period = trama_tiles_round (canvas->tiles, DOTS_PERIOD_PX * s);
  const TramaTileKey key = { &shape, { link->kind }, { { 0 } } };

  trama_canvas_set_tile (canvas, &key, link->bar_x - s, link->y - LINK_PX * s, DOTS_IN_PIECE * period,
                         2 * LINK_PX * s, draw_row_piece, &color);
  trama_canvas_fill_rect (canvas, MIN (link->bar_x, link->line_x), link->y - LINK_PX * s,
                          fabs (link->line_x - link->bar_x), 2 * LINK_PX * s);
}

static void
stroke_row_of_dots (const TramaCanvas *canvas, const TramaChartLink *link)
{
  static const double dots[] = { 2, DOTS_PERIOD_PX - 2 };

  cairo_set_line_width (canvas->cr, LINK_PX * canvas->scale);
  cairo_set_line_cap (canvas->cr, CAIRO_LINE_CAP_ROUND);
  trama_canvas_set_dash (canvas, dots, G_N_ELEMENTS (dots));
  cairo_move_to (canvas->cr, link->bar_x, link->y);
  cairo_line_to (canvas->cr, link->line_x, link->y);
  trama_canvas_stroke (canvas);
  trama_canvas_set_dash (canvas, NULL, 0);
  cairo_set_line_cap (canvas->cr, CAIRO_LINE_CAP_BUTT);
}

void
trama_canvas_draw_link (const TramaCanvas *canvas, const TramaChartLink *link)
{
  static const char shape;
  const TramaColor color = canvas->theme->segment[MIN (link->kind, TRAMA_SEGMENT_OTHER)];
  const TramaColor line = trama_color_with_alpha (color, 0.9);
  const double s = canvas->scale;
  const TramaTileKey key = { &shape, { link->kind }, { { 0 } } };

  trama_canvas_set_color (canvas, line);
  if (!link->wakes)
    trama_canvas_fill_rect (canvas, MIN (link->bar_x, link->line_x), link->y - LINK_PX / 2.0 * s,
                            fabs (link->line_x - link->bar_x), LINK_PX * s);
  else if (canvas->tiles != NULL)
    fill_row_of_dots (canvas, link, line);
  else
    stroke_row_of_dots (canvas, link);
  trama_canvas_stamp (canvas, &key, link->line_x, link->y, 6 * s, draw_dot, &color);
}

void
trama_canvas_draw_links (const TramaCanvas *canvas)
{
  for (guint i = 0; i < canvas->chart->n_links; i++)
    if (trama_canvas_sees (canvas, canvas->chart->links[i].y, canvas->chart->links[i].y)
        && trama_canvas_wants (canvas, TRAMA_EVENT_CALL, canvas->chart->links[i].call)
        && trama_canvas_wants (canvas, TRAMA_EVENT_PACKET, canvas->chart->links[i].packet))
      trama_canvas_draw_link (canvas, &canvas->chart->links[i]);
}

/* Two rails and a solid head: a tube within the kernel, not a wire. */
void
trama_canvas_draw_carry (const TramaCanvas *canvas, const TramaChartCarry *carry)
{
  const double s = canvas->scale;
  const double length = hypot (carry->x1 - carry->x0, carry->y1 - carry->y0);
  const TramaAxis tail = { carry->x0, carry->y0, (carry->x1 - carry->x0) / MAX (length, 1),
                           (carry->y1 - carry->y0) / MAX (length, 1) };
  const TramaAxis head = { carry->x1, carry->y1, tail.ux, tail.uy };

  if (length < 4 * s)
    return;
  trama_canvas_set_color (canvas, canvas->theme->ink2);
  cairo_set_line_width (canvas->cr, 1.5 * s);
  for (int side = -1; side <= 1; side += 2)
    {
      trama_canvas_go (canvas, &tail, 5, 2.5 * side, FALSE);
      trama_canvas_go (canvas, &tail, length / s - 13, 2.5 * side, TRUE);
    }
  trama_canvas_stroke (canvas);
  trama_canvas_go (canvas, &head, -15, 7, FALSE);
  trama_canvas_go (canvas, &head, -2, 0, TRUE);
  trama_canvas_go (canvas, &head, -15, -7, TRUE);
  cairo_close_path (canvas->cr);
  trama_canvas_fill (canvas);
  cairo_new_sub_path (canvas->cr);
  cairo_arc (canvas->cr, carry->x0, carry->y0, 4.5 * s, 0, 2 * G_PI);
  trama_canvas_fill (canvas);
}

static void
draw_carry_label (const TramaCanvas *canvas, const TramaChartCarry *carry)
{
  const double s = canvas->scale;
  TramaText text = { carry->label, TRAMA_TEXT_ACK_DETAIL, s };

  trama_canvas_set_color (canvas, trama_canvas_ground_color (canvas, carry->label_y));
  trama_canvas_round_rect (canvas, carry->label_x - carry->label_width_px / 2, carry->label_y - 11 * s,
                           carry->label_width_px, 22 * s, 11 * s);
  trama_canvas_fill (canvas);
  trama_text_shrink (&text, carry->label_width_px - 4 * s, 0.75);
  trama_canvas_set_color (canvas, canvas->theme->ink);
  trama_canvas_text (canvas, &text, carry->label_x, carry->label_y, 0.5);
}

static gboolean
wants_carry (const TramaCanvas *canvas, const TramaChartCarry *carry)
{
  return trama_canvas_sees (canvas, carry->y0, carry->y1)
         && trama_canvas_wants (canvas, TRAMA_EVENT_CALL, carry->cause)
         && trama_canvas_wants (canvas, TRAMA_EVENT_CALL, carry->effect);
}

/* No line strikes out the label of another. */
void
trama_canvas_draw_carries (const TramaCanvas *canvas)
{
  const TramaChart *chart = canvas->chart;

  for (guint i = 0; i < chart->n_carries; i++)
    if (wants_carry (canvas, &chart->carries[i]))
      trama_canvas_draw_carry (canvas, &chart->carries[i]);
  for (guint i = 0; i < chart->n_carries; i++)
    if (chart->carries[i].label != NULL && wants_carry (canvas, &chart->carries[i]))
      draw_carry_label (canvas, &chart->carries[i]);
}
