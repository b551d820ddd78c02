/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/*
 * A capture of a day in nanoseconds: five bursts six hours apart, whose packets come a nanosecond after each
 * other. One can come near anywhere, point at each of them, and stay at the end while more comes.
 */
#define BEGIN_S G_GINT64_CONSTANT (1700000000)
#define SECOND_NS G_GINT64_CONSTANT (1000000000)
#define BURSTS 5
#define BURST_PACKETS 2000
#define BURST_EVERY_S (6 * 60 * 60)
#define N_PACKETS (BURSTS * BURST_PACKETS)

#define HEAD_BYTES 24
#define PACKET_BYTES 66

/* What is looked at closely: so many nanoseconds, of which no more than that are in view beside them. */
#define CLOSE_NS 20
#define AROUND_NS 400

#define PART_PX 400
#define TAIL 0.05 /* of an arrow */

typedef struct
{
  char *folder;
  char *path;
  int fd;
  guint n_packets; /* that are in it */
} Day;

static gint64
time_of (guint packet)
{
  return (BEGIN_S + (gint64) (packet / BURST_PACKETS) * BURST_EVERY_S) * SECOND_NS + packet % BURST_PACKETS;
}

static void
put_u32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (at, &value, sizeof value);
}

/* A TCP segment of ten bytes from 10.0.0.1:40000 to 10.0.0.2:80. */
static void
put (Day *day, gint64 time_ns)
{
  guint8 packet[PACKET_BYTES] = {
    [11] = 50,   [15] = 50,                                /* captured, on the wire */
    [16] = 0x45, [19] = 50,  [24] = 64, 6,                 /* IPv4, 50 bytes, TTL 64, TCP */
    [28] = 10,   [31] = 1,   10,        [35] = 2,          /* the addresses */
    [36] = 0x9c, 0x40,       [39] = 80, [48] = 0x50, 0x18, /* the ports, header of 20 bytes, PSH ACK */
    [50] = 0xff, [56] = 'T', 'e',       'n',         ' ',  'b', 'y', 't', 'e', 's',
  };

  put_u32 (packet, (guint32) (time_ns / SECOND_NS));
  put_u32 (packet + 4, (guint32) (time_ns % SECOND_NS));
  put_u32 (packet + 40, day->n_packets * 10);
  g_assert_cmpint (write (day->fd, packet, sizeof packet), ==, sizeof packet);
  day->n_packets++;
}

static void
day_init (Day *day)
{
  /* pcap, nanoseconds, big endian, version 2.4, snap length 65535, link type 101: IP without a link header */
  static const guint8 head[HEAD_BYTES] = {
    0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4, [18] = 0xff, 0xff, [23] = 101
  };

  day->folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_assert_nonnull (day->folder);
  day->path = g_build_filename (day->folder, "day.pcap", NULL);
  day->fd = g_open (day->path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  g_assert_cmpint (write (day->fd, head, sizeof head), ==, sizeof head);
  while (day->n_packets < N_PACKETS)
    put (day, time_of (day->n_packets));
}

static void
day_clear (Day *day)
{
  close (day->fd);
  g_assert_cmpint (g_unlink (day->path), ==, 0);
  g_assert_cmpint (g_rmdir (day->folder), ==, 0);
  g_free (day->folder);
  g_free (day->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Day, day_clear)

static void
open_day (Fixture *fixture, Day *day)
{
  day_init (day);
  trama_window_open (fixture->window, day->path);
  fixture_wait_finished (fixture);
  g_assert_cmpuint (trama_store_n_packets (fixture_get_store (fixture)), ==, N_PACKETS);
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

static void
act (Fixture *fixture, const char *action, int direction)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (trama_window_get_ladder (fixture->window)), action,
                                             "i", direction));
}

static void
show (Fixture *fixture, gint64 from_ns)
{
  TramaSpan visible;

  trama_view_state_show (get_state (fixture), (TramaSpan){ from_ns, from_ns + CLOSE_NS });
  fixture_settle (fixture);
  visible = trama_view_state_get_visible (get_state (fixture));
  g_assert_cmpint (visible.start_ns, <=, from_ns);
  g_assert_cmpint (visible.end_ns, >=, from_ns + CLOSE_NS);
}

/* Each nanosecond has a height, and what stands there is of that nanosecond. */
static void
check_heights (TramaChart *chart, gint64 from_ns)
{
  double y = trama_chart_y_of_time (chart, from_ns), next_y;

  for (gint64 i = 0; i < CLOSE_NS; i++, y = next_y)
    {
      next_y = trama_chart_y_of_time (chart, from_ns + i + 1);
      g_assert_cmpfloat (next_y - y, >=, 1);
      g_assert_cmpint (trama_chart_time_of_y (chart, y), ==, from_ns + i);
    }
}

/* Near the tail of its arrow, where no words stand. */
static void
check_hits (TramaChart *chart, guint packet)
{
  double y = trama_chart_y_of_time (chart, time_of (packet));
  g_autoptr (TramaChart) part = trama_chart_get_part (chart, y - PART_PX, y + PART_PX);

  for (guint i = packet; i < packet + CLOSE_NS / 2; i++)
    {
      TramaChartArrow arrow;
      TramaRef hit;

      g_assert_true (trama_chart_find_arrow (part, i, &arrow));
      hit = trama_chart_hit (part, arrow.x0 + TAIL * (arrow.x1 - arrow.x0),
                             arrow.y0 + TAIL * (arrow.y1 - arrow.y0));
      g_assert_cmpuint (hit.kind, ==, TRAMA_EVENT_PACKET);
      g_assert_cmpuint (hit.index, ==, i);
    }
}

static void
check_step (Fixture *fixture, guint packet)
{
  trama_view_state_select (get_state (fixture), (TramaRef){ TRAMA_EVENT_PACKET, packet });
  act (fixture, "ladder.step", 1);
  g_assert_cmpuint (trama_view_state_get_selected (get_state (fixture)).kind, ==, TRAMA_EVENT_PACKET);
  g_assert_cmpuint (trama_view_state_get_selected (get_state (fixture)).index, ==, packet + 1);
}

/* At the beginning, in the middle of each burst, and at the very end. */
static void
test_near (Fixture *fixture, gconstpointer data)
{
  g_auto (Day) day = { 0 };

  open_day (fixture, &day);
  for (guint mode = TRAMA_SCALE_FOLDED; mode <= TRAMA_SCALE_TO_SCALE; mode++)
    {
      trama_view_state_set_mode (get_state (fixture), (TramaScaleMode) mode);
      for (guint i = 0; i <= BURSTS; i++)
        {
          guint packet = i == 0        ? 0
                         : i == BURSTS ? N_PACKETS - CLOSE_NS - 1
                                       : i * BURST_PACKETS + BURST_PACKETS / 2;
          TramaSpan visible;

          show (fixture, time_of (packet));
          visible = trama_view_state_get_visible (get_state (fixture));
          g_assert_cmpint (visible.end_ns - visible.start_ns, <,
                           i == 0 || i == BURSTS ? G_MAXINT64 : AROUND_NS);
          check_heights (get_chart (fixture), time_of (packet));
          check_hits (get_chart (fixture), packet);
          check_step (fixture, packet);
        }
    }
}

typedef struct
{
  Fixture *fixture;
  guint n_packets;
} Growth;

static gboolean
has_grown (gpointer user_data)
{
  const Growth *growth = user_data;
  TramaFlowTable *table = trama_view_state_get_table (get_state (growth->fixture));

  return table != NULL && trama_flow_table_n_packets (table) == growth->n_packets;
}

/* Nanoseconds after the last of the day, and drawn. */
static gint64
let_more_come (Fixture *fixture, Day *day)
{
  gint64 time_ns = time_of (N_PACKETS - 1) + (day->n_packets - N_PACKETS + 1) * SECOND_NS + 1;
  Growth growth = { fixture, day->n_packets + 1 };

  put (day, time_ns);
  while (!has_grown (&growth))
    g_main_context_iteration (NULL, TRUE);
  fixture_settle (fixture);
  return time_ns;
}

/* At its end the picture stays at its end; elsewhere it stays where it is. */
static void
test_growing (Fixture *fixture, gconstpointer data)
{
  g_auto (Day) day = { 0 };
  TramaSpan visible;
  gint64 last_ns, middle_ns = time_of (N_PACKETS / 2 + BURST_PACKETS / 4);

  open_day (fixture, &day);
  show (fixture, middle_ns);
  let_more_come (fixture, &day);
  visible = trama_view_state_get_visible (get_state (fixture));
  g_assert_cmpint (visible.start_ns, <=, middle_ns);
  g_assert_cmpint (visible.start_ns, >, middle_ns - AROUND_NS);
  g_assert_cmpint (visible.end_ns, >=, middle_ns + CLOSE_NS);

  act (fixture, "ladder.step-from-end", -1);
  fixture_settle (fixture);
  last_ns = let_more_come (fixture, &day);
  g_assert_cmpint (trama_view_state_get_visible (get_state (fixture)).end_ns, >=, last_ns);
  last_ns = let_more_come (fixture, &day);
  g_assert_cmpint (trama_view_state_get_visible (get_state (fixture)).end_ns, >=, last_ns);
  trama_feed_stop (trama_window_get_feed (fixture->window));
  fixture_wait_finished (fixture);
  g_assert_cmpint (trama_view_state_get_visible (get_state (fixture)).end_ns, >=, last_ns);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/day/near", test_near);
  fixture_add ("/day/growing", test_growing);
  return g_test_run ();
}
