/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/lists/row_table.h"
#include "ui/view_state.h"

/*
 * The packets and calls of the trace in rows, in the order of the ladder and with the same
 * selection: what it shows, for those who want rows, and for those who cannot see it. Each
 * is told in a sentence.
 */
#define TRAMA_TYPE_EVENT_LIST (trama_event_list_get_type ())
G_DECLARE_FINAL_TYPE (TramaEventList, trama_event_list, TRAMA, EVENT_LIST, GtkWidget)

/* Once. Keeps a reference. */
void trama_event_list_set_state (TramaEventList *list, TramaViewState *state);

TramaRowTable *trama_event_list_get_table (TramaEventList *list);

/* The text of one cell, as it is shown. The caller's to free. */
char *trama_event_list_dup_cell (TramaEventList *list, guint row, guint column);
