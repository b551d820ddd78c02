/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/chart/traces.h"

#include <sys/socket.h>

static void
add_event (Fixture *fixture, const TramaEvent *event)
{
  trama_store_append (event, fixture->store);
}

static void
make_nothing (Fixture *fixture)
{
}

static void
make_one_actor (Fixture *fixture)
{
  guint32 actor = fixture_actor (fixture, "alone");

  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_SOCKET,
                                         .actor = actor,
                                         .entry_us = 0,
                                         .exit_us = 3,
                                         .fd = -1,
                                         .made = 1,
                                         .result = 3,
                                         .number = SOCK_STREAM });
  fixture_call (
      fixture,
      &(FixtureCall){
          .name = TRAMA_CALL_CLOSE, .actor = actor, .entry_us = 5, .exit_us = 6, .fd = 3, .socket = 1 });
}

static void
make_one_call (Fixture *fixture)
{
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_CLOSE,
                                         .actor = fixture_actor (fixture, "brief"),
                                         .entry_us = 5,
                                         .exit_us = 5,
                                         .fd = 3 });
}

static void
make_idle_actors (Fixture *fixture)
{
  fixture_actor (fixture, "one");
  fixture_actor (fixture, "two");
}

/* The telephone on the host: calls, and a ground that says why there are no packets. */
void
make_unobserved (Fixture *fixture)
{
  const TramaEvent ground = { .kind = TRAMA_EVENT_GROUND,
                              .ground = { .kind = TRAMA_GROUND_HOST, .error = 1, .step = "unshare" } };
  guint32 server = fixture_actor (fixture, "server"), client = fixture_actor (fixture, "client");

  add_event (fixture, &ground);
  for (guint i = 0; i < 6; i++)
    fixture_call (fixture, &(FixtureCall){ .name = i % 2 ? TRAMA_CALL_WRITE : TRAMA_CALL_READ,
                                           .actor = i % 2 ? client : server,
                                           .entry_us = i * 10,
                                           .exit_us = i * 10 + 15,
                                           .fd = 3,
                                           .socket = i % 2 ? 21 : 11,
                                           .result = 5,
                                           .data = "Hello",
                                           .number = 5,
                                           .slept = i % 2 == 0 });
}

/* Packets of a capture nobody recorded calls for. */
static void
make_capture (Fixture *fixture)
{
  fixture_tcp (fixture, 0, 40122, 5000, TRAMA_TCP_SYN, 1000, 0, NULL);
  fixture_tcp (fixture, 3, 5000, 40122, TRAMA_TCP_SYN | TRAMA_TCP_ACK, 7000, 1001, NULL);
  fixture_tcp (fixture, 6, 40122, 5000, TRAMA_TCP_ACK, 1001, 7001, NULL);
  fixture_tcp (fixture, 100, 40122, 5000, TRAMA_TCP_RST, 1001, 7001, NULL);
}

static void
make_strange_frames (Fixture *fixture)
{
  fixture_frame (fixture, 0, (const guint8 *) "", 0);
  fixture_frame (fixture, 1, (const guint8 *) "\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\x08\x06", 14);
  fixture_frame (fixture, 2, (const guint8 *) "\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\x08\0\x45", 15);
}

void
make_blocked (Fixture *fixture)
{
  fixture_telephone (fixture);
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_READ,
                                         .actor = 2,
                                         .entry_us = 298,
                                         .exit_us = FIXTURE_NEVER,
                                         .fd = 3,
                                         .socket = 21,
                                         .number = 64 });
}

/* A letter, which is all of the conversation that there is. */
static void
make_letter (Fixture *fixture)
{
  guint32 receiver = fixture_actor (fixture, "receiver"), sender = fixture_actor (fixture, "sender");

  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_SOCKET,
                                         .actor = receiver,
                                         .entry_us = 0,
                                         .exit_us = 2,
                                         .fd = -1,
                                         .made = 1,
                                         .result = 3,
                                         .number = SOCK_DGRAM });
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_BIND,
                                         .actor = receiver,
                                         .entry_us = 5,
                                         .exit_us = 6,
                                         .fd = 3,
                                         .socket = 1,
                                         .port = 5000 });
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_RECVFROM,
                                         .actor = receiver,
                                         .entry_us = 8,
                                         .exit_us = 5030,
                                         .fd = 3,
                                         .socket = 1,
                                         .result = 4,
                                         .port = 40122,
                                         .data = "Dear",
                                         .number = 64,
                                         .slept = TRUE });
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_SENDTO,
                                         .actor = sender,
                                         .entry_us = 5010,
                                         .exit_us = 5025,
                                         .fd = 3,
                                         .socket = 2,
                                         .result = 4,
                                         .port = 5000,
                                         .data = "Dear",
                                         .number = 4 });
  fixture_udp (fixture, 5020, 40122, 5000, "Dear");
}

/* Sixteen actors, each calling the next, all at once. */
static void
make_many_actors (Fixture *fixture)
{
  for (guint i = 0; i < 16; i++)
    {
      g_autofree char *name = g_strdup_printf ("actor %u", i + 1);
      guint32 actor = fixture_actor (fixture, name);

      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_CONNECT,
                                             .actor = actor,
                                             .entry_us = i * 3,
                                             .exit_us = i * 3 + 40,
                                             .fd = 3,
                                             .socket = 100 + i,
                                             .port = (guint16) (5000 + (i + 1) % 16),
                                             .slept = i % 3 == 0 });
      fixture_state (fixture, i * 3 + 1, 100 + i, TRAMA_TCP_SYN_SENT, (guint16) (5000 + i),
                     (guint16) (5000 + (i + 1) % 16));
    }
  for (guint i = 0; i < 16; i++)
    fixture_tcp (fixture, 50 + i, (guint16) (5000 + i), (guint16) (5000 + (i + 1) % 16), TRAMA_TCP_SYN, i, 0,
                 NULL);
}

/* Hundreds of everything, with waits between and many at the same microsecond. */
static void
make_crowd (Fixture *fixture)
{
  guint32 actors[] = { fixture_actor (fixture, "server"), fixture_actor (fixture, "client") };

  for (guint i = 0; i < 300; i++)
    {
      gint64 time = i / 3 * 2 + i / 50 * 40000;

      fixture_tcp (fixture, time + 1, i % 2 ? 40122 : 5000, i % 2 ? 5000 : 40122,
                   i % 7 == 0 ? TRAMA_TCP_ACK : TRAMA_TCP_PSH | TRAMA_TCP_ACK, i * 100, i * 90,
                   i % 7 == 0 ? NULL : "some bytes");
      fixture_call (fixture, &(FixtureCall){ .name = i % 3 ? TRAMA_CALL_WRITE : TRAMA_CALL_READ,
                                             .actor = actors[i % 2],
                                             .entry_us = time,
                                             .exit_us = time + 1 + i % 2,
                                             .fd = 3,
                                             .socket = i % 2 ? 21 : 12,
                                             .result = 10,
                                             .data = "some bytes",
                                             .number = 10,
                                             .slept = i % 5 == 0 });
    }
}

/* What only a damaged or foreign trace holds. */
static void
make_nonsense (Fixture *fixture)
{
  TramaEvent event = { .kind = TRAMA_EVENT_CALL };

  fixture_telephone (fixture);
  event.call = (TramaCall){ .id = 1000, .name = 999, .actor = 77, .entry_ns = fixture_time_ns (3) };
  add_event (fixture, &event);
  event.call = (TramaCall){ .id = 1001,
                            .name = TRAMA_CALL_READ,
                            .actor = 1,
                            .entry_ns = fixture_time_ns (200),
                            .exit_ns = fixture_time_ns (100) };
  add_event (fixture, &event);
  event.call = (TramaCall){ .id = 1002, .name = 0, .actor = 2, .n_args = 6, .entry_ns = fixture_time_ns (3) };
  event.call.exit_ns = TRAMA_TIME_NONE;
  add_event (fixture, &event);
  event.kind = TRAMA_EVENT_NOTE;
  event.note = (TramaNote){ .time_ns = fixture_time_ns (-5000000), .text = "before it all" };
  add_event (fixture, &event);
  event.note = (TramaNote){ .time_ns = TRAMA_TIME_NONE, .text = "at no time" };
  add_event (fixture, &event);
  event.kind = TRAMA_EVENT_SOCKET_STATE;
  event.state = (TramaSocketState){ .time_ns = 5, .socket = 11, .tcp_state = 200, .role = 99, .domain = 7 };
  add_event (fixture, &event);
}

/* In the file a packet stands behind one that is 8 ms later, then every second one behind a later one. */
void
make_steps_back (Fixture *fixture)
{
  static const gint64 times[] = { 9000, 1000, 12000 };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    fixture_udp (fixture, times[i], 40122, 5000, "late");
  for (guint i = 0; i < 120; i++)
    fixture_udp (fixture, 20000 + i * 10 - (i % 2 ? 15 : 0), 40122, 5000, "mixed");
}

/* Times as far apart as a reader lets through. */
static void
make_ages (Fixture *fixture)
{
  static const gint64 times[] = { TRAMA_TIME_MIN_NS, 0, 1, TRAMA_TIME_MAX_NS };
  guint32 actor = fixture_actor (fixture, "ancient");
  TramaEvent event = { .kind = TRAMA_EVENT_CALL };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      event.call = (TramaCall){ .id = i + 1,
                                .name = TRAMA_CALL_CLOSE,
                                .actor = actor,
                                .entry_ns = times[i],
                                .exit_ns = TRAMA_TIME_MAX_NS,
                                .flags = TRAMA_CALL_SLEPT };
      add_event (fixture, &event);
    }
}

/* Everybody explains the first call at once, and one of them at length. */
static void
make_notes (Fixture *fixture)
{
  g_autoptr (GString) text = g_string_new (NULL);
  TramaEvent event = { .kind = TRAMA_EVENT_NOTE };

  fixture_telephone (fixture);
  for (guint i = 0; i < 12; i++)
    {
      g_string_append (text, "The parent must close its copy. ");
      event.note = (TramaNote){ .time_ns = fixture_time_ns (i / 4),
                                .end_ns = TRAMA_TIME_NONE,
                                .kind = TRAMA_NOTE_CAPTION + i % 3,
                                .actor = i % 3,
                                .text = text->str };
      add_event (fixture, &event);
    }
}

/* Three clients, a parent that accepts, and a worker for each that has the connection. */
void
make_workers (Fixture *fixture)
{
  guint32 server = fixture_actor (fixture, "server");

  for (guint i = 0; i < 3; i++)
    {
      guint32 client = fixture_actor (fixture, "client"), worker = fixture_actor (fixture, "worker");
      guint16 port = (guint16) (40000 + i);
      gint64 us = 1000 * i;
      const FixtureCall calls[] = {
        { .name = TRAMA_CALL_CONNECT,
          .actor = client,
          .entry_us = us,
          .exit_us = us + 20,
          .fd = 3,
          .socket = 20 + i,
          .port = 5000 },
        { .name = TRAMA_CALL_ACCEPT,
          .actor = server,
          .entry_us = us,
          .exit_us = us + 30,
          .fd = 3,
          .socket = 9,
          .made = 30 + i,
          .result = 4,
          .port = port },
        { .name = TRAMA_CALL_CLOSE,
          .actor = server,
          .entry_us = us + 300,
          .exit_us = us + 301,
          .fd = 4,
          .socket = 30 + i },
        { .name = TRAMA_CALL_WRITE,
          .actor = client,
          .entry_us = us + 100,
          .exit_us = us + 120,
          .fd = 3,
          .socket = 20 + i,
          .result = 2,
          .data = "hi" },
        { .name = TRAMA_CALL_READ,
          .actor = worker,
          .entry_us = us + 90,
          .exit_us = us + 115,
          .fd = 4,
          .socket = 30 + i,
          .result = 2,
          .data = "hi",
          .number = 64 },
      };

      for (guint call = 0; call < G_N_ELEMENTS (calls); call++)
        fixture_call (fixture, &calls[call]);
      fixture_tcp (fixture, us + 2, port, 5000, TRAMA_TCP_SYN, 100, 0, "");
      fixture_tcp (fixture, us + 5, 5000, port, TRAMA_TCP_SYN | TRAMA_TCP_ACK, 500, 101, "");
      fixture_tcp (fixture, us + 8, port, 5000, TRAMA_TCP_ACK, 101, 501, "");
      fixture_tcp (fixture, us + 110, port, 5000, TRAMA_TCP_PSH | TRAMA_TCP_ACK, 101, 501, "hi");
      fixture_tcp (fixture, us + 112, 5000, port, TRAMA_TCP_ACK, 501, 103, "");
    }
}

/* Inside the kernel one write is read in sixty parts, one right behind the other. */
static void
make_fan (Fixture *fixture)
{
  static const guint64 sockets[] = { 12, 21 };
  g_autofree char *text = g_strnfill (600, 'x');
  TramaEvent event = { .kind = TRAMA_EVENT_SOCKET_STATE };

  fixture_actor (fixture, "server");
  fixture_actor (fixture, "client");
  for (guint i = 0; i < 2; i++)
    {
      event.state = (TramaSocketState){ .time_ns = fixture_time_ns (5),
                                        .socket = sockets[i],
                                        .actor = i + 1,
                                        .fd = 3,
                                        .domain = AF_UNIX,
                                        .type = SOCK_STREAM,
                                        .peer_socket = sockets[!i] };
      add_event (fixture, &event);
    }
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_WRITE,
                                         .actor = 2,
                                         .entry_us = 20,
                                         .exit_us = 28,
                                         .fd = 3,
                                         .socket = sockets[1],
                                         .data = text,
                                         .number = 600,
                                         .result = 600 });
  for (guint i = 0; i < 60; i++)
    fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_READ,
                                           .actor = 1,
                                           .entry_us = 1000 + 5 * i,
                                           .exit_us = 1003 + 5 * i,
                                           .fd = 3,
                                           .socket = sockets[0],
                                           .data = "xxxxxxxxxx",
                                           .number = 10,
                                           .result = 10 });
}

const TestTrace test_traces[] = {
  { "nothing", make_nothing },         { "one-actor", make_one_actor },
  { "one-call", make_one_call },       { "idle-actors", make_idle_actors },
  { "telephone", fixture_telephone },  { "unobserved", make_unobserved },
  { "capture", make_capture },         { "strange-frames", make_strange_frames },
  { "blocked", make_blocked },         { "letter", make_letter },
  { "many-actors", make_many_actors }, { "crowd", make_crowd },
  { "nonsense", make_nonsense },       { "ages", make_ages },
  { "steps-back", make_steps_back },   { "notes", make_notes },
  { "workers", make_workers },         { "fan", make_fan },
};

const guint test_n_traces = G_N_ELEMENTS (test_traces);
