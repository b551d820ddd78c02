/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/capture.h"
#include "tests/ui/window/fixture.h"
#include "tests/ui/window/pulse.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/*
 * A million packets: something is seen at once, progress moves, and the window
 * answers all the while, in particular to Stop.
 */
#define N_PACKETS 1000000
#define N_FLOWS 100

#define STALL_MAX_US 200000

static void
tell_pulse (Pulse *pulse)
{
  pulse_end (pulse);
  g_test_message ("the longest stall took %.1f ms, %.1f of them work, of %u ticks",
                  (double) pulse->longest_us / 1000, (double) pulse->longest_work_us / 1000, pulse->n_ticks);
}

static void
end_pulse (Pulse *pulse)
{
  tell_pulse (pulse);
  g_assert_cmpint (pulse->longest_us, <, STALL_MAX_US);
}

typedef struct
{
  char *folder;
  char *path;
} Place;

/* @in_order: else the first packet is the last in time, and nothing can be understood before all have come. */
static void
place_init (Place *place, gboolean in_order)
{
  static const guint8 late[] = { 0x65, 0x53, 0xff, 0xff };
  int fd;

  place->folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_assert_nonnull (place->folder);
  place->path = g_build_filename (place->folder, "large.pcap", NULL);
  capture_write (place->path, N_PACKETS, N_FLOWS);
  if (in_order)
    return;
  fd = g_open (place->path, O_WRONLY, 0);
  g_assert_cmpint (pwrite (fd, late, sizeof late, CAPTURE_HEAD_BYTES), ==, sizeof late);
  close (fd);
}

static void
place_clear (Place *place)
{
  g_assert_cmpint (g_unlink (place->path), ==, 0);
  g_assert_cmpint (g_rmdir (place->folder), ==, 0);
  g_free (place->folder);
  g_free (place->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static guint
count_packets (Fixture *fixture)
{
  return trama_store_n_packets (fixture_get_store (fixture));
}

/* Of the trace that is read, not of the one before. */
static gboolean
is_seen (Fixture *fixture)
{
  TramaChart *chart = trama_ladder_view_get_chart (trama_window_get_ladder (fixture->window));

  return chart != NULL && chart->contents != 0
         && trama_flow_table_get_store (trama_chart_get_table (chart)) == fixture_get_store (fixture);
}

static gboolean
is_under_way (Fixture *fixture)
{
  return count_packets (fixture) > N_PACKETS / 10;
}

static gboolean
is_read (Fixture *fixture)
{
  return count_packets (fixture) == N_PACKETS;
}

static gboolean
is_stopped (Fixture *fixture)
{
  return !trama_feed_is_running (trama_window_get_feed (fixture->window));
}

typedef struct
{
  double last;
  guint n_steps;
} Progress;

static void
on_progress (TramaFeed *feed, GParamSpec *pspec, Progress *progress)
{
  double now;

  g_object_get (feed, "progress", &now, NULL);
  if (!trama_feed_is_running (feed))
    return;
  g_assert_cmpfloat (now, >=, progress->last);
  g_assert_cmpfloat (now, <=, 1);
  progress->n_steps += now > progress->last;
  progress->last = now;
}

static void
read_all (Fixture *fixture, gboolean in_order)
{
  g_auto (Place) place = { 0 };
  TramaFeed *feed = trama_window_get_feed (fixture->window);
  Progress progress = { 0 };
  Pulse pulse;

  place_init (&place, in_order);
  g_signal_connect (feed, "notify::progress", G_CALLBACK (on_progress), &progress);
  pulse_begin (&pulse);
  trama_window_open (fixture->window, place.path);
  fixture_wait (fixture, is_seen);
  g_assert_cmpuint (count_packets (fixture), <, N_PACKETS);
  g_assert_true (trama_feed_is_running (feed));

  fixture_wait_finished (fixture);
  end_pulse (&pulse);
  g_signal_handlers_disconnect_by_data (feed, &progress);
  g_assert_cmpuint (count_packets (fixture), ==, N_PACKETS);
  g_assert_cmpuint (
      trama_flow_table_n_flows (trama_view_state_get_table (trama_window_get_state (fixture->window))), ==,
      N_FLOWS);
  g_assert_cmpuint (progress.n_steps, >=, 5);
  g_assert_cmpfloat (progress.last, >, 0.5);
}

static void
test_in_order (Fixture *fixture, gconstpointer data)
{
  read_all (fixture, TRUE);
}

static void
test_out_of_order (Fixture *fixture, gconstpointer data)
{
  read_all (fixture, FALSE);
}

static void
stop (Fixture *fixture, FixtureFunc when)
{
  g_auto (Place) place = { 0 };
  Pulse pulse;
  gint64 begin_us, took_us;

  place_init (&place, FALSE);
  pulse_begin (&pulse);
  trama_window_open (fixture->window, place.path);
  fixture_wait (fixture, when);
  g_assert_true (trama_feed_is_running (trama_window_get_feed (fixture->window)));
  begin_us = pulse_get_own_time_us (&pulse);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stop", NULL));
  fixture_wait (fixture, is_stopped);
  took_us = pulse_get_own_time_us (&pulse) - begin_us;
  g_test_message ("Stop took %.1f ms", (double) took_us / 1000);
  g_assert_cmpint (took_us, <, STALL_MAX_US);
  fixture_settle (fixture);
  end_pulse (&pulse);
  g_assert_cmpuint (count_packets (fixture), >, N_PACKETS / 10);
}

static void
test_stop_reading (Fixture *fixture, gconstpointer data)
{
  stop (fixture, is_under_way);
  g_assert_cmpuint (count_packets (fixture), <, N_PACKETS);
}

static void
test_stop_understanding (Fixture *fixture, gconstpointer data)
{
  stop (fixture, is_read);
}

/* One of a hundred conversations, as the picture has it. */
static gboolean
shows_growth (Fixture *fixture)
{
  TramaFlowTable *table = trama_view_state_get_table (trama_window_get_state (fixture->window));

  return trama_flow_table_get_flow (table, 0)->packets[0] == (N_PACKETS + N_PACKETS / 10) / N_FLOWS;
}

/* What is appended to a large file is understood with the rest, and the window answers meanwhile. */
static void
test_growing (Fixture *fixture, gconstpointer data)
{
  g_auto (Place) place = { 0 };
  g_autofree char *bytes = NULL;
  TramaFeed *feed = trama_window_get_feed (fixture->window);
  Pulse pulse;
  gsize size = (gsize) (N_PACKETS / 10) * CAPTURE_PACKET_BYTES;
  int fd;

  place_init (&place, TRUE);
  trama_window_open (fixture->window, place.path);
  fixture_wait_finished (fixture);
  bytes = g_malloc (size);
  fd = g_open (place.path, O_RDWR | O_APPEND, 0);
  g_assert_cmpint (pread (fd, bytes, size, CAPTURE_HEAD_BYTES), ==, size);
  pulse_begin (&pulse);
  g_assert_cmpint (write (fd, bytes, size), ==, size);
  close (fd);
  fixture_wait (fixture, shows_growth);
  g_assert_true (trama_feed_is_following (feed));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stop", NULL));
  fixture_wait (fixture, is_stopped);
  end_pulse (&pulse);
  g_assert_true (shows_growth (fixture));
}

/* Of the flood: what comes in a second, how it comes, and for how long. */
#define FLOOD_PER_S 100000
#define FLOOD_STEP_MS 20
#define FLOOD_S 5

/* What the window may work in it without looking up; sanitizers make it work harder. */
#ifdef __SANITIZE_ADDRESS__
#define FLOOD_WORK_MAX_US 400000
#else
#define FLOOD_WORK_MAX_US 50000
#endif

typedef struct
{
  int fd;
  const guint8 *packets; /* FLOOD_S seconds of them */
} Flood;

/* Late steps are made up for: a busy machine thins the flood no more than it must. */
static gpointer
pour (gpointer data)
{
  const Flood *flood = data;
  const gsize per_step = FLOOD_PER_S / 1000 * FLOOD_STEP_MS * CAPTURE_PACKET_BYTES;
  gint64 begin_us = g_get_monotonic_time ();

  for (guint step = 0; step < FLOOD_S * 1000 / FLOOD_STEP_MS; step++)
    {
      gint64 rest_us = begin_us + (gint64) step * FLOOD_STEP_MS * 1000 - g_get_monotonic_time ();

      if (rest_us > 0)
        g_usleep ((gulong) rest_us);
      g_assert_cmpint (write (flood->fd, flood->packets + step * per_step, per_step), ==, per_step);
    }
  return NULL;
}

static gboolean
has_flood (Fixture *fixture)
{
  return count_packets (fixture) == N_PACKETS / 10 + FLOOD_PER_S * FLOOD_S;
}

/* A live flood: the window answers while a hundred thousand packets come in every second. */
static void
test_flood (Fixture *fixture, gconstpointer data)
{
  g_auto (Place) place = { 0 };
  g_autofree guint8 *packets = NULL;
  gsize size = (gsize) FLOOD_PER_S * FLOOD_S * CAPTURE_PACKET_BYTES;
  Flood flood = { 0 };
  GThread *thread;
  Pulse pulse;

  place_init (&place, TRUE);
  packets = g_malloc (size);
  flood.fd = g_open (place.path, O_RDWR, 0);
  flood.packets = packets;
  g_assert_cmpint (pread (flood.fd, packets, size, CAPTURE_HEAD_BYTES + size / FLOOD_S), ==, size);
  g_assert_cmpint (ftruncate (flood.fd, CAPTURE_HEAD_BYTES + (off_t) size / FLOOD_S), ==, 0);
  g_assert_cmpint (lseek (flood.fd, 0, SEEK_END), >, 0);
  trama_window_open (fixture->window, place.path);
  fixture_wait_finished (fixture);
  pulse_begin (&pulse);
  thread = g_thread_new ("flood", pour, &flood);
  fixture_wait (fixture, has_flood);
  g_thread_join (thread);
  fixture_settle (fixture);
  tell_pulse (&pulse);
  g_assert_cmpint (pulse.longest_work_us, <, FLOOD_WORK_MAX_US);
  close (flood.fd);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/large/in-order", test_in_order);
  fixture_add ("/large/out-of-order", test_out_of_order);
  fixture_add ("/large/stop-reading", test_stop_reading);
  fixture_add ("/large/stop-understanding", test_stop_understanding);
  fixture_add ("/large/growing", test_growing);
  fixture_add ("/large/flood", test_flood);
  return g_test_run ();
}
