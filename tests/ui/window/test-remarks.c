/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/span.h"
#include "tests/ui/window/input.h"

#include <glib/gstdio.h>

static TramaNotebook *
get_notebook (Fixture *fixture)
{
  return trama_store_get_notebook (fixture_get_store (fixture));
}

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

static gboolean
is_enabled (Fixture *fixture, const char *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (fixture->window), action);
}

/* Of the second event in time. */
static TramaRef
select_event (Fixture *fixture)
{
  input_do (fixture, "key Home Down");
  return trama_view_state_get_selected (get_state (fixture));
}

static const char *
note_of (Fixture *fixture, TramaRef ref)
{
  return trama_notebook_get_text (get_notebook (fixture), ref, 0);
}

/* N, the words, Ctrl+Enter; Ctrl+Z takes it back and Ctrl+Shift+Z does not. */
static void
test_note_by_keyboard (Fixture *fixture, gconstpointer data)
{
  TramaRef ref;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  ref = select_event (fixture);
  g_assert_false (is_enabled (fixture, "undo"));
  g_assert_false (is_enabled (fixture, "remove-note"));
  input_do (fixture, "key n");
  input_do (fixture, "type --delay 20 my.words");
  input_do (fixture, "key ctrl+Return");
  g_assert_cmpstr (note_of (fixture, ref), ==, "my.words");
  g_assert_cmpuint (get_chart (fixture)->n_notes, >=, 1);

  input_do (fixture, "key ctrl+z");
  g_assert_null (note_of (fixture, ref));
  input_do (fixture, "key ctrl+shift+z");
  g_assert_cmpstr (note_of (fixture, ref), ==, "my.words");
  input_do (fixture, "key Delete");
  g_assert_null (note_of (fixture, ref));
  input_do (fixture, "key ctrl+z");
  g_assert_cmpstr (note_of (fixture, ref), ==, "my.words");
}

/* Escape leaves it as it was; what is written and then clicked away from is kept. */
static void
test_escape (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  TramaRef ref;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  ref = select_event (fixture);
  input_do (fixture, "key n");
  input_do (fixture, "type --delay 20 not.this");
  input_do (fixture, "key Escape");
  g_assert_null (note_of (fixture, ref));
  g_assert_false (is_enabled (fixture, "undo"));
  g_assert_cmpuint (trama_view_state_get_selected (get_state (fixture)).index, ==, ref.index);

  input_do (fixture, "key n");
  input_do (fixture, "type --delay 20 but.this");
  input_point_at (fixture, GTK_WIDGET (ladder), gtk_widget_get_width (GTK_WIDGET (ladder)) - 20,
                  gtk_widget_get_height (GTK_WIDGET (ladder)) - 20);
  input_do (fixture, "click 1");
  g_assert_cmpstr (note_of (fixture, ref), ==, "but.this");
}

/* A click on the card selects what it is about, a double click writes on it. */
static void
test_card (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  const TramaRef ref = { TRAMA_EVENT_PACKET, 2 };
  const TramaChartNote *card;
  TramaChart *chart;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  trama_remarks_write (get_state (fixture), trama_place_of_event (get_state (fixture), ref), "  seen  ");
  fixture_settle (fixture);
  g_assert_cmpstr (note_of (fixture, ref), ==, "seen");
  chart = get_chart (fixture);
  card = &chart->notes[0];
  g_assert_cmpuint (card->n_own, ==, 1);
  input_point_at (fixture, GTK_WIDGET (ladder), card->x + card->width_px / 2,
                  chart->header_px + card->card_y + card->height_px / 2);
  input_do (fixture, "click 1");
  g_assert_cmpuint (trama_view_state_get_selected (get_state (fixture)).kind, ==, TRAMA_EVENT_PACKET);
  g_assert_cmpuint (trama_view_state_get_selected (get_state (fixture)).index, ==, 2);
  input_do (fixture, "sleep 0.8 click --repeat 2 --delay 60 1");
  input_do (fixture, "type --delay 20 .twice");
  input_do (fixture, "key ctrl+Return");
  g_assert_cmpstr (note_of (fixture, ref), ==, "seen.twice");
}

/* Where else a note shows: its row in the list, what is said of the event, and the search. */
static void
test_everywhere (Fixture *fixture, gconstpointer data)
{
  TramaWindow *window = fixture->window;
  TramaEventList *list = trama_lists_pane_get_events (trama_window_get_lists (window));
  TramaSearchBar *search = trama_window_get_search (window);
  TramaLadderView *ladder = trama_window_get_ladder (window);
  g_autofree char *before = NULL, *after = NULL, *undone = NULL;
  TramaRef ref;
  guint row;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.events", NULL);
  fixture_settle (fixture);
  ref = (TramaRef){ TRAMA_EVENT_PACKET, 3 };
  trama_view_state_select (get_state (fixture), ref);
  row = trama_row_table_get_selected (trama_event_list_get_table (list));
  before = trama_event_list_dup_cell (list, row, 3);

  trama_search_bar_open (search);
  trama_search_bar_set_text (search, "note:first.byte");
  fixture_settle (fixture);
  g_assert_cmpstr (trama_search_bar_get_status (search), ==, "No hits");
  trama_remarks_write (get_state (fixture), trama_place_of_event (get_state (fixture), ref),
                       "the\nFirst.Byte of it");
  fixture_settle (fixture);
  after = trama_event_list_dup_cell (list, row, 3);
  g_assert_true (g_str_has_prefix (after, "✎ the First.Byte of it · "));
  g_assert_true (g_str_has_suffix (after, before));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (ladder), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, after);
  g_assert_cmpuint (trama_search_bar_n_hits (search), ==, 1);
  g_assert_cmpstr (trama_search_bar_get_status (search), ==, "1 of 1");

  trama_undo_stack_undo (trama_view_state_get_undo (get_state (fixture)));
  fixture_settle (fixture);
  undone = trama_event_list_dup_cell (list, row, 3);
  g_assert_cmpstr (undone, ==, before);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (ladder), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, before);
  g_assert_cmpuint (trama_search_bar_n_hits (search), ==, 0);
}

/* The inspector shows the note of what is selected, and writes it. */
static void
test_inspector (Fixture *fixture, gconstpointer data)
{
  TramaNoteCard *card = trama_inspector_get_note_card (trama_window_get_inspector (fixture->window));
  TramaViewState *state = get_state (fixture);
  const TramaRef packet = { TRAMA_EVENT_PACKET, 2 }, call = { TRAMA_EVENT_CALL, 1 };
  GtkTextView *text;

  trama_view_state_select (state, (TramaRef){ 0 });
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (card)));
  trama_view_state_select (state, packet);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (card)));
  g_assert_cmpstr (trama_note_card_get_text (card), ==, "");

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1800, 1000);
  fixture_settle (fixture);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (card)));
  trama_note_card_edit (card);
  fixture_settle (fixture);
  text = trama_note_popover_get_text (trama_note_card_get_popover (card));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (text), "written here", -1);
  gtk_popover_popdown (GTK_POPOVER (trama_note_card_get_popover (card)));
  fixture_settle (fixture);
  g_assert_cmpstr (note_of (fixture, packet), ==, "written here");
  g_assert_cmpstr (trama_note_card_get_text (card), ==, "written here");

  trama_view_state_select (state, call);
  g_assert_cmpstr (trama_note_card_get_text (card), ==, "");
  trama_view_state_select (state, packet);
  g_assert_cmpstr (trama_note_card_get_text (card), ==, "written here");
  trama_undo_stack_undo (trama_view_state_get_undo (state));
  g_assert_null (note_of (fixture, packet));
  g_assert_cmpstr (trama_note_card_get_text (card), ==, "");
}

/* B sets and takes away; Ctrl+B goes from one to the next and round. */
static void
test_marks (Fixture *fixture, gconstpointer data)
{
  TramaViewState *state = get_state (fixture);
  TramaRef first, last;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  g_assert_false (is_enabled (fixture, "next-mark"));
  first = select_event (fixture);
  input_do (fixture, "key b");
  input_do (fixture, "key Down Down Down");
  last = trama_view_state_get_selected (state);
  input_do (fixture, "key b");
  g_assert_cmpuint (get_chart (fixture)->n_marks, ==, 2);
  input_do (fixture, "key ctrl+b");
  g_assert_cmpuint (trama_view_state_get_selected (state).index, ==, first.index);
  input_do (fixture, "key ctrl+b");
  g_assert_cmpuint (trama_view_state_get_selected (state).index, ==, last.index);
  input_do (fixture, "key ctrl+alt+b");
  g_assert_cmpuint (trama_view_state_get_selected (state).index, ==, first.index);
  input_do (fixture, "key b");
  g_assert_cmpuint (trama_notebook_n_marks (get_notebook (fixture)), ==, 1);
  input_do (fixture, "key ctrl+z ctrl+z ctrl+z");
  g_assert_cmpuint (trama_notebook_n_marks (get_notebook (fixture)), ==, 0);

  /* Without a selection, the moment; and again, as the pointer is still there. */
  input_do (fixture, "key Escape");
  input_do (fixture, "key b");
  g_assert_cmpuint (trama_notebook_n_marks (get_notebook (fixture)), ==, 1);
  g_assert_cmpuint (get_chart (fixture)->marks[0].subject.kind, ==, 0);
  input_do (fixture, "key b");
  g_assert_cmpuint (trama_notebook_n_marks (get_notebook (fixture)), ==, 0);
}

/* The letters belong to whoever writes, and the editor's undo is the editor's. */
static void
test_editor (Fixture *fixture, gconstpointer data)
{
  GtkTextView *text = GTK_TEXT_VIEW (
      trama_session_editor_get_text (trama_window_get_editor (fixture->window)));
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  TramaRef ref;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  ref = select_event (fixture);
  input_do (fixture, "key b");
  input_do (fixture, "key F4");
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (text)));
  g_object_get (gtk_text_view_get_buffer (text), "text", &before, NULL);
  input_do (fixture, "key n b m");
  input_do (fixture, "key ctrl+z ctrl+z ctrl+z ctrl+z ctrl+z");
  g_object_get (gtk_text_view_get_buffer (text), "text", &after, NULL);
  g_assert_cmpstr (after, ==, before);
  g_assert_true (trama_notebook_is_marked (get_notebook (fixture), ref, 0));
}

static char *
format (gint64 from_ns, gint64 to_ns)
{
  return trama_duration_format (to_ns - from_ns);
}

/* M at a call says how long it took; a step away, the true time between; Escape ends it, and M begins again. */
static void
test_measure (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  TramaViewState *state = get_state (fixture);
  const TramaCall *call;
  TramaRef ref;
  gint64 to_ns;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  g_assert_null (trama_ladder_view_dup_measured (ladder));
  ref = select_event (fixture);
  call = trama_store_get_call (fixture_get_store (fixture), ref.index);
  input_do (fixture, "key m");
  {
    g_autofree char *measured = trama_ladder_view_dup_measured (ladder);
    g_autofree char *expected = format (call->entry_ns, call->exit_ns);

    g_assert_cmpstr (measured, ==, expected);
  }
  input_do (fixture, "key End");
  to_ns = trama_place_of_event (state, trama_view_state_get_selected (state)).time_ns;
  {
    g_autofree char *measured = trama_ladder_view_dup_measured (ladder);
    g_autofree char *expected = format (call->entry_ns, to_ns);

    g_assert_cmpstr (measured, ==, expected);
  }
  input_do (fixture, "key ctrl+alt+c");
  input_do (fixture, "key Escape");
  g_assert_null (trama_ladder_view_dup_measured (ladder));
  g_assert_cmpuint (trama_view_state_get_selected (state).kind, !=, 0);
}

/* By the mouse: from the event at the pointer to the packet that the pointer comes near to. */
static void
test_measure_by_mouse (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  TramaChart *chart = get_chart (fixture);
  const TramaChartArrow *from = &chart->arrows[0], *to = &chart->arrows[3];
  TramaPacket first, last;
  g_autofree char *expected = NULL;
  g_autofree char *measured = NULL;

  if (!input_is_possible ())
    return;
  trama_store_get_packet (fixture_get_store (fixture), from->packet, &first);
  trama_store_get_packet (fixture_get_store (fixture), to->packet, &last);
  input_focus (fixture);
  input_do (fixture, "key Escape");
  input_point_at (fixture, GTK_WIDGET (ladder), chart->gutter_px / 2, chart->header_px + from->y0);
  input_do (fixture, "key m");
  input_point_at (fixture, GTK_WIDGET (ladder), chart->gutter_px / 2, chart->header_px + to->y0);
  expected = format (first.time_ns, last.time_ns);
  measured = trama_ladder_view_dup_measured (ladder);
  g_assert_cmpstr (measured, ==, expected);
}

static gboolean
is_asked (Fixture *fixture)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *one = windows; one != NULL; one = one->next)
    if (GTK_IS_MESSAGE_DIALOG (one->data) && gtk_widget_get_visible (one->data))
      return TRUE;
  return FALSE;
}

static gboolean
is_shown_again (Fixture *fixture)
{
  return !trama_feed_is_running (trama_window_get_feed (fixture->window))
         && trama_view_state_get_table (get_state (fixture)) != NULL
         && trama_flow_table_get_store (trama_view_state_get_table (get_state (fixture)))
                == fixture_get_store (fixture);
}

/* Saved, they are there when the trace is opened again, and nobody is asked anything. */
static void
test_saving (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-notes-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "notes.pcapng", NULL);
  TramaViewState *state = get_state (fixture);
  const TramaRef packet = { TRAMA_EVENT_PACKET, 1 };
  const TramaRef call = { TRAMA_EVENT_CALL, 3 };

  trama_remarks_write (state, trama_place_of_event (state, packet), "a packet");
  trama_remarks_write (state, trama_place_of_event (state, call), "a call");
  trama_remarks_toggle_mark (state, trama_place_of_event (state, call));
  g_assert_true (trama_remarks_are_modified (state));
  trama_window_save (fixture->window, path, TRAMA_FEED_SAVE_WHOLE);
  g_assert_false (trama_remarks_are_modified (state));

  trama_window_open (fixture->window, path);
  g_assert_false (is_asked (fixture));
  fixture_wait (fixture, is_shown_again);
  fixture_settle (fixture);
  g_assert_cmpstr (note_of (fixture, packet), ==, "a packet");
  g_assert_cmpstr (note_of (fixture, call), ==, "a call");
  g_assert_true (trama_notebook_is_marked (get_notebook (fixture), call, 0));
  g_assert_false (is_enabled (fixture, "undo"));
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Not saved, they do not go unasked: neither with another run, nor with the window. */
static void
test_asking (Fixture *fixture, gconstpointer data)
{
  TramaViewState *state = get_state (fixture);
  TramaStore *before = fixture_get_store (fixture);
  const TramaRef packet = { TRAMA_EVENT_PACKET, 1 };

  trama_remarks_write (state, trama_place_of_event (state, packet), "a packet");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.run", NULL);
  g_assert_true (is_asked (fixture));
  g_assert_true (fixture_get_store (fixture) == before);
  g_assert_cmpstr (note_of (fixture, packet), ==, "a packet");
  trama_undo_stack_undo (trama_view_state_get_undo (state));
  g_assert_false (trama_remarks_are_modified (state));
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/window/remarks/note-by-keyboard", test_note_by_keyboard);
  fixture_add ("/window/remarks/escape", test_escape);
  fixture_add ("/window/remarks/everywhere", test_everywhere);
  fixture_add ("/window/remarks/inspector", test_inspector);
  fixture_add ("/window/remarks/card", test_card);
  fixture_add ("/window/remarks/marks", test_marks);
  fixture_add ("/window/remarks/editor", test_editor);
  fixture_add ("/window/remarks/measure", test_measure);
  fixture_add ("/window/remarks/measure-by-mouse", test_measure_by_mouse);
  fixture_add ("/window/remarks/saving", test_saving);
  fixture_add ("/window/remarks/asking", test_asking);
  return g_test_run ();
}
