/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/pcap_file.h"

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/parse.h"

static gpointer
make (TramaEventFunc func, gpointer user_data)
{
  return trama_pcap_parser_new (func, user_data);
}

static gssize
feed (gpointer parser, const guint8 *data, gsize size, GError **error)
{
  return trama_pcap_parser_feed (parser, data, size, error);
}

static guint64
get_offset (gpointer parser)
{
  return trama_pcap_parser_get_offset (parser);
}

static void
destroy (gpointer parser)
{
  trama_pcap_parser_free (parser);
}

void
fuzz_one (const guint8 *data, gsize size)
{
  static const FuzzParser kind = { make, feed, get_offset, destroy };

  fuzz_parse (&kind, data, size);
}
