/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/density.h"

/*
 * Sums over any stretch of a long list in order of time, in a time that hardly depends
 * on how long it is. Every TRAMA_DENSITY_BLOCK entries are summed up, and so are every
 * eight blocks, and eight of those, for every lane; what a stretch has at its ends is asked
 * for one by one. The list itself is the owner's. Private to core/chart.
 */

#define TRAMA_BLOCK_SHIFT 6     /* entries of a block */
#define TRAMA_BLOCK_FAN_SHIFT 3 /* blocks of a block of the next level */
#define TRAMA_BLOCK_LEVELS 5

typedef struct
{
  GArray *first_ns;                   /* of gint64: the first entry of each block */
  GArray *levels[TRAMA_BLOCK_LEVELS]; /* of TramaDensitySum: of lane l in block b at b * n_lanes + l */
  guint n_lanes;
  guint n; /* entries */
} TramaBlocks;

/* What the owner knows of an entry. */
typedef struct
{
  gint64 (*get_time) (gconstpointer owner, guint position);
  void (*add) (gconstpointer owner, guint position, TramaDensitySum *sums); /* to the one of its lane */
  gconstpointer owner;
} TramaBlockEntries;

void trama_blocks_init (TramaBlocks *blocks, guint n_lanes);
void trama_blocks_clear (TramaBlocks *blocks);
void trama_blocks_forget (TramaBlocks *blocks); /* every entry */

/* The next entry; no earlier than the last. */
void trama_blocks_append (TramaBlocks *blocks, const TramaBlockEntries *entries);

/* The first position from @from on that is at or after @time_ns; it is looked for near @from first. */
guint
trama_blocks_find (const TramaBlocks *blocks, const TramaBlockEntries *entries, guint from, gint64 time_ns);

/* Adds what is from @begin to @end to @sums, by lane. */
void trama_blocks_sum (const TramaBlocks *blocks,
                       const TramaBlockEntries *entries,
                       guint begin,
                       guint end,
                       TramaDensitySum *sums);

/* The first position from @begin to @end whose lane has one of @rare from that side; @end: there is none. */
guint trama_blocks_find_rare (const TramaBlocks *blocks,
                              const TramaBlockEntries *entries,
                              guint begin,
                              guint end,
                              guint lane,
                              guint side,
                              guint8 rare);
