/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/pcap_file.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define FILE_HEADER_BYTES 24
#define PACKET_MAX_BYTES (256u << 10)

/* The link type is the lower part of its word; the upper says how long a frame check sequence is. */
#define LINK_TYPE_MASK 0x03ffffffu

typedef struct
{
  guint32 magic;
  guint32 ns_per_unit;
  guint32 record_header_bytes;
  const char *name;
} Variant;

static const Variant variants[] = {
  { 0xa1b2c3d4, 1000, 16, "pcap, microseconds" },
  { 0xa1b23c4d, 1, 16, "pcap, nanoseconds" },
  /* As patched by Kuznetzov: the interface, the protocol and the packet's kind stand behind the lengths. */
  { 0xa1b2cd34, 1000, 24, "pcap, modified" },
};

/* How lengths are ordered in files of old versions, pcap's sf-pcap.c tells the story. */
typedef enum
{
  LENGTHS_IN_ORDER,
  LENGTHS_SWAPPED,
  LENGTHS_MAYBE_SWAPPED,
} Lengths;

struct _TramaPcapParser
{
  TramaEventFunc func;
  gpointer user_data;
  guint64 offset;
  const Variant *variant; /* NULL: the header is yet to come */
  gboolean swapped;
  const char *damage; /* NULL: none so far */
  Lengths lengths;
};

static guint32
get_u32 (const TramaPcapParser *parser, const guint8 *data)
{
  guint32 value;

  memcpy (&value, data, sizeof value);
  return parser->swapped ? GUINT32_SWAP_LE_BE (value) : value;
}

static guint16
get_u16 (const TramaPcapParser *parser, const guint8 *data)
{
  guint16 value;

  memcpy (&value, data, sizeof value);
  return parser->swapped ? GUINT16_SWAP_LE_BE (value) : value;
}

static const Variant *
find_variant (const guint8 *data, gboolean *swapped)
{
  guint32 magic;

  memcpy (&magic, data, sizeof magic);
  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      *swapped = magic == GUINT32_SWAP_LE_BE (variants[i].magic);
      if (*swapped || magic == variants[i].magic)
        return &variants[i];
    }
  return NULL;
}

gboolean
trama_pcap_knows (const guint8 *magic)
{
  gboolean swapped;

  return find_variant (magic, &swapped) != NULL;
}

guint32
trama_pcap_get_ns_per_unit (const guint8 *magic)
{
  gboolean swapped;
  const Variant *variant = find_variant (magic, &swapped);

  return variant != NULL ? variant->ns_per_unit : 0;
}

TramaPcapParser *
trama_pcap_parser_new (TramaEventFunc func, gpointer user_data)
{
  TramaPcapParser *parser = g_new0 (TramaPcapParser, 1);

  parser->func = func;
  parser->user_data = user_data;
  return parser;
}

void
trama_pcap_parser_free (TramaPcapParser *parser)
{
  g_free (parser);
}

guint64
trama_pcap_parser_get_offset (const TramaPcapParser *parser)
{
  return parser->offset;
}

const char *
trama_pcap_parser_get_damage (const TramaPcapParser *parser)
{
  return parser->damage;
}

const char *
trama_pcap_parser_get_format (const TramaPcapParser *parser)
{
  return parser->variant != NULL ? parser->variant->name : NULL;
}

static Lengths
lengths_of_version (guint major, guint minor)
{
  if (major != 2)
    return LENGTHS_IN_ORDER;
  return minor < 3 ? LENGTHS_SWAPPED : minor == 3 ? LENGTHS_MAYBE_SWAPPED : LENGTHS_IN_ORDER;
}

static const char *
read_header (TramaPcapParser *parser, const guint8 *data)
{
  TramaEvent event = { .kind = TRAMA_EVENT_INTERFACE };
  const Variant *variant = find_variant (data, &parser->swapped);
  guint major;

  if (variant == NULL)
    return "it does not begin as a pcap file does";
  major = get_u16 (parser, data + 4);
  if (major != 2 && major != 543)
    return "the file is of a version that is not known";
  parser->variant = variant;
  parser->lengths = major == 543 ? LENGTHS_SWAPPED : lengths_of_version (major, get_u16 (parser, data + 6));
  event.interface.snap_bytes = get_u32 (parser, data + 16);
  event.interface.link_type = get_u32 (parser, data + 20) & LINK_TYPE_MASK;
  parser->func (&event, parser->user_data);
  return NULL;
}

static void
read_lengths (const TramaPcapParser *parser, const guint8 *data, TramaPacket *packet)
{
  guint32 first = get_u32 (parser, data + 8);
  guint32 second = get_u32 (parser, data + 12);
  gboolean swap = parser->lengths == LENGTHS_SWAPPED
                  || (parser->lengths == LENGTHS_MAYBE_SWAPPED && first > second);

  packet->captured_bytes = swap ? second : first;
  packet->length_bytes = swap ? first : second;
}

/* One record at @data. 0: more bytes are needed; else its size, or *@reason. */
static gsize
read_record (TramaPcapParser *parser, const guint8 *data, gsize size, const char **reason)
{
  gsize head = parser->variant->record_header_bytes;
  TramaPacket packet = { 0 };
  TramaEvent event = { .kind = TRAMA_EVENT_PACKET };

  if (size < head)
    return 0;
  read_lengths (parser, data, &packet);
  if (packet.captured_bytes > PACKET_MAX_BYTES)
    {
      *reason = "a packet is larger than 256 KiB";
      return 0;
    }
  if (size - head < packet.captured_bytes)
    return 0;
  packet.time_ns = (gint64) get_u32 (parser, data) * G_GINT64_CONSTANT (1000000000)
                   + (gint64) get_u32 (parser, data + 4) * parser->variant->ns_per_unit;
  packet.offset = parser->offset + head;
  event.packet = packet;
  event.data = data + head;
  parser->func (&event, parser->user_data);
  return head + packet.captured_bytes;
}

gssize
trama_pcap_parser_feed (TramaPcapParser *parser, const guint8 *data, gsize size, GError **error)
{
  g_autofree char *place = NULL;
  const char *reason = NULL;
  gsize at = 0;

  g_return_val_if_fail (parser->damage == NULL, -1);

  if (parser->variant == NULL)
    {
      if (size < FILE_HEADER_BYTES)
        return 0;
      reason = read_header (parser, data);
      at = parser->offset = reason == NULL ? FILE_HEADER_BYTES : 0;
    }
  while (reason == NULL)
    {
      gsize record = read_record (parser, data + at, size - at, &reason);

      if (record == 0)
        break;
      at += record;
      parser->offset += record;
    }
  if (reason == NULL)
    return (gssize) at;
  parser->damage = reason;
  place = g_strdup_printf ("%" G_GUINT64_FORMAT, parser->offset);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("damaged at byte %s: %s"), place, reason);
  return -1;
}
