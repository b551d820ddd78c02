/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/lists/stream_lines.h"
#include "ui/view_state.h"

/*
 * What the two sides of a conversation say to each other, in lines: that of the event that is
 * selected, or else the one that is looked at. To choose a line is to select the packet or
 * call that brought it, and the other way round. Grows with the trace.
 *
 * Everything is worked out in slices between frames; TramaStreamView works only while it is
 * seen. Ctrl+C copies.
 *
 * Signals:
 *   "told" (const char *)    something was done, and is to be said
 *   "failed" (const char *)  something was not
 */
#define TRAMA_TYPE_STREAM_VIEW (trama_stream_view_get_type ())
G_DECLARE_FINAL_TYPE (TramaStreamView, trama_stream_view, TRAMA, STREAM_VIEW, GtkWidget)

/* Once. Keeps a reference. */
void trama_stream_view_set_state (TramaStreamView *view, TramaViewState *state);

/* As chosen by the user; sides as of a transcript. */
void trama_stream_view_set_format (TramaStreamView *view, TramaTranscriptFormat format);
void trama_stream_view_set_sides (TramaStreamView *view, guint sides);

/* Puts the focus into the entry. */
void trama_stream_view_find (TramaStreamView *view);

/* As typed into it. */
void trama_stream_view_set_query (TramaStreamView *view, const char *text);

/* To the next (1) or the previous (-1) hit, round the end. */
void trama_stream_view_step (TramaStreamView *view, int direction);

/* "3 of 17". Borrowed. */
const char *trama_stream_view_get_count (TramaStreamView *view);

/* Something is still being worked out, for what is shown or for the search. */
gboolean trama_stream_view_is_busy (TramaStreamView *view);

/* Writes it in the background, then says "told" or "failed". As shown, or the bytes as they are. */
void trama_stream_view_save (TramaStreamView *view, const char *path, gboolean as_shown);

/* What is shown; NULL: nothing. Borrowed until the trace changes. */
const TramaTranscript *trama_stream_view_get_transcript (TramaStreamView *view);
TramaStreamLines *trama_stream_view_get_lines (TramaStreamView *view);
