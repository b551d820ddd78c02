/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/lists/row_table.h"
#include "ui/view_state.h"

/*
 * The conversations of the trace in rows, sorted by any column and filtered by words. The
 * one that is looked at is selected; to select another alone is to look at it. Several may
 * be chosen as in every list; a menu has what can be done with them.
 *
 * Signals:
 *   "chosen" ()             others are
 *   "told" (const char *)   what has been done, translated
 */
#define TRAMA_TYPE_CONVERSATION_LIST (trama_conversation_list_get_type ())
G_DECLARE_FINAL_TYPE (TramaConversationList, trama_conversation_list, TRAMA, CONVERSATION_LIST, GtkWidget)

/* Once. Keeps a reference. */
void trama_conversation_list_set_state (TramaConversationList *list, TramaViewState *state);

/* As typed into its entry. */
void trama_conversation_list_set_filter (TramaConversationList *list, const char *text);

TramaRowTable *trama_conversation_list_get_table (TramaConversationList *list);

/* The conversation of a row. */
guint32 trama_conversation_list_get_flow (TramaConversationList *list, guint row);

/* Those that are chosen, of guint32, as their rows stand; the caller's. */
GArray *trama_conversation_list_dup_chosen (TramaConversationList *list);

/* Many of them are still being filtered or sorted. */
gboolean trama_conversation_list_is_busy (TramaConversationList *list);

/* The text of one cell, as it is shown. The caller's to free. */
char *trama_conversation_list_dup_cell (TramaConversationList *list, guint row, guint column);
