/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window/window.h"

/*
 * Shared by window.c (what it shows), window_actions.c (what can be done with it),
 * window_layout.c (how large its parts are), window_lists.c (what stands beside the
 * ladder), window_limits.c (what the capture lacks), window_lanes.c (how its columns are arranged), window_go.c (the ways through it),
 * window_recent.c (the files of before),
 * window_remarks.c (what the user writes into it) and window_sessions.c (which session is
 * looked at, edited, run and stepped).
 */

/* Keys of notices: what is wrong with the trace that is shown; with the last file written. */
#define TRAMA_NOTICE_TRACE "trace"
#define TRAMA_NOTICE_FILE "file"

/* Sizes of panes in pixels of normal text, as they were kept; 0: they were not. */
typedef struct
{
  int sessions_px;
  int editor_px;
  int inspector_px;
  int lists_px;
} TramaWindowLayout;

struct _TramaWindow
{
  GtkApplicationWindow parent_instance;

  /* template children */
  GtkLabel *header_title;
  GtkLabel *header_subtitle;
  GtkButton *run_button;
  GtkStack *run_stack;
  GtkMenuButton *menu_button;
  TramaNotices *notices;
  TramaToast *toast;
  GtkPaned *outer;
  GtkPaned *inner;
  GtkPaned *middle;
  TramaSessionEditor *editor;
  TramaStepBar *step_bar;
  TramaSessionList *sessions;
  GtkStack *stage;
  GtkProgressBar *progress;
  GtkImage *status_icon;
  GtkLabel *status_title;
  GtkLabel *status_text;
  TramaOverviewView *overview;
  GtkScrolledWindow *ladder_scroller;
  TramaLadderView *ladder;
  TramaInspector *inspector;
  GtkPaned *lower;
  TramaListsPane *lists;
  TramaSearchBar *search;
  GMenuModel *ladder_menu;
  GMenuModel *column_menu;
  GMenu *file_section;

  /* owned */
  TramaViewState *state;
  TramaFeed *feed;
  TramaInquiry *inquiry;
  TramaStepper *stepper;
  TramaSessionDocument *document; /* that is looked at, and run next; NULL: none */
  TramaSession *session;          /* what is shown; NULL: a file is */
  char *path;                     /* the file that is shown; NULL: a session */
  GMenu *recent;                  /* the files of before */

  /* borrowed */
  GSimpleActionGroup *go; /* of window_go.c */
  GtkWidget *question;    /* whether to close; NULL: it is not asked */
  TramaNotePopover *note; /* of the ladder; NULL until one is written */
  GtkWindow *help;        /* weak; NULL: it is not looked at */

  /* state */
  guint adapt_id;
  guint following_id; /* until it is said */
  gboolean saved;     /* the trace that is shown is in a file of the user's */
  gboolean starts;    /* another picture than before, and nobody steps through it */
  gboolean narrow;
  gboolean sessions_when_wide;
  gboolean inspector_when_wide;
  gboolean editor_when_wide;
  gboolean inspector_gave_way;   /* to the editor, and comes back when that goes */
  TramaSession *waiting_session; /* owned; to be run when the notes may go */
  char *waiting_path;            /* to be opened then */
  gboolean waiting_held;
  gint64 mark_ns; /* the mark that was gone to last; TRAMA_TIME_NONE: something else since */
  TramaWindowLayout layout;
  gboolean placed;       /* the panes have got their first width */
  gboolean lists_placed; /* and the lists below their first height */
};

/* Of window.c: what the header bar says. */
void trama_window_update_header (TramaWindow *self);

/* Of window.c: the trace has been written whole. */
void trama_window_set_saved (TramaWindow *self);

/* Of window.c: shows a session from its beginning; @held, before its first step. */
void trama_window_run (TramaWindow *self, TramaSession *session, gboolean held);

/* Of window.c: so many pixels of normal text, at the size that text has. */
double trama_window_scale_px (TramaWindow *self, double px);

/* Of window_sessions.c. */
void trama_window_add_session_actions (TramaWindow *self);
void trama_window_update_session_actions (TramaWindow *self);
void trama_window_take_step_key (TramaWindow *self); /* once it has its application */

/* After the editor was shown or hidden, or text has another size. */
void trama_window_make_room (TramaWindow *self);

/* NULL: no session is looked at. */
void trama_window_set_document (TramaWindow *self, TramaSessionDocument *document);

/* Its text as it stands; shows the mistake in it if there is one. */
void trama_window_run_document (TramaWindow *self, gboolean held);

/* The session that made the trace that is shown, if one did, is the one to edit and run again. */
void trama_window_adopt_session (TramaWindow *self);

/* A file of a session, valid or not. */
void trama_window_open_session (TramaWindow *self, const char *path);

/* FALSE: there are drafts that would be lost; it is asked whether they shall be. */
gboolean trama_window_may_close (TramaWindow *self);

/* Of window_layout.c: sizes as the last run left them; the panes, once the window is so wide; the lists, once. */
void trama_window_restore_layout (TramaWindow *self);
void trama_window_place_panes (TramaWindow *self, int width);
void trama_window_place_lists (TramaWindow *self);
void trama_window_keep_layout (TramaWindow *self);

/* Text has another size: nothing measured before holds. */
void trama_window_forget_sizes (TramaWindow *self);

/* Of window_drop.c: files may be dropped on it. */
void trama_window_take_drops (TramaWindow *self);

/* Of window_recent.c: the files of before, and another one of them: @path, which may be NULL, or "-", which is none. */
void trama_window_add_recent (TramaWindow *self);
void trama_window_remember (TramaWindow *self, const char *path);

/* Of window_lists.c: the lists below the ladder, and the search. */
void trama_window_add_lists (TramaWindow *self);

/* Of window_limits.c: what a capture does not tell. */
void trama_window_add_limits (TramaWindow *self);

/* Of window_remarks.c: notes and marks, and what undoes them. */
void trama_window_add_remarks (TramaWindow *self);
void trama_window_update_remarks (TramaWindow *self);

/*
 * TRUE: the trace has notes that are not saved, and it is asked whether they may go; if so, the session
 * is run, or the path opened, then. One of the two is NULL.
 */
gboolean trama_window_keeps_notes (TramaWindow *self, TramaSession *session, gboolean held, const char *path);

/* Of window_lanes.c: how the columns of the ladder are arranged. */
void trama_window_add_lanes (TramaWindow *self);

/* Of window_go.c: the ways through the ladder, for the menus. */
void trama_window_add_go (TramaWindow *self);

/* Of window_help.c: the window of shortcuts. */
void trama_window_add_help (TramaWindow *self);

/* Of window_clipboard.c: what is copied. */
void trama_window_add_clipboard (TramaWindow *self);
void trama_window_update_clipboard (TramaWindow *self);

/* Of window_actions.c. */
void trama_window_add_actions (TramaWindow *self);

/* Lets the user do what makes sense now. */
void trama_window_update_actions (TramaWindow *self);
