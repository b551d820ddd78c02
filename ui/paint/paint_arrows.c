/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/canvas.h"

#include <math.h>

#define HALO_PX 24

/* Where one arrow follows the other so closely, those of what is frequent become thin, down to a part of themselves. */
#define THIN_PITCH_PX 8
#define THIN_LEAST 0.3
#define TAIL_LEAST 0.7 /* and thinner ones have no mark at their tail */

/* Of what is sent again, from the first head to the second, as a part of its length. */
#define SECOND_HEAD 0.6

/* Of what is lost, from the lifeline that it does not reach to the middle of its cross. */
#define LOST_PX 18
#define LOST_HALF_PX 7

/* No mark of an arrow reaches farther above or below it. */
#define REACH_PX 40

/* Of an arrow behind a column that it goes past. */
#define PASSING_ALPHA 0.3

typedef struct
{
  double x, y;   /* where it stands */
  double ux, uy; /* along the arrow */
} Mark;

typedef void (*TailFunc) (const TramaCanvas *canvas, const Mark *tail, TramaColor color);

/* How a kind of packet is told from the others without its colour. */
typedef struct
{
  double line_px;
  double head_px; /* length */
  double head_half_px;
  gboolean open_head;
  gboolean round;
  int n_dashes;
  double dashes[4];
  TailFunc tail;
} Shape;

/* From the middle of a mark, along the arrow and across it. */
static void
go (const TramaCanvas *canvas, const Mark *mark, double along, double across, gboolean draw)
{
  const double x = mark->x + (mark->ux * along - mark->uy * across) * canvas->scale;
  const double y = mark->y + (mark->uy * along + mark->ux * across) * canvas->scale;

  if (draw)
    cairo_line_to (canvas->cr, x, y);
  else
    cairo_move_to (canvas->cr, x, y);
}

static void
draw_circle_tail (const TramaCanvas *canvas, const Mark *tail, TramaColor color)
{
  const double s = canvas->scale;

  cairo_new_sub_path (canvas->cr);
  cairo_arc (canvas->cr, tail->x + 11 * s * tail->ux, tail->y + 11 * s * tail->uy, 6 * s, 0, 2 * G_PI);
  trama_canvas_set_color (canvas, trama_canvas_ground_color (canvas, tail->y));
  trama_canvas_fill_preserve (canvas);
  trama_canvas_set_color (canvas, color);
  cairo_set_line_width (canvas->cr, 3 * s);
  trama_canvas_stroke (canvas);
}

static void
draw_square_tail (const TramaCanvas *canvas, const Mark *tail, TramaColor color)
{
  const double s = canvas->scale;
  const double x = tail->x + 12 * s * tail->ux;
  const double y = tail->y + 12 * s * tail->uy;

  trama_canvas_round_rect (canvas, x - 6 * s, y - 6 * s, 12 * s, 12 * s, 2.5 * s);
  trama_canvas_fill (canvas);
}

static void
draw_double_bar_tail (const TramaCanvas *canvas, const Mark *tail, TramaColor color)
{
  cairo_set_line_width (canvas->cr, 3 * canvas->scale);
  for (int along = 10; along <= 17; along += 7)
    {
      go (canvas, tail, along, 8, FALSE);
      go (canvas, tail, along, -8, TRUE);
    }
  trama_canvas_stroke (canvas);
}

static void
draw_cross_tail (const TramaCanvas *canvas, const Mark *tail, TramaColor color)
{
  cairo_set_line_width (canvas->cr, 3.4 * canvas->scale);
  go (canvas, tail, 8, -6, FALSE);
  go (canvas, tail, 20, 6, TRUE);
  go (canvas, tail, 8, 6, FALSE);
  go (canvas, tail, 20, -6, TRUE);
  trama_canvas_stroke (canvas);
}

static void
draw_diamond_tail (const TramaCanvas *canvas, const Mark *tail, TramaColor color)
{
  go (canvas, tail, 4, 0, FALSE);
  go (canvas, tail, 12, 8, TRUE);
  go (canvas, tail, 20, 0, TRUE);
  go (canvas, tail, 12, -8, TRUE);
  cairo_close_path (canvas->cr);
  trama_canvas_fill (canvas);
}

static const Shape shapes[TRAMA_N_SEGMENT_KINDS] = {
  [TRAMA_SEGMENT_SYN] = { 3.4, 18, 8, .tail = draw_circle_tail },
  [TRAMA_SEGMENT_DATA] = { 5.5, 24, 11, .tail = draw_square_tail },
  [TRAMA_SEGMENT_ACK] = { 2.4, 12, 6, .open_head = TRUE },
  [TRAMA_SEGMENT_FIN] = { 3.4, 18, 8, .tail = draw_double_bar_tail },
  [TRAMA_SEGMENT_RST] = { 3.4, 18, 8, .n_dashes = 4, .dashes = { 20, 5, 4, 5 }, .tail = draw_cross_tail },
  [TRAMA_SEGMENT_UDP] = { 4, 18, 8, .n_dashes = 2, .dashes = { 13, 6 }, .tail = draw_diamond_tail },
  [TRAMA_SEGMENT_ICMP] = { 3.4, 18, 8, .round = TRUE, .n_dashes = 2, .dashes = { 3, 6 } },
  [TRAMA_SEGMENT_OTHER] = { 2, 12, 6, .open_head = TRUE, .round = TRUE, .n_dashes = 2, .dashes = { 1, 5 } },
};

static void
draw_head (const TramaCanvas *canvas, const Shape *shape, const Mark *head, double length)
{
  const double half = shape->head_half_px * length / shape->head_px;

  go (canvas, head, -length, half, FALSE);
  go (canvas, head, 0, 0, TRUE);
  go (canvas, head, -length, -half, TRUE);
  if (shape->open_head)
    {
      cairo_set_line_width (canvas->cr, 2.6 * canvas->scale);
      trama_canvas_stroke (canvas);
    }
  else
    {
      go (canvas, head, -length * 0.78, 0, TRUE);
      cairo_close_path (canvas->cr);
      trama_canvas_fill (canvas);
    }
}

static void
draw_shaft (const TramaCanvas *canvas, const Shape *shape, const Mark *tail, double from, double to)
{
  cairo_set_line_width (canvas->cr, shape->line_px * canvas->scale);
  trama_canvas_set_dash (canvas, shape->dashes, shape->n_dashes);
  cairo_set_line_cap (canvas->cr, shape->round ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
  go (canvas, tail, from, 0, FALSE);
  go (canvas, tail, to, 0, TRUE);
  trama_canvas_stroke (canvas);
  trama_canvas_set_dash (canvas, NULL, 0);
  cairo_set_line_cap (canvas->cr, CAIRO_LINE_CAP_BUTT);
}

gboolean
trama_arrow_is_quiet (const TramaChartArrow *arrow)
{
  return arrow->kind == TRAMA_SEGMENT_ACK || arrow->kind >= TRAMA_SEGMENT_OTHER;
}

/* What is rare is drawn in full however near the next one is. */
static Shape
shape_of (const TramaCanvas *canvas, const TramaChartArrow *arrow)
{
  const guint kind = MIN (arrow->kind, TRAMA_SEGMENT_OTHER);
  const gboolean frequent = kind == TRAMA_SEGMENT_DATA || kind == TRAMA_SEGMENT_UDP
                            || trama_arrow_is_quiet (arrow);
  const double part = arrow->pitch_px / (THIN_PITCH_PX * canvas->scale);
  Shape shape = shapes[kind];

  if (arrow->pitch_px <= 0 || part >= 1 || !frequent || arrow->again || arrow->lost)
    return shape;
  shape.line_px *= MAX (part, THIN_LEAST);
  shape.head_px *= MAX (part, 2 * THIN_LEAST);
  shape.head_half_px *= MAX (part, 2 * THIN_LEAST);
  if (part < TAIL_LEAST)
    shape.tail = NULL;
  return shape;
}

static void
draw_lost (const TramaCanvas *canvas, const Mark *head)
{
  cairo_set_line_width (canvas->cr, 3.4 * canvas->scale);
  for (int side = -1; side <= 1; side += 2)
    {
      go (canvas, head, -LOST_PX - LOST_HALF_PX, -LOST_HALF_PX * side, FALSE);
      go (canvas, head, -LOST_PX + LOST_HALF_PX, LOST_HALF_PX * side, TRUE);
    }
  trama_canvas_stroke (canvas);
}

/* Once, twice for what is sent a second time; what is lost does not arrive. */
static void
draw_end (const TramaCanvas *canvas,
          const TramaChartArrow *arrow,
          const Shape *shape,
          Mark head,
          double length)
{
  if (arrow->lost)
    {
      draw_lost (canvas, &head);
      return;
    }
  draw_head (canvas, shape, &head, length);
  head.x -= SECOND_HEAD * length * canvas->scale * head.ux;
  head.y -= SECOND_HEAD * length * canvas->scale * head.uy;
  if (arrow->again)
    draw_head (canvas, shape, &head, length);
}

void
trama_canvas_draw_arrow (const TramaCanvas *canvas, const TramaChartArrow *arrow)
{
  const guint kind = MIN (arrow->kind, TRAMA_SEGMENT_OTHER);
  const Shape shape = shape_of (canvas, arrow);
  const TramaColor color = canvas->theme->segment[kind];
  const double length = hypot (arrow->x1 - arrow->x0, arrow->y1 - arrow->y0);
  const double length_px = length / canvas->scale; /* of the design */
  const double head_px = MIN (shape.head_px, length_px * 0.4);
  Mark tail, head;

  if (length_px < 4)
    return;
  tail = (Mark){ arrow->x0, arrow->y0, (arrow->x1 - arrow->x0) / length, (arrow->y1 - arrow->y0) / length };
  head = tail;
  head.x = arrow->x1 - 3 * canvas->scale * tail.ux;
  head.y = arrow->y1 - 3 * canvas->scale * tail.uy;
  trama_canvas_set_color (canvas, color);
  draw_shaft (canvas, &shape, &tail, 4,
              length_px - 3
                  - (arrow->lost       ? LOST_PX
                     : shape.open_head ? 1
                                       : head_px * 0.8));
  draw_end (canvas, arrow, &shape, head, head_px);
  if (shape.tail != NULL && length_px > 60)
    shape.tail (canvas, &tail, color);
}

/* Whether it goes past a column that has nothing to do with it. */
static gboolean
passes (const TramaChartArrow *arrow, const TramaChartColumn *column)
{
  return column->x0 > MIN (arrow->x0, arrow->x1) && column->x1 < MAX (arrow->x0, arrow->x1);
}

static gboolean
passes_any (const TramaChart *chart, const TramaChartArrow *arrow)
{
  for (guint i = 0; i < chart->n_columns; i++)
    if (passes (arrow, &chart->columns[i]))
      return TRUE;
  return FALSE;
}

/* Less is in view than what has words: there may be very many. */
static gboolean
sees_arrow (const TramaCanvas *canvas, const TramaChartArrow *arrow)
{
  const double reach = REACH_PX * canvas->scale;

  return MAX (arrow->y0, arrow->y1) + reach >= canvas->y0 && MIN (arrow->y0, arrow->y1) - reach <= canvas->y1;
}

void
trama_canvas_draw_passing (const TramaCanvas *canvas)
{
  const TramaChart *chart = canvas->chart;

  for (guint i = 0; i < chart->n_arrows; i++)
    {
      const TramaChartArrow *arrow = &chart->arrows[i];
      const TramaColor color = canvas->theme->segment[MIN (arrow->kind, TRAMA_SEGMENT_OTHER)];

      if (!sees_arrow (canvas, arrow) || !passes_any (chart, arrow))
        continue;
      trama_canvas_set_color (canvas, trama_color_with_alpha (color, PASSING_ALPHA));
      cairo_set_line_width (canvas->cr, 2 * canvas->scale);
      cairo_move_to (canvas->cr, arrow->x0, arrow->y0);
      cairo_line_to (canvas->cr, arrow->x1, arrow->y1);
      trama_canvas_stroke (canvas);
    }
}

/* The columns that it goes past have it beneath their own. */
static void
draw_between_columns (const TramaCanvas *canvas, const TramaChartArrow *arrow)
{
  const TramaChart *chart = canvas->chart;
  const double reach = REACH_PX * canvas->scale;
  const double top = MIN (arrow->y0, arrow->y1) - reach;
  const double height = fabs (arrow->y1 - arrow->y0) + 2 * reach;
  double x = MIN (arrow->x0, arrow->x1) - reach;

  trama_canvas_save (canvas);
  for (guint i = 0; i < chart->n_columns; i++)
    if (passes (arrow, &chart->columns[i]))
      {
        cairo_rectangle (canvas->cr, x, top, chart->columns[i].x0 - x, height);
        x = chart->columns[i].x1;
      }
  cairo_rectangle (canvas->cr, x, top, MAX (arrow->x0, arrow->x1) + reach - x, height);
  trama_canvas_clip (canvas);
  trama_canvas_draw_arrow (canvas, arrow);
  trama_canvas_restore (canvas);
}

void
trama_canvas_draw_arrows (const TramaCanvas *canvas, gboolean quiet)
{
  for (guint i = 0; i < canvas->chart->n_arrows; i++)
    {
      const TramaChartArrow *arrow = &canvas->chart->arrows[i];

      if (trama_arrow_is_quiet (arrow) != quiet || !sees_arrow (canvas, arrow)
          || !trama_canvas_wants (canvas, TRAMA_EVENT_PACKET, arrow->packet))
        continue;
      trama_canvas_begin_event (canvas, TRAMA_EVENT_PACKET, arrow->packet);
      if (passes_any (canvas->chart, arrow))
        draw_between_columns (canvas, arrow);
      else
        trama_canvas_draw_arrow (canvas, arrow);
      trama_canvas_end_event (canvas);
    }
}

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

      if (!sees_arrow (canvas, arrow) || !trama_canvas_on_path (canvas, TRAMA_EVENT_PACKET, arrow->packet))
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

void
trama_canvas_draw_link (const TramaCanvas *canvas, const TramaChartLink *link)
{
  static const double dots[] = { 2, 4 };
  const TramaColor color = canvas->theme->segment[MIN (link->kind, TRAMA_SEGMENT_OTHER)];
  const double s = canvas->scale;
  cairo_t *cr = canvas->cr;

  trama_canvas_set_color (canvas, trama_color_with_alpha (color, 0.9));
  cairo_set_line_width (cr, 2 * s);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  if (link->wakes)
    trama_canvas_set_dash (canvas, dots, G_N_ELEMENTS (dots));
  cairo_move_to (cr, link->bar_x, link->y);
  cairo_line_to (cr, link->line_x, link->y);
  trama_canvas_stroke (canvas);
  trama_canvas_set_dash (canvas, NULL, 0);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  trama_canvas_set_color (canvas, canvas->theme->column);
  cairo_new_sub_path (cr);
  cairo_arc (cr, link->line_x, link->y, 6 * s, 0, 2 * G_PI);
  trama_canvas_fill (canvas);
  trama_canvas_set_color (canvas, color);
  cairo_arc (cr, link->line_x, link->y, 4.2 * s, 0, 2 * G_PI);
  trama_canvas_fill (canvas);
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
  const Mark tail = { carry->x0, carry->y0, (carry->x1 - carry->x0) / MAX (length, 1),
                      (carry->y1 - carry->y0) / MAX (length, 1) };
  const Mark head = { carry->x1, carry->y1, tail.ux, tail.uy };

  if (length < 4 * s)
    return;
  trama_canvas_set_color (canvas, canvas->theme->ink2);
  cairo_set_line_width (canvas->cr, 1.5 * s);
  for (int side = -1; side <= 1; side += 2)
    {
      go (canvas, &tail, 5, 2.5 * side, FALSE);
      go (canvas, &tail, length / s - 13, 2.5 * side, TRUE);
    }
  trama_canvas_stroke (canvas);
  go (canvas, &head, -15, 7, FALSE);
  go (canvas, &head, -2, 0, TRUE);
  go (canvas, &head, -15, -7, TRUE);
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
