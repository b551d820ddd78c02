/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/fixture.h"

#include <glib/gstdio.h>

/* The paned whose first child has that name of its class, or NULL. */
static GtkPaned *
find_paned (GtkWidget *widget, GType first)
{
  if (GTK_IS_PANED (widget)
      && G_TYPE_CHECK_INSTANCE_TYPE (gtk_paned_get_start_child (GTK_PANED (widget)), first))
    return GTK_PANED (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkPaned *found = find_paned (child, first);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Of what is beside the picture: a handle is between them. */
static int
get_inspector_width (Fixture *fixture)
{
  return gtk_widget_get_width (GTK_WIDGET (trama_window_get_inspector (fixture->window)));
}

static int
get_sessions_width (Fixture *fixture)
{
  return gtk_paned_get_position (find_paned (GTK_WIDGET (fixture->window), TRAMA_TYPE_SESSION_LIST));
}

/* As by its user. */
static void
close_window (Fixture *fixture)
{
  gtk_window_close (GTK_WINDOW (fixture->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
open_window (Fixture *fixture)
{
  g_application_activate (G_APPLICATION (fixture->application));
  fixture->window = TRAMA_WINDOW (gtk_application_get_active_window (GTK_APPLICATION (fixture->application)));
  fixture_wait_finished (fixture);
  fixture_settle (fixture);
}

/* The panes and the window have the sizes that they were closed with. */
static void
test_kept (Fixture *fixture, gconstpointer data)
{
  int width, height;

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1400, 800);
  fixture_settle (fixture);
  gtk_paned_set_position (find_paned (GTK_WIDGET (fixture->window), TRAMA_TYPE_SESSION_LIST), 333);
  fixture_settle (fixture);
  close_window (fixture);
  open_window (fixture);
  gtk_window_get_default_size (GTK_WINDOW (fixture->window), &width, &height);
  g_assert_cmpint (width, ==, 1400);
  g_assert_cmpint (height, ==, 800);
  g_assert_cmpint (get_sessions_width (fixture), ==, 333);
}

/* What is kept may be anything, and is taken only within reason. */
static void
test_beyond_reason (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_get_user_state_dir (), "trama", "window.ini", NULL);

  close_window (fixture);
  g_assert_true (g_file_set_contents (path, "[Window]\nWidth=-5\nHeight=x\nSessions=99999999\nEditor=16000\n",
                                      -1, NULL));
  open_window (fixture);
  g_assert_cmpint (get_sessions_width (fixture), >, 100);
  g_assert_cmpint (get_sessions_width (fixture), <=, gtk_widget_get_width (GTK_WIDGET (fixture->window)) / 5);
  g_assert_cmpint (get_inspector_width (fixture), >, 100);
  g_assert_cmpint (get_inspector_width (fixture), <=,
                   gtk_widget_get_width (GTK_WIDGET (fixture->window)) / 4);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

int
main (int argc, char **argv)
{
  g_autofree char *state = g_dir_make_tmp ("trama-layout-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (state, "trama", NULL);
  g_autofree char *path = g_build_filename (folder, "window.ini", NULL);
  int status;

  g_setenv ("XDG_STATE_HOME", state, TRUE);
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/layout/kept", test_kept);
  fixture_add ("/layout/beyond-reason", test_beyond_reason);
  status = g_test_run ();
  g_unlink (path);
  g_rmdir (folder);
  g_rmdir (state);
  return status;
}
