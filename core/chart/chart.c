/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart.h"

#include "core/chart/chart_private.h"

#include <string.h>

const char *
trama_layout_keep (TramaLayout *layout, const char *text)
{
  return text != NULL ? g_string_chunk_insert_const (layout->self->strings, text) : NULL;
}

double
trama_layout_y (const TramaLayout *layout, gint64 time_ns)
{
  return trama_scale_y_of_time (&layout->self->time_scale, time_ns);
}

static void
layout_init (TramaLayout *layout, TramaChartPrivate *self, guint32 flow)
{
  memset (layout, 0, sizeof *layout);
  layout->table = self->table;
  layout->store = trama_flow_table_get_store (self->table);
  layout->flow = flow < trama_flow_table_n_flows (self->table) ? flow : 0;
  layout->self = self;
  layout->kernel_column = TRAMA_COLUMN_NONE;
  layout->column_of_actor = g_hash_table_new (NULL, NULL);
  layout->flow_of_socket = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  layout->rail_of_call = g_hash_table_new (NULL, NULL);
  layout->packets = g_array_new (FALSE, FALSE, sizeof (guint32));
  layout->columns = g_array_new (FALSE, TRUE, sizeof (TramaChartColumn));
  layout->rails = g_array_new (FALSE, TRUE, sizeof (TramaChartRail));
  layout->wires = g_array_new (FALSE, TRUE, sizeof (TramaChartWire));
  layout->bars = g_array_new (FALSE, TRUE, sizeof (TramaChartBar));
  layout->arrows = g_array_new (FALSE, TRUE, sizeof (TramaChartArrow));
  layout->bands = g_array_new (FALSE, TRUE, sizeof (TramaChartBand));
  layout->lifelines = g_array_new (FALSE, TRUE, sizeof (TramaChartLifeline));
  layout->badges = g_array_new (FALSE, TRUE, sizeof (TramaChartBadge));
  layout->links = g_array_new (FALSE, TRUE, sizeof (TramaChartLink));
  layout->carries = g_array_new (FALSE, TRUE, sizeof (TramaChartCarry));
  layout->tears = g_array_new (FALSE, TRUE, sizeof (TramaChartTear));
  layout->ticks = g_array_new (FALSE, TRUE, sizeof (TramaChartTick));
  layout->tints = g_array_new (FALSE, TRUE, sizeof (TramaChartTint));
  layout->steps = g_array_new (FALSE, TRUE, sizeof (TramaChartStep));
  layout->notes = g_array_new (FALSE, TRUE, sizeof (TramaChartNote));
  layout->marks = g_array_new (FALSE, TRUE, sizeof (TramaChartMark));
}

#define HAND_OVER(layout, member)                                                                            \
  do                                                                                                         \
    {                                                                                                        \
      (layout)->self->chart.n_##member = (layout)->member->len;                                              \
      (layout)->self->chart.member = (gpointer) g_array_free ((layout)->member, FALSE);                      \
    }                                                                                                        \
  while (0)

static void
layout_hand_over (TramaLayout *layout)
{
  HAND_OVER (layout, columns);
  HAND_OVER (layout, rails);
  HAND_OVER (layout, wires);
  HAND_OVER (layout, bars);
  HAND_OVER (layout, arrows);
  HAND_OVER (layout, bands);
  HAND_OVER (layout, lifelines);
  HAND_OVER (layout, badges);
  HAND_OVER (layout, links);
  HAND_OVER (layout, carries);
  HAND_OVER (layout, tears);
  HAND_OVER (layout, ticks);
  HAND_OVER (layout, tints);
  HAND_OVER (layout, steps);
  HAND_OVER (layout, notes);
  HAND_OVER (layout, marks);
  g_array_unref (layout->packets);
  trama_users_free (layout->users);
  g_hash_table_unref (layout->column_of_actor);
  g_hash_table_unref (layout->flow_of_socket);
  g_hash_table_unref (layout->rail_of_call);
  g_free (layout->socket_of_side);
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

/* The columns need no time; they say what is drawn, and that what the time scale must hold. */
static void
lay_out (TramaChartPrivate *self, const TramaChartOptions *options)
{
  g_autoptr (GArray) moments = NULL;
  TramaLayout layout;

  layout_init (&layout, self, options->flow);
  trama_layout_columns (&layout, options->width_px, options->text_scale);
  self->chart.only_flow = layout.anonymous ? layout.flow : TRAMA_FLOW_NONE;
  trama_layout_choose (&layout);
  trama_layout_wires (&layout);
  moments = trama_layout_get_moments (&layout);
  if (moments->len > 0)
    self->chart.span = (TramaSpan){ g_array_index (moments, TramaMoment, 0).time_ns,
                                    g_array_index (moments, TramaMoment, moments->len - 1).time_ns };
  trama_scale_init (&self->time_scale, moments, options, self->chart.scale);
  self->chart.ns_per_px = self->time_scale.ns_per_px;
  self->chart.body_px = self->time_scale.height_px;
  trama_layout_bars (&layout);
  trama_layout_lifelines (&layout);
  trama_layout_arrows (&layout);
  trama_layout_carries (&layout);
  trama_layout_states (&layout);
  trama_layout_axis (&layout);
  trama_layout_steps (&layout);
  trama_layout_notes (&layout);
  layout_hand_over (&layout);
}

TramaChart *
trama_chart_new (TramaFlowTable *table, const TramaChartOptions *options)
{
  TramaChartPrivate *self = g_new0 (TramaChartPrivate, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->table = trama_flow_table_ref (table);
  self->mode = options->mode;
  self->strings = g_string_chunk_new (4096);
  self->bar_of_call = g_hash_table_new (NULL, NULL);
  self->arrow_of_packet = g_hash_table_new (NULL, NULL);
  lay_out (self, options);
  self->order = make_order (&self->chart);
  return &self->chart;
}

TramaChart *
trama_chart_ref (TramaChart *chart)
{
  TramaChartPrivate *self = (TramaChartPrivate *) chart;

  g_atomic_ref_count_inc (&self->ref_count);
  return chart;
}

void
trama_chart_unref (TramaChart *chart)
{
  TramaChartPrivate *self = (TramaChartPrivate *) chart;

  if (chart == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (chart->columns);
  g_free (chart->rails);
  g_free (chart->wires);
  g_free (chart->bars);
  g_free (chart->arrows);
  g_free (chart->bands);
  g_free (chart->lifelines);
  g_free (chart->badges);
  g_free (chart->links);
  g_free (chart->carries);
  g_free (chart->tears);
  g_free (chart->ticks);
  g_free (chart->tints);
  g_free (chart->steps);
  g_free (chart->notes);
  g_free (chart->marks);
  g_array_unref (self->order);
  g_hash_table_unref (self->bar_of_call);
  g_hash_table_unref (self->arrow_of_packet);
  g_string_chunk_free (self->strings);
  trama_scale_clear (&self->time_scale);
  trama_flow_table_unref (self->table);
  g_free (self);
}

TramaFlowTable *
trama_chart_get_table (const TramaChart *chart)
{
  return ((const TramaChartPrivate *) chart)->table;
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
