/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/paint/calls.h"

#include "ui/paint/export.h"
#include "ui/paint/paint.h"
#include "ui/paint/png_file.h"

#include <cairo.h>
#include <glib/gstdio.h>
#include <png.h>
#include <string.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  fixture->folder = g_dir_make_tmp ("trama-png-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
  fixture->path = g_build_filename (fixture->folder, "a.png", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_remove (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* Noise, in which every filter of PNG and every byte is met. */
static cairo_surface_t *
make_noise (int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  guint8 *data = cairo_image_surface_get_data (surface);
  const int stride = cairo_image_surface_get_stride (surface);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        const guint32 pixel = x < width / 2 ? g_rand_int (random) : (guint32) (x * 3 + y * 7);

        memcpy (data + y * stride + x * 4, &pixel, 4);
      }
  cairo_surface_mark_dirty (surface);
  return surface;
}

/* However the rows come, the file is what cairo makes of them at once. */
static void
test_as_cairo (Fixture *fixture, gconstpointer user_data)
{
  static const guint pieces[] = { 1, 40, 99, 60 };
  cairo_surface_t *surface = make_noise (301, 200);
  const guint8 *rows = cairo_image_surface_get_data (surface);
  const gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  g_autoptr (GByteArray) expected = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaReplacement) file = trama_replacement_new (fixture->path, 0666, &error);
  g_autoptr (TramaPngFile) png = trama_png_file_new (file, 301, 200, &error);
  g_autofree char *contents = NULL;
  gsize size;

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_assert_true (trama_png_file_write_rows (png, rows, stride, pieces[i], &error));
      rows += pieces[i] * stride;
    }
  g_assert_true (trama_png_file_end (png, &error));
  g_assert_true (trama_replacement_commit (file, &error));
  g_assert_true (g_file_get_contents (fixture->path, &contents, &size, &error));
  g_assert_no_error (error);
  g_assert_cmpint (cairo_surface_write_to_png_stream (surface, append_bytes, expected), ==,
                   CAIRO_STATUS_SUCCESS);
  g_assert_cmpmem (contents, size, expected->data, expected->len);
  cairo_surface_destroy (surface);
}

/* What libpng will not do is told with the name of the file. */
static void
test_complains (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaReplacement) file = trama_replacement_new (fixture->path, 0666, &error);
  g_autoptr (TramaPngFile) png = trama_png_file_new (file, 2, 3, &error);

  g_assert_no_error (error);
  g_assert_false (trama_png_file_end (png, &error));
  g_assert_nonnull (error);
  g_assert_true (g_str_has_prefix (error->message, fixture->path));
}

typedef struct
{
  guint8 *pixels; /* grey */
  guint width, height;
} Picture;

static Picture
read_picture (const char *path)
{
  png_image image = { .version = PNG_IMAGE_VERSION };
  Picture picture;

  g_assert_true (png_image_begin_read_from_file (&image, path) != 0);
  image.format = PNG_FORMAT_GRAY;
  picture.width = image.width;
  picture.height = image.height;
  picture.pixels = g_malloc (PNG_IMAGE_SIZE (image));
  g_assert_true (png_image_finish_read (&image, NULL, picture.pixels, 0, NULL) != 0);
  g_assert_cmpuint (image.warning_or_error, ==, 0);
  return picture;
}

/* What should be there from @top on, in a surface of its own. */
static cairo_surface_t *
paint_rows (const TramaChart *chart, guint width, guint top, guint n_rows, double scale)
{
  const TramaPainting painting = { .chart = chart, .theme = trama_theme_get (TRAMA_THEME_LIGHT) };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) n_rows);
  cairo_t *cr = cairo_create (surface);

  cairo_translate (cr, 0, -(double) top);
  cairo_scale (cr, scale, scale);
  cairo_translate (cr, 0, chart->header_px);
  trama_paint_body (cr, &painting, 0, chart->body_px);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static int
grey_of (guint32 pixel)
{
  return (int) (0.2126 * (pixel >> 16 & 0xff) + 0.7152 * (pixel >> 8 & 0xff) + 0.0722 * (pixel & 0xff));
}

/* Of the picture, those of which another has the same, but for what grey takes away. */
static guint
count_like (const Picture *picture, cairo_surface_t *surface, guint top, guint n_rows, guint *n_dark)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  const int stride = cairo_image_surface_get_stride (surface);
  guint n_like = 0;

  for (guint y = 0; y < n_rows; y++)
    for (guint x = 0; x < picture->width; x++)
      {
        const int is = picture->pixels[(gsize) (top + y) * picture->width + x];
        guint32 pixel;

        memcpy (&pixel, data + (gssize) y * stride + (gssize) x * 4, 4);
        n_like += ABS (is - grey_of (pixel)) < 24;
        *n_dark += is < 100;
      }
  return n_like;
}

/* Higher than an image of cairo: one picture, whole, and wherever it was put together nothing is seen of that. */
static void
test_tall (Fixture *fixture, gconstpointer user_data)
{
  const TramaExportOptions options = { 400, 300, 2, TRAMA_THEME_LIGHT, TRAMA_SCALE_ROWS };
  const TramaChartOptions layout = { 400, 300, .text_scale = 1, .mode = TRAMA_SCALE_ROWS };
  g_autoptr (TramaFlowTable) table = calls_new_table (900);
  g_autoptr (TramaChart) chart = trama_chart_new (table, &layout);
  g_autoptr (GError) error = NULL;
  Picture picture;

  g_assert_true (trama_export (table, fixture->path, &options, &error));
  g_assert_no_error (error);
  picture = read_picture (fixture->path);
  g_assert_cmpuint (picture.height, >, 40000);
  for (guint top = 2000; top + 200 < picture.height - 1000; top += 1500)
    {
      cairo_surface_t *surface = paint_rows (chart, picture.width, top, 200, 2);
      guint n_dark = 0;

      g_assert_cmpuint (count_like (&picture, surface, top, 200, &n_dark), >=,
                        200 * picture.width * 99 / 100);
      g_assert_cmpuint (n_dark, >, 100); /* words, everywhere */
      cairo_surface_destroy (surface);
    }
  g_free (picture.pixels);
}

#define ADD(path, function) g_test_add ("/ui/paint/png/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("as-cairo", test_as_cairo);
  ADD ("complains", test_complains);
  ADD ("tall", test_tall);
  return g_test_run ();
}
