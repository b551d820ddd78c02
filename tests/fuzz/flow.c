/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/flow.h"

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

/* A whole capture, with the calls in it. */
void
fuzz_one (const guint8 *data, gsize size)
{
  g_autoptr (TramaStore) store = fuzz_read_store (data, size);
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (store);
  gint64 before = G_MININT64;

  check_packets (table, store);
  check_flows (table, store);
  for (guint i = 0; i < trama_flow_table_n_changes (table); i++)
    {
      const TramaStateChange change = trama_flow_table_get_change (table, i);

      g_assert_cmpint (before, <=, change.time_ns);
      before = change.time_ns;
    }
}
