/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/png_file.h"

#include <gio/gio.h>
#include <png.h>
#include <string.h>

#define PIXEL_BYTES 4
#define RGB_BYTES 3

struct _TramaPngFile
{
  png_structp png;
  png_infop info;
  TramaReplacement *file; /* borrowed */
  guint8 *row;            /* owned */
  guint width;
  GError *error; /* owned: why libpng has jumped */
};

/* libpng knows no other way to stop than longjmp(3). */
static void
on_error (png_structp png, png_const_charp message)
{
  TramaPngFile *self = png_get_error_ptr (png);

  if (self->error == NULL)
    self->error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s",
                               trama_replacement_get_name (self->file), message);
  longjmp (png_jmpbuf (png), 1);
}

static void
on_warning (png_structp png, png_const_charp message)
{
}

static void
write_bytes (png_structp png, png_bytep data, png_size_t size)
{
  TramaPngFile *self = png_get_io_ptr (png);

  if (!trama_replacement_write (self->file, data, size, &self->error))
    png_error (png, "write");
}

static void
flush_bytes (png_structp png)
{
}

static gboolean
fail (TramaPngFile *self, GError **error)
{
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

/* White as what is behind it, as cairo says: nothing of it is transparent. */
static gboolean
write_head (TramaPngFile *self, guint height, GError **error)
{
  png_color_16 white = { .red = 255, .green = 255, .blue = 255, .gray = 255 };

  if (setjmp (png_jmpbuf (self->png)) != 0)
    return fail (self, error);
  png_set_write_fn (self->png, self, write_bytes, flush_bytes);
  png_set_IHDR (self->png, self->info, self->width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_bKGD (self->png, self->info, &white);
  png_write_info (self->png, self->info);
  return TRUE;
}

TramaPngFile *
trama_png_file_new (TramaReplacement *file, guint width, guint height, GError **error)
{
  g_autoptr (TramaPngFile) self = g_new0 (TramaPngFile, 1);

  g_return_val_if_fail (file != NULL && width > 0 && height > 0, NULL);

  self->file = file;
  self->width = width;
  self->row = g_malloc ((gsize) width * RGB_BYTES);
  self->png = png_create_write_struct (PNG_LIBPNG_VER_STRING, self, on_error, on_warning);
  self->info = self->png != NULL ? png_create_info_struct (self->png) : NULL;
  if (self->info == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: libpng %s", trama_replacement_get_name (file),
                   PNG_LIBPNG_VER_STRING);
      return NULL;
    }
  return write_head (self, height, error) ? g_steal_pointer (&self) : NULL;
}

void
trama_png_file_free (TramaPngFile *self)
{
  if (self == NULL)
    return;
  png_destroy_write_struct (&self->png, &self->info);
  g_clear_error (&self->error);
  g_free (self->row);
  g_free (self);
}

/* A pixel of cairo is a number, whose bytes are as the machine has them. */
static void
take_row (TramaPngFile *self, const guint8 *pixels)
{
  guint8 *to = self->row;

  for (guint i = 0; i < self->width; i++, to += RGB_BYTES)
    {
      guint32 pixel;

      memcpy (&pixel, pixels + (gsize) i * PIXEL_BYTES, sizeof pixel);
      to[0] = (guint8) (pixel >> 16);
      to[1] = (guint8) (pixel >> 8);
      to[2] = (guint8) pixel;
    }
}

gboolean
trama_png_file_write_rows (TramaPngFile *self,
                           const guint8 *rows,
                           gsize stride_bytes,
                           guint n_rows,
                           GError **error)
{
  volatile guint n_done = 0;

  if (setjmp (png_jmpbuf (self->png)) != 0)
    return fail (self, error);
  for (; n_done < n_rows; n_done++)
    {
      take_row (self, rows + n_done * stride_bytes);
      png_write_row (self->png, self->row);
    }
  return TRUE;
}

gboolean
trama_png_file_end (TramaPngFile *self, GError **error)
{
  if (setjmp (png_jmpbuf (self->png)) != 0)
    return fail (self, error);
  png_write_end (self->png, self->info);
  return TRUE;
}
