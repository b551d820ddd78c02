/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/paint/calls.h"

#include "ui/paint/export.h"
#include "ui/paint/paint.h"

#include <cairo.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *path; /* of a picture in it */
  TramaFlowTable *table;
} Fixture;

/* Two processes; @title is the session's. */
static TramaFlowTable *
table_new (const char *title)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  const TramaEvent session = {
    .kind = TRAMA_EVENT_SESSION,
    .session = { .name = "two", .title = title, .text = "" },
  };

  trama_store_append (&session, store);
  calls_append_actor (store, 1, "server");
  calls_append_actor (store, 2, "client");
  calls_append_call (store, 1, 1, TRAMA_CALL_SOCKET, 2 * MS, 2 * MS + 4000);
  calls_append_call (store, 2, 1, TRAMA_CALL_SOCKET, 60 * MS, 60 * MS + 9000);
  return trama_flow_table_new (store);
}

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("trama-export-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->table = table_new ("Two <processes> & \"more\"\x01\x1b");
}

static void
set_path (Fixture *fixture, const char *name)
{
  g_free (fixture->path);
  fixture->path = g_build_filename (fixture->folder, name, NULL);
}

static guint
count_files (const Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
      g_remove (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  trama_flow_table_unref (fixture->table);
}

static char *
export_and_read (Fixture *fixture, const char *name, const TramaExportOptions *options, gsize *size)
{
  g_autoptr (GError) error = NULL;
  char *contents = NULL;

  set_path (fixture, name);
  trama_export (fixture->table, fixture->path, options, &error);
  g_assert_no_error (error);
  g_file_get_contents (fixture->path, &contents, size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_files (fixture), ==, 1);
  return contents;
}

static void
test_knows (void)
{
  g_assert_true (trama_export_knows ("a.svg"));
  g_assert_true (trama_export_knows ("/x.y/a.PDF"));
  g_assert_true (trama_export_knows ("a.Png"));
  g_assert_false (trama_export_knows ("a.jpeg"));
  g_assert_false (trama_export_knows ("svg"));
  g_assert_false (trama_export_knows ("a.svg/b"));
  g_assert_false (trama_export_knows (""));
}

typedef struct
{
  guint depth;
  guint n_roots;
  gboolean in_title;
  GString *title;
  char *width;
} Svg;

static void
svg_start (GMarkupParseContext *context,
           const char *element,
           const char **names,
           const char **values,
           gpointer user_data,
           GError **error)
{
  Svg *svg = user_data;

  if (svg->depth++ == 0)
    {
      svg->n_roots++;
      g_assert_cmpstr (element, ==, "svg");
      for (guint i = 0; names[i] != NULL; i++)
        if (g_str_equal (names[i], "width"))
          svg->width = g_strdup (values[i]);
    }
  svg->in_title = svg->depth == 2 && g_str_equal (element, "title");
}

static void
svg_end (GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
  Svg *svg = user_data;

  svg->depth--;
  svg->in_title = FALSE;
}

static void
svg_text (GMarkupParseContext *context, const char *text, gsize size, gpointer user_data, GError **error)
{
  Svg *svg = user_data;

  if (svg->in_title)
    g_string_append_len (svg->title, text, (gssize) size);
}

static void
test_svg (Fixture *fixture, gconstpointer user_data)
{
  static const GMarkupParser parser = { svg_start, svg_end, svg_text };
  Svg svg = { .title = g_string_new (NULL) };
  g_autoptr (GMarkupParseContext)
      context = g_markup_parse_context_new (&parser, G_MARKUP_DEFAULT_FLAGS, &svg, NULL);
  g_autoptr (GError) error = NULL;
  gsize size;
  g_autofree char *contents = export_and_read (fixture, "a.svg", &trama_export_defaults, &size);

  g_markup_parse_context_parse (context, contents, (gssize) size, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (svg.n_roots, ==, 1);
  g_assert_cmpuint (svg.depth, ==, 0);
  g_assert_cmpstr (svg.title->str, ==, "Two <processes> & \"more\"");
  g_assert_nonnull (svg.width);
  g_assert_cmpfloat (g_ascii_strtod (svg.width, NULL), ==, 1920);
  g_assert_null (strchr (contents, '\x01'));
  g_assert_null (strchr (contents, '\x1b'));
  g_assert_nonnull (strstr (contents, "<desc>"));
  /* Every event is a group with its name, and what is written can be read. */
  g_assert_nonnull (strstr (contents, "<g id=\"call-1\"><title>server calls socket("));
  g_assert_nonnull (strstr (contents, "<g id=\"call-2\"><title>client calls socket("));
  g_assert_nonnull (strstr (contents, ">server</text>"));
  g_string_free (svg.title, TRUE);
  g_free (svg.width);
}

static void
test_pdf (Fixture *fixture, gconstpointer user_data)
{
  const char *media_box = "/MediaBox [ 0 0 841.89 595.28 ]";
  gsize size;
  g_autofree char *contents = export_and_read (fixture, "a.PDF", &trama_export_defaults, &size);

  g_assert_cmpuint (size, >, 1000);
  g_assert_true (g_str_has_prefix (contents, "%PDF-"));
  /* One page of A4, across. */
  g_assert_nonnull (memmem (contents, size, media_box, strlen (media_box)));
  g_assert_nonnull (memmem (contents + size - 10, 10, "%%EOF", 5));
}

static guint32
png_number (const char *contents, gsize offset)
{
  guint32 number;

  memcpy (&number, contents + offset, 4);
  return GUINT32_FROM_BE (number);
}

static void
test_png (Fixture *fixture, gconstpointer user_data)
{
  const TramaExportOptions small = { 960, 540, 1, TRUE };
  const TramaExportOptions fine = { 960, 540, 2, TRUE };
  gsize size;
  g_autofree char *one = export_and_read (fixture, "a.png", &small, &size);
  g_autofree char *two = NULL;

  /* Signature, then IHDR: length, type, width, height. */
  g_assert_cmpmem (one, 8, "\x89PNG\r\n\x1a\n", 8);
  g_assert_cmpuint (png_number (one, 16), ==, 960);
  g_assert_cmpuint (png_number (one, 20), >=, 540);
  two = export_and_read (fixture, "a.png", &fine, &size);
  g_assert_cmpuint (png_number (two, 16), ==, 1920);
  g_assert_cmpuint (png_number (two, 20), ==, 2 * png_number (one, 20));
}

static void
test_default_size (Fixture *fixture, gconstpointer user_data)
{
  gsize size;
  g_autofree char *png = export_and_read (fixture, "a.png", &trama_export_defaults, &size);

  g_assert_cmpuint (png_number (png, 16), ==, 1920);
  g_assert_cmpuint (png_number (png, 20), ==, 1080);
}

/* The corner of the sheet is the wire; the legend's strip reaches the last row. */
static void
test_colours (Fixture *fixture, gconstpointer user_data)
{
  const gboolean is_dark = GPOINTER_TO_INT (user_data);
  const TramaExportOptions options = { 960, 540, 1, is_dark };
  const guint32 wire = is_dark ? 0x0F1317 : 0xF6F4EF;
  gsize size;
  g_autofree char *png = export_and_read (fixture, "a.png", &options, &size);
  cairo_surface_t *surface = cairo_image_surface_create_from_png (fixture->path);
  const int height = cairo_image_surface_get_height (surface);
  const guint8 *data = cairo_image_surface_get_data (surface);
  guint32 first, last;

  memcpy (&first, data + 4 * 2, 4);
  memcpy (&last, data + (height - 1) * cairo_image_surface_get_stride (surface) + 4 * 2, 4);
  g_assert_cmphex (first & 0xFFFFFF, ==, wire);
  g_assert_cmphex (last & 0xFFFFFF, ==, wire);
  cairo_surface_destroy (surface);
}

/* At 800 px the header ends within a pixel; that row is no darker than its neighbours. */
static void
test_no_seam (Fixture *fixture, gconstpointer user_data)
{
  const TramaExportOptions options = { 800, 600, 1, FALSE };
  const TramaChartOptions layout = { .width_px = 800, .height_px = 400, .text_scale = 1 };
  g_autoptr (TramaChart) chart = trama_chart_new (fixture->table, &layout);
  gsize size;
  g_autofree char *png = export_and_read (fixture, "a.png", &options, &size);
  cairo_surface_t *surface = cairo_image_surface_create_from_png (fixture->path);
  const guint8 *data = cairo_image_surface_get_data (surface);

  for (int y = (int) chart->header_px - 3; y < (int) chart->header_px + 4; y++)
    {
      guint32 pixel;

      memcpy (&pixel, data + y * cairo_image_surface_get_stride (surface) + 4 * 2, 4);
      g_assert_cmphex (pixel & 0xFFFFFF, ==, 0xF6F4EF);
    }
  cairo_surface_destroy (surface);
}

static void
test_narrow (Fixture *fixture, gconstpointer user_data)
{
  const TramaExportOptions narrow = { 300, 300, 1, FALSE };
  const TramaExportOptions absurd = { 0, 0, 0, FALSE };
  gsize size;
  g_autofree char *png = export_and_read (fixture, "a.png", &narrow, &size);
  g_autofree char *tiny = NULL;

  g_assert_cmpuint (png_number (png, 16), >, 300);
  tiny = export_and_read (fixture, "a.png", &absurd, &size);
  g_assert_cmpuint (png_number (tiny, 16), >, 0);
}

static void
test_empty (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  gsize size;
  g_autofree char *svg = NULL;

  trama_flow_table_unref (fixture->table);
  fixture->table = trama_flow_table_new (store);
  svg = export_and_read (fixture, "a.svg", &trama_export_defaults, &size);
  g_assert_nonnull (strstr (svg, "<title>Trama</title>"));
}

static void
test_replaces (Fixture *fixture, gconstpointer user_data)
{
  gsize size;
  g_autofree char *contents = NULL;

  set_path (fixture, "a.svg");
  g_assert_true (g_file_set_contents (fixture->path, "old", -1, NULL));
  contents = export_and_read (fixture, "a.svg", &trama_export_defaults, &size);
  g_assert_cmpuint (size, >, 1000);
}

/* As any file that is made: what the umask lets through. */
static void
test_mode (Fixture *fixture, gconstpointer user_data)
{
  const mode_t mask = umask (027);
  gsize size;
  g_autofree char *contents = export_and_read (fixture, "a.svg", &trama_export_defaults, &size);
  struct stat status;

  umask (mask);
  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0640);
}

static void
assert_fails (Fixture *fixture, const char *name, int code)
{
  g_autoptr (GError) error = NULL;

  set_path (fixture, name);
  g_assert_false (trama_export (fixture->table, fixture->path, &trama_export_defaults, &error));
  g_assert_error (error, G_IO_ERROR, code);
  g_assert_nonnull (strstr (error->message, name));
}

static void
test_unknown_ending (Fixture *fixture, gconstpointer user_data)
{
  assert_fails (fixture, "a.jpeg", G_IO_ERROR_NOT_SUPPORTED);
  g_assert_cmpuint (count_files (fixture), ==, 0);
}

static void
test_missing_folder (Fixture *fixture, gconstpointer user_data)
{
  assert_fails (fixture, "no-such-folder/a.svg", G_IO_ERROR_NOT_FOUND);
  g_assert_cmpuint (count_files (fixture), ==, 0);
}

/* A folder of that name cannot be replaced; no other file is left behind. */
static void
test_folder_in_the_way (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "a.svg", NULL);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  assert_fails (fixture, "a.svg", G_IO_ERROR_NOT_REGULAR_FILE);
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
test_read_only_folder (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *contents = NULL;

  set_path (fixture, "a.svg");
  g_assert_true (g_file_set_contents (fixture->path, "old", -1, NULL));
  g_assert_cmpint (g_chmod (fixture->folder, 0500), ==, 0);
  if (access (fixture->folder, W_OK) != 0) /* root may write all the same */
    {
      assert_fails (fixture, "a.svg", G_IO_ERROR_PERMISSION_DENIED);
      g_assert_true (g_file_get_contents (fixture->path, &contents, NULL, NULL));
      g_assert_cmpstr (contents, ==, "old");
    }
  g_assert_cmpint (g_chmod (fixture->folder, 0700), ==, 0);
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
set_long (Fixture *fixture, guint n)
{
  trama_flow_table_unref (fixture->table);
  fixture->table = calls_new_table (n);
}

static guint
count (const char *contents, gsize size, const char *word)
{
  const char *at = contents;
  guint n = 0;

  while ((at = memmem (at, size - (gsize) (at - contents), word, strlen (word))) != NULL)
    {
      at += strlen (word);
      n++;
    }
  return n;
}

/* Of every page its number, and on paper every event. */
static void
test_pages (Fixture *fixture, gconstpointer user_data)
{
  TramaExportOptions options = trama_export_defaults;
  g_autoptr (TramaExporter) exporter = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  guint n_pages;
  gsize size;

  set_long (fixture, 400);
  options.mode = TRAMA_SCALE_ROWS;
  set_path (fixture, "a.pdf");
  exporter = trama_exporter_new (fixture->table, fixture->path, &options, &error);
  g_assert_no_error (error);
  n_pages = trama_exporter_get_size (exporter).n_pages;
  g_assert_cmpuint (n_pages, >, 5);
  g_assert_cmpuint (trama_exporter_get_size (exporter).n_files, ==, 1);
  for (guint i = 0; i < n_pages; i++)
    {
      g_assert_cmpuint (trama_exporter_get_n_done (exporter), ==, i);
      g_assert_cmpuint (count_files (fixture), ==, 0);
      g_assert_true (trama_exporter_step (exporter, &error));
      g_assert_no_error (error);
    }
  g_assert_true (g_file_get_contents (fixture->path, &contents, &size, NULL));
  g_assert_cmpuint (count (contents, size, "/MediaBox "), ==, n_pages);
}

/* What the screen sums up, because there is too much of it to be told apart, paper has room for. */
static void
test_crowd (Fixture *fixture, gconstpointer user_data)
{
  const guint n = 12000;
  gsize size;
  g_autofree char *svg = NULL;

  set_long (fixture, n);
  svg = export_and_read (fixture, "a.svg", &trama_export_defaults, &size);
  g_assert_cmpuint (count (svg, size, "<g id=\"call-") - count (svg, size, "-label\">"), ==, n);
}

/* Given up, it leaves nothing. */
static void
test_given_up (Fixture *fixture, gconstpointer user_data)
{
  TramaExportOptions options = trama_export_defaults;
  g_autoptr (TramaExporter) exporter = NULL;

  set_long (fixture, 400);
  options.mode = TRAMA_SCALE_ROWS;
  set_path (fixture, "a.pdf");
  exporter = trama_exporter_new (fixture->table, fixture->path, &options, NULL);
  g_assert_true (trama_exporter_step (exporter, NULL));
  g_clear_pointer (&exporter, trama_exporter_free);
  g_assert_cmpuint (count_files (fixture), ==, 0);
}

/* Cancelled by another thread, before it is laid out or while it is written, it says so and leaves nothing. */
static void
test_cancelled (Fixture *fixture, gconstpointer user_data)
{
  static const char *const names[] = { "a.pdf", "a.svg", "a.png" };
  TramaExportOptions options = trama_export_defaults;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  options.cancellable = cancellable;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (TramaExporter) exporter = NULL;
      g_autoptr (GError) error = NULL;

      set_path (fixture, names[i]);
      exporter = trama_exporter_new (fixture->table, fixture->path, &options, &error);
      g_assert_no_error (error);
      g_cancellable_cancel (cancellable);
      g_assert_false (trama_exporter_step (exporter, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
      g_assert_null (trama_exporter_new (fixture->table, fixture->path, &options, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_cancellable_reset (cancellable);
      g_clear_pointer (&exporter, trama_exporter_free);
      g_assert_cmpuint (count_files (fixture), ==, 0);
    }
}

static void
assert_preview (Fixture *fixture, const char *name, int width_px, int height_px)
{
  TramaExportOptions options = trama_export_defaults;
  g_autoptr (TramaExporter) exporter = NULL;
  cairo_surface_t *preview;

  options.mode = TRAMA_SCALE_ROWS;
  set_path (fixture, name);
  exporter = trama_exporter_new (fixture->table, fixture->path, &options, NULL);
  preview = trama_exporter_preview (exporter, 0, 300, 340);
  g_assert_cmpint (cairo_surface_status (preview), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpint (cairo_image_surface_get_width (preview), ==, width_px);
  g_assert_cmpint (cairo_image_surface_get_height (preview), ==, height_px);
  cairo_surface_destroy (preview);
  g_assert_cmpuint (count_files (fixture), ==, 0);
}

/* Of paper the whole page, 340 · 210 / 297 wide; of a sheet that is higher than there is room its upper part. */
static void
test_preview (Fixture *fixture, gconstpointer user_data)
{
  set_long (fixture, 400);
  assert_preview (fixture, "a.pdf", 240, 340);
  assert_preview (fixture, "a.svg", 300, 340);
}

/* Rows of pixels that are not all of one colour. */
static guint
count_drawn (cairo_surface_t *surface)
{
  const int width = cairo_image_surface_get_width (surface),
            height = cairo_image_surface_get_height (surface);
  guint n = 0;

  cairo_surface_flush (surface);
  for (int y = 0; y < height; y++)
    {
      const guint32 *row = (const guint32 *) (gconstpointer) (cairo_image_surface_get_data (surface)
                                                              + y * cairo_image_surface_get_stride (surface));
      int x = 1;

      while (x < width && row[x] == row[0])
        x++;
      n += x < width;
    }
  return n;
}

/* One after the other shows all of it: pages of paper, and as many parts of a sheet as it is higher. */
static void
test_views (Fixture *fixture, gconstpointer user_data)
{
  static const char *const names[] = { "a.pdf", "a.svg", "a.png" };
  TramaExportOptions options = trama_export_defaults;

  set_long (fixture, 400);
  options.mode = TRAMA_SCALE_ROWS;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (TramaExporter) exporter = NULL;
      TramaExportSize size;
      guint n_views;

      set_path (fixture, names[i]);
      exporter = trama_exporter_new (fixture->table, fixture->path, &options, NULL);
      size = trama_exporter_get_size (exporter);
      n_views = trama_exporter_n_views (exporter, 300, 340);
      g_assert_cmpuint (n_views, ==,
                        i == 0 ? size.n_pages : (guint) ceil (size.height / (size.width * 340 / 300)));
      g_assert_cmpuint (n_views, >, 5);
      for (guint view = 0; view < n_views; view++)
        {
          cairo_surface_t *preview = trama_exporter_preview (exporter, view, 300, 340);

          g_assert_cmpint (cairo_image_surface_get_height (preview), ==, 340);
          /* The last page of paper may have little more than the legend. */
          g_assert_cmpuint (count_drawn (preview), >, i == 0 && view + 1 == n_views ? 20 : 170);
          cairo_surface_destroy (preview);
        }
    }
}

/* Higher than programs read: there would be several, each with its header. */
static void
test_several_pngs (Fixture *fixture, gconstpointer user_data)
{
  const TramaExportOptions options = { 400, 300, 100, TRAMA_THEME_LIGHT, TRAMA_SCALE_ROWS };
  g_autoptr (TramaExporter) exporter = NULL;
  g_autoptr (GError) error = NULL;
  TramaExportSize size;

  set_long (fixture, 500);
  set_path (fixture, "a.png");
  exporter = trama_exporter_new (fixture->table, fixture->path, &options, &error);
  g_assert_no_error (error);
  size = trama_exporter_get_size (exporter);
  g_assert_cmpuint (size.n_files, >, 1);
  g_assert_cmpuint (size.n_pages, ==, size.n_files);
  g_assert_cmpfloat (size.height, >, 900000);
  g_assert_cmpfloat (size.height, <=, 1000000);
}

/* Nobody has heard of ENOSPC until it comes; the limit on file sizes fails the same way (write(2)). */
static void
test_no_room (Fixture *fixture, gconstpointer user_data)
{
  static const char *const names[] = { "a.svg", "a.pdf", "a.png" };
  struct rlimit before, tight;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  signal (SIGXFSZ, SIG_IGN);
  tight = before;
  tight.rlim_cur = 5000;
  set_long (fixture, 40);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *contents = NULL;
      g_autoptr (GError) error = NULL;

      set_path (fixture, names[i]);
      g_assert_true (g_file_set_contents (fixture->path, "old", -1, NULL));
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &tight), ==, 0);
      g_assert_false (trama_export (fixture->table, fixture->path, &trama_export_defaults, &error));
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
      g_assert_nonnull (error);
      g_assert_true (g_str_has_prefix (error->message, fixture->path));
      g_assert_nonnull (strstr (error->message, "nothing was changed"));
      g_assert_true (g_file_get_contents (fixture->path, &contents, NULL, NULL));
      g_assert_cmpstr (contents, ==, "old");
      g_assert_cmpuint (count_files (fixture), ==, i + 1);
    }
}

/*
 * 3000 packets of words in a row, 200 ns apart: what fits a screen has no room for the words,
 * so the paper is as long as they need.
 */
static void
test_legible (Fixture *fixture, gconstpointer user_data)
{
  TramaExportOptions options = trama_export_defaults;
  gsize size;
  g_autofree char *svg = NULL;
  g_autofree double *places = NULL;
  const char *at;
  guint n_far = 0, n = 0;

  set_long (fixture, 3000);
  svg = export_and_read (fixture, "a.svg", &options, &size);
  places = g_new0 (double, 3001);
  /* Of a call, its bar comes first and its words later: "call-N", then "call-N-label". */
  for (at = svg; (at = strstr (at, "<g id=\"call-")) != NULL; at += 12)
    {
      const guint64 call = g_ascii_strtoull (at + strlen ("<g id=\"call-"), NULL, 10);
      const char *end = strchr (at, '"') + strlen ("\"call-");
      const gboolean is_label = strstr (at, "-label\"") != NULL && strstr (at, "-label\"") - end < 16;
      const char *y = is_label ? strstr (at, " y=\"") : strstr (at, "<path d=\"M");

      g_assert_cmpuint (call, <=, 3000);
      g_assert_nonnull (y);
      if (!is_label)
        {
          places[call] = g_ascii_strtod (strchr (y + strlen ("<path d=\"M"), ' '), NULL);
          continue;
        }
      n++;
      n_far += ABS (g_ascii_strtod (y + 4, NULL) - places[call]) > 100;
    }
  g_assert_cmpuint (n, ==, 3000);
  g_assert_cmpuint (n_far, <, 300);
}

/* A part is drawn as large as the page has room for, and what is far from it not at all. */
static void
test_range (Fixture *fixture, gconstpointer user_data)
{
  TramaExportOptions options = trama_export_defaults;
  gsize size;
  g_autofree char *svg = NULL;

  set_long (fixture, 400);
  options.span = (TramaSpan){ 2 * MS + 100 * 20000, 2 * MS + 120 * 20000 };
  svg = export_and_read (fixture, "a.svg", &options, &size);
  g_assert_nonnull (strstr (svg, " height=\"1080\""));
  g_assert_nonnull (strstr (svg, "<g id=\"call-101\">"));
  g_assert_nonnull (strstr (svg, "<g id=\"call-121\">"));
  g_assert_null (strstr (svg, "<g id=\"call-80\">"));
  g_assert_null (strstr (svg, "<g id=\"call-140\">"));
}

static void
test_png_too_large (Fixture *fixture, gconstpointer user_data)
{
  const TramaExportOptions huge = { 1920, 1080, 1000, FALSE };
  g_autoptr (GError) error = NULL;

  set_path (fixture, "a.png");
  g_assert_false (trama_export (fixture->table, fixture->path, &huge, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_cmpuint (count_files (fixture), ==, 0);
}

#define ADD(path, data, function)                                                                            \
  g_test_add ("/ui/paint/export/" path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/paint/export/knows", test_knows);
  ADD ("svg", NULL, test_svg);
  ADD ("pdf", NULL, test_pdf);
  ADD ("png", NULL, test_png);
  ADD ("default-size", NULL, test_default_size);
  ADD ("colours/light", GINT_TO_POINTER (FALSE), test_colours);
  ADD ("colours/dark", GINT_TO_POINTER (TRUE), test_colours);
  ADD ("no-seam", NULL, test_no_seam);
  ADD ("narrow", NULL, test_narrow);
  ADD ("empty", NULL, test_empty);
  ADD ("replaces", NULL, test_replaces);
  ADD ("mode", NULL, test_mode);
  ADD ("unknown-ending", NULL, test_unknown_ending);
  ADD ("missing-folder", NULL, test_missing_folder);
  ADD ("folder-in-the-way", NULL, test_folder_in_the_way);
  ADD ("read-only-folder", NULL, test_read_only_folder);
  ADD ("pages", NULL, test_pages);
  ADD ("crowd", NULL, test_crowd);
  ADD ("given-up", NULL, test_given_up);
  ADD ("cancelled", NULL, test_cancelled);
  ADD ("preview", NULL, test_preview);
  ADD ("views", NULL, test_views);
  ADD ("several-pngs", NULL, test_several_pngs);
  ADD ("no-room", NULL, test_no_room);
  ADD ("legible", NULL, test_legible);
  ADD ("range", NULL, test_range);
  ADD ("png-too-large", NULL, test_png_too_large);
  return g_test_run ();
}
