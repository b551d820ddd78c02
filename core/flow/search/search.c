/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/search/search.h"

#include "core/flow/search/event_order.h"

struct _TramaSearch
{
  TramaFlowTable *table;
  TramaQuery *query;
  TramaEventOrder *order;
  GArray *hits;  /* of guint32: rows, ascending */
  GArray *noted; /* of gint64: moments of notes that match, ascending */
  guint n_done;  /* rows that were looked at */
  guint n_noted; /* notes whose event was found */
  TramaRef last; /* of the rows */
};

static gint64
time_of (const TramaSearch *self, TramaRef ref)
{
  TramaStore *store = trama_flow_table_get_store (self->table);
  TramaPacket packet;

  if (ref.kind == TRAMA_EVENT_CALL)
    return trama_store_get_call (store, ref.index)->entry_ns;
  trama_store_get_packet (store, ref.index, &packet);
  return packet.time_ns;
}

/* Notes that stand beside no event. */

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static void
find_notes (TramaSearch *self)
{
  TramaStore *store = trama_flow_table_get_store (self->table);
  const TramaNotebook *notebook = trama_store_get_notebook (store);
  g_autoptr (GArray) moments = trama_notebook_list_moments (notebook);

  self->n_noted = 0;
  g_array_set_size (self->noted, 0);
  if (!trama_query_asks_notes (self->query))
    return;
  for (guint i = 0; i < trama_store_n_notes (store); i++)
    {
      const TramaNote *note = trama_store_get_note (store, i);

      if (trama_query_matches_note (self->query, note->text))
        g_array_append_val (self->noted, note->time_ns);
    }
  for (guint i = 0; i < moments->len; i++)
    {
      TramaRemark remark = trama_notebook_get (notebook, g_array_index (moments, guint, i));

      if (trama_query_matches_note (self->query, remark.text))
        g_array_append_val (self->noted, remark.time_ns);
    }
  g_array_sort (self->noted, compare_times);
}

/* Takes those of @time_ns and before. FALSE: there are none. */
static gboolean
take_notes (TramaSearch *self, gint64 time_ns)
{
  guint before = self->n_noted;

  while (self->n_noted < self->noted->len && g_array_index (self->noted, gint64, self->n_noted) <= time_ns)
    self->n_noted++;
  return self->n_noted > before;
}

TramaSearch *
trama_search_new (TramaFlowTable *table, TramaQuery *query)
{
  TramaSearch *self = g_new0 (TramaSearch, 1);

  self->query = query;
  self->hits = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->noted = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->table = trama_flow_table_ref (table);
  self->order = trama_event_order_new (trama_flow_table_get_store (table));
  find_notes (self);
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
  g_array_unref (self->noted);
  trama_flow_table_unref (self->table);
  g_free (self);
}

/* So few are searched again at once, and calls that had not returned may match now. */
#define SMALL_TRACE_EVENTS 20000

static gboolean
may_go_on (const TramaSearch *self, TramaFlowTable *table)
{
  return trama_flow_table_get_store (table) == trama_flow_table_get_store (self->table)
         && self->n_done > SMALL_TRACE_EVENTS && self->noted->len == 0
         && trama_event_order_find (self->order, self->last) == self->n_done - 1;
}

void
trama_search_set_table (TramaSearch *self, TramaFlowTable *table)
{
  gboolean goes_on;

  trama_event_order_free (self->order);
  self->order = trama_event_order_new (trama_flow_table_get_store (table));
  goes_on = may_go_on (self, table);
  trama_flow_table_ref (table);
  trama_flow_table_unref (self->table);
  self->table = table;
  find_notes (self);
  if (goes_on && self->noted->len == 0)
    return;
  self->n_done = 0;
  g_array_set_size (self->hits, 0);
}

static void
look_at (TramaSearch *self, guint32 row)
{
  gboolean is_noted = FALSE;

  self->last = trama_event_order_at (self->order, row);
  if (self->n_noted < self->noted->len)
    is_noted = take_notes (self, time_of (self, self->last));
  if (is_noted || trama_query_matches (self->query, self->table, self->last))
    g_array_append_val (self->hits, row);
}

/* What is noted behind the last event is noted beside it. */
static void
look_behind (TramaSearch *self)
{
  guint32 row = self->n_done - 1;

  if (self->n_done > 0 && take_notes (self, G_MAXINT64) && trama_search_find (self, self->last) == G_MAXUINT)
    g_array_append_val (self->hits, row);
}

gboolean
trama_search_step (TramaSearch *self, guint n_events)
{
  guint size = trama_event_order_get_size (self->order);
  guint end = self->n_done + MIN (n_events, size - self->n_done);

  for (guint32 row = self->n_done; row < end; row++)
    look_at (self, row);
  self->n_done = end;
  if (end == size)
    look_behind (self);
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
  return time_of (self, trama_search_get_hit (self, index));
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
