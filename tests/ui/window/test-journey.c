/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/input.h"

/*
 * With the mouse and the keyboard, as a user has them: xdotool presses, the X
 * server delivers. There is no window manager, so the window takes the focus itself.
 */

static double
scroll_of (TramaLadderView *ladder)
{
  g_autoptr (GtkAdjustment) vertical = NULL;

  g_object_get (ladder, "vadjustment", &vertical, NULL);
  return gtk_adjustment_get_value (vertical);
}

static TramaRef
selected (Fixture *fixture)
{
  return trama_view_state_get_selected (trama_window_get_state (fixture->window));
}

static void
test_keys (Fixture *fixture, gconstpointer data)
{
  TramaViewState *state = trama_window_get_state (fixture->window);
  TramaStore *before = fixture_get_store (fixture);

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  input_do (fixture, "key Home");
  g_assert_cmpuint (selected (fixture).kind, ==, TRAMA_EVENT_CALL);
  g_assert_cmpuint (selected (fixture).index, ==, 0);
  input_do (fixture, "key Down Down");
  g_assert_cmpuint (selected (fixture).index, ==, 2);
  input_do (fixture, "key Up");
  g_assert_cmpuint (selected (fixture).index, ==, 1);
  input_do (fixture, "key Escape");
  g_assert_cmpuint (selected (fixture).kind, ==, 0);

  input_do (fixture, "key ctrl+plus ctrl+plus");
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 2.25);
  input_do (fixture, "key ctrl+0");
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 1);
  input_do (fixture, "key shift+F4");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (trama_window_get_sessions (fixture->window))));
  input_do (fixture, "key ctrl+d");
  g_assert_cmpuint (trama_ladder_view_get_theme (trama_window_get_ladder (fixture->window)), ==,
                    TRAMA_THEME_DARK);
  input_do (fixture, "key ctrl+d");

  input_do (fixture, "key ctrl+r");
  fixture_wait_finished (fixture);
  g_assert_true (fixture_get_store (fixture) != before);
}

/* Bars are chosen by a click in their middles, arrows by one on their words; a click beside everything chooses nothing. */
static void
test_clicks (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  TramaChart *chart = trama_ladder_view_get_chart (ladder);
  guint i;

  if (!input_is_possible ())
    return;
  for (i = 0; i < chart->n_bars; i += 4)
    {
      const TramaChartBar *bar = &chart->bars[i];
      const TramaChartRail *rail = &chart->rails[bar->rail];

      input_point_at (fixture, GTK_WIDGET (ladder), (rail->bar_x0 + rail->bar_x1) / 2,
                      chart->header_px + (bar->y0 + bar->y1) / 2);
      input_do (fixture, "click 1");
      g_assert_cmpuint (selected (fixture).kind, ==, TRAMA_EVENT_CALL);
      g_assert_cmpuint (selected (fixture).index, ==, bar->call);
    }

  for (i = 0; i < chart->n_arrows; i += 3)
    {
      const TramaChartArrow *arrow = &chart->arrows[i];

      if (!arrow->apart) /* the words of another may lie over its middle */
        continue;
      input_point_at (fixture, GTK_WIDGET (ladder), arrow->chip_x, chart->header_px + arrow->chip_y);
      input_do (fixture, "click 1");
      g_assert_cmpuint (selected (fixture).kind, ==, TRAMA_EVENT_PACKET);
      g_assert_cmpuint (selected (fixture).index, ==, arrow->packet);
    }

  input_point_at (fixture, GTK_WIDGET (ladder), 30, chart->header_px + 4);
  input_do (fixture, "click 1");
  g_assert_cmpuint (selected (fixture).kind, ==, 0);
}

/* Ctrl and wheel: the time under the pointer stays under it. */
static void
test_wheel (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  TramaViewState *state = trama_window_get_state (fixture->window);
  const TramaChart *chart = trama_ladder_view_get_chart (ladder);
  double pointer = chart->body_px / 2;
  gint64 before;
  double zoom;
  double y;

  if (!input_is_possible ())
    return;
  input_point_at (fixture, GTK_WIDGET (ladder), 30, chart->header_px + pointer);
  before = trama_chart_time_of_y (chart, pointer);
  input_do (fixture, "keydown ctrl click 4 click 4 click 4 keyup ctrl");
  zoom = trama_view_state_get_zoom (state);
  g_assert_cmpfloat (zoom, >, 1.9);
  chart = trama_ladder_view_get_chart (ladder);
  y = trama_chart_y_of_time (chart, before) - scroll_of (ladder);
  /* A fold that opens on the way may shift it by its own height. */
  g_assert_cmpfloat_with_epsilon (y, pointer, 80);

  y = scroll_of (ladder);
  input_do (fixture, "click 5");
  g_assert_cmpfloat (scroll_of (ladder), >, y);
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, zoom);

  /* The middle button carries the picture with it. */
  y = scroll_of (ladder);
  input_do (fixture, "mousedown 2");
  input_do (fixture, "mousemove_relative 0 20");
  input_do (fixture, "mousemove_relative 0 20");
  input_do (fixture, "mouseup 2");
  g_assert_cmpfloat_with_epsilon (scroll_of (ladder), y - 40, 1);
}

static void
assert_in_view (Fixture *fixture, TramaSpan span, double tolerance_ns)
{
  TramaSpan visible = trama_view_state_get_visible (trama_window_get_state (fixture->window));

  g_assert_cmpfloat_with_epsilon ((double) (visible.start_ns - span.start_ns), 0, tolerance_ns + 1);
  g_assert_cmpfloat_with_epsilon ((double) (visible.end_ns - span.end_ns), 0, tolerance_ns + 1);
}

/* A drag over the overview chooses what the ladder shows, a click moves it there, Escape leaves it as it is. */
static void
test_overview (Fixture *fixture, gconstpointer data)
{
  TramaOverviewView *view = trama_window_get_overview (fixture->window);
  TramaViewState *state = trama_window_get_state (fixture->window);
  const TramaOverview *overview = trama_overview_view_get_overview (view);
  double left = trama_overview_x_of_time (overview, overview->span.start_ns);
  double right = trama_overview_x_of_time (overview, overview->span.end_ns), width = right - left;
  TramaSpan chosen, before;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  trama_view_state_set_mode (state, TRAMA_SCALE_TO_SCALE);
  fixture_settle (fixture);
  overview = trama_overview_view_get_overview (view);
  assert_in_view (fixture, overview->span, 0);

  input_point_at (fixture, GTK_WIDGET (view), left + width * 0.2, 20);
  input_do (fixture, "mousedown 1");
  input_point_at (fixture, GTK_WIDGET (view), left + width * 0.25, 20);
  input_point_at (fixture, GTK_WIDGET (view), left + width * 0.3, 20);
  input_do (fixture, "mouseup 1");
  chosen = (TramaSpan){ trama_overview_time_of_x (overview, left + width * 0.2),
                        trama_overview_time_of_x (overview, left + width * 0.3) };
  assert_in_view (fixture, chosen, (double) (chosen.end_ns - chosen.start_ns) * 0.1);
  g_assert_cmpfloat (trama_view_state_get_zoom (state), >, 3);

  before = trama_view_state_get_visible (state);
  input_do (fixture, "key Right");
  chosen = (TramaSpan){ (before.start_ns + before.end_ns) / 2,
                        before.end_ns + (before.end_ns - before.start_ns) / 2 };
  assert_in_view (fixture, chosen, (double) (chosen.end_ns - chosen.start_ns) * 0.05);

  input_point_at (fixture, GTK_WIDGET (view), left + width * 0.7, 20);
  input_do (fixture, "click 1");
  chosen = trama_view_state_get_visible (state);
  g_assert_cmpfloat_with_epsilon ((double) (chosen.start_ns + chosen.end_ns
                                            - 2 * trama_overview_time_of_x (overview, left + width * 0.7)),
                                  0, (double) (chosen.end_ns - chosen.start_ns) * 0.1);
  g_assert_cmpfloat_with_epsilon ((double) (chosen.end_ns - chosen.start_ns),
                                  (double) (before.end_ns - before.start_ns),
                                  (double) (chosen.end_ns - chosen.start_ns) * 0.02);

  input_do (fixture, "mousedown 1");
  input_point_at (fixture, GTK_WIDGET (view), left + width * 0.1, 20);
  input_do (fixture, "key Escape");
  input_do (fixture, "mouseup 1");
  assert_in_view (fixture, chosen, 0);
}

static void
test_letter (Fixture *fixture, gconstpointer data)
{
  GtkWidget *sessions = GTK_WIDGET (trama_window_get_sessions (fixture->window));

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  /* From the picture into the list and down it. */
  gtk_widget_child_focus (sessions, GTK_DIR_TAB_FORWARD);
  fixture_settle (fixture);
  input_do (fixture, "key Down space");
  fixture_wait_finished (fixture);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "A letter by post");
}

/* Into the editor, a mistake at its end, mended, and run by Ctrl+Return; the focus stays. */
static void
test_edit (Fixture *fixture, gconstpointer data)
{
  TramaSessionEditor *editor = trama_window_get_editor (fixture->window);
  GtkWidget *text = GTK_WIDGET (trama_session_editor_get_text (editor));
  TramaStore *before = fixture_get_store (fixture);
  g_autofree char *written = NULL;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  input_do (fixture, "key F4 ctrl+End");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == text);
  /* Tab is a character there; with Ctrl it leads on and, with Shift, back. */
  input_do (fixture, "key ctrl+Tab");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) != text);
  input_do (fixture, "key ctrl+shift+Tab");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == text);
  input_do (fixture, "key ctrl+shift+Tab");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) != text);
  input_do (fixture, "key ctrl+Tab ctrl+End");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == text);
  input_do (fixture, "key Tab x Return y");
  written = trama_session_document_dup_text (trama_session_editor_get_document (editor));
  g_assert_true (g_str_has_suffix (written, "\n    x\n    y"));
  input_do (fixture, "key ctrl+Return");
  g_assert_true (fixture_get_store (fixture) == before);
  g_assert_true (g_str_has_prefix (trama_session_editor_get_verdict (editor), "Line 27, column 5: "));

  input_do (fixture, "key ctrl+z ctrl+z ctrl+z ctrl+z ctrl+z");
  input_do (fixture, "key ctrl+Return");
  fixture_wait_finished (fixture);
  g_assert_true (fixture_get_store (fixture) != before);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == text);

  /* Held from the beginning, let go, and over. */
  input_do (fixture, "key F10");
  g_assert_true (trama_feed_is_running (trama_window_get_feed (fixture->window)));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == text);
  input_do (fixture, "key F5");
  fixture_wait_finished (fixture);
  input_do (fixture, "key F4");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (editor)));
}

/* The picture comes along with the pointer, and what lies beneath is not selected. */
static void
test_drag (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  double before;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  input_do (fixture, "key ctrl+plus ctrl+plus ctrl+plus");
  input_do (fixture, "key Escape");
  input_point_at (fixture, GTK_WIDGET (ladder), 300, 500);
  before = scroll_of (ladder);
  input_do (fixture, "mousedown 1 mousemove_relative -- 0 -40 mousemove_relative -- 0 -40 mouseup 1");
  g_assert_cmpfloat_with_epsilon (scroll_of (ladder), before + 80, 2);
  g_assert_cmpuint (selected (fixture).kind, ==, 0);
}

/* With Shift held down, what lies between is shown as large as it can be; Escape in between leaves all as it is. */
static void
test_range (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  TramaViewState *state = trama_window_get_state (fixture->window);
  TramaChart *chart = trama_ladder_view_get_chart (ladder);
  gint64 from_ns = trama_chart_time_of_y (chart, 300 - chart->header_px);
  gint64 to_ns = trama_chart_time_of_y (chart, 420 - chart->header_px);
  TramaSpan visible;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  input_point_at (fixture, GTK_WIDGET (ladder), 30, 300);
  input_do (fixture, "keydown Shift mousedown 1 mousemove_relative 0 60 mousemove_relative 0 60");
  input_do (fixture, "key Escape");
  input_do (fixture, "mouseup 1 keyup Shift");
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 1);

  input_point_at (fixture, GTK_WIDGET (ladder), 30, 300);
  input_do (fixture, "keydown Shift mousedown 1 mousemove_relative 0 60 mousemove_relative 0 60 mouseup 1"
                     " keyup Shift");
  g_assert_cmpfloat (trama_view_state_get_zoom (state), >, 1.5);
  visible = trama_view_state_get_visible (state);
  g_assert_cmpint (visible.start_ns, <=, from_ns + (to_ns - from_ns) / 8);
  g_assert_cmpint (visible.end_ns, >=, to_ns - (to_ns - from_ns) / 8);
}

/* Without Ctrl, too, as long as nobody writes. */
static void
test_plain_zoom_keys (Fixture *fixture, gconstpointer data)
{
  TramaViewState *state = trama_window_get_state (fixture->window);

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  input_do (fixture, "key plus");
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 1.5);
  input_do (fixture, "key minus");
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 1);
  input_do (fixture, "key KP_Add KP_Add");
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 2.25);
  input_do (fixture, "key 0");
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 1);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/journey/keys", test_keys);
  fixture_add ("/journey/clicks", test_clicks);
  fixture_add ("/journey/wheel", test_wheel);
  fixture_add ("/journey/overview", test_overview);
  fixture_add ("/journey/letter", test_letter);
  fixture_add ("/journey/edit", test_edit);
  fixture_add ("/journey/drag", test_drag);
  fixture_add ("/journey/range", test_range);
  fixture_add ("/journey/plain-zoom-keys", test_plain_zoom_keys);
  return g_test_run ();
}
