/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/paint_overview.h"

#include "ui/paint/text.h"

#include <math.h>

/* Sizes at scale 1. */
#define FLAG_PX 10
#define MARK_PX 7
#define MARK_LINE_PX 2
#define RANGE_LINE_PX 2
#define RANGE_MIN_PX 6
#define PEAK_SCALE 0.7
#define PEAK_PADDING_PX 8

/* A bar is thin where a conversation is set up or torn down: the shape tells it, too. */
#define THIN_PART 0.5

#define AREA_ALPHA 0.45
#define ASIDE_ALPHA 0.3
#define HIT_POLE_PX 1.5
#define HIT_FLAG_PX 8
#define HIT_BAND_FLAGS 4 /* from so many flags side by side on */
#define HIT_ALPHA 0.75
#define RANGE_ALPHA 0.10

static void
set_color (cairo_t *cr, TramaColor color, double alpha)
{
  cairo_set_source_rgba (cr, color.red, color.green, color.blue, color.alpha * alpha);
}

static void
fill_rect (cairo_t *cr, double x0, double y0, double x1, double y1)
{
  cairo_rectangle (cr, x0, y0, x1 - x0, y1 - y0);
  cairo_fill (cr);
}

/* Setup hangs from the top of the bar, teardown lies on its ground. */
static void
draw_pieces (cairo_t *cr, const TramaOverview *overview, const TramaTheme *theme)
{
  for (guint i = 0; i < overview->n_pieces; i++)
    {
      const TramaOverviewPiece *piece = &overview->pieces[i];
      double thin = (piece->y1 - piece->y0) * THIN_PART;
      double y0 = piece->phase == TRAMA_PHASE_TEARDOWN ? piece->y1 - thin : piece->y0;
      double y1 = piece->phase == TRAMA_PHASE_SETUP ? piece->y0 + thin : piece->y1;

      set_color (cr, theme->phase[piece->phase], 1);
      fill_rect (cr, piece->x0, y0, piece->x1, y1);
    }
}

static void
draw_columns (cairo_t *cr, const TramaOverview *overview, const TramaTheme *theme)
{
  for (guint phase = 0; phase < TRAMA_N_PHASES; phase++)
    {
      for (guint i = 0; i < overview->n_columns; i++)
        {
          const double *heights = overview->columns[i].height_px;
          double y1 = overview->bars_y1;

          for (guint below = 0; below < phase; below++)
            y1 -= heights[below];
          if (heights[phase] > 0)
            cairo_rectangle (cr, i, y1 - heights[phase], 1, heights[phase]);
        }
      set_color (cr, theme->phase[phase], 1);
      cairo_fill (cr);
    }
}

/* A reset is a cross, something sent again a ring, ICMP a dot. A line reaches to the last that it stands for. */
static void
draw_mark (cairo_t *cr, const TramaOverview *overview, const TramaOverviewMark *mark)
{
  double half = MARK_PX / 2.0 * overview->scale;
  double x = CLAMP (mark->x, half + 1, MAX (half + 1, overview->width_px - half - 1));
  double y = overview->marks_y;

  cairo_set_line_width (cr, MARK_LINE_PX * overview->scale);
  if (mark->kind == TRAMA_SEGMENT_RST)
    {
      cairo_move_to (cr, x - half, y - half);
      cairo_line_to (cr, x + half, y + half);
      cairo_move_to (cr, x - half, y + half);
      cairo_line_to (cr, x + half, y - half);
      cairo_stroke (cr);
    }
  else
    {
      cairo_arc (cr, x, y, half - 1, 0, 2 * G_PI);
      if (mark->kind == TRAMA_SEGMENT_ICMP)
        cairo_fill (cr);
      else
        cairo_stroke (cr);
    }
  if (mark->last_x > mark->x)
    fill_rect (cr, mark->x, y + half + 1, mark->last_x, y + half + 2);
}

static void
draw_marks (cairo_t *cr, const TramaOverview *overview, const TramaTheme *theme)
{
  for (guint i = 0; i < overview->n_marks; i++)
    {
      set_color (cr, theme->segment[overview->marks[i].kind], 1);
      draw_mark (cr, overview, &overview->marks[i]);
    }
}

static void
draw_area (cairo_t *cr, const TramaOverview *overview, const TramaTheme *theme)
{
  set_color (cr, theme->segment[TRAMA_SEGMENT_DATA], AREA_ALPHA);
  for (guint i = 0; i < overview->n_areas; i++)
    if (overview->areas[i] > 0)
      cairo_rectangle (cr, i, overview->area_y1 - overview->areas[i], 1, overview->areas[i]);
  cairo_fill (cr);
  set_color (cr, theme->segment[TRAMA_SEGMENT_DATA], 1);
  for (guint i = 0; i < overview->n_areas; i++)
    if (overview->areas[i] > 0)
      cairo_rectangle (cr, i, overview->area_y1 - overview->areas[i], 1, 1);
  cairo_fill (cr);
}

/* In the corner, on a ground of its own. */
static void
draw_peak (cairo_t *cr, const TramaOverview *overview, const TramaTheme *theme)
{
  TramaText text = {
    overview->peak, TRAMA_TEXT_TICK, overview->scale * PEAK_SCALE, 0, PANGO_ELLIPSIZE_NONE, 1
  };
  double padding = PEAK_PADDING_PX * overview->scale;
  double width, height;

  if (overview->peak == NULL)
    return;
  trama_text_measure (&text, &width, &height);
  set_color (cr, theme->wire, 0.85);
  fill_rect (cr, 0, overview->area_y0, width + 2 * padding, overview->area_y0 + height);
  set_color (cr, theme->ink2, 1);
  trama_text_draw (cr, &text, padding, overview->area_y0 + height / 2, 0);
}

void
trama_paint_overview (cairo_t *cr, const TramaOverview *overview, const TramaTheme *theme)
{
  cairo_save (cr);
  set_color (cr, theme->wire, 1);
  fill_rect (cr, 0, 0, overview->width_px, overview->height_px);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  draw_columns (cr, overview, theme);
  draw_area (cr, overview, theme);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_DEFAULT);
  draw_pieces (cr, overview, theme);
  draw_marks (cr, overview, theme);
  draw_peak (cr, overview, theme);
  cairo_restore (cr);
}

/* Never so narrow that it cannot be seen, and on whole pixels. */
static void
widen (const TramaOverview *overview, double *x0, double *x1)
{
  double least = RANGE_MIN_PX * overview->scale;

  if (*x1 - *x0 < least)
    {
      *x0 = CLAMP ((*x0 + *x1 - least) / 2, 0, MAX (0, overview->width_px - least));
      *x1 = *x0 + least;
    }
}

static void
outline (cairo_t *cr, const TramaOverview *overview, TramaColor color, double x0, double x1)
{
  double line = RANGE_LINE_PX * overview->scale;

  set_color (cr, color, RANGE_ALPHA);
  fill_rect (cr, x0, 0, x1, overview->height_px);
  set_color (cr, color, 1);
  cairo_set_line_width (cr, line);
  cairo_rectangle (cr, x0 + line / 2, line / 2, MAX (1, x1 - x0 - line), overview->height_px - line);
  cairo_stroke (cr);
}

void
trama_paint_overview_range (cairo_t *cr,
                            const TramaOverview *overview,
                            const TramaTheme *theme,
                            double x0,
                            double x1)
{
  widen (overview, &x0, &x1);
  cairo_save (cr);
  set_color (cr, theme->wire, ASIDE_ALPHA);
  fill_rect (cr, 0, 0, x0, overview->height_px);
  fill_rect (cr, x1, 0, overview->width_px, overview->height_px);
  outline (cr, overview, theme->segment[TRAMA_SEGMENT_SYN], x0, x1);
  cairo_restore (cr);
}

void
trama_paint_overview_brush (cairo_t *cr,
                            const TramaOverview *overview,
                            const TramaTheme *theme,
                            double x0,
                            double x1)
{
  cairo_save (cr);
  set_color (cr, theme->selection, 1);
  fill_rect (cr, x0, 0, x1, overview->height_px);
  set_color (cr, theme->ink, 1);
  fill_rect (cr, x0, 0, x0 + 1, overview->height_px);
  fill_rect (cr, x1 - 1, 0, x1, overview->height_px);
  cairo_restore (cr);
}

/* How many stand so near to each other from @x on that no flag is seen between two. */
static guint
count_close_hits (const guint8 *hits, guint x, guint end, double flag_px)
{
  guint last = x;

  for (guint i = x + 1; i < end && i - last <= flag_px; i++)
    if (hits[i])
      last = i;
  return last - x;
}

/*
 * A flag on each, whose pole crosses the strip: neither is told by its colour alone. Where they are many,
 * poles would hide what is found among what: there is a band in their place, as high as a flag.
 */
void
trama_paint_overview_hits (cairo_t *cr,
                           const TramaOverview *overview,
                           const TramaTheme *theme,
                           const guint8 *hits)
{
  const double pole = HIT_POLE_PX * overview->scale, flag = HIT_FLAG_PX * overview->scale;
  const guint end = (guint) ceil (overview->width_px);

  cairo_save (cr);
  for (guint x = 0; x < end; x++)
    {
      const guint more = hits[x] ? count_close_hits (hits, x, end, flag) : 0;

      if (more > HIT_BAND_FLAGS * flag)
        {
          cairo_rectangle (cr, x, 0, more, flag);
          x += more;
        }
      else if (hits[x])
        {
          cairo_rectangle (cr, x, 0, pole, overview->height_px);
          cairo_move_to (cr, x, 0);
          cairo_rel_line_to (cr, flag, flag / 2);
          cairo_rel_line_to (cr, -flag, flag / 2);
          cairo_close_path (cr);
        }
    }
  set_color (cr, theme->ink, HIT_ALPHA);
  cairo_fill (cr);
  cairo_restore (cr);
}

void
trama_paint_overview_flag (cairo_t *cr, const TramaOverview *overview, const TramaTheme *theme, double x)
{
  const double width = FLAG_PX * overview->scale;

  cairo_save (cr);
  set_color (cr, theme->ink, 0.5);
  fill_rect (cr, round (x), 0, round (x) + 1, overview->height_px);
  set_color (cr, theme->ink, 1);
  cairo_move_to (cr, round (x), 0);
  cairo_line_to (cr, round (x) + width, 0);
  cairo_line_to (cr, round (x) + width * 0.65, width / 2);
  cairo_line_to (cr, round (x) + width, width);
  cairo_line_to (cr, round (x), width);
  cairo_close_path (cr);
  cairo_fill (cr);
  cairo_restore (cr);
}
