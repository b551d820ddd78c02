/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/rewrite.h"

#include "core/trace/parser.h"
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <unistd.h>

static void
check_same (TramaStore *store, TramaStore *saved)
{
  g_assert_cmpuint (trama_store_n_packets (store), ==, trama_store_n_packets (saved));
  for (guint i = 0; i < trama_store_n_packets (store); i++)
    {
      TramaPacket before, after;
      gsize size, saved_size;
      const guint8 *bytes = trama_store_peek_packet (store, i, 256, &size);
      const guint8 *saved_bytes = trama_store_peek_packet (saved, i, 256, &saved_size);

      trama_store_get_packet (store, i, &before);
      trama_store_get_packet (saved, i, &after);
      g_assert_cmpint (before.time_ns, ==, after.time_ns);
      g_assert_cmpuint (before.captured_bytes, ==, after.captured_bytes);
      g_assert_cmpuint (before.length_bytes, ==, after.length_bytes);
      g_assert_cmpmem (bytes, size, saved_bytes, saved_size);
    }
}

/* As many bytes of @data as are whole records: what a front end would save. */
static guint64
measure (const guint8 *data, gsize size)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autoptr (TramaParser) parser = trama_parser_new (trama_store_append, store);

  trama_parser_feed (parser, data, size, NULL);
  return trama_parser_get_offset (parser);
}

static TramaStore *
save (TramaStore *store, guint64 end, gboolean no_payload)
{
  const TramaRewriteOptions options = { .no_payload = no_payload };
  g_autofree char *path = g_strdup_printf ("%s/trama-fuzz-%d", g_get_tmp_dir (), getpid ());
  g_autoptr (TramaReplacement) file = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *saved = NULL;
  gsize size;

  file = trama_replacement_new (path, 0600, &error);
  g_assert_no_error (error);
  g_assert_true (trama_rewrite (store, end, &options, file, &error));
  g_assert_true (trama_replacement_commit (file, &error));
  g_file_get_contents (path, &saved, &size, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return fuzz_read_store ((const guint8 *) saved, size);
}

/* What is saved is read back with every packet it had. */
void
fuzz_one (const guint8 *data, gsize size)
{
  g_autoptr (TramaStore) store = fuzz_read_store (data, size);
  g_autoptr (TramaStore) whole = NULL;
  g_autoptr (TramaStore) cut = NULL;
  guint64 end = measure (data, size);

  if (end == 0)
    return;
  whole = save (store, end, FALSE);
  check_same (store, whole);
  cut = save (store, end, TRUE);
  g_assert_cmpuint (trama_store_n_packets (store), ==, trama_store_n_packets (cut));
}
