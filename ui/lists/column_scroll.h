/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * Scrolls a list or column view in GTK 4.8 without it jumping to its end.
 *
 * Before 4.10.1 (https://gitlab.gnome.org/GNOME/gtk/-/issues/2971) a list that is told two
 * positions before it is laid out once takes the second for a change of its size and
 * jumps. A wheel that turns faster than frames come does that. So the view gets
 * adjustments of its own, which follow those of the scrolled window once per frame,
 * and only when they are laid out where its rows have changed: GTK warns of a position in
 * rows that are not, also of one to the side. Scrollbars hear of new sizes in the next
 * frame, as in late_scroll.h.
 *
 * After gtk_scrolled_window_set_child (), with the model that the view keeps. Lives as
 * long as @window.
 */
void trama_column_scroll_cure (GtkScrolledWindow *window, GtkScrollable *view);
