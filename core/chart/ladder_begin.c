/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"
#include "core/chart/lives.h"
#include "core/chart/plan.h"
#include "core/chart/settle.h"

#include <netinet/in.h>
#include <string.h>

/*
 * What a ladder begins with: who has a column, the calls in order of time, and where the packets
 * of each conversation are drawn. All of it before the first moment is taken in, but a little
 * at a time: there may be a million calls.
 */

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

int
trama_moment_compare (gconstpointer a, gconstpointer b)
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
  return trama_settle_last (moments, trama_moment_compare);
}

/* Nothing is folded where somebody is forked or killed, so that there is room for what it says. */
static void
list_lives (TramaLadder *self, GArray *moments)
{
  self->lives = trama_lives_new (self->cast.store, trama_users_get_forks (self->cast.users));
  for (guint i = 0; i < self->lives->len; i++)
    {
      const TramaLife *life = &g_array_index (self->lives, TramaLife, i);
      guint32 actor = trama_store_get_actor (self->cast.store, life->actor)->id;

      if (trama_layout_column_of_actor (&self->cast, actor) != TRAMA_COLUMN_NONE)
        add_moment (moments, life->time_ns, life->ends ? TRAMA_MOMENT_DEATH : TRAMA_MOMENT_BIRTH,
                    life->actor);
    }
  g_array_sort (moments, trama_moment_compare);
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
  self->contents |= before->contents;
  memcpy (self->totals, before->totals,
          self->cast.columns->len * self->cast.columns->len * sizeof *self->totals);
}

/* The steps. Each does as much as there is room for; FALSE: it is done. */

static gboolean
list_users (TramaLadder *self, guint *room)
{
  return trama_users_step (self->cast.users, room);
}

/* What was done takes a while of many conversations. */
static void
rest (const TramaLadder *self, guint *room)
{
  *room -= MIN (*room, trama_flow_table_n_flows (self->cast.table));
}

static gboolean
find_sides (TramaLadder *self, guint *room)
{
  trama_layout_seat (&self->cast, self->asked);
  trama_layout_ends_init (&self->cast);
  rest (self, room);
  return FALSE;
}

static gboolean
list_sockets (TramaLadder *self, guint *room)
{
  trama_layout_list_sockets (&self->cast);
  rest (self, room);
  return FALSE;
}

static gboolean
list_parties (TramaLadder *self, guint *room)
{
  self->cast.parties = trama_layout_list_parties (&self->cast);
  rest (self, room);
  return FALSE;
}

static gboolean
arrange_parties (TramaLadder *self, guint *room)
{
  trama_layout_arrange_parties (&self->cast, self->cast.parties);
  rest (self, room);
  return FALSE;
}

static gboolean
give_columns (TramaLadder *self, guint *room)
{
  trama_layout_cast (&self->cast);
  return FALSE;
}

static gboolean
begin_moments (TramaLadder *self, guint *room)
{
  const guint n_columns = self->cast.columns->len;

  self->totals = g_new0 (TramaLadderTotal, MAX (n_columns * n_columns, 1));
  for (guint i = 0; i < G_N_ELEMENTS (self->coming); i++)
    self->coming[i] = g_array_new (FALSE, FALSE, sizeof (TramaMoment));
  list_lives (self, self->coming[2]);
  self->places = g_new (TramaCallPlace, MAX (self->n_calls, 1));
  self->calls = trama_call_sums_new (trama_ladder_n_rails (self));
  return FALSE;
}

/* Which of them have returned is settled here: more may, while they are taken in. */
static void
list_call (TramaLadder *self, guint32 index)
{
  const TramaCall *call = trama_store_get_call (self->cast.store, index);

  self->places[index] = (TramaCallPlace){ TRAMA_RAIL_NONE, FALSE, call->exit_ns != TRAMA_TIME_NONE };
  if (!trama_layout_draws_call (&self->cast, index))
    return;
  self->contents |= TRAMA_CHART_HAS_CALLS;
  if ((call->flags & TRAMA_CALL_SLEPT) != 0 || call->exit_ns == TRAMA_TIME_NONE)
    self->contents |= TRAMA_CHART_HAS_SLEEPERS;
  self->is_unsettled |= !add_moment (self->coming[0], call->entry_ns, TRAMA_MOMENT_ENTRY, index);
  self->is_unsettled |= !add_moment (self->coming[1], call->exit_ns, TRAMA_MOMENT_EXIT, index);
}

static gboolean
list_calls (TramaLadder *self, guint *room)
{
  for (; self->n_places<self->n_calls && * room> 0; --*room)
    list_call (self, self->n_places++);
  return self->n_places < self->n_calls;
}

/* FALSE: none is left. */
static gboolean
merge_next (TramaLadder *self)
{
  const TramaMoment *first = NULL;
  guint from = 0;

  for (guint i = 0; i < G_N_ELEMENTS (self->coming); i++)
    if (self->n_merged[i] < self->coming[i]->len)
      {
        const TramaMoment *next = &g_array_index (self->coming[i], TramaMoment, self->n_merged[i]);

        if (first != NULL && trama_moment_compare (first, next) <= 0)
          continue;
        first = next;
        from = i;
      }
  if (first == NULL)
    return FALSE;
  g_array_append_vals (self->call_moments, first, 1);
  self->n_merged[from]++;
  return TRUE;
}

static gboolean
merge_moments (TramaLadder *self, guint *room)
{
  if (self->call_moments == NULL)
    self->call_moments = g_array_sized_new (FALSE, FALSE, sizeof (TramaMoment),
                                            self->coming[0]->len + self->coming[1]->len
                                                + self->coming[2]->len);
  for (; *room > 0; --*room)
    if (!merge_next (self))
      break;
  if (*room == 0)
    return TRUE;
  if (self->is_unsettled)
    g_array_sort (self->call_moments, trama_moment_compare);
  for (guint i = 0; i < G_N_ELEMENTS (self->coming); i++)
    g_clear_pointer (&self->coming[i], g_array_unref);
  return FALSE;
}

static gboolean
begin_timeline (TramaLadder *self, guint *room)
{
  if (goes_on (self, self->before))
    go_on (self, self->before);
  else
    self->timeline = trama_timeline_new (self->cast.table, self->cast.columns->len);
  g_clear_pointer (&self->before, trama_ladder_unref);
  self->n_flows = trama_flow_table_n_flows (self->cast.table);
  self->how = g_new0 (guint8, self->n_flows + 1);
  self->span = (TramaSpan){ G_MAXINT64, G_MININT64 };
  return FALSE;
}

/* Settled once, for a packet's is asked for a million times. */
static void
choose_flow (TramaLadder *self, guint32 flow)
{
  const TramaFlow *record = trama_flow_table_get_flow (self->cast.table, flow);

  if (!trama_layout_may_draw_flow (&self->cast, flow))
    return;
  self->how[flow] = is_plain (&self->cast, flow) ? TRAMA_FLOW_PLAIN : TRAMA_FLOW_VARIES;
  self->span.start_ns = MIN (self->span.start_ns, record->first_ns);
  self->span.end_ns = MAX (self->span.end_ns, record->last_ns);
}

static gboolean
choose_flows (TramaLadder *self, guint *room)
{
  const TramaLayout *cast = &self->cast;
  guint n = cast->flows != NULL ? trama_flow_set_n_flows (cast->flows) : self->n_flows;

  for (; self->n_chosen<n && * room> 0; --*room)
    {
      choose_flow (self,
                   cast->flows != NULL ? trama_flow_set_get (cast->flows, self->n_chosen) : self->n_chosen);
      self->n_chosen++;
    }
  if (self->n_chosen < n)
    return TRUE;
  self->next_packet = MAX (self->next_packet, trama_store_find_packet (cast->store, self->span.start_ns));
  self->end_packet = G_MAXUINT;
  if (!self->is_early && self->span.end_ns < G_MAXINT64)
    self->end_packet = trama_store_find_packet (cast->store, self->span.end_ns + 1);
  self->in_order = trama_store_is_in_order (cast->store);
  return FALSE;
}

static gboolean (*const steps[]) (TramaLadder *self, guint *room) = {
  list_users,    find_sides, list_sockets,  list_parties,   arrange_parties, give_columns,
  begin_moments, list_calls, merge_moments, begin_timeline, choose_flows,
};

static gboolean
has_begun (const TramaLadder *self)
{
  return self->n_begun == G_N_ELEMENTS (steps);
}

gboolean
trama_ladder_begin_step (TramaLadder *self, guint *room)
{
  while (!has_begun (self) && *room > 0)
    if (!steps[self->n_begun](self, room))
      self->n_begun++;
  return !has_begun (self);
}

/* Without calls it begins at once. @before: what has not begun would have gone on with what was before that. */
void
trama_ladder_begin (TramaLadder *self,
                    TramaFlowTable *table,
                    const TramaChartOptions *options,
                    TramaLadder *before)
{
  TramaLayout *cast = &self->cast;
  guint room = G_MAXUINT;

  if (before != NULL && !has_begun (before))
    before = before->before;
  self->before = before != NULL ? trama_ladder_ref (before) : NULL;
  self->asked = options->flows != NULL ? trama_flow_set_ref (options->flows) : NULL;
  self->lanes = options->lanes != NULL ? trama_lanes_ref ((TramaLanes *) options->lanes) : NULL;
  cast->ladder = self;
  cast->table = trama_flow_table_ref (table);
  cast->store = trama_flow_table_get_store (table);
  cast->lanes = self->lanes;
  cast->strings = g_string_chunk_new (1024);
  cast->kernel_column = TRAMA_COLUMN_NONE;
  cast->column_of_actor = g_hash_table_new (NULL, NULL);
  cast->flow_of_socket = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  cast->columns = g_array_new (FALSE, TRUE, sizeof (TramaChartColumn));
  cast->users = trama_users_begin (cast->store);
  self->n_calls = trama_store_n_calls (cast->store);
  if (self->n_calls == 0)
    trama_ladder_begin_step (self, &room);
}
