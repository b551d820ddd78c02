/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/why/finding.h"
#include "tests/core/flow/segment.h"

#include <sys/socket.h>

/* Conversations that are almost what a rule is about, and must not be taken for it. */

enum
{
  FIN = TRAMA_TCP_FIN,
  SYN = TRAMA_TCP_SYN,
  RST = TRAMA_TCP_RST,
  PSH = TRAMA_TCP_PSH,
  ACK = TRAMA_TCP_ACK,
  CLIENT = 40000,
  SERVER = 80,
  PACKETS_MAX = 16,
};

/* The ISNs are 1000 and 7000. */
typedef struct
{
  gint64 time_us;
  guint16 from; /* 0: there are no more */
  guint8 flags;
  guint32 sequence;
  guint32 acknowledgment;
  const char *payload;
} Packet;

#define HANDSHAKE                                                                                            \
  { 0, CLIENT, SYN, 1000, 0, NULL }, { 1000, SERVER, SYN | ACK, 7000, 1001 },                                \
  {                                                                                                          \
    1010, CLIENT, ACK, 1001, 7001                                                                            \
  }

#define CLOSE_AT(us, client, server)                                                                         \
  { us, CLIENT, FIN | ACK, client, server, NULL }, { us + 1000, SERVER, FIN | ACK, server, client + 1 },     \
  {                                                                                                          \
    us + 1010, CLIENT, ACK, client + 1, server + 1                                                           \
  }

typedef struct
{
  const char *what;
  const char *expected; /* the rules */
  Packet packets[PACKETS_MAX];
} Case;

static const Case cases[] = {
  { "a reset with another number refuses nothing",
    "",
    { { 0, CLIENT, SYN, 1000, 0 }, { 900, SERVER, RST | ACK, 0, 900000 } } },
  { "a SYN that is seen twice at once is not sent again",
    "",
    { { 0, CLIENT, SYN, 1000, 0 },
      { 3, CLIENT, SYN, 1000, 0 },
      { 1000, SERVER, SYN | ACK, 7000, 1001 },
      { 1010, CLIENT, ACK, 1001, 7001 } } },
  { "a SYN that comes again is no other connection",
    "syn-resent ",
    { { 0, CLIENT, SYN, 1000, 0 },
      { 1000000, CLIENT, SYN, 1000, 0 },
      { 1001000, SERVER, SYN | ACK, 7000, 1001 },
      { 1001010, CLIENT, ACK, 1001, 7001 } } },
  { "what nobody answers is not closed", "", { HANDSHAKE, { 2000000, CLIENT, FIN | ACK, 1001, 7001 } } },
  { "a reset behind both FINs ends nothing",
    "closed-first ",
    { HANDSHAKE,
      { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
      { 3000, SERVER, ACK, 7001, 1007 },
      CLOSE_AT (10000, 1007, 7001),
      { 12000, SERVER, RST, 7002, 0 } } },
  { "data that cross a FIN follow no half-close",
    "closed-first ",
    { HANDSHAKE,
      { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
      { 3000, SERVER, ACK, 7001, 1007 },
      { 10000, CLIENT, FIN | ACK, 1007, 7001 },
      { 10010, SERVER, PSH | ACK, 7001, 1007, "Hello!" },
      { 11000, SERVER, FIN | ACK, 7007, 1008 },
      { 11010, CLIENT, ACK, 1008, 7008 } } },
  { "two duplicate ACKs ask for nothing",
    "",
    { HANDSHAKE,
      { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
      { 3000, SERVER, ACK, 7001, 1007 },
      { 4000, SERVER, ACK, 7001, 1007 },
      { 4500, SERVER, ACK, 7001, 1007 },
      { 5000, CLIENT, PSH | ACK, 1007, 7001, "Hello?" },
      { 6000, SERVER, ACK, 7001, 1013 } } },
  { "an ACK after 10 ms was not delayed",
    "",
    { HANDSHAKE,
      { 2000, CLIENT, PSH | ACK, 1001, 7001, "GET " },
      { 12000, SERVER, ACK, 7001, 1005 },
      { 12010, CLIENT, PSH | ACK, 1005, 7001, "/" },
      { 13000, SERVER, ACK, 7001, 1006 } } },
  { "a probe that is answered finds nobody gone",
    "keep-alive ",
    { HANDSHAKE,
      { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
      { 3000, SERVER, ACK, 7001, 1007 },
      { 75000000, CLIENT, ACK, 1006, 7001 },
      { 75001000, SERVER, ACK, 7001, 1007 } } },
  { "what is sent again twice, and answered, is no vanished peer",
    "retransmission-timeout retransmission-backoff ",
    { HANDSHAKE,
      { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
      { 203000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
      { 605000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
      { 606000, SERVER, ACK, 7001, 1007 } } },
  { "a side of which one segment was seen was captured",
    "began-before ",
    { { 0, CLIENT, PSH | ACK, 1001, 7001, "Hello?" }, { 1000, SERVER, ACK, 7001, 1007 } } },
  { "a SYN ACK again, because the ACK was lost",
    "syn-resent ",
    { { 0, CLIENT, SYN, 1000, 0 },
      { 1000, SERVER, SYN | ACK, 7000, 1001 },
      { 1001000, SERVER, SYN | ACK, 7000, 1001 },
      { 1002000, CLIENT, ACK, 1001, 7001 },
      { 1003000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
      { 1004000, SERVER, ACK, 7001, 1007 } } },
  { "who goes on after a reset in its name found nobody gone",
    "aborted ",
    { HANDSHAKE,
      { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
      { 2500, SERVER, RST | ACK, 7001, 1007 },
      { 3000, SERVER, ACK, 7001, 1007 },
      { 4000, SERVER, PSH | ACK, 7001, 1007, "Hello!" },
      { 4010, CLIENT, RST, 1007, 0 } } },
  { "two segments that changed places on their way were not lost",
    "",
    { HANDSHAKE,
      { 2000, CLIENT, PSH | ACK, 1007, 7001, "World?" },
      { 2020, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
      { 3000, SERVER, ACK, 7001, 1013 } } },
  { "a capture that ends with the second SYN",
    "syn-resent ",
    { { 0, CLIENT, SYN, 1000, 0 }, { 1000000, CLIENT, SYN, 1000, 0 } } },
  { "a server that thinks for 40 ms delays no ACK",
    "",
    { HANDSHAKE,
      { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
      { 42000, SERVER, PSH | ACK, 7001, 1007, "Hello!" },
      { 42100, CLIENT, PSH | ACK, 1007, 7007, "World?" },
      { 82000, SERVER, PSH | ACK, 7007, 1013, "World!" },
      { 82010, CLIENT, ACK, 1013, 7013 } } },
  { "a client that rests after a delayed ACK was not held back",
    "",
    { HANDSHAKE,
      { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
      { 42000, SERVER, ACK, 7001, 1007 },
      { 342000, CLIENT, PSH | ACK, 1007, 7001, "World?" },
      { 382000, SERVER, ACK, 7001, 1013 } } },
  { "an open connection in which nothing was said yet", "", { HANDSHAKE } },
  { "a reset of who had said all, after the FIN of its peer",
    "aborted ",
    { HANDSHAKE,
      { 2000, SERVER, PSH | ACK, 7001, 1001, "Hello!" },
      { 2100, SERVER, FIN | ACK, 7007, 1001 },
      { 2200, CLIENT, ACK, 1001, 7008 },
      { 9000, CLIENT, RST | ACK, 1001, 7008 } } },
  { "sequence numbers that pass zero lack nothing",
    "began-before ",
    { { 0, CLIENT, PSH | ACK, 4294967293u, 7001, "Hello?" },
      { 1000, SERVER, ACK, 7001, 3 },
      { 2000, CLIENT, PSH | ACK, 3, 7001, "Hello?" },
      { 3000, SERVER, ACK, 7001, 9 } } },
};

static char *
render_rules (Fixture *fixture)
{
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);
  g_autoptr (TramaFindings) findings = trama_findings_new (table);
  GString *rules = g_string_new (NULL);

  for (guint i = 0; i < trama_findings_n_findings (findings); i++)
    g_string_append_printf (rules, "%s ", trama_findings_get_finding (findings, i)->rule);
  return g_string_free (rules, FALSE);
}

static char *
render (const Packet *packets)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  for (guint i = 0; i < PACKETS_MAX && packets[i].from != 0; i++)
    fixture_tcp (fixture, packets[i].time_us, packets[i].from, packets[i].from == CLIENT ? SERVER : CLIENT,
                 packets[i].flags, packets[i].sequence, packets[i].acknowledgment, packets[i].payload);
  return render_rules (fixture);
}

static void
test_near (gconstpointer data)
{
  const Case *this = data;
  g_autofree char *rules = render (this->packets);

  g_assert_cmpstr (rules, ==, this->expected);
}

/* Who closes or resets says nothing of its room any more. */
static void
test_window_at_the_end (void)
{
  static const TestSegment segments[] = {
    { 0, 0, SYN, 1000, 0, 0, 500 },
    { 1000, 1, SYN | ACK, 7000, 1001, 0, 500 },
    { 1010, 0, ACK, 1001, 7001, 0, 500 },
    { 2000, 0, PSH | ACK, 1001, 7001, 10, 500 },
    { 3000, 1, ACK, 7001, 1011, 0, 500 },
    { 4000, 0, FIN | ACK, 1011, 7001, 0, 0 },
    { 5000, 1, FIN | ACK, 7001, 1012, 0, 500 },
    { 6000, 0, ACK, 1012, 7002, 0, 500 },
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *rules = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (segments); i++)
    test_segment_add (fixture, &segments[i]);
  rules = render_rules (fixture);
  g_assert_cmpstr (rules, ==, "closed-first ");
}

static void
add_local (Fixture *fixture, guint64 socket, guint64 peer, guint32 actor)
{
  TramaEvent event = { .kind = TRAMA_EVENT_SOCKET_STATE };

  event.state = (TramaSocketState){ .time_ns = fixture_time_ns (5),
                                    .socket = socket,
                                    .actor = actor,
                                    .fd = 3,
                                    .domain = AF_UNIX,
                                    .type = SOCK_DGRAM,
                                    .peer_socket = peer };
  trama_store_append (&event, fixture->store);
}

static void
add_letter (Fixture *fixture, guint16 name, gint64 entry_us, gint64 exit_us, gboolean slept)
{
  const gboolean sends = name == TRAMA_CALL_SEND;

  fixture_call (fixture, &(FixtureCall){ .name = name,
                                         .actor = sends ? 2 : 1,
                                         .entry_us = entry_us,
                                         .exit_us = exit_us,
                                         .fd = 3,
                                         .socket = sends ? CLIENT : SERVER,
                                         .result = 3,
                                         .data = "one",
                                         .number = sends ? 3 : 64,
                                         .slept = slept });
}

/* The kernel may put a sender to sleep for other reasons than a full queue: here its letter was in it, and was read. */
static void
test_slept_with_room (void)
{
  for (guint was_full = 0; was_full < 2; was_full++)
    {
      g_autoptr (Fixture) fixture = fixture_new ();
      g_autofree char *rules = NULL;

      fixture_actor (fixture, "friend");
      fixture_actor (fixture, "writer");
      add_local (fixture, CLIENT, SERVER, 2);
      add_local (fixture, SERVER, CLIENT, 1);
      if (was_full)
        add_letter (fixture, TRAMA_CALL_SEND, 20, 30, FALSE);
      add_letter (fixture, TRAMA_CALL_SEND, 40, 75, TRUE);
      if (was_full)
        add_letter (fixture, TRAMA_CALL_RECV, 50, 55, FALSE);
      add_letter (fixture, TRAMA_CALL_RECV, 60, 70, FALSE);
      rules = render_rules (fixture);
      g_assert_cmpstr (rules, ==, was_full ? "peer-queue-full " : "");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/near/%s", cases[i].what);

      g_test_add_data_func (path, &cases[i], test_near);
    }
  g_test_add_func ("/near/a window of 0 at the end", test_window_at_the_end);
  g_test_add_func ("/near/a sender that slept, and had room", test_slept_with_room);
  return g_test_run ();
}
