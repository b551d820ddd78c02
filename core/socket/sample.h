/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

/* What the socket core remembers of one of its sockets between two calls. */
typedef struct
{
  guint64 id; /* its inode; TRAMA_SOCKET_NONE: no socket */
  gint32 fd;
  guint16 domain;
  guint16 type;
  guint16 protocol;
  guint8 role; /* TramaSocketRole */
  guint8 local_bytes;
  guint8 peer_bytes;
  guint64 received_bytes;
  guint64 sent_bytes;
  guint8 local[TRAMA_ADDRESS_MAX_BYTES];
  guint8 peer[TRAMA_ADDRESS_MAX_BYTES];
} TramaSampledSocket;

/*
 * Asks the kernel for its view of @socket: TCP_INFO (tcp(7)), SIOCINQ and SIOCOUTQ
 * (tcp(7), udp(7)), getsockname(2), getpeername(2). The addresses in @state point
 * into @socket. FALSE when it is not a socket of ours any more.
 */
gboolean trama_sample_socket (TramaSampledSocket *socket, guint32 actor, TramaSocketState *state);
