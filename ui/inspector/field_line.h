/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/field.h"

#include <gtk/gtk.h>

/*
 * One field on a line: its name on the left, indented by depth, value and meaning
 * on the right, where they begin at the same place on every line. A heading (depth
 * 0) takes what it needs. Texts wrap.
 *
 * A box with a size group will not do: GtkBox in 4.8 asks wrapping labels for
 * their width at a given height, which is that of one long line.
 */
#define TRAMA_TYPE_FIELD_LINE (trama_field_line_get_type ())
G_DECLARE_FINAL_TYPE (TramaFieldLine, trama_field_line, TRAMA, FIELD_LINE, GtkWidget)

GtkWidget *trama_field_line_new (void);

/* Any number of times. */
void trama_field_line_set (TramaFieldLine *line, const TramaField *field);
