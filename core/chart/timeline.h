/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/blocks.h"
#include "core/trace/column.h"

/*
 * The moments that a ladder draws, in order of time: its packets, the entries and exits
 * of its calls, and where processes are forked or killed. Six bytes of each; what else is
 * needed of one is read from the store. Beside them the sums of density.h, a lane for
 * every column, and the gaps between moments by their length, so that a scale with folds
 * is known without looking at all of them. It grows at its end. Private to core/chart.
 */

/* Kinds besides TramaMomentKind, behind those where times are equal; the index is an actor's. */
enum
{
  TRAMA_MOMENT_BIRTH = TRAMA_MOMENT_EXIT + 1, /* a process is forked */
  TRAMA_MOMENT_DEATH,                         /* a process is killed */
};

/* A gap of class c is at least 2^(c - 1) and less than 2^c nanoseconds long; of the last, all that are longer; of 0, none. */
#define TRAMA_GAP_CLASSES 48
guint trama_gap_class (gint64 gap_ns);

/*
 * What lies between the first moment and another, when gaps from some class on are folded;
 * from TRAMA_GAP_CLASSES on, none.
 */
typedef struct
{
  gint64 open_ns;                   /* of the gaps that are not folded, together */
  guint32 after_packet, after_call; /* folded gaps, by what is before them */
} TramaGapSum;

/* Who sent a packet, as a lane of the sums and a side of it: to the left 0, to the right 1. */
#define TRAMA_TIMELINE_NO_LANE G_MAXUINT16

typedef struct
{
  gatomicrefcount ref_count;
  TramaFlowTable *table; /* owned */
  TramaColumn places;    /* of guint32: the index of a packet, call or actor, and the kind above it */
  TramaColumn lanes;     /* of guint16: column << 1 | side */
  TramaBlocks blocks;
  GArray *gaps;                           /* of sums by class, at one of so many moments */
  TramaGapSum classes[TRAMA_GAP_CLASSES]; /* of each class alone, all there are */
} TramaTimeline;

TramaTimeline *trama_timeline_new (TramaFlowTable *table, guint n_columns);
TramaTimeline *trama_timeline_ref (TramaTimeline *timeline);
void trama_timeline_unref (TramaTimeline *timeline);

/* The same trace has grown. */
void trama_timeline_set_table (TramaTimeline *timeline, TramaFlowTable *table);

/* No earlier than the last one. @kind: not a note. */
void trama_timeline_append (TramaTimeline *timeline, guint32 kind, guint32 index, guint16 lane);

guint trama_timeline_n (const TramaTimeline *timeline);
TramaMoment trama_timeline_get (const TramaTimeline *timeline, guint position);
gint64 trama_timeline_get_time (const TramaTimeline *timeline, guint position);
guint16 trama_timeline_get_lane (const TramaTimeline *timeline, guint position);

/* The first position from @from on at or after a time. */
guint trama_timeline_find (const TramaTimeline *timeline, guint from, gint64 time_ns);

/* Where an event is: a packet, or the entry of a call. FALSE: it is not drawn. */
gboolean trama_timeline_find_ref (const TramaTimeline *timeline, TramaRef ref, guint *position);

/* By lane; added to @sums. */
void trama_timeline_sum (const TramaTimeline *timeline, guint begin, guint end, TramaDensitySum *sums);

/* As trama_blocks_find_rare. */
guint trama_timeline_find_rare (const TramaTimeline *timeline,
                                guint begin,
                                guint end,
                                guint lane,
                                guint side,
                                guint8 rare);

/* Of the gaps between the first moment and the one at @position. */
TramaGapSum trama_timeline_gaps (const TramaTimeline *timeline, guint fold_class, guint position);

/* Of all there are. */
TramaGapSum trama_timeline_all_gaps (const TramaTimeline *timeline, guint fold_class);

/* The last position at which @get_place is not above @place, which must not fall. */
typedef double (*TramaGapPlaceFunc) (const TramaGapSum *sum, gconstpointer user_data);
guint trama_timeline_find_place (const TramaTimeline *timeline,
                                 guint fold_class,
                                 double place,
                                 TramaGapPlaceFunc get_place,
                                 gconstpointer user_data);

/* The first position from @from on behind which a gap is folded; the last one when there is none. */
guint trama_timeline_next_fold (const TramaTimeline *timeline, guint fold_class, guint from);

/* The last position up to @from before which a gap is folded; 0 when there is none. */
guint trama_timeline_last_fold (const TramaTimeline *timeline, guint fold_class, guint from);

/* The class of half of all gaps at least, of those that are any. */
guint trama_timeline_median_class (const TramaTimeline *timeline);
