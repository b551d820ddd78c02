/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/fixture.h"
#include "tests/ui/window/pulse.h"

/*
 * A live flood: two processes in a private loopback fill a connection with a hundred thousand segments
 * a second for some seconds, all of them are captured, and the window is used all the while.
 */

/* A write of so many bytes is 75 segments of 88, with half as many acknowledgments. */
#define FLOOD_S 6
#define FLOOD_TEXT                                                                                           \
  "session \"A flood\"\n"                                                                                    \
  "lab:\n"                                                                                                   \
  "    mtu 140\n"                                                                                            \
  "    turns off\n"                                                                                          \
  "    time 60s\n"                                                                                           \
  "server:\n"                                                                                                \
  "    listener = socket(AF_INET, SOCK_STREAM, 0)\n"                                                         \
  "    bind(listener, 127.0.0.1:5000)\n"                                                                     \
  "    listen(listener, 5)\n"                                                                                \
  "    signal ready\n"                                                                                       \
  "    call = accept(listener)\n"                                                                            \
  "    repeat 6000:\n"                                                                                       \
  "        recv(call, 6600, MSG_WAITALL)\n"                                                                  \
  "client:\n"                                                                                                \
  "    wait ready\n"                                                                                         \
  "    phone = socket(AF_INET, SOCK_STREAM, 0)\n"                                                            \
  "    connect(phone, 127.0.0.1:5000)\n"                                                                     \
  "    repeat 6000:\n"                                                                                       \
  "        write(phone, fill(6600))\n"                                                                       \
  "        sleep 1ms\n"

/* What the window may work without looking up; sanitizers make it work harder. */
#ifdef __SANITIZE_ADDRESS__
#define WORK_MAX_US 400000
#else
#define WORK_MAX_US 40000
#endif

/* Between two deeds. */
#define REST_MS 250

typedef struct
{
  Fixture *fixture;
  TramaViewState *state;
  guint turn;      /* of the deeds */
  gint64 began_us; /* of the deed, as the clock has it and as this thread worked */
  gint64 began_work_us;
  gint64 frame_us; /* 0: there was none since */
  gint64 frame_work_us;
} Flood;

static void
act (Flood *flood, const char *action, const char *parameter)
{
  g_assert_true (
      gtk_widget_activate_action_variant (GTK_WIDGET (flood->fixture->window), action,
                                          parameter != NULL ? g_variant_new_string (parameter) : NULL));
}

static guint
count_packets (Fixture *fixture)
{
  return trama_store_n_packets (fixture_get_store (fixture));
}

static void
nothing (Flood *flood)
{
}

static void
show_events (Flood *flood)
{
  act (flood, "win.events", NULL);
}

static void
show_conversations (Flood *flood)
{
  act (flood, "win.conversations", NULL);
}

static void
show_findings (Flood *flood)
{
  act (flood, "win.findings", NULL);
}

static void
show_stream (Flood *flood)
{
  act (flood, "win.stream", NULL);
}

static void
select_row (Flood *flood)
{
  guint n = trama_flow_table_n_packets (trama_view_state_get_table (flood->state));

  if (n > 0)
    trama_view_state_select (flood->state, (TramaRef){ TRAMA_EVENT_PACKET, flood->turn * 7919u % n });
}

static void
select_call (Flood *flood)
{
  guint n = trama_store_n_calls (fixture_get_store (flood->fixture));

  trama_view_state_select (flood->state, (TramaRef){ TRAMA_EVENT_CALL, n / 2 });
}

static void
find (Flood *flood)
{
  act (flood, "win.find", NULL);
}

static void
type (Flood *flood)
{
  static const char *const texts[] = { "A", "AC", "ACK", "88", "abc", "nowhere" };

  trama_search_bar_set_text (trama_window_get_search (flood->fixture->window),
                             texts[flood->turn % G_N_ELEMENTS (texts)]);
}

static void
scale (Flood *flood)
{
  static const char *const names[] = { "to-scale", "rows", "folded" };

  act (flood, "win.scale", names[flood->turn % G_N_ELEMENTS (names)]);
}

static void
zoom_in (Flood *flood)
{
  act (flood, "win.zoom-in", NULL);
}

static void
fit (Flood *flood)
{
  act (flood, "win.zoom-fit", NULL);
}

static void
go_to_end (Flood *flood)
{
  TramaLadderView *ladder = trama_window_get_ladder (flood->fixture->window);

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (ladder), "ladder.step-from-end", "i", -1));
}

static const struct
{
  const char *what;
  void (*func) (Flood *flood);
} deeds[] = {
  { "nothing", nothing },
  { "list of events", show_events },
  { "select a packet", select_row },
  { "select a packet", select_row },
  { "list of conversations", show_conversations },
  { "list of findings", show_findings },
  { "stream", show_stream },
  { "zoom in", zoom_in },
  { "zoom in", zoom_in },
  { "fit", fit },
  { "no stream", show_stream },
  { "list of events", show_events },
  { "find", find },
  { "type", type },
  { "type", type },
  { "type", type },
  { "scale", scale },
  { "scale", scale },
  { "scale", scale },
  { "select a call", select_call },
  { "End", go_to_end },
};

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

static void
on_after_paint (GdkFrameClock *clock, Flood *flood)
{
  if (flood->frame_us != 0)
    return;
  flood->frame_us = g_get_monotonic_time ();
  flood->frame_work_us = pulse_get_work_us ();
}

/* Does one, and looks how long it takes to a frame, and what the longest turn of the main loop is until the next. */
static gint64
do_one (Flood *flood)
{
  guint which = flood->turn % G_N_ELEMENTS (deeds);
  Pulse pulse;

  pulse_begin (&pulse);
  flood->frame_us = 0;
  flood->began_us = g_get_monotonic_time ();
  flood->began_work_us = pulse_get_work_us ();
  deeds[which].func (flood);
  run_for (REST_MS);
  pulse_end (&pulse);
  flood->turn++;
  g_test_message ("%-24s a turn %5.1f ms, %5.1f of work; a frame after %5.1f, %5.1f of work; %u packets",
                  deeds[which].what, (double) pulse.longest_us / 1000, (double) pulse.longest_work_us / 1000,
                  (double) (flood->frame_us - flood->began_us) / 1000,
                  (double) (flood->frame_work_us - flood->began_work_us) / 1000,
                  count_packets (flood->fixture));
  return pulse.longest_work_us;
}

static void
test_session (Fixture *fixture, gconstpointer data)
{
  TramaFeed *feed = trama_window_get_feed (fixture->window);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (fixture->window));
  Flood flood = { .fixture = fixture, .state = trama_window_get_state (fixture->window) };
  gint64 longest_us = 0;

  if (!trama_store_packets_observed (fixture_get_store (fixture)))
    {
      g_test_skip ("packets are not observed on this machine");
      return;
    }
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &flood);
  trama_feed_run (feed, "flood", FLOOD_TEXT);
  while (trama_feed_is_running (feed))
    longest_us = MAX (longest_us, do_one (&flood));
  g_signal_handlers_disconnect_by_data (clock, &flood);
  g_assert_cmpuint (count_packets (fixture), >, 100000);
  g_assert_cmpint (longest_us, <, WORK_MAX_US);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/flood/session", test_session);
  return g_test_run ();
}
