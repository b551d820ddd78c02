/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"
#include "core/trace/column.h"

/*
 * Private to the room: which flow is the latest of two endpoints and a protocol.
 * There is a look-up for every packet, and the memory it needs is rarely in a cache:
 * whoever knows early what will be looked up asks for it early.
 */

/* The hash tells at once whether it is worth to look at the flow. */
typedef struct
{
  guint32 hash;
  guint32 flow; /* TRAMA_FLOW_NONE: free */
} TramaPairSlot;

typedef struct
{
  const TramaColumn *flows; /* of TramaFlow, borrowed */
  TramaPairSlot *slots;     /* open addressing */
  guint32 mask;             /* number of slots - 1, a power of two */
  guint32 n_used;
  guint64 seed; /* so that nobody can make up packets that all meet in one slot */
} TramaPairs;

void trama_pairs_init (TramaPairs *pairs, const TramaColumn *flows);
void trama_pairs_clear (TramaPairs *pairs);

/* The same for both directions. */
guint32
trama_pairs_hash (const TramaPairs *pairs, guint8 protocol, const TramaEndpoint *a, const TramaEndpoint *b);

/* The latest flow between @a and @b, and which side of it @a is; TRAMA_FLOW_NONE. */
guint32 trama_pairs_find (const TramaPairs *pairs,
                          guint32 hash,
                          guint8 protocol,
                          const TramaEndpoint *a,
                          const TramaEndpoint *b,
                          guint *side);

/* @flow is the latest instead of @old, which was found; or the first, when that is TRAMA_FLOW_NONE. */
void trama_pairs_set (TramaPairs *pairs, guint32 hash, guint32 old, guint32 flow);

/* First the slot is asked for; when it has come, it tells which flow is likely to be found. */
void trama_pairs_prefetch (const TramaPairs *pairs, guint32 hash);
guint32 trama_pairs_guess (const TramaPairs *pairs, guint32 hash);
