/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/ladder_private.h"
#include "ui/paint/over.h"

#include <math.h>

/* The pointer is taken for the event that it is that near to. */
#define SNAP_PX 14

/* The nearest of what is drawn: a call's entry and return, a packet's moment. FALSE: nothing is near. */
static gboolean
snap (TramaLadderView *self, double y, double reach_px, gint64 *time_ns)
{
  TramaStore *store = trama_flow_table_get_store (trama_chart_get_table (self->chart));
  double nearest = reach_px;
  gboolean found = FALSE;

#define TRY(at, ns)                                                                                          \
  if (fabs ((at) -y) < nearest)                                                                              \
    {                                                                                                        \
      nearest = fabs ((at) -y);                                                                              \
      *time_ns = (ns);                                                                                       \
      found = TRUE;                                                                                          \
    }
  for (guint i = 0; i < self->chart->n_bars; i++)
    {
      const TramaChartBar *bar = &self->chart->bars[i];
      const TramaCall *call = trama_store_get_call (store, bar->call);

      TRY (bar->y0, call->entry_ns)
      if (!bar->open)
        TRY (bar->y1, call->exit_ns)
    }
  for (guint i = 0; i < self->chart->n_arrows; i++)
    {
      const TramaChartArrow *arrow = &self->chart->arrows[i];
      TramaPacket packet;

      trama_store_get_packet (store, arrow->packet, &packet);
      TRY (trama_chart_y_of_time (self->chart, packet.time_ns), packet.time_ns)
    }
#undef TRY
  return found;
}

/* The selected event's moment; of a call that was under way at the other end its return. FALSE: none is. */
static gboolean
find_selected_moment (TramaLadderView *self, gboolean is_end, gint64 *time_ns)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state); /* the chart may still be of another */
  TramaRef selected = trama_view_state_get_selected (self->state);
  const TramaCall *call;

  if (selected.kind != TRAMA_EVENT_CALL && selected.kind != TRAMA_EVENT_PACKET)
    return FALSE;
  *time_ns = trama_place_of_event (self->state, selected).time_ns;
  if (!is_end || selected.kind != TRAMA_EVENT_CALL)
    return TRUE;
  call = trama_store_get_call (trama_flow_table_get_store (table), selected.index);
  if (call->entry_ns <= self->measure_ns[0] && call->exit_ns != TRAMA_TIME_NONE
      && call->exit_ns > self->measure_ns[0])
    *time_ns = call->exit_ns;
  return TRUE;
}

static gint64
measured_ns (TramaLadderView *self)
{
  return ABS (self->measure_ns[1] - self->measure_ns[0]);
}

char *
trama_ladder_view_dup_measured (TramaLadderView *self)
{
  g_return_val_if_fail (TRAMA_IS_LADDER_VIEW (self), NULL);
  return self->measuring ? trama_duration_format (measured_ns (self)) : NULL;
}

static void
tell (TramaLadderView *self)
{
  trama_ladder_view_describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
trama_ladder_view_measure (TramaLadderView *self)
{
  g_return_if_fail (TRAMA_IS_LADDER_VIEW (self));

  trama_ladder_view_update (self);
  if (self->chart == NULL)
    return;
  if (!find_selected_moment (self, FALSE, &self->measure_ns[0]))
    {
      self->measure_ns[0] = trama_ladder_view_get_moment (self);
      snap (self, trama_chart_y_of_time (self->chart, self->measure_ns[0]), trama_ladder_view_body_px (self),
            &self->measure_ns[0]);
    }
  self->measure_ns[1] = self->measure_ns[0];
  self->measuring = TRUE;
  self->measure_held = FALSE;
  /* Of a call that is selected, how long it took is the first thing to know. */
  find_selected_moment (self, TRUE, &self->measure_ns[1]);
  tell (self);
}

void
trama_ladder_view_measure_to_pointer (TramaLadderView *self)
{
  double y;

  if (!self->measuring || self->measure_held || self->chart == NULL)
    return;
  y = self->pointer_y - trama_ladder_view_header_px (self) + trama_ladder_view_get_scroll (self);
  self->measure_ns[1] = trama_chart_time_of_y (self->chart, y);
  snap (self, y, SNAP_PX * self->chart->scale, &self->measure_ns[1]);
  tell (self);
}

void
trama_ladder_view_measure_to_selected (TramaLadderView *self)
{
  if (!self->measuring || self->chart == NULL || !find_selected_moment (self, TRUE, &self->measure_ns[1]))
    return;
  self->measure_held = TRUE;
  tell (self);
}

gboolean
trama_ladder_view_end_measure (TramaLadderView *self)
{
  if (!self->measuring)
    return FALSE;
  self->measuring = FALSE;
  tell (self);
  return TRUE;
}

void
trama_ladder_view_paint_measure (TramaLadderView *self, cairo_t *cr, const TramaTheme *theme)
{
  const double scroll = trama_ladder_view_get_scroll (self);
  const gint64 from_ns = MIN (self->measure_ns[0], self->measure_ns[1]);
  const gint64 to_ns = MAX (self->measure_ns[0], self->measure_ns[1]);
  g_autofree char *label = trama_duration_format (to_ns - from_ns);
  g_autofree char *from = trama_duration_format (from_ns - self->chart->span.start_ns);
  g_autofree char *to = trama_duration_format (to_ns - self->chart->span.start_ns);
  const TramaMeasure measure = {
    .y0 = trama_chart_y_of_time (self->chart, from_ns),
    .y1 = trama_chart_y_of_time (self->chart, to_ns),
    .x0 = self->chart->gutter_px + trama_ladder_view_get_scroll_x (self),
    .label = label,
    .from = from,
    .to = to,
  };

  trama_paint_measure (cr, self->chart, theme, &measure, scroll, scroll + trama_ladder_view_body_px (self));
}
