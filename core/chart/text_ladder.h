/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/text_row.h"
#include "core/flow/flow.h"

/*
 * What the files of the text ladder share: its columns, where it has come to, and
 * the line that is being written.
 */
#define TRAMA_TEXT_FIRST_LINE 27 /* x of the leftmost lifeline, behind both times */

typedef struct
{
  char *title;   /* owned */
  guint32 actor; /* TRAMA_ACTOR_NONE: a side nobody is known of */
  guint x;       /* of its lifeline */
  guint blocked; /* calls that sleep now */
} TramaTextColumn;

typedef struct
{
  TramaFlowTable *table; /* borrowed */
  TramaStore *store;
  guint width;
  gboolean anonymous; /* no actors: the columns are the sides of the conversations */
  GArray *columns;    /* of TramaTextColumn */
  GArray *phases;     /* by time */
  guint next_phase;
  guint8 *shown; /* by change of state: it has been written */
  guint next_change;
  gint64 begin_ns;
  gint64 last_ns;
  TramaTextRow row;
  GString *out;
} TramaTextLadder;

/* text_columns.c: who stands where, and what stands beside a lifeline. Strings are the caller's. */
void trama_text_columns_add (TramaTextLadder *ladder);
void trama_text_column_clear (gpointer column);
TramaTextColumn *trama_text_column_at (const TramaTextLadder *ladder, guint index);
TramaTextColumn *trama_text_columns_of_actor (const TramaTextLadder *ladder, guint32 actor);
TramaTextColumn *
trama_text_columns_of_side (const TramaTextLadder *ladder, const TramaFlow *flow, guint side);
void trama_text_line_begin (TramaTextLadder *ladder);
void trama_text_line_put_time (TramaTextLadder *ladder, gint64 time_ns);
void trama_text_line_put_beside (TramaTextLadder *ladder, const TramaTextColumn *column, const char *text);
guint trama_text_line_room_beside (const TramaTextLadder *ladder, const TramaTextColumn *column);
void trama_text_line_end (TramaTextLadder *ladder);
char *trama_text_printable (const char *text);
char *trama_text_state_label (guint8 state);

/* The first change of state at @time_ns or later. */
guint trama_text_find_change (const TramaTextLadder *ladder, gint64 time_ns);

/* text_packet.c */
void trama_text_packet_write (TramaTextLadder *ladder, guint packet);
