/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/capture.h"
#include "tests/ui/window/input.h"

#include "ui/lists/row_table.h"

#include <glib/gstdio.h>

#define FAR_PACKETS 3000

/* Escape ends one thing at a time, the nearest first, and whoever had the focus before gets it back. */

static gboolean
is_searching (Fixture *fixture)
{
  return gtk_widget_get_visible (GTK_WIDGET (trama_window_get_search (fixture->window)));
}

static gboolean
is_selected (Fixture *fixture)
{
  return trama_view_state_get_selected (trama_window_get_state (fixture->window)).kind != 0;
}

static gboolean
is_measuring (Fixture *fixture)
{
  g_autofree char *measured = trama_ladder_view_dup_measured (trama_window_get_ladder (fixture->window));

  return measured != NULL;
}

static GtkWidget *
get_focus (Fixture *fixture)
{
  return gtk_window_get_focus (GTK_WINDOW (fixture->window));
}

static void
assert_at_ladder (Fixture *fixture)
{
  g_assert_true (get_focus (fixture) == GTK_WIDGET (trama_window_get_ladder (fixture->window)));
}

/* Searches for what is said, and finds it. */
static void
search (Fixture *fixture, const char *text)
{
  input_do (fixture, "key ctrl+f");
  g_assert_true (is_searching (fixture));
  trama_search_bar_set_text (trama_window_get_search (fixture->window), text);
  fixture_settle (fixture);
}

static void
test_search (Fixture *fixture, gconstpointer data)
{
  if (!input_is_possible ())
    return;
  input_focus (fixture);
  search (fixture, "Hello");
  g_assert_true (is_selected (fixture));
  input_do (fixture, "key Escape");
  g_assert_false (is_searching (fixture));
  assert_at_ladder (fixture);
  g_assert_true (is_selected (fixture));

  /* From the button beside the entry, too. */
  search (fixture, "Hello");
  input_do (fixture, "key Tab Tab");
  g_assert_true (GTK_IS_BUTTON (get_focus (fixture)));
  input_do (fixture, "key Escape");
  g_assert_false (is_searching (fixture));
  assert_at_ladder (fixture);
}

/* In the ladder the measurement is the nearest, then what is selected, and the search is beside it. */
static void
test_one_at_a_time (Fixture *fixture, gconstpointer data)
{
  if (!input_is_possible ())
    return;
  input_focus (fixture);
  search (fixture, "Hello");
  gtk_widget_grab_focus (GTK_WIDGET (trama_window_get_ladder (fixture->window)));
  input_do (fixture, "key m");
  g_assert_true (is_measuring (fixture));
  input_do (fixture, "key Escape");
  g_assert_false (is_measuring (fixture));
  g_assert_true (is_selected (fixture));
  input_do (fixture, "key Escape");
  g_assert_false (is_selected (fixture));
  g_assert_true (is_searching (fixture));
  input_do (fixture, "key Escape");
  g_assert_false (is_searching (fixture));
  assert_at_ladder (fixture);
}

static double
get_scroll (Fixture *fixture)
{
  GtkScrollable *ladder = GTK_SCROLLABLE (trama_window_get_ladder (fixture->window));

  return gtk_adjustment_get_value (gtk_scrollable_get_vadjustment (ladder));
}

/* A drag that is given up has moved nothing, and moves nothing more, with either button. */
static void
test_drag (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  input_do (fixture, "key plus plus plus plus Next");
  for (guint button = 1; button <= 2; button++)
    {
      const double before = get_scroll (fixture);
      g_autofree char *down = g_strdup_printf ("mousedown %u", button);
      g_autofree char *up = g_strdup_printf ("mouseup %u", button);

      g_assert_cmpfloat (before, >, 100);
      input_point_at (fixture, GTK_WIDGET (ladder), 60, 300);
      input_do (fixture, down);
      input_do (fixture, "mousemove_relative 0 40 mousemove_relative 0 40");
      g_assert_cmpfloat_with_epsilon (get_scroll (fixture), before - 80, 1);
      input_do (fixture, "key Escape");
      g_assert_cmpfloat_with_epsilon (get_scroll (fixture), before, 1);
      input_do (fixture, "mousemove_relative 0 60");
      g_assert_cmpfloat_with_epsilon (get_scroll (fixture), before, 1);
      input_do (fixture, up);
      g_assert_cmpfloat_with_epsilon (get_scroll (fixture), before, 1);
    }
  assert_at_ladder (fixture);
}

static TramaRef
get_selected (Fixture *fixture)
{
  return trama_view_state_get_selected (trama_window_get_state (fixture->window));
}

static gboolean
is_at_list (Fixture *fixture)
{
  GtkWidget *focus = get_focus (fixture);

  return focus != NULL && gtk_widget_get_ancestor (focus, TRAMA_TYPE_ROW_TABLE) != NULL;
}

/* Who comes to the rows, or back to them, goes on from what is selected; one row down is the next event. */
static void
test_list (Fixture *fixture, gconstpointer data)
{
  static const char *const found[] = { "call:bind", "call:connect" };

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (found); i++)
    {
      TramaRef hit, next;

      input_do (fixture, "key F8");
      search (fixture, found[i]);
      hit = get_selected (fixture);
      input_do (fixture, "key Escape");
      g_assert_true (is_at_list (fixture));
      input_do (fixture, "key Down");
      g_assert_true (is_at_list (fixture));
      next = get_selected (fixture);
      input_do (fixture, "key F8"); /* back to the ladder */
      assert_at_ladder (fixture);
      input_do (fixture, "key Up");
      g_assert_true (get_selected (fixture).kind == hit.kind && get_selected (fixture).index == hit.index);
      input_do (fixture, "key F8 Down");
      g_assert_true (get_selected (fixture).kind == next.kind && get_selected (fixture).index == next.index);
      input_do (fixture, "key F8");
    }
  input_do (fixture, "key End F8");
  g_assert_true (is_at_list (fixture));
  input_do (fixture, "key Up");
  g_assert_true (is_at_list (fixture));
}

/* Of thousands of rows, whether the hit is near the one that had the focus or far from it. */
static void
test_far (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-escape-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "long.pcap", NULL);
  TramaRef before;

  if (!input_is_possible ())
    return;
  capture_write (path, FAR_PACKETS, FAR_PACKETS / 10);
  trama_window_open (fixture->window, path);
  fixture_wait_finished (fixture);
  input_do (fixture, "search --sync --onlyvisible --name long windowfocus --sync");
  input_do (fixture, "key F8");
  for (guint i = 0; i < 4; i++) /* down beyond the edge */
    input_do (fixture, "key Down Down Down Down Down");
  g_assert_true (is_at_list (fixture));
  before = get_selected (fixture);
  search (fixture, "10290");
  g_assert_cmpuint (get_selected (fixture).index, >, before.index + 100);
  g_assert_true (
      gtk_widget_is_ancestor (get_focus (fixture), GTK_WIDGET (trama_window_get_search (fixture->window))));
  input_do (fixture, "key Return");
  g_assert_true (
      gtk_widget_is_ancestor (get_focus (fixture), GTK_WIDGET (trama_window_get_search (fixture->window))));
  before = get_selected (fixture);
  input_do (fixture, "key Escape");
  g_assert_true (is_at_list (fixture));
  input_do (fixture, "key Down");
  g_assert_true (is_at_list (fixture));
  g_assert_cmpuint (get_selected (fixture).index, ==, before.index + 1);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* What is wrong with what was typed can be read. */
static void
test_told_in_full (Fixture *fixture, gconstpointer data)
{
  static const char *const wrong[] = { "0x4", "flag:LOUD" };
  TramaSearchBar *bar = trama_window_get_search (fixture->window);

  trama_search_bar_open (bar);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      GtkLabel *label;

      trama_search_bar_set_text (bar, wrong[i]);
      fixture_settle (fixture);
      label = fixture_find_label (GTK_WIDGET (bar), trama_search_bar_get_status (bar));
      g_assert_nonnull (label);
      g_assert_cmpuint (strlen (gtk_label_get_text (label)), >, 20);
      g_assert_false (pango_layout_is_ellipsized (gtk_label_get_layout (label)));
    }
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/escape/search", test_search);
  fixture_add ("/escape/one-at-a-time", test_one_at_a_time);
  fixture_add ("/escape/drag", test_drag);
  fixture_add ("/escape/list", test_list);
  fixture_add ("/escape/far", test_far);
  fixture_add ("/escape/told-in-full", test_told_in_full);
  return g_test_run ();
}
