/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart.h"

/*
 * A chart that is laid out whole, for whoever paints it piece by piece: of all that it holds,
 * a slice has only what is near its piece, so that a piece takes time by what is in it and not
 * by the length of the whole. Near is nearer than anything is painted beside its place; tears,
 * tints, notes and what has a column are in every slice.
 */
typedef struct _TramaSlicer TramaSlicer;

/* Keeps a reference to @chart. */
TramaSlicer *trama_slicer_new (TramaChart *chart);
void trama_slicer_free (TramaSlicer *slicer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaSlicer, trama_slicer_free)

/* Quick when asked from above to below. In the coordinates of the whole; borrowed until it is asked again. */
const TramaChart *trama_slicer_get (TramaSlicer *slicer, double y0, double y1);
