/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/socket/caller_private.h"

#include <sys/socket.h>

/* Calls that make a socket and give it its place: an address, a backlog, a peer. */

static const struct sockaddr *
address_of (const TramaValue *value)
{
  return (const struct sockaddr *) (gconstpointer) value->bytes;
}

gint64
trama_call_socket (TramaCaller *caller, TramaCall *call)
{
  return socket ((int) call->args[0].number, (int) call->args[1].number, (int) call->args[2].number);
}

gint64
trama_call_socketpair (TramaCaller *caller, TramaCall *call)
{
  int *pair = (int *) (gpointer) caller->filled;
  int result = socketpair ((int) call->args[0].number, (int) call->args[1].number, (int) call->args[2].number,
                           pair);

  if (result == 0)
    trama_caller_set_filled (caller, call, 3, 2 * sizeof *pair);
  return result;
}

gint64
trama_call_bind (TramaCaller *caller, TramaCall *call)
{
  return bind (call->fd, address_of (&call->args[1]), call->args[1].size);
}

gint64
trama_call_listen (TramaCaller *caller, TramaCall *call)
{
  return listen (call->fd, (int) call->args[1].number);
}

gint64
trama_call_connect (TramaCaller *caller, TramaCall *call)
{
  return connect (call->fd, address_of (&call->args[1]), call->args[1].size);
}

static gint64
take_connection (TramaCaller *caller, TramaCall *call, int flags)
{
  socklen_t size = sizeof caller->address;
  int fd = accept4 (call->fd, (struct sockaddr *) (gpointer) caller->address, &size, flags);

  if (fd >= 0)
    trama_caller_set_address (caller, call, 1, size);
  return fd;
}

/* accept() is accept4() without flags, accept(2); the C library makes the one or the other of it. */
gint64
trama_call_accept (TramaCaller *caller, TramaCall *call)
{
  return take_connection (caller, call, 0);
}

gint64
trama_call_accept4 (TramaCaller *caller, TramaCall *call)
{
  return take_connection (caller, call, (int) call->args[3].number);
}

gint64
trama_call_shutdown (TramaCaller *caller, TramaCall *call)
{
  return shutdown (call->fd, (int) call->args[1].number);
}
