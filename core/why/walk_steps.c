/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/why/walk.h"

/* A conversation that is torn looks like several of the same endpoints: the first of each stands for all. */
static guint32 *
find_roots (const TramaCase *evidence, guint n_flows)
{
  guint32 *roots = g_new (guint32, n_flows);

  for (guint32 i = 0; i < n_flows; i++)
    roots[i] = evidence->talks[i].earlier == TRAMA_FLOW_NONE ? i : roots[evidence->talks[i].earlier];
  return roots;
}

/* Between two steps of the clock lies a part of the file; what has packets in several of them is torn. */
static void
follow_parts (TramaCase *evidence, const guint32 *roots, guint32 *parts)
{
  guint32 part = 1;

  for (guint i = 0; i < trama_store_n_packets (evidence->store); i++)
    {
      guint32 flow = trama_flow_table_get_flow_of_packet (evidence->table, i);

      if (trama_store_get_step_back (evidence->store, i) >= TRAMA_CASE_STEP_MIN_NS)
        part++;
      if (flow == TRAMA_FLOW_NONE)
        continue;
      if (parts[roots[flow]] == 0)
        parts[roots[flow]] = part;
      else if (parts[roots[flow]] != part)
        evidence->torn[roots[flow]] = TRUE;
    }
}

void
trama_walk_steps (TramaCase *evidence)
{
  guint n_flows = trama_flow_table_n_flows (evidence->table);
  g_autofree guint32 *roots = NULL, *parts = NULL;

  if (trama_store_is_in_order (evidence->store))
    return;
  roots = find_roots (evidence, n_flows);
  parts = g_new0 (guint32, n_flows);
  evidence->torn = g_new0 (guint8, MAX (n_flows, 1));
  follow_parts (evidence, roots, parts);
  for (guint i = 0; i < n_flows; i++)
    evidence->torn[i] = evidence->torn[roots[i]];
}
