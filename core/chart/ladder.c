/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/ladder.h"

#include "core/chart/chart_private.h"
#include "core/chart/lives.h"
#include "core/chart/settle.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

/* How the columns of a conversation's packets are found. */
enum
{
  FLOW_HIDDEN,
  FLOW_PLAIN,  /* those of its sides, always */
  FLOW_VARIES, /* each packet has its own */
};

static void
cast_init (TramaLayout *cast, TramaLadder *ladder, TramaFlowTable *table, const TramaChartOptions *options)
{
  memset (cast, 0, sizeof *cast);
  cast->ladder = ladder;
  cast->table = trama_flow_table_ref (table);
  cast->store = trama_flow_table_get_store (table);
  cast->lanes = ladder->lanes = options->lanes != NULL ? trama_lanes_ref ((TramaLanes *) options->lanes)
                                                       : NULL;
  cast->strings = g_string_chunk_new (1024);
  cast->kernel_column = TRAMA_COLUMN_NONE;
  cast->column_of_actor = g_hash_table_new (NULL, NULL);
  cast->flow_of_socket = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  cast->columns = g_array_new (FALSE, TRUE, sizeof (TramaChartColumn));
  ladder->asked = options->flows != NULL ? trama_flow_set_ref (options->flows) : NULL;
  trama_layout_seat (cast, ladder->asked);
  trama_layout_cast (cast);
}

static void
cast_clear (TramaLayout *cast)
{
  g_clear_pointer (&cast->users, trama_users_free);
  trama_layout_unseat (cast);
  g_hash_table_unref (cast->column_of_actor);
  g_hash_table_unref (cast->flow_of_socket);
  g_array_unref (cast->columns);
  g_array_unref (cast->parties);
  g_free (cast->socket_of_side);
  g_string_chunk_free (cast->strings);
  trama_flow_table_unref (cast->table);
}

/* Nobody passes its sockets on, and it is no message to oneself, nor of the kernel's. */
static gboolean
is_plain (const TramaLayout *cast, guint32 index)
{
  const TramaFlow *flow = trama_flow_table_get_flow (cast->table, index);

  if (cast->seats != NULL)
    return TRUE;
  if (flow->protocol != IPPROTO_TCP && flow->protocol != IPPROTO_UDP)
    return FALSE;
  for (guint side = 0; side < 2; side++)
    {
      const GArray *uses = trama_users_get (cast->users, cast->socket_of_side[index][side]);

      if (uses == NULL || uses->len != 1)
        return FALSE;
    }
  return !trama_layout_is_to_oneself (cast, index, flow->first_ns);
}

/* Settled once, for a packet's is asked for a million times. */
static void
choose_flows (TramaLadder *self)
{
  const TramaLayout *cast = &self->cast;
  gint64 first_ns = G_MAXINT64, last_ns = G_MININT64;
  guint n;

  self->n_flows = trama_flow_table_n_flows (cast->table);
  self->how = g_new0 (guint8, self->n_flows + 1);
  n = cast->flows != NULL ? trama_flow_set_n_flows (cast->flows) : self->n_flows;
  for (guint i = 0; i < n; i++)
    {
      guint32 flow = cast->flows != NULL ? trama_flow_set_get (cast->flows, i) : i;

      if (!trama_layout_may_draw_flow (cast, flow))
        continue;
      self->how[flow] = is_plain (cast, flow) ? FLOW_PLAIN : FLOW_VARIES;
      first_ns = MIN (first_ns, trama_flow_table_get_flow (cast->table, flow)->first_ns);
      last_ns = MAX (last_ns, trama_flow_table_get_flow (cast->table, flow)->last_ns);
    }
  self->next_packet = MAX (self->next_packet, trama_store_find_packet (cast->store, first_ns));
  self->end_packet = G_MAXUINT;
  if (!self->is_early && last_ns < G_MAXINT64)
    self->end_packet = trama_store_find_packet (cast->store, last_ns + 1);
}

static int
compare_moments (gconstpointer a, gconstpointer b)
{
  const TramaMoment *x = a, *y = b;

  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  if (x->kind != y->kind)
    return x->kind < y->kind ? -1 : 1;
  return x->index < y->index ? -1 : x->index > y->index;
}

/* FALSE: they are not in order any more. */
static gboolean
add_moment (GArray *moments, gint64 time_ns, guint32 kind, guint32 index)
{
  TramaMoment moment = { time_ns, kind, index };

  if (time_ns == TRAMA_TIME_NONE)
    return TRUE;
  g_array_append_val (moments, moment);
  return trama_settle_last (moments, compare_moments);
}

static GArray *
merge_moments (const GArray *some, const GArray *others)
{
  GArray *moments = g_array_sized_new (FALSE, FALSE, sizeof (TramaMoment), some->len + others->len);

  for (guint at = 0, next = 0; at < some->len || next < others->len;)
    {
      const TramaMoment *one = at < some->len ? &g_array_index (some, TramaMoment, at) : NULL;
      const TramaMoment *other = next < others->len ? &g_array_index (others, TramaMoment, next) : NULL;
      gboolean is_one = other == NULL || (one != NULL && compare_moments (one, other) <= 0);

      g_array_append_vals (moments, is_one ? one : other, 1);
      at += is_one;
      next += !is_one;
    }
  return moments;
}

/* Nothing is folded where somebody is forked or killed, so that there is room for what it says. */
static GArray *
list_lives (const TramaLadder *self)
{
  GArray *moments = g_array_new (FALSE, FALSE, sizeof (TramaMoment));

  for (guint i = 0; i < self->lives->len; i++)
    {
      const TramaLife *life = &g_array_index (self->lives, TramaLife, i);
      guint32 actor = trama_store_get_actor (self->cast.store, life->actor)->id;

      if (trama_layout_column_of_actor (&self->cast, actor) != TRAMA_COLUMN_NONE)
        add_moment (moments, life->time_ns, life->ends ? TRAMA_MOMENT_DEATH : TRAMA_MOMENT_BIRTH,
                    life->actor);
    }
  g_array_sort (moments, compare_moments);
  return moments;
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

/* Which of them have returned is settled here: more may, while they are taken in. */
static void
list_calls (TramaLadder *self)
{
  TramaStore *store = self->cast.store;
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (TramaMoment));
  g_autoptr (GArray) exits = g_array_new (FALSE, FALSE, sizeof (TramaMoment));
  g_autoptr (GArray) lives = list_lives (self);
  g_autoptr (GArray) calls = NULL;
  gboolean in_order = TRUE;

  self->n_places = trama_store_n_calls (store);
  self->places = g_new (TramaCallPlace, MAX (self->n_places, 1));
  for (guint32 i = 0; i < self->n_places; i++)
    {
      const TramaCall *call = trama_store_get_call (store, i);

      self->places[i] = (TramaCallPlace){ TRAMA_RAIL_NONE, FALSE, call->exit_ns != TRAMA_TIME_NONE };
      if (!trama_layout_draws_call (&self->cast, i))
        continue;
      self->contents |= TRAMA_CHART_HAS_CALLS;
      if ((call->flags & TRAMA_CALL_SLEPT) != 0 || call->exit_ns == TRAMA_TIME_NONE)
        self->contents |= TRAMA_CHART_HAS_SLEEPERS;
      in_order &= add_moment (entries, call->entry_ns, TRAMA_MOMENT_ENTRY, i);
      in_order &= add_moment (exits, call->exit_ns, TRAMA_MOMENT_EXIT, i);
    }
  calls = merge_moments (entries, exits);
  self->call_moments = merge_moments (calls, lives);
  if (!in_order)
    g_array_sort (self->call_moments, compare_moments);
  self->calls = trama_call_sums_new (trama_ladder_n_rails (self));
}

/* Whether a conversation has the columns that it had, or is so new that nothing of it was taken in. */
static gboolean
keeps_columns (const TramaLadder *self, const TramaLadder *before, guint32 flow)
{
  gint64 first_ns = trama_flow_table_get_flow (self->cast.table, flow)->first_ns;
  guint32 now[2], then[2];

  if (!trama_flow_set_has (before->cast.flows, flow))
    return trama_store_find_packet (self->cast.store, first_ns) >= before->next_packet;
  trama_layout_columns_of_flow (&self->cast, flow, first_ns, now);
  trama_layout_columns_of_flow (&before->cast, flow, first_ns, then);
  return now[0] == then[0] && now[1] == then[1];
}

/* Where nobody recorded calls, conversations grow at their end. */
static gboolean
goes_on (const TramaLadder *self, const TramaLadder *before)
{
  guint n_kept = 0;

  if (before == NULL || before->cast.store != self->cast.store || before->cast.seats == NULL
      || self->cast.seats == NULL || before->n_amended != self->n_amended
      || before->cast.columns->len != self->cast.columns->len || !trama_store_is_in_order (self->cast.store))
    return FALSE;
  for (guint i = 0; i < trama_flow_set_n_flows (self->cast.flows); i++)
    {
      guint32 flow = trama_flow_set_get (self->cast.flows, i);

      if (!keeps_columns (self, before, flow))
        return FALSE;
      n_kept += trama_flow_set_has (before->cast.flows, flow);
    }
  return n_kept == trama_flow_set_n_flows (before->cast.flows);
}

static void
go_on (TramaLadder *self, const TramaLadder *before)
{
  self->timeline = trama_timeline_ref (before->timeline);
  trama_timeline_set_table (self->timeline, self->cast.table);
  self->next_packet = before->next_packet;
  self->contents = before->contents;
  memcpy (self->totals, before->totals,
          self->cast.columns->len * self->cast.columns->len * sizeof *self->totals);
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
  guint n_columns;

  g_return_val_if_fail (table != NULL && options != NULL, NULL);
  if (is_same (before, table, options))
    return trama_ladder_ref (before);
  self = g_new0 (TramaLadder, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->is_early = !trama_flow_table_is_complete (table);
  self->n_amended = trama_flow_table_count_amended (table);
  cast_init (&self->cast, self, table, options);
  n_columns = self->cast.columns->len;
  self->totals = g_new0 (TramaLadderTotal, MAX (n_columns * n_columns, 1));
  self->lives = trama_lives_new (self->cast.store);
  list_calls (self);
  if (goes_on (self, before))
    go_on (self, before);
  else
    self->timeline = trama_timeline_new (table, n_columns);
  choose_flows (self);
  self->in_order = trama_store_is_in_order (self->cast.store);
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
  trama_timeline_unref (self->timeline);
  trama_call_sums_free (self->calls);
  g_array_unref (self->call_moments);
  g_clear_pointer (&self->moments, g_array_unref);
  g_clear_pointer (&self->gaps, trama_gaps_free);
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

      if (until != NULL && compare_moments (moment, until) > 0)
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
  if (self->how[brief->flow] == FLOW_VARIES)
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
  self->contents |= 1u << brief.kind | (brief.resent ? TRAMA_CHART_HAS_AGAIN : 0);
  if (!self->in_order && trama_store_get_step_back (self->cast.store, packet) > 0)
    self->contents |= TRAMA_CHART_HAS_STEPS;
  count_crossings (self, packet, brief.flow, columns);
  trama_timeline_append (self->timeline, TRAMA_MOMENT_PACKET, packet,
                         (guint16) (columns[0] << 1 | (columns[1] > columns[0])));
}

/* Each takes a while when there are many sockets or calls, so that one is enough for a slice. */
static gboolean
prepare_step (TramaLadder *self)
{
  static void (*const steps[]) (TramaLadder * ladder) = {
    trama_ladder_list_sockets, trama_ladder_list_tracks, trama_ladder_place_tracks,
    trama_ladder_list_tinted,  trama_ladder_list_lost,   trama_ladder_list_links,
  };

  if (self->n_prepared < G_N_ELEMENTS (steps))
    steps[self->n_prepared++](self);
  return self->n_prepared < G_N_ELEMENTS (steps);
}

void
trama_ladder_prepare (TramaLadder *self)
{
  while (prepare_step (self))
    ;
}

gboolean
trama_ladder_follow (TramaLadder *self, guint max_packets)
{
  TramaStore *store = self->cast.store;
  guint n_known = MIN (trama_store_n_packets (store), trama_flow_table_n_packets (self->cast.table));
  guint n_packets = MIN (n_known, self->end_packet);
  guint room = max_packets;

  for (; self->next_packet < n_packets && room > 0; room--)
    take_packet (self, trama_store_packet_at (store, self->next_packet++));
  if (self->next_packet < n_packets || take_calls (self, room))
    return TRUE;
  if (self->is_early)
    return FALSE;
  if (max_packets == G_MAXUINT || trama_timeline_n (self->timeline) <= TRAMA_SCALE_FEW)
    trama_ladder_prepare (self);
  return prepare_step (self);
}

guint
trama_ladder_n_moments (const TramaLadder *self)
{
  return trama_timeline_n (self->timeline);
}

gboolean
trama_ladder_may_draw_flow (const TramaLadder *self, guint32 flow)
{
  return flow < self->n_flows && self->how[flow] != FLOW_HIDDEN;
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
