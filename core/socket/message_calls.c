/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/socket/caller_private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Calls that move bytes, in a stream or as messages. */

#define RIGHTS_BYTES CMSG_SPACE (TRAMA_CALLER_RIGHTS_MAX * sizeof (int))

static guint8 *
get_buffer (TramaCaller *caller)
{
  if (caller->buffer == NULL)
    caller->buffer = g_malloc (TRAMA_CALLER_BUFFER_BYTES);
  return caller->buffer;
}

static gsize
count_of (const TramaValue *value)
{
  return (gsize) CLAMP (value->number, 0, TRAMA_CALLER_BUFFER_BYTES);
}

/* A stream that is asked to throw away (MSG_TRUNC, tcp(7)) says how much it did, and leaves nothing behind. */
static gboolean
throws_away (TramaCaller *caller, const TramaCall *call, int flags)
{
  const TramaSampledSocket *socket = trama_caller_get_socket (caller, call->fd);

  return (flags & (MSG_TRUNC | MSG_PEEK)) == MSG_TRUNC && socket != NULL && socket->type == SOCK_STREAM;
}

/* Of a datagram that was longer than the buffer, MSG_TRUNC makes the result say how long, recv(2). */
static void
set_data (TramaCaller *caller, TramaCall *call, gint64 result, int flags)
{
  gsize moved = (gsize) MAX (result, 0);
  gsize kept = MIN (moved, count_of (&call->args[2]));

  if (result < 0)
    return;
  if (throws_away (caller, call, flags))
    kept = 0;
  else
    moved = kept;
  call->args[1] = (TramaValue){
    .kind = TRAMA_VALUE_DATA,
    .bytes = kept > 0 ? caller->buffer : NULL,
    .size = (guint32) kept,
    .number = (gint64) moved,
  };
}

gint64
trama_call_read (TramaCaller *caller, TramaCall *call)
{
  gssize n = read (call->fd, get_buffer (caller), count_of (&call->args[2]));

  set_data (caller, call, n, 0);
  return n;
}

gint64
trama_call_write (TramaCaller *caller, TramaCall *call)
{
  return write (call->fd, call->args[1].bytes, (gsize) call->args[2].number);
}

gint64
trama_call_recv (TramaCaller *caller, TramaCall *call)
{
  int flags = (int) call->args[3].number;
  gssize n = recv (call->fd, get_buffer (caller), count_of (&call->args[2]), flags);

  set_data (caller, call, n, flags);
  return n;
}

gint64
trama_call_send (TramaCaller *caller, TramaCall *call)
{
  return send (call->fd, call->args[1].bytes, (gsize) call->args[2].number, (int) call->args[3].number);
}

gint64
trama_call_recvfrom (TramaCaller *caller, TramaCall *call)
{
  int flags = (int) call->args[3].number;
  socklen_t size = sizeof caller->address;
  gssize n = recvfrom (call->fd, get_buffer (caller), count_of (&call->args[2]), flags,
                       (struct sockaddr *) (gpointer) caller->address, &size);

  set_data (caller, call, n, flags);
  if (n >= 0)
    trama_caller_set_address (caller, call, 4, size);
  return n;
}

gint64
trama_call_sendto (TramaCaller *caller, TramaCall *call)
{
  return sendto (call->fd, call->args[1].bytes, (gsize) call->args[2].number, (int) call->args[3].number,
                 (const struct sockaddr *) (gconstpointer) call->args[4].bytes, call->args[4].size);
}

/* The descriptors of every SCM_RIGHTS message, one behind the other, into .filled. */
static gsize
collect_rights (TramaCaller *caller, struct msghdr *message)
{
  gsize size = 0;

  for (struct cmsghdr *part = CMSG_FIRSTHDR (message); part != NULL; part = CMSG_NXTHDR (message, part))
    {
      gsize bytes = part->cmsg_len - CMSG_LEN (0);

      if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
        continue;
      bytes = MIN (bytes, sizeof caller->filled - size);
      memcpy (caller->filled + size, CMSG_DATA (part), bytes);
      size += bytes;
    }
  return size;
}

gint64
trama_call_recvmsg (TramaCaller *caller, TramaCall *call)
{
  _Alignas(struct cmsghdr) guint8 control[RIGHTS_BYTES];
  int flags = (int) call->args[5].number;
  struct iovec part = { get_buffer (caller), count_of (&call->args[2]) };
  struct msghdr message = {
    .msg_name = caller->address,
    .msg_namelen = sizeof caller->address,
    .msg_iov = &part,
    .msg_iovlen = 1,
    .msg_control = caller->n_rights > 0 ? control : NULL,
    .msg_controllen = caller->n_rights > 0 ? CMSG_SPACE (caller->n_rights * sizeof (int)) : 0,
  };
  gssize n = recvmsg (call->fd, &message, flags);
  gsize rights_bytes;

  set_data (caller, call, n, flags);
  if (n < 0)
    return n;
  if (message.msg_namelen > 0)
    call->args[3] = (TramaValue){
      .kind = TRAMA_VALUE_ADDRESS,
      .bytes = caller->address,
      .size = MIN (message.msg_namelen, sizeof caller->address),
    };
  rights_bytes = collect_rights (caller, &message);
  if (rights_bytes > 0)
    trama_caller_set_filled (caller, call, 4, rights_bytes);
  call->args[6] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = message.msg_flags };
  return n;
}

gint64
trama_call_sendmsg (TramaCaller *caller, TramaCall *call)
{
  _Alignas(struct cmsghdr) guint8 control[RIGHTS_BYTES] = { 0 };
  gsize rights_bytes = call->args[4].kind == TRAMA_VALUE_DATA ? call->args[4].size : 0;
  struct iovec part = { (gpointer) call->args[1].bytes, (gsize) call->args[2].number };
  struct msghdr message = {
    .msg_name = (gpointer) call->args[3].bytes,
    .msg_namelen = call->args[3].size,
    .msg_iov = &part,
    .msg_iovlen = 1,
  };
  struct cmsghdr *header;

  if (rights_bytes > TRAMA_CALLER_RIGHTS_MAX * sizeof (int))
    {
      errno = EINVAL;
      return -1;
    }
  if (rights_bytes > 0)
    {
      message.msg_control = control;
      message.msg_controllen = CMSG_SPACE (rights_bytes);
      header = CMSG_FIRSTHDR (&message);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN (rights_bytes);
      memcpy (CMSG_DATA (header), call->args[4].bytes, rights_bytes);
    }
  return sendmsg (call->fd, &message, (int) call->args[5].number);
}
