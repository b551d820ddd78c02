/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/flow/segment.h"

#include <string.h>

#define LINK_BYTES 14
#define IP_BYTES 20
#define TCP_BYTES 20

static guint8 *
put_u16 (guint8 *at, guint32 value)
{
  at[0] = (guint8) (value >> 8);
  at[1] = (guint8) value;
  return at + 2;
}

static guint8 *
put_u32 (guint8 *at, guint32 value)
{
  return put_u16 (put_u16 (at, value >> 16), value & 0xffff);
}

/* Each filled up to four bytes with NOP, as everybody does. */
static gsize
put_options (guint8 *options, const TestSegment *segment)
{
  static const guint8 scale[] = { 1, 3, 3 }, timestamps[] = { 1, 1, 8, 10 }, sack[] = { 1, 1, 5 },
                      permitted[] = { 1, 1, 4, 2 };
  guint8 *at = options;
  guint n_sacks = 0;

  if (segment->shift > 0)
    {
      memcpy (at, scale, sizeof scale);
      at[3] = (guint8) (segment->shift - 1);
      at += 4;
    }
  if (segment->time[0] != 0 || segment->time[1] != 0)
    {
      memcpy (at, timestamps, sizeof timestamps);
      at = put_u32 (put_u32 (at + sizeof timestamps, segment->time[0]), segment->time[1]);
    }
  if (segment->permits)
    {
      memcpy (at, permitted, sizeof permitted);
      at += sizeof permitted;
    }
  while (n_sacks < 2 && segment->sack[2 * n_sacks] != segment->sack[2 * n_sacks + 1])
    n_sacks++;
  if (n_sacks > 0)
    {
      memcpy (at, sack, sizeof sack);
      at[3] = (guint8) (2 + 8 * n_sacks);
      at += 4;
      for (guint i = 0; i < 2 * n_sacks; i++)
        at = put_u32 (at, segment->sack[i]);
    }
  return (gsize) (at - options);
}

guint
test_segment_add (Fixture *fixture, const TestSegment *segment)
{
  guint8 options[SEGMENT_OPTIONS_MAX];
  gsize options_bytes = put_options (options, segment);
  gsize size = LINK_BYTES + IP_BYTES + TCP_BYTES + options_bytes + segment->bytes;
  g_autofree guint8 *frame = g_malloc0 (size);
  guint8 *ip = frame + LINK_BYTES, *tcp = ip + IP_BYTES;

  put_u16 (frame + 12, 0x0800);
  ip[0] = 0x45;
  put_u16 (ip + 2, (guint32) (size - LINK_BYTES));
  put_u16 (ip + 4, segment->mark);
  ip[8] = 64;
  ip[9] = 6;
  put_u32 (ip + 12, 0x7f000001);
  put_u32 (ip + 16, 0x7f000001);
  put_u16 (tcp, segment->from == 0 ? SEGMENT_CLIENT : SEGMENT_SERVER);
  put_u16 (tcp + 2, segment->from == 0 ? SEGMENT_SERVER : SEGMENT_CLIENT);
  put_u32 (tcp + 4, segment->sequence);
  put_u32 (tcp + 8, segment->acknowledgment);
  tcp[12] = (guint8) ((TCP_BYTES + options_bytes) / 4 << 4);
  tcp[13] = segment->flags;
  put_u16 (tcp + 14, segment->window);
  put_u16 (tcp + 16, segment->fill);
  memcpy (tcp + TCP_BYTES, options, options_bytes);
  memset (tcp + TCP_BYTES + options_bytes, segment->fill, segment->bytes);
  return fixture_frame (fixture, segment->time_us, frame, size);
}
