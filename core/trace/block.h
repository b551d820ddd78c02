/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

/*
 * The one pcapng block that is ours, for what pcapng has none for: calls, actors,
 * kernel state, notes. Its type is of the range kept for local use, which other
 * readers pass over (draft-ietf-opsawg-pcapng, section 11.1).
 *
 *   magic "TRAM" | version u16 | record kind u16 | attributes
 *   attribute:  code u16 | size u16 | value, padded to four bytes
 *
 * Numbers are in the byte order of the section. An unknown attribute is passed
 * over, an absent one has the value 0: a newer writer does not break an older
 * reader. Pure functions; no I/O.
 */
#define TRAMA_BLOCK_TYPE 0x80545241u
#define TRAMA_BLOCK_MAGIC "TRAM"
#define TRAMA_BLOCK_VERSION 1

/* Appends the body of the block for @event to @body. Every kind but INTERFACE, PACKET and STATISTICS. */
void trama_block_encode (GByteArray *body, const TramaEvent *event);

/*
 * Reads a body into @event; its pointers lead into @body. FALSE when it is not one of ours or is damaged: *@reason, static
 * and in English, says why. A record of unknown kind or newer version is not
 * damage: kind 0 is returned.
 */
gboolean
trama_block_decode (const guint8 *body, gsize size, gboolean swapped, TramaEvent *event, const char **reason);

/*
 * Appends the body to @out without what was sent and received: the bytes that calls
 * moved, whose count stays, and the text of the session. The rest is as it was, in its
 * byte order, and so is what is damaged, unknown or not ours.
 */
void trama_block_strip (GByteArray *out, const guint8 *body, gsize size, gboolean swapped);
