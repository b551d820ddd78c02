/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/ladder_private.h"
#include "ui/turn.h"

#include <math.h>

/* Of taking in a trace: packets between two looks at the clock. */
#define SLICE_PACKETS 2000

/* Of what comes while a trace is read, at once: more than comes at once, and below 2 ms. */
#define COMING_PACKETS 40000

/* Of a part that is laid out at once: several strips, and how many parts are kept. */
#define PART_PX (2.0 * TRAMA_STRIP_HEIGHT_PX)
#define PARTS_MAX 12

/* Of a chart that is made to fit what its own header and legend leave. */
#define TRIES_MAX 3

typedef struct
{
  double number; /* from the top of the body */
  TramaChart *chart;
  TramaTrail *trail; /* of the selected event; NULL: there is none, or it is not made yet */
  gboolean has_trail;
} Part;

static TramaFlowTable *
get_table (TramaLadderView *self)
{
  return self->state != NULL ? trama_view_state_get_table (self->state) : NULL;
}

/* FALSE when all is taken in. */
static gboolean
do_slice (TramaLadderView *self, gint64 end_us)
{
  while (trama_ladder_follow (self->ladder, SLICE_PACKETS))
    if (g_get_monotonic_time () >= end_us)
      return TRUE;
  return FALSE;
}

static gboolean
on_slice (gint64 end_us, gpointer user_data)
{
  TramaLadderView *self = user_data;

  if (do_slice (self, end_us))
    return TRUE;
  self->slice_id = 0;
  trama_ladder_view_invalidate (self);
  return FALSE;
}

static TramaLadder *
new_ladder (TramaLadderView *self, TramaFlowTable *table, TramaLadder *before)
{
  const TramaChartOptions options = {
    .flows = trama_view_state_get_drawn (self->state),
    .lanes = trama_view_state_get_lanes (self->state),
  };

  return trama_ladder_new (table, &options, before);
}

void
trama_ladder_view_take_in (TramaLadderView *self, TramaFlowTable *table)
{
  g_autoptr (TramaLadder) before = g_steal_pointer (&self->coming);

  /* Of late fragments one knows later whose they are. */
  if (table == NULL || trama_flow_table_count_amended (table) > 0)
    return;
  self->coming = new_ladder (self, table, before);
  trama_ladder_follow (self->coming, COMING_PACKETS);
}

static gboolean
is_of_same_trace (TramaLadder *ladder, TramaFlowTable *table)
{
  return table != NULL
         && trama_flow_table_get_store (trama_ladder_get_table (ladder))
                == trama_flow_table_get_store (table);
}

gboolean
trama_ladder_view_follow (TramaLadderView *self)
{
  TramaFlowTable *table = get_table (self);
  g_autoptr (TramaLadder) before = g_steal_pointer (&self->ladder);

  if (self->coming != NULL && trama_ladder_get_table (self->coming) == table)
    {
      g_clear_pointer (&before, trama_ladder_unref);
      before = g_steal_pointer (&self->coming);
    }
  else if (self->coming != NULL && !is_of_same_trace (self->coming, table))
    g_clear_pointer (&self->coming, trama_ladder_unref);
  if (table == NULL)
    {
      trama_ladder_view_forget_ladder (self);
      return TRUE;
    }
  self->ladder = new_ladder (self, table, before);
  if (self->ladder == before && self->slice_id != 0)
    return FALSE;
  g_clear_handle_id (&self->slice_id, trama_turn_remove);
  if (!do_slice (self, trama_turn_get_end_us ()))
    return TRUE;
  self->slice_id = trama_turn_add (on_slice, self);
  return FALSE;
}

void
trama_ladder_view_forget_ladder (TramaLadderView *self)
{
  g_clear_handle_id (&self->slice_id, trama_turn_remove);
  g_clear_pointer (&self->ladder, trama_ladder_unref);
  g_clear_pointer (&self->coming, trama_ladder_unref);
}

/* Large text asked of the desktop is asked of the picture too. */
static double
effective_text_scale (TramaLadderView *self)
{
  int dpi = -1;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-xft-dpi", &dpi, NULL);
  if (dpi <= 0)
    return self->text_scale;
  return self->text_scale * dpi / (96.0 * 1024.0);
}

static void
part_clear (gpointer data)
{
  Part *part = data;

  g_clear_pointer (&part->trail, trama_trail_unref);
  g_clear_pointer (&part->chart, trama_chart_unref);
}

void
trama_ladder_view_forget_chart (TramaLadderView *self)
{
  g_clear_pointer (&self->parts, g_array_unref);
  g_clear_pointer (&self->chart, trama_chart_unref);
}

static void
set_chart (TramaLadderView *self, const TramaChartOptions *options)
{
  trama_ladder_view_forget_chart (self);
  self->chart = trama_chart_new_for (self->ladder, options);
}

static TramaChartOptions
get_options (TramaLadderView *self)
{
  return (TramaChartOptions){
    .width_px = gtk_widget_get_width (GTK_WIDGET (self)),
    .text_scale = effective_text_scale (self),
    .mode = trama_view_state_get_mode (self->state),
    .flows = trama_view_state_get_drawn (self->state),
    .lanes = trama_view_state_get_lanes (self->state),
  };
}

double
trama_ladder_view_find_start (TramaLadderView *self)
{
  TramaChartOptions options = get_options (self);

  if (trama_view_state_get_zoom (self->state) != 1)
    return 1;
  options.height_px = trama_ladder_view_body_px (self);
  return self->chart->ns_per_px / trama_chart_find_start (self->chart, &options);
}

/*
 * Header and legend take their height from the chart, and the chart is made to
 * fit what they leave: made once to learn them, and again if they were not known.
 */
void
trama_ladder_view_make_chart (TramaLadderView *self)
{
  double zoom = trama_view_state_get_zoom (self->state);
  TramaChartOptions options = get_options (self);
  guint n_tries = 0;

  do
    {
      options.height_px = trama_ladder_view_body_px (self);
      set_chart (self, &options);
      trama_ladder_view_update_edge (self);
      trama_ladder_view_update_legend (self);
    }
  while (ABS (trama_ladder_view_body_px (self) - options.height_px) > 0.5 && options.height_px > 1
         && ++n_tries < TRIES_MAX);

  self->whole_zoom = self->chart->ns_per_px / trama_chart_find_whole (self->chart, &options);
  trama_view_state_set_least_zoom (self->state, self->whole_zoom);
  if (zoom != 1)
    {
      options.ns_per_px = self->chart->ns_per_px / zoom;
      set_chart (self, &options);
    }
}

static gboolean
has_same_columns (const TramaChart *one, const TramaChart *other)
{
  gboolean same = one->n_columns == other->n_columns;

  for (guint i = 0; same && i < one->n_columns; i++)
    same = one->columns[i].lane == other->columns[i].lane
           && one->columns[i].pinned == other->columns[i].pinned && one->columns[i].x0 == other->columns[i].x0
           && one->columns[i].x1 == other->columns[i].x1;
  return same;
}

gboolean
trama_ladder_view_may_stand_in (const TramaChart *old, const TramaChart *chart)
{
  return old != NULL && chart != NULL && old->width_px == chart->width_px && old->scale == chart->scale
         && old->header_px == chart->header_px && has_same_columns (old, chart)
         && trama_flow_table_get_store (trama_chart_get_table (old))
                == trama_flow_table_get_store (trama_chart_get_table (chart))
         && trama_flow_set_equal (old->flows, chart->flows);
}

gboolean
trama_ladder_view_has_same_header (const TramaChart *one, const TramaChart *other)
{
  gboolean same = g_strcmp0 (one->scope, other->scope) == 0 && one->n_columns == other->n_columns
                  && one->n_wires == other->n_wires;

  for (guint i = 0; same && i < one->n_columns; i++)
    same = g_strcmp0 (one->columns[i].name, other->columns[i].name) == 0
           && g_strcmp0 (one->columns[i].subtitle, other->columns[i].subtitle) == 0;
  for (guint i = 0; same && i < one->n_wires; i++)
    same = g_strcmp0 (one->wires[i].name, other->wires[i].name) == 0
           && g_strcmp0 (one->wires[i].summary, other->wires[i].summary) == 0;
  return same;
}

/* NULL: it is to be laid out. */
static Part *
find_part (TramaLadderView *self, double y)
{
  const double number = floor (y / PART_PX);

  for (guint i = 0; self->parts != NULL && i < self->parts->len; i++)
    if (g_array_index (self->parts, Part, i).number == number)
      return &g_array_index (self->parts, Part, i);
  return NULL;
}

static Part *
get_part (TramaLadderView *self, double y)
{
  Part part = { .number = floor (y / PART_PX) };
  Part *found = find_part (self, y);
  gint64 begin_us = g_get_monotonic_time ();

  if (found != NULL)
    return found;
  if (self->parts == NULL)
    {
      self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
      g_array_set_clear_func (self->parts, part_clear);
    }
  if (self->parts->len >= PARTS_MAX)
    g_array_remove_index (self->parts, 0);
  part.chart = trama_chart_get_part (self->chart, part.number * PART_PX, (part.number + 1) * PART_PX);
  g_array_append_val (self->parts, part);
  self->part_us = g_get_monotonic_time () - begin_us;
  return &g_array_index (self->parts, Part, self->parts->len - 1);
}

TramaChart *
trama_ladder_view_get_part (TramaLadderView *self, double y)
{
  return get_part (self, y)->chart;
}

gboolean
trama_ladder_view_has_part (TramaLadderView *self, double y)
{
  return find_part (self, y) != NULL;
}

TramaTrail *
trama_ladder_view_get_trail (TramaLadderView *self, double y)
{
  Part *part = get_part (self, y);
  TramaRef selected = trama_view_state_get_selected (self->state);
  TramaLinks *links;

  if (part->has_trail)
    return part->trail;
  part->has_trail = TRUE;
  links = selected.kind != 0 ? trama_view_state_get_links (self->state) : NULL;
  /* The chart may still be that of a table that was shown before. */
  if (links != NULL && trama_view_state_get_table (self->state) == trama_chart_get_table (self->chart))
    part->trail = trama_trail_new (part->chart, links, selected);
  return part->trail;
}

void
trama_ladder_view_forget_trails (TramaLadderView *self)
{
  for (guint i = 0; self->parts != NULL && i < self->parts->len; i++)
    {
      Part *part = &g_array_index (self->parts, Part, i);

      g_clear_pointer (&part->trail, trama_trail_unref);
      part->has_trail = FALSE;
    }
}
