/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/packet_block.h"

#include "core/trace/pcapng_block.h"

#define OPTION_DROP_COUNT 4

gboolean
trama_packet_block_is_one (guint32 type, guint32 *data_offset)
{
  switch (type)
    {
    case TRAMA_PCAPNG_PACKET_ENHANCED:
    case TRAMA_PCAPNG_PACKET_OBSOLETE:
      *data_offset = TRAMA_PCAPNG_BODY_OFFSET + TRAMA_PCAPNG_PACKET_HEADER_BYTES;
      return TRUE;
    case TRAMA_PCAPNG_PACKET_SIMPLE:
      *data_offset = TRAMA_PCAPNG_BODY_OFFSET + TRAMA_PCAPNG_SIMPLE_HEADER_BYTES;
      return TRUE;
    default:
      return FALSE;
    }
}

static void
read_header (TramaPacketBlock *packet, guint32 type, const guint8 *body)
{
  if (type == TRAMA_PCAPNG_PACKET_SIMPLE)
    {
      packet->length = trama_pcapng_get_u32 (body, packet->swapped);
      return;
    }
  if (type == TRAMA_PCAPNG_PACKET_OBSOLETE)
    {
      packet->interface = trama_pcapng_get_u16 (body, packet->swapped);
      packet->drops = trama_pcapng_get_u16 (body + 2, packet->swapped);
    }
  else
    packet->interface = trama_pcapng_get_u32 (body, packet->swapped);
  packet->time = (guint64) trama_pcapng_get_u32 (body + 4, packet->swapped) << 32
                 | trama_pcapng_get_u32 (body + 8, packet->swapped);
  packet->captured = trama_pcapng_get_u32 (body + 12, packet->swapped);
  packet->length = trama_pcapng_get_u32 (body + 16, packet->swapped);
}

gboolean
trama_packet_block_read (TramaPacketBlock *packet, const TramaWalkBlock *block, guint32 captured)
{
  guint32 data_offset;
  gsize room, data_bytes;

  *packet = (TramaPacketBlock){
    .swapped = block->swapped,
    .captured = captured,
    .drops = TRAMA_PCAPNG_DROPS_UNKNOWN,
  };
  if (!trama_packet_block_is_one (block->type, &data_offset) || block->size < data_offset + 4)
    return FALSE;
  room = block->size - data_offset - 4;
  read_header (packet, block->type, block->bytes + TRAMA_PCAPNG_BODY_OFFSET);
  if (packet->captured > room)
    return FALSE;
  data_bytes = packet->captured + trama_pcapng_padding (packet->captured);
  packet->data = block->bytes + data_offset;
  if (block->type == TRAMA_PCAPNG_PACKET_SIMPLE || data_bytes >= room)
    return TRUE;
  packet->options = packet->data + data_bytes;
  packet->options_bytes = room - data_bytes;
  return TRUE;
}

static TramaPcapngOptions
begin_options (const TramaPacketBlock *packet)
{
  return (TramaPcapngOptions){ packet->options, packet->options_bytes, packet->swapped };
}

/* How many bytes the options take without their end; FALSE when they are damaged. */
static gboolean
measure_options (const TramaPacketBlock *packet, gsize *size)
{
  TramaPcapngOptions options = begin_options (packet);

  while (trama_pcapng_options_next (&options))
    ;
  *size = options.at;
  return trama_pcapng_options_whole (&options);
}

gboolean
trama_packet_block_has (const TramaPacketBlock *packet, guint16 code, const void *value, gsize size_bytes)
{
  TramaPcapngOptions options = begin_options (packet);

  while (trama_pcapng_options_next (&options))
    if (options.code == code
        && (value == NULL
            || (options.length == size_bytes && memcmp (options.value, value, size_bytes) == 0)))
      return TRUE;
  return FALSE;
}

gboolean
trama_packet_block_has_room (const TramaPacketBlock *packet, gsize size)
{
  gsize options_bytes;

  return measure_options (packet, &options_bytes)
         && options_bytes + size + TRAMA_PCAPNG_OPTION_HEADER_BYTES <= TRAMA_PCAPNG_OPTIONS_MAX_BYTES;
}

/* What an obsolete block has in its header is an option of an enhanced one. */
static void
append_drops (GByteArray *out, const TramaPacketBlock *packet)
{
  guint64 drops = packet->drops;
  guint64 stored = packet->swapped ? GUINT64_SWAP_LE_BE (drops) : drops;

  if (packet->drops != TRAMA_PCAPNG_DROPS_UNKNOWN)
    trama_pcapng_append_option (out, OPTION_DROP_COUNT, &stored, sizeof stored, packet->swapped);
}

/* As they are; without what is said @anew. */
static void
copy_options (GByteArray *out, const TramaPacketBlock *packet, gsize options_bytes, TramaAnew anew)
{
  TramaPcapngOptions options = begin_options (packet);
  gsize from = 0;

  if (anew == TRAMA_ANEW_NOTHING)
    {
      g_byte_array_append (out, packet->options, (guint) options_bytes);
      return;
    }
  for (; trama_pcapng_options_next (&options); from = options.at)
    if (!(anew & TRAMA_ANEW_COMMENTS && options.code == TRAMA_PCAPNG_OPTION_COMMENT)
        && !(anew & TRAMA_ANEW_OWN_OPTION && options.code == TRAMA_PCAPNG_OPTION_OWN))
      g_byte_array_append (out, packet->options + from, (guint) (options.at - from));
}

/* Damaged options are kept as they are, with nothing behind them. */
static void
append_options (GByteArray *out, const TramaPacketBlock *packet, const GByteArray *added, TramaAnew anew)
{
  guint before = out->len;
  gsize options_bytes;

  if (!measure_options (packet, &options_bytes))
    {
      g_byte_array_append (out, packet->options, (guint) packet->options_bytes);
      return;
    }
  if (options_bytes > 0)
    copy_options (out, packet, options_bytes, anew);
  append_drops (out, packet);
  if (added->len > 0)
    g_byte_array_append (out, added->data, added->len);
  if (out->len > before)
    trama_pcapng_append_option (out, TRAMA_PCAPNG_OPTION_END, NULL, 0, packet->swapped);
}

void
trama_packet_block_write (GByteArray *out,
                          const TramaPacketBlock *packet,
                          guint32 kept,
                          const GByteArray *added,
                          TramaAnew anew)
{
  gsize start = trama_pcapng_begin_block (out, TRAMA_PCAPNG_PACKET_ENHANCED, packet->swapped);

  trama_pcapng_append_u32 (out, packet->interface, packet->swapped);
  trama_pcapng_append_u32 (out, (guint32) (packet->time >> 32), packet->swapped);
  trama_pcapng_append_u32 (out, (guint32) packet->time, packet->swapped);
  trama_pcapng_append_u32 (out, kept, packet->swapped);
  trama_pcapng_append_u32 (out, packet->length, packet->swapped);
  trama_pcapng_append_padded (out, packet->data, kept);
  append_options (out, packet, added, anew);
  trama_pcapng_end_block (out, start, packet->swapped);
}
