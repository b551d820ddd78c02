/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/inspector/field_list.h"
#include "ui/inspector/hex_view.h"

/*
 * Bytes and their fields, one above the other: choosing a field marks its bytes,
 * choosing a byte chooses its field. With "scrolls" TRUE each part scrolls by
 * itself and the bytes stay in sight; otherwise it is as tall as what it shows.
 */
#define TRAMA_TYPE_BYTES_PANEL (trama_bytes_panel_get_type ())
G_DECLARE_FINAL_TYPE (TramaBytesPanel, trama_bytes_panel, TRAMA, BYTES_PANEL, GtkWidget)

/* Takes references; both NULL: nothing. */
void trama_bytes_panel_set (TramaBytesPanel *panel, GBytes *bytes, TramaFields *fields);

/* Borrowed. */
TramaHexView *trama_bytes_panel_get_hex (TramaBytesPanel *panel);
TramaFieldList *trama_bytes_panel_get_list (TramaBytesPanel *panel);
