/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * A line of text in a row of a list, as large as so many letters of its font, whatever it says: a text that is
 * longer ends in an ellipsis. It is laid out when it is drawn, and not before: of two hundred rows a view of
 * GTK 4.8 keeps most where nobody sees them, and a GtkLabel lays out its text each time it is set. (A
 * GtkInscription does not, but measures its font anew in each row, which takes as long.)
 */
#define TRAMA_TYPE_CELL (trama_cell_get_type ())
G_DECLARE_FINAL_TYPE (TramaCell, trama_cell, TRAMA, CELL, GtkWidget)

/* The size of a letter of the font that all cells have that share it; measured once. */
typedef struct _TramaLetter TramaLetter;

TramaLetter *trama_letter_new (void);
TramaLetter *trama_letter_ref (TramaLetter *letter);
void trama_letter_unref (TramaLetter *letter);

/* @letter is shared; @xalign: 0 the text begins at the left, 1 it ends at the right. */
GtkWidget *trama_cell_new (TramaLetter *letter, float xalign);

/* Line breaks are drawn as a sign of their own. */
void trama_cell_set_text (TramaCell *cell, const char *text);
const char *trama_cell_get_text (TramaCell *cell);

/* NULL: none. Keeps a reference. */
void trama_cell_set_attributes (TramaCell *cell, PangoAttrList *attributes);

/* In letters. */
void trama_cell_set_width (TramaCell *cell, guint n_letters);
