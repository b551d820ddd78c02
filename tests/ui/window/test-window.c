/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/call.h"
#include "tests/ui/window/capture.h"
#include "tests/ui/window/fixture.h"

#include <glib/gstdio.h>

/* data/sessions/telephone.session makes thirteen calls, letter.session nine. */
#define TELEPHONE_CALLS 13
#define LETTER_CALLS 9

static void
activate (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
  fixture_settle (fixture);
}

static GtkWidget *
find_named (GtkWidget *widget, const char *id)
{
  GtkWidget *child;
  GtkWidget *found;

  if (g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), id) == 0)
    return widget;
  for (child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if ((found = find_named (child, id)) != NULL)
      return found;
  return NULL;
}

static const char *
label_text (Fixture *fixture, const char *id)
{
  return gtk_label_get_text (GTK_LABEL (find_named (GTK_WIDGET (fixture->window), id)));
}

static const char *
stage_name (Fixture *fixture)
{
  return gtk_stack_get_visible_child_name (GTK_STACK (find_named (GTK_WIDGET (fixture->window), "stage")));
}

static char *
notice (Fixture *fixture, const char *key)
{
  return trama_notices_dup_text (trama_window_get_notices (fixture->window), key);
}

static void
test_opens (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  TramaChart *chart = trama_ladder_view_get_chart (ladder);

  g_assert_cmpstr (label_text (fixture, "header_title"), ==, "A telephone call");
  g_assert_nonnull (strstr (label_text (fixture, "header_subtitle"), "13 calls"));
  g_assert_cmpstr (stage_name (fixture), ==, "ladder");
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), ==, TELEPHONE_CALLS);
  g_assert_null (notice (fixture, "trace"));

  /* The whole call is seen at once, as wide as there is room. */
  g_assert_nonnull (chart);
  g_assert_cmpuint (chart->n_bars, ==, TELEPHONE_CALLS);
  g_assert_cmpfloat (chart->width_px, ==, gtk_widget_get_width (GTK_WIDGET (ladder)));
  g_assert_cmpfloat (chart->header_px + chart->body_px, <=, gtk_widget_get_height (GTK_WIDGET (ladder)));
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (ladder), GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (ladder), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Ladder of calls and packets");
}

static char *
render (GListModel *model)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint i;

  for (i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (TramaSessionDocument) item = g_list_model_get_item (model, i);
      g_autofree char *title = NULL;
      g_autofree char *detail = NULL;

      g_object_get (item, "title", &title, "detail", &detail, NULL);
      g_string_append_printf (text, "%s | %s\n", title, detail);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_session_list (Fixture *fixture, gconstpointer data)
{
  TramaSessionList *list = trama_window_get_sessions (fixture->window);
  g_autofree char *text = render (trama_session_list_get_model (list));

  g_assert_true (g_str_has_prefix (text, "A telephone call | stream · AF_INET\n"
                                         "A letter by post | datagram · AF_INET\n"));

  g_assert_false (trama_session_list_choose (list, "no-such-session"));
  g_assert_true (trama_session_list_choose (list, "letter"));
  g_assert_true (trama_feed_is_running (trama_window_get_feed (fixture->window)));
  fixture_wait_finished (fixture);
  g_assert_cmpstr (label_text (fixture, "header_title"), ==, "A letter by post");
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), ==, LETTER_CALLS);
}

static void
test_run_again (Fixture *fixture, gconstpointer data)
{
  GtkActionable *button = GTK_ACTIONABLE (find_named (GTK_WIDGET (fixture->window), "run_button"));
  TramaFeed *feed = trama_window_get_feed (fixture->window);
  g_autoptr (TramaStore) before = trama_store_ref (fixture_get_store (fixture));

  trama_view_state_set_zoom (trama_window_get_state (fixture->window), 2);
  g_assert_cmpstr (gtk_actionable_get_action_name (button), ==, "win.run");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.run", NULL));
  g_assert_true (trama_feed_is_running (feed));
  g_assert_cmpstr (gtk_actionable_get_action_name (button), ==, "win.stop");
  fixture_wait_finished (fixture);

  g_assert_cmpstr (gtk_actionable_get_action_name (button), ==, "win.run");
  g_assert_true (fixture_get_store (fixture) != before);
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), ==, TELEPHONE_CALLS);
  /* Run again is looked at as it was looked at before. */
  g_assert_cmpfloat (trama_view_state_get_zoom (trama_window_get_state (fixture->window)), ==, 2);
}

/* A session that was not seen before: as near as its arrows have room for their words, on two pages at most. */
static void
test_start (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  TramaViewState *state = trama_window_get_state (fixture->window);
  g_autoptr (GtkAdjustment) vertical = NULL;
  guint n_touching;
  double zoom;

  gtk_widget_set_size_request (GTK_WIDGET (ladder), 700, 420);
  g_assert_true (trama_session_list_choose (trama_window_get_sessions (fixture->window), "telephone6"));
  fixture_wait_finished (fixture);
  fixture_settle (fixture);
  zoom = trama_view_state_get_zoom (state);
  n_touching = trama_chart_count_touching (trama_ladder_view_get_chart (ladder));
  g_object_get (ladder, "vadjustment", &vertical, NULL);
  g_assert_cmpfloat (gtk_adjustment_get_upper (vertical), <=,
                     2 * gtk_adjustment_get_page_size (vertical) + 1);
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_value (vertical), 0, 0.5);

  activate (fixture, "win.zoom-fit");
  fixture_settle (fixture);
  if (zoom > 1)
    g_assert_cmpuint (n_touching, <, trama_chart_count_touching (trama_ladder_view_get_chart (ladder)));
  else
    g_assert_cmpuint (n_touching, ==, trama_chart_count_touching (trama_ladder_view_get_chart (ladder)));
}

static void
test_stop (Fixture *fixture, gconstpointer data)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.run", NULL));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stop", NULL));
  fixture_wait_finished (fixture);
  g_assert_false (trama_feed_is_running (trama_window_get_feed (fixture->window)));
  g_assert_null (notice (fixture, "trace"));
}

static double
selection_in_view (Fixture *fixture)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  g_autoptr (GtkAdjustment) vertical = NULL;
  TramaRect bounds;

  g_object_get (ladder, "vadjustment", &vertical, NULL);
  g_assert_true (trama_chart_get_bounds (
      trama_ladder_view_get_chart (ladder),
      trama_view_state_get_selected (trama_window_get_state (fixture->window)), &bounds));
  return bounds.y + bounds.height / 2 - gtk_adjustment_get_value (vertical);
}

static void
test_zoom (Fixture *fixture, gconstpointer data)
{
  TramaViewState *state = trama_window_get_state (fixture->window);
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  double fit_ns_per_px = trama_ladder_view_get_chart (ladder)->ns_per_px;
  g_autoptr (GtkAdjustment) vertical = NULL;
  double y;

  g_object_get (ladder, "vadjustment", &vertical, NULL);
  trama_view_state_select (state, (TramaRef){ TRAMA_EVENT_CALL, fixture_find_call (fixture, "write") });
  activate (fixture, "win.zoom-in");
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 1.5);
  g_assert_cmpfloat_with_epsilon (trama_ladder_view_get_chart (ladder)->ns_per_px, fit_ns_per_px / 1.5,
                                  fit_ns_per_px * 1e-6);

  /* What is selected stays where it is, while there is something to scroll. */
  activate (fixture, "win.zoom-in");
  activate (fixture, "win.zoom-in");
  y = selection_in_view (fixture);
  activate (fixture, "win.zoom-in");
  g_assert_cmpfloat_with_epsilon (selection_in_view (fixture), y, 60);
  g_assert_cmpfloat (gtk_adjustment_get_upper (vertical), >, 2 * gtk_adjustment_get_page_size (vertical));

  activate (fixture, "win.zoom-fit");
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 1);
  g_assert_cmpfloat (gtk_adjustment_get_value (vertical), ==, 0);
  activate (fixture, "win.zoom-out");
  g_assert_cmpfloat (trama_view_state_get_zoom (state), <, 1);
}

/* Of a capture whose packets cannot be told apart on one page, too, all is in view when that is asked for. */
static void
test_whole (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  GtkAdjustment *down = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (ladder));
  g_autofree char *folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "many.pcap", NULL);
  TramaSpan visible, span;

  capture_write (path, 3000, 6);
  trama_window_open (fixture->window, path);
  fixture_wait_finished (fixture);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  activate (fixture, "win.zoom-fit");
  fixture_settle (fixture);
  visible = trama_view_state_get_visible (trama_window_get_state (fixture->window));
  span = trama_ladder_view_get_chart (ladder)->span;
  g_assert_cmpint (visible.start_ns, ==, span.start_ns);
  g_assert_cmpint (visible.end_ns, ==, span.end_ns);
  g_assert_cmpfloat (gtk_adjustment_get_upper (down), <=, gtk_adjustment_get_page_size (down) + 1);
  activate (fixture, "win.zoom-in");
  activate (fixture, "win.zoom-in");
  fixture_settle (fixture);
  g_assert_cmpfloat (gtk_adjustment_get_upper (down), >, gtk_adjustment_get_page_size (down) + 1);
}

/* No tool presses with two fingers: what GTK says of them. They spread and come back, from where it was. */
static void
test_pinch (Fixture *fixture, gconstpointer data)
{
  static const double spreads[] = { 1.5, 3, 0.8, 1 };
  TramaViewState *state = trama_window_get_state (fixture->window);
  GtkGesture *pinch = fixture_find_pinch (fixture);

  trama_view_state_set_zoom (state, 2);
  fixture_settle (fixture);
  g_signal_emit_by_name (pinch, "begin", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (spreads); i++)
    {
      g_signal_emit_by_name (pinch, "scale-changed", spreads[i]);
      fixture_settle (fixture);
      g_assert_cmpfloat_with_epsilon (trama_view_state_get_zoom (state), 2 * spreads[i], 1e-6);
    }
  g_signal_emit_by_name (pinch, "end", NULL);
}

/* The lists take room from below; what was selected there does not vanish. */
static void
test_selection_stays (Fixture *fixture, gconstpointer data)
{
  TramaViewState *state = trama_window_get_state (fixture->window);
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  GtkAdjustment *vertical = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (ladder));
  double page = gtk_adjustment_get_page_size (vertical), y;

  activate (fixture, "win.zoom-in");
  activate (fixture, "win.zoom-in");
  trama_view_state_select (state, (TramaRef){ TRAMA_EVENT_CALL, fixture_find_call (fixture, "write") });
  fixture_settle (fixture);
  gtk_adjustment_set_value (vertical,
                            gtk_adjustment_get_value (vertical) + selection_in_view (fixture) - page + 60);
  fixture_settle (fixture);
  y = selection_in_view (fixture);
  g_assert_cmpfloat (y, <, page);
  activate (fixture, "win.events");
  fixture_settle (fixture);
  g_assert_cmpfloat (gtk_adjustment_get_page_size (vertical), <, y);
  g_assert_cmpfloat (selection_in_view (fixture), >, 0);
  g_assert_cmpfloat (selection_in_view (fixture), <, gtk_adjustment_get_page_size (vertical));
}

static void
step (Fixture *fixture, const char *action, int direction)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (trama_window_get_ladder (fixture->window)), action,
                                             "i", direction));
}

static void
test_steps (Fixture *fixture, gconstpointer data)
{
  TramaViewState *state = trama_window_get_state (fixture->window);
  TramaStore *store = fixture_get_store (fixture);
  guint n_events = trama_store_n_calls (store) + trama_store_n_packets (store) + trama_store_n_notes (store);
  TramaRef last;
  guint n_steps = 0;

  /* Downwards through every event, once each, and then no further. */
  do
    {
      last = trama_view_state_get_selected (state);
      step (fixture, "ladder.step", 1);
      n_steps++;
    }
  while (trama_view_state_get_selected (state).kind != last.kind
         || trama_view_state_get_selected (state).index != last.index);
  g_assert_cmpuint (n_steps - 1, >=, trama_store_n_calls (store) + trama_store_n_packets (store));
  g_assert_cmpuint (n_steps - 1, <=, n_events);

  step (fixture, "ladder.step-from-end", 1);
  g_assert_cmpuint (trama_view_state_get_selected (state).kind, ==, TRAMA_EVENT_CALL);
  step (fixture, "ladder.step-from-end", -1);
  g_assert_cmpuint (trama_view_state_get_selected (state).index, ==, last.index);

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (trama_window_get_ladder (fixture->window)),
                                             "ladder.select-nothing", NULL));
  g_assert_cmpuint (trama_view_state_get_selected (state).kind, ==, 0);
}

static void
test_steps_across (Fixture *fixture, gconstpointer data)
{
  TramaViewState *state = trama_window_get_state (fixture->window);
  guint write = fixture_find_call (fixture, "write");
  TramaRef ref;

  if (!trama_store_packets_observed (fixture_get_store (fixture)))
    {
      g_test_skip ("packets are not observed on this machine");
      return;
    }
  /* From the write to the segment that carries its bytes, on whichever side that lies. */
  trama_view_state_select (state, (TramaRef){ TRAMA_EVENT_CALL, write });
  step (fixture, "ladder.step-across", 1);
  step (fixture, "ladder.step-across", -1);
  trama_view_state_select (state, (TramaRef){ TRAMA_EVENT_CALL, write });
  step (fixture, "ladder.step-across", 1);
  ref = trama_view_state_get_selected (state);
  if (ref.kind == TRAMA_EVENT_CALL)
    {
      step (fixture, "ladder.step-across", -1);
      ref = trama_view_state_get_selected (state);
    }
  g_assert_cmpuint (ref.kind, ==, TRAMA_EVENT_PACKET);
}

static void
test_dark (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  double light = fixture_brightness (fixture, GTK_WIDGET (ladder));
  double dark;

  g_assert_cmpuint (trama_ladder_view_get_theme (ladder), ==, TRAMA_THEME_LIGHT);
  activate (fixture, "app.dark");
  g_assert_cmpuint (trama_ladder_view_get_theme (ladder), ==, TRAMA_THEME_DARK);
  dark = fixture_brightness (fixture, GTK_WIDGET (ladder));
  g_assert_cmpfloat (light, >, 0.8);
  g_assert_cmpfloat (dark, <, 0.25);

  activate (fixture, "app.dark");
  g_assert_cmpuint (trama_ladder_view_get_theme (ladder), ==, TRAMA_THEME_LIGHT);
  g_assert_cmpfloat_with_epsilon (fixture_brightness (fixture, GTK_WIDGET (ladder)), light, 0.01);
}

/* It would fit that screen. */
static void
assert_fits (Fixture *fixture, const char *what, int width, int height)
{
  int least_width, least_height;

  gtk_widget_measure (GTK_WIDGET (fixture->window), GTK_ORIENTATION_HORIZONTAL, -1, &least_width, NULL, NULL,
                      NULL);
  gtk_widget_measure (GTK_WIDGET (fixture->window), GTK_ORIENTATION_VERTICAL, -1, &least_height, NULL, NULL,
                      NULL);
  g_test_message ("%s: at least %d × %d", what, least_width, least_height);
  g_assert_cmpint (least_width, <=, width);
  g_assert_cmpint (least_height, <=, height);
}

/* With every pane in view, and in turn all that there is below the picture. */
static void
assert_all_fit (Fixture *fixture)
{
  static const char *const pages[] = { "win.conversations", "win.events", "win.findings", "win.stream",
                                       "win.find" };

  gtk_widget_set_visible (GTK_WIDGET (trama_window_get_sessions (fixture->window)), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (trama_window_get_inspector (fixture->window)), TRUE);
  trama_view_state_select (trama_window_get_state (fixture->window), (TramaRef){ TRAMA_EVENT_PACKET, 3 });
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      activate (fixture, pages[i]);
      fixture_settle (fixture);
      assert_fits (fixture, pages[i], 1600, 1000);
    }
}

static void
test_large_text (Fixture *fixture, gconstpointer data)
{
  GtkSettings *settings = gtk_settings_get_default ();
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  GtkWidget *title = find_named (GTK_WIDGET (fixture->window), "header_title");
  double scale = trama_ladder_view_get_chart (ladder)->scale;
  int height = gtk_widget_get_height (title);
  int dpi;

  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);
  g_object_set (settings, "gtk-xft-dpi", 2 * 96 * 1024, NULL);
  fixture_settle (fixture);
  g_assert_cmpint (gtk_widget_get_height (title), >, height * 3 / 2);
  g_assert_cmpfloat (trama_ladder_view_get_chart (ladder)->scale, >, scale);

  /* The picture has a use. */
  assert_fits (fixture, "the picture", 1920, 1080);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (ladder)), >=, 600);
  assert_all_fit (fixture);

  g_object_set (settings, "gtk-xft-dpi", dpi, NULL);
  fixture_settle (fixture);
}

static int
get_text_size (gpointer widget)
{
  return pango_font_description_get_size (
      pango_context_get_font_description (gtk_widget_get_pango_context (widget)));
}

/* What stands before the window is read from as far away. */
static void
assert_dialog_matches (Fixture *fixture, const char *action)
{
  g_autoptr (GList) windows = NULL;
  GtkWindow *dialog = NULL;

  activate (fixture, action);
  fixture_settle (fixture);
  windows = gtk_window_list_toplevels ();
  for (GList *one = windows; one != NULL; one = one->next)
    if (gtk_window_get_transient_for (one->data) == GTK_WINDOW (fixture->window))
      dialog = one->data;
  g_assert_nonnull (dialog);
  g_assert_cmpint (get_text_size (dialog), ==, get_text_size (fixture->window));
  gtk_window_destroy (dialog);
  fixture_settle (fixture);
}

static void
test_projector (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  GtkWidget *title = find_named (GTK_WIDGET (fixture->window), "header_title");
  int height = gtk_widget_get_height (title);
  double scale;

  activate (fixture, "win.projector");
  g_object_get (ladder, "text-scale", &scale, NULL);
  g_assert_cmpfloat (scale, ==, 1.4);
  g_assert_cmpint (gtk_widget_get_height (title), >, height * 5 / 4);
  assert_dialog_matches (fixture, "win.show-help-overlay");
  assert_dialog_matches (fixture, "win.export");
  activate (fixture, "win.projector");
  g_object_get (ladder, "text-scale", &scale, NULL);
  g_assert_cmpfloat (scale, ==, 1);
}

static void
test_panes (Fixture *fixture, gconstpointer data)
{
  GtkWidget *sessions = GTK_WIDGET (trama_window_get_sessions (fixture->window));
  GtkWidget *inspector = GTK_WIDGET (trama_window_get_inspector (fixture->window));

  g_assert_true (gtk_widget_get_visible (sessions));
  activate (fixture, "win.sessions");
  g_assert_false (gtk_widget_get_visible (sessions));
  g_assert_true (gtk_widget_get_visible (inspector));

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 700);
  fixture_settle (fixture);
  g_assert_false (gtk_widget_get_visible (inspector));
  /* Hidden, not forbidden. */
  activate (fixture, "win.inspector");
  g_assert_true (gtk_widget_get_visible (inspector));

  /* Wide again, as it was when it was wide. */
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1500, 800);
  fixture_settle (fixture);
  g_assert_true (gtk_widget_get_visible (inspector));
  g_assert_false (gtk_widget_get_visible (sessions));
}

static void
test_legend (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  double body = trama_ladder_view_get_chart (ladder)->body_px;

  activate (fixture, "win.legend");
  g_assert_cmpfloat (trama_ladder_view_get_chart (ladder)->body_px, >, body);
}

static gboolean
is_legend_shown (Fixture *fixture)
{
  gboolean shown, folded;

  g_object_get (trama_window_get_ladder (fixture->window), "show-legend", &shown, "legend-folded", &folded,
                NULL);
  g_assert_false (shown && folded);
  return shown;
}

/* Where the room is short the legend gives way to the ladder, unless it is asked for; with room it comes back. */
static void
test_legend_folds (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  double page;

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1280, 800);
  fixture_settle (fixture);
  g_assert_true (is_legend_shown (fixture));
  activate (fixture, "win.projector");
  activate (fixture, "win.events");
  fixture_settle (fixture);
  g_assert_false (is_legend_shown (fixture));
  page = gtk_widget_get_height (GTK_WIDGET (ladder)) - trama_ladder_view_get_chart (ladder)->header_px;
  g_assert_cmpfloat (page, >, 150);

  activate (fixture, "win.legend");
  fixture_settle (fixture);
  g_assert_true (is_legend_shown (fixture));
  activate (fixture, "win.legend");
  fixture_settle (fixture);
  g_assert_false (is_legend_shown (fixture));
  activate (fixture, "win.legend");
  activate (fixture, "win.events");
  fixture_settle (fixture);
  g_assert_true (is_legend_shown (fixture));
  /* It was asked for when there was no room for it: that is over. */
  activate (fixture, "win.events");
  fixture_settle (fixture);
  g_assert_false (is_legend_shown (fixture));
}

static void
test_scale_modes (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "to-scale", "rows", "folded" };
  static const TramaScaleMode modes[] = { TRAMA_SCALE_TO_SCALE, TRAMA_SCALE_ROWS, TRAMA_SCALE_FOLDED };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.scale", "s", names[i]));
      fixture_settle (fixture);
      g_assert_cmpint (trama_view_state_get_mode (trama_window_get_state (fixture->window)), ==, modes[i]);
      g_assert_cmpuint (trama_ladder_view_get_chart (trama_window_get_ladder (fixture->window))->n_bars, ==,
                        TELEPHONE_CALLS);
    }
}

static char *
temporary_path (const char *name)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);

  g_assert_nonnull (folder);
  return g_build_filename (folder, name, NULL);
}

static void
remove_with_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_save_and_open (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = temporary_path ("saved.pcapng");
  g_autofree char *title = g_strdup (label_text (fixture, "header_title"));
  guint n_packets = trama_store_n_packets (fixture_get_store (fixture));

  g_assert_nonnull (strstr (label_text (fixture, "header_subtitle"), "not saved"));
  trama_window_save (fixture->window, path, TRAMA_FEED_SAVE_WHOLE);
  g_assert_null (strstr (label_text (fixture, "header_subtitle"), "not saved"));
  g_assert_nonnull (strstr (trama_toast_get_text (trama_window_get_toast (fixture->window)), path));

  trama_window_start (fixture->window, path);
  fixture_wait_finished (fixture);
  g_assert_null (notice (fixture, "trace"));
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), ==, TELEPHONE_CALLS);
  g_assert_cmpuint (trama_store_n_packets (fixture_get_store (fixture)), ==, n_packets);
  g_assert_cmpstr (label_text (fixture, "header_title"), ==, title);
  g_assert_nonnull (strstr (label_text (fixture, "header_subtitle"), "saved.pcapng"));

  /* The trace tells which session made it: it can be run again. */
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.run", NULL));
  fixture_wait_finished (fixture);
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), ==, TELEPHONE_CALLS);
  g_assert_null (strstr (label_text (fixture, "header_subtitle"), "saved.pcapng"));
  remove_with_folder (path);
}

static void
test_export (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "picture.svg", "picture.pdf", "picture.png" };
  static const char *const magics[] = { "<?xml", "%PDF-", "\x89PNG" };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = temporary_path (names[i]);
      g_autofree char *contents = NULL;

      trama_window_export (fixture->window, path);
      g_assert_null (notice (fixture, "file"));
      g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
      g_assert_true (g_str_has_prefix (contents, magics[i]));
      remove_with_folder (path);
    }
}

static void
test_cannot_write (Fixture *fixture, gconstpointer data)
{
  g_autofree char *saved = NULL;
  g_autofree char *exported = NULL;

  trama_window_save (fixture->window, "/nowhere/at/all.pcapng", TRAMA_FEED_SAVE_WHOLE);
  g_assert_nonnull (strstr (label_text (fixture, "header_subtitle"), "not saved"));
  saved = notice (fixture, "file");
  g_assert_nonnull (strstr (saved, "/nowhere/at/all.pcapng"));
  g_assert_null (trama_toast_get_text (trama_window_get_toast (fixture->window)));

  trama_window_export (fixture->window, "/nowhere/at/all.svg");
  exported = notice (fixture, "file");
  g_assert_nonnull (strstr (exported, "/nowhere/at/all.svg"));
}

static void
test_cannot_open (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;

  trama_window_start (fixture->window, "/nowhere/at/all.pcapng");
  fixture_wait_finished (fixture);
  text = notice (fixture, "trace");
  g_assert_nonnull (strstr (text, "/nowhere/at/all.pcapng"));
  g_assert_cmpstr (stage_name (fixture), ==, "status");
  g_assert_null (trama_ladder_view_get_chart (trama_window_get_ladder (fixture->window)));

  /* And from there back to a session. */
  g_assert_true (trama_session_list_choose (trama_window_get_sessions (fixture->window), "telephone"));
  fixture_wait_finished (fixture);
  g_assert_null (notice (fixture, "trace"));
  g_assert_cmpstr (stage_name (fixture), ==, "ladder");
}

static void
test_bad_session (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = temporary_path ("bad.session");
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (path, "session \"Bad\"\nserver:\n    lissten(3)\n", -1, NULL));
  trama_window_start (fixture->window, path);
  fixture_settle (fixture);
  text = notice (fixture, "trace");
  g_assert_nonnull (strstr (text, "bad.session:3:"));
  g_assert_nonnull (strstr (text, "lissten(3)"));
  /* What was shown is still shown. */
  g_assert_cmpstr (stage_name (fixture), ==, "ladder");
  remove_with_folder (path);
}

static void
test_failing_session (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = temporary_path ("refused.session");
  g_autofree char *text = NULL;

  /* Nobody listens there: connect() fails, and the session with it. */
  g_assert_true (g_file_set_contents (path,
                                      "session \"Refused\"\n"
                                      "caller:\n"
                                      "    phone = socket(AF_INET, SOCK_STREAM, 0)\n"
                                      "    connect(phone, 127.0.0.1:9)\n",
                                      -1, NULL));
  trama_window_start (fixture->window, path);
  fixture_wait_finished (fixture);
  text = notice (fixture, "trace");
  g_assert_nonnull (text);
  g_assert_nonnull (strstr (text, "ECONNREFUSED"));
  g_assert_cmpstr (stage_name (fixture), ==, "ladder");
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), ==, 2);
  remove_with_folder (path);
}

/* A key that two actions have is that of neither. */
static void
test_keys (Fixture *fixture, gconstpointer data)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (fixture->window));
  g_auto (GStrv) actions = gtk_application_list_action_descriptions (application);
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (char **action = actions; *action != NULL; action++)
    {
      g_auto (GStrv) accels = gtk_application_get_accels_for_action (application, *action);

      for (char **accel = accels; *accel != NULL; accel++)
        {
          g_assert_cmpstr (g_hash_table_lookup (keys, *accel), ==, NULL);
          g_hash_table_insert (keys, g_strdup (*accel), g_strdup (*action));
        }
    }
  g_assert_cmpuint (g_hash_table_size (keys), >, 30);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/window/opens", test_opens);
  fixture_add ("/window/keys", test_keys);
  fixture_add ("/window/session-list", test_session_list);
  fixture_add ("/window/run-again", test_run_again);
  fixture_add ("/window/stop", test_stop);
  fixture_add ("/window/zoom", test_zoom);
  fixture_add ("/window/pinch", test_pinch);
  fixture_add ("/window/selection-stays", test_selection_stays);
  fixture_add ("/window/start", test_start);
  fixture_add ("/window/steps", test_steps);
  fixture_add ("/window/steps-across", test_steps_across);
  fixture_add ("/window/dark", test_dark);
  fixture_add ("/window/large-text", test_large_text);
  fixture_add ("/window/whole", test_whole);
  fixture_add ("/window/projector", test_projector);
  fixture_add ("/window/panes", test_panes);
  fixture_add ("/window/legend", test_legend);
  fixture_add ("/window/legend-folds", test_legend_folds);
  fixture_add ("/window/scale-modes", test_scale_modes);
  fixture_add ("/window/save-and-open", test_save_and_open);
  fixture_add ("/window/export", test_export);
  fixture_add ("/window/cannot-write", test_cannot_write);
  fixture_add ("/window/cannot-open", test_cannot_open);
  fixture_add ("/window/bad-session", test_bad_session);
  fixture_add ("/window/failing-session", test_failing_session);
  return g_test_run ();
}
