/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/replace.h"
#include "ui/paint/export.h"
#include "ui/paint/paint.h"
#include "ui/paint/svg.h"

#include <cairo-pdf.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* 96 px to the inch, 72 pt to the inch. */
#define PT_PER_PX 0.75

/* What sums of fractions may exceed a whole pixel by and be meant as it. */
#define ROUNDING_PX 0.01

/* A picture is for others to see, as far as the umask lets them. */
#define PICTURE_MODE 0666

#define MIN_WIDTH_PX 200
#define MAX_WIDTH_PX 32767

typedef struct
{
  TramaPainting painting;
  double width_px, height_px;
  double body_px; /* as drawn: not less than what the sheet has room for */
  const char *title;
} Sheet;

typedef gboolean (*RenderFunc) (const Sheet *sheet, double pixel_scale, GByteArray *bytes, GError **error);

typedef struct
{
  const char *ending;
  RenderFunc render;
} Format;

const TramaExportOptions trama_export_defaults = {
  1920, 1080, 1, TRAMA_THEME_LIGHT, TRAMA_SCALE_FOLDED, NULL
};

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* The body reaches a little under its neighbours: viewers soften the edges of vectors as they like. */
static void
draw_sheet (cairo_t *cr, const Sheet *sheet)
{
  const TramaChart *chart = sheet->painting.chart;

  trama_paint_header (cr, &sheet->painting);
  cairo_translate (cr, 0, chart->header_px);
  trama_paint_body (cr, &sheet->painting, -1, sheet->body_px + 1);
  cairo_translate (cr, 0, sheet->body_px);
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

/* Draws, ends and frees @surface; its bytes are then complete. */
static gboolean
draw_vectors (cairo_surface_t *surface, const Sheet *sheet, double scale, GError **error)
{
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_scale (cr, scale, scale);
  draw_sheet (cr, sheet);
  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return check_status (status, error);
}

static gboolean
render_svg (const Sheet *sheet, double pixel_scale, GByteArray *bytes, GError **error)
{
  const TramaChart *chart = sheet->painting.chart;
  g_autofree char *about = g_strdup_printf (_ ("%u calls and %u packets on one time line, drawn by Trama"),
                                            chart->n_bars, chart->n_arrows);
  g_autoptr (TramaSvg) svg = trama_svg_new (sheet->width_px, sheet->height_px, sheet->title, about);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cr = cairo_create (surface);
  Sheet written = *sheet;
  cairo_status_t status;
  const GString *text;

  written.painting.svg = svg;
  draw_sheet (cr, &written);
  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  text = trama_svg_end (svg);
  g_byte_array_append (bytes, (const guint8 *) text->str, (guint) text->len);
  return check_status (status, error);
}

static gboolean
render_pdf (const Sheet *sheet, double pixel_scale, GByteArray *bytes, GError **error)
{
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (
      append_bytes, bytes, sheet->width_px * PT_PER_PX, sheet->height_px * PT_PER_PX);
  g_autofree char *title = g_utf8_make_valid (sheet->title, -1);

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Trama");
  return draw_vectors (surface, sheet, PT_PER_PX, error);
}

static gboolean
render_png (const Sheet *sheet, double pixel_scale, GByteArray *bytes, GError **error)
{
  const double width = round (sheet->width_px * pixel_scale);
  const double height = round (sheet->height_px * pixel_scale);
  cairo_surface_t *surface;
  cairo_status_t status;
  cairo_t *cr;

  /* What cairo can address in an image. */
  if (width > 32767 || height > 32767)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _ ("%.0f × %.0f pixels are too many for PNG; SVG and PDF have no such limit"), width,
                   height);
      return FALSE;
    }
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) height);
  cr = cairo_create (surface);
  cairo_scale (cr, pixel_scale, pixel_scale);
  draw_sheet (cr, sheet);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, append_bytes, bytes);
  cairo_surface_destroy (surface);
  return check_status (status, error);
}

static const Format formats[] = {
  { ".svg", render_svg },
  { ".pdf", render_pdf },
  { ".png", render_png },
};

static const Format *
find_format (const char *path)
{
  const char *dot = strrchr (path, '.');

  for (guint i = 0; dot != NULL && i < G_N_ELEMENTS (formats); i++)
    if (g_ascii_strcasecmp (dot, formats[i].ending) == 0)
      return &formats[i];
  return NULL;
}

gboolean
trama_export_knows (const char *path)
{
  g_return_val_if_fail (path != NULL, FALSE);
  return find_format (path) != NULL;
}

static TramaChart *
new_chart (TramaFlowTable *table, TramaScaleMode mode, double width_px, double height_px)
{
  const TramaChartOptions options = {
    .width_px = width_px,
    .height_px = height_px,
    .text_scale = 1,
    .mode = mode,
  };

  return trama_chart_new (table, &options);
}

/* Header and legend must be known before the body can be fitted between them. */
static TramaChart *
fit_chart (TramaFlowTable *table, TramaScaleMode mode, double width_px, double height_px)
{
  g_autoptr (TramaChart) first = new_chart (table, mode, width_px, height_px);
  const double around_px = first->header_px + trama_paint_legend_height (first);

  return new_chart (table, mode, width_px, MAX (height_px - around_px, 100));
}

static const char *
get_title (TramaFlowTable *table)
{
  const TramaSessionRecord *session = trama_store_get_session (trama_flow_table_get_store (table));

  if (session == NULL)
    return "Trama";
  if (session->title != NULL && session->title[0] != '\0')
    return session->title;
  return session->name != NULL ? session->name : "Trama";
}

static gboolean
replace_file (const char *path, const GByteArray *bytes, GError **error)
{
  g_autoptr (TramaReplacement) file = trama_replacement_new (path, PICTURE_MODE, error);

  return file != NULL && trama_replacement_write (file, bytes->data, bytes->len, error)
         && trama_replacement_commit (file, error);
}

gboolean
trama_export (TramaFlowTable *table, const char *path, const TramaExportOptions *options, GError **error)
{
  const Format *format;
  g_autofree char *shown = NULL;
  g_autoptr (TramaChart) chart = NULL;
  g_autoptr (TramaEdge) edge = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Sheet sheet = { 0 };
  double around_px;

  g_return_val_if_fail (table != NULL && path != NULL && options != NULL, FALSE);
  shown = g_filename_display_name (path);
  format = find_format (path);
  if (format == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _ ("%s: a picture ends in .svg, .pdf or .png"), shown);
      return FALSE;
    }
  sheet.width_px = CLAMP (options->width_px, MIN_WIDTH_PX, MAX_WIDTH_PX);
  chart = fit_chart (table, options->mode, sheet.width_px, options->height_px);
  sheet.width_px = MAX (sheet.width_px, ceil (chart->width_px - ROUNDING_PX));
  around_px = chart->header_px + trama_paint_legend_height (chart);
  sheet.body_px = MAX (chart->body_px, options->height_px - around_px);
  sheet.height_px = ceil (around_px + sheet.body_px - ROUNDING_PX);
  sheet.title = get_title (table);
  if (options->findings != NULL)
    edge = trama_edge_new (options->findings, chart->only_flow);
  sheet.painting = (TramaPainting){ .chart = chart, .theme = trama_theme_get (options->theme), .edge = edge };
  if (format->render (&sheet, MAX (options->pixel_scale, 0.1), bytes, error))
    return replace_file (path, bytes, error);
  g_prefix_error (error, "%s: ", shown);
  return FALSE;
}
