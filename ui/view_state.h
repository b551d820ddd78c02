/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart.h"
#include "core/flow/links/links.h"
#include "core/flow/search/search.h"
#include "core/why/finding.h"
#include "ui/undo_stack.h"

#include <glib-object.h>

/*
 * What every view of one trace shares: the flow table, the scale and the selected
 * event. Views bind to it and never talk to each other. Lives on the main thread.
 *
 * Signals:
 *   "table-changed"      another trace, or the same one has grown
 *   "growing"            the table of the trace is being made: (TramaFlowTable *table), as far as it is
 *   "selection-changed"
 *   "scale-changed"      zoom or scale mode
 *   "visible-changed"    what part of the trace the ladder shows
 *   "show"               the ladder shall show a part: (const TramaSpan *span)
 *   "flow-changed"       another conversation is looked at
 *   "drawn-changed"      the ladder draws other conversations
 *   "hits-changed"       more, or something else, was searched for and found
 *   "findings-changed"   they were made, or those of another trace were forgotten
 *   "remarks-changed"    the user has changed a note or a mark
 *   "lanes-changed"      the columns of the ladder are arranged in another way
 */
#define TRAMA_TYPE_VIEW_STATE (trama_view_state_get_type ())
G_DECLARE_FINAL_TYPE (TramaViewState, trama_view_state, TRAMA, VIEW_STATE, GObject)

TramaViewState *trama_view_state_new (void);

/* NULL: nothing to show. Keeps a reference. Clears the selection when @keep_selection is FALSE. */
void trama_view_state_set_table (TramaViewState *state, TramaFlowTable *table, gboolean keep_selection);
TramaFlowTable *trama_view_state_get_table (TramaViewState *state);

/*
 * For who makes the table of the trace that is shown while the trace is read: emits "growing", so
 * that views take in what has come, and nobody waits for them when it is whole. NULL: it will not be.
 */
void trama_view_state_tell_growing (TramaViewState *state, TramaFlowTable *table);

/*
 * What was found in the trace; NULL: nobody has looked yet. Keeps a reference until the table of another
 * trace is set. While a trace grows they are about a part of it.
 */
void trama_view_state_set_findings (TramaViewState *state, TramaFindings *findings);
TramaFindings *trama_view_state_get_findings (TramaViewState *state);

/* What is searched for; NULL: nothing is. Borrowed until another is set; to be set again when it has gone on. */
void trama_view_state_set_search (TramaViewState *state, const TramaSearch *search);
const TramaSearch *trama_view_state_get_search (TramaViewState *state);

/*
 * What caused what in the table; made when it is asked for first, or of a large one with its
 * findings: while it grows, as far as the last of them know. Borrowed; NULL: there is no table,
 * or the findings of a large one are still to come.
 */
TramaLinks *trama_view_state_get_links (TramaViewState *state);

void trama_view_state_select (TramaViewState *state, TramaRef ref);
TramaRef trama_view_state_get_selected (TramaViewState *state);

/*
 * The conversation that is looked at; TRAMA_FLOW_NONE: there is none. That of the selected
 * event where it has one, or else the one before, at first the first.
 */
guint32 trama_view_state_get_flow (TramaViewState *state);

/* Selects its first packet, unless an event of it is selected. */
void trama_view_state_choose_flow (TramaViewState *state, guint32 flow);

/*
 * What the ladder shall draw; NULL: all of it, or where nobody recorded calls the conversations
 * with the most packets. Keeps a reference until the table of another trace is set.
 */
void trama_view_state_choose_flows (TramaViewState *state, TramaFlowSet *flows);

/*
 * What it draws: what was chosen, and since then the conversation of the selected event, which
 * would else be nowhere. NULL: everything. Borrowed.
 */
TramaFlowSet *trama_view_state_get_drawn (TramaViewState *state);

/* 1: the whole trace fits, or as much of it as can be told apart; 2: twice that. Clamped to 0.05 … 1e15. */
void trama_view_state_set_zoom (TramaViewState *state, double zoom);
double trama_view_state_get_zoom (TramaViewState *state);

/* For who draws it: what is seen whole from farther away only may be looked at from there, too. */
void trama_view_state_set_least_zoom (TramaViewState *state, double zoom);

void trama_view_state_set_mode (TramaViewState *state, TramaScaleMode mode);
TramaScaleMode trama_view_state_get_mode (TramaViewState *state);

/* How the user has arranged the columns; NULL: as the layout has them. Forgotten with the trace. */
void trama_view_state_set_lanes (TramaViewState *state, TramaLanes *lanes); /* keeps a reference */
TramaLanes *trama_view_state_get_lanes (TramaViewState *state);

/* Told by the ladder: the time from the top of what is in view to the bottom. */
void trama_view_state_set_visible (TramaViewState *state, TramaSpan visible);
TramaSpan trama_view_state_get_visible (TramaViewState *state);

/* Asks the ladder to show all of @span, as large as it can be; of a moment, its surroundings, as large as now. */
void trama_view_state_show (TramaViewState *state, TramaSpan span);

/* What the user has changed of the trace; forgotten with it. Borrowed. */
TramaUndoStack *trama_view_state_get_undo (TramaViewState *state);

/* For who has changed the notebook of the store: emits "remarks-changed". */
void trama_view_state_tell_remarks (TramaViewState *state);
