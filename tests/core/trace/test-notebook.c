/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/notebook.h"

#include <string.h>

static const TramaRef moment = { 0, 0 };
static const TramaRef packet = { TRAMA_EVENT_PACKET, 7 };
static const TramaRef call = { TRAMA_EVENT_CALL, 7 };

static void
test_places (void)
{
  g_autoptr (TramaNotebook) notebook = trama_notebook_new ();

  trama_notebook_set_text (notebook, packet, 10, "a packet");
  trama_notebook_set_text (notebook, call, 20, "a call");
  trama_notebook_set_text (notebook, moment, 10, "a moment");
  trama_notebook_set_text (notebook, moment, 11, "another");
  g_assert_cmpuint (trama_notebook_n_notes (notebook), ==, 4);
  g_assert_cmpstr (trama_notebook_get_text (notebook, packet, 0), ==, "a packet");
  g_assert_cmpstr (trama_notebook_get_text (notebook, call, 0), ==, "a call");
  g_assert_cmpstr (trama_notebook_get_text (notebook, moment, 10), ==, "a moment");
  g_assert_cmpstr (trama_notebook_get_text (notebook, moment, 11), ==, "another");
  g_assert_null (trama_notebook_get_text (notebook, moment, 12));
  g_assert_cmpuint (trama_notebook_find (notebook, (TramaRef){ TRAMA_EVENT_PACKET, 8 }, 10), ==, G_MAXUINT);
}

/* A remark that says nothing any more keeps its index, and is the same when it speaks again. */
static void
test_changes (void)
{
  g_autoptr (TramaNotebook) notebook = trama_notebook_new ();
  guint index;

  trama_notebook_set_text (notebook, packet, 10, "one");
  index = trama_notebook_find (notebook, packet, 10);
  trama_notebook_set_text (notebook, packet, 10, "two");
  g_assert_cmpuint (trama_notebook_n_notes (notebook), ==, 1);
  trama_notebook_set_text (notebook, packet, 10, "");
  g_assert_cmpuint (trama_notebook_n_notes (notebook), ==, 0);
  g_assert_cmpuint (trama_notebook_n_remarks (notebook), ==, 1);
  g_assert_null (trama_notebook_get (notebook, index).text);
  trama_notebook_set_marked (notebook, packet, 10, TRUE);
  g_assert_cmpuint (trama_notebook_find (notebook, packet, 10), ==, index);
  g_assert_cmpuint (trama_notebook_n_marks (notebook), ==, 1);
  trama_notebook_set_marked (notebook, packet, 10, TRUE);
  g_assert_cmpuint (trama_notebook_n_marks (notebook), ==, 1);
}

/* Whoever takes a change back has nothing to save. */
static void
test_modified (void)
{
  g_autoptr (TramaNotebook) notebook = trama_notebook_new ();

  trama_notebook_take (notebook, packet, 10, "from a file", FALSE);
  g_assert_false (trama_notebook_is_modified (notebook));
  g_assert_false (trama_notebook_is_touched (notebook));
  trama_notebook_set_text (notebook, packet, 10, "mine");
  g_assert_true (trama_notebook_is_modified (notebook));
  trama_notebook_set_text (notebook, packet, 10, "from a file");
  g_assert_false (trama_notebook_is_modified (notebook));
  trama_notebook_set_text (notebook, packet, 10, NULL);
  trama_notebook_set_marked (notebook, call, 10, TRUE);
  g_assert_true (trama_notebook_is_modified (notebook));
  trama_notebook_settle (notebook);
  g_assert_false (trama_notebook_is_modified (notebook));
  trama_notebook_set_text (notebook, packet, 10, "from a file");
  g_assert_true (trama_notebook_is_modified (notebook));
  trama_notebook_set_text (notebook, packet, 10, NULL);
  g_assert_false (trama_notebook_is_modified (notebook));
  g_assert_true (trama_notebook_is_touched (notebook));
}

/* A file may tell of a note and of a mark at one place one after the other. */
static void
test_take (void)
{
  g_autoptr (TramaNotebook) notebook = trama_notebook_new ();

  trama_notebook_take (notebook, call, 10, "a note", FALSE);
  trama_notebook_take (notebook, call, 10, NULL, TRUE);
  g_assert_cmpstr (trama_notebook_get_text (notebook, call, 10), ==, "a note");
  g_assert_true (trama_notebook_is_marked (notebook, call, 10));
  g_assert_false (trama_notebook_is_modified (notebook));
}

static void
test_marks (void)
{
  static const gint64 times[] = { 50, 10, 30 };
  g_autoptr (TramaNotebook) notebook = trama_notebook_new ();
  gint64 at = TRAMA_TIME_NONE;

  g_assert_cmpuint (trama_notebook_find_mark (notebook, TRAMA_TIME_NONE, 1), ==, G_MAXUINT);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    trama_notebook_set_marked (notebook, moment, times[i], TRUE);
  trama_notebook_set_text (notebook, moment, 40, "no mark");
  for (gint64 expected = 10; expected <= 50; expected += 20)
    {
      at = trama_notebook_get (notebook, trama_notebook_find_mark (notebook, at, 1)).time_ns;
      g_assert_cmpint (at, ==, expected);
    }
  g_assert_cmpuint (trama_notebook_find_mark (notebook, at, 1), ==, G_MAXUINT);
  g_assert_cmpint (trama_notebook_get (notebook, trama_notebook_find_mark (notebook, at, -1)).time_ns, ==,
                   30);
  g_assert_cmpint (
      trama_notebook_get (notebook, trama_notebook_find_mark (notebook, TRAMA_TIME_NONE, -1)).time_ns, ==,
      50);
}

/* Whatever comes from outside is text afterwards, and not more than a block holds. */
static void
test_trim (void)
{
  g_autofree char *letters = g_strnfill (TRAMA_TEXT_MAX_BYTES - 1, 'x');
  g_autofree char *long_text = g_strconcat (letters, "ñandú", NULL);
  g_autofree char *cut = trama_notebook_trim (long_text);
  g_autofree char *valid = trama_notebook_trim ("\xff!");

  g_assert_cmpuint (strlen (cut), ==, TRAMA_TEXT_MAX_BYTES - 1);
  g_assert_true (g_utf8_validate (valid, -1, NULL));
  g_assert_null (trama_notebook_trim (NULL));
  g_assert_null (trama_notebook_trim (""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/notebook/places", test_places);
  g_test_add_func ("/trace/notebook/changes", test_changes);
  g_test_add_func ("/trace/notebook/modified", test_modified);
  g_test_add_func ("/trace/notebook/take", test_take);
  g_test_add_func ("/trace/notebook/marks", test_marks);
  g_test_add_func ("/trace/notebook/trim", test_trim);
  return g_test_run ();
}
