/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/parser.h"

#include "core/trace/pcap_file.h"
#include "core/trace/pcapng.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#define MAGIC_BYTES 4

struct _TramaParser
{
  TramaEventFunc func;
  gpointer user_data;

  /* At most one of them, when the format is known. */
  TramaPcapngParser *pcapng;
  TramaPcapParser *pcap;

  const char *damage; /* NULL: none so far */
  guint64 damage_offset;
};

static const char no_capture[] = "it begins neither as pcapng nor as pcap does";
static const char cut_short[] = "cut short in the middle of a record";
static const char is_empty[] = "empty; there is no capture in it";

TramaParser *
trama_parser_new (TramaEventFunc func, gpointer user_data)
{
  TramaParser *parser = g_new0 (TramaParser, 1);

  parser->func = func;
  parser->user_data = user_data;
  return parser;
}

void
trama_parser_free (TramaParser *parser)
{
  if (parser == NULL)
    return;
  trama_pcapng_parser_free (parser->pcapng);
  trama_pcap_parser_free (parser->pcap);
  g_free (parser);
}

/* FALSE with @error when it is no capture that is known here. */
static gboolean
choose_format (TramaParser *parser, const guint8 *magic, GError **error)
{
  if (trama_pcapng_knows (magic))
    parser->pcapng = trama_pcapng_parser_new (parser->func, parser->user_data);
  else if (trama_pcap_knows (magic))
    parser->pcap = trama_pcap_parser_new (parser->func, parser->user_data);
  else
    {
      parser->damage = no_capture;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           _ ("damaged at byte 0: it begins neither as pcapng nor as pcap does"));
      return FALSE;
    }
  return TRUE;
}

static gssize
feed_format (TramaParser *parser, const guint8 *data, gsize size, GError **error)
{
  gssize parsed;

  if (parser->pcapng != NULL)
    {
      parsed = trama_pcapng_parser_feed (parser->pcapng, data, size, error);
      parser->damage = trama_pcapng_parser_get_damage (parser->pcapng);
    }
  else
    {
      parsed = trama_pcap_parser_feed (parser->pcap, data, size, error);
      parser->damage = trama_pcap_parser_get_damage (parser->pcap);
    }
  parser->damage_offset = trama_parser_get_offset (parser);
  return parsed;
}

gssize
trama_parser_feed (TramaParser *parser, const guint8 *data, gsize size, GError **error)
{
  if (parser->pcapng == NULL && parser->pcap == NULL)
    {
      if (size < MAGIC_BYTES)
        return 0;
      if (!choose_format (parser, data, error))
        return -1;
    }
  return feed_format (parser, data, size, error);
}

guint64
trama_parser_get_offset (const TramaParser *parser)
{
  if (parser->pcapng != NULL)
    return trama_pcapng_parser_get_offset (parser->pcapng);
  return parser->pcap != NULL ? trama_pcap_parser_get_offset (parser->pcap) : 0;
}

const char *
trama_parser_get_format (const TramaParser *parser)
{
  if (parser->pcapng != NULL)
    return "pcapng";
  return parser->pcap != NULL ? trama_pcap_parser_get_format (parser->pcap) : NULL;
}

const char *
trama_parser_get_damage (const TramaParser *parser, guint64 *offset)
{
  *offset = parser->damage_offset;
  return parser->damage;
}

gboolean
trama_parser_end (TramaParser *parser, gsize rest_bytes, GError **error)
{
  guint64 end = trama_parser_get_offset (parser) + rest_bytes;
  g_autofree char *place = g_strdup_printf ("%" G_GUINT64_FORMAT, end);

  if (end > 0 && rest_bytes == 0)
    return TRUE;
  parser->damage = end == 0 ? is_empty : cut_short;
  parser->damage_offset = end;
  if (end == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("empty; there is no capture in it"));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                 _ ("cut short at byte %s, in the middle of a record"), place);
  return FALSE;
}
