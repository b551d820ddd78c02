/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/lists/row_table.h"
#include "ui/view_state.h"

/*
 * What was found in the trace, in rows: the worst first, sorted by any column and filtered
 * by words. To choose a row is to select the event that it is about.
 */
#define TRAMA_TYPE_FINDINGS_LIST (trama_findings_list_get_type ())
G_DECLARE_FINAL_TYPE (TramaFindingsList, trama_findings_list, TRAMA, FINDINGS_LIST, GtkWidget)

/* Once. Keeps a reference. */
void trama_findings_list_set_state (TramaFindingsList *list, TramaViewState *state);

/* As typed into its entry. */
void trama_findings_list_set_filter (TramaFindingsList *list, const char *text);

TramaRowTable *trama_findings_list_get_table (TramaFindingsList *list);

/* The finding of a row, by its index. */
guint32 trama_findings_list_get_finding (TramaFindingsList *list, guint row);

/* Many of them are still being filtered or sorted. */
gboolean trama_findings_list_is_busy (TramaFindingsList *list);

/* The text of one cell, as it is shown. The caller's to free. */
char *trama_findings_list_dup_cell (TramaFindingsList *list, guint row, guint column);
