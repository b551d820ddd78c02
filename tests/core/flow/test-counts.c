/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/event_text.h"
#include "tests/core/fixture.h"

#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#define SYN TRAMA_TCP_SYN
#define ACK TRAMA_TCP_ACK
#define FIN TRAMA_TCP_FIN
#define RST TRAMA_TCP_RST

/* One segment between port 700 (a) and port 800 (b), one microsecond after the other. */
typedef struct
{
  char from;
  guint8 flags;
  guint32 sequence;
  const char *payload;
} Segment;

/* So much later it is no copy of what came before. */
#define SECOND_US 1000000

static TramaFlowTable *
follow (const Segment *segments, gsize n_segments)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  for (gsize i = 0; i < n_segments; i++)
    {
      gboolean from_a = segments[i].from == 'a';

      fixture_tcp (fixture, (gint64) i * SECOND_US, from_a ? 700 : 800, from_a ? 800 : 700, segments[i].flags,
                   segments[i].sequence, 1, segments[i].payload);
    }
  return trama_flow_table_new (fixture->store);
}

/* "syn 1 fin 1 rst 0 resent 2 syn 0 fin 0 of 3 packets, 10 bytes" */
static void
assert_side (const TramaFlowTable *table, guint index, guint side, const char *expected)
{
  const TramaFlow *flow = trama_flow_table_get_flow (table, index);
  const TramaTcpCounts *tcp = &flow->tcp[side];
  g_autofree char *found = g_strdup_printf (
      "syn %u fin %u rst %u resent %u syn %u fin %u of %u packets, %u bytes", tcp->syn, tcp->fin, tcp->rst,
      tcp->resent, tcp->resent_syn, tcp->resent_fin, flow->packets[side], (guint) flow->payload_bytes[side]);

  g_assert_cmpstr (found, ==, expected);
}

/* Every packet in brief: its sender, its kind, and "!" when it was sent before. */
static void
assert_briefs (const TramaFlowTable *table, const char *expected)
{
  static const char kinds[] = "SDAFRUIO";
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < trama_store_n_packets (trama_flow_table_get_store (table)); i++)
    {
      TramaBrief brief = trama_flow_table_get_brief (table, i);
      TramaSegment segment;

      trama_flow_table_get_segment (table, i, &segment);
      g_assert_cmpuint (brief.flow, ==, segment.flow);
      g_assert_cmpuint (brief.side, ==, segment.side);
      g_assert_cmpuint (brief.kind, ==, segment.kind);
      g_string_append_printf (found, "%s%c%c%s", i > 0 ? " " : "", brief.side == 0 ? 'a' : 'b',
                              kinds[brief.kind], brief.resent ? "!" : "");
    }
  g_assert_cmpstr (found->str, ==, expected);
}

static void
test_whole (void)
{
  static const Segment segments[] = {
    { 'a', SYN, 100, NULL },         { 'a', SYN, 100, NULL },       /* sent again */
    { 'b', SYN | ACK, 500, NULL },   { 'b', SYN | ACK, 500, NULL }, /* sent again */
    { 'a', ACK, 101, NULL },         { 'a', ACK, 101, "hello" },    { 'a', ACK, 106, "world" },
    { 'a', ACK, 101, "helloworld" },                                /* sent again, put together */
    { 'a', ACK, 110, "d" },                                         /* a keep-alive with its byte */
    { 'a', ACK, 110, NULL },                                        /* and without: no data */
    { 'a', ACK | FIN, 111, "!" },    { 'a', ACK | FIN, 112, NULL }, /* only the FIN again */
    { 'b', ACK | FIN, 501, NULL },   { 'b', ACK | FIN, 501, NULL }, { 'a', ACK, 113, NULL },
  };
  g_autoptr (TramaFlowTable) table = follow (segments, G_N_ELEMENTS (segments));

  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 1);
  assert_side (table, 0, 0, "syn 2 fin 2 rst 0 resent 2 syn 1 fin 1 of 11 packets, 22 bytes");
  assert_side (table, 0, 1, "syn 2 fin 2 rst 0 resent 0 syn 1 fin 1 of 4 packets, 0 bytes");
  assert_briefs (table, "aS aS! bS bS! aA aD aD aD! aD! aA aF aF! bF bF! aA");
}

/* Both sides send a SYN and then the answer to the other's: RFC 9293, figure 7. */
static void
test_simultaneous_open (void)
{
  static const Segment segments[] = {
    { 'a', SYN, 100, NULL },       { 'b', SYN, 500, NULL },       { 'a', SYN | ACK, 100, NULL },
    { 'b', SYN | ACK, 500, NULL }, { 'b', SYN | ACK, 500, NULL }, /* this one again */
  };
  g_autoptr (TramaFlowTable) table = follow (segments, G_N_ELEMENTS (segments));

  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 1);
  assert_side (table, 0, 0, "syn 2 fin 0 rst 0 resent 0 syn 0 fin 0 of 2 packets, 0 bytes");
  assert_side (table, 0, 1, "syn 3 fin 0 rst 0 resent 0 syn 1 fin 0 of 3 packets, 0 bytes");
}

/* Numbers that go round at 2^32; data in a SYN counts behind it, the text of a reset not at all. */
static void
test_wrap_and_odd (void)
{
  static const Segment segments[] = {
    { 'a', SYN, 0xfffffffd, "ab" }, { 'b', SYN | ACK, 500, NULL },   { 'a', ACK, 0xfffffffe, "abcd" },
    { 'a', ACK, 2, "ef" },          { 'a', ACK, 6, "ij" },           { 'a', ACK, 4, "gh" }, /* came late */
    { 'a', ACK, 0xffffffff, "b" },  { 'b', RST | ACK, 501, "gone" }, { 'b', RST | ACK, 501, "gone" },
  };
  g_autoptr (TramaFlowTable) table = follow (segments, G_N_ELEMENTS (segments));

  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 1);
  assert_side (table, 0, 0, "syn 1 fin 0 rst 0 resent 2 syn 0 fin 0 of 6 packets, 13 bytes");
  assert_side (table, 0, 1, "syn 1 fin 0 rst 2 resent 0 syn 0 fin 0 of 3 packets, 8 bytes");
}

/* Used again after a close, even with the same number; what came before it counts for the first. */
static void
test_port_pair_used_again (void)
{
  static const Segment segments[] = {
    { 'a', SYN, 100, NULL },  { 'b', SYN | ACK, 0, NULL }, { 'a', ACK, 101, "once" },
    { 'b', RST, 1, NULL },    { 'a', SYN, 100, NULL },     { 'b', SYN | ACK, 0, NULL },
    { 'a', ACK, 101, "two" }, { 'a', SYN, 101, NULL }, /* another number: another conversation */
    { 'a', SYN, 101, NULL },
  };
  g_autoptr (TramaFlowTable) table = follow (segments, G_N_ELEMENTS (segments));

  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 3);
  assert_side (table, 0, 0, "syn 1 fin 0 rst 0 resent 0 syn 0 fin 0 of 2 packets, 4 bytes");
  assert_side (table, 0, 1, "syn 1 fin 0 rst 1 resent 0 syn 0 fin 0 of 2 packets, 0 bytes");
  assert_side (table, 1, 0, "syn 1 fin 0 rst 0 resent 0 syn 0 fin 0 of 2 packets, 3 bytes");
  assert_side (table, 2, 0, "syn 2 fin 0 rst 0 resent 0 syn 1 fin 0 of 2 packets, 0 bytes");
}

/* As a capture with several queues brings it: the handshake backwards is still one. */
static void
test_handshake_out_of_order (void)
{
  static const Segment segments[] = {
    { 'b', SYN | ACK, 0, NULL },
    { 'a', ACK, 101, "data" },
    { 'a', SYN, 100, NULL },
  };
  g_autoptr (TramaFlowTable) table = follow (segments, G_N_ELEMENTS (segments));

  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 1);
  assert_side (table, 0, 1, "syn 1 fin 0 rst 0 resent 0 syn 0 fin 0 of 2 packets, 4 bytes");
}

/*
 * A datagram of 3000 bytes in three fragments of IPv4, from 127.0.0.1:700 to :800. Only
 * 16 bytes of each are captured behind the IP header.
 */
static void
add_fragment (Fixture *fixture, gint64 time_us, guint8 protocol, guint16 id, guint offset)
{
  guint8 frame[14 + 20 + 16] = { [12] = 0x08, 0x00, 0x45 };
  guint8 *ip = frame + 14;
  guint part = MIN (1480u, 3008u - offset);
  guint16 place = (guint16) (offset / 8 | (offset + part < 3008 ? 0x2000 : 0));
  TramaEvent event = { .kind = TRAMA_EVENT_PACKET };

  ip[2] = (guint8) ((part + 20) >> 8);
  ip[3] = (guint8) (part + 20);
  ip[4] = (guint8) (id >> 8);
  ip[5] = (guint8) id;
  ip[6] = (guint8) (place >> 8);
  ip[7] = (guint8) place;
  ip[9] = protocol;
  memcpy (ip + 12, (const guint8[]){ 127, 0, 0, 1, 127, 0, 0, 1 }, 8);
  if (offset == 0) /* UDP: 700 to 800, 3008 bytes; what ICMP makes of it does not matter */
    memcpy (ip + 20, (const guint8[]){ 0x02, 0xbc, 0x03, 0x20, 0x0b, 0xc0 }, 6);
  g_assert_cmpint (pwrite (fixture->fd, frame, sizeof frame, (off_t) fixture->size_bytes), ==, sizeof frame);
  event.packet = (TramaPacket){
    .time_ns = fixture_time_ns (time_us),
    .offset = fixture->size_bytes,
    .captured_bytes = sizeof frame,
    .length_bytes = 14 + 20 + part,
  };
  fixture->size_bytes += sizeof frame;
  trama_store_append (&event, fixture->store);
}

static void
test_fragments (void)
{
  static const guint flows[] = { 0, 0, 1, 1, 0, 1, 0, TRAMA_FLOW_NONE, 0, 0 };
  static const char *const titles[G_N_ELEMENTS (flows)] = {
    "UDP, ",          "UDP fragment, ", "ICMP",       "ICMP fragment, ", "UDP fragment, ",
    "ICMP fragment,", "UDP fragment, ", "packet 8, ", "UDP, ",           "UDP, ",
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  TramaSegment segment;

  add_fragment (fixture, 0, IPPROTO_UDP, 7, 0);
  add_fragment (fixture, 1, IPPROTO_UDP, 7, 1480);
  add_fragment (fixture, 2, IPPROTO_ICMP, 7, 0);
  add_fragment (fixture, 3, IPPROTO_ICMP, 7, 1480);
  add_fragment (fixture, 4, IPPROTO_UDP, 7, 2960);
  add_fragment (fixture, 5, IPPROTO_ICMP, 7, 2960);
  add_fragment (fixture, 6, IPPROTO_UDP, 8, 1480); /* its first fragment comes later */
  add_fragment (fixture, 6, IPPROTO_UDP, 9, 1480); /* and that of this one never */
  add_fragment (fixture, 7, IPPROTO_UDP, 8, 0);
  fixture_udp (fixture, 8, 800, 700, "answer");
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_count_amended (table), ==, 1);

  for (guint i = 0; i < G_N_ELEMENTS (flows); i++)
    {
      g_autofree char *title = NULL;

      trama_flow_table_get_segment (table, i, &segment);
      g_assert_cmpuint (segment.flow, ==, flows[i]);
      title = trama_event_title (table, (TramaRef){ TRAMA_EVENT_PACKET, i });
      g_assert_true (g_str_has_prefix (title, titles[i]));
    }
  assert_side (table, 0, 0, "syn 0 fin 0 rst 0 resent 0 syn 0 fin 0 of 5 packets, 6000 bytes");
  assert_side (table, 0, 1, "syn 0 fin 0 rst 0 resent 0 syn 0 fin 0 of 1 packets, 6 bytes");
  assert_side (table, 1, 0, "syn 0 fin 0 rst 0 resent 0 syn 0 fin 0 of 3 packets, 3000 bytes");
  g_assert_cmpint (trama_flow_table_get_flow (table, 1)->last_ns, ==, fixture_time_ns (5));
}

/* More datagrams in parts than are remembered: the latest are found. */
static void
test_many_fragments (void)
{
  enum
  {
    N_DATAGRAMS = 20000
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  for (guint i = 0; i < N_DATAGRAMS; i++)
    {
      add_fragment (fixture, i, IPPROTO_UDP, (guint16) i, 0);
      if (i >= 1000)
        add_fragment (fixture, i, IPPROTO_UDP, (guint16) (i - 1000), 1480);
    }
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 1);
  g_assert_cmpuint (trama_flow_table_get_flow (table, 0)->packets[0], ==, 2 * N_DATAGRAMS - 1000);
  g_assert_cmpuint (trama_flow_table_get_flow (table, 0)->payload_bytes[0], ==, 3000 * N_DATAGRAMS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flow/counts/whole", test_whole);
  g_test_add_func ("/flow/counts/simultaneous-open", test_simultaneous_open);
  g_test_add_func ("/flow/counts/wrap-and-odd", test_wrap_and_odd);
  g_test_add_func ("/flow/counts/port-pair-used-again", test_port_pair_used_again);
  g_test_add_func ("/flow/counts/handshake-out-of-order", test_handshake_out_of_order);
  g_test_add_func ("/flow/counts/fragments", test_fragments);
  g_test_add_func ("/flow/counts/many-fragments", test_many_fragments);
  return g_test_run ();
}
