/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/source/inflate.h"
#include "core/source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A classic capture of packets that count up, so that each of them can be told from the others. */
static GByteArray *
make_capture (guint n_packets)
{
  const guint32 head[] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, 1 };
  GByteArray *capture = g_byte_array_new ();

  g_byte_array_append (capture, (const guint8 *) head, sizeof head);
  for (guint32 i = 0; i < n_packets; i++)
    {
      const guint32 record[] = { 1700000000, i, 60, 60 };
      guint8 data[60] = { 0 };

      for (guint at = 0; at < sizeof data; at++)
        data[at] = (guint8) (i * 2654435761u >> at % 24);
      g_byte_array_append (capture, (const guint8 *) record, sizeof record);
      g_byte_array_append (capture, data, sizeof data);
    }
  return capture;
}

static GByteArray *
compress (const guint8 *data, gsize size)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, G_CONVERTER (compressor));
  g_autoptr (GError) error = NULL;
  GByteArray *compressed = g_byte_array_new ();

  g_assert_true (g_output_stream_write_all (stream, data, size, NULL, NULL, &error));
  g_assert_true (g_output_stream_close (stream, NULL, &error));
  g_byte_array_append (compressed, g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory)),
                       (guint) g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (memory)));
  return compressed;
}

typedef struct
{
  gboolean finished;
  char *message; /* NULL: all was well */
} End;

static void
on_finished (TramaSource *source, GError *error, gpointer data)
{
  End *end = data;

  end->finished = TRUE;
  end->message = error != NULL ? g_strdup (error->message) : NULL;
}

/* Reads @path to its end. Its packets must be the first of @capture, if that is not NULL; returns how many. */
static guint
read_path (const char *path, const GByteArray *capture, char **message)
{
  g_autoptr (TramaSource) source = trama_source_open (path);
  TramaStore *store = trama_source_get_store (source);
  End end = { FALSE, NULL };

  g_signal_connect (source, "finished", G_CALLBACK (on_finished), &end);
  while (!end.finished)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; capture != NULL && i < trama_store_n_packets (store); i++)
    {
      guint8 buffer[60];
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (trama_store_read_packet (store, i, buffer, sizeof buffer, &error), ==, sizeof buffer);
      g_assert_cmpmem (buffer, sizeof buffer, capture->data + 24 + i * 76 + 16, sizeof buffer);
    }
  *message = end.message;
  return trama_store_n_packets (store);
}

static guint
read_bytes (const GByteArray *file, const GByteArray *capture, char **message)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("trama-XXXXXX", &path, &error);
  guint n;

  g_assert_no_error (error);
  g_assert_cmpint (write (fd, file->data, file->len), ==, file->len);
  close (fd);
  n = read_path (path, capture, message);
  g_unlink (path);
  return n;
}

static void
append (GByteArray *file, const GByteArray *more)
{
  g_byte_array_append (file, more->data, more->len);
}

static void
test_whole (void)
{
  g_autoptr (GByteArray) capture = make_capture (20000);
  g_autoptr (GByteArray) file = compress (capture->data, capture->len);
  g_autofree char *message = NULL;

  g_assert_cmpuint (read_bytes (file, capture, &message), ==, 20000);
  g_assert_cmpstr (message, ==, NULL);
  g_assert_cmpuint (read_bytes (capture, capture, &message), ==, 20000);
  g_assert_cmpstr (message, ==, NULL);
}

/* Members may begin anywhere in the capture, one may be empty, and zeros may stand behind the last. */
static void
test_members (void)
{
  g_autoptr (GByteArray) capture = make_capture (100);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  static const guint8 padding[5000] = { 0 };
  static const guint cuts[] = { 0, 1, 30, 30, 5000, 24 + 100 * 76 };
  g_autofree char *message = NULL;

  for (gsize i = 0; i + 1 < G_N_ELEMENTS (cuts); i++)
    {
      g_autoptr (GByteArray) member = compress (capture->data + cuts[i], cuts[i + 1] - cuts[i]);

      append (file, member);
    }
  g_byte_array_append (file, padding, sizeof padding);
  g_assert_cmpuint (read_bytes (file, capture, &message), ==, 100);
  g_assert_cmpstr (message, ==, NULL);
}

/* What follows the last member and is no member is said; what came before is there. */
static void
test_something_else (void)
{
  g_autoptr (GByteArray) capture = make_capture (100);
  g_autoptr (GByteArray) file = compress (capture->data, capture->len);
  g_autofree char *ending = g_strdup_printf (
      ": byte %u of the compressed file: what follows is not compressed", file->len);
  g_autofree char *message = NULL;

  g_byte_array_append (file, (const guint8 *) "\x1fhi", 3);
  g_assert_cmpuint (read_bytes (file, capture, &message), ==, 100);
  g_assert_true (g_str_has_suffix (message, ending));
}

/* Of a file that is cut short, all is there that came; and where it ends is said. */
static void
test_cut_short (void)
{
  g_autoptr (GByteArray) capture = make_capture (20000);
  g_autoptr (GByteArray) file = compress (capture->data, capture->len);
  guint n_before = 20000;

  for (gsize size = file->len - 1; size > 0; size = size * 2 / 3)
    {
      g_autofree char *ending = g_strdup_printf (
          ": cut short at byte %" G_GSIZE_FORMAT " of the compressed file", size);
      g_autofree char *message = NULL;
      guint n;

      g_byte_array_set_size (file, (guint) size);
      n = read_bytes (file, capture, &message);
      g_assert_cmpuint (n, <=, n_before);
      if (size > 1)
        g_assert_true (g_str_has_suffix (message, ending));
      n_before = n;
    }
}

/* Damage takes little of what is in front of it. It may show behind its place, or as damage of the capture. */
static void
test_damage (void)
{
  g_autoptr (GByteArray) capture = make_capture (20000);
  g_autoptr (GByteArray) file = compress (capture->data, capture->len);
  g_autofree char *message = NULL;
  guint middle = file->len / 2;
  guint n;

  memset (file->data + middle, 0xff, 64);
  n = read_bytes (file, NULL, &message);
  g_assert_nonnull (message);
  g_assert_cmpuint (n, >, 5000);
  g_assert_cmpuint (n, <, 20000);
}

/* The sum at the end of a member is wrong: all but its last 512 bytes is there, and it is said. */
static void
test_wrong_sum (void)
{
  g_autoptr (GByteArray) capture = make_capture (100);
  g_autoptr (GByteArray) file = compress (capture->data, capture->len);
  g_autofree char *message = NULL;

  file->data[file->len - 8] ^= 1;
  g_assert_cmpuint (read_bytes (file, capture, &message), >=, 100 - 512 / 76 - 1);
  g_assert_nonnull (strstr (message, "damaged at byte"));
}

/* What grows a thousandfold is read up to 256 MiB and no further. The converter alone, so that no disk fills. */
static void
test_growth (void)
{
  const gsize megabyte = 1u << 20;
  g_autofree guint8 *zeros = g_malloc0 (megabyte);
  g_autoptr (GByteArray) member = compress (zeros, megabyte);
  g_autoptr (TramaInflate) inflate = trama_inflate_new ();
  guint64 total = 0;
  gsize at = 0;

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      gsize bytes_read, bytes_written;
      GConverterResult result = g_converter_convert (G_CONVERTER (inflate), member->data + at,
                                                     member->len - at, zeros, megabyte, G_CONVERTER_NO_FLAGS,
                                                     &bytes_read, &bytes_written, &error);

      if (result == G_CONVERTER_ERROR && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
          g_assert_nonnull (strstr (error->message, "grown more than 100 times"));
          break;
        }
      if (result != G_CONVERTER_ERROR)
        {
          at += bytes_read;
          total += bytes_written;
        }
      if (at == member->len)
        at = 0;
      g_assert_cmpuint (total, <=, TRAMA_INFLATE_FREE_BYTES + megabyte);
    }
  g_assert_cmpuint (total, >=, TRAMA_INFLATE_FREE_BYTES - megabyte);
}

typedef struct
{
  const char *path;
  const GByteArray *bytes;
} Writing;

/* In pieces of odd sizes, as a slow writer would. */
static gpointer
write_fifo (gpointer data)
{
  const Writing *writing = data;
  int fd = open (writing->path, O_WRONLY | O_CLOEXEC);
  gsize at = 0;

  g_assert_cmpint (fd, >=, 0);
  for (guint piece = 1; at < writing->bytes->len; piece = piece * 3 % 4099)
    {
      gssize n = write (fd, writing->bytes->data + at, MIN (piece, writing->bytes->len - at));

      g_assert_cmpint (n, >, 0);
      at += (gsize) n;
    }
  close (fd);
  return NULL;
}

/* A FIFO that nobody writes to is opened at once and waited for in the background, until somebody does. */
static void
test_fifo (void)
{
  g_autoptr (GByteArray) capture = make_capture (3000);
  g_autoptr (GByteArray) compressed = compress (capture->data, capture->len);
  g_autofree char *folder = g_dir_make_tmp ("trama-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "fifo", NULL);
  const GByteArray *files[] = { capture, compressed };

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *message = NULL;
      Writing writing = { path, files[i] };
      g_autoptr (TramaSource) waiting = trama_source_open (path);
      End end = { FALSE, NULL };
      GThread *thread;

      g_signal_connect (waiting, "finished", G_CALLBACK (on_finished), &end);
      for (guint turn = 0; turn < 20; turn++)
        {
          g_main_context_iteration (NULL, FALSE);
          g_usleep (1000);
        }
      g_assert_true (trama_source_is_running (waiting));
      trama_source_stop (waiting);
      while (!end.finished)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpstr (end.message, ==, "stopped");
      g_free (end.message);

      thread = g_thread_new ("writer", write_fifo, &writing);
      g_assert_cmpuint (read_path (path, capture, &message), ==, 3000);
      g_assert_cmpstr (message, ==, NULL);
      g_thread_join (thread);
    }
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inflate/whole", test_whole);
  g_test_add_func ("/inflate/members", test_members);
  g_test_add_func ("/inflate/something-else", test_something_else);
  g_test_add_func ("/inflate/cut-short", test_cut_short);
  g_test_add_func ("/inflate/damage", test_damage);
  g_test_add_func ("/inflate/wrong-sum", test_wrong_sum);
  g_test_add_func ("/inflate/growth", test_growth);
  g_test_add_func ("/inflate/fifo", test_fifo);
  return g_test_run ();
}
