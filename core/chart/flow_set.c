/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/flow_set.h"

#include "core/chart/seats.h"

#include <string.h>

struct _TramaFlowSet
{
  gatomicrefcount ref_count;
  GArray *flows; /* of guint32 */
  gboolean busiest;
};

static int
compare_flows (gconstpointer a, gconstpointer b)
{
  guint32 one = *(const guint32 *) a, other = *(const guint32 *) b;

  return one < other ? -1 : one > other;
}

static TramaFlowSet *
set_new (const guint32 *flows, guint n, gboolean busiest)
{
  TramaFlowSet *self = g_new0 (TramaFlowSet, 1);
  guint kept = 0;

  self->busiest = busiest;
  g_atomic_ref_count_init (&self->ref_count);
  self->flows = g_array_sized_new (FALSE, FALSE, sizeof (guint32), n);
  if (n > 0)
    g_array_append_vals (self->flows, flows, n);
  g_array_sort (self->flows, compare_flows);
  for (guint i = 0; i < self->flows->len; i++)
    if (kept == 0
        || g_array_index (self->flows, guint32, kept - 1) != g_array_index (self->flows, guint32, i))
      g_array_index (self->flows, guint32, kept++) = g_array_index (self->flows, guint32, i);
  g_array_set_size (self->flows, kept);
  return self;
}

TramaFlowSet *
trama_flow_set_new (const guint32 *flows, guint n)
{
  return set_new (flows, n, FALSE);
}

TramaFlowSet *
trama_flow_set_new_with (TramaFlowSet *set, guint32 flow)
{
  g_autoptr (GArray) flows = NULL;

  if (trama_flow_set_has (set, flow))
    return trama_flow_set_ref (set);
  flows = g_array_copy (set->flows);
  g_array_append_val (flows, flow);
  return trama_flow_set_new ((const guint32 *) (gconstpointer) flows->data, flows->len);
}

static guint64
count_packets (TramaFlowTable *table, const TramaFlowSet *set)
{
  guint64 n = 0;

  for (guint i = 0; i < trama_flow_set_n_flows (set); i++)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (table, trama_flow_set_get (set, i));

      n += (guint64) flow->packets[0] + flow->packets[1];
    }
  return n;
}

TramaFlowSet *
trama_flow_set_new_busiest (TramaFlowTable *table, TramaFlowSet *before)
{
  g_autoptr (GArray) flows = trama_seats_list_busiest (table);
  g_autoptr (TramaFlowSet)
      busiest = set_new ((const guint32 *) (gconstpointer) flows->data, flows->len, TRUE);

  if (before != NULL && trama_flow_set_is_of (before, table) && before->flows->len >= busiest->flows->len
      && 2 * count_packets (table, before) >= count_packets (table, busiest))
    return trama_flow_set_ref (before);
  return g_steal_pointer (&busiest);
}

TramaFlowSet *
trama_flow_set_ref (TramaFlowSet *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
trama_flow_set_unref (TramaFlowSet *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->flows);
  g_free (self);
}

guint
trama_flow_set_n_flows (const TramaFlowSet *self)
{
  return self->flows->len;
}

guint32
trama_flow_set_get (const TramaFlowSet *self, guint index)
{
  g_return_val_if_fail (index < self->flows->len, TRAMA_FLOW_NONE);
  return g_array_index (self->flows, guint32, index);
}

gboolean
trama_flow_set_is_busiest (const TramaFlowSet *self)
{
  return self != NULL && self->busiest;
}

gboolean
trama_flow_set_is_of (const TramaFlowSet *self, const TramaFlowTable *table)
{
  return self == NULL || self->flows->len == 0
         || g_array_index (self->flows, guint32, self->flows->len - 1) < trama_flow_table_n_flows (table);
}

gboolean
trama_flow_set_has (const TramaFlowSet *self, guint32 flow)
{
  return self == NULL || g_array_binary_search (self->flows, &flow, compare_flows, NULL);
}

gboolean
trama_flow_set_equal (const TramaFlowSet *self, const TramaFlowSet *other)
{
  if (self == NULL || other == NULL)
    return self == other;
  return self->flows->len == other->flows->len
         && (self->flows->len == 0
             || memcmp (self->flows->data, other->flows->data, self->flows->len * sizeof (guint32)) == 0);
}
