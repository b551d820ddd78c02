/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/session/session_document.h"

/*
 * The text of a session, to be edited: numbered, coloured, with the mistake in it
 * underlined, and with marks that say which actor is at which line. Lines count
 * from 1 in everything here. Goes into a GtkScrolledWindow.
 *
 * Tab goes to the next multiple of four, Shift+Tab back; Return keeps the
 * indentation, and deepens it behind a ':'.
 *
 * Signal "line-entered" (guint): the cursor has come to another line.
 */
#define TRAMA_TYPE_SESSION_VIEW (trama_session_view_get_type ())
G_DECLARE_FINAL_TYPE (TramaSessionView, trama_session_view, TRAMA, SESSION_VIEW, GtkTextView)

/* That actor is at a line. */
typedef struct
{
  guint line;
  guint actor;       /* index, which gives the colour */
  gboolean returned; /* it was there last; now it is elsewhere, or nowhere */
  char *label;       /* "server", "server · blocked" */
} TramaLineMark;

/* Keeps a reference. NULL: there is no text, and none can be written. */
void trama_session_view_set_document (TramaSessionView *text, TramaSessionDocument *document);

/* Copied, their labels too. */
void trama_session_view_set_marks (TramaSessionView *text, const TramaLineMark *marks, guint n_marks);
const TramaLineMark *trama_session_view_get_marks (TramaSessionView *text, guint *n_marks);

/* The line of what is selected in the picture; 0: none. */
void trama_session_view_set_selected_line (TramaSessionView *text, guint line);
guint trama_session_view_get_selected_line (TramaSessionView *text);

guint trama_session_view_get_cursor_line (TramaSessionView *text);
void trama_session_view_place_cursor (TramaSessionView *text, guint line, guint column);

/* Scrolls as little as needed. */
void trama_session_view_reveal_line (TramaSessionView *text, guint line);

/* The line whose call has failed, which is underlined as long as there is no mistake; 0: none. */
void trama_session_view_set_failed_line (TramaSessionView *text, guint line);

/* Of what is wrong with the text, else of what failed; 0: nothing is, or it has no place. */
guint trama_session_view_get_mistake_line (TramaSessionView *text);
