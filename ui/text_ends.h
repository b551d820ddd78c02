/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * Lets the cursor of a text stop at its ends without a loss. Asked to go visually beyond its first or its last line,
 * gtk_text_layout_move_iter_visually () of GTK 4.8 returns without a gtk_text_line_display_unref (): each Left at the
 * beginning of a text, each Right at its end, may leak the layout of a line. By logical positions nothing moves there
 * either.
 *
 * For the life of @view.
 */
void trama_text_ends_guard (GtkTextView *view);
