/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

/*
 * A capture of any format that is read, told apart by its first bytes. Fed pieces
 * of any size; does no I/O. See pcapng.h and pcap_file.h.
 */
typedef struct _TramaParser TramaParser;

TramaParser *trama_parser_new (TramaEventFunc func, gpointer user_data);
void trama_parser_free (TramaParser *parser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaParser, trama_parser_free)

/*
 * Parses what is whole at the start of @data and returns how many bytes that was;
 * the caller brings the rest again with more behind it. -1 with @error
 * (G_IO_ERROR_INVALID_DATA, with the offset in it) at damage: what came before it
 * was delivered, nothing more will be.
 */
gssize trama_parser_feed (TramaParser *parser, const guint8 *data, gsize size, GError **error);

/*
 * To be called at the end, with the bytes that feed did not take. FALSE with @error
 * when the capture is cut short or there is none.
 */
gboolean trama_parser_end (TramaParser *parser, gsize rest_bytes, GError **error);

/* How many bytes were parsed so far: a whole capture ends there. */
guint64 trama_parser_get_offset (const TramaParser *parser);

/* What has failed, in English, static, and at which byte. NULL: nothing so far. */
const char *trama_parser_get_damage (const TramaParser *parser, guint64 *offset);

/* "pcapng"; static. NULL as long as it is not known. */
const char *trama_parser_get_format (const TramaParser *parser);
