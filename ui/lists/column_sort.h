/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * Which column a view is sorted by, as the heads of its columns say. GTK 4.8 does not tell: it only compares
 * rows. Who owns the rows sorts them.
 */
typedef struct _TramaColumnSort TramaColumnSort;

typedef void (*TramaColumnSortFunc) (guint column, gboolean descending, gpointer user_data);

/* @view is borrowed. @func hears when it is sorted by another column, or the other way round. */
TramaColumnSort *trama_column_sort_new (GtkColumnView *view, TramaColumnSortFunc func, gpointer user_data);

/* Before @view goes. */
void trama_column_sort_free (TramaColumnSort *sort);

/* The head of @column, which is number @index of the view, sorts by it from now on. */
void trama_column_sort_add (TramaColumnSort *sort, GtkColumnViewColumn *column, guint index);
