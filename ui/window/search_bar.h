/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view_state.h"

#include <gtk/gtk.h>

/*
 * Searches the trace for what is typed and selects a hit (core/flow/search/query.h says what can
 * be searched for). It works in slices between frames, so that the window stays alive.
 *
 * Whoever had the focus when it was opened gets it back. Signal "closed": by the user, and there is nobody
 * to give the focus back to.
 */
#define TRAMA_TYPE_SEARCH_BAR (trama_search_bar_get_type ())
G_DECLARE_FINAL_TYPE (TramaSearchBar, trama_search_bar, TRAMA, SEARCH_BAR, GtkWidget)

/* Once. Keeps a reference. */
void trama_search_bar_set_state (TramaSearchBar *bar, TramaViewState *state);

/* Shows the bar and lets the user type. */
void trama_search_bar_open (TramaSearchBar *bar);

/* FALSE: it is not shown. */
gboolean trama_search_bar_close (TramaSearchBar *bar);

/* As if it were typed. */
void trama_search_bar_set_text (TramaSearchBar *bar, const char *text);

/* Selects the next hit (1) or the one before (-1). */
void trama_search_bar_step (TramaSearchBar *bar, int direction);

/* Not all of the trace has been looked at. */
gboolean trama_search_bar_is_busy (TramaSearchBar *bar);

guint trama_search_bar_n_hits (TramaSearchBar *bar);

/* What it says of its hits, or of what is wrong with what was typed. */
const char *trama_search_bar_get_status (TramaSearchBar *bar);
