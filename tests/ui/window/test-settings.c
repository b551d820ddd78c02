/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/input.h"

#include <math.h>

/* What people ask of their desktop, and of every window on it: contrast, rest, and the way by Tab. */

/* Longer than a caret blinks, or than an animation of GTK's takes. */
#define RESTING_MS 700

/* What moves takes some forty in that time; a strip that was painted late takes one. */
#define MOVING_FRAMES 10

/* More than the window has of what takes the focus. */
#define STOPS_MAX 80

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
      g_assert_cmpuint (count_frames (fixture), <, MOVING_FRAMES);
    }
  gtk_settings_reset_property (settings, "gtk-enable-animations");
}

/* Where the focus goes from the ladder by one key, until it comes back. */
static GPtrArray *
walk (Fixture *fixture, const char *key)
{
  GtkWidget *start = GTK_WIDGET (trama_window_get_ladder (fixture->window));
  GPtrArray *met = g_ptr_array_new ();

  gtk_widget_grab_focus (start);
  do
    {
      GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));

      if (focus == NULL || g_ptr_array_find (met, focus, NULL) || met->len == STOPS_MAX)
        g_error ("%s does not lead back to the ladder, but to %s", key,
                 focus != NULL ? G_OBJECT_TYPE_NAME (focus) : "nothing");
      g_ptr_array_add (met, focus);
      input_do (fixture, key);
    }
  while (gtk_window_get_focus (GTK_WINDOW (fixture->window)) != start);
  return met;
}

/* Whatever can be pressed, and every view of our own. */
static void
assert_met (GtkWidget *widget, const GPtrArray *met)
{
  if (!gtk_widget_get_mapped (widget) || !gtk_widget_is_sensitive (widget))
    return;
  if ((GTK_IS_BUTTON (widget) || g_str_has_prefix (G_OBJECT_TYPE_NAME (widget), "Trama"))
      && gtk_widget_get_focusable (widget) && gtk_widget_get_can_focus (widget)
      && !g_ptr_array_find ((GPtrArray *) met, widget, NULL))
    g_error ("Tab does not come to a %s, “%s”", G_OBJECT_TYPE_NAME (widget),
             gtk_widget_get_tooltip_text (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assert_met (child, met);
}

/* There and back through the whole window: each view once, and none keeps the focus. */
static void
test_tab (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) there = NULL;
  g_autoptr (GPtrArray) back = NULL;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  there = walk (fixture, "key Tab");
  g_assert_cmpuint (there->len, >, 10);
  assert_met (GTK_WIDGET (fixture->window), there);
  back = walk (fixture, "key shift+Tab");
  assert_met (GTK_WIDGET (fixture->window), back);
}

static GtkWidget *
find_column_view (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_COLUMN_VIEW (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_column_view (child);
  return found;
}

/* With less room than the heads of its columns take, as there may be while the text grows; of less than none for its
   rows GTK warns, and the test ends. */
static void
test_low_list (Fixture *fixture, gconstpointer data)
{
  TramaConversationList *list = trama_lists_pane_get_conversations (trama_window_get_lists (fixture->window));
  GtkWidget *table = GTK_WIDGET (trama_conversation_list_get_table (list));
  GtkWidget *view = find_column_view (table);
  int heads_px;

  activate (fixture, "win.conversations");
  gtk_widget_measure (gtk_widget_get_first_child (view), GTK_ORIENTATION_VERTICAL, -1, NULL, &heads_px, NULL,
                      NULL);
  gtk_widget_allocate (table, gtk_widget_get_width (table), heads_px - 1, -1, NULL);
  g_assert_cmpint (gtk_widget_get_height (table), ==, heads_px - 1);
  g_assert_cmpint (gtk_widget_get_height (view), >=, heads_px);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/settings/high-contrast", test_high_contrast);
  fixture_add ("/settings/reduced-motion", test_reduced_motion);
  fixture_add ("/settings/tab", test_tab);
  fixture_add ("/settings/low-list", test_low_list);
  return g_test_run ();
}
