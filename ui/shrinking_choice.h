/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * A drop-down of strings is as wide as what is chosen in it, and with large text a bar with two
 * of them would make the window wider than the screen. This one is cut with an ellipsis where
 * there is no room; its list still shows all of every string.
 */
void trama_shrinking_choice_init (GtkDropDown *choice);
