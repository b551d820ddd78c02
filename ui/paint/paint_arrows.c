/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/canvas.h"

#include <math.h>

/* Where one arrow follows the other so closely, those of what is frequent become thin, down to a part of themselves. */
#define THIN_PITCH_PX 8
#define THIN_LEAST 0.3
#define TAIL_LEAST 0.7 /* and thinner ones have no mark at their tail */

/* Of what is sent again, from the first head to the second, as a part of its length. */
#define SECOND_HEAD 0.6

/* Of what is lost, from the lifeline that it does not reach to the middle of its cross. */
#define LOST_PX 18
#define LOST_HALF_PX 7

/* As steep as this, lines are no rows of dashes from left to right. */
#define STEEP 0.35

/* Of an open head. */
#define OPEN_HEAD_PX 2.6

/* No mark of an arrow reaches farther above or below it. */
#define REACH_PX 40

/* Of a row of dashes that is painted as an image. */
#define DASHES_PX 256

/* Of a round dash that is painted as a square one: how much of its ends. */
#define ROUND_END 0.4

/* Of an arrow behind a column that it goes past. */
#define PASSING_ALPHA 0.3

/* Adds its outline, a middle at @tail; or draws it over the arrow. */
typedef void (*TailFunc) (const TramaCanvas *canvas, const TramaAxis *tail, TramaColor color);

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
  TailFunc add_tail;
  TailFunc draw_tail;
} Shape;

/*
 * All outlines of an arrow run the same way round, clockwise, so that it is filled at once,
 * and where they overlap nothing is left out.
 */
static void
add_line (const TramaCanvas *canvas,
          const TramaAxis *axis,
          double along0,
          double across0,
          double along1,
          double across1,
          double width)
{
  const double length = MAX (hypot (along1 - along0, across1 - across0), 0.001);
  const double a = (across1 - across0) / length * width / 2;
  const double b = (along1 - along0) / length * width / 2;

  trama_canvas_go (canvas, axis, along0 + a, across0 - b, FALSE);
  trama_canvas_go (canvas, axis, along1 + a, across1 - b, TRUE);
  trama_canvas_go (canvas, axis, along1 - a, across1 + b, TRUE);
  trama_canvas_go (canvas, axis, along0 - a, across0 + b, TRUE);
  cairo_close_path (canvas->cr);
}

typedef struct
{
  TramaColor ground, color;
} Ring;

static void
draw_ring (const TramaCanvas *canvas, gconstpointer data)
{
  const Ring *ring = data;

  cairo_new_sub_path (canvas->cr);
  cairo_arc (canvas->cr, 0, 0, 6 * canvas->scale, 0, 2 * G_PI);
  trama_canvas_set_color (canvas, ring->ground);
  trama_canvas_fill_preserve (canvas);
  trama_canvas_set_color (canvas, ring->color);
  cairo_set_line_width (canvas->cr, 3 * canvas->scale);
  trama_canvas_stroke (canvas);
}

static void
draw_circle_tail (const TramaCanvas *canvas, const TramaAxis *tail, TramaColor color)
{
  static const char shape;
  const double s = canvas->scale;
  const Ring ring = { trama_canvas_ground_color (canvas, tail->y), color };
  TramaTileKey key = { .shape = &shape };

  trama_color_to_floats (ring.ground, key.colors[0]);
  trama_color_to_floats (color, key.colors[1]);
  trama_canvas_stamp (canvas, &key, tail->x + 11 * s * tail->ux, tail->y + 11 * s * tail->uy, 8 * s,
                      draw_ring, &ring);
}

static void
add_square_tail (const TramaCanvas *canvas, const TramaAxis *tail, TramaColor color)
{
  const double s = canvas->scale;
  const double x = tail->x + 12 * s * tail->ux;
  const double y = tail->y + 12 * s * tail->uy;

  trama_canvas_round_rect (canvas, x - 6 * s, y - 6 * s, 12 * s, 12 * s, 2.5 * s);
}

static void
add_double_bar_tail (const TramaCanvas *canvas, const TramaAxis *tail, TramaColor color)
{
  for (int along = 10; along <= 17; along += 7)
    add_line (canvas, tail, along, -8, along, 8, 3);
}

static void
add_cross_tail (const TramaCanvas *canvas, const TramaAxis *tail, TramaColor color)
{
  add_line (canvas, tail, 8, -6, 20, 6, 3.4);
  add_line (canvas, tail, 8, 6, 20, -6, 3.4);
}

static void
add_diamond_tail (const TramaCanvas *canvas, const TramaAxis *tail, TramaColor color)
{
  trama_canvas_go (canvas, tail, 4, 0, FALSE);
  trama_canvas_go (canvas, tail, 12, -8, TRUE);
  trama_canvas_go (canvas, tail, 20, 0, TRUE);
  trama_canvas_go (canvas, tail, 12, 8, TRUE);
  cairo_close_path (canvas->cr);
}

static const Shape shapes[TRAMA_N_SEGMENT_KINDS] = {
  [TRAMA_SEGMENT_SYN] = { 3.4, 18, 8, .draw_tail = draw_circle_tail },
  [TRAMA_SEGMENT_DATA] = { 5.5, 24, 11, .add_tail = add_square_tail },
  [TRAMA_SEGMENT_ACK] = { 2.4, 12, 6, .open_head = TRUE },
  [TRAMA_SEGMENT_FIN] = { 3.4, 18, 8, .add_tail = add_double_bar_tail },
  [TRAMA_SEGMENT_RST] = { 3.4, 18, 8, .n_dashes = 4, .dashes = { 20, 5, 4, 5 }, .add_tail = add_cross_tail },
  [TRAMA_SEGMENT_UDP] = { 4, 18, 8, .n_dashes = 2, .dashes = { 13, 6 }, .add_tail = add_diamond_tail },
  [TRAMA_SEGMENT_ICMP] = { 3.4, 18, 8, .round = TRUE, .n_dashes = 2, .dashes = { 3, 6 } },
  [TRAMA_SEGMENT_OTHER] = { 2, 12, 6, .open_head = TRUE, .round = TRUE, .n_dashes = 2, .dashes = { 1, 5 } },
};

/* Two lines that meet in a point, as a stroke with a mitre has it. */
static void
add_open_head (const TramaCanvas *canvas, const TramaAxis *head, double length, double half)
{
  const double arm = hypot (length, half);
  const double tip = OPEN_HEAD_PX / 2 * arm / half;
  const double along = OPEN_HEAD_PX / 2 * half / arm, across = OPEN_HEAD_PX / 2 * length / arm;

  trama_canvas_go (canvas, head, -length + along, -half - across, FALSE);
  trama_canvas_go (canvas, head, tip, 0, TRUE);
  trama_canvas_go (canvas, head, -length + along, half + across, TRUE);
  trama_canvas_go (canvas, head, -length - along, half - across, TRUE);
  trama_canvas_go (canvas, head, -tip, 0, TRUE);
  trama_canvas_go (canvas, head, -length - along, -half + across, TRUE);
  cairo_close_path (canvas->cr);
}

static void
add_head (const TramaCanvas *canvas, const Shape *shape, const TramaAxis *head, double length)
{
  const double half = shape->head_half_px * length / shape->head_px;

  if (shape->open_head)
    {
      add_open_head (canvas, head, length, half);
      return;
    }
  trama_canvas_go (canvas, head, -length, -half, FALSE);
  trama_canvas_go (canvas, head, 0, 0, TRUE);
  trama_canvas_go (canvas, head, -length, half, TRUE);
  trama_canvas_go (canvas, head, -length * 0.78, 0, TRUE);
  cairo_close_path (canvas->cr);
}

gboolean
trama_arrow_is_quiet (const TramaChartArrow *arrow)
{
  return arrow->copy || arrow->kind == TRAMA_SEGMENT_ACK || arrow->kind >= TRAMA_SEGMENT_OTHER;
}

/* Nobody sent it: it is thin, and has no mark of its own. */
static Shape
shape_of_copy (Shape shape)
{
  shape.line_px = shapes[TRAMA_SEGMENT_OTHER].line_px;
  shape.head_px = shapes[TRAMA_SEGMENT_OTHER].head_px;
  shape.head_half_px = shapes[TRAMA_SEGMENT_OTHER].head_half_px;
  shape.open_head = TRUE;
  shape.add_tail = shape.draw_tail = NULL;
  return shape;
}

/* What is rare is drawn in full however near the next one is. */
static Shape
shape_of (const TramaCanvas *canvas, const TramaChartArrow *arrow)
{
  const guint kind = MIN (arrow->kind, TRAMA_SEGMENT_OTHER);
  const gboolean frequent = kind == TRAMA_SEGMENT_DATA || kind == TRAMA_SEGMENT_UDP
                            || trama_arrow_is_quiet (arrow);
  const double part = arrow->pitch_px / (THIN_PITCH_PX * canvas->scale);
  Shape shape = arrow->copy ? shape_of_copy (shapes[kind]) : shapes[kind];

  if (arrow->pitch_px <= 0 || part >= 1 || !frequent || arrow->again || arrow->lost)
    return shape;
  shape.line_px *= MAX (part, THIN_LEAST);
  shape.head_px *= MAX (part, 2 * THIN_LEAST);
  shape.head_half_px *= MAX (part, 2 * THIN_LEAST);
  if (part < TAIL_LEAST)
    shape.add_tail = NULL;
  return shape;
}

/* Once, twice for what is sent a second time; what is lost does not arrive. */
static void
add_end (const TramaCanvas *canvas,
         const TramaChartArrow *arrow,
         const Shape *shape,
         TramaAxis head,
         double length)
{
  const double half = LOST_HALF_PX;

  if (arrow->lost)
    {
      add_line (canvas, &head, -LOST_PX - half, -half, -LOST_PX + half, half, 3.4);
      add_line (canvas, &head, -LOST_PX - half, half, -LOST_PX + half, -half, 3.4);
      return;
    }
  add_head (canvas, shape, &head, length);
  head.x -= SECOND_HEAD * length * canvas->scale * head.ux;
  head.y -= SECOND_HEAD * length * canvas->scale * head.uy;
  if (arrow->again)
    add_head (canvas, shape, &head, length);
}

/* What of it is beneath columns that it goes past is left out, and it is cut along their edges. */
typedef struct
{
  const TramaCanvas *canvas;
  const Shape *shape;
  const TramaChartArrow *past; /* NULL: it goes past none */
  TramaAxis tail;
  double from, to; /* along it */
  guint kind;
  gboolean crowded; /* others are near */
} Shaft;

typedef struct
{
  double from, to;       /* along it, in the middle */
  double slant0, slant1; /* of its ends: how much farther along it, for as much across */
} Piece;

typedef void (*PieceFunc) (const Shaft *shaft, const Piece *piece);

static void
add_piece (const Shaft *shaft, const Piece *piece)
{
  const double half = shaft->shape->line_px / 2;

  trama_canvas_go (shaft->canvas, &shaft->tail, piece->from - piece->slant0 * half, -half, FALSE);
  trama_canvas_go (shaft->canvas, &shaft->tail, piece->to - piece->slant1 * half, -half, TRUE);
  trama_canvas_go (shaft->canvas, &shaft->tail, piece->to + piece->slant1 * half, half, TRUE);
  trama_canvas_go (shaft->canvas, &shaft->tail, piece->from + piece->slant0 * half, half, TRUE);
  cairo_close_path (shaft->canvas->cr);
}

static void
stroke_piece (const Shaft *shaft, const Piece *piece)
{
  const TramaCanvas *canvas = shaft->canvas;
  const Shape *shape = shaft->shape;
  double dashes[G_N_ELEMENTS (shape->dashes)];

  for (int i = 0; i < shape->n_dashes; i++)
    dashes[i] = shape->dashes[i] * canvas->scale;
  cairo_set_line_width (canvas->cr, shape->line_px * canvas->scale);
  cairo_set_dash (canvas->cr, dashes, shape->n_dashes, (piece->from - shaft->from) * canvas->scale);
  cairo_set_line_cap (canvas->cr, shape->round ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
  trama_canvas_go (canvas, &shaft->tail, piece->from, 0, FALSE);
  trama_canvas_go (canvas, &shaft->tail, piece->to, 0, TRUE);
  trama_canvas_stroke (canvas);
  cairo_set_dash (canvas->cr, NULL, 0, 0);
  cairo_set_line_cap (canvas->cr, CAIRO_LINE_CAP_BUTT);
}

/* Whether it goes past a column that has nothing to do with it. */
static gboolean
passes (const TramaChartArrow *arrow, const TramaChartColumn *column)
{
  return column->x0 > MIN (arrow->x0, arrow->x1) && column->x1 < MAX (arrow->x0, arrow->x1);
}

static void
each_piece (const Shaft *shaft, PieceFunc func)
{
  const TramaChart *chart = shaft->canvas->chart;
  const TramaAxis *tail = &shaft->tail;
  const gboolean right = tail->ux > 0;
  Piece piece = { .from = shaft->from };

  for (guint i = 0; shaft->past != NULL && i < chart->n_columns; i++)
    {
      const TramaChartColumn *column = &chart->columns[right ? i : chart->n_columns - 1 - i];
      const double near_x = right ? column->x0 : column->x1;
      const double far_x = right ? column->x1 : column->x0;

      if (!passes (shaft->past, column))
        continue;
      piece.slant1 = tail->uy / tail->ux;
      piece.to = (near_x - tail->x) / tail->ux / shaft->canvas->scale;
      func (shaft, &piece);
      piece.slant0 = piece.slant1;
      piece.from = (far_x - tail->x) / tail->ux / shaft->canvas->scale;
    }
  piece.slant1 = 0;
  piece.to = shaft->to;
  func (shaft, &piece);
}

/* A row of dashes that begins anew after each period. */
typedef struct
{
  const Shaft *shaft;
  double unit_px; /* of the design's lengths */
  double width_px;
} Dashes;

static void
draw_dashes (const TramaCanvas *canvas, gconstpointer data)
{
  const Dashes *dashes = data;
  const Shape *shape = dashes->shaft->shape;
  const double ends = shape->round ? 2 * ROUND_END * shape->line_px : 0;
  double x = 0;

  for (int i = 0; x < dashes->width_px; i = (i + 2) % shape->n_dashes)
    {
      const double length = (shape->dashes[i] + ends) * dashes->unit_px;

      cairo_rectangle (canvas->cr, dashes->shaft->tail.ux > 0 ? x : dashes->width_px - x - length, 0, length,
                       1);
      x += (shape->dashes[i] + shape->dashes[i + 1]) * dashes->unit_px;
    }
  trama_canvas_set_color (canvas, canvas->theme->segment[dashes->shaft->kind]);
  trama_canvas_fill (canvas);
}

/* As an image, a row of dashes takes no longer than one line; as lines, each of them takes its time. */
static void
fill_dashes (const Shaft *shaft)
{
  static const char name;
  const TramaCanvas *canvas = shaft->canvas;
  const Shape *shape = shaft->shape;
  const gboolean right = shaft->tail.ux > 0;
  const TramaTileKey key = { &name,
                             { (gint32) shaft->kind, right, (gint32) lround (shape->line_px * 256) },
                             { { 0 } } };
  const double begin = shaft->from - (shape->round ? ROUND_END * shape->line_px : 0);
  const double x = shaft->tail.x + begin * canvas->scale * shaft->tail.ux;
  double length = 0, period;
  Dashes dashes = { shaft, 0, 0 };

  for (int i = 0; i < shape->n_dashes; i++)
    length += shape->dashes[i];
  period = trama_tiles_round (canvas->tiles, length * canvas->scale);
  dashes.unit_px = period / length;
  dashes.width_px = ceil (DASHES_PX / period) * period;
  each_piece (shaft, add_piece);
  trama_canvas_set_tile (canvas, &key, x, shaft->tail.y, dashes.width_px, 1, draw_dashes, &dashes);
  trama_canvas_fill (canvas);
}

/* Round ends are seen where there is room around them. */
static gboolean
is_row_of_dashes (const Shaft *shaft)
{
  return shaft->canvas->tiles != NULL && fabs (shaft->tail.uy) < STEEP
         && (!shaft->shape->round || shaft->crowded);
}

static void
draw_arrow (const TramaCanvas *canvas, const TramaChartArrow *arrow, gboolean past_columns)
{
  const guint kind = MIN (arrow->kind, TRAMA_SEGMENT_OTHER);
  const Shape shape = shape_of (canvas, arrow);
  const TramaColor color = canvas->theme->segment[kind];
  const double length = hypot (arrow->x1 - arrow->x0, arrow->y1 - arrow->y0);
  const double length_px = length / canvas->scale; /* of the design */
  const double head_px = MIN (shape.head_px, length_px * 0.4);
  const double end_px = arrow->lost ? LOST_PX : shape.open_head ? 1 : head_px * 0.8;
  const double pitch = THIN_PITCH_PX * canvas->scale;
  const TramaAxis tail = { arrow->x0, arrow->y0, (arrow->x1 - arrow->x0) / length,
                           (arrow->y1 - arrow->y0) / length };
  const TramaAxis head = { arrow->x1 - 3 * canvas->scale * tail.ux, arrow->y1 - 3 * canvas->scale * tail.uy,
                           tail.ux, tail.uy };
  const Shaft shaft = { canvas,
                        &shape,
                        past_columns ? arrow : NULL,
                        tail,
                        4,
                        length_px - 3 - end_px,
                        kind,
                        arrow->pitch_px > 0 && arrow->pitch_px < pitch };

  if (length_px < 4)
    return;
  trama_canvas_set_color (canvas, color);
  if (shape.n_dashes == 0)
    each_piece (&shaft, add_piece);
  else if (is_row_of_dashes (&shaft))
    fill_dashes (&shaft);
  else
    each_piece (&shaft, stroke_piece);
  add_end (canvas, arrow, &shape, head, head_px);
  if (shape.add_tail != NULL && length_px > 60)
    shape.add_tail (canvas, &tail, color);
  trama_canvas_set_color (canvas, color);
  trama_canvas_fill (canvas);
  if (shape.draw_tail != NULL && length_px > 60)
    shape.draw_tail (canvas, &tail, color);
}

void
trama_canvas_draw_arrow (const TramaCanvas *canvas, const TramaChartArrow *arrow)
{
  draw_arrow (canvas, arrow, FALSE);
}

static gboolean
passes_any (const TramaChart *chart, const TramaChartArrow *arrow)
{
  for (guint i = 0; i < chart->n_columns; i++)
    if (passes (arrow, &chart->columns[i]))
      return TRUE;
  return FALSE;
}

gboolean
trama_canvas_sees_arrow (const TramaCanvas *canvas, const TramaChartArrow *arrow)
{
  const double reach = REACH_PX * canvas->scale;

  return MAX (arrow->y0, arrow->y1) + reach >= canvas->y0 && MIN (arrow->y0, arrow->y1) - reach <= canvas->y1;
}

/* What is seen of it in the columns that it goes past. */
static void
trace_passing (const TramaCanvas *canvas, const TramaChartArrow *arrow)
{
  const double slope = (arrow->y1 - arrow->y0) / (arrow->x1 - arrow->x0);

  for (guint i = 0; i < canvas->chart->n_columns; i++)
    {
      const TramaChartColumn *column = &canvas->chart->columns[i];

      if (!passes (arrow, column))
        continue;
      cairo_move_to (canvas->cr, column->x0, arrow->y0 + (column->x0 - arrow->x0) * slope);
      cairo_line_to (canvas->cr, column->x1, arrow->y0 + (column->x1 - arrow->x0) * slope);
    }
}

static void
draw_passing (const TramaCanvas *canvas, const TramaChartArrow *arrows, guint n_arrows)
{
  const TramaChart *chart = canvas->chart;

  cairo_set_line_width (canvas->cr, 2 * canvas->scale);
  for (guint i = 0; i < n_arrows; i++)
    {
      const TramaChartArrow *arrow = &arrows[i];
      const TramaColor color = canvas->theme->segment[MIN (arrow->kind, TRAMA_SEGMENT_OTHER)];

      if (!trama_canvas_sees_arrow (canvas, arrow) || !passes_any (chart, arrow))
        continue;
      trace_passing (canvas, arrow);
      trama_canvas_set_color (canvas, trama_color_with_alpha (color, PASSING_ALPHA));
      trama_canvas_stroke (canvas);
    }
}

void
trama_canvas_draw_passing (const TramaCanvas *canvas)
{
  draw_passing (canvas, canvas->chart->arrows, canvas->chart->n_arrows);
  draw_passing (canvas, canvas->chart->branches, canvas->chart->n_branches);
}

/* They are of the same event. */
static void
draw_branches (const TramaCanvas *canvas, const TramaChartArrow *arrow)
{
  for (guint i = 0; i < canvas->chart->n_branches; i++)
    if (canvas->chart->branches[i].packet == arrow->packet)
      draw_arrow (canvas, &canvas->chart->branches[i], TRUE);
}

void
trama_canvas_draw_arrows (const TramaCanvas *canvas, gboolean quiet)
{
  for (guint i = 0; i < canvas->chart->n_arrows; i++)
    {
      const TramaChartArrow *arrow = &canvas->chart->arrows[i];

      if (trama_arrow_is_quiet (arrow) != quiet || !trama_canvas_sees_arrow (canvas, arrow)
          || !trama_canvas_wants (canvas, TRAMA_EVENT_PACKET, arrow->packet))
        continue;
      trama_canvas_begin_event (canvas, TRAMA_EVENT_PACKET, arrow->packet);
      draw_arrow (canvas, arrow, TRUE);
      draw_branches (canvas, arrow);
      trama_canvas_end_event (canvas);
    }
}
