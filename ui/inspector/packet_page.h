/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/inspector/bytes_panel.h"
#include "ui/inspector/link_list.h"
#include "ui/view_state.h"

/* One packet, explained: its headers field by field beside its bytes. */
#define TRAMA_TYPE_PACKET_PAGE (trama_packet_page_get_type ())
G_DECLARE_FINAL_TYPE (TramaPacketPage, trama_packet_page, TRAMA, PACKET_PAGE, GtkWidget)

/* @state has a table, and it has the packet. */
void trama_packet_page_show (TramaPacketPage *page, TramaViewState *state, guint packet);

/* Everything on the page but the bytes, as text. The caller's to free. */
char *trama_packet_page_dup_text (TramaPacketPage *page);

/* Borrowed. */
TramaBytesPanel *trama_packet_page_get_panel (TramaPacketPage *page);
TramaLinkList *trama_packet_page_get_links (TramaPacketPage *page);
