/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/field.h"

#include <gtk/gtk.h>

/*
 * Fields as rows, indented by depth: name, value, meaning. Rows of depth 0 are
 * headings. Ctrl+C copies the selected row.
 *
 * Signal "field-selected" (guint offset, guint size_bytes): the bytes it covers.
 */
#define TRAMA_TYPE_FIELD_LIST (trama_field_list_get_type ())
G_DECLARE_FINAL_TYPE (TramaFieldList, trama_field_list, TRAMA, FIELD_LIST, GtkWidget)

/* Takes a reference. NULL: none. */
void trama_field_list_set_fields (TramaFieldList *list, TramaFields *fields);

/* Selects the narrowest field that covers the byte at @offset, and scrolls to it. FALSE: none does. */
gboolean trama_field_list_select_byte (TramaFieldList *list, guint offset);

/* The row that is selected, as text; NULL: none. The caller's to free. */
char *trama_field_list_dup_selected (TramaFieldList *list);

/* Every row as text, one a line, two spaces for each depth. The caller's to free. */
char *trama_field_list_dup_text (TramaFieldList *list);
