/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart_private.h"
#include "core/chart/text_row.h"

/*
 * What the files of the text ladder share: its columns, where it has come to, and
 * the line that is being written.
 */
typedef struct
{
  char *title;   /* owned */
  guint x;       /* of its lifeline */
  guint blocked; /* calls that sleep now */
} TramaTextColumn;

typedef struct
{
  TramaFlowTable *table; /* borrowed */
  TramaStore *store;
  const TramaLanes *lanes; /* borrowed; NULL */
  TramaFlowSet *flows;     /* borrowed; NULL: all */
  gboolean crowded;        /* all who sent first share a column, and so do those whom they sent to */
  guint width;
  guint first_x;      /* of the leftmost lifeline, behind the times */
  TramaLayout layout; /* who has which column, as in the picture; nothing else of it is made */
  guint unknown;      /* the column of who is not known; G_MAXUINT: none */
  GArray *columns;    /* of TramaTextColumn */
  GArray *phases;     /* by time */
  guint next_phase;
  GArray *lives; /* of TramaLife, by time */
  guint next_life;
  GArray *remarks; /* of guint: notes of the user at a moment, by time */
  guint next_remark;
  guint8 *shown; /* by change of state: it has been written */
  guint next_change;
  gint64 begin_ns;
  gint64 last_ns;
  TramaTextRow row;
  GString *out;
} TramaTextLadder;

/* text_columns.c: who stands where, and what stands beside a lifeline. Strings are the caller's. */
void trama_text_columns_add (TramaTextLadder *ladder);
void trama_text_columns_clear (TramaTextLadder *ladder);
TramaTextColumn *trama_text_column_at (const TramaTextLadder *ladder, guint index);
TramaTextColumn *trama_text_columns_of_actor (const TramaTextLadder *ladder, guint32 actor);
TramaTextColumn *
trama_text_columns_of_side (const TramaTextLadder *ladder, guint32 flow, guint side, gint64 time_ns);
/* Where a packet comes from, and where it goes. */
void
trama_text_columns_of_packet (const TramaTextLadder *ladder, guint32 packet, TramaTextColumn *columns[2]);

/* Where it goes besides, by broadcast or multicast; how many these are. */
guint trama_text_receivers_of_packet (const TramaTextLadder *ladder,
                                      guint32 packet,
                                      TramaTextColumn *columns[TRAMA_RECEIVERS_MAX]);
void trama_text_line_begin (TramaTextLadder *ladder);
void trama_text_line_put_time (TramaTextLadder *ladder, gint64 time_ns);
void trama_text_line_put_beside (TramaTextLadder *ladder, const TramaTextColumn *column, const char *text);
guint trama_text_line_room_beside (const TramaTextLadder *ladder, const TramaTextColumn *column);
void trama_text_line_end (TramaTextLadder *ladder);
char *trama_text_printable (const char *text);
char *trama_text_state_label (guint8 state);

/* The first change of state at @time_ns or later. */
guint trama_text_find_change (const TramaTextLadder *ladder, gint64 time_ns);

/* text_notes.c: captions, and what the user has written beside an event or at a moment. */
void trama_text_notes_write_caption (TramaTextLadder *ladder, const TramaNote *note);
void trama_text_notes_write_beside (TramaTextLadder *ladder, TramaRef ref, const TramaTextColumn *column);
void trama_text_notes_write_until (TramaTextLadder *ladder, gint64 time_ns);
void trama_text_notes_skip_until (TramaTextLadder *ladder, gint64 time_ns);

/* text_packet.c */
void trama_text_packet_write (TramaTextLadder *ladder, guint packet);
