/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/socket/caller_private.h"

#include "core/trace/call.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

TramaSampledSocket *
trama_caller_get_socket (const TramaCaller *caller, gint64 fd)
{
  return fd >= 0 && fd < caller->sockets->len ? g_ptr_array_index (caller->sockets, fd) : NULL;
}

static TramaSampledSocket *
find_socket (const TramaCaller *caller, guint64 id)
{
  for (guint fd = 0; fd < caller->sockets->len; fd++)
    {
      TramaSampledSocket *socket = g_ptr_array_index (caller->sockets, fd);

      if (socket != NULL && socket->id == id)
        return socket;
    }
  return NULL;
}

static TramaStreams *
get_streams (TramaCaller *caller)
{
  if (caller->streams == NULL)
    caller->streams = caller->own_streams = trama_streams_new ();
  return caller->streams;
}

static TramaSampledSocket *
new_socket (TramaCaller *caller, guint64 id, gboolean is_new)
{
  TramaSampledSocket *socket = g_new0 (TramaSampledSocket, 1);
  TramaStreams *streams = get_streams (caller);

  socket->id = id;
  if (streams != NULL && !is_new)
    socket->stream = trama_streams_hold (streams, id);
  if (streams != NULL && socket->stream == NULL)
    socket->stream = trama_streams_begin (streams, id);
  if (socket->stream == NULL)
    socket->stream = &socket->own;
  return socket;
}

static void
forget_descriptor (TramaCaller *caller, guint fd)
{
  TramaSampledSocket *socket = g_ptr_array_index (caller->sockets, fd);

  g_ptr_array_index (caller->sockets, fd) = NULL;
  if (socket == NULL || --socket->n_descriptors > 0)
    return;
  trama_streams_release (socket->stream);
  g_free (socket);
}

/*
 * A new descriptor, of a new socket or of one that is known already: by another descriptor,
 * or to another process. NULL when it is not a socket.
 */
static TramaSampledSocket *
add_descriptor (TramaCaller *caller, int fd, gboolean is_new)
{
  TramaSampledSocket *socket;
  struct stat status;

  if (fd < 0 || fstat (fd, &status) < 0 || !S_ISSOCK (status.st_mode))
    return NULL;
  if ((guint) fd >= caller->sockets->len)
    g_ptr_array_set_size (caller->sockets, fd + 1);
  forget_descriptor (caller, (guint) fd);
  socket = is_new ? NULL : find_socket (caller, status.st_ino);
  if (socket == NULL)
    socket = new_socket (caller, status.st_ino, is_new);
  g_ptr_array_index (caller->sockets, fd) = socket;
  socket->n_descriptors++;
  return socket;
}

static TramaSampledSocket *
add_new (TramaCaller *caller, int fd, gint64 domain, gint64 type, gint64 protocol)
{
  TramaSampledSocket *socket = add_descriptor (caller, fd, TRUE);

  if (socket == NULL)
    return NULL;
  socket->domain = (guint16) domain;
  socket->type = (guint16) (type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC));
  socket->protocol = (guint16) protocol;
  return socket;
}

static void
follow_socket (TramaCaller *caller, TramaCall *call)
{
  const TramaSampledSocket *made = add_new (caller, (int) call->result, call->args[0].number,
                                            call->args[1].number, call->args[2].number);

  if (made != NULL)
    call->made = made->id;
}

static int
descriptor_at (const TramaValue *value, guint index)
{
  int fd = -1;

  if ((index + 1) * sizeof fd <= value->size)
    memcpy (&fd, value->bytes + index * sizeof fd, sizeof fd);
  return fd;
}

static void
follow_socketpair (TramaCaller *caller, TramaCall *call)
{
  TramaSampledSocket *pair[2];

  for (guint i = 0; i < 2; i++)
    {
      pair[i] = add_new (caller, descriptor_at (&call->args[3], i), call->args[0].number,
                         call->args[1].number, call->args[2].number);
      if (pair[i] == NULL)
        return;
      pair[i]->role = TRAMA_ROLE_CONNECTED;
    }
  pair[0]->peer_id = pair[1]->id;
  pair[1]->peer_id = pair[0]->id;
  call->made = pair[0]->id;
}

static void
follow_accept (TramaCaller *caller, TramaCall *call)
{
  const TramaSampledSocket *listener = trama_caller_get_socket (caller, call->fd);
  TramaSampledSocket *made = add_descriptor (caller, (int) call->result, TRUE);

  if (made == NULL)
    return;
  call->made = made->id;
  if (listener != NULL)
    {
      made->domain = listener->domain;
      made->type = listener->type;
      made->protocol = listener->protocol;
      made->role = TRAMA_ROLE_CONNECTED;
    }
  else
    trama_sample_stranger (made, (int) call->result);
}

static void
follow_dup (TramaCaller *caller, TramaCall *call)
{
  TramaSampledSocket *same = add_descriptor (caller, (int) call->result, FALSE);

  if (same == NULL)
    return;
  if (same->domain == 0)
    trama_sample_stranger (same, (int) call->result);
  call->made = same->id;
}

/* Sockets that came with a message, unix(7). */
static void
follow_rights (TramaCaller *caller, TramaCall *call)
{
  for (guint i = 0; descriptor_at (&call->args[4], i) >= 0; i++)
    {
      int fd = descriptor_at (&call->args[4], i);
      TramaSampledSocket *socket = add_descriptor (caller, fd, FALSE);

      if (socket == NULL)
        continue;
      if (socket->domain == 0)
        trama_sample_stranger (socket, fd);
      if (call->made == TRAMA_SOCKET_NONE)
        call->made = socket->id;
    }
}

/* An address of AF_UNSPEC takes the peer away again, connect(2). */
static gboolean
is_unspecified (const TramaValue *address)
{
  sa_family_t family = AF_UNSPEC;

  if (address->size < sizeof family)
    return FALSE;
  memcpy (&family, address->bytes, sizeof family);
  return family == AF_UNSPEC;
}

static void
follow_connect (TramaSampledSocket *socket, const TramaCall *call)
{
  if (call->result < 0 && (socket->role == TRAMA_ROLE_PASSIVE || socket->role == TRAMA_ROLE_CONNECTED))
    return;
  /* Of 0.0.0.0 it has made the address of the route; a datagram socket may have had another peer. */
  socket->local_bytes = 0;
  socket->peer_bytes = 0;
  socket->peer_id = TRAMA_SOCKET_NONE;
  if (call->result < 0)
    socket->role = TRAMA_ROLE_ACTIVE;
  else if (is_unspecified (&call->args[1]))
    socket->role = TRAMA_ROLE_UNBOUND;
  else
    socket->role = TRAMA_ROLE_CONNECTED;
}

static gint64
flags_of (const TramaCall *call)
{
  const TramaCallInfo *info = trama_call_info (call->name);

  for (guint i = 0; i < info->n_parameters; i++)
    if (info->parameters[i].kind == TRAMA_PARAMETER_FLAGS && !info->parameters[i].filled_by_kernel)
      return call->args[i].number;
  return 0;
}

/* What was only looked at is still there; what the error queue holds was sent once, not received. */
static void
follow_bytes (TramaSampledSocket *socket, const TramaCall *call)
{
  gboolean receives = (trama_call_info (call->name)->traits & TRAMA_CALL_RECEIVES) != 0;

  if (call->result <= 0)
    return;
  if (!receives)
    socket->stream->sent_bytes += (guint64) call->result;
  else if ((flags_of (call) & (MSG_PEEK | MSG_ERRQUEUE)) == 0)
    socket->stream->received_bytes += (guint64) call->args[1].number;
}

static gboolean
makes_descriptor (const TramaCall *call)
{
  return call->name == TRAMA_CALL_DUP
         || (call->name == TRAMA_CALL_FCNTL
             && (call->args[1].number == F_DUPFD || call->args[1].number == F_DUPFD_CLOEXEC));
}

static void
follow_known (TramaCaller *caller, TramaSampledSocket *socket, const TramaCall *call)
{
  switch (call->name)
    {
    case TRAMA_CALL_BIND:
      if (call->result == 0)
        socket->role = TRAMA_ROLE_BOUND;
      break;
    case TRAMA_CALL_LISTEN:
      if (call->result == 0)
        socket->role = TRAMA_ROLE_PASSIVE;
      break;
    case TRAMA_CALL_CONNECT:
      follow_connect (socket, call);
      break;
    case TRAMA_CALL_CLOSE:
      /* Also when it fails: the number is free again, close(2). */
      if (call->error != EBADF)
        forget_descriptor (caller, (guint) call->fd);
      break;
    case TRAMA_CALL_READ:
    case TRAMA_CALL_RECV:
    case TRAMA_CALL_RECVFROM:
    case TRAMA_CALL_RECVMSG:
    case TRAMA_CALL_WRITE:
    case TRAMA_CALL_SEND:
    case TRAMA_CALL_SENDTO:
    case TRAMA_CALL_SENDMSG:
      follow_bytes (socket, call);
      break;
    default:
      break;
    }
}

void
trama_caller_follow (TramaCaller *caller, TramaCall *call)
{
  TramaSampledSocket *socket = trama_caller_get_socket (caller, call->fd);

  if (socket != NULL)
    follow_known (caller, socket, call);
  if (call->result < 0)
    return;
  if (call->name == TRAMA_CALL_SOCKET)
    follow_socket (caller, call);
  else if (call->name == TRAMA_CALL_SOCKETPAIR)
    follow_socketpair (caller, call);
  else if (call->name == TRAMA_CALL_ACCEPT || call->name == TRAMA_CALL_ACCEPT4)
    follow_accept (caller, call);
  else if (call->name == TRAMA_CALL_RECVMSG)
    follow_rights (caller, call);
  else if (makes_descriptor (call))
    follow_dup (caller, call);
}

/* Each socket once, at the first of its descriptors. */
static gboolean
is_first (const TramaCaller *caller, guint fd)
{
  const TramaSampledSocket *socket = g_ptr_array_index (caller->sockets, fd);

  for (guint i = 0; i < fd; i++)
    if (g_ptr_array_index (caller->sockets, i) == socket)
      return FALSE;
  return socket != NULL;
}

void
trama_caller_hold_sockets (TramaCaller *caller)
{
  for (guint fd = 0; fd < caller->sockets->len; fd++)
    if (is_first (caller, fd))
      trama_caller_get_socket (caller, fd)->stream->n_holders++;
}

void
trama_caller_release_sockets (TramaCaller *caller)
{
  for (guint fd = 0; fd < caller->sockets->len; fd++)
    forget_descriptor (caller, fd);
}
