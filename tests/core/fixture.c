/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/fixture.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define ETHERNET_BYTES 14
#define IPV4_BYTES 20
#define TCP_BYTES 20
#define UDP_BYTES 8

Fixture *
fixture_new (void)
{
  Fixture *fixture = g_new0 (Fixture, 1);
  TramaEvent event = { .kind = TRAMA_EVENT_INTERFACE };

  event.interface = (TramaInterface){ .link_type = TRAMA_LINK_ETHERNET, .name = "lo" };
  fixture->store = trama_store_new ();
  fixture->fd = memfd_create ("fixture", MFD_CLOEXEC);
  g_assert_cmpint (fixture->fd, >=, 0);
  g_assert_true (trama_store_set_bytes_fd (fixture->store, fixture->fd));
  trama_store_append (&event, fixture->store);
  return fixture;
}

void
fixture_free (Fixture *fixture)
{
  trama_store_unref (fixture->store);
  close (fixture->fd);
  g_free (fixture);
}

gint64
fixture_time_ns (gint64 time_us)
{
  return time_us == FIXTURE_NEVER ? TRAMA_TIME_NONE : FIXTURE_BEGIN_NS + time_us * 1000;
}

guint
fixture_frame (Fixture *fixture, gint64 time_us, const guint8 *bytes, gsize size)
{
  TramaEvent event = { .kind = TRAMA_EVENT_PACKET };

  g_assert_cmpint (pwrite (fixture->fd, bytes, size, (off_t) fixture->size_bytes), ==, size);
  event.packet = (TramaPacket){
    .time_ns = fixture_time_ns (time_us),
    .offset = fixture->size_bytes,
    .interface = fixture->interface,
    .captured_bytes = (guint32) size,
    .length_bytes = (guint32) size,
  };
  fixture->size_bytes += size;
  trama_store_append (&event, fixture->store);
  return trama_store_n_packets (fixture->store) - 1;
}

static void
put_u16 (guint8 *place, guint16 value)
{
  place[0] = (guint8) (value >> 8);
  place[1] = (guint8) value;
}

static void
put_u32 (guint8 *place, guint32 value)
{
  put_u16 (place, (guint16) (value >> 16));
  put_u16 (place + 2, (guint16) value);
}

/* A frame up to the ports, which stand first in TCP and UDP; the payload behind it all. */
static guint8 *
frame_new (guint8 protocol, guint16 from, guint16 to, gsize transport_bytes, const char *payload, gsize *size)
{
  gsize payload_bytes = payload != NULL ? strlen (payload) : 0;
  guint8 *frame, *ip;

  *size = ETHERNET_BYTES + IPV4_BYTES + transport_bytes + payload_bytes;
  frame = g_malloc0 (*size);
  put_u16 (frame + 12, 0x0800);
  ip = frame + ETHERNET_BYTES;
  ip[0] = 0x45;
  put_u16 (ip + 2, (guint16) (*size - ETHERNET_BYTES));
  ip[8] = 64;
  ip[9] = protocol;
  put_u32 (ip + 12, INADDR_LOOPBACK);
  put_u32 (ip + 16, INADDR_LOOPBACK);
  put_u16 (ip + IPV4_BYTES, from);
  put_u16 (ip + IPV4_BYTES + 2, to);
  if (payload_bytes > 0)
    memcpy (ip + IPV4_BYTES + transport_bytes, payload, payload_bytes);
  return frame;
}

guint
fixture_tcp (Fixture *fixture,
             gint64 time_us,
             guint16 from,
             guint16 to,
             guint8 flags,
             guint32 sequence,
             guint32 acknowledgment,
             const char *payload)
{
  gsize size;
  g_autofree guint8 *frame = frame_new (IPPROTO_TCP, from, to, TCP_BYTES, payload, &size);
  guint8 *tcp = frame + ETHERNET_BYTES + IPV4_BYTES;

  put_u32 (tcp + 4, sequence);
  put_u32 (tcp + 8, acknowledgment);
  tcp[12] = (TCP_BYTES / 4) << 4;
  tcp[13] = flags;
  put_u16 (tcp + 14, 65535);
  return fixture_frame (fixture, time_us, frame, size);
}

guint
fixture_udp (Fixture *fixture, gint64 time_us, guint16 from, guint16 to, const char *payload)
{
  gsize size;
  g_autofree guint8 *frame = frame_new (IPPROTO_UDP, from, to, UDP_BYTES, payload, &size);

  put_u16 (frame + ETHERNET_BYTES + IPV4_BYTES + 4, (guint16) (UDP_BYTES + strlen (payload)));
  return fixture_frame (fixture, time_us, frame, size);
}

guint32
fixture_actor (Fixture *fixture, const char *name)
{
  TramaEvent event = { .kind = TRAMA_EVENT_ACTOR };

  event.actor = (TramaActor){
    .id = ++fixture->n_actors,
    .pid = 4000 + (gint32) fixture->n_actors,
    .start_ns = fixture_time_ns (0),
    .end_ns = TRAMA_TIME_NONE,
    .name = name,
    .program = "trama-lab",
  };
  trama_store_append (&event, fixture->store);
  return event.actor.id;
}

static TramaValue
number (gint64 value)
{
  return (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = value };
}

static TramaValue
data_value (const char *data)
{
  gsize size = data != NULL ? strlen (data) : 0;

  if (data == NULL)
    return (TramaValue){ .kind = TRAMA_VALUE_NONE };
  return (TramaValue){
    .kind = TRAMA_VALUE_DATA, .size = (guint32) size, .number = (gint64) size, .bytes = (const guint8 *) data
  };
}

static struct sockaddr_in
loopback (guint16 port)
{
  return (struct sockaddr_in){
    .sin_family = AF_INET,
    .sin_port = htons (port),
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK),
  };
}

static void
set_args (TramaCall *call, const FixtureCall *given, const struct sockaddr_in *address)
{
  TramaValue *args = call->args;
  TramaValue where = { .kind = TRAMA_VALUE_NONE };

  if (given->port != 0)
    where = (TramaValue){ .kind = TRAMA_VALUE_ADDRESS,
                          .size = sizeof *address,
                          .bytes = (const guint8 *) address };
  args[0] = number (given->fd);
  switch (given->name)
    {
    case TRAMA_CALL_SOCKET:
      args[0] = number (AF_INET);
      args[1] = number (given->number);
      args[2] = number (0);
      call->n_args = 3;
      call->fd = -1;
      break;
    case TRAMA_CALL_LISTEN:
      args[1] = number (given->number);
      call->n_args = 2;
      break;
    case TRAMA_CALL_BIND:
    case TRAMA_CALL_CONNECT:
    case TRAMA_CALL_ACCEPT:
      args[1] = where;
      args[2] = number (sizeof *address);
      call->n_args = 3;
      break;
    case TRAMA_CALL_READ:
    case TRAMA_CALL_WRITE:
      args[1] = data_value (given->data);
      args[2] = number (given->number);
      call->n_args = 3;
      break;
    case TRAMA_CALL_SEND:
    case TRAMA_CALL_RECV:
      args[1] = data_value (given->data);
      args[2] = number (given->number);
      args[3] = number (given->flags);
      call->n_args = 4;
      break;
    case TRAMA_CALL_SHUTDOWN:
      args[1] = number (given->number);
      call->n_args = 2;
      break;
    case TRAMA_CALL_SENDTO:
    case TRAMA_CALL_RECVFROM:
      args[1] = data_value (given->data);
      args[2] = number (given->number);
      args[3] = number (0);
      args[4] = where;
      args[5] = number (sizeof *address);
      call->n_args = 6;
      break;
    default:
      call->n_args = 1;
      break;
    }
}

guint
fixture_call (Fixture *fixture, const FixtureCall *given)
{
  struct sockaddr_in address = loopback (given->port);
  TramaEvent event = { .kind = TRAMA_EVENT_CALL };

  event.call = (TramaCall){
    .id = (guint64) given->actor << 32 | ++fixture->n_calls,
    .entry_ns = fixture_time_ns (given->entry_us),
    .exit_ns = TRAMA_TIME_NONE,
    .socket = given->socket,
    .fd = given->fd,
    .actor = given->actor,
    .name = given->name,
  };
  set_args (&event.call, given, &address);
  trama_store_append (&event, fixture->store);
  if (given->exit_us == FIXTURE_NEVER)
    return trama_store_n_calls (fixture->store) - 1;
  event.kind = TRAMA_EVENT_RETURN;
  event.call.exit_ns = fixture_time_ns (given->exit_us);
  event.call.result = given->result;
  event.call.error = given->error;
  event.call.made = given->made;
  event.call.flags = given->slept ? TRAMA_CALL_SLEPT : 0;
  trama_store_append (&event, fixture->store);
  return trama_store_n_calls (fixture->store) - 1;
}

void
fixture_state (Fixture *fixture,
               gint64 time_us,
               guint64 socket,
               guint8 tcp_state,
               guint16 local,
               guint16 peer)
{
  struct sockaddr_in local_address = loopback (local), peer_address = loopback (peer);
  TramaEvent event = { .kind = TRAMA_EVENT_SOCKET_STATE };

  event.state = (TramaSocketState){
    .time_ns = fixture_time_ns (time_us),
    .socket = socket,
    .domain = AF_INET,
    .type = SOCK_STREAM,
    .tcp_state = tcp_state,
    .local = (const guint8 *) &local_address,
    .local_bytes = local != 0 ? sizeof local_address : 0,
    .peer = (const guint8 *) &peer_address,
    .peer_bytes = peer != 0 ? sizeof peer_address : 0,
  };
  trama_store_append (&event, fixture->store);
}

static void
telephone_packets (Fixture *fixture)
{
  const guint8 syn = TRAMA_TCP_SYN, ack = TRAMA_TCP_ACK, fin = TRAMA_TCP_FIN, psh = TRAMA_TCP_PSH;

  fixture_tcp (fixture, 205, 40122, 5000, syn, 1000, 0, NULL);
  fixture_tcp (fixture, 208, 5000, 40122, syn | ack, 7000, 1001, NULL);
  fixture_tcp (fixture, 211, 40122, 5000, ack, 1001, 7001, NULL);
  fixture_tcp (fixture, 223, 40122, 5000, psh | ack, 1001, 7001, "Hello?\n");
  fixture_tcp (fixture, 224, 5000, 40122, ack, 7001, 1008, NULL);
  fixture_tcp (fixture, 253, 5000, 40122, psh | ack, 7001, 1008, "Speaking!\n");
  fixture_tcp (fixture, 254, 40122, 5000, ack, 1008, 7011, NULL);
  fixture_tcp (fixture, 263, 5000, 40122, fin | ack, 7011, 1008, NULL);
  fixture_tcp (fixture, 264, 40122, 5000, ack, 1008, 7012, NULL);
  fixture_tcp (fixture, 293, 40122, 5000, fin | ack, 1008, 7012, NULL);
  fixture_tcp (fixture, 294, 5000, 40122, ack, 7012, 1009, NULL);
}

static void
telephone_server (Fixture *fixture, guint32 actor)
{
  const FixtureCall calls[] = {
    { .name = TRAMA_CALL_SOCKET,
      .entry_us = 0,
      .exit_us = 5,
      .fd = -1,
      .made = 11,
      .result = 3,
      .number = SOCK_STREAM },
    { .name = TRAMA_CALL_BIND, .entry_us = 10, .exit_us = 12, .fd = 3, .socket = 11, .port = 5000 },
    { .name = TRAMA_CALL_LISTEN, .entry_us = 15, .exit_us = 17, .fd = 3, .socket = 11, .number = 5 },
    { .name = TRAMA_CALL_ACCEPT,
      .entry_us = 20,
      .exit_us = 230,
      .fd = 3,
      .socket = 11,
      .made = 12,
      .result = 4,
      .port = 40122,
      .slept = TRUE },
    { .name = TRAMA_CALL_READ,
      .entry_us = 240,
      .exit_us = 242,
      .fd = 4,
      .socket = 12,
      .result = 7,
      .data = "Hello?\n",
      .number = 64 },
    { .name = TRAMA_CALL_WRITE,
      .entry_us = 250,
      .exit_us = 256,
      .fd = 4,
      .socket = 12,
      .result = 10,
      .data = "Speaking!\n",
      .number = 10 },
    { .name = TRAMA_CALL_CLOSE, .entry_us = 260, .exit_us = 267, .fd = 4, .socket = 12 },
    { .name = TRAMA_CALL_CLOSE, .entry_us = 275, .exit_us = 277, .fd = 3, .socket = 11 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      FixtureCall call = calls[i];

      call.actor = actor;
      fixture_call (fixture, &call);
    }
}

static void
telephone_client (Fixture *fixture, guint32 actor)
{
  const FixtureCall calls[] = {
    { .name = TRAMA_CALL_SOCKET,
      .entry_us = 190,
      .exit_us = 195,
      .fd = -1,
      .made = 21,
      .result = 3,
      .number = SOCK_STREAM },
    { .name = TRAMA_CALL_CONNECT, .entry_us = 200, .exit_us = 215, .fd = 3, .socket = 21, .port = 5000 },
    { .name = TRAMA_CALL_WRITE,
      .entry_us = 220,
      .exit_us = 226,
      .fd = 3,
      .socket = 21,
      .result = 7,
      .data = "Hello?\n",
      .number = 7 },
    { .name = TRAMA_CALL_READ,
      .entry_us = 235,
      .exit_us = 280,
      .fd = 3,
      .socket = 21,
      .result = 10,
      .data = "Speaking!\n",
      .number = 64,
      .slept = TRUE },
    { .name = TRAMA_CALL_CLOSE, .entry_us = 290, .exit_us = 297, .fd = 3, .socket = 21 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      FixtureCall call = calls[i];

      call.actor = actor;
      fixture_call (fixture, &call);
    }
}

void
fixture_telephone (Fixture *fixture)
{
  TramaEvent event = { .kind = TRAMA_EVENT_SESSION };
  guint32 server, client;

  event.session = (TramaSessionRecord){ .name = "telephone", .title = "A telephone call", .text = "" };
  trama_store_append (&event, fixture->store);
  event.kind = TRAMA_EVENT_GROUND;
  event.ground = (TramaGround){ .time_ns = fixture_time_ns (0), .kind = TRAMA_GROUND_LAB, .packets = 1 };
  trama_store_append (&event, fixture->store);
  server = fixture_actor (fixture, "server");
  client = fixture_actor (fixture, "client");
  telephone_server (fixture, server);
  telephone_client (fixture, client);
  telephone_packets (fixture);
  fixture_state (fixture, 216, 21, TRAMA_TCP_ESTABLISHED, 40122, 5000);
  fixture_state (fixture, 231, 12, TRAMA_TCP_ESTABLISHED, 5000, 40122);
  event.kind = TRAMA_EVENT_OUTCOME;
  event.outcome = (TramaOutcome){ .time_ns = fixture_time_ns (300), .ok = 1 };
  trama_store_append (&event, fixture->store);
}
