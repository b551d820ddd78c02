/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/lists/row_table.h"

/*
 * By what a table is sorted, and in which direction: the heads of its columns are for the
 * mouse alone in GTK 4.8. Both say the same; whoever owns the rows hears "sort-changed" of
 * the table, and nothing else.
 */
#define TRAMA_TYPE_SORT_CONTROLS (trama_sort_controls_get_type ())
G_DECLARE_FINAL_TYPE (TramaSortControls, trama_sort_controls, TRAMA, SORT_CONTROLS, GtkWidget)

/* Once, of a table that has its columns, these; keeps no reference. Sorts it. */
void trama_sort_controls_set_table (TramaSortControls *controls,
                                    TramaRowTable *table,
                                    const TramaRowColumn *columns,
                                    guint n_columns,
                                    guint key,
                                    gboolean descending);
