/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/datagrams.h"
#include "core/flow/disagreements.h"
#include "core/flow/exchanges.h"
#include "core/flow/icmp_errors.h"
#include "core/flow/labels/segments.h"
#include "core/flow/links/links.h"
#include "core/flow/phases.h"
#include "core/flow/talk/stream.h"

#include "tests/fuzz/fuzz.h"

static void
check_packets (const TramaFlowTable *table, TramaStore *store)
{
  for (guint i = 0; i < trama_store_n_packets (store); i++)
    {
      TramaSegment segment;
      guint cause = trama_flow_table_get_cause (table, i);
      guint woken = trama_flow_table_get_woken (table, i);

      trama_flow_table_get_segment (table, i, &segment);
      g_assert_true (segment.flow == TRAMA_FLOW_NONE || segment.flow < trama_flow_table_n_flows (table));
      g_assert_cmpuint (segment.side, <=, 1);
      g_assert_cmpuint (segment.kind, <, TRAMA_N_SEGMENT_KINDS);
      g_assert_true (cause == G_MAXUINT || cause < trama_store_n_calls (store));
      g_assert_true (woken == G_MAXUINT || woken < trama_store_n_calls (store));
    }
}

static void
check_flows (const TramaFlowTable *table, TramaStore *store)
{
  guint64 n_packets = 0;

  for (guint i = 0; i < trama_flow_table_n_flows (table); i++)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (table, i);

      g_assert_cmpint (flow->first_ns, <=, flow->last_ns);
      n_packets += flow->packets[0] + flow->packets[1];
    }
  g_assert_cmpuint (n_packets, <=, trama_store_n_packets (store));
}

/* Conversation by conversation the labels are those of the pass over all of them. */
static void
check_segments (TramaFlowTable *table)
{
  g_autoptr (TramaLabels) labels = trama_labels_new (table);

  for (guint i = 0; i < trama_flow_table_n_flows (table); i++)
    {
      g_autoptr (TramaSegments) segments = trama_segments_new (table, i);

      for (guint j = 0; j < trama_segments_get_size (segments); j++)
        {
          const TramaSegmentFacts *facts = trama_segments_get (segments, j);

          g_assert_true (trama_segments_find (segments, facts->packet) == facts);
          g_assert_cmphex (facts->labels, ==, trama_labels_get (labels, facts->packet, NULL));
          g_assert_cmphex (facts->labels >> TRAMA_N_SEGMENT_LABELS, ==, 0);
        }
    }
}

/* Every event of a link is in the trace, and knows of it. */
static void
check_links (TramaFlowTable *table)
{
  g_autoptr (TramaLinks) links = trama_links_new (table);

  for (guint i = 0; i < trama_links_n_links (links); i++)
    {
      TramaLink link = trama_links_get_link (links, i);
      g_autoptr (GArray) causes = NULL;
      g_autoptr (GArray) effects = NULL;

      g_assert_nonnull (trama_link_kind_name (link.kind));
      g_assert_cmpuint (link.from_bytes, <=, link.to_bytes);
      g_assert_cmpint (trama_links_get_delay_ns (links, &link), >=, 0);
      if (i % 64 != 0)
        continue;
      trama_links_get (links, link.cause, NULL, &effects);
      g_assert_cmpuint (effects->len, >, 0);
      trama_links_get (links, link.effect, &causes, NULL);
      g_assert_true (causes->len > 0 || link.kind == TRAMA_LINKS_LOST);
    }
}

/* The ranges follow one another; what they claim is there, is there. */
static void
check_stream (const TramaStream *stream)
{
  guint8 buffer[4096];
  guint64 offset = 0;

  for (guint i = 0; i < trama_stream_n_ranges (stream); i++)
    {
      const TramaStreamRange *range = trama_stream_get_range (stream, i);

      g_assert_cmpuint (range->offset, ==, offset);
      g_assert_cmpuint (range->size_bytes, >, 0);
      g_assert_cmpint (
          trama_stream_read (stream, offset, buffer, MIN (range->size_bytes, sizeof buffer), NULL), >, 0);
      offset += range->size_bytes;
    }
  g_assert_cmpuint (trama_stream_get_size (stream), ==, offset);
  g_assert_cmpuint (trama_stream_get_missing (stream), <=, offset);
}

static void
check_streams (TramaFlowTable *table)
{
  for (guint i = 0; i < trama_flow_table_n_flows (table); i++)
    for (guint side = 0; side < 2; side++)
      {
        g_autoptr (TramaStream) stream = trama_stream_new (table, i, side);

        check_stream (stream);
      }
}

static void
check_exchanges (TramaFlowTable *table, guint n_packets)
{
  g_autoptr (GArray) errors = trama_icmp_errors_find (table);

  for (guint i = 0; i < trama_flow_table_n_flows (table); i++)
    {
      g_autoptr (GArray) exchanges = trama_exchanges_find (table, i);
      TramaEchoSummary summary;

      if (trama_echo_summarize (table, i, &summary))
        g_assert_cmpuint (summary.sent, ==, exchanges->len);
      for (guint j = 0; j < exchanges->len; j++)
        g_assert_cmpuint (g_array_index (exchanges, TramaExchange, j).request, <, n_packets);
    }
  for (guint i = 0; i < errors->len; i++)
    g_assert_cmpuint (g_array_index (errors, TramaIcmpError, i).flow, <, trama_flow_table_n_flows (table));
}

/* A packet is among its own parts. */
static void
check_parts (TramaFlowTable *table, guint n_packets)
{
  for (guint32 i = 0; i < n_packets; i++)
    {
      g_autoptr (GArray) parts = trama_datagram_find_parts (table, i);
      guint j = 0;

      while (j < parts->len && g_array_index (parts, guint32, j) != i)
        j++;
      g_assert_cmpuint (j, <, parts->len);
    }
}

static void
check_phases (TramaFlowTable *table)
{
  g_autoptr (TramaPhases) phases = trama_phases_new (table);
  g_autoptr (GArray) disagreements = trama_disagreements_find (table);

  for (guint i = 0; i < trama_flow_table_n_flows (table); i++)
    g_assert_nonnull (trama_ending_name (trama_phases_get (phases, i)->ending));
  for (guint i = 0; i < disagreements->len; i++)
    g_assert_cmpuint (g_array_index (disagreements, TramaDisagreement, i).flow, <,
                      trama_flow_table_n_flows (table));
}

/* A whole capture, with the calls in it. */
void
fuzz_one (const guint8 *data, gsize size)
{
  g_autoptr (TramaStore) store = fuzz_read_store (data, size);
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (store);
  gint64 before = G_MININT64;

  check_packets (table, store);
  check_flows (table, store);
  check_segments (table);
  check_streams (table);
  check_phases (table);
  check_exchanges (table, trama_store_n_packets (store));
  check_parts (table, trama_store_n_packets (store));
  check_links (table);
  for (guint i = 0; i < trama_flow_table_n_changes (table); i++)
    {
      const TramaStateChange change = trama_flow_table_get_change (table, i);

      g_assert_cmpint (before, <=, change.time_ns);
      before = change.time_ns;
    }
}
