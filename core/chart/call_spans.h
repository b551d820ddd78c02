/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/store.h"

/*
 * The calls of a trace by their entry, found by what they overlap: a call that blocks for
 * long began long before. Every so many know the latest exit among them, so that those
 * which have ended are passed over together. Private to core/chart.
 */
typedef struct _TramaCallSpans TramaCallSpans;

TramaCallSpans *trama_call_spans_new (TramaStore *store);
void trama_call_spans_free (TramaCallSpans *spans);

/* Appends to @calls, of guint32, those that were under way in @start_ns … @end_ns, by entry. */
void trama_call_spans_find (const TramaCallSpans *spans, gint64 start_ns, gint64 end_ns, GArray *calls);
