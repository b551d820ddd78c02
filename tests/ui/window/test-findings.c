/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/flow_list.h"
#include "tests/ui/window/capture.h"
#include "tests/ui/window/fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <time.h>
#include <unistd.h>

/* What is found in a trace, and where the window shows it. */

#define N_REFUSED 40
#define N_MANY 50000

/* Of the main thread's own time, while findings are made in another; a frame may be drawn in it. */
#define STALL_MAX_NS (G_GINT64_CONSTANT (200) * 1000 * 1000)

static TramaViewState *
get_state (Fixture *fixture)
{
  return trama_window_get_state (fixture->window);
}

static TramaFindings *
get_findings (Fixture *fixture)
{
  return trama_view_state_get_findings (get_state (fixture));
}

static gboolean
is_found (Fixture *fixture)
{
  return get_findings (fixture) != NULL
         && !trama_inquiry_is_busy (trama_window_get_inquiry (fixture->window));
}

static gboolean
has_found_all (Fixture *fixture)
{
  return get_findings (fixture) != NULL
         && trama_findings_n_findings (get_findings (fixture)) == 2 * N_REFUSED;
}

static char *
open_refused (Fixture *fixture, guint n_flows)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  char *path = g_build_filename (folder, "refused.pcap", NULL);

  capture_write_refused (path, n_flows);
  trama_window_open (fixture->window, path);
  return path;
}

/* Takes @path. */
static void
remove_file (char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (path);
}

static gint64
get_own_time_ns (void)
{
  struct timespec now;

  g_assert_cmpint (clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now), ==, 0);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

/* They come when the run has ended, are of what is shown, and are forgotten with it. */
static void
test_made (Fixture *fixture, gconstpointer data)
{
  TramaFindings *findings;
  char *path;

  fixture_wait (fixture, is_found);
  findings = trama_findings_ref (get_findings (fixture));
  g_assert_cmpuint (trama_store_n_calls (trama_flow_table_get_store (trama_findings_get_table (findings))),
                    ==, trama_store_n_calls (fixture_get_store (fixture)));

  path = open_refused (fixture, N_REFUSED);
  fixture_wait_finished (fixture);
  g_assert_true (get_findings (fixture) != findings);
  fixture_wait (fixture, is_found);
  g_assert_cmpuint (trama_findings_n_findings (get_findings (fixture)), ==, N_REFUSED);
  trama_findings_unref (findings);
  remove_file (path);
}

/* Whatever comes to an end last is what is shown: what was asked about a trace that is gone is dropped. */
static void
test_another_trace (Fixture *fixture, gconstpointer data)
{
  char *paths[3];

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      paths[i] = open_refused (fixture, N_REFUSED + i);
      fixture_wait_finished (fixture);
    }
  fixture_wait (fixture, is_found);
  g_assert_cmpuint (trama_findings_n_findings (get_findings (fixture)), ==, N_REFUSED + 2);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    remove_file (paths[i]);
}

/* Somebody goes on writing to a file: what is found comes while it is followed, and is more when there is more. */
static void
test_growing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  char *path = open_refused (fixture, 2 * N_REFUSED);
  gsize size, half = CAPTURE_HEAD_BYTES + N_REFUSED * 2 * 56;
  int fd;

  fixture_wait_finished (fixture);
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_cmpuint (size, >, half);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) half, NULL));
  trama_window_open (fixture->window, path);
  fixture_wait_finished (fixture);
  fixture_wait (fixture, is_found);
  g_assert_cmpuint (trama_findings_n_findings (get_findings (fixture)), ==, N_REFUSED);

  fd = g_open (path, O_WRONLY | O_APPEND, 0);
  g_assert_cmpint (write (fd, bytes + half, size - half), ==, (gssize) (size - half));
  close (fd);
  fixture_wait (fixture, has_found_all);
  g_assert_true (trama_feed_is_following (trama_window_get_feed (fixture->window)));
  remove_file (path);
}

/* The window goes while somebody still looks. */
static void
test_closed (Fixture *fixture, gconstpointer data)
{
  char *path = open_refused (fixture, N_MANY);

  fixture_wait_finished (fixture);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  fixture->window = NULL;
  remove_file (path);
}

/* In another thread: this one goes on. */
static void
test_keeps_nobody_waiting (Fixture *fixture, gconstpointer data)
{
  char *path = open_refused (fixture, N_MANY);
  gint64 longest_ns = 0;

  fixture_wait_finished (fixture);
  while (!is_found (fixture))
    {
      gint64 begin_ns = get_own_time_ns ();

      g_main_context_iteration (NULL, TRUE);
      longest_ns = MAX (longest_ns, get_own_time_ns () - begin_ns);
    }
  g_test_message ("the longest turn of the main loop took %.1f ms", (double) longest_ns / 1e6);
  g_assert_cmpint (longest_ns, <, STALL_MAX_NS);
  g_assert_cmpuint (trama_findings_n_findings (get_findings (fixture)), ==, N_MANY);
  remove_file (path);
}

static int
get_least_width (TramaInspector *inspector, int height)
{
  int least;

  gtk_widget_measure (GTK_WIDGET (inspector), GTK_ORIENTATION_HORIZONTAL, height, &least, NULL, NULL, NULL);
  return least;
}

/* The selected event's are told beside it, where they scroll and take no room from the picture; another has none. */
static void
test_inspector (Fixture *fixture, gconstpointer data)
{
  TramaInspector *inspector = trama_window_get_inspector (fixture->window);
  char *path = open_refused (fixture, 1);
  const TramaFinding *finding;
  g_autofree char *text = NULL, *nothing = NULL, *none = NULL;

  fixture_wait_finished (fixture);
  fixture_wait (fixture, is_found);
  finding = trama_findings_get_finding (get_findings (fixture), 0);
  none = trama_inspector_dup_findings (inspector);
  g_assert_cmpstr (none, ==, "");
  trama_view_state_select (get_state (fixture), finding->anchor);
  fixture_settle (fixture);
  text = trama_inspector_dup_findings (inspector);
  g_assert_nonnull (strstr (text, finding->what));
  g_assert_nonnull (strstr (text, finding->why));
  g_assert_nonnull (strstr (text, finding->todo));
  for (int height = 300; height <= 900; height += 100)
    g_assert_cmpint (get_least_width (inspector, height), <, get_least_width (inspector, -1) * 3 / 2);
  trama_view_state_select (get_state (fixture), (TramaRef){ TRAMA_EVENT_PACKET, !finding->anchor.index });
  nothing = trama_inspector_dup_findings (inspector);
  g_assert_cmpstr (nothing, ==, "");
  remove_file (path);
}

/* Findings that are made anew, and say the same, leave alone what somebody has marked in them. */
static void
test_keeps_cards (Fixture *fixture, gconstpointer data)
{
  GtkWidget *inspector = GTK_WIDGET (trama_window_get_inspector (fixture->window));
  char *path = open_refused (fixture, 1);
  g_autoptr (TramaFindings) anew = NULL;
  g_autofree char *what = NULL;
  GtkLabel *label;
  int begin, end;

  fixture_wait_finished (fixture);
  fixture_wait (fixture, is_found);
  what = g_strdup (trama_findings_get_finding (get_findings (fixture), 0)->what);
  trama_view_state_select (get_state (fixture),
                           trama_findings_get_finding (get_findings (fixture), 0)->anchor);
  fixture_settle (fixture);
  label = fixture_find_label (inspector, what);
  g_assert_nonnull (label);
  gtk_label_select_region (label, 2, 5);
  anew = trama_findings_new (trama_view_state_get_table (get_state (fixture)));
  trama_view_state_set_findings (get_state (fixture), anew);
  g_assert_true (fixture_find_label (inspector, what) == label);
  g_assert_true (gtk_label_get_selection_bounds (label, &begin, &end));
  g_assert_cmpint (begin, ==, 2);
  g_assert_cmpint (end, ==, 5);
  trama_view_state_set_findings (get_state (fixture), NULL);
  g_assert_null (fixture_find_label (inspector, what));
  remove_file (path);
}

static void
act (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
  fixture_settle (fixture);
}

/* A row leads to what it is about, and what is selected to its row. */
static void
test_list (Fixture *fixture, gconstpointer data)
{
  TramaFindingsList *list = trama_lists_pane_get_findings (trama_window_get_lists (fixture->window));
  TramaRowTable *table = trama_findings_list_get_table (list);
  GtkWidget *view = gtk_widget_get_first_child (gtk_widget_get_first_child (GTK_WIDGET (table)));
  char *path = open_refused (fixture, N_REFUSED);
  const TramaFinding *finding;
  g_autofree char *severity = NULL, *what = NULL;

  fixture_wait_finished (fixture);
  fixture_wait (fixture, is_found);
  act (fixture, "win.findings");
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (list)));
  g_assert_cmpuint (trama_row_table_get_size (table), ==, N_REFUSED);
  severity = trama_findings_list_dup_cell (list, 3, 1);
  g_assert_cmpstr (severity, ==, "✖ problem");

  gtk_selection_model_select_item (gtk_column_view_get_model (GTK_COLUMN_VIEW (view)), 3, TRUE);
  finding = trama_findings_get_finding (get_findings (fixture), trama_findings_list_get_finding (list, 3));
  g_assert_cmpuint (trama_view_state_get_selected (get_state (fixture)).kind, ==, finding->anchor.kind);
  g_assert_cmpuint (trama_view_state_get_selected (get_state (fixture)).index, ==, finding->anchor.index);
  what = trama_findings_list_dup_cell (list, 3, 3);
  g_assert_cmpstr (what, ==, finding->what);
  g_assert_cmpuint (trama_row_table_get_selected (table), ==, 3);

  finding = trama_findings_get_finding (get_findings (fixture), trama_findings_list_get_finding (list, 7));
  trama_view_state_select (get_state (fixture), finding->anchor);
  g_assert_cmpuint (trama_row_table_get_selected (table), ==, 7);
  trama_findings_list_set_filter (list, "10005");
  g_assert_cmpuint (trama_row_table_get_size (table), ==, 1);
  remove_file (path);
}

/* How many there are of each, and the worst, in words. */
static void
test_conversations (Fixture *fixture, gconstpointer data)
{
  TramaConversationList *list = trama_lists_pane_get_conversations (trama_window_get_lists (fixture->window));
  char *path = open_refused (fixture, 3);
  g_autofree char *cell = NULL;

  act (fixture, "win.conversations");
  fixture_wait_finished (fixture);
  fixture_wait (fixture, is_found);
  trama_row_table_sort (trama_conversation_list_get_table (list), TRAMA_FLOW_KEY_WEIGHT, TRUE);
  g_assert_cmpuint (trama_row_table_get_size (trama_conversation_list_get_table (list)), ==, 3);
  cell = trama_conversation_list_dup_cell (list, 0, TRAMA_FLOW_KEY_WEIGHT);
  g_assert_cmpstr (cell, ==, "✖ problem");
  remove_file (path);
}

static gboolean
is_searched (Fixture *fixture)
{
  return !trama_search_bar_is_busy (trama_window_get_search (fixture->window));
}

/* An event is found by what was found about it, and the strip above is told where it is. */
static void
test_search (Fixture *fixture, gconstpointer data)
{
  TramaSearchBar *bar = trama_window_get_search (fixture->window);
  char *path = open_refused (fixture, N_REFUSED);

  fixture_wait_finished (fixture);
  fixture_wait (fixture, is_found);
  trama_search_bar_open (bar);
  trama_search_bar_set_text (bar, "finding:nobody-listens 10005");
  fixture_wait (fixture, is_searched);
  g_assert_cmpuint (trama_search_bar_n_hits (bar), ==, 1);
  g_assert_nonnull (trama_view_state_get_search (get_state (fixture)));
  g_assert_cmpuint (trama_search_n_hits (trama_view_state_get_search (get_state (fixture))), ==, 1);
  fixture_settle (fixture);
  trama_search_bar_set_text (bar, "finding:no such thing");
  fixture_wait (fixture, is_searched);
  g_assert_cmpuint (trama_search_bar_n_hits (bar), ==, 0);
  trama_search_bar_set_text (bar, "");
  g_assert_null (trama_view_state_get_search (get_state (fixture)));
  remove_file (path);
}

/* When the picture is there, what the capture does not tell is said: it does not move down for it afterwards. */
static void
note_limits (TramaViewState *state, Fixture *fixture)
{
  g_autofree char *text = trama_notices_dup_text (trama_window_get_notices (fixture->window), "limits");
  TramaFlowTable *table = trama_view_state_get_table (state);

  if (table != NULL && trama_store_n_packets (trama_flow_table_get_store (table)) > 0)
    g_assert_nonnull (text);
}

/* Whoever closes it before the findings are there is not told the same again. */
static void
close_limits (TramaViewState *state, Fixture *fixture)
{
  trama_notices_clear (trama_window_get_notices (fixture->window), "limits");
}

/* What cannot be read leaves nothing to draw: that is said where the picture would be, until another is. */
static void
test_limits (Fixture *fixture, gconstpointer data)
{
  static const guint8 odd[] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0,   4, 0, 0, 0, 0,   0,   0,   0,  0,
                                0,    0xff, 0xff, 0,    0, 107, 0, 0, 0, 1, 0,   0,   0,   0,  0,
                                0,    0,    4,    0,    0, 0,   4, 0, 0, 0, 'o', 'd', 'd', '!' };
  TramaNotices *notices = trama_window_get_notices (fixture->window);
  g_autofree char *folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  char *path = g_build_filename (folder, "odd.pcap", NULL);
  g_autofree char *text = NULL;

  g_assert_null (trama_notices_dup_text (notices, "limits"));
  g_assert_true (g_file_set_contents (path, (const char *) odd, sizeof odd, NULL));
  g_signal_connect_after (get_state (fixture), "table-changed", G_CALLBACK (note_limits), fixture);
  trama_window_open (fixture->window, path);
  fixture_wait_finished (fixture);
  fixture_wait (fixture, is_found);
  g_signal_handlers_disconnect_by_func (get_state (fixture), note_limits, fixture);
  text = trama_notices_dup_text (notices, "limits");
  g_assert_nonnull (text);
  g_assert_nonnull (strstr (text, "1 packet could not be read: links of type 107 (FRELAY, Frame Relay)"));

  g_signal_connect_after (get_state (fixture), "table-changed", G_CALLBACK (close_limits), fixture);
  trama_window_open (fixture->window, path);
  fixture_wait_finished (fixture);
  fixture_wait (fixture, is_found);
  g_signal_handlers_disconnect_by_func (get_state (fixture), close_limits, fixture);
  g_assert_null (trama_notices_dup_text (notices, "limits"));
  remove_file (path);

  path = open_refused (fixture, N_REFUSED);
  fixture_wait_finished (fixture);
  fixture_wait (fixture, is_found);
  g_assert_null (trama_notices_dup_text (notices, "limits"));
  remove_file (path);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/findings/made", test_made);
  fixture_add ("/findings/another-trace", test_another_trace);
  fixture_add ("/findings/inspector", test_inspector);
  fixture_add ("/findings/keeps-cards", test_keeps_cards);
  fixture_add ("/findings/list", test_list);
  fixture_add ("/findings/conversations", test_conversations);
  fixture_add ("/findings/search", test_search);
  fixture_add ("/findings/keeps-nobody-waiting", test_keeps_nobody_waiting);
  fixture_add ("/findings/closed", test_closed);
  fixture_add ("/findings/growing", test_growing);
  fixture_add ("/findings/limits", test_limits);
  return g_test_run ();
}
