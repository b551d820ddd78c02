/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/flow_list.h"
#include "tests/ui/window/capture.h"
#include "tests/ui/window/input.h"

#include <glib/gstdio.h>

/* Several conversations at once, by the keyboard and the mouse, and the menu of them. */

#define N_FLOWS 6

static TramaConversationList *
get_list (Fixture *fixture)
{
  return trama_lists_pane_get_conversations (trama_window_get_lists (fixture->window));
}

/* The fixture's window is found by the session that it shows, so it takes the focus first. */
static void
open_list (Fixture *fixture)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "six.pcap", NULL);

  capture_write (path, 5 * N_FLOWS, N_FLOWS);
  trama_window_open (fixture->window, path);
  fixture_wait_finished (fixture);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.conversations", NULL));
  fixture_settle (fixture);
}

static char *
dup_chosen (Fixture *fixture)
{
  g_autoptr (GArray) flows = trama_conversation_list_dup_chosen (get_list (fixture));
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < flows->len; i++)
    g_string_append_printf (text, i > 0 ? " %u" : "%u", g_array_index (flows, guint32, i));
  return g_strdup (text->str);
}

static void
assert_chosen (Fixture *fixture, const char *expected)
{
  g_autofree char *chosen = dup_chosen (fixture);

  g_assert_cmpstr (chosen, ==, expected);
}

static GtkWidget *
get_menu (Fixture *fixture)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (get_list (fixture)));

  while (child != NULL && !GTK_IS_POPOVER (child))
    child = gtk_widget_get_next_sibling (child);
  g_assert_nonnull (child);
  return child;
}

/* Bounded by the time the test has. */
static void
wait_for_menu (Fixture *fixture, gboolean open)
{
  while (gtk_widget_get_mapped (get_menu (fixture)) != open)
    g_main_context_iteration (NULL, TRUE);
  fixture_settle (fixture);
}

static gboolean
can (Fixture *fixture, const char *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (fixture->window), action);
}

static void
test_keys (Fixture *fixture, gconstpointer data)
{
  TramaViewState *state = trama_window_get_state (fixture->window);

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  open_list (fixture);
  assert_chosen (fixture, "");
  g_assert_false (can (fixture, "save-conversation"));
  input_do (fixture, "key Down Home");
  assert_chosen (fixture, "0");
  input_do (fixture, "key shift+Down shift+Down");
  assert_chosen (fixture, "0 1 2");
  /* The one that was looked at still is. */
  g_assert_cmpuint (trama_view_state_get_flow (state), ==, 0);
  input_do (fixture, "key ctrl+Down ctrl+Down ctrl+space");
  assert_chosen (fixture, "0 1 2 4");
  input_do (fixture, "key ctrl+a");
  assert_chosen (fixture, "0 1 2 3 4 5");
  g_assert_true (can (fixture, "save-conversation"));
  input_do (fixture, "key Menu");
  wait_for_menu (fixture, TRUE);
  input_do (fixture, "key Escape");
  wait_for_menu (fixture, FALSE);
  assert_chosen (fixture, "0 1 2 3 4 5");
  input_do (fixture, "key shift+F10");
  wait_for_menu (fixture, TRUE);
  input_do (fixture, "key Escape");
}

/* The middle of a row, whose height is that of the distance between two. */
static void
click_row (Fixture *fixture, guint row, const char *command)
{
  GtkWidget *table = GTK_WIDGET (trama_conversation_list_get_table (get_list (fixture)));
  int heading_px = 0, row_px = 0;

  fixture_settle (fixture);
  for (GtkWidget *widget = table; widget != NULL; widget = gtk_widget_get_first_child (widget))
    if (GTK_IS_COLUMN_VIEW (widget))
      {
        GtkWidget *rows = gtk_widget_get_next_sibling (gtk_widget_get_first_child (widget));
        graphene_rect_t heading, first;

        g_assert_true (gtk_widget_compute_bounds (gtk_widget_get_first_child (widget), table, &heading));
        g_assert_true (gtk_widget_compute_bounds (gtk_widget_get_first_child (rows), table, &first));
        heading_px = (int) (heading.origin.y + heading.size.height);
        row_px = (int) first.size.height;
        break;
      }
  g_assert_cmpint (row_px, >, 0);
  input_point_at (fixture, table, 40, heading_px + row * row_px + row_px / 2);
  input_do (fixture, command);
}

static void
test_mouse (Fixture *fixture, gconstpointer data)
{
  TramaRowTable *table = trama_conversation_list_get_table (get_list (fixture));

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  open_list (fixture);
  click_row (fixture, 1, "click 1");
  assert_chosen (fixture, "1");
  click_row (fixture, 3, "keydown ctrl click 1 keyup ctrl");
  assert_chosen (fixture, "1 3");
  click_row (fixture, 5, "keydown shift click 1 keyup shift");
  assert_chosen (fixture, "3 4 5");
  /* They are the same when their rows have moved, and not those of another trace. */
  trama_row_table_sort (table, TRAMA_FLOW_KEY_FROM, TRUE);
  assert_chosen (fixture, "5 4 3");
  /* A row that is not among them is chosen for the menu. */
  click_row (fixture, 5, "click 3");
  wait_for_menu (fixture, TRUE);
  assert_chosen (fixture, "0");
  gtk_popover_popdown (GTK_POPOVER (get_menu (fixture)));
  wait_for_menu (fixture, FALSE);
  open_list (fixture);
  assert_chosen (fixture, "");
}

static void
on_text (GObject *clipboard, GAsyncResult *result, gpointer user_data)
{
  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);
}

static void
choose (Fixture *fixture, guint first, guint n)
{
  g_autoptr (GtkBitset) rows = gtk_bitset_new_range (first, n);

  trama_row_table_choose (trama_conversation_list_get_table (get_list (fixture)), rows);
  fixture_settle (fixture);
}

static void
test_actions (Fixture *fixture, gconstpointer data)
{
  GtkWidget *list = GTK_WIDGET (get_list (fixture));
  TramaSpan before, after;
  g_autofree char *text = NULL;

  open_list (fixture);
  choose (fixture, 1, 2);
  g_assert_true (gtk_widget_activate_action (list, "conversations.copy", NULL));
  g_assert_cmpstr (trama_toast_get_text (trama_window_get_toast (fixture->window)), ==,
                   "Copied: the endpoints of 2 conversations");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (list), NULL, on_text, &text);
  while (text == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (text, ==, "10.0.0.1:10001 → 10.0.0.2:80\n10.0.0.1:10002 → 10.0.0.2:80\n");

  trama_view_state_set_zoom (trama_window_get_state (fixture->window), 40);
  fixture_settle (fixture);
  before = trama_view_state_get_visible (trama_window_get_state (fixture->window));
  choose (fixture, 0, 1);
  g_assert_true (gtk_widget_activate_action (list, "conversations.show", NULL));
  fixture_settle (fixture);
  after = trama_view_state_get_visible (trama_window_get_state (fixture->window));
  g_assert_cmpint (after.end_ns - after.start_ns, >, before.end_ns - before.start_ns);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/conversations/keys", test_keys);
  fixture_add ("/conversations/mouse", test_mouse);
  fixture_add ("/conversations/actions", test_actions);
  return g_test_run ();
}
