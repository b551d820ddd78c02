/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/talk/talk.h"

#include "core/flow/deed.h"
#include "core/flow/flow_private.h"

#include <netinet/in.h>
#include <sys/socket.h>

TramaTalk
trama_talk_of_flow (TramaFlowTable *table, guint32 flow)
{
  TramaTalk talk = { .flow = TRAMA_FLOW_NONE };

  g_return_val_if_fail (flow < trama_flow_table_n_flows (table), talk);
  talk.flow = flow;
  for (guint side = 0; side < 2; side++)
    talk.socket[side] = trama_flow_at (table, flow)->socket[side];
  return talk;
}

gboolean
trama_talk_equal (const TramaTalk *a, const TramaTalk *b)
{
  if (a->flow != TRAMA_FLOW_NONE || b->flow != TRAMA_FLOW_NONE)
    return a->flow == b->flow;
  return a->socket[0] == b->socket[0] && a->socket[1] == b->socket[1];
}

static gboolean
has_socket (const TramaTalk *talk, guint64 socket)
{
  return socket != TRAMA_SOCKET_NONE && (talk->socket[0] == socket || talk->socket[1] == socket);
}

static guint32
find_flow (TramaFlowTable *table, guint64 socket)
{
  for (guint32 i = 0; i < trama_flow_table_n_flows (table); i++)
    if (trama_flow_at (table, i)->socket[0] == socket || trama_flow_at (table, i)->socket[1] == socket)
      return i;
  return TRAMA_FLOW_NONE;
}

/* As unix_diag told, of either end. */
static guint64
find_local_peer (TramaStore *store, guint64 socket)
{
  for (guint i = 0; i < trama_store_n_states (store); i++)
    {
      const TramaSocketState *state = trama_store_get_state (store, i);

      if (state->socket == socket && state->peer_socket != TRAMA_SOCKET_NONE)
        return state->peer_socket;
      if (state->peer_socket == socket)
        return state->socket;
    }
  return TRAMA_SOCKET_NONE;
}

/* Whose own address is the other's peer, both ways. */
static guint64
find_remote_peer (TramaFlowTable *table, const TramaSocket *socket)
{
  if (socket->local.family == 0 || socket->peer.family == 0)
    return TRAMA_SOCKET_NONE;
  for (guint i = 0; i < trama_flow_table_n_sockets (table); i++)
    {
      const TramaSocket *other = trama_flow_table_get_socket (table, i);

      if (other->id != socket->id && other->type == socket->type
          && trama_endpoint_equal (&other->local, &socket->peer)
          && trama_endpoint_equal (&other->peer, &socket->local))
        return other->id;
    }
  return TRAMA_SOCKET_NONE;
}

static gboolean
moves_data (const TramaCall *call)
{
  const TramaDeedKind kind = trama_deed_kind (call);

  return kind == TRAMA_DEED_SENDS || kind == TRAMA_DEED_RECEIVES;
}

static gboolean
find_talk_of_sockets (TramaFlowTable *table, guint64 id, gboolean moves, TramaTalk *talk)
{
  const TramaSocket *socket = trama_flow_table_find_socket (table, id);
  guint64 peer = TRAMA_SOCKET_NONE;

  if (socket != NULL)
    peer = socket->domain == AF_UNIX ? find_local_peer (trama_flow_table_get_store (table), id)
                                     : find_remote_peer (table, socket);
  if (peer == TRAMA_SOCKET_NONE && !moves)
    return FALSE;
  *talk = (TramaTalk){ TRAMA_FLOW_NONE, { id, peer } };
  return TRUE;
}

gboolean
trama_talk_find (TramaFlowTable *table, TramaRef event, const TramaTalk *current, TramaTalk *talk)
{
  const TramaCall *call;
  guint64 socket;
  guint32 flow;

  if (event.kind == TRAMA_EVENT_PACKET)
    {
      flow = trama_flow_table_get_flow_of_packet (table, event.index);
      if (flow != TRAMA_FLOW_NONE)
        *talk = trama_talk_of_flow (table, flow);
      return flow != TRAMA_FLOW_NONE;
    }
  if (event.kind != TRAMA_EVENT_CALL)
    return FALSE;
  call = trama_store_get_call (trama_flow_table_get_store (table), event.index);
  socket = trama_deed_kind (call) == TRAMA_DEED_ACCEPTS && call->made != TRAMA_SOCKET_NONE ? call->made
                                                                                           : call->socket;
  if (socket == TRAMA_SOCKET_NONE)
    return FALSE;
  if (current != NULL && has_socket (current, socket))
    {
      *talk = *current;
      return TRUE;
    }
  flow = find_flow (table, socket);
  if (flow == TRAMA_FLOW_NONE)
    return find_talk_of_sockets (table, socket, moves_data (call), talk);
  *talk = trama_talk_of_flow (table, flow);
  return TRUE;
}

gboolean
trama_talk_has_messages (TramaFlowTable *table, const TramaTalk *talk)
{
  if (talk->flow != TRAMA_FLOW_NONE)
    return trama_flow_at (table, talk->flow)->protocol != IPPROTO_TCP;
  for (guint side = 0; side < 2; side++)
    {
      const TramaSocket *socket = trama_flow_table_find_socket (table, talk->socket[side]);

      if (socket != NULL)
        return socket->type != SOCK_STREAM;
    }
  return FALSE;
}

/* That nothing was received from a socket of another type may be its end: recv(2). */
gboolean
trama_talk_find_empty (TramaFlowTable *table, const TramaTalk *talk, const TramaCall *call, guint *side)
{
  const TramaSocket *socket = trama_flow_table_find_socket (table, call->socket);
  TramaDeed deed;

  trama_deed_read (call, &deed);
  if (!moves_data (call) || !deed.is_done || deed.moved_bytes > 0 || socket == NULL
      || !has_socket (talk, call->socket))
    return FALSE;
  *side = talk->socket[1] == call->socket ? 1 : 0;
  if (deed.kind == TRAMA_DEED_SENDS)
    return socket->type == SOCK_DGRAM || socket->type == SOCK_SEQPACKET;
  *side = !*side;
  return socket->type == SOCK_DGRAM;
}

gboolean
trama_talk_find_bytes (TramaFlowTable *table,
                       const TramaTalk *talk,
                       const TramaCall *call,
                       guint *side,
                       guint64 *offset,
                       guint32 *size_bytes)
{
  TramaDeed deed;

  trama_deed_read (call, &deed);
  if (!moves_data (call) || !deed.is_done || deed.moved_bytes == 0 || (deed.flags & MSG_OOB)
      || !has_socket (talk, call->socket))
    return FALSE;
  *side = talk->socket[1] == call->socket ? 1 : 0;
  if (deed.kind == TRAMA_DEED_RECEIVES)
    *side = !*side;
  *offset = call->stream_offset;
  *size_bytes = deed.moved_bytes;
  return TRUE;
}
