/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/links/link_icmp.h"

#include "core/flow/icmp_errors.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>

#define HEADER_BYTES 8

struct _TramaIcmp
{
  TramaLinking *linking;
  TramaMessages *messages;
  GArray *pingers;      /* of guint, numbers of sockets of ICMP */
  GHashTable *requests; /* identifier and number of an echo → its packet + 1 */
  GArray *errors;       /* of TramaIcmpError */
  GHashTable *error_at; /* packet → index in .errors + 1 */
  GHashTable *posted;   /* packet of UDP → its message + 1 */
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

static void
collect_errors (TramaIcmp *icmp)
{
  icmp->errors = trama_icmp_errors_find (icmp->linking->table);
  for (guint i = 0; i < icmp->errors->len; i++)
    g_hash_table_insert (icmp->error_at,
                         GUINT_TO_POINTER (g_array_index (icmp->errors, TramaIcmpError, i).packet),
                         GUINT_TO_POINTER (i + 1));
}

TramaIcmp *
trama_icmp_new (TramaLinking *linking, TramaMessages *messages)
{
  TramaIcmp *icmp = g_new0 (TramaIcmp, 1);

  icmp->linking = linking;
  icmp->messages = messages;
  icmp->pingers = g_array_new (FALSE, FALSE, sizeof (guint));
  icmp->requests = g_hash_table_new (NULL, NULL);
  icmp->error_at = g_hash_table_new (NULL, NULL);
  icmp->posted = g_hash_table_new (NULL, NULL);
  collect_pingers (icmp);
  collect_errors (icmp);
  return icmp;
}

void
trama_icmp_free (TramaIcmp *icmp)
{
  g_array_unref (icmp->pingers);
  g_hash_table_unref (icmp->requests);
  g_array_unref (icmp->errors);
  g_hash_table_unref (icmp->error_at);
  g_hash_table_unref (icmp->posted);
  g_free (icmp);
}

void
trama_icmp_note_datagram (TramaIcmp *icmp, guint packet, guint message)
{
  if (icmp->errors->len > 0)
    g_hash_table_insert (icmp->posted, GUINT_TO_POINTER (packet), GUINT_TO_POINTER (message + 1));
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

/* What is known of a packet before anybody reads it. */
static TramaMessage
make_message (guint packet, gint64 time_ns, const TramaDecoded *decoded, guint32 cause)
{
  TramaMessage message = trama_message_make (packet, time_ns);

  message.cause = cause;
  message.data_offset = decoded->payload_offset - HEADER_BYTES;
  message.part_bytes = decoded->payload_bytes + HEADER_BYTES;
  message.size_bytes = MAX (message.part_bytes, decoded->datagram_bytes);
  return message;
}

/*
 * A raw socket gets all of its family, of IPv4 with the header, and no other the worse for it; one of
 * another type only the replies to what it sent, raw(7), icmp(7). Returns the first message, or @last.
 */
static guint32
offer (TramaIcmp *icmp, const TramaMessage *like, const TramaDecoded *decoded, gint identifier, guint32 last)
{
  for (guint i = 0; i < MIN (icmp->pingers->len, TRAMA_LOOK_BACK); i++)
    {
      guint number = g_array_index (icmp->pingers, guint, icmp->pingers->len - 1 - i);
      const TramaSocket *socket = &g_array_index (icmp->linking->table->sockets, TramaSocket, number);
      gboolean is_raw = socket->type == SOCK_RAW;
      guint32 header = is_raw && decoded->ip_version == 4 ? decoded->network_bytes : 0;
      TramaMessage message = *like;

      if ((!is_raw && socket->local.port != identifier)
          || socket->domain != (decoded->ip_version == 4 ? AF_INET : AF_INET6))
        continue;
      message.data_offset -= header;
      message.part_bytes += header;
      message.size_bytes += header;
      message.was_sent_here = identifier >= 0;
      message.next_same = last;
      last = trama_messages_add (icmp->messages, &message);
      trama_messages_offer (icmp->messages, last, number);
    }
  return last;
}

/* The kernel at the other end reads it, whoever else does. */
static guint32
follow_request (TramaIcmp *icmp, guint packet, gint64 time_ns, const TramaDecoded *decoded, gpointer echo)
{
  TramaMessage message = make_message (packet, time_ns, decoded, find_sender (icmp, time_ns));
  guint32 others = offer (icmp, &message, decoded, -1, G_MAXUINT32);

  g_hash_table_insert (icmp->requests, echo, GUINT_TO_POINTER (packet + 1));
  message.next_same = others;
  return trama_messages_add (icmp->messages, &message);
}

static guint32
follow_reply (TramaIcmp *icmp, guint packet, gint64 time_ns, const TramaDecoded *decoded, gpointer echo)
{
  guint32 request = GPOINTER_TO_UINT (g_hash_table_lookup (icmp->requests, echo));
  TramaMessage message = make_message (packet, time_ns, decoded,
                                       request > 0 ? request - 1 : TRAMA_EVENT_NONE);
  guint32 first = offer (icmp, &message, decoded, GPOINTER_TO_UINT (echo) >> 16, G_MAXUINT32);

  return first != G_MAXUINT32 ? first : trama_messages_add (icmp->messages, &message);
}

/* As Linux translates it, icmp(7), ip(7). 0: nobody is told. */
static gint
errno_of (const TramaIcmpError *error)
{
  static const gint unreachable[] = {
    ENETUNREACH,  EHOSTUNREACH, ENOPROTOOPT,  ECONNREFUSED, EMSGSIZE,     EOPNOTSUPP,
    ENETUNREACH,  EHOSTDOWN,    ENONET,       ENETUNREACH,  EHOSTUNREACH, ENETUNREACH,
    EHOSTUNREACH, EHOSTUNREACH, EHOSTUNREACH, EHOSTUNREACH,
  };
  static const gint unreachable6[] = {
    ENETUNREACH, EACCES, EHOSTUNREACH, EHOSTUNREACH, ECONNREFUSED, EACCES, EACCES,
  };

  if (error->ip_version == 6 && error->type == ICMP6_DST_UNREACH)
    return error->code < G_N_ELEMENTS (unreachable6) ? unreachable6[error->code] : 0;
  if (error->ip_version == 6)
    return error->type == ICMP6_PACKET_TOO_BIG ? EMSGSIZE
           : error->type == ICMP6_PARAM_PROB   ? EPROTO
                                               : EHOSTUNREACH;
  if (error->type == ICMP_DEST_UNREACH)
    return error->code < G_N_ELEMENTS (unreachable) ? unreachable[error->code] : 0;
  if (error->type == ICMP_PARAMETERPROB)
    return EPROTO;
  return error->type == ICMP_TIME_EXCEEDED ? EHOSTUNREACH : 0;
}

/* The sender finds it at its next call; of UDP, unless it is connected, at none: tcp(7), udp(7). */
static void
tell_sender (TramaIcmp *icmp, const TramaIcmpError *error, gint64 time_ns, guint64 socket)
{
  TramaStore *store = icmp->linking->store;
  TramaCallList list = trama_linking_calls_of (icmp->linking, socket);
  guint n = trama_linking_count_entered (icmp->linking, &list, time_ns);

  for (guint i = n > 0 ? n - 1 : 0; i < MIN (list.n, n + TRAMA_LOOK_BACK); i++)
    {
      const TramaCall *told = trama_store_get_call (store, list.calls[i]);
      TramaKeptLink link = { .cause = error->packet,
                             .effect = trama_linking_call (icmp->linking, list.calls[i]),
                             .kind = TRAMA_LINKS_REPORTS };
      TramaDeed deed;

      trama_deed_read (told, &deed);
      if (told->exit_ns < time_ns
          || (trama_linking_told_error (told) != errno_of (error)
              && !(deed.is_done && (deed.flags & MSG_ERRQUEUE))))
        continue;
      trama_linking_add (icmp->linking, &link);
      trama_linking_add_waking (icmp->linking, error->packet, time_ns, list.calls[i]);
      return;
    }
}

/* The socket whose packet is quoted; of UDP the one whose call had sent it. */
static guint64
find_quoted_socket (const TramaIcmp *icmp, const TramaIcmpError *error, const TramaMessage *message)
{
  if (message == NULL)
    return trama_flow_at (icmp->linking->table, error->flow)->socket[error->side];
  if (message->cause == TRAMA_EVENT_NONE)
    return TRAMA_SOCKET_NONE;
  return trama_store_get_call (icmp->linking->store, message->cause - icmp->linking->n_packets)->socket;
}

static void
follow_error (TramaIcmp *icmp, const TramaIcmpError *error, gint64 time_ns)
{
  TramaKeptLink link = { .cause = error->quoted, .effect = error->packet, .kind = TRAMA_LINKS_ANSWERS };
  TramaMessage *message = NULL;
  guint posted;

  if (error->quoted == G_MAXUINT32)
    return;
  posted = GPOINTER_TO_UINT (g_hash_table_lookup (icmp->posted, GUINT_TO_POINTER (error->quoted)));
  if (posted > 0)
    message = trama_messages_get (icmp->messages, posted - 1);
  if (message != NULL)
    message->reason = trama_icmp_is_port_unreachable (error) ? TRAMA_LOSS_NOBODY : TRAMA_LOSS_ON_THE_WAY;
  trama_linking_add (icmp->linking, &link);
  tell_sender (icmp, error, time_ns, find_quoted_socket (icmp, error, message));
}

guint32
trama_icmp_follow (TramaIcmp *icmp, guint packet, gint64 time_ns, const TramaDecoded *decoded)
{
  guint error = GPOINTER_TO_UINT (g_hash_table_lookup (icmp->error_at, GUINT_TO_POINTER (packet)));
  TramaMessage message;
  const guint8 *data;
  guint8 header[HEADER_BYTES];
  gpointer echo;
  gsize size;

  if (decoded->transport_bytes != HEADER_BYTES || decoded->payload_offset < HEADER_BYTES)
    return G_MAXUINT32;
  data = trama_store_peek_packet (icmp->linking->store, packet, decoded->payload_offset, &size);
  if (data == NULL || size < decoded->payload_offset)
    return G_MAXUINT32;
  memcpy (header, data + decoded->payload_offset - HEADER_BYTES, sizeof header);
  echo = GUINT_TO_POINTER ((guint32) header[4] << 24 | (guint32) header[5] << 16 | (guint32) header[6] << 8
                           | header[7]);
  if (header[0] == (decoded->ip_version == 4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST))
    return follow_request (icmp, packet, time_ns, decoded, echo);
  if (header[0] == (decoded->ip_version == 4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY))
    return follow_reply (icmp, packet, time_ns, decoded, echo);
  if (error > 0)
    follow_error (icmp, &g_array_index (icmp->errors, TramaIcmpError, error - 1), time_ns);
  message = make_message (packet, time_ns, decoded, TRAMA_EVENT_NONE);
  return offer (icmp, &message, decoded, -1, G_MAXUINT32);
}
