/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/talk/transcript.h"
#include "core/flow/talk/utter_search.h"

#include <gtk/gtk.h>

/*
 * The lines of a transcript, coloured and marked by side, with the hits of a search lit.
 * Several may be selected. Rows are made for what is in view.
 *
 * Signal "line-chosen" (guint): one line, by the user.
 */
#define TRAMA_TYPE_STREAM_LINES (trama_stream_lines_get_type ())
G_DECLARE_FINAL_TYPE (TramaStreamLines, trama_stream_lines, TRAMA, STREAM_LINES, GtkWidget)

/*
 * Another transcript; borrowed until the next. @continues: the lines of the one before are
 * still there, and those that are selected stay so. NULL: none.
 */
void trama_stream_lines_set (TramaStreamLines *lines, const TramaTranscript *transcript, gboolean continues);

/* It has come to have more lines. */
void trama_stream_lines_grow (TramaStreamLines *lines);

/* What is lit; borrowed until the next; NULL: nothing. @current: the hit that one is at, G_MAXUINT: at none. */
void trama_stream_lines_light (TramaStreamLines *lines, const TramaUtterSearch *search, guint current);

/* Selects a line alone, and scrolls to it; beyond the last: none. */
void trama_stream_lines_select (TramaStreamLines *lines, guint index);

/* The first that is selected; G_MAXUINT: none. */
guint trama_stream_lines_get_selected (TramaStreamLines *lines);
guint trama_stream_lines_n_selected (TramaStreamLines *lines);

/* The lines that are selected, all when none is, as they stand; at most 4 MiB. The caller's to free. */
char *trama_stream_lines_dup_text (TramaStreamLines *lines);
