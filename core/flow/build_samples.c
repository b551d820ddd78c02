/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/build_private.h"

#include <netinet/in.h>

static void
add_change_alone (TramaFlowTable *table, guint64 socket, guint8 state, gint64 time_ns)
{
  TramaToldChange told = { time_ns, socket, TRAMA_FLOW_NONE };

  trama_flow_add_told_change (table, &told, 0, state);
}

/* A socket whose packets are not there, or which has none: LISTEN, or a trace of calls only. */
static void
weigh_alone (TramaFlowBuild *build, const TramaSocketState *sample)
{
  guint64 id = sample->socket;
  guint known = GPOINTER_TO_UINT (g_hash_table_lookup (build->sampled_state, &id));

  if (known == sample->tcp_state)
    return;
  if (sample->tcp_state == TRAMA_TCP_CLOSED && (known == 0 || known == TRAMA_TCP_LISTEN))
    return; /* before it was anything else */
  g_hash_table_insert (build->sampled_state, g_memdup2 (&id, sizeof id),
                       GUINT_TO_POINTER (sample->tcp_state));
  add_change_alone (build->table, id, sample->tcp_state, sample->time_ns);
}

/*
 * No side enters a state twice: what it has left already is an old sample, and says
 * nothing. Unless it has left it long ago, as far as its packets tell: then the kernel
 * has not taken what they seemed to bring about, and the kernel knows.
 */
static gboolean
is_old_news (const TramaFlowBuild *build, const TramaSocketState *sample, guint flow, guint side)
{
  const TramaTcpConversation *tcp = &trama_following_at (build, flow)->tcp;

  /* Linux leaves the TIME-WAIT to a smaller socket that nobody has a descriptor of, and closes this one. */
  if (sample->tcp_state == TRAMA_TCP_CLOSED && tcp->side[side].state == TRAMA_TCP_TIME_WAIT)
    return TRUE;
  if (!trama_tcp_was_in (tcp, side, sample->tcp_state))
    return FALSE;
  return tcp->side[side].state == sample->tcp_state
         || trama_flow_has_changed_since (build->table, flow, side, sample->time_ns - TRAMA_SAMPLE_GRACE_NS);
}

static void
weigh_sample (TramaFlowBuild *build, const TramaSocketState *sample)
{
  const TramaSocket *socket = trama_flow_socket_by_id (build->table, sample->socket);
  TramaToldChange told = { .time_ns = sample->time_ns };
  guint32 hash;
  guint side;

  if (sample->tcp_state == TRAMA_TCP_UNKNOWN || socket == NULL)
    return;
  hash = trama_pairs_hash (&build->pairs, IPPROTO_TCP, &socket->local, &socket->peer);
  told.flow = trama_pairs_find (&build->pairs, hash, IPPROTO_TCP, &socket->local, &socket->peer, &side);
  if (told.flow == TRAMA_FLOW_NONE || socket->peer.family == 0)
    {
      if (socket->peer.family == 0 || trama_store_n_packets (build->table->store) == 0)
        weigh_alone (build, sample);
      return;
    }
  if (trama_flow_at (build->table, told.flow)->first_ns > sample->time_ns
      || trama_flow_socket_is_older (build->table, socket, trama_flow_at (build->table, told.flow))
      || is_old_news (build, sample, told.flow, side))
    return;
  trama_tcp_set_state (&trama_following_at (build, told.flow)->tcp, side, sample->tcp_state);
  trama_flow_add_told_change (build->table, &told, side, sample->tcp_state);
}

void
trama_flow_weigh_samples_before (TramaFlowBuild *build, gint64 time_ns)
{
  while (build->next_sample < build->samples->len)
    {
      guint index = g_array_index (build->samples, guint, build->next_sample);
      const TramaSocketState *sample = trama_store_get_state (build->table->store, index);

      if (sample->time_ns > time_ns - TRAMA_SAMPLE_GRACE_NS)
        return;
      weigh_sample (build, sample);
      build->next_sample++;
    }
}

static int
compare_samples (gconstpointer a, gconstpointer b, gpointer data)
{
  const TramaStore *store = data;
  gint64 x = trama_store_get_state (store, *(const guint *) a)->time_ns;
  gint64 y = trama_store_get_state (store, *(const guint *) b)->time_ns;

  return x < y ? -1 : x > y;
}

void
trama_flow_sort_samples (TramaFlowBuild *build)
{
  TramaStore *store = build->table->store;

  build->samples = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < trama_store_n_states (store); i++)
    g_array_append_val (build->samples, i);
  g_array_sort_with_data (build->samples, compare_samples, store);
}

/* From the return of listen() a socket is in LISTEN, until it is closed. */
static void
follow_listener (TramaFlowBuild *build, const TramaCall *call)
{
  const TramaSocket *socket = trama_flow_socket_by_id (build->table, call->socket);
  guint64 id = call->socket;

  if (socket == NULL || g_hash_table_contains (build->sampled_state, &id))
    return;
  g_hash_table_insert (build->sampled_state, g_memdup2 (&id, sizeof id), GUINT_TO_POINTER (TRAMA_TCP_LISTEN));
  add_change_alone (build->table, id, TRAMA_TCP_LISTEN, call->exit_ns);
  if (socket->closed_ns != TRAMA_TIME_NONE)
    add_change_alone (build->table, id, TRAMA_TCP_CLOSED, socket->closed_ns);
}

void
trama_flow_follow_listeners (TramaFlowBuild *build)
{
  TramaFlowTable *table = build->table;

  for (guint i = 0; i < table->listens->len; i++)
    {
      const TramaCall *call = trama_store_get_call (table->store, g_array_index (table->listens, guint, i));

      if (call->exit_ns != TRAMA_TIME_NONE && call->result == 0)
        follow_listener (build, call);
    }
}
