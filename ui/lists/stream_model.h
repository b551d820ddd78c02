/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/lists/row_model.h"

#include <gtk/gtk.h>

/*
 * So many rows, any of which may be selected: a list model and a selection model in one. An
 * item is a TramaRow, made when a view asks for it; what is selected is a set of numbers.
 * (GtkMultiSelection of GTK 4.8 keeps an object for each row that is selected.)
 */
#define TRAMA_TYPE_STREAM_MODEL (trama_stream_model_get_type ())
G_DECLARE_FINAL_TYPE (TramaStreamModel, trama_stream_model, TRAMA, STREAM_MODEL, GObject)

TramaStreamModel *trama_stream_model_new (void);

/* Rows come or go at the end. */
void trama_stream_model_resize (TramaStreamModel *model, guint n_rows);

/* Other rows, all of them; none is selected. */
void trama_stream_model_replace (TramaStreamModel *model, guint n_rows);

/* What is selected. Borrowed; valid until it changes. */
const GtkBitset *trama_stream_model_get_selected (TramaStreamModel *model);
