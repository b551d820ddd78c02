/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/capture.h"

#include <stdio.h>
#include <string.h>

#define BEGIN_S 1700000000

static void
put_u32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (at, &value, sizeof value);
}

static void
put_u16 (guint8 *at, guint16 value)
{
  value = GUINT16_TO_BE (value);
  memcpy (at, &value, sizeof value);
}

static FILE *
begin (const char *path)
{
  /* pcap, microseconds, big endian, version 2.4, snap length 65535, link type 101: IP without a link header */
  static const guint8 head[CAPTURE_HEAD_BYTES] = { 0xa1, 0xb2, 0xc3,        0xd4, 0,         2,
                                                   0,    4,    [18] = 0xff, 0xff, [23] = 101 };
  FILE *file = fopen (path, "wb");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (head, 1, sizeof head, file), ==, sizeof head);
  return file;
}

void
capture_write (const char *path, guint n_packets, guint n_flows)
{
  guint8 packet[CAPTURE_PACKET_BYTES] = {
    [11] = 50,   [15] = 50,                              /* captured, on the wire */
    [16] = 0x45, [19] = 50,   [24] = 64, 6,              /* IPv4, 50 bytes, TTL 64, TCP */
    [28] = 10,   [31] = 1,    10,        [35] = 2,       /* 10.0.0.1 to 10.0.0.2 */
    [39] = 80,   [48] = 0x50, 0x18,      0xff,     0xff, /* port 80, header of 20 bytes, PSH ACK, window */
    [56] = '0',  '1',         '2',       '3',      '4',  '5', '6', '7', '8', '9',
  };
  FILE *file = begin (path);

  for (guint i = 0; i < n_packets; i++)
    {
      put_u32 (packet, BEGIN_S + i / 1000000);
      put_u32 (packet + 4, i % 1000000);
      put_u16 (packet + 36, (guint16) (10000 + i % n_flows));
      put_u32 (packet + 40, i / n_flows * CAPTURE_PAYLOAD_BYTES);
      g_assert_cmpuint (fwrite (packet, 1, sizeof packet, file), ==, sizeof packet);
    }
  g_assert_cmpint (fclose (file), ==, 0);
}

/* Of one address; the next has as many. */
#define PORTS 50000

void
capture_write_refused (const char *path, guint n_flows)
{
  guint8 ask[56] = {
    [11] = 40,   [15] = 40,                        /* captured, on the wire */
    [16] = 0x45, [19] = 40, [24] = 64,   6,        /* IPv4, 40 bytes, TTL 64, TCP */
    [28] = 10,   [31] = 1,  10,          [35] = 2, /* 10.0.0.1 to 10.0.0.2 */
    [39] = 80,   [43] = 99, [48] = 0x50, 0x02,
    0xff, /* port 80, ISN 99, header of 20 bytes, SYN, window */
  };
  guint8 refuse[56] = {
    [11] = 40,   [15] = 40,                                    /* the other way, */
    [16] = 0x45, [19] = 40,   [24] = 64, 6,         [28] = 10, /* RST ACK of 100 */
    [31] = 2,    10,          [35] = 1,  [37] = 80,            /* from port 80 */
    [47] = 100,  [48] = 0x50, 0x14,
  };
  FILE *file = begin (path);

  for (guint i = 0; i < n_flows; i++)
    {
      put_u32 (ask, BEGIN_S + i / 1000);
      put_u32 (ask + 4, i % 1000 * 1000);
      put_u16 (ask + 36, (guint16) (10000 + i % PORTS));
      put_u32 (refuse, BEGIN_S + i / 1000);
      put_u32 (refuse + 4, i % 1000 * 1000 + 10);
      put_u16 (refuse + 38, (guint16) (10000 + i % PORTS));
      ask[30] = refuse[34] = (guint8) (i / PORTS);
      g_assert_cmpuint (fwrite (ask, 1, sizeof ask, file), ==, sizeof ask);
      g_assert_cmpuint (fwrite (refuse, 1, sizeof refuse, file), ==, sizeof refuse);
    }
  g_assert_cmpint (fclose (file), ==, 0);
}
