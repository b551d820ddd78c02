/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/sheet.h"

#include <math.h>

/* Less than this of a part is no reason for one. */
#define ROUNDING_PX 0.01

static gboolean
is_paper (const TramaSheet *sheet)
{
  return sheet->paper_pt[0] > 0;
}

/* What is cut has the whole width: a strip of a few pixels shows nothing. */
static double
find_scale (const TramaSheet *sheet, int width_px, int height_px)
{
  if (is_paper (sheet))
    return MIN (width_px / sheet->paper_pt[0], height_px / sheet->paper_pt[1]);
  return width_px / sheet->width_px;
}

/* Of a page, in parts of @part_px. */
static guint
count_parts (const TramaSheet *sheet, guint page, double part_px)
{
  return (guint) MAX (1, ceil ((trama_sheet_page_height (sheet, page) - ROUNDING_PX) / part_px));
}

guint
trama_sheet_n_views (const TramaSheet *sheet, int width_px, int height_px)
{
  const double part_px = height_px / find_scale (sheet, width_px, height_px);
  const guint n_pages = trama_sheet_n_pages (sheet);
  guint n_views = 0;

  if (is_paper (sheet))
    return n_pages;
  for (guint i = 0; i < n_pages; i++)
    n_views += count_parts (sheet, i, part_px);
  return n_views;
}

static cairo_surface_t *
make_surface (const TramaSheet *sheet, double width_px, double height_px)
{
  const TramaColor ground = sheet->painting.theme->wire;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) MAX (1, round (width_px)),
                                                         (int) MAX (1, round (height_px)));
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, ground.red, ground.green, ground.blue);
  cairo_paint (cr);
  cairo_destroy (cr);
  return surface;
}

static cairo_surface_t *
view_paper (const TramaSheet *sheet, guint page, double scale)
{
  cairo_surface_t *surface = make_surface (sheet, sheet->paper_pt[0] * scale, sheet->paper_pt[1] * scale);
  cairo_t *cr = cairo_create (surface);

  cairo_scale (cr, scale, scale);
  trama_sheet_pdf_draw_page (sheet, cr, page);
  cairo_destroy (cr);
  return surface;
}

cairo_surface_t *
trama_sheet_view (const TramaSheet *sheet, guint view, int width_px, int height_px)
{
  const double scale = find_scale (sheet, width_px, height_px);
  const double part_px = height_px / scale;
  double page_px, shown_px, y0;
  cairo_surface_t *surface;
  guint page = 0;
  cairo_t *cr;

  if (is_paper (sheet))
    return view_paper (sheet, view, scale);
  while (view >= count_parts (sheet, page, part_px))
    view -= count_parts (sheet, page++, part_px);
  page_px = trama_sheet_page_height (sheet, page);
  shown_px = MIN (page_px, part_px);
  y0 = MIN (view * part_px, page_px - shown_px);
  surface = make_surface (sheet, sheet->width_px * scale, shown_px * scale);
  cr = cairo_create (surface);
  cairo_scale (cr, scale, scale);
  cairo_translate (cr, 0, -y0);
  trama_sheet_draw_part (sheet, cr, page, y0, y0 + shown_px);
  cairo_destroy (cr);
  return surface;
}
