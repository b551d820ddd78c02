/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Which sequence numbers one side of a connection has sent, as far as its segments
 * were seen; modulo 2^32, for streams of any length (RFC 9293, section 3.4). What
 * comes out of order leaves a hole until it comes. Zeroed memory is an empty space.
 *
 * What is further away than the largest window (2^30, RFC 7323, section 2.3) is no
 * part of the same stream: the space begins anew there. Of more than
 * TRAMA_SENT_HOLES_MAX holes the oldest counts as sent.
 */

#define TRAMA_SENT_HOLES_MAX 4096

typedef struct
{
  guint32 begin; /* the oldest number known to be sent; empty when it is end */
  guint32 end;   /* behind the newest */
  GArray *holes; /* between the two, in order; NULL: none */
} TramaSentSpace;

/* Adds @size numbers from @begin, at most 2^30. TRUE when one of them had been sent before. */
gboolean trama_sent_space_add (TramaSentSpace *space, guint32 begin, guint32 size);

/* How many numbers of [begin, end) were not sent, as far as is known: holes, and what lies behind the newest. */
guint32 trama_sent_space_missing (const TramaSentSpace *space, guint32 begin, guint32 end);

/* Makes it empty; to be called at the end. */
void trama_sent_space_clear (TramaSentSpace *space);
