/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/exchanges.h"

#include "core/flow/datagrams.h"
#include "core/flow/icmp_errors.h"
#include "core/flow/phases.h"
#include "tests/core/fixture.h"

#include <string.h>

#define ETHERNET_BYTES 14
#define IP_BYTES 20
#define ICMP_BYTES 8

enum
{
  ECHO_REPLY = 0,
  UNREACHABLE = 3,
  ECHO_REQUEST = 8,
};

/* From 10.0.0.@from to 10.0.0.@to; @word is what stands behind the checksum. */
static guint
add_icmp (Fixture *fixture,
          gint64 time_us,
          guint8 from,
          guint8 to,
          guint8 type,
          guint8 code,
          guint32 word,
          const guint8 *rest,
          gsize size)
{
  guint8 frame[ETHERNET_BYTES + IP_BYTES + ICMP_BYTES + 64] = { [12] = 0x08, 0x00, 0x45 };
  guint8 *ip = frame + ETHERNET_BYTES, *icmp = ip + IP_BYTES;

  g_assert_cmpuint (size, <=, 64);
  ip[3] = (guint8) (IP_BYTES + ICMP_BYTES + size);
  ip[9] = 1;
  memcpy (ip + 12, (const guint8[]){ 10, 0, 0, from, 10, 0, 0, to }, 8);
  icmp[0] = type;
  icmp[1] = code;
  for (guint i = 0; i < 4; i++)
    icmp[4 + i] = (guint8) (word >> (24 - 8 * i));
  if (size > 0)
    memcpy (icmp + ICMP_BYTES, rest, size);
  return fixture_frame (fixture, time_us, frame, ETHERNET_BYTES + IP_BYTES + ICMP_BYTES + size);
}

static guint
add_echo (Fixture *fixture, gint64 time_us, guint8 from, guint8 to, guint8 type, guint16 id, guint16 number)
{
  return add_icmp (fixture, time_us, from, to, type, 0, (guint32) id << 16 | number, (const guint8 *) "ping",
                   4);
}

static void
assert_exchange (const GArray *exchanges, guint index, guint32 request, guint32 answer, gint64 took_us)
{
  const TramaExchange *exchange = &g_array_index (exchanges, TramaExchange, index);

  g_assert_cmpuint (index, <, exchanges->len);
  g_assert_cmpuint (exchange->request, ==, request);
  g_assert_cmpuint (exchange->answer, ==, answer);
  g_assert_cmpint (exchange->took_ns, ==, took_us < 0 ? TRAMA_TIME_NONE : took_us * 1000);
}

/* Two programs that ping at the same time; one reply is lost, one comes twice, one answers nothing. */
static void
test_echoes (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (GArray) exchanges = NULL;
  g_autofree char *text = NULL;
  TramaEchoSummary summary;

  add_echo (fixture, 0, 1, 2, ECHO_REQUEST, 7, 1);
  add_echo (fixture, 1, 1, 2, ECHO_REQUEST, 8, 1);
  add_echo (fixture, 10, 2, 1, ECHO_REPLY, 8, 1);
  add_echo (fixture, 20, 2, 1, ECHO_REPLY, 7, 1);
  add_echo (fixture, 100, 1, 2, ECHO_REQUEST, 7, 2);
  add_echo (fixture, 200, 1, 2, ECHO_REQUEST, 7, 3);
  add_echo (fixture, 230, 2, 1, ECHO_REPLY, 7, 3);
  add_echo (fixture, 231, 2, 1, ECHO_REPLY, 7, 3);
  add_echo (fixture, 240, 2, 1, ECHO_REPLY, 9, 9);
  add_echo (fixture, 250, 1, 2, ECHO_REPLY, 7, 2); /* the wrong way */
  table = trama_flow_table_new (fixture->store);
  exchanges = trama_exchanges_find (table, 0);
  g_assert_cmpuint (exchanges->len, ==, 4);
  assert_exchange (exchanges, 0, 0, 3, 20);
  assert_exchange (exchanges, 1, 1, 2, 9);
  assert_exchange (exchanges, 2, 4, G_MAXUINT32, -1);
  assert_exchange (exchanges, 3, 5, 6, 30);
  g_assert_true (trama_echo_summarize (table, 0, &summary));
  text = trama_echo_summary_format (&summary);
  g_assert_cmpstr (text, ==, "4 sent, 3 received, 1 lost, min/avg/max 9 µs/19.7 µs/30 µs, 1 doubled");
}

/* Of 127.0.0.1 by itself: both directions are one side. */
static void
test_echo_to_itself (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autofree char *text = NULL;
  TramaEchoSummary summary;

  add_echo (fixture, 0, 1, 1, ECHO_REQUEST, 7, 1);
  add_echo (fixture, 12, 1, 1, ECHO_REPLY, 7, 1);
  add_echo (fixture, 100, 1, 1, ECHO_REQUEST, 7, 2);
  table = trama_flow_table_new (fixture->store);
  g_assert_true (trama_echo_summarize (table, 0, &summary));
  g_assert_cmpuint (summary.sent, ==, 2);
  g_assert_cmpuint (summary.received, ==, 1);
  g_assert_cmpint (summary.mean_ns, ==, 12000);
}

static void
test_datagrams (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (GArray) exchanges = NULL;
  TramaEchoSummary summary;

  fixture_udp (fixture, 0, 700, 53, "one?");
  fixture_udp (fixture, 5, 53, 700, "one!");
  fixture_udp (fixture, 10, 700, 53, "two?");
  fixture_udp (fixture, 11, 700, 53, "three?");
  fixture_udp (fixture, 12, 700, 53, "four?");
  fixture_udp (fixture, 20, 53, 700, "two!");
  fixture_udp (fixture, 21, 53, 700, "three!");
  fixture_udp (fixture, 30, 700, 53, "five?");
  fixture_udp (fixture, 37, 53, 700, "five!");
  fixture_udp (fixture, 38, 53, 700, "by the way");
  table = trama_flow_table_new (fixture->store);
  exchanges = trama_exchanges_find (table, 0);
  g_assert_cmpuint (exchanges->len, ==, 5);
  assert_exchange (exchanges, 0, 0, 1, 5);
  assert_exchange (exchanges, 1, 2, 5, 10);
  assert_exchange (exchanges, 2, 3, 6, 10);
  assert_exchange (exchanges, 3, 4, G_MAXUINT32, -1);
  assert_exchange (exchanges, 4, 7, 8, 7);
  g_assert_false (trama_echo_summarize (table, 0, &summary));
}

/* Four at once: the answers come in another order, one of them never, one twice; then it goes on. */
static void
test_numbered (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (GArray) exchanges = NULL;

  fixture_udp (fixture, 0, 700, 53, "id1 who is a");
  fixture_udp (fixture, 1, 700, 53, "id2 who is b");
  fixture_udp (fixture, 2, 700, 53, "id3 who is c");
  fixture_udp (fixture, 3, 700, 53, "id4 who is d");
  fixture_udp (fixture, 10, 53, 700, "id3 it is c");
  fixture_udp (fixture, 20, 53, 700, "id1 it is a");
  fixture_udp (fixture, 21, 53, 700, "id1 it is a");
  fixture_udp (fixture, 30, 700, 53, "id5 who is e");
  fixture_udp (fixture, 33, 53, 700, "id4 it is d");
  fixture_udp (fixture, 34, 53, 700, "id5 it is e");
  fixture_udp (fixture, 40, 700, 53, "?");
  fixture_udp (fixture, 41, 53, 700, "!");
  table = trama_flow_table_new (fixture->store);
  exchanges = trama_exchanges_find (table, 0);
  g_assert_cmpuint (exchanges->len, ==, 6);
  assert_exchange (exchanges, 0, 0, 5, 20);
  assert_exchange (exchanges, 1, 1, G_MAXUINT32, -1);
  assert_exchange (exchanges, 2, 2, 4, 8);
  assert_exchange (exchanges, 3, 3, 8, 30);
  assert_exchange (exchanges, 4, 7, 9, 4);
  assert_exchange (exchanges, 5, 10, 11, 1);
}

/* The IP header and 8 bytes of a datagram from 127.0.0.1:700 to :800, with 4 bytes of data, or one like it. */
static gsize
quote (guint8 quoted[28], guint8 protocol, guint16 to, guint8 length)
{
  static const guint8 header[28] = { 0x45, 0,   0, 32, 0, 0,   0, 0, 64, 17,   0,
                                     0,    127, 0, 0,  1, 127, 0, 0, 1,  0x02, 0xbc };

  memcpy (quoted, header, sizeof header);
  quoted[9] = protocol;
  quoted[22] = (guint8) (to >> 8);
  quoted[23] = (guint8) to;
  quoted[25] = length;
  return sizeof header;
}

static void
assert_error (const GArray *errors, guint index, guint32 packet, guint32 flow, guint32 quoted, guint8 side)
{
  const TramaIcmpError *error = &g_array_index (errors, TramaIcmpError, index);

  g_assert_cmpuint (error->packet, ==, packet);
  g_assert_cmpuint (error->flow, ==, flow);
  g_assert_cmpuint (error->quoted, ==, quoted);
  g_assert_cmpuint (error->side, ==, side);
  g_assert_cmpuint (error->type, ==, UNREACHABLE);
  g_assert_cmpuint (error->code, ==, 3);
}

static void
test_errors (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (GArray) errors = NULL;
  guint8 quoted[28];
  gsize size;

  fixture_udp (fixture, 0, 800, 700, "hi");
  fixture_udp (fixture, 1, 700, 800, "four");
  fixture_udp (fixture, 2, 700, 800, "longer");
  size = quote (quoted, 17, 800, 12); /* "four" */
  add_icmp (fixture, 3, 1, 2, UNREACHABLE, 3, 0, quoted, size);
  size = quote (quoted, 17, 800, 99); /* of this conversation, but not captured */
  add_icmp (fixture, 4, 1, 2, UNREACHABLE, 3, 0, quoted, size);
  size = quote (quoted, 17, 801, 12); /* of none */
  add_icmp (fixture, 5, 1, 2, UNREACHABLE, 3, 0, quoted, size);
  add_icmp (fixture, 6, 1, 2, UNREACHABLE, 3, 0, quoted, 24); /* too short to tell */
  fixture_tcp (fixture, 7, 700, 802, TRAMA_TCP_SYN, 0x0000000c, 0, NULL);
  size = quote (quoted, 6, 802, 0); /* 8 bytes of TCP: its ports and its number */
  quoted[27] = 0x0c;
  add_icmp (fixture, 8, 1, 2, UNREACHABLE, 3, 0, quoted, size);
  table = trama_flow_table_new (fixture->store);
  errors = trama_icmp_errors_find (table);
  g_assert_cmpuint (errors->len, ==, 3);
  assert_error (errors, 0, 3, 0, 1, 1);
  assert_error (errors, 1, 4, 0, G_MAXUINT32, 1);
  assert_error (errors, 2, 8, trama_flow_table_get_flow_of_packet (table, 7), 7, 0);
}

/* A SYN from 127.0.0.1:700 to :802, and an error for it; or for another SYN, then it is not ended. */
static void
assert_denial (guint8 code, guint8 number, TramaEnding ending, guint8 state)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaPhases) phases = NULL;
  const TramaFlowPhases *first;
  guint8 quoted[28];
  gsize size = quote (quoted, 6, 802, 0);

  quoted[27] = number;
  fixture_tcp (fixture, 7, 700, 802, TRAMA_TCP_SYN, 0x0000000c, 0, NULL);
  add_icmp (fixture, 9, 1, 2, UNREACHABLE, code, 0, quoted, size);
  table = trama_flow_table_new (fixture->store);
  phases = trama_phases_new (table);
  first = trama_phases_get (phases, 0);
  g_assert_cmpstr (trama_ending_name (first->ending), ==, trama_ending_name (ending));
  g_assert_cmpuint (first->state[0], ==, state);
  g_assert_cmpint (first->setup_ns, ==, state == TRAMA_TCP_CLOSED ? 2000 : TRAMA_TIME_NONE);
}

static void
test_denials (void)
{
  assert_denial (3, 0x0c, TRAMA_ENDING_REFUSED, TRAMA_TCP_CLOSED);      /* port unreachable */
  assert_denial (1, 0x0c, TRAMA_ENDING_UNREACHABLE, TRAMA_TCP_CLOSED);  /* host unreachable */
  assert_denial (13, 0x0c, TRAMA_ENDING_UNREACHABLE, TRAMA_TCP_CLOSED); /* prohibited */
  assert_denial (4, 0x0c, TRAMA_ENDING_OPENING, TRAMA_TCP_SYN_SENT); /* too large: it comes again smaller */
  assert_denial (3, 0x0d, TRAMA_ENDING_OPENING, TRAMA_TCP_SYN_SENT); /* quotes another SYN */
}

/* Whose SYN comes again all the same has not given up, and may be answered yet. */
static void
test_denial_ignored (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaPhases) phases = NULL;
  guint8 quoted[28];
  gsize size = quote (quoted, 6, 802, 0);

  quoted[27] = 0x0c;
  fixture_tcp (fixture, 7, 700, 802, TRAMA_TCP_SYN, 0x0000000c, 0, NULL);
  add_icmp (fixture, 9, 1, 2, UNREACHABLE, 1, 0, quoted, size);
  fixture_tcp (fixture, 1000007, 700, 802, TRAMA_TCP_SYN, 0x0000000c, 0, NULL);
  fixture_tcp (fixture, 1000009, 802, 700, TRAMA_TCP_SYN | TRAMA_TCP_ACK, 50, 13, NULL);
  fixture_tcp (fixture, 1000011, 700, 802, TRAMA_TCP_ACK, 13, 51, NULL);
  table = trama_flow_table_new (fixture->store);
  phases = trama_phases_new (table);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 2);
  g_assert_cmpuint (trama_phases_get (phases, 0)->ending, ==, TRAMA_ENDING_OPEN);
  g_assert_cmpuint (trama_flow_table_get_flow (table, 0)->tcp[0].resent_syn, ==, 1);
}

/* A fragment of a datagram of UDP from 127.0.0.1:700 to :800: 16 bytes of it. */
static guint
add_fragment (Fixture *fixture, gint64 time_us, guint8 id, guint8 offset, gboolean more)
{
  guint8 frame[ETHERNET_BYTES + IP_BYTES + 16] = { [12] = 0x08, 0x00, 0x45, 0, 0, 36, 0, id };
  guint8 *ip = frame + ETHERNET_BYTES;

  ip[6] = more ? 0x20 : 0;
  ip[7] = offset / 8;
  ip[9] = 17;
  memcpy (ip + 12, (const guint8[]){ 127, 0, 0, 1, 127, 0, 0, 1 }, 8);
  if (offset == 0)
    memcpy (ip + IP_BYTES, (const guint8[]){ 0x02, 0xbc, 0x03, 0x20, 0, 48 }, 6);
  return fixture_frame (fixture, time_us, frame, sizeof frame);
}

static void
assert_parts (TramaFlowTable *table, guint packet, const guint32 *expected, guint n)
{
  g_autoptr (GArray) parts = trama_datagram_find_parts (table, packet);

  g_assert_cmpmem (parts->data, parts->len * sizeof (guint32), expected, n * sizeof (guint32));
}

/* In any order, and between those of another; the same identification a minute later is another datagram. */
static void
test_parts (void)
{
  static const guint32 first[] = { 0, 2, 4 }, second[] = { 1, 3 }, whole[] = { 5 }, later[] = { 6 };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  add_fragment (fixture, 0, 7, 32, FALSE);
  add_fragment (fixture, 1, 8, 0, TRUE);
  add_fragment (fixture, 2, 7, 0, TRUE);
  add_fragment (fixture, 3, 8, 16, FALSE);
  add_fragment (fixture, 4, 7, 16, TRUE);
  fixture_udp (fixture, 5, 700, 800, "whole");
  add_fragment (fixture, G_GINT64_CONSTANT (61000000), 7, 0, TRUE);
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_get_flow_of_packet (table, 0), ==, 0);
  for (guint i = 0; i < 3; i++)
    assert_parts (table, first[i], first, 3);
  for (guint i = 0; i < 2; i++)
    assert_parts (table, second[i], second, 2);
  assert_parts (table, 5, whole, 1);
  assert_parts (table, 6, later, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flow/exchanges/echoes", test_echoes);
  g_test_add_func ("/flow/exchanges/echo-to-itself", test_echo_to_itself);
  g_test_add_func ("/flow/exchanges/datagrams", test_datagrams);
  g_test_add_func ("/flow/exchanges/numbered", test_numbered);
  g_test_add_func ("/flow/exchanges/errors", test_errors);
  g_test_add_func ("/flow/exchanges/denials", test_denials);
  g_test_add_func ("/flow/exchanges/denial-ignored", test_denial_ignored);
  g_test_add_func ("/flow/exchanges/parts", test_parts);
  return g_test_run ();
}
