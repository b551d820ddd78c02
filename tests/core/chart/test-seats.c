/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/ladder.h"
#include "core/chart/ladder_text.h"
#include "tests/core/chart/traces.h"

#include <netinet/in.h>
#include <string.h>

/* Captures of packets alone: who has a column, and where. */

#define SERVER 5000
#define CLIENTS 40000

enum
{
  FIN = TRAMA_TCP_FIN,
  SYN = TRAMA_TCP_SYN,
  ACK = TRAMA_TCP_ACK,
};

static const TramaChartOptions page = { .width_px = 1920, .height_px = 1000, .text_scale = 1 };

/* Opened by a client, with so many segments of data, and closed; 10 µs between its packets. Returns its end. */
static gint64
talk (Fixture *fixture, gint64 us, guint16 client, guint16 server, guint n_data)
{
  guint32 sent = 101;

  fixture_tcp (fixture, us, client, server, SYN, 100, 0, NULL);
  fixture_tcp (fixture, us += 10, server, client, SYN | ACK, 300, 101, NULL);
  fixture_tcp (fixture, us += 10, client, server, ACK, 101, 301, NULL);
  for (guint i = 0; i < n_data; i++, sent += 5)
    fixture_tcp (fixture, us += 10, client, server, ACK, sent, 301, "hello");
  fixture_tcp (fixture, us += 10, client, server, FIN | ACK, sent, 301, NULL);
  fixture_tcp (fixture, us += 10, server, client, FIN | ACK, 301, sent + 1, NULL);
  fixture_tcp (fixture, us += 10, client, server, ACK, sent + 1, 302, NULL);
  return us;
}

/* All at once, the later the more to say. */
static TramaFlowTable *
make_clients (Fixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    talk (fixture, i, (guint16) (CLIENTS + i), SERVER, 10 + i);
  return trama_flow_table_new (fixture->store);
}

/* A datagram between hosts of 10.0.0.0/24. */
static void
send_datagram (Fixture *fixture, gint64 us, guint8 from, guint16 from_port, guint8 to, guint16 to_port)
{
  guint8 frame[14 + 20 + 8] = { [12] = 0x08, [14] = 0x45, [17] = 28, [22] = 64, [23] = IPPROTO_UDP };

  frame[26] = frame[30] = 10;
  frame[29] = from;
  frame[33] = to;
  frame[34] = (guint8) (from_port >> 8);
  frame[35] = (guint8) from_port;
  frame[36] = (guint8) (to_port >> 8);
  frame[37] = (guint8) to_port;
  frame[39] = 8;
  fixture_frame (fixture, us, frame, sizeof frame);
}

static guint
find_column (const TramaChart *chart, const char *name)
{
  for (guint i = 0; i < chart->n_columns; i++)
    if (g_str_equal (chart->columns[i].name, name))
      return i;
  g_assert_not_reached ();
}

static guint
column_at (const TramaChart *chart, double x)
{
  for (guint i = 0; i < chart->n_rails; i++)
    if (chart->rails[i].line_x == x)
      return chart->rails[i].column;
  g_assert_not_reached ();
}

static TramaFlowSet *
make_set (guint32 first, guint32 last)
{
  g_autofree guint32 *flows = g_new (guint32, last - first + 1);

  for (guint32 i = first; i <= last; i++)
    flows[i - first] = i;
  return trama_flow_set_new (flows, last - first + 1);
}

/* Every packet of what is drawn goes from the column of its sender to that of its receiver. */
static void
check_arrows (TramaFlowTable *table, const TramaChart *chart)
{
  guint n = 0;

  for (guint i = 0; i < trama_flow_set_n_flows (chart->flows); i++)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (table, trama_flow_set_get (chart->flows, i));

      n += flow->packets[0] + flow->packets[1];
    }
  g_assert_cmpuint (chart->n_arrows, ==, n);
  for (guint i = 0; i < chart->n_arrows; i++)
    {
      const TramaChartArrow *arrow = &chart->arrows[i];
      TramaSegment segment;
      const TramaFlow *flow;

      trama_flow_table_get_segment (table, arrow->packet, &segment);
      g_assert_true (trama_flow_set_has (chart->flows, segment.flow));
      flow = trama_flow_table_get_flow (table, segment.flow);
      for (guint side = 0; side < 2; side++)
        {
          guint column = column_at (chart, side == segment.side ? arrow->x0 : arrow->x1);
          g_autofree char *whole = trama_endpoint_format (&flow->endpoint[side]);
          TramaEndpoint host = flow->endpoint[side];
          g_autofree char *name = NULL;

          host.port = 0;
          name = trama_endpoint_format (&host);
          if (!g_str_equal (chart->columns[column].name, name))
            g_assert_cmpstr (chart->columns[column].name, ==, whole);
        }
    }
}

/* A SYN opens another conversation, unless it is sent again: which is known when the first of them is. */
static void
test_fewer (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) before = NULL;
  g_autoptr (TramaFlowTable) after = NULL;
  g_autoptr (TramaFlowSet) last = NULL;
  g_autoptr (TramaFlowSet) busiest = NULL;

  fixture_tcp (fixture, 100, CLIENTS, SERVER, ACK, 101, 301, "hello");
  fixture_tcp (fixture, 110, SERVER, CLIENTS, ACK, 301, 106, "hello");
  fixture_tcp (fixture, 200, CLIENTS, SERVER, SYN, 900, 0, NULL);
  before = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_flows (before), ==, 2);
  last = make_set (1, 1);
  g_assert_true (trama_flow_set_is_of (last, before));

  fixture_tcp (fixture, 0, CLIENTS, SERVER, SYN, 900, 0, NULL);
  after = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_flows (after), ==, 1);
  g_assert_false (trama_flow_set_is_of (last, after));
  busiest = trama_flow_set_new_busiest (after, last);
  g_assert_true (busiest != last);
  g_assert_true (trama_flow_set_is_of (busiest, after));
  g_assert_true (trama_flow_set_is_of (NULL, after));
}

static void
test_sets (void)
{
  static const guint32 flows[] = { 7, 3, 7, 0 };
  g_autoptr (TramaFlowSet) set = trama_flow_set_new (flows, G_N_ELEMENTS (flows));
  g_autoptr (TramaFlowSet) same = trama_flow_set_new_with (set, 3);
  g_autoptr (TramaFlowSet) more = trama_flow_set_new_with (set, 5);
  g_autoptr (TramaFlowSet) none = trama_flow_set_new (NULL, 0);

  g_assert_cmpuint (trama_flow_set_n_flows (set), ==, 3);
  g_assert_cmpuint (trama_flow_set_get (set, 0), ==, 0);
  g_assert_cmpuint (trama_flow_set_get (set, 2), ==, 7);
  g_assert_true (trama_flow_set_has (set, 3));
  g_assert_false (trama_flow_set_has (set, 5));
  g_assert_true (trama_flow_set_has (NULL, 5));
  g_assert_false (trama_flow_set_has (none, 0));
  g_assert_true (same == set);
  g_assert_cmpuint (trama_flow_set_n_flows (more), ==, 4);
  g_assert_true (trama_flow_set_has (more, 5));
  g_assert_false (trama_flow_set_equal (set, more));
  g_assert_false (trama_flow_set_equal (set, NULL));
  g_assert_true (trama_flow_set_equal (NULL, NULL));
}

/* The server stands in the middle of its clients, and nothing is left out. */
static void
test_side_by_side (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = make_clients (fixture, 4);
  g_autoptr (TramaChart) chart = trama_chart_new (table, &page);

  g_assert_cmpuint (chart->n_columns, ==, 5);
  g_assert_cmpstr (chart->columns[2].name, ==, "127.0.0.1:5000");
  g_assert_cmpuint (chart->columns[2].n_rails, ==, 2);
  g_assert_null (chart->scope);
  check_arrows (table, chart);
  for (guint i = 0; i < chart->n_bands; i++)
    g_assert_cmpfloat (chart->bands[i].x1, >, chart->bands[i].x0);
  /* Both sides of each have their states. */
  g_assert_cmpuint (chart->n_bands, >=, 4 * 2 * 3);
}

/* Only what was chosen; and whoever has a lane keeps it, whatever else is drawn. */
static void
test_chosen (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = make_clients (fixture, 4);
  g_autoptr (TramaFlowSet) two = make_set (1, 2);
  g_autoptr (TramaChart) all = trama_chart_new (table, &page);
  g_autoptr (TramaChart) chart = NULL;
  g_autoptr (TramaChart) folded = NULL;
  g_autoptr (TramaLanes) lanes = NULL;
  TramaChartOptions options = page;
  guint server;

  options.flows = two;
  chart = trama_chart_new (table, &options);
  g_assert_cmpuint (chart->n_columns, ==, 3);
  g_assert_cmpstr (chart->scope, ==, "2 of 4 conversations");
  g_assert_true (trama_flow_set_equal (chart->flows, two));
  check_arrows (table, chart);
  server = find_column (chart, "127.0.0.1:5000");
  g_assert_cmpuint (server, ==, 1);
  g_assert_cmpint (chart->columns[server].lane, ==, all->columns[find_column (all, "127.0.0.1:5000")].lane);
  for (guint i = 0; i < all->n_columns; i++)
    for (guint other = 0; other < i; other++)
      g_assert_cmpint (all->columns[i].lane, !=, all->columns[other].lane);

  options.flows = NULL;
  options.lanes = lanes = trama_lanes_new_toggled (NULL, chart->columns[server].lane);
  folded = trama_chart_new (table, &options);
  for (guint i = 0; i < folded->n_columns; i++)
    g_assert_cmpint (folded->columns[i].folded, ==, g_str_equal (folded->columns[i].name, "127.0.0.1:5000"));
}

/* One after the other they share a column, and each has its port where it begins. */
static void
test_in_turn (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaChart) chart = NULL;
  gint64 us = 0;
  guint n_ports = 0;

  for (guint i = 0; i < 12; i++)
    us = talk (fixture, us + 1000, (guint16) (CLIENTS + i), SERVER, 1);
  table = trama_flow_table_new (fixture->store);
  chart = trama_chart_new (table, &page);
  g_assert_cmpuint (chart->n_columns, ==, 2);
  g_assert_cmpstr (chart->columns[0].name, ==, "127.0.0.1");
  g_assert_cmpstr (chart->columns[1].name, ==, "127.0.0.1:5000");
  g_assert_null (chart->scope);
  check_arrows (table, chart);
  for (guint i = 0; i < chart->n_badges; i++)
    n_ports += g_str_has_prefix (chart->badges[i].text, ":400");
  g_assert_cmpuint (n_ports, ==, 12);
  for (guint i = 0; i < chart->n_arrows; i++)
    if (chart->arrows[i].apart && chart->arrows[i].detail != NULL
        && chart->arrows[i].kind == TRAMA_SEGMENT_SYN)
      g_assert_nonnull (strstr (chart->arrows[i].detail, "seq 0"));
}

/* Of more than there is room for, those with the most packets, and it is said; at most so many columns. */
static void
test_crowd (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = make_clients (fixture, 100);
  g_autoptr (TramaFlowSet) hundred = make_set (0, 99);
  g_autoptr (TramaChart) chart = trama_chart_new (table, &page);
  g_autoptr (TramaChart) all = NULL;
  TramaChartOptions options = page;

  g_assert_cmpuint (chart->n_columns, ==, 8);
  g_assert_cmpuint (trama_flow_set_n_flows (chart->flows), ==, 7);
  for (guint32 flow = 93; flow < 100; flow++)
    g_assert_true (trama_flow_set_has (chart->flows, flow));
  g_assert_cmpstr (chart->scope, ==, "7 of 100 conversations: those with the most packets");
  g_assert_cmpfloat (chart->scope_px, >, 0);
  g_assert_cmpfloat (chart->header_px, >, chart->scope_px);

  options.flows = hundred;
  all = trama_chart_new (table, &options);
  g_assert_cmpuint (all->n_columns, ==, 24);
  g_assert_cmpstr (all->scope, ==, "23 of 100 chosen conversations: those with the most packets");
  g_assert_cmpuint (find_column (all, "127.0.0.1:5000"), >=, 11);
  g_assert_cmpuint (find_column (all, "127.0.0.1:5000"), <=, 12);
  for (guint i = 1; i < all->n_columns; i++)
    g_assert_cmpfloat (all->columns[i].x0, >, all->columns[i - 1].x1);
  g_assert_cmpfloat (all->width_px, >, page.width_px);
}

/* Where everybody alone would be too many, hosts have the columns, and ports are told. */
static void
test_hosts (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaChart) chart = NULL;

  for (guint round = 0; round < 2; round++)
    for (guint8 i = 0; i < 20; i++)
      {
        send_datagram (fixture, round * 1000 + i, 1, (guint16) (CLIENTS + i), (guint8) (2 + i % 4), 53);
        send_datagram (fixture, round * 1000 + 500 + i, (guint8) (2 + i % 4), 53, 1, (guint16) (CLIENTS + i));
      }
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 20);
  chart = trama_chart_new (table, &page);
  g_assert_cmpuint (chart->n_columns, ==, 5);
  g_assert_cmpuint (find_column (chart, "10.0.0.1"), ==, 2);
  g_assert_null (chart->scope);
  check_arrows (table, chart);
}

/* Who talks to himself has a column for either side. */
static void
test_mirror (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaChart) chart = NULL;

  for (guint i = 0; i < 3; i++)
    fixture_udp (fixture, i * 10, 700, 700, "echo");
  table = trama_flow_table_new (fixture->store);
  chart = trama_chart_new (table, &page);
  g_assert_cmpuint (chart->n_columns, ==, 2);
  g_assert_cmpstr (chart->columns[0].name, ==, "127.0.0.1:700");
  g_assert_cmpstr (chart->columns[1].name, ==, "127.0.0.1:700");
  g_assert_cmpuint (chart->n_arrows, ==, 3);
}

/* So many clients take turns. Returns when they are done. */
static gint64
ask (Fixture *fixture, gint64 us, guint16 first_client, guint n_clients, guint16 server, guint n_rounds)
{
  for (guint round = 0; round < n_rounds; round++)
    for (guint i = 0; i < n_clients; i++)
      fixture_udp (fixture, us++, (guint16) (first_client + i), server, "question");
  return us;
}

/* While a trace grows, what is drawn stays, until it is nothing beside the rest; and so does what was taken in. */
static void
test_growing (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 us = ask (fixture, 0, CLIENTS, 7, SERVER, 20);
  g_autoptr (TramaFlowTable) first = trama_flow_table_new (fixture->store);
  g_autoptr (TramaFlowTable) grown = NULL;
  g_autoptr (TramaFlowTable) flooded = NULL;
  g_autoptr (TramaFlowSet) before = trama_flow_set_new_busiest (first, NULL);
  g_autoptr (TramaFlowSet) kept = NULL;
  g_autoptr (TramaFlowSet) other = NULL;
  TramaChartOptions options = page;
  g_autoptr (TramaLadder) ladder = NULL;
  g_autoptr (TramaLadder) gone_on = NULL;
  g_autoptr (TramaLadder) anew = NULL;

  g_assert_cmpuint (trama_flow_set_n_flows (before), ==, 7);
  options.flows = before;
  ladder = trama_ladder_new (first, &options, NULL);
  trama_ladder_follow (ladder, G_MAXUINT);
  g_assert_cmpuint (trama_ladder_n_moments (ladder), ==, 140);

  us = ask (fixture, us, CLIENTS, 7, SERVER, 2);
  us = ask (fixture, us, CLIENTS + 7, 1, SERVER + 1, 30);
  grown = trama_flow_table_new (fixture->store);
  kept = trama_flow_set_new_busiest (grown, before);
  g_assert_true (kept == before);
  gone_on = trama_ladder_new (grown, &options, ladder);
  g_assert_cmpuint (trama_ladder_n_moments (gone_on), ==, 140);
  trama_ladder_follow (gone_on, G_MAXUINT);
  g_assert_cmpuint (trama_ladder_n_moments (gone_on), ==, 154);
  anew = trama_ladder_new (grown, &options, NULL);
  g_assert_cmpuint (trama_ladder_n_moments (anew), ==, 0);
  trama_ladder_follow (anew, G_MAXUINT);
  g_assert_cmpuint (trama_ladder_n_moments (anew), ==, 154);

  ask (fixture, us, 50000, 7, SERVER, 90);
  flooded = trama_flow_table_new (fixture->store);
  other = trama_flow_set_new_busiest (flooded, kept);
  g_assert_false (trama_flow_set_equal (other, kept));
  for (guint32 flow = 8; flow < 15; flow++)
    g_assert_true (trama_flow_set_has (other, flow));
}

/* A telephone call, and a second client on its own, whose questions another server gets. */
static TramaFlowTable *
make_recorded (Fixture *fixture)
{
  const gint64 us = 1000;
  FixtureCall calls[] = {
    { .name = TRAMA_CALL_SENDTO,
      .entry_us = us,
      .exit_us = us + 5,
      .fd = 3,
      .socket = 71,
      .result = 2,
      .port = 6000,
      .data = "hi" },
    { .name = TRAMA_CALL_RECVFROM,
      .entry_us = us,
      .exit_us = us + 9,
      .fd = 3,
      .socket = 72,
      .result = 2,
      .port = 45000,
      .data = "hi" },
  };

  fixture_telephone (fixture);
  calls[0].actor = fixture_actor (fixture, "asker");
  calls[1].actor = fixture_actor (fixture, "teller");
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    fixture_call (fixture, &calls[i]);
  fixture_udp (fixture, us + 3, 45000, 6000, "hi");
  return trama_flow_table_new (fixture->store);
}

/* Where calls were recorded, what is chosen is drawn with who has a part in it, and nothing of the others. */
static void
test_recorded (void)
{
  static const guint32 first[] = { 0 };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = make_recorded (fixture);
  g_autoptr (TramaFlowSet) set = trama_flow_set_new (first, 1);
  g_autoptr (TramaChart) all = trama_chart_new (table, &page);
  g_autoptr (TramaChart) chart = NULL;
  TramaChartOptions options = page;
  const TramaFlow *flow = trama_flow_table_get_flow (table, 0);

  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 2);
  g_assert_cmpuint (all->n_columns, >=, 4);
  options.flows = set;
  chart = trama_chart_new (table, &options);
  g_assert_cmpuint (chart->n_columns, ==, 2);
  g_assert_cmpstr (chart->columns[0].name, ==, "client");
  g_assert_cmpstr (chart->columns[1].name, ==, "server");
  g_assert_cmpuint (chart->n_arrows, ==, flow->packets[0] + flow->packets[1]);
  g_assert_cmpuint (chart->n_bars, ==, all->n_bars - 2);
  g_assert_cmpstr (chart->scope, ==, "1 of 2 conversations");
  g_assert_null (all->scope);
}

/* As text: columns where there is room for all, only what is chosen, and nobody is left out for want of room. */
static void
test_text (void)
{
  static const guint32 two[] = { 0, 2 };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = make_clients (fixture, 3);
  g_autoptr (TramaFlowSet) set = trama_flow_set_new (two, 2);
  g_autofree char *wide = trama_ladder_text (table, 132, NULL, NULL, NULL);
  g_autofree char *narrow = trama_ladder_text (table, 72, NULL, NULL, NULL);
  g_autofree char *chosen = trama_ladder_text (table, 132, NULL, set, NULL);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("127.0.0.1:%u ", CLIENTS + i);
      g_autofree char *way = g_strdup_printf ("%u → %u", CLIENTS + i, SERVER);

      g_assert_cmpint (strstr (wide, name) != NULL || g_str_has_suffix (wide, name), ==, TRUE);
      g_assert_null (strstr (wide, way));
      g_assert_nonnull (strstr (narrow, way));
      if (i == 1)
        g_assert_null (strstr (chosen, name));
      else
        g_assert_nonnull (strstr (chosen, name));
    }
  g_assert_null (strstr (wide, "sent first"));
  g_assert_nonnull (strstr (narrow, "sent first"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/seats/sets", test_sets);
  g_test_add_func ("/chart/seats/fewer", test_fewer);
  g_test_add_func ("/chart/seats/side-by-side", test_side_by_side);
  g_test_add_func ("/chart/seats/chosen", test_chosen);
  g_test_add_func ("/chart/seats/in-turn", test_in_turn);
  g_test_add_func ("/chart/seats/crowd", test_crowd);
  g_test_add_func ("/chart/seats/hosts", test_hosts);
  g_test_add_func ("/chart/seats/mirror", test_mirror);
  g_test_add_func ("/chart/seats/growing", test_growing);
  g_test_add_func ("/chart/seats/recorded", test_recorded);
  g_test_add_func ("/chart/seats/text", test_text);
  return g_test_run ();
}
