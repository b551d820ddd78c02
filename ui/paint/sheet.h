/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/slicer.h"
#include "core/trace/replace.h"
#include "ui/paint/paint.h"
#include "ui/paint/text.h"

#include <gio/gio.h>

/* Private to ui/paint: what goes on paper, and how each format takes it, a piece at a time. */

typedef struct
{
  TramaPainting painting;
  TramaSlicer *slicer; /* owned, of the painting's chart */
  double width_px;
  double legend_px;          /* on the last page */
  double pixel_scale;        /* of PNG */
  GArray *breaks;            /* owned, of double: page n has the body from the n-th to the next */
  const char *title;         /* borrowed */
  double paper_pt[2];        /* of PDF: width and height; else 0 */
  GCancellable *cancellable; /* borrowed; NULL: it is not given up */
} TramaSheet;

/* Of A4 (ISO 216), and around what is drawn on it. */
#define TRAMA_PAPER_SHORT_PT 595.28
#define TRAMA_PAPER_LONG_PT 841.89
#define TRAMA_PAPER_MARGIN_PT 28.35
#define TRAMA_PAPER_FOOTER_PT 12

guint trama_sheet_n_pages (const TramaSheet *sheet);
gboolean trama_sheet_is_last (const TramaSheet *sheet, guint page);

/* Of a page of SVG or PNG, in px. */
double trama_sheet_page_height (const TramaSheet *sheet, guint page);

/*
 * Header, body, and behind the last page the legend, with the upper left corner of the page
 * at the origin: of that what is between @y0 and @y1, and perhaps more, for the context to clip.
 */
void trama_sheet_draw_part (const TramaSheet *sheet, cairo_t *cr, guint page, double y0, double y1);
void trama_sheet_draw_page (const TramaSheet *sheet, cairo_t *cr, guint page);

/*
 * To be looked at before it is written, as trama_exporter_n_views () and trama_exporter_preview ()
 * have it. @view is one of them.
 */
guint trama_sheet_n_views (const TramaSheet *sheet, int width_px, int height_px);
cairo_surface_t *trama_sheet_view (const TramaSheet *sheet, guint view, int width_px, int height_px);

/* How many calls and packets there are, for who only reads about it. The caller's to free. */
char *trama_sheet_describe (const TramaSheet *sheet);

/* FALSE with @error, which names @file, unless all is well. */
gboolean trama_sheet_check (cairo_status_t status, const TramaReplacement *file, GError **error);

/* The one page, written as it is painted. FALSE with @error. */
gboolean trama_sheet_write_svg (const TramaSheet *sheet, TramaReplacement *file, GError **error);

/* A page of PNG, in bands of a bounded size. The sheet stays the caller's, as the file does. */
typedef struct _TramaSheetPng TramaSheetPng;

/* Whether all pages are small enough for it. FALSE with @error. */
gboolean trama_sheet_png_check (const TramaSheet *sheet, GError **error);

/* Of a page that is. NULL with @error. */
TramaSheetPng *
trama_sheet_png_new (const TramaSheet *sheet, guint page, TramaReplacement *file, GError **error);
void trama_sheet_png_free (TramaSheetPng *png);

guint trama_sheet_png_n_bands (const TramaSheet *sheet, guint page);

/* The next band; with the last, which sets *@is_last, the file is complete. FALSE with @error. */
gboolean trama_sheet_png_write_band (TramaSheetPng *png, gboolean *is_last, GError **error);

/* All pages of PDF, one after the other. */
typedef struct _TramaSheetPdf TramaSheetPdf;

TramaSheetPdf *trama_sheet_pdf_new (const TramaSheet *sheet, TramaReplacement *file);
void trama_sheet_pdf_free (TramaSheetPdf *pdf);

/* One of them, in pt of the paper, whose upper left corner is the origin. */
void trama_sheet_pdf_draw_page (const TramaSheet *sheet, cairo_t *cr, guint page);

/* With the last page the file is complete. FALSE with @error. */
gboolean trama_sheet_pdf_write_page (TramaSheetPdf *pdf, guint page, GError **error);
