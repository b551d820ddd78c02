/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/plan.h"

#include "core/chart/arrange.h"
#include "core/chart/parties.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* A worker stands between its parent and whom it talks to. */
#define FORK_WEIGHT 3
#define TALK_WEIGHT 2
#define LAST_WEIGHT 3

/* More actors than this stay in their order. */
#define TIES_MAX 24

typedef void (*PairFunc) (guint one, guint other, guint weight, gpointer user_data);

static void
tell_flow_at (TramaLayout *layout,
              guint32 flow,
              gint64 time_ns,
              guint weight,
              PairFunc func,
              gpointer user_data)
{
  guint32 columns[2];

  trama_layout_columns_of_flow (layout, flow, time_ns, columns);
  if (columns[0] != TRAMA_COLUMN_NONE && columns[1] != TRAMA_COLUMN_NONE && columns[0] != columns[1])
    func (columns[0], columns[1], weight, user_data);
}

/* Whoever uses its sockets one after the other. */
static void
tell_flow (TramaLayout *layout, guint32 flow, PairFunc func, gpointer user_data)
{
  tell_flow_at (layout, flow, trama_flow_table_get_flow (layout->table, flow)->first_ns, TALK_WEIGHT, func,
                user_data);
  for (guint side = 0; side < 2; side++)
    {
      const GArray *uses = trama_users_get (layout->users, layout->socket_of_side[flow][side]);

      for (guint i = 1; uses != NULL && i < uses->len; i++)
        tell_flow_at (layout, flow, g_array_index (uses, TramaUse, i).from_ns, LAST_WEIGHT, func, user_data);
    }
}

/* Sockets of AF_UNIX have no conversations, but the kernel says who is at their other end. */
static void
tell_unix (TramaLayout *layout, PairFunc func, gpointer user_data)
{
  for (guint i = 0; i < trama_store_n_states (layout->store); i++)
    {
      const TramaSocketState *state = trama_store_get_state (layout->store, i);
      guint32 columns[2];

      if (state->peer_socket == TRAMA_SOCKET_NONE)
        continue;
      columns[0] = trama_layout_column_of_actor (
          layout, trama_users_at (layout->users, state->socket, state->time_ns));
      columns[1] = trama_layout_column_of_actor (
          layout, trama_users_at (layout->users, state->peer_socket, state->time_ns));
      if (columns[0] != TRAMA_COLUMN_NONE && columns[1] != TRAMA_COLUMN_NONE && columns[0] != columns[1])
        func (columns[0], columns[1], 1, user_data);
    }
}

static void
tell_pairs (TramaLayout *layout, PairFunc func, gpointer user_data)
{
  guint32 pinger = trama_layout_column_of_actor (layout, layout->pinger);

  guint n_flows = layout->flows != NULL ? trama_flow_set_n_flows (layout->flows)
                                        : trama_flow_table_n_flows (layout->table);

  for (guint i = 0; i < n_flows; i++)
    tell_flow (layout, layout->flows != NULL ? trama_flow_set_get (layout->flows, i) : i, func, user_data);
  if (layout->seats != NULL)
    return;
  tell_unix (layout, func, user_data);
  if (pinger != TRAMA_COLUMN_NONE && layout->kernel_column != TRAMA_COLUMN_NONE && n_flows > 0)
    func (pinger, layout->kernel_column, TALK_WEIGHT, user_data);
}

static void
tell_forks (TramaLayout *layout, PairFunc func, gpointer user_data)
{
  TramaStore *store = layout->store;
  const GArray *forks = trama_users_get_forks (layout->users);

  for (guint i = 0; i < forks->len; i++)
    {
      const TramaCall *call = trama_store_get_call (store, g_array_index (forks, guint32, i));
      guint32 parent = trama_layout_column_of_actor (layout, call->actor);

      if (parent == TRAMA_COLUMN_NONE)
        continue;
      for (guint child = 0; child < trama_store_n_actors (store); child++)
        if (trama_store_get_actor (store, child)->pid == call->result)
          func (parent, trama_layout_column_of_actor (layout, trama_store_get_actor (store, child)->id),
                FORK_WEIGHT, user_data);
    }
}

typedef struct
{
  guint n;
  guint *weights; /* n × n */
} Ties;

static void
tie (guint one, guint other, guint weight, gpointer user_data)
{
  Ties *ties = user_data;
  guint *tied = &ties->weights[one * ties->n + other];

  *tied = MIN (*tied + weight, G_MAXUINT16);
}

static void
note_kernel (guint one, guint other, guint weight, gpointer user_data)
{
  TramaLayout *layout = user_data;

  if (one == layout->kernel_column || other == layout->kernel_column)
    layout->has_kernel = TRUE;
}

static void
set_columns (TramaLayout *layout, GArray *parties)
{
  layout->kernel_column = TRAMA_COLUMN_NONE;
  g_hash_table_remove_all (layout->column_of_actor);
  for (guint i = 0; i < parties->len; i++)
    {
      const TramaParty *party = &g_array_index (parties, TramaParty, i);

      if (party->kernel)
        layout->kernel_column = i;
      else if (layout->seats != NULL)
        layout->column_of_seat[party->seat] = i;
      else
        g_hash_table_insert (layout->column_of_actor,
                             GUINT_TO_POINTER (trama_store_get_actor (layout->store, party->actor)->id),
                             GUINT_TO_POINTER (i + 1));
    }
}

static void
add_seats (const TramaLayout *layout, GArray *parties)
{
  for (guint32 i = 0; i < layout->seats->seats->len; i++)
    {
      TramaParty party = { .actor = G_MAXUINT32,
                           .seat = i,
                           .lane = trama_seats_get (layout->seats, i)->lane };

      g_array_append_val (parties, party);
    }
}

/* Whether an actor has a part in any conversation that is drawn. */
static gboolean
takes_part (TramaLayout *layout, guint32 actor)
{
  guint32 id = trama_store_get_actor (layout->store, actor)->id;

  if (layout->flows == NULL)
    return TRUE;
  for (guint i = 0; i < trama_flow_set_n_flows (layout->flows); i++)
    for (guint side = 0; side < 2; side++)
      {
        guint32 flow = trama_flow_set_get (layout->flows, i);
        const GArray *uses = trama_users_get (layout->users, layout->socket_of_side[flow][side]);

        for (guint use = 0; uses != NULL && use < uses->len; use++)
          if (g_array_index (uses, TramaUse, use).actor == id)
            return TRUE;
      }
  return FALSE;
}

/* The kernel's column is there as long as it takes to see whether anything needs it. */
GArray *
trama_layout_list_parties (TramaLayout *layout)
{
  g_autoptr (GArray) actors = trama_parties_new (layout->store, layout->users);
  GArray *parties = g_array_new (FALSE, TRUE, sizeof (TramaParty));
  const TramaParty kernel = { .actor = G_MAXUINT32, .kernel = TRUE, .lane = TRAMA_LANE_KERNEL };

  if (layout->seats != NULL)
    {
      add_seats (layout, parties);
      set_columns (layout, parties);
      return parties;
    }
  for (guint i = 0; i < actors->len; i++)
    {
      TramaParty actor = { .actor = g_array_index (actors, guint32, i) };

      actor.lane = (gint32) actor.actor;
      if (takes_part (layout, actor.actor))
        g_array_append_val (parties, actor);
    }
  g_array_append_val (parties, kernel);
  set_columns (layout, parties);
  tell_pairs (layout, note_kernel, layout);
  if (!layout->has_kernel)
    g_array_set_size (parties, parties->len - 1);
  set_columns (layout, parties);
  return parties;
}

/* How many stand on the other side of one another than they would by themselves; the kernel may stand anywhere. */
static guint
count_swapped (const GArray *parties, const guint *order)
{
  guint n = 0;

  for (guint i = 0; i < parties->len; i++)
    for (guint j = i + 1; j < parties->len; j++)
      n += order[i] > order[j] && !g_array_index (parties, TramaParty, order[i]).kernel
           && !g_array_index (parties, TramaParty, order[j]).kernel;
  return n;
}

/* Mirrored, who has to do with whom stands as near. Who begins stands on the left, as he would among two. */
static void
face_forward (const GArray *parties, guint *order)
{
  guint n = parties->len, swapped = count_swapped (parties, order);
  g_autofree guint *mirrored = g_new (guint, n);

  for (guint i = 0; i < n; i++)
    mirrored[i] = order[n - 1 - i];
  if (count_swapped (parties, mirrored) < swapped)
    memcpy (order, mirrored, n * sizeof *order);
}

static void
arrange (TramaLayout *layout, GArray *parties)
{
  g_autoptr (GArray) old = g_array_copy (parties);
  g_autofree guint *order = g_new (guint, MAX (parties->len, 1));
  Ties ties = { parties->len, NULL };

  if (parties->len > TIES_MAX || parties->len < 2)
    return;
  ties.weights = g_new0 (guint, ties.n * ties.n);
  for (guint i = 0; i < ties.n; i++)
    order[i] = i;
  tell_pairs (layout, tie, &ties);
  tell_forks (layout, tie, &ties);
  trama_arrange (order, ties.n, ties.weights);
  face_forward (old, order);
  for (guint i = 0; i < ties.n; i++)
    g_array_index (parties, TramaParty, i) = g_array_index (old, TramaParty, order[i]);
  set_columns (layout, parties);
  g_free (ties.weights);
}

static void
obey_user (TramaLayout *layout, GArray *parties)
{
  g_autoptr (GArray) old = g_array_copy (parties);
  g_autofree gint32 *lanes = g_new (gint32, MAX (parties->len, 1));

  for (guint i = 0; i < parties->len; i++)
    lanes[i] = g_array_index (parties, TramaParty, i).lane;
  trama_lanes_arrange (layout->lanes, lanes, parties->len);
  for (guint i = 0; i < parties->len; i++)
    for (guint from = 0; from < old->len; from++)
      if (g_array_index (old, TramaParty, from).lane == lanes[i])
        g_array_index (parties, TramaParty, i) = g_array_index (old, TramaParty, from);
  set_columns (layout, parties);
}

static void
face (guint one, guint other, guint weight, gpointer user_data)
{
  GArray *parties = user_data;

  g_array_index (parties, TramaParty, MIN (one, other)).sides |= TRAMA_PARTY_RIGHT;
  g_array_index (parties, TramaParty, MAX (one, other)).sides |= TRAMA_PARTY_LEFT;
}

static gboolean
has_tcp (TramaLayout *layout, const TramaParty *party)
{
  guint32 id;

  if (layout->seats != NULL)
    return trama_seats_get (layout->seats, party->seat)->tcp;
  if (party->kernel)
    return FALSE;
  id = trama_store_get_actor (layout->store, party->actor)->id;
  for (guint i = 0; i < trama_flow_table_n_sockets (layout->table); i++)
    {
      const TramaSocket *socket = trama_flow_table_get_socket (layout->table, i);
      const GArray *uses = trama_users_get (layout->users, socket->id);

      if (socket->type != SOCK_STREAM || socket->domain == AF_UNIX)
        continue;
      for (guint use = 0; uses != NULL && use < uses->len; use++)
        if (g_array_index (uses, TramaUse, use).actor == id)
          return TRUE;
    }
  return FALSE;
}

void
trama_layout_arrange_parties (TramaLayout *layout, GArray *parties)
{
  arrange (layout, parties);
  if (layout->lanes != NULL)
    obey_user (layout, parties);
}

void
trama_layout_face_parties (TramaLayout *layout, GArray *parties)
{
  tell_pairs (layout, face, parties);
  for (guint i = 0; i < parties->len; i++)
    {
      TramaParty *party = &g_array_index (parties, TramaParty, i);

      party->track = has_tcp (layout, party);
      if (party->sides == 0)
        party->sides = i == 0 ? TRAMA_PARTY_RIGHT : TRAMA_PARTY_LEFT;
    }
}
