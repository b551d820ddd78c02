/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/ladder_private.h"

#include <math.h>

/* What moves less is a click. */
#define DRAG_MIN_PX 6

static double
body_y_of (TramaLadderView *self, double y)
{
  return y - trama_ladder_view_header_px (self) + trama_ladder_view_get_scroll (self);
}

static void
set_cursor (TramaLadderView *self, const char *name)
{
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), name);
}

/* Moving the picture. */

static void
begin_pan (TramaLadderView *self)
{
  self->drag = TRAMA_DRAG_PAN;
  self->pan_from = trama_ladder_view_get_scroll (self);
  self->pan_from_x = trama_ladder_view_get_scroll_x (self);
  set_cursor (self, "grabbing");
}

static void
pan (TramaLadderView *self, double dx, double dy)
{
  trama_ladder_view_set_scroll (self, self->pan_from - dy);
  trama_ladder_view_set_scroll_x (self, self->pan_from_x - dx);
}

/* Choosing a range. */

static void
choose_range (TramaLadderView *self)
{
  TramaSpan span = {
    trama_chart_time_of_y (self->chart, MIN (self->range_y[0], self->range_y[1])),
    trama_chart_time_of_y (self->chart, MAX (self->range_y[0], self->range_y[1])),
  };

  if (fabs (self->range_y[1] - self->range_y[0]) >= DRAG_MIN_PX && span.end_ns > span.start_ns)
    trama_view_state_show (self->state, span);
}

/* Taking a column by its head. */

static void
begin_column (TramaLadderView *self)
{
  self->drag = TRAMA_DRAG_COLUMN;
  set_cursor (self, "grabbing");
}

/* Drags of the first button. */

static void
on_begin (GtkGestureDrag *gesture, double x, double y, TramaLadderView *self)
{
  GdkModifierType modifiers = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  self->drag = TRAMA_DRAG_NOTHING;
  trama_ladder_view_update (self);
  self->head = trama_ladder_view_find_head (self, x, y);
  if (self->chart == NULL || y < trama_ladder_view_header_px (self) || (modifiers & GDK_SHIFT_MASK) == 0)
    return;
  self->drag = TRAMA_DRAG_RANGE;
  self->range_y[0] = self->range_y[1] = body_y_of (self, y);
}

static void
on_update (GtkGestureDrag *gesture, double dx, double dy, TramaLadderView *self)
{
  double x = 0, y = 0;

  if (self->chart == NULL)
    return;
  if (self->drag == TRAMA_DRAG_NOTHING && hypot (dx, dy) >= DRAG_MIN_PX)
    {
      if (self->head != G_MAXUINT)
        begin_column (self);
      else
        begin_pan (self);
    }
  if (self->drag == TRAMA_DRAG_NOTHING)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (self->drag == TRAMA_DRAG_PAN)
    {
      pan (self, dx, dy);
      return;
    }
  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  self->head_x = x + dx;
  self->range_y[1] = body_y_of (
      self, CLAMP (y + dy, trama_ladder_view_header_px (self),
                   trama_ladder_view_header_px (self) + trama_ladder_view_body_px (self)));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_end (GtkGestureDrag *gesture, double dx, double dy, TramaLadderView *self)
{
  guint8 drag = self->drag;

  trama_ladder_view_cancel_drag (self);
  if (drag == TRAMA_DRAG_RANGE && self->chart != NULL)
    choose_range (self);
  if (drag == TRAMA_DRAG_COLUMN && self->chart != NULL)
    trama_ladder_view_drop_head (self);
}

void
trama_ladder_view_cancel_drag (TramaLadderView *self)
{
  if (self->drag == TRAMA_DRAG_NOTHING)
    return;
  self->drag = TRAMA_DRAG_NOTHING;
  set_cursor (self, NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* While it is held: what was moved goes back, and what is held no longer moves anything. */
void
trama_ladder_view_give_up_drag (TramaLadderView *self)
{
  if (self->drag == TRAMA_DRAG_PAN)
    pan (self, 0, 0);
  for (guint i = 0; i < G_N_ELEMENTS (self->drags); i++)
    gtk_event_controller_reset (GTK_EVENT_CONTROLLER (self->drags[i]));
  trama_ladder_view_cancel_drag (self);
}

/* Of the middle button, wherever it begins and however short. */
static void
on_middle_begin (GtkGestureDrag *gesture, double x, double y, TramaLadderView *self)
{
  begin_pan (self);
}

static void
on_middle_update (GtkGestureDrag *gesture, double dx, double dy, TramaLadderView *self)
{
  pan (self, dx, dy);
}

void
trama_ladder_view_add_drags (TramaLadderView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *gesture = gtk_gesture_drag_new ();

  g_signal_connect (gesture, "drag-begin", G_CALLBACK (on_begin), self);
  g_signal_connect (gesture, "drag-update", G_CALLBACK (on_update), self);
  g_signal_connect (gesture, "drag-end", G_CALLBACK (on_end), self);
  g_signal_connect_swapped (gesture, "cancel", G_CALLBACK (trama_ladder_view_cancel_drag), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (gesture));
  self->drags[0] = gesture;

  gesture = gtk_gesture_drag_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_MIDDLE);
  g_signal_connect (gesture, "drag-begin", G_CALLBACK (on_middle_begin), self);
  g_signal_connect (gesture, "drag-update", G_CALLBACK (on_middle_update), self);
  g_signal_connect_swapped (gesture, "drag-end", G_CALLBACK (trama_ladder_view_cancel_drag), self);
  g_signal_connect_swapped (gesture, "cancel", G_CALLBACK (trama_ladder_view_cancel_drag), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (gesture));
  self->drags[1] = gesture;
}
