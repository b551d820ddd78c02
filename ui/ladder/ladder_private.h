/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/ladder.h"
#include "ui/ladder/ladder_view.h"
#include "ui/ladder/strip_cache.h"
#include "ui/paint/paint.h"

/* Shared by ladder_view.c (layout), ladder_scroll.c, ladder_chart.c, ladder_draw.c and ladder_input.c (mouse and keys). */

/* Among the strips, which count from 0: the pieces that do not scroll. */
#define TRAMA_STRIP_HEADER -1
#define TRAMA_STRIP_LEGEND -2
#define TRAMA_STRIP_GROUND -3 /* the columns, wherever nothing of the body is painted yet */

/* What a drag does. */
typedef enum
{
  TRAMA_DRAG_NOTHING,
  TRAMA_DRAG_PAN,    /* moves the picture */
  TRAMA_DRAG_RANGE,  /* chooses what is in view */
  TRAMA_DRAG_COLUMN, /* takes a column by its head */
} TramaLadderDrag;

struct _TramaLadderView
{
  GtkWidget parent_instance;

  /* owned */
  TramaViewState *state;
  TramaLadder *ladder;      /* of the state's table, as far as it is followed */
  TramaLadder *coming;      /* of the table that is being made of the same trace; NULL: none is */
  TramaChart *chart;        /* the whole; of a large one only parts are laid out */
  GArray *parts;            /* of it, those that were needed last */
  TramaEdge *edge;          /* NULL: nothing is drawn, or nothing was found */
  TramaFlowSet *edge_flows; /* as the edge was made for */
  TramaStripCache *strips;
  GtkPopover *menu;             /* a child; NULL: none was set */
  GtkPopover *head_menu;        /* the same, of columns */
  GtkAdjustment *adjustment[2]; /* by GtkOrientation; the second is where the body's top stands */

  /* borrowed */
  GtkGesture *drags[2]; /* of the first and of the middle button */

  /* state */
  GtkScrollablePolicy policy[2];
  double text_scale;
  guint tick_id;
  guint slice_id;
  guint turn;       /* of the strips in view, which is painted first in the next frame */
  gint64 paint_us;  /* that a strip is expected to take, */
  gint64 part_us;   /* and the layout of a part */
  gint64 layout_us; /* that the chart took which is not drawn yet */
  gint64 owed_us;   /* that was spent of what is left to the next frames, */
  gint64 paid_us;   /* as it was at that time */
  double drawn_scroll;
  gboolean scrolls_down; /* as it did last */
  gboolean is_fresh;     /* nothing of this trace was drawn yet */
  guint32 legend_contents;
  int legend_width_px;
  double legend_px; /* 0: it is hidden, or folded for want of room */
  int width;        /* as the chart was made for */
  int height;
  double
      whole_zoom;  /* at which everything is in view: 1, or less where its events cannot be told apart then */
  double anchor_y; /* in view, from the body's top; what stands there stays. Negative: the middle */
  double pan_from_x;
  double pan_from;      /* scroll position when a drag began */
  double pinch_from;    /* zoom when two fingers began to part */
  gboolean menu_closed; /* since then no button was pressed that was told */
  guint meant;          /* the column whose menu is about it; G_MAXUINT: none */
  guint head;           /* the column whose head is dragged; G_MAXUINT: none */
  double head_x;        /* where it is dragged to, in the widget */
  double range_y[2];    /* in the body: where a range that is being chosen began, and where it is now */
  guint8 drag;          /* TramaLadderDrag */
  gint64 measure_ns[2]; /* where a measurement began, and where it is now */
  gboolean measuring;
  gboolean measure_held; /* at an event; the pointer is not followed */
  gboolean at_end;       /* what comes next is to be in view, too */
  gboolean steps;        /* and the newest call, sideways too */
  double end_page_px;    /* when that was found out, the height in view and the zoom */
  double end_zoom;
  double pointer_x; /* in the widget */
  double pointer_y;
  double asked_y; /* pointer_y, when it was asked last what is meant there */
  gboolean pointer_inside;
  TramaRef wanted;       /* to be scrolled to when the chart is there */
  TramaSpan wanted_span; /* to be in view when the chart is there; start_ns TRAMA_TIME_NONE: none */
  gboolean stale;        /* the chart is to be made again */
  gboolean starting;     /* the zoom at which the trace is seen first is to be found */
  gboolean configuring;  /* the adjustment is being set from here */
  TramaThemeName theme;
  gboolean show_legend;
  gboolean keep_legend;   /* however little room there is: it was asked for */
  gboolean legend_folded; /* for want of room */
  gboolean legend_told;   /* as the property was told last */
};

/* Makes the chart if it is stale. */
void trama_ladder_view_update (TramaLadderView *self);

/* It is to be made again, once in the next frame. */
void trama_ladder_view_invalidate (TramaLadderView *self);

/* In the next frame, as it is. */
void trama_ladder_view_draw_again (TramaLadderView *self);

/* Of ladder_chart.c. FALSE: the trace is not taken in yet, and what was shown stays. */
gboolean trama_ladder_view_follow (TramaLadderView *self);

/* Of a table that is being made, what has come; NULL: it will not be made. */
void trama_ladder_view_take_in (TramaLadderView *self, TramaFlowTable *table);
void trama_ladder_view_make_chart (TramaLadderView *self);
void trama_ladder_view_forget_chart (TramaLadderView *self);

/* The zoom at which somebody who has not seen it begins, now that all of it fits. */
double trama_ladder_view_find_start (TramaLadderView *self);
void trama_ladder_view_forget_ladder (TramaLadderView *self);

/* Whether pictures of a chart, which may be NULL, may be shown until those of another are there. */
gboolean trama_ladder_view_may_stand_in (const TramaChart *old, const TramaChart *chart);

/* Whether the header of one says what that of another says, which has the same columns. */
gboolean trama_ladder_view_has_same_header (const TramaChart *one, const TramaChart *other);

/* The part of the chart that shows @y of the body, laid out. Borrowed, until the next is asked for. */
TramaChart *trama_ladder_view_get_part (TramaLadderView *self, double y);
gboolean trama_ladder_view_has_part (TramaLadderView *self, double y); /* it need not be laid out */

/* The trail of the selected event in that part; NULL: there is none. Borrowed in the same way. */
TramaTrail *trama_ladder_view_get_trail (TramaLadderView *self, double y);
void trama_ladder_view_forget_trails (TramaLadderView *self); /* another event is selected */

/* Of the widget's height. */
double trama_ladder_view_header_px (TramaLadderView *self);
double trama_ladder_view_body_px (TramaLadderView *self);

/* Of ladder_scroll.c. */
double trama_ladder_view_get_scroll (TramaLadderView *self);
void trama_ladder_view_set_scroll (TramaLadderView *self, double scroll_px);
double trama_ladder_view_get_scroll_x (TramaLadderView *self);
void trama_ladder_view_set_scroll_x (TramaLadderView *self, double scroll_px);
void trama_ladder_view_set_adjustment (TramaLadderView *self,
                                       GtkOrientation orientation,
                                       GtkAdjustment *adjustment);

/* The chart is another than @old, which may be NULL: what is held, or looked at, is where it was; or what is new is in view. */
void trama_ladder_view_keep_place (TramaLadderView *self, TramaChart *old);
void trama_ladder_view_scroll_to_wanted (TramaLadderView *self); /* if an event is */

/* Neither is NULL, and of no other trace. */
gboolean trama_ladder_view_is_same_trace (const TramaChart *old, const TramaChart *chart);

/* What is drawn at a point of the widget; kind 0: nothing. */
TramaRef trama_ladder_view_hit (TramaLadderView *self, double x, double y);

/* Multiplies the zoom; the time at @anchor_y in view stays there. */
void trama_ladder_view_zoom_at (TramaLadderView *self, double factor, double anchor_y);

/* Of ladder_menu.c. While it is open, what it is about stays as it is. */
void trama_ladder_view_class_add_menu (GtkWidgetClass *widget_class);
gboolean trama_ladder_view_is_menu_open (TramaLadderView *self);

/* Of ladder_legend.c. To be called when the chart, or what was found, has changed. TRUE: its height is another. */
gboolean trama_ladder_view_update_legend (TramaLadderView *self);
void trama_ladder_view_set_show_legend (TramaLadderView *self, gboolean show);
gboolean trama_ladder_view_get_show_legend (TramaLadderView *self);
void trama_ladder_view_tell_legend (TramaLadderView *self); /* to whom it concerns; once in a frame */

/* Of ladder_edge.c: what was found. To be called when that, or the chart, has changed. */
void trama_ladder_view_update_edge (TramaLadderView *self);

/* The event that the mark at a point of the widget leads to, the next one of several; kind 0: there is none. */
TramaRef trama_ladder_view_hit_edge (TramaLadderView *self, double x, double y);

/* What that mark says; NULL: there is none. The caller's to free. */
char *trama_ladder_view_dup_edge_text (TramaLadderView *self, double x, double y);

/* A frame of the body. */
typedef struct
{
  TramaLadderView *view;
  GtkSnapshot *snapshot;
  TramaStripTarget target;
  TramaPainting painting; /* of the whole, without what is asked of a part */
  double scroll, scroll_x, header, page;
  gint64 first, last; /* strips in view */
  gint64 spent_us;
  guint n_done; /* strips that were laid out for it */
} TramaBody;

/* Of ladder_draw.c. */
void trama_ladder_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);
TramaBody trama_ladder_view_make_body (TramaLadderView *self, GtkSnapshot *snapshot);
void trama_ladder_view_append_piece (const TramaBody *body, gint64 key, double x, double y, double height_px);

/* Of ladder_strips.c: the body, all of it or with what stands in; and the same once more, at another place. */
void trama_ladder_view_append_body (TramaBody *body);
void trama_ladder_view_append_painted (const TramaBody *body, double x);
void trama_ladder_view_take_strip (gint64 key, gint64 took_us, gpointer user_data); /* from the thread */

/* Of ladder_input.c. */
void trama_ladder_view_add_controllers (TramaLadderView *self);
void trama_ladder_view_class_add_keys (GtkWidgetClass *widget_class);

/* Of ladder_spoken.c. To be called when what is selected or measured has changed. */
void trama_ladder_view_describe (TramaLadderView *self);
void trama_ladder_view_class_add_named_steps (GtkWidgetClass *widget_class);

/* Of ladder_drag.c. */
void trama_ladder_view_add_drags (TramaLadderView *self);
void trama_ladder_view_cancel_drag (TramaLadderView *self);
void trama_ladder_view_give_up_drag (TramaLadderView *self); /* and the picture is where it was */

/* Of ladder_heads.c. The column whose head is at a point of the widget; G_MAXUINT: there is none. */
guint trama_ladder_view_find_head (TramaLadderView *self, double x, double y);

/* What the head of a folded column does not say; NULL: it does, or there is none. The caller's to free. */
char *trama_ladder_view_dup_head_text (TramaLadderView *self, double x, double y);
void trama_ladder_view_mean_column (TramaLadderView *self, guint column); /* G_MAXUINT: no longer one */
void trama_ladder_view_fold_head (TramaLadderView *self, guint column);
void trama_ladder_view_drop_head (TramaLadderView *self); /* at the pointer */
void trama_ladder_view_paint_head (TramaLadderView *self, cairo_t *cr, const TramaTheme *theme);

/*
 * Of ladder_panes.c: what stays in view while the chart moves sideways. Where a place of the widget
 * is in the chart, and where one of the chart, of which there must be one, is seen.
 */
double trama_ladder_view_get_chart_x (TramaLadderView *self, double x);
double trama_ladder_view_get_view_x (TramaLadderView *self, double chart_x);
void trama_ladder_view_scroll_across (TramaLadderView *self, const TramaRect *bounds);
void trama_ladder_view_start_across (TramaLadderView *self); /* to where most of what is in view now stands */

/* Calls @append for each, which is to add the picture with its left edge at @x of the widget. */
typedef void (*TramaAppendFunc) (GtkSnapshot *snapshot, double x, gpointer data);
void trama_ladder_view_append_panes (TramaLadderView *self,
                                     GtkSnapshot *snapshot,
                                     TramaAppendFunc append,
                                     gpointer data);

/* Of ladder_measure.c. */
void trama_ladder_view_measure_to_pointer (TramaLadderView *self);
void trama_ladder_view_measure_to_selected (TramaLadderView *self);
gboolean trama_ladder_view_end_measure (TramaLadderView *self); /* FALSE: nothing was measured */
void trama_ladder_view_paint_measure (TramaLadderView *self, cairo_t *cr, const TramaTheme *theme);

/* Of ladder_remarks.c: the user's notes. */
const TramaChartNote *trama_ladder_view_find_card (TramaLadderView *self, double x, double y);
void trama_ladder_view_choose_card (TramaLadderView *self, const TramaChartNote *card, gboolean edits);

/* Of ladder_range.c: what is in view, told to the view state and asked for by it. */
void trama_ladder_view_tell_visible (TramaLadderView *self);
void trama_ladder_view_show (TramaLadderView *self, const TramaSpan *span);
void trama_ladder_view_scroll_to_span (TramaLadderView *self); /* that is wanted, if one is */
