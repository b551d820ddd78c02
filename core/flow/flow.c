/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/builder.h"
#include "core/flow/flow_private.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>

TramaFlowTable *
trama_flow_table_new (TramaStore *store)
{
  g_return_val_if_fail (store != NULL, NULL);
  return trama_flow_builder_finish (trama_flow_builder_new (store));
}

TramaFlowTable *
trama_flow_table_ref (TramaFlowTable *table)
{
  g_atomic_ref_count_inc (&table->ref_count);
  return table;
}

void
trama_flow_table_unref (TramaFlowTable *table)
{
  if (table == NULL || !g_atomic_ref_count_dec (&table->ref_count))
    return;
  trama_flow_clear_wakings (table);
  g_free (table->packets_of);
  g_free (table->packets_from);
  trama_column_clear (&table->flows);
  trama_column_clear (&table->conversations);
  trama_column_clear (&table->kinds);
  trama_column_clear (&table->changes);
  g_array_unref (table->told);
  g_array_unref (table->listens);
  g_array_unref (table->sockets);
  g_hash_table_unref (table->socket_by_id);
  trama_store_unref (table->store);
  g_free (table);
}

TramaStore *
trama_flow_table_get_store (const TramaFlowTable *table)
{
  return table->store;
}

guint
trama_flow_table_n_flows (const TramaFlowTable *table)
{
  return table->flows.len;
}

TramaFlow *
trama_flow_at (const TramaFlowTable *table, guint index)
{
  return &trama_column_index (&table->flows, TramaFlow, index);
}

const TramaFlow *
trama_flow_table_get_flow (const TramaFlowTable *table, guint index)
{
  g_return_val_if_fail (index < table->flows.len, NULL);
  return trama_flow_at (table, index);
}

guint
trama_flow_table_n_sockets (const TramaFlowTable *table)
{
  return table->sockets->len;
}

const TramaSocket *
trama_flow_table_get_socket (const TramaFlowTable *table, guint index)
{
  g_return_val_if_fail (index < table->sockets->len, NULL);
  return &g_array_index (table->sockets, TramaSocket, index);
}

TramaSocket *
trama_flow_socket_by_id (const TramaFlowTable *table, guint64 id)
{
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (table->socket_by_id, &id));

  return index > 0 ? &g_array_index (table->sockets, TramaSocket, index - 1) : NULL;
}

const TramaSocket *
trama_flow_table_find_socket (const TramaFlowTable *table, guint64 id)
{
  return trama_flow_socket_by_id (table, id);
}

gboolean
trama_flow_read_headers (TramaStore *store, guint packet, gint64 *time_ns, TramaDecoded *decoded)
{
  TramaPacket record;
  const guint8 *data;
  guint32 link_type;
  gsize size;

  trama_store_get_packet (store, packet, &record);
  *time_ns = record.time_ns;
  if (record.interface >= trama_store_n_interfaces (store))
    return FALSE;
  link_type = trama_store_get_interface (store, record.interface)->link_type;
  data = trama_store_peek_packet (store, packet, TRAMA_FLOW_HEADER_BYTES, &size);
  if (data == NULL)
    return FALSE;
  trama_decode (link_type, data, size, record.length_bytes, decoded);
  if (decoded->status == TRAMA_DECODE_TRUNCATED && size < record.captured_bytes)
    {
      data = trama_store_peek_packet (store, packet, record.captured_bytes, &size);
      if (data == NULL)
        return FALSE;
      trama_decode (link_type, data, size, record.length_bytes, decoded);
    }
  if (decoded->fragment == TRAMA_FRAGMENT_LATER)
    return TRUE;
  if (decoded->protocol == IPPROTO_TCP || decoded->protocol == IPPROTO_UDP)
    return decoded->transport_bytes > 0;
  return decoded->ip_version != 0 && decoded->protocol != 0;
}

guint8
trama_flow_segment_kind (const TramaDecoded *decoded)
{
  switch (decoded->protocol)
    {
    case IPPROTO_UDP:
      return TRAMA_SEGMENT_UDP;
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
      return TRAMA_SEGMENT_ICMP;
    case IPPROTO_TCP:
      break;
    default:
      return TRAMA_SEGMENT_OTHER;
    }
  if (decoded->tcp_flags & TRAMA_TCP_RST)
    return TRAMA_SEGMENT_RST;
  if (decoded->tcp_flags & TRAMA_TCP_SYN)
    return TRAMA_SEGMENT_SYN;
  if (decoded->tcp_flags & TRAMA_TCP_FIN)
    return TRAMA_SEGMENT_FIN;
  return decoded->payload_bytes > 0 ? TRAMA_SEGMENT_DATA : TRAMA_SEGMENT_ACK;
}

guint
trama_flow_table_n_packets (const TramaFlowTable *table)
{
  return table->conversations.len;
}

gboolean
trama_flow_table_is_complete (const TramaFlowTable *table)
{
  return table->is_complete;
}

guint
trama_flow_table_count_amended (const TramaFlowTable *table)
{
  return table->n_amended;
}

guint32
trama_flow_table_get_flow_of_packet (const TramaFlowTable *table, guint packet)
{
  guint32 conversation = TRAMA_FLOW_NONE;

  if (packet < table->conversations.len)
    conversation = trama_column_index (&table->conversations, guint32, packet);
  return conversation != TRAMA_FLOW_NONE ? conversation >> 1 : TRAMA_FLOW_NONE;
}

TramaBrief
trama_flow_table_get_brief (const TramaFlowTable *table, guint packet)
{
  guint32 conversation = TRAMA_FLOW_NONE;
  guint8 kind;

  if (packet < table->kinds.len)
    conversation = trama_column_index (&table->conversations, guint32, packet);
  if (conversation == TRAMA_FLOW_NONE)
    return (TramaBrief){ .flow = TRAMA_FLOW_NONE, .kind = TRAMA_SEGMENT_OTHER };
  kind = trama_column_index (&table->kinds, guint8, packet);
  return (TramaBrief){ conversation >> 1,
                       conversation & 1,
                       kind & TRAMA_FLOW_KIND,
                       (kind & TRAMA_FLOW_RESENT) != 0,
                       (kind & TRAMA_FLOW_COPY) != 0,
                       (kind & TRAMA_FLOW_ZERO_WINDOW) != 0 };
}

void
trama_flow_table_get_segment (const TramaFlowTable *table, guint packet, TramaSegment *segment)
{
  TramaDecoded decoded;
  gint64 time_ns;
  guint32 conversation = TRAMA_FLOW_NONE;

  *segment = (TramaSegment){ .flow = TRAMA_FLOW_NONE, .kind = TRAMA_SEGMENT_OTHER };
  if (packet < table->conversations.len)
    conversation = trama_column_index (&table->conversations, guint32, packet);
  if (conversation == TRAMA_FLOW_NONE || !trama_flow_read_headers (table->store, packet, &time_ns, &decoded))
    return;
  segment->flow = conversation >> 1;
  segment->side = conversation & 1;
  segment->kind = trama_flow_segment_kind (&decoded);
  segment->fragment = decoded.fragment == TRAMA_FRAGMENT_LATER;
  segment->payload_bytes = decoded.payload_bytes;
  segment->payload_offset = decoded.payload_offset;
  if (decoded.protocol == IPPROTO_TCP)
    {
      const TramaFlow *flow = trama_flow_at (table, segment->flow);

      segment->flags = decoded.tcp_flags;
      segment->sequence = decoded.sequence - flow->first_sequence[segment->side];
      segment->acknowledgment = decoded.acknowledgment - flow->first_sequence[!segment->side];
    }
}

const char *
trama_phase_name (guint phase)
{
  static const char *const names[TRAMA_N_PHASES] = {
    [TRAMA_PHASE_NONE] = "",
    [TRAMA_PHASE_SETUP] = N_ ("setup"),
    [TRAMA_PHASE_DATA] = N_ ("data"),
    [TRAMA_PHASE_TEARDOWN] = N_ ("teardown"),
  };

  return phase < TRAMA_N_PHASES ? names[phase] : NULL;
}
