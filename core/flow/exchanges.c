/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/exchanges.h"

#include "core/flow/flow_private.h"

#include <glib/gi18n-lib.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>

#define ICMP_BYTES 8

typedef struct
{
  TramaFlowTable *table;
  GArray *exchanges; /* of TramaExchange */
  gboolean is_to_itself;

  GHashTable *echoes; /* identifier and number → its exchange + 1, the latest */
  guint n_doubled;

  GArray *beginnings; /* of UDP: of Beginning, by exchange */
  guint unanswered;   /* the first of those that the next answer may be for, if nothing tells */
  gboolean answers;   /* the last one was an answer */
} Search;

/* That much of a request is compared with an answer, and of so many, the latest. */
#define BEGINNING_BYTES 16
#define BEGINNINGS_MAX 256

/* The identification of DNS; less may be alike by chance. */
#define FIT_MIN_BYTES 2

typedef struct
{
  guint8 data[BEGINNING_BYTES];
  guint8 size;
} Beginning;

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
follow_echo (Search *search,
             guint packet,
             const TramaBrief *brief,
             gint64 time_ns,
             const TramaDecoded *decoded)
{
  guint side = brief->side;
  Echo echo;
  gpointer key;
  guint index;

  if (!read_echo (search->table, packet, decoded, &echo) || (brief->copy && !echo.is_reply))
    return; /* a copy of a request asks nothing */
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

static Beginning
read_beginning (const Search *search, guint packet, const TramaDecoded *decoded)
{
  Beginning beginning = { .size = 0 };
  gsize captured;
  const guint8 *data = trama_store_peek_packet (search->table->store, packet, TRAMA_FLOW_HEADER_BYTES,
                                                &captured);

  if (data == NULL || captured <= decoded->payload_offset)
    return beginning;
  beginning.size = (guint8) MIN (MIN (captured - decoded->payload_offset, decoded->payload_bytes),
                                 BEGINNING_BYTES);
  memcpy (beginning.data, data + decoded->payload_offset, beginning.size);
  return beginning;
}

static guint
count_equal (const Beginning *a, const Beginning *b)
{
  guint n = 0;

  while (n < MIN (a->size, b->size) && a->data[n] == b->data[n])
    n++;
  return n;
}

/* The one request that begins most like the answer; G_MAXUINT: several do, or none. */
static guint
find_fit (const Search *search, const Beginning *answer)
{
  guint n = search->beginnings->len;
  guint first = n > BEGINNINGS_MAX ? n - BEGINNINGS_MAX : 0;
  guint best = FIT_MIN_BYTES - 1, found = G_MAXUINT;

  for (guint i = first; i < n; i++)
    {
      guint equal = count_equal (&g_array_index (search->beginnings, Beginning, i), answer);

      if (equal == best)
        found = G_MAXUINT;
      else if (equal > best)
        {
          best = equal;
          found = i;
        }
    }
  return found;
}

static gboolean
is_answered (const Search *search, guint index)
{
  return exchange_at (search, index)->answer != G_MAXUINT32;
}

static void
follow_answer (Search *search, guint packet, gint64 time_ns, const Beginning *beginning)
{
  guint fit = find_fit (search, beginning);

  search->answers = TRUE;
  if (fit == G_MAXUINT)
    {
      while (search->unanswered < search->exchanges->len && is_answered (search, search->unanswered))
        search->unanswered++;
      fit = search->unanswered;
    }
  if (fit < search->exchanges->len && !is_answered (search, fit))
    answer (search, fit, packet, time_ns);
}

static void
follow_datagram (Search *search, guint packet, guint side, gint64 time_ns, const TramaDecoded *decoded)
{
  Beginning beginning = read_beginning (search, packet, decoded);

  if (side != 0)
    {
      follow_answer (search, packet, time_ns, &beginning);
      return;
    }
  if (search->answers)
    search->unanswered = search->exchanges->len;
  search->answers = FALSE;
  ask (search, packet, side);
  g_array_append_val (search->beginnings, beginning);
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
      const TramaBrief brief = trama_flow_table_get_brief (table, packets[i]);
      TramaDecoded decoded;
      gint64 time_ns;

      if (!trama_flow_read_headers (table->store, packets[i], &time_ns, &decoded)
          || decoded.fragment == TRAMA_FRAGMENT_LATER)
        continue;
      if (flow->protocol == IPPROTO_UDP && !brief.copy)
        follow_datagram (search, packets[i], brief.side, time_ns, &decoded);
      else if (flow->protocol != IPPROTO_UDP)
        follow_echo (search, packets[i], &brief, time_ns, &decoded);
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
  search.beginnings = g_array_new (FALSE, FALSE, sizeof (Beginning));
  if (protocol == IPPROTO_UDP || is_echoing (protocol))
    search_flow (&search, flow);
  g_hash_table_unref (search.echoes);
  g_array_unref (search.beginnings);
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
