/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * From when to when each of a long list lasts, which is in order of when they begin: which of
 * them reach into a stretch of time is known without a look at the others. Of every 8, of 8
 * times as many and so on, it has the latest end and the longest time. It grows at its end.
 * Private to core/chart.
 */
#define TRAMA_REACH_LEVELS 7

typedef struct
{
  GArray *levels[TRAMA_REACH_LEVELS]; /* private */
  guint n;
} TramaReaches;

void trama_reaches_init (TramaReaches *reaches);
void trama_reaches_clear (TramaReaches *reaches);

/* The next one lasts from @start_ns to @end_ns; G_MAXINT64: nobody saw its end, and it is longer than any. */
void trama_reaches_append (TramaReaches *reaches, gint64 start_ns, gint64 end_ns);

/* How long that is. Of a damaged trace times may be anything. */
gint64 trama_reaches_length (gint64 start_ns, gint64 end_ns);

/*
 * From @position on, the first near which one may end at @start_ns or later and last longer than
 * @least_ns: many that do neither are left out, but not all. n: there is none.
 */
guint trama_reaches_next (const TramaReaches *reaches, guint position, gint64 start_ns, gint64 least_ns);
