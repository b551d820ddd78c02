/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/lists/conversation_list.h"
#include "ui/lists/event_list.h"
#include "ui/lists/findings_list.h"
#include "ui/lists/stream_view.h"

/* What stands below the ladder: conversations, events or findings in rows, or what was said. */
#define TRAMA_TYPE_LISTS_PANE (trama_lists_pane_get_type ())
G_DECLARE_FINAL_TYPE (TramaListsPane, trama_lists_pane, TRAMA, LISTS_PANE, GtkWidget)

/* Once. */
void trama_lists_pane_set_state (TramaListsPane *pane, TramaViewState *state);

/* "conversations", "events" or "stream"; and puts the focus into it. */
void trama_lists_pane_show (TramaListsPane *pane, const char *page);
const char *trama_lists_pane_get_page (TramaListsPane *pane);

TramaConversationList *trama_lists_pane_get_conversations (TramaListsPane *pane);
TramaEventList *trama_lists_pane_get_events (TramaListsPane *pane);
TramaFindingsList *trama_lists_pane_get_findings (TramaListsPane *pane);
TramaStreamView *trama_lists_pane_get_stream (TramaListsPane *pane);
