/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/trace/place.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static void
test_everything (Place *place, gconstpointer data)
{
  static const TramaRewriteOptions everything = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize whole, size;

  make_everything (&place->maker);
  memset (place->maker.bytes->data + 16, 0xff, 8); /* the length of the section: not told */
  whole = place->maker.bytes->len;
  make_u32 (&place->maker, 6); /* damage: a block of seven bytes */
  make_u32 (&place->maker, 7);
  make_u32 (&place->maker, 7);
  read_made (place);
  g_assert_cmpuint (place->good_bytes, ==, whole);
  g_assert_cmpuint (trama_store_n_packets (place->store), ==, 4);
  g_assert_true (rewrite (place, &everything, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (place->out, &bytes, &size, NULL));
  g_assert_cmpmem (bytes, size, place->maker.bytes->data, whole);
}

static gboolean
keep_odd (guint packet, gpointer data)
{
  return packet % 2 == 1;
}

static gboolean
keep_none (guint packet, gpointer data)
{
  return FALSE;
}

static void
test_left_out (Place *place, gconstpointer data)
{
  TramaRewriteOptions options = { .keeps = keep_odd };

  make_everything (&place->maker);
  read_made (place);
  assert_rewritten (place, &options,
                    "section little -1 {1 a section}\n"
                    "interface link 1 snap 65535 {1 an interface} {2 lo} {9 09}\n"
                    "interface link 147 snap 0\n"
                    "enhanced if 1 time 7 44/44 ..69\n"
                    "type 4 size 4\n"
                    "type bad size 8\n"
                    "section big -1\n"
                    "interface link 1 snap 96\n"
                    "obsolete if 0 time 8 44/44 ..69 {1 old}\n"
                    "type 7fff1234 size 8\n"
                    "type 5 size 12\n");
  options.keeps = keep_none;
  assert_rewritten (place, &options,
                    "section little -1 {1 a section}\n"
                    "interface link 1 snap 65535 {1 an interface} {2 lo} {9 09}\n"
                    "interface link 147 snap 0\n"
                    "type 4 size 4\n"
                    "type bad size 8\n"
                    "section big -1\n"
                    "interface link 1 snap 96\n"
                    "type 7fff1234 size 8\n"
                    "type 5 size 12\n");
}

/* Lengths on the wire stay; what an obsolete block has in its header becomes an option, 4. */
static void
test_no_payload (Place *place, gconstpointer data)
{
  static const TramaRewriteOptions options = { .no_payload = TRUE };

  make_everything (&place->maker);
  read_made (place);
  assert_rewritten (place, &options,
                    "section little -1 {1 a section}\n"
                    "interface link 1 snap 65535 {1 an interface} {2 lo} {9 09}\n"
                    "interface link 147 snap 0\n"
                    "enhanced if 0 time 5000000000 42/60 ..00 {1 a packet} {2 01000000}\n"
                    "enhanced if 1 time 7 0/44\n"
                    "type 4 size 4\n"
                    "type bad size 8\n"
                    "section big -1\n"
                    "interface link 1 snap 96\n"
                    "enhanced if 0 time 0 42/44 ..00\n"
                    "enhanced if 0 time 8 42/44 ..00 {1 old} {4 0000000000000003}\n"
                    "type 7fff1234 size 8\n"
                    "type 5 size 12\n");
}

/* How much of a frame is kept: one byte of it changed, or its end cut off. */
static void
test_headers (Place *place, gconstpointer data)
{
  static const TramaRewriteOptions options = { .no_payload = TRUE };
  static const struct
  {
    guint at;
    guint8 byte;
    guint size;
    const char *told;
  } cases[] = {
    { 12, 8, 44, "42/44 ..00" },    /* as it is: all headers */
    { 21, 1, 44, "34/44 ..01" },    /* a later fragment: no UDP header */
    { 23, 50, 44, "34/44 ..01" },   /* ESP: not known here */
    { 23, 1, 44, "42/44 ..00" },    /* ICMP: type 0x9c, whatever it is */
    { 12, 0x88, 44, "14/44 ..00" }, /* not IP */
    { 14, 0x41, 44, "14/44 ..00" }, /* an IP header of four bytes */
    { 39, 3, 44, "34/44 ..01" },    /* a datagram of three bytes */
    { 12, 8, 38, "34/44 ..01" },    /* the UDP header is cut off */
    { 12, 8, 20, "14/44 ..00" },    /* the IP header is */
    { 12, 8, 10, "0/44" },          /* and the link header */
  };

  make_section (&place->maker, FALSE, G_MAXUINT64);
  make_end (&place->maker);
  make_interface (&place->maker, 1, 0);
  make_end (&place->maker);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint8 frame[44];

      memcpy (frame, datagram, sizeof frame);
      frame[cases[i].at] = cases[i].byte;
      make_enhanced (&place->maker, 0, 0, frame, cases[i].size, 44);
      make_end (&place->maker);
    }
  read_made (place);
  {
    g_autofree char *text = rewritten (place, &options);
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

    g_assert_cmpuint (g_strv_length (lines), ==, 2 + G_N_ELEMENTS (cases) + 1);
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
      {
        g_autofree char *expected = g_strconcat ("enhanced if 0 time 0 ", cases[i].told, NULL);

        g_assert_cmpstr (lines[2 + i], ==, expected);
      }
  }
}

static void
add_actors (Place *place)
{
  /* The name of the second has a letter of two bytes where 15 bytes end. */
  const TramaEvent actors[] = {
    { .kind = TRAMA_EVENT_ACTOR, .actor = { .id = 1, .pid = 258, .name = "client" } },
    { .kind = TRAMA_EVENT_ACTOR, .actor = { .id = 2, .pid = 772, .name = "servidor de mañana" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actors); i++)
    trama_store_append (&actors[i], place->store);
}

static void
test_annotated (Place *place, gconstpointer data)
{
  static const char expected[] = "section little -1 {1 a section}\n"
                                 "interface link 1 snap 65535 {1 an interface} {2 lo} {9 09}\n"
                                 "interface link 147 snap 0\n"
                                 "process 258 {2 client}\n"
                                 "enhanced if 0 time 5000000000 44/60 ..69 {1 a packet} {2 01000000}"
                                 " {1 write(3, \"Hi\", 2) = 2} {1 wakes read(4, \"Hi\", 2) = 2}"
                                 " {54354 5452414d00000200} {8 0201000000000000} {32769 00000000}\n"
                                 "process 772 {2 servidor de ma}\n"
                                 "enhanced if 1 time 7 44/44 ..69 {1 write(3, \"Hi\", 2) = 2}"
                                 " {54354 5452414d00000100} {8 0403000000000000} {32769 01000000}\n"
                                 "type 4 size 4\n"
                                 "type bad size 8\n"
                                 "section big -1\n"
                                 "interface link 1 snap 96\n"
                                 "process 258 {2 client}\n"
                                 "enhanced if 0 time 0 44/44 ..69 {1 write(3, \"Hi\", 2) = 2}"
                                 " {54354 5452414d00000001} {8 0000010200000000} {32769 00000000}\n"
                                 "enhanced if 0 time 8 44/44 ..69 {1 old} {4 0000000000000003}"
                                 " {1 write(3, \"Hi\", 2) = 2} {54354 5452414d00000001}\n"
                                 "type 7fff1234 size 8\n"
                                 "type 5 size 12\n";

  make_everything (&place->maker);
  read_made (place);
  add_actors (place);
  assert_rewritten (place, &annotated, expected);
}

/* Once is enough: what was annotated is not annotated again. */
static void
test_annotated_twice (Place *place, gconstpointer data)
{
  g_autofree char *once = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  make_everything (&place->maker);
  read_made (place);
  add_actors (place);
  once = rewritten (place, &annotated);
  g_assert_true (g_file_get_contents (place->out, &bytes, &size, NULL));
  g_byte_array_set_size (place->maker.bytes, 0);
  g_byte_array_append (place->maker.bytes, (const guint8 *) bytes, (guint) size);
  trama_store_unref (place->store);
  place->store = trama_store_new ();
  read_made (place);
  add_actors (place);
  assert_rewritten (place, &annotated, once);
}

/* Options that are damaged, or fill their 64 KiB, stay as they are. */
static void
test_no_room (Place *place, gconstpointer data)
{
  g_autofree char *comment = g_strnfill (65500, 'x');
  g_autofree char *text = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  make_section (&place->maker, FALSE, G_MAXUINT64);
  make_end (&place->maker);
  make_interface (&place->maker, 1, 0);
  make_end (&place->maker);
  make_enhanced (&place->maker, 0, 0, datagram, 44, 44);
  make_text (&place->maker, 1, comment);
  make_end_of_options (&place->maker);
  make_end (&place->maker);
  make_enhanced (&place->maker, 0, 0, datagram, 44, 44);
  make_u16 (&place->maker, 1); /* a comment that goes on behind the block */
  make_u16 (&place->maker, 400);
  make_end (&place->maker);
  read_made (place);
  g_assert_cmpuint (trama_store_n_packets (place->store), ==, 2);
  g_assert_true (rewrite (place, &annotated, NULL));
  g_assert_true (g_file_get_contents (place->out, &bytes, &size, NULL));
  g_assert_cmpmem (bytes, size, place->maker.bytes->data, place->maker.bytes->len);
}

/* They are named by their order, so that none may come between. */
static void
test_foreign_processes (Place *place, gconstpointer data)
{
  make_section (&place->maker, TRUE, G_MAXUINT64);
  make_end (&place->maker);
  make_interface (&place->maker, 1, 0);
  make_end (&place->maker);
  make_enhanced (&place->maker, 0, 0, datagram, 44, 44);
  make_end (&place->maker);
  make_begin (&place->maker, 0x80000001);
  make_u32 (&place->maker, 4);
  make_end (&place->maker);
  read_made (place);
  add_actors (place);
  assert_rewritten (place, &annotated,
                    "section big -1\n"
                    "interface link 1 snap 0\n"
                    "enhanced if 0 time 0 44/44 ..69 {1 write(3, \"Hi\", 2) = 2}"
                    " {1 wakes read(4, \"Hi\", 2) = 2} {54354 5452414d00000002} {8 0000010200000000}\n"
                    "process 4\n");
}

/* What our own records hold of the payload: kind 6, a call, with one argument of kind 3, data. */
static void
make_own_call (Maker *maker)
{
  static const char hello[] = "Hello?\n";

  make_begin (maker, 0x80545241);
  make_bytes (maker, "TRAM", 4);
  make_u16 (maker, 1);
  make_u16 (maker, 6);
  make_u16 (maker, 13); /* it has one argument */
  make_u16 (maker, 2);
  make_u16 (maker, 1);
  make_u16 (maker, 0);
  make_u16 (maker, 64);
  make_u16 (maker, 12 + 7);
  make_u16 (maker, 3);
  make_u16 (maker, 0);
  make_u32 (maker, maker->big ? 0 : 7);
  make_u32 (maker, maker->big ? 7 : 0);
  make_bytes (maker, hello, 7);
  make_end (maker);
}

static void
make_own_session (Maker *maker)
{
  make_begin (maker, 0x80545241);
  make_bytes (maker, "TRAM", 4);
  make_u16 (maker, 1);
  make_u16 (maker, 3);
  make_option (maker, 1, "letter", 7);
  make_option (maker, 3, "write(a, \"Hello?\\n\")", 21);
  make_end (maker);
}

static void
test_own_records (Place *place, gconstpointer data)
{
  static const TramaRewriteOptions options = { .no_payload = TRUE };
  g_autofree char *bytes = NULL;
  const TramaCall *call;
  gsize size;

  for (guint big = 0; big < 2; big++)
    {
      make_section (&place->maker, big != 0, G_MAXUINT64);
      make_end (&place->maker);
      make_own_session (&place->maker);
      make_own_call (&place->maker);
    }
  read_made (place);
  g_assert_cmpuint (place->good_bytes, ==, place->maker.bytes->len);
  g_assert_true (rewrite (place, &options, NULL));
  g_assert_true (g_file_get_contents (place->out, &bytes, &size, NULL));
  g_assert_null (g_strstr_len (bytes, (gssize) size, "Hello"));
  g_assert_null (memmem (bytes, size, "Hello", 5));
  g_assert_nonnull (memmem (bytes, size, "letter", 6));
  g_byte_array_set_size (place->maker.bytes, 0);
  g_byte_array_append (place->maker.bytes, (const guint8 *) bytes, (guint) size);
  trama_store_unref (place->store);
  place->store = trama_store_new ();
  read_made (place);
  g_assert_cmpuint (place->good_bytes, ==, size);
  g_assert_cmpuint (trama_store_n_calls (place->store), ==, 1);
  call = trama_store_get_call (place->store, 0);
  g_assert_cmpuint (call->args[0].kind, ==, TRAMA_VALUE_DATA);
  g_assert_cmpint (call->args[0].number, ==, 7);
  g_assert_cmpuint (call->args[0].size, ==, 0);
  g_assert_cmpstr (trama_store_get_session (place->store)->name, ==, "letter");
}

static void
test_classic (Place *place, gconstpointer data)
{
  static const TramaRewriteOptions everything = { 0 };
  static const struct
  {
    gboolean big;
    guint32 magic;
    guint32 fraction;
    const char *resolution;
    const char *times[2];
  } cases[] = {
    { FALSE, 0xa1b2c3d4, 999998, "06", { "1700000000999998", "1700000000999999" } },
    { TRUE, 0xa1b2c3d4, 5, "06", { "1700000000000005", "1700000000000006" } },
    { FALSE, 0xa1b23c4d, 123456789, "09", { "1700000000123456789", "1700000000123456790" } },
    { TRUE, 0xa1b23c4d, 1, "09", { "1700000000000000001", "1700000000000000002" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = NULL;
      g_autofree char *expected = NULL;

      g_byte_array_set_size (place->maker.bytes, 0);
      trama_store_unref (place->store);
      place->store = trama_store_new ();
      make_classic (&place->maker, cases[i].big, cases[i].magic, cases[i].fraction);
      read_made (place);
      text = rewritten (place, &everything);
      expected = g_strdup_printf ("interface link 1 snap 96 {9 %s}\n"
                                  "enhanced if 0 time %s 44/44 ..69\n"
                                  "enhanced if 0 time %s 36/44 ..ba\n",
                                  cases[i].resolution, cases[i].times[0], cases[i].times[1]);
      g_assert_true (g_str_has_prefix (text, "section "));
      g_assert_cmpstr (strchr (text, '\n') + 1, ==, expected);
    }
}

/* A file that becomes another while it is saved. */
static void
test_changed (Place *place, gconstpointer data)
{
  static const TramaRewriteOptions options = { .no_payload = TRUE };
  gsize whole;

  make_everything (&place->maker);
  read_made (place);
  whole = place->maker.bytes->len;
  for (gsize cut = 0; cut < whole; cut += 4)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (truncate (place->in, (off_t) (whole - cut - 1)), ==, 0);
      g_assert_false (rewrite (place, &options, &error));
      g_assert_nonnull (error);
      g_assert_cmpint (error->domain, ==, (gint) G_IO_ERROR);
      g_assert_false (g_file_test (place->out, G_FILE_TEST_EXISTS));
    }
}

/* As above, but of the same length: any byte at all another. It must end, and read nothing it has not. */
static void
test_mutated (Place *place, gconstpointer data)
{
  const TramaRewriteOptions options = { .no_payload = TRUE, .annotate = annotated.annotate };
  int fd;

  make_everything (&place->maker);
  read_made (place);
  add_actors (place);
  fd = g_open (place->in, O_WRONLY | O_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  for (guint at = 0; at < place->maker.bytes->len; at++)
    {
      const guint8 *was = place->maker.bytes->data + at;
      guint8 other = (guint8) ~*was;

      g_assert_cmpint (pwrite (fd, &other, 1, at), ==, 1);
      rewrite (place, &options, NULL);
      g_assert_cmpint (pwrite (fd, was, 1, at), ==, 1);
    }
  close (fd);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Place *place, gconstpointer data);
  } tests[] = {
    { "/trace/rewrite/everything", test_everything },
    { "/trace/rewrite/left-out", test_left_out },
    { "/trace/rewrite/no-payload", test_no_payload },
    { "/trace/rewrite/headers", test_headers },
    { "/trace/rewrite/annotated", test_annotated },
    { "/trace/rewrite/annotated-twice", test_annotated_twice },
    { "/trace/rewrite/no-room", test_no_room },
    { "/trace/rewrite/foreign-processes", test_foreign_processes },
    { "/trace/rewrite/own-records", test_own_records },
    { "/trace/rewrite/classic", test_classic },
    { "/trace/rewrite/changed", test_changed },
    { "/trace/rewrite/mutated", test_mutated },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Place, NULL, place_set_up, tests[i].test, place_tear_down);
  return g_test_run ();
}
