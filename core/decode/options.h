/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/decode.h"

/*
 * What the options of a TCP segment say of its conversation: RFC 9293, section 3.2
 * (maximum segment size), RFC 7323 (window scale, timestamps), RFC 2018 (selective
 * acknowledgments). An option of a wrong size, or not whole in the captured bytes,
 * is not reported, and ends the reading.
 */

#define TRAMA_SACK_BLOCKS_MAX 4

/* TramaTcpOptions.present */
enum
{
  TRAMA_OPTION_MSS = 1 << 0,
  TRAMA_OPTION_WINDOW_SCALE = 1 << 1,
  TRAMA_OPTION_SACK_PERMITTED = 1 << 2,
  TRAMA_OPTION_TIMESTAMPS = 1 << 3,
};

/* [begin, end) has come, in the sequence numbers of whoever receives the option. */
typedef struct
{
  guint32 begin;
  guint32 end;
} TramaSackBlock;

typedef struct
{
  guint8 present;      /* TRAMA_OPTION_* */
  guint8 window_shift; /* at most 14: RFC 7323, section 2.3 */
  guint8 n_sacks;
  guint16 mss_bytes;
  guint32 timestamp; /* TSval */
  guint32 echo;      /* TSecr */
  TramaSackBlock sacks[TRAMA_SACK_BLOCKS_MAX];
} TramaTcpOptions;

/* @decoded is of the @captured bytes at @data; zeroes of what is no TCP segment. */
void trama_decode_tcp_options (const guint8 *data,
                               gsize captured,
                               const TramaDecoded *decoded,
                               TramaTcpOptions *options);
