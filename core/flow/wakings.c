/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/deed.h"
#include "core/flow/flow_private.h"
#include "core/flow/handles.h"
#include "core/flow/tcp_state.h"

#include "core/trace/call.h"

#include <netinet/in.h>

/* A wakeup of the socket it reaches. */
typedef struct
{
  gint64 time_ns;
  guint32 packet;
  guint8 wakes;
  guint8 used;
} Knock;

/* What it takes to tell which packet woke which call. */
typedef struct
{
  TramaFlowTable *table;
  Knock *knocks;   /* by socket, in the order of the table, and time */
  guint32 *begins; /* by socket, the first of its own; one more at the end */
  GArray *accepts; /* of Acceptance, by listener and time */
  GArray *handles; /* NULL until it is needed */
} Search;

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
compare_spans (gconstpointer a, gconstpointer b)
{
  const TramaCallSpan *x = a, *y = b;

  if (x->socket != y->socket)
    return x->socket < y->socket ? -1 : 1;
  return x->entry_ns < y->entry_ns ? -1 : x->entry_ns > y->entry_ns;
}

static int
compare_wakings (gconstpointer a, gconstpointer b)
{
  const TramaWaking *x = a, *y = b;

  return x->packet < y->packet ? -1 : x->packet > y->packet;
}

static const TramaCallSpan *
sender_at (const TramaFlowTable *table, guint index)
{
  return &g_array_index (table->senders, TramaCallSpan, index);
}

/* Calls of one socket may overlap, one of them blocked for long: hence a tree over their ends. */
static void
plant_tree (TramaFlowTable *table)
{
  guint top = 1;

  while (top < table->senders->len)
    top *= 2;
  table->latest_exit_top = top;
  table->latest_exit = g_new (gint64, 2 * top);
  for (guint i = 0; i < top; i++)
    table->latest_exit[top + i] = i < table->senders->len ? sender_at (table, i)->exit_ns : G_MININT64;
  for (guint i = top - 1; i > 0; i--)
    table->latest_exit[i] = MAX (table->latest_exit[2 * i], table->latest_exit[2 * i + 1]);
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

/* The call on @socket that sends and was entered last of those under way at @time_ns. */
static guint
find_sender (const TramaFlowTable *table, guint64 socket, gint64 time_ns)
{
  guint low = 0, high = table->senders->len;
  guint found;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const TramaCallSpan *span = sender_at (table, middle);

      if (span->socket < socket || (span->socket == socket && span->entry_ns <= time_ns))
        low = middle + 1;
      else
        high = middle;
    }
  if (socket == TRAMA_SOCKET_NONE || low == 0 || sender_at (table, low - 1)->socket != socket)
    return G_MAXUINT;
  found = last_that_holds (table, low - 1, time_ns);
  if (found == G_MAXUINT || sender_at (table, found)->socket != socket)
    return G_MAXUINT;
  return sender_at (table, found)->call;
}

static void
collect_senders (TramaFlowTable *table)
{
  for (guint i = 0; i < trama_store_n_calls (table->store); i++)
    {
      const TramaCall *call = trama_store_get_call (table->store, i);
      const TramaCallInfo *info = trama_call_info (call->name);
      const TramaActor *actor = trama_store_find_actor (table->store, call->actor);
      TramaCallSpan span = { call->socket, call->entry_ns, call->exit_ns, i };

      if (info == NULL || !(info->traits & TRAMA_CALL_SENDS) || call->socket == TRAMA_SOCKET_NONE)
        continue;
      if (span.exit_ns == TRAMA_TIME_NONE)
        span.exit_ns = actor != NULL && actor->end_ns != TRAMA_TIME_NONE ? actor->end_ns : G_MAXINT64;
      g_array_append_val (table->senders, span);
    }
  g_array_sort (table->senders, compare_spans);
}

/* Its place among the sockets of the table; G_MAXUINT32: it is none of them. */
static guint32
rank_of (const TramaFlowTable *table, guint64 id)
{
  const TramaSocket *socket = trama_flow_socket_by_id (table, id);

  return socket != NULL ? (guint32) (socket - &g_array_index (table->sockets, TramaSocket, 0)) : G_MAXUINT32;
}

/* By flow and side. */
static guint32 *
rank_sides (const TramaFlowTable *table)
{
  guint32 *ranks = g_new (guint32, MAX (2 * (gsize) table->flows.len, 1));

  for (guint i = 0; i < table->flows.len; i++)
    for (guint side = 0; side < 2; side++)
      ranks[2 * i + side] = rank_of (table, trama_flow_at (table, i)->socket[side]);
  return ranks;
}

/* Wakeups are in order of time, and stay so within each socket: they are counted first, then each has its place. */
static void
collect_knocks (Search *search, const GArray *wakeups)
{
  guint n_sockets = search->table->sockets->len;
  g_autofree guint32 *ranks = rank_sides (search->table);
  g_autofree guint32 *ends = g_new0 (guint32, n_sockets + 1);

  search->begins = g_new0 (guint32, n_sockets + 1);
  for (guint i = 0; i < wakeups->len; i++)
    {
      const TramaWakeup *wakeup = &g_array_index (wakeups, TramaWakeup, i);
      guint32 rank = ranks[2 * wakeup->flow + wakeup->side];

      if (rank != G_MAXUINT32)
        search->begins[rank + 1]++;
    }
  for (guint i = 0; i < n_sockets; i++)
    ends[i + 1] = search->begins[i + 1] += search->begins[i];
  search->knocks = g_new (Knock, MAX (search->begins[n_sockets], 1));
  for (guint i = 0; i < wakeups->len; i++)
    {
      const TramaWakeup *wakeup = &g_array_index (wakeups, TramaWakeup, i);
      guint32 rank = ranks[2 * wakeup->flow + wakeup->side];

      if (rank != G_MAXUINT32)
        search->knocks[ends[rank]++] = (Knock){ wakeup->time_ns, wakeup->packet, wakeup->wakes, FALSE };
    }
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

  if (search->handles == NULL)
    search->handles = trama_handles_collect (search->table->store);
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

static GArray *
collect_acceptances (const TramaFlowTable *table)
{
  GArray *accepts = g_array_new (FALSE, FALSE, sizeof (Acceptance));

  for (guint i = 0; i < trama_store_n_calls (table->store); i++)
    {
      const TramaCall *call = trama_store_get_call (table->store, i);
      Acceptance one = { call->socket, call->exit_ns, call->made };

      if (trama_deed_kind (call) == TRAMA_DEED_ACCEPTS && call->made != TRAMA_SOCKET_NONE)
        g_array_append_val (accepts, one);
    }
  g_array_sort (accepts, compare_acceptances);
  return accepts;
}

void
trama_flow_link_calls (TramaFlowTable *table, const GArray *wakeups)
{
  Search search = { .table = table };

  table->senders = g_array_new (FALSE, FALSE, sizeof (TramaCallSpan));
  table->wakings = g_array_new (FALSE, FALSE, sizeof (TramaWaking));
  collect_senders (table);
  plant_tree (table);
  if (wakeups == NULL)
    return;
  collect_knocks (&search, wakeups);
  search.accepts = collect_acceptances (table);
  for (guint i = 0; i < trama_store_n_calls (table->store); i++)
    wake_call (&search, i);
  g_array_sort (table->wakings, compare_wakings);
  g_free (search.knocks);
  g_free (search.begins);
  g_array_unref (search.accepts);
  if (search.handles != NULL)
    g_array_unref (search.handles);
}

void
trama_flow_clear_wakings (TramaFlowTable *table)
{
  g_clear_pointer (&table->senders, g_array_unref);
  g_clear_pointer (&table->wakings, g_array_unref);
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
  call = find_sender (table, flow->socket[side], record.time_ns);
  if (call != G_MAXUINT || flow->protocol != IPPROTO_TCP)
    return call;
  return find_sender (table, flow->socket[!side], record.time_ns);
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
