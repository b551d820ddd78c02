/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart.h"
#include "core/chart/scale.h"
#include "core/chart/users.h"

/* Private to core/chart: what a chart is while it is made, and what it keeps besides. */

#define TRAMA_RAIL_NONE G_MAXUINT32
#define TRAMA_COLUMN_NONE G_MAXUINT32

/*
 * What is drawn of a trace: the packets of conversations whose two sides have a
 * column, and the calls; of each at most this many, the beginning, because a ladder
 * of a million arrows tells nothing and takes the memory of the whole machine.
 */
#define TRAMA_LAYOUT_DRAWN_MAX 20000

typedef struct
{
  TramaChart chart; /* first: what the others see */
  gatomicrefcount ref_count;
  TramaFlowTable *table;
  TramaScaleMode mode;
  TramaScale time_scale;
  GStringChunk *strings;
  GArray *order;               /* of TramaRef, down the ladder */
  GHashTable *bar_of_call;     /* call → bar + 1 */
  GHashTable *arrow_of_packet; /* packet → arrow + 1 */
} TramaChartPrivate;

/* What the parts of the layout share; filled from top to bottom by trama_chart_new. */
typedef struct
{
  TramaFlowTable *table; /* borrowed, as the store, which is the table's */
  TramaStore *store;
  guint32 flow; /* as in the options */
  TramaChartPrivate *self;
  double scale;
  gboolean anonymous; /* the columns are the two endpoints of one conversation */
  TramaUsers *users;
  guint64 pinger_socket;
  guint32 pinger; /* number of the actor that has a socket for ICMP; TRAMA_ACTOR_NONE */
  gboolean has_kernel;
  guint32 kernel_column; /* TRAMA_COLUMN_NONE: it sends nothing of its own, and nobody writes to himself */
  GHashTable *column_of_actor;  /* number → column + 1 */
  guint64 (*socket_of_side)[2]; /* by flow */
  GHashTable *flow_of_socket;   /* guint64 id → the first flow it is a side of + 1 */
  GHashTable *rail_of_call;     /* call → rail + 1: where the packets are that it sent or got */
  GArray *packets;              /* of guint32: those that are drawn, in order of time */
  gint64 last_ns;               /* what begins later is left out */

  GArray *columns, *rails, *wires, *bars, *arrows, *bands, *lifelines;
  GArray *badges, *links, *carries, *tears, *ticks, *tints, *steps, *notes, *marks;
} TramaLayout;

/* "echo request · seq 1 · 14 B" of a message of ICMP, or NULL when it is no echo. The caller's to free. */
char *trama_layout_describe_echo (const guint8 *message, gsize size, guint64 length);

/* A string of the chart's own. */
const char *trama_layout_keep (TramaLayout *layout, const char *text);

/* A size of the design at this chart's scale. */
static inline double
trama_layout_px (const TramaLayout *layout, double px)
{
  return px * layout->scale;
}

double trama_layout_y (const TramaLayout *layout, gint64 time_ns);

/* The side of a column on which @other stands. */
guint32 trama_layout_rail_towards (const TramaLayout *layout, guint32 column, guint32 other);

/* Where a socket is drawn while it is used by whoever uses it at that time. */
guint32 trama_layout_rail_of_socket (const TramaLayout *layout, guint64 socket, gint64 time_ns);

/* Of one side of a conversation at that time. */
guint32 trama_layout_rail_of_side (const TramaLayout *layout, guint32 flow, guint side, gint64 time_ns);

/* TRAMA_RAIL_NONE: the call belongs to no column. */
guint32 trama_layout_rail_of_call (const TramaLayout *layout, guint32 index);

/* Whether a conversation is drawn: both its sides have a place. */
gboolean trama_layout_draws_flow (const TramaLayout *layout, guint32 flow);

/* ends.c: from which column to which a packet goes. FALSE: it is not drawn. */
void trama_layout_ends_init (TramaLayout *layout); /* before the columns are made */
gboolean trama_layout_ends_of_packet (const TramaLayout *layout, guint32 packet, guint32 columns[2]);
void
trama_layout_columns_of_flow (const TramaLayout *layout, guint32 flow, gint64 time_ns, guint32 columns[2]);
guint32 trama_layout_column_of_actor (const TramaLayout *layout, guint32 actor);

/* The moments of what was chosen, as trama_store_get_moments. */
GArray *trama_layout_get_moments (const TramaLayout *layout);

/* A card for @text at that moment. */
void trama_layout_add_note (TramaLayout *layout,
                            TramaChartNote note,
                            gint64 time_ns,
                            const char *text,
                            double mark_px);

/* Whether there is anything for the lane of notes. */
gboolean trama_layout_has_notes (const TramaLayout *layout);

/* The parts, in the order in which they are made. */
void trama_layout_columns (TramaLayout *layout, double page_px, double text_scale); /* and the sizes */
void trama_layout_choose (TramaLayout *layout);
void trama_layout_wires (TramaLayout *layout);
void trama_layout_bars (TramaLayout *layout);
void trama_layout_lifelines (TramaLayout *layout); /* and badges */
void trama_layout_arrows (TramaLayout *layout);
void trama_layout_carries (TramaLayout *layout);
void trama_layout_states (TramaLayout *layout);
void trama_layout_axis (TramaLayout *layout);
void trama_layout_notes (TramaLayout *layout);   /* and marks */
void trama_layout_remarks (TramaLayout *layout); /* the user's part of both, for trama_layout_notes () */
void trama_layout_steps (TramaLayout *layout);   /* takes away the labels of ticks that it would hide */

/*
 * Moves @n places, in ascending order, as little as can be so that none is nearer
 * than @pitch to the next. In the sense of least squares.
 */
void trama_chart_spread (double *places, guint n, double pitch);

/* The same, where the next must keep away from each by a distance of its own. */
void trama_chart_spread_apart (double *places, const double *pitches, guint n);
