/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/link_icmp.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>

#define HEADER_BYTES 8

/* A datagram that may be quoted. */
typedef struct
{
  TramaEndpoint from;
  TramaEndpoint to;
  guint32 message;
  guint32 call;
  guint32 before; /* the one before it between these ports, + 1; 0: none */
  guint8 is_quoted;
} Quotable;

struct _TramaIcmp
{
  TramaLinking *linking;
  TramaMessages *messages;
  GArray *pingers;      /* of guint, numbers of sockets of ICMP */
  GHashTable *requests; /* identifier and number of an echo → its packet + 1 */
  GArray *quotables;    /* of Quotable */
  GHashTable *latest;   /* both ports → index in .quotables + 1 */
};

static gboolean
is_icmp (gint64 protocol)
{
  return protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6;
}

static void
collect_pingers (TramaIcmp *icmp)
{
  for (guint i = 0; i < icmp->linking->n_calls; i++)
    {
      const TramaCall *call = trama_store_get_call (icmp->linking->store, i);
      guint number = trama_linking_socket_number (icmp->linking, call->made);

      if (trama_deed_kind (call) == TRAMA_DEED_MAKES && number != G_MAXUINT
          && is_icmp (trama_deed_number (call, 2)))
        g_array_append_val (icmp->pingers, number);
    }
}

TramaIcmp *
trama_icmp_new (TramaLinking *linking, TramaMessages *messages)
{
  TramaIcmp *icmp = g_new0 (TramaIcmp, 1);

  icmp->linking = linking;
  icmp->messages = messages;
  icmp->pingers = g_array_new (FALSE, FALSE, sizeof (guint));
  icmp->requests = g_hash_table_new (NULL, NULL);
  icmp->quotables = g_array_new (FALSE, FALSE, sizeof (Quotable));
  icmp->latest = g_hash_table_new (NULL, NULL);
  collect_pingers (icmp);
  return icmp;
}

void
trama_icmp_free (TramaIcmp *icmp)
{
  g_array_unref (icmp->pingers);
  g_hash_table_unref (icmp->requests);
  g_array_unref (icmp->quotables);
  g_hash_table_unref (icmp->latest);
  g_free (icmp);
}

static gpointer
key_of (const TramaEndpoint *from, const TramaEndpoint *to)
{
  return GUINT_TO_POINTER ((guint) from->port << 16 | to->port);
}

void
trama_icmp_note_datagram (TramaIcmp *icmp,
                          guint message,
                          const TramaEndpoint *from,
                          const TramaEndpoint *to,
                          guint32 call)
{
  gpointer key = key_of (from, to);
  Quotable quotable = { *from, *to, message, call, 0, FALSE };

  quotable.before = GPOINTER_TO_UINT (g_hash_table_lookup (icmp->latest, key));
  g_array_append_val (icmp->quotables, quotable);
  g_hash_table_insert (icmp->latest, key, GUINT_TO_POINTER (icmp->quotables->len));
}

/* The number of the packet's sender among its own sockets; the call under way says which. */
static guint32
find_sender (const TramaIcmp *icmp, gint64 time_ns)
{
  for (guint i = 0; i < MIN (icmp->pingers->len, TRAMA_LOOK_BACK); i++)
    {
      guint number = g_array_index (icmp->pingers, guint, icmp->pingers->len - 1 - i);
      guint64 socket = g_array_index (icmp->linking->table->sockets, TramaSocket, number).id;
      TramaCallList list = trama_linking_calls_of (icmp->linking, socket);
      guint call = trama_linking_find_under_way (icmp->linking, &list, time_ns,
                                                 TRAMA_DEED_BIT (TRAMA_DEED_SENDS));

      if (call != G_MAXUINT)
        return trama_linking_call (icmp->linking, call);
    }
  return TRAMA_EVENT_NONE;
}

/* A raw socket gets it all, of IPv4 with its header; another only the replies to what it sent, raw(7), icmp(7). */
static void
offer (TramaIcmp *icmp, guint packet, gint64 time_ns, const TramaDecoded *decoded, guint16 identifier)
{
  guint32 header = decoded->payload_offset - HEADER_BYTES;

  for (guint i = 0; i < MIN (icmp->pingers->len, TRAMA_LOOK_BACK); i++)
    {
      guint number = g_array_index (icmp->pingers, guint, icmp->pingers->len - 1 - i);
      const TramaSocket *socket = &g_array_index (icmp->linking->table->sockets, TramaSocket, number);
      gboolean with_ip = socket->type == SOCK_RAW && decoded->ip_version == 4;
      TramaMessage message = { .time_ns = time_ns, .event = packet, .next_part = G_MAXUINT32 };

      if (socket->type != SOCK_RAW && socket->local.port != identifier)
        continue;
      message.data_offset = with_ip ? decoded->link_bytes : header;
      message.size_bytes = decoded->network_end - message.data_offset;
      message.part_bytes = message.size_bytes;
      message.was_sent_here = TRUE;
      trama_messages_offer (icmp->messages, trama_messages_add (icmp->messages, &message), number);
    }
}

static void
link_answer (TramaIcmp *icmp, guint32 cause, guint32 effect)
{
  TramaKeptLink link = { .cause = cause, .effect = effect, .kind = TRAMA_LINKS_ANSWERS };

  trama_linking_add (icmp->linking, &link);
}

static void
follow_request (TramaIcmp *icmp, guint packet, gint64 time_ns, const TramaDecoded *decoded, gpointer echo)
{
  TramaKeptLink link = { .effect = packet, .kind = TRAMA_LINKS_SENDS };

  g_hash_table_insert (icmp->requests, echo, GUINT_TO_POINTER (packet + 1));
  link.cause = find_sender (icmp, time_ns);
  link.n_bytes = decoded->payload_bytes + HEADER_BYTES;
  if (link.cause != TRAMA_EVENT_NONE)
    trama_linking_add (icmp->linking, &link);
}

/* What is told of it is found by the sender at its next call; unless it is connected, at none, udp(7). */
static void
tell_sender (TramaIcmp *icmp, guint packet, gint64 time_ns, guint32 call)
{
  TramaStore *store = icmp->linking->store;
  guint64 socket = trama_store_get_call (store, call - icmp->linking->n_packets)->socket;
  TramaCallList list = trama_linking_calls_of (icmp->linking, socket);
  guint n = trama_linking_count_entered (icmp->linking, &list, time_ns);

  for (guint i = n > 0 ? n - 1 : 0; i < MIN (list.n, n + TRAMA_LOOK_BACK); i++)
    {
      const TramaCall *told = trama_store_get_call (store, list.calls[i]);
      TramaKeptLink link = { .cause = packet,
                             .effect = trama_linking_call (icmp->linking, list.calls[i]),
                             .kind = TRAMA_LINKS_REPORTS };
      TramaDeed deed;

      trama_deed_read (told, &deed);
      if (told->exit_ns < time_ns
          || (trama_linking_told_error (told) <= 0 && !(deed.is_done && (deed.flags & MSG_ERRQUEUE))))
        continue;
      trama_linking_add (icmp->linking, &link);
      trama_linking_add_waking (icmp->linking, packet, time_ns, list.calls[i]);
      return;
    }
}

/* What the packet quotes behind its header: the beginning of the one that it is about. */
static gboolean
read_quoted (TramaIcmp *icmp, guint packet, const TramaDecoded *decoded, TramaDecoded *quoted)
{
  gsize size;
  const guint8 *data = trama_store_peek_packet (icmp->linking->store, packet,
                                                decoded->payload_offset + decoded->payload_bytes, &size);

  if (data == NULL || size <= decoded->payload_offset)
    return FALSE;
  size -= decoded->payload_offset;
  trama_decode (TRAMA_LINK_RAW, data + decoded->payload_offset, size, 65535, quoted);
  return quoted->protocol == IPPROTO_UDP && quoted->source.port != 0;
}

/* The latest with these endpoints that no error has quoted yet. */
static Quotable *
find_quoted (TramaIcmp *icmp, const TramaDecoded *quoted)
{
  guint at = GPOINTER_TO_UINT (
      g_hash_table_lookup (icmp->latest, key_of (&quoted->source, &quoted->destination)));

  for (guint i = 0; i < TRAMA_LOOK_BACK && at > 0; i++)
    {
      Quotable *quotable = &g_array_index (icmp->quotables, Quotable, at - 1);

      if (!quotable->is_quoted && trama_endpoint_equal (&quotable->from, &quoted->source)
          && trama_endpoint_equal (&quotable->to, &quoted->destination))
        return quotable;
      at = quotable->before;
    }
  return NULL;
}

static void
follow_error (TramaIcmp *icmp, guint packet, gint64 time_ns, const TramaDecoded *decoded)
{
  TramaDecoded quoted;
  Quotable *quotable;
  TramaMessage *message;

  if (!read_quoted (icmp, packet, decoded, &quoted))
    return;
  quotable = find_quoted (icmp, &quoted);
  if (quotable == NULL)
    return;
  quotable->is_quoted = TRUE;
  message = trama_messages_get (icmp->messages, quotable->message);
  message->reason = TRAMA_LOSS_NOBODY;
  link_answer (icmp, message->event, packet);
  if (quotable->call != TRAMA_EVENT_NONE)
    tell_sender (icmp, packet, time_ns, quotable->call);
}

static gboolean
is_error (guint8 version, guint8 type)
{
  if (version == 6)
    return type < ICMP6_INFOMSG_MASK;
  return type == ICMP_DEST_UNREACH || type == ICMP_TIME_EXCEEDED || type == ICMP_PARAMETERPROB
         || type == ICMP_SOURCE_QUENCH;
}

void
trama_icmp_follow (TramaIcmp *icmp, guint packet, gint64 time_ns, const TramaDecoded *decoded)
{
  gsize size;
  const guint8 *data = trama_store_peek_packet (icmp->linking->store, packet, decoded->payload_offset, &size);
  guint8 header[HEADER_BYTES];
  gpointer echo;
  guint32 request;

  if (data == NULL || decoded->payload_offset < HEADER_BYTES || size < decoded->payload_offset)
    return;
  memcpy (header, data + decoded->payload_offset - HEADER_BYTES, sizeof header);
  echo = GUINT_TO_POINTER ((guint32) header[4] << 24 | (guint32) header[5] << 16 | (guint32) header[6] << 8
                           | header[7]);
  if (is_error (decoded->ip_version, header[0]))
    follow_error (icmp, packet, time_ns, decoded);
  else if (header[0] == ICMP_ECHO || header[0] == ICMP6_ECHO_REQUEST)
    follow_request (icmp, packet, time_ns, decoded, echo);
  else if (header[0] == ICMP_ECHOREPLY || header[0] == ICMP6_ECHO_REPLY)
    {
      request = GPOINTER_TO_UINT (g_hash_table_lookup (icmp->requests, echo));
      if (request > 0)
        link_answer (icmp, request - 1, packet);
      offer (icmp, packet, time_ns, decoded, (guint16) (header[4] << 8 | header[5]));
    }
}
