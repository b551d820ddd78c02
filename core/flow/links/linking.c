/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/links/linking.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* How far back a shutdown() or close() is looked for that ended what goes on. */
#define ENDS_LOOK_BACK 1024

/* A call and a socket that it acts on. */
typedef struct
{
  guint32 socket;
  guint32 call;
} Act;

void
trama_linking_add (TramaLinking *linking, const TramaKeptLink *link)
{
  trama_column_add (linking->links, TramaKeptLink) = *link;
}

TramaRef
trama_linking_ref (guint n_packets, guint n_calls, guint32 event)
{
  if (event == TRAMA_EVENT_NONE)
    return (TramaRef){ 0, 0 };
  if (event < n_packets)
    return (TramaRef){ TRAMA_EVENT_PACKET, event };
  if (event - n_packets < n_calls)
    return (TramaRef){ TRAMA_EVENT_CALL, event - n_packets };
  return (TramaRef){ TRAMA_EVENT_ACTOR, event - n_packets - n_calls };
}

guint
trama_linking_socket_number (const TramaLinking *linking, guint64 socket)
{
  const TramaSocket *found = trama_flow_socket_by_id (linking->table, socket);

  return found != NULL ? (guint) (found - (const TramaSocket *) (gpointer) linking->table->sockets->data)
                       : G_MAXUINT;
}

static void
add_act (const TramaLinking *linking, GArray *acts, guint64 socket, guint call)
{
  Act act = { trama_linking_socket_number (linking, socket), call };

  if (act.socket != G_MAXUINT)
    g_array_append_val (acts, act);
}

static gint64
known_time (const TramaCall *call)
{
  return call->exit_ns != TRAMA_TIME_NONE ? call->exit_ns : call->entry_ns;
}

static gboolean
collect_handles (TramaLinking *linking, guint max)
{
  if (linking->collecting == NULL)
    linking->collecting = trama_handles_begin (linking->store);
  if (trama_handles_step (linking->collecting, &max))
    return TRUE;
  linking->handles = trama_handles_finish (g_steal_pointer (&linking->collecting));
  return FALSE;
}

static void
collect_acts_of (TramaLinking *linking, guint index)
{
  const TramaCall *call = trama_store_get_call (linking->store, index);
  TramaDeedKind kind = trama_deed_kind (call);
  guint made = kind == TRAMA_DEED_ACCEPTS ? trama_linking_socket_number (linking, call->made) : G_MAXUINT;
  struct pollfd polled;

  if (call->socket != TRAMA_SOCKET_NONE)
    add_act (linking, linking->acts, call->socket, index);
  if (made != G_MAXUINT)
    linking->accepted_by[made] = index;
  for (guint k = 0; kind == TRAMA_DEED_POLLS && trama_deed_get_polled (call, k, &polled); k++)
    add_act (linking, linking->acts,
             trama_handles_find (linking->handles, call->actor, polled.fd, known_time (call)), index);
}

static gboolean
collect_acts (TramaLinking *linking, guint max)
{
  const guint n_sockets = linking->table->sockets->len;

  if (linking->acts == NULL)
    {
      linking->acts = g_array_new (FALSE, FALSE, sizeof (Act));
      linking->accepted_by = g_new (guint32, n_sockets + 1);
      memset (linking->accepted_by, 0xff, (n_sockets + 1) * sizeof (guint32));
    }
  for (; linking->next < linking->n_calls && max > 0; max--)
    collect_acts_of (linking, linking->next++);
  return linking->next < linking->n_calls;
}

static int
compare_entries (gconstpointer a, gconstpointer b, gpointer store)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;
  gint64 x_ns = trama_store_get_call (store, x)->entry_ns;
  gint64 y_ns = trama_store_get_call (store, y)->entry_ns;

  if (x_ns != y_ns)
    return x_ns < y_ns ? -1 : 1;
  return x < y ? -1 : x > y;
}

/* Calls come nearly in order of time, and most lists are. */
static void
sort_calls (TramaLinking *linking, guint32 *calls, guint n)
{
  for (guint i = 1; i < n; i++)
    if (compare_entries (&calls[i - 1], &calls[i], linking->store) > 0)
      {
        g_qsort_with_data (calls, (gint) n, sizeof *calls, compare_entries, linking->store);
        return;
      }
}

static gboolean
place_calls (TramaLinking *linking, guint max)
{
  const guint n_sockets = linking->table->sockets->len;
  const GArray *acts = linking->acts;
  g_autofree guint32 *next = NULL;

  linking->first_call = g_new0 (guint32, n_sockets + 1);
  linking->calls = g_new (guint32, acts->len + 1);
  for (guint i = 0; i < acts->len; i++)
    linking->first_call[g_array_index (acts, Act, i).socket + 1]++;
  for (guint i = 0; i < n_sockets; i++)
    linking->first_call[i + 1] += linking->first_call[i];
  next = g_memdup2 (linking->first_call, (n_sockets + 1) * sizeof (guint32));
  for (guint i = 0; i < acts->len; i++)
    linking->calls[next[g_array_index (acts, Act, i).socket]++] = g_array_index (acts, Act, i).call;
  g_clear_pointer (&linking->acts, g_array_unref);
  return FALSE;
}

static gboolean
sort_all_calls (TramaLinking *linking, guint max)
{
  const guint n_sockets = linking->table->sockets->len;

  for (; linking->next < n_sockets && max > 0; linking->next++)
    {
      const guint32 first = linking->first_call[linking->next];
      const guint n = linking->first_call[linking->next + 1] - first;

      sort_calls (linking, linking->calls + first, n);
      max -= MIN (max, n + 1);
    }
  return linking->next < n_sockets;
}

static const TramaActor *
find_actor_by_pid (const TramaLinking *linking, gint64 pid)
{
  for (guint i = 0; i < trama_store_n_actors (linking->store); i++)
    if (trama_store_get_actor (linking->store, i)->pid == pid)
      return trama_store_get_actor (linking->store, i);
  return NULL;
}

static void
begin_deaths (TramaLinking *linking)
{
  linking->deaths = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < linking->n_actors; i++)
    g_hash_table_insert (linking->deaths, GUINT_TO_POINTER (trama_store_get_actor (linking->store, i)->id),
                         GUINT_TO_POINTER (trama_linking_actor (linking, i) + 1));
}

/* Its own exit(), a SIGPIPE in its last call, somebody's kill(); the end itself where none of them is known. */
static void
note_death (TramaLinking *linking, guint index)
{
  const TramaCall *call = trama_store_get_call (linking->store, index);
  TramaDeedKind kind = trama_deed_kind (call);
  const TramaActor *victim = NULL;
  guint32 actor = call->actor;

  if (kind == TRAMA_DEED_KILLS && call->result == 0 && trama_deed_number (call, 1) != 0)
    victim = find_actor_by_pid (linking, trama_deed_number (call, 0));
  if (victim != NULL)
    actor = victim->id;
  else if (kind != TRAMA_DEED_EXITS && !(call->flags & TRAMA_CALL_SIGPIPE))
    return;
  g_hash_table_insert (linking->deaths, GUINT_TO_POINTER (actor),
                       GUINT_TO_POINTER (trama_linking_call (linking, index) + 1));
}

/* Connections of AF_UNIX as the kernel told, of which each end tells of the other; and what it has dropped. */
static gboolean
collect_samples (TramaLinking *linking, guint max)
{
  linking->drops = g_new0 (guint32, linking->table->sockets->len + 1);
  linking->peers = g_new0 (guint64, linking->table->sockets->len + 1);
  for (guint i = 0; i < trama_store_n_states (linking->store); i++)
    {
      const TramaSocketState *state = trama_store_get_state (linking->store, i);
      guint socket = trama_linking_socket_number (linking, state->socket);
      guint peer = trama_linking_socket_number (linking, state->peer_socket);

      if (socket != G_MAXUINT)
        linking->drops[socket] = MAX (linking->drops[socket], state->drops);
      if (state->peer_socket == TRAMA_SOCKET_NONE || socket == G_MAXUINT)
        continue;
      linking->peers[socket] = state->peer_socket;
      if (peer != G_MAXUINT && linking->peers[peer] == TRAMA_SOCKET_NONE && state->type != SOCK_DGRAM)
        linking->peers[peer] = state->socket;
    }
  return FALSE;
}

static void
note_listener (TramaLinking *linking, const TramaSocket *socket)
{
  gpointer port = GUINT_TO_POINTER (socket->local.port);
  GArray *there = g_hash_table_lookup (linking->listened, port);

  if (there == NULL)
    {
      there = g_array_new (FALSE, FALSE, sizeof (guint64));
      g_hash_table_insert (linking->listened, port, there);
    }
  g_array_append_val (there, socket->id);
}

static void
note_listen (TramaLinking *linking, const TramaCall *call)
{
  const TramaSocket *socket = NULL;

  if (trama_deed_kind (call) == TRAMA_DEED_LISTENS && call->result == 0)
    socket = trama_flow_socket_by_id (linking->table, call->socket);
  if (socket != NULL)
    note_listener (linking, socket);
}

static gboolean
collect_deaths_and_listeners (TramaLinking *linking, guint max)
{
  if (linking->deaths == NULL)
    {
      begin_deaths (linking);
      linking->listened = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
    }
  for (; linking->next < linking->n_calls && max > 0; linking->next++, max--)
    {
      note_death (linking, linking->next);
      note_listen (linking, trama_store_get_call (linking->store, linking->next));
    }
  return linking->next < linking->n_calls;
}

void
trama_linking_init (TramaLinking *linking, TramaFlowTable *table, TramaColumn *links)
{
  *linking = (TramaLinking){ .table = table, .store = table->store, .links = links };
  linking->n_packets = trama_store_n_packets (table->store);
  linking->n_calls = trama_store_n_calls (table->store);
  linking->n_actors = trama_store_n_actors (table->store);
}

gboolean
trama_linking_collect (TramaLinking *linking, guint max)
{
  static gboolean (*const steps[]) (TramaLinking * linking, guint max) = {
    collect_handles, collect_acts, place_calls, sort_all_calls, collect_deaths_and_listeners, collect_samples,
  };

  if (linking->n_steps < G_N_ELEMENTS (steps) && !steps[linking->n_steps](linking, max))
    {
      linking->n_steps++;
      linking->next = 0;
    }
  return linking->n_steps < G_N_ELEMENTS (steps);
}

void
trama_linking_clear (TramaLinking *linking)
{
  g_clear_pointer (&linking->collecting, trama_handles_abandon);
  g_clear_pointer (&linking->handles, g_array_unref);
  g_clear_pointer (&linking->acts, g_array_unref);
  g_clear_pointer (&linking->deaths, g_hash_table_unref);
  g_clear_pointer (&linking->listened, g_hash_table_unref);
  g_free (linking->calls);
  g_free (linking->first_call);
  g_free (linking->accepted_by);
  g_free (linking->peers);
  g_free (linking->drops);
}

TramaCallList
trama_linking_calls_of (const TramaLinking *linking, guint64 socket)
{
  guint number = trama_linking_socket_number (linking, socket);

  if (socket == TRAMA_SOCKET_NONE || number == G_MAXUINT)
    return (TramaCallList){ NULL, 0, TRUE };
  return (TramaCallList){ linking->calls + linking->first_call[number],
                          linking->first_call[number + 1] - linking->first_call[number], TRUE };
}

gint64
trama_linking_call_end (const TramaLinking *linking, const TramaCall *call)
{
  const TramaActor *actor;

  if (call->exit_ns != TRAMA_TIME_NONE)
    return call->exit_ns;
  actor = trama_store_find_actor (linking->store, call->actor);
  return actor != NULL && actor->end_ns != TRAMA_TIME_NONE ? actor->end_ns : G_MAXINT64;
}

guint
trama_linking_count_entered (const TramaLinking *linking, const TramaCallList *list, gint64 time_ns)
{
  guint low = 0, high = list->n;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (trama_store_get_call (linking->store, list->calls[middle])->entry_ns <= time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The first that is of a connection which began then: the one under way, if there is one, has opened it. */
static guint
find_cut (const TramaLinking *linking, const TramaCallList *list, gint64 time_ns)
{
  guint n = trama_linking_count_entered (linking, list, time_ns);

  if (n > 0
      && trama_linking_call_end (linking, trama_store_get_call (linking->store, list->calls[n - 1]))
             >= time_ns)
    return n - 1;
  return n;
}

TramaCallList
trama_linking_slice_calls (const TramaLinking *linking,
                           const TramaCallList *list,
                           gint64 first_ns,
                           gint64 next_ns)
{
  guint begin = first_ns != G_MININT64 ? find_cut (linking, list, first_ns) : 0;
  guint end = next_ns != G_MAXINT64 ? find_cut (linking, list, next_ns) : list->n;

  if (list->n == 0)
    return *list;
  return (TramaCallList){ list->calls + begin, MAX (begin, end) - begin, begin == 0 };
}

guint
trama_linking_find_under_way (const TramaLinking *linking,
                              const TramaCallList *list,
                              gint64 time_ns,
                              guint deeds)
{
  guint n = trama_linking_count_entered (linking, list, time_ns);

  for (guint i = 0; i < MIN (n, TRAMA_LOOK_BACK); i++)
    {
      guint index = list->calls[n - 1 - i];
      const TramaCall *call = trama_store_get_call (linking->store, index);

      if ((deeds & TRAMA_DEED_BIT (trama_deed_kind (call)))
          && trama_linking_call_end (linking, call) >= time_ns)
        return index;
    }
  return G_MAXUINT;
}

/* Whether @call is the last that its actor made on the socket by then, and left it open. */
static gboolean
left_open (const TramaLinking *linking, const TramaCallList *list, guint n_entered, const TramaCall *call)
{
  for (guint i = n_entered; i > 0 && n_entered - i < TRAMA_LOOK_BACK; i--)
    {
      const TramaCall *later = trama_store_get_call (linking->store, list->calls[i - 1]);

      if (later->actor == call->actor)
        return later == call && trama_deed_kind (call) != TRAMA_DEED_CLOSES;
    }
  return FALSE;
}

/* The end of @actor, when it had come by about then; its parent is told a little later. */
static guint32
find_death (const TramaLinking *linking, guint32 id)
{
  const TramaActor *actor = trama_store_find_actor (linking->store, id);

  if (actor == NULL || actor->end_ns == TRAMA_TIME_NONE)
    return TRAMA_EVENT_NONE;
  return GPOINTER_TO_UINT (g_hash_table_lookup (linking->deaths, GUINT_TO_POINTER (id))) - 1;
}

/*
 * Whoever has it open and makes no more calls keeps it open until it dies; what shutdown() or the last
 * close() has ended may wait long for what is to be sent before.
 */
guint32
trama_linking_find_end (const TramaLinking *linking, guint64 socket, gint64 time_ns)
{
  TramaCallList list = trama_linking_calls_of (linking, socket);
  guint under_way = trama_linking_find_under_way (linking, &list, time_ns, TRAMA_DEEDS_THAT_END);
  guint n = trama_linking_count_entered (linking, &list, time_ns);
  guint begin = n - MIN (n, ENDS_LOOK_BACK);
  guint32 found = TRAMA_EVENT_NONE;
  const TramaSocket *made;

  if (under_way != G_MAXUINT)
    return trama_linking_call (linking, under_way);
  for (guint i = n; i > begin && found == TRAMA_EVENT_NONE; i--)
    {
      const TramaCall *call = trama_store_get_call (linking->store, list.calls[i - 1]);

      if (trama_deed_kind (call) == TRAMA_DEED_SHUTS)
        found = trama_linking_call (linking, list.calls[i - 1]);
      else if (i + TRAMA_LOOK_BACK > n && left_open (linking, &list, n, call))
        found = find_death (linking, call->actor);
    }
  for (guint i = n; i > begin && found == TRAMA_EVENT_NONE; i--)
    if (trama_deed_kind (trama_store_get_call (linking->store, list.calls[i - 1])) == TRAMA_DEED_CLOSES)
      found = trama_linking_call (linking, list.calls[i - 1]);
  if (n == 0 && (made = trama_flow_socket_by_id (linking->table, socket)) != NULL)
    return find_death (linking, made->actor);
  return found;
}

guint32
trama_linking_find_listener_end (const TramaLinking *linking, guint port, gint64 time_ns)
{
  const GArray *there = g_hash_table_lookup (linking->listened, GUINT_TO_POINTER (port));

  for (guint i = 0; there != NULL && i < MIN (there->len, TRAMA_LOOK_BACK); i++)
    {
      guint32 end = trama_linking_find_end (linking, g_array_index (there, guint64, there->len - 1 - i),
                                            time_ns);

      if (end != TRAMA_EVENT_NONE)
        return end;
    }
  return TRAMA_EVENT_NONE;
}

gint
trama_linking_find_revents (const TramaLinking *linking, const TramaCall *call, guint64 socket)
{
  struct pollfd polled;
  gint revents = 0;

  for (guint i = 0; call->exit_ns != TRAMA_TIME_NONE && trama_deed_get_polled (call, i, &polled); i++)
    if (polled.revents != 0
        && trama_handles_find (linking->handles, call->actor, polled.fd, known_time (call)) == socket)
      revents |= polled.revents;
  return revents;
}

gint
trama_linking_told_error (const TramaCall *call)
{
  gint error = 0;

  if (trama_deed_kind (call) != TRAMA_DEED_ASKS || call->result < 0)
    return call->error;
  if (trama_deed_number (call, 1) != SOL_SOCKET || trama_deed_number (call, 2) != SO_ERROR || call->n_args < 4
      || call->args[3].kind != TRAMA_VALUE_DATA || call->args[3].size < sizeof error)
    return 0;
  memcpy (&error, call->args[3].bytes, sizeof error);
  return error != 0 ? error : -1;
}

void
trama_linking_add_waking (TramaLinking *linking, guint32 cause, gint64 time_ns, guint index)
{
  const TramaCall *call = trama_store_get_call (linking->store, index);
  TramaKeptLink link = { .cause = cause,
                         .effect = trama_linking_call (linking, index),
                         .kind = TRAMA_LINKS_WAKES };

  if ((call->flags & TRAMA_CALL_SLEPT) && call->exit_ns != TRAMA_TIME_NONE && time_ns >= call->entry_ns
      && time_ns <= call->exit_ns)
    trama_linking_add (linking, &link);
}

void
trama_linking_wake_sender (TramaLinking *linking, guint index, const TramaCallList *peer, guint taker)
{
  const TramaCall *sender = trama_store_get_call (linking->store, index);
  guint n, waker = G_MAXUINT;

  if (!(sender->flags & TRAMA_CALL_SLEPT) || sender->exit_ns == TRAMA_TIME_NONE)
    return;
  n = trama_linking_count_entered (linking, peer, sender->exit_ns);
  for (guint i = 0; i < MIN (n, TRAMA_LOOK_BACK); i++)
    {
      const TramaCall *call = trama_store_get_call (linking->store, peer->calls[n - 1 - i]);

      if (peer->calls[n - 1 - i] != taker && trama_deed_kind (call) == TRAMA_DEED_RECEIVES
          && trama_linking_call_end (linking, call) >= sender->entry_ns)
        waker = peer->calls[n - 1 - i];
    }
  if (waker != G_MAXUINT)
    trama_linking_add_waking (linking, trama_linking_call (linking, waker),
                              MAX (trama_store_get_call (linking->store, waker)->entry_ns, sender->entry_ns),
                              index);
}
