/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/socket/caller.h"
#include "core/socket/sample.h"

/*
 * Private to the room: the caller and those who make its calls, one file for each family.
 */

/* Small things the kernel fills in: a value, a list of descriptors. No record keeps more. */
#define TRAMA_CALLER_FILLED_BYTES TRAMA_DATA_MAX_BYTES

struct _TramaCaller
{
  TramaEventFunc func;
  gpointer user_data;
  TramaCallerFlags flags;
  guint32 actor;
  guint32 n_calls;

  GPtrArray *sockets;    /* of TramaSampledSocket, by descriptor; one that was dup'ed stands there twice */
  TramaStreams *streams; /* borrowed, or .own_streams */
  TramaStreams *own_streams;
  TramaSockDiag *diag; /* made when a socket needs it; NULL when it cannot be had */
  gboolean has_no_diag;

  gint64 n_sleeps;  /* ru_nvcsw when it was asked last, */
  gint64 sleeps_ns; /* which was then */

  guint8 *buffer; /* TRAMA_CALLER_BUFFER_BYTES, made at the first call that receives */
  guint n_rights; /* descriptors the call under way has room for */
  _Alignas(gint64) guint8 address[TRAMA_ADDRESS_MAX_BYTES]; /* what the kernel filled in last */
  _Alignas(gint64) guint8 filled[TRAMA_CALLER_FILLED_BYTES];
};

/* Makes one call with the arguments of the record and leaves there what the kernel gave back; errno as from it. */
typedef gint64 (*TramaMakeCall) (TramaCaller *caller, TramaCall *call);

gint64 trama_call_socket (TramaCaller *caller, TramaCall *call);
gint64 trama_call_socketpair (TramaCaller *caller, TramaCall *call);
gint64 trama_call_bind (TramaCaller *caller, TramaCall *call);
gint64 trama_call_listen (TramaCaller *caller, TramaCall *call);
gint64 trama_call_accept (TramaCaller *caller, TramaCall *call);
gint64 trama_call_accept4 (TramaCaller *caller, TramaCall *call);
gint64 trama_call_connect (TramaCaller *caller, TramaCall *call);
gint64 trama_call_shutdown (TramaCaller *caller, TramaCall *call);

gint64 trama_call_read (TramaCaller *caller, TramaCall *call);
gint64 trama_call_write (TramaCaller *caller, TramaCall *call);
gint64 trama_call_recv (TramaCaller *caller, TramaCall *call);
gint64 trama_call_send (TramaCaller *caller, TramaCall *call);
gint64 trama_call_recvfrom (TramaCaller *caller, TramaCall *call);
gint64 trama_call_sendto (TramaCaller *caller, TramaCall *call);
gint64 trama_call_recvmsg (TramaCaller *caller, TramaCall *call);
gint64 trama_call_sendmsg (TramaCaller *caller, TramaCall *call);

gint64 trama_call_getsockopt (TramaCaller *caller, TramaCall *call);
gint64 trama_call_setsockopt (TramaCaller *caller, TramaCall *call);
gint64 trama_call_getsockname (TramaCaller *caller, TramaCall *call);
gint64 trama_call_getpeername (TramaCaller *caller, TramaCall *call);

gint64 trama_call_poll (TramaCaller *caller, TramaCall *call);
gint64 trama_call_fcntl (TramaCaller *caller, TramaCall *call);
gint64 trama_call_dup (TramaCaller *caller, TramaCall *call);
gint64 trama_call_close (TramaCaller *caller, TramaCall *call);
gint64 trama_call_unlink (TramaCaller *caller, TramaCall *call);

/* Leaves an address of @size bytes in .address as argument @index, and its size behind it. */
void trama_caller_set_address (TramaCaller *caller, TramaCall *call, guint index, socklen_t size);

/* Leaves @size bytes of .filled as argument @index. */
void trama_caller_set_filled (TramaCaller *caller, TramaCall *call, guint index, gsize size);

/* The sockets, by descriptor. NULL: it is not one of ours. */
TramaSampledSocket *trama_caller_get_socket (const TramaCaller *caller, gint64 fd);

/* After the call: what it has made, closed, moved, and of its socket. */
void trama_caller_follow (TramaCaller *caller, TramaCall *call);

/* For all sockets, in a child of fork(2): one more process has them. */
void trama_caller_hold_sockets (TramaCaller *caller);
void trama_caller_release_sockets (TramaCaller *caller);
