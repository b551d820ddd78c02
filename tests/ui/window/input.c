/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/input.h"

#include <gio/gio.h>

gboolean
input_is_possible (void)
{
  g_autofree char *path = g_find_program_in_path ("xdotool");

  if (path == NULL)
    g_test_skip ("xdotool is not installed");
  return path != NULL;
}

static void
on_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (g_subprocess_wait_check_finish (G_SUBPROCESS (object), result, NULL));
  *(gboolean *) user_data = TRUE;
}

/* What xdotool does arrives while the main loop runs. */
void
input_do (Fixture *fixture, const char *command)
{
  g_autofree char *line = g_strdup_printf ("xdotool %s", command);
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  g_autoptr (GSubprocess)
      process = g_subprocess_newv ((const char *const *) words, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL);
  gboolean done = FALSE;

  g_assert_nonnull (process);
  g_subprocess_wait_check_async (process, NULL, on_done, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  fixture_settle (fixture);
}

void
input_focus (Fixture *fixture)
{
  input_do (fixture, "search --sync --onlyvisible --name telephone windowfocus --sync");
}

/* The window stands at the root's corner: its surface's coordinates are the screen's. */
void
input_point_at (Fixture *fixture, GtkWidget *widget, double x, double y)
{
  double left;
  double top;
  graphene_point_t point;
  g_autofree char *command = NULL;

  g_assert_true (gtk_widget_compute_point (widget, GTK_WIDGET (fixture->window),
                                           &GRAPHENE_POINT_INIT ((float) x, (float) y), &point));
  gtk_native_get_surface_transform (GTK_NATIVE (fixture->window), &left, &top);
  command = g_strdup_printf ("mousemove %d %d", (int) ((double) point.x + left),
                             (int) ((double) point.y + top));
  input_do (fixture, command);
}
