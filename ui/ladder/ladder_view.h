/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/paint/theme.h"
#include "ui/remarks.h"

#include <gtk/gtk.h>

/*
 * The ladder on the screen: header, body and legend of the chart of a view state,
 * to be put into a GtkScrolledWindow. Only the body scrolls. The chart is made for
 * the size the widget has; zoom and selection are the view state's.
 *
 * Signals:
 *   "column-meant"  another column is, see trama_ladder_view_get_column ()
 *   "left"          Escape, with nothing here that could be ended by it
 *
 * Properties: "text-scale", which multiplies every size; "show-legend"; "legend-folded",
 * read-only: there is so little room that the legend gave way, until it is asked for.
 */
#define TRAMA_TYPE_LADDER_VIEW (trama_ladder_view_get_type ())
G_DECLARE_FINAL_TYPE (TramaLadderView, trama_ladder_view, TRAMA, LADDER_VIEW, GtkWidget)

/* Keeps a reference. */
void trama_ladder_view_set_state (TramaLadderView *view, TramaViewState *state);

/*
 * What the right button, Shift+F10 and Menu offer, about the selected event or the moment there; and
 * the right button on the head of a column, about that. Once.
 */
void trama_ladder_view_set_menu (TramaLadderView *view, GMenuModel *model, GMenuModel *of_heads);

/* The chart as it is or will be drawn next; NULL: nothing to show, or no size yet. Borrowed. */
TramaChart *trama_ladder_view_get_chart (TramaLadderView *view);

/* Whether all that is in view is drawn, or will be with the next frame: nothing stands in for it. */
gboolean trama_ladder_view_is_settled (TramaLadderView *view);

/* The colours of the picture; they follow those of the widget's style. */
TramaThemeName trama_ladder_view_get_theme (TramaLadderView *view);

/* Multiplies the zoom; what stands at the selection, else at the middle, stays. */
void trama_ladder_view_zoom_by (TramaLadderView *view, double factor);

/*
 * What a note or a mark would be about: the selected event, or else the moment at the
 * pointer, or in the middle of what is in view. Asserts that there is a chart.
 */
TramaPlace trama_ladder_view_get_place (TramaLadderView *view);
gint64 trama_ladder_view_get_moment (TramaLadderView *view);

/* The event at the pointer; kind 0: none. */
TramaRef trama_ladder_view_get_pointed (TramaLadderView *view);

/* The column whose menu is, or was last, open; or that of the selected event, or else the one at the pointer: its index in the chart. G_MAXUINT: none. */
guint trama_ladder_view_get_column (TramaLadderView *view);

/* Whether that is a column of more than the pointer's choice. */
gboolean trama_ladder_view_means_column (TramaLadderView *view);

/* Where that is drawn, in the widget's coordinates; at the edge of what is in view if it is not. */
void trama_ladder_view_get_box (TramaLadderView *view, TramaPlace place, GdkRectangle *box);

/*
 * Begins to measure at the selected event, or else at the one nearest to the pointer; the
 * other end follows the pointer and the selection, until Escape.
 */
void trama_ladder_view_measure (TramaLadderView *view);

/* "57.6 µs"; NULL: nothing is measured. The caller's to free. */
char *trama_ladder_view_dup_measured (TramaLadderView *view);

/*
 * To be called when another trace is there as a whole: it is seen first at the zoom at which
 * the words of neighbouring arrows just do not touch, if it is at 1 by then and a few pages
 * have room for it.
 */
void trama_ladder_view_start (TramaLadderView *view);

/* The whole trace, from its beginning. */
void trama_ladder_view_fit (TramaLadderView *view);

/*
 * TRUE: what comes is looked at a call at a time. Whoever has not scrolled away from the end has each new
 * call brought into view, sideways too.
 */
void trama_ladder_view_set_steps (TramaLadderView *view, gboolean steps);

/* The user has asked for the next call, and wants to see it wherever they have scrolled to. */
void trama_ladder_view_await_step (TramaLadderView *view);
