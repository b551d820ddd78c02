/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/random_trace.h"

#include "core/trace/pcapng.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define ACTORS_MAX 5
#define SOCKETS 6
#define PORTS 4
#define MANY_PORTS 200
#define PAYLOAD_MAX_BYTES 120
#define SECOND_NS G_GINT64_CONSTANT (1000000000)
#define BEGIN_NS (1700000000 * SECOND_NS)
#define LINK_TYPE_RAW 101
#define SNAP_BYTES 65535

typedef struct
{
  GRand *rand;
  RandomTraceKind kind;
  GByteArray *out;
  gint64 now_ns;
  guint n_actors;
  guint n_ports;
  guint32 n_calls;
  TramaCall open[ACTORS_MAX]; /* id 0: it makes no call */
  guint8 bytes[256];
  struct sockaddr_un name;
  struct sockaddr_in6 address6;
  struct sockaddr_in address;
} Scribe;

static guint
pick (Scribe *scribe, guint n)
{
  return (guint) g_rand_int_range (scribe->rand, 0, (gint32) n);
}

/* From a nanosecond to an hour, each size as often as another. */
static void
let_time_pass (Scribe *scribe)
{
  guint bits = pick (scribe, pick (scribe, 20) == 0 ? 42 : 16);
  gint64 step = (gint64) (g_rand_int (scribe->rand) & G_MAXINT32) >> (31 - MIN (bits, 31))
                                                                         << (bits > 31 ? bits - 31 : 0);

  scribe->now_ns += pick (scribe, 50) == 0 ? -(step & 0xffff) : step;
}

/* pcap-savefile(5), with nanoseconds, in the byte order of this machine. */
static void
put_words (Scribe *scribe, const guint32 *words, guint n)
{
  g_byte_array_append (scribe->out, (const guint8 *) words, n * 4);
}

static void
put_record (Scribe *scribe, const TramaEvent *event)
{
  const guint32 head[] = { (guint32) (event->packet.time_ns / SECOND_NS),
                           (guint32) (event->packet.time_ns % SECOND_NS), event->packet.captured_bytes,
                           event->packet.length_bytes };

  put_words (scribe, head, G_N_ELEMENTS (head));
  g_byte_array_append (scribe->out, event->data, event->packet.captured_bytes);
}

static void
put (Scribe *scribe, const TramaEvent *event)
{
  if (scribe->kind == RANDOM_TRACE_PCAP)
    put_record (scribe, event);
  else
    trama_pcapng_write_event (scribe->out, event);
}

/* IPv4 or IPv6 with a header of @protocol; what it says of itself is not always true. */
static void
put_packet (Scribe *scribe)
{
  static const guint8 protocols[] = { 6, 6, 6, 6, 17, 17, 1, 58, 132 };
  guint8 protocol = protocols[pick (scribe, G_N_ELEMENTS (protocols))];
  gboolean six = pick (scribe, 3) == 0;
  guint head = six ? 40 : 20;
  guint payload = pick (scribe, 3) == 0 ? 0 : pick (scribe, PAYLOAD_MAX_BYTES);
  guint length = head + 20 + payload;
  guint8 packet[40 + 20 + PAYLOAD_MAX_BYTES] = { 0 };
  guint8 *inner = packet + head;
  TramaEvent event = { .kind = TRAMA_EVENT_PACKET };

  for (guint i = 0; i < payload; i++)
    inner[20 + i] = (guint8) (pick (scribe, 4) == 0 ? pick (scribe, 256) : ' ' + pick (scribe, 94));
  packet[0] = six ? 0x60 : 0x45;
  if (six)
    {
      packet[5] = (guint8) (length - head);
      packet[6] = protocol;
      packet[23] = 1;
      packet[39] = (guint8) (1 + pick (scribe, 2));
    }
  else
    {
      packet[3] = (guint8) length;
      packet[6] = pick (scribe, 20) == 0 ? 0x20 : 0; /* more fragments */
      packet[9] = protocol;
      packet[12] = packet[16] = 127;
      packet[15] = (guint8) (1 + pick (scribe, 2));
      packet[19] = (guint8) (1 + pick (scribe, 2));
    }
  inner[1] = (guint8) pick (scribe, scribe->n_ports);
  inner[0] = inner[2] = 0x10;
  inner[3] = (guint8) pick (scribe, scribe->n_ports);
  inner[5] = (guint8) (protocol == 17 ? 20 + payload
                                      : 0); /* UDP's length; TCP's sequence number begins here */
  inner[7] = (guint8) pick (scribe, 256);
  inner[11] = (guint8) pick (scribe, 256);
  inner[12] = 0x50;
  inner[13] = (guint8) (pick (scribe, 3) == 0 ? pick (scribe, 64) : 0x10);
  inner[14] = (guint8) pick (scribe, 2);

  event.packet.time_ns = scribe->now_ns;
  event.packet.captured_bytes = pick (scribe, 15) == 0 ? pick (scribe, length) : length;
  event.packet.length_bytes = length;
  event.data = packet;
  put (scribe, &event);
}

static TramaValue
random_value (Scribe *scribe)
{
  TramaValue value = { .kind = pick (scribe, 4) };

  value.number = pick (scribe, 2) ? (gint64) pick (scribe, 128)
                                  : g_rand_int_range (scribe->rand, G_MININT32, G_MAXINT32);
  if (value.kind == TRAMA_VALUE_DATA)
    {
      value.bytes = scribe->bytes;
      value.size = pick (scribe, sizeof scribe->bytes);
      value.number = value.size + pick (scribe, 2) * 5000;
    }
  else if (value.kind == TRAMA_VALUE_ADDRESS)
    {
      static const gsize offsets[] = { offsetof (Scribe, name), offsetof (Scribe, address6),
                                       offsetof (Scribe, address) };
      static const guint sizes[] = { sizeof scribe->name, sizeof scribe->address6, sizeof scribe->address };
      guint which = scribe->kind == RANDOM_TRACE_UNIX ? 0 : pick (scribe, G_N_ELEMENTS (offsets));

      value.bytes = (const guint8 *) scribe + offsets[which];
      value.size = sizes[which] - pick (scribe, 3);
    }
  return value;
}

static void
put_call (Scribe *scribe, guint actor)
{
  TramaCall *call = &scribe->open[actor];

  if (call->id == 0)
    {
      *call = (TramaCall){ .id = (guint64) (actor + 1) << 32 | ++scribe->n_calls,
                           .entry_ns = scribe->now_ns,
                           .exit_ns = TRAMA_TIME_NONE,
                           .socket = pick (scribe, SOCKETS),
                           .fd = (gint32) pick (scribe, 8) - 1,
                           .actor = actor + 1,
                           .line = pick (scribe, 40),
                           .name = (guint16) (1 + pick (scribe, TRAMA_CALL_LAST)),
                           .n_args = (guint16) pick (scribe, TRAMA_CALL_MAX_ARGS + 1) };
      for (guint i = 0; i < call->n_args; i++)
        call->args[i] = random_value (scribe);
      put (scribe, &(TramaEvent){ .kind = TRAMA_EVENT_CALL, .call = *call });
      return;
    }
  call->exit_ns = MAX (scribe->now_ns, call->entry_ns);
  call->result = pick (scribe, 3) == 0 ? -1 : (gint64) pick (scribe, 300);
  call->error = call->result < 0 ? (gint32) (1 + pick (scribe, 130)) : 0;
  call->made = pick (scribe, SOCKETS);
  call->flags = pick (scribe, 4);
  put (scribe, &(TramaEvent){ .kind = TRAMA_EVENT_RETURN, .call = *call });
  call->id = 0;
}

static void
put_state (Scribe *scribe)
{
  gboolean is_unix = scribe->kind == RANDOM_TRACE_UNIX;
  TramaSocketState state = { .time_ns = scribe->now_ns,
                             .socket = 1 + pick (scribe, SOCKETS),
                             .actor = pick (scribe, scribe->n_actors + 1),
                             .fd = (gint32) pick (scribe, 8),
                             .domain = is_unix ? AF_UNIX : AF_INET,
                             .type = SOCK_STREAM,
                             .protocol = is_unix ? 0 : IPPROTO_TCP,
                             .role = (guint8) pick (scribe, TRAMA_ROLE_CONNECTED + 1),
                             .tcp_state = is_unix ? 0 : (guint8) pick (scribe, TRAMA_TCP_TIME_WAIT + 1),
                             .receive_queue_bytes = pick (scribe, 5000),
                             .retransmits = pick (scribe, 3),
                             .local_bytes = is_unix ? sizeof scribe->name : sizeof scribe->address,
                             .local = is_unix ? (const guint8 *) &scribe->name
                                              : (const guint8 *) &scribe->address };

  put (scribe, &(TramaEvent){ .kind = TRAMA_EVENT_SOCKET_STATE, .state = state });
}

static void
put_note (Scribe *scribe)
{
  TramaNote note = { .time_ns = scribe->now_ns,
                     .end_ns = TRAMA_TIME_NONE,
                     .kind = TRAMA_NOTE_CAPTION + pick (scribe, 3),
                     .actor = pick (scribe, scribe->n_actors + 1),
                     .text = pick (scribe, 2)
                                 ? "¿Quién llama?"
                                 : "A note that says a good deal more than one line of a lane can hold." };

  put (scribe, &(TramaEvent){ .kind = TRAMA_EVENT_NOTE, .note = note });
}

static void
put_any (Scribe *scribe)
{
  gboolean has_packets = scribe->kind != RANDOM_TRACE_CALLS && scribe->kind != RANDOM_TRACE_UNIX;
  guint kind = has_packets ? pick (scribe, 100) : 45 + pick (scribe, 55);

  if (scribe->n_actors == 0 || kind < 45)
    put_packet (scribe);
  else if (kind < 85)
    put_call (scribe, pick (scribe, scribe->n_actors));
  else if (kind < 97)
    put_state (scribe);
  else
    put_note (scribe);
}

static void
put_actors (Scribe *scribe)
{
  static const char *const names[ACTORS_MAX] = { "client", "server", "a second client", "worker", "ñandú" };

  for (guint i = 0; i < scribe->n_actors; i++)
    {
      TramaActor actor = { .id = i + 1,
                           .pid = (gint32) (4000 + i),
                           .start_ns = scribe->now_ns,
                           .end_ns = TRAMA_TIME_NONE,
                           .name = names[i],
                           .program = "random" };

      put (scribe, &(TramaEvent){ .kind = TRAMA_EVENT_ACTOR, .actor = actor });
    }
}

static void
put_head (Scribe *scribe)
{
  const TramaEvent interface = {
    .kind = TRAMA_EVENT_INTERFACE,
    .interface = { .link_type = LINK_TYPE_RAW, .snap_bytes = SNAP_BYTES, .name = "lo" },
  };
  const guint32 head[] = { 0xa1b23c4d, 2 | 4 << 16, 0, 0, SNAP_BYTES, LINK_TYPE_RAW };

  if (scribe->kind == RANDOM_TRACE_PCAP)
    {
      put_words (scribe, head, G_N_ELEMENTS (head));
      return;
    }
  trama_pcapng_write_section (scribe->out, "random");
  put (scribe, &interface);
}

/* One byte in two hundred is another, and the end may be missing. */
static void
damage (Scribe *scribe)
{
  for (guint i = 0; i < scribe->out->len / 200; i++)
    scribe->out->data[pick (scribe, scribe->out->len)] = (guint8) pick (scribe, 256);
  if (pick (scribe, 2) == 0)
    g_byte_array_set_size (scribe->out, pick (scribe, scribe->out->len));
}

static guint
pick_actors (Scribe *scribe)
{
  guint n_least = scribe->kind == RANDOM_TRACE_CALLS || scribe->kind == RANDOM_TRACE_UNIX;

  if (scribe->kind == RANDOM_TRACE_FOREIGN || scribe->kind == RANDOM_TRACE_PCAP)
    return 0;
  return n_least + pick (scribe, ACTORS_MAX + 1 - n_least);
}

void
random_trace_write (const char *path, GRand *rand, RandomTraceKind kind, guint n_events)
{
  Scribe scribe = {
    .rand = rand,
    .kind = kind,
    .out = g_byte_array_new (),
    .now_ns = BEGIN_NS,
    .name = { .sun_family = AF_UNIX, .sun_path = "phone" },
    .address6 = { .sin6_family = AF_INET6, .sin6_port = htons (5000), .sin6_addr = IN6ADDR_LOOPBACK_INIT },
    .address = { .sin_family = AF_INET, .sin_port = htons (4096), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) }
  };
  for (guint i = 0; i < sizeof scribe.bytes; i++)
    scribe.bytes[i] = (guint8) g_rand_int (rand);
  scribe.n_actors = pick_actors (&scribe);
  scribe.n_ports = pick (&scribe, 4) == 0 ? MANY_PORTS : PORTS;
  put_head (&scribe);
  put_actors (&scribe);
  for (guint i = 0; i < n_events; i++)
    {
      let_time_pass (&scribe);
      put_any (&scribe);
    }
  if (kind == RANDOM_TRACE_HOSTILE)
    damage (&scribe);
  g_assert_true (g_file_set_contents (path, (const char *) scribe.out->data, scribe.out->len, NULL));
  g_byte_array_unref (scribe.out);
}
