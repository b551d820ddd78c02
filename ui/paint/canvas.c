/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/canvas.h"

#include "core/flow/event_text.h"

/* Longer than any mark reaches beyond the point it stands on. */
#define OVERLAP_PX 128

/* Smaller ones are not told from corners. */
#define ROUND_LEAST_PX 0.75

void
trama_canvas_fill_preserve (const TramaCanvas *canvas)
{
  if (canvas->svg != NULL)
    trama_svg_fill (canvas->svg, canvas->cr);
  else
    cairo_fill_preserve (canvas->cr);
}

void
trama_canvas_fill (const TramaCanvas *canvas)
{
  trama_canvas_fill_preserve (canvas);
  cairo_new_path (canvas->cr);
}

void
trama_canvas_stroke (const TramaCanvas *canvas)
{
  if (canvas->svg != NULL)
    trama_svg_stroke (canvas->svg, canvas->cr);
  else
    cairo_stroke_preserve (canvas->cr);
  cairo_new_path (canvas->cr);
}

void
trama_canvas_clip (const TramaCanvas *canvas)
{
  if (canvas->svg != NULL)
    trama_svg_clip (canvas->svg, canvas->cr);
  else
    cairo_clip_preserve (canvas->cr);
  cairo_new_path (canvas->cr);
}

void
trama_canvas_save (const TramaCanvas *canvas)
{
  cairo_save (canvas->cr);
  if (canvas->svg != NULL)
    trama_svg_save (canvas->svg);
}

void
trama_canvas_restore (const TramaCanvas *canvas)
{
  cairo_restore (canvas->cr);
  if (canvas->svg != NULL)
    trama_svg_restore (canvas->svg);
}

void
trama_canvas_text (const TramaCanvas *canvas, const TramaText *text, double x, double y, double align)
{
  if (canvas->svg != NULL)
    trama_svg_text (canvas->svg, canvas->cr, text, x, y, align);
  else
    trama_text_draw (canvas->cr, text, x, y, align);
}

/* Numbered from 1, as everywhere else. */
void
trama_canvas_begin_thing (const TramaCanvas *canvas, const char *what, guint32 index, const char *title)
{
  g_autofree char *id = NULL;

  if (canvas->svg == NULL)
    return;
  id = g_strdup_printf ("%s-%u", what, index + 1);
  trama_svg_begin_group (canvas->svg, id, title != NULL ? title : id);
}

void
trama_canvas_begin_event (const TramaCanvas *canvas, guint32 kind, guint32 index)
{
  g_autofree char *sentence = NULL;

  if (canvas->svg == NULL)
    return;
  sentence = trama_event_sentence (trama_chart_get_table (canvas->chart), (TramaRef){ kind, index });
  trama_canvas_begin_thing (canvas, kind == TRAMA_EVENT_CALL ? "call" : "packet", index, sentence);
}

void
trama_canvas_end_event (const TramaCanvas *canvas)
{
  if (canvas->svg != NULL)
    trama_svg_end_group (canvas->svg);
}

void
trama_canvas_set_color (const TramaCanvas *canvas, TramaColor color)
{
  cairo_set_source_rgba (canvas->cr, color.red, color.green, color.blue, color.alpha);
}

void
trama_canvas_fill_rect (const TramaCanvas *canvas, double x, double y, double width, double height)
{
  cairo_rectangle (canvas->cr, x, y, width, height);
  trama_canvas_fill (canvas);
}

void
trama_canvas_round_rect (const TramaCanvas *canvas,
                         double x,
                         double y,
                         double width,
                         double height,
                         double radius)
{
  cairo_t *cr = canvas->cr;

  width = MAX (width, 0);
  height = MAX (height, 0);
  radius = MIN (radius, MIN (width, height) / 2);
  if (radius < ROUND_LEAST_PX)
    {
      cairo_rectangle (cr, x, y, width, height);
      return;
    }
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
}

void
trama_canvas_go (const TramaCanvas *canvas, const TramaAxis *axis, double along, double across, gboolean draw)
{
  const double x = axis->x + (axis->ux * along - axis->uy * across) * canvas->scale;
  const double y = axis->y + (axis->uy * along + axis->ux * across) * canvas->scale;

  if (draw)
    cairo_line_to (canvas->cr, x, y);
  else
    cairo_move_to (canvas->cr, x, y);
}

typedef struct
{
  const TramaCanvas *canvas;
  TramaCanvasFunc draw;
  gconstpointer data;
} Tile;

static void
draw_tile (cairo_t *cr, gpointer data)
{
  const Tile *tile = data;
  TramaCanvas canvas = *tile->canvas;

  canvas.cr = cr;
  tile->draw (&canvas, tile->data);
}

void
trama_canvas_set_tile (const TramaCanvas *canvas,
                       const TramaTileKey *key,
                       double x,
                       double y,
                       double width_px,
                       double height_px,
                       TramaCanvasFunc draw,
                       gconstpointer data)
{
  Tile tile = { canvas, draw, data };

  trama_tiles_set_source (canvas->tiles, canvas->cr, key, x, y, width_px, height_px, draw_tile, &tile);
}

void
trama_canvas_stamp (const TramaCanvas *canvas,
                    const TramaTileKey *key,
                    double x,
                    double y,
                    double reach_px,
                    TramaCanvasFunc draw,
                    gconstpointer data)
{
  Tile tile = { canvas, draw, data };

  if (canvas->tiles != NULL)
    {
      trama_tiles_stamp (canvas->tiles, canvas->cr, key, x, y, reach_px, draw_tile, &tile);
      return;
    }
  cairo_translate (canvas->cr, x, y);
  draw (canvas, data);
  cairo_translate (canvas->cr, -x, -y);
}

void
trama_canvas_set_dash (const TramaCanvas *canvas, const double *dashes, int n_dashes)
{
  double scaled[4] = { 0 };

  for (int i = 0; i < n_dashes && i < (int) G_N_ELEMENTS (scaled); i++)
    scaled[i] = dashes[i] * canvas->scale;
  cairo_set_dash (canvas->cr, scaled, n_dashes, 0);
}

gboolean
trama_canvas_sees (const TramaCanvas *canvas, double y0, double y1)
{
  const double overlap = OVERLAP_PX * canvas->scale;

  return MAX (y0, y1) + overlap >= canvas->y0 && MIN (y0, y1) - overlap <= canvas->y1;
}

double
trama_canvas_clamp (const TramaCanvas *canvas, double y)
{
  const double overlap = OVERLAP_PX * canvas->scale;

  return CLAMP (y, canvas->y0 - overlap, canvas->y1 + overlap);
}

gboolean
trama_canvas_on_path (const TramaCanvas *canvas, guint32 kind, guint32 index)
{
  const TramaRef ref = { kind, index };

  if (canvas->painting->trail != NULL)
    return trama_trail_has (canvas->painting->trail, ref);
  return trama_answers_are_on_path (canvas->answers, ref);
}

gboolean
trama_canvas_wants (const TramaCanvas *canvas, guint32 kind, guint32 index)
{
  return !canvas->only_lit || trama_canvas_on_path (canvas, kind, index);
}

gboolean
trama_canvas_is_selected (const TramaCanvas *canvas, guint32 kind, guint32 index)
{
  const TramaRef selected = canvas->painting->selected;

  return selected.kind == kind && selected.index == index;
}

void
trama_canvas_outline (const TramaCanvas *canvas,
                      double x,
                      double y,
                      double width,
                      double height,
                      double radius)
{
  const double gap = 4 * canvas->scale;

  trama_canvas_round_rect (canvas, x - gap, y - gap, width + 2 * gap, height + 2 * gap, radius + gap);
  trama_canvas_set_color (canvas, canvas->theme->ink);
  cairo_set_line_width (canvas->cr, 2 * canvas->scale);
  trama_canvas_stroke (canvas);
}
