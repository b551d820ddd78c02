/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/capture.h"
#include "tests/ui/window/input.h"

#include <glib/gstdio.h>

static TramaViewState *
get_state (Fixture *fixture)
{
  return trama_window_get_state (fixture->window);
}

static TramaChart *
get_chart (Fixture *fixture)
{
  return trama_ladder_view_get_chart (trama_window_get_ladder (fixture->window));
}

static const char *
name_at (Fixture *fixture, guint column)
{
  return get_chart (fixture)->columns[column].name;
}

static gboolean
is_enabled (Fixture *fixture, const char *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (fixture->window), action);
}

static gboolean
is_checked (Fixture *fixture)
{
  g_autoptr (GVariant)
      state = g_action_group_get_action_state (G_ACTION_GROUP (fixture->window), "fold-column");

  return g_variant_get_boolean (state);
}

static void
select_connect (Fixture *fixture)
{
  trama_view_state_select (get_state (fixture),
                           (TramaRef){ TRAMA_EVENT_CALL, fixture_find_call (fixture, "connect") });
  fixture_settle (fixture);
}

static void
point_at_head (Fixture *fixture, guint column, double part)
{
  const TramaChart *chart = get_chart (fixture);
  double width = chart->columns[column].x1 - chart->columns[column].x0;

  input_point_at (fixture, GTK_WIDGET (trama_window_get_ladder (fixture->window)),
                  chart->columns[column].x0 + part * width, chart->header_px / 2);
}

/* The first so many of the capture that is open. */
static void
choose_flows (Fixture *fixture, guint n)
{
  g_autofree guint32 *flows = g_new (guint32, n);
  g_autoptr (TramaFlowSet) set = NULL;

  for (guint32 i = 0; i < n; i++)
    flows[i] = i;
  set = trama_flow_set_new (flows, n);
  trama_view_state_choose_flows (get_state (fixture), set);
  fixture_settle (fixture);
}

/* The client's column goes past the server's, no further, and back. */
static void
test_move_by_keyboard (Fixture *fixture, gconstpointer data)
{
  if (!input_is_possible ())
    return;
  input_focus (fixture);
  select_connect (fixture);
  g_assert_cmpstr (name_at (fixture, 0), ==, "client");
  input_do (fixture, "key alt+Left");
  g_assert_false (is_enabled (fixture, "undo"));
  input_do (fixture, "key alt+Right");
  g_assert_cmpstr (name_at (fixture, 0), ==, "server");
  g_assert_cmpstr (name_at (fixture, 1), ==, "client");
  input_do (fixture, "key alt+Right");
  g_assert_cmpstr (name_at (fixture, 1), ==, "client");
  g_assert_cmpuint (trama_view_state_get_selected (get_state (fixture)).index, ==,
                    fixture_find_call (fixture, "connect"));

  input_do (fixture, "key ctrl+z");
  g_assert_cmpstr (name_at (fixture, 0), ==, "client");
  g_assert_false (is_enabled (fixture, "undo"));
  input_do (fixture, "key ctrl+shift+z");
  g_assert_cmpstr (name_at (fixture, 0), ==, "server");
  input_do (fixture, "key alt+Left");
  g_assert_cmpstr (name_at (fixture, 0), ==, "client");
}

/* C folds the column of the selected event and nothing else, and unfolds it. */
static void
test_fold_by_keyboard (Fixture *fixture, gconstpointer data)
{
  double width;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  select_connect (fixture);
  width = get_chart (fixture)->columns[0].x1 - get_chart (fixture)->columns[0].x0;
  g_assert_false (is_checked (fixture));
  input_do (fixture, "key c");
  g_assert_true (get_chart (fixture)->columns[0].folded);
  g_assert_false (get_chart (fixture)->columns[1].folded);
  g_assert_cmpfloat (get_chart (fixture)->columns[0].x1 - get_chart (fixture)->columns[0].x0, <, width / 3);
  g_assert_true (is_checked (fixture));

  input_do (fixture, "key ctrl+z");
  g_assert_false (get_chart (fixture)->columns[0].folded);
  g_assert_false (is_checked (fixture));
  input_do (fixture, "key ctrl+shift+z");
  g_assert_true (get_chart (fixture)->columns[0].folded);
  input_do (fixture, "key c");
  g_assert_false (get_chart (fixture)->columns[0].folded);
}

/* A double click on a head folds it and keeps the selection; a head that is dragged takes its column along. */
static void
test_mouse (Fixture *fixture, gconstpointer data)
{
  if (!input_is_possible ())
    return;
  input_focus (fixture);
  select_connect (fixture);
  point_at_head (fixture, 1, 0.5);
  input_do (fixture, "click --repeat 2 --delay 50 1");
  g_assert_true (get_chart (fixture)->columns[1].folded);
  g_assert_cmpuint (trama_view_state_get_selected (get_state (fixture)).kind, ==, TRAMA_EVENT_CALL);
  input_do (fixture, "key ctrl+z");
  g_assert_false (get_chart (fixture)->columns[1].folded);

  point_at_head (fixture, 1, 0.5);
  input_do (fixture, "mousedown 1");
  point_at_head (fixture, 0, 0.6);
  point_at_head (fixture, 0, 0.2);
  g_assert_cmpstr (name_at (fixture, 0), ==, "client");
  input_do (fixture, "mouseup 1");
  g_assert_cmpstr (name_at (fixture, 0), ==, "server");
  input_do (fixture, "key ctrl+z");
  g_assert_cmpstr (name_at (fixture, 0), ==, "client");

  point_at_head (fixture, 1, 0.5);
  input_do (fixture, "mousedown 1");
  point_at_head (fixture, 0, 0.2);
  input_do (fixture, "key Escape");
  input_do (fixture, "mouseup 1");
  g_assert_cmpstr (name_at (fixture, 0), ==, "client");
}

static gboolean
is_pinned (Fixture *fixture)
{
  g_autoptr (GVariant)
      state = g_action_group_get_action_state (G_ACTION_GROUP (fixture->window), "pin-column");

  return g_variant_get_boolean (state);
}

/* P pins the column of the selected event, and unpins it; that can be undone. */
static void
test_pin_by_keyboard (Fixture *fixture, gconstpointer data)
{
  if (!input_is_possible ())
    return;
  input_focus (fixture);
  select_connect (fixture);
  g_assert_false (is_pinned (fixture));
  input_do (fixture, "key p");
  g_assert_true (get_chart (fixture)->columns[0].pinned);
  g_assert_false (get_chart (fixture)->columns[1].pinned);
  g_assert_true (is_pinned (fixture));
  input_do (fixture, "key alt+Right");
  g_assert_true (get_chart (fixture)->columns[1].pinned);
  input_do (fixture, "key ctrl+z");
  input_do (fixture, "key ctrl+z");
  g_assert_false (get_chart (fixture)->columns[0].pinned);
  g_assert_false (is_pinned (fixture));
  input_do (fixture, "key ctrl+shift+z");
  input_do (fixture, "key p");
  g_assert_false (get_chart (fixture)->columns[0].pinned);
}

/* What is pinned is hit where it is seen, and a key moves the rest. */
static void
test_pinned_stays (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  GtkAdjustment *across = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (ladder));
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  double x, width;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  path = g_build_filename (folder, "many.pcap", NULL);
  capture_write (path, 60, 12);
  trama_window_open (fixture->window, path);
  fixture_wait_finished (fixture);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  choose_flows (fixture, 7);
  g_assert_cmpuint (get_chart (fixture)->n_columns, ==, 8);
  width = gtk_widget_get_width (GTK_WIDGET (ladder));
  g_assert_cmpfloat (get_chart (fixture)->width_px, >, width);

  trama_view_state_select (get_state (fixture), (TramaRef){ 0 });
  point_at_head (fixture, 0, 0.5);
  input_do (fixture, "key p");
  g_assert_true (get_chart (fixture)->columns[0].pinned);
  x = (get_chart (fixture)->columns[0].x0 + get_chart (fixture)->columns[0].x1) / 2;
  g_assert_cmpuint (trama_ladder_view_get_column (ladder), ==, 0);
  input_do (fixture, "key ctrl+Next");
  input_do (fixture, "key ctrl+Next");
  g_assert_cmpfloat (gtk_adjustment_get_value (across), >, x);
  /* It is still there. */
  g_assert_cmpuint (trama_ladder_view_get_column (ladder), ==, 0);
  input_do (fixture, "key p");
  g_assert_false (get_chart (fixture)->columns[0].pinned);
  g_assert_cmpuint (trama_ladder_view_get_column (ladder), !=, 0);
  input_do (fixture, "key ctrl+Prior");
  input_do (fixture, "key ctrl+Prior");
  g_assert_cmpfloat (gtk_adjustment_get_value (across), ==, 0);
}

/* Of the menus of the ladder, the one that is open: 0 is that of events, 1 that of heads; -1: none is. */
static int
find_menu (Fixture *fixture)
{
  int i = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (trama_window_get_ladder (fixture->window)));
       child != NULL; child = gtk_widget_get_next_sibling (child), i++)
    if (gtk_widget_get_visible (child))
      return i;
  return -1;
}

static void
point_at_call (Fixture *fixture, const char *name)
{
  const TramaChart *chart = get_chart (fixture);
  TramaRect bounds;

  g_assert_true (trama_chart_get_bounds (
      chart, (TramaRef){ TRAMA_EVENT_CALL, fixture_find_call (fixture, name) }, &bounds));
  input_point_at (fixture, GTK_WIDGET (trama_window_get_ladder (fixture->window)), bounds.x + 3,
                  bounds.y + bounds.height / 2 + chart->header_px);
}

/* The menu of a head is about its column, whatever is selected. */
static void
test_menu_of_head (Fixture *fixture, gconstpointer data)
{
  if (!input_is_possible ())
    return;
  input_focus (fixture);
  select_connect (fixture);
  point_at_head (fixture, 1, 0.5);
  input_do (fixture, "click 3");
  g_assert_cmpint (find_menu (fixture), ==, 1);
  g_assert_cmpuint (trama_view_state_get_selected (get_state (fixture)).kind, ==, TRAMA_EVENT_CALL);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "pin-column", NULL);
  fixture_settle (fixture);
  g_assert_true (get_chart (fixture)->columns[1].pinned);
  g_assert_false (get_chart (fixture)->columns[0].pinned);
  input_do (fixture, "key Escape");
  g_assert_cmpint (find_menu (fixture), ==, -1);
  point_at_head (fixture, 0, 0.3);
  input_do (fixture, "key p");
  g_assert_true (get_chart (fixture)->columns[0].pinned);
}

/* A second press of the right button is about what is there, not the end of the first menu alone. */
static void
test_menu_again (Fixture *fixture, gconstpointer data)
{
  if (!input_is_possible ())
    return;
  input_focus (fixture);
  select_connect (fixture);
  point_at_head (fixture, 0, 0.2);
  input_do (fixture, "click 3");
  g_assert_cmpint (find_menu (fixture), ==, 1);
  point_at_head (fixture, 1, 0.8);
  input_do (fixture, "click 3");
  g_assert_cmpint (find_menu (fixture), ==, 1);
  g_assert_cmpuint (trama_ladder_view_get_column (trama_window_get_ladder (fixture->window)), ==, 1);
  point_at_call (fixture, "listen");
  input_do (fixture, "mousedown 3");
  input_do (fixture, "mouseup 3");
  g_assert_cmpint (find_menu (fixture), ==, 0);
  g_assert_cmpuint (trama_view_state_get_selected (get_state (fixture)).index, ==,
                    fixture_find_call (fixture, "listen"));
  point_at_head (fixture, 0, 0.2);
  input_do (fixture, "click 1");
  g_assert_cmpint (find_menu (fixture), ==, -1);
}

/* Without a selection and with the pointer elsewhere no column is meant. */
static void
test_nothing_meant (Fixture *fixture, gconstpointer data)
{
  trama_view_state_select (get_state (fixture), (TramaRef){ 0 });
  fixture_settle (fixture);
  g_assert_true (is_enabled (fixture, "column-right"));
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "column-right", NULL);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "fold-column", NULL);
  g_assert_null (trama_view_state_get_lanes (get_state (fixture)));
  g_assert_false (is_enabled (fixture, "undo"));
}

/* Of another trace nobody has arranged anything. */
static void
test_forgotten (Fixture *fixture, gconstpointer data)
{
  select_connect (fixture);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "fold-column", NULL);
  g_assert_nonnull (trama_view_state_get_lanes (get_state (fixture)));
  trama_view_state_set_table (get_state (fixture), NULL, FALSE);
  g_assert_null (trama_view_state_get_lanes (get_state (fixture)));
  g_assert_false (is_enabled (fixture, "undo"));
  g_assert_false (is_enabled (fixture, "fold-column"));
  g_assert_false (is_checked (fixture));
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/window/lanes/move-by-keyboard", test_move_by_keyboard);
  fixture_add ("/window/lanes/fold-by-keyboard", test_fold_by_keyboard);
  fixture_add ("/window/lanes/mouse", test_mouse);
  fixture_add ("/window/lanes/menu-of-head", test_menu_of_head);
  fixture_add ("/window/lanes/menu-again", test_menu_again);
  fixture_add ("/window/lanes/pin-by-keyboard", test_pin_by_keyboard);
  fixture_add ("/window/lanes/pinned-stays", test_pinned_stays);
  fixture_add ("/window/lanes/nothing-meant", test_nothing_meant);
  fixture_add ("/window/lanes/forgotten", test_forgotten);
  return g_test_run ();
}
