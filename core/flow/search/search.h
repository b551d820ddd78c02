/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/search/query.h"

/*
 * Goes through a trace in order of time, a piece at a time, and keeps what matches: a
 * row of every hit, 4 bytes. Rows as in event_order.h. A note that stands beside no event, as
 * the captions of a session, is found at the first event that is not before it.
 */
typedef struct _TramaSearch TramaSearch;

/* Takes @query. Keeps a reference to @table. */
TramaSearch *trama_search_new (TramaFlowTable *table, TramaQuery *query);
void trama_search_free (TramaSearch *search);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaSearch, trama_search_free)

/*
 * The trace has grown, or is another: goes on behind what was searched, or begins again
 * where that is not as it was.
 */
void trama_search_set_table (TramaSearch *search, TramaFlowTable *table);

/* Looks at so many events more. FALSE: it has looked at all. */
gboolean trama_search_step (TramaSearch *search, guint n_events);

/* 0 … 1. */
double trama_search_get_progress (const TramaSearch *search);

guint trama_search_n_hits (const TramaSearch *search);
TramaRef trama_search_get_hit (const TramaSearch *search, guint index);

/* When a hit is: of a packet its time, of a call its entry. Hits are in order of it. */
gint64 trama_search_get_hit_time (const TramaSearch *search, guint index);

/* Which hit @ref is; G_MAXUINT: none. */
guint trama_search_find (const TramaSearch *search, TramaRef ref);

/*
 * The hit behind (1) or before (-1) @ref, or behind (1) or before (-1) all when @ref is nothing
 * or has no row. Goes round at the end, and says so in *@wrapped, which may be NULL.
 * G_MAXUINT: there are no hits.
 */
guint trama_search_next (const TramaSearch *search, TramaRef ref, int direction, gboolean *wrapped);
