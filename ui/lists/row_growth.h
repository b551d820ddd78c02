/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * Gives rows to a list a few in a frame. A view of GTK 4.8 makes widgets for its first two hundred rows at
 * once, in view or not, and keeps no others however many rows there are: that takes four frames and more, in
 * which the window answers nobody. So the first come in parts, and then all the others at once; and they
 * go in the same way.
 */
typedef struct _TramaRowGrowth TramaRowGrowth;

/* Shall make the list @n_rows long. @is_whole: that is all. */
typedef void (*TramaRowGrowthFunc) (guint n_rows, gboolean is_whole, gpointer user_data);

/* @widget, borrowed, is what is drawn in the frames. */
TramaRowGrowth *trama_row_growth_new (GtkWidget *widget, TramaRowGrowthFunc func, gpointer user_data);
void trama_row_growth_free (TramaRowGrowth *growth);

/*
 * The list shall have @n_rows: that many, or nearer to it, at once, and the rest soon. Of rows that shall not be
 * there any more some may stay for a moment, and shall say nothing.
 */
void trama_row_growth_set (TramaRowGrowth *growth, guint n_rows);

/* How many it shall have, and whether it has them. */
guint trama_row_growth_get (const TramaRowGrowth *growth);
gboolean trama_row_growth_is_whole (const TramaRowGrowth *growth);
