/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

/*
 * The classic capture file (pcap-savefile(5), draft-ietf-opsawg-pcap): either byte
 * order, microseconds or nanoseconds, and the "modified" one with a longer record
 * header. A parser that is fed pieces of any size; it does no I/O.
 */
typedef struct _TramaPcapParser TramaPcapParser;

/* Whether a file that begins with these four bytes is one. */
gboolean trama_pcap_knows (const guint8 *magic);

/* How many nanoseconds a unit of its times is, by the same four bytes; 0 when it is none. */
guint32 trama_pcap_get_ns_per_unit (const guint8 *magic);

TramaPcapParser *trama_pcap_parser_new (TramaEventFunc func, gpointer user_data);
void trama_pcap_parser_free (TramaPcapParser *parser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaPcapParser, trama_pcap_parser_free)

/* As trama_pcapng_parser_feed. */
gssize trama_pcap_parser_feed (TramaPcapParser *parser, const guint8 *data, gsize size, GError **error);

/* How many bytes were parsed so far. */
guint64 trama_pcap_parser_get_offset (const TramaPcapParser *parser);

/* What is wrong there, in English, static. NULL: nothing was found. */
const char *trama_pcap_parser_get_damage (const TramaPcapParser *parser);

/* "pcap, microseconds"; static. NULL before the header was read. */
const char *trama_pcap_parser_get_format (const TramaPcapParser *parser);
