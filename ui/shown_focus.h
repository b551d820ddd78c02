/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * Keeps the focus of a window where somebody sees it.
 *
 * What is hidden loses the focus only after the frame is drawn, and GTK 4.8 then gives it to what the parent has
 * to offer (maybe_unset_focus_and_default ()), also what is not shown: the entry that had it, on a page of a stack
 * that went, or a closed menu. Keys then go where nobody looks. And a GtkText that is not mapped does not hear
 * that its text was selected (gtk_text_recompute ()), not even by the focus it gets itself: its cursor goes on
 * blinking, and in the next frame GTK warns of an "unexpected blinking selection".
 *
 * So what has the focus and is not shown loses it before a frame, and after the frame, when GTK has made its
 * choice, @fallback gets it; where that is not shown either, whatever Tab comes to first. Only @fallback may have
 * it unseen: before the picture is there, the keys are promised to it.
 *
 * Only a row of a list is waited for a little: an arrow key goes to it before the list has scrolled.
 *
 * Lives as long as @window, which holds @fallback.
 */
void trama_shown_focus_keep (GtkWindow *window, GtkWidget *fallback);
