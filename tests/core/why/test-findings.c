/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/why/finding.h"

#include "core/flow/phases.h"
#include "core/why/finding_list.h"
#include "tests/core/fixture.h"

#include <string.h>
#include <sys/socket.h>

/* What only the packets of a wire show, or what must be found without calls; the rest is in tests/live/explain.py. */

enum
{
  FIN = TRAMA_TCP_FIN,
  SYN = TRAMA_TCP_SYN,
  RST = TRAMA_TCP_RST,
  PSH = TRAMA_TCP_PSH,
  ACK = TRAMA_TCP_ACK,
  CLIENT = 40000,
  SERVER = 80,
};

/* The ISNs are 1000 and 7000. */
typedef struct
{
  gint64 time_us;
  guint16 from;
  guint8 flags;
  guint32 sequence;
  guint32 acknowledgment;
  const char *payload;
} Packet;

/* Three segments, a round trip of 1 ms at the client. */
#define HANDSHAKE                                                                                            \
  { 0, CLIENT, SYN, 1000, 0, NULL }, { 1000, SERVER, SYN | ACK, 7000, 1001 },                                \
  {                                                                                                          \
    1010, CLIENT, ACK, 1001, 7001                                                                            \
  }

static TramaFindings *
find (const Packet *packets, gsize n)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  for (gsize i = 0; i < n; i++)
    fixture_tcp (fixture, packets[i].time_us, packets[i].from, packets[i].from == CLIENT ? SERVER : CLIENT,
                 packets[i].flags, packets[i].sequence, packets[i].acknowledgment, packets[i].payload);
  table = trama_flow_table_new (fixture->store);
  return trama_findings_new (table);
}

/* "closed-first at 10000, …": every finding and when it begins, in microseconds. */
static char *
render (const TramaFindings *findings)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < trama_findings_n_findings (findings); i++)
    {
      const TramaFinding *finding = trama_findings_get_finding (findings, i);

      g_string_append_printf (text, "%s%s at %" G_GINT64_FORMAT, i > 0 ? ", " : "", finding->rule,
                              (finding->span.start_ns - FIXTURE_BEGIN_NS) / 1000);
      g_assert_cmpint (finding->span.start_ns, <=, finding->span.end_ns);
      g_assert_true (finding->what[0] != '\0' && finding->why[0] != '\0' && finding->todo[0] != '\0');
      g_assert_cmpuint (finding->actor, ==, TRAMA_ACTOR_NONE);
    }
  return g_string_free (text, FALSE);
}

static void
assert_found (const Packet *packets, gsize n, const char *expected, const char *what)
{
  g_autoptr (TramaFindings) findings = find (packets, n);
  g_autofree char *found = render (findings);

  g_assert_cmpstr (found, ==, expected);
  if (what != NULL)
    g_assert_cmpstr (trama_findings_get_finding (findings, 0)->what, ==, what);
}

static void
test_nothing (void)
{
  assert_found (NULL, 0, "", NULL);
}

static void
test_closed (void)
{
  static const Packet well[] = {
    HANDSHAKE,
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 3000, SERVER, ACK, 7001, 1007 },
    { 10000, CLIENT, FIN | ACK, 1007, 7001 },
    { 11000, SERVER, FIN | ACK, 7001, 1008 },
    { 11010, CLIENT, ACK, 1008, 7002 },
  };
  static const Packet without_times[] = {
    { 0, CLIENT, SYN, 1000, 0 },          { 0, SERVER, SYN | ACK, 7000, 1001 },
    { 0, CLIENT, ACK, 1001, 7001 },       { 0, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 0, SERVER, ACK, 7001, 1007 },       { 0, CLIENT, FIN | ACK, 1007, 7001 },
    { 0, SERVER, FIN | ACK, 7001, 1008 }, { 0, CLIENT, ACK, 1008, 7002 },
  };
  static const Packet together[] = {
    HANDSHAKE,
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 3000, SERVER, ACK, 7001, 1007 },
    { 10000, CLIENT, FIN | ACK, 1007, 7001 },
    { 10100, SERVER, FIN | ACK, 7001, 1007 }, /* does not know of the client's */
    { 10110, CLIENT, ACK, 1008, 7002 },
    { 11000, SERVER, ACK, 7002, 1008 },
  };

  assert_found (well, G_N_ELEMENTS (well), "closed-first at 10000",
                "127.0.0.1:40000 closed first, 1 ms before 127.0.0.1:80, and is left in TIME-WAIT.");
  assert_found (without_times, G_N_ELEMENTS (without_times), "closed-first at 0",
                "127.0.0.1:40000 closed first, before 127.0.0.1:80, and is left in TIME-WAIT.");
  assert_found (together, G_N_ELEMENTS (together), "closed-together at 10000", NULL);
}

/* The same conversation, of which the capture has not seen the beginning. */
static void
test_began_before (void)
{
  static const Packet packets[] = {
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 3000, SERVER, ACK, 7001, 1007 },
    { 4000, SERVER, PSH | ACK, 7001, 1007, "Yes." },
    { 5000, CLIENT, ACK, 1007, 7005 },
  };

  assert_found (packets, G_N_ELEMENTS (packets), "began-before at 2000",
                "The capture begins in the middle of the connection of 127.0.0.1:40000 and 127.0.0.1:80: its "
                "handshake was not seen.");
}

/* Only the SYN of the client is missing: that it had called is known all the same. */
static void
test_began_between (void)
{
  static const Packet packets[] = {
    { 900, SERVER, SYN | ACK, 7000, 1001 },
    { 910, CLIENT, ACK, 1001, 7001 },
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 3000, SERVER, ACK, 7001, 1007 },
    { 10000, CLIENT, FIN | ACK, 1007, 7001 },
    { 11000, SERVER, FIN | ACK, 7001, 1008 },
    { 11010, CLIENT, ACK, 1008, 7002 },
  };

  assert_found (packets, G_N_ELEMENTS (packets), "closed-first at 10000", NULL);
}

/* Why the client sent again what it did, those tell whom the capture has not seen. */
static void
test_one_sided (void)
{
  static const Packet packets[] = {
    { 0, CLIENT, SYN, 1000, 0 },
    { 910, CLIENT, ACK, 1001, 7001 },
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 302000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 400000, CLIENT, FIN | ACK, 1007, 7001 },
  };

  assert_found (packets, 1, "", NULL);
  assert_found (packets, G_N_ELEMENTS (packets), "one-sided at 400000",
                "Only what 127.0.0.1:40000 sent was captured; nothing of 127.0.0.1:80 was.");
}

/* The second of four was lost before it came here; its receiver asks for it three times. */
static void
test_lost_before (void)
{
  static const Packet packets[] = {
    HANDSHAKE,
    { 2000, CLIENT, ACK, 1001, 7001, "aaaa" },
    { 2020, CLIENT, ACK, 1009, 7001, "cccc" },
    { 2030, CLIENT, ACK, 1013, 7001, "dddd" },
    { 2040, CLIENT, ACK, 1017, 7001, "eeee" },
    { 2050, SERVER, ACK, 7001, 1005 },
    { 2060, SERVER, ACK, 7001, 1005 },
    { 2070, SERVER, ACK, 7001, 1005 },
    { 2080, SERVER, ACK, 7001, 1005 },
    { 4000, CLIENT, ACK, 1005, 7001, "bbbb" },
    { 4010, SERVER, ACK, 7001, 1021 },
  };

  assert_found (packets, G_N_ELEMENTS (packets), "lost-before-capture at 4000", NULL);
}

/* A capture on two interfaces has everything twice; nobody has sent any of it again. */
static void
test_twice (void)
{
  static const Packet packets[] = {
    { 0, CLIENT, SYN, 1000, 0 },
    { 3, CLIENT, SYN, 1000, 0 },
    { 1000, SERVER, SYN | ACK, 7000, 1001 },
    { 1003, SERVER, SYN | ACK, 7000, 1001 },
    { 1010, CLIENT, ACK, 1001, 7001 },
    { 1013, CLIENT, ACK, 1001, 7001 },
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 2003, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 3000, SERVER, ACK, 7001, 1007 },
    { 3003, SERVER, ACK, 7001, 1007 },
  };

  assert_found (packets, G_N_ELEMENTS (packets), "captured-twice at 3",
                "Of 6 segments with data, SYN or FIN between 127.0.0.1:40000 and 127.0.0.1:80 3 are copies "
                "of others: probably the "
                "capture saw each of them in two places.");
  assert_found (packets, 6, "", NULL); /* as many as the network doubles now and then */
}

/* An old SYN comes again when both have closed: what answers it, and that answer's reset, undo nothing. */
static void
test_stray (void)
{
  static const Packet packets[] = {
    HANDSHAKE,
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 3000, SERVER, ACK, 7001, 1007 },
    { 10000, CLIENT, FIN | ACK, 1007, 7001 },
    { 11000, SERVER, FIN | ACK, 7001, 1008 },
    { 11010, CLIENT, ACK, 1008, 7002 },
    { 500000, SERVER, SYN, 7000, 0 },
    { 500100, CLIENT, ACK, 1008, 7002 },
    { 500200, SERVER, RST, 7002, 0 },
  };

  assert_found (packets, G_N_ELEMENTS (packets), "closed-first at 10000, port-pair-reused at 500000", NULL);
}

/* Of what it ended, if anything, nothing is known. */
static void
test_reset_alone (void)
{
  static const Packet packets[] = { { 0, SERVER, RST | ACK, 0, 1001 } };

  assert_found (packets, G_N_ELEMENTS (packets), "", NULL);
}

static void
test_opening (void)
{
  static const Packet late[] = {
    { 0, CLIENT, SYN, 1000, 0 },
    { 1000000, CLIENT, SYN, 1000, 0 },
    { 1001000, SERVER, SYN | ACK, 7000, 1001 },
    { 1001010, CLIENT, ACK, 1001, 7001 },
  };
  static const Packet often[] = {
    { 0, CLIENT, SYN, 1000, 0 },
    { 1000000, CLIENT, SYN, 1000, 0 },
    { 3000000, CLIENT, SYN, 1000, 0 },
  };
  static const Packet silent[] = {
    { 0, CLIENT, SYN, 1000, 0 },
    { 1000000, CLIENT, SYN, 1000, 0 },
    { 3000000, 50000, SYN, 1000, 0 }, /* of another: the third of its own would have been due */
  };
  static const Packet refused[] = { { 0, CLIENT, SYN, 1000, 0 }, { 900, SERVER, RST | ACK, 0, 1001 } };

  assert_found (late, G_N_ELEMENTS (late), "syn-resent at 0",
                "127.0.0.1:40000 had to send its SYN again, for the last time after 1 s.");
  assert_found (late, 2, "syn-resent at 0", NULL); /* the answer may come yet */
  assert_found (late, 1, "", NULL);
  assert_found (often, G_N_ELEMENTS (often), "connect-timed-out at 0",
                "127.0.0.1:40000 tried for 3 s to reach 127.0.0.1:80: 3 SYNs, and no answer.");
  assert_found (silent, G_N_ELEMENTS (silent), "connect-timed-out at 0", NULL);
  assert_found (refused, G_N_ELEMENTS (refused), "refused-nobody-listens at 900",
                "127.0.0.1:40000 was refused, probably because nobody listens on 127.0.0.1:80: "
                "its SYN was answered with RST.");
}

/* Two SYNs, and each is quoted by an ICMP error of type 3. */
static TramaFindings *
find_icmp (guint8 code)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  guint8 frame[14 + 20 + 8 + 28] = { [12] = 0x08, 0x00, 0x45, [14 + 3] = 56, [14 + 9] = 1, [14 + 20] = 3 };
  guint8 syn[14 + 28];

  frame[14 + 21] = code;
  memcpy (frame + 14 + 12, (const guint8[]){ 127, 0, 0, 9, 127, 0, 0, 1 }, 8);
  for (guint i = 0; i < 2; i++)
    {
      guint packet = fixture_tcp (fixture, 1000000 * i, CLIENT, SERVER, SYN, 1000, 0, NULL);

      g_assert_cmpint (trama_store_read_packet (fixture->store, packet, syn, sizeof syn, NULL), ==,
                       sizeof syn);
      memcpy (frame + 14 + 28, syn + 14, 28);
      fixture_frame (fixture, 1000000 * i + 500, frame, sizeof frame);
    }
  table = trama_flow_table_new (fixture->store);
  return trama_findings_new (table);
}

static void
assert_icmp (guint8 code, const char *expected, guint ending, const char *what)
{
  g_autoptr (TramaFindings) findings = find_icmp (code);
  g_autoptr (TramaPhases) phases = trama_phases_new (trama_findings_get_table (findings));
  g_autofree char *found = render (findings);

  g_assert_cmpstr (found, ==, expected);
  g_assert_cmpstr (trama_findings_get_finding (findings, 0)->what, ==, what);
  g_assert_cmpuint (trama_phases_get (phases, 0)->ending, ==, ending);
}

/* That no such host can be reached is one thing, and that its port is closed another; both end the attempt. */
static void
test_icmp (void)
{
  assert_icmp (1, "unreachable at 500", TRAMA_ENDING_UNREACHABLE,
               "127.0.0.1:40000 could not reach 127.0.0.1:80: 2 SYNs were answered by ICMP with "
               "“unreachable”.");
  assert_icmp (
      3, "refused-by-icmp at 500", TRAMA_ENDING_REFUSED,
      "127.0.0.1:40000 was refused, probably by a firewall before 127.0.0.1:80: 2 SYNs were answered "
      "by ICMP with “port unreachable”, not with RST.");
  assert_icmp (4, "syn-resent at 0, packet-too-big at 500",
               TRAMA_ENDING_OPENING, /* too large: it comes again smaller */
               "127.0.0.1:40000 had to send its SYN again, for the last time after 1 s.");
}

static void
test_timeout (void)
{
  static const Packet packets[] = {
    HANDSHAKE,
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 212000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 632000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 633000, SERVER, ACK, 7001, 1007 },
  };

  assert_found (packets, G_N_ELEMENTS (packets) - 1,
                "retransmission-timeout at 212000, peer-vanished at 212000", NULL);
  assert_found (packets, G_N_ELEMENTS (packets),
                "retransmission-timeout at 212000, retransmission-backoff at 212000",
                "127.0.0.1:40000 sent 2 segments again, after waiting for their ACK in vain, for the first "
                "for 210 ms.");
}

/* Whether selective acknowledgments are permitted was not captured: it may have been a probe. */
static void
test_tail (void)
{
  static const Packet packets[] = {
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 3000, SERVER, ACK, 7001, 1007 },
    { 4000, CLIENT, PSH | ACK, 1007, 7001, "Hello?" },
    { 208000, CLIENT, PSH | ACK, 1007, 7001, "Hello?" },
    { 209000, SERVER, ACK, 7001, 1013 },
  };
  g_autoptr (TramaFindings) findings = find (packets, G_N_ELEMENTS (packets));
  g_autofree char *found = render (findings);

  g_assert_cmpstr (found, ==, "began-before at 2000, timeout-or-probe at 208000");
  g_assert_cmpstr (trama_findings_get_finding (findings, 1)->what, ==,
                   "127.0.0.1:40000 sent its last segment again 1 time, after 204 ms without an ACK: after a "
                   "timeout, or as a probe.");
}

/* The first of four is lost, and each of the others makes the same ACK. */
static void
test_fast (void)
{
  static const Packet packets[] = {
    HANDSHAKE,
    { 2000, CLIENT, ACK, 1001, 7001, "aaaa" },
    { 2010, CLIENT, ACK, 1005, 7001, "bbbb" },
    { 2020, CLIENT, ACK, 1009, 7001, "cccc" },
    { 2030, CLIENT, ACK, 1013, 7001, "dddd" },
    { 3010, SERVER, ACK, 7001, 1001 },
    { 3020, SERVER, ACK, 7001, 1001 },
    { 3030, SERVER, ACK, 7001, 1001 },
    { 3040, CLIENT, ACK, 1001, 7001, "aaaa" },
    { 4040, SERVER, ACK, 7001, 1017 },
  };

  assert_found (packets, G_N_ELEMENTS (packets), "fast-retransmit at 3040",
                "127.0.0.1:40000 sent 1 segment again, as duplicate ACKs asked for it.");
}

/* It had been acknowledged when it was sent again. */
static void
test_spurious (void)
{
  static const Packet packets[] = {
    HANDSHAKE,
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 300000, SERVER, ACK, 7001, 1007 },
    { 300010, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 301000, SERVER, ACK, 7001, 1007 },
  };

  assert_found (packets, G_N_ELEMENTS (packets), "spurious-retransmission at 300010", NULL);
}

/* The last one is repeated long before a timeout, after two round trips. */
static void
test_tail_probe (void)
{
  static const Packet packets[] = {
    HANDSHAKE,
    { 2000, CLIENT, ACK, 1001, 7001, "aaaa" },
    { 2010, CLIENT, ACK, 1005, 7001, "bbbb" },
    { 3000, SERVER, ACK, 7001, 1005 },
    { 8000, CLIENT, ACK, 1005, 7001, "bbbb" },
    { 9000, SERVER, ACK, 7001, 1009 },
  };

  assert_found (packets, G_N_ELEMENTS (packets), "tail-loss-probe at 8000",
                "127.0.0.1:40000 sent its last segment again 1 time, to see whether it was lost.");
}

/* The second is sent with the ACK of the first, which came late; nobody who writes could know of that. */
static void
test_nagle (void)
{
  static const Packet held[] = {
    HANDSHAKE,
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 43000, SERVER, ACK, 7001, 1007 },
    { 43020, CLIENT, PSH | ACK, 1007, 7001, "Is anybody there?" },
    { 44000, SERVER, ACK, 7001, 1024 },
    { 60000, CLIENT, PSH | ACK, 1024, 7001, "Hello" },
    { 95000, SERVER, ACK, 7001, 1029 },
    { 95020, CLIENT, PSH | ACK, 1029, 7001, "again?" },
    { 96000, SERVER, ACK, 7001, 1035 },
  };
  static const Packet answered[] = {
    HANDSHAKE,
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 43000, SERVER, PSH | ACK, 7001, 1007, "Yes?" },
    { 43020, CLIENT, PSH | ACK, 1007, 7005, "It is me." },
    { 44000, SERVER, ACK, 7005, 1016 },
  };

  assert_found (
      held, G_N_ELEMENTS (held) - 4, "nagle-delayed-ack at 2020",
      "127.0.0.1:40000 sent 17 bytes only with the ACK that 127.0.0.1:80 delayed by 41 ms: they had "
      "probably been written before.");
  assert_found (
      held, G_N_ELEMENTS (held), "nagle-delayed-ack at 2020",
      "127.0.0.1:40000 sent 17 bytes only with the ACK that 127.0.0.1:80 delayed by 41 ms: they had "
      "probably been written before. This was the longest of 2 such waits.");
  assert_found (answered, G_N_ELEMENTS (answered), "", NULL);
}

/* Who gives a connection up because nobody answers says so; who got an answer does not say why it did. */
static void
test_keep_alive (void)
{
  static const Packet given_up[] = { HANDSHAKE,
                                     { 2000, CLIENT, ACK, 1001, 7001, "data" },
                                     { 3000, SERVER, ACK, 7001, 1005 },
                                     { 10000000, CLIENT, ACK, 1004, 7001 },
                                     { 20000000, CLIENT, ACK, 1004, 7001 },
                                     { 30000000, CLIENT, ACK, 1004, 7001 },
                                     { 40000000, CLIENT, RST | ACK, 1005, 7001 } };
  static const Packet answered[] = { HANDSHAKE,
                                     { 2000, CLIENT, ACK, 1001, 7001, "data" },
                                     { 3000, SERVER, ACK, 7001, 1005 },
                                     { 10000000, CLIENT, ACK, 1004, 7001 },
                                     { 20000000, CLIENT, ACK, 1004, 7001 },
                                     { 30000000, CLIENT, ACK, 1004, 7001 },
                                     { 30001000, SERVER, ACK, 7001, 1005 },
                                     { 40000000, CLIENT, RST | ACK, 1005, 7001 } };

  assert_found (given_up, G_N_ELEMENTS (given_up),
                "keep-alive at 10000000, keep-alive-unanswered at 40000000", NULL);
  assert_found (answered, G_N_ELEMENTS (answered), "keep-alive at 10000000, aborted at 40000000", NULL);
}

/* What comes again for a known reason, and not because it was lost, is none of them. */
static void
test_not_lost (void)
{
  static const Packet declined[] = { { 0, CLIENT, SYN, 1000, 0, "early" },
                                     { 1000, SERVER, SYN | ACK, 7000, 1001 },
                                     { 1010, CLIENT, ACK, 1001, 7001, "early" },
                                     { 2000, SERVER, ACK, 7001, 1006 } };
  static const Packet cut[] = { HANDSHAKE,
                                { 2000, CLIENT, ACK, 1001, 7001, "too large" },
                                { 12000, CLIENT, ACK, 1001, 7001, "too l" },
                                { 12010, CLIENT, ACK, 1006, 7001, "arge" },
                                { 13000, SERVER, ACK, 7001, 1010 } };

  assert_found (declined, G_N_ELEMENTS (declined), "", NULL);
  assert_found (cut, G_N_ELEMENTS (cut), "", NULL);
}

/* The clock was set back in the middle: what is earlier by the clock is later in the file, and no other connection. */
static void
test_set_back (void)
{
  static const Packet later[] = { HANDSHAKE, { 2000, CLIENT, ACK, 1001, 7001, "data" } };
  static const Packet before[] = { { -60000000, SERVER, ACK, 7001, 1005 },
                                   { -59999000, CLIENT, ACK, 1005, 7001, "more" },
                                   { -59998000, SERVER, ACK, 7001, 1009 } };
  Packet packets[G_N_ELEMENTS (later) + G_N_ELEMENTS (before)];

  memcpy (packets, later, sizeof later);
  memcpy (packets + G_N_ELEMENTS (later), before, sizeof before);
  assert_found (packets, G_N_ELEMENTS (packets), "clock-set-back at -60000000", NULL);
}

static void
test_resets (void)
{
  static const Packet half_open[] = {
    HANDSHAKE,
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 3000, SERVER, RST, 7001, 0 }, /* with the number the client expects, and no ACK: nobody is there */
  };
  static const Packet aborted[] = {
    HANDSHAKE,
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 2500, SERVER, ACK, 7001, 1007 },
    { 3000, SERVER, RST | ACK, 7001, 1007 },
  };
  static const Packet closed[] = {
    HANDSHAKE,
    { 2000, SERVER, FIN | ACK, 7001, 1001 },
    { 2010, CLIENT, ACK, 1001, 7002 },
    { 3000, CLIENT, PSH | ACK, 1001, 7002, "Hello?" },
    { 4000, SERVER, RST, 7002, 0 },
  };

  static const Packet by_letter[] = {
    HANDSHAKE,
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 2500, SERVER, PSH | ACK, 7001, 1007, "Yes." },
    { 3000, SERVER, RST, 7005, 0 }, /* its next number, RFC 9293, section 3.10.5 */
  };
  static const Packet overflow[] = {
    HANDSHAKE, { 3000, SERVER, RST, 7001, 0 }, /* as with tcp_abort_on_overflow: tcp(7) */
  };
  static const Packet began_before[] = {
    { 2000, CLIENT, PSH | ACK, 1001, 7001, "Hello?" },
    { 3000, SERVER, RST, 7001, 0 },
  };
  static const Packet forgotten[] = {
    HANDSHAKE,
    { 2000, SERVER, FIN | ACK, 7001, 1001 },
    { 2010, CLIENT, ACK, 1001, 7002 },
    { 90000000, CLIENT, FIN | ACK, 1001, 7002 },
    { 90001000, SERVER, RST, 7002, 0 },
  };

  assert_found (half_open, G_N_ELEMENTS (half_open), "half-open at 3000", NULL);
  assert_found (by_letter, G_N_ELEMENTS (by_letter), "aborted at 3000", NULL);
  assert_found (overflow, G_N_ELEMENTS (overflow), "never-used at 0, aborted at 3000", NULL);
  assert_found (began_before, G_N_ELEMENTS (began_before), "began-before at 2000, half-open at 3000", NULL);
  assert_found (forgotten, G_N_ELEMENTS (forgotten), "never-used at 0, reset-sent-to-closed at 90001000",
                NULL);
  assert_found (aborted, G_N_ELEMENTS (aborted), "aborted at 3000", NULL);
  assert_found (closed, G_N_ELEMENTS (closed), "reset-sent-to-closed at 4000",
                "127.0.0.1:40000 sent 6 bytes when 127.0.0.1:80 had closed; they were answered with RST.");
}

/* With calls: the processes by their names, and each finding beside its event. */
static void
test_calls (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaFindings) findings = NULL;
  const TramaFinding *finding;

  fixture_telephone (fixture);
  table = trama_flow_table_new (fixture->store);
  findings = trama_findings_new (table);
  g_assert_true (trama_findings_get_table (findings) == table);
  g_assert_cmpuint (trama_findings_n_findings (findings), ==, 1);
  finding = trama_findings_get_finding (findings, 0);
  g_assert_cmpstr (finding->rule, ==, "server-closed-first");
  g_assert_cmpuint (finding->severity, ==, TRAMA_SEVERITY_NOTICE);
  g_assert_cmpuint (finding->anchor.kind, ==, TRAMA_EVENT_PACKET);
  g_assert_cmpuint (finding->flow, ==, 0);
  g_assert_cmpuint (finding->side, ==, 1);
  g_assert_cmpuint (finding->socket, ==, 12);
  g_assert_cmpstr (trama_store_find_actor (fixture->store, finding->actor)->name, ==, "server");
  g_assert_cmpstr (finding->what, ==, "server closed first, 30 µs before client, and is left in TIME-WAIT.");
}

/* A reader on port 5001 whose calls have that much room, and a writer who sends it ten bytes for each of them. */
static Fixture *
make_readings (const gint32 *rooms, guint n)
{
  Fixture *fixture = fixture_new ();

  for (guint i = 0; i < 2; i++)
    {
      guint32 actor = fixture_actor (fixture, i == 0 ? "reader" : "writer");

      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_SOCKET,
                                             .actor = actor,
                                             .exit_us = 1,
                                             .fd = -1,
                                             .made = 100 + i,
                                             .result = 3,
                                             .number = SOCK_DGRAM });
      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_BIND,
                                             .actor = actor,
                                             .entry_us = 2,
                                             .exit_us = 3,
                                             .fd = 3,
                                             .socket = 100 + i,
                                             .port = i == 0 ? 5001 : 40123 });
    }
  for (guint i = 0; i < n; i++)
    {
      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_SENDTO,
                                             .actor = 2,
                                             .entry_us = 10 + 10 * i,
                                             .exit_us = 15 + 10 * i,
                                             .fd = 3,
                                             .socket = 101,
                                             .result = 10,
                                             .data = "ten bytes!",
                                             .number = 10,
                                             .port = 5001 });
      fixture_udp (fixture, 12 + 10 * i, 40123, 5001, "ten bytes!");
    }
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *data = g_strndup ("ten bytes!", (gsize) rooms[i]);

      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_RECVFROM,
                                             .actor = 1,
                                             .entry_us = 1000 + 10 * i,
                                             .exit_us = 1005 + 10 * i,
                                             .fd = 3,
                                             .socket = 100,
                                             .result = (gint64) strlen (data),
                                             .data = data,
                                             .number = rooms[i],
                                             .port = 40123 });
    }
  return fixture;
}

/* One finding for all that a socket cut short, beside each of the calls; what just fits is none of them. */
static void
test_cut (void)
{
  static const gint32 rooms[] = { 64, 4, 10, 3, 9 };
  g_autoptr (Fixture) fixture = make_readings (rooms, G_N_ELEMENTS (rooms));
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);
  g_autoptr (TramaFindings) findings = trama_findings_new (table);
  const TramaFinding *finding;
  guint first =
      4 + G_N_ELEMENTS (rooms); /* its calls, behind the four that make the sockets, and the sendings */

  g_assert_cmpuint (trama_findings_n_findings (findings), ==, 1);
  finding = trama_findings_get_finding (findings, 0);
  g_assert_cmpstr (finding->rule, ==, "datagram-cut");
  g_assert_cmpstr (finding->what, ==,
                   "reader cut 3 datagrams short, the first to its buffer of 4 from 10 bytes: 14 bytes are "
                   "gone in all.");
  g_assert_cmpuint (finding->n_places, ==, 3);
  g_assert_cmpuint (finding->anchor.index, ==, first + 1);
  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      TramaRef ref = { TRAMA_EVENT_CALL, first + i };
      gboolean is_cut = rooms[i] < 10;
      guint n;
      const guint32 *about = trama_findings_get_about (findings, ref, &n);

      g_assert_cmpuint (n, ==, is_cut ? 1 : 0);
      g_assert_true (n == 0 || about[0] == 0);
      g_assert_cmpint (trama_finding_is_about (finding, ref), ==, is_cut);
      g_assert_cmpint (trama_findings_say (findings, ref, "cut"), ==, is_cut);
    }
}

/* Nothing is cut where there is room. */
static void
test_not_cut (void)
{
  static const gint32 rooms[] = { 10, 11, 64 };
  g_autoptr (Fixture) fixture = make_readings (rooms, G_N_ELEMENTS (rooms));
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);
  g_autoptr (TramaFindings) findings = trama_findings_new (table);

  g_assert_cmpuint (trama_findings_n_findings (findings), ==, 0);
}

static void
test_names (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  guint n = 0;

  for (; trama_findings_rule_name (n) != NULL; n++)
    g_assert_true (g_hash_table_add (names, (gpointer) trama_findings_rule_name (n)));
  g_assert_cmpuint (n, >=, 40);
  g_assert_cmpstr (trama_severity_name (TRAMA_SEVERITY_PROBLEM), ==, "problem");
  g_assert_null (trama_severity_name (TRAMA_N_SEVERITIES));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/findings/nothing", test_nothing);
  g_test_add_func ("/findings/closed", test_closed);
  g_test_add_func ("/findings/began-before", test_began_before);
  g_test_add_func ("/findings/began-between", test_began_between);
  g_test_add_func ("/findings/one-sided", test_one_sided);
  g_test_add_func ("/findings/lost-before", test_lost_before);
  g_test_add_func ("/findings/twice", test_twice);
  g_test_add_func ("/findings/stray", test_stray);
  g_test_add_func ("/findings/reset-alone", test_reset_alone);
  g_test_add_func ("/findings/opening", test_opening);
  g_test_add_func ("/findings/icmp", test_icmp);
  g_test_add_func ("/findings/timeout", test_timeout);
  g_test_add_func ("/findings/tail", test_tail);
  g_test_add_func ("/findings/fast", test_fast);
  g_test_add_func ("/findings/spurious", test_spurious);
  g_test_add_func ("/findings/tail-probe", test_tail_probe);
  g_test_add_func ("/findings/nagle", test_nagle);
  g_test_add_func ("/findings/keep-alive", test_keep_alive);
  g_test_add_func ("/findings/not-lost", test_not_lost);
  g_test_add_func ("/findings/set-back", test_set_back);
  g_test_add_func ("/findings/resets", test_resets);
  g_test_add_func ("/findings/calls", test_calls);
  g_test_add_func ("/findings/cut", test_cut);
  g_test_add_func ("/findings/not-cut", test_not_cut);
  g_test_add_func ("/findings/names", test_names);
  return g_test_run ();
}
