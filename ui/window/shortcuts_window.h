/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * All keys and gestures, in one column that scrolls, and a search for what one does. A
 * GtkShortcutsWindow is as wide as two columns of them and as high as the longest group, whatever
 * the screen has room for, and has no scrollbars.
 */
#define TRAMA_TYPE_SHORTCUTS_WINDOW (trama_shortcuts_window_get_type ())
G_DECLARE_FINAL_TYPE (TramaShortcutsWindow, trama_shortcuts_window, TRAMA, SHORTCUTS_WINDOW, GtkWindow)

/* Above @parent, which destroys it with itself. */
GtkWindow *trama_shortcuts_window_new (GtkWindow *parent);
