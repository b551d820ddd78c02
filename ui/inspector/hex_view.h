/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * Bytes in hexadecimal with their text beside them; as many to a line as fit. One
 * range is marked. Arrow keys move from byte to byte, Ctrl+C copies the marked
 * bytes. What goes beyond TRAMA_HEX_MAX_BYTES is not drawn, and the last line says so.
 *
 * Signal "byte-selected" (guint offset): by the user.
 */
#define TRAMA_HEX_MAX_BYTES 16384

#define TRAMA_TYPE_HEX_VIEW (trama_hex_view_get_type ())
G_DECLARE_FINAL_TYPE (TramaHexView, trama_hex_view, TRAMA, HEX_VIEW, GtkWidget)

/* Keeps a reference; NULL: none. Nothing is marked. */
void trama_hex_view_set_bytes (TramaHexView *view, GBytes *bytes);

void trama_hex_view_mark (TramaHexView *view, guint offset, guint size_bytes);
guint trama_hex_view_get_mark_offset (TramaHexView *view);
guint trama_hex_view_get_mark_size (TramaHexView *view);

/* The byte drawn at a point of the widget; -1: none. */
int trama_hex_view_byte_at (TramaHexView *view, double x, double y);

/* The marked bytes, all when none is marked: "48 65 6c 6c 6f". The caller's to free. */
char *trama_hex_view_dup_text (TramaHexView *view);
