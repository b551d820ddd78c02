/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/flow_set.h"
#include "core/chart/lanes.h"
#include "core/flow/flow.h"

/*
 * The ladder as numbers: trace + width + scale → columns, bars, arrows, marks.
 * Time runs down. No drawing, no fonts, no display. y = 0 is the top of the body;
 * the header, of header_px, stands above it and does not scroll.
 *
 * A process is a column. The side of a column that faces a wire is a rail: from
 * the edge inwards the lifeline of its sockets, the track of TCP states, the bars
 * of its calls, their labels. All lengths are pixels, in doubles.
 *
 * A chart is immutable and reference counted; make another when the store has
 * grown, the width or the scale changes. Arrays and strings are the chart's.
 *
 * What a chart holds is bounded by its pixels: where there are more events than can be
 * drawn apart there are densities and crowds instead, and of a tall chart a part is laid
 * out at a time.
 */

/* In TramaChart.contents, beside 1 << TramaSegmentKind. */
enum
{
  TRAMA_CHART_HAS_CALLS = 1 << 8,
  TRAMA_CHART_HAS_SLEEPERS = 1 << 9,
  TRAMA_CHART_HAS_SENDERS = 1 << 10, /* calls that sent a packet */
  TRAMA_CHART_HAS_WOKEN = 1 << 11,   /* calls that a packet woke */
  TRAMA_CHART_HAS_STEPS = 1 << 12,
  TRAMA_CHART_HAS_AGAIN = 1 << 13,   /* segments sent again */
  TRAMA_CHART_IS_UNLINKED = 1 << 14, /* too many events to work out losses, and ways inside the kernel */
  TRAMA_CHART_HAS_COPIES = 1 << 15,
};

/* Of a row of packets: TCP with data, other TCP, UDP and everything else. */
#define TRAMA_CHART_DENSITY_KINDS 3

typedef struct _TramaLadder TramaLadder; /* ladder.h */

typedef enum
{
  TRAMA_SCALE_FOLDED,   /* linear, with idle gaps folded: the default */
  TRAMA_SCALE_TO_SCALE, /* linear throughout */
  TRAMA_SCALE_ROWS,     /* one row per moment */
} TramaScaleMode;

typedef struct
{
  double width_px;
  double height_px;  /* of the body in view */
  double ns_per_px;  /* 0: as little as lets the whole trace fit height_px */
  double text_scale; /* 1: the sizes of the design at 1920 px; they shrink in a narrow chart */
  TramaScaleMode mode;
  TramaFlowSet *flows; /* borrowed: what is drawn; NULL: all, or where nobody recorded calls the busiest */
  const TramaLanes *lanes; /* borrowed; NULL: the columns stand as the layout has them */
} TramaChartOptions;

typedef struct
{
  guint32 actor;   /* index in the store; G_MAXUINT32: an endpoint whose calls nobody recorded */
  guint32 n_rails; /* 1 or 2 */
  guint32 first_rail;
  double x0, x1;
  const char *name;     /* "server" */
  const char *subtitle; /* "pid 4211 · 127.0.0.1:5000" */
  gint32 lane;          /* as in lanes.h */
  guint8 kernel;        /* it is no process: what nobody else answers for */
  guint8 pinned;        /* it is to stay in view, see panes.h */
  guint8 folded;        /* a strip: its calls are bars without words, and it shows no states */
} TramaChartColumn;

typedef struct
{
  guint32 column;
  gint32 direction;          /* +1: the wire is on its left, labels run right; -1: mirrored */
  double line_x;             /* the lifelines: the column's edge */
  double track_x0, track_x1; /* TCP states; equal when it shows none */
  double bar_x0, bar_x1;
  double label_x;        /* where labels begin; they end here when direction is -1 */
  double label_width_px; /* room for them; 0: they have none */
} TramaChartRail;

/* The wire between two neighbouring columns. */
typedef struct
{
  double x0, x1;
  const char *name;    /* "lo" */
  const char *summary; /* "TCP · 12 packets", "packets not observed"; NULL: none that are drawn */
} TramaChartWire;

typedef struct
{
  guint32 call;
  guint32 rail;
  double y0, y1;
  guint8 slept;     /* hatched: the caller slept in it */
  guint8 open;      /* it has not returned; y1 is the end of its process, or of the chart */
  guint8 has_words; /* there is room for them; else only the bar is drawn, and a result that stands apart */
  guint8 result_apart; /* the result stands at the exit, not behind the arguments */
  double label_y;      /* centre of the label's line */
  double result_y;
  const char *name;                     /* "connect" */
  const char *args;                     /* "(3, 127.0.0.1:5000)" */
  const char *result;                   /* "= 0"; NULL while it blocks */
  double label_more_px, result_more_px; /* room besides that of the rail, where the other rail says nothing */
} TramaChartBar;

typedef struct
{
  guint32 packet;
  guint8 kind;           /* TramaSegmentKind */
  guint8 apart;          /* its label has room; else only the arrow is drawn */
  double x0, y0;         /* tail: the time of the packet */
  double x1, y1;         /* head: the slant is drawn, not measured */
  double chip_x, chip_y; /* centre of its label, on the arrow */
  double chip_width_px;  /* room for it */
  const char *flags;     /* "PSH ACK" */
  const char *detail;    /* "seq 1 · 7 B · Hello?"; NULL: no room or nothing to say */
  guint8 again;          /* what it brings had been sent before */
  guint8 copy;     /* it repeats a packet that nobody sent again: captured twice, or doubled on its way */
  guint8 fragment; /* a later one of an IP packet */
  guint8 lost;     /* it was not seen to arrive, or there was no room for it */
  guint8 hides;    /* its label is over another arrow, for want of room */
  double pitch_px; /* to the nearest tail above or below; 0: it is alone */
} TramaChartArrow;

typedef struct
{
  guint32 rail;
  guint8 state; /* TramaTcpState */
  guint8 fades; /* nobody saw its end */
  double x0, x1, y0, y1;
  const char *name;      /* "ESTABLISHED"; NULL when it is too narrow or too low */
  const char *note;      /* "fd 4"; NULL */
  double name_y, note_y; /* the middles of their lines */
  double upright_px;     /* how long the name is where it is written upwards, for want of width; else 0 */
} TramaChartBand;

typedef struct
{
  guint32 rail;
  double x, y0, y1;
} TramaChartLifeline;

/* Where a socket gets its port. */
typedef struct
{
  guint32 rail;
  gint32 align; /* 0: centred on the line; else it stands on that side of it */
  double x, y;
  double left, width_px, height_px; /* its box; y is its middle */
  const char *text;                 /* ":5000" */
} TramaChartBadge;

/* Between a call's bar and the lifeline: the call sends the packet, or the packet wakes the call. */
typedef struct
{
  guint32 call;
  guint32 packet;
  guint8 kind; /* TramaSegmentKind */
  guint8 wakes;
  double bar_x, line_x, y;
} TramaChartLink;

/* Where no packets were seen, as between sockets of AF_UNIX: from a call to the call that it served. */
typedef struct
{
  guint32 cause, effect; /* calls */
  guint8 kind;           /* TramaLinkKind */
  double x0, y0;         /* at the bar of the cause */
  double x1, y1;
  double label_x, label_y; /* its centre, on the line */
  double label_width_px;
  const char *label; /* "7 B"; NULL: no room */
} TramaChartCarry;

/*
 * What somebody sent in a row of time in which there is too much for arrows: bars that
 * stand on the lifeline and reach over the wire, so that two who talk to each other have
 * them face to face. What must not be missed has an arrow besides.
 */
typedef struct
{
  guint32 rail;     /* of the sender */
  gint32 direction; /* +1: they reach to the right */
  double x, y0, y1;
  double length_px[TRAMA_CHART_DENSITY_KINDS]; /* of each, one after the other */
  guint32 n_packets;
  guint64 n_bytes; /* of frames, on the wire */
} TramaChartDensity;

/*
 * Calls of one rail in a row of time in which there are too many for bars. Those that take long and those
 * that failed have bars besides, and count there: of each error one in so many rows, unless it only says
 * that the caller did not want to wait.
 */
typedef struct
{
  guint32 rail;
  double y0, y1;
  guint32 n_calls;
  double busy;  /* of the row, how much of it was spent in calls, 0 … 1 */
  double slept; /* and how much of it asleep in them */
} TramaChartCrowd;

/* An idle gap, folded. */
typedef struct
{
  double y0, y1;
  TramaSpan span;
  const char *label; /* "4.2 ms" */
} TramaChartTear;

typedef struct
{
  double y;
  guint8 major;
  guint8 absolute;   /* the first of a burst, or of some that are far from it: since the start of the trace,
                        or, with a +, since what the last one without says that reads the same */
  const char *label; /* NULL: a minor one */
} TramaChartTick;

typedef struct
{
  guint8 phase; /* TramaPhase */
  double y0, y1;
} TramaChartTint;

/*
 * Beside the times: a packet is earlier than the one before it in the file. Where
 * several would hide each other, the longest step stands for all.
 */
typedef struct
{
  guint32 packet;
  guint32 n_steps;
  gint64 step_ns;
  double x0, x1, y0, y1;
  const char *label; /* "4.2 ms", "4.2 ms × 3" */
} TramaChartStep;

/*
 * A note of the session, of Trama or of the user: a card in a lane of its own, beside
 * everything else. Where there is no room for all of the user's, one stands for several.
 */
typedef struct
{
  guint32 note;     /* index in the store; G_MAXUINT32: it is the user's */
  guint32 actor;    /* whose; index in the store, G_MAXUINT32: nobody's */
  double y;         /* its moment */
  double x, card_y; /* of the card: its left upper corner */
  double width_px, height_px;
  guint32 n_lines;  /* what the card has room for */
  guint8 is_notice; /* Trama's own, of what one should know before one believes the picture */
  const char *text;
  guint32 n_own;    /* how many of the user's it stands for; 0: it is not the user's */
  guint32 remark;   /* of the first of them, its index in the store's notebook */
  TramaRef subject; /* the event that one is about; kind 0: none */
} TramaChartNote;

/* Where a process begins that another has forked, or where one was killed. */
typedef struct
{
  guint32 column;
  guint8 ends;
  double y;
  double label_y;    /* the middle of its words */
  const char *label; /* "forked by server", "killed by SIGKILL"; NULL: there is no room for it */
} TramaChartLife;

/* A moment that the user has marked. */
typedef struct
{
  guint32 remark;   /* index in the store's notebook */
  TramaRef subject; /* kind 0: the moment */
  double y;
} TramaChartMark;

typedef struct
{
  double width_px;
  double header_px;
  double body_px;            /* the whole of it, not what is in view */
  double scale;              /* of every size of the design: text_scale, less in a narrow chart */
  double ns_per_px;          /* in effect */
  double least_ns_per_px;    /* nearer one cannot look */
  TramaSpan span;            /* of what is drawn */
  guint32 contents;          /* what there is in the whole of it, laid out or not */
  gboolean packets_observed; /* somebody looked at the wire */
  TramaFlowSet *flows;       /* the conversations that are drawn; NULL: all that have a place */
  const char *scope;         /* "6 of 312 conversations"; NULL: nothing is left out */
  double scope_px;           /* of the header, its line at the top; 0: there is none */
  double gutter_px;          /* x where the time gutter ends */
  double edge_x0, edge_x1;   /* beside the last column: the lane of the marks of edge.h */
  double notes_x0, notes_x1; /* the lane of the notes; equal when there are none */

  guint n_columns, n_rails, n_wires, n_bars, n_arrows, n_branches, n_bands, n_lifelines;
  guint n_badges, n_links, n_carries, n_tears, n_ticks, n_tints, n_steps, n_notes, n_marks, n_lives;
  guint n_densities, n_crowds;
  TramaChartColumn *columns;
  TramaChartRail *rails;
  TramaChartWire *wires;
  TramaChartBar *bars;     /* in order of entry */
  TramaChartArrow *arrows; /* in order of time */
  TramaChartArrow *
      branches; /* of arrows, to the further receivers of a datagram for many: in their order, without label */
  TramaChartBand *bands;
  TramaChartLifeline *lifelines;
  TramaChartBadge *badges;
  TramaChartLink *links;
  TramaChartCarry *carries;
  TramaChartTear *tears; /* in order of time, as are ticks, tints and steps */
  TramaChartTick *ticks;
  TramaChartTint *tints;
  TramaChartStep *steps;
  TramaChartNote *notes;
  TramaChartMark *marks; /* in order of time */
  TramaChartLife *lives;
  TramaChartDensity *densities; /* by rail, in order of time */
  TramaChartCrowd *crowds;      /* by rail, in order of time */
} TramaChart;

typedef struct
{
  double x, y, width, height;
} TramaRect;

/* Of a whole trace. What it holds is bounded by its height, which is the caller's to bound. */
TramaChart *trama_chart_new (TramaFlowTable *table, const TramaChartOptions *options);

/*
 * The same from a ladder, which has taken in what is to be drawn, but nothing is laid out
 * of many moments: only parts are. Cheap enough for every frame.
 */
TramaChart *trama_chart_new_for (TramaLadder *ladder, const TramaChartOptions *options);

/*
 * What is between @y0 and @y1 of a chart laid out, and what reaches into it; in the
 * coordinates of the whole, of which it can be asked everything. The chart itself when
 * all of it is laid out. A new reference.
 */
TramaChart *trama_chart_get_part (TramaChart *chart, double y0, double y1);

TramaChart *trama_chart_ref (TramaChart *chart);
void trama_chart_unref (TramaChart *chart);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaChart, trama_chart_unref)

/* The nanoseconds per pixel at which @span would be @height_px high. */
double trama_chart_fit_span (const TramaChart *chart, const TramaSpan *span, double height_px);

/*
 * The nanoseconds per pixel at which the whole trace of @chart, which was made of @options without a scale of
 * its own, is as high as @options say, even where its events cannot be told apart any more; at most its own
 * scale. In rows there is no other.
 */
double trama_chart_find_whole (const TramaChart *chart, const TramaChartOptions *options);

/* Arrows whose words have no room, or are over another arrow. */
guint trama_chart_count_touching (const TramaChart *chart);

/*
 * The scale at which to begin to look at what as a whole fits in @chart, which was made of @options:
 * as far away as arrows have room for their words, on two pages at most. In nanoseconds per pixel.
 */
double trama_chart_find_start (const TramaChart *chart, const TramaChartOptions *options);

/* The flow table it was made from. */
TramaFlowTable *trama_chart_get_table (const TramaChart *chart);

/* Time to y and back; monotone, clamped to the span. */
double trama_chart_y_of_time (const TramaChart *chart, gint64 time_ns);
gint64 trama_chart_time_of_y (const TramaChart *chart, double y);

/* What is drawn at a point of the body: the nearest within a few pixels; kind 0: nothing. */
TramaRef trama_chart_hit (const TramaChart *chart, double x, double y);

/* The card at a point of the body; NULL: there is none. Borrowed. */
const TramaChartNote *trama_chart_find_note (const TramaChart *chart, double x, double y);

/*
 * The arrow of a packet that is drawn, but which may have none because there is too much
 * around it: without words. FALSE: it is not drawn.
 */
gboolean trama_chart_find_arrow (const TramaChart *chart, guint32 packet, TramaChartArrow *arrow);

/* Where an event is drawn, for scrolling to it. FALSE when it is not. */
gboolean trama_chart_get_bounds (const TramaChart *chart, TramaRef ref, TramaRect *bounds);

/*
 * The event before (-1) or after (+1) @ref in the order they are drawn down the
 * ladder; the first or last when @ref is nothing. Kind 0 at the end.
 */
TramaRef trama_chart_step (const TramaChart *chart, TramaRef ref, int direction);

/* The event to the left (-1) or right (+1) that is linked with @ref. Kind 0: none. */
TramaRef trama_chart_step_across (const TramaChart *chart, TramaRef ref, int direction);

/* The event before (-1) or after (+1) @ref in its lane: calls at the same rail, packets of the same two. Kind 0: none. */
TramaRef trama_chart_step_in_lane (const TramaChart *chart, TramaRef ref, int direction);

/*
 * What caused @ref (-1), or what it caused first (+1): a call its packets, a packet the
 * call that it woke. Kind 0: nothing that is drawn.
 */
TramaRef trama_chart_step_along (const TramaChart *chart, TramaRef ref, int direction);

/* The index of the column whose call it is, or that sent the packet; G_MAXUINT: it is in none. */
guint trama_chart_find_column (const TramaChart *chart, TramaRef ref);

/* Whether @ref lies on the causal path of @selected: call, its packets, the calls they woke. */
gboolean trama_chart_on_path (const TramaChart *chart, TramaRef selected, TramaRef ref);
