/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart.h"

/*
 * What a ladder draws of a trace, whatever its scale and its width: who has a column, and
 * the moments in order of time with all that makes a chart of them cheap. It is made once
 * for a flow table, a little at a time for whoever must not be kept waiting, and every
 * chart of that table is made from it.
 *
 * Reference counted, one thread at a time.
 */

/*
 * @table may be in the making, as long as it is of packets that come in order: what is taken
 * in of it then, the ladder of the complete table goes on with. Of @options only what says who
 * has a column, and where: the conversations that are drawn, and the order of the lanes.
 * @before: what was drawn until now, or NULL; of the same trace it is gone
 * on with where it ended, if that can be. A new reference.
 */
TramaLadder *trama_ladder_new (TramaFlowTable *table, const TramaChartOptions *options, TramaLadder *before);
TramaLadder *trama_ladder_ref (TramaLadder *ladder);
void trama_ladder_unref (TramaLadder *ladder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaLadder, trama_ladder_unref)

/*
 * Takes in what the next @max_packets of the trace have of it, or as many calls, or makes one of the things
 * that all charts share. FALSE: there is no more to do. Charts write nothing to it then.
 */
gboolean trama_ladder_follow (TramaLadder *ladder, guint max_packets);

/* Moments that are drawn: packets, entries and exits of calls. */
guint trama_ladder_n_moments (const TramaLadder *ladder);

TramaFlowTable *trama_ladder_get_table (const TramaLadder *ladder);
