/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/density.h"

#include "core/chart/blocks.h"

#include <string.h>

struct _TramaDensity
{
  /* owned */
  TramaFlowTable *table; /* NULL: nothing is taken in */
  guint32 *lane_of_flow; /* NULL: one lane */
  TramaBlocks blocks;    /* of the packets, by their position */

  /* state */
  guint n_flows;
  guint store_length; /* packets in the store when it was last followed */
  guint n_amended;    /* of the table, then */
};

static const guint8 kind_of_segment[TRAMA_N_SEGMENT_KINDS] = {
  [TRAMA_SEGMENT_SYN] = TRAMA_DENSITY_ACK,  [TRAMA_SEGMENT_DATA] = TRAMA_DENSITY_DATA,
  [TRAMA_SEGMENT_ACK] = TRAMA_DENSITY_ACK,  [TRAMA_SEGMENT_FIN] = TRAMA_DENSITY_ACK,
  [TRAMA_SEGMENT_RST] = TRAMA_DENSITY_ACK,  [TRAMA_SEGMENT_UDP] = TRAMA_DENSITY_UDP,
  [TRAMA_SEGMENT_ICMP] = TRAMA_DENSITY_UDP, [TRAMA_SEGMENT_OTHER] = TRAMA_DENSITY_UDP,
};

#define RARE_KINDS                                                                                           \
  (1 << TRAMA_SEGMENT_SYN | 1 << TRAMA_SEGMENT_FIN | 1 << TRAMA_SEGMENT_RST | 1 << TRAMA_SEGMENT_ICMP)

TramaDensity *
trama_density_new (const guint32 *lane_of_flow, guint n_flows, guint n_lanes)
{
  TramaDensity *self = g_new0 (TramaDensity, 1);

  self->n_flows = n_flows;
  if (lane_of_flow != NULL)
    self->lane_of_flow = g_memdup2 (lane_of_flow, n_flows * sizeof *lane_of_flow);
  trama_blocks_init (&self->blocks, lane_of_flow != NULL ? n_lanes : 1);
  return self;
}

void
trama_density_free (TramaDensity *self)
{
  if (self == NULL)
    return;
  trama_blocks_clear (&self->blocks);
  g_clear_pointer (&self->table, trama_flow_table_unref);
  g_free (self->lane_of_flow);
  g_free (self);
}

static TramaStore *
get_store (const TramaDensity *self)
{
  return trama_flow_table_get_store (self->table);
}

static guint32
lane_of (const TramaDensity *self, guint32 flow)
{
  if (self->lane_of_flow == NULL)
    return 0;
  return flow < self->n_flows ? self->lane_of_flow[flow] : TRAMA_DENSITY_NO_LANE;
}

static guint8
rare_of (const TramaBrief *brief)
{
  return (guint8) ((1 << brief->kind & RARE_KINDS) | (brief->resent ? TRAMA_DENSITY_RESENT : 0)
                   | (brief->zero_window ? TRAMA_DENSITY_ZERO_WINDOW : 0));
}

void
trama_density_sum_count (TramaDensitySum *sum, const TramaBrief *brief, guint side, guint32 length_bytes)
{
  sum->packets[side][kind_of_segment[brief->kind]]++;
  sum->bytes[side] += length_bytes;
  sum->rare[side] |= rare_of (brief);
}

static gint64
get_time (gconstpointer owner, guint position)
{
  TramaStore *store = get_store (owner);
  TramaPacket record;

  trama_store_get_packet (store, trama_store_packet_at (store, position), &record);
  return record.time_ns;
}

static void
add_packet (gconstpointer owner, guint position, TramaDensitySum *sums)
{
  const TramaDensity *self = owner;
  TramaStore *store = get_store (self);
  guint packet = trama_store_packet_at (store, position);
  TramaBrief brief = trama_flow_table_get_brief (self->table, packet);
  guint32 lane = lane_of (self, brief.flow);
  TramaPacket record;

  if (lane == TRAMA_DENSITY_NO_LANE)
    return;
  trama_store_get_packet (store, packet, &record);
  trama_density_sum_count (&sums[lane], &brief, brief.side, record.length_bytes);
}

static TramaBlockEntries
entries_of (const TramaDensity *self)
{
  return (TramaBlockEntries){ get_time, add_packet, self };
}

/* Late packets have taken the places of others, and of late fragments one knows whose they are. */
static gboolean
goes_on (const TramaDensity *self, TramaFlowTable *table)
{
  TramaStore *store = trama_flow_table_get_store (table);

  return self->table != NULL && get_store (self) == store
         && trama_flow_table_count_amended (table) == self->n_amended
         && (trama_store_is_in_order (store) || trama_store_n_packets (store) == self->store_length);
}

gboolean
trama_density_follow (TramaDensity *self, TramaFlowTable *table, guint max_packets)
{
  TramaStore *store = trama_flow_table_get_store (table);
  guint n_packets = MIN (trama_store_n_packets (store), trama_flow_table_n_packets (table));
  const TramaBlockEntries entries = entries_of (self);
  guint end;

  if (!goes_on (self, table))
    trama_blocks_forget (&self->blocks);
  if (table != self->table)
    {
      g_clear_pointer (&self->table, trama_flow_table_unref);
      self->table = trama_flow_table_ref (table);
    }
  self->store_length = trama_store_n_packets (store);
  self->n_amended = trama_flow_table_count_amended (table);
  end = (guint) MIN ((guint64) self->blocks.n + max_packets, n_packets);
  while (self->blocks.n < end)
    trama_blocks_append (&self->blocks, &entries);
  return end < n_packets;
}

guint
trama_density_n_packets (const TramaDensity *self)
{
  return self->blocks.n;
}

void
trama_density_query (const TramaDensity *self, const gint64 *edges_ns, guint n, TramaDensitySum *sums)
{
  const TramaBlockEntries entries = entries_of (self);
  guint begin = trama_blocks_find (&self->blocks, &entries, 0, edges_ns[0]);

  memset (sums, 0, (gsize) n * self->blocks.n_lanes * sizeof *sums);
  for (guint i = 0; i < n; i++)
    {
      guint end = trama_blocks_find (&self->blocks, &entries, begin, edges_ns[i + 1]);

      trama_blocks_sum (&self->blocks, &entries, begin, end, &sums[(gsize) i * self->blocks.n_lanes]);
      begin = end;
    }
}
