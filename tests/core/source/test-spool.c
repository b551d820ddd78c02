/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/source/spool.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "trama", NULL);
}

static void
test_modes (void)
{
  g_autoptr (TramaSpool) spool = trama_spool_new (NULL);
  g_autofree char *folder = get_folder ();
  struct stat status;

  g_assert_nonnull (spool);
  g_assert_cmpint (fstat (trama_spool_get_fd (spool), &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpint (stat (folder, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
}

/* Its file goes with it, but not from under who duplicated the descriptor. */
static void
test_goes (void)
{
  TramaSpool *spool = trama_spool_new (NULL);
  g_autofree char *folder = get_folder ();
  g_autoptr (GDir) dir = NULL;
  char text[5] = "";
  int fd;

  g_assert_true (trama_spool_append (spool, (const guint8 *) "trace", 5, NULL));
  fd = dup (trama_spool_get_fd (spool));
  trama_spool_free (spool);
  g_assert_cmpint (pread (fd, text, sizeof text, 0), ==, 5);
  g_assert_cmpmem (text, sizeof text, "trace", 5);
  close (fd);
  dir = g_dir_open (folder, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
}

/* A process that makes a spool, writes @text and is killed; its parent sees it dead. */
static void
leave (const char *text)
{
  pid_t child = fork ();

  if (child == 0)
    {
      TramaSpool *spool = trama_spool_new (NULL);

      if (!trama_spool_append (spool, (const guint8 *) text, strlen (text), NULL))
        _exit (1);
      kill (getpid (), SIGKILL);
    }
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
}

static void
test_left (void)
{
  g_autoptr (TramaSpool) held = trama_spool_new (NULL);
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autofree char *text = NULL;

  g_assert_true (trama_spool_append (held, (const guint8 *) "held", 4, NULL));
  leave ("left");
  leave ("");

  /* What is held is not left, what is empty is taken away. */
  left = trama_spool_find_left ();
  g_assert_cmpuint (left->len, ==, 1);
  g_assert_true (g_file_get_contents (g_ptr_array_index (left, 0), &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "left");
  g_assert_cmpint (g_unlink (g_ptr_array_index (left, 0)), ==, 0);
  again = trama_spool_find_left ();
  g_assert_cmpuint (again->len, ==, 0);
}

/* At a place of its own it replaces what was left there, but nothing else. */
static void
test_at (void)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "own.part", NULL);
  g_autofree char *away = g_build_filename (g_get_user_cache_dir (), "no", "own.part", NULL);
  g_autofree char *text = NULL;
  TramaSpool *spool;
  TramaSpool *second;
  struct stat status;

  g_assert_true (g_file_set_contents (path, "left", -1, NULL));
  spool = trama_spool_new_at (path, NULL);
  g_assert_true (trama_spool_append (spool, (const guint8 *) "one", 3, NULL));
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  /* It is held: another one is elsewhere, and does not take it away. */
  second = trama_spool_new_at (path, NULL);
  g_assert_true (trama_spool_append (second, (const guint8 *) "two", 3, NULL));
  trama_spool_free (second);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "one");
  trama_spool_free (spool);
  g_assert_cmpint (stat (path, &status), ==, -1);

  /* A link is not followed, and stays. */
  g_assert_cmpint (symlink ("elsewhere", path), ==, 0);
  trama_spool_free (trama_spool_new_at (path, NULL));
  g_assert_cmpint (lstat (path, &status), ==, 0);
  g_assert_true (S_ISLNK (status.st_mode));
  g_assert_cmpint (g_unlink (path), ==, 0);
  spool = trama_spool_new_at (away, NULL);
  g_assert_nonnull (spool);
  trama_spool_free (spool);
}

/* Where no folder can be had, memory serves. */
static void
test_memory (void)
{
  g_autoptr (TramaSpool) spool = NULL;
  g_autofree char *folder = get_folder ();
  g_autofree char *text = NULL;

  g_rmdir (folder);
  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));
  spool = trama_spool_new (NULL);
  g_assert_nonnull (spool);
  g_assert_true (trama_spool_append (spool, (const guint8 *) "trace", 5, NULL));
  g_assert_true (g_file_get_contents (folder, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "in the way");
  g_assert_cmpint (g_unlink (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_autofree char *cache = g_dir_make_tmp ("trama-spool-XXXXXX", NULL);
  g_autofree char *folder = NULL;
  int status;

  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/source/spool/modes", test_modes);
  g_test_add_func ("/source/spool/goes", test_goes);
  g_test_add_func ("/source/spool/left", test_left);
  g_test_add_func ("/source/spool/at", test_at);
  g_test_add_func ("/source/spool/memory", test_memory);
  status = g_test_run ();
  folder = get_folder ();
  g_rmdir (folder);
  g_rmdir (cache);
  return status;
}
