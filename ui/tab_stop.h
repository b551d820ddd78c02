/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * A list is one stop of the Tab key, and the arrows go through its rows (ARIA, keyboard
 * interface). GTK 4.8 stops at every row, and neither leaves the last one nor, by
 * Shift+Tab, comes back to the first. For the focus () of the widget around a list.
 */
gboolean trama_tab_stop_is_tab (GtkDirectionType direction);

/* Takes the focus to the row that had it last; FALSE: the list has it already, or has no row, and it goes on. */
gboolean trama_tab_stop_focus (GtkWidget *list);
