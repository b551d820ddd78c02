/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/feed.h"
#include "ui/inquiry.h"
#include "ui/inspector/inspector.h"
#include "ui/inspector/note_popover.h"
#include "ui/ladder/ladder_view.h"
#include "ui/ladder/overview_view.h"
#include "ui/lists/lists_pane.h"
#include "ui/notices.h"
#include "ui/session/session_editor.h"
#include "ui/session/session_list.h"
#include "ui/session/step_bar.h"
#include "ui/toast.h"
#include "ui/window/search_bar.h"

/*
 * The window: sessions on the left, the text of one beside them, the ladder in the
 * middle, what is selected on the right, and below the controls of what runs. It
 * owns one view state, one feed and one stepper.
 */
#define TRAMA_TYPE_WINDOW (trama_window_get_type ())
G_DECLARE_FINAL_TYPE (TramaWindow, trama_window, TRAMA, WINDOW, GtkApplicationWindow)

TramaWindow *trama_window_new (GtkApplication *application);

/*
 * Runs the session @argument names (in the library, or a file that ends in
 * ".session"), or opens the file @argument, or standard input for "-". NULL: runs
 * the first session of the library. Failure is shown in the window.
 */
void trama_window_start (TramaWindow *window, const char *argument);

void trama_window_open (TramaWindow *window, const char *path);

/* Write a file and say so, or why not. The conversation to be saved, if only one, is that of the selection. */
void trama_window_save (TramaWindow *window, const char *path, TramaFeedSaveFlags flags);
void trama_window_export (TramaWindow *window, const char *path);
void trama_window_save_session (TramaWindow *window, const char *path);

/* The parts, borrowed. */
TramaViewState *trama_window_get_state (TramaWindow *window);
TramaFeed *trama_window_get_feed (TramaWindow *window);
TramaLadderView *trama_window_get_ladder (TramaWindow *window);
TramaOverviewView *trama_window_get_overview (TramaWindow *window);
TramaInspector *trama_window_get_inspector (TramaWindow *window);
TramaSessionList *trama_window_get_sessions (TramaWindow *window);
TramaSessionEditor *trama_window_get_editor (TramaWindow *window);
TramaStepper *trama_window_get_stepper (TramaWindow *window);
TramaStepBar *trama_window_get_step_bar (TramaWindow *window);
TramaInquiry *trama_window_get_inquiry (TramaWindow *window);
TramaListsPane *trama_window_get_lists (TramaWindow *window);
TramaSearchBar *trama_window_get_search (TramaWindow *window);
/* Where a note is written, borrowed; NULL until one is. */
TramaNotePopover *trama_window_get_note (TramaWindow *window);

TramaNotices *trama_window_get_notices (TramaWindow *window);
TramaToast *trama_window_get_toast (TramaWindow *window);
