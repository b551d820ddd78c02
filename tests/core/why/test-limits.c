/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/why/finding.h"

#include "core/decode/checksum.h"
#include "tests/core/fixture.h"

#include <string.h>

/* What a capture lacks, who else writes into a connection, and what became of packets on their way; and beside each fault what is almost it. */

enum
{
  FIN = TRAMA_TCP_FIN,
  SYN = TRAMA_TCP_SYN,
  RST = TRAMA_TCP_RST,
  PSH = TRAMA_TCP_PSH,
  ACK = TRAMA_TCP_ACK,
  CLIENT = 40000,
  SERVER = 80,
  ETHERNET_BYTES = 14,
  IP_BYTES = 20,
  UDP_BYTES = 8,
  ICMP_BYTES = 8,
  SECOND = 1000000,
};

static char *
render (Fixture *fixture)
{
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);
  g_autoptr (TramaFindings) findings = trama_findings_new (table);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < trama_findings_n_findings (findings); i++)
    {
      const TramaFinding *finding = trama_findings_get_finding (findings, i);

      g_string_append_printf (text, "%s: %s\n", finding->rule, finding->what);
      g_assert_true (finding->why[0] != '\0' && finding->todo[0] != '\0');
    }
  return g_string_free (text, FALSE);
}

/* Takes the fixture. */
static void
assert_found (Fixture *made, const char *expected)
{
  g_autoptr (Fixture) fixture = made;
  g_autofree char *found = render (fixture);

  g_assert_cmpstr (found, ==, expected);
}

/* An IP packet behind an Ethernet header, from 127.0.0.1 to itself. */
static guint8 *
frame_new (guint8 protocol, gsize payload_bytes, gsize *size)
{
  guint8 *frame;

  *size = ETHERNET_BYTES + IP_BYTES + payload_bytes;
  frame = g_malloc0 (*size);
  frame[12] = 0x08;
  frame[14] = 0x45;
  frame[16] = (guint8) ((IP_BYTES + payload_bytes) >> 8);
  frame[17] = (guint8) (IP_BYTES + payload_bytes);
  frame[22] = 64;
  frame[23] = protocol;
  memcpy (frame + 26, (const guint8[]){ 127, 0, 0, 1, 127, 0, 0, 1 }, 8);
  return frame;
}

/* An error of the router 127.0.0.9 about what was captured as @about. */
static void
add_error (Fixture *fixture, gint64 time_us, guint about, guint8 type, guint8 code, guint16 mtu)
{
  guint8 quoted[ETHERNET_BYTES + IP_BYTES + UDP_BYTES];
  gsize size;
  g_autofree guint8 *frame = frame_new (1, ICMP_BYTES + IP_BYTES + UDP_BYTES, &size);
  guint8 *icmp = frame + ETHERNET_BYTES + IP_BYTES;

  g_assert_cmpint (trama_store_read_packet (fixture->store, about, quoted, sizeof quoted, NULL), ==,
                   sizeof quoted);
  frame[29] = 9;
  icmp[0] = type;
  icmp[1] = code;
  icmp[6] = (guint8) (mtu >> 8);
  icmp[7] = (guint8) mtu;
  memcpy (icmp + ICMP_BYTES, quoted + ETHERNET_BYTES, IP_BYTES + UDP_BYTES);
  fixture_frame (fixture, time_us, frame, size);
}

/* Two datagrams, and an error about each. */
static Fixture *
make_errors (guint8 type, guint8 code, guint16 mtu)
{
  Fixture *fixture = fixture_new ();

  for (guint i = 0; i < 2; i++)
    add_error (fixture, 1000 * i + 500, fixture_udp (fixture, 1000 * i, CLIENT, SERVER, "Hello?"), type, code,
               mtu);
  return fixture;
}

static void
test_errors (void)
{
  assert_found (make_errors (3, 4, 1400),
                "packet-too-big: 2 packets of 127.0.0.1:40000 to 127.0.0.1:80 were too large: 127.0.0.9 can "
                "pass on no more than 1400 bytes.\n");
  assert_found (
      make_errors (3, 4, 0),
      "packet-too-big: 2 packets of 127.0.0.1:40000 to 127.0.0.1:80 were too large for 127.0.0.9 to "
      "pass on.\n");
  assert_found (
      make_errors (3, 1, 1400),
      "not-delivered: 2 packets of 127.0.0.1:40000 did not reach 127.0.0.1:80: 127.0.0.9 answered by "
      "ICMP, the first time with “host unreachable”.\n");
  assert_found (make_errors (11, 0, 0),
                "time-to-live-over: 2 packets of 127.0.0.1:40000 got no farther than routers on their way to "
                "127.0.0.1:80, the first of them 127.0.0.9: their time to live ran out.\n");
  assert_found (
      make_errors (11, 1, 0),
      "not-reassembled: 2 datagrams of 127.0.0.1:40000 were lost: 127.0.0.9 did not get all of their "
      "fragments in time.\n");
  /* What is almost one of these: nobody at the port, and what complains of no packet at all. */
  assert_found (make_errors (3, 3, 1400),
                "datagram-nobody: 2 datagrams of 127.0.0.1:40000 were lost: no socket is bound to "
                "127.0.0.1:80.\n");
  assert_found (make_errors (5, 1, 0), "");
  assert_found (make_errors (12, 0, 0), "");
  assert_found (make_errors (0, 0, 1400), "");
}

/* While a connection opens, another rule tells what it means for that; later it is packets that are lost. */
static Fixture *
make_cut_off (gboolean is_open)
{
  Fixture *fixture = fixture_new ();
  guint last = fixture_tcp (fixture, 0, CLIENT, SERVER, SYN, 1000, 0, NULL);

  if (is_open)
    {
      fixture_tcp (fixture, 1000, SERVER, CLIENT, SYN | ACK, 7000, 1001, NULL);
      fixture_tcp (fixture, 1010, CLIENT, SERVER, ACK, 1001, 7001, NULL);
      fixture_tcp (fixture, 2000, CLIENT, SERVER, PSH | ACK, 1001, 7001, "Hello?");
      fixture_tcp (fixture, 3000, SERVER, CLIENT, ACK, 7001, 1007, NULL);
      last = fixture_tcp (fixture, 4000, CLIENT, SERVER, PSH | ACK, 1007, 7001, "Hello?");
    }
  add_error (fixture, 5000, last, 3, 1, 0);
  return fixture;
}

static void
test_cut_off (void)
{
  assert_found (
      make_cut_off (TRUE),
      "not-delivered: 1 packet of 127.0.0.1:40000 did not reach 127.0.0.1:80: 127.0.0.9 answered by "
      "ICMP with “host unreachable”.\n");
  assert_found (make_cut_off (FALSE), "unreachable: 127.0.0.1:40000 could not reach 127.0.0.1:80: 1 SYN was "
                                      "answered by ICMP with “unreachable”.\n");
}

/* Of a datagram with 32 bytes, in parts: the header and 8, 16, and 8. */
static void
add_fragment (Fixture *fixture, gint64 time_us, guint part, guint16 identification)
{
  gsize bytes = part == 2 ? 8 : 16, size;
  g_autofree guint8 *frame = frame_new (17, bytes, &size);
  guint8 *ip = frame + ETHERNET_BYTES;

  ip[4] = (guint8) (identification >> 8);
  ip[5] = (guint8) identification;
  ip[6] = part < 2 ? 0x20 : 0;
  ip[7] = (guint8) (part * 2);
  if (part == 0)
    memcpy (ip + IP_BYTES, (const guint8[]){ CLIENT >> 8, CLIENT & 0xff, 0, SERVER, 0, 40 }, 6);
  fixture_frame (fixture, time_us, frame, size);
}

/* @parts are numbers, all of one datagram, a millisecond apart; another packet comes @after_us later. */
static Fixture *
make_fragments (const char *parts, gint64 after_us)
{
  Fixture *fixture = fixture_new ();
  gint64 time_us = 0;

  for (; *parts != '\0'; parts++, time_us += 1000)
    add_fragment (fixture, time_us, (guint) (*parts - '0'), 77);
  fixture_udp (fixture, time_us + after_us, SERVER, CLIENT, "Hello!");
  return fixture;
}

static void
test_fragments (void)
{
  assert_found (make_fragments ("01", 2 * SECOND),
                "fragments-missing: Of a datagram of 127.0.0.1:40000 with 32 bytes 8 bytes are not in the "
                "capture: fragments are missing.\n");
  assert_found (make_fragments ("02", 2 * SECOND),
                "fragments-missing: Of a datagram of 127.0.0.1:40000 with 32 bytes 16 bytes are not in the "
                "capture: fragments are missing.\n");
  assert_found (make_fragments ("01", SECOND / 2), "");     /* it may come yet */
  assert_found (make_fragments ("012", 2 * SECOND), "");    /* whole, */
  assert_found (make_fragments ("210", 2 * SECOND), "");    /* from its end, */
  assert_found (make_fragments ("0112", 2 * SECOND), "");   /* one part twice, */
  assert_found (make_fragments ("012012", 2 * SECOND), ""); /* its number used again, */
  assert_found (make_fragments ("210210", 2 * SECOND), "");
  assert_found (make_fragments ("12", 2 * SECOND), ""); /* nobody knows whose, and how long */
}

/* What is cut in the payload is read as far as it goes. */
static Fixture *
make_cut (guint32 captured_bytes)
{
  Fixture *fixture = fixture_new ();
  TramaEvent event = { .kind = TRAMA_EVENT_PACKET };
  guint packet = fixture_udp (fixture, 0, CLIENT, SERVER, "Hello?");

  trama_store_get_packet (fixture->store, packet, &event.packet);
  event.packet.captured_bytes = captured_bytes;
  event.packet.time_ns += 1000;
  trama_store_append (&event, fixture->store);
  return fixture;
}

static void
test_cut (void)
{
  assert_found (
      make_cut (34),
      "cut-in-headers: 1 packet belongs to no conversation here: its headers were cut, of the first "
      "34 bytes are left.\n");
  assert_found (make_cut (ETHERNET_BYTES + IP_BYTES + UDP_BYTES), "");
}

/* Two interfaces, one of a link that is not decoded. */
static Fixture *
make_links (guint32 link_type)
{
  Fixture *fixture = fixture_new ();
  TramaEvent interface = { .kind = TRAMA_EVENT_INTERFACE };
  TramaEvent event = { .kind = TRAMA_EVENT_PACKET };

  interface.interface = (TramaInterface){ .link_type = link_type, .name = "other" };
  trama_store_append (&interface, fixture->store);
  trama_store_get_packet (fixture->store, fixture_udp (fixture, 0, CLIENT, SERVER, "Hello?"), &event.packet);
  event.packet.interface = 1;
  event.packet.time_ns += 1000;
  trama_store_append (&event, fixture->store);
  return fixture;
}

static void
test_links (void)
{
  assert_found (make_links (107),
                "link-unknown: 1 packet could not be read: links of type 107 (FRELAY, Frame "
                "Relay) are not decoded.\n");
  assert_found (make_links (65000), "link-unknown: 1 packet could not be read: links of type 65000 are not "
                                    "decoded.\n");
  assert_found (make_links (TRAMA_LINK_ETHERNET), "");
}

static Fixture *
make_drops (guint64 n)
{
  Fixture *fixture = fixture_new ();
  TramaEvent event = { .kind = TRAMA_EVENT_STATISTICS };

  fixture_udp (fixture, 0, CLIENT, SERVER, "Hello?");
  event.statistics = (TramaStatistics){ .dropped = n };
  trama_store_append (&event, fixture->store);
  return fixture;
}

/* What is of the capture as a whole is known without the rest, and told in the same words. */
static void
test_of_capture (void)
{
  g_autoptr (Fixture) fixture = make_links (107);
  TramaEvent event = { .kind = TRAMA_EVENT_STATISTICS, .statistics = { .dropped = 7 } };
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaFindings) some = NULL;
  g_autoptr (TramaFindings) all = NULL;

  trama_store_append (&event, fixture->store);
  table = trama_flow_table_new (fixture->store);
  some = trama_findings_new_of_capture (table);
  all = trama_findings_new (table);
  g_assert_cmpuint (trama_findings_n_findings (some), ==, 2);
  g_assert_cmpuint (trama_findings_n_findings (all), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpstr (trama_findings_get_finding (some, i)->rule, ==,
                       trama_findings_get_finding (all, i)->rule);
      g_assert_cmpstr (trama_findings_get_finding (some, i)->what, ==,
                       trama_findings_get_finding (all, i)->what);
    }
}

static void
test_drops (void)
{
  assert_found (make_drops (7), "capture-dropped: The capture lacks 7 packets that it had no room for.\n");
  assert_found (make_drops (0), "");
}

/* A connection, in whose middle the clock is set back by so much. */
static Fixture *
make_step (gint64 back_us)
{
  Fixture *fixture = fixture_new ();

  fixture_tcp (fixture, 5 * SECOND, CLIENT, SERVER, SYN, 1000, 0, NULL);
  fixture_tcp (fixture, 5 * SECOND + 1000, SERVER, CLIENT, SYN | ACK, 7000, 1001, NULL);
  fixture_tcp (fixture, 5 * SECOND + 1010, CLIENT, SERVER, ACK, 1001, 7001, NULL);
  fixture_tcp (fixture, 5 * SECOND + 2000 - back_us, CLIENT, SERVER, PSH | ACK, 1001, 7001, "Hello?");
  fixture_tcp (fixture, 5 * SECOND + 3000 - back_us, SERVER, CLIENT, ACK, 7001, 1007, NULL);
  return fixture;
}

static void
test_clock (void)
{
  assert_found (
      make_step (2 * SECOND),
      "clock-set-back: Packet 4 of the file is 2 s earlier than the one before it: the clock was set "
      "back, or files were joined. A conversation across such a place is seen torn and in the wrong "
      "order, and nothing else is said of it.\n");
  assert_found (make_step (0), "");
}

/* Several interfaces are written one behind the other: each of their conversations is in order. */
static void
test_interleaved (void)
{
  Fixture *fixture = fixture_new ();

  for (guint16 i = 0; i < 3; i++)
    {
      fixture_tcp (fixture, 300000 - 100000 * i, CLIENT + i, SERVER, SYN, 1000, 0, NULL);
      fixture_tcp (fixture, 300100 - 100000 * i, SERVER, CLIENT + i, SYN | ACK, 7000, 1001, NULL);
    }
  assert_found (fixture, "");
}

/* Data of which one part may not be in the capture; and the acknowledgment of it all, if that is. */
static Fixture *
make_gap (gboolean has_all, gboolean is_acknowledged)
{
  Fixture *fixture = fixture_new ();

  fixture_tcp (fixture, 0, CLIENT, SERVER, SYN, 1000, 0, NULL);
  fixture_tcp (fixture, 1000, SERVER, CLIENT, SYN | ACK, 7000, 1001, NULL);
  fixture_tcp (fixture, 1010, CLIENT, SERVER, ACK, 1001, 7001, NULL);
  fixture_tcp (fixture, 2000, CLIENT, SERVER, PSH | ACK, 1001, 7001, "Hello?");
  if (has_all)
    fixture_tcp (fixture, 2010, CLIENT, SERVER, PSH | ACK, 1007, 7001, "Hello?");
  fixture_tcp (fixture, 2020, CLIENT, SERVER, PSH | ACK, 1013, 7001, "Hello?");
  if (is_acknowledged)
    fixture_tcp (fixture, 3000, SERVER, CLIENT, ACK, 7001, 1019, NULL);
  return fixture;
}

static void
test_gap (void)
{
  assert_found (
      make_gap (FALSE, TRUE),
      "not-captured: The capture lacks something that 127.0.0.1:40000 sent: 127.0.0.1:80 acknowledged "
      "it 1 time all the same.\n");
  assert_found (make_gap (FALSE, FALSE), ""); /* it may be lost, and come again */
  assert_found (make_gap (TRUE, TRUE), "");
}

/* It was captured behind its own acknowledgment: nothing is missing. */
static void
test_overtaken (void)
{
  Fixture *fixture = fixture_new ();

  fixture_tcp (fixture, 0, CLIENT, SERVER, SYN, 1000, 0, NULL);
  fixture_tcp (fixture, 1000, SERVER, CLIENT, SYN | ACK, 7000, 1001, NULL);
  fixture_tcp (fixture, 1010, CLIENT, SERVER, ACK, 1001, 7001, NULL);
  fixture_tcp (fixture, 2000, CLIENT, SERVER, PSH | ACK, 1001, 7001, "Hello?");
  fixture_tcp (fixture, 3000, SERVER, CLIENT, ACK, 7001, 1007, NULL);
  fixture_tcp (fixture, 4000, SERVER, CLIENT, ACK, 7001, 1013, NULL);
  fixture_tcp (fixture, 4001, CLIENT, SERVER, PSH | ACK, 1007, 7001, "again?");
  assert_found (fixture, "");
}

/* Both ends send once more, behind what was sent at 4 ms. */
static void
go_on (Fixture *fixture)
{
  fixture_tcp (fixture, 5000, CLIENT, SERVER, PSH | ACK, 1007, 7001, "again?");
  fixture_tcp (fixture, 6000, SERVER, CLIENT, ACK, 7001, 1013, NULL);
  fixture_tcp (fixture, 9000, CLIENT, SERVER, PSH | ACK, 1013, 7001, "again?");
}

/* A connection in which "Hello?" was sent and acknowledged, and then came RST with @sequence. */
static Fixture *
make_reset (guint32 sequence, gboolean goes_on)
{
  Fixture *fixture = fixture_new ();

  fixture_tcp (fixture, 0, CLIENT, SERVER, SYN, 1000, 0, NULL);
  fixture_tcp (fixture, 1000, SERVER, CLIENT, SYN | ACK, 7000, 1001, NULL);
  fixture_tcp (fixture, 1010, CLIENT, SERVER, ACK, 1001, 7001, NULL);
  fixture_tcp (fixture, 2000, CLIENT, SERVER, PSH | ACK, 1001, 7001, "Hello?");
  fixture_tcp (fixture, 3000, SERVER, CLIENT, ACK, 7001, 1007, NULL);
  fixture_tcp (fixture, 4000, CLIENT, SERVER, RST | ACK, sequence, 7001, NULL);
  if (goes_on)
    go_on (fixture);
  return fixture;
}

static void
test_ignored (void)
{
  assert_found (make_reset (1002, TRUE),
                "reset-ignored: RST came in the name of 127.0.0.1:40000, and both went on: its number was 5 "
                "before the next that 127.0.0.1:80 expected.\n");
  assert_found (make_reset (501007, TRUE),
                "reset-ignored: RST came in the name of 127.0.0.1:40000, and both went on: its number was "
                "500000 behind the next that 127.0.0.1:80 expected.\n");
  assert_found (make_reset (1007, FALSE),
                "aborted: 127.0.0.1:40000 aborted the connection with RST; the trace "
                "does not tell why.\n");
}

/* A SYN in the middle; its answer is of the connection that is open, and so is what follows. */
static void
test_stray_syn (void)
{
  Fixture *fixture = make_reset (1002, FALSE);

  fixture_tcp (fixture, 4100, CLIENT, SERVER, SYN, 900000, 0, NULL);
  fixture_tcp (fixture, 4200, SERVER, CLIENT, ACK, 7001, 1007, NULL);
  go_on (fixture);
  assert_found (fixture,
                "reset-ignored: RST came in the name of 127.0.0.1:40000, and both went on: its number was 5 "
                "before the next that 127.0.0.1:80 expected.\n"
                "syn-ignored: SYN came in the name of 127.0.0.1:40000 in the middle of its connection with "
                "127.0.0.1:80, which went on.\n");
}

/* Who asked in vain resets; that its peer then sends, and is disowned, tells nothing else. */
static void
test_given_up (void)
{
  Fixture *fixture = fixture_new ();

  fixture_tcp (fixture, 0, CLIENT, SERVER, SYN, 1000, 0, NULL);
  fixture_tcp (fixture, 1000, SERVER, CLIENT, SYN | ACK, 7000, 1001, NULL);
  fixture_tcp (fixture, 1010, CLIENT, SERVER, ACK, 1001, 7001, NULL);
  for (guint i = 1; i <= 3; i++)
    fixture_tcp (fixture, i * SECOND, CLIENT, SERVER, ACK, 1000, 7001, NULL);
  fixture_tcp (fixture, 4 * SECOND, CLIENT, SERVER, RST | ACK, 1001, 7001, NULL);
  fixture_tcp (fixture, 5 * SECOND, SERVER, CLIENT, PSH | ACK, 7001, 1001, "Hello?");
  fixture_tcp (fixture, 5 * SECOND + 10, CLIENT, SERVER, RST, 1001, 0, NULL);
  assert_found (
      fixture, "keep-alive: 127.0.0.1:40000 sent 3 keep-alive probes.\n"
               "keep-alive-unanswered: 127.0.0.1:40000 gave the connection up with RST: 127.0.0.1:80 had not "
               "answered its last 3 keep-alive probes.\n");
}

/* It was captured before the data that it was sent behind, and those before an ACK that was on its way. */
static void
test_overtaking (void)
{
  assert_found (make_reset (1019, TRUE),
                "aborted: 127.0.0.1:40000 aborted the connection with RST; the trace "
                "does not tell why.\n");
}

/* A segment that comes with its right checksum. */
static void
add_summed (Fixture *fixture, gint64 time_us, const char *payload)
{
  g_autoptr (Fixture) scratch = fixture_new ();
  guint packet = fixture_tcp (scratch, 0, CLIENT, SERVER, PSH | ACK, 1001, 7001, payload);
  guint8 frame[128];
  gssize size = trama_store_read_packet (scratch->store, packet, frame, sizeof frame, NULL);
  gsize tcp_bytes = (gsize) size - ETHERNET_BYTES - IP_BYTES;
  const guint8 rest[] = { 0, 6, (guint8) (tcp_bytes >> 8), (guint8) tcp_bytes };
  guint16 sum;

  sum = (guint16) ~trama_checksum_fold (trama_checksum_add (trama_checksum_add (0, rest, sizeof rest),
                                                            frame + ETHERNET_BYTES + 12, 8 + tcp_bytes));
  frame[ETHERNET_BYTES + IP_BYTES + 16] = (guint8) (sum >> 8);
  frame[ETHERNET_BYTES + IP_BYTES + 17] = (guint8) sum;
  fixture_frame (fixture, time_us, frame, (gsize) size);
}

static Fixture *
make_again (const char *first, const char *second, gboolean is_summed)
{
  Fixture *fixture = fixture_new ();

  fixture_tcp (fixture, 0, CLIENT, SERVER, SYN, 1000, 0, NULL);
  fixture_tcp (fixture, 1000, SERVER, CLIENT, SYN | ACK, 7000, 1001, NULL);
  fixture_tcp (fixture, 1010, CLIENT, SERVER, ACK, 1001, 7001, NULL);
  fixture_tcp (fixture, 2000, CLIENT, SERVER, PSH | ACK, 1001, 7001, first);
  if (is_summed)
    add_summed (fixture, 900000, second);
  else
    fixture_tcp (fixture, 900000, CLIENT, SERVER, PSH | ACK, 1001, 7001, second);
  fixture_tcp (fixture, 901000, SERVER, CLIENT, ACK, 7001, 1007, NULL);
  return fixture;
}

static void
test_rewritten (void)
{
  static const char again[] = "retransmission-timeout: 127.0.0.1:40000 sent 1 segment again, after waiting "
                              "for its ACK in vain for 898 ms.\n";
  g_autofree char *other = g_strconcat (
      "bytes-rewritten: 1 segment of 127.0.0.1:40000 brings other bytes than came before under the same "
      "sequence numbers.\n",
      again, NULL);
  g_autofree char *damaged = g_strconcat ("bytes-rewritten: 1 segment of 127.0.0.1:40000 came twice, with "
                                          "other bytes: by its checksum one of them "
                                          "was damaged on its way.\n",
                                          again, NULL);

  assert_found (make_again ("Hello?", "Hello?", FALSE), again);
  assert_found (make_again ("Hello?", "Hullo?", FALSE), other);
  assert_found (make_again ("Hullo?", "Hello?", TRUE), damaged);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/limits/errors", test_errors);
  g_test_add_func ("/limits/cut-off", test_cut_off);
  g_test_add_func ("/limits/fragments", test_fragments);
  g_test_add_func ("/limits/cut", test_cut);
  g_test_add_func ("/limits/links", test_links);
  g_test_add_func ("/limits/drops", test_drops);
  g_test_add_func ("/limits/of-capture", test_of_capture);
  g_test_add_func ("/limits/clock", test_clock);
  g_test_add_func ("/limits/interleaved", test_interleaved);
  g_test_add_func ("/limits/gap", test_gap);
  g_test_add_func ("/limits/overtaken", test_overtaken);
  g_test_add_func ("/limits/ignored", test_ignored);
  g_test_add_func ("/limits/stray-syn", test_stray_syn);
  g_test_add_func ("/limits/given-up", test_given_up);
  g_test_add_func ("/limits/overtaking", test_overtaking);
  g_test_add_func ("/limits/rewritten", test_rewritten);
  return g_test_run ();
}
