/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/session/render.h"

#include <string.h>

/*
 * Whatever the text, parsing either gives a session that can be read through and
 * through, or one complaint in UTF-8 with a place in it; and never anything else.
 */

static const char *const names[] = { "telephone.session", "letter.session", NULL };

/* One of them; the last is the richest. */
static char *
load_one (gsize index)
{
  return names[index] != NULL ? load_shipped (names[index]) : load_rich ();
}

#define MUTATIONS 50000
#define SEED 20220707

static gboolean
parse_cleanly (const char *text, gsize size)
{
  g_autoptr (GError) error = NULL;
  /* An exact copy on the heap, so that a sanitizer sees one byte too far. */
  g_autofree char *exact = g_memdup2 (text, MAX (size, 1));
  g_autoptr (TramaSession) session = trama_session_parse ("x.session", exact, size, &error);
  g_autofree char *rendered = NULL;

  g_assert_true ((session == NULL) == (error != NULL));
  if (session == NULL)
    {
      g_assert_true (g_str_has_prefix (error->message, "x.session:"));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_cmpuint (strlen (error->message), <, 2000);
      return FALSE;
    }
  g_clear_pointer (&exact, g_free);
  rendered = render_session (session);
  g_assert_true (g_utf8_validate (rendered, -1, NULL));
  return TRUE;
}

static void
test_prefixes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = load_one (i);
      gsize size = strlen (text);
      guint n_whole = 0;

      for (gsize cut = 0; cut <= size; cut++)
        n_whole += parse_cleanly (text, cut);
      /* Only what ends between two steps can be a session. */
      g_assert_cmpuint (n_whole, >, 0);
      g_assert_cmpuint (n_whole, <, size / 4);
    }
}

/* One to four changes: a byte set, taken out, put in, or a piece said again elsewhere. */
static void
mutate (GRand *random, GString *text, const char *dictionary)
{
  gint32 changes = g_rand_int_range (random, 1, 5);

  for (gint32 i = 0; i < changes && text->len > 0; i++)
    {
      gint32 at = g_rand_int_range (random, 0, (gint32) text->len);
      gint32 from = g_rand_int_range (random, 0, (gint32) text->len);
      gint32 most = g_rand_int_range (random, 1, 40);
      gint32 size = MIN (most, (gint32) text->len - from);
      g_autofree char *piece = g_memdup2 (text->str + from, (gsize) size);
      char byte = dictionary[g_rand_int_range (random, 0, (gint32) strlen (dictionary))];

      switch (g_rand_int_range (random, 0, 5))
        {
        case 0:
          text->str[at] = byte;
          break;
        case 1:
          text->str[at] = (char) g_rand_int_range (random, 0, 256);
          break;
        case 2:
          g_string_erase (text, from, size);
          break;
        case 3:
          g_string_insert_c (text, at, byte);
          break;
        default:
          g_string_insert_len (text, at, piece, size);
          break;
        }
    }
}

static void
test_mutations (void)
{
  static const char dictionary[] = "\n\n\t \"\"\\#()[],:=|.0123456789xnAFes_\r\xc3\xa9";
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  guint n_whole = 0;

  for (guint i = 0; i < MUTATIONS; i++)
    {
      g_autofree char *original = load_one (i % G_N_ELEMENTS (names));
      g_autoptr (GString) text = g_string_new (original);

      mutate (random, text, dictionary);
      n_whole += parse_cleanly (text->str, text->len);
    }
  /* Both ways were taken, or nothing was tried. */
  g_assert_cmpuint (n_whole, >, MUTATIONS / 100);
  g_assert_cmpuint (n_whole, <, MUTATIONS / 2);
}

static void
append_times (GString *text, guint count, const char *piece)
{
  for (guint i = 0; i < count; i++)
    g_string_append (text, piece);
}

static void
append_numbered (GString *text, guint count, const char *before, const char *after)
{
  for (guint i = 0; i < count; i++)
    g_string_append_printf (text, "%s%u%s", before, i, after);
}

/* The first line of the complaint about @text; NULL when there is none. */
static char *
complaint (const GString *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaSession) session = trama_session_parse ("x", text->str, text->len, &error);

  if (session != NULL)
    return NULL;
  g_assert_error (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_LIMIT);
  return g_strndup (error->message, strcspn (error->message, "\n"));
}

/* What is allowed at most is allowed; @more makes it one too many. */
static void
assert_limit (GString *text, const char *more, const char *expected)
{
  g_autofree char *before = complaint (text);
  g_autofree char *after = NULL;

  g_assert_cmpstr (before, ==, NULL);
  g_string_append (text, more);
  after = complaint (text);
  g_assert_cmpstr (after, ==, expected);
  g_string_free (text, TRUE);
}

static GString *
begin (void)
{
  return g_string_new ("session \"T\"\na:\ns = socket(AF_INET, SOCK_STREAM, 0)\n");
}

static void
test_steps (void)
{
  GString *text = begin ();

  append_times (text, TRAMA_SESSION_MAX_STEPS - 1, "close(s)\n");
  assert_limit (text, "close(s)\n", "x:4099:1: an actor has at most 4096 steps");
}

static void
test_actors (void)
{
  GString *text = g_string_new ("session \"T\"\n");

  append_numbered (text, TRAMA_SESSION_MAX_ACTORS, "a", ":\nsignal x\n");
  assert_limit (text, "b:\nsignal x\n", "x:34:1: a session has at most 16 actors");
}

static void
test_variables (void)
{
  GString *text = begin ();

  append_numbered (text, TRAMA_SESSION_MAX_VARIABLES - 1, "v", " = accept(s)\n");
  assert_limit (text, "w = accept(s)\n", "x:67:1: an actor has at most 64 variables");
}

static void
test_signals (void)
{
  GString *text = begin ();

  append_numbered (text, TRAMA_SESSION_MAX_SIGNALS, "signal x", "\nsignal x0\nwait x0\n");
  assert_limit (text, "signal y\n", "x:196:8: a session has at most 64 signals");
}

static GString *
write_data (guint size)
{
  GString *text = begin ();

  g_string_append (text, "write(s, \"");
  append_times (text, size, "x");
  g_string_append (text, "\")\n");
  return text;
}

static void
test_data (void)
{
  g_autoptr (GString) most = write_data (TRAMA_SESSION_MAX_LITERAL_BYTES);
  g_autoptr (GString) more = write_data (TRAMA_SESSION_MAX_LITERAL_BYTES + 1);
  g_autofree char *message = complaint (more);

  g_assert_cmpstr (complaint (most), ==, NULL);
  g_assert_cmpstr (
      message, ==,
      "x:4:10: this is too long: text in quotes has at most 32768 bytes, fill(1048576) may have more");
}

static void
test_size (void)
{
  GString *text = begin ();

  append_times (text, TRAMA_SESSION_MAX_BYTES - (guint) text->len - 1, "#");
  assert_limit (text, "\n\n", "x: too long; a session has at most 61440 bytes");
}

/* Ten megabytes are refused before they are looked at. */
static void
test_ten_megabytes (void)
{
  gsize size = 10u << 20;
  g_autofree char *text = g_malloc0 (size);
  g_autoptr (GError) error = NULL;

  g_assert_null (trama_session_parse ("x", text, size, &error));
  g_assert_error (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_LIMIT);
}

static void
append_loops (GString *text, int depth, const char *step)
{
  for (int i = 0; i < depth; i++)
    g_string_append_printf (text, "%*srepeat 1000000:\n", i, "");
  g_string_append_printf (text, "%*s%s\n", depth, "", step);
}

/* Loops in loops, as many rounds as may be: nobody goes round them all before the session runs. */
static void
test_endless_loops (void)
{
  gint64 start_us = g_get_monotonic_time ();
  GString *text = begin ();

  append_loops (text, TRAMA_SESSION_MAX_DEPTH, "wait x");
  append_loops (text, TRAMA_SESSION_MAX_DEPTH, "close(s)");
  append_loops (text, TRAMA_SESSION_MAX_DEPTH - 1, "fork w:");
  g_string_append (text, "        wait x\nb:\n");
  append_loops (text, TRAMA_SESSION_MAX_DEPTH, "signal x");
  g_assert_cmpstr (complaint (text), ==, NULL);
  g_string_free (text, TRUE);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 5 * G_USEC_PER_SEC);
}

static void
test_depth (void)
{
  GString *text = begin ();

  for (int depth = 0; depth < TRAMA_SESSION_MAX_DEPTH; depth++)
    g_string_append_printf (text, "%*srepeat 2:\n", depth, "");
  g_string_append_printf (text, "%*sclose(s)\n", TRAMA_SESSION_MAX_DEPTH, "");
  assert_limit (text, "        repeat 2:\n         close(s)\n",
                "x:13:9: blocks stand at most 8 deep in each other");
}

static void
test_settings (void)
{
  g_autoptr (GString) text = g_string_new ("session \"T\"\nlab:\n");
  g_autofree char *message = NULL;

  append_numbered (text, TRAMA_SESSION_MAX_SETTINGS, "net.x", " 0\n");
  g_string_append (text, "net.y 0\na:\nsignal x\n");
  message = complaint (text);
  g_assert_cmpstr (message, ==, "x:67:1: a lab has at most 64 settings of the kernel");
}

static void
test_descriptors (void)
{
  g_autoptr (GString) poll = begin ();
  g_autoptr (GString) rights = begin ();
  g_autofree char *of_poll = NULL;
  g_autofree char *of_rights = NULL;

  g_string_append (poll, "poll([s POLLIN");
  append_times (poll, TRAMA_SESSION_MAX_DESCRIPTORS, ", s POLLIN");
  g_string_append (poll, "], 0)\n");
  of_poll = complaint (poll);
  g_assert_cmpstr (of_poll, ==, "x:4:167: one call takes at most 16 sockets here");
  g_string_append (rights, "sendmsg(s, \"x\", rights(s");
  append_times (rights, TRAMA_SESSION_MAX_DESCRIPTORS, ", s");
  g_string_append (rights, "))\n");
  of_rights = complaint (rights);
  g_assert_cmpstr (of_rights, ==, "x:4:72: one call takes at most 16 sockets here");
}

static void
test_unix_name (void)
{
  GString *text = begin ();
  g_autoptr (GString) longer = begin ();
  g_autofree char *name = g_strnfill (TRAMA_SESSION_MAX_NAME_BYTES, 'x');
  g_autofree char *message = NULL;

  g_string_append_printf (text, "bind(s, unix(\"%s\"))\n", name);
  g_assert_cmpstr (complaint (text), ==, NULL);
  g_string_free (text, TRUE);
  g_string_append_printf (longer, "bind(s, unix(\"%sx\"))\n", name);
  message = complaint (longer);
  g_assert_cmpstr (message, ==, "x:4:14: a name has 1 to 100 bytes");
}

/* All that one hears of a thousand actors is that there are too many. */
static void
test_thousand_actors (void)
{
  g_autoptr (GString) text = g_string_new ("session \"T\"\n");
  g_autofree char *message = NULL;

  append_numbered (text, 1000, "a", ":\nsignal x\n");
  message = complaint (text);
  g_assert_cmpstr (message, ==, "x:34:1: a session has at most 16 actors");
}

static void
test_title (void)
{
  g_autoptr (GString) text = g_string_new ("session \"");
  g_autofree char *message = NULL;

  append_times (text, TRAMA_SESSION_MAX_TITLE_BYTES + 1, "x");
  g_string_append (text, "\"\n");
  message = complaint (text);
  g_assert_cmpstr (message, ==, "x:1:9: this text is too long; at most 200 bytes are shown");
}

/* A name without end is not repeated in the message, and of its line only a part is shown. */
static void
test_endless_name (void)
{
  g_autoptr (GString) text = begin ();
  g_autoptr (GError) error = NULL;
  g_autofree char *shown = g_strnfill (100, 'x');
  g_autofree char *expected = g_strdup_printf (
      "x:4:1: a name, a number or an address has at most 64 characters\n%s…\n^", shown);

  append_times (text, 50000, "x");
  g_assert_null (trama_session_parse ("x", text->str, text->len, &error));
  g_assert_cmpstr (error->message, ==, expected);
}

/* The place is shown with fifty characters before it. */
static void
test_endless_line (void)
{
  g_autoptr (GString) text = write_data (10000);
  g_autoptr (GError) error = NULL;
  g_autofree char *shown = g_strnfill (47, 'x');
  g_autofree char *expected = g_strdup_printf ("x:4:10014: expected the end of the line here\n…%s\") 7\n%*s^",
                                               shown, 51, "");

  g_string_truncate (text, text->len - 1);
  g_string_append (text, " 7");
  g_assert_null (trama_session_parse ("x", text->str, text->len, &error));
  g_assert_cmpstr (error->message, ==, expected);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/robust/prefixes", test_prefixes);
  g_test_add_func ("/session/robust/mutations", test_mutations);
  g_test_add_func ("/session/robust/steps", test_steps);
  g_test_add_func ("/session/robust/actors", test_actors);
  g_test_add_func ("/session/robust/variables", test_variables);
  g_test_add_func ("/session/robust/signals", test_signals);
  g_test_add_func ("/session/robust/data", test_data);
  g_test_add_func ("/session/robust/size", test_size);
  g_test_add_func ("/session/robust/ten-megabytes", test_ten_megabytes);
  g_test_add_func ("/session/robust/endless-loops", test_endless_loops);
  g_test_add_func ("/session/robust/depth", test_depth);
  g_test_add_func ("/session/robust/settings", test_settings);
  g_test_add_func ("/session/robust/descriptors", test_descriptors);
  g_test_add_func ("/session/robust/unix-name", test_unix_name);
  g_test_add_func ("/session/robust/thousand-actors", test_thousand_actors);
  g_test_add_func ("/session/robust/title", test_title);
  g_test_add_func ("/session/robust/endless-name", test_endless_name);
  g_test_add_func ("/session/robust/endless-line", test_endless_line);
  return g_test_run ();
}
