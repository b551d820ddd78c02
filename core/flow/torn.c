/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/torn.h"

#include "core/flow/flow_private.h"

/* That many are read again at the most. */
#define READ_MAX 1000000

/* Something of that size may have been lost where the clock was set back: a window that is not scaled. */
#define LOST_MAX 65536

struct _TramaTorn
{
  TramaFlowTable *table; /* borrowed */
  GHashTable *rests;     /* flow → the packet that the rest begins with */
  guint n_read;
};

TramaTorn *
trama_torn_new (TramaFlowTable *table)
{
  TramaTorn *torn = g_new0 (TramaTorn, 1);

  torn->table = table;
  torn->rests = g_hash_table_new (NULL, NULL);
  return torn;
}

void
trama_torn_free (TramaTorn *torn)
{
  if (torn == NULL)
    return;
  g_hash_table_unref (torn->rests);
  g_free (torn);
}

gboolean
trama_torn_is_before (const TramaTorn *torn, guint32 flow, guint32 packet)
{
  gpointer rest;

  return g_hash_table_size (torn->rests) > 0
         && g_hash_table_lookup_extended (torn->rests, GUINT_TO_POINTER (flow), NULL, &rest)
         && packet < GPOINTER_TO_UINT (rest);
}

/* G_MAXUINT32: it is not found. */
static guint32
find_first (const TramaTorn *torn, guint32 flow)
{
  TramaStore *store = torn->table->store;

  for (guint i = trama_store_find_packet (store, trama_flow_at (torn->table, flow)->first_ns);
       i < trama_store_n_packets (store); i++)
    {
      guint packet = trama_store_packet_at (store, i);

      if (trama_flow_table_get_flow_of_packet (torn->table, packet) == flow)
        return packet;
    }
  return G_MAXUINT32;
}

static gboolean
is_near (guint32 a, guint32 b)
{
  gint32 apart = (gint32) (a - b);

  return apart > -LOST_MAX && apart < LOST_MAX;
}

/* The first of the rest goes on where the last before it has ended, or with what that acknowledges. */
static gboolean
goes_on (const TramaDecoded *last, const TramaDecoded *first)
{
  guint32 end = last->sequence + last->payload_bytes + ((last->tcp_flags & TRAMA_TCP_SYN) != 0)
                + ((last->tcp_flags & TRAMA_TCP_FIN) != 0);

  if (trama_endpoint_equal (&last->source, &first->source))
    return is_near (first->sequence, end);
  return (last->tcp_flags & TRAMA_TCP_ACK) && is_near (first->sequence, last->acknowledgment);
}

static gboolean
is_between (const TramaDecoded *a, const TramaDecoded *b)
{
  if (a->protocol != b->protocol || a->fragment == TRAMA_FRAGMENT_LATER)
    return FALSE;
  return (trama_endpoint_equal (&a->source, &b->source)
          && trama_endpoint_equal (&a->destination, &b->destination))
         || (trama_endpoint_equal (&a->source, &b->destination)
             && trama_endpoint_equal (&a->destination, &b->source));
}

/* Another connection of the same ports was opened behind it: the rest is of that. */
static gboolean
is_other_opening (const TramaDecoded *decoded, const TramaDecoded *opening)
{
  return (decoded->tcp_flags & TRAMA_TCP_SYN) && trama_endpoint_equal (&decoded->source, &opening->source)
         && decoded->sequence != opening->sequence;
}

/* From the rest back to the opening: what is between the two is of the same connection. */
static gboolean
is_rest_of (TramaTorn *torn, guint32 first, guint32 packet, const TramaDecoded *opening)
{
  TramaDecoded rest, decoded;
  gboolean has_last = FALSE;
  gint64 time_ns;

  if (!trama_flow_read_headers (torn->table->store, first, &time_ns, &rest))
    return FALSE;
  for (guint32 i = first; i-- > packet;)
    {
      if (torn->n_read++ >= READ_MAX)
        return FALSE;
      if (!trama_flow_read_headers (torn->table->store, i, &time_ns, &decoded)
          || !is_between (&decoded, opening))
        continue;
      if ((!has_last && !goes_on (&decoded, &rest)) || is_other_opening (&decoded, opening))
        return FALSE;
      has_last = TRUE;
    }
  return has_last;
}

gboolean
trama_torn_joins (TramaTorn *torn, guint32 flow, guint32 packet, const TramaDecoded *decoded)
{
  const TramaFlow *found = trama_flow_at (torn->table, flow);
  guint32 first;

  if (trama_store_is_in_order (torn->table->store) || !(decoded->tcp_flags & TRAMA_TCP_SYN)
      || (decoded->tcp_flags & TRAMA_TCP_RST))
    return FALSE;
  if (trama_torn_is_before (torn, flow, packet))
    return TRUE;
  if (found->tcp[0].syn + found->tcp[1].syn > 0)
    return FALSE;
  first = find_first (torn, flow);
  if (first == G_MAXUINT32 || first < packet || !is_rest_of (torn, first, packet, decoded))
    return FALSE;
  g_hash_table_insert (torn->rests, GUINT_TO_POINTER (flow), GUINT_TO_POINTER (first));
  return TRUE;
}
