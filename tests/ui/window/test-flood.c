/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/input.h"
#include "tests/ui/window/pulse.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A live flood: a hundred thousand packets a second are captured in a private loopback for some seconds,
 * and the window that shows them is used all the while, by keys as far as there are any.
 */

/* A write of so many bytes is 75 segments of 88, with half as many acknowledgments. */
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
  "    repeat 4000:\n"                                                                                       \
  "        recv(call, 6600, MSG_WAITALL)\n"                                                                  \
  "client:\n"                                                                                                \
  "    wait ready\n"                                                                                         \
  "    phone = socket(AF_INET, SOCK_STREAM, 0)\n"                                                            \
  "    connect(phone, 127.0.0.1:5000)\n"                                                                     \
  "    repeat 4000:\n"                                                                                       \
  "        write(phone, fill(6600))\n"                                                                       \
  "        sleep 1ms\n"

/* Of the other: what it is told. */
#define DATAGRAMS_PER_S "100000"
#define DATAGRAMS_S "6"
#define SOCKETS "200"
#define NO_LOOPBACK 77

/*
 * What the window may work without looking up, and until a key shows: some three times what it does where it is
 * alone, for who shares the processor's caches works longer. Sanitizers make it work harder still.
 */
#ifdef __SANITIZE_ADDRESS__
#define TURN_MAX_US 600000
#define ANSWER_MAX_US 800000
#else
#define TURN_MAX_US 80000
#define ANSWER_MAX_US 80000
#endif

/* Where nobody else works, no longer than that goes by. */
#define QUIET_LOAD 0.5
#define ANSWER_MAX_MS 50

/* Between two deeds. */
#define REST_MS 150

typedef struct
{
  Fixture *fixture;
  TramaViewState *state;
  gboolean has_keys; /* can be pressed */
  guint turn;        /* of the deeds */

  /* of the deed */
  guint32 begin_ms; /* by the clock of the display, which is the monotonic one; 0: not yet */
  gint64 begin_work_us;
  gint64 answer_ms; /* until a frame was drawn; -1: there was none */
  gint64 answer_work_us;

  /* of all of them */
  gint64 longest_turn_us;
  gint64 longest_answer_us;
  GArray *answers_ms; /* of gint64, by the clock */
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

  if (n > 0)
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

/* Those that have keys are done by them. */
static const struct
{
  const char *what;
  const char *keys;
  void (*func) (Flood *flood);
} deeds[] = {
  { "nothing", NULL, nothing },
  { "list of events", "F8", show_events },
  { "next row", "Down", select_row },
  { "last row", "End", select_row },
  { "select a packet", NULL, select_row },
  { "list of conversations", "F7", show_conversations },
  { "next conversation", "Down", select_row },
  { "list of findings", "F9", show_findings },
  { "stream", "ctrl+shift+f", show_stream },
  { "zoom in", "ctrl+plus", zoom_in },
  { "zoom in", "ctrl+plus", zoom_in },
  { "fit", "ctrl+0", fit },
  { "no stream", "ctrl+shift+f", show_stream },
  { "list of events", "F8", show_events },
  { "find", "ctrl+f", find },
  { "type", "A", type },
  { "type", "C", type },
  { "type", "K", type },
  { "next hit", "F3", type },
  { "no more", "Escape", type },
  { "scale", NULL, scale },
  { "scale", NULL, scale },
  { "scale", NULL, scale },
  { "select a call", NULL, select_call },
  { "no inspector", "ctrl+i", select_row },
  { "inspector", "ctrl+i", select_row },
  { "End", NULL, go_to_end },
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

static guint32
now_ms (void)
{
  return (guint32) (g_get_monotonic_time () / 1000);
}

static void
begin (Flood *flood, guint32 at_ms)
{
  if (flood->begin_ms != 0)
    return;
  flood->begin_ms = at_ms;
  flood->begin_work_us = pulse_get_work_us ();
}

static gboolean
on_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, Flood *flood)
{
  begin (flood, gtk_event_controller_get_current_event_time (GTK_EVENT_CONTROLLER (controller)));
  return GDK_EVENT_PROPAGATE;
}

static void
on_after_paint (GdkFrameClock *clock, Flood *flood)
{
  if (flood->begin_ms == 0 || flood->answer_ms >= 0)
    return;
  flood->answer_ms = (gint32) (now_ms () - flood->begin_ms);
  flood->answer_work_us = pulse_get_work_us () - flood->begin_work_us;
}

static void
press (const char *keys)
{
  g_autoptr (GSubprocess) process = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_INHERIT_FDS, NULL, "xdotool", "key", keys, NULL);

  g_assert_nonnull (process);
}

static void
tell (Flood *flood, const char *what, const Pulse *pulse)
{
  g_test_message ("%-22s a turn %5.1f ms, %5.1f of work; a frame after %3d ms, %5.1f of work; %u packets",
                  what, (double) pulse->longest_us / 1000, (double) pulse->longest_work_us / 1000,
                  (int) flood->answer_ms, (double) flood->answer_work_us / 1000,
                  count_packets (flood->fixture));
  flood->longest_turn_us = MAX (flood->longest_turn_us, pulse->longest_work_us);
  flood->longest_answer_us = MAX (flood->longest_answer_us, flood->answer_work_us);
  if (flood->answer_ms >= 0)
    g_array_append_val (flood->answers_ms, flood->answer_ms);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

/* That of so many in a hundred answers are not longer than. */
static int
get_percentile_ms (const Flood *flood, guint percent)
{
  g_assert_cmpuint (flood->answers_ms->len, >, 0);
  return (int) g_array_index (flood->answers_ms, gint64, (flood->answers_ms->len - 1) * percent / 100);
}

/* Does one, and looks how long it takes to a frame, and what the longest turn of the main loop is until the next. */
static void
do_one (Flood *flood)
{
  guint which = flood->turn % G_N_ELEMENTS (deeds);
  Pulse pulse;

  flood->begin_ms = 0;
  flood->answer_ms = -1;
  flood->answer_work_us = 0;
  pulse_begin (&pulse);
  if (flood->has_keys && deeds[which].keys != NULL)
    press (deeds[which].keys);
  else
    {
      begin (flood, now_ms ());
      deeds[which].func (flood);
    }
  run_for (REST_MS);
  pulse_end (&pulse);
  flood->turn++;
  tell (flood, deeds[which].what, &pulse);
}

static gboolean
is_quiet (void)
{
  double load = QUIET_LOAD;

  return getloadavg (&load, 1) == 1 && load < QUIET_LOAD;
}

/* Until nothing comes any more, and a while longer: then all of it is understood. */
static void
use_window (Flood *flood)
{
  TramaFeed *feed = trama_window_get_feed (flood->fixture->window);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (flood->fixture->window));
  GtkEventController *controller = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect (controller, "key-pressed", G_CALLBACK (on_key), flood);
  gtk_widget_add_controller (GTK_WIDGET (flood->fixture->window), controller);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), flood);
  while (trama_feed_is_running (feed))
    do_one (flood);
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    do_one (flood);
  g_signal_handlers_disconnect_by_data (clock, flood);
  gtk_widget_remove_controller (GTK_WIDGET (flood->fixture->window), controller);

  g_array_sort (flood->answers_ms, compare_times);
  g_test_message ("%u packets; the longest turn %.1f ms of work, the longest answer %.1f",
                  count_packets (flood->fixture), (double) flood->longest_turn_us / 1000,
                  (double) flood->longest_answer_us / 1000);
  g_test_message ("by the clock, of %u answers half within %d ms, 99 of 100 within %d, all within %d",
                  flood->answers_ms->len, get_percentile_ms (flood, 50), get_percentile_ms (flood, 99),
                  get_percentile_ms (flood, 100));
  g_assert_cmpint (flood->longest_turn_us, <, TURN_MAX_US);
  g_assert_cmpint (flood->longest_answer_us, <, ANSWER_MAX_US);
}

static void
flood_init (Flood *flood, Fixture *fixture)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");

  *flood = (Flood){ .fixture = fixture,
                    .state = trama_window_get_state (fixture->window),
                    .has_keys = xdotool != NULL,
                    .answers_ms = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  if (flood->has_keys)
    input_focus (fixture);
}

static void
flood_clear (Flood *flood, gboolean was_quiet)
{
  if (was_quiet)
    g_assert_cmpint (get_percentile_ms (flood, 99), <, ANSWER_MAX_MS);
  g_array_unref (flood->answers_ms);
}

static gboolean
is_observed (Fixture *fixture)
{
  if (!trama_store_packets_observed (fixture_get_store (fixture)))
    g_test_skip ("packets are not observed on this machine");
  return trama_store_packets_observed (fixture_get_store (fixture));
}

/* A session: calls, and one connection. */
static void
test_session (Fixture *fixture, gconstpointer data)
{
  gboolean was_quiet = is_quiet ();
  Flood flood;

  if (!is_observed (fixture))
    return;
  flood_init (&flood, fixture);
  trama_feed_run (trama_window_get_feed (fixture->window), "flood", FLOOD_TEXT);
  use_window (&flood);
  g_assert_cmpuint (count_packets (fixture), >, 100000);
  flood_clear (&flood, was_quiet);
}

/* A capture that is written into a FIFO while it is made: hundreds of conversations, and no calls. */
static void
test_capture (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autofree char *folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "flood.pcapng", NULL);
  g_autoptr (GSubprocess) process = NULL;
  gboolean was_quiet = is_quiet ();
  Flood flood;

  if (!is_observed (fixture))
    return;
  flood_init (&flood, fixture);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  trama_window_open (fixture->window, path);
  g_subprocess_launcher_take_stdout_fd (launcher, g_open (path, O_WRONLY | O_CLOEXEC));
  process = g_subprocess_launcher_spawn (launcher, NULL, FLOODER, DATAGRAMS_PER_S, DATAGRAMS_S, SOCKETS,
                                         NULL);
  g_assert_nonnull (process);
  g_subprocess_launcher_close (launcher); /* or the FIFO would stay open from here */
  use_window (&flood);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  g_assert_cmpuint (count_packets (fixture), >, 100000);
  flood_clear (&flood, was_quiet);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/flood/capture", test_capture);
  fixture_add ("/flood/session", test_session);
  return g_test_run ();
}
