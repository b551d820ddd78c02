/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/ladder_private.h"

#include <math.h>

/* Around a moment that has no shape of its own. */
#define MOMENT_PX 8

/*
 * A mark is found again when the pointer is that near to it; when the pointer rests where it was
 * asked last, also when the picture has given way a little, as to a row more of the legend.
 */
#define MARK_NEAR_PX 8
#define MARK_RESTING_PX 30

gint64
trama_ladder_view_get_moment (TramaLadderView *self)
{
  double page = trama_ladder_view_body_px (self);
  double y = self->pointer_y - trama_ladder_view_header_px (self);

  g_return_val_if_fail (TRAMA_IS_LADDER_VIEW (self), 0);
  g_return_val_if_fail (trama_ladder_view_get_chart (self) != NULL, 0);

  if (!self->pointer_inside || y < 0 || y > page)
    y = page / 2;
  return trama_chart_time_of_y (self->chart, y + trama_ladder_view_get_scroll (self));
}

/* The mark at the pointer is meant, and not one a nanosecond beside it. */
static TramaPlace
find_near_mark (TramaLadderView *self, gint64 moment_ns)
{
  TramaNotebook *notebook = trama_store_get_notebook (
      trama_flow_table_get_store (trama_chart_get_table (self->chart)));
  double y = trama_chart_y_of_time (self->chart, moment_ns);
  double nearest = self->pointer_y == self->asked_y ? MARK_RESTING_PX : MARK_NEAR_PX;
  TramaPlace place = { { 0 }, moment_ns };

  for (guint i = 0; i < self->chart->n_marks; i++)
    if (fabs (self->chart->marks[i].y - y) < nearest)
      {
        TramaRemark remark = trama_notebook_get (notebook, self->chart->marks[i].remark);

        nearest = fabs (self->chart->marks[i].y - y);
        place = (TramaPlace){ remark.subject, remark.time_ns };
      }
  return place;
}

TramaPlace
trama_ladder_view_get_place (TramaLadderView *self)
{
  TramaRef selected = trama_view_state_get_selected (self->state);
  TramaPlace place;

  if (selected.kind == TRAMA_EVENT_CALL || selected.kind == TRAMA_EVENT_PACKET)
    return trama_place_of_event (self->state, selected);
  place = find_near_mark (self, trama_ladder_view_get_moment (self));
  self->asked_y = self->pointer_y;
  return place;
}

TramaRef
trama_ladder_view_get_pointed (TramaLadderView *self)
{
  if (!self->pointer_inside)
    return (TramaRef){ 0 };
  return trama_ladder_view_hit (self, self->pointer_x, self->pointer_y);
}

void
trama_ladder_view_get_box (TramaLadderView *self, TramaPlace place, GdkRectangle *box)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double header = trama_ladder_view_header_px (self);
  double page = trama_ladder_view_body_px (self);
  TramaRect bounds = { width / 2, 0, 1, MOMENT_PX };
  double x, y0, y1;

  if (place.subject.kind == 0 || !trama_chart_get_bounds (self->chart, place.subject, &bounds))
    bounds.y = trama_chart_y_of_time (self->chart, place.time_ns) - MOMENT_PX / 2.0;
  else
    bounds.x = trama_ladder_view_get_view_x (self, bounds.x);
  /* What is out of view is pointed at from the edge. */
  x = CLAMP (bounds.x, 0, width - 1);
  y0 = CLAMP (bounds.y - trama_ladder_view_get_scroll (self), 0, page - 1);
  y1 = CLAMP (bounds.y + bounds.height - trama_ladder_view_get_scroll (self), y0 + 1, page);
  *box = (GdkRectangle){
    .x = (int) x,
    .y = (int) (y0 + header),
    .width = (int) MAX (1, MIN (bounds.width, width - x)),
    .height = (int) MAX (1, y1 - y0),
  };
}

const TramaChartNote *
trama_ladder_view_find_card (TramaLadderView *self, double x, double y)
{
  double body_y = y - trama_ladder_view_header_px (self);
  const TramaChartNote *note;

  trama_ladder_view_update (self);
  if (self->chart == NULL || body_y < 0 || body_y > trama_ladder_view_body_px (self))
    return NULL;
  note = trama_chart_find_note (self->chart, trama_ladder_view_get_chart_x (self, x),
                                body_y + trama_ladder_view_get_scroll (self));
  return note != NULL && note->n_own > 0 ? note : NULL;
}

void
trama_ladder_view_choose_card (TramaLadderView *self, const TramaChartNote *card, gboolean edits)
{
  TramaNotebook *notebook = trama_store_get_notebook (
      trama_flow_table_get_store (trama_chart_get_table (self->chart)));
  TramaRemark remark = trama_notebook_get (notebook, card->remark);

  trama_view_state_select (self->state, remark.subject);
  if (edits)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.edit-note", "(uux)", remark.subject.kind,
                                remark.subject.index, remark.time_ns);
}
