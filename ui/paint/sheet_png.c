/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/paint/png_file.h"
#include "ui/paint/sheet.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define PIXEL_BYTES 4

/* Of the pixels that are in memory at a time: of a picture of 1920, about four thousand rows. */
#define BAND_BYTES (32 * 1024 * 1024)

/* Well below what an image of cairo may measure. */
#define TILE_MAX_PX 16384

struct _TramaSheetPng
{
  const TramaSheet *sheet; /* borrowed */
  guint page;
  guint width, height; /* in pixels, as the rest */
  guint band_height;
  guint next_row;
  TramaReplacement *file; /* borrowed */
  guint8 *band;           /* owned, of rows of CAIRO_FORMAT_RGB24 */
  TramaPngFile *png;
};

static void
get_size (const TramaSheet *sheet, guint page, double *width, double *height)
{
  *width = MAX (1, round (sheet->width_px * sheet->pixel_scale));
  *height = MAX (1, round (trama_sheet_page_height (sheet, page) * sheet->pixel_scale));
}

static guint
get_band_height (guint width)
{
  return MAX (1, BAND_BYTES / (width * PIXEL_BYTES));
}

guint
trama_sheet_png_n_bands (const TramaSheet *sheet, guint page)
{
  double width, height;

  get_size (sheet, page, &width, &height);
  return ((guint) height + get_band_height ((guint) width) - 1) / get_band_height ((guint) width);
}

gboolean
trama_sheet_png_check (const TramaSheet *sheet, GError **error)
{
  for (guint i = 0; i < trama_sheet_n_pages (sheet); i++)
    {
      double width, height;

      get_size (sheet, i, &width, &height);
      if (width <= TRAMA_PNG_MAX && height <= TRAMA_PNG_MAX)
        continue;
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _ ("%.0f × %.0f pixels are too many for PNG, of which programs read %d each way; make it "
                      "smaller, or SVG or PDF"),
                   width, height, TRAMA_PNG_MAX);
      return FALSE;
    }
  return TRUE;
}

TramaSheetPng *
trama_sheet_png_new (const TramaSheet *sheet, guint page, TramaReplacement *file, GError **error)
{
  TramaSheetPng *self = g_new0 (TramaSheetPng, 1);
  double width, height;

  get_size (sheet, page, &width, &height);
  self->sheet = sheet;
  self->page = page;
  self->file = file;
  self->width = (guint) width;
  self->height = (guint) height;
  self->band_height = MIN (get_band_height (self->width), self->height);
  self->band = g_malloc ((gsize) self->width * self->band_height * PIXEL_BYTES);
  self->png = trama_png_file_new (file, self->width, self->height, error);
  if (self->png == NULL)
    g_clear_pointer (&self, trama_sheet_png_free);
  return self;
}

void
trama_sheet_png_free (TramaSheetPng *self)
{
  if (self == NULL)
    return;
  trama_png_file_free (self->png);
  g_free (self->band);
  g_free (self);
}

/* A part of the band, as wide as an image of cairo may be. */
static cairo_status_t
paint_tile (TramaSheetPng *self, guint x, guint n_rows)
{
  const gsize stride_bytes = (gsize) self->width * PIXEL_BYTES;
  const double scale = self->sheet->pixel_scale;
  const int width = (int) MIN (self->width - x, TILE_MAX_PX);
  const TramaColor ground = self->sheet->painting.theme->wire;
  cairo_surface_t *surface = cairo_image_surface_create_for_data (
      self->band + (gsize) x * PIXEL_BYTES, CAIRO_FORMAT_RGB24, width, (int) n_rows, (int) stride_bytes);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  /* The last column and row may be part of a pixel: the rest of it is ground, too. */
  cairo_set_source_rgb (cr, ground.red, ground.green, ground.blue);
  cairo_paint (cr);
  cairo_translate (cr, -(double) x, -(double) self->next_row);
  cairo_scale (cr, scale, scale);
  trama_sheet_draw_part (self->sheet, cr, self->page, self->next_row / scale,
                         (self->next_row + n_rows) / scale);
  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  cairo_surface_destroy (surface);
  return status;
}

gboolean
trama_sheet_png_write_band (TramaSheetPng *self, gboolean *is_last, GError **error)
{
  const guint n_rows = MIN (self->band_height, self->height - self->next_row);

  for (guint x = 0; x < self->width; x += TILE_MAX_PX)
    if (!trama_sheet_check (paint_tile (self, x, n_rows), self->file, error))
      return FALSE;
  self->next_row += n_rows;
  *is_last = self->next_row == self->height;
  return trama_png_file_write_rows (self->png, self->band, (gsize) self->width * PIXEL_BYTES, n_rows, error)
         && (!*is_last || trama_png_file_end (self->png, error));
}
