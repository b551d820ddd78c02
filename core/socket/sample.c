/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/socket/sample.h"

#include "core/trace/span.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* The kernel's own numbers of the states, include/net/tcp_states.h, in those of RFC 9293. */
static const guint8 tcp_states[] = {
  [1] = TRAMA_TCP_ESTABLISHED, [2] = TRAMA_TCP_SYN_SENT,   [3] = TRAMA_TCP_SYN_RECEIVED,
  [4] = TRAMA_TCP_FIN_WAIT_1,  [5] = TRAMA_TCP_FIN_WAIT_2, [6] = TRAMA_TCP_TIME_WAIT,
  [7] = TRAMA_TCP_CLOSED,      [8] = TRAMA_TCP_CLOSE_WAIT, [9] = TRAMA_TCP_LAST_ACK,
  [10] = TRAMA_TCP_LISTEN,     [11] = TRAMA_TCP_CLOSING,   [12] = TRAMA_TCP_SYN_RECEIVED,
};

static gboolean
is_tcp (const TramaSampledSocket *socket)
{
  return (socket->domain == AF_INET || socket->domain == AF_INET6) && socket->type == SOCK_STREAM
         && (socket->protocol == 0 || socket->protocol == IPPROTO_TCP);
}

static void
sample_tcp (const TramaSampledSocket *socket, TramaSocketState *state)
{
  struct tcp_info info;
  socklen_t size = sizeof info;

  memset (&info, 0, sizeof info);
  if (getsockopt (socket->fd, IPPROTO_TCP, TCP_INFO, &info, &size) < 0)
    return;
  if (info.tcpi_state < G_N_ELEMENTS (tcp_states))
    state->tcp_state = tcp_states[info.tcpi_state];
  if (state->tcp_state == TRAMA_TCP_LISTEN)
    {
      /* A listener's fields have another meaning, tcp_get_info () in net/ipv4/tcp.c. */
      state->accept_queue = info.tcpi_unacked;
      state->backlog = info.tcpi_sacked;
      return;
    }
  state->cwnd_segments = info.tcpi_snd_cwnd;
  state->rtt_us = info.tcpi_rtt;
  state->retransmits = info.tcpi_total_retrans;
}

static void
sample_queues (const TramaSampledSocket *socket, TramaSocketState *state)
{
  int bytes;

  if (state->tcp_state == TRAMA_TCP_LISTEN)
    return;
  if (ioctl (socket->fd, SIOCINQ, &bytes) == 0 && bytes > 0)
    state->receive_queue_bytes = (guint32) bytes;
  if (ioctl (socket->fd, SIOCOUTQ, &bytes) == 0 && bytes > 0)
    state->send_queue_bytes = (guint32) bytes;
}

/* IPv4 and IPv6 have the port behind the family; 0 is no address to speak of. */
static gboolean
is_bound (const TramaSampledSocket *socket, const guint8 *address, socklen_t size)
{
  if (socket->domain == AF_UNIX)
    return size > sizeof (sa_family_t);
  return size >= 4 && (address[2] != 0 || address[3] != 0);
}

static void
sample_names (TramaSampledSocket *socket)
{
  socklen_t size = sizeof socket->local;

  if (socket->local_bytes == 0
      && getsockname (socket->fd, (struct sockaddr *) (gpointer) socket->local, &size) == 0
      && is_bound (socket, socket->local, size))
    socket->local_bytes = (guint8) MIN (size, sizeof socket->local);
  size = sizeof socket->peer;
  if (socket->peer_bytes == 0 && socket->role == TRAMA_ROLE_CONNECTED
      && getpeername (socket->fd, (struct sockaddr *) (gpointer) socket->peer, &size) == 0)
    socket->peer_bytes = (guint8) MIN (size, sizeof socket->peer);
}

gboolean
trama_sample_socket (TramaSampledSocket *socket, guint32 actor, TramaSocketState *state)
{
  if (socket->id == TRAMA_SOCKET_NONE)
    return FALSE;
  *state = (TramaSocketState){
    .time_ns = trama_realtime_ns (),
    .socket = socket->id,
    .actor = actor,
    .fd = socket->fd,
    .domain = socket->domain,
    .type = socket->type,
    .protocol = socket->protocol,
    .role = socket->role,
  };
  if (is_tcp (socket))
    sample_tcp (socket, state);
  sample_queues (socket, state);
  sample_names (socket);
  state->local = socket->local;
  state->local_bytes = socket->local_bytes;
  state->peer = socket->peer;
  state->peer_bytes = socket->peer_bytes;
  return TRUE;
}
