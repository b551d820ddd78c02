/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/exchanges.h"
#include "tests/core/flow/segment.h"

#include <netinet/in.h>
#include <string.h>

/* Packets that were captured twice, or doubled on their way; and such as only look like that. */

enum
{
  FIN = TRAMA_TCP_FIN,
  SYN = TRAMA_TCP_SYN,
  RST = TRAMA_TCP_RST,
  ACK = TRAMA_TCP_ACK,
  W = 1000,
  MS = 1000,
  SEGMENTS_MAX = 12,
};

typedef struct
{
  const char *name;
  const char *expected; /* by segment: "." new, "c" a copy, "!" sent again */
  TestSegment segments[SEGMENTS_MAX];
} Case;

static const Case cases[] = {
  { "everything twice, without an identification",
    ".c.c.c.c.c",
    { { 0, 0, SYN, 1000, 0, 0, W },
      { 3, 0, SYN, 1000, 0, 0, W },
      { 1000, 1, SYN | ACK, 5000, 1001, 0, W },
      { 1003, 1, SYN | ACK, 5000, 1001, 0, W },
      { 1010, 0, ACK, 1001, 5001, 0, W },
      { 1013, 0, ACK, 1001, 5001, 0, W },
      { 2000, 0, ACK, 1001, 5001, 10, W },
      { 2003, 0, ACK, 1001, 5001, 10, W },
      { 3000, 1, ACK, 5001, 1011, 0, W },
      { 3003, 1, ACK, 5001, 1011, 0, W } } },
  { "at both ends of a way of 30 ms",
    "...c...c",
    { { 0, 0, SYN, 1000, 0, 0, W, .mark = 1 },
      { 60 * MS, 1, SYN | ACK, 5000, 1001, 0, W, .mark = 9 },
      { 61 * MS, 0, ACK, 1001, 5001, 10, W, .mark = 2 },
      { 91 * MS, 0, ACK, 1001, 5001, 10, W, .mark = 2 },
      { 92 * MS, 1, ACK, 5001, 1011, 0, W, .mark = 10 },
      { 93 * MS, 0, ACK, 1011, 5001, 10, W, .mark = 3 },
      { 94 * MS, 0, ACK, 1021, 5001, 10, W, .mark = 4 },
      { 122 * MS, 1, ACK, 5001, 1011, 0, W, .mark = 10 } } },
  { "sent again after a timeout, and all have one identification",
    ".!..!!",
    { { 0, 0, SYN, 1000, 0, 0, W, .mark = 1 },
      { 1000 * MS, 0, SYN, 1000, 0, 0, W, .mark = 1 },
      { 1001 * MS, 1, SYN | ACK, 5000, 1001, 0, W, .mark = 1 },
      { 1002 * MS, 0, ACK, 1001, 5001, 10, W, .mark = 1 },
      { 1202 * MS, 0, ACK, 1001, 5001, 10, W, .mark = 1 },
      { 1602 * MS, 0, ACK, 1001, 5001, 10, W, .mark = 1 } } },
  { "sent again fast, because its receiver asked",
    "....!",
    { { 0, 0, ACK, 1001, 5001, 10, W },
      { 1, 0, ACK, 1011, 5001, 10, W },
      { 100, 1, ACK, 5001, 1001, 0, W },
      { 101, 1, ACK, 5001, 1001, 0, W },
      { 102, 0, ACK, 1001, 5001, 10, W } } },
  { "acknowledgments that repeat one another",
    ".....",
    { { 0, 0, ACK, 1001, 5001, 10, W },
      { 1, 0, ACK, 1011, 5001, 10, W },
      { 100, 1, ACK, 5001, 1001, 0, W },
      { 101, 1, ACK, 5001, 1001, 0, W },
      { 102, 1, ACK, 5001, 1001, 0, W } } },
  { "a SYN again, of who was refused",
    "..!.",
    { { 0, 0, SYN, 1000, 0, 0, W },
      { 10, 1, RST | ACK, 0, 1001, 0, 0 },
      { 20, 0, SYN, 1000, 0, 0, W },
      { 30, 1, RST | ACK, 0, 1001, 0, 0 } } },
};

static char *
render (TramaFlowTable *table)
{
  GString *found = g_string_new (NULL);

  for (guint i = 0; i < trama_flow_table_n_packets (table); i++)
    {
      TramaBrief brief = trama_flow_table_get_brief (table, i);

      g_string_append_c (found, brief.copy ? 'c' : brief.resent ? '!' : '.');
    }
  return g_string_free (found, FALSE);
}

static void
test_segments (gconstpointer data)
{
  const Case *this = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autofree char *found = NULL;

  for (guint i = 0; i < SEGMENTS_MAX && this->segments[i].flags != 0; i++)
    test_segment_add (fixture, &this->segments[i]);
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 1);
  found = render (table);
  g_assert_cmpstr (found, ==, this->expected);
}

/* UDP from 10.0.0.1, port 7, to 10.0.0.2, port 9: 4 bytes, all of them @fill. */
static void
add_datagram (Fixture *fixture, gint64 time_us, guint16 mark, guint8 ttl, guint8 fill)
{
  guint8 frame[14 + 20 + 8 + 4] = { [12] = 8, [14] = 0x45, [17] = 32, [23] = IPPROTO_UDP };

  frame[18] = (guint8) (mark >> 8);
  frame[19] = (guint8) mark;
  frame[22] = ttl;
  frame[24] = (guint8) (255 - ttl); /* the checksum changes with it */
  memcpy (frame + 26, (const guint8[]){ 10, 0, 0, 1, 10, 0, 0, 2, 0, 7, 0, 9, 0, 12 }, 14);
  memset (frame + 42, fill, 4);
  fixture_frame (fixture, time_us, frame, sizeof frame);
}

static void
test_datagrams (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autofree char *found = NULL;
  const TramaFlow *flow;

  add_datagram (fixture, 0, 5, 64, 'a');
  add_datagram (fixture, 4, 5, 64, 'a');         /* at once */
  add_datagram (fixture, 100, 6, 64, 'a');       /* the same again, which is another datagram */
  add_datagram (fixture, 200, 7, 64, 'b');       /* before a router, */
  add_datagram (fixture, 20 * MS, 7, 63, 'b');   /* and behind it */
  add_datagram (fixture, 5000 * MS, 7, 64, 'b'); /* so much later its number may have come round */
  add_datagram (fixture, 5001 * MS, 0, 64, 'c');
  add_datagram (fixture, 5001 * MS + 1, 0, 64, 'c'); /* without an identification nobody can tell */
  table = trama_flow_table_new (fixture->store);
  found = render (table);
  g_assert_cmpstr (found, ==, ".c..c...");
  flow = trama_flow_table_get_flow (table, 0);
  g_assert_cmpuint (flow->packets[0], ==, 8);
  g_assert_cmpuint (flow->copies[0], ==, 2);
  g_assert_cmpuint (flow->copies[1], ==, 0);
}

/* UDP over IPv6 from ::1 to itself, behind @link, of @link_bytes: 4 bytes of 'x'. */
static void
add_datagram6 (Fixture *fixture, gint64 time_us, const guint8 *link, gsize link_bytes)
{
  static const guint8 datagram[] = { 0x60,     [5] = 12, [6] = IPPROTO_UDP, [7] = 64,   [23] = 1, [39] = 1,
                                     [41] = 7, [43] = 9, [45] = 12,         [48] = 'x', 'x',      'x',
                                     'x' };
  guint8 frame[20 + sizeof datagram];

  memcpy (frame, link, link_bytes);
  memcpy (frame + link_bytes, datagram, sizeof datagram);
  fixture_frame (fixture, time_us, frame, link_bytes + sizeof datagram);
}

/* A datagram without an identification is a copy only where it was captured at another place. */
static void
test_places (void)
{
  static const guint8 ethernet[14] = { [12] = 0x86, [13] = 0xdd };
  static const guint8 any[2][20] = { { 0x86, 0xdd, [7] = 2 }, { 0x86, 0xdd, [7] = 3 } };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autofree char *found = NULL;
  TramaEvent event = { .kind = TRAMA_EVENT_INTERFACE };

  event.interface = (TramaInterface){ .link_type = TRAMA_LINK_ETHERNET, .name = "br0" };
  trama_store_append (&event, fixture->store);
  event.interface = (TramaInterface){ .link_type = TRAMA_LINK_SLL2, .name = "any" };
  trama_store_append (&event, fixture->store);
  add_datagram6 (fixture, 0, ethernet, sizeof ethernet);
  add_datagram6 (fixture, 2, ethernet, sizeof ethernet); /* at the same place it is another */
  fixture->interface = 1;
  add_datagram6 (fixture, 4, ethernet, sizeof ethernet);
  add_datagram6 (fixture, 500, ethernet, sizeof ethernet); /* so late it is another, too */
  fixture->interface = 2;
  add_datagram6 (fixture, 10 * MS, any[0], sizeof any[0]);
  add_datagram6 (fixture, 10 * MS + 2, any[1], sizeof any[1]);
  add_datagram6 (fixture, 20 * MS, any[0], sizeof any[0]);
  add_datagram6 (fixture, 20 * MS + 2, any[0], sizeof any[0]);
  table = trama_flow_table_new (fixture->store);
  found = render (table);
  g_assert_cmpstr (found, ==, "..c..c..");
}

/* ICMP between 10.0.0.1 and 10.0.0.2: identifier 1, number @n. */
static void
add_echo (Fixture *fixture, gint64 time_us, guint8 type, guint8 n, guint8 mark)
{
  guint8 frame[14 + 20 + 8] = { [12] = 8, [14] = 0x45, [17] = 28, [22] = 64, [23] = IPPROTO_ICMP };

  frame[19] = mark;
  memcpy (frame + 26, (const guint8[]){ 10, 0, 0, 1, 10, 0, 0, 2 }, 8);
  if (type == 0)
    memcpy (frame + 26, (const guint8[]){ 10, 0, 0, 2, 10, 0, 0, 1 }, 8);
  frame[34] = type;
  frame[39] = 1;
  frame[41] = n;
  fixture_frame (fixture, time_us, frame, sizeof frame);
}

/* Two requests, each captured twice, and their answers. */
static void
test_echoes (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autofree char *found = NULL;
  TramaEchoSummary echoes;

  for (guint8 n = 1; n <= 2; n++)
    for (guint i = 0; i < 2; i++)
      {
        add_echo (fixture, n * 1000 * MS + 3 * i, 8, n, n);
        if (i == 1)
          add_echo (fixture, n * 1000 * MS + 20 * MS, 0, n, (guint8) (n + 10));
      }
  table = trama_flow_table_new (fixture->store);
  found = render (table);
  g_assert_cmpstr (found, ==, ".c..c.");
  g_assert_true (trama_echo_summarize (table, 0, &echoes));
  g_assert_cmpuint (echoes.sent, ==, 2);
  g_assert_cmpuint (echoes.received, ==, 2);
  g_assert_cmpuint (echoes.doubled, ==, 0);
}

/* A header of IPv6 with options before IPv4, so long that this lies behind all that is compared. */
static void
test_deep (void)
{
  guint8 frame[14 + 40 + 264 + 20 + 8] = { [12] = 0x86, [13] = 0xdd, [14] = 0x60, [21] = 64 };
  guint8 *ip = frame + 14 + 40 + 264;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autofree char *found = NULL;

  frame[18] = (sizeof frame - 14 - 40) >> 8;
  frame[19] = (sizeof frame - 14 - 40) & 0xff;
  frame[20] = IPPROTO_DSTOPTS;
  frame[54] = IPPROTO_IPIP;
  frame[55] = 264 / 8 - 1;
  memcpy (ip, (const guint8[]){ 0x45, 0, 0, 28, 0, 5, 0, 0, 64, IPPROTO_UDP, 0, 0, 10, 0, 0, 1 }, 16);
  memcpy (ip + 16, (const guint8[]){ 10, 0, 0, 2, 0, 7, 0, 9, 0, 8, 0, 0 }, 12);
  fixture_frame (fixture, 0, frame, sizeof frame);
  fixture_frame (fixture, 1, frame, sizeof frame);
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_get_flow (table, 0)->protocol, ==, IPPROTO_UDP);
  found = render (table);
  g_assert_cmpstr (found, ==, "..");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/flow/copies/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_segments);
    }
  g_test_add_func ("/flow/copies/datagrams", test_datagrams);
  g_test_add_func ("/flow/copies/places", test_places);
  g_test_add_func ("/flow/copies/echoes", test_echoes);
  g_test_add_func ("/flow/copies/deep", test_deep);
  return g_test_run ();
}
