/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/search/event_order.h"

typedef struct
{
  gint64 entry_ns;
  guint32 call;
  guint32 row;
} CallRow;

struct _TramaEventOrder
{
  TramaStore *store;
  GArray *calls;   /* of CallRow, in order of time */
  guint32 *row_of; /* by call */
  guint n_packets;
};

static gboolean
is_before (TramaStore *store, guint position, gint64 time_ns)
{
  TramaPacket packet;

  trama_store_get_packet (store, trama_store_packet_at (store, position), &packet);
  return packet.time_ns < time_ns;
}

static int
compare_calls (gconstpointer a, gconstpointer b)
{
  const CallRow *x = a, *y = b;

  if (x->entry_ns != y->entry_ns)
    return x->entry_ns < y->entry_ns ? -1 : 1;
  return x->call < y->call ? -1 : x->call > y->call;
}

/* As trama_store_find_packet (), when that is at @low or not far behind it. */
static guint
find_packet_from (TramaStore *store, guint low, gint64 time_ns)
{
  guint n_packets = trama_store_n_packets (store), high;
  guint step = 1;

  for (; step <= n_packets - low && is_before (store, low + step - 1, time_ns); step *= 2)
    low += step;
  high = low + MIN (step - 1, n_packets - low);
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (is_before (store, middle, time_ns))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

TramaEventOrder *
trama_event_order_new (TramaStore *store)
{
  TramaEventOrder *self = g_new0 (TramaEventOrder, 1);
  guint n_calls = trama_store_n_calls (store);
  gboolean in_order = TRUE;
  guint position = 0;

  self->store = trama_store_ref (store);
  self->n_packets = trama_store_n_packets (store);
  self->calls = g_array_sized_new (FALSE, FALSE, sizeof (CallRow), n_calls);
  self->row_of = g_new (guint32, MAX (n_calls, 1));
  for (guint i = 0; i < n_calls; i++)
    {
      CallRow call = { .entry_ns = trama_store_get_call (store, i)->entry_ns, .call = i };

      in_order = in_order
                 && (i == 0 || g_array_index (self->calls, CallRow, i - 1).entry_ns <= call.entry_ns);
      g_array_append_val (self->calls, call);
    }
  if (!in_order)
    g_array_sort (self->calls, compare_calls);
  for (guint i = 0; i < n_calls; i++)
    {
      CallRow *call = &g_array_index (self->calls, CallRow, i);

      position = find_packet_from (store, position, call->entry_ns);
      call->row = position + i;
      self->row_of[call->call] = call->row;
    }
  return self;
}

void
trama_event_order_free (TramaEventOrder *self)
{
  if (self == NULL)
    return;
  trama_store_unref (self->store);
  g_array_unref (self->calls);
  g_free (self->row_of);
  g_free (self);
}

guint
trama_event_order_get_size (const TramaEventOrder *self)
{
  return self->n_packets + self->calls->len;
}

/* How many calls stand before @row. */
static guint
count_calls_before (const TramaEventOrder *self, guint row)
{
  guint low = 0, high = self->calls->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->calls, CallRow, middle).row < row)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

TramaRef
trama_event_order_at (const TramaEventOrder *self, guint row)
{
  guint calls;

  g_return_val_if_fail (row < trama_event_order_get_size (self), ((TramaRef){ 0 }));

  calls = count_calls_before (self, row);
  if (calls < self->calls->len && g_array_index (self->calls, CallRow, calls).row == row)
    return (TramaRef){ TRAMA_EVENT_CALL, g_array_index (self->calls, CallRow, calls).call };
  return (TramaRef){ TRAMA_EVENT_PACKET, trama_store_packet_at (self->store, row - calls) };
}

/* Its place among the packets; G_MAXUINT: it came after the order was made. */
static guint
find_position (const TramaEventOrder *self, guint packet)
{
  TramaPacket record;

  trama_store_get_packet (self->store, packet, &record);
  for (guint i = trama_store_find_packet (self->store, record.time_ns); i < self->n_packets; i++)
    if (trama_store_packet_at (self->store, i) == packet)
      return i;
  return G_MAXUINT;
}

/* How many calls were made before the packet at @position was there, or with it. */
static guint
count_calls_until (const TramaEventOrder *self, guint position)
{
  guint low = 0, high = self->calls->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->calls, CallRow, middle).row - middle <= position)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

guint
trama_event_order_find (const TramaEventOrder *self, TramaRef ref)
{
  guint position;

  if (ref.kind == TRAMA_EVENT_CALL && ref.index < self->calls->len)
    return self->row_of[ref.index];
  if (ref.kind != TRAMA_EVENT_PACKET || ref.index >= self->n_packets)
    return G_MAXUINT;
  position = find_position (self, ref.index);
  return position != G_MAXUINT ? position + count_calls_until (self, position) : G_MAXUINT;
}
