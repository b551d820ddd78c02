/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/links/link_messages.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* So many messages are looked through for one that fits, for each that there is; in all, that is linear. */
#define STEPS_PER_EVENT 64

typedef struct
{
  guint32 socket;
  guint32 message;
} Offer;

/* One socket and what came for it. */
typedef struct
{
  TramaMessages *messages;
  const TramaSocket *socket;
  TramaCallList list;
  const guint32 *queue; /* messages */
  guint n;
  guint next;    /* the first that may be read */
  guint n_empty; /* of those before it the socket was seen to hold none: they were dropped */
  guint64 steps_left;
} Receiver;

void
trama_messages_init (TramaMessages *messages, TramaLinking *linking)
{
  messages->linking = linking;
  messages->messages = g_array_new (FALSE, FALSE, sizeof (TramaMessage));
  messages->parts = g_array_new (FALSE, FALSE, sizeof (TramaMessagePart));
  messages->offers = g_array_new (FALSE, FALSE, sizeof (Offer));
}

void
trama_messages_clear (TramaMessages *messages)
{
  g_array_unref (messages->messages);
  g_array_unref (messages->parts);
  g_array_unref (messages->offers);
}

TramaMessage
trama_message_make (guint32 event, gint64 time_ns)
{
  return (TramaMessage){ .time_ns = time_ns,
                         .event = event,
                         .next_part = G_MAXUINT32,
                         .cause = TRAMA_EVENT_NONE,
                         .next_same = G_MAXUINT32 };
}

guint
trama_messages_add (TramaMessages *messages, const TramaMessage *message)
{
  g_array_append_val (messages->messages, *message);
  return messages->messages->len - 1;
}

TramaMessage *
trama_messages_get (const TramaMessages *messages, guint index)
{
  return &g_array_index (messages->messages, TramaMessage, index);
}

/* The newest stands first. */
void
trama_messages_add_part (TramaMessages *messages, guint index, guint32 packet, guint32 n_bytes)
{
  TramaMessage *message = trama_messages_get (messages, index);
  TramaMessagePart part = { packet, message->part_bytes, n_bytes, message->next_part };

  if (message->next_part != G_MAXUINT32)
    {
      const TramaMessagePart *last = &g_array_index (messages->parts, TramaMessagePart, message->next_part);

      part.from_bytes = last->from_bytes + last->n_bytes;
    }
  g_array_append_val (messages->parts, part);
  message->next_part = messages->parts->len - 1;
  message->size_bytes = MAX (message->size_bytes, part.from_bytes + n_bytes);
}

void
trama_messages_offer (TramaMessages *messages, guint index, guint socket)
{
  Offer offer = { socket, index };

  g_array_append_val (messages->offers, offer);
}

static gboolean
is_packet (const TramaMessages *messages, const TramaMessage *message)
{
  return message->event < messages->linking->n_packets;
}

/* Its first bytes, as far as they are known and @size goes; returns how many. They are read one by one: nobody asks in order. */
static gsize
read_bytes (const TramaMessages *messages, const TramaMessage *message, guint8 *bytes, gsize size)
{
  TramaStore *store = messages->linking->store;
  g_autofree guint8 *packet = NULL;
  gsize want = message->data_offset + MIN (size, message->part_bytes);
  gssize got;
  TramaDeed deed;

  if (is_packet (messages, message))
    {
      packet = g_malloc (want + 1);
      got = trama_store_read_packet (store, message->event, packet, want, NULL);
      size = got > (gssize) message->data_offset ? (gsize) got - message->data_offset : 0;
      memcpy (bytes, packet + message->data_offset, size);
      return size;
    }
  trama_deed_read (trama_store_get_call (store, message->event - messages->linking->n_packets), &deed);
  size = deed.data != NULL ? MIN (size, deed.data->size) : 0;
  if (size > 0)
    memcpy (bytes, deed.data->bytes, size);
  return size;
}

static gboolean
comes_from (const TramaMessage *message, const TramaCall *read)
{
  TramaEndpoint source;

  return message->source.family == 0 || !trama_flow_call_address (read, &source)
         || trama_endpoint_equal (&source, &message->source);
}

/* As long as it, or cut off by the buffer; and with the same bytes, as far as both are known. */
static gboolean
fits (const TramaMessages *messages,
      const TramaMessage *message,
      const TramaCall *read,
      const TramaDeed *deed)
{
  guint8 bytes[TRAMA_DATA_MAX_BYTES];
  gsize size;

  if (message->size_bytes < deed->moved_bytes
      || (message->size_bytes > deed->moved_bytes && deed->moved_bytes < deed->wanted_bytes)
      || !comes_from (message, read))
    return FALSE;
  if (deed->data == NULL || deed->data->size == 0)
    return TRUE;
  size = read_bytes (messages, message, bytes, MIN (sizeof bytes, deed->data->size));
  return memcmp (bytes, deed->data->bytes, size) == 0;
}

static TramaMessage *
message_at (const Receiver *receiver, guint place)
{
  return trama_messages_get (receiver->messages, receiver->queue[place]);
}

static gboolean
is_open (const TramaMessage *message)
{
  return message->is_for_all || !message->is_taken;
}

/* The place of the message that @read has got; G_MAXUINT: it is not among them. */
static guint
find_read (Receiver *receiver, const TramaCall *read, const TramaDeed *deed)
{
  for (guint place = receiver->next; place < receiver->n && receiver->steps_left > 0; place++)
    {
      const TramaMessage *message = message_at (receiver, place);

      if (message->time_ns > read->exit_ns)
        break;
      receiver->steps_left--;
      if (is_open (message) && fits (receiver->messages, message, read, deed))
        return place;
    }
  return G_MAXUINT;
}

static void
link_range (const TramaMessages *messages, TramaKeptLink link, guint64 from, guint64 to)
{
  if (from > to || (from == to && link.kind == TRAMA_LINKS_LOST && from > 0))
    return;
  link.from_bytes = from;
  link.n_bytes = (guint32) (to - from);
  trama_linking_add (messages->linking, &link);
}

/* The first @n_bytes of it, fragment by fragment. */
static void
link_taken (const TramaMessages *messages,
            const TramaMessage *message,
            guint call,
            guint32 n_bytes,
            guint8 flags)
{
  gboolean has_packet = is_packet (messages, message);
  TramaKeptLink link = { .cause = message->event,
                         .effect = trama_linking_call (messages->linking, call),
                         .kind = has_packet ? TRAMA_LINKS_TAKES : TRAMA_LINKS_PAIRS,
                         .flags = flags | message->flags };

  link_range (messages, link, 0, MIN (n_bytes, message->part_bytes));
  for (guint32 i = message->next_part; i != G_MAXUINT32;)
    {
      const TramaMessagePart *part = &g_array_index (messages->parts, TramaMessagePart, i);

      link.cause = part->packet;
      if (part->from_bytes < n_bytes)
        link_range (messages, link, part->from_bytes, MIN (n_bytes, part->from_bytes + part->n_bytes));
      i = part->next;
    }
  trama_linking_add_waking (messages->linking, message->event, message->time_ns, call);
}

/* All of it from there on, fragment by fragment. */
static void
lose (const TramaMessages *messages, const TramaMessage *message, guint32 from_bytes, guint8 reason)
{
  TramaKeptLink link = {
    .cause = message->event, .effect = TRAMA_EVENT_NONE, .kind = TRAMA_LINKS_LOST, .reason = reason
  };

  if (message->next_part == G_MAXUINT32)
    link_range (messages, link, from_bytes, message->size_bytes);
  else
    link_range (messages, link, from_bytes, message->part_bytes);
  for (guint32 i = message->next_part; i != G_MAXUINT32;)
    {
      const TramaMessagePart *part = &g_array_index (messages->parts, TramaMessagePart, i);

      link.cause = part->packet;
      link_range (messages, link, MAX (from_bytes, part->from_bytes), part->from_bytes + part->n_bytes);
      i = part->next;
    }
}

static void
follow_read (Receiver *receiver, const TramaCall *call, guint index, const TramaDeed *deed)
{
  guint place = find_read (receiver, call, deed);
  gboolean peeks = (deed->flags & MSG_PEEK) != 0;
  TramaMessage *message;

  if (place == G_MAXUINT)
    return;
  message = message_at (receiver, place);
  link_taken (receiver->messages, message, index, deed->moved_bytes, peeks ? TRAMA_LINK_IS_PEEK : 0);
  if (peeks)
    return;
  message->is_taken = TRUE;
  message->taken_by = index;
  if (deed->moved_bytes < message->size_bytes)
    lose (receiver->messages, message, deed->moved_bytes, TRAMA_LOSS_TRUNCATED);
  receiver->next = place + 1;
  receiver->n_empty = place + 1;
}

/* There was nothing to read: what had come until then and was not read was dropped. */
static void
follow_empty (Receiver *receiver, const TramaCall *call)
{
  while (receiver->next < receiver->n && message_at (receiver, receiver->next)->time_ns <= call->entry_ns)
    receiver->next++;
  receiver->n_empty = receiver->next;
}

static void
follow_poll (Receiver *receiver, const TramaCall *call, guint index)
{
  TramaLinking *linking = receiver->messages->linking;
  TramaKeptLink link = { .effect = trama_linking_call (linking, index), .kind = TRAMA_LINKS_READIES };

  if (receiver->next == receiver->n || message_at (receiver, receiver->next)->time_ns > call->exit_ns
      || !(trama_linking_find_revents (linking, call, receiver->socket->id) & POLLIN))
    return;
  link.cause = message_at (receiver, receiver->next)->event;
  trama_linking_add (linking, &link);
  trama_linking_add_waking (linking, link.cause, message_at (receiver, receiver->next)->time_ns, index);
}

/* Calls of several processes on one socket come back in the order in which they took, but are listed as made. */
static void
follow_calls (Receiver *receiver)
{
  for (guint i = 0; i < receiver->list.n; i++)
    {
      guint index = receiver->list.calls[i];
      const TramaCall *call = trama_store_get_call (receiver->messages->linking->store, index);
      TramaDeed deed;

      if (call->exit_ns == TRAMA_TIME_NONE)
        continue;
      trama_deed_read (call, &deed);
      if (deed.kind == TRAMA_DEED_POLLS)
        follow_poll (receiver, call, index);
      else if (deed.kind != TRAMA_DEED_RECEIVES || (deed.flags & MSG_ERRQUEUE))
        continue;
      else if (deed.is_done)
        follow_read (receiver, call, index, &deed);
      else if (call->error == EAGAIN)
        follow_empty (receiver, call);
    }
}

/* Of those that nobody has read, the last were dropped, as far as the kernel has dropped more than is known. */
static void
give_reasons (Receiver *receiver, guint32 n_drops)
{
  gint64 end_ns = trama_flow_socket_end (receiver->messages->linking->table, receiver->socket);
  guint32 n_known = 0;

  for (guint i = 0; i < receiver->n_empty; i++)
    {
      message_at (receiver, i)->reason = TRAMA_LOSS_NO_ROOM;
      n_known += is_packet (receiver->messages, message_at (receiver, i))
                 && !message_at (receiver, i)->is_taken;
    }
  for (guint i = receiver->n; i > receiver->n_empty; i--)
    {
      TramaMessage *message = message_at (receiver, i - 1);

      message->reason = end_ns != G_MAXINT64 ? TRAMA_LOSS_UNREAD : TRAMA_LOSS_WAITING;
      if (message->is_taken || !is_packet (receiver->messages, message) || n_known >= n_drops)
        continue;
      message->reason = TRAMA_LOSS_NO_ROOM;
      n_known++;
    }
}

static void
link_receiver (TramaMessages *messages, guint socket, const guint32 *queue, guint n)
{
  TramaLinking *linking = messages->linking;
  Receiver receiver = { .messages = messages, .queue = queue, .n = n };

  receiver.socket = &g_array_index (linking->table->sockets, TramaSocket, socket);
  receiver.list = trama_linking_calls_of (linking, receiver.socket->id);
  receiver.steps_left = (guint64) STEPS_PER_EVENT * (n + receiver.list.n);
  follow_calls (&receiver);
  give_reasons (&receiver, linking->drops[socket]);
  for (guint i = 0; i < n; i++)
    {
      const TramaMessage *message = message_at (&receiver, i);

      if (!is_packet (messages, message))
        trama_linking_wake_sender (linking, message->event - linking->n_packets, &receiver.list,
                                   message->is_taken ? message->taken_by : G_MAXUINT);
    }
}

/* Who received none of it is not known to have lost it; nor who sent it. */
static void
lose_the_rest (const TramaMessages *messages)
{
  for (guint i = 0; i < messages->messages->len; i++)
    {
      const TramaMessage *message = trama_messages_get (messages, i);

      if (!message->is_taken && message->reason != TRAMA_LOSS_NONE && message->was_sent_here)
        lose (messages, message, 0, message->reason);
    }
}

void
trama_messages_link (TramaMessages *messages)
{
  guint n_sockets = messages->linking->table->sockets->len;
  g_autofree guint32 *begins = g_new0 (guint32, n_sockets + 1);
  g_autofree guint32 *ends = NULL;
  g_autofree guint32 *queues = g_new (guint32, messages->offers->len + 1);

  for (guint i = 0; i < messages->offers->len; i++)
    begins[g_array_index (messages->offers, Offer, i).socket + 1]++;
  for (guint i = 0; i < n_sockets; i++)
    begins[i + 1] += begins[i];
  ends = g_memdup2 (begins, (n_sockets + 1) * sizeof *begins);
  for (guint i = 0; i < messages->offers->len; i++)
    {
      const Offer *offer = &g_array_index (messages->offers, Offer, i);

      queues[ends[offer->socket]++] = offer->message;
    }
  for (guint i = 0; i < n_sockets; i++)
    if (ends[i] > begins[i])
      link_receiver (messages, i, queues + begins[i], ends[i] - begins[i]);
  lose_the_rest (messages);
}
