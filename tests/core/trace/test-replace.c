/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/replace.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The names in a folder, sorted, in one string. */
static char *
list (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" ", (char **) names->pdata);
}

typedef struct
{
  char *folder;
  char *path; /* of "trace" in it */
} Place;

static void
place_set_up (Place *place, gconstpointer data)
{
  place->folder = g_dir_make_tmp ("trama-replace-XXXXXX", NULL);
  g_assert_nonnull (place->folder);
  place->path = g_build_filename (place->folder, "trace", NULL);
}

static void
place_tear_down (Place *place, gconstpointer data)
{
  g_remove (place->path);
  g_assert_cmpint (g_rmdir (place->folder), ==, 0);
  g_free (place->folder);
  g_free (place->path);
}

static void
assert_file (const Place *place, const char *expected)
{
  g_autofree char *names = list (place->folder);
  g_autofree char *text = NULL;

  g_assert_cmpstr (names, ==, "trace");
  g_assert_true (g_file_get_contents (place->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static gboolean
replace (const char *path, const char *text, GError **error)
{
  g_autoptr (TramaReplacement) replacement = trama_replacement_new (path, 0600, error);

  return replacement != NULL
         && trama_replacement_write (replacement, (const guint8 *) text, strlen (text), error)
         && trama_replacement_commit (replacement, error);
}

static void
test_new (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GStatBuf status;

  g_assert_true (replace (place->path, "first", &error));
  g_assert_no_error (error);
  assert_file (place, "first");
  g_assert_cmpint (g_stat (place->path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
}

static void
test_over (Place *place, gconstpointer data)
{
  g_assert_true (g_file_set_contents (place->path, "a longer old one", -1, NULL));
  g_assert_cmpint (g_chmod (place->path, 0644), ==, 0);
  g_assert_true (replace (place->path, "new", NULL));
  assert_file (place, "new");
}

/* Until the end the old file is there, whole. */
static void
test_given_up (Place *place, gconstpointer data)
{
  g_autoptr (TramaReplacement) replacement = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (place->path, "old", -1, NULL));
  replacement = trama_replacement_new (place->path, 0600, NULL);
  g_assert_nonnull (replacement);
  g_assert_true (trama_replacement_write (replacement, (const guint8 *) "half", 4, NULL));
  g_assert_true (g_file_get_contents (place->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
  g_clear_pointer (&replacement, trama_replacement_free);
  assert_file (place, "old");
}

/* What is being written has no name that a killed process would leave behind. */
static void
test_unnamed (Place *place, gconstpointer data)
{
  g_autoptr (TramaReplacement) replacement = NULL;
  g_autofree char *names = NULL;
  int fd = g_open (place->folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      g_test_skip ("the file system has no files without a name");
      return;
    }
  close (fd);
  replacement = trama_replacement_new (place->path, 0600, NULL);
  g_assert_nonnull (replacement);
  g_assert_true (trama_replacement_write (replacement, (const guint8 *) "half", 4, NULL));
  names = list (place->folder);
  g_assert_cmpstr (names, ==, "");
  g_assert_true (trama_replacement_commit (replacement, NULL));
  assert_file (place, "half");
}

static void
test_without_folder (Place *place, gconstpointer data)
{
  g_autofree char *path = g_build_filename (place->folder, "missing", "trace", NULL);
  g_autofree char *names = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (replace (path, "new", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, path));
  names = list (place->folder);
  g_assert_cmpstr (names, ==, "");
}

static void
test_not_writable (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  if (geteuid () == 0)
    {
      g_test_skip ("root may write everywhere");
      return;
    }
  g_assert_true (g_file_set_contents (place->path, "old", -1, NULL));
  g_assert_cmpint (g_chmod (place->folder, 0500), ==, 0);
  g_assert_false (replace (place->path, "new", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_nonnull (strstr (error->message, place->path));
  assert_file (place, "old");
  g_assert_cmpint (g_chmod (place->folder, 0700), ==, 0);
}

static void
assert_refused (const Place *place)
{
  g_autofree char *names = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (replace (place->path, "new", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_assert_nonnull (strstr (error->message, place->path));
  names = list (place->folder);
  g_assert_cmpstr (names, ==, "trace");
}

static void
test_directory (Place *place, gconstpointer data)
{
  g_assert_cmpint (g_mkdir (place->path, 0700), ==, 0);
  assert_refused (place);
  g_assert_true (g_file_test (place->path, G_FILE_TEST_IS_DIR));
}

static void
test_fifo (Place *place, gconstpointer data)
{
  GStatBuf status;

  g_assert_cmpint (mkfifo (place->path, 0600), ==, 0);
  assert_refused (place);
  g_assert_cmpint (g_stat (place->path, &status), ==, 0);
  g_assert_true (S_ISFIFO (status.st_mode));
}

/* The link stays, and what it leads to is replaced. */
static void
test_link (Place *place, gconstpointer data)
{
  g_autofree char *link = g_build_filename (place->folder, "link", NULL);
  g_autofree char *target = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink ("trace", link), ==, 0);
  g_assert_false (replace (link, "new", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, link));
  g_assert_true (g_file_set_contents (place->path, "old", -1, NULL));
  g_assert_true (replace (link, "new", NULL));
  target = g_file_read_link (link, NULL);
  g_assert_cmpstr (target, ==, "trace");
  g_assert_cmpint (g_remove (link), ==, 0);
  assert_file (place, "new");
}

/* A limit on the size of files, as of `ulimit -f`: told with the count that it was after. */
static void
test_too_large (Place *place, gconstpointer data)
{
  static const struct rlimit low = { 4, RLIM_INFINITY };
  struct rlimit before;
  g_autoptr (GError) error = NULL;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_true (g_file_set_contents (place->path, "old", -1, NULL));
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &low), ==, 0);
  g_assert_false (replace (place->path, "much longer", &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_nonnull (strstr (error->message, place->path));
  g_assert_nonnull (strstr (error->message, "larger than is allowed"));
  g_assert_nonnull (strstr (error->message, "after 4 bytes"));
  assert_file (place, "old");
}

/* When the folder is gone at the end, that is an error, and nothing is left anywhere. */
static void
test_folder_goes (Place *place, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (place->folder, "inner", NULL);
  g_autofree char *path = g_build_filename (folder, "trace", NULL);
  g_autofree char *moved = g_build_filename (place->folder, "moved", NULL);
  g_autofree char *names = NULL;
  g_autoptr (TramaReplacement) replacement = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  replacement = trama_replacement_new (path, 0600, NULL);
  g_assert_nonnull (replacement);
  g_assert_cmpint (g_rename (folder, moved), ==, 0);
  g_assert_false (trama_replacement_commit (replacement, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpint (g_rename (moved, folder), ==, 0);
  g_clear_pointer (&replacement, trama_replacement_free);
  names = list (folder);
  g_assert_cmpstr (names, ==, "");
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_in_this_folder (Place *place, gconstpointer data)
{
  g_autofree char *before = g_get_current_dir ();

  g_assert_cmpint (g_chdir (place->folder), ==, 0);
  g_assert_true (replace ("trace", "here", NULL));
  g_assert_cmpint (g_chdir (before), ==, 0);
  assert_file (place, "here");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Place *place, gconstpointer data);
  } tests[] = {
    { "/trace/replace/new", test_new },
    { "/trace/replace/over", test_over },
    { "/trace/replace/given-up", test_given_up },
    { "/trace/replace/unnamed", test_unnamed },
    { "/trace/replace/without-folder", test_without_folder },
    { "/trace/replace/not-writable", test_not_writable },
    { "/trace/replace/directory", test_directory },
    { "/trace/replace/fifo", test_fifo },
    { "/trace/replace/link", test_link },
    { "/trace/replace/too-large", test_too_large },
    { "/trace/replace/folder-goes", test_folder_goes },
    { "/trace/replace/in-this-folder", test_in_this_folder },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Place, NULL, place_set_up, tests[i].test, place_tear_down);
  return g_test_run ();
}
