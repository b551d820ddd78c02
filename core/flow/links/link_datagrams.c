/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/links/link_messages.h"

#include "core/flow/links/link_icmp.h"
#include "core/flow/links/peers.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

struct _TramaDatagramLinking
{
  TramaLinking *linking;
  guint n_steps; /* that are done, */
  guint next;    /* and what the one that is not begins with */
  TramaMessages messages;
  GArray *ports; /* of guint, numbers of UDP sockets, by port and time */
  TramaPeers *peers;
  TramaIcmp *icmp;        /* NULL until they are collected */
  GHashTable *unfinished; /* fragment_id → number of the message + 1 */
};

typedef struct _TramaDatagramLinking Post;

static const TramaSocket *
socket_of (const Post *post, guint number)
{
  return &g_array_index (post->linking->table->sockets, TramaSocket, number);
}

static int
compare_ports (gconstpointer a, gconstpointer b, gpointer table)
{
  const GArray *sockets = ((const TramaFlowTable *) table)->sockets;
  const TramaSocket *x = &g_array_index (sockets, TramaSocket, *(const guint *) a);
  const TramaSocket *y = &g_array_index (sockets, TramaSocket, *(const guint *) b);

  if (x->local.port != y->local.port)
    return x->local.port < y->local.port ? -1 : 1;
  return x->made_ns < y->made_ns ? -1 : x->made_ns > y->made_ns;
}

static gboolean
collect_sockets (Post *post, guint max)
{
  post->icmp = trama_icmp_new (post->linking, &post->messages);
  for (guint i = 0; i < post->linking->table->sockets->len; i++)
    if (socket_of (post, i)->type == SOCK_DGRAM && socket_of (post, i)->local.port != 0)
      g_array_append_val (post->ports, i);
  g_array_sort_with_data (post->ports, compare_ports, post->linking->table);
  return FALSE;
}

/* How many of the sockets by port come before that port and time. */
static guint
count_before (const Post *post, guint port, gint64 time_ns)
{
  guint low = 0, high = post->ports->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const TramaSocket *socket = socket_of (post, g_array_index (post->ports, guint, middle));

      if (socket->local.port < port || (socket->local.port == port && socket->made_ns <= time_ns))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
is_any (const TramaEndpoint *endpoint)
{
  static const guint8 any[16];

  return memcmp (endpoint->address, any, sizeof any) == 0;
}

/* Of the loopback network, as an address of it or its broadcast, RFC 1122, 3.2.1.3; multicast RFC 5771, RFC 4291, 2.7. */
static gboolean
is_for_all (const TramaEndpoint *to)
{
  static const guint8 limited[4] = { 255, 255, 255, 255 };
  static const guint8 loopback[4] = { 127, 255, 255, 255 };

  if (to->family == AF_INET6)
    return to->address[0] == 0xff;
  return memcmp (to->address, limited, sizeof limited) == 0
         || memcmp (to->address, loopback, sizeof loopback) == 0 || (to->address[0] & 0xf0) == 0xe0;
}

static gboolean
receives_at (const TramaSocket *socket, const TramaEndpoint *to)
{
  return is_any (&socket->local) || memcmp (socket->local.address, to->address, sizeof to->address) == 0;
}

/* One that is connected hears its peer alone, and before all others, connect(2). */
static void
offer (Post *post, guint index, const TramaEndpoint *to)
{
  TramaMessage *message = trama_messages_get (&post->messages, index);
  guint n = count_before (post, to->port, message->time_ns);
  guint others[TRAMA_LOOK_BACK];
  guint n_others = 0;

  for (guint i = 0; i < MIN (n, TRAMA_LOOK_BACK); i++)
    {
      guint number = g_array_index (post->ports, guint, n - 1 - i);
      const TramaSocket *socket = socket_of (post, number);
      gboolean is_connected;
      TramaEndpoint peer;

      if (socket->local.port != to->port)
        break;
      if (trama_flow_socket_end (post->linking->table, socket) < message->time_ns
          || !receives_at (socket, to))
        continue;
      is_connected = trama_peers_find (post->peers, socket, message->time_ns, &peer);
      if (is_connected && trama_endpoint_equal (&peer, &message->source) && !message->is_for_all)
        {
          trama_messages_offer (&post->messages, index, number);
          return;
        }
      if (!is_connected)
        others[n_others++] = number;
    }
  for (guint i = 0; i < n_others; i++)
    trama_messages_offer (&post->messages, index, others[i]);
  if (n_others == 0)
    message->reason = TRAMA_LOSS_NOBODY;
}

/* The call that was sending from that port when the datagram left. */
static guint32
find_sender (const Post *post, const TramaEndpoint *from, gint64 time_ns, guint64 otherwise)
{
  guint n = count_before (post, from->port, time_ns);
  TramaCallList list = trama_linking_calls_of (post->linking, otherwise);
  guint call;

  for (guint i = 0; i < MIN (n, TRAMA_LOOK_BACK); i++)
    {
      const TramaSocket *socket = socket_of (post, g_array_index (post->ports, guint, n - 1 - i));
      TramaCallList calls = trama_linking_calls_of (post->linking, socket->id);

      if (socket->local.port != from->port)
        break;
      call = trama_linking_find_under_way (post->linking, &calls, time_ns, TRAMA_DEED_BIT (TRAMA_DEED_SENDS));
      if (call != G_MAXUINT)
        return trama_linking_call (post->linking, call);
    }
  call = trama_linking_find_under_way (post->linking, &list, time_ns, TRAMA_DEED_BIT (TRAMA_DEED_SENDS));
  return call != G_MAXUINT ? trama_linking_call (post->linking, call) : TRAMA_EVENT_NONE;
}

/* What sent a packet of the message, which carries those bytes; the kernel's own answers are nobody's bytes. */
static void
link_cause (Post *post, const TramaMessage *message, guint32 packet, guint32 from, guint32 n_bytes)
{
  TramaKeptLink link = { .cause = message->cause, .effect = packet, .kind = TRAMA_LINKS_ANSWERS };

  if (message->cause == TRAMA_EVENT_NONE)
    return;
  if (message->cause >= post->linking->n_packets)
    {
      link.kind = TRAMA_LINKS_SENDS;
      link.from_bytes = from;
      link.n_bytes = n_bytes;
    }
  trama_linking_add (post->linking, &link);
}

/* Returns its number. */
static guint
follow_datagram (Post *post, guint packet, gint64 time_ns, const TramaDecoded *decoded)
{
  guint32 conversation = trama_column_index (&post->linking->table->conversations, guint32, packet);
  const TramaFlow *flow = trama_flow_at (post->linking->table, conversation >> 1);
  TramaMessage message = trama_message_make (packet, time_ns);
  guint index;

  message.size_bytes = MAX (decoded->payload_bytes, decoded->datagram_bytes);
  message.data_offset = decoded->payload_offset;
  message.part_bytes = decoded->payload_bytes;
  message.cause = find_sender (post, &decoded->source, time_ns, flow->socket[conversation & 1]);
  message.source = decoded->source;
  message.is_for_all = is_for_all (&decoded->destination);
  message.was_sent_here = message.cause != TRAMA_EVENT_NONE;
  index = trama_messages_add (&post->messages, &message);
  offer (post, index, &decoded->destination);
  trama_icmp_note_datagram (post->icmp, packet, index);
  return index;
}

/* The fragments of a datagram leave one behind the other, in the same call. */
static void
follow_fragment (Post *post, guint packet, const TramaDecoded *decoded)
{
  guint32 first = GPOINTER_TO_UINT (
      g_hash_table_lookup (post->unfinished, GUINT_TO_POINTER (decoded->fragment_id)));

  for (guint32 i = first - 1; first != 0 && i != G_MAXUINT32;)
    {
      const TramaMessage *message = trama_messages_get (&post->messages, i);
      const TramaMessagePart *part;

      trama_messages_add_part (&post->messages, i, packet, decoded->payload_bytes);
      part = &g_array_index (post->messages.parts, TramaMessagePart, message->next_part);
      if (i == first - 1)
        link_cause (post, message, packet, part->from_bytes, part->n_bytes);
      i = message->next_same;
    }
}

static void
follow_packet (Post *post, guint packet)
{
  guint32 flow = trama_flow_table_get_flow_of_packet (post->linking->table, packet);
  TramaDecoded decoded;
  const TramaMessage *first;
  guint32 message;
  gint64 time_ns;
  guint8 protocol;

  if (flow == TRAMA_FLOW_NONE)
    return;
  protocol = trama_flow_at (post->linking->table, flow)->protocol;
  if ((protocol != IPPROTO_UDP && protocol != IPPROTO_ICMP && protocol != IPPROTO_ICMPV6)
      || !trama_flow_read_headers (post->linking->store, packet, &time_ns, &decoded))
    return;
  if (decoded.fragment == TRAMA_FRAGMENT_LATER)
    {
      follow_fragment (post, packet, &decoded);
      return;
    }
  if (protocol == IPPROTO_UDP)
    message = follow_datagram (post, packet, time_ns, &decoded);
  else
    message = trama_icmp_follow (post->icmp, packet, time_ns, &decoded);
  if (message == G_MAXUINT32)
    return;
  first = trama_messages_get (&post->messages, message);
  link_cause (post, first, packet, 0, first->part_bytes);
  if (decoded.fragment == TRAMA_FRAGMENT_FIRST)
    g_hash_table_insert (post->unfinished, GUINT_TO_POINTER (decoded.fragment_id),
                         GUINT_TO_POINTER (message + 1));
}

/* Where no packets were observed, the call itself brings the datagram. */
static void
follow_call (Post *post, guint call)
{
  const TramaCall *record = trama_store_get_call (post->linking->store, call);
  const TramaSocket *socket = trama_flow_socket_by_id (post->linking->table, record->socket);
  TramaMessage message = trama_message_make (trama_linking_call (post->linking, call), record->entry_ns);
  TramaEndpoint to;
  TramaDeed deed;

  trama_deed_read (record, &deed);
  if (deed.kind != TRAMA_DEED_SENDS || !deed.is_done || socket == NULL || socket->type != SOCK_DGRAM
      || (socket->domain != AF_INET && socket->domain != AF_INET6))
    return;
  if (!trama_flow_call_address (record, &to))
    trama_peers_find (post->peers, socket, record->entry_ns, &to);
  message.was_sent_here = TRUE;
  message.size_bytes = message.part_bytes = deed.moved_bytes;
  message.is_for_all = is_for_all (&to);
  offer (post, trama_messages_add (&post->messages, &message), &to);
}

static gboolean
collect_peers (Post *post, guint max)
{
  return trama_peers_collect (post->peers, &post->next, max);
}

static gboolean
follow_packets (Post *post, guint max)
{
  const guint n_packets = post->linking->table->conversations.len;

  for (; post->next < n_packets && max > 0; max--)
    follow_packet (post, trama_store_packet_at (post->linking->store, post->next++));
  return post->next < n_packets;
}

static gboolean
follow_calls (Post *post, guint max)
{
  const guint n_calls = post->linking->n_packets == 0 ? post->linking->n_calls : 0;

  for (; post->next < n_calls && max > 0; max--)
    follow_call (post, post->next++);
  return post->next < n_calls;
}

static gboolean
link_messages (Post *post, guint max)
{
  trama_messages_link (&post->messages);
  return FALSE;
}

TramaDatagramLinking *
trama_datagram_linking_new (TramaLinking *linking)
{
  Post *self = g_new0 (Post, 1);

  self->linking = linking;
  trama_messages_init (&self->messages, linking);
  self->peers = trama_peers_new (linking);
  self->ports = g_array_new (FALSE, FALSE, sizeof (guint));
  self->unfinished = g_hash_table_new (NULL, NULL);
  return self;
}

void
trama_datagram_linking_free (TramaDatagramLinking *self)
{
  g_clear_pointer (&self->icmp, trama_icmp_free);
  trama_peers_free (self->peers);
  g_hash_table_unref (self->unfinished);
  g_array_unref (self->ports);
  trama_messages_clear (&self->messages);
  g_free (self);
}

gboolean
trama_datagram_linking_step (TramaDatagramLinking *self, guint max)
{
  static gboolean (*const steps[]) (Post * post, guint max) = {
    collect_sockets, collect_peers, follow_packets, follow_calls, link_messages,
  };

  if (self->n_steps < G_N_ELEMENTS (steps) && !steps[self->n_steps](self, max))
    {
      self->n_steps++;
      self->next = 0;
    }
  return self->n_steps < G_N_ELEMENTS (steps);
}
