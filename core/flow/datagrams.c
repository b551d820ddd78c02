/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/datagrams.h"

#include "core/flow/flow_private.h"

/* RFC 8200, section 4.5; what is later is another datagram that has the same identification. */
#define REASSEMBLY_NS (60 * G_GINT64_CONSTANT (1000000000))

/* How many packets in each direction. */
#define NEIGHBOURS_MAX 4096

typedef struct
{
  TramaFlowTable *table;
  const guint32 *packets; /* of the conversation, by time */
  guint n;
  guint8 side;
  gint64 time_ns;
  guint32 id;
  guint8 protocol;
} Search;

static gboolean
is_part (const Search *search, guint index)
{
  guint32 packet = search->packets[index];
  TramaDecoded decoded;
  gint64 time_ns;

  return (trama_column_index (&search->table->conversations, guint32, packet) & 1) == search->side
         && trama_flow_read_headers (search->table->store, packet, &time_ns, &decoded)
         && decoded.fragment != TRAMA_FRAGMENT_NONE && decoded.fragment_id == search->id
         && decoded.fragment_protocol == search->protocol;
}

static gint64
time_of (const Search *search, guint index)
{
  TramaPacket record;

  trama_store_get_packet (search->table->store, search->packets[index], &record);
  return record.time_ns;
}

/* Those of one time are in the order of the file. */
static guint
find_place (const Search *search, guint32 packet)
{
  guint low = 0, high = search->n;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      gint64 time_ns = time_of (search, middle);

      if (time_ns < search->time_ns || (time_ns == search->time_ns && search->packets[middle] < packet))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
collect (const Search *search, guint at, GArray *parts)
{
  guint first = at;
  guint end = at + MIN (search->n - at, NEIGHBOURS_MAX);

  while (first > 0 && at - first < NEIGHBOURS_MAX
         && search->time_ns - time_of (search, first - 1) <= REASSEMBLY_NS)
    first--;
  for (; first < end && time_of (search, first) - search->time_ns <= REASSEMBLY_NS; first++)
    if (is_part (search, first))
      g_array_append_val (parts, search->packets[first]);
}

GArray *
trama_datagram_find_parts (TramaFlowTable *table, guint packet)
{
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (guint32));
  Search search = { .table = table };
  guint32 flow = trama_flow_table_get_flow_of_packet (table, packet), itself = packet;
  TramaDecoded decoded;

  if (flow == TRAMA_FLOW_NONE || !trama_flow_read_headers (table->store, packet, &search.time_ns, &decoded)
      || decoded.fragment == TRAMA_FRAGMENT_NONE)
    {
      g_array_append_val (parts, itself);
      return parts;
    }
  search.packets = trama_flow_table_get_packets (table, flow, &search.n);
  search.side = trama_column_index (&table->conversations, guint32, packet) & 1;
  search.id = decoded.fragment_id;
  search.protocol = decoded.fragment_protocol;
  collect (&search, find_place (&search, packet), parts);
  return parts;
}
