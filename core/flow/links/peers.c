/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/links/peers.h"

#include <string.h>
#include <sys/socket.h>

/* From then on; port 0: it has no peer any more. */
typedef struct
{
  gint64 time_ns;
  TramaEndpoint peer;
} Peer;

struct _TramaPeers
{
  TramaLinking *linking;
  GHashTable *by_socket; /* id → GArray of Peer, in the order of the calls */
};

TramaPeers *
trama_peers_new (TramaLinking *linking)
{
  TramaPeers *self = g_new0 (TramaPeers, 1);

  self->linking = linking;
  self->by_socket = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                           (GDestroyNotify) g_array_unref);
  return self;
}

void
trama_peers_free (TramaPeers *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_socket);
  g_free (self);
}

static gboolean
is_any (const TramaEndpoint *endpoint)
{
  static const guint8 any[16];

  return memcmp (endpoint->address, any, sizeof any) == 0;
}

/* The kernel makes an address of its own of "any": its name for the peer is among the samples. */
static Peer
read_peer (const TramaSocket *socket, const TramaCall *call)
{
  Peer made = { .time_ns = call->exit_ns };

  if (trama_flow_call_address (call, &made.peer) && is_any (&made.peer)
      && socket->peer.port == made.peer.port)
    made.peer = socket->peer;
  return made;
}

static void
note_connect (TramaPeers *self, const TramaCall *call)
{
  const TramaSocket *socket = trama_flow_socket_by_id (self->linking->table, call->socket);
  GArray *peers;
  Peer peer;

  if (call->result != 0 || call->exit_ns == TRAMA_TIME_NONE || socket == NULL || socket->type != SOCK_DGRAM)
    return;
  peer = read_peer (socket, call);
  peers = g_hash_table_lookup (self->by_socket, &socket->id);
  if (peers == NULL)
    {
      peers = g_array_new (FALSE, FALSE, sizeof (Peer));
      g_hash_table_insert (self->by_socket, g_memdup2 (&socket->id, sizeof socket->id), peers);
    }
  g_array_append_val (peers, peer);
}

gboolean
trama_peers_collect (TramaPeers *self, guint *next, guint max)
{
  for (; *next < self->linking->n_calls && max > 0; ++*next, max--)
    {
      const TramaCall *call = trama_store_get_call (self->linking->store, *next);

      if (call->name == TRAMA_CALL_CONNECT)
        note_connect (self, call);
    }
  return *next < self->linking->n_calls;
}

gboolean
trama_peers_find (const TramaPeers *self, const TramaSocket *socket, gint64 time_ns, TramaEndpoint *peer)
{
  const GArray *peers = g_hash_table_lookup (self->by_socket, &socket->id);
  guint low = 0, high = peers != NULL ? peers->len : 0;

  *peer = socket->peer;
  if (peers == NULL)
    return peer->port != 0;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (peers, Peer, middle).time_ns <= time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == 0)
    return FALSE;
  *peer = g_array_index (peers, Peer, low - 1).peer;
  return peer->port != 0;
}
