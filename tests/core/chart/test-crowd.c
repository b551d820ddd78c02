/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/ladder.h"
#include "tests/core/fixture.h"

#include <math.h>
#include <sys/socket.h>

/* Short conversations, one upon another: more than can be drawn apart, and nothing but beginnings and ends. */

#define N_TALKS 4000
#define TALK_US 40
#define RESET_EVERY 131 /* of them, one is ended so */

#define CELL_PX 32
#define MARK_PX 16
#define BADGE_PX 30

/* A SYN and a FIN of both sides, and what is rare. */
#define ARROWS_MAX 6

static const TramaChartOptions page = { .width_px = 1920, .height_px = 1000, .text_scale = 1 };

typedef struct
{
  Fixture *fixture;
  TramaFlowTable *table;
  TramaLadder *ladder;
  TramaChart *chart, *whole;
} Crowd;

static void
talk (Fixture *fixture, guint32 client, guint index)
{
  const gint64 now_us = 100 + (gint64) index * TALK_US;
  const guint16 port = (guint16) (10000 + index);
  const guint8 end = index % RESET_EVERY == 0 ? TRAMA_TCP_RST : TRAMA_TCP_FIN;
  const guint64 socket = 101 + index;

  fixture_call (fixture, &(FixtureCall){ TRAMA_CALL_SOCKET, client, now_us, now_us + 3, -1, .made = socket,
                                         .result = 3, .number = SOCK_STREAM });
  fixture_call (fixture, &(FixtureCall){ TRAMA_CALL_CONNECT, client, now_us + 5, now_us + 20, 3, socket,
                                         .port = 5000 });
  fixture_tcp (fixture, now_us + 10, port, 5000, TRAMA_TCP_SYN, 1000, 0, NULL);
  fixture_tcp (fixture, now_us + 12, 5000, port, TRAMA_TCP_SYN | TRAMA_TCP_ACK, 7000, 1001, NULL);
  fixture_tcp (fixture, now_us + 14, port, 5000, TRAMA_TCP_ACK, 1001, 7001, NULL);
  fixture_tcp (fixture, now_us + 24, port, 5000, end | TRAMA_TCP_ACK, 1001, 7001, NULL);
  if (end == TRAMA_TCP_FIN)
    fixture_tcp (fixture, now_us + 26, 5000, port, TRAMA_TCP_FIN | TRAMA_TCP_ACK, 7001, 1002, NULL);
  fixture_call (fixture, &(FixtureCall){ TRAMA_CALL_CLOSE, client, now_us + 25, now_us + 30, 3, socket });
}

static Crowd
crowd_new (void)
{
  Crowd crowd = { .fixture = fixture_new () };
  guint32 client = fixture_actor (crowd.fixture, "client");

  for (guint i = 0; i < N_TALKS; i++)
    talk (crowd.fixture, client, i);
  crowd.table = trama_flow_table_new (crowd.fixture->store);
  crowd.ladder = trama_ladder_new (crowd.table, &page, NULL);
  trama_ladder_follow (crowd.ladder, G_MAXUINT);
  crowd.chart = trama_chart_new_for (crowd.ladder, &page);
  crowd.whole = trama_chart_get_part (crowd.chart, 0, crowd.chart->body_px);
  return crowd;
}

static void
crowd_clear (Crowd *crowd)
{
  trama_chart_unref (crowd->whole);
  trama_chart_unref (crowd->chart);
  trama_ladder_unref (crowd->ladder);
  trama_flow_table_unref (crowd->table);
  fixture_free (crowd->fixture);
}

static double
y_of_packet (const Crowd *crowd, guint packet)
{
  TramaPacket record;

  trama_store_get_packet (crowd->fixture->store, packet, &record);
  return trama_chart_y_of_time (crowd->chart, record.time_ns);
}

static gboolean
has_mark (const Crowd *crowd, guint8 kind, double y0, double y1)
{
  for (guint i = 0; i < crowd->whole->n_arrows; i++)
    if (crowd->whole->arrows[i].kind == kind && crowd->whole->arrows[i].y0 >= y0
        && crowd->whole->arrows[i].y0 <= y1)
      return TRUE;
  return FALSE;
}

/* What every conversation has is told of once in a cell, what only some have as often as elsewhere. */
static void
test_marks (void)
{
  Crowd crowd = crowd_new ();
  const double cell_px = CELL_PX * crowd.chart->scale, mark_px = MARK_PX * crowd.chart->scale;
  const guint n_cells = (guint) ceil (crowd.chart->body_px / cell_px);

  g_assert_cmpuint (crowd.whole->n_densities, >, n_cells);
  g_assert_cmpuint (crowd.whole->n_arrows, <, n_cells * ARROWS_MAX);
  for (guint packet = 0; packet < trama_flow_table_n_packets (crowd.table); packet++)
    {
      const TramaBrief brief = trama_flow_table_get_brief (crowd.table, packet);
      const double y = y_of_packet (&crowd, packet), cell = floor (y / cell_px) * cell_px;

      if (brief.kind == TRAMA_SEGMENT_SYN || brief.kind == TRAMA_SEGMENT_FIN)
        g_assert_true (has_mark (&crowd, brief.kind, cell, cell + cell_px));
      else if (brief.kind == TRAMA_SEGMENT_RST)
        g_assert_true (has_mark (&crowd, brief.kind, y - mark_px, y + mark_px));
    }
  crowd_clear (&crowd);
}

/* In rows of their height one of all that stand there is named, and not every one is looked at to find it. */
static void
test_badges (void)
{
  Crowd crowd = crowd_new ();
  const double row_px = BADGE_PX * crowd.chart->scale;
  guint n_rows = 0;
  double last_row = -G_MAXDOUBLE;

  for (guint i = 0; i < crowd.whole->n_badges; i++)
    {
      const double row = floor (crowd.whole->badges[i].y / row_px);

      n_rows += row > last_row;
      last_row = MAX (row, last_row);
    }
  g_assert_cmpuint (n_rows, >, (guint) (crowd.chart->body_px / row_px) - 6);
  g_assert_cmpuint (crowd.whole->n_badges, <=, n_rows + 2);
  crowd_clear (&crowd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crowd/marks", test_marks);
  g_test_add_func ("/crowd/badges", test_badges);
  return g_test_run ();
}
