/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/paint/sheet.h"

#include "ui/paint/svg.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* What sums of fractions may exceed a whole pixel by and be meant as it. */
#define ROUNDING_PX 0.01

/* What a piece has of its neighbours, so that none of its edges is soft. */
#define OVERLAP_PX 2

guint
trama_sheet_n_pages (const TramaSheet *sheet)
{
  return sheet->breaks->len - 1;
}

gboolean
trama_sheet_is_last (const TramaSheet *sheet, guint page)
{
  return page + 1 == trama_sheet_n_pages (sheet);
}

double
trama_sheet_page_height (const TramaSheet *sheet, guint page)
{
  const double *breaks = &g_array_index (sheet->breaks, double, page);

  return ceil (sheet->painting.chart->header_px + breaks[1] - breaks[0]
               + (trama_sheet_is_last (sheet, page) ? sheet->legend_px : 0) - ROUNDING_PX);
}

/* The body reaches a little under its neighbours: viewers soften the edges of vectors as they like. */
static void
draw_body (const TramaSheet *sheet, cairo_t *cr, guint page, double y0, double y1)
{
  const double *breaks = &g_array_index (sheet->breaks, double, page);
  const double from = MAX (breaks[0] - 1, y0 - OVERLAP_PX);
  const double to = MIN (breaks[1] + 1, y1 + OVERLAP_PX);
  TramaPainting painting = sheet->painting;

  if (from >= to)
    return;
  painting.chart = trama_slicer_get (sheet->slicer, from, to);
  trama_paint_body (cr, &painting, from, to);
}

void
trama_sheet_draw_part (const TramaSheet *sheet, cairo_t *cr, guint page, double y0, double y1)
{
  const double *breaks = &g_array_index (sheet->breaks, double, page);
  const double body_y = sheet->painting.chart->header_px - breaks[0];

  if (y0 < body_y + breaks[0] + OVERLAP_PX)
    trama_paint_header (cr, &sheet->painting);
  cairo_translate (cr, 0, body_y);
  draw_body (sheet, cr, page, y0 - body_y, y1 - body_y);
  if (!trama_sheet_is_last (sheet, page) || y1 < body_y + breaks[1] - OVERLAP_PX)
    return;
  cairo_translate (cr, 0, breaks[1]);
  trama_paint_legend (cr, &sheet->painting);
}

void
trama_sheet_draw_page (const TramaSheet *sheet, cairo_t *cr, guint page)
{
  trama_sheet_draw_part (sheet, cr, page, 0, trama_sheet_page_height (sheet, page));
}

gboolean
trama_sheet_check (cairo_status_t status, const TramaReplacement *file, GError **error)
{
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", trama_replacement_get_name (file),
               cairo_status_to_string (status));
  return FALSE;
}

char *
trama_sheet_describe (const TramaSheet *sheet)
{
  const TramaChart *chart = sheet->painting.chart;

  return g_strdup_printf (_ ("%u calls and %u packets on one time line, drawn by Trama"), chart->n_bars,
                          chart->n_arrows);
}

/* Where a sheet of SVG goes. */
typedef struct
{
  const TramaSheet *sheet;
  TramaReplacement *file;
  GError *error; /* owned */
} Sink;

static gboolean
write_piece (const char *data, gsize size, gpointer user_data)
{
  Sink *sink = user_data;

  return !g_cancellable_set_error_if_cancelled (sink->sheet->cancellable, &sink->error)
         && trama_replacement_write (sink->file, (const guint8 *) data, size, &sink->error);
}

gboolean
trama_sheet_write_svg (const TramaSheet *sheet, TramaReplacement *file, GError **error)
{
  g_autofree char *about = trama_sheet_describe (sheet);
  g_autoptr (TramaSvg)
      svg = trama_svg_new (sheet->width_px, trama_sheet_page_height (sheet, 0), sheet->title, about);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cr = cairo_create (surface);
  TramaSheet written = *sheet;
  Sink sink = { .sheet = sheet, .file = file };
  cairo_status_t status;

  trama_svg_set_sink (svg, write_piece, &sink);
  written.painting.svg = svg;
  trama_sheet_draw_page (&written, cr, 0);
  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  trama_svg_end (svg);
  if (sink.error == NULL)
    return trama_sheet_check (status, file, error);
  g_propagate_error (error, sink.error);
  return FALSE;
}
