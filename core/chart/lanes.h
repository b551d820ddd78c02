/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * How the user has arranged the columns of a ladder: who stands where, and whose column
 * is folded to a strip, or pinned so that it stays in view. Columns have a number that does not change with their place: the
 * index of the actor in the store, or one of those below. Who is not in the order, as one
 * that came later, has the place that the layout gives.
 *
 * Immutable and reference counted; NULL is the arrangement of the layout.
 */
enum
{
  TRAMA_LANE_KERNEL = -1,
  TRAMA_LANE_ENDPOINTS = -2, /* and below: of an endpoint, where nobody recorded calls */
};

typedef struct _TramaLanes TramaLanes;

/*
 * @shown: the columns from left to right, of which the one at @from goes to @to and the
 * others close up. What is folded or pinned in @before, or NULL, stays so. A new reference.
 */
TramaLanes *
trama_lanes_new_moved (const TramaLanes *before, const gint32 *shown, guint n_shown, guint from, guint to);

/* Folds a column, or unfolds it. A new reference. */
TramaLanes *trama_lanes_new_toggled (const TramaLanes *before, gint32 lane);

/* Pins a column, or unpins it. A new reference. */
TramaLanes *trama_lanes_new_pinned (const TramaLanes *before, gint32 lane);

TramaLanes *trama_lanes_ref (TramaLanes *lanes);
void trama_lanes_unref (TramaLanes *lanes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaLanes, trama_lanes_unref)

gboolean trama_lanes_is_folded (const TramaLanes *lanes, gint32 lane);
gboolean trama_lanes_is_pinned (const TramaLanes *lanes, gint32 lane);

/* Whether both, each of which may be NULL, put everybody in the same place. */
gboolean trama_lanes_is_same_order (const TramaLanes *lanes, const TramaLanes *other);

/* Puts @columns, as the layout has them from left to right, into the order of the user's. */
void trama_lanes_arrange (const TramaLanes *lanes, gint32 *columns, guint n_columns);
