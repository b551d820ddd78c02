/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/panes.h"
#include "core/session/library.h"
#include "tests/ui/window/fixture.h"

/* Every lesson of the library, gone through an event at a time: each is in view when it is come to. */

/* Of a bar that is taller than the view, its entry. */
#define ENTRY_PX 24

static void
get_view (TramaLadderView *ladder, GtkOrientation orientation, double *from, double *size)
{
  g_autoptr (GtkAdjustment) adjustment = NULL;

  g_object_get (ladder, orientation == GTK_ORIENTATION_VERTICAL ? "vadjustment" : "hadjustment", &adjustment,
                NULL);
  *from = gtk_adjustment_get_value (adjustment);
  *size = gtk_adjustment_get_page_size (adjustment);
}

static gboolean
is_within (const TramaChart *chart, TramaLadderView *ladder, const TramaRect *bounds)
{
  double top, page, left, width, x0, x1;
  g_autoptr (GArray) panes = NULL;

  get_view (ladder, GTK_ORIENTATION_VERTICAL, &top, &page);
  get_view (ladder, GTK_ORIENTATION_HORIZONTAL, &left, &width);
  panes = trama_panes_new (chart, left, width);
  x0 = trama_panes_to_view (panes, left, bounds->x);
  x1 = trama_panes_to_view (panes, left, bounds->x + bounds->width);
  return bounds->y >= top - 0.5 && bounds->y + MIN (bounds->height, ENTRY_PX) <= top + page + 0.5 && x1 > 0
         && x0 < width && (x1 - x0 > width || (x0 >= -0.5 && x1 <= width + 0.5));
}

static void
assert_selected_in_view (Fixture *fixture, const char *lesson)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  TramaRef selected = trama_view_state_get_selected (trama_window_get_state (fixture->window));
  TramaChart *chart = trama_ladder_view_get_chart (ladder);
  TramaRect bounds;

  g_assert_true (trama_chart_get_bounds (chart, selected, &bounds));
  if (!is_within (chart, ladder, &bounds))
    {
      g_test_message ("%s: event %u of kind %u is not in view: %g × %g at %g, %g", lesson, selected.index,
                      selected.kind, bounds.width, bounds.height, bounds.x, bounds.y);
      g_test_fail ();
    }
}

static void
step (Fixture *fixture, int direction)
{
  gtk_widget_activate_action (GTK_WIDGET (trama_window_get_ladder (fixture->window)), "ladder.step", "i",
                              direction);
}

/* Until it leads nowhere. Returns how many steps led on. */
static guint
walk (Fixture *fixture, const char *lesson, int direction)
{
  TramaViewState *state = trama_window_get_state (fixture->window);
  TramaRef before = trama_view_state_get_selected (state), now;
  guint n = 0;

  for (step (fixture, direction);
       now = trama_view_state_get_selected (state), now.kind != before.kind || now.index != before.index;
       step (fixture, direction), n++)
    {
      assert_selected_in_view (fixture, lesson);
      before = now;
    }
  return n;
}

/* What a session says is read beside what it is about, unless that comes much later: the next call of who says it. */
static TramaRef
find_subject (const TramaChart *chart, TramaStore *store, const TramaChartNote *note)
{
  for (guint i = 0; i < chart->n_bars; i++)
    {
      const TramaCall *call = trama_store_get_call (store, chart->bars[i].call);

      if (call->actor == note->actor && trama_chart_y_of_time (chart, call->entry_ns) >= note->y)
        return (TramaRef){ TRAMA_EVENT_CALL, chart->bars[i].call };
    }
  return (TramaRef){ 0 };
}

static void
assert_captions_in_view (Fixture *fixture, const char *lesson)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  g_autoptr (TramaChart) chart = trama_chart_ref (trama_ladder_view_get_chart (ladder));

  for (guint i = 0; i < chart->n_notes; i++)
    {
      const TramaChartNote *note = &chart->notes[i];
      TramaRef subject = find_subject (chart, fixture_get_store (fixture), note);
      TramaRect bounds;
      double top, page;

      if (subject.kind == 0)
        continue;
      trama_view_state_select (trama_window_get_state (fixture->window), subject);
      assert_selected_in_view (fixture, lesson);
      get_view (ladder, GTK_ORIENTATION_VERTICAL, &top, &page);
      trama_chart_get_bounds (chart, subject, &bounds);
      if (bounds.y - note->y <= page / 4
          && (note->card_y < top || note->card_y + note->height_px > top + page))
        {
          g_test_message ("%s: the note \"%s\" is not in view: card %g +%g, view %g +%g, note y %g", lesson,
                          note->text, note->card_y, note->height_px, top, page, note->y);
          g_test_fail ();
        }
    }
}

/* As it is seen first, there and back, and nearer. */
static void
test_walk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) sessions = trama_library_list ();

  g_assert_cmpuint (sessions->len, >, 0);
  for (guint i = 0; i < sessions->len; i++)
    {
      const char *lesson = trama_session_get_name (g_ptr_array_index (sessions, i));
      guint n_there, n_back;

      g_assert_true (trama_session_list_choose (trama_window_get_sessions (fixture->window), lesson));
      fixture_wait_finished (fixture);
      n_there = walk (fixture, lesson, 1);
      n_back = walk (fixture, lesson, -1);
      g_test_message ("%s: %u events", lesson, n_there);
      g_assert_cmpuint (n_there, >=, trama_store_n_calls (fixture_get_store (fixture)));
      g_assert_cmpuint (n_back + 1, ==, n_there);
      assert_captions_in_view (fixture, lesson);
      trama_ladder_view_zoom_by (trama_window_get_ladder (fixture->window), 4);
      fixture_settle (fixture);
      trama_view_state_select (trama_window_get_state (fixture->window), (TramaRef){ 0 });
      g_assert_cmpuint (walk (fixture, lesson, 1), ==, n_there);
    }
}

/* Of those that are drawn, the one that came last. */
static gboolean
find_newest (const TramaChart *chart, TramaRef *newest)
{
  newest->kind = 0;
  for (guint i = 0; i < chart->n_bars; i++)
    if (newest->kind == 0 || chart->bars[i].call > newest->index)
      *newest = (TramaRef){ TRAMA_EVENT_CALL, chart->bars[i].call };
  return newest->kind != 0;
}

static void
assert_newest_in_view (Fixture *fixture, const char *lesson)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  TramaChart *chart = trama_ladder_view_get_chart (ladder);
  TramaRef newest;
  TramaRect bounds;

  g_assert_true (trama_flow_table_get_store (trama_chart_get_table (chart)) == fixture_get_store (fixture));
  if (!find_newest (chart, &newest))
    return;
  g_assert_true (trama_chart_get_bounds (chart, newest, &bounds));
  if (is_within (chart, ladder, &bounds))
    return;
  g_test_message ("%s: call %u is not in view: %g × %g at %g, %g", lesson, newest.index, bounds.width,
                  bounds.height, bounds.x, bounds.y);
  g_test_fail ();
}

static void
on_changed (TramaStepper *stepper, gboolean *changed)
{
  *changed = TRUE;
}

/* FALSE: it is over. */
static gboolean
step_on (Fixture *fixture)
{
  TramaStepper *stepper = trama_window_get_stepper (fixture->window);
  gboolean changed = FALSE;
  gulong id = g_signal_connect (stepper, "changed", G_CALLBACK (on_changed), &changed);

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.step", NULL));
  while (!changed && trama_stepper_get_state (stepper) != TRAMA_STEPPER_IDLE)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (stepper, id);
  fixture_settle (fixture);
  return trama_stepper_get_state (stepper) != TRAMA_STEPPER_IDLE;
}

static gboolean
has_columns (Fixture *fixture)
{
  TramaChart *chart = trama_ladder_view_get_chart (trama_window_get_ladder (fixture->window));

  return chart != NULL && chart->n_columns > 0
         && trama_flow_table_get_store (trama_chart_get_table (chart)) == fixture_get_store (fixture);
}

/* Held before its first call: nothing of what was shown before is seen any more, and nobody has called yet. */
static void
hold (Fixture *fixture)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.step", NULL));
  fixture_wait (fixture, has_columns);
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), ==, 0);
  g_assert_cmpuint (trama_ladder_view_get_chart (trama_window_get_ladder (fixture->window))->n_bars, ==, 0);
}

static void
scroll_away (Fixture *fixture)
{
  g_autoptr (GtkAdjustment) down = NULL;
  g_autoptr (GtkAdjustment) across = NULL;

  g_object_get (trama_window_get_ladder (fixture->window), "vadjustment", &down, "hadjustment", &across,
                NULL);
  gtk_adjustment_set_value (down, 0);
  gtk_adjustment_set_value (across, 0);
}

static void
step_through (Fixture *fixture, const char *lesson, double zoom)
{
  guint n_steps = 0;

  g_assert_true (trama_session_list_choose (trama_window_get_sessions (fixture->window), lesson));
  fixture_wait_finished (fixture);
  hold (fixture);
  trama_view_state_set_zoom (trama_window_get_state (fixture->window), zoom);
  for (; step_on (fixture); n_steps++)
    {
      assert_newest_in_view (fixture, lesson);
      if (zoom > 1)
        scroll_away (fixture);
    }
  fixture_wait_finished (fixture);
  assert_newest_in_view (fixture, lesson);
  g_assert_cmpuint (n_steps + 1, >=, trama_store_n_calls (fixture_get_store (fixture)));
}

/* A step at a time: the call that was made is in view, wherever one has scrolled to before. In two they have no room beside each other. */
static void
test_step (Fixture *fixture, gconstpointer data)
{
  step_through (fixture, "telephone", 1);
  step_through (fixture, "reuse-port", 1);
  step_through (fixture, "concurrent", 1);
  step_through (fixture, "half-close", 3);
  step_through (fixture, "concurrent", 3);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/lessons/walk", test_walk);
  fixture_add ("/lessons/step", test_step);
  return g_test_run ();
}
