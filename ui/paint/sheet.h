/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/paint/paint.h"
#include "ui/paint/text.h"

#include <gio/gio.h>

/* Private to ui/paint: what goes on paper, and how each format takes it, a page at a time. */

typedef struct
{
  TramaPainting painting;
  double width_px;
  double legend_px;   /* on the last page */
  double pixel_scale; /* of PNG */
  GArray *breaks;     /* owned, of double: page n has the body from the n-th to the next */
  const char *title;  /* borrowed */
  double paper_pt[2]; /* of PDF: width and height */
} TramaSheet;

/* Of A4 (ISO 216), and around what is drawn on it. */
#define TRAMA_PAPER_SHORT_PT 595.28
#define TRAMA_PAPER_LONG_PT 841.89
#define TRAMA_PAPER_MARGIN_PT 28.35
#define TRAMA_PAPER_FOOTER_PT 12

/* What an image of cairo may measure. */
#define TRAMA_IMAGE_MAX 32767

guint trama_sheet_n_pages (const TramaSheet *sheet);

/* Of a page of SVG or PNG, in px. */
double trama_sheet_page_height (const TramaSheet *sheet, guint page);

/* Header, body, and behind the last page the legend, with the upper left corner at the origin. */
void trama_sheet_draw_page (const TramaSheet *sheet, cairo_t *cr, guint page);

/* Each appends to @bytes; of PDF, the surface is given from page to page. FALSE with @error. */
gboolean trama_sheet_write_svg (const TramaSheet *sheet, GByteArray *bytes, GError **error);
gboolean trama_sheet_write_png (const TramaSheet *sheet, guint page, GByteArray *bytes, GError **error);
cairo_surface_t *trama_sheet_begin_pdf (const TramaSheet *sheet, GByteArray *bytes);
gboolean
trama_sheet_write_pdf (const TramaSheet *sheet, guint page, cairo_surface_t *surface, GError **error);
/* Takes the surface, and its bytes are complete. */
gboolean trama_sheet_end_pdf (cairo_surface_t *surface, GError **error);
