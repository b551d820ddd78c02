/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/input.h"

#include <math.h>

/* What people ask of their desktop, and of every window on it: contrast, rest, and the way by Tab. */

/* Longer than a caret blinks, or than an animation of GTK's takes. */
#define RESTING_MS 700

static void
activate (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
  fixture_settle (fixture);
}

/* GTK 4.8 knows this theme, and its dark variant; an unknown one, too, is its usual one. */
static void
test_high_contrast (Fixture *fixture, gconstpointer data)
{
  GtkSettings *settings = gtk_settings_get_default ();
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  double light = fixture_brightness (fixture, GTK_WIDGET (ladder));

  g_object_set (settings, "gtk-theme-name", "HighContrast", NULL);
  fixture_settle (fixture);
  g_assert_cmpuint (trama_ladder_view_get_theme (ladder), ==, TRAMA_THEME_CONTRAST);
  g_assert_cmpfloat (fabs (fixture_brightness (fixture, GTK_WIDGET (ladder)) - light), >, 0.003);
  activate (fixture, "app.dark");
  g_assert_cmpuint (trama_ladder_view_get_theme (ladder), ==, TRAMA_THEME_CONTRAST_DARK);
  g_assert_cmpfloat (fixture_brightness (fixture, GTK_WIDGET (ladder)), <, 0.15);

  activate (fixture, "app.dark");
  gtk_settings_reset_property (settings, "gtk-theme-name");
  fixture_settle (fixture);
  g_assert_cmpuint (trama_ladder_view_get_theme (ladder), ==, TRAMA_THEME_LIGHT);
}

/* What moves is GTK's, and stops; nothing of ours asks for frames when nobody does anything. */
static void
on_frame (GdkFrameClock *clock, guint *n_frames)
{
  (*n_frames)++;
}

static gboolean
on_over (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static guint
count_frames (Fixture *fixture)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (fixture->window));
  gboolean over = FALSE;
  guint n_frames = 0;

  g_signal_connect (clock, "after-paint", G_CALLBACK (on_frame), &n_frames);
  g_timeout_add (RESTING_MS, on_over, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handlers_disconnect_by_func (clock, on_frame, &n_frames);
  return n_frames;
}

static void
test_reduced_motion (Fixture *fixture, gconstpointer data)
{
  GtkSettings *settings = gtk_settings_get_default ();
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  static const char *const deeds[] = { "win.zoom-in", "win.zoom-in", "win.zoom-fit", "app.dark", "app.dark" };

  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (ladder));
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      activate (fixture, deeds[i]);
      g_assert_cmpuint (count_frames (fixture), <=, 1);
    }
  gtk_settings_reset_property (settings, "gtk-enable-animations");
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/settings/high-contrast", test_high_contrast);
  fixture_add ("/settings/reduced-motion", test_reduced_motion);
  return g_test_run ();
}
