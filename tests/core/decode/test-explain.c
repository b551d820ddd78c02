/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/explain.h"
#include "core/decode/printable.h"
#include "tests/core/decode/frames.h"

#include <string.h>

/* Runs of the mutation test; the seed makes a find repeatable. */
#define N_MUTATIONS 100000
#define MUTATION_SEED 9293

/* One line per field: offset and size, indented by depth: name: value (meaning). */
static char *
render (const TramaFields *fields)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < fields->len; i++)
    {
      const TramaField *field = g_ptr_array_index (fields, i);

      g_string_append_printf (text, "%*s%u+%u %s", (int) field->depth * 2, "", field->offset,
                              field->size_bytes, field->name);
      if (field->value != NULL)
        g_string_append_printf (text, ": %s", field->value);
      if (field->meaning != NULL)
        g_string_append_printf (text, " (%s)", field->meaning);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

static char *
explain (guint32 link_type, const GByteArray *bytes, gsize captured, gsize length, guint32 base)
{
  g_autofree guint8 *copy = NULL;
  const guint8 *data = frame_copy (bytes, captured, &copy);
  g_autoptr (GPtrArray) fields = trama_explain_packet (link_type, data, captured, length, base, base);

  return render (fields);
}

static char *
explain_named (const char *name)
{
  const Frame *frame = frame_named (name);
  g_autoptr (GByteArray) bytes = frame_bytes (frame);

  return explain (frame->link_type, bytes, bytes->len, bytes->len, 0);
}

static void
assert_lines (const char *text, const char *lines)
{
  g_autofree char *framed = g_strdup_printf ("\n%s", text);
  g_autofree char *wanted = g_strdup_printf ("\n%s", lines);

  if (strstr (framed, wanted) == NULL)
    g_test_fail_printf ("these lines:\n%sare not in:\n%s", lines, text);
}

/* Lines that stand together, and nothing between them. */
static void
assert_explains (const char *name, const char *lines)
{
  g_autofree char *text = explain_named (name);

  assert_lines (text, lines);
}

static void
test_whole (void)
{
  g_autofree char *text = explain_named ("syn");

  g_assert_cmpstr (
      text, ==,
      "0+14 Ethernet II\n"
      "  0+6 Destination: 00:00:00:00:00:00\n"
      "  6+6 Source: 00:00:00:00:00:00\n"
      "  12+2 Type: 0x0800 (IPv4)\n"
      "14+20 IPv4: 127.0.0.1 → 127.0.0.1\n"
      "  14+1 Version: 4\n"
      "  14+1 Header length: 20 bytes\n"
      "  15+1 DSCP: 0 (CS0, best effort)\n"
      "  15+1 ECN: 0 (Not-ECT: the transport does not take part)\n"
      "  16+2 Total length: 60 bytes\n"
      "  18+2 Identification: 0x721b\n"
      "  20+1 Flags: DF (0x2)\n"
      "    20+1 Reserved: not set\n"
      "    20+1 Don't fragment (DF): set (no router may cut this packet)\n"
      "    20+1 More fragments (MF): not set\n"
      "  20+2 Fragment offset: 0 bytes\n"
      "  22+1 Time to live: 64\n"
      "  23+1 Protocol: 6 (TCP)\n"
      "  24+2 Header checksum: 0xca9e (good)\n"
      "  26+4 Source: 127.0.0.1\n"
      "  30+4 Destination: 127.0.0.1\n"
      "34+40 TCP: 39388 → 5000 (SYN)\n"
      "  34+2 Source port: 39388\n"
      "  36+2 Destination port: 5000\n"
      "  38+4 Sequence number: 1078205491\n"
      "  42+4 Acknowledgment number: 0 (not significant: ACK is not set)\n"
      "  46+1 Data offset: 40 bytes\n"
      "  46+1 Reserved: 0x0\n"
      "  47+1 Flags: SYN (0x02)\n"
      "    47+1 CWR, congestion window reduced: not set\n"
      "    47+1 ECE, congestion echo: not set\n"
      "    47+1 URG, urgent: not set\n"
      "    47+1 ACK, acknowledgment: not set\n"
      "    47+1 PSH, push: not set\n"
      "    47+1 RST, reset: not set\n"
      "    47+1 SYN, synchronize: set (the sequence number is the initial one)\n"
      "    47+1 FIN, finish: not set\n"
      "  48+2 Window: 64240 (bytes; never scaled in a SYN)\n"
      "  50+2 Checksum: 0xfe30 (not computed (loopback offload))\n"
      "  52+2 Urgent pointer: 0 (not significant: URG is not set)\n"
      "  54+20 Options: 20 bytes\n"
      "    54+4 Maximum segment size: 1460 (most data bytes that its sender takes in one segment)\n"
      "    58+2 SACK permitted (its sender understands selective acknowledgments)\n"
      "    60+10 Timestamps: TSval 2019120690, TSecr 0\n"
      "    70+1 No operation\n"
      "    71+3 Window scale: 10 (windows after the SYN are multiplied by 1024)\n");
}

static void
test_relative (void)
{
  const Frame *frame = frame_named ("data");
  g_autoptr (GByteArray) bytes = frame_bytes (frame);
  g_autoptr (GPtrArray) fields = trama_explain_packet (frame->link_type, bytes->data, bytes->len, bytes->len,
                                                       1078205491, 3160092354u);
  g_autofree char *text = render (fields);

  assert_lines (text, "  38+4 Sequence number: 1078205492 (relative: 1)\n"
                      "  42+4 Acknowledgment number: 3160092355 (relative: 1)\n");
  assert_lines (text, "66+7 Payload: “Hello?\\n” (7 bytes)\n");
}

static void
test_links (void)
{
  assert_explains ("qinq", "  12+2 Type: 0x88a8 (802.1ad)\n"
                           "14+4 VLAN tag: 100\n"
                           "  14+1 Priority: 0\n"
                           "  14+1 Drop eligible: not set\n"
                           "  14+2 VLAN identifier: 100\n"
                           "  16+2 Type: 0x8100 (802.1Q)\n"
                           "18+4 VLAN tag: 10\n"
                           "  18+1 Priority: 3\n"
                           "  18+1 Drop eligible: not set\n"
                           "  18+2 VLAN identifier: 10\n"
                           "  20+2 Type: 0x0800 (IPv4)\n"
                           "22+20 IPv4: 127.0.0.1 → 127.0.0.1\n");
  assert_explains ("null_le", "0+4 Loopback header\n"
                              "  0+4 Address family: 0x02000000 (IPv4)\n"
                              "4+20 IPv4: 127.0.0.1 → 127.0.0.1\n");
  assert_explains ("sll", "0+16 Linux cooked capture\n"
                          "  0+2 Packet type: 0 (sent to us)\n"
                          "  2+2 Device type: 772\n"
                          "  4+2 Address length: 6\n"
                          "  6+6 Source: 00:00:00:00:00:00\n"
                          "  14+2 Type: 0x0800 (IPv4)\n");
  assert_explains ("sll2", "0+20 Linux cooked capture, version 2\n"
                           "  0+2 Type: 0x0800 (IPv4)\n"
                           "  4+4 Interface index: 1\n");
  assert_explains ("length_802_3", "  12+2 Length: 7 (an IEEE 802.3 frame: bytes, not a type)\n"
                                   "14+9 Data: “BB\\x03\\x00\\x00\\x00abc” (9 bytes)\n");
  assert_explains ("arp", "14+28 ARP\n"
                          "  14+2 Hardware type: 1\n"
                          "  16+2 Protocol type: 0x0800 (IPv4)\n"
                          "  18+1 Hardware address size: 6\n"
                          "  19+1 Protocol address size: 4\n"
                          "  20+2 Operation: 1 (request: who has this address?)\n"
                          "  22+6 Sender's hardware address: 02:00:00:00:00:01\n"
                          "  28+4 Sender's address: 10.0.0.1\n"
                          "  32+6 Target's hardware address: 00:00:00:00:00:00\n"
                          "  38+4 Target's address: 10.0.0.2\n"
                          "42+18 Padding: 18 bytes (behind the packet, no part of it)\n");
}

static void
test_links_of_any_size (void)
{
  assert_explains ("ppp", "0+4 PPP\n"
                          "  0+2 Address and control: 0xff 0x03\n"
                          "  2+2 Protocol: 0x0021 (IPv4)\n"
                          "4+20 IPv4: 127.0.0.1 → 127.0.0.1\n");
  assert_explains ("ppp_short", "0+1 PPP\n"
                                "  0+1 Protocol: 0x0021 (IPv4)\n"
                                "1+20 IPv4: 127.0.0.1 → 127.0.0.1\n");
  assert_explains ("ppp_cisco", "0+4 Cisco HDLC\n"
                                "  2+2 Type: 0x0800 (IPv4)\n");
  assert_explains ("cisco_hdlc", "0+4 Cisco HDLC\n"
                                 "  0+1 Address: 0x8f (to all)\n"
                                 "  2+2 Type: 0x0800 (IPv4)\n");
  assert_explains ("pppoe_alone", "0+6 PPPoE session: 0x0007\n");
  assert_explains ("fibre_channel", "0+16 IP over Fibre Channel\n"
                                    "  0+8 Destination: 8 bytes\n"
                                    "  8+8 Source: 8 bytes\n"
                                    "16+8 LLC, SNAP\n");
  assert_explains ("wlan", "0+26 IEEE 802.11: data\n"
                           "  1+1 Flags: 0x01\n"
                           "    1+1 To the access point: set\n"
                           "    1+1 From the access point: not set\n"
                           "    1+1 Protected: not set\n"
                           "  4+6 Receiver: 02:00:00:00:00:01\n"
                           "  10+6 Transmitter: 02:00:00:00:00:02\n"
                           "  16+6 Third address: 02:00:00:00:00:03\n"
                           "26+8 LLC, SNAP\n");
  assert_explains ("wlan_protected", "    1+1 Protected: set (encrypted: what it carries is not decoded)\n");
  assert_explains ("wlan_beacon", "0+2 IEEE 802.11: management\n");
  assert_explains ("radiotap", "0+26 Radiotap\n"
                               "  0+1 Version: 0\n"
                               "  2+2 Header length: 26 bytes\n"
                               "26+28 IEEE 802.11: data\n");
  assert_explains ("nflog", "0+20 Netfilter log\n"
                            "  0+1 Address family: 2\n"
                            "  1+1 Version: 0\n"
                            "  2+2 Group: 5\n"
                            "  4+9 Attribute: 10 (9 bytes)\n"
                            "  16+4 Attribute: 9 (the packet follows)\n"
                            "20+20 IPv4: 127.0.0.1 → 127.0.0.1\n");
}

static void
test_ip (void)
{
  assert_explains ("padded", "54+6 Padding: 6 bytes (behind the packet, no part of it)\n");
  assert_explains ("ip_options", "  34+12 Options: 12 bytes\n"
                                 "    34+4 Router alert: 148 (4 bytes)\n"
                                 "    38+7 Loose source route: 131 (7 bytes)\n"
                                 "    45+1 End of options: 0 (1 byte)\n"
                                 "46+8 UDP: 40000 → 5001\n");
  assert_explains ("first_fragment",
                   "    6+1 More fragments (MF): set (this is not the last fragment of its datagram)\n"
                   "  6+2 Fragment offset: 0 bytes\n");
  assert_explains ("first_fragment",
                   "  26+2 Checksum: 0x983c (not verified: it covers bytes that are not all here)\n"
                   "28+16 Payload: “ABCDEFGHIJKLMNOP” (16 bytes)\n");
  assert_explains ("later_fragment",
                   "  6+2 Fragment offset: 24 bytes (a later part: the transport header was in the first)\n");
  assert_explains ("later_fragment", "20+17 Part of a datagram: “QRSTUVWXYZ0123456” (17 bytes)\n");
  assert_explains ("tcp6", "14+40 IPv6: ::1 → ::1\n"
                           "  14+1 Version: 6\n"
                           "  14+2 DSCP: 0 (CS0, best effort)\n"
                           "  14+2 ECN: 0 (Not-ECT: the transport does not take part)\n"
                           "  15+3 Flow label: 0xf2a5f\n"
                           "  18+2 Payload length: 39 bytes\n"
                           "  20+1 Next header: 6 (TCP)\n"
                           "  21+1 Hop limit: 64\n"
                           "  22+16 Source: ::1\n"
                           "  38+16 Destination: ::1\n"
                           "54+32 TCP: 51844 → 5000 (PSH ACK)\n");
  assert_explains ("extensions6",
                   "  40+8 Extension header: IPv6 hop-by-hop options (8 bytes)\n"
                   "  48+8 Extension header: IPv6 destination options (8 bytes)\n"
                   "  56+8 Extension header: IPv6 fragment (8 bytes)\n"
                   "    58+2 Fragment offset: 0 bytes\n"
                   "    58+2 More fragments: set (this is not the last fragment of its datagram)\n"
                   "    60+4 Identification: 0xa0e34f5a\n"
                   "64+8 UDP: 40000 → 5001\n");
}

/* Every header on the way to the conversation. */
static void
test_around (void)
{
  assert_explains ("mpls", "14+4 MPLS label: 16\n"
                           "  14+3 Label: 16\n"
                           "  16+1 Traffic class: 5\n"
                           "  16+1 Bottom of stack: not set\n"
                           "  17+1 Time to live: 64\n"
                           "18+4 MPLS label: 17\n"
                           "  18+3 Label: 17\n"
                           "  20+1 Traffic class: 0\n"
                           "  20+1 Bottom of stack: set (no label follows)\n"
                           "  21+1 Time to live: 63\n"
                           "22+20 IPv4: 127.0.0.1 → 127.0.0.1\n");
  assert_explains ("mpls6", "  14+3 Label: 2 (explicit null: IPv6 follows)\n");
  assert_explains ("pppoe", "14+6 PPPoE session: 0x1234\n"
                            "  14+1 Version and type: 0x11\n"
                            "  15+1 Code: 0 (session data)\n"
                            "  16+2 Session identifier: 0x1234\n"
                            "  18+2 Payload length: 42 bytes\n"
                            "20+2 PPP\n"
                            "  20+2 Protocol: 0x0021 (IPv4)\n"
                            "22+20 IPv4: 127.0.0.1 → 127.0.0.1\n");
  assert_explains ("pppoe", "62+2 Padding: 2 bytes (behind the packet, no part of it)\n");
  assert_explains ("snap", "  12+2 Length: 40 (an IEEE 802.3 frame: bytes, not a type)\n"
                           "14+8 LLC, SNAP\n"
                           "  14+1 DSAP: 0xaa (SNAP)\n"
                           "  15+1 SSAP: 0xaa (SNAP)\n"
                           "  16+1 Control: 0x03 (unnumbered information)\n"
                           "  17+3 Organization: 00:00:00 (the type is one of Ethernet)\n"
                           "  20+2 Type: 0x0800 (IPv4)\n"
                           "22+20 IPv4: 127.0.0.1 → 127.0.0.1\n");
}

static void
test_tunnels (void)
{
  assert_explains ("ip6_in_ip4", "  9+1 Protocol: 41 (IPv6)\n"
                                 "  10+2 Header checksum: 0xb688 (good)\n"
                                 "  12+4 Source: 192.0.2.1\n"
                                 "  16+4 Destination: 192.0.2.2\n"
                                 "20+40 IPv6: 2001:db8:1::1 → 2001:db8:1::2\n");
  assert_explains ("ip6_in_ip6", "  40+8 Extension header: IPv6 destination options (8 bytes)\n"
                                 "48+40 IPv6: 2001:db8:1::1 → 2001:db8:1::2\n");
  assert_explains ("gre", "20+16 GRE\n"
                          "  20+2 Flags: 0xb000\n"
                          "    20+1 Checksum present: set (of header and payload)\n"
                          "    20+1 Routing present: not set\n"
                          "    20+1 Key present: set (tells tunnels between the same ends apart)\n"
                          "    20+1 Sequence number present: set (shows loss and order)\n"
                          "  21+1 Version: 0\n"
                          "  22+2 Type: 0x0800 (IPv4)\n"
                          "  24+2 Checksum: 0x5bcd\n"
                          "  28+4 Key: 77\n"
                          "  32+4 Sequence number: 5\n"
                          "36+20 IPv4: 10.0.0.1 → 10.0.0.2\n");
  assert_explains ("gre", "76+3 Payload: “gre” (3 bytes)\n");
  assert_explains ("gre_bridged", "  42+2 Type: 0x6558 (Ethernet)\n"
                                  "44+14 Ethernet II\n"
                                  "  44+6 Destination: 02:00:00:00:00:02\n"
                                  "  50+6 Source: 02:00:00:00:00:01\n"
                                  "  56+2 Type: 0x8100 (802.1Q)\n"
                                  "58+4 VLAN tag: 7\n");
  assert_explains ("gre_ppp", "  32+4 Acknowledgment number: 3\n"
                              "36+4 Data: “\\xff\\x03\\x00!” (4 bytes)\n");
}

static void
test_rare_options (void)
{
  assert_explains (
      "rare_options",
      "    40+18 MD5 signature: 000102030405060708090a0b0c0d0e0f (digest of segment and a shared key)\n"
      "    58+8 Authentication (TCP-AO): key 1, next key 2 (message authentication code cafebabe)\n"
      "    66+4 Experiment: identifier 0xf989, 4 bytes (fast open, before it had its own kind)\n"
      "    70+4 Experiment: identifier 0x1234, 4 bytes\n"
      "    74+4 User timeout: 5 min\n"
      "    78+1 No operation\n");
}

static void
test_tcp (void)
{
  assert_explains ("sack", "    42+18 SACK: 2 blocks (received, but something before it is missing)\n"
                           "    44+8 SACK block: 2000 to 3000\n"
                           "    52+8 SACK block: 4000 to 5000\n");
  assert_explains ("odd_options", "    40+12 Multipath TCP: MP_CAPABLE (12 bytes)\n"
                                  "    52+10 Fast open cookie: c0ffee0011223344\n"
                                  "    62+4 Unknown option: kind 77, 4 bytes\n"
                                  "    66+2 Fast open cookie (asks for a cookie)\n"
                                  "68+2 Payload: “\\x00\\x00” (2 bytes)\n");
  assert_explains ("raw_syn", "  36+2 Checksum: 0x2a84 (good)\n");
  assert_explains ("bad_checksum", "  36+2 Checksum: 0xdead (bad)\n"
                                   "  38+2 Urgent pointer: 1 (offset from the sequence number)\n"
                                   "40+11 Payload: “ab\\xffc\\r\\né\\xe2\\x80\\xae” (11 bytes)\n");
}

static void
test_icmp (void)
{
  assert_explains ("echo", "20+8 ICMP: Echo request\n"
                           "  20+1 Type: 8 (Echo request)\n"
                           "  21+1 Code: 0\n"
                           "  22+2 Checksum: 0x06fa (good)\n"
                           "  24+2 Identifier: 4660\n"
                           "  26+2 Sequence number: 1\n"
                           "28+4 Payload: “ping” (4 bytes)\n");
  assert_explains ("unreachable", "34+8 ICMP: Destination unreachable\n"
                                  "  34+1 Type: 3 (Destination unreachable)\n"
                                  "  35+1 Code: 3 (Port unreachable)\n"
                                  "  36+2 Checksum: 0xe9ac (good)\n"
                                  "  38+4 Rest of the header: 0x00000000\n"
                                  "42+34 Quoted packet: 34 bytes (what caused the error)\n"
                                  "  42+20 IPv4: 127.0.0.1 → 127.0.0.1\n"
                                  "    42+1 Version: 4\n");
  assert_explains ("unreachable", "  62+8 UDP: 52278 → 5009\n"
                                  "    62+2 Source port: 52278\n"
                                  "    64+2 Destination port: 5009\n"
                                  "    66+2 Length: 14 bytes (header and data)\n"
                                  "    68+2 Checksum: 0xfe21 (not computed (loopback offload))\n"
                                  "  70+6 Payload: “nobody” (6 bytes)\n");
  assert_explains ("unreachable6", "  55+1 Code: 4 (Port unreachable)\n");
  assert_explains ("unreachable6", "  110+6 Payload: “nobody” (6 bytes)\n");
  assert_explains ("too_big", "  26+2 Next-hop MTU: 1400\n");
  assert_explains ("too_big", "  48+8 TCP: 40000 → 5000\n"
                              "    48+2 Source port: 40000\n"
                              "    50+2 Destination port: 5000\n"
                              "    52+4 Sequence number: 1000\n"
                              "    48+8 Cut short: 12 bytes (12 of the header's 20 bytes were not quoted)\n");
}

/* An error within an error is named, its quote is not followed. */
static void
test_no_recursion (void)
{
  g_autoptr (GByteArray) inner = frame_bytes (frame_named ("too_big"));
  g_autoptr (GByteArray) bytes = frame_bytes (frame_named ("too_big"));
  g_autofree char *text = NULL;

  g_byte_array_set_size (bytes, 28);
  g_byte_array_append (bytes, inner->data, inner->len);
  bytes->data[3] = (guint8) bytes->len;
  text = explain (TRAMA_LINK_IPV4, bytes, bytes->len, bytes->len, 0);
  assert_lines (text, "28+56 Quoted packet: 56 bytes (what caused the error)\n"
                      "  28+20 IPv4: 10.0.0.254 → 10.0.0.1\n");
  assert_lines (text, "  48+8 ICMP: Destination unreachable\n");
  g_assert_null (strstr (text, "TCP:"));
}

static void
assert_changed (const char *name, gsize offset, guint8 byte, const char *lines)
{
  const Frame *frame = frame_named (name);
  g_autoptr (GByteArray) bytes = frame_bytes (frame);
  g_autofree char *text = NULL;

  bytes->data[offset] = byte;
  text = explain (frame->link_type, bytes, bytes->len, bytes->len, 0);
  assert_lines (text, lines);
}

/* What is wrong is said where it is wrong. */
static void
test_damage (void)
{
  assert_changed ("udp", 25, 0xe5, "  24+2 Header checksum: 0xa7e5 (bad: 0xa7e4 would be right)\n");
  assert_changed ("udp", 14, 0x44, "  14+1 Header length: 16 bytes (too short: it has 20 at least)\n");
  assert_changed ("udp", 14, 0x55, "  14+1 Version: 5 (not that of IPv4)\n");
  assert_changed ("udp", 17, 0x28, "  16+2 Total length: 40 bytes (3 more than the frame holds)\n");
  assert_changed ("udp", 17, 0x28,
                  "0+0 Malformed (a header contradicts itself or the length on the wire, or there are more "
                  "than 16 headers)\n");
  assert_changed ("udp", 39, 0x0c, "46+5 Behind the datagram: “ sir\\n” (5 bytes)\n");
  assert_changed ("raw_syn", 32, 0x40, "  32+1 Data offset: 16 bytes (too short: it has 20 at least)\n");
  assert_changed ("raw_syn", 32, 0xf0, "  32+1 Data offset: 60 bytes (more than the packet holds)\n");
  assert_changed ("raw_syn", 41, 1,
                  "    40+20 Maximum segment size: kind 2, 20 bytes (damaged: its length does not fit)\n");
  assert_changed ("raw_syn", 41, 5,
                  "    40+5 Maximum segment size: kind 2, 5 bytes (not the size that it must have)\n");
  assert_changed ("raw_syn", 59, 15,
                  "    57+3 Window scale: 15 (above the limit: taken as 14, windows times 16384)\n");
  assert_changed ("ip_options", 35, 0, "    34+12 Damaged option: 148 (its length does not fit)\n");
}

static void
test_not_captured (void)
{
  g_autoptr (GByteArray) data = frame_bytes (frame_named ("data"));
  g_autofree char *payload = explain (TRAMA_LINK_ETHERNET, data, 69, 73, 0);
  g_autofree char *tcp = explain (TRAMA_LINK_ETHERNET, data, 42, 73, 0);
  g_autofree char *options = explain (TRAMA_LINK_ETHERNET, data, 60, 73, 0);
  g_autofree char *ethernet = explain (TRAMA_LINK_ETHERNET, data, 10, 73, 0);
  g_autofree char *nothing = explain (TRAMA_LINK_ETHERNET, data, 0, 73, 0);
  g_autofree char *unknown = explain (147, data, 2, 73, 0);

  assert_lines (payload, "66+3 Payload: “Hel” (7 bytes, of which 3 were captured)\n"
                         "69+0 Not captured: 4 bytes (4 bytes were not captured)\n");
  assert_lines (tcp, "34+8 TCP: 39388 → 5000\n"
                     "  34+2 Source port: 39388\n"
                     "  36+2 Destination port: 5000\n"
                     "  38+4 Sequence number: 1078205492\n"
                     "  34+8 Cut short: 12 bytes (12 of the header's 20 bytes are missing)\n"
                     "42+0 Not captured: 31 bytes (31 bytes were not captured)\n");
  assert_lines (options, "  54+6 Options: 12 bytes (not all of them are here)\n"
                         "    54+1 No operation\n"
                         "    55+1 No operation\n"
                         "    56+4 Timestamps: kind 8, 4 bytes (cut short)\n");
  g_assert_cmpstr (ethernet, ==,
                   "0+10 Link header\n"
                   "  0+10 Cut short: 4 bytes (4 of the header's 14 bytes are missing)\n"
                   "10+0 Not captured: 63 bytes (63 bytes were not captured)\n");
  assert_lines (nothing, "0+0 Not captured: 73 bytes (73 bytes were not captured)\n");
  g_assert_cmpstr (unknown, ==,
                   "0+0 Link: 147 (link type 147 is not decoded)\n"
                   "0+2 Data: “\\x00\\x00” (73 bytes, of which 2 were captured)\n"
                   "2+0 Not captured: 71 bytes (71 bytes were not captured)\n");
}

/* A long payload is cut; what is left out is counted beside it. */
static void
test_long_payload (void)
{
  g_autoptr (GByteArray) bytes = frame_bytes (frame_named ("udp"));
  g_autofree char *text = NULL;
  g_autofree char *shown = g_strnfill (256, 'x');
  g_autofree char *line = g_strdup_printf ("42+1000 Payload: “%s…” (1000 bytes)\n", shown);

  g_byte_array_set_size (bytes, 1042);
  memset (bytes->data + 42, 'x', 1000);
  memcpy (bytes->data + 16, "\x04\x04", 2); /* IPv4: 1028 bytes */
  memcpy (bytes->data + 38, "\x03\xf0", 2); /* UDP: 1008 bytes */
  text = explain (TRAMA_LINK_ETHERNET, bytes, bytes->len, bytes->len, 0);
  assert_lines (text, line);
}

static void
assert_printable (const char *bytes, gsize size, gsize max_bytes, const char *expected)
{
  g_autofree char *text = trama_printable_format ((const guint8 *) bytes, size, max_bytes);

  g_assert_cmpstr (text, ==, expected);
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

#define PRINTABLE(bytes, expected) assert_printable (bytes, sizeof bytes - 1, 100, expected)

static void
test_printable (void)
{
  PRINTABLE ("", "");
  PRINTABLE ("GET / HTTP/1.1\r\n\t", "GET / HTTP/1.1\\r\\n\\t");
  PRINTABLE ("a\\n", "a\\\\n");
  PRINTABLE ("\0\x1b[31m\x7f", "\\x00\\x1b[31m\\x7f");
  PRINTABLE ("señor, 5 €", "señor, 5 €");
  PRINTABLE ("\xc3", "\\xc3");                                              /* a character cut short */
  PRINTABLE ("\xc0\x80\xed\xa0\x80", "\\xc0\\x80\\xed\\xa0\\x80");          /* an overlong 0, a surrogate */
  PRINTABLE ("\xe2\x80\xae\xe2\x80\x8b", "\\xe2\\x80\\xae\\xe2\\x80\\x8b"); /* U+202E, U+200B */
  PRINTABLE ("\xe2\x80\xa8\xee\x80\x80", "\\xe2\\x80\\xa8\\xee\\x80\\x80"); /* U+2028, U+E000 */
  PRINTABLE ("\xc2\x9b", "\\xc2\\x9b");                                     /* U+009B, CSI to a terminal */
  PRINTABLE ("e\xcc\x81\xcc\x81\xcc\x81x", "e\xcc\x81\xcc\x81\\xcc\\x81x"); /* the third accent */
  PRINTABLE ("\xcc\x81x", "\\xcc\\x81x");                                   /* one with nothing to stand on */
  assert_printable ("abcdef", 6, 3, "abc…");
  assert_printable ("ñññ", 6, 3, "ññ…"); /* a character is not cut */
  assert_printable ("ab", 2, 2, "ab");
}

/* Explains, and checks what must hold for any bytes: rows inside the capture, text that can be shown. */
static void
assert_sound (guint32 link_type, const GByteArray *bytes, gsize captured, gsize length)
{
  g_autofree guint8 *copy = NULL;
  const guint8 *data = frame_copy (bytes, captured, &copy);
  g_autoptr (GPtrArray) fields = trama_explain_packet (link_type, data, captured, length, 1, 1);
  guint depth = 0;

  for (guint i = 0; i < fields->len; i++)
    {
      const TramaField *field = g_ptr_array_index (fields, i);

      g_assert_cmpuint (field->offset, <=, captured);
      g_assert_cmpuint (field->size_bytes, <=, captured - field->offset);
      g_assert_cmpuint (field->depth, <=, depth + 1);
      g_assert_true (field->value == NULL || g_utf8_validate (field->value, -1, NULL));
      g_assert_true (field->meaning == NULL || g_utf8_validate (field->meaning, -1, NULL));
      depth = field->depth;
    }
  g_assert_cmpuint (fields->len, >, 0);
}

static void
test_prefixes (void)
{
  for (gsize i = 0; i < n_frames; i++)
    {
      g_autoptr (GByteArray) bytes = frame_bytes (&frames[i]);

      for (gsize captured = 0; captured <= bytes->len; captured++)
        {
          assert_sound (frames[i].link_type, bytes, captured, bytes->len);
          if (captured > 0)
            assert_sound (frames[i].link_type, bytes, captured, captured);
        }
    }
}

static void
test_mutations (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (MUTATION_SEED);

  for (guint run = 0; run < N_MUTATIONS; run++)
    {
      const Frame *frame = &frames[g_rand_int_range (random, 0, (gint32) n_frames)];
      g_autoptr (GByteArray) bytes = frame_bytes (frame);
      gsize captured = bytes->len;

      for (gint32 n = g_rand_int_range (random, 1, 6); n > 0; n--)
        bytes->data[g_rand_int_range (random, 0, (gint32) bytes->len)] = (guint8) g_rand_int (random);
      if (g_rand_int_range (random, 0, 4) == 0)
        captured = (gsize) g_rand_int_range (random, 0, (gint32) bytes->len + 1);
      assert_sound (frame->link_type, bytes, captured, bytes->len);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/explain/whole", test_whole);
  g_test_add_func ("/explain/relative", test_relative);
  g_test_add_func ("/explain/links", test_links);
  g_test_add_func ("/explain/links-of-any-size", test_links_of_any_size);
  g_test_add_func ("/explain/ip", test_ip);
  g_test_add_func ("/explain/around", test_around);
  g_test_add_func ("/explain/tunnels", test_tunnels);
  g_test_add_func ("/explain/tcp", test_tcp);
  g_test_add_func ("/explain/rare-options", test_rare_options);
  g_test_add_func ("/explain/icmp", test_icmp);
  g_test_add_func ("/explain/no-recursion", test_no_recursion);
  g_test_add_func ("/explain/damage", test_damage);
  g_test_add_func ("/explain/not-captured", test_not_captured);
  g_test_add_func ("/explain/long-payload", test_long_payload);
  g_test_add_func ("/explain/printable", test_printable);
  g_test_add_func ("/explain/prefixes", test_prefixes);
  g_test_add_func ("/explain/mutations", test_mutations);
  return g_test_run ();
}
