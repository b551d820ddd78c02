/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view_state.h"

/*
 * The user arranges the columns of the ladder. Every change can be undone, by the undo
 * stack of the view state, and is told by its signal "lanes-changed". @lane: as in
 * core/chart/lanes.h.
 */

/* By so many places to the right, or to the left when negative, as far as it can go. */
void trama_lane_edits_move (TramaViewState *state, const TramaChart *chart, gint32 lane, int places);

/* Folds it, or unfolds it. */
void trama_lane_edits_toggle_fold (TramaViewState *state, gint32 lane);

/* Pins it, or unpins it. */
void trama_lane_edits_toggle_pin (TramaViewState *state, gint32 lane);
