/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/lists/row_table.h"

/*
 * Which columns of a table are shown: those there is room for, the others leave in the
 * order that the table gives them; and a menu of its heads, which shows or hides any of
 * them whatever room there is. Belongs to its table.
 */
typedef struct _TramaColumnFit TramaColumnFit;

/* Of @view within @table, which has these columns; both are borrowed, and outlive it. */
TramaColumnFit *
trama_column_fit_new (GtkWidget *table, GtkColumnView *view, const TramaRowColumn *columns, guint n_columns);
void trama_column_fit_free (TramaColumnFit *fit);

/* The table has become so wide, or its letters have: the columns follow in the next frame. */
void trama_column_fit_set_width (TramaColumnFit *fit, int width_px);
