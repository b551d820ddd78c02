/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/socket/sample.h"

#include "core/trace/span.h"

#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

TramaTcpState
trama_sample_tcp_state (guint state)
{
  static const guint8 states[] = {
    [1] = TRAMA_TCP_ESTABLISHED, [2] = TRAMA_TCP_SYN_SENT,   [3] = TRAMA_TCP_SYN_RECEIVED,
    [4] = TRAMA_TCP_FIN_WAIT_1,  [5] = TRAMA_TCP_FIN_WAIT_2, [6] = TRAMA_TCP_TIME_WAIT,
    [7] = TRAMA_TCP_CLOSED,      [8] = TRAMA_TCP_CLOSE_WAIT, [9] = TRAMA_TCP_LAST_ACK,
    [10] = TRAMA_TCP_LISTEN,     [11] = TRAMA_TCP_CLOSING,   [12] = TRAMA_TCP_SYN_RECEIVED,
  };

  return state < G_N_ELEMENTS (states) ? states[state] : TRAMA_TCP_UNKNOWN;
}

static gboolean
is_internet (const TramaSampledSocket *socket)
{
  return socket->domain == AF_INET || socket->domain == AF_INET6;
}

static gboolean
is_tcp (const TramaSampledSocket *socket)
{
  return is_internet (socket) && socket->type == SOCK_STREAM
         && (socket->protocol == 0 || socket->protocol == IPPROTO_TCP);
}

static void
sample_tcp (int fd, TramaSocketState *state)
{
  struct tcp_info info = { 0 };
  socklen_t size = sizeof info;

  if (getsockopt (fd, IPPROTO_TCP, TCP_INFO, &info, &size) < 0)
    return;
  state->tcp_state = trama_sample_tcp_state (info.tcpi_state);
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

/* A stream loses nothing, but a listener may turn connections away. */
static void
sample_drops (const TramaSampledSocket *socket, int fd, TramaSocketState *state)
{
  guint32 numbers[SK_MEMINFO_VARS] = { 0 };
  socklen_t size = sizeof numbers;

  if (is_tcp (socket) && state->tcp_state != TRAMA_TCP_LISTEN)
    return;
  if (getsockopt (fd, SOL_SOCKET, SO_MEMINFO, numbers, &size) == 0)
    state->drops = numbers[SK_MEMINFO_DROPS];
}

static void
sample_queues (int fd, TramaSocketState *state)
{
  int bytes;

  if (ioctl (fd, SIOCINQ, &bytes) == 0 && bytes > 0)
    state->receive_queue_bytes = (guint32) bytes;
  if (ioctl (fd, SIOCOUTQ, &bytes) == 0 && bytes > 0)
    state->send_queue_bytes = (guint32) bytes;
}

/* The peer of a connection that waits to be accepted has no inode yet: it is asked for again. */
static void
sample_unix (TramaSampledSocket *socket, TramaSockDiag *diag, TramaSocketState *state)
{
  gboolean has_peer = socket->role == TRAMA_ROLE_CONNECTED && socket->peer_id == TRAMA_SOCKET_NONE;
  TramaUnixView view = { 0 };

  if (diag == NULL || (!has_peer && socket->role != TRAMA_ROLE_PASSIVE)
      || !trama_sock_diag_ask_unix (diag, socket->id, &view))
    return;
  if (has_peer)
    socket->peer_id = view.peer;
  if (view.listens)
    {
      state->accept_queue = view.receive_queue_bytes;
      state->backlog = view.send_queue_bytes;
    }
}

/* The port is behind the family; what a raw socket has there is its protocol, raw(7). */
static gboolean
is_bound (const TramaSampledSocket *socket, const guint8 *address, socklen_t size)
{
  static const guint8 nowhere[16] = { 0 };
  gsize host = socket->domain == AF_INET6 ? 8 : 4;
  gsize host_bytes = socket->domain == AF_INET6 ? 16 : 4;

  if (socket->domain == AF_UNIX)
    return size > sizeof (sa_family_t);
  if (socket->type == SOCK_RAW)
    return size >= host + host_bytes && memcmp (address + host, nowhere, host_bytes) != 0;
  return size >= 4 && (address[2] != 0 || address[3] != 0);
}

/* 0: the kernel has none; Linux has since 4.12. */
static guint64
ask_cookie (int fd)
{
  guint64 cookie = 0;
  socklen_t size = sizeof cookie;

  return getsockopt (fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) == 0 ? cookie : 0;
}

static void
sample_names (TramaSampledSocket *socket, int fd)
{
  socklen_t size = sizeof socket->local;
  TramaEndpoint local, peer;
  gboolean news = FALSE;

  if (socket->local_bytes == 0 && getsockname (fd, (struct sockaddr *) (gpointer) socket->local, &size) == 0
      && is_bound (socket, socket->local, size))
    {
      socket->local_bytes = (guint8) MIN (size, sizeof socket->local);
      news = TRUE;
    }
  size = sizeof socket->peer;
  if (socket->peer_bytes == 0 && socket->role == TRAMA_ROLE_CONNECTED
      && getpeername (fd, (struct sockaddr *) (gpointer) socket->peer, &size) == 0)
    {
      socket->peer_bytes = (guint8) MIN (size, sizeof socket->peer);
      news = TRUE;
    }
  if (news && trama_endpoint_from_address (&local, socket->local, socket->local_bytes)
      && trama_endpoint_from_address (&peer, socket->peer, socket->peer_bytes))
    trama_stream_set_ends (socket->stream, socket->type, &local, &peer, ask_cookie (fd));
}

/* What the calls alone do not tell: a connection that came about later, a port the kernel chose. */
static void
correct_role (TramaSampledSocket *socket, guint tcp_state)
{
  if (tcp_state == TRAMA_TCP_LISTEN)
    socket->role = TRAMA_ROLE_PASSIVE;
  else if (tcp_state == TRAMA_TCP_ESTABLISHED || tcp_state == TRAMA_TCP_CLOSE_WAIT)
    socket->role = TRAMA_ROLE_CONNECTED;
  else if (tcp_state == TRAMA_TCP_CLOSED && socket->role == TRAMA_ROLE_PASSIVE)
    socket->role = TRAMA_ROLE_BOUND;
}

void
trama_sample_socket (TramaSampledSocket *socket,
                     int fd,
                     guint32 actor,
                     TramaSockDiag *diag,
                     TramaSocketState *state)
{
  *state = (TramaSocketState){
    .time_ns = trama_realtime_ns (),
    .socket = socket->id,
    .actor = actor,
    .fd = fd,
    .domain = socket->domain,
    .type = socket->type,
    .protocol = socket->protocol,
  };
  if (is_tcp (socket))
    {
      sample_tcp (fd, state);
      correct_role (socket, state->tcp_state);
    }
  if (socket->domain == AF_UNIX)
    sample_unix (socket, diag, state);
  if (socket->role != TRAMA_ROLE_PASSIVE)
    sample_queues (fd, state);
  sample_drops (socket, fd, state);
  sample_names (socket, fd);
  if (socket->role == TRAMA_ROLE_UNBOUND && socket->local_bytes > 0)
    socket->role = TRAMA_ROLE_BOUND;
  socket->sampled_ns = state->time_ns;
  state->role = socket->role;
  state->peer_socket = socket->peer_id;
  state->local = socket->local;
  state->local_bytes = socket->local_bytes;
  state->peer = socket->peer;
  state->peer_bytes = socket->peer_bytes;
}

static guint16
ask_number (int fd, int option)
{
  int number = 0;
  socklen_t size = sizeof number;

  return getsockopt (fd, SOL_SOCKET, option, &number, &size) == 0 ? (guint16) number : 0;
}

void
trama_sample_stranger (TramaSampledSocket *socket, int fd)
{
  struct sockaddr_storage peer;
  socklen_t size = sizeof peer;

  socket->domain = ask_number (fd, SO_DOMAIN);
  socket->type = ask_number (fd, SO_TYPE);
  socket->protocol = ask_number (fd, SO_PROTOCOL);
  if (ask_number (fd, SO_ACCEPTCONN) != 0)
    socket->role = TRAMA_ROLE_PASSIVE;
  else if (getpeername (fd, (struct sockaddr *) &peer, &size) == 0)
    socket->role = TRAMA_ROLE_CONNECTED;
}
