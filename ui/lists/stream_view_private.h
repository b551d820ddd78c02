/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/lists/stream_view.h"

/* Shared by stream_view.c (what is shown), stream_find.c (the search) and stream_out.c (copied and saved). */

/* A dialogue, and how it is shown. */
typedef struct
{
  TramaDialogue *dialogue;     /* NULL: there is none */
  TramaTranscript *transcript; /* NULL: the dialogue is not whole yet */
} TramaStreamWork;

struct _TramaStreamView
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *box;
  GtkDropDown *sides;
  GtkDropDown *format;
  GtkLabel *summary;
  GtkEditable *entry;
  GtkLabel *count;
  GtkWidget *previous;
  GtkWidget *next;
  GtkStack *stack;
  GtkLabel *nothing;
  TramaStreamLines *lines;

  /* owned */
  TramaViewState *state;
  TramaStreamWork shown;
  TramaStreamWork coming;   /* to be shown when it is ready */
  TramaUtterSearch *search; /* NULL: nothing is searched for */
  char *names[2];
  char *query; /* what the entry said when it was searched for last */

  /* state */
  TramaTalk talk;
  gboolean has_talk;
  gboolean is_stale;    /* the trace has grown since .coming was begun, or while nobody saw it */
  gboolean is_choosing; /* the user has chosen a line: the selection that follows is no news */
  gboolean wants_focus; /* the lines shall have it when they are there */
  gboolean is_filling;  /* the controls are being set from here */
  guint work_id;
  guint rest_id; /* until it works again */
  gint64 worked_us;
  guint find_id;
  guint current;       /* hit; G_MAXUINT: none */
  TramaUtterHit place; /* of the current hit, for when it is searched again; size 0: none */
  gboolean is_to_jump;
};

/* Of stream_find.c: another transcript is shown; begins the search again if there is one. */
void trama_stream_find_again (TramaStreamView *self);
void trama_stream_find_stop (TramaStreamView *self);
void trama_stream_find_class_init (GtkWidgetClass *widget_class);
void trama_stream_find_init (TramaStreamView *self);

/* Of stream_out.c. */
void trama_stream_out_class_init (GtkWidgetClass *widget_class);

/* Of stream_view.c: which sides are shown. */
guint trama_stream_view_get_sides (TramaStreamView *self);
void trama_stream_view_show_line (TramaStreamView *self, guint index);

/* Selects the event that a line is of, wherever events are shown. */
void trama_stream_view_select_line (TramaStreamView *self, guint index);
