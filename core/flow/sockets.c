/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/flow_private.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* SOCK_NONBLOCK and SOCK_CLOEXEC share the argument with the type; see socket(2). */
#define TYPE_MASK 0xf

static TramaSocket *
add_socket (TramaFlowTable *table, guint64 id, const TramaSocket *socket)
{
  TramaSocket *known = trama_flow_socket_by_id (table, id);

  if (known != NULL || id == TRAMA_SOCKET_NONE)
    return known;
  g_array_append_val (table->sockets, *socket);
  g_hash_table_insert (table->socket_by_id, g_memdup2 (&id, sizeof id),
                       GUINT_TO_POINTER (table->sockets->len));
  return &g_array_index (table->sockets, TramaSocket, table->sockets->len - 1);
}

/* An IPv4 peer of an AF_INET6 socket stands in its packets as IPv4 (RFC 4291, section 2.5.5.2). */
static gboolean
set_endpoint (TramaEndpoint *endpoint, const guint8 *address, gsize size)
{
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
  TramaEndpoint read;

  if (!trama_endpoint_from_address (&read, address, size))
    return FALSE;
  if (read.family == AF_INET6 && memcmp (read.address, mapped, sizeof mapped) == 0)
    {
      read.family = AF_INET;
      memmove (read.address, read.address + sizeof mapped, 4);
      memset (read.address + 4, 0, sizeof read.address - 4);
    }
  *endpoint = read;
  return TRUE;
}

static gint64
number_of (const TramaCall *call, guint arg)
{
  return arg < call->n_args && call->args[arg].kind == TRAMA_VALUE_NUMBER ? call->args[arg].number : 0;
}

gboolean
trama_flow_call_address (const TramaCall *call, TramaEndpoint *endpoint)
{
  for (guint i = 0; i < call->n_args; i++)
    if (call->args[i].kind == TRAMA_VALUE_ADDRESS)
      return set_endpoint (endpoint, call->args[i].bytes, call->args[i].size);
  return FALSE;
}

/* socketpair() and recvmsg() give descriptors in another way. */
static gboolean
returns_fd (const TramaCall *call)
{
  return call->name != TRAMA_CALL_SOCKETPAIR && call->name != TRAMA_CALL_RECVMSG;
}

/* The socket that socket(), accept() or another call has made; a dup() makes none that is not known. */
static void
make_socket (TramaFlowTable *table, const TramaCall *call)
{
  const TramaSocket *listener = trama_flow_socket_by_id (table, call->socket);
  TramaSocket made = {
    .id = call->made,
    .actor = call->actor,
    .fd = returns_fd (call) ? (gint32) call->result : -1,
    .made_ns = call->exit_ns,
    .closed_ns = TRAMA_TIME_NONE,
    .bound_ns = TRAMA_TIME_NONE,
  };

  if (call->name == TRAMA_CALL_SOCKET || call->name == TRAMA_CALL_SOCKETPAIR)
    {
      made.domain = (guint16) number_of (call, 0);
      made.type = (guint16) (number_of (call, 1) & TYPE_MASK);
    }
  else if ((call->name == TRAMA_CALL_ACCEPT || call->name == TRAMA_CALL_ACCEPT4) && listener != NULL)
    {
      made.listener = listener->id;
      made.domain = listener->domain;
      made.type = listener->type;
      made.local = listener->local;
      made.bound_ns = call->exit_ns;
      trama_flow_call_address (call, &made.peer);
    }
  add_socket (table, call->made, &made);
}

/* A socket that was there before the trace began. */
static TramaSocket *
find_or_add (TramaFlowTable *table, guint64 id, guint32 actor, gint32 fd)
{
  TramaSocket socket = {
    .id = id,
    .actor = actor,
    .fd = fd,
    .made_ns = TRAMA_TIME_NONE,
    .closed_ns = TRAMA_TIME_NONE,
    .bound_ns = TRAMA_TIME_NONE,
  };

  return add_socket (table, id, &socket);
}

static void
note_bind (TramaSocket *socket, const TramaCall *call)
{
  if (call->result != 0 || !trama_flow_call_address (call, &socket->local))
    return;
  socket->bound_by_user = socket->local.port != 0;
  socket->bound_ns = call->exit_ns;
}

/* Without bind() the kernel chooses a port as soon as one is needed. */
static void
note_needs_port (TramaSocket *socket, const TramaCall *call)
{
  if (socket->bound_ns == TRAMA_TIME_NONE)
    socket->bound_ns = call->entry_ns;
}

static void
note_call (TramaFlowTable *table, const TramaCall *call)
{
  TramaSocket *socket = find_or_add (table, call->socket, call->actor, call->fd);

  if (socket == NULL)
    return;
  /* Only the last descriptor of a socket closes it: dup(2), fork(2) and SCM_RIGHTS make others. */
  if (socket->closed_ns != TRAMA_TIME_NONE && call->entry_ns > socket->closed_ns)
    socket->closed_ns = TRAMA_TIME_NONE;
  switch (call->name)
    {
    case TRAMA_CALL_BIND:
      note_bind (socket, call);
      break;
    case TRAMA_CALL_CONNECT:
      trama_flow_call_address (call, &socket->peer);
      note_needs_port (socket, call);
      break;
    case TRAMA_CALL_LISTEN:
    case TRAMA_CALL_SENDTO:
    case TRAMA_CALL_SENDMSG:
      note_needs_port (socket, call);
      break;
    case TRAMA_CALL_CLOSE:
      if (call->exit_ns != TRAMA_TIME_NONE)
        socket->closed_ns = MAX (socket->closed_ns, call->exit_ns);
      break;
    default:
      break;
    }
}

/* The kernel's own names for both ends; what it no longer knows at the end, it knew before. */
static void
note_state (TramaFlowTable *table, const TramaSocketState *state)
{
  TramaSocket *socket = find_or_add (table, state->socket, state->actor, state->fd);

  if (socket == NULL)
    return;
  if (socket->domain == 0)
    {
      socket->domain = state->domain;
      socket->type = state->type;
    }
  if (socket->fd < 0)
    socket->fd = state->fd;
  if (state->peer_bytes > 0)
    set_endpoint (&socket->peer, state->peer, state->peer_bytes);
  if (state->local_bytes == 0 || !set_endpoint (&socket->local, state->local, state->local_bytes))
    return;
  if (socket->local.port != 0 && socket->bound_ns == TRAMA_TIME_NONE)
    socket->bound_ns = state->time_ns;
}

static void
finish_sockets (TramaFlowTable *table)
{
  for (guint i = 0; i < trama_store_n_states (table->store); i++)
    note_state (table, trama_store_get_state (table->store, i));
  for (guint i = 0; i < table->sockets->len; i++)
    {
      TramaSocket *socket = &g_array_index (table->sockets, TramaSocket, i);

      if (socket->local.port == 0)
        socket->bound_ns = TRAMA_TIME_NONE;
    }
}

gboolean
trama_flow_make_sockets (TramaFlowTable *table, guint *next_call, guint max_calls)
{
  for (; *next_call < trama_store_n_calls (table->store) && max_calls > 0; ++*next_call, max_calls--)
    {
      const TramaCall *call = trama_store_get_call (table->store, *next_call);

      note_call (table, call);
      if (call->name == TRAMA_CALL_LISTEN)
        g_array_append_vals (table->listens, next_call, 1);
      if (call->made != TRAMA_SOCKET_NONE)
        make_socket (table, call);
    }
  if (*next_call < trama_store_n_calls (table->store))
    return TRUE;
  finish_sockets (table);
  return FALSE;
}

gboolean
trama_flow_socket_is_older (const TramaFlowTable *table, const TramaSocket *socket, const TramaFlow *flow)
{
  if (trama_flow_socket_end (table, socket) < flow->first_ns)
    return TRUE;
  return socket->listener != TRAMA_SOCKET_NONE && flow->tcp[0].syn > 0 && socket->made_ns < flow->first_ns;
}

gint64
trama_flow_socket_end (const TramaFlowTable *table, const TramaSocket *socket)
{
  const TramaActor *actor;

  if (socket->closed_ns != TRAMA_TIME_NONE)
    return socket->closed_ns;
  actor = trama_store_find_actor (table->store, socket->actor);
  return actor != NULL && actor->end_ns != TRAMA_TIME_NONE ? actor->end_ns : G_MAXINT64;
}
