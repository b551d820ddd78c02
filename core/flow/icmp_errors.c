/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/icmp_errors.h"

#include "core/flow/flow_private.h"
#include "core/flow/pairs.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>

#define ICMP_BYTES 8

/* No quotation that is used is longer: the headers. */
#define READ_BYTES 512

/* How many packets before the error are compared with what it quotes. */
#define LOOK_BACK_MAX 256

typedef struct
{
  TramaFlowTable *table;
  TramaPairs pairs;
  GArray *earlier;    /* of guint32, by flow, the one before it with its endpoints; NULL until it is needed */
  GArray *errors;     /* of TramaIcmpError */
  GHashTable *quoted; /* packets */
} Search;

static gboolean
is_error (guint8 version, guint8 type)
{
  if (version == 6)
    return !(type & ICMP6_INFOMSG_MASK);
  return type == ICMP_DEST_UNREACH || type == ICMP_SOURCE_QUENCH || type == ICMP_REDIRECT
         || type == ICMP_TIME_EXCEEDED || type == ICMP_PARAMETERPROB;
}

/* The fields of @decoded, and those of its transport header that it could not be sure of. */
static gboolean
read_quotation (const guint8 *data, gsize size, const TramaDecoded *decoded, TramaIcmpQuotation *quotation)
{
  gsize at = (gsize) decoded->link_bytes + decoded->network_bytes;

  if (decoded->ip_version == 0 || decoded->protocol == 0 || size < at + TRAMA_ICMP_QUOTED_BYTES)
    return FALSE;
  memcpy (quotation->transport, data + at, TRAMA_ICMP_QUOTED_BYTES);
  quotation->protocol = decoded->protocol;
  quotation->source = decoded->source;
  quotation->destination = decoded->destination;
  quotation->identification = 0;
  if (decoded->ip_version == 4)
    quotation->identification = (guint16) (data[decoded->link_bytes + 4] << 8
                                           | data[decoded->link_bytes + 5]);
  if (decoded->protocol != IPPROTO_TCP && decoded->protocol != IPPROTO_UDP)
    return TRUE;
  quotation->source.port = (guint16) (quotation->transport[0] << 8 | quotation->transport[1]);
  quotation->destination.port = (guint16) (quotation->transport[2] << 8 | quotation->transport[3]);
  return TRUE;
}

/* The length of what is quoted is not known: the most that it can be. */
static gboolean
read_quoted (const guint8 *data, gsize size, TramaIcmpQuotation *quotation)
{
  TramaDecoded decoded;

  trama_decode (TRAMA_LINK_RAW, data, size, G_MAXUINT16, &decoded);
  return read_quotation (data, size, &decoded, quotation);
}

static gboolean
equals (TramaFlowTable *table, guint packet, const TramaIcmpQuotation *quotation)
{
  gsize size;
  const guint8 *data;
  TramaDecoded decoded;
  TramaIcmpQuotation other;
  gint64 time_ns;

  if (!trama_flow_read_headers (table->store, packet, &time_ns, &decoded)
      || decoded.fragment == TRAMA_FRAGMENT_LATER)
    return FALSE;
  data = trama_store_peek_packet (table->store, packet, TRAMA_FLOW_HEADER_BYTES, &size);
  return data != NULL && read_quotation (data, size, &decoded, &other)
         && other.identification == quotation->identification
         && memcmp (other.transport, quotation->transport, TRAMA_ICMP_QUOTED_BYTES) == 0;
}

/* The latest before the error that looks so; of several that look the same, each is complained of once. */
static guint32
find_packet (Search *search, const TramaIcmpError *error, gint64 time_ns, const TramaIcmpQuotation *quotation)
{
  guint high, low = 0, looked_at = 0;
  guint32 found = G_MAXUINT32;
  const guint32 *packets = trama_flow_table_get_packets (search->table, error->flow, &high);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      TramaPacket record;

      trama_store_get_packet (search->table->store, packets[middle], &record);
      if (record.time_ns <= time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  while (low-- > 0 && looked_at++ < LOOK_BACK_MAX)
    if ((trama_column_index (&search->table->conversations, guint32, packets[low]) & 1) == error->side
        && equals (search->table, packets[low], quotation))
      {
        if (g_hash_table_add (search->quoted, GUINT_TO_POINTER (packets[low])))
          return packets[low];
        found = packets[low];
      }
  return found;
}

static void
index_flows (Search *search)
{
  TramaFlowTable *table = search->table;

  search->earlier = g_array_sized_new (FALSE, FALSE, sizeof (guint32), table->flows.len);
  for (guint32 i = 0; i < table->flows.len; i++)
    {
      const TramaFlow *flow = trama_flow_at (table, i);
      const TramaEndpoint *a = &flow->endpoint[0], *b = &flow->endpoint[1];
      guint32 hash = trama_pairs_hash (&search->pairs, flow->protocol, a, b);
      guint side;
      guint32 earlier = trama_pairs_find (&search->pairs, hash, flow->protocol, a, b, &side);

      g_array_append_val (search->earlier, earlier);
      trama_pairs_set (&search->pairs, hash, earlier, i);
    }
}

/* The last that had begun by then. */
static guint32
find_flow (Search *search, gint64 time_ns, const TramaIcmpQuotation *quotation, guint8 *side)
{
  const TramaEndpoint *a = &quotation->source, *b = &quotation->destination;
  guint32 hash = trama_pairs_hash (&search->pairs, quotation->protocol, a, b);
  guint found_side;
  guint32 flow;

  if (search->earlier == NULL)
    index_flows (search);
  flow = trama_pairs_find (&search->pairs, hash, quotation->protocol, a, b, &found_side);
  while (flow != TRAMA_FLOW_NONE && trama_flow_at (search->table, flow)->first_ns > time_ns)
    flow = g_array_index (search->earlier, guint32, flow);
  if (flow != TRAMA_FLOW_NONE)
    *side = !trama_endpoint_equal (a, &trama_flow_at (search->table, flow)->endpoint[0]);
  return flow;
}

/* The last four bytes of the error's header, of which IPv4 uses two: RFC 1191, section 4; RFC 4443, section 3.2. */
static guint32
read_mtu (const guint8 *header, guint8 ip_version)
{
  guint32 low = (guint32) header[6] << 8 | header[7];

  if (ip_version == 6)
    return header[0] == ICMP6_PACKET_TOO_BIG ? (guint32) header[4] << 24 | (guint32) header[5] << 16 | low
                                             : 0;
  return header[0] == ICMP_DEST_UNREACH && header[1] == ICMP_FRAG_NEEDED ? low : 0;
}

gboolean
trama_icmp_read_error (TramaStore *store,
                       guint packet,
                       const TramaDecoded *decoded,
                       TramaIcmpQuotation *quotation)
{
  const guint8 *data, *header;
  gsize size;

  if (decoded->transport_bytes != ICMP_BYTES)
    return FALSE;
  data = trama_store_peek_packet (store, packet, READ_BYTES, &size);
  if (data == NULL || size <= decoded->payload_offset)
    return FALSE;
  header = data + decoded->payload_offset - ICMP_BYTES;
  quotation->type = header[0];
  quotation->code = header[1];
  quotation->mtu_bytes = read_mtu (header, decoded->ip_version);
  return is_error (decoded->ip_version, header[0])
         && read_quoted (header + ICMP_BYTES, size - decoded->payload_offset, quotation);
}

gboolean
trama_icmp_is_port_unreachable (const TramaIcmpError *error)
{
  if (error->ip_version == 6)
    return error->type == ICMP6_DST_UNREACH && error->code == ICMP6_DST_UNREACH_NOPORT;
  return error->type == ICMP_DEST_UNREACH && error->code == ICMP_PORT_UNREACH;
}

TramaDenial
trama_icmp_find_denial (guint8 ip_version, guint8 type, guint8 code)
{
  if (type != (ip_version == 6 ? ICMP6_DST_UNREACH : ICMP_DEST_UNREACH))
    return TRAMA_DENIAL_NONE;
  if (ip_version == 6)
    return code == ICMP6_DST_UNREACH_NOPORT ? TRAMA_DENIAL_REFUSED : TRAMA_DENIAL_UNREACHABLE;
  if (code == ICMP_FRAG_NEEDED)
    return TRAMA_DENIAL_NONE;
  return code == ICMP_PROT_UNREACH || code == ICMP_PORT_UNREACH ? TRAMA_DENIAL_REFUSED
                                                                : TRAMA_DENIAL_UNREACHABLE;
}

TramaFate
trama_icmp_find_fate (const TramaIcmpError *error)
{
  gboolean is_6 = error->ip_version == 6;

  if (error->type == (is_6 ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED))
    return error->code == ICMP_EXC_FRAGTIME ? TRAMA_FATE_INCOMPLETE : TRAMA_FATE_EXPIRED;
  if (is_6 && error->type == ICMP6_PACKET_TOO_BIG)
    return TRAMA_FATE_TOO_BIG;
  if (error->type != (is_6 ? ICMP6_DST_UNREACH : ICMP_DEST_UNREACH) || trama_icmp_is_port_unreachable (error))
    return TRAMA_FATE_OTHER;
  return !is_6 && error->code == ICMP_FRAG_NEEDED ? TRAMA_FATE_TOO_BIG : TRAMA_FATE_UNREACHABLE;
}

static void
search_packet (Search *search, guint32 packet)
{
  TramaIcmpError error = { .packet = packet };
  TramaDecoded decoded;
  TramaIcmpQuotation quotation;
  gint64 time_ns;

  if (!trama_flow_read_headers (search->table->store, packet, &time_ns, &decoded)
      || !trama_icmp_read_error (search->table->store, packet, &decoded, &quotation))
    return;
  error.ip_version = decoded.ip_version;
  error.type = quotation.type;
  error.code = quotation.code;
  error.mtu_bytes = quotation.mtu_bytes;
  error.teller = decoded.source;
  error.flow = find_flow (search, time_ns, &quotation, &error.side);
  if (error.flow == TRAMA_FLOW_NONE)
    return;
  error.quoted = find_packet (search, &error, time_ns, &quotation);
  g_array_append_val (search->errors, error);
}

GArray *
trama_icmp_errors_find (TramaFlowTable *table)
{
  Search search = { .table = table, .errors = g_array_new (FALSE, FALSE, sizeof (TramaIcmpError)) };

  search.quoted = g_hash_table_new (NULL, NULL);
  trama_pairs_init (&search.pairs, &table->flows);
  for (guint i = 0; i < table->flows.len; i++)
    {
      guint8 protocol = trama_flow_at (table, i)->protocol;
      const guint32 *packets;
      guint n;

      if (protocol != IPPROTO_ICMP && protocol != IPPROTO_ICMPV6)
        continue;
      packets = trama_flow_table_get_packets (table, i, &n);
      for (guint j = 0; j < n; j++)
        search_packet (&search, packets[j]);
    }
  trama_pairs_clear (&search.pairs);
  g_hash_table_unref (search.quoted);
  if (search.earlier != NULL)
    g_array_unref (search.earlier);
  return search.errors;
}
