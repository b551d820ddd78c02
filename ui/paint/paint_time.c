/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/paint/canvas.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define PHASE_ALPHA_LIGHT 0.05
#define PHASE_ALPHA_DARK 0.07
#define PHASE_NAME_EVERY_PX 480 /* a long phase says its name again */

static double
phase_alpha (const TramaTheme *theme)
{
  return theme->dark ? PHASE_ALPHA_DARK : PHASE_ALPHA_LIGHT;
}

static gboolean
has_name (const TramaChartTint *tint)
{
  return tint->phase > TRAMA_PHASE_NONE && tint->phase < TRAMA_N_PHASES && tint->y1 > tint->y0;
}

TramaColor
trama_canvas_ground_color (const TramaCanvas *canvas, double y)
{
  const TramaTheme *theme = canvas->theme;
  TramaColor color = theme->wire;

  for (guint i = 0; i < canvas->chart->n_tints; i++)
    {
      const TramaChartTint *tint = &canvas->chart->tints[i];

      if (has_name (tint) && y >= tint->y0 && y < tint->y1)
        color = trama_color_mix (color, theme->phase[tint->phase], phase_alpha (theme));
    }
  return color;
}

void
trama_canvas_find_clear (const TramaCanvas *canvas, double least_px, double *y0, double *y1)
{
  const TramaChart *chart = canvas->chart;
  const double end = *y1;
  double from = *y0;

  *y1 = *y0;
  for (guint i = 0; i <= chart->n_tears && *y1 - *y0 < least_px; i++)
    {
      const gboolean is_last = i == chart->n_tears;
      const double to = is_last ? end : MIN (chart->tears[i].y0, end);

      if (to - from > *y1 - *y0)
        {
          *y0 = from;
          *y1 = to;
        }
      if (!is_last)
        from = MAX (from, chart->tears[i].y1);
    }
}

/* Only what is in view is counted through, however long the piece of the phase. */
static void
draw_phase_names (const TramaCanvas *canvas, const TramaChartTint *tint, double y0, double y1)
{
  const TramaTheme *theme = canvas->theme;
  const double s = canvas->scale;
  const double n_names = MAX (1, floor ((y1 - y0) / (PHASE_NAME_EVERY_PX * s)));
  const double pitch = (y1 - y0) / n_names;
  const double last = MIN (n_names - 1, floor ((canvas->y1 - y0) / pitch) + 1);
  TramaText text = { _ (trama_phase_name (tint->phase)), TRAMA_TEXT_PHASE, s };
  double width;

  trama_text_shrink (&text, y1 - y0 - 4 * s, 0.75);
  trama_text_measure (&text, &width, NULL);
  if (text.room_px > 0 || width > y1 - y0)
    return;
  trama_canvas_set_color (canvas, trama_color_mix (theme->phase[tint->phase], theme->ink, 0.25));
  for (double i = MAX (0, floor ((canvas->y0 - y0) / pitch) - 1); i <= last; i++)
    {
      trama_canvas_save (canvas);
      cairo_translate (canvas->cr, 12 * s, round (y0 + (i + 0.5) * pitch));
      cairo_rotate (canvas->cr, -G_PI_2);
      trama_canvas_text (canvas, &text, 0, 0, 0.5);
      trama_canvas_restore (canvas);
    }
}

/* Between the tears, which would hide them: on the longest piece, and on every long one. */
static void
name_phase (const TramaCanvas *canvas, const TramaChartTint *tint)
{
  const TramaChart *chart = canvas->chart;
  const double enough = PHASE_NAME_EVERY_PX * canvas->scale;
  double longest_y0 = tint->y0, longest_y1 = tint->y1;
  double y = tint->y0;

  for (guint i = 0; i <= chart->n_tears; i++)
    {
      const gboolean is_last = i == chart->n_tears;
      const double y1 = is_last ? tint->y1 : MIN (chart->tears[i].y0, tint->y1);

      if (y1 - y >= enough && trama_canvas_sees (canvas, y, y1))
        draw_phase_names (canvas, tint, y, y1);
      if (!is_last)
        y = MAX (y, chart->tears[i].y1);
    }
  trama_canvas_find_clear (canvas, enough, &longest_y0, &longest_y1);
  if (longest_y1 - longest_y0 < enough && trama_canvas_sees (canvas, longest_y0, longest_y1))
    draw_phase_names (canvas, tint, longest_y0, longest_y1);
}

static void
draw_phase (const TramaCanvas *canvas, const TramaChartTint *tint)
{
  const TramaTheme *theme = canvas->theme;
  const double s = canvas->scale;
  const double top = trama_canvas_clamp (canvas, round (tint->y0));
  const double bottom = trama_canvas_clamp (canvas, round (tint->y1));

  trama_canvas_set_color (canvas,
                          trama_color_mix (theme->wire, theme->phase[tint->phase], phase_alpha (theme)));
  trama_canvas_fill_rect (canvas, 0, top, canvas->chart->width_px, bottom - top);
  trama_canvas_set_color (canvas, trama_color_with_alpha (theme->phase[tint->phase], 0.7));
  trama_canvas_fill_rect (canvas, 0, top + s, 4 * s, bottom - top - 2 * s);
  name_phase (canvas, tint);
}

void
trama_canvas_draw_phases (const TramaCanvas *canvas)
{
  for (guint i = 0; i < canvas->chart->n_tints; i++)
    {
      const TramaChartTint *tint = &canvas->chart->tints[i];

      if (has_name (tint) && trama_canvas_sees (canvas, tint->y0, tint->y1))
        draw_phase (canvas, tint);
    }
}

void
trama_canvas_draw_grid (const TramaCanvas *canvas)
{
  const TramaChart *chart = canvas->chart;

  trama_canvas_set_color (canvas, canvas->theme->grid);
  for (guint i = 0; i < chart->n_ticks; i++)
    if (trama_canvas_sees (canvas, chart->ticks[i].y, chart->ticks[i].y))
      trama_canvas_fill_rect (canvas, chart->gutter_px, round (chart->ticks[i].y),
                              chart->width_px - chart->gutter_px, 1);
}

static void
draw_tick (const TramaCanvas *canvas, const TramaChartTick *tick)
{
  const TramaTheme *theme = canvas->theme;
  const double s = canvas->scale;
  const double end = canvas->chart->gutter_px;
  const double length = (tick->major ? 10 : 6) * s;
  TramaText text = { tick->label, tick->absolute ? TRAMA_TEXT_TICK_ABSOLUTE : TRAMA_TEXT_TICK, s };

  trama_canvas_set_color (canvas, trama_color_with_alpha (theme->ink, tick->major ? 0.35 : 0.2));
  trama_canvas_fill_rect (canvas, end - 8 * s, round (tick->y) - 1, length, 2);
  trama_text_shrink (&text, end - (14 + 22) * s, 0.75);
  trama_canvas_set_color (canvas, tick->absolute ? theme->ink : theme->ink2);
  trama_canvas_text (canvas, &text, end - 14 * s, tick->y, 1);
}

void
trama_canvas_draw_ticks (const TramaCanvas *canvas)
{
  for (guint i = 0; i < canvas->chart->n_ticks; i++)
    if (trama_canvas_sees (canvas, canvas->chart->ticks[i].y, canvas->chart->ticks[i].y))
      draw_tick (canvas, &canvas->chart->ticks[i]);
}

/* Of the sine along a tear; they come from the design. */
#define TEAR_HEIGHT_PX 3.2
#define TEAR_PERIOD_PX 69
#define TEAR_LINE_PX 1.5

/* Where the control points of the Bézier curve stand that is a sine from 0 to π/2, but for 10⁻⁴. */
#define SINE_NEAR 0.5122866
#define SINE_FAR 1.0023137

/* A quarter of the wave between two places, one of which is a zero. */
static void
add_quarter (const TramaCanvas *canvas, double x0, double y0, double x1, double y1, gboolean from_zero)
{
  const double radian = (x1 - x0) / G_PI_2;
  const double near_x = SINE_NEAR * radian;
  const double near_y = SINE_NEAR * (y1 - y0);
  const double far_x = SINE_FAR * radian;

  if (from_zero)
    cairo_curve_to (canvas->cr, x0 + near_x, y0 + near_y, x0 + far_x, y1, x1, y1);
  else
    cairo_curve_to (canvas->cr, x1 - far_x, y0, x1 - near_x, y1 - near_y, x1, y1);
}

/* A tear, its upper edge at 0, from @x0 on. */
typedef struct
{
  double x0;
  double period_px, height_px;
  int n_periods;
} Tear;

static void
trace_edge (const TramaCanvas *canvas, const Tear *tear, double y, gboolean backwards)
{
  static const double heights[] = { 0, 1, 0, -1 };
  const double quarter = tear->period_px / 4;
  const double height = TEAR_HEIGHT_PX * canvas->scale;
  const int n = 4 * tear->n_periods;

  cairo_line_to (canvas->cr, tear->x0 + (backwards ? n * quarter : 0), y);
  for (int i = 0; i < n; i++)
    {
      const int from = backwards ? n - i : i;
      const int to = backwards ? from - 1 : from + 1;

      add_quarter (canvas, tear->x0 + from * quarter, y + heights[from % 4] * height, tear->x0 + to * quarter,
                   y + heights[to % 4] * height, from % 2 == 0);
    }
}

static TramaColor
get_tear_color (const TramaTheme *theme)
{
  return trama_color_mix (theme->wire, theme->ink, theme->dark ? 0.06 : 0.045);
}

static void
draw_edges (const TramaCanvas *canvas, const Tear *tear)
{
  const TramaTheme *theme = canvas->theme;

  trace_edge (canvas, tear, 0, FALSE);
  trace_edge (canvas, tear, tear->height_px, TRUE);
  cairo_close_path (canvas->cr);
  trama_canvas_set_color (canvas, get_tear_color (theme));
  trama_canvas_fill (canvas);
  cairo_set_line_width (canvas->cr, TEAR_LINE_PX * canvas->scale);
  trama_canvas_set_color (canvas, trama_color_with_alpha (theme->ink, 0.22));
  trace_edge (canvas, tear, 0, FALSE);
  trama_canvas_stroke (canvas);
  trace_edge (canvas, tear, tear->height_px, FALSE);
  trama_canvas_stroke (canvas);
}

/* How far it reaches beyond its edges. */
static double
reach_of_tear (const TramaCanvas *canvas)
{
  return ceil ((TEAR_HEIGHT_PX + TEAR_LINE_PX) * canvas->scale);
}

static void
draw_period (const TramaCanvas *canvas, gconstpointer tear)
{
  cairo_translate (canvas->cr, 0, reach_of_tear (canvas));
  draw_edges (canvas, tear);
}

/* Its wave is the same everywhere, so of pixels one period is painted; some more beside it, for it has no ends. */
static void
fill_tear (const TramaCanvas *canvas, double x, double y, double height_px)
{
  static const char shape;
  const TramaTileKey key = { &shape, { (gint32) lround (height_px * 256) }, { { 0 } } };
  const double reach = reach_of_tear (canvas);
  const double period = trama_tiles_round (canvas->tiles, TEAR_PERIOD_PX * canvas->scale);
  const Tear tear = { -period, period, height_px, 3 };

  trama_canvas_set_tile (canvas, &key, x, y - reach, period, ceil (height_px) + 2 * reach + 1, draw_period,
                         &tear);
  trama_canvas_fill_rect (canvas, x, y - reach, canvas->chart->width_px - x, ceil (height_px) + 2 * reach);
}

/* Its edges are straight where it says how long it is: a wave would go through the words. */
static void
draw_straight_part (const TramaCanvas *canvas, double x, double y, double height_px)
{
  const TramaTheme *theme = canvas->theme;
  const double line = TEAR_LINE_PX * canvas->scale;

  trama_canvas_set_color (canvas, get_tear_color (theme));
  trama_canvas_fill_rect (canvas, 0, y, x, height_px);
  trama_canvas_set_color (canvas, trama_color_with_alpha (theme->ink, 0.22));
  trama_canvas_fill_rect (canvas, 0, y - line / 2, x, line);
  trama_canvas_fill_rect (canvas, 0, y + height_px - line / 2, x, line);
}

static void
draw_tear (const TramaCanvas *canvas, const TramaChartTear *tear)
{
  const double s = canvas->scale;
  const double period = TEAR_PERIOD_PX * s;
  const double x0 = round (canvas->chart->gutter_px);
  const Tear whole = { x0, period, tear->y1 - tear->y0,
                       (int) ceil ((canvas->chart->width_px - x0) / period) };
  TramaText text = { tear->label, TRAMA_TEXT_TEAR, s };

  if (canvas->tiles != NULL)
    fill_tear (canvas, x0, tear->y0, whole.height_px);
  else
    {
      trama_canvas_save (canvas);
      cairo_translate (canvas->cr, 0, tear->y0);
      draw_edges (canvas, &whole);
      trama_canvas_restore (canvas);
    }
  draw_straight_part (canvas, x0, tear->y0, whole.height_px);
  trama_text_shrink (&text, canvas->chart->gutter_px - (14 + 4) * s, 0.75);
  trama_canvas_set_color (canvas, canvas->theme->ink2);
  trama_canvas_text (canvas, &text, canvas->chart->gutter_px - 14 * s, (tear->y0 + tear->y1) / 2, 1);
}

void
trama_canvas_draw_tears (const TramaCanvas *canvas)
{
  for (guint i = 0; i < canvas->chart->n_tears; i++)
    if (trama_canvas_sees (canvas, canvas->chart->tears[i].y0, canvas->chart->tears[i].y1))
      draw_tear (canvas, &canvas->chart->tears[i]);
}

/* A triangle that points back, to earlier times, and by how much. */
static void
draw_step (const TramaCanvas *canvas, const TramaChartStep *step)
{
  const TramaTheme *theme = canvas->theme;
  const double s = canvas->scale;
  TramaText text = { step->label, TRAMA_TEXT_TEAR, s };

  trama_canvas_round_rect (canvas, step->x0, step->y0, step->x1 - step->x0, step->y1 - step->y0, 5 * s);
  trama_canvas_set_color (canvas, theme->chip);
  trama_canvas_fill_preserve (canvas);
  cairo_set_line_width (canvas->cr, 1.5 * s);
  trama_canvas_set_color (canvas, theme->ink2);
  trama_canvas_stroke (canvas);
  trama_canvas_draw_step_mark (canvas, step->x0 + 12 * s, (step->y0 + step->y1) / 2);
  trama_text_shrink (&text, step->x1 - step->x0 - 28 * s, 0.75);
  trama_canvas_text (canvas, &text, step->x1 - 6 * s, (step->y0 + step->y1) / 2, 1);
}

void
trama_canvas_draw_step_mark (const TramaCanvas *canvas, double x, double y)
{
  const double s = canvas->scale;

  trama_canvas_set_color (canvas, canvas->theme->ink);
  cairo_move_to (canvas->cr, x - 6 * s, y + 5 * s);
  cairo_line_to (canvas->cr, x + 6 * s, y + 5 * s);
  cairo_line_to (canvas->cr, x, y - 6 * s);
  cairo_close_path (canvas->cr);
  trama_canvas_fill (canvas);
}

void
trama_canvas_draw_steps (const TramaCanvas *canvas)
{
  for (guint i = 0; i < canvas->chart->n_steps; i++)
    if (trama_canvas_sees (canvas, canvas->chart->steps[i].y0, canvas->chart->steps[i].y1))
      draw_step (canvas, &canvas->chart->steps[i]);
}
