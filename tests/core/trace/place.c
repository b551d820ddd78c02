/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/trace/place.h"

#include "core/trace/parser.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

void
place_set_up (Place *place, gconstpointer data)
{
  place->folder = g_dir_make_tmp ("trama-rewrite-XXXXXX", NULL);
  g_assert_nonnull (place->folder);
  place->in = g_build_filename (place->folder, "in", NULL);
  place->out = g_build_filename (place->folder, "out", NULL);
  place->maker.bytes = g_byte_array_new ();
  place->store = trama_store_new ();
}

void
place_tear_down (Place *place, gconstpointer data)
{
  g_remove (place->in);
  g_remove (place->out);
  g_assert_cmpint (g_rmdir (place->folder), ==, 0);
  g_free (place->folder);
  g_free (place->in);
  g_free (place->out);
  g_byte_array_unref (place->maker.bytes);
  trama_store_unref (place->store);
}

void
read_made (Place *place)
{
  g_autoptr (TramaParser) parser = trama_parser_new (trama_store_append, place->store);
  const GByteArray *bytes = place->maker.bytes;
  int fd;

  g_assert_true (g_file_set_contents (place->in, (const char *) bytes->data, bytes->len, NULL));
  fd = g_open (place->in, O_RDONLY | O_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  g_assert_true (trama_store_set_bytes_fd (place->store, fd));
  close (fd);
  trama_parser_feed (parser, bytes->data, bytes->len, NULL);
  place->good_bytes = trama_parser_get_offset (parser);
}

gboolean
rewrite (Place *place, const TramaRewriteOptions *options, GError **error)
{
  g_autoptr (TramaReplacement) file = trama_replacement_new (place->out, 0600, error);

  return file != NULL && trama_rewrite (place->store, place->good_bytes, options, file, error)
         && trama_replacement_commit (file, error);
}

char *
rewritten (Place *place, const TramaRewriteOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (rewrite (place, options, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (place->out, &bytes, &size, NULL));
  return tell_capture ((const guint8 *) bytes, size);
}

void
assert_rewritten (Place *place, const TramaRewriteOptions *options, const char *expected)
{
  g_autofree char *text = rewritten (place, options);

  g_assert_cmpstr (text, ==, expected);
}

void
make_everything (Maker *maker)
{
  static const guint8 foreign[8] = { 0x2a, 0x7f, 0, 0, 'd', 'a', 't', 'a' };

  make_section (maker, FALSE, 1000);
  make_text (maker, 1, "a section");
  make_end_of_options (maker);
  make_end (maker);
  make_interface (maker, 1, 65535);
  make_text (maker, 1, "an interface");
  make_text (maker, 2, "lo");
  make_option (maker, 9, "\x09", 1);
  make_end_of_options (maker);
  make_end (maker);
  make_interface (maker, 147, 0);
  make_end (maker);
  make_enhanced (maker, 0, 5000000000, datagram, 44, 60);
  make_text (maker, 1, "a packet");
  make_option (maker, 2, "\x01\0\0\0", 4);
  make_end_of_options (maker);
  make_end (maker);
  make_enhanced (maker, 1, 7, datagram, 44, 44);
  make_end (maker);
  make_begin (maker, 4); /* names: none */
  make_option (maker, 0, NULL, 0);
  make_end (maker);
  make_begin (maker, 0xbad); /* custom, of another's enterprise */
  make_bytes (maker, foreign, sizeof foreign);
  make_end (maker);
  make_section (maker, TRUE, G_MAXUINT64);
  make_end (maker);
  make_interface (maker, 1, 96);
  make_end (maker);
  make_simple (maker, datagram, 44, 44);
  make_obsolete (maker, 0, 3, 8, datagram, 44);
  make_text (maker, 1, "old");
  make_end_of_options (maker);
  make_end (maker);
  make_begin (maker, 0x7fff1234); /* nobody knows */
  make_bytes (maker, foreign, sizeof foreign);
  make_end (maker);
  make_begin (maker, 5); /* statistics */
  make_u32 (maker, 0);
  make_u32 (maker, 0);
  make_u32 (maker, 9);
  make_end (maker);
}

void
read_again (Place *place)
{
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (place->out, &bytes, &size, NULL));
  g_byte_array_set_size (place->maker.bytes, 0);
  g_byte_array_append (place->maker.bytes, (const guint8 *) bytes, (guint) size);
  trama_store_unref (place->store);
  place->store = trama_store_new ();
  read_made (place);
  g_assert_cmpuint (place->good_bytes, ==, size);
}

void
make_classic (Maker *maker, gboolean big, guint32 magic, guint32 fraction)
{
  maker->big = big;
  make_u32 (maker, magic);
  make_u16 (maker, 2);
  make_u16 (maker, 4);
  make_u32 (maker, 0);
  make_u32 (maker, 0);
  make_u32 (maker, 96); /* snap length */
  make_u32 (maker, 1);  /* Ethernet */
  for (guint i = 0; i < 2; i++)
    {
      make_u32 (maker, 1700000000);
      make_u32 (maker, fraction + i);
      make_u32 (maker, 44 - i * 8);
      make_u32 (maker, 44);
      make_bytes (maker, datagram, 44 - i * 8);
    }
}

static void
annotate (guint packet, TramaAnnotation *annotation, gpointer data)
{
  g_ptr_array_add (annotation->comments, g_strdup ("write(3, \"Hi\", 2) = 2"));
  if (packet == 0)
    g_ptr_array_add (annotation->comments, g_strdup ("wakes read(4, \"Hi\", 2) = 2"));
  if (packet < 3)
    annotation->actor = 1 + packet % 2;
}

const TramaRewriteOptions annotated = { .annotate = annotate };
