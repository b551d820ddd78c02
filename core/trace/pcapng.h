/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

/*
 * pcapng in and out (draft-ietf-opsawg-pcapng). The writer gives a stream, the
 * parser takes one in pieces of any size; neither does I/O.
 */

#define TRAMA_PCAPNG_BLOCK_MAX_BYTES (16u << 20)
#define TRAMA_PCAPNG_PACKET_MAX_BYTES (256u << 10)
#define TRAMA_PCAPNG_INTERFACES_MAX 65536u

/* A section header in this machine's byte order. @program: "Trama 0.1". */
void trama_pcapng_write_section (GByteArray *out, const char *program);

/* The block of one event, of any kind. Interfaces are numbered in the order written. */
void trama_pcapng_write_event (GByteArray *out, const TramaEvent *event);

/* Whether a file that begins with these four bytes is one. */
gboolean trama_pcapng_knows (const guint8 *magic);

typedef struct _TramaPcapngParser TramaPcapngParser;

TramaPcapngParser *trama_pcapng_parser_new (TramaEventFunc func, gpointer user_data);
void trama_pcapng_parser_free (TramaPcapngParser *parser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaPcapngParser, trama_pcapng_parser_free)

/*
 * Parses the whole blocks at the start of @data and returns how many bytes they
 * take; the caller brings the rest again with more behind it. -1 with @error
 * (G_IO_ERROR_INVALID_DATA, with the offset in it) at damage: what came before it was
 * delivered, nothing more will be. Interfaces that were written once are reported
 * once, sections are joined.
 */
gssize trama_pcapng_parser_feed (TramaPcapngParser *parser, const guint8 *data, gsize size, GError **error);

/* How many bytes were parsed so far. */
guint64 trama_pcapng_parser_get_offset (const TramaPcapngParser *parser);

/* What is wrong there, in English, static. NULL: nothing was found. */
const char *trama_pcapng_parser_get_damage (const TramaPcapngParser *parser);
