/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/socket/streams.h"
#include "core/trace/event.h"

/*
 * The kernel's view of the actors' sockets between the calls on them: a look at all sockets
 * of the network namespace through sock_diag(7), TCP and UDP over IPv4 and IPv6, and
 * AF_UNIX, which tells of each that has changed since the look before. Of sockets that are
 * in no actor's @streams it says nothing, so it may also look at the host's.
 *
 * A connection in TIME-WAIT or closed by its process has no inode any more: it is known
 * by its two ends and its cookie. One that waits to be accepted belongs to nobody yet and is left out.
 *
 * Only kinds of sockets that actors have are asked for. Measured: UDP 9 us, AF_UNIX 17 us,
 * TCP over one of IPv4 and IPv6 170 us, because the kernel walks the whole table of
 * connections of the machine (262144 places there), and 2 us for each socket.
 */
typedef struct _TramaDiag TramaDiag;

/* @streams is borrowed. NULL with errno when the kernel has no sock_diag or refuses it. */
TramaDiag *trama_diag_new (TramaStreams *streams);
void trama_diag_free (TramaDiag *diag);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaDiag, trama_diag_free)

/*
 * Records a TRAMA_EVENT_SOCKET_STATE, of no actor and with fd -1, for each socket that is
 * new or whose state, queues, congestion window, retransmissions or drops have changed,
 * and CLOSED for a connection that is gone. A round-trip time alone is no news; nor is a
 * queue of datagrams, whose bytes are counted here with the kernel's own overhead.
 */
void trama_diag_look (TramaDiag *diag, TramaEventFunc func, gpointer user_data);
