/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"

#include <gtk/gtk.h>

/*
 * The library of sessions, to choose from.
 *
 * Signal "chosen" (TramaSession*): a row was selected, by the user or by
 * trama_session_list_choose ().
 */
#define TRAMA_TYPE_SESSION_LIST (trama_session_list_get_type ())
G_DECLARE_FINAL_TYPE (TramaSessionList, trama_session_list, TRAMA, SESSION_LIST, GtkWidget)

/* FALSE when the library has no session of that name. NULL: the first there is. */
gboolean trama_session_list_choose (TramaSessionList *list, const char *name);

/* Nothing is chosen any more; no signal. */
void trama_session_list_clear (TramaSessionList *list);

/* Of TramaSessionItem. Borrowed. */
GListModel *trama_session_list_get_model (TramaSessionList *list);
