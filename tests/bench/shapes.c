/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/shapes.h"

#include "core/trace/call.h"
#include "tests/core/fixture.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_PACKETS 10000000
#define MOST_CALLS 1000000

#define N_FLOWS 8
#define LARGE_PART 0.7 /* of all packets are of the first conversation */
#define N_FRAMES 4     /* of a flow: RST, ACK there, ACK back, and a datagram instead of them */
#define FRAME_BYTES 54

/* Packets alone: they come in bursts, with pauses of up to half a second. */

static void
write_frame (int fd, guint flow, guint kind)
{
  guint8 frame[FRAME_BYTES] = { [12] = 0x08, [14] = 0x45, [17] = 40, [22] = 64, [23] = IPPROTO_TCP };
  guint16 port = (guint16) (40000 + flow);
  guint at = kind == 2 ? 36 : 34;

  frame[26] = frame[30] = 127;
  frame[29] = frame[33] = 1;
  frame[at] = (guint8) (port >> 8);
  frame[at + 1] = (guint8) port;
  frame[at == 34 ? 37 : 35] = 80;
  frame[46] = 0x50;
  frame[48] = 2;
  frame[47] = kind == 0 ? TRAMA_TCP_RST : TRAMA_TCP_ACK;
  if (kind == 3)
    {
      frame[23] = IPPROTO_UDP;
      frame[39] = 20;
    }
  if (write (fd, frame, sizeof frame) != sizeof frame)
    exit (1);
}

static guint
kind_of (guint flow, guint index, double luck, gboolean datagrams)
{
  if (datagrams || flow % 8 == 7)
    return 3;
  return flow != 0 && luck < 0.0001 ? 0 : 1 + index % 2;
}

/* Many packets share the bytes of few. */
static TramaStore *
packets_new (guint n_packets, gboolean datagrams)
{
  TramaStore *store = trama_store_new ();
  TramaEvent event = { .kind = TRAMA_EVENT_INTERFACE, .interface = { .link_type = 1, .name = "lo" } };
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("trama-bench-XXXXXX", &path, NULL);
  gint64 time_ns = G_GINT64_CONSTANT (1700000000000000000);

  if (fd < 0)
    exit (1);
  unlink (path);
  for (guint i = 0; i < N_FLOWS * N_FRAMES; i++)
    write_frame (fd, i / N_FRAMES, i % N_FRAMES);
  trama_store_append (&event, store);
  event.kind = TRAMA_EVENT_PACKET;
  for (guint i = 0; i < n_packets; i++)
    {
      double luck = g_rand_double (random), whose = g_rand_double (random);
      guint flow = whose < LARGE_PART ? 0
                                      : 1 + (guint) ((whose - LARGE_PART) / (1 - LARGE_PART) * (N_FLOWS - 1));
      guint kind = kind_of (flow, i, luck, datagrams);

      time_ns += luck < 0.9 ? 1000 + (gint64) (luck * 20000) : luck < 0.9999 ? 1000000 : 500000000;
      event.packet = (TramaPacket){ .time_ns = time_ns,
                                    .captured_bytes = FRAME_BYTES,
                                    .length_bytes = FRAME_BYTES + (kind == 2 ? 1448 : 0),
                                    .offset = (guint64) (flow * N_FRAMES + kind) * FRAME_BYTES };
      trama_store_append (&event, store);
    }
  trama_store_set_bytes_fd (store, fd);
  close (fd);
  return store;
}

static TramaStore *
bulk_new (guint n_events)
{
  return packets_new (n_events, FALSE);
}

static TramaStore *
datagrams_new (guint n_events)
{
  return packets_new (n_events, TRUE);
}

/* Calls and packets. */

static TramaStore *
take_store (Fixture *fixture)
{
  TramaStore *store = trama_store_ref (fixture->store);

  fixture_free (fixture);
  return store;
}

typedef struct
{
  Fixture *fixture;
  guint32 server, client;
  gint64 now_us;
  guint64 socket; /* of the client; that of the server is the next */
  guint16 port;   /* of the client */
} Talk;

static void
call (Talk *talk, guint32 actor, guint16 name, gint64 from_us, gint64 to_us, guint64 socket, const char *data)
{
  fixture_call (talk->fixture,
                &(FixtureCall){ .name = name,
                                .actor = actor,
                                .entry_us = talk->now_us + from_us,
                                .exit_us = to_us == FIXTURE_NEVER ? FIXTURE_NEVER : talk->now_us + to_us,
                                .fd = 4,
                                .socket = socket,
                                .data = data,
                                .result = data != NULL ? (gint64) strlen (data) : 0,
                                .number = 64,
                                .slept = to_us - from_us > 20 });
}

static void
packet (Talk *talk,
        gint64 at_us,
        gboolean back,
        guint8 flags,
        guint32 sequence,
        guint32 ack,
        const char *data)
{
  fixture_tcp (talk->fixture, talk->now_us + at_us, back ? 5000 : talk->port, back ? talk->port : 5000, flags,
               sequence, ack, data);
}

static void
talk_begin (Talk *talk)
{
  *talk = (Talk){ .fixture = fixture_new (), .socket = 101, .port = 10000 };
  talk->server = fixture_actor (talk->fixture, "server");
  talk->client = fixture_actor (talk->fixture, "client");
  fixture_call (talk->fixture, &(FixtureCall){ TRAMA_CALL_SOCKET, talk->server, 0, 5, -1, .made = 11,
                                               .result = 3, .number = SOCK_STREAM });
  fixture_call (talk->fixture,
                &(FixtureCall){ TRAMA_CALL_BIND, talk->server, 6, 7, 3, .socket = 11, .port = 5000 });
  fixture_call (talk->fixture,
                &(FixtureCall){ TRAMA_CALL_LISTEN, talk->server, 8, 9, 3, .socket = 11, .number = 5 });
  talk->now_us = 20;
}

/* socket() to the handshake's end. */
static void
talk_open (Talk *talk)
{
  fixture_call (talk->fixture,
                &(FixtureCall){ TRAMA_CALL_SOCKET, talk->client, talk->now_us, talk->now_us + 3, -1,
                                .made = talk->socket, .result = 3, .number = SOCK_STREAM });
  fixture_call (talk->fixture, &(FixtureCall){ TRAMA_CALL_CONNECT, talk->client, talk->now_us + 5,
                                               talk->now_us + 20, 3, talk->socket, .port = 5000 });
  packet (talk, 10, FALSE, TRAMA_TCP_SYN, 1000, 0, NULL);
  packet (talk, 12, TRUE, TRAMA_TCP_SYN | TRAMA_TCP_ACK, 7000, 1001, NULL);
  packet (talk, 14, FALSE, TRAMA_TCP_ACK, 1001, 7001, NULL);
  fixture_call (talk->fixture,
                &(FixtureCall){ TRAMA_CALL_ACCEPT, talk->server, talk->now_us + 1, talk->now_us + 22, 3, 11,
                                talk->socket + 1, 4, .port = talk->port, .slept = TRUE });
  talk->now_us += 30;
}

/* Two calls, two segments, and now and then one that lasts over several of them. */
static void
talk_say (Talk *talk, guint32 sequence, guint turn)
{
  if (turn % 64 == 0)
    call (talk, talk->server, TRAMA_CALL_POLL, -1, 64 * 40 - 5, talk->socket + 1, NULL);
  call (talk, talk->server, TRAMA_CALL_READ, 0, 30, talk->socket + 1, "Hello, hello\n");
  call (talk, talk->client, TRAMA_CALL_WRITE, 5, 12, talk->socket, "Hello, hello\n");
  packet (talk, 9, FALSE, TRAMA_TCP_PSH | TRAMA_TCP_ACK, sequence, 7001, "Hello, hello\n");
  packet (talk, 10, TRUE, TRAMA_TCP_ACK, 7001, sequence + 13, NULL);
  talk->now_us += turn % 1000 == 999 ? 50000 : 40;
}

static void
talk_close (Talk *talk)
{
  call (talk, talk->client, TRAMA_CALL_CLOSE, 0, 8, talk->socket, NULL);
  packet (talk, 2, FALSE, TRAMA_TCP_FIN | TRAMA_TCP_ACK, 1014, 7001, NULL);
  packet (talk, 4, TRUE, TRAMA_TCP_ACK, 7001, 1015, NULL);
  call (talk, talk->server, TRAMA_CALL_CLOSE, 6, 12, talk->socket + 1, NULL);
  packet (talk, 8, TRUE, TRAMA_TCP_FIN | TRAMA_TCP_ACK, 7001, 1015, NULL);
  packet (talk, 10, FALSE, TRAMA_TCP_ACK, 1015, 7002, NULL);
  talk->now_us += 40;
  talk->socket += 2;
  talk->port = (guint16) (talk->port == 60000 ? 10000 : talk->port + 1);
}

/* One connection with all its calls; calls within calls, and an accept() that lasts from the beginning to the end. */
static TramaStore *
talk_new (guint n_events)
{
  Talk talk;
  guint32 waiter;

  talk_begin (&talk);
  waiter = fixture_actor (talk.fixture, "waiter");
  talk_open (&talk);
  call (&talk, waiter, TRAMA_CALL_ACCEPT, 0, FIXTURE_NEVER, 11, NULL);
  for (guint i = 0; i < n_events / 4; i++)
    talk_say (&talk, 1001 + 13 * i, i);
  return take_store (talk.fixture);
}

/* Many short connections, one after the other, with all their calls. */
static TramaStore *
short_new (guint n_events)
{
  Talk talk;

  talk_begin (&talk);
  for (guint i = 0; i < n_events; i += 17)
    {
      talk_open (&talk);
      talk_say (&talk, 1001, 1);
      talk_close (&talk);
    }
  return take_store (talk.fixture);
}

/* Two sockets of AF_UNIX, so no packets at all. */
static TramaStore *
local_new (guint n_events)
{
  Talk talk;

  talk_begin (&talk);
  for (guint side = 0; side < 2; side++)
    {
      TramaEvent event = { .kind = TRAMA_EVENT_SOCKET_STATE };

      event.state = (TramaSocketState){ .time_ns = fixture_time_ns (1),
                                        .socket = 101 + side,
                                        .peer_socket = 102 - side,
                                        .actor = side == 0 ? talk.client : talk.server,
                                        .fd = 4,
                                        .domain = AF_UNIX,
                                        .type = SOCK_STREAM };
      trama_store_append (&event, talk.fixture->store);
    }
  for (guint i = 0; i < n_events / 2; i++)
    {
      call (&talk, talk.client, TRAMA_CALL_WRITE, 5, 8, 101, "Hello, hello\n");
      call (&talk, talk.server, TRAMA_CALL_READ, 0, 30, 102, "Hello, hello\n");
      talk.now_us += i % 1000 == 999 ? 50000 : 40;
    }
  return take_store (talk.fixture);
}

const Shape shapes[] = {
  { "bulk", MOST_PACKETS, bulk_new },   { "datagrams", MOST_PACKETS, datagrams_new },
  { "talk", MOST_CALLS, talk_new },     { "short", MOST_CALLS, short_new },
  { "AF_UNIX", MOST_CALLS, local_new }, { NULL, 0, NULL },
};
