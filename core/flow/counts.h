/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"
#include "core/flow/sent_space.h"

/* Private to the room: what the segments of one side have been so far. Zeroed memory is a side that sent none. */
typedef struct
{
  TramaSentSpace space; /* of its data and its FIN */
  guint8 syn;           /* without ACK: an opening */
  guint8 syn_ack;       /* with it: the answer to one */
} TramaSent;

/* Adds one TCP segment to @counts. */
void trama_counts_add (TramaTcpCounts *counts, TramaSent *sent, const TramaDecoded *decoded);
