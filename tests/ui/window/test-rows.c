/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/flow_list.h"
#include "core/why/finding_list.h"
#include "tests/ui/window/capture.h"
#include "tests/ui/window/fixture.h"

#include <glib/gstdio.h>
#include <time.h>

/* A hundred thousand rows in each of the lists: how long the window is kept from answering by one thing done to them. */

#define N_ROWS 100000

/* Drawn with nothing left to do: a frame may bring more of that. */
#define CALM_FRAMES 3
#define WAIT_US (60 * G_USEC_PER_SEC)

/* Some ten times what it takes; sanitizers take their part of that. */
#define STALL_MAX_NS (G_GINT64_CONSTANT (400) * 1000 * 1000)

typedef struct
{
  TramaConversationList *conversations;
  TramaEventList *events;
  TramaFindingsList *findings;
} Lists;

static Lists
get_lists (Fixture *fixture)
{
  TramaListsPane *pane = trama_window_get_lists (fixture->window);

  return (Lists){ trama_lists_pane_get_conversations (pane), trama_lists_pane_get_events (pane),
                  trama_lists_pane_get_findings (pane) };
}

/* Of this thread: what others take of the processor does not count. */
static gint64
get_own_time_ns (void)
{
  struct timespec now;

  g_assert_cmpint (clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now), ==, 0);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

static gboolean
is_found (Fixture *fixture)
{
  return trama_view_state_get_findings (trama_window_get_state (fixture->window)) != NULL
         && !trama_inquiry_is_busy (trama_window_get_inquiry (fixture->window));
}

static gboolean
is_busy (Fixture *fixture)
{
  Lists lists = get_lists (fixture);

  return trama_conversation_list_is_busy (lists.conversations) || trama_findings_list_is_busy (lists.findings)
         || !trama_row_table_is_whole (trama_conversation_list_get_table (lists.conversations))
         || !trama_row_table_is_whole (trama_event_list_get_table (lists.events))
         || !trama_row_table_is_whole (trama_findings_list_get_table (lists.findings));
}

static void
on_after_paint (GdkFrameClock *clock, guint *n_frames)
{
  (*n_frames)++;
}

/* Until nothing is left to do and all of it is drawn: the longest turn of the main loop. */
static gint64
run (Fixture *fixture)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (fixture->window));
  gint64 end_us = g_get_monotonic_time () + WAIT_US, longest_ns = 0;
  guint n_frames = 0;
  gulong id = g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &n_frames);

  while (n_frames < CALM_FRAMES)
    {
      gint64 begin_ns = get_own_time_ns ();

      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
      g_main_context_iteration (NULL, TRUE);
      longest_ns = MAX (longest_ns, get_own_time_ns () - begin_ns);
      if (is_busy (fixture))
        n_frames = 0;
    }
  g_signal_handler_disconnect (clock, id);
  return longest_ns;
}

static void
assert_turn (Fixture *fixture, const char *what, gint64 begin_ns)
{
  gint64 at_once_ns = get_own_time_ns () - begin_ns, longest_ns = run (fixture);

  g_test_message ("%s: %.1f ms at once, then no turn longer than %.1f ms", what, (double) at_once_ns / 1e6,
                  (double) longest_ns / 1e6);
  g_assert_cmpint (at_once_ns, <, STALL_MAX_NS);
  g_assert_cmpint (longest_ns, <, STALL_MAX_NS);
}

static void
show (Fixture *fixture, const char *action)
{
  gint64 begin_ns = get_own_time_ns ();

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
  assert_turn (fixture, action, begin_ns);
}

/* Ten notches down, from the middle. */
static void
scroll (Fixture *fixture, TramaRowTable *table)
{
  GtkScrolledWindow *window = GTK_SCROLLED_WINDOW (gtk_widget_get_first_child (GTK_WIDGET (table)));
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (window);
  gint64 longest_ns = 0, turn_ns;
  double middle;

  g_assert_cmpuint (trama_row_table_get_size (table), >=, N_ROWS);
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) / 2);
  run (fixture);
  middle = gtk_adjustment_get_value (adjustment);
  g_assert_cmpfloat (middle, >, N_ROWS);
  for (guint i = 0; i < 10; i++)
    {
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + 60);
      turn_ns = run (fixture);
      longest_ns = MAX (longest_ns, turn_ns);
    }
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), >, middle + 9 * 60);
  g_test_message ("a notch of the wheel: no turn longer than %.1f ms", (double) longest_ns / 1e6);
  g_assert_cmpint (longest_ns, <, STALL_MAX_NS);
}

static void
sort (Fixture *fixture, TramaRowTable *table, guint n_columns)
{
  for (guint column = 0; column < n_columns; column++)
    {
      g_autofree char *what = g_strdup_printf ("sorting by column %u", column);
      gint64 begin_ns = get_own_time_ns ();

      trama_row_table_sort (table, column, TRUE);
      assert_turn (fixture, what, begin_ns);
    }
}

static void
test_conversations (Fixture *fixture, Lists lists)
{
  static const char *const typed[] = { "1", "10.", "10.0 tcp refu", "10.0.0.1:1000", "nothing", "" };
  static const guint expected[] = { N_ROWS, N_ROWS, N_ROWS, 11, 0, N_ROWS };
  TramaRowTable *table = trama_conversation_list_get_table (lists.conversations);

  show (fixture, "win.conversations");
  scroll (fixture, table);
  sort (fixture, table, TRAMA_N_FLOW_KEYS);
  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      gint64 begin_ns = get_own_time_ns ();

      trama_conversation_list_set_filter (lists.conversations, typed[i]);
      assert_turn (fixture, typed[i], begin_ns);
      g_assert_cmpuint (trama_row_table_get_size (table), >=, expected[i] > 0 ? 1 : 0);
      g_assert_cmpuint (trama_row_table_get_size (table) == N_ROWS, ==, expected[i] == N_ROWS);
    }
}

static void
test_findings (Fixture *fixture, Lists lists)
{
  static const char *const typed[] = { "n", "no", "10.0.0.1:1000", "nothing like it", "" };
  TramaRowTable *table = trama_findings_list_get_table (lists.findings);

  show (fixture, "win.findings");
  scroll (fixture, table);
  sort (fixture, table, TRAMA_N_FINDING_KEYS);
  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      gint64 begin_ns = get_own_time_ns ();

      trama_findings_list_set_filter (lists.findings, typed[i]);
      assert_turn (fixture, typed[i], begin_ns);
      g_assert_cmpuint (trama_row_table_get_size (table) == 0, ==, i == 3);
    }
  g_assert_cmpuint (trama_row_table_get_size (table), >=, N_ROWS);
}

/* A key pressed while the rows of the one before are still looked for: the last counts. */
static void
test_typing (Fixture *fixture, Lists lists)
{
  TramaRowTable *table = trama_findings_list_get_table (lists.findings);
  TramaFindings *findings = trama_view_state_get_findings (trama_window_get_state (fixture->window));
  guint n_found;

  trama_findings_list_set_filter (lists.findings, "10.0.0.1:100");
  run (fixture);
  n_found = trama_row_table_get_size (table);
  g_assert_cmpuint (n_found, >, 0);
  g_assert_cmpuint (n_found, <, trama_findings_n_findings (findings));
  trama_findings_list_set_filter (lists.findings, "");
  trama_findings_list_set_filter (lists.findings, "nobody");
  trama_findings_list_set_filter (lists.findings, "10.0.0.1:100");
  run (fixture);
  g_assert_cmpuint (trama_row_table_get_size (table), ==, n_found);
}

/* The trace goes while its rows are looked for. */
static void
test_leaving (Fixture *fixture, Lists lists)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.conversations", NULL);
  trama_conversation_list_set_filter (lists.conversations, "10.0");
  trama_findings_list_set_filter (lists.findings, "");
  trama_view_state_set_table (trama_window_get_state (fixture->window), NULL, FALSE);
  run (fixture);
  g_assert_cmpuint (trama_row_table_get_size (trama_conversation_list_get_table (lists.conversations)), ==,
                    0);
  g_assert_cmpuint (trama_row_table_get_size (trama_findings_list_get_table (lists.findings)), ==, 0);
}

static void
test_rows (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "refused.pcap", NULL);
  Lists lists = get_lists (fixture);

  capture_write_refused (path, N_ROWS);
  trama_window_open (fixture->window, path);
  fixture_wait_finished (fixture);
  fixture_wait (fixture, is_found);
  show (fixture, "win.events");
  scroll (fixture, trama_event_list_get_table (lists.events));
  test_conversations (fixture, lists);
  test_findings (fixture, lists);
  test_typing (fixture, lists);
  test_leaving (fixture, lists);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/window/rows", test_rows);
  return g_test_run ();
}
