/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view_state.h"

/*
 * What the user writes into the trace that is looked at: notes and marks. Every change
 * can be undone, by the undo stack of the view state, and is told by its signal
 * "remarks-changed".
 */

/* An event, or a moment when .subject is nothing. As in core/trace/notebook.h. */
typedef struct
{
  TramaRef subject;
  gint64 time_ns;
} TramaPlace;

/* Of a packet or a call of the table that is looked at. */
TramaPlace trama_place_of_event (TramaViewState *state, TramaRef ref);

/* The note there; NULL: none. Borrowed until it is changed. */
const char *trama_remarks_get_note (TramaViewState *state, TramaPlace place);
gboolean trama_remarks_is_marked (TramaViewState *state, TramaPlace place);

/* @text: NULL or nothing but blanks takes the note away. */
void trama_remarks_write (TramaViewState *state, TramaPlace place, const char *text);
void trama_remarks_toggle_mark (TramaViewState *state, TramaPlace place);

/* The mark behind (1) or before (-1) @time_ns; goes round at the end. FALSE: there is none. */
gboolean trama_remarks_find_mark (TramaViewState *state, gint64 time_ns, int direction, TramaPlace *place);

/* Whether there is anything that is not saved. */
gboolean trama_remarks_are_modified (TramaViewState *state);

/* How many notes and marks there are. */
guint trama_remarks_n_notes (TramaViewState *state);
guint trama_remarks_n_marks (TramaViewState *state);
