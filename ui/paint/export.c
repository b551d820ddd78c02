/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/paint/export.h"

#include "core/chart/edge.h"
#include "core/chart/labels.h"
#include "core/trace/replace.h"
#include "ui/paint/png_file.h"
#include "ui/paint/sheet.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* What sums of fractions may exceed a whole pixel by and be meant as it. */
#define ROUNDING_PX 0.01

/* A picture is for others to see, as far as the umask lets them. */
#define PICTURE_MODE 0666

#define MIN_WIDTH_PX 200
#define MIN_BODY_PX 100

/* So much of what is beside a range is drawn, at scale 1: what hangs at its ends. */
#define ABOVE_RANGE_PX 30
#define BELOW_RANGE_PX 46

/* Longer than any paper; what is still a crowd then stays one. */
#define BODY_MAX_PX 2e6

/* Words of a call farther away from it than this are not found, and this part of all may be. */
#define STRAY_PX 66
#define MUTE_PART 0.25

/* Of each event, on average, no more paper than this is taken for its words, at scale 1: the rest would be empty. */
#define EVENT_MAX_PX 64

/* How often the scale is chosen anew, until a range fits: folds and labels have heights of their own. */
#define FIT_STEPS 6
#define FIT_ENOUGH 0.02

/* On an upright page things are not drawn smaller than this. */
#define UPRIGHT_SCALE_MIN 0.8

typedef enum
{
  FORMAT_SVG,
  FORMAT_PDF,
  FORMAT_PNG,
  N_FORMATS,
} Format;

static const char *const endings[N_FORMATS] = { ".svg", ".pdf", ".png" };

struct _TramaExporter
{
  TramaExportOptions options;
  TramaFlowTable *table;
  Format format;
  char *path;
  TramaChart *chart;
  TramaEdge *edge; /* NULL: no findings */
  TramaSheet sheet;
  guint n_done; /* steps */
  guint n_steps;
  guint page;             /* that the next step belongs to */
  TramaReplacement *file; /* that is being written; NULL: none is */
  TramaSheetPng *png;     /* in it */
  TramaSheetPdf *pdf;
};

const TramaExportOptions trama_export_defaults = {
  .width_px = 1920,
  .height_px = 1080,
  .pixel_scale = 1,
};

/* N_FORMATS: none. */
static Format
find_format (const char *path)
{
  const char *dot = strrchr (path, '.');
  guint i = 0;

  while (i < N_FORMATS && (dot == NULL || g_ascii_strcasecmp (dot, endings[i]) != 0))
    i++;
  return (Format) i;
}

gboolean
trama_export_knows (const char *path)
{
  g_return_val_if_fail (path != NULL, FALSE);
  return find_format (path) != N_FORMATS;
}

static gboolean
has_range (const TramaExporter *self)
{
  return self->options.span.start_ns != 0 || self->options.span.end_ns != 0;
}

/* Of the body, what is drawn. */
static void
get_part (const TramaExporter *self, const TramaChart *chart, double *y0, double *y1)
{
  const TramaSpan *span = &self->options.span;

  *y0 = 0;
  *y1 = chart->body_px;
  if (!has_range (self))
    return;
  if (span->start_ns > chart->span.start_ns)
    *y0 = MAX (trama_chart_y_of_time (chart, span->start_ns) - ABOVE_RANGE_PX * chart->scale, 0);
  if (span->end_ns < chart->span.end_ns)
    *y1 = MIN (trama_chart_y_of_time (chart, span->end_ns) + BELOW_RANGE_PX * chart->scale, chart->body_px);
}

static TramaChartOptions
make_options (const TramaExporter *self, double width_px, double height_px, double ns_per_px)
{
  return (TramaChartOptions){
    .width_px = width_px,
    .height_px = height_px,
    .ns_per_px = ns_per_px,
    .text_scale = 1,
    .mode = self->options.mode,
    .flows = self->options.flows,
    .lanes = self->options.lanes,
  };
}

static TramaChart *
new_chart (const TramaExporter *self, double width_px, double height_px, double ns_per_px)
{
  const TramaChartOptions options = make_options (self, width_px, height_px, ns_per_px);

  return trama_chart_new (self->table, &options);
}

static gboolean
is_given_up (const TramaExporter *self)
{
  return g_cancellable_is_cancelled (self->options.cancellable);
}

/* The scale at which the range, rather than the whole trace, is as high as the page has room for. */
static TramaChart *
fit_range (const TramaExporter *self, TramaChart *chart, double width_px, double height_px)
{
  for (guint i = 0; i < FIT_STEPS && self->options.mode != TRAMA_SCALE_ROWS && !is_given_up (self); i++)
    {
      double y0, y1, part;

      get_part (self, chart, &y0, &y1);
      part = (y1 - y0) / height_px;
      if (fabs (part - 1) < FIT_ENOUGH)
        break;
      part = chart->ns_per_px * CLAMP (part, 1e-4, 1e4);
      trama_chart_unref (chart);
      chart = new_chart (self, width_px, height_px, part);
    }
  return chart;
}

/* Arrows and calls without their words, and words of calls that are far from their call. */
static guint
count_mute (const TramaChart *chart)
{
  const double far_px = STRAY_PX * chart->scale;
  guint n_mute = 0;

  for (guint i = 0; i < chart->n_arrows; i++)
    n_mute += !chart->arrows[i].apart;
  for (guint i = 0; i < chart->n_bars; i++)
    if (chart->rails[chart->bars[i].rail].label_width_px > 0)
      n_mute += !chart->bars[i].has_words || fabs (chart->bars[i].label_y - chart->bars[i].y0) > far_px;
  return n_mute;
}

/* To scale, the moments of a burst never part as long as there are pauses beside it; folded, hardly where some are very short. */
static gboolean
is_legible (const TramaExporter *self, const TramaChart *chart)
{
  const guint n_events = chart->n_arrows + chart->n_bars;

  return self->options.mode != TRAMA_SCALE_FOLDED
         || 2 * chart->body_px > EVENT_MAX_PX * chart->scale * n_events
         || count_mute (chart) <= MUTE_PART * n_events;
}

/*
 * On the screen a crowd of events is summed up, and where there is no room for words they are
 * left out, until one comes nearer; paper can only be longer.
 */
static TramaChart *
part_crowds (const TramaExporter *self, TramaChart *chart, double width_px, double height_px)
{
  gboolean helps = TRUE;

  while (helps && chart->body_px < BODY_MAX_PX && !is_given_up (self))
    {
      const gboolean is_crowded = chart->n_densities > 0 || chart->n_crowds > 0;
      g_autoptr (TramaChart) before = chart;

      if (!is_crowded && is_legible (self, before))
        return g_steal_pointer (&before);
      chart = new_chart (self, width_px, height_px, before->ns_per_px / 2);
      helps = chart->body_px > before->body_px && (is_crowded || count_mute (chart) < count_mute (before));
    }
  return chart;
}

/* A picture need not end where the screen would. */
static TramaChart *
part_arrows (const TramaExporter *self, TramaChart *chart, double width_px, double height_px)
{
  const TramaChartOptions options = make_options (self, width_px, height_px, 0);
  g_autoptr (TramaChart) before = chart;
  const double ns_per_px = trama_chart_find_start (before, &options);

  return ns_per_px < before->ns_per_px ? new_chart (self, width_px, height_px, ns_per_px)
                                       : g_steal_pointer (&before);
}

/* With what was found about the conversation that is drawn, which is the same in every scale. */
static double
legend_height (TramaExporter *self, const TramaChart *chart)
{
  if (self->edge == NULL && self->options.findings != NULL)
    self->edge = trama_edge_new (self->options.findings, chart->flows);
  return trama_paint_legend_height (&(TramaPainting){ .chart = chart, .edge = self->edge });
}

/* Header and legend must be known before the body can be fitted between them. */
static TramaChart *
fit_chart (TramaExporter *self, double width_px, double height_px)
{
  g_autoptr (TramaChart) first = new_chart (self, width_px, height_px, self->options.ns_per_px);
  const double room_px = MAX (height_px - first->header_px - legend_height (self, first), MIN_BODY_PX);
  TramaChart *chart = new_chart (self, width_px, room_px, self->options.ns_per_px);

  if (has_range (self) && self->options.ns_per_px <= 0)
    chart = fit_range (self, chart, width_px, room_px);
  else if (self->options.ns_per_px <= 0 && self->format != FORMAT_PDF)
    chart = part_arrows (self, chart, width_px, room_px);
  return part_crowds (self, chart, width_px, room_px);
}

/* Takes @chart. */
static void
set_chart (TramaExporter *self, TramaChart *chart, double width_px)
{
  g_clear_pointer (&self->chart, trama_chart_unref);
  self->chart = chart;
  self->sheet.width_px = MAX (width_px, ceil (chart->width_px - ROUNDING_PX));
  self->sheet.legend_px = legend_height (self, chart);
}

/* @page_px: what a page has room for, with header and legend. @least_px: the last is filled up to that. */
static void
break_pages (TramaExporter *self, double page_px, double least_px)
{
  const double header_px = self->chart->header_px;
  const double body_px = MAX (page_px - header_px - self->sheet.legend_px, MIN_BODY_PX);
  double y0, y1;

  get_part (self, self->chart, &y0, &y1);
  y1 = MAX (y1, y0 + least_px - header_px - self->sheet.legend_px);
  g_clear_pointer (&self->sheet.breaks, g_array_unref);
  self->sheet.breaks = trama_chart_break_pages (self->chart, y0, y1, body_px);
}

/* On A4 of this orientation, things being drawn as large as on the other. */
static void
lay_out_pdf (TramaExporter *self, gboolean upright)
{
  const double across_pt = TRAMA_PAPER_LONG_PT - 2 * TRAMA_PAPER_MARGIN_PT;
  const double *paper_pt = self->sheet.paper_pt;
  double width_px = CLAMP (self->options.width_px, MIN_WIDTH_PX, TRAMA_EXPORT_WIDTH_MAX_PX);
  double page_px;

  self->sheet.paper_pt[0] = upright ? TRAMA_PAPER_SHORT_PT : TRAMA_PAPER_LONG_PT;
  self->sheet.paper_pt[1] = upright ? TRAMA_PAPER_LONG_PT : TRAMA_PAPER_SHORT_PT;
  width_px *= (paper_pt[0] - 2 * TRAMA_PAPER_MARGIN_PT) / across_pt;
  for (guint i = 0; i < 2; i++)
    {
      page_px = (paper_pt[1] - 2 * TRAMA_PAPER_MARGIN_PT - TRAMA_PAPER_FOOTER_PT) * width_px
                / (paper_pt[0] - 2 * TRAMA_PAPER_MARGIN_PT);
      set_chart (self, fit_chart (self, width_px, page_px), width_px);
      if (self->sheet.width_px <= width_px)
        break;
      width_px = self->sheet.width_px; /* columns that need more make everything smaller */
    }
  break_pages (self, page_px, page_px);
}

static void
lay_out_image (TramaExporter *self)
{
  const double width_px = CLAMP (self->options.width_px, MIN_WIDTH_PX, TRAMA_EXPORT_WIDTH_MAX_PX);
  double page_px = G_MAXDOUBLE;

  set_chart (self, fit_chart (self, width_px, self->options.height_px), width_px);
  if (self->format == FORMAT_PNG)
    page_px = floor (TRAMA_PNG_MAX / self->sheet.pixel_scale) - 1;
  break_pages (self, page_px, self->options.height_px);
}

static void
lay_out (TramaExporter *self)
{
  if (self->format != FORMAT_PDF)
    {
      lay_out_image (self);
      return;
    }
  lay_out_pdf (self, TRUE);
  if (self->chart->scale < UPRIGHT_SCALE_MIN || trama_sheet_n_pages (&self->sheet) == 1)
    lay_out_pdf (self, FALSE);
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

static guint
count_steps (const TramaExporter *self)
{
  const guint n_pages = trama_sheet_n_pages (&self->sheet);
  guint n_steps = 0;

  for (guint i = 0; i < n_pages; i++)
    n_steps += self->format == FORMAT_PNG ? trama_sheet_png_n_bands (&self->sheet, i) : 1;
  return n_steps;
}

static gboolean
check_size (const TramaExporter *self, GError **error)
{
  g_autofree char *shown = g_filename_display_name (self->path);

  if (self->format != FORMAT_PNG || trama_sheet_png_check (&self->sheet, error))
    return TRUE;
  g_prefix_error (error, "%s: ", shown);
  return FALSE;
}

/* Of a known format, and not yet laid out. */
static TramaExporter *
exporter_alloc (TramaFlowTable *table, const char *path, const TramaExportOptions *options)
{
  TramaExporter *self = g_new0 (TramaExporter, 1);

  self->options = *options;
  self->table = trama_flow_table_ref (table);
  self->format = find_format (path);
  self->path = g_strdup (path);
  self->sheet.pixel_scale = MAX (options->pixel_scale, 0.1);
  self->sheet.title = get_title (table);
  self->sheet.cancellable = options->cancellable;
  return self;
}

TramaExporter *
trama_exporter_new (TramaFlowTable *table,
                    const char *path,
                    const TramaExportOptions *options,
                    GError **error)
{
  g_autoptr (TramaExporter) self = NULL;

  if (!trama_export_knows (path))
    {
      g_autofree char *shown = g_filename_display_name (path);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _ ("%s: a picture ends in .svg, .pdf or .png"), shown);
      return NULL;
    }
  self = exporter_alloc (table, path, options);
  lay_out (self);
  if (g_cancellable_set_error_if_cancelled (options->cancellable, error))
    return NULL;
  self->sheet.slicer = trama_slicer_new (self->chart);
  self->sheet.painting =
      (TramaPainting){ .chart = self->chart, .theme = trama_theme_get (options->theme), .edge = self->edge };
  if (!check_size (self, error))
    return NULL;
  self->n_steps = count_steps (self);
  return g_steal_pointer (&self);
}

void
trama_exporter_free (TramaExporter *self)
{
  if (self == NULL)
    return;
  trama_sheet_pdf_free (self->pdf);
  trama_sheet_png_free (self->png);
  trama_replacement_free (self->file);
  trama_slicer_free (self->sheet.slicer);
  g_clear_pointer (&self->edge, trama_edge_unref);
  trama_chart_unref (self->chart);
  g_array_unref (self->sheet.breaks);
  trama_flow_table_unref (self->table);
  g_free (self->path);
  g_free (self);
}

TramaExportSize
trama_exporter_get_size (const TramaExporter *self)
{
  const double px = self->format == FORMAT_PNG ? self->sheet.pixel_scale : 1;
  TramaExportSize size = { .n_pages = trama_sheet_n_pages (&self->sheet),
                           .n_files = 1,
                           .n_steps = self->n_steps };

  if (self->format == FORMAT_PDF)
    {
      size.width = round (self->sheet.paper_pt[0] / 72 * 25.4);
      size.height = round (self->sheet.paper_pt[1] / 72 * 25.4);
      return size;
    }
  size.n_files = size.n_pages;
  size.width = round (self->sheet.width_px * px);
  for (guint i = 0; i < size.n_pages; i++)
    size.height = MAX (size.height, round (trama_sheet_page_height (&self->sheet, i) * px));
  return size;
}

guint
trama_exporter_n_views (const TramaExporter *self, int width_px, int height_px)
{
  return trama_sheet_n_views (&self->sheet, width_px, height_px);
}

cairo_surface_t *
trama_exporter_preview (const TramaExporter *self, guint view, int width_px, int height_px)
{
  return trama_sheet_view (&self->sheet, view, width_px, height_px);
}

guint
trama_exporter_get_n_done (const TramaExporter *self)
{
  return self->n_done;
}

/* "ladder.png" is "ladder-2.png" for the second of several. */
static char *
get_path (const TramaExporter *self, guint page)
{
  const guint n = trama_sheet_n_pages (&self->sheet);
  const char *dot = strrchr (self->path, '.');

  if (self->format != FORMAT_PNG || n == 1)
    return g_strdup (self->path);
  return g_strdup_printf ("%.*s-%0*u%s", (int) (dot - self->path), self->path, (int) (1 + floor (log10 (n))),
                          page + 1, dot);
}

/* FALSE with @error, which names the path. */
static gboolean
open_file (TramaExporter *self, GError **error)
{
  g_autofree char *path = get_path (self, self->page);

  self->file = trama_replacement_new (path, PICTURE_MODE, error);
  return self->file != NULL;
}

static gboolean
close_file (TramaExporter *self, GError **error)
{
  const gboolean ok = trama_replacement_commit (self->file, error);

  g_clear_pointer (&self->pdf, trama_sheet_pdf_free);
  g_clear_pointer (&self->png, trama_sheet_png_free);
  g_clear_pointer (&self->file, trama_replacement_free);
  return ok;
}

static gboolean
write_pdf_page (TramaExporter *self, gboolean *ends_page, GError **error)
{
  *ends_page = TRUE;
  if (self->pdf == NULL)
    self->pdf = trama_sheet_pdf_new (&self->sheet, self->file);
  return trama_sheet_pdf_write_page (self->pdf, self->page, error);
}

static gboolean
write_png_band (TramaExporter *self, gboolean *ends_page, GError **error)
{
  if (self->png == NULL)
    self->png = trama_sheet_png_new (&self->sheet, self->page, self->file, error);
  return self->png != NULL && trama_sheet_png_write_band (self->png, ends_page, error);
}

/* *@ends_page: nothing more belongs to this page. */
static gboolean
write_piece (TramaExporter *self, gboolean *ends_page, GError **error)
{
  switch (self->format)
    {
    case FORMAT_PDF:
      return write_pdf_page (self, ends_page, error);
    case FORMAT_PNG:
      return write_png_band (self, ends_page, error);
    default:
      *ends_page = TRUE;
      return trama_sheet_write_svg (&self->sheet, self->file, error);
    }
}

gboolean
trama_exporter_step (TramaExporter *self, GError **error)
{
  gboolean ends_page = FALSE;

  g_return_val_if_fail (self->n_done < self->n_steps, TRUE);

  if (g_cancellable_set_error_if_cancelled (self->options.cancellable, error))
    return FALSE;
  if ((self->file == NULL && !open_file (self, error)) || !write_piece (self, &ends_page, error))
    return FALSE;
  self->n_done++;
  if (!ends_page)
    return TRUE;
  self->page++;
  return (self->format == FORMAT_PDF && self->n_done < self->n_steps) || close_file (self, error);
}

gboolean
trama_export (TramaFlowTable *table, const char *path, const TramaExportOptions *options, GError **error)
{
  g_autoptr (TramaExporter) exporter = NULL;

  g_return_val_if_fail (table != NULL && path != NULL && options != NULL, FALSE);
  exporter = trama_exporter_new (table, path, options, error);
  if (exporter == NULL)
    return FALSE;
  while (trama_exporter_get_n_done (exporter) < trama_exporter_get_size (exporter).n_steps)
    if (!trama_exporter_step (exporter, error))
      return FALSE;
  return TRUE;
}
