/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <string.h>

/*
 * Private to the room: what every block of pcapng is made of, a frame and options,
 * in either byte order (draft-ietf-opsawg-pcapng, whose section numbers stand here).
 */

#define TRAMA_PCAPNG_SECTION 0x0a0d0d0au /* 4.1 */
#define TRAMA_PCAPNG_INTERFACE 1u        /* 4.2 */
#define TRAMA_PCAPNG_PACKET_OBSOLETE 2u  /* appendix A */
#define TRAMA_PCAPNG_PACKET_SIMPLE 3u    /* 4.4 */
#define TRAMA_PCAPNG_STATISTICS 5u       /* 4.6 */
#define TRAMA_PCAPNG_PACKET_ENHANCED 6u  /* 4.3 */

#define TRAMA_PCAPNG_BYTE_ORDER_MAGIC 0x1a2b3c4du

/* Type, length, and behind the body the length again. */
#define TRAMA_PCAPNG_BODY_OFFSET 8
#define TRAMA_PCAPNG_OVERHEAD_BYTES 12

/* Of an enhanced or obsolete packet block, in front of the packet; of a simple one. */
#define TRAMA_PCAPNG_PACKET_HEADER_BYTES 20
#define TRAMA_PCAPNG_SIMPLE_HEADER_BYTES 4

/* Of the obsolete packet block: how many were lost is not told. */
#define TRAMA_PCAPNG_DROPS_UNKNOWN 0xffff

/* 3.5 */
#define TRAMA_PCAPNG_OPTION_END 0
#define TRAMA_PCAPNG_OPTION_COMMENT 1
#define TRAMA_PCAPNG_OPTION_HEADER_BYTES 4

/*
 * Ours, of a packet, of the codes for local use: "TRAM" | flags u16 | how many comments, the last
 * ones, were made from calls and are not the user's, u16.
 */
#define TRAMA_PCAPNG_OPTION_OWN 0xd452
#define TRAMA_PCAPNG_OPTION_OWN_MAGIC "TRAM"
#define TRAMA_PCAPNG_OPTION_OWN_BYTES 8
#define TRAMA_PCAPNG_OWN_MARKED 1
#define TRAMA_PCAPNG_OPTIONS_MAX_BYTES (64u << 10)

static inline guint16
trama_pcapng_get_u16 (const guint8 *data, gboolean swapped)
{
  guint16 value;

  memcpy (&value, data, sizeof value);
  return swapped ? GUINT16_SWAP_LE_BE (value) : value;
}

static inline guint32
trama_pcapng_get_u32 (const guint8 *data, gboolean swapped)
{
  guint32 value;

  memcpy (&value, data, sizeof value);
  return swapped ? GUINT32_SWAP_LE_BE (value) : value;
}

static inline guint64
trama_pcapng_get_u64 (const guint8 *data, gboolean swapped)
{
  guint64 value;

  memcpy (&value, data, sizeof value);
  return swapped ? GUINT64_SWAP_LE_BE (value) : value;
}

/* How many bytes of 0 follow @size bytes. */
static inline gsize
trama_pcapng_padding (gsize size)
{
  return -size & 3;
}

/*
 * The size of the block at the start of @data: *@total, as it says and perhaps without
 * padding, which some writers do not count, against section 3.1; 0 when more bytes are
 * needed to know. A section header sets *@swapped, for itself and what follows;
 * anything else needs @in_section. Returns NULL, or what is wrong, static and in English.
 */
const char *trama_pcapng_measure_block (const guint8 *data,
                                        gsize size,
                                        gboolean in_section,
                                        gboolean *swapped,
                                        guint32 *type,
                                        guint32 *total);

/* The options in the last part of a block, one after the other. */
typedef struct
{
  const guint8 *data;
  gsize size;
  gboolean swapped;

  gsize at; /* of the next one, in data */
  guint code;
  guint length;
  const guint8 *value;
} TramaPcapngOptions;

/* FALSE at the end: the last one, the end of the data, or damage, which leaves @at before it. */
gboolean trama_pcapng_options_next (TramaPcapngOptions *options);

/* What the options of a packet say of the user's. */
typedef struct
{
  char *comment; /* the user's, a line each; NULL: none. The caller's to free */
  gboolean marked;
  guint n_made; /* comments behind the user's that were made from calls */
} TramaPcapngRemark;

TramaPcapngRemark trama_pcapng_read_remark (const guint8 *options, gsize size, gboolean swapped);

/* Whether there is nothing behind the options but what ends them. To be asked at the end. */
gboolean trama_pcapng_options_whole (const TramaPcapngOptions *options);

/* Writing. begin returns where the block starts, for end to fill in the lengths. */
gsize trama_pcapng_begin_block (GByteArray *out, guint32 type, gboolean swapped);
void trama_pcapng_end_block (GByteArray *out, gsize start, gboolean swapped);
void trama_pcapng_append_u16 (GByteArray *out, guint16 value, gboolean swapped);
void trama_pcapng_append_u32 (GByteArray *out, guint32 value, gboolean swapped);

/* @size bytes, and padding. */
void trama_pcapng_append_padded (GByteArray *out, const void *bytes, gsize size);

/* @value as it shall stand in the file: a number is in the section's byte order. */
void
trama_pcapng_append_option (GByteArray *out, guint16 code, const void *value, guint size, gboolean swapped);

/* TRAMA_PCAPNG_OPTION_OWN, where it says anything. */
void trama_pcapng_append_own_option (GByteArray *out, gboolean marked, guint n_made, gboolean swapped);
