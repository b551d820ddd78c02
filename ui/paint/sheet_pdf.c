/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/paint/font_lock.h"
#include "ui/paint/sheet.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>

/* The footer's text has this part of its room; it is written in a style of this size. */
#define FOOTER_FONT_PX 16
#define FOOTER_PART 0.65

struct _TramaSheetPdf
{
  const TramaSheet *sheet; /* borrowed, as the file */
  TramaReplacement *file;
  cairo_surface_t *surface;
  GError *error; /* of writing, which cairo knows only as failed; owned */
};

static cairo_status_t
write_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  TramaSheetPdf *self = closure;

  if (self->error != NULL || !trama_replacement_write (self->file, data, length, &self->error))
    return CAIRO_STATUS_WRITE_ERROR;
  return CAIRO_STATUS_SUCCESS;
}

TramaSheetPdf *
trama_sheet_pdf_new (const TramaSheet *sheet, TramaReplacement *file)
{
  TramaSheetPdf *self = g_new0 (TramaSheetPdf, 1);
  g_autofree char *title = g_utf8_make_valid (sheet->title, -1);
  g_autofree char *about = trama_sheet_describe (sheet);

  self->sheet = sheet;
  self->file = file;
  self->surface = cairo_pdf_surface_create_for_stream (write_bytes, self, sheet->paper_pt[0],
                                                       sheet->paper_pt[1]);
  cairo_pdf_surface_set_metadata (self->surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (self->surface, CAIRO_PDF_METADATA_SUBJECT, about);
  cairo_pdf_surface_set_metadata (self->surface, CAIRO_PDF_METADATA_CREATOR, "Trama");
  return self;
}

void
trama_sheet_pdf_free (TramaSheetPdf *self)
{
  if (self == NULL)
    return;
  trama_font_lock_take ();
  cairo_surface_destroy (self->surface);
  trama_font_lock_give ();
  g_clear_error (&self->error);
  g_free (self);
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

void
trama_sheet_pdf_draw_page (const TramaSheet *sheet, cairo_t *cr, guint page)
{
  const TramaColor ground = sheet->painting.theme->wire;
  const double scale = (sheet->paper_pt[0] - 2 * TRAMA_PAPER_MARGIN_PT) / sheet->width_px;

  cairo_set_source_rgb (cr, ground.red, ground.green, ground.blue);
  cairo_paint (cr);
  cairo_save (cr);
  cairo_translate (cr, TRAMA_PAPER_MARGIN_PT, TRAMA_PAPER_MARGIN_PT);
  cairo_scale (cr, scale, scale);
  trama_sheet_draw_page (sheet, cr, page);
  cairo_restore (cr);
  draw_footer (sheet, cr, page);
}

gboolean
trama_sheet_pdf_write_page (TramaSheetPdf *self, guint page, GError **error)
{
  g_autofree char *name = name_page (self->sheet, page);
  g_autofree char *link = g_strdup_printf ("page=%u pos=[0 0]", page + 1);
  cairo_t *cr = cairo_create (self->surface);
  cairo_status_t status;

  trama_sheet_pdf_draw_page (self->sheet, cr, page);
  cairo_pdf_surface_add_outline (self->surface, CAIRO_PDF_OUTLINE_ROOT, name, link,
                                 CAIRO_PDF_OUTLINE_FLAG_OPEN);
  /* Now glyphs are looked up in their fonts, and at the end the fonts are embedded. */
  trama_font_lock_take ();
  cairo_show_page (cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS && trama_sheet_is_last (self->sheet, page))
    {
      cairo_surface_finish (self->surface);
      status = cairo_surface_status (self->surface);
    }
  trama_font_lock_give ();
  if (self->error == NULL)
    return trama_sheet_check (status, self->file, error);
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}
