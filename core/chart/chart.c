/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart.h"

#include "core/chart/chart_private.h"

#include <string.h>

/* Sizes of the design at scale 1: how far what begins outside a part may reach into it. */
#define REACH_PX 128

const char *
trama_layout_keep (TramaLayout *layout, const char *text)
{
  return text != NULL ? g_string_chunk_insert_const (layout->strings, text) : NULL;
}

double
trama_layout_y (const TramaLayout *layout, gint64 time_ns)
{
  return trama_scale_y_of_time (&layout->self->time_scale, time_ns);
}

/* Parts. */

#define MAKE(member, Type) layout->member = g_array_new (FALSE, TRUE, sizeof (Type));
#define HAND_OVER(member, Type)                                                                              \
  chart->n_##member = layout->member->len;                                                                   \
  chart->member = (gpointer) g_array_free (layout->member, FALSE);
#define FREE(member, Type) g_free (chart->member);

static void
hand_over (TramaLayout *layout)
{
  TramaChart *chart = &layout->self->chart;

  TRAMA_FOR_EACH_OF_PART (HAND_OVER)
  g_array_unref (layout->packets);
  g_array_unref (layout->calls);
}

/* All of it when it is not a part: then nothing is outside of it, in time either. */
static void
bound (TramaLayout *layout, double y0, double y1)
{
  const TramaScale *scale = &layout->self->time_scale;
  gboolean above = y0 > 0, below = y1 < scale->height_px;

  layout->y0 = y0;
  layout->y1 = y1;
  layout->start_ns = above ? trama_scale_time_of_y (scale, y0) : G_MININT64;
  layout->end_ns = below ? trama_scale_time_of_y (scale, y1) : G_MAXINT64;
}

static void
lay_out_part (TramaChartPrivate *self, const TramaLayout *frame, double y0, double y1)
{
  TramaLayout part = *frame, *layout = &part;

  layout->self = self;
  layout->strings = self->strings;
  layout->packets = g_array_new (FALSE, FALSE, sizeof (guint32));
  layout->calls = g_array_new (FALSE, FALSE, sizeof (guint32));
  TRAMA_FOR_EACH_OF_PART (MAKE)
  bound (layout, y0, y1);
  trama_layout_choose (layout);
  trama_layout_tears (layout);
  trama_layout_bars (layout);
  trama_layout_rooms (layout);
  trama_layout_lifelines (layout);
  trama_layout_arrows (layout);
  trama_layout_carries (layout);
  trama_layout_states (layout);
  trama_layout_state_words (layout);
  trama_layout_axis (layout);
  trama_layout_steps (layout);
  hand_over (layout);
}

typedef struct
{
  double y;
  TramaRef ref;
} Placed;

static int
compare_placed (gconstpointer a, gconstpointer b)
{
  const Placed *x = a, *y = b;

  if (x->y != y->y)
    return x->y < y->y ? -1 : 1;
  if (x->ref.kind != y->ref.kind)
    return x->ref.kind > y->ref.kind ? -1 : 1; /* the call before the packet it sent */
  return x->ref.index < y->ref.index ? -1 : x->ref.index > y->ref.index;
}

static GArray *
make_order (const TramaChart *chart)
{
  g_autoptr (GArray) placed = g_array_new (FALSE, FALSE, sizeof (Placed));
  GArray *order = g_array_new (FALSE, FALSE, sizeof (TramaRef));

  for (guint i = 0; i < chart->n_bars; i++)
    {
      Placed place = { chart->bars[i].y0, { TRAMA_EVENT_CALL, chart->bars[i].call } };

      g_array_append_val (placed, place);
    }
  for (guint i = 0; i < chart->n_arrows; i++)
    {
      Placed place = { chart->arrows[i].y0, { TRAMA_EVENT_PACKET, chart->arrows[i].packet } };

      g_array_append_val (placed, place);
    }
  g_array_sort (placed, compare_placed);
  for (guint i = 0; i < placed->len; i++)
    g_array_append_val (order, g_array_index (placed, Placed, i).ref);
  return order;
}

/* The whole. */

static gboolean
is_few (const TramaLadder *ladder)
{
  return trama_ladder_n_moments (ladder) <= TRAMA_SCALE_FEW;
}

static void
make_scale (TramaChartPrivate *self, const TramaChartOptions *options)
{
  TramaLadder *ladder = self->ladder;
  TramaChart *chart = &self->chart;
  guint n = trama_ladder_n_moments (ladder);

  if (n > 0)
    chart->span = (TramaSpan){ trama_timeline_get_time (ladder->timeline, 0),
                               trama_timeline_get_time (ladder->timeline, n - 1) };
  if (is_few (ladder))
    {
      GArray *moments = trama_ladder_get_moments (ladder);

      if (ladder->gaps == NULL)
        ladder->gaps = trama_gaps_new (moments);
      trama_scale_init_few (&self->time_scale, moments, ladder->gaps, options, chart->scale);
    }
  else
    trama_scale_init_many (&self->time_scale, ladder->timeline, options, chart->scale);
  chart->ns_per_px = self->time_scale.ns_per_px;
  chart->least_ns_per_px = self->time_scale.least_ns_per_px;
  chart->body_px = self->time_scale.height_px;
}

/* What all parts share. The columns need no time. */
static void
make_frame (TramaChartPrivate *self, const TramaChartOptions *options)
{
  TramaLayout *frame = &self->frame;
  TramaChart *chart = &self->chart;
  g_autofree char *scope = NULL;

  *frame = self->ladder->cast;
  frame->self = self;
  frame->strings = self->strings;
  frame->columns = g_array_copy (self->ladder->cast.columns);
  frame->rails = g_array_new (FALSE, TRUE, sizeof (TramaChartRail));
  frame->wires = g_array_new (FALSE, TRUE, sizeof (TramaChartWire));
  frame->notes = g_array_new (FALSE, TRUE, sizeof (TramaChartNote));
  frame->marks = g_array_new (FALSE, TRUE, sizeof (TramaChartMark));
  frame->lives = g_array_new (FALSE, TRUE, sizeof (TramaChartLife));
  scope = trama_layout_describe_scope (frame, self->ladder->asked);
  chart->scope = trama_layout_keep (frame, scope);
  trama_layout_columns (frame, options);
  chart->flows = frame->flows;
  trama_layout_wires (frame);
  make_scale (self, options);
  trama_layout_lives (frame);
  trama_layout_notes (frame);
  chart->contents = self->ladder->contents;
  chart->packets_observed = trama_store_packets_observed (frame->store);
  chart->n_columns = frame->columns->len;
  chart->columns = (gpointer) frame->columns->data;
  chart->n_rails = frame->rails->len;
  chart->rails = (gpointer) frame->rails->data;
  chart->n_wires = frame->wires->len;
  chart->wires = (gpointer) frame->wires->data;
  chart->n_notes = frame->notes->len;
  chart->notes = (gpointer) frame->notes->data;
  chart->n_marks = frame->marks->len;
  chart->marks = (gpointer) frame->marks->data;
  chart->n_lives = frame->lives->len;
  chart->lives = (gpointer) frame->lives->data;
}

static TramaChartPrivate *
private_new (TramaLadder *ladder)
{
  TramaChartPrivate *self = g_new0 (TramaChartPrivate, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->ladder = trama_ladder_ref (ladder);
  self->strings = g_string_chunk_new (4096);
  self->bar_of_call = g_hash_table_new (NULL, NULL);
  self->arrow_of_packet = g_hash_table_new (NULL, NULL);
  return self;
}

static TramaChartPrivate *
whole_new (TramaLadder *ladder, const TramaChartOptions *options)
{
  TramaChartPrivate *self = private_new (ladder);

  trama_ladder_prepare (ladder);
  self->mode = options->mode;
  make_frame (self, options);
  return self;
}

static void
lay_out_whole (TramaChartPrivate *self)
{
  if (self->time_scale.timeline != NULL)
    {
      TramaScale whole = self->time_scale;

      trama_scale_init_part (&self->time_scale, &whole, 0, whole.height_px);
      trama_scale_clear (&whole);
    }
  lay_out_part (self, &self->frame, 0, self->time_scale.height_px);
  self->order = make_order (&self->chart);
}

TramaChart *
trama_chart_new (TramaFlowTable *table, const TramaChartOptions *options)
{
  g_autoptr (TramaLadder) ladder = trama_ladder_new (table, options, NULL);
  TramaChartPrivate *self;

  trama_ladder_follow (ladder, G_MAXUINT);
  self = whole_new (ladder, options);
  lay_out_whole (self);
  return &self->chart;
}

TramaChart *
trama_chart_new_for (TramaLadder *ladder, const TramaChartOptions *options)
{
  TramaChartPrivate *self = whole_new (ladder, options);

  if (trama_ladder_n_moments (ladder) <= TRAMA_LADDER_PLAIN)
    lay_out_whole (self);
  return &self->chart;
}

TramaChart *
trama_chart_get_part (TramaChart *chart, double y0, double y1)
{
  TramaChartPrivate *whole = (TramaChartPrivate *) chart, *self;
  double reach = REACH_PX * chart->scale;

  g_return_val_if_fail (whole->whole == NULL && y0 <= y1, NULL);
  if (whole->order != NULL)
    return trama_chart_ref (chart);
  self = private_new (whole->ladder);
  self->chart = *chart;
  self->whole = (TramaChartPrivate *) trama_chart_ref (chart);
  self->mode = whole->mode;
  trama_scale_init_part (&self->time_scale, &whole->time_scale, y0 - reach, y1 + reach);
  lay_out_part (self, &whole->frame, y0 - reach, y1 + reach);
  return &self->chart;
}

TramaChart *
trama_chart_new_slice (TramaChart *of)
{
  TramaChartPrivate *whole = ((TramaChartPrivate *) of)->whole;
  TramaChartPrivate *self;

  if (whole == NULL)
    whole = (TramaChartPrivate *) of;
  self = private_new (whole->ladder);
  self->chart = *of;
  self->whole = (TramaChartPrivate *) trama_chart_ref (&whole->chart);
  self->mode = whole->mode;
  self->time_scale = whole->time_scale;
  self->time_scale.stretches = g_array_ref (whole->time_scale.stretches);
  return &self->chart;
}

TramaChart *
trama_chart_ref (TramaChart *chart)
{
  TramaChartPrivate *self = (TramaChartPrivate *) chart;

  g_atomic_ref_count_inc (&self->ref_count);
  return chart;
}

static void
free_frame (TramaLayout *frame)
{
  g_array_unref (frame->columns);
  g_array_unref (frame->rails);
  g_array_unref (frame->wires);
  g_array_unref (frame->notes);
  g_array_unref (frame->marks);
  g_array_unref (frame->lives);
}

void
trama_chart_unref (TramaChart *chart)
{
  TramaChartPrivate *self = (TramaChartPrivate *) chart;

  if (chart == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  TRAMA_FOR_EACH_OF_PART (FREE)
  if (self->whole != NULL)
    trama_chart_unref (&self->whole->chart);
  else
    free_frame (&self->frame);
  g_clear_pointer (&self->order, g_array_unref);
  g_hash_table_unref (self->bar_of_call);
  g_hash_table_unref (self->arrow_of_packet);
  g_string_chunk_free (self->strings);
  trama_scale_clear (&self->time_scale);
  trama_ladder_unref (self->ladder);
  g_free (self);
}

TramaFlowTable *
trama_chart_get_table (const TramaChart *chart)
{
  return trama_ladder_get_table (((const TramaChartPrivate *) chart)->ladder);
}

double
trama_chart_y_of_time (const TramaChart *chart, gint64 time_ns)
{
  return trama_scale_y_of_time (&((const TramaChartPrivate *) chart)->time_scale, time_ns);
}

gint64
trama_chart_time_of_y (const TramaChart *chart, double y)
{
  return trama_scale_time_of_y (&((const TramaChartPrivate *) chart)->time_scale, y);
}

double
trama_chart_fit_span (const TramaChart *chart, const TramaSpan *span, double height_px)
{
  return trama_scale_fit_span (&((const TramaChartPrivate *) chart)->time_scale, span, height_px);
}

double
trama_chart_find_whole (const TramaChart *chart, const TramaChartOptions *options)
{
  const TramaChartPrivate *self = (const TramaChartPrivate *) chart;

  if (!is_few (self->ladder) || options->mode == TRAMA_SCALE_ROWS || chart->body_px <= options->height_px + 1)
    return chart->ns_per_px;
  return MAX (trama_scale_find_whole (self->ladder->gaps, options, chart->scale), chart->ns_per_px);
}
