/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/flow.h"
#include "core/flow/phases.h"

#include "tests/core/fixture.h"
#include "tests/core/flow/render.h"

#include <netinet/in.h>
#include <sys/socket.h>

enum
{
  FIN = TRAMA_TCP_FIN,
  SYN = TRAMA_TCP_SYN,
  RST = TRAMA_TCP_RST,
  PSH = TRAMA_TCP_PSH,
  ACK = TRAMA_TCP_ACK,
};

static gint64
microseconds (gint64 time_ns)
{
  return (time_ns - FIXTURE_BEGIN_NS) / 1000;
}

static void
assert_states (const TramaFlowTable *table, guint flow, guint side, const char *expected)
{
  g_autofree char *states = render_states (table, flow, side);

  g_assert_cmpstr (states, ==, expected);
}

static void
assert_socket_states (const TramaFlowTable *table, guint64 socket, const char *expected)
{
  g_autofree char *states = render_socket_states (table, socket);

  g_assert_cmpstr (states, ==, expected);
}

static void
test_empty (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (store);
  TramaSegment segment;

  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 0);
  g_assert_cmpuint (trama_flow_table_n_sockets (table), ==, 0);
  g_assert_cmpuint (trama_flow_table_n_changes (table), ==, 0);
  g_assert_null (trama_flow_table_find_socket (table, 7));
  trama_flow_table_get_segment (table, 0, &segment);
  g_assert_cmpuint (segment.flow, ==, TRAMA_FLOW_NONE);
  g_assert_cmpuint (trama_flow_table_get_cause (table, 0), ==, G_MAXUINT);
  g_assert_cmpuint (trama_flow_table_get_woken (table, 0), ==, G_MAXUINT);
  g_assert_true (trama_flow_table_get_store (table) == store);
}

static void
test_telephone_flow (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  const TramaFlow *flow;

  fixture_telephone (fixture);
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 1);
  flow = trama_flow_table_get_flow (table, 0);
  g_assert_cmpuint (flow->protocol, ==, IPPROTO_TCP);
  g_assert_cmpuint (flow->endpoint[0].port, ==, 40122);
  g_assert_cmpuint (flow->endpoint[1].port, ==, 5000);
  g_assert_cmpuint (flow->packets[0], ==, 6);
  g_assert_cmpuint (flow->packets[1], ==, 5);
  g_assert_cmpuint (flow->payload_bytes[0], ==, 7);
  g_assert_cmpuint (flow->payload_bytes[1], ==, 10);
  g_assert_cmpuint (flow->first_sequence[0], ==, 1000);
  g_assert_cmpuint (flow->first_sequence[1], ==, 7000);
  g_assert_true (flow->tcp[0].fin == 1 && flow->tcp[1].fin == 1);
  g_assert_false (flow->tcp[0].rst > 0 || flow->tcp[1].rst > 0);
  g_assert_cmpint (microseconds (flow->first_ns), ==, 205);
  g_assert_cmpint (microseconds (flow->last_ns), ==, 294);
  g_assert_cmpint (microseconds (flow->phase_ns[TRAMA_PHASE_SETUP]), ==, 205);
  g_assert_cmpint (microseconds (flow->phase_ns[TRAMA_PHASE_DATA]), ==, 223);
  g_assert_cmpint (microseconds (flow->phase_ns[TRAMA_PHASE_TEARDOWN]), ==, 263);
  assert_states (table, 0, 0, "205 SYN-SENT, 208 ESTABLISHED, 263 CLOSE-WAIT, 293 LAST-ACK, 294 CLOSED");
  assert_states (table, 0, 1,
                 "205 SYN-RECEIVED, 211 ESTABLISHED, 263 FIN-WAIT-1, 264 FIN-WAIT-2, 293 TIME-WAIT");
  assert_socket_states (table, 11, "17 LISTEN, 277 CLOSED");
}

static void
test_telephone_sockets (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  const TramaSocket *listener, *accepted, *phone;
  const TramaFlow *flow;

  fixture_telephone (fixture);
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_sockets (table), ==, 3);
  flow = trama_flow_table_get_flow (table, 0);
  g_assert_cmpuint (flow->socket[0], ==, 21);
  g_assert_cmpuint (flow->socket[1], ==, 12);

  listener = trama_flow_table_find_socket (table, 11);
  g_assert_nonnull (listener);
  g_assert_cmpuint (listener->actor, ==, 1);
  g_assert_cmpint (listener->fd, ==, 3);
  g_assert_cmpuint (listener->domain, ==, AF_INET);
  g_assert_cmpuint (listener->type, ==, SOCK_STREAM);
  g_assert_cmpuint (listener->local.port, ==, 5000);
  g_assert_cmpuint (listener->peer.family, ==, 0);
  g_assert_true (listener->bound_by_user);
  g_assert_cmpint (microseconds (listener->made_ns), ==, 5);
  g_assert_cmpint (microseconds (listener->bound_ns), ==, 12);
  g_assert_cmpint (microseconds (listener->closed_ns), ==, 277);

  accepted = trama_flow_table_find_socket (table, 12);
  g_assert_nonnull (accepted);
  g_assert_cmpint (accepted->fd, ==, 4);
  g_assert_cmpuint (accepted->type, ==, SOCK_STREAM);
  g_assert_cmpuint (accepted->local.port, ==, 5000);
  g_assert_cmpuint (accepted->peer.port, ==, 40122);
  g_assert_false (accepted->bound_by_user);

  phone = trama_flow_table_find_socket (table, 21);
  g_assert_nonnull (phone);
  g_assert_cmpuint (phone->actor, ==, 2);
  g_assert_cmpuint (phone->local.port, ==, 40122);
  g_assert_cmpint (microseconds (phone->bound_ns), ==, 200);
  g_assert_false (phone->bound_by_user);
}

static const char *
call_name (const Fixture *fixture, guint call, char *buffer, gsize size)
{
  if (call == G_MAXUINT)
    return "none";
  g_snprintf (buffer, size, "%u:%" G_GINT64_FORMAT, trama_store_get_call (fixture->store, call)->name,
              microseconds (trama_store_get_call (fixture->store, call)->entry_ns));
  return buffer;
}

static void
test_telephone_links (void)
{
  /* By packet: the number of the call's name, and its entry. */
  static const struct
  {
    const char *cause;
    const char *woken;
  } expected[] = {
    { "5:200", "none" },  /* SYN: connect */
    { "5:200", "none" },  /* SYN ACK: the peer's connect */
    { "5:200", "4:20" },  /* ACK: connect; ends accept */
    { "7:220", "none" },  /* "Hello?": the client's write; nobody reads yet */
    { "7:220", "none" },  /* its ACK */
    { "7:250", "6:235" }, /* "Speaking!": the server's write; ends the client's read */
    { "7:250", "none" },  /* its ACK */
    { "10:260", "none" }, /* FIN: the server's close of the accepted socket */
    { "10:260", "none" }, /* its ACK */
    { "10:290", "none" }, /* FIN: the client's close */
    { "10:290", "none" }, /* its ACK */
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  fixture_telephone (fixture);
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_store_n_packets (fixture->store), ==, G_N_ELEMENTS (expected));
  for (guint packet = 0; packet < G_N_ELEMENTS (expected); packet++)
    {
      char cause[32], woken[32];

      g_assert_cmpstr (call_name (fixture, trama_flow_table_get_cause (table, packet), cause, sizeof cause),
                       ==, expected[packet].cause);
      g_assert_cmpstr (call_name (fixture, trama_flow_table_get_woken (table, packet), woken, sizeof woken),
                       ==, expected[packet].woken);
    }
}

static void
test_telephone_segments (void)
{
  static const TramaSegment expected[] = {
    { 0, 0, TRAMA_SEGMENT_SYN, SYN, 0, 0, 0, 0, 54 },
    { 0, 1, TRAMA_SEGMENT_SYN, SYN | ACK, 0, 0, 1, 0, 54 },
    { 0, 0, TRAMA_SEGMENT_ACK, ACK, 0, 1, 1, 0, 54 },
    { 0, 0, TRAMA_SEGMENT_DATA, PSH | ACK, 0, 1, 1, 7, 54 },
    { 0, 1, TRAMA_SEGMENT_ACK, ACK, 0, 1, 8, 0, 54 },
    { 0, 1, TRAMA_SEGMENT_DATA, PSH | ACK, 0, 1, 8, 10, 54 },
    { 0, 0, TRAMA_SEGMENT_ACK, ACK, 0, 8, 11, 0, 54 },
    { 0, 1, TRAMA_SEGMENT_FIN, FIN | ACK, 0, 11, 8, 0, 54 },
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  fixture_telephone (fixture);
  table = trama_flow_table_new (fixture->store);
  for (guint packet = 0; packet < G_N_ELEMENTS (expected); packet++)
    {
      TramaSegment segment;

      trama_flow_table_get_segment (table, packet, &segment);
      g_assert_cmpuint (segment.flow, ==, 0);
      g_assert_cmpuint (segment.side, ==, expected[packet].side);
      g_assert_cmpuint (segment.kind, ==, expected[packet].kind);
      g_assert_cmpuint (segment.flags, ==, expected[packet].flags);
      g_assert_cmpuint (segment.sequence, ==, expected[packet].sequence);
      if (segment.flags & ACK)
        g_assert_cmpuint (segment.acknowledgment, ==, expected[packet].acknowledgment);
      g_assert_cmpuint (segment.payload_bytes, ==, expected[packet].payload_bytes);
      g_assert_cmpuint (segment.payload_offset, ==, expected[packet].payload_offset);
    }
}

static void
test_middle (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  const TramaFlow *flow;
  TramaSegment segment;

  fixture_tcp (fixture, 0, 700, 800, PSH | ACK, 5000, 9000, "abc");
  fixture_tcp (fixture, 1, 800, 700, ACK, 9000, 5003, NULL);
  table = trama_flow_table_new (fixture->store);
  flow = trama_flow_table_get_flow (table, 0);
  g_assert_cmpint (flow->phase_ns[TRAMA_PHASE_SETUP], ==, TRAMA_TIME_NONE);
  g_assert_cmpint (microseconds (flow->phase_ns[TRAMA_PHASE_DATA]), ==, 0);
  trama_flow_table_get_segment (table, 0, &segment);
  g_assert_cmpuint (segment.sequence, ==, 1);
  g_assert_cmpuint (segment.acknowledgment, ==, 1);
  trama_flow_table_get_segment (table, 1, &segment);
  g_assert_cmpuint (segment.sequence, ==, 1);
  g_assert_cmpuint (segment.acknowledgment, ==, 4);
}

/* A connection without a word has no data phase; a refused one goes from setup to teardown. */
static void
test_phases (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  const TramaFlow *flow;

  fixture_tcp (fixture, 0, 700, 800, SYN, 100, 0, NULL);
  fixture_tcp (fixture, 1, 800, 700, SYN | ACK, 300, 101, NULL);
  fixture_tcp (fixture, 2, 700, 800, ACK, 101, 301, NULL);
  fixture_tcp (fixture, 3, 700, 800, FIN | ACK, 101, 301, NULL);
  fixture_tcp (fixture, 4, 701, 800, SYN, 100, 0, NULL);
  fixture_tcp (fixture, 5, 800, 701, RST | ACK, 0, 101, NULL);
  table = trama_flow_table_new (fixture->store);
  flow = trama_flow_table_get_flow (table, 0);
  g_assert_cmpint (microseconds (flow->phase_ns[TRAMA_PHASE_SETUP]), ==, 0);
  g_assert_cmpint (flow->phase_ns[TRAMA_PHASE_DATA], ==, TRAMA_TIME_NONE);
  g_assert_cmpint (microseconds (flow->phase_ns[TRAMA_PHASE_TEARDOWN]), ==, 3);
  flow = trama_flow_table_get_flow (table, 1);
  g_assert_cmpint (microseconds (flow->phase_ns[TRAMA_PHASE_SETUP]), ==, 4);
  g_assert_cmpint (microseconds (flow->phase_ns[TRAMA_PHASE_TEARDOWN]), ==, 5);
  g_assert_cmpuint (flow->tcp[1].rst, ==, 1);
}

static void
assert_ends_closed (TramaFlowTable *table)
{
  g_autoptr (TramaPhases) phases = trama_phases_new (table);
  const TramaFlowPhases *flow = trama_phases_get (phases, 0);

  g_assert_cmpint (flow->ending, ==, TRAMA_ENDING_CLOSED);
  g_assert_false (flow->began_before);
}

/* The clock is set back in the middle of a connection; the numbers go on, or are another's. */
static guint
count_torn (guint32 goes_on, guint32 again)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  const TramaFlow *flow;
  TramaSegment segment;
  guint n;

  fixture_tcp (fixture, 5000, 700, 800, SYN, 100, 0, NULL);
  fixture_tcp (fixture, 5001, 800, 700, SYN | ACK, 300, 101, NULL);
  fixture_tcp (fixture, 5002, 700, 800, PSH | ACK, 101, 301, "abc");
  if (again != 0)
    fixture_tcp (fixture, 5003, 700, 800, SYN, again, 0, NULL);
  fixture_tcp (fixture, 3000, 700, 800, PSH | ACK, goes_on, 301, "def");
  fixture_tcp (fixture, 3001, 800, 700, FIN | ACK, 301, goes_on + 3, NULL);
  fixture_tcp (fixture, 3002, 700, 800, FIN | ACK, goes_on + 3, 302, NULL);
  fixture_tcp (fixture, 3003, 800, 700, ACK, 302, goes_on + 4, NULL);
  table = trama_flow_table_new (fixture->store);
  n = trama_flow_table_n_flows (table);
  flow = trama_flow_table_get_flow (table, 0);
  if (n > 1)
    return n;
  trama_flow_table_get_segment (table, again != 0 ? 4 : 3, &segment);
  g_assert_cmpuint (segment.sequence, ==, goes_on - 100);
  g_assert_cmpuint (flow->tcp[0].resent + flow->tcp[1].resent, ==, 0);
  g_assert_cmpuint (flow->packets[0], ==, again != 0 ? 5 : 4);
  g_assert_cmpuint (flow->packets[1], ==, 3);
  assert_ends_closed (table);
  return n;
}

static void
test_torn (void)
{
  g_assert_cmpuint (count_torn (104, 0), ==, 1);
  g_assert_cmpuint (count_torn (104 + 2000, 0), ==, 1); /* what was sent meanwhile was not captured */
  g_assert_cmpuint (count_torn (104 + 1000000, 0), ==, 2);
  g_assert_cmpuint (count_torn (104 - 1000000, 0), ==, 2);
  g_assert_cmpuint (count_torn (104, 100), ==, 1);   /* the SYN comes again, late */
  g_assert_cmpuint (count_torn (9001, 9000), ==, 3); /* the rest is of another connection */
}

static void
test_port_reuse (void)
{
  static const struct
  {
    guint32 isn;
    guint flow;
  } syns[] = {
    { 100, 0 }, /* the first */
    { 100, 0 }, /* sent again: the same */
    { 900, 1 }, /* another number: a new attempt */
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  TramaSegment segment;

  for (guint i = 0; i < G_N_ELEMENTS (syns); i++)
    fixture_tcp (fixture, i, 700, 800, SYN, syns[i].isn, 0, NULL);
  fixture_tcp (fixture, 3, 800, 700, RST | ACK, 0, 901, NULL);
  fixture_tcp (fixture, 4, 700, 800, SYN, 900, 0, NULL); /* the refusal was lost: the same attempt */
  fixture_tcp (fixture, 5, 800, 700, RST | ACK, 0, 901, NULL);
  fixture_tcp (fixture, 6, 700, 800, SYN, 77, 0, NULL);        /* a new one */
  fixture_tcp (fixture, 7, 800, 700, SYN | ACK, 50, 78, NULL); /* its answer */
  fixture_tcp (fixture, 8, 800, 701, PSH | ACK, 50, 1, "x");   /* another pair */
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (syns); i++)
    {
      trama_flow_table_get_segment (table, i, &segment);
      g_assert_cmpuint (segment.flow, ==, syns[i].flow);
    }
  for (guint i = 3; i < 8; i++)
    {
      trama_flow_table_get_segment (table, i, &segment);
      g_assert_cmpuint (segment.flow, ==, i < 6 ? 1 : 2);
    }
  assert_states (table, 1, 0, "2 SYN-SENT, 3 CLOSED, 4 SYN-SENT, 5 CLOSED");
  assert_states (table, 2, 0, "6 SYN-SENT, 7 ESTABLISHED");
}

static void
test_udp (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  guint receive, send;
  const TramaFlow *flow;
  TramaSegment segment;

  fixture_call (fixture,
                &(FixtureCall){
                    .name = TRAMA_CALL_SOCKET, .actor = 1, .exit_us = 1, .made = 11, .number = SOCK_DGRAM });
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_BIND,
                                         .actor = 1,
                                         .entry_us = 2,
                                         .exit_us = 3,
                                         .fd = 3,
                                         .socket = 11,
                                         .port = 5001 });
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_SOCKET,
                                         .actor = 2,
                                         .entry_us = 3,
                                         .exit_us = 4,
                                         .made = 21,
                                         .number = SOCK_DGRAM | SOCK_CLOEXEC });
  receive = fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_RECVFROM,
                                                   .actor = 1,
                                                   .entry_us = 5,
                                                   .exit_us = 15,
                                                   .fd = 3,
                                                   .socket = 11,
                                                   .port = 40000,
                                                   .data = "How are you?\n",
                                                   .result = 13,
                                                   .slept = TRUE });
  send = fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_SENDTO,
                                                .actor = 2,
                                                .entry_us = 10,
                                                .exit_us = 14,
                                                .fd = 3,
                                                .socket = 21,
                                                .port = 5001,
                                                .data = "How are you?\n",
                                                .result = 13 });
  fixture_udp (fixture, 12, 40000, 5001, "How are you?\n");
  fixture_udp (fixture, 30, 5001, 40000, "All well here.\n");
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 1);
  g_assert_cmpuint (trama_flow_table_n_changes (table), ==, 0);
  flow = trama_flow_table_get_flow (table, 0);
  g_assert_cmpuint (flow->protocol, ==, IPPROTO_UDP);
  g_assert_cmpuint (flow->socket[0], ==, 21); /* its port is known from the datagram alone */
  g_assert_cmpuint (flow->socket[1], ==, 11);
  g_assert_cmpuint (trama_flow_table_find_socket (table, 21)->local.port, ==, 40000);
  g_assert_cmpuint (flow->payload_bytes[0], ==, 13);
  g_assert_cmpint (flow->phase_ns[TRAMA_PHASE_SETUP], ==, TRAMA_TIME_NONE);
  g_assert_cmpint (microseconds (flow->phase_ns[TRAMA_PHASE_DATA]), ==, 12);
  g_assert_cmpint (flow->phase_ns[TRAMA_PHASE_TEARDOWN], ==, TRAMA_TIME_NONE);
  trama_flow_table_get_segment (table, 1, &segment);
  g_assert_cmpuint (segment.kind, ==, TRAMA_SEGMENT_UDP);
  g_assert_cmpuint (segment.side, ==, 1);
  g_assert_cmpuint (segment.payload_bytes, ==, 15);
  g_assert_cmpuint (trama_flow_table_get_cause (table, 0), ==, send);
  g_assert_cmpuint (trama_flow_table_get_woken (table, 0), ==, receive);
  g_assert_cmpuint (trama_flow_table_get_cause (table, 1), ==, G_MAXUINT);
}

/* What is no IP conversation has a segment all the same, and disturbs no other. */
static void
test_foreign_frames (void)
{
  static const guint8 arp[42] = { [12] = 0x08, [13] = 0x06 };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  TramaSegment segment;

  fixture_frame (fixture, 0, arp, sizeof arp);
  fixture_frame (fixture, 1, arp, 3);
  fixture_udp (fixture, 2, 1, 2, "x");
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 1);
  for (guint packet = 0; packet < 2; packet++)
    {
      trama_flow_table_get_segment (table, packet, &segment);
      g_assert_cmpuint (segment.flow, ==, TRAMA_FLOW_NONE);
      g_assert_cmpuint (segment.kind, ==, TRAMA_SEGMENT_OTHER);
    }
}

/* Packets may be recorded out of order; time decides. */
static void
test_order_of_time (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  fixture_tcp (fixture, 5, 800, 700, SYN | ACK, 300, 101, NULL);
  fixture_tcp (fixture, 3, 700, 800, SYN, 100, 0, NULL);
  fixture_tcp (fixture, 7, 700, 800, ACK, 101, 301, NULL);
  table = trama_flow_table_new (fixture->store);
  assert_states (table, 0, 0, "3 SYN-SENT, 5 ESTABLISHED");
  assert_states (table, 0, 1, "3 SYN-RECEIVED, 7 ESTABLISHED");
}

/* Calls on another socket, or before and after a packet, do not cause it. */
static void
test_unrelated_calls (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  fixture_telephone (fixture);
  fixture_call (
      fixture,
      &(FixtureCall){
          .name = TRAMA_CALL_WRITE, .actor = 2, .entry_us = 200, .exit_us = 400, .socket = 99, .data = "?" });
  fixture_tcp (fixture, 350, 40122, 5000, RST, 1009, 0, NULL);
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_get_cause (table, 11), ==, G_MAXUINT);
}

/* One write blocks while many others on the same socket come and go. */
static void
test_overlapping_calls (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  guint blocked, calls[20];

  fixture_state (fixture, 0, 21, TRAMA_TCP_ESTABLISHED, 700, 800);
  blocked = fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_WRITE,
                                                   .actor = 1,
                                                   .entry_us = 1,
                                                   .exit_us = 1000,
                                                   .socket = 21,
                                                   .data = "long" });
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    calls[i] = fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_WRITE,
                                                      .actor = 2,
                                                      .entry_us = 10 + i * 10,
                                                      .exit_us = 12 + i * 10,
                                                      .socket = 21,
                                                      .data = "s" });
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      fixture_tcp (fixture, 11 + i * 10, 700, 800, PSH | ACK, 100 + i, 300, "s");
      fixture_tcp (fixture, 15 + i * 10, 700, 800, PSH | ACK, 100 + i, 300, "s");
    }
  fixture_tcp (fixture, 1001, 700, 800, PSH | ACK, 200, 300, "s");
  table = trama_flow_table_new (fixture->store);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_assert_cmpuint (trama_flow_table_get_cause (table, 2 * i), ==, calls[i]);
      g_assert_cmpuint (trama_flow_table_get_cause (table, 2 * i + 1), ==, blocked);
    }
  g_assert_cmpuint (trama_flow_table_get_cause (table, 2 * G_N_ELEMENTS (calls)), ==, G_MAXUINT);
}

/* A read that sleeps is woken by the first of several segments, and by new bytes only. */
static void
test_waking (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  guint first, second, third;

  fixture_state (fixture, 0, 31, TRAMA_TCP_ESTABLISHED, 800, 700);
  first = fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_READ,
                                                 .actor = 1,
                                                 .entry_us = 10,
                                                 .exit_us = 20,
                                                 .socket = 31,
                                                 .data = "abab",
                                                 .slept = TRUE });
  second = fixture_call (
      fixture,
      &(FixtureCall){
          .name = TRAMA_CALL_READ, .actor = 1, .entry_us = 21, .exit_us = 40, .socket = 31, .slept = TRUE });
  third = fixture_call (
      fixture,
      &(FixtureCall){ .name = TRAMA_CALL_READ, .actor = 1, .entry_us = 50, .exit_us = 60, .socket = 31 });
  fixture_tcp (fixture, 5, 700, 800, ACK, 100, 300, NULL);
  fixture_tcp (fixture, 12, 700, 800, PSH | ACK, 100, 300, "ab");
  fixture_tcp (fixture, 14, 700, 800, PSH | ACK, 102, 300, "ab");
  fixture_tcp (fixture, 25, 700, 800, PSH | ACK, 102, 300, "ab"); /* again: nothing new */
  fixture_tcp (fixture, 30, 700, 800, FIN | ACK, 104, 300, NULL);
  fixture_tcp (fixture, 55, 700, 800, RST, 105, 300, NULL); /* that read did not sleep */
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_get_woken (table, 0), ==, G_MAXUINT);
  g_assert_cmpuint (trama_flow_table_get_woken (table, 1), ==, first);
  g_assert_cmpuint (trama_flow_table_get_woken (table, 2), ==, G_MAXUINT);
  g_assert_cmpuint (trama_flow_table_get_woken (table, 3), ==, G_MAXUINT);
  g_assert_cmpuint (trama_flow_table_get_woken (table, 4), ==, second);
  g_assert_cmpuint (trama_flow_table_get_woken (table, 5), ==, G_MAXUINT);
  g_assert_cmpuint (third, !=, second);
}

/* Two processes in accept() on one listener: each is woken by its own handshake. */
static void
test_two_acceptors (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  guint accepts[2];

  for (guint i = 0; i < 2; i++)
    accepts[i] = fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_ACCEPT,
                                                        .actor = 1 + i,
                                                        .entry_us = 1 + i,
                                                        .exit_us = 50 - i,
                                                        .socket = 11,
                                                        .made = 31 + i,
                                                        .port = (guint16) (701 - i),
                                                        .slept = TRUE });
  for (guint i = 0; i < 2; i++)
    fixture_state (fixture, 51 + i, 31 + i, TRAMA_TCP_ESTABLISHED, 800, (guint16) (701 - i));
  for (guint i = 0; i < 2; i++)
    {
      guint16 port = (guint16) (700 + i);

      fixture_tcp (fixture, 10 + i * 10, port, 800, SYN, 100, 0, NULL);
      fixture_tcp (fixture, 11 + i * 10, 800, port, SYN | ACK, 300, 101, NULL);
      fixture_tcp (fixture, 12 + i * 10, port, 800, ACK, 101, 301, NULL);
    }
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_get_woken (table, 2), ==, accepts[1]);
  g_assert_cmpuint (trama_flow_table_get_woken (table, 5), ==, accepts[0]);
}

/* The kernel knows what no packet shows; but an old sample does not turn back what came since. */
static void
test_samples (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  fixture_tcp (fixture, 0, 700, 800, SYN, 100, 0, NULL);
  fixture_tcp (fixture, 1, 800, 700, SYN | ACK, 300, 101, NULL);
  fixture_tcp (fixture, 2, 700, 800, ACK, 101, 301, NULL);
  fixture_state (fixture, 4, 21, TRAMA_TCP_SYN_SENT, 700, 800);   /* was so, a moment ago */
  fixture_state (fixture, 5, 31, TRAMA_TCP_CLOSE_WAIT, 800, 700); /* a moment before its packet */
  fixture_tcp (fixture, 6, 700, 800, FIN | ACK, 101, 301, NULL);
  fixture_state (fixture, 50000, 21, TRAMA_TCP_FIN_WAIT_2, 700,
                 800); /* the acknowledgment was not captured */
  fixture_tcp (fixture, 90000, 800, 700, FIN | ACK, 301, 102, NULL);
  table = trama_flow_table_new (fixture->store);
  assert_states (table, 0, 0, "0 SYN-SENT, 1 ESTABLISHED, 6 FIN-WAIT-1, 50000 FIN-WAIT-2, 90000 TIME-WAIT");
  assert_states (table, 0, 1, "0 SYN-RECEIVED, 2 ESTABLISHED, 6 CLOSE-WAIT, 90000 LAST-ACK");
}

/* Where packets are not observed, the samples are all there is. */
static void
test_calls_only (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  fixture_call (fixture,
                &(FixtureCall){
                    .name = TRAMA_CALL_SOCKET, .actor = 1, .exit_us = 1, .made = 11, .number = SOCK_STREAM });
  fixture_state (fixture, 2, 11, TRAMA_TCP_CLOSED, 0, 0);
  fixture_call (
      fixture,
      &(FixtureCall){
          .name = TRAMA_CALL_LISTEN, .actor = 1, .entry_us = 3, .exit_us = 4, .socket = 11, .number = 5 });
  fixture_state (fixture, 5, 11, TRAMA_TCP_LISTEN, 800, 0);
  fixture_state (fixture, 10, 21, TRAMA_TCP_ESTABLISHED, 700, 800);
  fixture_state (fixture, 20, 21, TRAMA_TCP_ESTABLISHED, 700, 800);
  fixture_state (fixture, 30, 21, TRAMA_TCP_CLOSE_WAIT, 700, 800);
  table = trama_flow_table_new (fixture->store);
  assert_socket_states (table, 11, "4 LISTEN");
  assert_socket_states (table, 21, "10 ESTABLISHED, 30 CLOSE-WAIT");
}

/* Enough conversations for the table of endpoints to grow several times. */
static void
test_many (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  TramaSegment segment;

  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < 3000; i++)
      fixture_udp (fixture, round * 3000 + i, (guint16) (1000 + i), 53, "q");
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 3000);
  for (guint i = 0; i < 6000; i++)
    {
      trama_flow_table_get_segment (table, i, &segment);
      g_assert_cmpuint (segment.flow, ==, i % 3000);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flow/empty", test_empty);
  g_test_add_func ("/flow/telephone/flow", test_telephone_flow);
  g_test_add_func ("/flow/telephone/sockets", test_telephone_sockets);
  g_test_add_func ("/flow/telephone/links", test_telephone_links);
  g_test_add_func ("/flow/telephone/segments", test_telephone_segments);
  g_test_add_func ("/flow/middle", test_middle);
  g_test_add_func ("/flow/phases", test_phases);
  g_test_add_func ("/flow/port-reuse", test_port_reuse);
  g_test_add_func ("/flow/torn", test_torn);
  g_test_add_func ("/flow/udp", test_udp);
  g_test_add_func ("/flow/foreign-frames", test_foreign_frames);
  g_test_add_func ("/flow/order-of-time", test_order_of_time);
  g_test_add_func ("/flow/links/unrelated-calls", test_unrelated_calls);
  g_test_add_func ("/flow/links/overlapping-calls", test_overlapping_calls);
  g_test_add_func ("/flow/links/waking", test_waking);
  g_test_add_func ("/flow/links/two-acceptors", test_two_acceptors);
  g_test_add_func ("/flow/samples", test_samples);
  g_test_add_func ("/flow/calls-only", test_calls_only);
  g_test_add_func ("/flow/many", test_many);
  return g_test_run ();
}
