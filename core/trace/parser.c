/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/parser.h"

#include "core/trace/pcap.h"
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
};

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
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           _ ("damaged at byte 0: it begins neither as pcapng nor as pcap does"));
      return FALSE;
    }
  return TRUE;
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
  if (parser->pcapng != NULL)
    return trama_pcapng_parser_feed (parser->pcapng, data, size, error);
  return trama_pcap_parser_feed (parser->pcap, data, size, error);
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

gboolean
trama_parser_end (const TramaParser *parser, gsize rest_bytes, GError **error)
{
  guint64 end = trama_parser_get_offset (parser) + rest_bytes;
  g_autofree char *place = g_strdup_printf ("%" G_GUINT64_FORMAT, end);

  if (end == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("empty; there is no capture in it"));
  else if (rest_bytes > 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                 _ ("cut short at byte %s, in the middle of a record"), place);
  else
    return TRUE;
  return FALSE;
}
