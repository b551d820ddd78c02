/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/flow_list.h"
#include "tests/ui/window/capture.h"
#include "tests/ui/window/fixture.h"

#include <glib/gstdio.h>
#include <math.h>

/* The lists below the ladder, and the search. */

enum
{
  EVENT_WHO = 2,
  EVENT_WHAT = 3,
};

enum
{
  FLOW_FROM = 1,
  FLOW_PROCESSES = 3,
  FLOW_PROTOCOL = 4,
  FLOW_STATE = 5,
  FLOW_PACKETS = 6,
};

static TramaViewState *
get_state (Fixture *fixture)
{
  return trama_window_get_state (fixture->window);
}

static TramaConversationList *
get_conversations (Fixture *fixture)
{
  return trama_lists_pane_get_conversations (trama_window_get_lists (fixture->window));
}

static gboolean
is_sifted (Fixture *fixture)
{
  return !trama_conversation_list_is_busy (get_conversations (fixture));
}

static TramaEventList *
get_events (Fixture *fixture)
{
  return trama_lists_pane_get_events (trama_window_get_lists (fixture->window));
}

static void
act (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
  fixture_settle (fixture);
}

static void
assert_ref (TramaRef ref, guint32 kind, guint32 index)
{
  g_assert_cmpuint (ref.kind, ==, kind);
  g_assert_cmpuint (ref.index, ==, index);
}

static void
open_capture (Fixture *fixture, guint n_packets, guint n_flows)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "many.pcap", NULL);

  capture_write (path, n_packets, n_flows);
  trama_window_open (fixture->window, path);
  fixture_wait_finished (fixture);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
press_row (TramaRowTable *table, guint row)
{
  /* As the view does when a row is clicked, or reached by an arrow key. */
  GtkWidget *view = gtk_widget_get_first_child (gtk_widget_get_first_child (GTK_WIDGET (table)));

  g_assert_true (GTK_IS_COLUMN_VIEW (view));
  gtk_selection_model_select_item (gtk_column_view_get_model (GTK_COLUMN_VIEW (view)), row, TRUE);
}

/* FALSE: and says that the test is skipped. */
static gboolean
has_packets (Fixture *fixture)
{
  if (trama_store_packets_observed (fixture_get_store (fixture)))
    return TRUE;
  g_test_skip ("packets are not observed on this machine");
  return FALSE;
}

static void
test_panes (Fixture *fixture, gconstpointer data)
{
  TramaListsPane *lists = trama_window_get_lists (fixture->window);
  GtkWidget *ladder = GTK_WIDGET (trama_window_get_ladder (fixture->window));

  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (lists)));
  act (fixture, "win.conversations");
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (get_conversations (fixture))));
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (lists)), >, 200);
  g_assert_cmpint (gtk_widget_get_height (ladder), >, 200);
  g_assert_true (
      gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (fixture->window)), GTK_WIDGET (lists)));
  /* Another page, then the same again: back to the ladder. */
  act (fixture, "win.events");
  g_assert_cmpstr (trama_lists_pane_get_page (lists), ==, "events");
  act (fixture, "win.events");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (lists)));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == ladder);
  act (fixture, "win.events");
  act (fixture, "win.close-lists");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (lists)));
}

static void
assert_cell (Fixture *fixture, guint row, guint column, const char *expected)
{
  g_autofree char *text = trama_conversation_list_dup_cell (get_conversations (fixture), row, column);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_conversation (Fixture *fixture, gconstpointer data)
{
  TramaRowTable *table = trama_conversation_list_get_table (get_conversations (fixture));

  if (!has_packets (fixture))
    return;
  act (fixture, "win.conversations");
  g_assert_cmpuint (trama_row_table_get_size (table), ==, 1);
  assert_cell (fixture, 0, FLOW_PROCESSES, "client, server");
  assert_cell (fixture, 0, FLOW_PROTOCOL, "TCP");
  assert_cell (fixture, 0, FLOW_STATE, "closed");
  g_assert_cmpuint (trama_row_table_get_selected (table), ==, G_MAXUINT);
  press_row (table, 0);
  g_assert_cmpuint (trama_view_state_get_selected (get_state (fixture)).kind, ==, TRAMA_EVENT_PACKET);
  g_assert_cmpuint (trama_view_state_get_selected (get_state (fixture)).index, ==, 0);
  /* Its row is selected by any event of it. */
  trama_view_state_select (get_state (fixture), (TramaRef){ 0 });
  g_assert_cmpuint (trama_row_table_get_selected (table), ==, G_MAXUINT);
  trama_view_state_select (get_state (fixture),
                           (TramaRef){ TRAMA_EVENT_CALL, fixture_find_call (fixture, "connect") });
  g_assert_cmpuint (trama_row_table_get_selected (table), ==, 0);
}

static const char *
first_column_name (Fixture *fixture)
{
  return trama_ladder_view_get_chart (trama_window_get_ladder (fixture->window))->columns[0].name;
}

static const TramaChart *
get_chart (Fixture *fixture)
{
  return trama_ladder_view_get_chart (trama_window_get_ladder (fixture->window));
}

/* Of a foreign capture the ladder shows the conversations that are chosen; while none are, the busiest. */
static void
test_choose (Fixture *fixture, gconstpointer data)
{
  TramaConversationList *list = get_conversations (fixture);
  TramaRowTable *table = trama_conversation_list_get_table (list);

  open_capture (fixture, 50, 10);
  act (fixture, "win.conversations");
  g_assert_cmpuint (trama_row_table_get_size (table), ==, 10);
  g_assert_cmpuint (get_chart (fixture)->n_arrows, ==, 50);
  g_assert_cmpuint (get_chart (fixture)->n_columns, ==, 2);
  g_assert_cmpstr (first_column_name (fixture), ==, "10.0.0.1");
  g_assert_null (get_chart (fixture)->scope);

  press_row (table, 7);
  fixture_settle (fixture);
  assert_ref (trama_view_state_get_selected (get_state (fixture)), TRAMA_EVENT_PACKET, 7);
  g_assert_cmpstr (first_column_name (fixture), ==, "10.0.0.1:10007");
  g_assert_cmpuint (get_chart (fixture)->n_arrows, ==, 5);
  g_assert_cmpuint (trama_row_table_get_selected (table), ==, 7);

  /* An event of another conversation has that drawn beside it, and one of a third has that instead. */
  trama_view_state_select (get_state (fixture), (TramaRef){ TRAMA_EVENT_PACKET, 13 });
  fixture_settle (fixture);
  g_assert_cmpstr (first_column_name (fixture), ==, "10.0.0.1:10003");
  g_assert_cmpuint (get_chart (fixture)->n_arrows, ==, 10);
  g_assert_cmpuint (trama_row_table_get_selected (table), ==, 3);
  trama_view_state_select (get_state (fixture), (TramaRef){ TRAMA_EVENT_PACKET, 14 });
  fixture_settle (fixture);
  g_assert_cmpstr (first_column_name (fixture), ==, "10.0.0.1:10004");
  g_assert_cmpuint (get_chart (fixture)->n_arrows, ==, 10);
}

/* Several rows: their conversations stand side by side, the server in the middle; none: as at first. */
static void
test_choose_several (Fixture *fixture, gconstpointer data)
{
  TramaConversationList *list = get_conversations (fixture);
  TramaRowTable *table = trama_conversation_list_get_table (list);
  g_autoptr (GtkBitset) rows = gtk_bitset_new_range (2, 4);
  g_autoptr (GtkBitset) none = gtk_bitset_new_empty ();
  guint n_drawn;

  open_capture (fixture, 50, 10);
  act (fixture, "win.conversations");
  trama_row_table_choose (table, rows);
  fixture_settle (fixture);
  n_drawn = trama_flow_set_n_flows (trama_view_state_get_drawn (get_state (fixture)));
  g_assert_cmpuint (n_drawn, ==, 4);
  g_assert_cmpuint (get_chart (fixture)->n_columns, ==, 5);
  g_assert_true (g_str_has_prefix (get_chart (fixture)->columns[2].name, "10.0.0.2:"));
  g_assert_cmpuint (get_chart (fixture)->n_arrows, ==, 20);
  g_assert_cmpstr (get_chart (fixture)->scope, ==, "4 of 10 conversations");

  /* Looking for something, or sorting, chooses nothing. */
  trama_row_table_sort (table, FLOW_FROM, TRUE);
  trama_conversation_list_set_filter (list, ":10009");
  trama_conversation_list_set_filter (list, "");
  fixture_settle (fixture);
  g_assert_cmpuint (get_chart (fixture)->n_arrows, ==, 20);

  trama_row_table_choose (table, rows);
  trama_row_table_choose (table, none);
  fixture_settle (fixture);
  g_assert_cmpuint (get_chart (fixture)->n_arrows, ==, 50);
}

static void
test_sort_and_filter (Fixture *fixture, gconstpointer data)
{
  TramaConversationList *list = get_conversations (fixture);
  TramaRowTable *table = trama_conversation_list_get_table (list);

  /* The first three have one packet more than the others. */
  open_capture (fixture, 53, 10);
  act (fixture, "win.conversations");
  press_row (table, 2);
  trama_row_table_sort (table, FLOW_FROM, TRUE);
  g_assert_cmpuint (trama_conversation_list_get_flow (list, 0), ==, 9);
  g_assert_cmpuint (trama_conversation_list_get_flow (list, 9), ==, 0);
  /* What was selected still is, elsewhere. */
  g_assert_cmpuint (trama_row_table_get_selected (table), ==, 7);
  assert_ref (trama_view_state_get_selected (get_state (fixture)), TRAMA_EVENT_PACKET, 2);
  trama_row_table_sort (table, FLOW_PACKETS, FALSE);
  g_assert_cmpuint (trama_conversation_list_get_flow (list, 0), ==, 3);
  assert_cell (fixture, 9, FLOW_PACKETS, "6");
  trama_row_table_sort (table, FLOW_PACKETS, TRUE);
  assert_cell (fixture, 0, FLOW_PACKETS, "6");

  trama_conversation_list_set_filter (list, ":10004");
  fixture_settle (fixture);
  g_assert_cmpuint (trama_row_table_get_size (table), ==, 1);
  assert_cell (fixture, 0, FLOW_FROM, "10.0.0.1:10004");
  g_assert_cmpuint (trama_row_table_get_selected (table), ==, G_MAXUINT);
  trama_conversation_list_set_filter (list, "");
  g_assert_cmpuint (trama_row_table_get_size (table), ==, 10);
  g_assert_cmpuint (trama_row_table_get_selected (table), !=, G_MAXUINT);
}

static void
test_events (Fixture *fixture, gconstpointer data)
{
  TramaEventList *list = get_events (fixture);
  TramaRowTable *table = trama_event_list_get_table (list);
  TramaStore *store = fixture_get_store (fixture);
  g_autofree char *who = NULL;
  g_autofree char *what = NULL;
  guint row;

  if (!has_packets (fixture))
    return;
  act (fixture, "win.events");
  g_assert_cmpuint (trama_row_table_get_size (table), ==,
                    trama_store_n_packets (store) + trama_store_n_calls (store));

  /* The first packet is the SYN; the call that caused it stands before it. */
  trama_view_state_select (get_state (fixture), (TramaRef){ TRAMA_EVENT_PACKET, 0 });
  row = trama_row_table_get_selected (table);
  g_assert_cmpuint (row, >, 0);
  who = trama_event_list_dup_cell (list, row, EVENT_WHO);
  what = trama_event_list_dup_cell (list, row, EVENT_WHAT);
  g_assert_cmpstr (who, ==, "client");
  g_assert_true (g_str_has_prefix (what, "SYN, seq 0 from client to server, "));
  g_assert_nonnull (strstr (what, " after connect was called"));

  /* The same selection, the other way round. */
  press_row (table, 0);
  assert_ref (trama_view_state_get_selected (get_state (fixture)), TRAMA_EVENT_CALL, 0);
  press_row (table, row);
  assert_ref (trama_view_state_get_selected (get_state (fixture)), TRAMA_EVENT_PACKET, 0);
}

static void
test_unseen (Fixture *fixture, gconstpointer data)
{
  TramaEventList *list = get_events (fixture);
  g_autofree char *seen = NULL;
  g_autofree char *unseen = NULL;
  g_autofree char *seen_again = NULL;

  if (!has_packets (fixture))
    return;
  act (fixture, "win.events");
  seen = trama_event_list_dup_cell (list, 0, EVENT_WHO);
  g_assert_cmpstr (seen, !=, "");

  /* A column may come back there, and asks for its cells: those rows were calls, and there is none. */
  act (fixture, "win.conversations");
  open_capture (fixture, 20, 2);
  unseen = trama_event_list_dup_cell (list, 0, EVENT_WHO);
  g_assert_cmpstr (unseen, ==, "");

  act (fixture, "win.events");
  seen_again = trama_event_list_dup_cell (list, 0, EVENT_WHO);
  g_assert_cmpstr (seen_again, !=, "");
  g_assert_cmpuint (trama_row_table_get_size (trama_event_list_get_table (list)), ==, 20);
}

/* Every step down the ladder is a step down the list: the same events in the same order. */
static void
test_same_order (Fixture *fixture, gconstpointer data)
{
  TramaRowTable *table = trama_event_list_get_table (get_events (fixture));
  GtkWidget *ladder = GTK_WIDGET (trama_window_get_ladder (fixture->window));
  guint last = G_MAXUINT;
  guint n = 0;

  act (fixture, "win.events");
  gtk_widget_activate_action (ladder, "ladder.step-from-end", "i", 1);
  while (trama_row_table_get_selected (table) != last)
    {
      g_assert_true (last == G_MAXUINT || trama_row_table_get_selected (table) > last);
      last = trama_row_table_get_selected (table);
      gtk_widget_activate_action (ladder, "ladder.step", "i", 1);
      n++;
    }
  g_assert_cmpuint (n, ==, trama_row_table_get_size (table));
}

static gboolean
is_searched (Fixture *fixture)
{
  return !trama_search_bar_is_busy (trama_window_get_search (fixture->window));
}

static void
search (Fixture *fixture, const char *text)
{
  trama_search_bar_set_text (trama_window_get_search (fixture->window), text);
  fixture_wait (fixture, is_searched);
}

static void
test_search (Fixture *fixture, gconstpointer data)
{
  TramaSearchBar *bar = trama_window_get_search (fixture->window);
  TramaRef first;

  if (!has_packets (fixture))
    return;
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (bar)));
  act (fixture, "win.find");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (bar)));
  search (fixture, "call:connect");
  g_assert_cmpstr (trama_search_bar_get_status (bar), ==, "1 of 1");
  assert_ref (trama_view_state_get_selected (get_state (fixture)), TRAMA_EVENT_CALL,
              fixture_find_call (fixture, "connect"));

  search (fixture, "flag:SYN");
  g_assert_cmpuint (trama_search_bar_n_hits (bar), ==, 2);
  first = trama_view_state_get_selected (get_state (fixture));
  assert_ref (first, TRAMA_EVENT_PACKET, 0);
  act (fixture, "win.find-next");
  g_assert_cmpstr (trama_search_bar_get_status (bar), ==, "2 of 2");
  act (fixture, "win.find-next");
  assert_ref (trama_view_state_get_selected (get_state (fixture)), first.kind, first.index);
  act (fixture, "win.find-previous");
  g_assert_cmpstr (trama_search_bar_get_status (bar), ==, "2 of 2");

  search (fixture, "no such thing");
  g_assert_cmpstr (trama_search_bar_get_status (bar), ==, "No hits");
  search (fixture, "0x4");
  g_assert_cmpstr (trama_search_bar_get_status (bar), ==, "A byte has two hexadecimal digits");
  g_assert_cmpuint (trama_search_bar_n_hits (bar), ==, 0);
  search (fixture, "");
  g_assert_cmpstr (trama_search_bar_get_status (bar), ==, "");
}

/* How many hits there are marks of in the overview, and that the keys go through all of them and round. */
static void
assert_found (Fixture *fixture, const char *text, guint n_hits)
{
  TramaSearchBar *bar = trama_window_get_search (fixture->window);
  const TramaSearch *found;
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  search (fixture, text);
  g_test_message ("%s: %s", text, trama_search_bar_get_status (bar));
  g_assert_cmpuint (trama_search_bar_n_hits (bar), ==, n_hits);
  found = trama_view_state_get_search (get_state (fixture));
  g_assert_cmpuint (trama_search_n_hits (found), ==, n_hits);
  for (guint i = 0; i < n_hits; i++)
    {
      TramaRef ref = trama_view_state_get_selected (get_state (fixture));

      g_assert_cmpuint (trama_search_find (found, ref), !=, G_MAXUINT);
      g_hash_table_add (seen, GUINT_TO_POINTER (trama_search_find (found, ref)));
      act (fixture, "win.find-next");
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, n_hits);
  for (guint i = 0; i < n_hits; i++)
    act (fixture, "win.find-previous");
}

static gboolean
is_explained (Fixture *fixture)
{
  return trama_view_state_get_findings (get_state (fixture)) != NULL
         && !trama_inquiry_is_busy (trama_window_get_inquiry (fixture->window));
}

/* Every kind of thing that can be searched for, in a session; and what cannot. */
static void
test_search_kinds (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text;
    guint n_hits;
  } searches[] = {
    { "text:hello", 3 }, /* written, sent, read */
    { "\"Hello?\"", 3 },         { "\"hello\"", 0 },         { "0x48 65 6c 6c 6f", 3 },
    { "flag:RST", 0 },           { "flag:FIN", 2 },          { "call:listen", 1 },
    { "errno:ECONNREFUSED", 0 }, { "note:my own words", 1 }, { "no such thing", 0 },
  };
  const TramaRef packet = { TRAMA_EVENT_PACKET, 4 };
  TramaSearchBar *bar = trama_window_get_search (fixture->window);

  fixture_wait (fixture, is_explained);
  trama_remarks_write (get_state (fixture), trama_place_of_event (get_state (fixture), packet),
                       "My own words");
  trama_search_bar_open (bar);
  for (gsize i = 0; i < G_N_ELEMENTS (searches); i++)
    assert_found (fixture, searches[i].text, searches[i].n_hits);
  search (fixture, "address:127.0.0.1:5000");
  g_assert_cmpuint (trama_search_bar_n_hits (bar), >=, 10);
  search (fixture, "port:5000");
  g_assert_cmpuint (trama_search_bar_n_hits (bar), >=, 10);
  search (fixture, "finding:notice");
  g_assert_cmpuint (trama_search_bar_n_hits (bar), >, 0);
  search (fixture, "flag:LOUD");
  g_assert_cmpstr (trama_search_bar_get_status (bar), ==, "Nothing of that kind is called “LOUD”");
  search (fixture, "note:");
  g_assert_cmpuint (trama_search_bar_n_hits (bar), ==, 0);
}

static gboolean
on_waited (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* The entry tells what was typed a while later: when it was closed meanwhile nothing is searched. */
static void
test_search_closed (Fixture *fixture, gconstpointer data)
{
  TramaSearchBar *bar = trama_window_get_search (fixture->window);
  gboolean has_waited = FALSE;
  GtkWidget *entry;

  act (fixture, "win.find");
  entry = gtk_widget_get_ancestor (gtk_window_get_focus (GTK_WINDOW (fixture->window)),
                                   GTK_TYPE_SEARCH_ENTRY);
  g_assert_nonnull (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), "flag:SYN");
  g_signal_emit_by_name (entry, "stop-search");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (bar)));
  g_timeout_add (400, on_waited, &has_waited);
  while (!has_waited)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (trama_view_state_get_search (get_state (fixture)));
  g_assert_cmpuint (trama_search_bar_n_hits (bar), ==, 0);
}

/* A search is of the trace that is shown. */
static void
test_search_anew (Fixture *fixture, gconstpointer data)
{
  TramaSearchBar *bar = trama_window_get_search (fixture->window);

  act (fixture, "win.find");
  search (fixture, "port:10003");
  g_assert_cmpuint (trama_search_bar_n_hits (bar), ==, 0);
  open_capture (fixture, 50, 10);
  fixture_wait (fixture, is_searched);
  g_assert_cmpuint (trama_search_bar_n_hits (bar), ==, 5);
}

static GtkScrolledWindow *
get_scrolled_window (TramaRowTable *table)
{
  return GTK_SCROLLED_WINDOW (gtk_widget_get_first_child (GTK_WIDGET (table)));
}

static gboolean
has_all_events (Fixture *fixture)
{
  return trama_row_table_is_whole (trama_event_list_get_table (get_events (fixture)));
}

/* A list that opens has rows that were never laid out; what is selected is in view, and the keyboard is there. */
static void
test_opens_at_selected (Fixture *fixture, gconstpointer data)
{
  const guint n = 1000, selected = 600;
  TramaRowTable *table = trama_event_list_get_table (get_events (fixture));
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (get_scrolled_window (table));
  GtkWidget *focus;
  double row_px;

  open_capture (fixture, n, 10);
  trama_view_state_select (get_state (fixture), (TramaRef){ TRAMA_EVENT_PACKET, selected });
  act (fixture, "win.events");
  fixture_wait (fixture, has_all_events);
  fixture_settle (fixture);
  fixture_settle (fixture);
  row_px = gtk_adjustment_get_upper (adjustment) / n;
  g_assert_cmpfloat (selected * row_px, >=, gtk_adjustment_get_value (adjustment) - row_px);
  g_assert_cmpfloat (selected * row_px, <=,
                     gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment));
  focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));
  g_assert_true (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (table)));
}

/* What is in view whole ends there, too; a list that takes room from it leaves its beginning in view. */
static void
test_opens_below_beginning (Fixture *fixture, gconstpointer data)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  GtkAdjustment *down = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (ladder));

  trama_view_state_select (get_state (fixture), (TramaRef){ 0 });
  act (fixture, "win.zoom-fit");
  gtk_adjustment_set_value (down, gtk_adjustment_get_upper (down));
  fixture_settle (fixture);
  g_assert_cmpfloat (gtk_adjustment_get_value (down), <, 20);
  act (fixture, "win.conversations");
  fixture_settle (fixture);
  g_assert_cmpfloat (gtk_adjustment_get_upper (down), >, gtk_adjustment_get_page_size (down) + 20);
  g_assert_cmpfloat (gtk_adjustment_get_value (down), ==, 0);
}

/* Several positions before one frame: a view of GTK 4.8 alone jumps to its end. */
static void
test_wheel (Fixture *fixture, gconstpointer data)
{
  TramaRowTable *table = trama_event_list_get_table (get_events (fixture));
  GtkAdjustment *adjustment;
  double value, upper;

  open_capture (fixture, 100000, 10);
  act (fixture, "win.events");
  g_assert_cmpuint (trama_row_table_get_size (table), ==, 100000);
  fixture_wait (fixture, has_all_events);
  fixture_settle (fixture);
  adjustment = gtk_scrolled_window_get_vadjustment (get_scrolled_window (table));
  upper = gtk_adjustment_get_upper (adjustment);
  g_assert_cmpfloat (upper, >, 100000 * 10);
  gtk_adjustment_set_value (adjustment, upper / 2);
  fixture_settle (fixture);
  value = gtk_adjustment_get_value (adjustment);
  for (guint frame = 0; frame < 20; frame++)
    {
      for (guint i = 0; i < 3; i++)
        gtk_adjustment_set_value (adjustment, value -= 60);
      fixture_settle (fixture);
      g_assert_cmpfloat (fabs (gtk_adjustment_get_value (adjustment) - value), <, 60);
      g_assert_cmpfloat (fabs (gtk_adjustment_get_upper (adjustment) - upper), <, 1);
    }
}

static gboolean
is_column_shown (TramaRowTable *table, guint column)
{
  GtkWidget *view = gtk_widget_get_first_child (gtk_widget_get_first_child (GTK_WIDGET (table)));
  g_autoptr (GtkColumnViewColumn)
      found = g_list_model_get_item (gtk_column_view_get_columns (GTK_COLUMN_VIEW (view)), column);

  return gtk_column_view_column_get_visible (found);
}

/* Of a size that the pane gives it. */
static void
assert_nothing_is_cut (TramaRowTable *table)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_hadjustment (get_scrolled_window (table));

  g_assert_cmpfloat (gtk_adjustment_get_upper (adjustment), <=,
                     gtk_adjustment_get_page_size (adjustment) + 0.5);
}

/* Columns leave when there is no room for them, in their order; what the user asks for is shown all the same. */
static void
test_columns (Fixture *fixture, gconstpointer data)
{
  TramaRowTable *table = trama_conversation_list_get_table (get_conversations (fixture));
  guint n_shown = 0;

  open_capture (fixture, 100, 10);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.inspector", NULL);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1800, 1000);
  act (fixture, "win.conversations");
  fixture_settle (fixture);
  for (guint i = 0; i < TRAMA_N_FLOW_KEYS; i++)
    n_shown += is_column_shown (table, i);
  g_assert_cmpuint (n_shown, ==, TRAMA_N_FLOW_KEYS);
  assert_nothing_is_cut (table);

  gtk_widget_set_size_request (GTK_WIDGET (fixture->window), 900, -1);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 1000);
  fixture_settle (fixture);
  fixture_settle (fixture);
  g_assert_false (is_column_shown (table, FLOW_PROTOCOL));
  g_assert_true (is_column_shown (table, FLOW_FROM));
  g_assert_true (is_column_shown (table, FLOW_STATE));
  assert_nothing_is_cut (table);

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (table), "columns.4", NULL));
  fixture_settle (fixture);
  g_assert_true (is_column_shown (table, FLOW_PROTOCOL));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (table), "columns.5", NULL));
  fixture_settle (fixture);
  g_assert_false (is_column_shown (table, FLOW_STATE));
}

/* Fifty thousand conversations. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  TramaConversationList *list = get_conversations (fixture);
  TramaRowTable *table = trama_conversation_list_get_table (list);
  gint64 begin_us;

  open_capture (fixture, 100000, 50000);
  act (fixture, "win.conversations");
  fixture_wait (fixture, is_sifted);
  g_assert_cmpuint (trama_row_table_get_size (table), ==, 50000);
  begin_us = g_get_monotonic_time ();
  trama_row_table_sort (table, FLOW_FROM, TRUE);
  fixture_wait (fixture, is_sifted);
  g_test_message ("sorting took %.1f ms", (double) (g_get_monotonic_time () - begin_us) / 1000);
  g_assert_cmpuint (trama_conversation_list_get_flow (list, 0), ==, 49999);
  begin_us = g_get_monotonic_time ();
  trama_conversation_list_set_filter (list, ":59999");
  fixture_wait (fixture, is_sifted);
  g_test_message ("filtering took %.1f ms", (double) (g_get_monotonic_time () - begin_us) / 1000);
  g_assert_cmpuint (trama_row_table_get_size (table), ==, 1);
  begin_us = g_get_monotonic_time ();
  press_row (table, 0);
  fixture_settle (fixture);
  g_test_message ("choosing took %.1f ms", (double) (g_get_monotonic_time () - begin_us) / 1000);
  g_assert_cmpstr (first_column_name (fixture), ==, "10.0.0.1:59999");
}

static void
assert_step (Fixture *fixture, const char *action, int direction, TramaRef expected)
{
  GtkWidget *ladder = GTK_WIDGET (trama_window_get_ladder (fixture->window));

  g_assert_true (gtk_widget_activate_action (ladder, action, "i", direction));
  assert_ref (trama_view_state_get_selected (get_state (fixture)), expected.kind, expected.index);
}

static void
test_lane_and_links (Fixture *fixture, gconstpointer data)
{
  TramaRef connect = { TRAMA_EVENT_CALL, fixture_find_call (fixture, "connect") };
  TramaRef syn = { TRAMA_EVENT_PACKET, 0 };
  TramaRef syn_ack = { TRAMA_EVENT_PACKET, 1 };
  TramaFlowTable *table = trama_view_state_get_table (get_state (fixture));
  guint packet = 0;
  guint woken;

  if (!has_packets (fixture))
    return;

  trama_view_state_select (get_state (fixture), connect);
  assert_step (fixture, "ladder.step-along", 1, syn);
  assert_step (fixture, "ladder.step-along", -1, connect);
  /* From a packet to the call that it woke, and back to one that did. */
  while (trama_flow_table_get_woken (table, packet) == G_MAXUINT)
    packet++;
  woken = trama_flow_table_get_woken (table, packet);
  trama_view_state_select (get_state (fixture), (TramaRef){ TRAMA_EVENT_PACKET, packet });
  assert_step (fixture, "ladder.step-along", 1, (TramaRef){ TRAMA_EVENT_CALL, woken });
  assert_step (fixture, "ladder.step-along", -1, (TramaRef){ TRAMA_EVENT_PACKET, packet });
  /* Packets with packets, calls of one process with each other. */
  trama_view_state_select (get_state (fixture), syn);
  assert_step (fixture, "ladder.step-in-lane", 1, syn_ack);
  assert_step (fixture, "ladder.step-in-lane", -1, syn);
  assert_step (fixture, "ladder.step-in-lane", -1, syn);
  trama_view_state_select (get_state (fixture), connect);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (trama_window_get_ladder (fixture->window)),
                                             "ladder.step-in-lane", "i", -1));
  g_assert_cmpuint (trama_store_get_call (fixture_get_store (fixture),
                                          trama_view_state_get_selected (get_state (fixture)).index)
                        ->name,
                    ==, TRAMA_CALL_SOCKET);
}

static double
middle_of (Fixture *fixture, TramaRef ref)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (ladder));
  TramaRect bounds;

  g_assert_true (trama_chart_get_bounds (trama_ladder_view_get_chart (ladder), ref, &bounds));
  return bounds.y + bounds.height / 2 - gtk_adjustment_get_value (adjustment)
         - gtk_adjustment_get_page_size (adjustment) / 2;
}

/* What is near an end of the ladder comes as near to the middle as it can be scrolled. */
static gboolean
is_at_end (Fixture *fixture)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (ladder));
  double value = gtk_adjustment_get_value (adjustment);

  return value < gtk_adjustment_get_lower (adjustment) + 1
         || value > gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment) - 1;
}

static void
test_centre (Fixture *fixture, gconstpointer data)
{
  GtkWidget *ladder = GTK_WIDGET (trama_window_get_ladder (fixture->window));
  TramaRef packet = { TRAMA_EVENT_PACKET, 5 };
  double zoom;

  if (!has_packets (fixture))
    return;
  trama_view_state_set_zoom (get_state (fixture), 4);
  trama_view_state_select (get_state (fixture), packet);
  fixture_settle (fixture);
  g_assert_true (gtk_widget_activate_action (ladder, "ladder.centre", NULL));
  g_assert_true (is_at_end (fixture) || fabs (middle_of (fixture, packet)) < 2);
  zoom = trama_view_state_get_zoom (get_state (fixture));
  g_assert_true (gtk_widget_activate_action (ladder, "ladder.centre", NULL));
  fixture_settle (fixture);
  g_assert_cmpfloat (trama_view_state_get_zoom (get_state (fixture)), >, zoom);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/lists/panes", test_panes);
  fixture_add ("/lists/conversation", test_conversation);
  fixture_add ("/lists/choose", test_choose);
  fixture_add ("/lists/choose-several", test_choose_several);
  fixture_add ("/lists/sort-and-filter", test_sort_and_filter);
  fixture_add ("/lists/events", test_events);
  fixture_add ("/lists/unseen", test_unseen);
  fixture_add ("/lists/same-order", test_same_order);
  fixture_add ("/lists/lane-and-links", test_lane_and_links);
  fixture_add ("/lists/centre", test_centre);
  fixture_add ("/lists/search", test_search);
  fixture_add ("/lists/search-anew", test_search_anew);
  fixture_add ("/lists/search-closed", test_search_closed);
  fixture_add ("/lists/search-kinds", test_search_kinds);
  fixture_add ("/lists/opens-at-selected", test_opens_at_selected);
  fixture_add ("/lists/opens-below-beginning", test_opens_below_beginning);
  fixture_add ("/lists/wheel", test_wheel);
  fixture_add ("/lists/many", test_many);
  fixture_add ("/window/lists/columns", test_columns);
  return g_test_run ();
}
