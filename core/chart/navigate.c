/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include <math.h>

/* Sizes of the design at scale 1. */
#define HIT_PX 9
#define CHIP_HALF_PX 15
#define LABEL_HALF_PX 10

static const TramaRef nothing = { 0, 0 };

static gboolean
same (TramaRef a, TramaRef b)
{
  return a.kind == b.kind && a.index == b.index;
}

static const TramaChartBar *
find_bar (const TramaChart *chart, guint call)
{
  const TramaChartPrivate *self = (const TramaChartPrivate *) chart;
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->bar_of_call, GUINT_TO_POINTER (call)));

  return place != 0 ? &chart->bars[place - 1] : NULL;
}

static const TramaChartArrow *
find_arrow (const TramaChart *chart, guint packet)
{
  const TramaChartPrivate *self = (const TramaChartPrivate *) chart;
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->arrow_of_packet, GUINT_TO_POINTER (packet)));

  return place != 0 ? &chart->arrows[place - 1] : NULL;
}

/* From a point to a segment of a line. */
static double
distance_to_arrow (const TramaChartArrow *arrow, double x, double y)
{
  double dx = arrow->x1 - arrow->x0, dy = arrow->y1 - arrow->y0;
  double length = dx * dx + dy * dy;
  double along = length > 0 ? CLAMP (((x - arrow->x0) * dx + (y - arrow->y0) * dy) / length, 0, 1) : 0;

  return hypot (x - arrow->x0 - along * dx, y - arrow->y0 - along * dy);
}

/* 0 inside. */
static double
distance_to_rect (const TramaRect *rect, double x, double y)
{
  double dx = MAX (MAX (rect->x - x, x - rect->x - rect->width), 0);
  double dy = MAX (MAX (rect->y - y, y - rect->y - rect->height), 0);

  return hypot (dx, dy);
}

/* Of the words of a bar around @y. */
static TramaRect
words_rect (const TramaChart *chart, const TramaChartRail *rail, double y, double more_px)
{
  double half = LABEL_HALF_PX * chart->scale;
  double width = rail->label_width_px + more_px;

  return (TramaRect){ rail->direction > 0 ? rail->label_x : rail->label_x - width, y - half, width,
                      2 * half };
}

/* The bar and its label; a result that stands apart has a place of its own. */
static double
distance_to_bar (const TramaChart *chart, const TramaChartBar *bar, double x, double y)
{
  const TramaChartRail *rail = &chart->rails[bar->rail];
  TramaRect body = { rail->bar_x0, bar->y0, rail->bar_x1 - rail->bar_x0, bar->y1 - bar->y0 };
  TramaRect label = words_rect (chart, rail, bar->label_y, bar->label_more_px);
  TramaRect result = words_rect (chart, rail, bar->result_y, bar->result_more_px);
  double nearest = distance_to_rect (&body, x, y);

  if (bar->has_words)
    nearest = MIN (nearest, distance_to_rect (&label, x, y));
  return bar->result_apart ? MIN (nearest, distance_to_rect (&result, x, y)) : nearest;
}

/* Words lie above all lines, and the later ones above the earlier. */
static gboolean
is_on_chip (const TramaChart *chart, const TramaChartArrow *arrow, double x, double y)
{
  return arrow->apart && fabs (x - arrow->chip_x) <= arrow->chip_width_px / 2
         && fabs (y - arrow->chip_y) <= CHIP_HALF_PX * chart->scale;
}

static TramaRef
hit_drawn (const TramaChart *chart, double x, double y)
{
  double nearest = HIT_PX * chart->scale;
  TramaRef hit = nothing;

  for (guint i = 0; i < chart->n_steps; i++)
    {
      const TramaChartStep *step = &chart->steps[i];

      if (x >= step->x0 && x <= step->x1 && y >= step->y0 && y <= step->y1)
        return (TramaRef){ TRAMA_EVENT_PACKET, step->packet };
    }
  for (guint i = 0; i < chart->n_arrows; i++)
    {
      gboolean on_chip = is_on_chip (chart, &chart->arrows[i], x, y);
      double distance = on_chip ? 0 : distance_to_arrow (&chart->arrows[i], x, y);

      if (distance < nearest || on_chip)
        {
          nearest = distance;
          hit = (TramaRef){ TRAMA_EVENT_PACKET, chart->arrows[i].packet };
        }
    }
  for (guint i = 0; i < chart->n_branches; i++)
    {
      double distance = distance_to_arrow (&chart->branches[i], x, y);

      if (distance < nearest)
        {
          nearest = distance;
          hit = (TramaRef){ TRAMA_EVENT_PACKET, chart->branches[i].packet };
        }
    }
  for (guint i = 0; i < chart->n_bars; i++)
    {
      double distance = distance_to_bar (chart, &chart->bars[i], x, y);

      if (distance < nearest)
        {
          nearest = distance;
          hit = (TramaRef){ TRAMA_EVENT_CALL, chart->bars[i].call };
        }
    }
  return hit;
}

/* Of a whole that is not laid out, the part that is asked for. */
static TramaChart *
part_at (const TramaChart *chart, double y)
{
  return trama_chart_get_part ((TramaChart *) chart, y, y);
}

static gboolean
is_laid_out (const TramaChart *chart)
{
  const TramaChartPrivate *self = (const TramaChartPrivate *) chart;

  return self->order != NULL || self->whole != NULL;
}

TramaRef
trama_chart_hit (const TramaChart *chart, double x, double y)
{
  g_autoptr (TramaChart) part = is_laid_out (chart) ? NULL : part_at (chart, y);
  TramaRef hit = hit_drawn (part != NULL ? part : chart, x, y);

  return hit.kind != 0 ? hit : trama_chart_hit_dense (part != NULL ? part : chart, x, y);
}

static void
get_bar_bounds (const TramaChart *chart, const TramaChartBar *bar, TramaRect *bounds)
{
  const TramaChartRail *rail = &chart->rails[bar->rail];
  double half = LABEL_HALF_PX * chart->scale;
  double top = bar->has_words ? MIN (bar->y0, bar->label_y - half) : bar->y0;
  double bottom = bar->has_words ? MAX (bar->y1, bar->label_y + half) : bar->y1;
  double left = rail->direction > 0 ? rail->bar_x0 : rail->label_x - rail->label_width_px;
  double right = rail->direction > 0 ? rail->label_x + rail->label_width_px : rail->bar_x1;

  if (bar->result_apart)
    bottom = MAX (bottom, bar->result_y + half);
  *bounds = (TramaRect){ left, top, right - left, bottom - top };
}

static void
get_arrow_bounds (const TramaChart *chart, const TramaChartArrow *arrow, TramaRect *bounds)
{
  double half = CHIP_HALF_PX * chart->scale;
  double top = MIN (arrow->y0, arrow->apart ? arrow->chip_y - half : arrow->y0);
  double bottom = MAX (arrow->y1, arrow->apart ? arrow->chip_y + half : arrow->y1);

  *bounds = (TramaRect){ MIN (arrow->x0, arrow->x1), top, fabs (arrow->x1 - arrow->x0), bottom - top };
}

static gboolean
get_drawn_bounds (const TramaChart *chart, TramaRef ref, TramaRect *bounds)
{
  const TramaChartBar *bar = ref.kind == TRAMA_EVENT_CALL ? find_bar (chart, ref.index) : NULL;
  const TramaChartArrow *arrow = ref.kind == TRAMA_EVENT_PACKET ? find_arrow (chart, ref.index) : NULL;

  if (bar != NULL)
    get_bar_bounds (chart, bar, bounds);
  else if (arrow != NULL)
    get_arrow_bounds (chart, arrow, bounds);
  return bar != NULL || arrow != NULL;
}

gboolean
trama_chart_get_bounds (const TramaChart *chart, TramaRef ref, TramaRect *bounds)
{
  g_autoptr (TramaChart) part = NULL;
  TramaChartArrow arrow;
  double y;

  if (get_drawn_bounds (chart, ref, bounds))
    return TRUE;
  if (!trama_chart_find_y (chart, ref, &y))
    return FALSE;
  part = is_laid_out (chart) ? NULL : part_at (chart, y);
  if (part != NULL && get_drawn_bounds (part, ref, bounds))
    return TRUE;
  if (ref.kind == TRAMA_EVENT_PACKET && trama_chart_find_arrow (chart, ref.index, &arrow))
    get_arrow_bounds (chart, &arrow, bounds);
  else
    *bounds = (TramaRect){ chart->gutter_px, y, 0, 0 };
  return TRUE;
}

TramaRef
trama_chart_step (const TramaChart *chart, TramaRef ref, int direction)
{
  const GArray *order = ((const TramaChartPrivate *) chart)->order;

  if (order == NULL)
    return trama_chart_step_many (chart, ref, direction);
  if (order->len == 0)
    return nothing;
  for (guint i = 0; i < order->len; i++)
    {
      if (!same (g_array_index (order, TramaRef, i), ref))
        continue;
      if ((direction < 0 && i == 0) || (direction > 0 && i + 1 == order->len))
        return nothing;
      return g_array_index (order, TramaRef, direction < 0 ? i - 1 : i + 1);
    }
  return g_array_index (order, TramaRef, direction < 0 ? order->len - 1 : 0);
}

static double
centre_of (const TramaChart *chart, TramaRef ref)
{
  TramaRect bounds = { 0 };

  trama_chart_get_bounds (chart, ref, &bounds);
  return bounds.x + bounds.width / 2;
}

TramaRef
trama_chart_step_across (const TramaChart *chart, TramaRef ref, int direction)
{
  g_autoptr (TramaChart) part = NULL;
  double from = centre_of (chart, ref);
  double y;

  if (!is_laid_out (chart))
    {
      if (!trama_chart_find_y (chart, ref, &y))
        return nothing;
      part = part_at (chart, y);
      chart = part;
    }
  for (guint i = 0; i < chart->n_links; i++)
    {
      TramaRef call = { TRAMA_EVENT_CALL, chart->links[i].call };
      TramaRef packet = { TRAMA_EVENT_PACKET, chart->links[i].packet };
      TramaRef other = same (call, ref) ? packet : same (packet, ref) ? call : nothing;

      if (other.kind != 0 && (centre_of (chart, other) - from) * direction > 0)
        return other;
    }
  for (guint i = 0; i < chart->n_carries; i++)
    {
      TramaRef cause = { TRAMA_EVENT_CALL, chart->carries[i].cause };
      TramaRef effect = { TRAMA_EVENT_CALL, chart->carries[i].effect };
      TramaRef other = same (cause, ref) ? effect : same (effect, ref) ? cause : nothing;

      if (other.kind != 0 && (centre_of (chart, other) - from) * direction > 0)
        return other;
    }
  return nothing;
}

/* A number for a lane: of a call its rail, of a packet the two rails it runs between. */
static guint64
lane_of (const TramaChart *chart, TramaRef ref)
{
  const TramaChartBar *bar = ref.kind == TRAMA_EVENT_CALL ? find_bar (chart, ref.index) : NULL;
  const TramaChartArrow *arrow = ref.kind == TRAMA_EVENT_PACKET ? find_arrow (chart, ref.index) : NULL;

  if (bar != NULL)
    return 1 + (guint64) bar->rail;
  if (arrow == NULL)
    return 0;
  return ((guint64) (1 + MIN (arrow->x0, arrow->x1)) << 32) + (guint64) MAX (arrow->x0, arrow->x1);
}

TramaRef
trama_chart_step_in_lane (const TramaChart *chart, TramaRef ref, int direction)
{
  const GArray *order = ((const TramaChartPrivate *) chart)->order;
  guint64 lane = lane_of (chart, ref);
  TramaRef before = nothing;
  gboolean passed = FALSE;

  if (order == NULL)
    return trama_chart_step_in_lane_many (chart, ref, direction);
  for (guint i = 0; lane != 0 && i < order->len; i++)
    {
      TramaRef here = g_array_index (order, TramaRef, i);

      if (same (here, ref))
        {
          if (direction < 0)
            return before;
          passed = TRUE;
        }
      else if (here.kind == ref.kind && lane_of (chart, here) == lane)
        {
          if (passed)
            return here;
          before = here;
        }
    }
  return nothing;
}

TramaRef
trama_chart_step_along (const TramaChart *chart, TramaRef ref, int direction)
{
  if (((const TramaChartPrivate *) chart)->order == NULL)
    return trama_chart_step_along_many (chart, ref, direction);
  for (guint i = 0; i < chart->n_links; i++)
    {
      const TramaChartLink *link = &chart->links[i];
      TramaRef call = { TRAMA_EVENT_CALL, link->call };
      TramaRef packet = { TRAMA_EVENT_PACKET, link->packet };
      TramaRef cause = link->wakes ? packet : call;
      TramaRef effect = link->wakes ? call : packet;

      if (direction > 0 && same (cause, ref))
        return effect;
      if (direction < 0 && same (effect, ref))
        return cause;
    }
  return nothing;
}

static gboolean
linked (const TramaChart *chart, guint packet, guint call)
{
  TramaFlowTable *table = trama_chart_get_table (chart);

  return trama_flow_table_get_cause (table, packet) == call
         || trama_flow_table_get_woken (table, packet) == call;
}

/* Whether a packet stands between two calls, the one sent it, the other was woken by it; or the kernel alone. */
static gboolean
joined (const TramaChart *chart, guint one_call, guint other_call)
{
  for (guint i = 0; i < chart->n_carries; i++)
    if ((chart->carries[i].cause == one_call && chart->carries[i].effect == other_call)
        || (chart->carries[i].cause == other_call && chart->carries[i].effect == one_call))
      return TRUE;
  for (guint i = 0; i < chart->n_arrows; i++)
    if (linked (chart, chart->arrows[i].packet, one_call)
        && linked (chart, chart->arrows[i].packet, other_call))
      return TRUE;
  return FALSE;
}

gboolean
trama_chart_on_path (const TramaChart *chart, TramaRef selected, TramaRef ref)
{
  if (selected.kind == 0 || ref.kind == 0)
    return FALSE;
  if (same (selected, ref))
    return TRUE;
  if (selected.kind == TRAMA_EVENT_CALL && ref.kind == TRAMA_EVENT_CALL)
    return joined (chart, selected.index, ref.index);
  if (selected.kind == TRAMA_EVENT_PACKET && ref.kind == TRAMA_EVENT_PACKET)
    return FALSE;
  return selected.kind == TRAMA_EVENT_PACKET ? linked (chart, selected.index, ref.index)
                                             : linked (chart, ref.index, selected.index);
}
