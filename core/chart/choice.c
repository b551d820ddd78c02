/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include <netinet/in.h>

gboolean
trama_layout_draws_flow (const TramaLayout *layout, guint32 flow)
{
  guint32 columns[2];

  if (flow == TRAMA_FLOW_NONE)
    return FALSE;
  trama_layout_columns_of_flow (layout, flow, trama_flow_table_get_flow (layout->table, flow)->first_ns,
                                columns);
  return columns[0] != TRAMA_COLUMN_NONE && columns[1] != TRAMA_COLUMN_NONE && columns[0] != columns[1];
}

/* Of the messages of ICMP, each has its own ends. */
static gboolean
may_draw (const TramaLayout *layout, guint32 flow)
{
  guint8 protocol = trama_flow_table_get_flow (layout->table, flow)->protocol;

  return trama_layout_draws_flow (layout, flow)
         || (layout->has_kernel && (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6));
}

static gint64
packet_time (const TramaLayout *layout, guint32 packet)
{
  TramaPacket record;

  trama_store_get_packet (layout->store, packet, &record);
  return record.time_ns;
}

/* The calls of a packet stand where it begins and where it ends. */
static void
note_rails (TramaLayout *layout, guint32 packet, const guint32 columns[2])
{
  guint calls[2] = { trama_flow_table_get_cause (layout->table, packet),
                     trama_flow_table_get_woken (layout->table, packet) };

  for (guint i = 0; i < 2; i++)
    {
      const TramaCall *call = calls[i] != G_MAXUINT ? trama_store_get_call (layout->store, calls[i]) : NULL;
      guint32 column = call != NULL ? trama_layout_column_of_actor (layout, call->actor) : TRAMA_COLUMN_NONE;

      if (column == TRAMA_COLUMN_NONE || (column != columns[0] && column != columns[1])
          || g_hash_table_contains (layout->rail_of_call, GUINT_TO_POINTER (calls[i])))
        continue;
      g_hash_table_insert (
          layout->rail_of_call, GUINT_TO_POINTER (calls[i]),
          GUINT_TO_POINTER (
              trama_layout_rail_towards (layout, column, columns[0] == column ? columns[1] : columns[0])
              + 1));
    }
}

/* Which conversations may be drawn, by flow: settled once, for a packet's is asked for a million times. */
typedef struct
{
  guint8 *drawn;   /* owned */
  guint64 packets; /* of all of them */
  guint first;     /* position of the first */
} Drawn;

static Drawn
choose_flows (const TramaLayout *layout)
{
  const TramaFlowTable *table = layout->table;
  guint n_flows = trama_flow_table_n_flows (table);
  Drawn drawn = { .drawn = g_new0 (guint8, n_flows + 1) };
  gint64 first_ns = G_MAXINT64;

  for (guint i = 0; i < n_flows; i++)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (table, i);

      if (!may_draw (layout, i))
        continue;
      drawn.drawn[i] = TRUE;
      drawn.packets += (guint64) flow->packets[0] + flow->packets[1];
      first_ns = MIN (first_ns, flow->first_ns);
    }
  drawn.first = trama_store_find_packet (layout->store, first_ns);
  return drawn;
}

/* Returns when the last one was, or TRAMA_TIME_NONE when all of them are drawn. */
static gint64
choose_packets (TramaLayout *layout)
{
  TramaStore *store = layout->store;
  Drawn chosen = choose_flows (layout);
  g_autofree guint8 *drawn = chosen.drawn;

  for (guint position = chosen.first; chosen.packets > 0 && position < trama_store_n_packets (store);
       position++)
    {
      guint32 packet = trama_store_packet_at (store, position);
      guint32 flow = trama_flow_table_get_flow_of_packet (layout->table, packet);
      guint32 columns[2];

      if (flow == TRAMA_FLOW_NONE || !drawn[flow])
        continue;
      chosen.packets--;
      if (!trama_layout_ends_of_packet (layout, packet, columns))
        continue;
      if (layout->packets->len == TRAMA_LAYOUT_DRAWN_MAX)
        return packet_time (layout, g_array_index (layout->packets, guint32, TRAMA_LAYOUT_DRAWN_MAX - 1));
      g_array_append_val (layout->packets, packet);
      note_rails (layout, packet, columns);
    }
  return TRAMA_TIME_NONE;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static gint64
choose_calls (TramaLayout *layout)
{
  TramaStore *store = layout->store;
  guint n_calls = trama_store_n_calls (store);
  g_autofree gint64 *times = NULL;

  if (n_calls <= TRAMA_LAYOUT_DRAWN_MAX)
    return TRAMA_TIME_NONE;
  times = g_new (gint64, n_calls);
  for (guint i = 0; i < n_calls; i++)
    times[i] = trama_store_get_call (store, i)->entry_ns;
  qsort (times, n_calls, sizeof *times, compare_times);
  return times[TRAMA_LAYOUT_DRAWN_MAX - 1];
}

void
trama_layout_choose (TramaLayout *layout)
{
  gint64 packets_ns = choose_packets (layout);
  gint64 calls_ns = choose_calls (layout);
  guint kept = 0;

  layout->last_ns = G_MAXINT64;
  if (packets_ns != TRAMA_TIME_NONE)
    layout->last_ns = packets_ns;
  if (calls_ns != TRAMA_TIME_NONE)
    layout->last_ns = MIN (layout->last_ns, calls_ns);
  while (kept < layout->packets->len
         && packet_time (layout, g_array_index (layout->packets, guint32, kept)) <= layout->last_ns)
    kept++;
  g_array_set_size (layout->packets, kept);
}

static int
compare_moments (gconstpointer a, gconstpointer b)
{
  const TramaMoment *x = a, *y = b;

  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  return x->kind < y->kind ? -1 : x->kind > y->kind;
}

static void
add_moment (GArray *moments, gint64 time_ns, TramaMomentKind kind, guint32 index)
{
  TramaMoment moment = { time_ns, kind, index };

  if (time_ns != TRAMA_TIME_NONE)
    g_array_append_val (moments, moment);
}

GArray *
trama_layout_get_moments (const TramaLayout *layout)
{
  TramaStore *store = layout->store;
  GArray *moments = g_array_new (FALSE, FALSE, sizeof (TramaMoment));

  for (guint i = 0; i < layout->packets->len; i++)
    {
      guint32 packet = g_array_index (layout->packets, guint32, i);

      add_moment (moments, packet_time (layout, packet), TRAMA_MOMENT_PACKET, packet);
    }
  for (guint32 i = 0; i < trama_store_n_calls (store); i++)
    {
      const TramaCall *call = trama_store_get_call (store, i);

      if (call->entry_ns > layout->last_ns)
        continue;
      add_moment (moments, call->entry_ns, TRAMA_MOMENT_ENTRY, i);
      if (call->exit_ns <= layout->last_ns)
        add_moment (moments, call->exit_ns, TRAMA_MOMENT_EXIT, i);
    }
  g_array_sort (moments, compare_moments);
  return moments;
}
