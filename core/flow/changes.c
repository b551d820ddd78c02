/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/flow_private.h"

/* A change with its time, to be sorted. */
typedef struct
{
  gint64 time_ns;
  TramaFlowChange change;
} Timed;

static TramaFlowChange *
change_at (const TramaFlowTable *table, guint index)
{
  return &trama_column_index (&table->changes, TramaFlowChange, index);
}

static const TramaToldChange *
told_of (const TramaFlowTable *table, const TramaFlowChange *change)
{
  return &g_array_index (table->told, TramaToldChange, change->at);
}

static guint32
conversation_of (const TramaFlowTable *table, const TramaFlowChange *change)
{
  return trama_column_index (&table->conversations, guint32, change->at);
}

static gint64
time_of (const TramaFlowTable *table, const TramaFlowChange *change)
{
  TramaPacket record;

  if (change->is_told)
    return told_of (table, change)->time_ns;
  trama_store_get_packet (table->store, change->at, &record);
  return record.time_ns;
}

void
trama_flow_add_change (TramaFlowTable *table, guint packet, guint side, guint8 state)
{
  table->has_belated = table->has_belated || packet < table->latest_change;
  table->latest_change = packet;
  trama_column_add (&table->changes, TramaFlowChange) =
      (TramaFlowChange){ .at = packet, .side = (guint8) side, .state = state };
}

void
trama_flow_withdraw_change (TramaFlowTable *table, guint packet, guint side)
{
  trama_flow_add_change (table, packet, side, TRAMA_TCP_UNKNOWN);
  table->has_withdrawn = TRUE;
}

void
trama_flow_add_told_change (TramaFlowTable *table, const TramaToldChange *told, guint side, guint8 state)
{
  table->has_belated = TRUE;
  trama_column_add (&table->changes, TramaFlowChange) = (TramaFlowChange){
    .at = table->told->len,
    .side = (guint8) side,
    .state = state,
    .is_told = TRUE,
  };
  g_array_append_val (table->told, *told);
}

static gboolean
is_of (const TramaFlowTable *table, const TramaFlowChange *change, guint flow, guint side)
{
  guint32 its_flow = change->is_told ? told_of (table, change)->flow : conversation_of (table, change) >> 1;

  return its_flow == flow && change->side == side;
}

/* How far back is looked, in changes and in time: those that were added last come nearly in order. */
#define LOOK_BACK_MAX 4096
#define LOOK_BACK_NS (1000 * 1000 * 1000)

gboolean
trama_flow_has_changed_since (const TramaFlowTable *table, guint flow, guint side, gint64 since_ns)
{
  guint looked_at = 0;

  for (guint i = table->changes.len; i-- > 0;)
    {
      const TramaFlowChange *change = change_at (table, i);
      gint64 time_ns = time_of (table, change);

      if (++looked_at > LOOK_BACK_MAX)
        return TRUE; /* nothing is made of what is not known */
      if (time_ns < since_ns - LOOK_BACK_NS)
        return FALSE;
      if (time_ns >= since_ns && is_of (table, change, flow, side))
        return TRUE;
    }
  return FALSE;
}

/* A withdrawal, which comes later, takes with it what the packets told of the same side last before it. */
static void
mark_withdrawn (TramaFlowTable *table)
{
  g_autoptr (GHashTable) sides = g_hash_table_new (NULL, NULL);

  for (guint i = table->changes.len; i-- > 0;)
    {
      TramaFlowChange *change = change_at (table, i);
      gpointer side;

      if (change->is_told)
        continue;
      side = GUINT_TO_POINTER ((conversation_of (table, change) & ~1u) | change->side);
      if (change->state == TRAMA_TCP_UNKNOWN)
        g_hash_table_add (sides, side);
      else if (g_hash_table_remove (sides, side))
        change->state = TRAMA_TCP_UNKNOWN;
    }
}

static void
leave_out_withdrawn (TramaFlowTable *table)
{
  guint kept = 0;

  if (!table->has_withdrawn)
    return;
  mark_withdrawn (table);
  for (guint i = 0; i < table->changes.len; i++)
    if (change_at (table, i)->state != TRAMA_TCP_UNKNOWN)
      *change_at (table, kept++) = *change_at (table, i);
  trama_column_truncate (&table->changes, kept);
}

/* Most can be told by their packets: where these are in order, a later one has no earlier time. */
static gboolean
is_later (const TramaFlowTable *table, const TramaFlowChange *a, const TramaFlowChange *b)
{
  if (a->at <= b->at && !a->is_told && !b->is_told && trama_store_is_in_order (table->store))
    return FALSE;
  return time_of (table, a) > time_of (table, b);
}

/*
 * They come nearly in order, few by few out of it: moving these takes no memory.
 * FALSE when that is not so, as where thousands of connections are opened at once;
 * what was moved so far stays in its place.
 */
static gboolean
move_changes (TramaFlowTable *table)
{
  gsize moves_left = 16 * (gsize) table->changes.len;

  for (guint i = 1; i < table->changes.len; i++)
    {
      TramaFlowChange change = *change_at (table, i);
      guint place = i;

      for (; place > 0 && is_later (table, change_at (table, place - 1), &change); place--)
        {
          if (moves_left-- == 0)
            {
              *change_at (table, place) = change;
              return FALSE;
            }
          *change_at (table, place) = *change_at (table, place - 1);
        }
      *change_at (table, place) = change;
    }
  return TRUE;
}

static int
compare_timed (gconstpointer a, gconstpointer b)
{
  const Timed *x = a, *y = b;

  return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

/* Takes out those that come after a later one. A new GArray of Timed. */
static GArray *
take_belated (TramaFlowTable *table)
{
  GArray *belated = g_array_new (FALSE, FALSE, sizeof (Timed));
  gint64 latest_ns = G_MININT64;
  guint kept = 0;

  for (guint i = 0; i < table->changes.len; i++)
    {
      TramaFlowChange change = *change_at (table, i);
      Timed timed = { time_of (table, &change), change };

      if (timed.time_ns < latest_ns)
        {
          g_array_append_val (belated, timed);
          continue;
        }
      latest_ns = timed.time_ns;
      *change_at (table, kept++) = change;
    }
  trama_column_truncate (&table->changes, kept);
  return belated;
}

/* From the end, so that no second place is needed. What is left has been added before what was taken out. */
static void
merge_belated (TramaFlowTable *table, const GArray *belated)
{
  guint left = table->changes.len, taken = belated->len;

  trama_column_fill (&table->changes, left + taken, 0);
  while (taken > 0)
    {
      const Timed *last = &g_array_index (belated, Timed, taken - 1);

      if (left > 0 && time_of (table, change_at (table, left - 1)) > last->time_ns)
        {
          *change_at (table, left + taken - 1) = *change_at (table, left - 1);
          left--;
        }
      else
        {
          *change_at (table, left + taken - 1) = last->change;
          taken--;
        }
    }
}

void
trama_flow_finish_changes (TramaFlowTable *table)
{
  g_autoptr (GArray) belated = NULL;

  leave_out_withdrawn (table);
  if (!table->has_belated && trama_store_is_in_order (table->store))
    return;
  if (move_changes (table))
    return;
  belated = take_belated (table);
  g_array_sort (belated, compare_timed);
  merge_belated (table, belated);
}

guint
trama_flow_table_find_change (const TramaFlowTable *table, gint64 time_ns)
{
  guint low = 0, high = table->changes.len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (time_of (table, change_at (table, middle)) < time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

guint
trama_flow_table_n_changes (const TramaFlowTable *table)
{
  return table->changes.len;
}

TramaStateChange
trama_flow_table_get_change (const TramaFlowTable *table, guint index)
{
  TramaStateChange change = { .flow = TRAMA_FLOW_NONE };
  const TramaFlowChange *kept;

  g_return_val_if_fail (index < table->changes.len, change);

  kept = change_at (table, index);
  change.time_ns = time_of (table, kept);
  change.side = kept->side;
  change.state = kept->state;
  if (!kept->is_told)
    change.flow = conversation_of (table, kept) >> 1;
  else if (told_of (table, kept)->flow != TRAMA_FLOW_NONE)
    change.flow = told_of (table, kept)->flow;
  else
    change.socket = told_of (table, kept)->socket;
  if (change.flow != TRAMA_FLOW_NONE)
    change.socket = trama_flow_at (table, change.flow)->socket[change.side];
  return change;
}
