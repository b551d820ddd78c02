/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/paint.h"
#include "ui/paint/canvas.h"

/*
 * cairo_save () does not keep the path. Never CAIRO_ANTIALIAS_FAST: a row of n pixels
 * may need n + 1 spans, and for that way cairo before 1.17.4 allocates n. A dotted
 * line needs them all, and the last one overwrites what follows on the heap.
 */
static cairo_path_t *
begin (TramaCanvas *canvas, cairo_t *cr, const TramaPainting *painting, double y0, double y1)
{
  cairo_path_t *path = cairo_copy_path (cr);

  *canvas = (TramaCanvas){
    .cr = cr,
    .svg = painting->svg,
    .tiles = painting->svg == NULL ? trama_tiles_get (cr, painting->theme, painting->chart->scale) : NULL,
    .painting = painting,
    .chart = painting->chart,
    .theme = painting->theme,
    .scale = painting->chart->scale,
    .y0 = y0,
    .y1 = y1,
  };
  trama_canvas_save (canvas);
  cairo_new_path (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_OVER);
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_WINDING);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_MITER);
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_DEFAULT);
  return path;
}

static void
end (const TramaCanvas *canvas, cairo_path_t *path)
{
  trama_canvas_restore (canvas);
  cairo_new_path (canvas->cr);
  cairo_append_path (canvas->cr, path);
  cairo_path_destroy (path);
}

/* A soft edge would show as a seam where the next piece of the picture begins. */
static void
fill_ground (const TramaCanvas *canvas)
{
  const cairo_antialias_t antialias = cairo_get_antialias (canvas->cr);

  cairo_rectangle (canvas->cr, 0, canvas->y0, canvas->chart->width_px, canvas->y1 - canvas->y0);
  cairo_set_antialias (canvas->cr, CAIRO_ANTIALIAS_NONE);
  trama_canvas_clip (canvas);
  trama_canvas_set_color (canvas, canvas->theme->wire);
  trama_canvas_fill_rect (canvas, 0, canvas->y0, canvas->chart->width_px, canvas->y1 - canvas->y0);
  cairo_set_antialias (canvas->cr, antialias);
}

void
trama_paint_header (cairo_t *cr, const TramaPainting *painting)
{
  TramaCanvas canvas;
  cairo_path_t *path = begin (&canvas, cr, painting, -painting->chart->header_px, 0);

  cairo_translate (cr, 0, painting->chart->header_px);
  fill_ground (&canvas);
  trama_canvas_draw_columns (&canvas);
  trama_canvas_draw_cards (&canvas);
  end (&canvas, path);
}

/* Once more what is lit, above the rest, which has stepped back. */
static void
draw_trail (TramaCanvas *canvas)
{
  canvas->only_lit = TRUE;
  trama_canvas_draw_veil (canvas);
  trama_canvas_draw_halo (canvas);
  trama_canvas_draw_ribbons (canvas);
  trama_canvas_draw_links (canvas);
  trama_canvas_draw_carries (canvas);
  trama_canvas_draw_bars (canvas);
  trama_canvas_draw_labels (canvas);
  trama_canvas_draw_arrows (canvas, TRUE);
  trama_canvas_draw_chips (canvas, TRUE);
  trama_canvas_draw_arrows (canvas, FALSE);
  trama_canvas_draw_chips (canvas, FALSE);
  trama_canvas_draw_ribbon_labels (canvas);
  canvas->only_lit = FALSE;
}

void
trama_paint_body (cairo_t *cr, const TramaPainting *painting, double y0, double y1)
{
  g_autoptr (TramaAnswers) answers = NULL;
  TramaCanvas canvas;
  cairo_path_t *path;

  if (!(y1 > y0))
    return;
  path = begin (&canvas, cr, painting, y0, y1);
  if (painting->answers == NULL)
    answers = trama_paint_ask (painting, y0, y1);
  canvas.answers = answers != NULL ? answers : painting->answers;
  fill_ground (&canvas);
  trama_canvas_draw_phases (&canvas);
  trama_canvas_draw_grid (&canvas);
  trama_canvas_draw_columns (&canvas);
  trama_canvas_draw_births (&canvas);
  trama_canvas_draw_densities (&canvas);
  trama_canvas_draw_passing (&canvas);
  trama_canvas_draw_bands (&canvas);
  trama_canvas_draw_lifelines (&canvas);
  trama_canvas_draw_mark_lines (&canvas);
  if (painting->trail == NULL)
    trama_canvas_draw_halo (&canvas);
  trama_canvas_draw_leaders (&canvas);
  trama_canvas_draw_links (&canvas);
  trama_canvas_draw_carries (&canvas);
  trama_canvas_draw_crowds (&canvas);
  trama_canvas_draw_bars (&canvas);
  trama_canvas_draw_tears (&canvas);
  trama_canvas_draw_ticks (&canvas);
  trama_canvas_draw_steps (&canvas);
  trama_canvas_draw_labels (&canvas);
  trama_canvas_draw_lives (&canvas);
  trama_canvas_draw_not_observed (&canvas);
  trama_canvas_draw_arrows (&canvas, TRUE);
  trama_canvas_draw_chips (&canvas, TRUE);
  trama_canvas_draw_arrows (&canvas, FALSE);
  trama_canvas_draw_selected (&canvas);
  trama_canvas_draw_badges (&canvas);
  trama_canvas_draw_chips (&canvas, FALSE);
  if (painting->trail != NULL)
    draw_trail (&canvas);
  trama_canvas_draw_marks (&canvas);
  trama_canvas_draw_edge (&canvas);
  trama_canvas_draw_notes (&canvas);
  end (&canvas, path);
}

void
trama_paint_ground (cairo_t *cr, const TramaPainting *painting, double y0, double y1)
{
  TramaCanvas canvas;
  cairo_path_t *path = begin (&canvas, cr, painting, y0, y1);

  fill_ground (&canvas);
  trama_canvas_draw_columns (&canvas);
  end (&canvas, path);
}

void
trama_paint_legend (cairo_t *cr, const TramaPainting *painting)
{
  TramaCanvas canvas;
  cairo_path_t *path = begin (&canvas, cr, painting, 0, trama_paint_legend_height (painting));

  fill_ground (&canvas);
  trama_canvas_draw_legend (&canvas);
  end (&canvas, path);
}
