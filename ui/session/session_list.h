/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/session/session_document.h"

/*
 * The sessions to choose from: those of the library, and behind them those that
 * were opened or begun.
 *
 * Signal "chosen" (TramaSessionDocument*): a row was selected, by the user or by
 * trama_session_list_choose ().
 */
#define TRAMA_TYPE_SESSION_LIST (trama_session_list_get_type ())
G_DECLARE_FINAL_TYPE (TramaSessionList, trama_session_list, TRAMA, SESSION_LIST, GtkWidget)

/* FALSE when the library has no session of that name. NULL: the first there is. */
gboolean trama_session_list_choose (TramaSessionList *list, const char *name);

/* Shows which one is looked at; NULL or one that is not in the list: none. No signal. */
void trama_session_list_select (TramaSessionList *list, TramaSessionDocument *document);

/* At the end; does nothing when it is there. */
void trama_session_list_add (TramaSessionList *list, TramaSessionDocument *document);

void trama_session_list_remove (TramaSessionList *list, TramaSessionDocument *document);

/* Of TramaSessionDocument. Borrowed. */
GListModel *trama_session_list_get_model (TramaSessionList *list);
