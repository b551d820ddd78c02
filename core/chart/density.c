/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/density.h"

#include <string.h>

/* Blocks of blocks; of the last, ten million packets make 38. */
#define N_LEVELS 3
#define LEVEL_SHIFT 6

G_STATIC_ASSERT (1 << LEVEL_SHIFT == TRAMA_DENSITY_BLOCK);

struct _TramaDensity
{
  /* owned */
  TramaFlowTable *table;    /* NULL: nothing is taken in */
  guint32 *lane_of_flow;    /* NULL: one lane */
  GArray *first_ns;         /* of gint64: the first packet of each block */
  GArray *levels[N_LEVELS]; /* of TramaDensitySum: of lane l in block b at b * n_lanes + l */

  /* state */
  guint n_flows;
  guint n_lanes;
  guint n_packets;    /* positions before it are taken in */
  guint store_length; /* packets in the store when that was said */
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
  self->n_lanes = lane_of_flow != NULL ? n_lanes : 1;
  if (lane_of_flow != NULL)
    self->lane_of_flow = g_memdup2 (lane_of_flow, n_flows * sizeof *lane_of_flow);
  self->first_ns = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint level = 0; level < N_LEVELS; level++)
    self->levels[level] = g_array_new (FALSE, TRUE, sizeof (TramaDensitySum));
  return self;
}

void
trama_density_free (TramaDensity *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->first_ns);
  for (guint level = 0; level < N_LEVELS; level++)
    g_array_unref (self->levels[level]);
  g_clear_pointer (&self->table, trama_flow_table_unref);
  g_free (self->lane_of_flow);
  g_free (self);
}

static TramaStore *
get_store (const TramaDensity *self)
{
  return trama_flow_table_get_store (self->table);
}

void
trama_density_sum_add (TramaDensitySum *to, const TramaDensitySum *from)
{
  for (guint side = 0; side < 2; side++)
    {
      for (guint kind = 0; kind < TRAMA_N_DENSITY_KINDS; kind++)
        to->packets[side][kind] += from->packets[side][kind];
      to->bytes[side] += from->bytes[side];
      to->rare[side] |= from->rare[side];
    }
}

static guint32
lane_of (const TramaDensity *self, guint32 flow)
{
  if (self->lane_of_flow == NULL)
    return 0;
  return flow < self->n_flows ? self->lane_of_flow[flow] : TRAMA_DENSITY_NO_LANE;
}

static void
add_packet (const TramaDensity *self, guint packet, guint32 length_bytes, TramaDensitySum *sums)
{
  TramaBrief brief = trama_flow_table_get_brief (self->table, packet);
  guint32 lane = lane_of (self, brief.flow);
  TramaDensitySum *sum;

  if (lane == TRAMA_DENSITY_NO_LANE)
    return;
  sum = &sums[lane];
  sum->packets[brief.side][kind_of_segment[brief.kind]]++;
  sum->bytes[brief.side] += length_bytes;
  sum->rare[brief.side] |= (1 << brief.kind & RARE_KINDS) | (brief.resent ? TRAMA_DENSITY_RESENT : 0);
}

/* What is taken in. */

static void
forget (TramaDensity *self)
{
  self->n_packets = 0;
  g_array_set_size (self->first_ns, 0);
  for (guint level = 0; level < N_LEVELS; level++)
    g_array_set_size (self->levels[level], 0);
}

static guint
block_shift (guint level)
{
  return LEVEL_SHIFT * (level + 1);
}

static TramaDensitySum *
sums_of_block (const TramaDensity *self, guint level, guint block)
{
  return &g_array_index (self->levels[level], TramaDensitySum, block * self->n_lanes);
}

static void
add_sums (const TramaDensity *self, TramaDensitySum *to, const TramaDensitySum *from)
{
  for (guint lane = 0; lane < self->n_lanes; lane++)
    trama_density_sum_add (&to[lane], &from[lane]);
}

/* A block that is full counts in the one it is part of. */
static void
close_blocks (TramaDensity *self)
{
  for (guint level = 0; level + 1 < N_LEVELS; level++)
    {
      guint block = (self->n_packets >> block_shift (level)) - 1;
      guint parent = block >> LEVEL_SHIFT;

      if (self->n_packets & ((1u << block_shift (level)) - 1))
        return;
      if (parent * self->n_lanes == self->levels[level + 1]->len)
        g_array_set_size (self->levels[level + 1], (parent + 1) * self->n_lanes);
      add_sums (self, sums_of_block (self, level + 1, parent), sums_of_block (self, level, block));
    }
}

static void
append (TramaDensity *self)
{
  TramaStore *store = get_store (self);
  guint packet = trama_store_packet_at (store, self->n_packets);
  guint block = self->n_packets >> block_shift (0);
  TramaPacket record;

  trama_store_get_packet (store, packet, &record);
  if (block == self->first_ns->len)
    {
      g_array_append_val (self->first_ns, record.time_ns);
      g_array_set_size (self->levels[0], (block + 1) * self->n_lanes);
    }
  add_packet (self, packet, record.length_bytes, sums_of_block (self, 0, block));
  self->n_packets++;
  close_blocks (self);
}

/* Late packets have taken the places of others. */
static gboolean
goes_on (const TramaDensity *self, TramaStore *store)
{
  return self->table != NULL && get_store (self) == store
         && (trama_store_is_in_order (store) || trama_store_n_packets (store) == self->store_length);
}

gboolean
trama_density_follow (TramaDensity *self, TramaFlowTable *table, guint max_packets)
{
  TramaStore *store = trama_flow_table_get_store (table);
  guint n_packets = trama_store_n_packets (store);
  guint end;

  if (!goes_on (self, store))
    forget (self);
  if (table != self->table)
    {
      g_clear_pointer (&self->table, trama_flow_table_unref);
      self->table = trama_flow_table_ref (table);
    }
  self->store_length = n_packets;
  end = self->n_packets + MIN (max_packets, n_packets - self->n_packets);
  while (self->n_packets < end)
    append (self);
  return end < n_packets;
}

guint
trama_density_n_packets (const TramaDensity *self)
{
  return self->n_packets;
}

/* What is asked. */

static gint64
time_at (const TramaDensity *self, guint position)
{
  TramaPacket record;

  trama_store_get_packet (get_store (self), trama_store_packet_at (get_store (self), position), &record);
  return record.time_ns;
}

/* The last block from @low on whose first packet is before @time_ns, or @low; it is looked for near @low first. */
static guint
find_block (const TramaDensity *self, guint low, gint64 time_ns)
{
  const gint64 *first_ns = (const gint64 *) (gconstpointer) self->first_ns->data;
  guint step = 1, high;

  while (low + step < self->first_ns->len && first_ns[low + step] < time_ns)
    {
      low += step;
      step *= 2;
    }
  high = MIN (low + step, self->first_ns->len);
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (first_ns[middle] < time_ns)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/* The first position from @from on whose packet is at or after @time_ns. */
static guint
find_position (const TramaDensity *self, guint from, gint64 time_ns)
{
  guint block, low, high;

  if (from >= self->n_packets)
    return self->n_packets;
  block = find_block (self, from >> LEVEL_SHIFT, time_ns);
  low = MAX (from, block << LEVEL_SHIFT);
  high = MIN ((block + 1) << LEVEL_SHIFT, self->n_packets);
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (time_at (self, middle) < time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The widest block that begins at @position and ends at @end at the latest; -1: there is none. */
static int
widest_block (guint position, guint end)
{
  int level = N_LEVELS - 1;

  while (level >= 0
         && ((position & ((1u << block_shift ((guint) level)) - 1)) != 0
             || end - position < 1u << block_shift ((guint) level)))
    level--;
  return level;
}

static void
sum_up (const TramaDensity *self, guint begin, guint end, TramaDensitySum *sums)
{
  while (begin < end)
    {
      int level = widest_block (begin, end);

      if (level >= 0)
        {
          add_sums (self, sums, sums_of_block (self, (guint) level, begin >> block_shift ((guint) level)));
          begin += 1u << block_shift ((guint) level);
        }
      else
        {
          guint packet = trama_store_packet_at (get_store (self), begin++);
          TramaPacket record;

          trama_store_get_packet (get_store (self), packet, &record);
          add_packet (self, packet, record.length_bytes, sums);
        }
    }
}

void
trama_density_query (const TramaDensity *self, const gint64 *edges_ns, guint n, TramaDensitySum *sums)
{
  guint begin = find_position (self, 0, edges_ns[0]);

  memset (sums, 0, (gsize) n * self->n_lanes * sizeof *sums);
  for (guint i = 0; i < n; i++)
    {
      guint end = find_position (self, begin, edges_ns[i + 1]);

      sum_up (self, begin, end, &sums[(gsize) i * self->n_lanes]);
      begin = end;
    }
}
