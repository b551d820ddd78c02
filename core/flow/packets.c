/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/flow_private.h"

/* By conversation, how many packets come before its own: count, then add up. */
static void
count_packets (TramaFlowTable *table)
{
  guint n_flows = table->flows.len;
  guint32 total = 0;

  table->packets_from = g_new0 (guint32, (gsize) n_flows + 1);
  for (guint i = 0; i < table->conversations.len; i++)
    {
      guint32 flow = trama_flow_table_get_flow_of_packet (table, i);

      if (flow != TRAMA_FLOW_NONE)
        table->packets_from[flow]++;
    }
  for (guint i = 0; i <= n_flows; i++)
    {
      guint32 n = table->packets_from[i];

      table->packets_from[i] = total;
      total += n;
    }
  table->packets_of = g_new (guint32, MAX (total, 1));
}

static void
make_index (TramaFlowTable *table)
{
  guint n_flows = table->flows.len;

  count_packets (table);
  for (guint position = 0; position < table->conversations.len; position++)
    {
      guint32 packet = trama_store_packet_at (table->store, position);
      guint32 flow = trama_flow_table_get_flow_of_packet (table, packet);

      if (flow != TRAMA_FLOW_NONE)
        table->packets_of[table->packets_from[flow]++] = packet;
    }
  /* Each has moved to where the next begins. */
  for (guint i = n_flows; i > 0; i--)
    table->packets_from[i] = table->packets_from[i - 1];
  table->packets_from[0] = 0;
}

const guint32 *
trama_flow_table_get_packets (TramaFlowTable *table, guint flow, guint *n)
{
  g_return_val_if_fail (flow < table->flows.len, NULL);

  if (table->packets_of == NULL)
    make_index (table);
  *n = table->packets_from[flow + 1] - table->packets_from[flow];
  return table->packets_of + table->packets_from[flow];
}
