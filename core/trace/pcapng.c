/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/pcapng.h"

#include "core/trace/block.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* Section numbers are those of draft-ietf-opsawg-pcapng. */
#define BLOCK_SECTION 0x0a0d0d0au /* 4.1 */
#define BLOCK_INTERFACE 1u        /* 4.2 */
#define BLOCK_PACKET_OBSOLETE 2u  /* appendix A */
#define BLOCK_PACKET_SIMPLE 3u    /* 4.4 */
#define BLOCK_PACKET_ENHANCED 6u  /* 4.3 */
#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define BYTE_ORDER_MAGIC_SWAPPED 0x4d3c2b1au

#define OPTION_END 0
#define OPTION_SECTION_USER_APPLICATION 4
#define OPTION_INTERFACE_NAME 2
#define OPTION_INTERFACE_TIME_RESOLUTION 9
#define OPTION_INTERFACE_TIME_OFFSET 14

#define BLOCK_OVERHEAD_BYTES 12
#define NANOSECONDS_EXPONENT 9

typedef struct
{
  guint64 units_per_second;
  gint64 offset_s;
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
  gboolean damaged;
};

/* Writing */

static gsize
begin_block (GByteArray *out, guint32 type)
{
  gsize start = out->len;
  guint32 head[2] = { type, 0 };

  g_byte_array_append (out, (const guint8 *) head, sizeof head);
  return start;
}

static void
end_block (GByteArray *out, gsize start)
{
  static const guint8 padding[4] = { 0 };
  guint32 total;

  g_byte_array_append (out, padding, -(out->len - (guint) start) & 3);
  total = out->len - (guint) start + 4;
  memcpy (out->data + start + 4, &total, sizeof total);
  g_byte_array_append (out, (const guint8 *) &total, sizeof total);
}

static void
append_option (GByteArray *out, guint16 code, const void *value, guint size)
{
  static const guint8 padding[4] = { 0 };
  guint16 head[2] = { code, (guint16) size };

  g_byte_array_append (out, (const guint8 *) head, sizeof head);
  g_byte_array_append (out, value, size);
  g_byte_array_append (out, padding, -size & 3);
}

void
trama_pcapng_write_section (GByteArray *out, const char *program)
{
  struct
  {
    guint32 magic;
    guint16 major, minor;
    gint64 length;
  } body = { BYTE_ORDER_MAGIC, 1, 0, -1 };
  gsize start = begin_block (out, BLOCK_SECTION);

  G_STATIC_ASSERT (sizeof body == 16);
  g_byte_array_append (out, (const guint8 *) &body, sizeof body);
  append_option (out, OPTION_SECTION_USER_APPLICATION, program, (guint) strlen (program));
  append_option (out, OPTION_END, NULL, 0);
  end_block (out, start);
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
  gsize start = begin_block (out, BLOCK_INTERFACE);

  g_byte_array_append (out, (const guint8 *) &body, sizeof body);
  if (interface->name != NULL)
    append_option (out, OPTION_INTERFACE_NAME, interface->name, (guint) strlen (interface->name));
  append_option (out, OPTION_INTERFACE_TIME_RESOLUTION, &resolution, 1);
  append_option (out, OPTION_END, NULL, 0);
  end_block (out, start);
}

static void
write_packet (GByteArray *out, const TramaPacket *packet, const guint8 *data)
{
  guint64 time = (guint64) packet->time_ns;
  guint32 body[5] = { packet->interface, (guint32) (time >> 32), (guint32) time, packet->captured_bytes,
                      packet->length_bytes };
  gsize start = begin_block (out, BLOCK_PACKET_ENHANCED);

  g_byte_array_append (out, (const guint8 *) body, sizeof body);
  g_byte_array_append (out, data, packet->captured_bytes);
  end_block (out, start);
}

void
trama_pcapng_write_event (GByteArray *out, const TramaEvent *event)
{
  gsize start;

  if (event->kind == TRAMA_EVENT_INTERFACE)
    write_interface (out, &event->interface);
  else if (event->kind == TRAMA_EVENT_PACKET)
    write_packet (out, &event->packet, event->data);
  else
    {
      start = begin_block (out, TRAMA_BLOCK_TYPE);
      trama_block_encode (out, event);
      end_block (out, start);
    }
}

/* Reading */

/* The type of a section header reads the same in either byte order. */
gboolean
trama_pcapng_knows (const guint8 *magic)
{
  guint32 type;

  memcpy (&type, magic, sizeof type);
  return type == BLOCK_SECTION;
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

static guint16
get_u16 (const TramaPcapngParser *parser, const guint8 *data)
{
  guint16 value;

  memcpy (&value, data, sizeof value);
  return parser->swapped ? GUINT16_SWAP_LE_BE (value) : value;
}

static guint32
get_u32 (const TramaPcapngParser *parser, const guint8 *data)
{
  guint32 value;

  memcpy (&value, data, sizeof value);
  return parser->swapped ? GUINT32_SWAP_LE_BE (value) : value;
}

/* An option of @code in @data, with its size; NULL when there is none. Section 3.5. */
static const guint8 *
find_option (const TramaPcapngParser *parser, const guint8 *data, gsize size, guint code, guint *option_size)
{
  gsize at = 0;

  while (at + 4 <= size)
    {
      guint found = get_u16 (parser, data + at);
      guint length = get_u16 (parser, data + at + 2);

      at += 4;
      if (found == OPTION_END || length > size - at)
        return NULL;
      if (found == code)
        {
          *option_size = length;
          return data + at;
        }
      at = MIN (at + length + (-length & 3), size);
    }
  return NULL;
}

/* if_tsresol, section 4.2: a power of ten, or of two when the highest bit is set; 10^-6 without it. */
static gboolean
resolution_to_units (guint8 resolution, guint64 *units)
{
  guint exponent = resolution & 0x7f;

  if (resolution & 0x80)
    {
      if (exponent > 63)
        return FALSE;
      *units = G_GUINT64_CONSTANT (1) << exponent;
      return TRUE;
    }
  if (exponent > 19)
    return FALSE;
  for (*units = 1; exponent > 0; exponent--)
    *units *= 10;
  return TRUE;
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
  if (option != NULL && length >= 1 && !resolution_to_units (option[0], &interface.units_per_second))
    return "an interface has a time resolution that is out of range";
  option = find_option (parser, body + 8, size - 8, OPTION_INTERFACE_TIME_OFFSET, &length);
  if (option != NULL && length == 8)
    {
      memcpy (&interface.offset_s, option, sizeof interface.offset_s);
      if (parser->swapped)
        interface.offset_s = (gint64) GUINT64_SWAP_LE_BE ((guint64) interface.offset_s);
    }
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
  __int128 ns = (__int128) time * 1000000000 / interface->units_per_second
                + (__int128) interface->offset_s * 1000000000;

  return (gint64) CLAMP (ns, -(__int128) TRAMA_TIME_MAX_NS, (__int128) TRAMA_TIME_MAX_NS);
}

static const char *
emit_packet (TramaPcapngParser *parser,
             guint local_interface,
             guint64 time,
             guint32 captured,
             guint32 length,
             const guint8 *data,
             gsize room,
             guint64 offset)
{
  guint number = parser->first_interface + local_interface;
  TramaEvent event = { .kind = TRAMA_EVENT_PACKET };

  if (local_interface >= parser->interfaces->len - parser->first_interface)
    return "a packet names an interface that was not described";
  if (captured > TRAMA_PCAPNG_PACKET_MAX_BYTES)
    return "a packet is larger than 256 KiB";
  if (captured > room)
    return "a packet goes past the end of its block";
  event.packet = (TramaPacket){
    .time_ns = time_to_ns (&g_array_index (parser->interfaces, Interface, number), time),
    .offset = offset,
    .captured_bytes = captured,
    .length_bytes = length,
    .interface = number,
  };
  event.data = data;
  parser->func (&event, parser->user_data);
  return NULL;
}

static const char *
read_enhanced_packet (TramaPcapngParser *parser, const guint8 *body, gsize size, guint64 offset)
{
  guint64 time;

  if (size < 20)
    return "a packet block is too short";
  time = (guint64) get_u32 (parser, body + 4) << 32 | get_u32 (parser, body + 8);
  return emit_packet (parser, get_u32 (parser, body), time, get_u32 (parser, body + 12),
                      get_u32 (parser, body + 16), body + 20, size - 20, offset + 20);
}

static const char *
read_obsolete_packet (TramaPcapngParser *parser, const guint8 *body, gsize size, guint64 offset)
{
  guint64 time;

  if (size < 20)
    return "a packet block is too short";
  time = (guint64) get_u32 (parser, body + 4) << 32 | get_u32 (parser, body + 8);
  return emit_packet (parser, get_u16 (parser, body), time, get_u32 (parser, body + 12),
                      get_u32 (parser, body + 16), body + 20, size - 20, offset + 20);
}

/* Section 4.4: no time, no interface, the captured length is what the snap length and the block leave. */
static const char *
read_simple_packet (TramaPcapngParser *parser, const guint8 *body, gsize size, guint64 offset)
{
  guint32 length, captured, snap;

  if (size < 4)
    return "a packet block is too short";
  if (parser->interfaces->len == parser->first_interface)
    return "a packet names an interface that was not described";
  length = get_u32 (parser, body);
  snap = g_array_index (parser->interfaces, Interface, parser->first_interface).snap_bytes;
  captured = snap != 0 ? MIN (length, snap) : length;
  return emit_packet (parser, 0, 0, captured, length, body + 4, size - 4, offset + 4);
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
    case BLOCK_SECTION:
      return read_section (parser, body, size);
    case BLOCK_INTERFACE:
      return read_interface (parser, body, size);
    case BLOCK_PACKET_ENHANCED:
      return read_enhanced_packet (parser, body, size, offset);
    case BLOCK_PACKET_SIMPLE:
      return read_simple_packet (parser, body, size, offset);
    case BLOCK_PACKET_OBSOLETE:
      return read_obsolete_packet (parser, body, size, offset);
    case TRAMA_BLOCK_TYPE:
      return read_own (parser, body, size);
    default:
      return NULL;
    }
}

/*
 * The block at the start of @data. Its size is returned in *@total: 0 when more
 * bytes are needed to know. A section header tells the byte order of what follows
 * and of itself, so it is looked at first.
 */
static const char *
measure_block (TramaPcapngParser *parser, const guint8 *data, gsize size, guint32 *type, guint32 *total)
{
  guint32 magic;

  *total = 0;
  if (size < BLOCK_OVERHEAD_BYTES)
    return NULL;
  memcpy (type, data, sizeof *type);
  if (*type == BLOCK_SECTION)
    {
      memcpy (&magic, data + 8, sizeof magic);
      if (magic != BYTE_ORDER_MAGIC && magic != BYTE_ORDER_MAGIC_SWAPPED)
        return "a section header has no byte-order magic";
      parser->swapped = magic == BYTE_ORDER_MAGIC_SWAPPED;
    }
  else if (!parser->in_section)
    return "it does not begin with a section header: this is not pcapng";
  *type = get_u32 (parser, data);
  *total = get_u32 (parser, data + 4);
  if (*total < BLOCK_OVERHEAD_BYTES || *total % 4 != 0)
    return "a block has an impossible length";
  if (*total > TRAMA_PCAPNG_BLOCK_MAX_BYTES)
    return "a block is larger than 16 MiB";
  return NULL;
}

gssize
trama_pcapng_parser_feed (TramaPcapngParser *parser, const guint8 *data, gsize size, GError **error)
{
  g_autofree char *place = NULL;
  const char *reason = NULL;
  gsize at = 0;

  g_return_val_if_fail (!parser->damaged, -1);

  while (reason == NULL)
    {
      guint32 type, total;

      reason = measure_block (parser, data + at, size - at, &type, &total);
      if (reason != NULL || total == 0 || total > size - at)
        break;
      if (get_u32 (parser, data + at + total - 4) != total)
        reason = "the two lengths of a block differ";
      else
        reason = read_block (parser, type, data + at + 8, total - BLOCK_OVERHEAD_BYTES, parser->offset + 8);
      if (reason == NULL)
        {
          at += total;
          parser->offset += total;
        }
    }
  if (reason == NULL)
    return (gssize) at;
  parser->damaged = TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("damaged at byte %lu: %s"),
               (gulong) parser->offset, reason);
  return -1;
}
