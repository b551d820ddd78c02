/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/pcapng.h"
#include "tests/core/trace/place.h"

#include <gio/gio.h>
#include <string.h>

static const TramaRef packets[] = {
  { TRAMA_EVENT_PACKET, 0 },
  { TRAMA_EVENT_PACKET, 1 },
  { TRAMA_EVENT_PACKET, 2 },
  { TRAMA_EVENT_PACKET, 3 },
};

/* A note instead of a comment, one taken away, a mark, and everything else as it was. */
static void
test_notes (Place *place, gconstpointer data)
{
  static const TramaRewriteOptions everything = { 0 };
  TramaNotebook *notebook;

  make_everything (&place->maker);
  read_made (place);
  notebook = trama_store_get_notebook (place->store);
  g_assert_cmpuint (trama_notebook_n_notes (notebook), ==, 2);
  g_assert_cmpstr (trama_notebook_get_text (notebook, packets[0], 0), ==, "a packet");
  g_assert_cmpstr (trama_notebook_get_text (notebook, packets[3], 0), ==, "old");
  g_assert_false (trama_notebook_is_modified (notebook));

  trama_notebook_set_text (notebook, packets[0], 0, "Look here");
  trama_notebook_set_marked (notebook, packets[1], 0, TRUE);
  trama_notebook_set_text (notebook, packets[3], 0, NULL);
  trama_notebook_set_text (notebook, (TramaRef){ 0 }, 77, "nothing happens");
  assert_rewritten (place, &everything,
                    "section little -1 {1 a section}\n"
                    "interface link 1 snap 65535 {1 an interface} {2 lo} {9 09}\n"
                    "interface link 147 snap 0\n"
                    "enhanced if 0 time 5000000000 44/60 ..69 {2 01000000} {1 Look here}\n"
                    "enhanced if 1 time 7 44/44 ..69 {54354 5452414d01000000}\n"
                    "type 4 size 4\n"
                    "type bad size 8\n"
                    "section big -1\n"
                    "interface link 1 snap 96\n"
                    "simple /44\n"
                    "enhanced if 0 time 8 44/44 ..69 {4 0000000000000003}\n"
                    "type 7fff1234 size 8\n"
                    "type 5 size 12\n"
                    "section little -1 {4 Trama " TRAMA_VERSION "}\n"
                    "type 80545241 size 60\n");

  read_again (place);
  notebook = trama_store_get_notebook (place->store);
  g_assert_cmpuint (trama_notebook_n_notes (notebook), ==, 2);
  g_assert_cmpuint (trama_notebook_n_marks (notebook), ==, 1);
  g_assert_cmpstr (trama_notebook_get_text (notebook, packets[0], 0), ==, "Look here");
  g_assert_true (trama_notebook_is_marked (notebook, packets[1], 0));
  g_assert_cmpstr (trama_notebook_get_text (notebook, (TramaRef){ 0 }, 77), ==, "nothing happens");
}

/* Calls are told from the user's own, and several of the user's are one note, and stay several. */
static void
test_notes_and_made_comments (Place *place, gconstpointer data)
{
  static const TramaRewriteOptions everything = { 0 };
  TramaNotebook *notebook;

  make_section (&place->maker, TRUE, G_MAXUINT64);
  make_end (&place->maker);
  make_interface (&place->maker, 1, 0);
  make_end (&place->maker);
  make_enhanced (&place->maker, 0, 0, datagram, 44, 44);
  make_text (&place->maker, 1, "one");
  make_text (&place->maker, 1, "two");
  make_end_of_options (&place->maker);
  make_end (&place->maker);
  read_made (place);
  assert_rewritten (place, &annotated,
                    "section big -1\n"
                    "interface link 1 snap 0\n"
                    "enhanced if 0 time 0 44/44 ..69 {1 one} {1 two} {1 write(3, \"Hi\", 2) = 2}"
                    " {1 wakes read(4, \"Hi\", 2) = 2} {54354 5452414d00000002}\n");

  read_again (place);
  notebook = trama_store_get_notebook (place->store);
  g_assert_cmpstr (trama_notebook_get_text (notebook, packets[0], 0), ==, "one\ntwo");
  trama_notebook_set_text (notebook, packets[0], 0, "¿por qué?");
  trama_notebook_set_marked (notebook, packets[0], 0, TRUE);
  assert_rewritten (place, &everything,
                    "section big -1\n"
                    "interface link 1 snap 0\n"
                    "enhanced if 0 time 0 44/44 ..69 {1 ¿por qué?} {1 write(3, \"Hi\", 2) = 2}"
                    " {1 wakes read(4, \"Hi\", 2) = 2} {54354 5452414d00010002}\n");
  read_again (place);
  notebook = trama_store_get_notebook (place->store);
  g_assert_cmpstr (trama_notebook_get_text (notebook, packets[0], 0), ==, "¿por qué?");
  g_assert_true (trama_notebook_is_marked (notebook, packets[0], 0));
}

static void
make_event (Maker *maker, const TramaEvent *event)
{
  trama_pcapng_write_event (maker->bytes, event);
}

/* Two calls in front of one packet. */
static void
make_trace (Maker *maker)
{
  const TramaEvent events[] = {
    { .kind = TRAMA_EVENT_CALL, .call = { .id = 1 << 8, .entry_ns = 100, .exit_ns = TRAMA_TIME_NONE } },
    { .kind = TRAMA_EVENT_CALL, .call = { .id = 2 << 8, .entry_ns = 200, .exit_ns = TRAMA_TIME_NONE } },
  };

  make_section (maker, FALSE, G_MAXUINT64);
  make_end (maker);
  make_interface (maker, 1, 0);
  make_end (maker);
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    make_event (maker, &events[i]);
  make_enhanced (maker, 0, 300, datagram, 44, 44);
  make_end (maker);
}

/* Once more and again: a note is not there twice, and goes when it is taken away. */
static void
test_notes_at_calls (Place *place, gconstpointer data)
{
  static const TramaRewriteOptions everything = { 0 };
  static const TramaRef call = { TRAMA_EVENT_CALL, 1 };
  TramaNotebook *notebook;

  make_trace (&place->maker);
  read_made (place);
  notebook = trama_store_get_notebook (place->store);
  trama_notebook_set_text (notebook, call, 200, "it waits here");
  trama_notebook_set_marked (notebook, call, 200, TRUE);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (rewrite (place, &everything, NULL));
      read_again (place);
      notebook = trama_store_get_notebook (place->store);
      g_assert_cmpuint (trama_notebook_n_remarks (notebook), ==, 1);
      g_assert_cmpstr (trama_notebook_get_text (notebook, call, 0), ==, "it waits here");
      g_assert_true (trama_notebook_is_marked (notebook, call, 0));
      g_assert_cmpint (trama_notebook_get (notebook, 0).time_ns, ==, 200);
      g_assert_false (trama_notebook_is_touched (notebook));
      g_assert_cmpuint (trama_store_n_notes (place->store), ==, 0);
    }
  trama_notebook_set_text (notebook, call, 200, NULL);
  trama_notebook_set_marked (notebook, call, 200, FALSE);
  g_assert_true (rewrite (place, &everything, NULL));
  read_again (place);
  g_assert_cmpuint (trama_notebook_n_remarks (trama_store_get_notebook (place->store)), ==, 0);
}

/* What another reader shows of packets that have notes: frame.comment, and no complaint. */
static void
assert_tshark (const Place *place, const char *expected)
{
  g_autofree char *program = g_find_program_in_path ("tshark");
  g_autofree char *out = NULL;
  g_autofree char *messages = NULL;
  g_auto (GStrv) environment = g_get_environ ();
  g_autoptr (GError) error = NULL;
  const char *arguments[] = { program, "-n", "-r", place->out, "-T", "fields", "-e", "frame.comment", NULL };
  int status;

  if (program == NULL)
    {
      g_test_skip ("tshark is not installed");
      return;
    }
  environment = g_environ_setenv (environment, "HOME", place->folder, TRUE);
  environment = g_environ_unsetenv (environment, "XDG_CONFIG_HOME");
  g_spawn_sync (NULL, (char **) arguments, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, &messages, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  g_assert_cmpstr (out, ==, expected);
  g_strchomp (messages); /* root is warned of itself */
  if (!g_str_has_prefix (messages, "Running as user \"root\"") || strchr (messages, '\n') != NULL)
    g_assert_cmpstr (messages, ==, "");
}

static void
test_notes_in_tshark (Place *place, gconstpointer data)
{
  static const TramaRewriteOptions everything = { 0 };
  TramaNotebook *notebook;

  make_trace (&place->maker);
  make_enhanced (&place->maker, 0, 400, datagram, 44, 44);
  make_end (&place->maker);
  read_made (place);
  notebook = trama_store_get_notebook (place->store);
  trama_notebook_set_text (notebook, packets[0], 0, "¿Diga?");
  trama_notebook_set_marked (notebook, packets[0], 0, TRUE);
  trama_notebook_set_marked (notebook, packets[1], 0, TRUE);
  trama_notebook_set_text (notebook, (TramaRef){ TRAMA_EVENT_CALL, 0 }, 100, "a call");
  g_assert_true (rewrite (place, &everything, NULL));
  assert_tshark (place, "¿Diga?\n\n");
}

static void
test_notes_of_classic (Place *place, gconstpointer data)
{
  static const TramaRewriteOptions everything = { 0 };
  TramaNotebook *notebook;

  make_classic (&place->maker, FALSE, 0xa1b2c3d4, 5);
  read_made (place);
  notebook = trama_store_get_notebook (place->store);
  trama_notebook_set_text (notebook, packets[1], 0, "the second");
  trama_notebook_set_marked (notebook, packets[1], 0, TRUE);
  assert_rewritten (place, &everything,
                    "section little -1 {4 Trama " TRAMA_VERSION "}\n"
                    "interface link 1 snap 96 {9 06}\n"
                    "enhanced if 0 time 1700000000000005 44/44 ..69\n"
                    "enhanced if 0 time 1700000000000006 36/44 ..ba {1 the second}"
                    " {54354 5452414d01000000}\n");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Place *place, gconstpointer data);
  } tests[] = {
    { "/trace/remarks/notes", test_notes },
    { "/trace/remarks/made-comments", test_notes_and_made_comments },
    { "/trace/remarks/at-calls", test_notes_at_calls },
    { "/trace/remarks/of-classic", test_notes_of_classic },
    { "/trace/remarks/in-tshark", test_notes_in_tshark },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Place, NULL, place_set_up, tests[i].test, place_tear_down);
  return g_test_run ();
}
