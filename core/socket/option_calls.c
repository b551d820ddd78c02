/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/socket/caller_private.h"

#include "core/trace/option.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Calls that ask and change what a socket is, and those that are about descriptors. */

gint64
trama_call_getsockopt (TramaCaller *caller, TramaCall *call)
{
  const TramaOption *option = trama_option_find (call->args[1].number, call->args[2].number);
  gsize wanted = option != NULL ? trama_option_value_bytes (option) : sizeof (int);
  socklen_t size;
  int result;

  if (call->args[4].kind == TRAMA_VALUE_NUMBER)
    wanted = (gsize) CLAMP (call->args[4].number, 0, (gint64) sizeof caller->filled);
  size = (socklen_t) wanted;
  result = getsockopt (call->fd, (int) call->args[1].number, (int) call->args[2].number, caller->filled,
                       &size);
  if (result == 0)
    {
      trama_caller_set_filled (caller, call, 3, MIN (size, wanted));
      call->args[4] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = size };
    }
  return result;
}

gint64
trama_call_setsockopt (TramaCaller *caller, TramaCall *call)
{
  return setsockopt (call->fd, (int) call->args[1].number, (int) call->args[2].number, call->args[3].bytes,
                     call->args[3].size);
}

gint64
trama_call_getsockname (TramaCaller *caller, TramaCall *call)
{
  socklen_t size = sizeof caller->address;
  int result = getsockname (call->fd, (struct sockaddr *) (gpointer) caller->address, &size);

  if (result == 0)
    trama_caller_set_address (caller, call, 1, size);
  return result;
}

gint64
trama_call_getpeername (TramaCaller *caller, TramaCall *call)
{
  socklen_t size = sizeof caller->address;
  int result = getpeername (call->fd, (struct sockaddr *) (gpointer) caller->address, &size);

  if (result == 0)
    trama_caller_set_address (caller, call, 1, size);
  return result;
}

/* The kernel writes revents between what it reads: it gets a copy. */
gint64
trama_call_poll (TramaCaller *caller, TramaCall *call)
{
  struct pollfd *fds = (struct pollfd *) (gpointer) caller->filled;
  gsize size = call->args[0].size;
  int result;

  if (size > sizeof caller->filled)
    {
      errno = EINVAL;
      return -1;
    }
  if (size > 0)
    memcpy (fds, call->args[0].bytes, size);
  result = poll (fds, size / sizeof *fds, (int) call->args[2].number);
  if (result >= 0)
    trama_caller_set_filled (caller, call, 0, size);
  return result;
}

gint64
trama_call_fcntl (TramaCaller *caller, TramaCall *call)
{
  return fcntl (call->fd, (int) call->args[1].number, (int) call->args[2].number);
}

gint64
trama_call_dup (TramaCaller *caller, TramaCall *call)
{
  return dup (call->fd);
}

gint64
trama_call_close (TramaCaller *caller, TramaCall *call)
{
  return close (call->fd);
}

gint64
trama_call_unlink (TramaCaller *caller, TramaCall *call)
{
  g_autofree char *path = g_strndup ((const char *) call->args[0].bytes, call->args[0].size);

  return unlink (path);
}
