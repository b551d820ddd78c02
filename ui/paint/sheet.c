/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/paint/sheet.h"

#include "ui/paint/svg.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* What sums of fractions may exceed a whole pixel by and be meant as it. */
#define ROUNDING_PX 0.01

/* The footer's text has this part of its room; it is written in a style of this size. */
#define FOOTER_FONT_PX 16
#define FOOTER_PART 0.65

guint
trama_sheet_n_pages (const TramaSheet *sheet)
{
  return sheet->breaks->len - 1;
}

static gboolean
is_last (const TramaSheet *sheet, guint page)
{
  return page + 1 == trama_sheet_n_pages (sheet);
}

double
trama_sheet_page_height (const TramaSheet *sheet, guint page)
{
  const double *breaks = &g_array_index (sheet->breaks, double, page);

  return ceil (sheet->painting.chart->header_px + breaks[1] - breaks[0]
               + (is_last (sheet, page) ? sheet->legend_px : 0) - ROUNDING_PX);
}

/* The body reaches a little under its neighbours: viewers soften the edges of vectors as they like. */
void
trama_sheet_draw_page (const TramaSheet *sheet, cairo_t *cr, guint page)
{
  const double *breaks = &g_array_index (sheet->breaks, double, page);

  trama_paint_header (cr, &sheet->painting);
  cairo_translate (cr, 0, sheet->painting.chart->header_px - breaks[0]);
  trama_paint_body (cr, &sheet->painting, breaks[0] - 1, breaks[1] + 1);
  if (!is_last (sheet, page))
    return;
  cairo_translate (cr, 0, breaks[1]);
  trama_paint_legend (cr, &sheet->painting);
}

static gboolean
check_status (cairo_status_t status, GError **error)
{
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, cairo_status_to_string (status));
  return FALSE;
}

static char *
describe (const TramaSheet *sheet)
{
  const TramaChart *chart = sheet->painting.chart;

  return g_strdup_printf (_ ("%u calls and %u packets on one time line, drawn by Trama"), chart->n_bars,
                          chart->n_arrows);
}

gboolean
trama_sheet_write_svg (const TramaSheet *sheet, GByteArray *bytes, GError **error)
{
  g_autofree char *about = describe (sheet);
  g_autoptr (TramaSvg)
      svg = trama_svg_new (sheet->width_px, trama_sheet_page_height (sheet, 0), sheet->title, about);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cr = cairo_create (surface);
  TramaSheet written = *sheet;
  cairo_status_t status;
  const GString *text;

  written.painting.svg = svg;
  trama_sheet_draw_page (&written, cr, 0);
  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  text = trama_svg_end (svg);
  g_byte_array_append (bytes, (const guint8 *) text->str, (guint) text->len);
  return check_status (status, error);
}

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

gboolean
trama_sheet_write_png (const TramaSheet *sheet, guint page, GByteArray *bytes, GError **error)
{
  const double width = round (sheet->width_px * sheet->pixel_scale);
  const double height = round (trama_sheet_page_height (sheet, page) * sheet->pixel_scale);
  cairo_surface_t *surface;
  cairo_status_t status;
  cairo_t *cr;

  if (width > TRAMA_IMAGE_MAX || height > TRAMA_IMAGE_MAX)
    {
      g_set_error (
          error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
          _ ("%.0f × %.0f pixels are too many for PNG, which has 32767 each way; make it smaller, or "
             "SVG or PDF"),
          width, height);
      return FALSE;
    }
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) height);
  cr = cairo_create (surface);
  cairo_scale (cr, sheet->pixel_scale, sheet->pixel_scale);
  trama_sheet_draw_page (sheet, cr, page);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, append_bytes, bytes);
  cairo_surface_destroy (surface);
  return check_status (status, error);
}

cairo_surface_t *
trama_sheet_begin_pdf (const TramaSheet *sheet, GByteArray *bytes)
{
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (append_bytes, bytes, sheet->paper_pt[0],
                                                                  sheet->paper_pt[1]);
  g_autofree char *title = g_utf8_make_valid (sheet->title, -1);
  g_autofree char *about = describe (sheet);

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT, about);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Trama");
  return surface;
}

/* From when to when, since the start of the trace. */
static char *
name_page (const TramaSheet *sheet, guint page)
{
  const TramaChart *chart = sheet->painting.chart;
  const double *breaks = &g_array_index (sheet->breaks, double, page);
  const gint64 begin_ns = trama_chart_time_of_y (chart, breaks[0]) - chart->span.start_ns;
  const gint64 end_ns = trama_chart_time_of_y (chart, breaks[1]) - chart->span.start_ns;
  g_autofree char *begin = begin_ns > 0 ? trama_duration_format (begin_ns) : g_strdup ("0");
  g_autofree char *end = trama_duration_format (end_ns);

  return g_strdup_printf ("%s – %s", begin, end);
}

/* What the whole is, and which part of it this is. */
static void
draw_footer (const TramaSheet *sheet, cairo_t *cr, guint page)
{
  const TramaColor color = sheet->painting.theme->ink2;
  const double size_px = TRAMA_PAPER_FOOTER_PT * FOOTER_PART;
  const double y = sheet->paper_pt[1] - TRAMA_PAPER_MARGIN_PT - size_px / 2 + 2;
  g_autofree char *when = name_page (sheet, page);
  /* Translators: "page 2 of 5". */
  g_autofree char *which = g_strdup_printf (_ ("page %u of %u"), page + 1, trama_sheet_n_pages (sheet));
  g_autofree char *right = g_strdup_printf ("%s · %s", when, which);
  TramaText text = {
    right,
    TRAMA_TEXT_SUBTITLE,
    size_px / FOOTER_FONT_PX,
  };
  double width;

  cairo_set_source_rgb (cr, color.red, color.green, color.blue);
  trama_text_measure (&text, &width, NULL);
  trama_text_draw (cr, &text, sheet->paper_pt[0] - TRAMA_PAPER_MARGIN_PT, y, 1);
  text.text = sheet->title;
  text.room_px = MAX (sheet->paper_pt[0] - 2 * TRAMA_PAPER_MARGIN_PT - width - size_px, 1);
  trama_text_draw (cr, &text, TRAMA_PAPER_MARGIN_PT, y, 0);
}

gboolean
trama_sheet_write_pdf (const TramaSheet *sheet, guint page, cairo_surface_t *surface, GError **error)
{
  const TramaColor ground = sheet->painting.theme->wire;
  const double scale = (sheet->paper_pt[0] - 2 * TRAMA_PAPER_MARGIN_PT) / sheet->width_px;
  g_autofree char *name = name_page (sheet, page);
  g_autofree char *link = g_strdup_printf ("page=%u pos=[0 0]", page + 1);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_set_source_rgb (cr, ground.red, ground.green, ground.blue);
  cairo_paint (cr);
  cairo_save (cr);
  cairo_translate (cr, TRAMA_PAPER_MARGIN_PT, TRAMA_PAPER_MARGIN_PT);
  cairo_scale (cr, scale, scale);
  trama_sheet_draw_page (sheet, cr, page);
  cairo_restore (cr);
  draw_footer (sheet, cr, page);
  cairo_pdf_surface_add_outline (surface, CAIRO_PDF_OUTLINE_ROOT, name, link, CAIRO_PDF_OUTLINE_FLAG_OPEN);
  cairo_show_page (cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  return check_status (status, error);
}

gboolean
trama_sheet_end_pdf (cairo_surface_t *surface, GError **error)
{
  cairo_status_t status;

  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return check_status (status, error);
}
