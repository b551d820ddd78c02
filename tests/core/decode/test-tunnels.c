/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/decode.h"
#include "tests/core/decode/describe.h"
#include "tests/core/decode/frames.h"

#include <netinet/in.h>

/* What is in a tunnel counts as far as it can be read; else the tunnel is a packet like any other. */
static void
test_tunnels (void)
{
  g_autoptr (GByteArray) gre = frame_bytes (frame_named ("gre"));
  g_autoptr (GByteArray) mpls = frame_bytes (frame_named ("mpls"));

  assert_decodes (TRAMA_LINK_IPV4, gre, 55, gre->len,
                  "truncated ip4 protocol 47 192.0.2.1 > 192.0.2.2 headers 0+20+0 payload 20+59 end 79 "
                  "checksum absent");
  assert_decodes (TRAMA_LINK_IPV4, gre, 56, gre->len,
                  "truncated ip4 protocol 6 10.0.0.1 > 10.0.0.2 [] seq 0 ack 0 win 0 headers 36+20+0 payload "
                  "0+0 end 79 checksum absent");
  /* The first fragment of a tunnel's packet, a route to follow, a version that is not known, no IP within. */
  assert_changed (
      "gre", 6, "20",
      "ok ip4 first fragment protocol 47 192.0.2.1 > 192.0.2.2 headers 0+20+0 payload 20+59 end 79 "
      "checksum absent");
  assert_changed ("gre", 20, "70",
                  "ok ip4 protocol 47 192.0.2.1 > 192.0.2.2 headers 0+20+0 payload 20+59 end 79 "
                  "checksum absent");
  assert_changed ("gre", 21, "02",
                  "ok ip4 protocol 47 192.0.2.1 > 192.0.2.2 headers 0+20+0 payload 20+59 end 79 "
                  "checksum absent");
  assert_changed ("gre", 22, "0806",
                  "ok ip4 protocol 47 192.0.2.1 > 192.0.2.2 headers 0+20+0 payload 20+59 end 79 "
                  "checksum absent");
  assert_changed ("ip4_in_ip4", 20, "55",
                  "malformed ip4 protocol 4 192.0.2.1 > 192.0.2.2 headers 0+20+0 "
                  "payload 20+40 end 60 checksum absent");
  /* An inner packet that claims more than the outer one holds: cut, and said. */
  assert_changed (
      "ip4_in_ip4", 23, "29",
      "malformed ip4 protocol 6 10.0.0.1:40000 > 10.0.0.2:5000 [SYN] seq 1000 ack 0 win 65535 headers "
      "20+20+20 payload 60+0 end 60 checksum absent");

  assert_changed ("pppoe", 14, "21", "malformed type 8864 at 14");
  assert_changed ("pppoe", 15, "a7", "malformed type 8864 at 14");
  assert_changed ("pppoe", 18, "0001", "malformed type 8864 at 14");
  assert_changed ("pppoe", 20, "c021", "ok type 0000 at 22");
  assert_changed ("snap", 17, "01", "ok type 0028 at 14");
  assert_changed ("snap", 14, "4242", "ok type 0028 at 14");

  /* Below the labels neither IPv4 nor IPv6, or nothing at all. */
  assert_changed ("mpls", 22, "00", "ok type 0000 at 22");
  assert_decodes (TRAMA_LINK_ETHERNET, mpls, 22, 22, "ok type 0000 at 22");
  assert_decodes (TRAMA_LINK_ETHERNET, mpls, 22, mpls->len, "truncated type 0000 at 22");
}

/* IP in IP in IP: 15 deep is read, what is deeper is not. */
static void
test_depth (void)
{
  g_autoptr (GByteArray) bytes = frame_bytes (frame_named ("ip4_in_ip4"));
  g_autoptr (GByteArray) nest = g_byte_array_new ();

  for (guint depth = 0; depth < TRAMA_DECODE_HEADERS_MAX + 1; depth++)
    {
      g_autofree char *expected = NULL;

      g_byte_array_append (nest, bytes->data, 20);
      for (guint i = 0; i <= depth; i++)
        {
          guint size = nest->len - 20 * i;

          nest->data[20 * i + 2] = (guint8) (size >> 8);
          nest->data[20 * i + 3] = (guint8) size;
          nest->data[20 * i + 9] = i == depth ? IPPROTO_RAW : IPPROTO_IPIP;
        }
      if (depth + 1 < TRAMA_DECODE_HEADERS_MAX)
        expected = g_strdup_printf (
            "ok ip4 protocol 255 192.0.2.1 > 192.0.2.2 headers %u+20+0 payload %u+0 end %u "
            "checksum absent",
            20 * depth, 20 * depth + 20, nest->len);
      else
        expected = g_strdup_printf (
            "malformed ip4 protocol 4 192.0.2.1 > 192.0.2.2 headers 280+20+0 payload 300+%u "
            "end %u checksum absent",
            nest->len - 300, nest->len);
      assert_bytes (TRAMA_LINK_IPV4, nest, expected);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tunnels/contents", test_tunnels);
  g_test_add_func ("/tunnels/depth", test_depth);
  return g_test_run ();
}
