/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* The colours of a session's text, as tags of its buffer. */

/* Makes the tags if there are none yet, and gives them the colours for a light or a dark ground. */
void trama_session_colors_prepare (GtkTextBuffer *buffer, gboolean dark);

/* Colours the lines from that of @first to that of @last anew; lines count from 0. */
void trama_session_colors_apply (GtkTextBuffer *buffer, int first, int last);

/* Underlines the word at a place, both from 1; column 0: the whole line; line 0: nothing is underlined. */
void trama_session_colors_mark_mistake (GtkTextBuffer *buffer, guint line, guint column);
