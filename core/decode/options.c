/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "core/decode/options.h"

#include <netinet/in.h>

#define TCP_MIN_BYTES 20
#define WINDOW_SHIFT_MAX 14

/* https://www.iana.org/assignments/tcp-parameters */
enum
{
  KIND_END = 0,
  KIND_NOP = 1,
  KIND_MSS = 2,
  KIND_WINDOW_SCALE = 3,
  KIND_SACK_PERMITTED = 4,
  KIND_SACK = 5,
  KIND_TIMESTAMPS = 8,
};

static void
read_timestamps (const guint8 *value, TramaTcpOptions *options)
{
  options->present |= TRAMA_OPTION_TIMESTAMPS;
  options->timestamp = trama_read_u32 (value);
  options->echo = trama_read_u32 (value + 4);
}

static void
read_sacks (const guint8 *value, gsize size, TramaTcpOptions *options)
{
  if (size % 8 != 0)
    return;
  options->n_sacks = 0;
  for (gsize at = 0; at < size && options->n_sacks < TRAMA_SACK_BLOCKS_MAX; at += 8)
    options->sacks[options->n_sacks++] = (TramaSackBlock){
      .begin = trama_read_u32 (value + at),
      .end = trama_read_u32 (value + at + 4),
    };
}

/* @size bytes of value; those of the wrong size say nothing. */
static void
read_option (guint8 kind, const guint8 *value, gsize size, TramaTcpOptions *options)
{
  switch (kind)
    {
    case KIND_MSS:
      if (size != 2)
        return;
      options->present |= TRAMA_OPTION_MSS;
      options->mss_bytes = trama_read_u16 (value);
      break;
    case KIND_WINDOW_SCALE:
      if (size != 1)
        return;
      options->present |= TRAMA_OPTION_WINDOW_SCALE;
      options->window_shift = MIN (value[0], WINDOW_SHIFT_MAX);
      break;
    case KIND_SACK_PERMITTED:
      if (size == 0)
        options->present |= TRAMA_OPTION_SACK_PERMITTED;
      break;
    case KIND_SACK:
      read_sacks (value, size, options);
      break;
    case KIND_TIMESTAMPS:
      if (size == 8)
        read_timestamps (value, options);
      break;
    default:
      break;
    }
}

static void
read_options (const guint8 *bytes, gsize size, TramaTcpOptions *options)
{
  gsize at = 0;

  while (at < size && bytes[at] != KIND_END)
    {
      guint8 kind = bytes[at];

      if (kind == KIND_NOP)
        {
          at++;
          continue;
        }
      if (size - at < 2 || bytes[at + 1] < 2 || bytes[at + 1] > size - at)
        return;
      read_option (kind, bytes + at + 2, bytes[at + 1] - 2u, options);
      at += bytes[at + 1];
    }
}

void
trama_decode_tcp_options (const guint8 *data,
                          gsize captured,
                          const TramaDecoded *decoded,
                          TramaTcpOptions *options)
{
  gsize begin = (gsize) decoded->link_bytes + decoded->network_bytes + TCP_MIN_BYTES;
  gsize end = (gsize) decoded->link_bytes + decoded->network_bytes + decoded->transport_bytes;

  *options = (TramaTcpOptions){ 0 };
  if (decoded->protocol != IPPROTO_TCP || decoded->transport_bytes <= TCP_MIN_BYTES || captured <= begin)
    return;
  read_options (data + begin, MIN (end, captured) - begin, options);
}
