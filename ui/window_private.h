/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window.h"

/* Shared by window.c (what it shows) and window_actions.c (what can be done). */

/* Keys of notices: what is wrong with the trace that is shown; with the last file written. */
#define TRAMA_NOTICE_TRACE "trace"
#define TRAMA_NOTICE_FILE "file"

struct _TramaWindow
{
  GtkApplicationWindow parent_instance;

  /* template children */
  GtkLabel *header_title;
  GtkLabel *header_subtitle;
  GtkButton *run_button;
  GtkStack *run_stack;
  TramaNotices *notices;
  TramaToast *toast;
  GtkPaned *outer;
  GtkPaned *inner;
  TramaSessionList *sessions;
  GtkStack *stage;
  GtkProgressBar *progress;
  GtkImage *status_icon;
  GtkLabel *status_title;
  GtkLabel *status_text;
  TramaLadderView *ladder;
  TramaInspector *inspector;

  /* owned */
  TramaViewState *state;
  TramaFeed *feed;
  TramaSession *session; /* what runs; NULL: a file is shown */
  char *path;            /* the file that is shown; NULL: a session */

  /* state */
  guint adapt_id;
  gboolean saved; /* the trace that is shown is in a file of the user's */
  gboolean told_following;
  gboolean narrow;
  gboolean sessions_when_wide;
  gboolean inspector_when_wide;
  gboolean placed; /* the panes have got their first width */
};

/* Of window.c: the trace has been written whole. */
void trama_window_set_saved (TramaWindow *self);

/* Of window_actions.c. */
void trama_window_add_actions (TramaWindow *self);

/* Lets the user do what makes sense now. */
void trama_window_update_actions (TramaWindow *self);
