/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/decode.h"
#include "tests/core/decode/describe.h"
#include "tests/core/decode/frames.h"

#include <netinet/in.h>
#include <string.h>

/* Runs of the mutation test; the seed makes a find repeatable. */
#define N_MUTATIONS 100000
#define MUTATION_SEED 9293

/* Every frame, read. */
static const struct
{
  const char *name;
  const char *expected;
} readings[] = {
  { "syn", "ok ip4 protocol 6 127.0.0.1:39388 > 127.0.0.1:5000 [SYN] seq 1078205491 ack 0 win 64240 "
           "headers 14+20+40 payload 74+0 end 74 checksum not computed" },
  { "syn_ack", "ok ip4 protocol 6 127.0.0.1:5000 > 127.0.0.1:39388 [SYN ACK] seq 3160092354 ack 1078205492 "
               "win 65160 headers 14+20+40 payload 74+0 end 74 checksum not computed" },
  { "data",
    "ok ip4 protocol 6 127.0.0.1:39388 > 127.0.0.1:5000 [PSH ACK] seq 1078205492 ack 3160092355 win 63 "
    "headers 14+20+32 payload 66+7 end 73 checksum not computed" },
  { "fin",
    "ok ip4 protocol 6 127.0.0.1:5000 > 127.0.0.1:39388 [FIN ACK] seq 3160092365 ack 1078205499 win 64 "
    "headers 14+20+32 payload 66+0 end 66 checksum not computed" },
  { "udp", "ok ip4 protocol 17 127.0.0.1:55926 > 127.0.0.1:5001 headers 14+20+8 payload 42+9 end 51 "
           "checksum not computed" },
  { "unreachable",
    "ok ip4 protocol 1 127.0.0.1 > 127.0.0.1 headers 14+20+8 payload 42+34 end 76 checksum good" },
  { "tcp6", "ok ip6 protocol 6 [::1]:51844 > [::1]:5000 [PSH ACK] seq 1020699006 ack 2819924038 win 64 "
            "headers 14+40+32 payload 86+7 end 93 checksum not computed" },
  { "unreachable6", "ok ip6 protocol 58 ::1 > ::1 headers 14+40+8 payload 62+54 end 116 checksum good" },
  { "raw_syn", "ok ip4 protocol 6 10.77.0.1:49044 > 10.77.0.2:5001 [SYN] seq 652751060 ack 0 win 64240 "
               "headers 0+20+40 payload 60+0 end 60 checksum good" },
  { "refused", "ok ip4 protocol 6 10.77.0.2:5018 > 10.77.0.1:46380 [RST ACK] seq 0 ack 2723837543 win 0 "
               "headers 0+20+20 payload 40+0 end 40 checksum good" },
  { "qinq", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 22+20+8 payload 50+4 end 54 "
            "checksum good" },
  { "padded", "ok ip4 protocol 6 127.0.0.1:40000 > 127.0.0.1:5000 [ACK] seq 5 ack 9 win 65535 "
              "headers 14+20+20 payload 54+0 end 54 checksum good" },
  { "ip_options", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 14+32+8 payload 54+3 end 57 "
                  "checksum good" },
  { "first_fragment", "ok ip4 first fragment protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 "
                      "headers 0+20+8 payload 28+16 end 44 checksum absent" },
  { "later_fragment",
    "ok ip4 later fragment protocol 0 127.0.0.1 > 127.0.0.1 headers 0+20+0 payload 20+17 end 37 "
    "checksum absent" },
  { "sack", "ok ip4 protocol 6 127.0.0.1:40000 > 127.0.0.1:5000 [ACK] seq 1001 ack 1500 win 65535 "
            "headers 0+20+40 payload 60+0 end 60 checksum good" },
  { "odd_options",
    "ok ip4 protocol 6 127.0.0.1:40000 > 127.0.0.1:5000 [SYN ECE CWR] seq 1000 ack 0 win 65535 "
    "headers 0+20+48 payload 68+2 end 70 checksum good" },
  { "bad_checksum",
    "ok ip4 protocol 6 127.0.0.1:40000 > 127.0.0.1:5000 [PSH ACK URG] seq 1000 ack 7 win 65535 "
    "headers 0+20+20 payload 40+11 end 51 checksum bad" },
  { "echo", "ok ip4 protocol 1 127.0.0.1 > 127.0.0.1 headers 0+20+8 payload 28+4 end 32 checksum good" },
  { "too_big", "ok ip4 protocol 1 10.0.0.254 > 10.0.0.1 headers 0+20+8 payload 28+28 end 56 checksum good" },
  { "extensions6",
    "ok ip6 first fragment protocol 17 [::1]:40000 > [::1]:5001 headers 0+64+8 payload 72+24 end 96 "
    "checksum absent" },
  { "later_fragment6", "ok ip6 later fragment protocol 0 ::1 > ::1 headers 0+48+0 payload 48+4 end 52 "
                       "checksum absent" },
  { "arp", "ok type 0806 at 14" },
  { "null_le", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 4+20+8 payload 32+2 end 34 "
               "checksum good" },
  { "loop", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 4+20+8 payload 32+2 end 34 "
            "checksum good" },
  { "sll", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 16+20+8 payload 44+2 end 46 "
           "checksum good" },
  { "sll2", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 20+20+8 payload 48+2 end 50 "
            "checksum good" },
  { "length_802_3", "ok type 0007 at 14" },
  { "mpls", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 22+20+8 payload 50+4 end 54 "
            "checksum good" },
  { "mpls6",
    "ok ip6 protocol 17 [::1]:40000 > [::1]:5001 headers 18+40+8 payload 66+4 end 70 checksum good" },
  { "pppoe", "ok ip4 protocol 6 127.0.0.1:40000 > 127.0.0.1:5000 [SYN] seq 1000 ack 0 win 65535 headers "
             "22+20+20 payload 62+0 end 62 checksum good" },
  { "pppoe6",
    "ok ip6 protocol 17 [::1]:40000 > [::1]:5001 headers 22+40+8 payload 70+4 end 74 checksum good" },
  { "snap", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 22+20+8 payload 50+4 end 54 "
            "checksum good" },
  { "ip4_in_ip4", "ok ip4 protocol 6 10.0.0.1:40000 > 10.0.0.2:5000 [SYN] seq 1000 ack 0 win 65535 headers "
                  "20+20+20 payload 60+0 end 60 checksum good" },
  { "ip6_in_ip4", "ok ip6 protocol 17 [2001:db8:1::1]:40000 > [2001:db8:1::2]:5001 headers 20+40+8 payload "
                  "68+4 end 72 checksum good" },
  { "ip4_in_ip6",
    "ok ip4 protocol 17 10.0.0.1:40000 > 10.0.0.2:5001 headers 40+20+8 payload 68+4 end 72 checksum good" },
  { "ip6_in_ip6", "ok ip6 protocol 17 [2001:db8:1::1]:40000 > [2001:db8:1::2]:5001 headers 48+40+8 payload "
                  "96+4 end 100 checksum good" },
  { "gre", "ok ip4 protocol 6 10.0.0.1:40000 > 10.0.0.2:5000 [PSH ACK] seq 1000 ack 7 win 65535 headers "
           "36+20+20 payload 76+3 end 79 checksum good" },
  { "gre_bridged", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 62+20+8 payload 90+3 end "
                   "93 checksum good" },
  { "gre_ppp",
    "ok ip4 protocol 47 192.0.2.1 > 192.0.2.2 headers 0+20+0 payload 20+20 end 40 checksum absent" },
  { "rare_options", "ok ip4 protocol 6 127.0.0.1:40000 > 127.0.0.1:5000 [SYN] seq 1000 ack 0 win 65535 "
                    "headers 0+20+60 payload 80+0 end 80 checksum good" },
  { "ppp", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 4+20+8 payload 32+2 end 34 "
           "checksum good" },
  { "ppp_short", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 1+20+8 payload 29+2 end 31 "
                 "checksum good" },
  { "ppp_cisco", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 4+20+8 payload 32+2 end 34 "
                 "checksum good" },
  { "pppoe_alone", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 8+20+8 payload 36+2 end 38 "
                   "checksum good" },
  { "cisco_hdlc", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 4+20+8 payload 32+2 end 34 "
                  "checksum good" },
  { "fibre_channel",
    "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 24+20+8 payload 52+2 end 54 "
    "checksum good" },
  { "wlan", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 34+20+8 payload 62+2 end 64 "
            "checksum good" },
  { "wlan_protected", "ok type 0000 at 36" },
  { "wlan_beacon", "ok type 0000 at 2" },
  { "radiotap", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 62+20+8 payload 90+2 end 92 "
                "checksum good" },
  { "nflog", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 20+20+8 payload 48+2 end 50 "
             "checksum good" },
  { "nflog_be", "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 8+20+8 payload 36+2 end 38 "
                "checksum good" },
  { "nflog_empty", "ok type 0000 at 12" },
};

static void
test_frames (void)
{
  g_assert_cmpuint (G_N_ELEMENTS (readings), ==, n_frames);
  for (gsize i = 0; i < G_N_ELEMENTS (readings); i++)
    {
      const Frame *frame = frame_named (readings[i].name);
      g_autoptr (GByteArray) bytes = frame_bytes (frame);

      assert_bytes (frame->link_type, bytes, readings[i].expected);
    }
}

/* What a snap length leaves is told; the payload's size comes from the headers all the same. */
static void
test_snapped (void)
{
  g_autoptr (GByteArray) data = frame_bytes (frame_named ("data"));
  g_autoptr (GByteArray) options = frame_bytes (frame_named ("ip_options"));

  /* Behind the headers, in the middle of TCP's options, of its fixed part, of IPv4, of Ethernet, nothing. */
  assert_decodes (
      TRAMA_LINK_ETHERNET, data, 66, 73,
      "ok ip4 protocol 6 127.0.0.1:39388 > 127.0.0.1:5000 [PSH ACK] seq 1078205492 ack 3160092355 "
      "win 63 headers 14+20+32 payload 66+7 end 73 checksum absent");
  assert_decodes (TRAMA_LINK_ETHERNET, data, 60, 73,
                  "truncated ip4 protocol 6 127.0.0.1:39388 > 127.0.0.1:5000 [PSH ACK] seq 1078205492 "
                  "ack 3160092355 win 63 headers 14+20+32 payload 66+7 end 73 checksum absent");
  assert_decodes (TRAMA_LINK_ETHERNET, data, 53, 73,
                  "truncated ip4 protocol 6 127.0.0.1 > 127.0.0.1 [] seq 0 ack 0 win 0 headers 14+20+0 "
                  "payload 0+0 end 73 checksum absent");
  assert_decodes (TRAMA_LINK_ETHERNET, data, 33, 73, "truncated type 0800 at 14");
  assert_decodes (TRAMA_LINK_ETHERNET, data, 13, 73, "truncated type 0000 at 0");
  assert_decodes (TRAMA_LINK_ETHERNET, data, 0, 73, "truncated type 0000 at 0");
  assert_decodes (TRAMA_LINK_RAW, data, 0, 0, "truncated type 0000 at 0");
  /* In the middle of IPv4's options. */
  assert_decodes (TRAMA_LINK_ETHERNET, options, 40, 57,
                  "truncated ip4 protocol 0 127.0.0.1 > 127.0.0.1 headers 14+32+0 payload 0+0 end 57 "
                  "checksum absent");
}

static void
test_contradictions (void)
{
  /* IPv4: a header of 16 bytes, another version, a packet shorter than its header. */
  assert_changed ("udp", 14, "44", "malformed type 0800 at 14");
  assert_changed ("udp", 14, "65", "malformed type 0800 at 14");
  assert_changed ("udp", 16, "0013", "malformed type 0800 at 14");
  /* One byte more than the frame holds: what is there counts. */
  assert_changed (
      "udp", 16, "0026",
      "malformed ip4 protocol 17 127.0.0.1:55926 > 127.0.0.1:5001 headers 14+20+8 payload 42+9 end 51 "
      "checksum absent");
  /* TCP: a header of 16 bytes, one of 60 in a packet with room for 40, a packet of 19 bytes behind IPv4. */
  assert_changed (
      "raw_syn", 32, "40",
      "malformed ip4 protocol 6 10.77.0.1 > 10.77.0.2 [] seq 0 ack 0 win 0 headers 0+20+0 payload 0+0 "
      "end 60 checksum absent");
  assert_changed (
      "raw_syn", 32, "f0",
      "malformed ip4 protocol 6 10.77.0.1 > 10.77.0.2 [] seq 0 ack 0 win 0 headers 0+20+0 payload 0+0 "
      "end 60 checksum absent");
  assert_changed (
      "raw_syn", 2, "0027",
      "malformed ip4 protocol 6 10.77.0.1 > 10.77.0.2 [] seq 0 ack 0 win 0 headers 0+20+0 payload 0+0 "
      "end 39 checksum absent");
  /* UDP: seven bytes, one byte more than its packet. */
  assert_changed ("udp", 38, "0007",
                  "malformed ip4 protocol 17 127.0.0.1 > 127.0.0.1 headers 14+20+0 payload 0+0 end 51 "
                  "checksum absent");
  assert_changed (
      "udp", 38, "0012",
      "malformed ip4 protocol 17 127.0.0.1:55926 > 127.0.0.1:5001 headers 14+20+8 payload 42+9 end 51 "
      "checksum absent");
  /* A datagram may be shorter than its packet: "Dear" alone. */
  assert_changed ("udp", 38, "000c",
                  "ok ip4 protocol 17 127.0.0.1:55926 > 127.0.0.1:5001 headers 14+20+8 payload 42+4 end 51 "
                  "checksum bad");
  /* IPv6: another version; an extension header longer than the packet; no next header. */
  assert_changed ("tcp6", 14, "40", "malformed type 86dd at 14");
  assert_changed ("extensions6", 41, "07",
                  "malformed ip6 protocol 0 ::1 > ::1 headers 0+40+0 payload 0+0 end 96 checksum absent");
  assert_changed ("tcp6", 20, "3b",
                  "ok ip6 protocol 0 ::1 > ::1 headers 14+40+0 payload 54+39 end 93 checksum absent");
  /* Without a link header, neither IPv4 nor IPv6; a family that is not IP is no damage. */
  assert_changed ("raw_syn", 0, "95", "malformed type 0000 at 0");
  assert_changed ("null_le", 0, "07", "ok type 0000 at 4");
}

/* 0 stands for a length that 16 bits do not hold. */
static void
test_lengths_of_zero (void)
{
  assert_changed ("raw_syn", 2, "0000",
                  "ok ip4 protocol 6 10.77.0.1:49044 > 10.77.0.2:5001 [SYN] seq 652751060 ack 0 win 64240 "
                  "headers 0+20+40 payload 60+0 end 60 checksum good");
  assert_changed (
      "extensions6", 4, "0000",
      "ok ip6 first fragment protocol 17 [::1]:40000 > [::1]:5001 headers 0+64+8 payload 72+24 end 96 "
      "checksum absent");
  /* Without a hop-by-hop header there is no jumbogram, so there is no TCP either. */
  assert_changed (
      "tcp6", 18, "0000",
      "malformed ip6 protocol 6 ::1 > ::1 [] seq 0 ack 0 win 0 headers 14+40+0 payload 0+0 end 54 "
      "checksum absent");
}

/* What a device is left to cut may be larger than 16 bits hold, and is no jumbogram. */
static void
test_large6 (void)
{
  g_autoptr (GByteArray) bytes = frame_bytes (frame_named ("tcp6"));
  TramaDecoded decoded;

  bytes->data[18] = bytes->data[19] = 0;
  g_assert_cmpint (trama_decode (TRAMA_LINK_ETHERNET, bytes->data, bytes->len, 54 + 70000, &decoded), ==,
                   TRAMA_DECODE_OK);
  g_assert_cmpuint (decoded.transport_bytes + decoded.payload_bytes, ==, 70000);
}

/* 16 extension headers are stepped over, a 17th is not; 15 tags behind the link header, not 16. */
static void
test_bounds (void)
{
  static const guint8 options[8] = { IPPROTO_DSTOPTS, 0, 1, 4 };
  static const guint8 tag[4] = { 0, 1, 0x81, 0 };
  static const char *const chains[] = {
    "ok ip6 protocol 0 ::1 > ::1 headers 0+168+0 payload 168+0 end 168 checksum absent",
    "malformed ip6 protocol 0 ::1 > ::1 headers 0+168+0 payload 0+0 end 176 checksum absent",
  };
  static const char *const stacks[] = { "ok type 0806 at 74", "malformed type 8100 at 74" };

  for (guint extra = 0; extra < 2; extra++)
    {
      g_autoptr (GByteArray) chain = frame_bytes (frame_named ("later_fragment6"));
      g_autoptr (GByteArray) stack = frame_bytes (frame_named ("arp"));

      g_byte_array_set_size (chain, 40);
      for (guint i = 0; i < 16 + extra; i++)
        g_byte_array_append (chain, options, sizeof options);
      chain->data[5] = (guint8) (chain->len - 40);
      chain->data[6] = IPPROTO_DSTOPTS;
      chain->data[chain->len - 8] = IPPROTO_NONE;
      assert_bytes (TRAMA_LINK_IPV6, chain, chains[extra]);

      g_byte_array_set_size (stack, 14);
      memcpy (stack->data + 12, "\x81\x00", 2);
      for (guint i = 0; i < TRAMA_DECODE_HEADERS_MAX - 1 + extra; i++)
        g_byte_array_append (stack, tag, sizeof tag);
      memcpy (stack->data + stack->len - 2, "\x08\x06", 2);
      assert_bytes (TRAMA_LINK_ETHERNET, stack, stacks[extra]);
    }
}

/* Whatever stands in front of it, all fragments of a datagram tell the same of it; the first how long it is. */
static void
test_fragments (void)
{
  static const struct
  {
    const char *frame;
    guint32 id, datagram_bytes;
  } cases[] = {
    { "first_fragment", 0x94e3, 33 },
    { "later_fragment", 0x94e3, 0 },
    { "extensions6", 0xa0e34f5a, 24 },
    { "later_fragment6", 0xa0e34f5a, 0 },
  };
  TramaDecoded decoded;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Frame *frame = frame_named (cases[i].frame);
      g_autoptr (GByteArray) bytes = frame_bytes (frame);

      trama_decode (frame->link_type, bytes->data, bytes->len, bytes->len, &decoded);
      g_assert_cmpuint (decoded.fragment_protocol, ==, IPPROTO_UDP);
      g_assert_cmpuint (decoded.fragment_id, ==, cases[i].id);
      g_assert_cmpuint (decoded.datagram_bytes, ==, cases[i].datagram_bytes);
    }
}

static void
test_unknown_link (void)
{
  g_autoptr (GByteArray) bytes = frame_bytes (frame_named ("syn"));

  assert_bytes (147, bytes, "link unknown type 0000 at 0");
  assert_bytes (G_MAXUINT32, bytes, "link unknown type 0000 at 0");
}

/* Every bit that the sum covers counts, in segments of even and of odd size. */
static void
test_checksum_covers (void)
{
  static const char *const names[] = { "raw_syn", "ip_options", "echo" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const Frame *frame = frame_named (names[i]);
      g_autoptr (GByteArray) bytes = frame_bytes (frame);
      TramaDecoded decoded;

      trama_decode (frame->link_type, bytes->data, bytes->len, bytes->len, &decoded);
      for (guint32 at = decoded.link_bytes + decoded.network_bytes; at < decoded.network_end; at++)
        {
          g_assert_cmpint (trama_decode_transport_checksum (bytes->data, bytes->len, &decoded), ==,
                           TRAMA_CHECKSUM_GOOD);
          bytes->data[at] ^= 0x10;
          g_assert_cmpint (trama_decode_transport_checksum (bytes->data, bytes->len, &decoded), ==,
                           TRAMA_CHECKSUM_BAD);
          bytes->data[at] ^= 0x10;
        }
    }
}

static void
test_checksum_absent (void)
{
  /* A sender of UDP may leave it out. */
  assert_changed ("udp", 40, "0000",
                  "ok ip4 protocol 17 127.0.0.1:55926 > 127.0.0.1:5001 headers 14+20+8 payload 42+9 end 51 "
                  "checksum absent");
  /* The pseudo-header's sum with its bytes exchanged is nothing but wrong. */
  assert_changed ("udp", 40, "24fe",
                  "ok ip4 protocol 17 127.0.0.1:55926 > 127.0.0.1:5001 headers 14+20+8 payload 42+9 end 51 "
                  "checksum bad");
}

/*
 * A source route that is not at its end names the last destination elsewhere; at its
 * end, the sum can be told.
 */
static void
test_checksum_under_way (void)
{
  static const char *const verdicts[] = {
    "ok ip6 protocol 17 [::1]:40000 > [::1]:5001 headers 0+48+8 payload 56+2 end 58 checksum bad",
    "ok ip6 protocol 17 [::1]:40000 > [::1]:5001 headers 0+48+8 payload 56+2 end 58 checksum absent",
  };

  assert_changed ("ip_options", 40, "04",
                  "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 14+32+8 payload 54+3 end 57 "
                  "checksum absent");
  for (guint left = 0; left < 2; left++)
    {
      /* IPv6: 18 bytes, routing; routing: UDP, type 4, segments left; UDP: 10 bytes, checksum 1; "hi" */
      const Frame frame = { .hex = "60000000 00122b40 00000000 00000000 00000000 00000001"
                                   "00000000 00000000 00000000 00000001"
                                   "11000400 00000000 9c401389 000a0001 6869" };
      g_autoptr (GByteArray) bytes = frame_bytes (&frame);

      bytes->data[43] = (guint8) left;
      assert_bytes (TRAMA_LINK_IPV6, bytes, verdicts[left]);
    }
}

static void
test_tcp_flags (void)
{
  g_autofree char *none = trama_tcp_flags_format (0);
  g_autofree char *all = trama_tcp_flags_format (0xff);
  g_autofree char *answer = trama_tcp_flags_format (TRAMA_TCP_ACK | TRAMA_TCP_SYN);

  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (all, ==, "SYN FIN RST PSH ACK URG ECE CWR");
  g_assert_cmpstr (answer, ==, "SYN ACK");
}

/* What must hold for any bytes. */
static void
assert_sound (const TramaDecoded *decoded, gsize captured, gsize length)
{
  guint32 transport = decoded->link_bytes + decoded->network_bytes;

  g_assert_cmpuint (decoded->link_bytes, <=, captured);
  if (decoded->ip_version == 0)
    {
      g_assert_cmpuint (decoded->protocol, ==, 0);
      g_assert_cmpuint (decoded->network_bytes + decoded->transport_bytes + decoded->payload_bytes, ==, 0);
      return;
    }
  g_assert_cmpuint (decoded->network_end, <=, MAX (captured, length));
  if (decoded->transport_bytes > 0)
    {
      g_assert_cmpuint (transport + MIN (decoded->transport_bytes, 20), <=, captured);
      g_assert_cmpuint (decoded->payload_offset, ==, transport + decoded->transport_bytes);
    }
  else
    g_assert_cmpuint (decoded->source.port + decoded->destination.port + decoded->tcp_flags, ==, 0);
  if (decoded->payload_offset > 0)
    g_assert_cmpuint (decoded->payload_offset + decoded->payload_bytes, <=, decoded->network_end);
  if (decoded->status == TRAMA_DECODE_OK)
    g_assert_cmpuint (decoded->payload_offset, <=, captured);
}

static TramaDecodeStatus
decode_copy (guint32 link_type, const GByteArray *bytes, gsize captured, gsize length, TramaDecoded *decoded)
{
  g_autofree guint8 *copy = NULL;
  const guint8 *data = frame_copy (bytes, captured, &copy);

  trama_decode (link_type, data, captured, length, decoded);
  trama_decode_transport_checksum (data, captured, decoded);
  assert_sound (decoded, captured, length);
  return decoded->status;
}

/* A prefix of a frame either says that it is one, or gives what the whole gives. */
static void
test_prefixes (void)
{
  for (gsize i = 0; i < n_frames; i++)
    {
      g_autoptr (GByteArray) bytes = frame_bytes (&frames[i]);
      TramaDecoded whole, part;
      gsize headers_end;

      decode_copy (frames[i].link_type, bytes, bytes->len, bytes->len, &whole);
      /* Of a tunnel that is not followed, the header is looked at all the same. */
      headers_end = whole.payload_offset + (whole.protocol == IPPROTO_GRE ? 16 : 0);
      for (gsize captured = 0; captured < bytes->len; captured++)
        {
          TramaDecodeStatus status = decode_copy (frames[i].link_type, bytes, captured, bytes->len, &part);

          if (whole.ip_version != 0 && captured < headers_end)
            g_assert_cmpint (status, ==, TRAMA_DECODE_TRUNCATED);
          else if (whole.ip_version != 0)
            g_assert_cmpmem (&part, sizeof part, &whole, sizeof whole);
          decode_copy (frames[i].link_type, bytes, captured, captured, &part);
        }
    }
}

/* Frames with some bytes changed, cut anywhere, under any link type, with any length. */
static void
test_mutations (void)
{
  static const guint32 link_types[] = { 0,   1,   9,   12,  14,  50,  51,  101, 104, 105,
                                        108, 113, 122, 127, 228, 229, 239, 276, 147 };
  g_autoptr (GRand) random = g_rand_new_with_seed (MUTATION_SEED);
  guint decoded_ok = 0;

  for (guint run = 0; run < N_MUTATIONS; run++)
    {
      const Frame *frame = &frames[g_rand_int_range (random, 0, (gint32) n_frames)];
      g_autoptr (GByteArray) bytes = frame_bytes (frame);
      guint32 link_type = frame->link_type;
      gsize captured = bytes->len;
      TramaDecoded decoded;

      for (gint32 n = g_rand_int_range (random, 0, 6); n > 0; n--)
        bytes->data[g_rand_int_range (random, 0, (gint32) bytes->len)] = (guint8) g_rand_int (random);
      if (g_rand_int_range (random, 0, 4) == 0)
        captured = (gsize) g_rand_int_range (random, 0, (gint32) bytes->len + 1);
      if (g_rand_int_range (random, 0, 8) == 0)
        link_type = link_types[g_rand_int_range (random, 0, G_N_ELEMENTS (link_types))];
      if (decode_copy (link_type, bytes, captured, g_rand_boolean (random) ? bytes->len : captured, &decoded)
          == TRAMA_DECODE_OK)
        decoded_ok++;
    }
  g_test_message ("%u of %u decoded", decoded_ok, N_MUTATIONS);
  g_assert_cmpuint (decoded_ok, >, N_MUTATIONS / 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/frames", test_frames);
  g_test_add_func ("/decode/snapped", test_snapped);
  g_test_add_func ("/decode/contradictions", test_contradictions);
  g_test_add_func ("/decode/lengths-of-zero", test_lengths_of_zero);
  g_test_add_func ("/decode/large6", test_large6);
  g_test_add_func ("/decode/bounds", test_bounds);
  g_test_add_func ("/decode/fragments", test_fragments);
  g_test_add_func ("/decode/unknown-link", test_unknown_link);
  g_test_add_func ("/decode/checksum-covers", test_checksum_covers);
  g_test_add_func ("/decode/checksum-absent", test_checksum_absent);
  g_test_add_func ("/decode/checksum-under-way", test_checksum_under_way);
  g_test_add_func ("/decode/tcp-flags", test_tcp_flags);
  g_test_add_func ("/decode/prefixes", test_prefixes);
  g_test_add_func ("/decode/mutations", test_mutations);
  return g_test_run ();
}
