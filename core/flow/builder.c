/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/builder.h"

#include "core/flow/flow_private.h"

struct _TramaFlowBuilder
{
  TramaStore *store;
  TramaFlowTable *table; /* NULL until something is followed */
  TramaFlowBuild *build; /* NULL before, and when all packets are followed for good */
  TramaJoining *joining; /* then, until the calls are joined to them */
  guint next_call;       /* of those that tell of sockets, before anything is followed */
  gboolean at_end;       /* the calls are all there */
  gboolean is_finishing; /* what comes from then on is of another table */
  gboolean is_followed;
};

static TramaFlowTable *
table_new (TramaStore *store)
{
  TramaFlowTable *table = g_new0 (TramaFlowTable, 1);

  g_atomic_ref_count_init (&table->ref_count);
  table->store = trama_store_ref (store);
  trama_column_init (&table->flows, sizeof (TramaFlow));
  trama_column_init (&table->conversations, sizeof (guint32));
  trama_column_init (&table->kinds, sizeof (guint8));
  trama_column_init (&table->changes, sizeof (TramaFlowChange));
  table->told = g_array_new (FALSE, FALSE, sizeof (TramaToldChange));
  table->listens = g_array_new (FALSE, FALSE, sizeof (guint));
  table->sockets = g_array_new (FALSE, FALSE, sizeof (TramaSocket));
  table->socket_by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return table;
}

/* FALSE: the sockets are not all made yet. */
static gboolean
start (TramaFlowBuilder *self, guint max_calls)
{
  if (self->table == NULL)
    self->table = table_new (self->store);
  if (trama_flow_make_sockets (self->table, &self->next_call, max_calls))
    return FALSE;
  self->build = trama_flow_build_new (self->table);
  return TRUE;
}

static void
forget (TramaFlowBuilder *self)
{
  g_clear_pointer (&self->build, trama_flow_build_free);
  g_clear_pointer (&self->joining, trama_joining_free);
  g_clear_pointer (&self->table, trama_flow_table_unref);
  self->next_call = 0;
}

TramaFlowBuilder *
trama_flow_builder_new (TramaStore *store)
{
  TramaFlowBuilder *self = g_new0 (TramaFlowBuilder, 1);

  self->store = trama_store_ref (store);
  return self;
}

void
trama_flow_builder_free (TramaFlowBuilder *self)
{
  if (self == NULL)
    return;
  forget (self);
  trama_store_unref (self->store);
  g_free (self);
}

static gboolean
follow (TramaFlowBuilder *self, guint max_packets)
{
  if (self->build == NULL && !start (self, max_packets))
    return TRUE;
  trama_flow_build_follow (self->build, max_packets);
  return trama_flow_build_get_position (self->build) < trama_store_n_packets (self->store);
}

static gboolean
comes_as_packets_in_order (const TramaFlowBuilder *self)
{
  return trama_store_is_in_order (self->store) && trama_store_n_calls (self->store) == 0
         && trama_store_n_states (self->store) == 0;
}

gboolean
trama_flow_builder_step (TramaFlowBuilder *self, guint max_packets)
{
  return comes_as_packets_in_order (self) && follow (self, max_packets);
}

static void
finish_following (TramaFlowBuilder *self, guint max)
{
  if (trama_flow_build_finish (self->build, max))
    return;
  self->joining = trama_joining_new (self->table, trama_flow_build_take_wakeups (self->build));
  self->is_followed = TRUE;
  g_clear_pointer (&self->build, trama_flow_build_free);
}

/* FALSE: the table is complete. */
static gboolean
join_calls (TramaFlowBuilder *self, guint max_calls)
{
  if (self->table->is_complete)
    return FALSE;
  if (trama_joining_step (self->joining, max_calls))
    return TRUE;
  g_clear_pointer (&self->joining, trama_joining_free);
  self->table->is_complete = TRUE;
  return FALSE;
}

gboolean
trama_flow_builder_step_to_end (TramaFlowBuilder *self, guint max_packets)
{
  /* What was followed too early is followed again. */
  if (!self->at_end && !comes_as_packets_in_order (self))
    forget (self);
  self->at_end = TRUE;
  if (!self->is_finishing)
    {
      self->is_finishing = !follow (self, max_packets);
      return TRUE;
    }
  if (!self->is_followed)
    {
      finish_following (self, max_packets);
      return TRUE;
    }
  return join_calls (self, max_packets);
}

double
trama_flow_builder_get_progress (const TramaFlowBuilder *self)
{
  guint n_packets = trama_store_n_packets (self->store);

  if (self->is_followed)
    return 1;
  if (self->build == NULL || n_packets == 0)
    return 0;
  return (double) trama_flow_build_get_position (self->build) / n_packets;
}

TramaFlowTable *
trama_flow_builder_get_table (const TramaFlowBuilder *self)
{
  return self->table != NULL && comes_as_packets_in_order (self) ? self->table : NULL;
}

TramaFlowTable *
trama_flow_builder_finish (TramaFlowBuilder *self)
{
  g_autoptr (TramaFlowBuilder) owned = self;

  while (trama_flow_builder_step_to_end (self, G_MAXUINT))
    continue;
  return g_steal_pointer (&self->table);
}
