/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/session/session_view.h"
#include "ui/session/stepper.h"
#include "ui/view_state.h"

/*
 * The pane in which a session is written: its text, what is wrong with it or failed
 * when it ran, and, while it runs, where each actor is. A call that is selected in the picture has
 * its line marked, and the line that the cursor enters has its call selected, as
 * far as the text is still the one that made the trace.
 */
#define TRAMA_TYPE_SESSION_EDITOR (trama_session_editor_get_type ())
G_DECLARE_FINAL_TYPE (TramaSessionEditor, trama_session_editor, TRAMA, SESSION_EDITOR, GtkWidget)

/* Once. Keeps references. */
void trama_session_editor_bind (TramaSessionEditor *editor, TramaViewState *state, TramaStepper *stepper);

/* NULL: there is no session to write. */
void trama_session_editor_set_document (TramaSessionEditor *editor, TramaSessionDocument *document);

/* Borrowed; NULL: none yet. */
TramaSessionDocument *trama_session_editor_get_document (TramaSessionEditor *editor);
TramaSessionView *trama_session_editor_get_text (TramaSessionEditor *editor);

/*
 * "Line 4, column 8: unknown call"; else what the session that is shown failed with, as
 * long as the line is there; else that there is nothing wrong. Borrowed.
 */
const char *trama_session_editor_get_verdict (TramaSessionEditor *editor);

/* Puts the cursor where the verdict is about, if it has a place, and the focus into the text. */
void trama_session_editor_go_to_mistake (TramaSessionEditor *editor);

/* The line of the session that runs, or ran, that the cursor is in; 0: it is none of its lines. */
guint trama_session_editor_get_line_to_run_to (TramaSessionEditor *editor, TramaSession *session);

/* From now on the text scrolls to where the session is, until somebody scrolls it. */
void trama_session_editor_follow (TramaSessionEditor *editor);
