/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/overview.h"
#include "ui/view_state.h"

#include <gtk/gtk.h>

/*
 * The whole trace of a view state on one strip, and on it the part that the ladder
 * shows. A drag chooses another part, a click moves it there; arrow keys, Home and
 * End move it, plus and minus make it smaller and larger.
 *
 * The index it needs of a large trace is made in idle time; until it is there, the
 * throughput is that of the beginning.
 */
#define TRAMA_TYPE_OVERVIEW_VIEW (trama_overview_view_get_type ())
G_DECLARE_FINAL_TYPE (TramaOverviewView, trama_overview_view, TRAMA, OVERVIEW_VIEW, GtkWidget)

/* Keeps a reference. */
void trama_overview_view_set_state (TramaOverviewView *view, TramaViewState *state);

/* As it is or will be drawn next; NULL: nothing to show, or no size yet. Borrowed. */
const TramaOverview *trama_overview_view_get_overview (TramaOverviewView *view);

/* Whether every packet of the trace is in it. */
gboolean trama_overview_view_is_complete (TramaOverviewView *view);
