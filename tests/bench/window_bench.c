/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How long the real window keeps a user waiting: it opens each FILE and is used as one uses
 * it, and of everything that is done the longest time is printed in which the main loop did
 * not come round, of that what it worked, and how long it took until all was drawn.
 *
 *   window_bench [open] FILE…    open: nothing else
 */
#include "core/flow/flow_list.h"
#include "tests/ui/window/fixture.h"
#include "tests/ui/window/pulse.h"

#include <stdio.h>

/* The limits, in milliseconds. */
#define BLOCK_MS 50
#define OPEN_MS 50

/* All is drawn when so many times in turn this thread had nearly nothing to do. */
#define QUIET_TIMES 3
#define QUIET_MS 40
#define QUIET_WORK_US 4000
#define PATIENCE_US (120 * G_USEC_PER_SEC)

#define N_STEPS 20 /* of what is done several times */

typedef struct
{
  Fixture fixture;
  TramaViewState *state;
  guint turn;
} Bench;

typedef void (*BenchFunc) (Bench *bench);

/* Waiting. */

static gboolean
on_timeout (gpointer done)
{
  *(gboolean *) done = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_for (guint ms)
{
  gboolean done = FALSE;

  g_timeout_add (ms, on_timeout, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

/* Returns when the last work was done. */
static gint64
settle (void)
{
  gint64 begin_us = g_get_monotonic_time (), last_us = begin_us;
  guint n_quiet = 0;

  while (n_quiet < QUIET_TIMES && g_get_monotonic_time () - begin_us < PATIENCE_US)
    {
      gint64 work_us = pulse_get_work_us ();

      run_for (QUIET_MS);
      n_quiet = pulse_get_work_us () - work_us < QUIET_WORK_US ? n_quiet + 1 : 0;
      if (n_quiet == 0)
        last_us = g_get_monotonic_time ();
    }
  return last_us;
}

/* Measuring. */

static void
print (const char *what, const Pulse *pulse, gint64 took_us)
{
  double block_ms = (double) pulse->longest_us / 1000;

  printf ("  %-40s block %7.1f ms%s, work %7.1f ms, took %8.1f ms\n", what, block_ms,
          block_ms > BLOCK_MS ? " NOT met" : "", (double) pulse->longest_work_us / 1000,
          (double) took_us / 1000);
  fflush (stdout);
}

static void
measure (Bench *bench, const char *what, BenchFunc func)
{
  gint64 begin_us = g_get_monotonic_time (), end_us;
  Pulse pulse;

  pulse_begin (&pulse);
  func (bench);
  end_us = settle ();
  pulse_end (&pulse);
  print (what, &pulse, end_us - begin_us);
}

static void
act (Bench *bench, const char *action, GVariant *parameter)
{
  g_variant_ref_sink (parameter != NULL ? parameter : (parameter = g_variant_new_boolean (FALSE)));
  if (!gtk_widget_activate_action_variant (
          GTK_WIDGET (bench->fixture.window), action,
          g_variant_is_of_type (parameter, G_VARIANT_TYPE_BOOLEAN) ? NULL : parameter))
    g_error ("there is no %s", action);
  g_variant_unref (parameter);
}

static void
act_on_ladder (Bench *bench, const char *action, GVariant *parameter)
{
  TramaLadderView *ladder = trama_window_get_ladder (bench->fixture.window);

  gtk_widget_grab_focus (GTK_WIDGET (ladder));
  if (!gtk_widget_activate_action_variant (GTK_WIDGET (ladder), action, parameter))
    g_error ("there is no %s", action);
}

/* Opening. */

typedef struct
{
  TramaViewState *state;
  TramaLadderView *ladder;
  TramaOverviewView *overview;
  gint64 read_us;    /* the last time that anything was read */
  gint64 drawn_us;   /* when all of it was drawn first */
  gint64 work_us[2]; /* what was worked until then, and until then */
  guint n_packets;
} Opening;

static void
on_progress (TramaFeed *feed, GParamSpec *pspec, Opening *opening)
{
  TramaStore *store = trama_feed_get_store (feed);
  guint n_packets = store != NULL ? trama_store_n_packets (store) : 0;

  if (n_packets == opening->n_packets)
    return;
  opening->n_packets = n_packets;
  opening->read_us = g_get_monotonic_time ();
  opening->work_us[0] = pulse_get_work_us ();
  opening->drawn_us = 0;
}

static void
on_after_paint (GdkFrameClock *clock, Opening *opening)
{
  TramaFlowTable *table = trama_view_state_get_table (opening->state);
  TramaChart *chart = trama_ladder_view_get_chart (opening->ladder);

  if (opening->drawn_us != 0 || table == NULL || opening->n_packets == 0 || chart == NULL)
    return;
  if (trama_flow_table_n_packets (table) == opening->n_packets && trama_chart_get_table (chart) == table
      && trama_overview_view_is_complete (opening->overview))
    {
      opening->drawn_us = g_get_monotonic_time ();
      opening->work_us[1] = pulse_get_work_us ();
    }
}

static void
measure_opening (Bench *bench, const char *path)
{
  TramaFeed *feed = trama_window_get_feed (bench->fixture.window);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (bench->fixture.window));
  Opening opening = { .state = bench->state,
                      .ladder = trama_window_get_ladder (bench->fixture.window),
                      .overview = trama_window_get_overview (bench->fixture.window) };
  gint64 begin_us = g_get_monotonic_time (), end_us;
  double picture_ms;
  Pulse pulse;

  g_signal_connect (feed, "notify::progress", G_CALLBACK (on_progress), &opening);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &opening);
  pulse_begin (&pulse);
  trama_window_open (bench->fixture.window, path);
  while (trama_feed_is_running (feed))
    g_main_context_iteration (NULL, TRUE);
  end_us = settle ();
  pulse_end (&pulse);
  g_signal_handlers_disconnect_by_data (feed, &opening);
  g_signal_handlers_disconnect_by_data (clock, &opening);
  print ("open", &pulse, end_us - begin_us);
  picture_ms = (double) (opening.drawn_us - opening.read_us) / 1000;
  printf ("  read after %.0f ms, whole picture %.1f ms later (%d)%s, %.1f of them work\n",
          (double) (opening.read_us - begin_us) / 1000, picture_ms, OPEN_MS,
          opening.drawn_us == 0  ? " NEVER"
          : picture_ms > OPEN_MS ? " NOT met"
                                 : "",
          (double) (opening.work_us[1] - opening.work_us[0]) / 1000);
}

/* What one does. */

static guint
n_packets (Bench *bench)
{
  return trama_store_n_packets (fixture_get_store (&bench->fixture));
}

static void
select_packets (Bench *bench)
{
  for (guint i = 0; i < N_STEPS; i++)
    {
      guint packet = (guint) ((guint64) n_packets (bench) * i / N_STEPS);

      trama_view_state_select (bench->state, (TramaRef){ TRAMA_EVENT_PACKET, packet });
      run_for (QUIET_MS);
    }
}

static void
choose_flows (Bench *bench)
{
  guint n_flows = trama_flow_table_n_flows (trama_view_state_get_table (bench->state));

  for (guint i = 0; i < N_STEPS; i++)
    {
      trama_view_state_choose_flow (bench->state, (guint32) ((guint64) n_flows * i / N_STEPS));
      settle ();
    }
}

static void
scale_to_scale (Bench *bench)
{
  act (bench, "win.scale", g_variant_new_string ("to-scale"));
}

static void
scale_rows (Bench *bench)
{
  act (bench, "win.scale", g_variant_new_string ("rows"));
}

static void
scale_folded (Bench *bench)
{
  act (bench, "win.scale", g_variant_new_string ("folded"));
}

static void
zoom_in (Bench *bench)
{
  for (guint i = 0; i < 2 * N_STEPS; i++)
    {
      act (bench, "win.zoom-in", NULL);
      run_for (QUIET_MS);
    }
}

static void
zoom_fit (Bench *bench)
{
  act (bench, "win.zoom-fit", NULL);
}

static void
go_to_end (Bench *bench)
{
  act_on_ladder (bench, "ladder.step-from-end", g_variant_new_int32 (-1));
}

static void
go_home (Bench *bench)
{
  act_on_ladder (bench, "ladder.step-from-end", g_variant_new_int32 (1));
}

static void
centre (Bench *bench)
{
  for (guint i = 0; i < 2; i++)
    {
      act_on_ladder (bench, "ladder.centre", NULL);
      run_for (QUIET_MS);
    }
}

static void
step_in_lane (Bench *bench)
{
  for (int i = 0; i < N_STEPS; i++)
    {
      act_on_ladder (bench, "ladder.step-in-lane", g_variant_new_int32 (i % 3 == 2 ? -1 : 1));
      run_for (QUIET_MS);
    }
}

static void
step (Bench *bench)
{
  for (int i = 0; i < N_STEPS; i++)
    {
      act_on_ladder (bench, "ladder.step", g_variant_new_int32 (i % 3 == 2 ? -1 : 1));
      act_on_ladder (bench, "ladder.step-along", g_variant_new_int32 (i % 3 == 2 ? -1 : 1));
      run_for (QUIET_MS);
    }
}

static void
page_down (Bench *bench)
{
  for (guint i = 0; i < N_STEPS; i++)
    {
      act_on_ladder (bench, "ladder.page", g_variant_new_int32 (1));
      run_for (QUIET_MS);
    }
}

/* As a drag over the overview does when it ends. */
static void
brush (Bench *bench)
{
  TramaSpan span;

  if (!trama_store_get_span (fixture_get_store (&bench->fixture), &span))
    return;
  for (gint64 i = 1; i <= N_STEPS; i++)
    {
      gint64 part_ns = (span.end_ns - span.start_ns) / (i * i * i);
      gint64 start_ns = span.start_ns + (span.end_ns - span.start_ns - part_ns) / (1 + i % 4);

      trama_view_state_show (bench->state, (TramaSpan){ start_ns, start_ns + part_ns });
      run_for (QUIET_MS);
    }
}

static void
show_events (Bench *bench)
{
  act (bench, "win.events", NULL);
}

static void
show_stream (Bench *bench)
{
  act (bench, "win.stream", NULL);
}

static void
show_findings (Bench *bench)
{
  act (bench, "win.findings", NULL);
}

static void
show_conversations (Bench *bench)
{
  act (bench, "win.conversations", NULL);
}

static TramaConversationList *
get_conversations (Bench *bench)
{
  return trama_lists_pane_get_conversations (trama_window_get_lists (bench->fixture.window));
}

static void
sort_conversations (Bench *bench)
{
  for (guint key = 0; key < TRAMA_N_FLOW_KEYS; key++)
    {
      trama_row_table_sort (trama_conversation_list_get_table (get_conversations (bench)), key, key % 2 == 0);
      run_for (QUIET_MS);
    }
}

static void
filter_conversations (Bench *bench)
{
  static const char *const texts[] = { "1", "10", "100", "100:", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      trama_conversation_list_set_filter (get_conversations (bench), texts[i]);
      run_for (QUIET_MS);
    }
}

static void
choose_all_conversations (Bench *bench)
{
  TramaRowTable *table = trama_conversation_list_get_table (get_conversations (bench));
  g_autoptr (GtkBitset) rows = gtk_bitset_new_range (0, trama_row_table_get_size (table));

  trama_row_table_choose (table, rows);
}

static void
scroll_conversations (Bench *bench)
{
  TramaRowTable *table = trama_conversation_list_get_table (get_conversations (bench));

  for (guint i = 0; i < N_STEPS; i++)
    {
      trama_row_table_select (table, (guint) ((guint64) trama_row_table_get_size (table) * i / N_STEPS));
      run_for (QUIET_MS);
    }
}

static TramaSearchBar *
get_search (Bench *bench)
{
  return trama_window_get_search (bench->fixture.window);
}

/* What none, few, many and all have. */
static void
search (Bench *bench)
{
  static const char *const texts[] = { "nowhere", "RST", "ACK", "80" };

  act (bench, "win.find", NULL);
  trama_search_bar_set_text (get_search (bench), texts[bench->turn++ % G_N_ELEMENTS (texts)]);
  while (trama_search_bar_is_busy (get_search (bench)))
    run_for (QUIET_MS);
}

static void
cancel_search (Bench *bench)
{
  act (bench, "win.find", NULL);
  trama_search_bar_set_text (get_search (bench), "0xdeadbeef");
  run_for (2 * QUIET_MS);
  trama_search_bar_set_text (get_search (bench), "");
}

static void
measure_all (Bench *bench)
{
  static const struct
  {
    const char *what;
    BenchFunc func;
  } deeds[] = {
    { "select packets", select_packets },
    { "choose conversations", choose_flows },
    { "fit", zoom_fit },
    { "to scale", scale_to_scale },
    { "one row per event", scale_rows },
    { "End, in rows", go_to_end },
    { "Home, in rows", go_home },
    { "page down, in rows", page_down },
    { "folded", scale_folded },
    { "End", go_to_end },
    { "zoom in", zoom_in },
    { "one row per event, zoomed in", scale_rows },
    { "to scale, zoomed in", scale_to_scale },
    { "folded, zoomed in", scale_folded },
    { "fit again", zoom_fit },
    { "Home", go_home },
    { "F, F", centre },
    { "page down", page_down },
    { "next in lane", step_in_lane },
    { "next and along", step },
    { "brush", brush },
    { "list of events", show_events },
    { "select packets, in the list", select_packets },
    { "search for what is not there", search },
    { "search for resets", search },
    { "search for ACK", search },
    { "search for what all have", search },
    { "brush, with hits", brush },
    { "list of conversations", show_conversations },
    { "sort them", sort_conversations },
    { "filter them", filter_conversations },
    { "all of them chosen", choose_all_conversations },
    { "scroll them", scroll_conversations },
    { "choose conversations", choose_flows },
    { "list of findings", show_findings },
    { "stream", show_stream },
    { "choose conversations, in the stream", choose_flows },
    { "cancel a search", cancel_search },
    { "fit", zoom_fit },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    measure (bench, deeds[i].what, deeds[i].func);
}

int
main (int argc, char **argv)
{
  Bench bench = { 0 };
  gboolean only_open = FALSE;

  if (!fixture_init (&argc, &argv))
    return 0;
  only_open = argc > 1 && g_str_equal (argv[1], "open");
  fixture_set_up (&bench.fixture, NULL);
  bench.state = trama_window_get_state (bench.fixture.window);
  gtk_window_set_default_size (GTK_WINDOW (bench.fixture.window), 1920, 1080);
  settle ();
  for (int i = 1 + only_open; i < argc; i++)
    {
      printf ("%s\n", argv[i]);
      measure_opening (&bench, argv[i]);
      if (!only_open)
        measure_all (&bench);
    }
  fixture_tear_down (&bench.fixture, NULL);
  return 0;
}
