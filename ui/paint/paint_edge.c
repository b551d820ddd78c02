/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/canvas.h"

#include <math.h>

/* What a text style must have room for: more than this is said as "99+". */
#define COUNT_MAX 99

static void
trace_shape (cairo_t *cr, guint severity, double x, double y, double size_px)
{
  /* Corners of each shape, and where the first stands; a circle for none. */
  static const struct
  {
    int corners;
    double turn;
    double radius; /* of the corners, so that all shapes look alike in size */
  } shapes[TRAMA_N_SEVERITIES] = {
    [TRAMA_SEVERITY_FACT] = { 0, 0, 0.46 },
    [TRAMA_SEVERITY_NOTICE] = { 3, -G_PI_2, 0.58 },
    [TRAMA_SEVERITY_PROBLEM] = { 8, G_PI / 8, 0.50 },
  };
  double radius = shapes[severity].radius * size_px;

  cairo_new_sub_path (cr);
  if (shapes[severity].corners == 0)
    cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
  if (severity == TRAMA_SEVERITY_NOTICE)
    y += 0.12 * size_px;
  for (int i = 0; i < shapes[severity].corners; i++)
    {
      double angle = shapes[severity].turn + 2 * G_PI * i / shapes[severity].corners;

      cairo_line_to (cr, x + radius * cos (angle), y + radius * sin (angle));
    }
  cairo_close_path (cr);
}

/* “i”, “!” and “×”, of strokes: they fill their shapes better than letters do. */
static void
draw_sign (const TramaCanvas *canvas, guint severity, double x, double y, double size_px)
{
  static const double strokes[TRAMA_N_SEVERITIES][2][4] = {
    [TRAMA_SEVERITY_FACT] = { { 0, -0.20, 0, -0.20 }, { 0, -0.03, 0, 0.22 } },
    [TRAMA_SEVERITY_NOTICE] = { { 0, -0.14, 0, 0.10 }, { 0, 0.27, 0, 0.27 } },
    [TRAMA_SEVERITY_PROBLEM] = { { -0.16, -0.16, 0.16, 0.16 }, { 0.16, -0.16, -0.16, 0.16 } },
  };

  cairo_set_line_cap (canvas->cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width (canvas->cr, 0.12 * size_px);
  for (guint i = 0; i < 2; i++)
    {
      const double *at = strokes[severity][i];

      cairo_move_to (canvas->cr, x + at[0] * size_px, y + at[1] * size_px);
      cairo_line_to (canvas->cr, x + at[2] * size_px, y + at[3] * size_px);
    }
  trama_canvas_stroke (canvas);
  cairo_set_line_cap (canvas->cr, CAIRO_LINE_CAP_BUTT);
}

void
trama_canvas_draw_severity (const TramaCanvas *canvas, guint severity, double x, double y, double size_px)
{
  cairo_t *cr = canvas->cr;

  severity = MIN (severity, TRAMA_N_SEVERITIES - 1);
  trace_shape (cr, severity, x, y, size_px);
  trama_canvas_set_color (canvas, canvas->theme->severity[severity]);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width (cr, 0.08 * size_px);
  /* A fact is no alarm: its shape is empty. */
  if (severity != TRAMA_SEVERITY_FACT)
    trama_canvas_fill_preserve (canvas);
  trama_canvas_stroke (canvas);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_MITER);
  if (severity != TRAMA_SEVERITY_FACT)
    trama_canvas_set_color (canvas, canvas->theme->sign);
  draw_sign (canvas, severity, x, y, size_px);
}

/* From the moment to a mark that gave way to others. */
static void
draw_tick (const TramaCanvas *canvas, const TramaEdgeMark *mark)
{
  const double left = canvas->chart->edge_x0 - 4 * canvas->scale;
  const double right = mark->x - mark->size_px / 2 - 1 * canvas->scale;

  trama_canvas_set_color (canvas, canvas->theme->severity[mark->severity]);
  cairo_set_line_width (canvas->cr, 1.5 * canvas->scale);
  cairo_move_to (canvas->cr, left, mark->y);
  cairo_line_to (canvas->cr, right, mark->mark_y);
  trama_canvas_stroke (canvas);
}

static void
draw_count (const TramaCanvas *canvas, const TramaEdgeMark *mark)
{
  g_autofree char *count = mark->n > COUNT_MAX ? g_strdup_printf ("%d+", COUNT_MAX)
                                               : g_strdup_printf ("%u", mark->n);
  TramaText text = { count, TRAMA_TEXT_COUNT, canvas->scale };

  trama_text_shrink (&text, mark->count_width_px, 0.5);
  trama_canvas_set_color (canvas, canvas->theme->ink2);
  trama_canvas_text (canvas, &text, mark->count_x, mark->mark_y, 0);
}

static void
draw_mark (const TramaCanvas *canvas, const TramaAnsweredMark *answer)
{
  const TramaEdgeMark *mark = &answer->mark;
  const double half = mark->size_px / 2;

  draw_tick (canvas, mark);
  trama_canvas_draw_severity (canvas, mark->severity, mark->x, mark->mark_y, mark->size_px);
  if (mark->n > 1)
    draw_count (canvas, mark);
  if (answer->is_selected)
    trama_canvas_outline (canvas, mark->x - half, mark->mark_y - half, mark->size_px, mark->size_px,
                          half / 2);
}

/* Between the selected event and its mark, beneath whatever is written on the way. */
static void
draw_leader (const TramaCanvas *canvas, const TramaAnsweredMark *answer)
{
  static const double dots[] = { 2, 5 };
  const TramaEdgeMark *mark = &answer->mark;

  if (!answer->is_selected || answer->from_x >= canvas->chart->edge_x0)
    return;
  trama_canvas_set_color (canvas, canvas->theme->severity[mark->severity]);
  trama_canvas_set_dash (canvas, dots, G_N_ELEMENTS (dots));
  cairo_set_line_width (canvas->cr, 2 * canvas->scale);
  cairo_move_to (canvas->cr, answer->from_x, mark->y);
  cairo_line_to (canvas->cr, canvas->chart->edge_x0, mark->y);
  trama_canvas_stroke (canvas);
  cairo_set_dash (canvas->cr, NULL, 0, 0);
}

static void
draw_marks (const TramaCanvas *canvas,
            void (*draw) (const TramaCanvas *canvas, const TramaAnsweredMark *answer))
{
  const GArray *marks = canvas->answers->marks;

  for (guint i = 0; marks != NULL && i < marks->len; i++)
    draw (canvas, &g_array_index (marks, TramaAnsweredMark, i));
}

void
trama_canvas_draw_leaders (const TramaCanvas *canvas)
{
  draw_marks (canvas, draw_leader);
}

void
trama_canvas_draw_edge (const TramaCanvas *canvas)
{
  draw_marks (canvas, draw_mark);
}
