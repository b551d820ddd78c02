/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/store.h"

/*
 * The calls of a trace, rail by rail, summed up: how many began in any stretch of time and
 * how much of it went by in them, in a time that hardly depends on how many there are, and
 * which of them are longer than others, or failed, without a look at those that are not.
 *
 * Entries and exits are told in order of time; it grows at its end. Whoever has yet to
 * return counts as begun, and takes no time. Private to core/chart.
 */
typedef struct _TramaCallSums TramaCallSums;

typedef struct
{
  gint64 entry_ns, exit_ns; /* G_MAXINT64: it has not returned */
  guint32 call;             /* index in the store */
  gint32 error;             /* what makes it rare; 0: nothing */
} TramaCallSpan;

/* Of a stretch of time. */
typedef struct
{
  guint32 n_calls; /* that began in it */
  gint64 busy_ns,
      slept_ns; /* of each call on its own: of several at once, together longer than the stretch */
} TramaCallSum;

TramaCallSums *trama_call_sums_new (guint n_rails);
void trama_call_sums_free (TramaCallSums *sums);

/* An entry, and an exit: no earlier than the one before of the same rail. Only of what returned, and what it slept. */
void trama_call_sums_enter (TramaCallSums *sums, guint32 rail, const TramaCallSpan *span, gboolean slept);
void trama_call_sums_leave (TramaCallSums *sums, guint32 rail, gint64 exit_ns, gboolean slept);

/* By entry. */
guint trama_call_sums_n (const TramaCallSums *sums, guint32 rail);
const TramaCallSpan *trama_call_sums_get (const TramaCallSums *sums, guint32 rail, guint position);

/* The first position from @from on whose entry is not before @time_ns; it is looked for near @from first. */
guint trama_call_sums_find (const TramaCallSums *sums, guint32 rail, guint from, gint64 time_ns);

/* @edges_ns: @n + 1 times, ascending; stretch i is from edge i up to but not including edge i + 1. */
void trama_call_sums_query (const TramaCallSums *sums,
                            guint32 rail,
                            const gint64 *edges_ns,
                            guint n,
                            TramaCallSum *stretches);

/*
 * Appends to @positions, of guint, those that were under way in @start_ns … @end_ns and took longer
 * than @least_ns; of a negative one, all.
 */
void trama_call_sums_find_long (const TramaCallSums *sums,
                                guint32 rail,
                                gint64 start_ns,
                                gint64 end_ns,
                                gint64 least_ns,
                                GArray *positions);

/* Appends the first of each error from @begin up to @end. */
void trama_call_sums_find_failed (const TramaCallSums *sums,
                                  guint32 rail,
                                  guint begin,
                                  guint end,
                                  GArray *positions);
