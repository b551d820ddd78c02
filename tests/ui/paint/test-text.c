/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/text.h"

static double
width_of (const TramaText *text)
{
  double width;

  trama_text_measure (text, &width, NULL);
  return width;
}

static void
test_measure (void)
{
  const TramaText word = { "connect", TRAMA_TEXT_CALL, 1 };
  const TramaText longer = { "connect_", TRAMA_TEXT_CALL, 1 };
  const TramaText nothing = { NULL, TRAMA_TEXT_CALL, 1 };
  const TramaText twice = { "connect", TRAMA_TEXT_CALL, 2 };

  g_assert_cmpfloat (width_of (&word), >, 7 * 18 * 0.4);
  g_assert_cmpfloat (width_of (&longer), >, width_of (&word));
  g_assert_cmpfloat (width_of (&nothing), ==, 0);
  g_assert_cmpfloat_with_epsilon (width_of (&twice), 2 * width_of (&word), 8);
  g_assert_cmpfloat (width_of (&word), ==, width_of (&word));
}

static void
test_room (void)
{
  TramaText text = { "an argument that is far too long for its place", TRAMA_TEXT_CALL, 1 };

  g_assert_cmpfloat (width_of (&text), >, 200);
  text.room_px = 200;
  g_assert_cmpfloat (width_of (&text), <=, 200);
  text.where = PANGO_ELLIPSIZE_MIDDLE;
  g_assert_cmpfloat (width_of (&text), <=, 200);
}

static void
test_lines (void)
{
  const TramaText one = { "word word word word word word", TRAMA_TEXT_CAPTION, 1, .room_px = 100 };
  TramaText three = one;
  double one_height, three_height;

  three.max_lines = 3;
  trama_text_measure (&one, NULL, &one_height);
  trama_text_measure (&three, NULL, &three_height);
  g_assert_cmpfloat_with_epsilon (three_height, 3 * one_height, 3);
}

static void
add_line (const TramaTextLine *line, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup (line->text));
}

/* What was broken by hand stays so, and all of it together has no more lines than there is room for. */
static void
test_breaks (void)
{
  const TramaText text = { "one\ntwo\nthree\nfour and more", TRAMA_TEXT_CAPTION, 1, .room_px = 400,
                           .max_lines = 3 };
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  trama_text_place (&text, 0, 0, 0, add_line, lines);
  g_assert_cmpuint (lines->len, ==, 3);
  g_assert_cmpstr (g_ptr_array_index (lines, 0), ==, "one");
  g_assert_cmpstr (g_ptr_array_index (lines, 1), ==, "two");
  g_assert_true (g_str_has_prefix (g_ptr_array_index (lines, 2), "three"));
}

/* An address is not broken at a colon, unless it has no room in a line of its own. */
static void
test_words (void)
{
  TramaText text = { "“An IPv6 coat” at ::ffff:127.0.0.1.\n::1", TRAMA_TEXT_CAPTION, 1, .room_px = 170,
                     .max_lines = 8 };
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  trama_text_place (&text, 0, 0, 0, add_line, lines);
  g_assert_cmpuint (lines->len, ==, 3);
  g_assert_true (g_str_has_suffix (g_ptr_array_index (lines, 1), "::ffff:127.0.0.1."));
  g_assert_cmpstr (g_ptr_array_index (lines, 2), ==, "::1");
  text.room_px = 60;
  g_ptr_array_set_size (lines, 0);
  trama_text_place (&text, 0, 0, 0, add_line, lines);
  g_assert_cmpuint (lines->len, >, 4);
}

static void
test_shrink (void)
{
  TramaText fits = { "LISTEN", TRAMA_TEXT_STATE, 1 };
  TramaText shrinks = { "SYN-RECEIVED", TRAMA_TEXT_STATE, 1 };
  TramaText is_cut = { "SYN-RECEIVED", TRAMA_TEXT_STATE, 1 };

  trama_text_shrink (&fits, 116, 0.7);
  g_assert_cmpfloat (fits.scale, ==, 1);
  trama_text_shrink (&shrinks, width_of (&is_cut) * 0.85, 0.7);
  g_assert_cmpfloat (shrinks.scale, <, 1);
  g_assert_cmpfloat (shrinks.room_px, ==, 0);
  trama_text_shrink (&is_cut, 20, 0.7);
  g_assert_cmpfloat (is_cut.scale, >=, 0.69);
  g_assert_cmpfloat (width_of (&is_cut), <=, 21);
}

/* Names come from programs: bytes that are no UTF-8, markup and line ends are only letters. */
static void
test_strange_bytes (void)
{
  const TramaText bytes = { "\xff\xfe\x80 name", TRAMA_TEXT_NAME, 1 };
  const TramaText markup = { "<b>&amp;</i>", TRAMA_TEXT_NAME, 1 };
  const TramaText lines = { "a\nb\r\nc", TRAMA_TEXT_NAME, 1 };
  const TramaText line = { "a", TRAMA_TEXT_NAME, 1 };
  double lines_height, line_height;

  g_assert_cmpfloat (width_of (&bytes), >, 0);
  g_assert_cmpfloat (width_of (&markup), >, 24 * 4);
  trama_text_measure (&lines, NULL, &lines_height);
  trama_text_measure (&line, NULL, &line_height);
  g_assert_cmpfloat (lines_height, <, 1.9 * line_height);
}

/* More texts than are kept: none of them is freed under the hands of its user. */
static void
test_many (void)
{
  double first = 0;

  for (int i = 0; i < 12000; i++)
    {
      g_autofree char *string = g_strdup_printf ("%05d", i % 6000);
      const TramaText text = { string, TRAMA_TEXT_CALL, 1 };

      if (i == 0)
        first = width_of (&text);
      g_assert_cmpfloat (width_of (&text), ==, first);
    }
}

static gpointer
measure_in_thread (gpointer user_data)
{
  const TramaText text = { "thread", TRAMA_TEXT_NAME, 1 };

  *(double *) user_data = width_of (&text);
  return NULL;
}

static void
test_threads (void)
{
  double a, b;
  GThread *one = g_thread_new ("one", measure_in_thread, &a);
  GThread *two = g_thread_new ("two", measure_in_thread, &b);

  g_thread_join (one);
  g_thread_join (two);
  g_assert_cmpfloat (a, >, 0);
  g_assert_cmpfloat (a, ==, b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/paint/text/measure", test_measure);
  g_test_add_func ("/ui/paint/text/room", test_room);
  g_test_add_func ("/ui/paint/text/lines", test_lines);
  g_test_add_func ("/ui/paint/text/breaks", test_breaks);
  g_test_add_func ("/ui/paint/text/words", test_words);
  g_test_add_func ("/ui/paint/text/shrink", test_shrink);
  g_test_add_func ("/ui/paint/text/strange-bytes", test_strange_bytes);
  g_test_add_func ("/ui/paint/text/many", test_many);
  g_test_add_func ("/ui/paint/text/threads", test_threads);
  return g_test_run ();
}
