/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/exchanges.h"

#include "core/flow/flow_private.h"

#include <glib/gi18n-lib.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

#define ICMP_BYTES 8

typedef struct
{
  TramaFlowTable *table;
  GArray *exchanges; /* of TramaExchange */
  gboolean is_to_itself;

  GHashTable *echoes; /* identifier and number → its exchange + 1, the latest */
  guint n_doubled;

  guint unanswered; /* of UDP: the first of those that the next answer may be for */
  gboolean answers; /* the last one was an answer */
} Search;

/* An echo request or reply. */
typedef struct
{
  guint32 identity; /* identifier << 16 | number */
  gboolean is_reply;
} Echo;

static gboolean
read_echo (TramaFlowTable *table, guint packet, const TramaDecoded *decoded, Echo *echo)
{
  gsize size;
  const guint8 *data = trama_store_peek_packet (table->store, packet, TRAMA_FLOW_HEADER_BYTES, &size);
  const guint8 *header;

  if (data == NULL || decoded->transport_bytes != ICMP_BYTES || decoded->payload_offset > size)
    return FALSE;
  header = data + decoded->payload_offset - ICMP_BYTES;
  echo->identity = (guint32) header[4] << 24 | (guint32) header[5] << 16 | (guint32) header[6] << 8
                   | header[7];
  echo->is_reply = header[0] == (decoded->ip_version == 4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY);
  return echo->is_reply || header[0] == (decoded->ip_version == 4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST);
}

static void
ask (Search *search, guint packet, guint side)
{
  TramaExchange exchange = { TRAMA_TIME_NONE, packet, G_MAXUINT32, (guint8) side };

  g_array_append_val (search->exchanges, exchange);
}

static TramaExchange *
exchange_at (const Search *search, guint index)
{
  return &g_array_index (search->exchanges, TramaExchange, index);
}

static void
answer (const Search *search, guint index, guint packet, gint64 time_ns)
{
  TramaExchange *exchange = exchange_at (search, index);
  TramaPacket request;

  trama_store_get_packet (search->table->store, exchange->request, &request);
  exchange->answer = packet;
  exchange->took_ns = MAX (time_ns - request.time_ns, 0);
}

static void
follow_echo (Search *search, guint packet, guint side, gint64 time_ns, const TramaDecoded *decoded)
{
  Echo echo;
  gpointer key;
  guint index;

  if (!read_echo (search->table, packet, decoded, &echo))
    return;
  key = GUINT_TO_POINTER (echo.identity);
  if (!echo.is_reply)
    {
      ask (search, packet, side);
      g_hash_table_insert (search->echoes, key, GUINT_TO_POINTER (search->exchanges->len));
      return;
    }
  index = GPOINTER_TO_UINT (g_hash_table_lookup (search->echoes, key));
  if (index == 0 || (exchange_at (search, index - 1)->side == side && !search->is_to_itself))
    return;
  if (exchange_at (search, index - 1)->answer != G_MAXUINT32)
    search->n_doubled++;
  else
    answer (search, index - 1, packet, time_ns);
}

static void
follow_datagram (Search *search, guint packet, guint side, gint64 time_ns)
{
  if (side == 0)
    {
      if (search->answers)
        search->unanswered = search->exchanges->len;
      search->answers = FALSE;
      ask (search, packet, side);
      return;
    }
  search->answers = TRUE;
  if (search->unanswered < search->exchanges->len)
    answer (search, search->unanswered++, packet, time_ns);
}

static void
search_flow (Search *search, guint index)
{
  TramaFlowTable *table = search->table;
  const TramaFlow *flow = trama_flow_at (table, index);
  guint n;
  const guint32 *packets = trama_flow_table_get_packets (table, index, &n);

  search->is_to_itself = trama_endpoint_equal (&flow->endpoint[0], &flow->endpoint[1]);
  for (guint i = 0; i < n; i++)
    {
      guint side = trama_column_index (&table->conversations, guint32, packets[i]) & 1;
      TramaDecoded decoded;
      gint64 time_ns;

      if (!trama_flow_read_headers (table->store, packets[i], &time_ns, &decoded)
          || decoded.fragment == TRAMA_FRAGMENT_LATER)
        continue;
      if (flow->protocol == IPPROTO_UDP)
        follow_datagram (search, packets[i], side, time_ns);
      else
        follow_echo (search, packets[i], side, time_ns, &decoded);
    }
}

static gboolean
is_echoing (guint8 protocol)
{
  return protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6;
}

static Search
search (TramaFlowTable *table, guint flow)
{
  Search search = { .table = table, .exchanges = g_array_new (FALSE, FALSE, sizeof (TramaExchange)) };
  guint8 protocol = trama_flow_at (table, flow)->protocol;

  search.echoes = g_hash_table_new (NULL, NULL);
  if (protocol == IPPROTO_UDP || is_echoing (protocol))
    search_flow (&search, flow);
  g_hash_table_unref (search.echoes);
  return search;
}

GArray *
trama_exchanges_find (TramaFlowTable *table, guint flow)
{
  g_return_val_if_fail (flow < trama_flow_table_n_flows (table), NULL);
  return search (table, flow).exchanges;
}

gboolean
trama_echo_summarize (TramaFlowTable *table, guint flow, TramaEchoSummary *summary)
{
  g_autoptr (GArray) exchanges = NULL;
  double total_ns = 0;
  Search found;

  g_return_val_if_fail (flow < trama_flow_table_n_flows (table), FALSE);

  *summary = (TramaEchoSummary){ .shortest_ns = G_MAXINT64 };
  if (!is_echoing (trama_flow_at (table, flow)->protocol))
    return FALSE;
  found = search (table, flow);
  exchanges = found.exchanges;
  summary->sent = exchanges->len;
  summary->doubled = found.n_doubled;
  for (guint i = 0; i < exchanges->len; i++)
    {
      gint64 took_ns = exchange_at (&found, i)->took_ns;

      if (took_ns == TRAMA_TIME_NONE)
        continue;
      summary->received++;
      summary->shortest_ns = MIN (summary->shortest_ns, took_ns);
      summary->longest_ns = MAX (summary->longest_ns, took_ns);
      total_ns += (double) took_ns;
    }
  if (summary->received == 0)
    summary->shortest_ns = 0;
  else
    summary->mean_ns = (gint64) (total_ns / summary->received);
  return summary->sent > 0;
}

char *
trama_echo_summary_format (const TramaEchoSummary *summary)
{
  g_autofree char *shortest = trama_duration_format (summary->shortest_ns);
  g_autofree char *mean = trama_duration_format (summary->mean_ns);
  g_autofree char *longest = trama_duration_format (summary->longest_ns);
  GString *text = g_string_new (NULL);

  /* Translators: echo requests, as ping(8) counts them. */
  g_string_append_printf (text, _ ("%u sent, %u received, %u lost"), summary->sent, summary->received,
                          summary->sent - summary->received);
  if (summary->received > 0)
    /* Translators: the shortest, the mean and the longest time that a reply took. */
    g_string_append_printf (text, _ (", min/avg/max %s/%s/%s"), shortest, mean, longest);
  if (summary->doubled > 0)
    g_string_append_printf (text, _ (", %u doubled"), summary->doubled);
  return g_string_free (text, FALSE);
}
