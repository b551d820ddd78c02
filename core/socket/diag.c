/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/socket/diag.h"

#include "core/socket/sample.h"
#include "core/socket/sock_diag.h"
#include "core/trace/span.h"

#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* What was seen of a socket when it was last there. */
typedef struct
{
  TramaSocketState state; /* its addresses are .local and .peer */
  guint64 look;
  struct sockaddr_in6 local; /* or a struct sockaddr_in */
  struct sockaddr_in6 peer;
} Seen;

/* Whose connection it was, as long as the kernel has it without its inode. */
typedef struct
{
  guint64 cookie; /* the key: its ends may be another's by the next look */
  guint64 socket;
  guint64 look;
} Orphan;

struct _TramaDiag
{
  TramaStreams *streams; /* borrowed */
  TramaSockDiag *sock_diag;
  GHashTable *seen;    /* of Seen, by inode */
  GHashTable *orphans; /* of Orphan, by its cookie */
  guint64 look;        /* counted from 1 */
  gint64 now_ns;
  TramaEventFunc func; /* during a look */
  gpointer user_data;
};

TramaDiag *
trama_diag_new (TramaStreams *streams)
{
  TramaSockDiag *sock_diag = trama_sock_diag_new ();
  TramaDiag *diag;

  if (sock_diag == NULL)
    return NULL;
  diag = g_new0 (TramaDiag, 1);
  diag->streams = streams;
  diag->sock_diag = sock_diag;
  diag->seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  diag->orphans = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  return diag;
}

void
trama_diag_free (TramaDiag *diag)
{
  if (diag == NULL)
    return;
  trama_sock_diag_free (diag->sock_diag);
  g_hash_table_unref (diag->seen);
  g_hash_table_unref (diag->orphans);
  g_free (diag);
}

static gboolean
is_same (const TramaSocketState *a, const TramaSocketState *b)
{
  gboolean is_stream = b->type == SOCK_STREAM || b->domain == AF_UNIX;

  return a->tcp_state == b->tcp_state && a->role == b->role && a->accept_queue == b->accept_queue
         && a->backlog == b->backlog && a->cwnd_segments == b->cwnd_segments
         && a->retransmits == b->retransmits && a->drops == b->drops && a->peer_socket == b->peer_socket
         && a->local_bytes == b->local_bytes && a->peer_bytes == b->peer_bytes
         && (!is_stream
             || (a->receive_queue_bytes == b->receive_queue_bytes
                 && a->send_queue_bytes == b->send_queue_bytes));
}

static Seen *
get_seen (TramaDiag *diag, guint64 socket)
{
  Seen *seen = g_hash_table_lookup (diag->seen, &socket);

  if (seen != NULL)
    return seen;
  seen = g_new0 (Seen, 1);
  seen->state.socket = socket;
  g_hash_table_insert (diag->seen, &seen->state.socket, seen);
  return seen;
}

/* @local and @peer are NULL, or struct sockaddr_in or _in6, as the sizes in @state say. */
static void
tell (TramaDiag *diag, const TramaSocketState *state, const void *local, const void *peer)
{
  Seen *seen = get_seen (diag, state->socket);
  gboolean is_news = seen->look == 0 || !is_same (&seen->state, state);
  TramaEvent event = { .kind = TRAMA_EVENT_SOCKET_STATE };

  seen->look = diag->look;
  seen->state = *state;
  if (state->local_bytes > 0)
    memcpy (&seen->local, local, state->local_bytes);
  if (state->peer_bytes > 0)
    memcpy (&seen->peer, peer, state->peer_bytes);
  if (!is_news)
    return;
  event.state = *state;
  event.state.local = (const guint8 *) &seen->local;
  event.state.peer = (const guint8 *) &seen->peer;
  diag->func (&event, diag->user_data);
}

static guint32
make_address (struct sockaddr_in6 *address, guint8 family, const __be32 *host, __be16 port)
{
  static const __be32 nowhere[4] = { 0 };
  struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = port, .sin_addr.s_addr = host[0] };
  gsize host_bytes = family == AF_INET6 ? 16 : 4;

  if (port == 0 && memcmp (host, nowhere, host_bytes) == 0)
    return 0;
  memset (address, 0, sizeof *address);
  if (family == AF_INET)
    {
      memcpy (address, &in, sizeof in);
      return sizeof in;
    }
  address->sin6_family = AF_INET6;
  address->sin6_port = port;
  memcpy (&address->sin6_addr, host, host_bytes);
  return sizeof *address;
}

/* Whose it was is looked for once, as long as it stays. */
static guint64
find_owner (TramaDiag *diag,
            const TramaSocketState *state,
            const void *local,
            const void *peer,
            guint64 cookie)
{
  TramaEndpoint ends[2];
  Orphan *orphan = g_hash_table_lookup (diag->orphans, &cookie);

  if (orphan == NULL)
    {
      guint64 socket = TRAMA_SOCKET_NONE;

      if (trama_endpoint_from_address (&ends[0], local, state->local_bytes)
          && trama_endpoint_from_address (&ends[1], peer, state->peer_bytes))
        socket = trama_streams_find (diag->streams, state->type, &ends[0], &ends[1], cookie);
      if (socket == TRAMA_SOCKET_NONE)
        return TRAMA_SOCKET_NONE;
      orphan = g_new0 (Orphan, 1);
      orphan->cookie = cookie;
      orphan->socket = socket;
      g_hash_table_insert (diag->orphans, &orphan->cookie, orphan);
    }
  orphan->look = diag->look;
  return orphan->socket;
}

static guint8
role_of (guint kernel_state, gboolean has_name)
{
  switch (trama_sample_tcp_state (kernel_state))
    {
    case TRAMA_TCP_LISTEN:
      return TRAMA_ROLE_PASSIVE;
    case TRAMA_TCP_CLOSED:
      return has_name ? TRAMA_ROLE_BOUND : TRAMA_ROLE_UNBOUND;
    case TRAMA_TCP_SYN_SENT:
      return TRAMA_ROLE_ACTIVE;
    default:
      return TRAMA_ROLE_CONNECTED;
    }
}

/* The kernel counts a SYN and a FIN as a byte here, unlike SIOCINQ and SIOCOUTQ. */
static void
read_tcp (const struct nlmsghdr *message, const struct inet_diag_msg *found, TramaSocketState *state)
{
  gsize length = 0;
  gconstpointer bytes = trama_sock_diag_find (message, sizeof *found, INET_DIAG_INFO,
                                              offsetof (struct tcp_info, tcpi_pacing_rate), &length);
  struct tcp_info info = { 0 };

  state->tcp_state = trama_sample_tcp_state (found->idiag_state);
  if (state->tcp_state == TRAMA_TCP_LISTEN)
    {
      state->accept_queue = found->idiag_rqueue;
      state->backlog = found->idiag_wqueue;
      return;
    }
  state->receive_queue_bytes = found->idiag_rqueue;
  state->send_queue_bytes = found->idiag_wqueue;
  if (state->tcp_state == TRAMA_TCP_SYN_SENT || state->tcp_state == TRAMA_TCP_SYN_RECEIVED)
    state->send_queue_bytes = 0;
  if (state->tcp_state >= TRAMA_TCP_CLOSE_WAIT && state->receive_queue_bytes > 0)
    state->receive_queue_bytes--;
  if (bytes == NULL)
    return;
  memcpy (&info, bytes, MIN (length, sizeof info));
  state->cwnd_segments = info.tcpi_snd_cwnd;
  state->rtt_us = info.tcpi_rtt;
  state->retransmits = info.tcpi_total_retrans;
}

static void
on_internet (TramaDiag *diag, const struct nlmsghdr *message, guint16 type, guint16 protocol)
{
  const struct inet_diag_msg *found = NLMSG_DATA (message);
  const guint32 *numbers = trama_sock_diag_find (message, sizeof *found, INET_DIAG_SKMEMINFO,
                                                 (SK_MEMINFO_DROPS + 1) * sizeof *numbers, NULL);
  struct sockaddr_in6 local, peer;
  TramaSocketState state = {
    .time_ns = diag->now_ns,
    .socket = found->idiag_inode,
    .fd = -1,
    .domain = found->idiag_family,
    .type = type,
    .protocol = protocol,
    .drops = numbers != NULL ? numbers[SK_MEMINFO_DROPS] : 0,
  };

  state.local_bytes = make_address (&local, found->idiag_family, found->id.idiag_src, found->id.idiag_sport);
  state.peer_bytes = make_address (&peer, found->idiag_family, found->id.idiag_dst, found->id.idiag_dport);
  state.role = role_of (found->idiag_state, state.local_bytes > 0);
  if (protocol == IPPROTO_TCP)
    read_tcp (message, found, &state);
  else
    {
      state.receive_queue_bytes = found->idiag_rqueue;
      state.send_queue_bytes = found->idiag_wqueue;
    }
  if (state.socket == TRAMA_SOCKET_NONE)
    state.socket = find_owner (diag, &state, &local, &peer,
                               (guint64) found->id.idiag_cookie[1] << 32 | found->id.idiag_cookie[0]);
  else if (!trama_streams_knows (diag->streams, state.socket))
    return;
  if (state.socket != TRAMA_SOCKET_NONE)
    tell (diag, &state, &local, &peer);
}

static void
on_tcp (const struct nlmsghdr *message, gpointer user_data)
{
  on_internet (user_data, message, SOCK_STREAM, IPPROTO_TCP);
}

static void
on_udp (const struct nlmsghdr *message, gpointer user_data)
{
  on_internet (user_data, message, SOCK_DGRAM, IPPROTO_UDP);
}

static void
on_unix (const struct nlmsghdr *message, gpointer user_data)
{
  const struct unix_diag_msg *found = NLMSG_DATA (message);
  TramaDiag *diag = user_data;
  TramaUnixView view;
  TramaSocketState state;

  if (!trama_streams_knows (diag->streams, found->udiag_ino))
    return;
  trama_sock_diag_read_unix (message, &view);
  state = (TramaSocketState){
    .time_ns = diag->now_ns,
    .socket = view.socket,
    .fd = -1,
    .domain = AF_UNIX,
    .type = found->udiag_type,
    .role = role_of (found->udiag_state, FALSE),
    .accept_queue = view.listens ? view.receive_queue_bytes : 0,
    .backlog = view.listens ? view.send_queue_bytes : 0,
    .receive_queue_bytes = view.listens ? 0 : view.receive_queue_bytes,
    .send_queue_bytes = view.listens ? 0 : view.send_queue_bytes,
    .peer_socket = view.peer,
  };
  tell (diag, &state, NULL, NULL);
}

/* What the kernel does not have any more, or keeps without a place among the connections, is CLOSED. */
static gboolean
is_gone (gpointer key, gpointer value, gpointer user_data)
{
  const TramaDiag *diag = user_data;
  Seen *seen = value;

  if (seen->look == diag->look)
    return FALSE;
  if (seen->state.tcp_state > TRAMA_TCP_LISTEN)
    {
      TramaEvent event = { .kind = TRAMA_EVENT_SOCKET_STATE, .state = seen->state };

      event.state.time_ns = diag->now_ns;
      event.state.tcp_state = TRAMA_TCP_CLOSED;
      event.state.receive_queue_bytes = event.state.send_queue_bytes = 0;
      event.state.local = (const guint8 *) &seen->local;
      event.state.peer = (const guint8 *) &seen->peer;
      diag->func (&event, diag->user_data);
    }
  return TRUE;
}

static gboolean
is_buried (gpointer key, gpointer value, gpointer user_data)
{
  const Orphan *orphan = value;
  const TramaDiag *diag = user_data;

  return orphan->look != diag->look;
}

void
trama_diag_look (TramaDiag *diag, TramaEventFunc func, gpointer user_data)
{
  static const guint8 domains[] = { AF_INET, AF_INET6 };

  diag->look++;
  diag->now_ns = trama_realtime_ns ();
  diag->func = func;
  diag->user_data = user_data;
  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    {
      if (trama_streams_has_kind (diag->streams, domains[i], SOCK_STREAM))
        trama_sock_diag_dump_inet (diag->sock_diag, domains[i], IPPROTO_TCP, on_tcp, diag);
      if (trama_streams_has_kind (diag->streams, domains[i], SOCK_DGRAM))
        trama_sock_diag_dump_inet (diag->sock_diag, domains[i], IPPROTO_UDP, on_udp, diag);
    }
  if (trama_streams_has_kind (diag->streams, AF_UNIX, 0))
    trama_sock_diag_dump_unix (diag->sock_diag, on_unix, diag);
  g_hash_table_foreach_remove (diag->seen, is_gone, diag);
  g_hash_table_foreach_remove (diag->orphans, is_buried, diag);
}
