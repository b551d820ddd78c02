/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * A column view over any number of rows: text that is asked for when a row comes into
 * view, one row selected, or several, and sorting by what the head of a column says, which
 * whoever owns the rows has to do. Columns leave when there is no room for them, and the menu
 * of their heads shows them all the same.
 *
 * Signals:
 *   "row-selected" (guint)              by the user, alone; not by trama_row_table_select
 *   "chosen" ()                         other rows are selected, of a table that allows several
 *   "menu" (double, double)             asked for by the right button or a key; where, in the table
 *   "row-activated" (guint)             double click or Enter
 *   "sort-changed" (guint, gboolean)    column; descending
 */
#define TRAMA_TYPE_ROW_TABLE (trama_row_table_get_type ())
G_DECLARE_FINAL_TYPE (TramaRowTable, trama_row_table, TRAMA, ROW_TABLE, GtkWidget)

typedef struct
{
  const char *title; /* marked to be translated */
  int width_chars;
  gboolean is_number;
  gboolean is_wide; /* takes what the others leave, at least those letters */
  guint leaves;     /* which it is of those that leave when there is no room for all, from 1; 0: it stays */
} TramaRowColumn;

/* The text of one cell; the table frees it. */
typedef char *(*TramaRowTextFunc) (guint row, guint column, gpointer user_data);

GtkWidget *trama_row_table_new (void);

/* Once. @columns are borrowed for the life of the table. */
void trama_row_table_set_columns (TramaRowTable *table,
                                  const char *name, /* for assistive tools; translated */
                                  const TramaRowColumn *columns,
                                  guint n_columns,
                                  gboolean sortable,
                                  TramaRowTextFunc text,
                                  gpointer user_data);

/* Any rows may be selected at once, as in every list: Ctrl, Shift, Ctrl+A. Once, at first. */
void trama_row_table_allow_several (TramaRowTable *table);

/* Rows come or go at the end; the text of those in view is asked for again. */
void trama_row_table_resize (TramaRowTable *table, guint n_rows);

/* Other rows: none is selected, and the first is in view. */
void trama_row_table_replace (TramaRowTable *table, guint n_rows);

guint trama_row_table_get_size (TramaRowTable *table);

/* Whether all of them have come: a long list that begins has its rows a few in a frame (row_growth.h). */
gboolean trama_row_table_is_whole (TramaRowTable *table);

/* It alone, unless it is selected already, and scrolls there. G_MAXUINT: none. */
void trama_row_table_select (TramaRowTable *table, guint row);

/* The first of those that are selected; G_MAXUINT: none is. */
guint trama_row_table_get_selected (TramaRowTable *table);

/* All that are selected; the caller's copy. To choose is for a table that allows several. */
void trama_row_table_choose (TramaRowTable *table, GtkBitset *rows);
GtkBitset *trama_row_table_dup_chosen (TramaRowTable *table);

/* As a click on the head of a column does. */
void trama_row_table_sort (TramaRowTable *table, guint column, gboolean descending);
