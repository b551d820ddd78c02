/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/links/link_bytes.h"
#include "core/flow/links/link_messages.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* AF_UNIX, unix(7): no packets, so from call to call. And TCP where no packets were observed. */

/* A socket has been bound to that name since then. */
typedef struct
{
  gint64 time_ns;
  guint64 socket;
} Name;

struct _TramaLocalLinking
{
  TramaLinking *linking;
  guint n_steps; /* that are done, */
  guint next;    /* and what the one that is not begins with */

  GHashTable *names;   /* GBytes → GArray of Name, in order of time */
  guint *connects;     /* by number of a socket: its connect() that succeeded, an index + 1 */
  guint64 *listeners;  /* by number of a socket: to whom it was */
  gint64 *listened_ns; /* by number of a socket: when it called listen() first; G_MAXINT64: never */
  GHashTable *waiting; /* number of a listener → GQueue of connect(), by time, */
  guint8 *is_taken; /* by number of a socket: and whether its own was accepted, though it still lies there */
  GArray *sends;    /* of guint: calls that send, as they came back */
  TramaMessages messages;
  TramaStreamBytes bytes; /* of the stream that is linked, */
  guint n_parts;          /* and how many parts of it are */
};

typedef struct _TramaLocalLinking Local;

static const TramaSocket *
socket_of (const Local *local, guint number)
{
  return &g_array_index (local->linking->table->sockets, TramaSocket, number);
}

static const TramaCall *
call_of (const Local *local, guint index)
{
  return trama_store_get_call (local->linking->store, index);
}

static void
add_link (Local *local, TramaLinkKind kind, guint32 cause, guint32 effect)
{
  TramaKeptLink link = { .cause = cause, .effect = effect, .kind = (guint8) kind };

  if (cause != TRAMA_EVENT_NONE)
    trama_linking_add (local->linking, &link);
}

static void
add_name (Local *local, const TramaCall *call, const TramaValue *address)
{
  GBytes *key = g_bytes_new (address->bytes, address->size);
  GArray *names = g_hash_table_lookup (local->names, key);
  Name name = { call->entry_ns, call->socket };

  if (names == NULL)
    {
      names = g_array_new (FALSE, FALSE, sizeof (Name));
      g_hash_table_insert (local->names, g_bytes_ref (key), names);
    }
  g_array_append_val (names, name);
  g_bytes_unref (key);
}

/* Whose name that was: a name can be taken again when its file is gone, or its socket. */
static guint64
find_name (const Local *local, const TramaValue *address, gint64 time_ns)
{
  g_autoptr (GBytes) key = g_bytes_new (address->bytes, address->size);
  const GArray *names = g_hash_table_lookup (local->names, key);
  guint low = 0, high = names != NULL ? names->len : 0;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (names, Name, middle).time_ns <= time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low > 0 ? g_array_index (names, Name, low - 1).socket : TRAMA_SOCKET_NONE;
}

static gboolean
is_local (const Local *local, guint64 id)
{
  const TramaSocket *socket = trama_flow_socket_by_id (local->linking->table, id);

  return socket != NULL
         && (socket->domain == AF_UNIX || (local->linking->n_packets == 0 && socket->type == SOCK_STREAM));
}

static void
note_listen (Local *local, const TramaCall *call)
{
  guint number = G_MAXUINT;

  if (trama_deed_kind (call) == TRAMA_DEED_LISTENS)
    number = trama_linking_socket_number (local->linking, call->socket);
  if (number != G_MAXUINT)
    local->listened_ns[number] = MIN (local->listened_ns[number], call->entry_ns);
}

static gboolean
note_listens (Local *local, guint max)
{
  for (; local->next < local->linking->n_calls && max > 0; max--)
    note_listen (local, call_of (local, local->next++));
  return local->next < local->linking->n_calls;
}

/* One that never listened refuses connections for as long as it lives. */
static gboolean
can_have_been_open (const Local *local, guint64 named, gint64 time_ns)
{
  guint number = trama_linking_socket_number (local->linking, named);

  if (number == G_MAXUINT)
    return FALSE;
  return socket_of (local, number)->type == SOCK_DGRAM || local->listened_ns[number] <= time_ns;
}

static void
note_refused (Local *local, guint index, const TramaDeed *deed)
{
  const TramaCall *call = call_of (local, index);
  guint64 named = local->linking->peers[trama_linking_socket_number (local->linking, call->socket)];

  if (deed->address != NULL)
    named = find_name (local, deed->address, call->entry_ns);
  if (call->error == ECONNREFUSED && named != TRAMA_SOCKET_NONE
      && can_have_been_open (local, named, call->entry_ns))
    add_link (local, TRAMA_LINKS_REFUSES, trama_linking_find_end (local->linking, named, call->exit_ns),
              trama_linking_call (local->linking, index));
}

static void
note_connect (Local *local, guint index, const TramaDeed *deed)
{
  const TramaCall *call = call_of (local, index);
  guint socket = trama_linking_socket_number (local->linking, call->socket);
  guint64 named = deed->address != NULL ? find_name (local, deed->address, call->exit_ns) : TRAMA_SOCKET_NONE;
  guint listener = trama_linking_socket_number (local->linking, named);
  GQueue *waiting;

  local->connects[socket] = index + 1;
  local->listeners[socket] = named;
  if (listener == G_MAXUINT)
    return;
  if (socket_of (local, socket)->type == SOCK_DGRAM)
    {
      local->linking->peers[socket] = named;
      return;
    }
  waiting = g_hash_table_lookup (local->waiting, GUINT_TO_POINTER (listener));
  if (waiting == NULL)
    {
      waiting = g_queue_new ();
      g_hash_table_insert (local->waiting, GUINT_TO_POINTER (listener), waiting);
    }
  g_queue_push_tail (waiting, GUINT_TO_POINTER (index));
}

static void
note_call (Local *local, guint index)
{
  const TramaCall *call = call_of (local, index);
  TramaDeed deed;

  if (!is_local (local, call->socket))
    return;
  trama_deed_read (call, &deed);
  if (deed.kind == TRAMA_DEED_BINDS && deed.is_done && deed.address != NULL)
    add_name (local, call, deed.address);
  else if (deed.kind == TRAMA_DEED_CONNECTS && deed.is_done)
    note_connect (local, index, &deed);
  else if (deed.kind == TRAMA_DEED_CONNECTS || deed.kind == TRAMA_DEED_SENDS)
    note_refused (local, index, &deed);
}

static gboolean
note_calls (Local *local, guint max)
{
  for (; local->next < local->linking->n_calls && max > 0; max--)
    note_call (local, local->next++);
  return local->next < local->linking->n_calls;
}

/* The next that waits, and is not known to have been taken out of its turn. */
static guint
take_next (Local *local, guint listener)
{
  GQueue *waiting = g_hash_table_lookup (local->waiting, GUINT_TO_POINTER (listener));

  while (waiting != NULL && !g_queue_is_empty (waiting))
    {
      guint connect = GPOINTER_TO_UINT (g_queue_pop_head (waiting));

      if (!local->is_taken[trama_linking_socket_number (local->linking, call_of (local, connect)->socket)])
        return connect;
    }
  return G_MAXUINT;
}

/* The kernel tells the peer as long as it lives; otherwise connections are taken in the order they came. */
static guint
find_connect (Local *local, guint accepted, const TramaCall *accept)
{
  guint peer = trama_linking_socket_number (local->linking, local->linking->peers[accepted]);

  if (peer == G_MAXUINT || local->connects[peer] == 0)
    return take_next (local, trama_linking_socket_number (local->linking, accept->socket));
  local->is_taken[peer] = TRUE;
  return local->connects[peer] - 1;
}

static void
link_accept (Local *local, guint index)
{
  const TramaCall *accept = call_of (local, index);
  guint accepted = trama_linking_socket_number (local->linking, accept->made);
  guint connect, connected;

  if (trama_deed_kind (accept) != TRAMA_DEED_ACCEPTS || accepted == G_MAXUINT
      || !is_local (local, accept->socket))
    return;
  connect = find_connect (local, accepted, accept);
  if (connect == G_MAXUINT)
    return;
  connected = trama_linking_socket_number (local->linking, call_of (local, connect)->socket);
  local->linking->peers[accepted] = socket_of (local, connected)->id;
  local->linking->peers[connected] = accept->made;
  add_link (local, TRAMA_LINKS_ACCEPTS, trama_linking_call (local->linking, connect),
            trama_linking_call (local->linking, index));
  trama_linking_add_waking (local->linking, trama_linking_call (local->linking, connect),
                            call_of (local, connect)->entry_ns, index);
}

static gboolean
link_accepts (Local *local, guint max)
{
  for (; local->next < local->linking->n_calls && max > 0; max--)
    link_accept (local, local->next++);
  return local->next < local->linking->n_calls;
}

/* What the peer's end told a call: 0 from read(), ECONNRESET, EPIPE. @end is kept for the next. */
static void
link_end (Local *local, guint64 peer, guint index, guint32 *end)
{
  const TramaCall *call = call_of (local, index);
  gint error = trama_linking_told_error (call);
  guint32 effect = trama_linking_call (local->linking, index);
  TramaDeed deed;

  trama_deed_read (call, &deed);
  if (call->exit_ns == TRAMA_TIME_NONE
      || !(error == ECONNRESET || error == EPIPE
           || (deed.kind == TRAMA_DEED_RECEIVES && deed.is_done && call->result == 0
               && deed.wanted_bytes > 0)))
    return;
  if (*end == TRAMA_EVENT_NONE)
    *end = trama_linking_find_end (local->linking, peer, call->exit_ns);
  if (*end == TRAMA_EVENT_NONE)
    return;
  add_link (local, error > 0 ? TRAMA_LINKS_RESETS : TRAMA_LINKS_ENDS, *end, effect);
  if (trama_linking_ref (local->linking->n_packets, local->linking->n_calls, *end).kind == TRAMA_EVENT_CALL)
    trama_linking_add_waking (local->linking, *end,
                              call_of (local, *end - local->linking->n_packets)->entry_ns, index);
}

/* What is linked of a socket, a part after the other. */

typedef struct
{
  const TramaSocket *socket;
  guint number;
  guint64 peer;
  TramaCallList list;
} Stream;

/* The parts of a stream. FALSE: there is no more of that part. */

static gboolean
begin_stream (Local *local, const Stream *stream)
{
  trama_bytes_reset (&local->bytes);
  return FALSE;
}

static gboolean
list_writes (Local *local, const Stream *stream)
{
  return stream->socket->type == SOCK_STREAM && trama_bytes_add_writes (&local->bytes, &stream->list);
}

static gboolean
link_bytes (Local *local, const Stream *stream)
{
  TramaCallList readers = trama_linking_calls_of (local->linking, stream->peer);
  TramaBytesReceiver receiver = { .socket = stream->peer,
                                  .was_listened = local->connects[stream->number] > 0,
                                  .shut_ns = G_MAXINT64 };

  return stream->socket->type == SOCK_STREAM && trama_bytes_link_part (&local->bytes, &readers, &receiver);
}

static gboolean
wake_senders (Local *local, const Stream *stream)
{
  TramaCallList readers = trama_linking_calls_of (local->linking, stream->peer);

  for (guint i = 0; stream->socket->type == SOCK_STREAM && i < stream->list.n; i++)
    if (trama_deed_kind (call_of (local, stream->list.calls[i])) == TRAMA_DEED_SENDS)
      trama_linking_wake_sender (local->linking, stream->list.calls[i], &readers, G_MAXUINT);
  return FALSE;
}

static gboolean
link_ends (Local *local, const Stream *stream)
{
  guint64 ender = stream->peer != TRAMA_SOCKET_NONE ? stream->peer : local->listeners[stream->number];
  guint32 end = TRAMA_EVENT_NONE;

  for (guint i = 0; ender != TRAMA_SOCKET_NONE && i < stream->list.n; i++)
    link_end (local, ender, stream->list.calls[i], &end);
  return FALSE;
}

/* FALSE: there is no more of it. */
static gboolean
link_stream_part (Local *local, guint number, guint *max)
{
  static gboolean (*const parts[]) (Local * local, const Stream *stream) = {
    begin_stream, list_writes, link_bytes, wake_senders, link_ends,
  };
  Stream stream = { .socket = socket_of (local, number), .number = number };

  --*max;
  if (!is_local (local, stream.socket->id) || stream.socket->type == SOCK_DGRAM)
    return FALSE;
  stream.peer = local->linking->peers[number];
  stream.list = trama_linking_calls_of (local->linking, stream.socket->id);
  local->n_parts += !parts[local->n_parts](local, &stream);
  *max -= MIN (*max, stream.list.n);
  if (local->n_parts < G_N_ELEMENTS (parts))
    return TRUE;
  local->n_parts = 0;
  return FALSE;
}

static gboolean
link_streams (Local *local, guint max)
{
  const guint n_sockets = local->linking->table->sockets->len;

  while (local->next < n_sockets && max > 0)
    if (!link_stream_part (local, local->next, &max))
      local->next++;
  return local->next < n_sockets;
}

static void
send_message (Local *local, guint index)
{
  const TramaCall *call = call_of (local, index);
  guint socket = trama_linking_socket_number (local->linking, call->socket);
  TramaMessage message = trama_message_make (trama_linking_call (local->linking, index), call->entry_ns);
  guint64 to;
  TramaDeed deed;
  guint receiver, number;

  trama_deed_read (call, &deed);
  if (deed.kind != TRAMA_DEED_SENDS || !deed.is_done || !is_local (local, call->socket)
      || socket_of (local, socket)->type == SOCK_STREAM)
    return;
  to = deed.address != NULL ? find_name (local, deed.address, call->exit_ns) : local->linking->peers[socket];
  receiver = trama_linking_socket_number (local->linking, to);
  message.was_sent_here = TRUE;
  message.size_bytes = message.part_bytes = deed.moved_bytes;
  message.flags = deed.has_rights ? TRAMA_LINK_HAS_RIGHTS : 0;
  if (receiver == G_MAXUINT)
    message.reason = local->connects[socket] > 0 ? TRAMA_LOSS_UNACCEPTED : TRAMA_LOSS_NONE;
  number = trama_messages_add (&local->messages, &message);
  if (receiver != G_MAXUINT)
    trama_messages_offer (&local->messages, number, receiver);
}

static int
compare_exits (gconstpointer a, gconstpointer b, gpointer store)
{
  gint64 x = trama_store_get_call (store, *(const guint *) a)->exit_ns;
  gint64 y = trama_store_get_call (store, *(const guint *) b)->exit_ns;

  return x < y ? -1 : x > y;
}

static gboolean
collect_sends (Local *local, guint max)
{
  for (; local->next < local->linking->n_calls && max > 0; local->next++, max--)
    {
      const guint i = local->next;

      if (trama_deed_kind (call_of (local, i)) == TRAMA_DEED_SENDS
          && is_local (local, call_of (local, i)->socket))
        g_array_append_val (local->sends, i);
    }
  return local->next < local->linking->n_calls;
}

/* A sender that waited for room comes behind those that came after it and found some. */
static gboolean
sort_sends (Local *local, guint max)
{
  const guint *sends = (const guint *) local->sends->data;

  for (guint i = 1; i < local->sends->len; i++)
    if (compare_exits (&sends[i - 1], &sends[i], local->linking->store) > 0)
      {
        g_array_sort_with_data (local->sends, compare_exits, local->linking->store);
        break;
      }
  return FALSE;
}

static gboolean
send_messages (Local *local, guint max)
{
  for (; local->next < local->sends->len && max > 0; max--)
    send_message (local, g_array_index (local->sends, guint, local->next++));
  return local->next < local->sends->len;
}

static gboolean
link_messages (Local *local, guint max)
{
  trama_messages_link (&local->messages);
  return FALSE;
}

static char *
format_ends (const TramaEndpoint *from, const TramaEndpoint *to)
{
  g_autofree char *first = trama_endpoint_format (from);
  g_autofree char *second = trama_endpoint_format (to);

  return g_strconcat (first, " ", second, NULL);
}

/* Sockets of TCP are peers by their ends; of several with the same ends, one after the other. */
static gboolean
pair_streams (Local *local, guint max)
{
  g_autoptr (GHashTable) alone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; local->linking->n_packets == 0 && i < local->linking->table->sockets->len; i++)
    {
      const TramaSocket *socket = socket_of (local, i);
      g_autofree char *ends = format_ends (&socket->local, &socket->peer);
      g_autofree char *mirrored = format_ends (&socket->peer, &socket->local);
      guint peer = GPOINTER_TO_UINT (g_hash_table_lookup (alone, mirrored));

      if (socket->type != SOCK_STREAM || socket->peer.port == 0)
        continue;
      if (peer == 0)
        {
          g_hash_table_insert (alone, g_steal_pointer (&ends), GUINT_TO_POINTER (i + 1));
          continue;
        }
      local->linking->peers[i] = socket_of (local, peer - 1)->id;
      local->linking->peers[peer - 1] = socket->id;
      g_hash_table_remove (alone, mirrored);
    }
  return FALSE;
}

static void
free_queue (gpointer queue)
{
  g_queue_free (queue);
}

TramaLocalLinking *
trama_local_linking_new (TramaLinking *linking)
{
  Local *self = g_new0 (Local, 1);
  guint n_sockets = linking->table->sockets->len;

  self->linking = linking;
  self->names = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref,
                                       (GDestroyNotify) g_array_unref);
  self->waiting = g_hash_table_new_full (NULL, NULL, NULL, free_queue);
  self->connects = g_new0 (guint, n_sockets + 1);
  self->listeners = g_new0 (guint64, n_sockets + 1);
  self->listened_ns = g_new (gint64, n_sockets + 1);
  for (guint i = 0; i < n_sockets; i++)
    self->listened_ns[i] = G_MAXINT64;
  self->is_taken = g_new0 (guint8, n_sockets + 1);
  self->sends = g_array_new (FALSE, FALSE, sizeof (guint));
  trama_messages_init (&self->messages, linking);
  trama_bytes_init (&self->bytes, linking);
  return self;
}

void
trama_local_linking_free (TramaLocalLinking *self)
{
  trama_bytes_clear (&self->bytes);
  trama_messages_clear (&self->messages);
  g_array_unref (self->sends);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->waiting);
  g_free (self->connects);
  g_free (self->listeners);
  g_free (self->listened_ns);
  g_free (self->is_taken);
  g_free (self);
}

gboolean
trama_local_linking_step (TramaLocalLinking *self, guint max)
{
  static gboolean (*const steps[]) (Local * local, guint max) = {
    pair_streams, note_listens,  note_calls,    link_accepts, collect_sends,
    sort_sends,   send_messages, link_messages, link_streams,
  };

  if (self->n_steps < G_N_ELEMENTS (steps) && !steps[self->n_steps](self, max))
    {
      self->n_steps++;
      self->next = 0;
    }
  return self->n_steps < G_N_ELEMENTS (steps);
}
