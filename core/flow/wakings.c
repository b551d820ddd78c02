/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/deed.h"
#include "core/flow/flow_private.h"
#include "core/flow/handles.h"
#include "core/flow/tcp_state.h"

#include "core/trace/call.h"

#include <netinet/in.h>
#include <string.h>

/* A wakeup of the socket it reaches. */
typedef struct
{
  gint64 time_ns;
  guint32 packet;
  guint8 wakes;
  guint8 used;
} Knock;

/* What it takes to join calls and packets. */
struct _TramaJoining
{
  TramaFlowTable *table;
  GArray *wakeups; /* of TramaWakeup; NULL: there is nothing to wake */
  guint n_calls;
  guint n_steps; /* that are done, */
  guint next;    /* and what the one that is not begins with */

  GArray *spans;           /* of TramaCallSpan, as the calls come, */
  GArray *ranks;           /* of guint32: and of each the place of its socket */
  guint32 *ends;           /* by socket: of senders, and then of knocks, that stand in their place */
  guint32 *ranks_of_sides; /* by flow and side */
  Knock *knocks;           /* by socket, in the order of the table, and time */
  guint32 *begins;         /* by socket, the first of its own; one more at the end */
  GArray *accepts;         /* of Acceptance, by listener and time */
  gboolean has_polls;      /* that slept */
  TramaHandlesCollecting *collecting; /* NULL: it is not under way */
  GArray *handles;                    /* NULL: there is no poll */
};

typedef struct _TramaJoining Search;

/* An accept() that took a connection. */
typedef struct
{
  guint64 listener;
  gint64 time_ns;
  guint64 made;
} Acceptance;

static int
compare_acceptances (gconstpointer a, gconstpointer b)
{
  const Acceptance *x = a, *y = b;

  if (x->listener != y->listener)
    return x->listener < y->listener ? -1 : 1;
  return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

static int
compare_spans (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const TramaCallSpan *x = a, *y = b;

  return x->entry_ns < y->entry_ns ? -1 : x->entry_ns > y->entry_ns;
}

static int
compare_wakings (gconstpointer a, gconstpointer b)
{
  const TramaWaking *x = a, *y = b;

  return x->packet < y->packet ? -1 : x->packet > y->packet;
}

static TramaCallSpan *
sender_at (const TramaFlowTable *table, guint index)
{
  return &g_array_index (table->senders, TramaCallSpan, index);
}

/* Calls of one socket may overlap, one of them blocked for long: hence a tree over their ends. */
static gboolean
plant_tree (Search *search, guint max)
{
  TramaFlowTable *table = search->table;
  guint top = 1;

  while (top < table->senders->len)
    top *= 2;
  table->latest_exit_top = top;
  table->latest_exit = g_new (gint64, 2 * top);
  for (guint i = 0; i < top; i++)
    table->latest_exit[top + i] = i < table->senders->len ? sender_at (table, i)->exit_ns : G_MININT64;
  for (guint i = top - 1; i > 0; i--)
    table->latest_exit[i] = MAX (table->latest_exit[2 * i], table->latest_exit[2 * i + 1]);
  return FALSE;
}

/* The last of the senders up to @index that ends at @time_ns or later; G_MAXUINT: none does. */
static guint
last_that_holds (const TramaFlowTable *table, guint index, gint64 time_ns)
{
  const gint64 *latest = table->latest_exit;
  guint node = table->latest_exit_top + index;

  while (latest[node] < time_ns)
    {
      while (node % 2 == 0) /* nothing stands to the left below the same parent */
        node /= 2;
      if (node == 1)
        return G_MAXUINT;
      node--;
    }
  while (node < table->latest_exit_top)
    node = latest[2 * node + 1] >= time_ns ? 2 * node + 1 : 2 * node;
  return node - table->latest_exit_top;
}

/* Its place among the sockets of the table; G_MAXUINT32: it is none of them. */
static guint32
rank_of (const TramaFlowTable *table, guint64 id)
{
  const TramaSocket *socket = trama_flow_socket_by_id (table, id);

  return socket != NULL ? (guint32) (socket - &g_array_index (table->sockets, TramaSocket, 0)) : G_MAXUINT32;
}

guint
trama_flow_table_find_sender (const TramaFlowTable *table, guint64 socket, gint64 time_ns)
{
  guint32 rank = socket != TRAMA_SOCKET_NONE ? rank_of (table, socket) : G_MAXUINT32;
  guint low, high, begin, found;

  if (rank == G_MAXUINT32)
    return G_MAXUINT;
  low = begin = table->first_sender[rank];
  high = table->first_sender[rank + 1];
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (sender_at (table, middle)->entry_ns <= time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == begin)
    return G_MAXUINT;
  found = last_that_holds (table, low - 1, time_ns);
  return found != G_MAXUINT && found >= begin ? sender_at (table, found)->call : G_MAXUINT;
}

static void
note_sender (Search *search, const TramaCall *call, guint index)
{
  const TramaCallInfo *info = trama_call_info (call->name);
  TramaCallSpan span = { call->socket, call->entry_ns, call->exit_ns, index };
  const TramaActor *actor;
  guint32 rank;

  if (info == NULL || !(info->traits & TRAMA_CALL_SENDS) || call->socket == TRAMA_SOCKET_NONE)
    return;
  rank = rank_of (search->table, call->socket);
  if (rank == G_MAXUINT32)
    return;
  if (span.exit_ns == TRAMA_TIME_NONE)
    {
      actor = trama_store_find_actor (search->table->store, call->actor);
      span.exit_ns = actor != NULL && actor->end_ns != TRAMA_TIME_NONE ? actor->end_ns : G_MAXINT64;
    }
  search->table->first_sender[rank + 1]++;
  g_array_append_val (search->spans, span);
  g_array_append_val (search->ranks, rank);
}

static void
note_acceptance (Search *search, const TramaCall *call)
{
  Acceptance one = { call->socket, call->exit_ns, call->made };

  if (trama_deed_kind (call) == TRAMA_DEED_ACCEPTS && call->made != TRAMA_SOCKET_NONE)
    g_array_append_val (search->accepts, one);
}

static gboolean
note_calls (Search *search, guint max)
{
  for (; search->next < search->n_calls && max > 0; max--)
    {
      const TramaCall *call = trama_store_get_call (search->table->store, search->next);

      search->has_polls |= call->name == TRAMA_CALL_POLL && (call->flags & TRAMA_CALL_SLEPT);
      note_sender (search, call, search->next++);
      note_acceptance (search, call);
    }
  return search->next < search->n_calls;
}

static gboolean
begin_places (Search *search, guint max)
{
  TramaFlowTable *table = search->table;
  guint n_sockets = table->sockets->len;

  for (guint i = 0; i < n_sockets; i++)
    table->first_sender[i + 1] += table->first_sender[i];
  search->ends = g_memdup2 (table->first_sender, (n_sockets + 1) * sizeof *search->ends);
  g_array_set_size (table->senders, search->spans->len);
  g_array_sort (search->accepts, compare_acceptances);
  return FALSE;
}

static gboolean
place_senders (Search *search, guint max)
{
  for (; search->next < search->spans->len && max > 0; search->next++, max--)
    {
      guint32 rank = g_array_index (search->ranks, guint32, search->next);

      g_array_index (search->table->senders, TramaCallSpan,
                     search->ends[rank]++) = g_array_index (search->spans, TramaCallSpan, search->next);
    }
  return search->next < search->spans->len;
}

/* Calls come nearly in order of time, and most of them are. */
static gboolean
sort_senders (Search *search, guint max)
{
  const TramaFlowTable *table = search->table;

  for (; search->next < table->sockets->len && max > 0; search->next++)
    {
      guint begin = table->first_sender[search->next], end = table->first_sender[search->next + 1];

      for (guint i = begin + 1; i < end; i++)
        if (compare_spans (sender_at (table, i - 1), sender_at (table, i), NULL) > 0)
          {
            g_qsort_with_data (sender_at (table, begin), (gint) (end - begin), sizeof (TramaCallSpan),
                               compare_spans, NULL);
            break;
          }
      max -= MIN (max, end - begin + 1);
    }
  return search->next < table->sockets->len;
}

static gboolean
rank_sides (Search *search, guint max)
{
  const TramaFlowTable *table = search->table;

  if (search->ranks_of_sides == NULL)
    search->ranks_of_sides = g_new (guint32, MAX (2 * (gsize) table->flows.len, 1));
  for (; search->next < table->flows.len && max > 0; search->next++, max--)
    for (guint side = 0; side < 2; side++)
      search->ranks_of_sides[2 * search->next + side] = rank_of (
          table, trama_flow_at (table, search->next)->socket[side]);
  return search->next < table->flows.len;
}

/* Wakeups are in order of time, and stay so within each socket: they are counted first, then each has its place. */
static gboolean
begin_knocks (Search *search, guint max)
{
  search->begins = g_new0 (guint32, search->table->sockets->len + 1);
  return FALSE;
}

static guint32
rank_of_wakeup (const Search *search, const TramaWakeup *wakeup)
{
  return search->ranks_of_sides[2 * wakeup->flow + wakeup->side];
}

static gboolean
count_knocks (Search *search, guint max)
{
  for (; search->next < search->wakeups->len && max > 0; search->next++, max--)
    {
      guint32 rank = rank_of_wakeup (search, &g_array_index (search->wakeups, TramaWakeup, search->next));

      if (rank != G_MAXUINT32)
        search->begins[rank + 1]++;
    }
  return search->next < search->wakeups->len;
}

static gboolean
begin_knock_places (Search *search, guint max)
{
  guint n_sockets = search->table->sockets->len;

  for (guint i = 0; i < n_sockets; i++)
    search->begins[i + 1] += search->begins[i];
  memcpy (search->ends, search->begins, (n_sockets + 1) * sizeof *search->ends);
  search->knocks = g_new (Knock, MAX (search->begins[n_sockets], 1));
  return FALSE;
}

static gboolean
place_knocks (Search *search, guint max)
{
  for (; search->next < search->wakeups->len && max > 0; search->next++, max--)
    {
      const TramaWakeup *wakeup = &g_array_index (search->wakeups, TramaWakeup, search->next);
      guint32 rank = rank_of_wakeup (search, wakeup);

      if (rank != G_MAXUINT32)
        search->knocks[search->ends[rank]++] = (Knock){ wakeup->time_ns, wakeup->packet, wakeup->wakes,
                                                        FALSE };
    }
  return search->next < search->wakeups->len;
}

/* What @call waits for, and on which socket; accept() waits for the one that it then makes. */
static guint8
awaited (const TramaCall *call, guint64 *socket)
{
  const TramaCallInfo *info = trama_call_info (call->name);

  gboolean accepts = call->name == TRAMA_CALL_ACCEPT || call->name == TRAMA_CALL_ACCEPT4;

  *socket = accepts ? call->made : call->socket;
  if (accepts)
    return TRAMA_TCP_WAKES_ACCEPTOR;
  if (call->name == TRAMA_CALL_CONNECT)
    return TRAMA_TCP_WAKES_CONNECTOR;
  return info != NULL && (info->traits & TRAMA_CALL_RECEIVES) ? TRAMA_TCP_WAKES_READER : 0;
}

/* The first packet that could wake @call on that socket, and has woken nobody yet. */
static Knock *
find_knock (const Search *search, const TramaCall *call, guint64 socket, guint8 wakes)
{
  guint32 rank = rank_of (search->table, socket);
  guint low, high, end;

  if (rank == G_MAXUINT32)
    return NULL;
  low = search->begins[rank];
  high = end = search->begins[rank + 1];
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (search->knocks[middle].time_ns < call->entry_ns)
        low = middle + 1;
      else
        high = middle;
    }
  for (; low < end && search->knocks[low].time_ns <= call->exit_ns; low++)
    if (!search->knocks[low].used && (search->knocks[low].wakes & wakes))
      return &search->knocks[low];
  return NULL;
}

/* The connection that the next accept() takes from a listener; TRAMA_SOCKET_NONE: none does. */
static guint64
find_accepted (const Search *search, guint64 listener, gint64 time_ns)
{
  Acceptance wanted = { .listener = listener, .time_ns = time_ns };
  guint low = 0, high = search->accepts->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare_acceptances (&g_array_index (search->accepts, Acceptance, middle), &wanted) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == search->accepts->len || g_array_index (search->accepts, Acceptance, low).listener != listener)
    return TRAMA_SOCKET_NONE;
  return g_array_index (search->accepts, Acceptance, low).made;
}

/* What made one of the sockets ready that a poll() looked at. */
static Knock *
find_knock_polled (const Search *search, const TramaCall *call, const struct pollfd *polled)
{
  guint64 socket = trama_handles_find (search->handles, call->actor, polled->fd, call->exit_ns);
  guint64 accepted = find_accepted (search, socket, call->exit_ns);
  guint8 wakes = 0;

  if (polled->revents == 0 || socket == TRAMA_SOCKET_NONE)
    return NULL;
  if (accepted != TRAMA_SOCKET_NONE)
    return find_knock (search, call, accepted, TRAMA_TCP_WAKES_ACCEPTOR);
  if (polled->revents & (POLLIN | POLLPRI | POLLERR | POLLHUP | POLLRDHUP))
    wakes |= TRAMA_TCP_WAKES_READER;
  if (polled->revents & (POLLOUT | POLLERR | POLLHUP))
    wakes |= TRAMA_TCP_WAKES_CONNECTOR;
  return find_knock (search, call, socket, wakes);
}

static Knock *
find_knock_of_poll (Search *search, const TramaCall *call)
{
  Knock *first = NULL;
  struct pollfd polled;

  for (guint i = 0; trama_deed_get_polled (call, i, &polled); i++)
    {
      Knock *knock = find_knock_polled (search, call, &polled);

      if (knock != NULL && (first == NULL || knock->time_ns < first->time_ns))
        first = knock;
    }
  return first;
}

/*
 * The first packet that could wake the call did: when more come before it gets to
 * run, it is awake already. A call that did not sleep was woken by nobody.
 */
static void
wake_call (Search *search, guint index)
{
  const TramaCall *call = trama_store_get_call (search->table->store, index);
  guint64 socket;
  guint8 wakes = awaited (call, &socket);
  TramaWaking waking = { .call = index };
  Knock *knock = NULL;

  if (call->exit_ns == TRAMA_TIME_NONE || !(call->flags & TRAMA_CALL_SLEPT))
    return;
  if (call->name == TRAMA_CALL_POLL)
    knock = find_knock_of_poll (search, call);
  else if (wakes != 0)
    knock = find_knock (search, call, socket, wakes);
  if (knock == NULL)
    return;
  knock->used = TRUE;
  waking.packet = knock->packet;
  g_array_append_val (search->table->wakings, waking);
}

static gboolean
collect_handles (Search *search, guint max)
{
  if (!search->has_polls)
    return FALSE;
  if (search->collecting == NULL)
    search->collecting = trama_handles_begin (search->table->store);
  if (trama_handles_step (search->collecting, &max))
    return TRUE;
  search->handles = trama_handles_finish (g_steal_pointer (&search->collecting));
  return FALSE;
}

static gboolean
wake_calls (Search *search, guint max)
{
  for (; search->next < search->n_calls && max > 0; max--)
    wake_call (search, search->next++);
  return search->next < search->n_calls;
}

static gboolean
sort_wakings (Search *search, guint max)
{
  g_array_sort (search->table->wakings, compare_wakings);
  return FALSE;
}

TramaJoining *
trama_joining_new (TramaFlowTable *table, GArray *wakeups)
{
  TramaJoining *self = g_new0 (TramaJoining, 1);

  self->table = table;
  self->wakeups = wakeups;
  self->n_calls = trama_store_n_calls (table->store);
  self->spans = g_array_new (FALSE, FALSE, sizeof (TramaCallSpan));
  self->ranks = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->accepts = g_array_new (FALSE, FALSE, sizeof (Acceptance));
  table->senders = g_array_new (FALSE, FALSE, sizeof (TramaCallSpan));
  table->first_sender = g_new0 (guint32, (gsize) table->sockets->len + 1);
  table->wakings = g_array_new (FALSE, FALSE, sizeof (TramaWaking));
  return self;
}

void
trama_joining_free (TramaJoining *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->wakeups, g_array_unref);
  g_clear_pointer (&self->collecting, trama_handles_abandon);
  g_clear_pointer (&self->handles, g_array_unref);
  g_array_unref (self->spans);
  g_array_unref (self->ranks);
  g_array_unref (self->accepts);
  g_free (self->ends);
  g_free (self->ranks_of_sides);
  g_free (self->knocks);
  g_free (self->begins);
  g_free (self);
}

gboolean
trama_joining_step (TramaJoining *self, guint max)
{
  static gboolean (*const steps[]) (Search * search, guint max) = {
    note_calls,   begin_places,       place_senders, sort_senders,    plant_tree, rank_sides,   begin_knocks,
    count_knocks, begin_knock_places, place_knocks,  collect_handles, wake_calls, sort_wakings,
  };
  const guint n_without_wakeups = 5;
  guint n_steps = self->wakeups != NULL ? G_N_ELEMENTS (steps) : n_without_wakeups;

  if (self->n_steps < n_steps && !steps[self->n_steps](self, max))
    {
      self->n_steps++;
      self->next = 0;
    }
  return self->n_steps < n_steps;
}

void
trama_flow_clear_wakings (TramaFlowTable *table)
{
  g_clear_pointer (&table->senders, g_array_unref);
  g_clear_pointer (&table->wakings, g_array_unref);
  g_free (table->first_sender);
  g_free (table->latest_exit);
}

static const TramaFlow *
flow_of_packet (const TramaFlowTable *table, guint packet, guint *side)
{
  guint32 conversation;

  if (packet >= table->conversations.len)
    return NULL;
  conversation = trama_column_index (&table->conversations, guint32, packet);
  if (conversation == TRAMA_FLOW_NONE)
    return NULL;
  *side = conversation & 1;
  return trama_flow_at (table, conversation >> 1);
}

/* What a peer's kernel answers at once, it answers inside the call that it answers. */
guint
trama_flow_table_get_cause (const TramaFlowTable *table, guint packet)
{
  guint side;
  const TramaFlow *flow = flow_of_packet (table, packet, &side);
  TramaPacket record;
  guint call;

  if (flow == NULL)
    return G_MAXUINT;
  trama_store_get_packet (table->store, packet, &record);
  call = trama_flow_table_find_sender (table, flow->socket[side], record.time_ns);
  if (call != G_MAXUINT || flow->protocol != IPPROTO_TCP)
    return call;
  return trama_flow_table_find_sender (table, flow->socket[!side], record.time_ns);
}

guint
trama_flow_table_get_woken (const TramaFlowTable *table, guint packet)
{
  guint low = 0, high = table->wakings->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (table->wakings, TramaWaking, middle).packet < packet)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == table->wakings->len || g_array_index (table->wakings, TramaWaking, low).packet != packet)
    return G_MAXUINT;
  return g_array_index (table->wakings, TramaWaking, low).call;
}
