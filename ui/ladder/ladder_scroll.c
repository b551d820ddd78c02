/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/ladder_private.h"

#include <math.h>

#define MARGIN_PX 32

/* Of the page: how far above an event is what belongs to it. */
#define CAPTION_PART 0.25

double
trama_ladder_view_get_scroll (TramaLadderView *self)
{
  GtkAdjustment *vertical = self->adjustment[GTK_ORIENTATION_VERTICAL];

  return vertical != NULL ? gtk_adjustment_get_value (vertical) : 0;
}

void
trama_ladder_view_set_scroll (TramaLadderView *self, double scroll_px)
{
  if (self->adjustment[GTK_ORIENTATION_VERTICAL] != NULL)
    gtk_adjustment_set_value (self->adjustment[GTK_ORIENTATION_VERTICAL], scroll_px);
}

double
trama_ladder_view_get_scroll_x (TramaLadderView *self)
{
  GtkAdjustment *horizontal = self->adjustment[GTK_ORIENTATION_HORIZONTAL];

  return horizontal != NULL ? gtk_adjustment_get_value (horizontal) : 0;
}

void
trama_ladder_view_set_scroll_x (TramaLadderView *self, double scroll_px)
{
  if (self->adjustment[GTK_ORIENTATION_HORIZONTAL] != NULL)
    gtk_adjustment_set_value (self->adjustment[GTK_ORIENTATION_HORIZONTAL], scroll_px);
}

/* Width and height are the widget's; the chart may be wider, when many columns must stay readable. */
static void
configure_adjustments (TramaLadderView *self, double scroll_px)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double whole = MAX (width, self->chart != NULL ? ceil (self->chart->width_px) : 0);
  double page = trama_ladder_view_body_px (self);
  double upper = MAX (page, self->chart != NULL ? self->chart->body_px : 0);

  self->configuring = TRUE;
  if (self->adjustment[GTK_ORIENTATION_HORIZONTAL] != NULL)
    gtk_adjustment_configure (self->adjustment[GTK_ORIENTATION_HORIZONTAL],
                              CLAMP (trama_ladder_view_get_scroll_x (self), 0, whole - width), 0, whole,
                              width / 10, width * 0.9, width);
  if (self->adjustment[GTK_ORIENTATION_VERTICAL] != NULL)
    gtk_adjustment_configure (self->adjustment[GTK_ORIENTATION_VERTICAL], CLAMP (scroll_px, 0, upper - page),
                              0, upper, page / 10, page * 0.9, page);
  self->configuring = FALSE;
}

/* Where to scroll so that what stood at the anchor in @old stands there again. */
static double
scroll_for_anchor (TramaLadderView *self, TramaChart *old)
{
  double scroll = trama_ladder_view_get_scroll (self);
  double anchor = self->anchor_y;
  double y;
  double rest;
  gint64 time_ns;

  /* Another trace begins at its beginning. */
  if (!trama_ladder_view_is_same_trace (old, self->chart))
    return 0;
  if (anchor < 0)
    {
      /* Nothing is held: the beginning stays in view, or else the middle. */
      if (scroll <= 0)
        return 0;
      anchor = trama_ladder_view_body_px (self) / 2;
    }

  y = scroll + anchor;
  time_ns = trama_chart_time_of_y (old, y);
  rest = y - trama_chart_y_of_time (old, time_ns);
  return trama_chart_y_of_time (self->chart, time_ns) + rest - anchor;
}

/* Whoever looks at the end of what still comes goes on to do so, until they scroll away. */
static gboolean
is_at_end (TramaLadderView *self)
{
  return self->chart != NULL
         && trama_ladder_view_get_scroll (self) + trama_ladder_view_body_px (self)
                >= self->chart->body_px - 1;
}

static gboolean
is_resized (TramaLadderView *self)
{
  return fabs (trama_ladder_view_body_px (self) - self->end_page_px) > 0.5
         && fabs (trama_view_state_get_zoom (self->state) - self->end_zoom) < 1e-9;
}

static gboolean
has_more (TramaLadderView *self, TramaChart *old)
{
  return trama_chart_get_table (old) != trama_chart_get_table (self->chart);
}

/* What is in view whole has both its ends there: where only the room changes, its beginning stays. */
static gboolean
holds_beginning (TramaLadderView *self, TramaChart *old)
{
  return self->at_end && !self->steps && trama_ladder_view_is_same_trace (old, self->chart)
         && !has_more (self, old) && is_resized (self)
         && trama_ladder_view_get_scroll (self) <= trama_chart_y_of_time (old, old->span.start_ns);
}

/* While more comes; and where only the view gets another height, as when a notice comes above it. */
static gboolean
follows_end (TramaLadderView *self, TramaChart *old)
{
  return self->at_end && trama_ladder_view_is_same_trace (old, self->chart)
         && (has_more (self, old) || is_resized (self)) && !holds_beginning (self, old);
}

static void
remember_end (TramaLadderView *self)
{
  self->at_end = is_at_end (self);
  self->end_page_px = trama_ladder_view_body_px (self);
  self->end_zoom = trama_view_state_get_zoom (self->state);
}

/* What was said just before an event is read beside it: as far as there is room for both. */
static void
add_captions (TramaLadderView *self, double event_y, double *top, double *bottom)
{
  double page = trama_ladder_view_body_px (self);

  for (guint i = 0; i < self->chart->n_notes; i++)
    {
      const TramaChartNote *note = &self->chart->notes[i];
      double y0 = MIN (*top, note->card_y), y1 = MAX (*bottom, note->card_y + note->height_px);

      if (note->y > event_y || note->y < event_y - page * CAPTION_PART || y1 - y0 > page)
        continue;
      *top = y0;
      *bottom = y1;
    }
}

static void
scroll_to (TramaLadderView *self, const TramaRect *bounds)
{
  double scroll = trama_ladder_view_get_scroll (self);
  double page = trama_ladder_view_body_px (self);
  double top = bounds->y - MARGIN_PX;
  double bottom = bounds->y + bounds->height + MARGIN_PX;

  add_captions (self, bounds->y, &top, &bottom);
  /* A call that blocks is taller than the page: its entry is what one looks for. */
  if (top < scroll || bottom - top > page)
    trama_ladder_view_set_scroll (self, top);
  else if (bottom > scroll + page)
    trama_ladder_view_set_scroll (self, bottom - page);
  trama_ladder_view_scroll_across (self, bounds);
}

void
trama_ladder_view_scroll_to_wanted (TramaLadderView *self)
{
  TramaRef wanted = self->wanted;
  TramaRect bounds;

  self->wanted = (TramaRef){ 0 };
  if (wanted.kind != 0 && self->chart != NULL && trama_chart_get_bounds (self->chart, wanted, &bounds))
    scroll_to (self, &bounds);
}

/* Of those that are drawn. */
static gboolean
get_newest_call (TramaLadderView *self, TramaRect *bounds)
{
  guint n = trama_store_n_calls (trama_flow_table_get_store (trama_chart_get_table (self->chart)));

  while (n-- > 0)
    if (trama_chart_get_bounds (self->chart, (TramaRef){ TRAMA_EVENT_CALL, n }, bounds))
      return TRUE;
  return FALSE;
}

/* Nobody scrolls away here: what comes after it is followed, too. */
static void
show_newest_call (TramaLadderView *self)
{
  TramaRect bounds;

  if (!get_newest_call (self, &bounds))
    return;
  self->configuring = TRUE;
  scroll_to (self, &bounds);
  self->configuring = FALSE;
}

/* In what was drawn before; where the trace has grown since, whoever reads it says what is in view. */
static gboolean
showed_selected (TramaLadderView *self, TramaChart *old)
{
  const double scroll = trama_ladder_view_get_scroll (self);
  TramaRect bounds;

  return self->anchor_y < 0 && trama_ladder_view_is_same_trace (old, self->chart)
         && trama_chart_get_table (old) == trama_chart_get_table (self->chart)
         && trama_chart_get_bounds (old, trama_view_state_get_selected (self->state), &bounds)
         && bounds.y >= scroll && bounds.y <= scroll + self->end_page_px;
}

/* When there is less room, or columns change, what is selected stays in view. */
void
trama_ladder_view_keep_place (TramaLadderView *self, TramaChart *old)
{
  gboolean follows = follows_end (self, old);
  gboolean begins = holds_beginning (self, old);
  double scroll_px;

  if (!follows && self->wanted.kind == 0 && showed_selected (self, old))
    self->wanted = trama_view_state_get_selected (self->state);
  scroll_px = follows ? self->chart->body_px : begins ? 0 : scroll_for_anchor (self, old);
  configure_adjustments (self, scroll_px);
  remember_end (self);
  self->at_end |= begins; /* what still comes is followed again */
  self->anchor_y = -1;
  if (follows && self->steps)
    show_newest_call (self);
}

void
trama_ladder_view_set_steps (TramaLadderView *self, gboolean steps)
{
  g_return_if_fail (TRAMA_IS_LADDER_VIEW (self));
  self->steps = steps;
}

void
trama_ladder_view_await_step (TramaLadderView *self)
{
  g_return_if_fail (TRAMA_IS_LADDER_VIEW (self));
  self->at_end = TRUE;
}

static void
on_adjustment_value_changed (GtkAdjustment *adjustment, TramaLadderView *self)
{
  if (self->configuring)
    return;
  self->at_end = is_at_end (self);
  trama_ladder_view_tell_visible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
trama_ladder_view_set_adjustment (TramaLadderView *self,
                                  GtkOrientation orientation,
                                  GtkAdjustment *adjustment)
{
  if (self->adjustment[orientation] != NULL)
    g_signal_handlers_disconnect_by_data (self->adjustment[orientation], self);
  g_set_object (&self->adjustment[orientation], adjustment);
  if (adjustment == NULL)
    return;
  g_signal_connect (adjustment, "value-changed", G_CALLBACK (on_adjustment_value_changed), self);
  configure_adjustments (self, 0);
}
