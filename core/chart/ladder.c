/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/ladder.h"

#include "core/chart/chart_private.h"

#include <errno.h>
#include <netinet/in.h>

static void
cast_clear (TramaLayout *cast)
{
  g_clear_pointer (&cast->users, trama_users_free);
  trama_layout_unseat (cast);
  g_hash_table_unref (cast->column_of_actor);
  g_hash_table_unref (cast->flow_of_socket);
  g_array_unref (cast->columns);
  g_clear_pointer (&cast->parties, g_array_unref);
  g_free (cast->socket_of_side);
  g_string_chunk_free (cast->strings);
  trama_flow_table_unref (cast->table);
}

guint
trama_ladder_n_rails (const TramaLadder *self)
{
  const GArray *columns = self->cast.columns;
  guint n_rails = 0;

  for (guint i = 0; i < columns->len; i++)
    n_rails += g_array_index (columns, TramaChartColumn, i).n_rails;
  return n_rails;
}

static gboolean
is_same (const TramaLadder *before, TramaFlowTable *table, const TramaChartOptions *options)
{
  return before != NULL && before->cast.table == table
         && before->is_early != trama_flow_table_is_complete (table)
         && trama_flow_set_equal (before->asked, options->flows)
         && trama_lanes_is_same_order (before->lanes, options->lanes);
}

TramaLadder *
trama_ladder_new (TramaFlowTable *table, const TramaChartOptions *options, TramaLadder *before)
{
  TramaLadder *self;

  g_return_val_if_fail (table != NULL && options != NULL, NULL);
  if (is_same (before, table, options))
    return trama_ladder_ref (before);
  self = g_new0 (TramaLadder, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->is_early = !trama_flow_table_is_complete (table);
  self->n_amended = trama_flow_table_count_amended (table);
  trama_ladder_begin (self, table, options, before);
  return self;
}

TramaLadder *
trama_ladder_ref (TramaLadder *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
trama_ladder_unref (TramaLadder *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  trama_ladder_unref (self->before);
  g_clear_pointer (&self->timeline, trama_timeline_unref);
  g_clear_pointer (&self->calls, trama_call_sums_free);
  g_clear_pointer (&self->call_moments, g_array_unref);
  for (guint i = 0; i < G_N_ELEMENTS (self->coming); i++)
    g_clear_pointer (&self->coming[i], g_array_unref);
  g_clear_pointer (&self->moments, g_array_unref);
  g_clear_pointer (&self->gaps, trama_gaps_free);
  g_clear_pointer (&self->seen_ports, trama_ports_free);
  g_clear_pointer (&self->track_of, g_hash_table_unref);
  g_clear_pointer (&self->whole_tracks, g_ptr_array_unref);
  g_clear_pointer (&self->linking, trama_links_builder_free);
  g_clear_pointer (&self->tracks, g_ptr_array_unref);
  g_clear_pointer (&self->rail_tracks, g_array_unref);
  g_free (self->places);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->ports, g_ptr_array_unref);
  g_clear_pointer (&self->lives, g_array_unref);
  g_clear_pointer (&self->tinted, g_array_unref);
  g_clear_pointer (&self->links, trama_links_unref);
  g_clear_pointer (&self->lost, g_hash_table_unref);
  g_free (self->how);
  g_free (self->totals);
  cast_clear (&self->cast);
  trama_lanes_unref (self->lanes);
  trama_flow_set_unref (self->asked);
  g_free (self);
}

/* The calls of a packet stand where it begins and where it ends. */
static void
note_rails (TramaLadder *self, guint32 packet, const guint32 columns[2])
{
  TramaLayout *cast = &self->cast;
  guint calls[2] = { trama_flow_table_get_cause (cast->table, packet),
                     trama_flow_table_get_woken (cast->table, packet) };

  for (guint i = 0; i < 2; i++)
    {
      const TramaCall *call = calls[i] != G_MAXUINT ? trama_store_get_call (cast->store, calls[i]) : NULL;
      guint32 column = call != NULL ? trama_layout_column_of_actor (cast, call->actor) : TRAMA_COLUMN_NONE;
      guint32 other = columns[0] == column ? columns[1] : columns[0];

      if (column == TRAMA_COLUMN_NONE || (column != columns[0] && column != columns[1]))
        continue;
      self->contents |= i == 0 ? TRAMA_CHART_HAS_SENDERS : TRAMA_CHART_HAS_WOKEN;
      if (calls[i] < self->n_places && self->places[calls[i]].rail == TRAMA_RAIL_NONE)
        self->places[calls[i]].rail = trama_layout_rail_towards (cast, column, other);
    }
}

/* Up to a moment, or as many as there is @room for. */
static void
take_call_moments (TramaLadder *self, const TramaMoment *until, guint *room)
{
  for (; self->next_call<self->call_moments->len && * room> 0; self->next_call++)
    {
      const TramaMoment *moment = &g_array_index (self->call_moments, TramaMoment, self->next_call);

      if (until != NULL && trama_moment_compare (moment, until) > 0)
        break;
      trama_timeline_append (self->timeline, moment->kind, moment->index, TRAMA_TIMELINE_NO_LANE);
      --*room;
    }
}

/* What is not worth a mark: who asks again and again, without waiting, is told so again and again. */
static gboolean
is_usual (gint32 error)
{
  return error == EAGAIN || error == EINPROGRESS || error == EALREADY;
}

static TramaCallSpan
span_of_call (const TramaCall *call, guint32 index, gboolean has_returned)
{
  TramaCallSpan span = { call->entry_ns, G_MAXINT64, index, 0 };

  if (!has_returned)
    return span;
  span.exit_ns = MAX (call->entry_ns, call->exit_ns);
  if (call->result < 0 && !is_usual (call->error))
    span.error = call->error != 0 ? call->error : -1;
  return span;
}

/* Of a damaged trace a call may return before it is made: that takes no time. */
static void
sum_up (TramaLadder *self, const TramaMoment *moment)
{
  const TramaCall *call = trama_store_get_call (self->cast.store, moment->index);
  TramaCallPlace *place = &self->places[moment->index];
  gboolean slept = (call->flags & TRAMA_CALL_SLEPT) != 0;
  gboolean is_backwards = place->has_returned && call->exit_ns < call->entry_ns;

  if (moment->kind == TRAMA_MOMENT_ENTRY)
    {
      const TramaCallSpan span = span_of_call (call, moment->index, place->has_returned);

      place->rail = trama_layout_rail_of_call (&self->cast, moment->index);
      place->is_final = TRUE;
      if (place->rail != TRAMA_RAIL_NONE)
        trama_call_sums_enter (self->calls, place->rail, &span, slept);
    }
  if (place->is_final && place->rail != TRAMA_RAIL_NONE
      && (moment->kind == TRAMA_MOMENT_EXIT) != is_backwards)
    trama_call_sums_leave (self->calls, place->rail, moment->time_ns, slept);
}

/* Once all packets are known, for they tell where calls are drawn. FALSE: there are no more. */
static gboolean
take_calls (TramaLadder *self, guint room)
{
  const GArray *moments = self->call_moments;

  take_call_moments (self, NULL, &room);
  for (; self->next_sum < self->next_call && room > 0; room--)
    {
      const TramaMoment *moment = &g_array_index (moments, TramaMoment, self->next_sum++);

      if (moment->kind == TRAMA_MOMENT_ENTRY || moment->kind == TRAMA_MOMENT_EXIT)
        sum_up (self, moment);
    }
  return self->next_sum < moments->len;
}

static guint
protocol_bit (const TramaFlow *flow)
{
  switch (flow->protocol)
    {
    case IPPROTO_TCP:
      return 1;
    case IPPROTO_UDP:
      return 2;
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
      return 4;
    default:
      return 8;
    }
}

static gboolean
find_ends (TramaLadder *self, guint32 packet, TramaBrief *brief, guint32 columns[2])
{
  *brief = trama_flow_table_get_brief (self->cast.table, packet);
  if (!trama_ladder_may_draw_flow (self, brief->flow))
    return FALSE;
  if (self->how[brief->flow] == TRAMA_FLOW_VARIES)
    return trama_layout_ends_of_packet (&self->cast, packet, columns);
  trama_layout_columns_of_flow (&self->cast, brief->flow, 0, columns);
  if (brief->side == 1)
    {
      guint32 from = columns[1];

      columns[1] = columns[0];
      columns[0] = from;
    }
  return TRUE;
}

static void
count (TramaLadder *self, guint32 from, guint32 to, guint32 flow)
{
  TramaLadderTotal *total = &self->totals[from * self->cast.columns->len + to];

  total->packets++;
  total->protocols |= protocol_bit (trama_flow_table_get_flow (self->cast.table, flow));
}

/* A datagram for many crosses each wire on its way to all of them, and each once. */
static void
count_crossings (TramaLadder *self, guint32 packet, guint32 flow, const guint32 columns[2])
{
  guint32 others[TRAMA_RECEIVERS_MAX], first = MIN (columns[0], columns[1]),
                                       last = MAX (columns[0], columns[1]);
  guint n = trama_layout_receivers (&self->cast, packet, columns, others);

  for (guint i = 0; i < n; i++)
    {
      first = MIN (first, others[i]);
      last = MAX (last, others[i]);
    }
  if (first < columns[0])
    count (self, columns[0], first, flow);
  if (last > columns[0])
    count (self, columns[0], last, flow);
}

static void
take_packet (TramaLadder *self, guint32 packet)
{
  TramaMoment moment = { .kind = TRAMA_MOMENT_PACKET, .index = packet };
  guint32 columns[2];
  guint room = G_MAXUINT;
  TramaBrief brief;
  TramaPacket record;

  if (!find_ends (self, packet, &brief, columns))
    return;
  if (self->next_call < self->call_moments->len)
    {
      trama_store_get_packet (self->cast.store, packet, &record);
      moment.time_ns = record.time_ns;
      take_call_moments (self, &moment, &room);
    }
  if (self->call_moments->len > 0)
    note_rails (self, packet, columns);
  self->contents |= brief.copy     ? TRAMA_CHART_HAS_COPIES
                    : brief.resent ? 1u << brief.kind | TRAMA_CHART_HAS_AGAIN
                                   : 1u << brief.kind;
  if (!self->in_order && trama_store_get_step_back (self->cast.store, packet) > 0)
    self->contents |= TRAMA_CHART_HAS_STEPS;
  count_crossings (self, packet, brief.flow, columns);
  trama_timeline_append (self->timeline, TRAMA_MOMENT_PACKET, packet,
                         (guint16) (columns[0] << 1 | (columns[1] > columns[0])));
}

/* Each as far as there is room; FALSE: all are done. */
static gboolean
prepare_step (TramaLadder *self, guint room)
{
  static gboolean (*const steps[]) (TramaLadder * ladder, guint room) = {
    trama_ladder_list_ports,  trama_ladder_list_sockets, trama_ladder_close_rails,  trama_ladder_list_tracks,
    trama_ladder_part_tracks, trama_ladder_assign_lanes, trama_ladder_place_tracks, trama_ladder_close_lanes,
    trama_ladder_list_tinted, trama_ladder_list_links,   trama_ladder_list_lost,
  };

  if (self->n_prepared < G_N_ELEMENTS (steps) && !steps[self->n_prepared](self, room))
    {
      self->n_prepared++;
      self->next_prepared = 0;
    }
  return self->n_prepared < G_N_ELEMENTS (steps);
}

void
trama_ladder_prepare (TramaLadder *self)
{
  while (prepare_step (self, G_MAXUINT))
    ;
}

gboolean
trama_ladder_follow (TramaLadder *self, guint max_packets)
{
  TramaStore *store = self->cast.store;
  guint room = max_packets;
  guint n_packets;

  if (trama_ladder_begin_step (self, &room))
    return TRUE;
  n_packets = MIN (trama_store_n_packets (store), trama_flow_table_n_packets (self->cast.table));
  n_packets = MIN (n_packets, self->end_packet);
  for (; self->next_packet < n_packets && room > 0; room--)
    take_packet (self, trama_store_packet_at (store, self->next_packet++));
  if (self->next_packet < n_packets || take_calls (self, room))
    return TRUE;
  if (self->is_early)
    return FALSE;
  if (max_packets == G_MAXUINT || trama_timeline_n (self->timeline) <= TRAMA_SCALE_FEW)
    trama_ladder_prepare (self);
  return prepare_step (self, MAX (room, 1));
}

guint
trama_ladder_n_moments (const TramaLadder *self)
{
  return self->timeline != NULL ? trama_timeline_n (self->timeline) : 0;
}

gboolean
trama_ladder_may_draw_flow (const TramaLadder *self, guint32 flow)
{
  return flow < self->n_flows && self->how[flow] != TRAMA_FLOW_HIDDEN;
}

TramaFlowTable *
trama_ladder_get_table (const TramaLadder *self)
{
  return self->cast.table;
}

guint64
trama_ladder_count_crossing (const TramaLadder *self, guint32 left_column, guint *protocols)
{
  guint n = self->cast.columns->len;
  guint64 packets = 0;

  for (guint from = 0; from < n; from++)
    for (guint to = 0; to < n; to++)
      if (MIN (from, to) <= left_column && MAX (from, to) > left_column)
        {
          packets += self->totals[from * n + to].packets;
          *protocols |= self->totals[from * n + to].protocols;
        }
  return packets;
}
