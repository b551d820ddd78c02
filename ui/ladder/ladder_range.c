/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/ladder_private.h"

void
trama_ladder_view_tell_visible (TramaLadderView *self)
{
  double top = trama_ladder_view_get_scroll (self);
  TramaSpan visible;

  if (self->chart == NULL || self->stale)
    return;
  visible.start_ns = trama_chart_time_of_y (self->chart, top);
  visible.end_ns = trama_chart_time_of_y (self->chart, top + trama_ladder_view_body_px (self));
  trama_view_state_set_visible (self->state, visible);
}

static double
zoom_for (TramaLadderView *self, const TramaSpan *span)
{
  double fit_ns_per_px = trama_chart_fit_span (self->chart, span, trama_ladder_view_body_px (self));

  return trama_view_state_get_zoom (self->state) * self->chart->ns_per_px / fit_ns_per_px;
}

void
trama_ladder_view_scroll_to_span (TramaLadderView *self)
{
  double page = trama_ladder_view_body_px (self);
  double y0, y1;

  if (self->wanted_span.start_ns == TRAMA_TIME_NONE || self->chart == NULL)
    return;
  y0 = trama_chart_y_of_time (self->chart, self->wanted_span.start_ns);
  y1 = trama_chart_y_of_time (self->chart, self->wanted_span.end_ns);
  self->wanted_span.start_ns = TRAMA_TIME_NONE;
  /* What is larger than the view is seen from its beginning. */
  trama_ladder_view_set_scroll (self, y1 - y0 < page ? (y0 + y1 - page) / 2 : y0);
}

void
trama_ladder_view_show (TramaLadderView *self, const TramaSpan *span)
{
  trama_ladder_view_update (self);
  if (self->chart == NULL)
    return;
  self->wanted_span = *span;
  if (span->end_ns > span->start_ns)
    trama_view_state_set_zoom (self->state, zoom_for (self, span));
  if (!self->stale)
    trama_ladder_view_scroll_to_span (self);
}
