/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"

#include <gtk/gtk.h>

/*
 * A session as it is edited: its text, what it was before, and what is wrong with
 * it. Every session that can be chosen is one, and keeps its draft, its undo steps
 * and its cursor while another is looked at. Lives on the main thread.
 *
 * Properties, to read: "title"; "detail": "stream · AF_INET"; "about"; "modified":
 * the text is not what the file or the library has.
 * Signals:
 *   "checked"  the text has been parsed again; once after a pause in typing
 *   "refused"  what was to be inserted is more than a session may have
 */
#define TRAMA_TYPE_SESSION_DOCUMENT (trama_session_document_get_type ())
G_DECLARE_FINAL_TYPE (TramaSessionDocument, trama_session_document, TRAMA, SESSION_DOCUMENT, GObject)

/* A session of the library, or of a trace: of @session's name and text. It has no file that may be written. */
TramaSessionDocument *trama_session_document_new (TramaSession *session);

/* A session in a file of the user's. What it says need not be valid. NULL with @error when it cannot be read. */
TramaSessionDocument *trama_session_document_open (const char *path, GError **error);

const char *trama_session_document_get_name (TramaSessionDocument *document); /* "telephone" */
const char *
trama_session_document_get_path (TramaSessionDocument *document); /* NULL: no file of the user's */
gboolean trama_session_document_get_modified (TramaSessionDocument *document);
char *trama_session_document_dup_text (TramaSessionDocument *document);

/* As it is edited. Made when first asked for; borrowed. Takes no more than a session may have. */
GtkTextBuffer *trama_session_document_get_buffer (TramaSessionDocument *document);

/* Whether there is room for @added bytes when @removed ones go. When not, "refused" is emitted. */
gboolean trama_session_document_has_room (TramaSessionDocument *document, gsize removed, gsize added);

/* The text as it stands, parsed. Borrowed. NULL: there is a mistake in it. */
TramaSession *trama_session_document_get_session (TramaSessionDocument *document);

/* Borrowed until the text changes. NULL: there is none. */
const TramaSessionProblem *trama_session_document_get_mistake (TramaSessionDocument *document);

/* The text as the file or the library has it; can be undone. */
void trama_session_document_revert (TramaSessionDocument *document);

/* Writes the text to @path, mode 0644 at most; what stood there is replaced whole or not at all. */
gboolean trama_session_document_write (TramaSessionDocument *document, const char *path, GError **error);

/* What is in the document is what its file has. */
void trama_session_document_set_saved (TramaSessionDocument *document);
