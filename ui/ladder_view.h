/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view_state.h"

#include <gtk/gtk.h>

/*
 * The ladder on the screen: header, body and legend of the chart of a view state,
 * to be put into a GtkScrolledWindow. Only the body scrolls. The chart is made for
 * the size the widget has; zoom and selection are the view state's.
 *
 * Properties: "text-scale", which multiplies every size; "show-legend".
 */
#define TRAMA_TYPE_LADDER_VIEW (trama_ladder_view_get_type ())
G_DECLARE_FINAL_TYPE (TramaLadderView, trama_ladder_view, TRAMA, LADDER_VIEW, GtkWidget)

/* Keeps a reference. */
void trama_ladder_view_set_state (TramaLadderView *view, TramaViewState *state);

/* The chart as it is or will be drawn next; NULL: nothing to show, or no size yet. Borrowed. */
TramaChart *trama_ladder_view_get_chart (TramaLadderView *view);

/* Whether the picture is the dark one; it follows the colours of the widget's style. */
gboolean trama_ladder_view_get_dark (TramaLadderView *view);

/* Multiplies the zoom; what stands at the selection, else at the middle, stays. */
void trama_ladder_view_zoom_by (TramaLadderView *view, double factor);

/* The whole trace, from its beginning. */
void trama_ladder_view_fit (TramaLadderView *view);
