/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/socket/caller.h"

#include "core/socket/sample.h"
#include "core/trace/call.h"
#include "core/trace/span.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct _TramaCaller
{
  TramaEventFunc func;
  gpointer user_data;
  TramaCallerFlags flags;
  guint32 actor;
  guint32 n_calls;
  GArray *sockets; /* of TramaSampledSocket, by descriptor; id 0: none */

  guint8 address[TRAMA_ADDRESS_MAX_BYTES]; /* what the kernel filled in last */
  guint8 buffer[TRAMA_CALLER_BUFFER_BYTES];
};

TramaCaller *
trama_caller_new (guint32 actor, TramaCallerFlags flags, TramaEventFunc func, gpointer user_data)
{
  TramaCaller *caller = g_new0 (TramaCaller, 1);

  caller->func = func;
  caller->user_data = user_data;
  caller->flags = flags;
  caller->actor = actor;
  caller->sockets = g_array_new (FALSE, TRUE, sizeof (TramaSampledSocket));
  return caller;
}

void
trama_caller_free (TramaCaller *caller)
{
  if (caller == NULL)
    return;
  g_array_unref (caller->sockets);
  g_free (caller);
}

static TramaSampledSocket *
get_socket (TramaCaller *caller, gint64 fd)
{
  TramaSampledSocket *socket;

  if (fd < 0 || fd >= caller->sockets->len)
    return NULL;
  socket = &g_array_index (caller->sockets, TramaSampledSocket, fd);
  return socket->id != TRAMA_SOCKET_NONE ? socket : NULL;
}

/* A socket is known by its inode, proc(5): the same after dup(2), fork(2) and SCM_RIGHTS. */
static TramaSampledSocket *
add_socket (TramaCaller *caller, int fd)
{
  TramaSampledSocket *socket;
  struct stat status;

  if (fd < 0 || fstat (fd, &status) < 0)
    return NULL;
  if ((guint) fd >= caller->sockets->len)
    g_array_set_size (caller->sockets, (guint) fd + 1);
  socket = &g_array_index (caller->sockets, TramaSampledSocket, fd);
  *socket = (TramaSampledSocket){ .id = status.st_ino, .fd = fd };
  return socket;
}

/* The calls. Each takes its arguments from the record and leaves there what the kernel gave back. */

static gint64
call_socket (TramaCaller *caller, TramaCall *call)
{
  int fd = socket ((int) call->args[0].number, (int) call->args[1].number, (int) call->args[2].number);

  return fd;
}

static gint64
call_bind (TramaCaller *caller, TramaCall *call)
{
  return bind (call->fd, (const struct sockaddr *) (gconstpointer) call->args[1].bytes, call->args[1].size);
}

static gint64
call_listen (TramaCaller *caller, TramaCall *call)
{
  return listen (call->fd, (int) call->args[1].number);
}

static gint64
call_connect (TramaCaller *caller, TramaCall *call)
{
  return connect (call->fd, (const struct sockaddr *) (gconstpointer) call->args[1].bytes,
                  call->args[1].size);
}

/* Stores what accept() and recvfrom() wrote to addr and addrlen. */
static void
set_address (TramaCaller *caller, TramaCall *call, guint index, socklen_t size)
{
  if (size == 0)
    return;
  call->args[index] = (TramaValue){
    .kind = TRAMA_VALUE_ADDRESS,
    .bytes = caller->address,
    .size = MIN (size, sizeof caller->address),
  };
  call->args[index + 1] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = size };
}

static void
set_data (TramaCaller *caller, TramaCall *call, guint index, gint64 size)
{
  call->args[index] = (TramaValue){
    .kind = TRAMA_VALUE_DATA,
    .bytes = size > 0 ? caller->buffer : NULL,
    .size = (guint32) MAX (size, 0),
    .number = MAX (size, 0),
  };
}

static gint64
call_accept (TramaCaller *caller, TramaCall *call)
{
  socklen_t size = sizeof caller->address;
  int fd = accept (call->fd, (struct sockaddr *) (gpointer) caller->address, &size);

  if (fd >= 0)
    set_address (caller, call, 1, size);
  return fd;
}

static gint64
call_read (TramaCaller *caller, TramaCall *call)
{
  gsize count = (gsize) CLAMP (call->args[2].number, 0, TRAMA_CALLER_BUFFER_BYTES);
  gssize n = read (call->fd, caller->buffer, count);

  if (n >= 0)
    set_data (caller, call, 1, n);
  return n;
}

static gint64
call_write (TramaCaller *caller, TramaCall *call)
{
  return write (call->fd, call->args[1].bytes, (gsize) call->args[2].number);
}

static gint64
call_sendto (TramaCaller *caller, TramaCall *call)
{
  return sendto (call->fd, call->args[1].bytes, (gsize) call->args[2].number, (int) call->args[3].number,
                 (const struct sockaddr *) (gconstpointer) call->args[4].bytes, call->args[4].size);
}

static gint64
call_recvfrom (TramaCaller *caller, TramaCall *call)
{
  gsize count = (gsize) CLAMP (call->args[2].number, 0, TRAMA_CALLER_BUFFER_BYTES);
  socklen_t size = sizeof caller->address;
  gssize n = recvfrom (call->fd, caller->buffer, count, (int) call->args[3].number,
                       (struct sockaddr *) (gpointer) caller->address, &size);

  if (n >= 0)
    {
      set_data (caller, call, 1, n);
      set_address (caller, call, 4, size);
    }
  return n;
}

static gint64
call_close (TramaCaller *caller, TramaCall *call)
{
  return close (call->fd);
}

typedef gint64 (*MakeCall) (TramaCaller *caller, TramaCall *call);

static const MakeCall makers[] = {
  [TRAMA_CALL_SOCKET] = call_socket,     [TRAMA_CALL_BIND] = call_bind,
  [TRAMA_CALL_LISTEN] = call_listen,     [TRAMA_CALL_ACCEPT] = call_accept,
  [TRAMA_CALL_CONNECT] = call_connect,   [TRAMA_CALL_READ] = call_read,
  [TRAMA_CALL_WRITE] = call_write,       [TRAMA_CALL_SENDTO] = call_sendto,
  [TRAMA_CALL_RECVFROM] = call_recvfrom, [TRAMA_CALL_CLOSE] = call_close,
};

static void
record (TramaCaller *caller, TramaEventKind kind, const TramaCall *call)
{
  TramaEvent event = { .kind = kind, .call = *call };

  caller->func (&event, caller->user_data);
}

/* What the call has made of its socket, socket(7), and how far its streams have come. */
static void
follow_socket (TramaCaller *caller, const TramaCall *call)
{
  TramaSampledSocket *socket = get_socket (caller, call->fd);

  if (socket == NULL)
    return;
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
      socket->role = call->result == 0 ? TRAMA_ROLE_CONNECTED : TRAMA_ROLE_ACTIVE;
      socket->local_bytes = 0; /* of 0.0.0.0 it has made the address of the route */
      break;
    case TRAMA_CALL_READ:
    case TRAMA_CALL_RECVFROM:
      socket->received_bytes += (guint64) MAX (call->result, 0);
      break;
    case TRAMA_CALL_WRITE:
    case TRAMA_CALL_SENDTO:
      socket->sent_bytes += (guint64) MAX (call->result, 0);
      break;
    case TRAMA_CALL_CLOSE:
      socket->id = TRAMA_SOCKET_NONE;
      break;
    default:
      break;
    }
}

static void
follow_new_socket (TramaCaller *caller, TramaCall *call)
{
  TramaSampledSocket *listener = get_socket (caller, call->fd);
  TramaSampledSocket like = listener != NULL ? *listener : (TramaSampledSocket){ 0 };
  TramaSampledSocket *made;

  if (call->result < 0)
    return;
  made = add_socket (caller, (int) call->result);
  if (made == NULL)
    return;
  call->made = made->id;
  if (call->name == TRAMA_CALL_SOCKET)
    {
      made->domain = (guint16) call->args[0].number;
      made->type = (guint16) (call->args[1].number & ~(SOCK_NONBLOCK | SOCK_CLOEXEC));
      made->protocol = (guint16) call->args[2].number;
      return;
    }
  made->domain = like.domain;
  made->type = like.type;
  made->protocol = like.protocol;
  made->role = TRAMA_ROLE_CONNECTED;
}

static void
sample (TramaCaller *caller, const TramaCall *call)
{
  const TramaCallInfo *info = trama_call_info (call->name);
  TramaEvent event = { .kind = TRAMA_EVENT_SOCKET_STATE };
  TramaSampledSocket *socket = get_socket (caller, call->fd);
  TramaSampledSocket *made = info->traits & TRAMA_CALL_MAKES_FD ? get_socket (caller, call->result) : NULL;

  if (socket != NULL && trama_sample_socket (socket, caller->actor, &event.state))
    caller->func (&event, caller->user_data);
  if (made != NULL && trama_sample_socket (made, caller->actor, &event.state))
    caller->func (&event, caller->user_data);
}

static void
begin (TramaCaller *caller, TramaCall *call)
{
  const TramaCallInfo *info = trama_call_info (call->name);
  gboolean on_fd = info->n_parameters > 0 && info->parameters[0].kind == TRAMA_PARAMETER_FD;
  const TramaSampledSocket *socket = on_fd ? get_socket (caller, call->args[0].number) : NULL;

  call->id = (guint64) caller->actor << 32 | ++caller->n_calls;
  call->actor = caller->actor;
  call->fd = on_fd ? (gint32) call->args[0].number : -1;
  call->socket = socket != NULL ? socket->id : TRAMA_SOCKET_NONE;
  call->made = TRAMA_SOCKET_NONE;
  call->stream_offset = 0;
  if (socket != NULL)
    call->stream_offset = info->traits & TRAMA_CALL_RECEIVES ? socket->received_bytes : socket->sent_bytes;
  call->exit_ns = TRAMA_TIME_NONE;
  call->result = 0;
  call->error = 0;
  call->flags = 0;
}

/* The host keeps the port of a closed connection in TIME-WAIT for a minute; a lab is new each time. */
static void
allow_reuse (int fd)
{
  int one = 1;

  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
}

gint64
trama_caller_call (TramaCaller *caller, TramaCall *call)
{
  struct rusage before, after;
  int error;

  g_return_val_if_fail (call->name < G_N_ELEMENTS (makers) && makers[call->name] != NULL, -1);

  begin (caller, call);
  getrusage (RUSAGE_THREAD, &before);
  call->entry_ns = trama_realtime_ns ();
  record (caller, TRAMA_EVENT_CALL, call);

  call->result = makers[call->name](caller, call);
  error = errno;
  call->exit_ns = trama_realtime_ns ();

  getrusage (RUSAGE_THREAD, &after);
  call->error = call->result < 0 ? error : 0;
  if (after.ru_nvcsw > before.ru_nvcsw)
    call->flags |= TRAMA_CALL_SLEPT;
  follow_socket (caller, call);
  if (trama_call_info (call->name)->traits & TRAMA_CALL_MAKES_FD)
    follow_new_socket (caller, call);
  if (call->name == TRAMA_CALL_SOCKET && call->result >= 0 && caller->flags & TRAMA_CALLER_REUSE_ADDRESS)
    allow_reuse ((int) call->result);
  record (caller, TRAMA_EVENT_RETURN, call);
  sample (caller, call);
  return call->result;
}

void
trama_caller_begin (TramaCaller *caller, TramaCall *call)
{
  begin (caller, call);
  call->entry_ns = trama_realtime_ns ();
  record (caller, TRAMA_EVENT_CALL, call);
}

void
trama_caller_end (TramaCaller *caller, TramaCall *call)
{
  call->exit_ns = trama_realtime_ns ();
  record (caller, TRAMA_EVENT_RETURN, call);
}

void
trama_caller_become (TramaCaller *caller, guint32 actor)
{
  caller->actor = actor;
  caller->n_calls = 0;
}

gboolean
trama_caller_has_sockets (const TramaCaller *caller)
{
  for (guint i = 0; i < caller->sockets->len; i++)
    if (g_array_index (caller->sockets, TramaSampledSocket, i).id != TRAMA_SOCKET_NONE)
      return TRUE;
  return FALSE;
}
