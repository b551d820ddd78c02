/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart.h"
#include "core/why/finding.h"
#include "ui/paint/theme.h"

#include <cairo.h>
#include <gio/gio.h>

/*
 * The ladder on paper: header, body and legend, every event of it. The format comes from
 * the file's ending. SVG is one sheet. PDF is pages of A4, upright when the ladder is narrow
 * enough, each with the header and its number, broken between events. PNG is one picture, or,
 * where that would be higher than programs read, a million pixels, several, FILE-1.png, FILE-2.png …
 */

/* Wider than that no picture is asked for; its columns may need more. */
#define TRAMA_EXPORT_WIDTH_MAX_PX 32767

typedef struct
{
  double width_px;    /* 1920 */
  double height_px;   /* 1080: the scale is chosen so that the ladder fits; of PDF the page is taken */
  double pixel_scale; /* PNG: pixels per px, 1 */
  TramaThemeName theme;
  TramaScaleMode mode;
  TramaFindings *findings; /* borrowed, of the same trace; NULL: none are drawn */
  double ns_per_px;        /* 0: as little as lets the range fit */
  TramaSpan span;          /* what is drawn; both times 0: everything */
  TramaFlowSet *flows;     /* borrowed; what is drawn, as in TramaChartOptions */
  const TramaLanes *lanes; /* borrowed, as long as the exporter is there; NULL: none of the user's */

  /* borrowed, as long; when it is cancelled, by any thread, what is under way fails with G_IO_ERROR_CANCELLED */
  GCancellable *cancellable;
} TramaExportOptions;

extern const TramaExportOptions trama_export_defaults;

/* TRUE when the ending of @path names a format. */
gboolean trama_export_knows (const char *path);

/*
 * Writes @path; an existing file is replaced only by a whole new one. FALSE with
 * @error, which names the path, when the ending is unknown or writing fails.
 */
gboolean
trama_export (TramaFlowTable *table, const char *path, const TramaExportOptions *options, GError **error);

/*
 * The same in steps, for whoever shows how far it is, or asks first how large it becomes. An exporter is
 * of one thread at a time, as its table is.
 */
typedef struct _TramaExporter TramaExporter;

typedef struct
{
  guint n_pages;
  guint n_files;
  guint n_steps;
  double width, height; /* of the highest page: pixels of PNG, px of SVG, mm of PDF */
} TramaExportSize;

/* Lays the ladder out and writes nothing. NULL with @error, as above. */
TramaExporter *trama_exporter_new (TramaFlowTable *table,
                                   const char *path,
                                   const TramaExportOptions *options,
                                   GError **error);

/* Before the last step, a file that was there is as it was. */
void trama_exporter_free (TramaExporter *exporter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaExporter, trama_exporter_free)

TramaExportSize trama_exporter_get_size (const TramaExporter *exporter);

/*
 * How it will be, a view at a time: each page of PDF as large as fits between those sizes; SVG and PNG
 * as wide as that, from above as far as there is room, then on from there, the last one up to the end.
 */
guint trama_exporter_n_views (const TramaExporter *exporter, int width_px, int height_px);

/* The caller's to destroy. */
cairo_surface_t *
trama_exporter_preview (const TramaExporter *exporter, guint view, int width_px, int height_px);

/* How many steps are done. */
guint trama_exporter_get_n_done (const TramaExporter *exporter);

/* Does one page of PDF, a band of PNG, or all of SVG. FALSE with @error when that failed, and nothing may follow. */
gboolean trama_exporter_step (TramaExporter *exporter, GError **error);
