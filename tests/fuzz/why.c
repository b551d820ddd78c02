/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/why/finding.h"

#include "tests/fuzz/fuzz.h"

/* What is found in a whole capture, with the calls in it: in order of time, and beside events that are there. */
static void
check_finding (const TramaFinding *finding, const TramaFlowTable *table, const TramaStore *store)
{
  g_assert_nonnull (trama_severity_name (finding->severity));
  g_assert_true (finding->what[0] != '\0' && finding->why[0] != '\0' && finding->todo[0] != '\0');
  g_assert_cmpint (finding->span.start_ns, <=, finding->span.end_ns);
  g_assert_true (finding->flow == TRAMA_FLOW_NONE || finding->flow < trama_flow_table_n_flows (table));
  g_assert_cmpuint (finding->side, <=, 1);
  if (finding->anchor.kind == TRAMA_EVENT_PACKET)
    g_assert_cmpuint (finding->anchor.index, <, trama_store_n_packets (store));
  else if (finding->anchor.kind == TRAMA_EVENT_CALL)
    g_assert_cmpuint (finding->anchor.index, <, trama_store_n_calls (store));
  else
    g_assert_cmpuint (finding->anchor.kind, ==, 0);
}

void
fuzz_one (const guint8 *data, gsize size)
{
  g_autoptr (TramaStore) store = fuzz_read_store (data, size);
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (store);
  g_autoptr (TramaFindings) findings = trama_findings_new (table);
  gint64 before = G_MININT64;

  for (guint i = 0; i < trama_findings_n_findings (findings); i++)
    {
      const TramaFinding *finding = trama_findings_get_finding (findings, i);

      check_finding (finding, table, store);
      g_assert_cmpint (before, <=, finding->span.start_ns);
      before = finding->span.start_ns;
    }
}
