/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/search.h"

#include "core/flow/event_order.h"

struct _TramaSearch
{
  TramaFlowTable *table;
  TramaQuery *query;
  TramaEventOrder *order;
  GArray *hits;  /* of guint32: rows, ascending */
  guint n_done;  /* rows that were looked at */
  TramaRef last; /* of those */
};

TramaSearch *
trama_search_new (TramaFlowTable *table, TramaQuery *query)
{
  TramaSearch *self = g_new0 (TramaSearch, 1);

  self->query = query;
  self->hits = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->table = trama_flow_table_ref (table);
  self->order = trama_event_order_new (trama_flow_table_get_store (table));
  return self;
}

void
trama_search_free (TramaSearch *self)
{
  if (self == NULL)
    return;
  trama_event_order_free (self->order);
  trama_query_free (self->query);
  g_array_unref (self->hits);
  trama_flow_table_unref (self->table);
  g_free (self);
}

/* So few are searched again at once, and calls that had not returned may match now. */
#define SMALL_TRACE_EVENTS 20000

static gboolean
may_go_on (const TramaSearch *self, TramaFlowTable *table)
{
  return trama_flow_table_get_store (table) == trama_flow_table_get_store (self->table)
         && self->n_done > SMALL_TRACE_EVENTS
         && trama_event_order_find (self->order, self->last) == self->n_done - 1;
}

void
trama_search_set_table (TramaSearch *self, TramaFlowTable *table)
{
  trama_event_order_free (self->order);
  self->order = trama_event_order_new (trama_flow_table_get_store (table));
  if (!may_go_on (self, table))
    {
      self->n_done = 0;
      g_array_set_size (self->hits, 0);
    }
  trama_flow_table_ref (table);
  trama_flow_table_unref (self->table);
  self->table = table;
}

gboolean
trama_search_step (TramaSearch *self, guint n_events)
{
  guint size = trama_event_order_get_size (self->order);
  guint end = self->n_done + MIN (n_events, size - self->n_done);

  for (guint32 row = self->n_done; row < end; row++)
    {
      self->last = trama_event_order_at (self->order, row);
      if (trama_query_matches (self->query, self->table, self->last))
        g_array_append_val (self->hits, row);
    }
  self->n_done = end;
  return end < size;
}

double
trama_search_get_progress (const TramaSearch *self)
{
  guint size = trama_event_order_get_size (self->order);

  return size > 0 ? (double) self->n_done / size : 1;
}

guint
trama_search_n_hits (const TramaSearch *self)
{
  return self->hits->len;
}

TramaRef
trama_search_get_hit (const TramaSearch *self, guint index)
{
  g_return_val_if_fail (index < self->hits->len, ((TramaRef){ 0 }));
  return trama_event_order_at (self->order, g_array_index (self->hits, guint32, index));
}

gint64
trama_search_get_hit_time (const TramaSearch *self, guint index)
{
  TramaStore *store = trama_flow_table_get_store (self->table);
  TramaRef ref = trama_search_get_hit (self, index);
  TramaPacket packet;

  if (ref.kind == TRAMA_EVENT_CALL)
    return trama_store_get_call (store, ref.index)->entry_ns;
  trama_store_get_packet (store, ref.index, &packet);
  return packet.time_ns;
}

/* The first hit at @row or behind it. */
static guint
find_from (const TramaSearch *self, guint row)
{
  guint low = 0, high = self->hits->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->hits, guint32, middle) < row)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

guint
trama_search_find (const TramaSearch *self, TramaRef ref)
{
  guint row = trama_event_order_find (self->order, ref);
  guint index = row != G_MAXUINT ? find_from (self, row) : self->hits->len;

  if (index < self->hits->len && g_array_index (self->hits, guint32, index) == row)
    return index;
  return G_MAXUINT;
}

guint
trama_search_next (const TramaSearch *self, TramaRef ref, int direction, gboolean *wrapped)
{
  guint row = trama_event_order_find (self->order, ref);
  guint n_hits = self->hits->len;
  guint index;

  if (n_hits == 0)
    return G_MAXUINT;
  if (direction > 0)
    index = row != G_MAXUINT ? find_from (self, row + 1) : 0;
  else
    index = (row != G_MAXUINT ? find_from (self, row) : n_hits) - 1;
  if (wrapped != NULL)
    *wrapped = index >= n_hits;
  if (index >= n_hits)
    return direction > 0 ? 0 : n_hits - 1;
  return index;
}
