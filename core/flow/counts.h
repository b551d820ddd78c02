/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"
#include "core/flow/sent_space.h"

/* Private to the room: what has to be known of the segments of one side to count its next. */

/* Which SYNs it has sent. */
enum
{
  TRAMA_SENT_SYN = 1 << 0,     /* without ACK: an opening */
  TRAMA_SENT_SYN_ACK = 1 << 1, /* with it: the answer to one */
};

/*
 * Adds one TCP segment to @counts. @space is of its data and its FIN; both are zero before the first.
 * Whether it was sent before, at least in part.
 */
gboolean
trama_counts_add (TramaTcpCounts *counts, TramaSentSpace *space, guint8 *syns, const TramaDecoded *decoded);
