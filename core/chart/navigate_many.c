/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

/* Sizes of the design at scale 1: a packet whose tail is drawn for its row. */
#define ARROW_PX 8
#define HIT_PX 2

/* Of those that lie between two of one lane, nobody waits for more. */
#define LOOKED_AT_MAX 200000

static const TramaRef nothing = { 0, 0 };

static TramaLadder *
get_ladder (const TramaChart *chart)
{
  return ((const TramaChartPrivate *) chart)->ladder;
}

/* The layout that knows columns and rails. */
static const TramaLayout *
get_frame (const TramaChart *chart)
{
  const TramaChartPrivate *self = (const TramaChartPrivate *) chart;

  return self->whole != NULL ? &self->whole->frame : &self->frame;
}

gboolean
trama_chart_find_y (const TramaChart *chart, TramaRef ref, double *y)
{
  const TramaTimeline *timeline = get_ladder (chart)->timeline;
  guint position;

  if (!trama_timeline_find_ref (timeline, ref, &position))
    return FALSE;
  *y = trama_chart_y_of_time (chart, trama_timeline_get_time (timeline, position));
  return TRUE;
}

guint
trama_chart_find_column (const TramaChart *chart, TramaRef ref)
{
  const TramaLayout *frame = get_frame (chart);
  guint32 rail = ref.kind == TRAMA_EVENT_CALL ? trama_layout_rail_of_call (frame, ref.index)
                                              : TRAMA_RAIL_NONE;
  guint32 columns[2];

  if (rail != TRAMA_RAIL_NONE)
    return chart->rails[rail].column;
  if (ref.kind == TRAMA_EVENT_PACKET && trama_layout_ends_of_packet (frame, ref.index, columns))
    return columns[0];
  return G_MAXUINT;
}

gboolean
trama_chart_find_arrow (const TramaChart *chart, guint32 packet, TramaChartArrow *arrow)
{
  const TramaLayout *frame = get_frame (chart);
  const TramaBrief brief = trama_flow_table_get_brief (frame->table, packet);
  guint32 columns[2];
  double y;

  if (!trama_chart_find_y (chart, (TramaRef){ TRAMA_EVENT_PACKET, packet }, &y)
      || !trama_layout_ends_of_packet (frame, packet, columns))
    return FALSE;
  *arrow = (TramaChartArrow){
    .packet = packet,
    .kind = brief.kind,
    .again = brief.resent,
    .copy = brief.copy,
    .x0 = chart->rails[trama_layout_rail_towards (frame, columns[0], columns[1])].line_x,
    .x1 = chart->rails[trama_layout_rail_towards (frame, columns[1], columns[0])].line_x,
    .y0 = y,
    .y1 = y + ARROW_PX * chart->scale,
  };
  arrow->chip_x = (arrow->x0 + arrow->x1) / 2;
  arrow->chip_y = (arrow->y0 + arrow->y1) / 2;
  return TRUE;
}

/* The moment of an event: of a call its entry, if it has a place. */
static gboolean
get_ref (const TramaChart *chart, guint position, TramaRef *ref)
{
  const TramaMoment moment = trama_timeline_get (get_ladder (chart)->timeline, position);

  *ref = (TramaRef){ TRAMA_EVENT_PACKET, moment.index };
  if (moment.kind == TRAMA_MOMENT_PACKET)
    return TRUE;
  ref->kind = TRAMA_EVENT_CALL;
  return moment.kind == TRAMA_MOMENT_ENTRY
         && trama_layout_rail_of_call (get_frame (chart), moment.index) != TRAMA_RAIL_NONE;
}

/* Of what is in a row of a sender, the nearest to where one points. */
TramaRef
trama_chart_hit_dense (const TramaChart *chart, double x, double y)
{
  const TramaLayout *frame = get_frame (chart);
  const TramaTimeline *timeline = get_ladder (chart)->timeline;

  for (guint i = 0; i < chart->n_densities; i++)
    {
      const TramaChartDensity *density = &chart->densities[i];
      double length = density->direction * (x - density->x), reach = HIT_PX * chart->scale;
      guint position;

      if (y < density->y0 || y >= density->y1)
        continue;
      for (guint kind = 0; kind < TRAMA_CHART_DENSITY_KINDS; kind++)
        reach += density->length_px[kind];
      if (length < 0 || length > reach)
        continue;
      position = trama_timeline_find (timeline, 0, trama_chart_time_of_y (chart, density->y0));
      for (guint looked_at = 0; position < trama_timeline_n (timeline) && looked_at < LOOKED_AT_MAX;
           position++, looked_at++)
        {
          guint16 lane = trama_timeline_get_lane (timeline, position);

          if (lane != TRAMA_TIMELINE_NO_LANE && trama_layout_rail_of_lane (frame, lane) == density->rail)
            return (TramaRef){ TRAMA_EVENT_PACKET, trama_timeline_get (timeline, position).index };
        }
    }
  return nothing;
}

TramaRef
trama_chart_step_many (const TramaChart *chart, TramaRef ref, int direction)
{
  const TramaTimeline *timeline = get_ladder (chart)->timeline;
  guint n = trama_timeline_n (timeline), position;
  TramaRef found;

  if (!trama_timeline_find_ref (timeline, ref, &position))
    position = direction > 0 ? G_MAXUINT : n; /* the next one is the first */
  for (;;)
    {
      position += direction > 0 ? 1 : G_MAXUINT;
      if (position >= n)
        return nothing;
      if (get_ref (chart, position, &found))
        return found;
    }
}

/* Of a call its rail, of a packet the two columns. */
static guint64
lane_of (const TramaLayout *frame, TramaRef ref)
{
  guint32 columns[2];

  if (ref.kind == TRAMA_EVENT_CALL)
    return 1 + (guint64) trama_layout_rail_of_call (frame, ref.index);
  if (!trama_layout_ends_of_packet (frame, ref.index, columns))
    return 0;
  return ((guint64) (1 + MIN (columns[0], columns[1])) << 32) + MAX (columns[0], columns[1]);
}

TramaRef
trama_chart_step_in_lane_many (const TramaChart *chart, TramaRef ref, int direction)
{
  const TramaLayout *frame = get_frame (chart);
  guint position;
  guint64 lane;
  TramaRef found = ref;

  if (!trama_timeline_find_ref (get_ladder (chart)->timeline, ref, &position))
    return nothing;
  lane = lane_of (frame, ref);
  for (guint i = 0; i < LOOKED_AT_MAX; i++)
    {
      found = trama_chart_step_many (chart, found, direction);
      if (found.kind == 0 || (found.kind == ref.kind && lane_of (frame, found) == lane))
        return found;
    }
  return nothing;
}

static gboolean
is_linked (const TramaFlowTable *table, guint32 packet, guint32 call, gboolean wakes)
{
  return (wakes ? trama_flow_table_get_woken (table, packet) : trama_flow_table_get_cause (table, packet))
         == call;
}

/* Of a call, the first packet that it sent, or the last that woke it. */
static TramaRef
find_packet_of_call (const TramaChart *chart, guint32 index, gboolean wakes)
{
  const TramaLayout *frame = get_frame (chart);
  const TramaTimeline *timeline = get_ladder (chart)->timeline;
  const TramaCall *call = trama_store_get_call (frame->store, index);
  gint64 exit_ns = call->exit_ns != TRAMA_TIME_NONE ? call->exit_ns : chart->span.end_ns;
  guint begin = trama_timeline_find (timeline, 0, call->entry_ns);
  guint end = trama_timeline_find (timeline, begin, exit_ns);

  for (guint i = 0; i < end - begin && i < LOOKED_AT_MAX; i++)
    {
      const TramaMoment moment = trama_timeline_get (timeline, wakes ? end - 1 - i : begin + i);

      if (moment.kind == TRAMA_MOMENT_PACKET && is_linked (frame->table, moment.index, index, wakes))
        return (TramaRef){ TRAMA_EVENT_PACKET, moment.index };
    }
  return nothing;
}

TramaRef
trama_chart_step_along_many (const TramaChart *chart, TramaRef ref, int direction)
{
  const TramaLayout *frame = get_frame (chart);
  guint position, call;

  if (!trama_timeline_find_ref (get_ladder (chart)->timeline, ref, &position))
    return nothing;
  if (ref.kind == TRAMA_EVENT_CALL)
    return find_packet_of_call (chart, ref.index, direction < 0);
  call = direction < 0 ? trama_flow_table_get_cause (frame->table, ref.index)
                       : trama_flow_table_get_woken (frame->table, ref.index);
  if (call == G_MAXUINT || trama_layout_rail_of_call (frame, call) == TRAMA_RAIL_NONE)
    return nothing;
  return (TramaRef){ TRAMA_EVENT_CALL, call };
}
