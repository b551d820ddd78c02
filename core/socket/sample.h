/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/socket/sock_diag.h"
#include "core/socket/streams.h"
#include "core/trace/event.h"

/* What the socket core remembers of one of its sockets between two calls. */
typedef struct
{
  guint64 id;      /* its inode */
  guint64 peer_id; /* of AF_UNIX: that of its peer; TRAMA_SOCKET_NONE: not known */
  guint16 domain;
  guint16 type;
  guint16 protocol;
  guint8 role;        /* TramaSocketRole */
  guint8 local_bytes; /* 0: to be asked for */
  guint8 peer_bytes;
  guint n_descriptors; /* that this process has of it */
  TramaStream *stream; /* borrowed, or .own when the table was full */
  TramaStream own;

  gint64 called_ns;  /* when the last call on it came back */
  gint64 sampled_ns; /* when the kernel was asked last */
  guint n_quick;     /* calls without a pause before them */

  guint8 local[TRAMA_ADDRESS_MAX_BYTES];
  guint8 peer[TRAMA_ADDRESS_MAX_BYTES];
} TramaSampledSocket;

/*
 * Asks the kernel for its view of @socket through @fd: TCP_INFO (tcp(7)), SIOCINQ and
 * SIOCOUTQ (tcp(7), udp(7), unix(7)), SO_MEMINFO, getsockname(2), getpeername(2), and
 * @diag, NULL when there is none, for what AF_UNIX tells nowhere else. What is found
 * corrects the role. The addresses in @state point into @socket.
 */
void trama_sample_socket (TramaSampledSocket *socket,
                          int fd,
                          guint32 actor,
                          TramaSockDiag *diag,
                          TramaSocketState *state);

/* A socket another process made: its domain, type, protocol and role, as the kernel tells them. */
void trama_sample_stranger (TramaSampledSocket *socket, int fd);

/* The number of a TCP state in include/net/tcp_states.h, as sock_diag(7) and TCP_INFO give it, in RFC 9293's. */
TramaTcpState trama_sample_tcp_state (guint state);
