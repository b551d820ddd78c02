/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/inspector/call_page.h"
#include "ui/inspector/note_card.h"
#include "ui/inspector/packet_page.h"

/*
 * What is selected, explained: a call, a packet, or a note of the session; what was found about
 * it above, what the user has written beside it below.
 */
#define TRAMA_TYPE_INSPECTOR (trama_inspector_get_type ())
G_DECLARE_FINAL_TYPE (TramaInspector, trama_inspector, TRAMA, INSPECTOR, GtkWidget)

/* Keeps a reference. */
void trama_inspector_set_state (TramaInspector *inspector, TramaViewState *state);

/* What it shows, as text; "" when nothing is selected. The caller's to free. */
char *trama_inspector_dup_text (TramaInspector *inspector);

/* What was found about the selected event; see trama_finding_cards_dup_text (). */
char *trama_inspector_dup_findings (TramaInspector *inspector);

/* Borrowed. */
TramaNoteCard *trama_inspector_get_note_card (TramaInspector *inspector);
TramaCallPage *trama_inspector_get_call_page (TramaInspector *inspector);
TramaPacketPage *trama_inspector_get_packet_page (TramaInspector *inspector);
