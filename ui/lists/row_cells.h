/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/lists/row_table.h"

/*
 * The cells of a table that are in view, or near it: filled when they come, found again by their row or
 * by where they are, which a list of GTK 4.8 does not tell. Belongs to its table.
 */
typedef struct _TramaRowCells TramaRowCells;

/* Of @table, borrowed. */
TramaRowCells *trama_row_cells_new (GtkWidget *table);
void trama_row_cells_free (TramaRowCells *cells);

/* What they are filled with. @columns are borrowed; @text is called for rows that may have gone since, too. */
void trama_row_cells_set_text (TramaRowCells *cells,
                               const TramaRowColumn *columns,
                               TramaRowTextFunc text,
                               gpointer user_data);

/* Makes those of column @column; to be freed after the cells, with the view. */
GtkListItemFactory *trama_row_cells_new_factory (TramaRowCells *cells, guint column);

/* Asks for their text again. */
void trama_row_cells_refresh (TramaRowCells *cells);

/* The row's widget, which takes the focus; NULL: it is not in view, nor near it. */
GtkWidget *trama_row_cells_find (TramaRowCells *cells, guint row);

/* The row that is seen at @y, in coordinates of the table; G_MAXUINT: there is none. */
guint trama_row_cells_find_at (TramaRowCells *cells, double y);

/* The middle of a row that is seen, in coordinates of the table. FALSE: it is not. */
gboolean trama_row_cells_get_middle (TramaRowCells *cells, guint row, double *y);
