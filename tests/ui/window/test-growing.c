/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The window shows what somebody else is still writing: the trace it has made itself, piece by piece. */

typedef struct
{
  char *folder;
  char *path;  /* of what is opened; not there at first */
  char *bytes; /* of a whole trace */
  gsize size;
  guint n_calls;
  int fd; /* of the writer; -1 */
} Growing;

static void
growing_init (Growing *growing, Fixture *fixture)
{
  g_autofree char *whole = NULL;

  growing->folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_assert_nonnull (growing->folder);
  growing->path = g_build_filename (growing->folder, "growing.pcapng", NULL);
  whole = g_build_filename (growing->folder, "whole.pcapng", NULL);
  trama_window_save (fixture->window, whole, TRAMA_FEED_SAVE_WHOLE);
  g_assert_true (g_file_get_contents (whole, &growing->bytes, &growing->size, NULL));
  growing->n_calls = trama_store_n_calls (fixture_get_store (fixture));
  growing->fd = -1;
  g_assert_cmpint (g_unlink (whole), ==, 0);
}

static void
growing_clear (Growing *growing)
{
  if (growing->fd >= 0)
    close (growing->fd);
  g_assert_cmpint (g_unlink (growing->path), ==, 0);
  g_assert_cmpint (g_rmdir (growing->folder), ==, 0);
  g_free (growing->folder);
  g_free (growing->path);
  g_free (growing->bytes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Growing, growing_clear)

static void
put (Growing *growing, gsize from, gsize to)
{
  if (growing->fd < 0)
    growing->fd = g_open (growing->path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  g_assert_cmpint (growing->fd, >=, 0);
  g_assert_cmpint (write (growing->fd, growing->bytes + from, to - from), ==, to - from);
}

static char *
notice (Fixture *fixture, const char *key)
{
  return trama_notices_dup_text (trama_window_get_notices (fixture->window), key);
}

static gboolean
has_notice (Fixture *fixture, const char *key)
{
  g_autofree char *text = notice (fixture, key);

  return text != NULL;
}

static gboolean
is_following (Fixture *fixture)
{
  return has_notice (fixture, "following");
}

static gboolean
is_followed_no_more (Fixture *fixture)
{
  return !trama_feed_is_running (trama_window_get_feed (fixture->window));
}

/* Bars in the picture, not calls in the store; 0 while the picture is still that of another trace. */
static guint
count_shown (Fixture *fixture)
{
  TramaChart *chart = trama_ladder_view_get_chart (trama_window_get_ladder (fixture->window));

  if (chart == NULL
      || trama_flow_table_get_store (trama_chart_get_table (chart)) != fixture_get_store (fixture))
    return 0;
  return chart->n_bars;
}

static gboolean
shows_something (Fixture *fixture)
{
  return count_shown (fixture) > 0;
}

static gboolean
shows_all (Fixture *fixture)
{
  return count_shown (fixture) == trama_store_n_calls (fixture_get_store (fixture))
         && trama_store_get_outcome (fixture_get_store (fixture)) != NULL;
}

static void
stop (Fixture *fixture)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stop", NULL));
  fixture_wait (fixture, is_followed_no_more);
  g_assert_false (is_following (fixture));
}

/* It breaks off within a block, which is no damage, and ends whole. */
static void
test_file (Fixture *fixture, gconstpointer data)
{
  g_auto (Growing) growing = { 0 };
  g_autofree char *text = NULL;
  gsize half;

  growing_init (&growing, fixture);
  half = growing.size / 2 / 4 * 4 + 1;
  put (&growing, 0, half);
  trama_window_open (fixture->window, growing.path);
  fixture_wait (fixture, shows_something);
  g_assert_cmpuint (count_shown (fixture), <, growing.n_calls);
  g_assert_false (has_notice (fixture, "trace"));
  g_assert_false (is_following (fixture));

  put (&growing, half, growing.size - 5);
  fixture_wait (fixture, is_following);
  text = notice (fixture, "following");
  g_assert_nonnull (strstr (text, "growing.pcapng"));
  put (&growing, growing.size - 5, growing.size);
  fixture_wait (fixture, shows_all);
  g_assert_cmpuint (count_shown (fixture), ==, growing.n_calls);
  g_assert_true (trama_feed_is_running (trama_window_get_feed (fixture->window)));
  g_assert_false (has_notice (fixture, "trace"));

  stop (fixture);
  g_assert_false (has_notice (fixture, "trace"));
  g_assert_cmpuint (count_shown (fixture), ==, growing.n_calls);
}

/* A file that seems to be complete is not said to grow, until it does. */
static void
test_after_the_end (Fixture *fixture, gconstpointer data)
{
  g_auto (Growing) growing = { 0 };

  growing_init (&growing, fixture);
  put (&growing, 0, growing.size);
  trama_window_open (fixture->window, growing.path);
  fixture_wait_finished (fixture);
  g_assert_false (is_following (fixture));
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (fixture->window), "stop"));

  put (&growing, 0, growing.size); /* a second section, with the same calls again */
  fixture_wait (fixture, is_following);
  g_assert_true (g_action_group_get_action_enabled (G_ACTION_GROUP (fixture->window), "stop"));
  stop (fixture);
  put (&growing, 0, growing.size);
  fixture_settle (fixture);
  g_assert_false (trama_feed_is_running (trama_window_get_feed (fixture->window)));
}

/* The banner comes when the file stays cut, and goes when it does not. */
static void
test_stays_cut (Fixture *fixture, gconstpointer data)
{
  g_auto (Growing) growing = { 0 };
  g_autofree char *text = NULL;

  growing_init (&growing, fixture);
  put (&growing, 0, growing.size - 5);
  trama_window_open (fixture->window, growing.path);
  fixture_wait (fixture, shows_something);
  g_assert_false (has_notice (fixture, "trace"));
  fixture_wait_finished (fixture);
  text = notice (fixture, "trace");
  g_assert_nonnull (strstr (text, "cut short at byte"));

  put (&growing, growing.size - 5, growing.size);
  fixture_wait (fixture, is_following);
  g_assert_false (has_notice (fixture, "trace"));
  fixture_wait (fixture, shows_all);
  stop (fixture);
}

/* What a slow writer puts into a FIFO is shown before the rest comes. */
static void
test_fifo (Fixture *fixture, gconstpointer data)
{
  g_auto (Growing) growing = { 0 };

  growing_init (&growing, fixture);
  g_assert_cmpint (mkfifo (growing.path, 0600), ==, 0);
  trama_window_open (fixture->window, growing.path);
  put (&growing, 0, growing.size / 2);
  fixture_wait (fixture, is_following);
  fixture_wait (fixture, shows_something);
  g_assert_cmpuint (count_shown (fixture), <, growing.n_calls);
  put (&growing, growing.size / 2, growing.size);
  fixture_wait (fixture, shows_all);
  g_assert_true (is_following (fixture));
  close (growing.fd);
  growing.fd = -1;
  fixture_wait_finished (fixture);
  g_assert_false (is_following (fixture));
  g_assert_false (has_notice (fixture, "trace"));
  g_assert_cmpuint (count_shown (fixture), ==, growing.n_calls);
}

/* Another trace in its place, while it is followed: nothing of it is left. */
static void
test_left (Fixture *fixture, gconstpointer data)
{
  g_auto (Growing) growing = { 0 };

  growing_init (&growing, fixture);
  put (&growing, 0, growing.size / 2);
  trama_window_open (fixture->window, growing.path);
  fixture_wait (fixture, shows_something);
  put (&growing, growing.size / 2, growing.size);
  fixture_wait (fixture, is_following);
  g_assert_true (trama_session_list_choose (trama_window_get_sessions (fixture->window), "letter"));
  g_assert_false (is_following (fixture));
  fixture_wait_finished (fixture);
  g_assert_false (is_following (fixture));
  g_assert_cmpuint (count_shown (fixture), <, growing.n_calls);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/growing/file", test_file);
  fixture_add ("/growing/after-the-end", test_after_the_end);
  fixture_add ("/growing/stays-cut", test_stays_cut);
  fixture_add ("/growing/fifo", test_fifo);
  fixture_add ("/growing/left", test_left);
  return g_test_run ();
}
