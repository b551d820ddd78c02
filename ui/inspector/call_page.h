/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/inspector/bytes_panel.h"
#include "ui/inspector/link_list.h"
#include "ui/view_state.h"

/* One call, explained: what the inspector shows of it. */
#define TRAMA_TYPE_CALL_PAGE (trama_call_page_get_type ())
G_DECLARE_FINAL_TYPE (TramaCallPage, trama_call_page, TRAMA, CALL_PAGE, GtkWidget)

/* @state has a table, and it has the call. */
void trama_call_page_show (TramaCallPage *page, TramaViewState *state, guint call);

/* Everything on the page but the bytes, as text. The caller's to free. */
char *trama_call_page_dup_text (TramaCallPage *page);

/* Borrowed. */
TramaLinkList *trama_call_page_get_links (TramaCallPage *page);
