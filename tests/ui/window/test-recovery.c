/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/fixture.h"

#include "ui/window/recovery.h"

#include <glib/gstdio.h>
#include <string.h>

static gboolean
is_offered (Fixture *fixture)
{
  g_autofree char *text = trama_notices_dup_text (trama_window_get_notices (fixture->window), "left");

  return text != NULL;
}

static char *
get_left_path (void)
{
  return g_build_filename (g_get_user_cache_dir (), "trama", "trace-left", NULL);
}

/* The window's own trace, saved where a killed Trama would have left it. */
static void
leave_trace (Fixture *fixture)
{
  g_autofree char *path = get_left_path ();

  trama_window_save (fixture->window, path, TRAMA_FEED_SAVE_WHOLE);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  trama_recovery_offer (fixture->window);
  fixture_wait (fixture, is_offered);
}

static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  trama_recovery_offer (fixture->window);
  fixture_settle (fixture);
  g_assert_false (is_offered (fixture));
}

static void
test_counts_and_opens (Fixture *fixture, gconstpointer data)
{
  guint n_packets = trama_store_n_packets (fixture_get_store (fixture));
  guint n_calls = trama_store_n_calls (fixture_get_store (fixture));
  g_autofree char *counts = g_strdup_printf ("%u packets, %u calls", n_packets, n_calls);
  g_autofree char *path = get_left_path ();
  g_autofree char *text = NULL;

  leave_trace (fixture);
  text = trama_notices_dup_text (trama_window_get_notices (fixture->window), "left");
  g_assert_nonnull (strstr (text, counts));

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.open-left", NULL));
  fixture_wait_finished (fixture);
  g_assert_false (is_offered (fixture));
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), ==, n_calls);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_throws_away (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = get_left_path ();

  leave_trace (fixture);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.discard-left", NULL));
  g_assert_false (is_offered (fixture));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_autofree char *cache = g_dir_make_tmp ("trama-recovery-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (cache, "trama", NULL);
  int status;

  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/recovery/nothing", test_nothing);
  fixture_add ("/recovery/counts-and-opens", test_counts_and_opens);
  fixture_add ("/recovery/throws-away", test_throws_away);
  status = g_test_run ();
  g_rmdir (folder);
  g_rmdir (cache);
  return status;
}
