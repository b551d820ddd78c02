/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * Keeps a text view in GTK 4.8 from moving its scrollbar when it must not.
 *
 * A GtkTextView finds out how high its lines are, and scrolls to a mark, wherever it first needs to:
 * when it is given its size and even when it is drawn (gtk_text_view_paint ()). Its scrollbar, which is
 * drawn after it, then has no current allocation, and GTK warns of it. And when a view that scrolls
 * smoothly is unmapped, gtk_adjustment_enable_animation () sets the value that was aimed at; the view
 * answers with another, which ends the animation, and GTK ends it a second time, with a warning
 * (g_signal_handler_disconnect () of no handler). So the view gets an adjustment of its own, which nobody
 * animates; that of the scrolled window follows it before sizes are given out.
 *
 * After gtk_scrolled_window_set_child (). Lives as long as @window.
 */
void trama_text_scroll_cure (GtkScrolledWindow *window, GtkTextView *view);
