/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/call_sums.h"
#include "core/chart/ladder.h"
#include "core/chart/ports.h"
#include "core/chart/scale.h"
#include "core/chart/seats.h"
#include "core/chart/users.h"
#include "core/flow/links/links.h"

/* Private to core/chart: what a chart is while it is made, and what it keeps besides. */

#define TRAMA_RAIL_NONE G_MAXUINT32
#define TRAMA_COLUMN_NONE G_MAXUINT32

typedef struct _TramaChartPrivate TramaChartPrivate;

/*
 * What the parts of the layout share. Who has a column is the ladder's and the same for
 * all its charts; how wide the columns are is a chart's and the same for all its parts;
 * what follows is of one part.
 */
typedef struct
{
  TramaLadder *ladder;   /* borrowed */
  TramaFlowTable *table; /* borrowed, as the store, which is the table's */
  TramaStore *store;
  TramaFlowSet *flows;     /* borrowed: those that are drawn; NULL: all */
  TramaSeats *seats;       /* borrowed; NULL: calls were recorded */
  guint32 *column_of_seat; /* NULL, as above */
  GStringChunk *strings;   /* borrowed: of the ladder or of the chart */
  const TramaLanes *lanes; /* borrowed: whose order it is; NULL */
  TramaUsers *users;
  guint64 pinger_socket;
  guint32 pinger; /* number of the actor that has a socket for ICMP; TRAMA_ACTOR_NONE */
  gboolean has_kernel;
  guint32 kernel_column; /* TRAMA_COLUMN_NONE: it sends nothing of its own, and nobody writes to himself */
  GArray *parties;       /* of TramaParty: a column each */
  GHashTable *column_of_actor;  /* number → column + 1 */
  guint64 (*socket_of_side)[2]; /* by flow */
  GHashTable *flow_of_socket;   /* guint64 id → the first flow it is a side of + 1 */

  TramaChartPrivate *self;
  double scale;
  GArray *columns, *rails, *wires, *notes, *marks, *lives;

  double y0, y1;           /* the part: what does not reach into it is left out */
  gint64 start_ns, end_ns; /* the same in time */
  GArray *packets;         /* of guint32: those that are drawn one by one, in order of time */
  GArray *calls;           /* of guint32: those that are bars */
  GArray *bars, *arrows, *branches, *bands, *lifelines, *densities, *crowds;
  GArray *badges, *links, *carries, *tears, *ticks, *tints, *steps;
} TramaLayout;

/* Packets from one column to another. */
typedef struct
{
  guint64 packets;
  guint protocols; /* 1: TCP, 2: UDP, 4: ICMP, 8: others */
} TramaLadderTotal;

/* How the columns of a conversation's packets are found. */
enum
{
  TRAMA_FLOW_HIDDEN,
  TRAMA_FLOW_PLAIN,  /* those of its sides, always */
  TRAMA_FLOW_VARIES, /* each packet has its own */
};

/* What is known of a call while the ladder takes it in. */
typedef struct
{
  guint32 rail;        /* where the packets are that it sent or got; TRAMA_RAIL_NONE: it has none */
  guint8 is_final;     /* that is where it is drawn */
  guint8 has_returned; /* when the ladder was made */
} TramaCallPlace;

/* Of the states beside a rail. */
typedef struct
{
  guint n_lanes;          /* side by side */
  guint first_connection; /* of the tracks; G_MAXUINT: there is none */
  GArray *listeners;      /* of guint: tracks */
  GPtrArray *lanes;       /* private to states.c: from when to when each of the others is there */
} TramaRailTracks;

struct _TramaLadder
{
  gatomicrefcount ref_count;
  TramaLayout cast; /* as far as it is the same for all charts */

  /* owned */
  TramaFlowSet *asked; /* NULL: nobody has asked for any */
  TramaLanes *lanes;   /* NULL: as the layout has them */
  guint8 *how;         /* by flow: whether it is drawn, and how its ends are found */
  TramaTimeline *timeline;
  TramaCallSums *calls;
  GArray *call_moments;   /* of TramaMoment: of calls, and of processes that are forked or killed */
  TramaCallPlace *places; /* by call */
  guint n_places;
  TramaLadderTotal *totals; /* by column and column */
  guint32 contents;         /* as in TramaChart */

  /* Made once all is taken in: charts, of which parts may be made in other threads, write nothing here. */
  GArray *moments;     /* of TramaMoment: all of the timeline, when they are few; NULL */
  TramaGaps *gaps;     /* theirs */
  GPtrArray *tracks;   /* private to states.c */
  GArray *rail_tracks; /* of TramaRailTracks, by rail */
  GPtrArray *lines;    /* by rail: of sockets; private to lifelines.c, as the next */
  GPtrArray *ports;    /* by rail and kind: that are told of in badges */
  GArray *lives;       /* of TramaLife */
  TramaLinks *links;   /* that are drawn where there are no packets; NULL */
  GHashTable *lost;    /* of packets */
  GArray *tinted;      /* of guint32: the conversations whose phases are told */

  /* While it begins; NULL afterwards. */
  TramaLadder *before; /* what may be gone on with */
  GArray *coming[3];   /* of TramaMoment: entries and exits of calls, and lives */

  /* While it is prepared; NULL before and afterwards. */
  TramaPorts *seen_ports;
  GHashTable *track_of;    /* private to states.c, as the next */
  GPtrArray *whole_tracks; /* by whomever they are used */
  TramaLinksBuilder *linking;

  /* state */
  guint n_begun;         /* steps of trama_ladder_begin_step that are done, */
  guint n_calls;         /* and calls that are to be listed in them, */
  guint n_merged[3];     /* of coming, */
  guint n_chosen;        /* of the conversations */
  TramaSpan span;        /* of them */
  gboolean is_unsettled; /* calls came too far out of order to be settled one by one */
  guint n_flows;         /* that it knows of; more may come while the table is made */
  guint n_amended;       /* of the table, when the ladder was made */
  gboolean is_early;     /* the table was in the making then */
  guint next_packet;     /* position in the store */
  guint end_packet;      /* from there on nothing is drawn */
  guint next_call;       /* in call_moments, as the next */
  guint next_sum;        /* the calls before it are summed up */
  guint n_prepared;      /* steps of trama_ladder_prepare that are done, */
  guint next_prepared;   /* and what the one that is not begins with */
  gboolean in_order;     /* as the store is */
};

struct _TramaChartPrivate
{
  TramaChart chart; /* first: what the others see */
  gatomicrefcount ref_count;
  TramaLadder *ladder;
  TramaChartPrivate *whole; /* of a part: what it is a part of; NULL */
  TramaScaleMode mode;
  TramaScale time_scale;
  TramaLayout frame; /* of a whole: what its parts share */
  GStringChunk *strings;
  GArray *order;               /* of TramaRef, down the ladder; NULL: it is not laid out whole */
  GHashTable *bar_of_call;     /* call → bar + 1 */
  GHashTable *arrow_of_packet; /* packet → arrow + 1 */
};

/* The arrays that a part has for itself: DO (member, Type). */
#define TRAMA_FOR_EACH_OF_PART(DO)                                                                           \
  DO (bars, TramaChartBar)                                                                                   \
  DO (arrows, TramaChartArrow)                                                                               \
  DO (branches, TramaChartArrow)                                                                             \
  DO (bands, TramaChartBand)                                                                                 \
  DO (lifelines, TramaChartLifeline)                                                                         \
  DO (badges, TramaChartBadge)                                                                               \
  DO (links, TramaChartLink)                                                                                 \
  DO (carries, TramaChartCarry)                                                                              \
  DO (tears, TramaChartTear)                                                                                 \
  DO (ticks, TramaChartTick)                                                                                 \
  DO (tints, TramaChartTint)                                                                                 \
  DO (steps, TramaChartStep)                                                                                 \
  DO (densities, TramaChartDensity)                                                                          \
  DO (crowds, TramaChartCrowd)

/* A copy of a laid out chart, or of a slice of it, that has yet to be given arrays of its own. For slicer.c. */
TramaChart *trama_chart_new_slice (TramaChart *of);

/* A ladder of no more moments than this is drawn event by event at every scale. */
#define TRAMA_LADDER_PLAIN 500

/* Whether so much is drawn that what cannot be told apart is left out. */
gboolean trama_layout_is_large (const TramaLayout *layout);

/* Packets that cross the wire to the right of a column, and which protocols they are of. */
guint64 trama_ladder_count_crossing (const TramaLadder *ladder, guint32 left_column, guint *protocols);

/* Whether there may be packets of a conversation in it. */
gboolean trama_ladder_may_draw_flow (const TramaLadder *ladder, guint32 flow);

/*
 * ladder_begin.c: what comes before the first moment. The steps take at most @room conversations
 * or calls, and take those that they took off it. FALSE: it has begun.
 */
void trama_ladder_begin (TramaLadder *ladder,
                         TramaFlowTable *table,
                         const TramaChartOptions *options,
                         TramaLadder *before);
gboolean trama_ladder_begin_step (TramaLadder *ladder, guint *room);

/* Of TramaMoment, by time. */
int trama_moment_compare (gconstpointer a, gconstpointer b);

guint trama_ladder_n_rails (const TramaLadder *ladder);

/* All moments, when they are few: of what is taken in so far. Borrowed. */
GArray *trama_ladder_get_moments (TramaLadder *ladder);

/*
 * Of more calls and packets nobody works out what caused what only to draw it; of what is
 * not drawn then, the contents know, and the legend tells.
 */
#define TRAMA_LINKED_EVENTS_MAX 200000

gboolean trama_ladder_may_link (TramaLadder *ladder);

/* As far as there is room; NULL: not all is linked yet. A new reference. */
TramaLinks *trama_ladder_link (TramaLadder *ladder, guint room);

/*
 * What is the same at every scale, of the table and not of what is taken in; each in the file that draws
 * it. A step does about as much as there is room for; FALSE: it is done.
 * trama_ladder_prepare does what is left of all.
 */
gboolean trama_ladder_list_ports (TramaLadder *ladder, guint room);
gboolean trama_ladder_list_sockets (TramaLadder *ladder, guint room);
gboolean trama_ladder_close_rails (TramaLadder *ladder, guint room);
gboolean trama_ladder_list_tracks (TramaLadder *ladder, guint room);
gboolean trama_ladder_part_tracks (TramaLadder *ladder, guint room);
gboolean trama_ladder_assign_lanes (TramaLadder *ladder, guint room);
gboolean trama_ladder_place_tracks (TramaLadder *ladder, guint room);
gboolean trama_ladder_close_lanes (TramaLadder *ladder, guint room);
gboolean trama_ladder_list_tinted (TramaLadder *ladder, guint room);
gboolean trama_ladder_list_links (TramaLadder *ladder, guint room);
gboolean trama_ladder_list_lost (TramaLadder *ladder, guint room);
void trama_ladder_prepare (TramaLadder *ladder);

/* "echo request · seq 1 · 14 B" of a message of ICMP, or NULL when it is no echo. The caller's to free. */
char *trama_layout_describe_echo (const guint8 *message, gsize size, guint64 length);

/* How high the words beside a life are, at scale 1. */
#define TRAMA_LIFE_PX 18

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

/* TRAMA_RAIL_NONE: the call belongs to no column, or it is not drawn. */
guint32 trama_layout_rail_of_call (const TramaLayout *layout, guint32 index);

/* FALSE: it is of a conversation, or of somebody, that is left out. */
gboolean trama_layout_draws_call (const TramaLayout *layout, guint32 index);

/* choice.c: what is drawn of what is asked for, NULL: for nothing, and who has a seat where nobody recorded calls. */
void trama_layout_seat (TramaLayout *layout, TramaFlowSet *asked);
void trama_layout_unseat (TramaLayout *layout);

/* Whether a conversation is drawn: both its sides have a place. */
gboolean trama_layout_draws_flow (const TramaLayout *layout, guint32 flow);

/* The same; of the messages of ICMP, each has its own ends. */
gboolean trama_layout_may_draw_flow (const TramaLayout *layout, guint32 flow);

/* Whether a column of it is not named after its endpoint alone, so that its ports must be told. */
gboolean trama_layout_shares_column (const TramaLayout *layout, guint32 flow);

/* receivers.c: this many at most. */
#define TRAMA_RECEIVERS_MAX 16

/*
 * receivers.c: the columns that a datagram goes to besides @columns, which are where it comes
 * from and where its conversation goes, by broadcast or multicast. How many they are.
 */
guint trama_layout_receivers (const TramaLayout *layout,
                              guint32 packet,
                              const guint32 columns[2],
                              guint32 others[TRAMA_RECEIVERS_MAX]);

/* ends.c: from which column to which a packet goes. FALSE: it is not drawn. */
void trama_layout_ends_init (TramaLayout *layout); /* before the columns are made */
gboolean trama_layout_knows_sockets (const TramaLayout *layout);
gboolean trama_layout_ends_of_packet (const TramaLayout *layout, guint32 packet, guint32 columns[2]);
void
trama_layout_columns_of_flow (const TramaLayout *layout, guint32 flow, gint64 time_ns, guint32 columns[2]);
guint32 trama_layout_column_of_actor (const TramaLayout *layout, guint32 actor);
gboolean trama_layout_is_to_oneself (const TramaLayout *layout, guint32 flow, gint64 time_ns);

/* Whether what lies there reaches into the part. */
static inline gboolean
trama_layout_wants (const TramaLayout *layout, double y0, double y1)
{
  return y1 >= layout->y0 && y0 <= layout->y1;
}

/* Where what a lane of the timeline has sent is drawn. */
guint32 trama_layout_rail_of_lane (const TramaLayout *layout, guint lane);

/* navigate_many.c: what there is too much of to be looked through in a chart. */
gboolean trama_chart_find_y (const TramaChart *chart, TramaRef ref, double *y);
TramaRef trama_chart_hit_dense (const TramaChart *chart, double x, double y);
TramaRef trama_chart_step_many (const TramaChart *chart, TramaRef ref, int direction);
TramaRef trama_chart_step_in_lane_many (const TramaChart *chart, TramaRef ref, int direction);
TramaRef trama_chart_step_along_many (const TramaChart *chart, TramaRef ref, int direction);

/* columns.c: which conversation a socket is drawn for. Once it is known which are drawn. */
void trama_layout_list_sockets (TramaLayout *layout);

/* columns.c: how much of all is drawn, in words; NULL: all. The caller's to free. */
char *trama_layout_describe_scope (const TramaLayout *layout, const TramaFlowSet *asked);

/* columns.c: of those who have a column, how many rails, for the ladder. Once they are arranged. */
void trama_layout_cast (TramaLayout *layout);

/* dense.c: what is drawn one by one, and what there is too much of for that. */
void trama_layout_choose (TramaLayout *layout);

/* crowds.c: the same of calls. */
void trama_layout_choose_calls (TramaLayout *layout);

/* Sizes of the design at scale 1: what is in a cell of the body decides how it is drawn. */
#define TRAMA_CELL_PX 32

/* A card for @text at that moment. */
void trama_layout_add_note (TramaLayout *layout,
                            TramaChartNote note,
                            gint64 time_ns,
                            const char *text,
                            double mark_px);

/* Whether there is anything for the lane of notes. */
gboolean trama_layout_has_notes (const TramaLayout *layout);

/* axis.c: whether the paper is torn somewhere between these heights. */
gboolean trama_layout_meets_tear (const TramaLayout *layout, double y0, double y1);

/* lost.c: whether a packet was not seen to arrive, or its receiver had no room for it: where there are few. */
gboolean trama_layout_is_lost (const TramaLayout *layout, guint32 packet);

/* arrows.c: whether there is the badge of a port, or one is very near. */
gboolean trama_layout_meets_badge (const TramaLayout *layout, const TramaRect *rect);

/* arrows.c: whether an arrow is drawn where the rect is. */
gboolean trama_layout_meets_arrow (const TramaLayout *layout, const TramaRect *rect);

/* lifelines.c: moves badges a little that hide an arrow, once it is known where these are. */
void trama_layout_clear_badges (TramaLayout *layout);

/* The parts, in the order in which they are made. */
void trama_layout_columns (TramaLayout *layout,
                           const TramaChartOptions *options); /* widths.c: and the sizes */
void trama_layout_wires (TramaLayout *layout);
void trama_layout_tears (TramaLayout *layout); /* before all that keeps away from them */
void trama_layout_bars (TramaLayout *layout);
void trama_layout_words (TramaLayout *layout);     /* of bars: which there are, and at which height */
void trama_layout_rooms (TramaLayout *layout);     /* and how wide */
void trama_layout_lifelines (TramaLayout *layout); /* and badges */
void trama_layout_arrows (TramaLayout *layout);
void trama_layout_carries (TramaLayout *layout);
void trama_layout_states (TramaLayout *layout);
void trama_layout_state_words (TramaLayout *layout); /* takes away what has no room */
void trama_layout_axis (TramaLayout *layout);
void trama_layout_lives (TramaLayout *layout);
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
