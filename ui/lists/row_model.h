/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/*
 * A list model of so many rows, each of which is nothing but its number: an item is made
 * when a view asks for it. What stands in a row is known to whoever made the model.
 * (GtkSortListModel and GtkFilterListModel keep an object for every row: 1.2 s and 600 MB
 * of ten million, in GTK 4.8.)
 */
#define TRAMA_TYPE_ROW_MODEL (trama_row_model_get_type ())
G_DECLARE_FINAL_TYPE (TramaRowModel, trama_row_model, TRAMA, ROW_MODEL, GObject)

#define TRAMA_TYPE_ROW (trama_row_get_type ())
G_DECLARE_FINAL_TYPE (TramaRow, trama_row, TRAMA, ROW, GObject)

TramaRowModel *trama_row_model_new (void);

/* Rows come or go at the end; the others are what they were. */
void trama_row_model_resize (TramaRowModel *model, guint n_rows);

/* Other rows, all of them. */
void trama_row_model_replace (TramaRowModel *model, guint n_rows);

guint trama_row_get_position (TramaRow *row);
