/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/session/library.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* A library of our own in a new folder. */
typedef struct
{
  char *folder;
} Fixture;

static const char *const files[][2] = {
  { "zebra.session", "session \"Z\"\norder 1\na:\nsignal x\n" },
  { "apple.session", "session \"A\"\na:\nsignal x\n" },
  { "bear.session", "session \"B\"\na:\nsignal x\n" },
  { "last.session", "session \"L\"\norder 30\na:\nsignal x\n" },
  { ".hidden.session", "not one" },
  { "readme.txt", "not one" },
};

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;

  fixture->folder = g_dir_make_tmp ("trama-library-XXXXXX", &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, files[i][0], NULL);

      g_file_set_contents (path, files[i][1], -1, &error);
      g_assert_no_error (error);
    }
  g_setenv ("TRAMA_SESSIONS", fixture->folder, TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, files[i][0], NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_unsetenv ("TRAMA_SESSIONS");
}

static char *
list_names (void)
{
  g_autoptr (GPtrArray) sessions = trama_library_list ();
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < sessions->len; i++)
    g_string_append_printf (names, "%s ", trama_session_get_name (g_ptr_array_index (sessions, i)));
  return g_string_free (names, FALSE);
}

/* Ordered ones first, then by name; hidden and foreign files are none. */
static void
test_list (Fixture *fixture, gconstpointer data)
{
  g_autofree char *names = list_names ();

  g_assert_cmpstr (names, ==, "zebra last apple bear ");
}

static void
test_list_warns (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "bear.session", NULL);
  g_autofree char *names = NULL;

  g_assert_true (g_file_set_contents (path, "session \"B\"\n\nbear\n", -1, NULL));
  g_test_expect_message ("trama", G_LOG_LEVEL_WARNING, "*/bear.session:3:1: unknown statement \"bear\"*");
  names = list_names ();
  g_test_assert_expected_messages ();
  g_assert_cmpstr (names, ==, "zebra last apple ");
}

static void
test_list_without_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *names = NULL;

  g_setenv ("TRAMA_SESSIONS", "/nonexistent/trama", TRUE);
  g_test_expect_message ("trama", G_LOG_LEVEL_WARNING, "*/nonexistent/trama*");
  names = list_names ();
  g_test_assert_expected_messages ();
  g_assert_cmpstr (names, ==, "");
}

static void
assert_loads (const char *name_or_path, const char *title)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaSession) session = trama_library_load (name_or_path, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (trama_session_get_title (session), ==, title);
}

static void
assert_not_found (const char *name_or_path, const char *expected)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (trama_library_load (name_or_path, &error));
  g_assert_error (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_NOT_FOUND);
  if (expected != NULL)
    g_assert_cmpstr (error->message, ==, expected);
}

static void
test_load (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "zebra.session", NULL);

  assert_loads ("apple", "A");
  assert_loads (path, "Z");
  g_assert_cmpint (g_chdir (fixture->folder), ==, 0);
  assert_loads ("bear.session", "B");
  assert_loads ("./bear.session", "B");
  g_assert_cmpint (g_chdir ("/"), ==, 0);
}

static void
test_load_unknown (Fixture *fixture, gconstpointer data)
{
  assert_not_found ("aple",
                    "unknown session \"aple\"; did you mean \"apple\"? There are: apple, bear, last, zebra");
  assert_not_found ("telephone", "unknown session \"telephone\"; there are: apple, bear, last, zebra");
  assert_not_found ("", "unknown session \"\"; there are: apple, bear, last, zebra");
  assert_not_found (".hidden", NULL);
  assert_not_found ("readme.txt", NULL);
  assert_not_found ("/nonexistent/x.session", NULL);
  assert_not_found (fixture->folder, NULL);
  g_setenv ("TRAMA_SESSIONS", "/nonexistent/trama", TRUE);
  assert_not_found ("apple", NULL);
}

/* Endless files are given up, not read to the end. */
static void
test_load_endless (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (trama_library_load ("/dev/zero", &error));
  g_assert_error (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_LIMIT);
  g_assert_cmpstr (error->message, ==, "/dev/zero: too long; a session has at most 61440 bytes");
}

/* Nobody waits for a writer that may never come; and what cannot be read is said with its path, once. */
static void
test_load_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *fifo = g_build_filename (fixture->folder, "fifo.session", NULL);
  g_autofree char *absent = g_build_filename (fixture->folder, "absent.session", NULL);
  g_autofree char *not_there = g_strdup_printf ("%s: No such file or directory", absent);
  g_autofree char *folder = g_strdup_printf ("%s/: Is a directory", fixture->folder);
  g_autofree char *slash = g_strconcat (fixture->folder, "/", NULL);
  g_autoptr (GError) empty = NULL;
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_null (trama_library_load (fifo, &empty));
  g_assert_nonnull (strstr (empty->message, "fifo.session:1:1: a session begins with its title"));
  g_assert_cmpint (g_unlink (fifo), ==, 0);
  g_assert_null (trama_library_load (absent, &missing));
  g_assert_cmpstr (missing->message, ==, not_there);
  g_assert_null (trama_library_load (slash, &error));
  g_assert_cmpstr (error->message, ==, folder);
}

/* This test runs from the build tree: what comes with Trama is found without being told where. */
static void
test_shipped (void)
{
  g_autoptr (GPtrArray) sessions = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *expected = g_test_build_filename (G_TEST_DIST, "data", "sessions", NULL);

  g_unsetenv ("TRAMA_SESSIONS");
  folder = trama_library_get_folder ();
  g_assert_cmpstr (folder, ==, expected);
  sessions = trama_library_list ();
  g_assert_cmpuint (sessions->len, >=, 2);
  g_assert_cmpstr (trama_session_get_name (g_ptr_array_index (sessions, 0)), ==, "telephone");
  g_assert_cmpstr (trama_session_get_name (g_ptr_array_index (sessions, 1)), ==, "letter");
}

static void
add (const char *path, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/session/library/list", test_list);
  add ("/session/library/list-warns", test_list_warns);
  add ("/session/library/list-without-folder", test_list_without_folder);
  add ("/session/library/load", test_load);
  add ("/session/library/load-unknown", test_load_unknown);
  add ("/session/library/load-endless", test_load_endless);
  add ("/session/library/load-unreadable", test_load_unreadable);
  g_test_add_func ("/session/library/shipped", test_shipped);
  return g_test_run ();
}
