/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/reassembly.h"

#include "core/flow/flow_private.h"

#include <netinet/in.h>

/* What one datagram has in all its fragments. */
typedef struct
{
  guint32 flow;
  guint32 side;
  guint32 identification;
} Key;

typedef struct
{
  Key key;
  TramaIncomplete seen; /* .first is G_MAXUINT32 until that has come */
} Datagram;

static guint
hash_key (gconstpointer data)
{
  const Key *key = data;

  return (key->flow * 31 + key->side) * 2654435761u ^ key->identification;
}

static gboolean
equal_keys (gconstpointer a, gconstpointer b)
{
  const Key *x = a, *y = b;

  return x->flow == y->flow && x->side == y->side && x->identification == y->identification;
}

/* That a datagram comes twice, or its parts overlap, is no reason to miss something. */
static gboolean
is_whole (const TramaIncomplete *seen)
{
  return seen->first != G_MAXUINT32 && seen->captured_bytes >= seen->whole_bytes;
}

static void
conclude (GArray *found, const Datagram *datagram)
{
  const TramaIncomplete *seen = &datagram->seen;

  if (seen->first != G_MAXUINT32 && seen->whole_bytes > 0 && !is_whole (seen))
    g_array_append_val (found, *seen);
}

/* The datagram that a fragment belongs to; another one when that is whole, or has a beginning already. */
static Datagram *
find_datagram (GHashTable *datagrams, GArray *found, const Key *key, gboolean begins)
{
  Datagram *datagram = g_hash_table_lookup (datagrams, key);

  if (datagram != NULL && !is_whole (&datagram->seen) && !(begins && datagram->seen.first != G_MAXUINT32))
    return datagram;
  if (datagram != NULL)
    conclude (found, datagram);
  datagram = g_new0 (Datagram, 1);
  datagram->key = *key;
  datagram->seen.first = G_MAXUINT32;
  datagram->seen.flow = key->flow;
  datagram->seen.side = (guint8) key->side;
  g_hash_table_replace (datagrams, &datagram->key, datagram);
  return datagram;
}

static void
add_packet (TramaFlowTable *table, GHashTable *datagrams, GArray *found, guint32 packet)
{
  guint32 conversation = trama_column_index (&table->conversations, guint32, packet);
  TramaDecoded decoded;
  Datagram *datagram;
  gint64 time_ns;
  Key key;

  if (!trama_flow_read_headers (table->store, packet, &time_ns, &decoded)
      || decoded.fragment == TRAMA_FRAGMENT_NONE || decoded.fragment_protocol != IPPROTO_UDP)
    return;
  key = (Key){ conversation >> 1, conversation & 1, decoded.fragment_id };
  datagram = find_datagram (datagrams, found, &key, decoded.fragment == TRAMA_FRAGMENT_FIRST);
  datagram->seen.captured_bytes += decoded.payload_bytes;
  datagram->seen.last_ns = time_ns;
  if (decoded.fragment != TRAMA_FRAGMENT_FIRST)
    return;
  datagram->seen.first = packet;
  datagram->seen.whole_bytes = decoded.datagram_bytes;
}

static int
compare_firsts (gconstpointer a, gconstpointer b)
{
  const TramaIncomplete *x = a, *y = b;

  return (x->first > y->first) - (x->first < y->first);
}

GArray *
trama_reassembly_find_incomplete (TramaFlowTable *table)
{
  g_autoptr (GHashTable) datagrams = NULL;
  GArray *found = g_array_new (FALSE, FALSE, sizeof (TramaIncomplete));
  GHashTableIter iter;
  gpointer datagram;

  if (!table->has_fragments)
    return found;
  datagrams = g_hash_table_new_full (hash_key, equal_keys, NULL, g_free);
  for (guint i = 0; i < trama_store_n_packets (table->store); i++)
    {
      guint32 packet = trama_store_packet_at (table->store, i);
      guint32 flow = trama_flow_table_get_flow_of_packet (table, packet);

      if (flow != TRAMA_FLOW_NONE && trama_flow_at (table, flow)->protocol == IPPROTO_UDP)
        add_packet (table, datagrams, found, packet);
    }
  g_hash_table_iter_init (&iter, datagrams);
  while (g_hash_table_iter_next (&iter, NULL, &datagram))
    conclude (found, datagram);
  g_array_sort (found, compare_firsts);
  return found;
}
