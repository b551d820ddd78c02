/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How long the links of a trace take: 100,000 calls and a million packets, on one connection or on a
 * hundred, and with every tenth segment sent twice. Prints "packets calls links seconds" of each.
 */
#include "core/flow/links/links.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME_BYTES 54
#define PAYLOAD_BYTES 1000
#define SEGMENTS_PER_WRITE 10
#define N_CALLS 100000
#define BEGIN_NS (G_GINT64_CONSTANT (1700000000) * 1000000000)

typedef struct
{
  TramaStore *store;
  int fd;
  guint64 offset;
  gint64 now_ns;
  guint32 n_calls;
} Maker;

typedef struct
{
  guint16 port;
  guint64 sockets[2];
  guint32 sent;
} Connection;

static void
put_u16 (guint8 *at, guint value)
{
  at[0] = (guint8) (value >> 8);
  at[1] = (guint8) value;
}

static void
put_u32 (guint8 *at, guint32 value)
{
  put_u16 (at, value >> 16);
  put_u16 (at + 2, value & 0xffff);
}

static void
add_packet (Maker *maker,
            const Connection *connection,
            gboolean forth,
            guint8 flags,
            guint32 sequence,
            guint32 acknowledgment,
            guint payload)
{
  guint8 frame[FRAME_BYTES] = { [12] = 0x08, [14] = 0x45, [22] = 64, [23] = IPPROTO_TCP };
  TramaEvent event = { .kind = TRAMA_EVENT_PACKET };

  put_u16 (frame + 16, 40 + payload);
  put_u32 (frame + 26, INADDR_LOOPBACK);
  put_u32 (frame + 30, INADDR_LOOPBACK);
  put_u16 (frame + 34, forth ? connection->port : 5000);
  put_u16 (frame + 36, forth ? 5000 : connection->port);
  put_u32 (frame + 38, sequence);
  put_u32 (frame + 42, acknowledgment);
  frame[46] = 0x50;
  frame[47] = flags;
  put_u16 (frame + 48, 65535);
  if (write (maker->fd, frame, sizeof frame) != sizeof frame)
    exit (EXIT_FAILURE);
  event.packet = (TramaPacket){ .time_ns = maker->now_ns += 100,
                                .offset = maker->offset,
                                .captured_bytes = FRAME_BYTES,
                                .length_bytes = FRAME_BYTES + payload };
  maker->offset += sizeof frame;
  trama_store_append (&event, maker->store);
}

static TramaCall
begin_call (Maker *maker, guint16 name, guint32 actor, guint64 socket)
{
  TramaEvent event = { .kind = TRAMA_EVENT_CALL };

  event.call = (TramaCall){ .id = (guint64) actor << 32 | ++maker->n_calls,
                            .entry_ns = maker->now_ns += 100,
                            .exit_ns = TRAMA_TIME_NONE,
                            .socket = socket,
                            .fd = 3,
                            .actor = actor,
                            .name = name };
  trama_store_append (&event, maker->store);
  return event.call;
}

static void
end_call (Maker *maker, TramaCall *call, gint64 result)
{
  TramaEvent event = { .kind = TRAMA_EVENT_RETURN };

  call->exit_ns = maker->now_ns += 100;
  call->result = result;
  event.call = *call;
  trama_store_append (&event, maker->store);
}

static void
add_state (Maker *maker, guint64 socket, guint16 local, guint16 peer)
{
  struct sockaddr_in addresses[2] = {
    { .sin_family = AF_INET, .sin_port = htons (local), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) },
    { .sin_family = AF_INET, .sin_port = htons (peer), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) },
  };
  TramaEvent event = { .kind = TRAMA_EVENT_SOCKET_STATE };

  event.state = (TramaSocketState){ .time_ns = maker->now_ns,
                                    .socket = socket,
                                    .actor = 1,
                                    .fd = 3,
                                    .domain = AF_INET,
                                    .type = SOCK_STREAM,
                                    .tcp_state = TRAMA_TCP_ESTABLISHED,
                                    .local = (const guint8 *) &addresses[0],
                                    .local_bytes = sizeof addresses[0],
                                    .peer = (const guint8 *) &addresses[1],
                                    .peer_bytes = sizeof addresses[1] };
  trama_store_append (&event, maker->store);
}

static void
open_connection (Maker *maker, Connection *connection, guint number)
{
  connection->port = (guint16) (40000 + number);
  connection->sockets[0] = 100 + 2 * number;
  connection->sockets[1] = 101 + 2 * number;
  add_packet (maker, connection, TRUE, TRAMA_TCP_SYN, 0, 0, 0);
  add_packet (maker, connection, FALSE, TRAMA_TCP_SYN | TRAMA_TCP_ACK, 0, 1, 0);
  add_packet (maker, connection, TRUE, TRAMA_TCP_ACK, 1, 1, 0);
  add_state (maker, connection->sockets[0], connection->port, 5000);
  add_state (maker, connection->sockets[1], 5000, connection->port);
}

static void
write_and_read (Maker *maker, Connection *connection, gboolean resends)
{
  const guint32 n = SEGMENTS_PER_WRITE * PAYLOAD_BYTES;
  TramaCall call = begin_call (maker, TRAMA_CALL_WRITE, 1, connection->sockets[0]);

  call.stream_offset = connection->sent;
  for (guint i = 0; i < SEGMENTS_PER_WRITE; i++)
    {
      guint32 sequence = connection->sent + 1 + i * PAYLOAD_BYTES;

      add_packet (maker, connection, TRUE, TRAMA_TCP_ACK, sequence, 1, PAYLOAD_BYTES);
      if (resends && i == 0)
        add_packet (maker, connection, TRUE, TRAMA_TCP_ACK, sequence, 1, PAYLOAD_BYTES);
      else
        add_packet (maker, connection, FALSE, TRAMA_TCP_ACK, 1, sequence + PAYLOAD_BYTES, 0);
    }
  end_call (maker, &call, n);
  call = begin_call (maker, TRAMA_CALL_READ, 2, connection->sockets[1]);
  call.stream_offset = connection->sent;
  end_call (maker, &call, n);
  connection->sent += n;
}

static void
measure (guint n_connections, gboolean resends)
{
  Maker maker = { trama_store_new (), memfd_create ("links", MFD_CLOEXEC), 0, BEGIN_NS, 0 };
  TramaEvent event = { .kind = TRAMA_EVENT_INTERFACE };
  g_autofree Connection *connections = g_new0 (Connection, n_connections);
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaLinks) links = NULL;
  gint64 begin_us;

  event.interface = (TramaInterface){ .link_type = TRAMA_LINK_ETHERNET, .name = "lo" };
  trama_store_append (&event, maker.store);
  for (guint i = 0; i < n_connections; i++)
    open_connection (&maker, &connections[i], i);
  for (guint i = 0; i < N_CALLS / 2; i++)
    write_and_read (&maker, &connections[i % n_connections], resends);
  if (!trama_store_set_bytes_fd (maker.store, maker.fd))
    exit (EXIT_FAILURE);
  table = trama_flow_table_new (maker.store);
  begin_us = g_get_monotonic_time ();
  links = trama_links_new (table);
  printf ("%u packets, %u calls, %u connections: %u links, %.3f s\n", trama_store_n_packets (maker.store),
          trama_store_n_calls (maker.store), n_connections, trama_links_n_links (links),
          (double) (g_get_monotonic_time () - begin_us) / 1e6);
  close (maker.fd);
  trama_store_unref (maker.store);
}

int
main (void)
{
  measure (1, FALSE);
  measure (100, FALSE);
  measure (10000, FALSE);
  measure (100, TRUE);
  return EXIT_SUCCESS;
}
