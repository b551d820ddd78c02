/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/pcapng.h"

#include "core/trace/block.h"
#include "core/trace/pcapng_block.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define OPTION_SECTION_USER_APPLICATION 4
#define OPTION_INTERFACE_NAME 2
#define OPTION_INTERFACE_TIME_RESOLUTION 9
#define OPTION_INTERFACE_TIME_OFFSET 14
#define OPTION_PACKET_DROP_COUNT 4
#define OPTION_STATISTICS_RECEIVED 4
#define OPTION_STATISTICS_DROPPED 5 /* by the interface */
#define OPTION_STATISTICS_OS_DROPPED 7

#define NANOSECONDS_EXPONENT 9
#define NANOSECONDS_PER_SECOND 1000000000

typedef struct
{
  __int128 units_per_second;
  gint64 offset_s;
  guint64 received; /* as told so far */
  guint64 dropped;
  guint32 snap_bytes;
} Interface;

struct _TramaPcapngParser
{
  TramaEventFunc func;
  gpointer user_data;
  guint64 offset;
  GArray *interfaces;    /* of Interface, all sections */
  guint first_interface; /* of the section we are in */
  gboolean in_section;
  gboolean swapped;
  const char *damage; /* NULL: none so far */
};

/* Writing */

void
trama_pcapng_write_section (GByteArray *out, const char *program)
{
  struct
  {
    guint32 magic;
    guint16 major, minor;
    gint64 length;
  } body = { TRAMA_PCAPNG_BYTE_ORDER_MAGIC, 1, 0, -1 };
  gsize start = trama_pcapng_begin_block (out, TRAMA_PCAPNG_SECTION, FALSE);

  G_STATIC_ASSERT (sizeof body == 16);
  g_byte_array_append (out, (const guint8 *) &body, sizeof body);
  trama_pcapng_append_option (out, OPTION_SECTION_USER_APPLICATION, program, (guint) strlen (program), FALSE);
  trama_pcapng_append_option (out, TRAMA_PCAPNG_OPTION_END, NULL, 0, FALSE);
  trama_pcapng_end_block (out, start, FALSE);
}

static void
write_interface (GByteArray *out, const TramaInterface *interface)
{
  struct
  {
    guint16 link_type, reserved;
    guint32 snap_bytes;
  } body = { (guint16) interface->link_type, 0, interface->snap_bytes };
  guint8 resolution = NANOSECONDS_EXPONENT;
  gsize start = trama_pcapng_begin_block (out, TRAMA_PCAPNG_INTERFACE, FALSE);

  g_byte_array_append (out, (const guint8 *) &body, sizeof body);
  if (interface->name != NULL)
    trama_pcapng_append_option (out, OPTION_INTERFACE_NAME, interface->name, (guint) strlen (interface->name),
                                FALSE);
  trama_pcapng_append_option (out, OPTION_INTERFACE_TIME_RESOLUTION, &resolution, 1, FALSE);
  trama_pcapng_append_option (out, TRAMA_PCAPNG_OPTION_END, NULL, 0, FALSE);
  trama_pcapng_end_block (out, start, FALSE);
}

static void
write_remark (GByteArray *out, const char *comment, gboolean marked)
{
  if (comment == NULL && !marked)
    return;
  if (comment != NULL)
    trama_pcapng_append_option (out, TRAMA_PCAPNG_OPTION_COMMENT, comment, (guint) strlen (comment), FALSE);
  trama_pcapng_append_own_option (out, marked, 0, FALSE);
  trama_pcapng_append_option (out, TRAMA_PCAPNG_OPTION_END, NULL, 0, FALSE);
}

static void
write_packet (GByteArray *out, const TramaPacket *packet, const guint8 *data, const char *comment)
{
  guint64 time = (guint64) packet->time_ns;
  guint32 body[5] = { packet->interface, (guint32) (time >> 32), (guint32) time, packet->captured_bytes,
                      packet->length_bytes };
  gsize start = trama_pcapng_begin_block (out, TRAMA_PCAPNG_PACKET_ENHANCED, FALSE);

  g_byte_array_append (out, (const guint8 *) body, sizeof body);
  trama_pcapng_append_padded (out, data, packet->captured_bytes);
  write_remark (out, comment, packet->flags & TRAMA_PACKET_MARKED);
  trama_pcapng_end_block (out, start, FALSE);
}

static void
write_statistics (GByteArray *out, const TramaStatistics *statistics)
{
  guint64 time = statistics->time_ns != TRAMA_TIME_NONE ? (guint64) statistics->time_ns : 0;
  guint32 body[3] = { statistics->interface, (guint32) (time >> 32), (guint32) time };
  gsize start = trama_pcapng_begin_block (out, TRAMA_PCAPNG_STATISTICS, FALSE);

  g_byte_array_append (out, (const guint8 *) body, sizeof body);
  trama_pcapng_append_option (out, OPTION_STATISTICS_RECEIVED, &statistics->received,
                              sizeof statistics->received, FALSE);
  trama_pcapng_append_option (out, OPTION_STATISTICS_DROPPED, &statistics->dropped,
                              sizeof statistics->dropped, FALSE);
  trama_pcapng_append_option (out, TRAMA_PCAPNG_OPTION_END, NULL, 0, FALSE);
  trama_pcapng_end_block (out, start, FALSE);
}

void
trama_pcapng_write_event (GByteArray *out, const TramaEvent *event)
{
  gsize start;

  if (event->kind == TRAMA_EVENT_INTERFACE)
    write_interface (out, &event->interface);
  else if (event->kind == TRAMA_EVENT_PACKET)
    write_packet (out, &event->packet, event->data, event->comment);
  else if (event->kind == TRAMA_EVENT_STATISTICS)
    write_statistics (out, &event->statistics);
  else
    {
      start = trama_pcapng_begin_block (out, TRAMA_BLOCK_TYPE, FALSE);
      trama_block_encode (out, event);
      trama_pcapng_end_block (out, start, FALSE);
    }
}

/* Reading */

/* The type of a section header reads the same in either byte order. */
gboolean
trama_pcapng_knows (const guint8 *magic)
{
  guint32 type;

  memcpy (&type, magic, sizeof type);
  return type == TRAMA_PCAPNG_SECTION;
}

TramaPcapngParser *
trama_pcapng_parser_new (TramaEventFunc func, gpointer user_data)
{
  TramaPcapngParser *parser = g_new0 (TramaPcapngParser, 1);

  parser->func = func;
  parser->user_data = user_data;
  parser->interfaces = g_array_new (FALSE, TRUE, sizeof (Interface));
  return parser;
}

void
trama_pcapng_parser_free (TramaPcapngParser *parser)
{
  if (parser == NULL)
    return;
  g_array_unref (parser->interfaces);
  g_free (parser);
}

guint64
trama_pcapng_parser_get_offset (const TramaPcapngParser *parser)
{
  return parser->offset;
}

const char *
trama_pcapng_parser_get_damage (const TramaPcapngParser *parser)
{
  return parser->damage;
}

static guint16
get_u16 (const TramaPcapngParser *parser, const guint8 *data)
{
  return trama_pcapng_get_u16 (data, parser->swapped);
}

static guint32
get_u32 (const TramaPcapngParser *parser, const guint8 *data)
{
  return trama_pcapng_get_u32 (data, parser->swapped);
}

static guint64
get_u64 (const TramaPcapngParser *parser, const guint8 *data)
{
  return trama_pcapng_get_u64 (data, parser->swapped);
}

/* Two words, the upper one first in either byte order. */
static guint64
get_time (const TramaPcapngParser *parser, const guint8 *data)
{
  return (guint64) get_u32 (parser, data) << 32 | get_u32 (parser, data + 4);
}

static guint64
add_saturated (guint64 a, guint64 b)
{
  return a > G_MAXUINT64 - b ? G_MAXUINT64 : a + b;
}

/* An option of @code in @data, with its size; NULL when there is none. Section 3.5. */
static const guint8 *
find_option (const TramaPcapngParser *parser, const guint8 *data, gsize size, guint code, guint *option_size)
{
  TramaPcapngOptions options = { data, size, parser->swapped };

  while (trama_pcapng_options_next (&options))
    if (options.code == code)
      {
        *option_size = options.length;
        return options.value;
      }
  return NULL;
}

/*
 * if_tsresol, section 4.2: a power of ten, or of two when the highest bit is set. Of
 * anything finer than 10^-28, 64 bits do not hold one nanosecond.
 */
static __int128
resolution_to_units (guint8 resolution)
{
  __int128 units = 1;

  if (resolution & 0x80)
    return units << MIN (resolution & 0x7f, 126);
  for (guint exponent = MIN (resolution, 38); exponent > 0; exponent--)
    units *= 10;
  return units;
}

static const char *
read_interface (TramaPcapngParser *parser, const guint8 *body, gsize size)
{
  Interface interface = { .units_per_second = 1000000 };
  TramaEvent event = { .kind = TRAMA_EVENT_INTERFACE };
  g_autofree char *name = NULL;
  const guint8 *option;
  guint length;

  if (size < 8)
    return "an interface block is too short";
  if (parser->interfaces->len >= TRAMA_PCAPNG_INTERFACES_MAX)
    return "there are too many interfaces";
  interface.snap_bytes = get_u32 (parser, body + 4);
  option = find_option (parser, body + 8, size - 8, OPTION_INTERFACE_TIME_RESOLUTION, &length);
  if (option != NULL && length >= 1)
    interface.units_per_second = resolution_to_units (option[0]);
  option = find_option (parser, body + 8, size - 8, OPTION_INTERFACE_TIME_OFFSET, &length);
  if (option != NULL && length == 8)
    interface.offset_s = (gint64) get_u64 (parser, option);
  option = find_option (parser, body + 8, size - 8, OPTION_INTERFACE_NAME, &length);
  if (option != NULL) /* a zero ends it, section 3.5 */
    name = g_utf8_make_valid ((const char *) option, (gssize) strnlen ((const char *) option, length));
  g_array_append_val (parser->interfaces, interface);
  event.interface.link_type = get_u16 (parser, body);
  event.interface.snap_bytes = interface.snap_bytes;
  event.interface.name = name;
  parser->func (&event, parser->user_data);
  return NULL;
}

/* 128 bits, so that no resolution loses a nanosecond or overflows. */
static gint64
time_to_ns (const Interface *interface, guint64 time)
{
  __int128 ns = (__int128) interface->offset_s * NANOSECONDS_PER_SECOND;

  if (interface->units_per_second == NANOSECONDS_PER_SECOND) /* no need for a slow division */
    ns += time;
  else
    ns += (__int128) time * NANOSECONDS_PER_SECOND / interface->units_per_second;
  return (gint64) CLAMP (ns, (__int128) TRAMA_TIME_MIN_NS, (__int128) TRAMA_TIME_MAX_NS);
}

/* What a packet block says, of whichever of the three kinds. */
typedef struct
{
  guint32 interface; /* counted within its section */
  gint64 time_ns;
  guint64 lost; /* since the packet before it */
  guint32 captured;
  guint32 length;
  const guint8 *data;
  const guint8 *options; /* NULL: there is no room for any */
  gsize options_bytes;
  gsize room; /* from data to the end of its block */
  guint64 offset;
} PacketBlock;

static Interface *
interface_at (const TramaPcapngParser *parser, guint32 local_number)
{
  return &g_array_index (parser->interfaces, Interface, parser->first_interface + local_number);
}

/* NULL when it was not described. */
static Interface *
find_interface (const TramaPcapngParser *parser, guint32 local_number)
{
  if (local_number >= parser->interfaces->len - parser->first_interface)
    return NULL;
  return interface_at (parser, local_number);
}

/* Counts that are told as differences become one that grows, as in a statistics block. */
static void
report_statistics (TramaPcapngParser *parser, guint32 local_number, gint64 time_ns, guint64 dropped)
{
  Interface *interface = interface_at (parser, local_number);
  TramaEvent event = { .kind = TRAMA_EVENT_STATISTICS };

  interface->dropped = MAX (interface->dropped, dropped);
  event.statistics.time_ns = time_ns;
  event.statistics.interface = parser->first_interface + local_number;
  event.statistics.received = interface->received;
  event.statistics.dropped = interface->dropped;
  parser->func (&event, parser->user_data);
}

/* A captured length above the snap length is odd, but harmless. */
static const char *
emit_packet (TramaPcapngParser *parser, const PacketBlock *block)
{
  TramaEvent event = { .kind = TRAMA_EVENT_PACKET };
  TramaPcapngRemark remark;

  if (block->captured > TRAMA_PCAPNG_PACKET_MAX_BYTES)
    return "a packet is larger than 256 KiB";
  if (block->captured > block->room)
    return "a packet goes past the end of its block";
  remark = trama_pcapng_read_remark (block->options, block->options_bytes, parser->swapped);
  if (block->lost > 0)
    report_statistics (parser, block->interface, block->time_ns,
                       add_saturated (interface_at (parser, block->interface)->dropped, block->lost));
  event.packet = (TramaPacket){
    .time_ns = block->time_ns,
    .offset = block->offset,
    .captured_bytes = block->captured,
    .length_bytes = block->length,
    .interface = parser->first_interface + block->interface,
    .flags = remark.marked ? TRAMA_PACKET_MARKED : 0,
  };
  event.data = block->data;
  event.comment = remark.comment;
  parser->func (&event, parser->user_data);
  g_free (remark.comment);
  return NULL;
}

static guint64
find_u64 (const TramaPcapngParser *parser, const guint8 *data, gsize size, guint code)
{
  guint length;
  const guint8 *option = find_option (parser, data, size, code, &length);

  return option != NULL && length == 8 ? get_u64 (parser, option) : 0;
}

/* Behind the bytes of the packet. */
static void
find_options (PacketBlock *block)
{
  gsize data_bytes = (gsize) block->captured + trama_pcapng_padding (block->captured);

  if (data_bytes >= block->room)
    return;
  block->options = block->data + data_bytes;
  block->options_bytes = block->room - data_bytes;
}

static const char *
read_full_packet (TramaPcapngParser *parser, guint32 type, const guint8 *body, gsize size, guint64 offset)
{
  PacketBlock block = { .data = body + 20, .offset = offset + 20 };
  const Interface *interface;

  if (size < 20)
    return "a packet block is too short";
  block.room = size - 20;
  block.interface = type == TRAMA_PCAPNG_PACKET_ENHANCED ? get_u32 (parser, body) : get_u16 (parser, body);
  block.captured = get_u32 (parser, body + 12);
  block.length = get_u32 (parser, body + 16);
  interface = find_interface (parser, block.interface);
  if (interface == NULL)
    return "a packet names an interface that was not described";
  block.time_ns = time_to_ns (interface, get_time (parser, body + 4));
  find_options (&block);
  if (type == TRAMA_PCAPNG_PACKET_ENHANCED)
    block.lost = find_u64 (parser, block.options, block.options_bytes, OPTION_PACKET_DROP_COUNT);
  else if (get_u16 (parser, body + 2) != TRAMA_PCAPNG_DROPS_UNKNOWN)
    block.lost = get_u16 (parser, body + 2);
  return emit_packet (parser, &block);
}

/* Section 4.4: no time, no interface, the captured length is what the snap length and the block leave. */
static const char *
read_simple_packet (TramaPcapngParser *parser, const guint8 *body, gsize size, guint64 offset)
{
  PacketBlock block = { .data = body + 4, .offset = offset + 4 };
  const Interface *interface = find_interface (parser, 0);

  if (size < 4)
    return "a packet block is too short";
  if (interface == NULL)
    return "a packet names an interface that was not described";
  block.room = size - 4;
  block.length = get_u32 (parser, body);
  block.captured = interface->snap_bytes != 0 ? MIN (block.length, interface->snap_bytes) : block.length;
  return emit_packet (parser, &block);
}

/* Section 4.6. One that cannot be made use of takes nothing away from the packets. */
static void
read_statistics (TramaPcapngParser *parser, const guint8 *body, gsize size)
{
  Interface *interface = size >= 12 ? find_interface (parser, get_u32 (parser, body)) : NULL;
  const guint8 *options = body + 12;

  if (interface == NULL)
    return;
  interface->received = find_u64 (parser, options, size - 12, OPTION_STATISTICS_RECEIVED);
  report_statistics (parser, get_u32 (parser, body), time_to_ns (interface, get_time (parser, body + 4)),
                     add_saturated (find_u64 (parser, options, size - 12, OPTION_STATISTICS_DROPPED),
                                    find_u64 (parser, options, size - 12, OPTION_STATISTICS_OS_DROPPED)));
}

static const char *
read_own (TramaPcapngParser *parser, const guint8 *body, gsize size)
{
  TramaEvent event;
  const char *reason = NULL;

  /* The type is of the range that anyone may use; what has not our magic is somebody else's. */
  if (size < 4 || memcmp (body, TRAMA_BLOCK_MAGIC, 4) != 0)
    return NULL;
  if (!trama_block_decode (body, size, parser->swapped, &event, &reason))
    return reason;
  if (event.kind != 0)
    parser->func (&event, parser->user_data);
  return NULL;
}

static const char *
read_section (TramaPcapngParser *parser, const guint8 *body, gsize size)
{
  if (size < 16)
    return "a section header is too short";
  if (get_u16 (parser, body + 4) != 1)
    return "the section is of a version that is not known";
  parser->first_interface = parser->interfaces->len;
  parser->in_section = TRUE;
  return NULL;
}

static const char *
read_block (TramaPcapngParser *parser, guint32 type, const guint8 *body, gsize size, guint64 offset)
{
  switch (type)
    {
    case TRAMA_PCAPNG_SECTION:
      return read_section (parser, body, size);
    case TRAMA_PCAPNG_INTERFACE:
      return read_interface (parser, body, size);
    case TRAMA_PCAPNG_PACKET_ENHANCED:
    case TRAMA_PCAPNG_PACKET_OBSOLETE:
      return read_full_packet (parser, type, body, size, offset);
    case TRAMA_PCAPNG_PACKET_SIMPLE:
      return read_simple_packet (parser, body, size, offset);
    case TRAMA_PCAPNG_STATISTICS:
      read_statistics (parser, body, size);
      return NULL;
    case TRAMA_BLOCK_TYPE:
      return read_own (parser, body, size);
    default:
      return NULL;
    }
}

gssize
trama_pcapng_parser_feed (TramaPcapngParser *parser, const guint8 *data, gsize size, GError **error)
{
  g_autofree char *place = NULL;
  const char *reason = NULL;
  gsize at = 0;

  g_return_val_if_fail (parser->damage == NULL, -1);

  while (reason == NULL)
    {
      guint32 type, total, padded;

      reason = trama_pcapng_measure_block (data + at, size - at, parser->in_section, &parser->swapped, &type,
                                           &total);
      padded = total + (guint32) trama_pcapng_padding (total);
      if (reason != NULL || total == 0 || padded > size - at)
        break;
      if (get_u32 (parser, data + at + padded - 4) != total)
        reason = "the two lengths of a block differ";
      else
        reason = read_block (parser, type, data + at + 8, padded - TRAMA_PCAPNG_OVERHEAD_BYTES,
                             parser->offset + 8);
      if (reason == NULL)
        {
          at += padded;
          parser->offset += padded;
        }
    }
  if (reason == NULL)
    return (gssize) at;
  parser->damage = reason;
  place = g_strdup_printf ("%" G_GUINT64_FORMAT, parser->offset);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("damaged at byte %s: %s"), place, reason);
  return -1;
}
