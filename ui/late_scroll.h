/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * Keeps what is scrolled in GTK 4.8 from moving or showing its scrollbars when it must not.
 *
 * A view learns how large its contents are while it is given its size, a GtkTextView even while it is
 * drawn (gtk_text_view_paint ()). Told of that, the scrollbar and, if one must come or go, the scrolled window
 * and all around it want to be allocated again. What gtk_widget_allocate () is not in the middle of then
 * keeps that wish until the next frame, and GTK warns that it is drawn without a current allocation.
 * And when a view that scrolls smoothly is unmapped, gtk_adjustment_enable_animation () sets the value
 * that was aimed at; a text view answers with another, which ends the animation, and GTK ends it a second time,
 * with a warning of a handler that is not there.
 *
 * So the view gets adjustments of its own, which nobody animates; those of the scrolled window follow them in
 * the next frame, before sizes are given out.
 *
 * Not for lists, which need more: column_scroll.h.
 * After gtk_scrolled_window_set_child (). Lives as long as @window.
 */
void trama_late_scroll_cure (GtkScrolledWindow *window, GtkScrollable *view);
