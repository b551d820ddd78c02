/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/walk.h"

/*
 * Private to the room: one packet block of any of the three kinds taken apart, and
 * put together again as an enhanced one (draft-ietf-opsawg-pcapng, sections 4.3, 4.4
 * and appendix A).
 */

typedef struct
{
  gboolean swapped;
  guint32 interface; /* counted within its section */
  guint64 time;      /* in units of its interface */
  guint32 captured;
  guint32 length;
  guint16 drops;         /* of an obsolete block; else TRAMA_PCAPNG_DROPS_UNKNOWN */
  const guint8 *data;    /* captured of them; borrowed */
  const guint8 *options; /* borrowed */
  gsize options_bytes;
} TramaPacketBlock;

/* Whether blocks of @type are packets, and where in the block their bytes begin. */
gboolean trama_packet_block_is_one (guint32 type, guint32 *data_offset);

/*
 * @captured is what a simple block does not tell; the others tell it themselves.
 * FALSE when the block is too short for what it says.
 */
gboolean trama_packet_block_read (TramaPacketBlock *packet, const TramaWalkBlock *block, guint32 captured);

/* Whether it has that option, of that value when @value is not NULL. */
gboolean
trama_packet_block_has (const TramaPacketBlock *packet, guint16 code, const void *value, gsize size_bytes);

/* Whether options can be added: those it has are whole, and there is room for @size more bytes. */
gboolean trama_packet_block_has_room (const TramaPacketBlock *packet, gsize size);

/* What a packet block does not keep of itself, because what is added says it. */
typedef enum
{
  TRAMA_ANEW_NOTHING = 0,
  TRAMA_ANEW_OWN_OPTION = 1 << 0,
  TRAMA_ANEW_COMMENTS = 1 << 1,
} TramaAnew;

/*
 * Appends it as an enhanced packet block that keeps the first @kept bytes of the
 * packet, with @added behind its options; whole options without an end. What is said
 * @anew there is not taken from @packet.
 */
void trama_packet_block_write (GByteArray *out,
                               const TramaPacketBlock *packet,
                               guint32 kept,
                               const GByteArray *added,
                               TramaAnew anew);
