/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/density.h"

#include "core/flow/builder.h"
#include "tests/core/fixture.h"

/* What is asked of the index is also counted packet by packet. */
static void
count (TramaFlowTable *table,
       gint64 start_ns,
       gint64 end_ns,
       const guint32 *lane_of_flow,
       TramaDensitySum *sums)
{
  TramaStore *store = trama_flow_table_get_store (table);

  for (guint i = 0; i < trama_store_n_packets (store); i++)
    {
      TramaPacket packet;
      TramaSegment segment;
      TramaDensitySum *sum;
      TramaDensityKind kind = TRAMA_DENSITY_UDP;

      trama_store_get_packet (store, i, &packet);
      trama_flow_table_get_segment (table, i, &segment);
      if (packet.time_ns < start_ns || packet.time_ns >= end_ns)
        continue;
      if (lane_of_flow != NULL && segment.flow == TRAMA_FLOW_NONE)
        continue;
      sum = &sums[lane_of_flow != NULL ? lane_of_flow[segment.flow] : 0];
      if (segment.kind == TRAMA_SEGMENT_DATA)
        kind = TRAMA_DENSITY_DATA;
      else if (segment.kind != TRAMA_SEGMENT_UDP && segment.kind != TRAMA_SEGMENT_ICMP
               && segment.kind != TRAMA_SEGMENT_OTHER)
        kind = TRAMA_DENSITY_ACK;
      sum->packets[segment.side][kind]++;
      sum->bytes[segment.side] += packet.length_bytes;
      if (segment.flags & (TRAMA_TCP_SYN | TRAMA_TCP_FIN | TRAMA_TCP_RST))
        sum->rare[segment.side] |= 1 << segment.kind;
    }
}

static void
assert_sums (const TramaDensitySum *found, const TramaDensitySum *expected)
{
  for (guint side = 0; side < 2; side++)
    {
      for (guint kind = 0; kind < TRAMA_N_DENSITY_KINDS; kind++)
        g_assert_cmpuint (found->packets[side][kind], ==, expected->packets[side][kind]);
      g_assert_cmpuint (found->bytes[side], ==, expected->bytes[side]);
      g_assert_cmpuint (found->rare[side] & ~TRAMA_DENSITY_RESENT, ==, expected->rare[side]);
    }
}

/* @n packets of conversations on four ports, some in one microsecond, with gaps. */
static Fixture *
make_packets (guint n)
{
  Fixture *fixture = fixture_new ();
  gint64 time_us = 0;
  guint32 sequence = 1000;

  for (guint i = 0; i < n; i++)
    {
      guint16 port = (guint16) (4000 + i % 4);

      time_us += i % 97 == 0 ? 5000 : i % 3;
      if (i % 4 == 3)
        fixture_udp (fixture, time_us, port, 53, "who?");
      else if (i % 500 == 8)
        fixture_tcp (fixture, time_us, 80, port, TRAMA_TCP_RST, 1, 0, NULL);
      else if (i % 2 == 0)
        fixture_tcp (fixture, time_us, port, 80, TRAMA_TCP_ACK, sequence += 5, 1, "hello");
      else
        fixture_tcp (fixture, time_us, 80, port, TRAMA_TCP_ACK, 1, sequence, NULL);
    }
  return fixture;
}

static void
assert_equals_count (const TramaDensity *density,
                     TramaFlowTable *table,
                     const gint64 *edges_ns,
                     guint n,
                     const guint32 *lane_of_flow,
                     guint n_lanes)
{
  g_autofree TramaDensitySum *found = g_new (TramaDensitySum, n * n_lanes);

  trama_density_query (density, edges_ns, n, found);
  for (guint i = 0; i < n; i++)
    {
      g_autofree TramaDensitySum *expected = g_new0 (TramaDensitySum, n_lanes);

      count (table, edges_ns[i], edges_ns[i + 1], lane_of_flow, expected);
      for (guint lane = 0; lane < n_lanes; lane++)
        assert_sums (&found[i * n_lanes + lane], &expected[lane]);
    }
}

/* Blocks of every level, begun and full; ranges that begin before, end behind and lie between packets. */
static void
test_exact (void)
{
  static const guint sizes[] = { 0, 1, 63, 64, 65, 128, 4095, 4096, 4097, 9000 };
  static const double widths[] = { 1, 7.3, 250, 1e9 };

  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      g_autoptr (Fixture) fixture = make_packets (sizes[s]);
      g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);
      g_autoptr (TramaDensity) density = trama_density_new (NULL, 0, 0);

      g_assert_false (trama_density_follow (density, table, G_MAXUINT));
      g_assert_cmpuint (trama_density_n_packets (density), ==, sizes[s]);
      for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
        {
          gint64 edges_ns[9];

          for (guint i = 0; i < G_N_ELEMENTS (edges_ns); i++)
            edges_ns[i] = fixture_time_ns (-3) + (gint64) (widths[w] * i * 1000);
          assert_equals_count (density, table, edges_ns, G_N_ELEMENTS (edges_ns) - 1, NULL, 1);
        }
    }
}

static void
test_lanes (void)
{
  g_autoptr (Fixture) fixture = make_packets (5000);
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);
  guint n_flows = trama_flow_table_n_flows (table);
  g_autofree guint32 *lane_of_flow = g_new (guint32, n_flows);
  g_autoptr (TramaDensity) density = NULL;
  const gint64 edges_ns[] = { fixture_time_ns (0), fixture_time_ns (5000), fixture_time_ns (5001),
                              fixture_time_ns (77777), fixture_time_ns (1000000) };

  g_assert_cmpuint (n_flows, >, 3);
  for (guint i = 0; i < n_flows; i++)
    lane_of_flow[i] = i % 3;
  density = trama_density_new (lane_of_flow, n_flows, 3);
  trama_density_follow (density, table, G_MAXUINT);
  assert_equals_count (density, table, edges_ns, G_N_ELEMENTS (edges_ns) - 1, lane_of_flow, 3);
}

/* Of a lane that nobody asked for there is nothing. */
static void
test_no_lane (void)
{
  g_autoptr (Fixture) fixture = make_packets (100);
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);
  const guint32 lane_of_flow[] = { 0 };
  g_autoptr (TramaDensity) density = trama_density_new (lane_of_flow, 1, 1);
  const gint64 edges_ns[] = { 0, G_MAXINT64 };
  const TramaFlow *flow = trama_flow_table_get_flow (table, 0);
  TramaDensitySum sum;
  guint total = 0;

  trama_density_follow (density, table, G_MAXUINT);
  trama_density_query (density, edges_ns, 1, &sum);
  for (guint side = 0; side < 2; side++)
    for (guint kind = 0; kind < TRAMA_N_DENSITY_KINDS; kind++)
      total += sum.packets[side][kind];
  g_assert_cmpuint (total, ==, flow->packets[0] + flow->packets[1]);
  g_assert_cmpuint (total, <, 100);
}

/* One reset and one segment sent again, among thousands: they are found in whatever is asked for. */
static void
test_rare (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaDensity) density = trama_density_new (NULL, 0, 0);
  const gint64 edges_ns[] = { fixture_time_ns (0), fixture_time_ns (4000), fixture_time_ns (7000),
                              fixture_time_ns (20000) };
  TramaDensitySum sums[3];

  for (guint i = 0; i < 10000; i++)
    fixture_tcp (fixture, i, 4000, 80, i == 6999 ? TRAMA_TCP_RST : TRAMA_TCP_ACK, 1000 + 5 * i - (i == 3999),
                 1, i == 6999 ? NULL : "hello");
  table = trama_flow_table_new (fixture->store);
  trama_density_follow (density, table, G_MAXUINT);
  trama_density_query (density, edges_ns, 3, sums);
  g_assert_cmpuint (sums[0].rare[0], ==, TRAMA_DENSITY_RESENT);
  g_assert_cmpuint (sums[1].rare[0], ==, 1 << TRAMA_SEGMENT_RST);
  g_assert_cmpuint (sums[2].rare[0], ==, 0);
  g_assert_cmpuint (sums[2].packets[0][TRAMA_DENSITY_DATA], ==, 3000);
}

/* A capture that goes on: taken in bit by bit, of tables made anew, it is the same as taken in at once. */
static void
test_grows (void)
{
  g_autoptr (Fixture) fixture = make_packets (3000);
  g_autoptr (TramaDensity) density = trama_density_new (NULL, 0, 0);
  const gint64 edges_ns[] = { fixture_time_ns (0), fixture_time_ns (100000), fixture_time_ns (10000000) };

  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);
      guint before = trama_density_n_packets (density);

      g_assert_true (trama_density_follow (density, table, 10));
      g_assert_cmpuint (trama_density_n_packets (density), ==, before + 10);
      while (trama_density_follow (density, table, 999))
        ;
      assert_equals_count (density, table, edges_ns, 2, NULL, 1);
      for (guint i = 0; i < 777; i++)
        fixture_udp (fixture, 300000 + round * 1000 + i, 9, 9, "x");
    }
}

/* Of a table in the making only what is known, and at its end all of it. */
static void
test_early (void)
{
  g_autoptr (Fixture) fixture = make_packets (3000);
  g_autoptr (TramaDensity) density = trama_density_new (NULL, 0, 0);
  TramaFlowBuilder *builder = trama_flow_builder_new (fixture->store);
  g_autoptr (TramaFlowTable) table = NULL;
  const gint64 edges_ns[] = { fixture_time_ns (0), fixture_time_ns (100000), fixture_time_ns (10000000) };

  for (guint i = 0; i < 5; i++)
    {
      g_assert_true (trama_flow_builder_step (builder, 500));
      g_assert_false (trama_density_follow (density, trama_flow_builder_get_table (builder), G_MAXUINT));
      g_assert_cmpuint (trama_density_n_packets (density), ==, (i + 1) * 500);
    }
  table = trama_flow_builder_finish (builder);
  g_assert_false (trama_density_follow (density, table, 500));
  assert_equals_count (density, table, edges_ns, 2, NULL, 1);
}

/* A packet that comes late moves the others. */
static void
test_late (void)
{
  g_autoptr (Fixture) fixture = make_packets (500);
  g_autoptr (TramaDensity) density = trama_density_new (NULL, 0, 0);
  const gint64 edges_ns[] = { fixture_time_ns (0), fixture_time_ns (5001), fixture_time_ns (6000),
                              fixture_time_ns (10000000) };

  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);

      trama_density_follow (density, table, G_MAXUINT);
      assert_equals_count (density, table, edges_ns, 3, NULL, 1);
      fixture_udp (fixture, 5003, 9, 9, "late");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/density/exact", test_exact);
  g_test_add_func ("/chart/density/lanes", test_lanes);
  g_test_add_func ("/chart/density/no-lane", test_no_lane);
  g_test_add_func ("/chart/density/rare", test_rare);
  g_test_add_func ("/chart/density/grows", test_grows);
  g_test_add_func ("/chart/density/early", test_early);
  g_test_add_func ("/chart/density/late", test_late);
  return g_test_run ();
}
