/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/flow_private.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* How far to look among the sockets of one port, and among the calls under way at one time. */
#define LOOK_BACK 16

/* A connect() or sendto() that names its destination. */
typedef struct
{
  gint64 entry_ns;
  gint64 exit_ns;
  guint64 socket;
  TramaEndpoint destination;
  guint8 used;
} Opening;

/* A datagram that was taken, and from whom. Without holes: it is hashed and compared by its bytes. */
typedef struct
{
  guint64 socket;
  guint8 address[16];
  guint32 port;
  guint32 family;
} Taking;

struct _TramaMatching
{
  TramaFlowTable *table;
  const TramaColumn *next_same; /* of guint32, by flow */
  guint n_calls;
  guint n_steps; /* that are done, */
  guint next;    /* and what the one that is not begins with */

  GArray *streams;     /* of guint, indices of sockets, by local and peer endpoint, then by time */
  GArray *n_done;      /* of guint, at the first with its ends: how many of these no flow can have any more */
  GArray *datagrams;   /* of guint, by local port, then by time */
  GArray *openings;    /* of Opening, by entry */
  GHashTable *takings; /* of Taking */
};

typedef struct _TramaMatching Match;

static const TramaSocket *
socket_at (const Match *match, const GArray *order, guint position)
{
  return &g_array_index (match->table->sockets, TramaSocket, g_array_index (order, guint, position));
}

static int
compare_endpoints (const TramaEndpoint *a, const TramaEndpoint *b)
{
  if (a->port != b->port)
    return a->port < b->port ? -1 : 1;
  if (a->family != b->family)
    return a->family < b->family ? -1 : 1;
  return memcmp (a->address, b->address, sizeof a->address);
}

static int
compare_times (gint64 a, gint64 b)
{
  return a < b ? -1 : a > b;
}

static int
compare_streams (gconstpointer a, gconstpointer b, gpointer data)
{
  const TramaFlowTable *table = data;
  const TramaSocket *x = &g_array_index (table->sockets, TramaSocket, *(const guint *) a);
  const TramaSocket *y = &g_array_index (table->sockets, TramaSocket, *(const guint *) b);
  int order = compare_endpoints (&x->local, &y->local);

  if (order == 0)
    order = compare_endpoints (&x->peer, &y->peer);
  return order != 0 ? order : compare_times (x->made_ns, y->made_ns);
}

static int
compare_datagrams (gconstpointer a, gconstpointer b, gpointer data)
{
  const TramaFlowTable *table = data;
  const TramaSocket *x = &g_array_index (table->sockets, TramaSocket, *(const guint *) a);
  const TramaSocket *y = &g_array_index (table->sockets, TramaSocket, *(const guint *) b);

  if (x->local.port != y->local.port)
    return x->local.port < y->local.port ? -1 : 1;
  return compare_times (x->made_ns, y->made_ns);
}

static int
compare_openings (gconstpointer a, gconstpointer b)
{
  return compare_times (((const Opening *) a)->entry_ns, ((const Opening *) b)->entry_ns);
}

static int
compare_ends (const TramaSocket *socket, const TramaEndpoint *local, const TramaEndpoint *peer)
{
  int order = compare_endpoints (&socket->local, local);

  return order != 0 ? order : compare_endpoints (&socket->peer, peer);
}

/* The first socket with these ends that may still be of a conversation. */
static guint
find_first (const Match *match, const TramaEndpoint *local, const TramaEndpoint *peer)
{
  guint low = 0, high = match->streams->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare_ends (socket_at (match, match->streams, middle), local, peer) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Three segments at least have completed the handshake: what came of it, accept() may take (listen(2)). */
static gboolean
may_be_queued (const TramaFlow *flow)
{
  return flow->tcp[1].syn > 0 && flow->packets[0] > flow->tcp[0].syn;
}

/*
 * The accepted socket is made only after the handshake, perhaps long after the
 * last packet. It is of the next conversation of these endpoints when that had begun
 * by then, unless this one waited in the same queue before it.
 */
static gboolean
stream_fits (const Match *match, const TramaSocket *socket, const TramaFlow *flow, gint64 next_ns)
{
  const TramaSocket *listener;

  if (trama_flow_socket_is_older (match->table, socket, flow))
    return FALSE;
  if (socket->made_ns <= next_ns)
    return TRUE;
  listener = trama_flow_socket_by_id (match->table, socket->listener);
  return listener != NULL && listener->made_ns <= flow->first_ns && may_be_queued (flow);
}

/* Each accepted socket is of one conversation; one that connects may have several, connect(2). */
static guint64
find_stream (Match *match,
             const TramaEndpoint *local,
             const TramaEndpoint *peer,
             const TramaFlow *flow,
             gint64 next_ns)
{
  guint first = find_first (match, local, peer);
  guint *done = first < match->streams->len ? &g_array_index (match->n_done, guint, first) : NULL;

  for (guint i = done != NULL ? first + *done : first; i < match->streams->len; i++)
    {
      const TramaSocket *socket = socket_at (match, match->streams, i);

      if (compare_ends (socket, local, peer) != 0)
        break;
      if (stream_fits (match, socket, flow, next_ns))
        {
          *done = i - first + (socket->listener != TRAMA_SOCKET_NONE ? 1 : 0);
          return socket->id;
        }
      if (!trama_flow_socket_is_older (match->table, socket, flow))
        break;
    }
  return TRAMA_SOCKET_NONE;
}

/* Whether @flow can have begun in @opening; @socket is known to be the flow's, or nobody's. */
static gboolean
opening_fits (const Match *match, const Opening *opening, const TramaFlow *flow, guint64 socket)
{
  const TramaSocket *opener = trama_flow_socket_by_id (match->table, opening->socket);

  if (opener == NULL || opening->used || opening->exit_ns < flow->first_ns
      || compare_endpoints (&opening->destination, &flow->endpoint[1]) != 0)
    return FALSE;
  if (socket != TRAMA_SOCKET_NONE)
    return socket == opener->id;
  if (flow->protocol == IPPROTO_TCP)
    return opener->type == SOCK_STREAM;
  return flow->protocol == IPPROTO_UDP && opener->type == SOCK_DGRAM && opener->local.port == 0;
}

/* How many calls had begun when the first packet of @flow left. */
static guint
count_openings (const Match *match, const TramaFlow *flow)
{
  guint low = 0, high = match->openings->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (match->openings, Opening, middle).entry_ns <= flow->first_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The socket of these very ends whose connect() was under way when the first packet of @flow left. */
static guint64
find_opener (const Match *match, const TramaFlow *flow)
{
  guint n_begun = count_openings (match, flow);

  for (guint i = 0; i < MIN (n_begun, LOOK_BACK); i++)
    {
      const Opening *opening = &g_array_index (match->openings, Opening, n_begun - 1 - i);
      const TramaSocket *opener = trama_flow_socket_by_id (match->table, opening->socket);

      if (opening_fits (match, opening, flow, TRAMA_SOCKET_NONE)
          && compare_ends (opener, &flow->endpoint[0], &flow->endpoint[1]) == 0)
        return opener->id;
    }
  return TRAMA_SOCKET_NONE;
}

/* All that side 1 has to say to a SYN is RST: no socket had it, RFC 9293, section 3.10.7.1. */
static gboolean
is_nobodys (const TramaFlow *flow, guint side)
{
  return side == 1 && flow->tcp[0].syn > 0 && flow->packets[1] > 0 && flow->packets[1] == flow->tcp[1].rst
         && flow->tcp[1].syn == 0;
}

/* Of a socket that listened on every address, the accepted ones are known by the port until the kernel names them. */
static guint64
find_stream_of_side (Match *match, const TramaFlow *flow, guint side, gint64 next_ns)
{
  TramaEndpoint local = flow->endpoint[side];
  const TramaEndpoint *peer = &flow->endpoint[!side];
  guint64 found = side == 0 ? find_opener (match, flow) : TRAMA_SOCKET_NONE;

  if (is_nobodys (flow, side))
    return TRAMA_SOCKET_NONE;
  if (found == TRAMA_SOCKET_NONE)
    found = find_stream (match, &local, peer, flow, next_ns);
  if (found != TRAMA_SOCKET_NONE)
    return found;
  memset (local.address, 0, sizeof local.address);
  return find_stream (match, &local, peer, flow, next_ns);
}

static gboolean
is_wildcard (const TramaEndpoint *endpoint)
{
  static const guint8 any[16];

  return memcmp (endpoint->address, any, sizeof any) == 0;
}

static gboolean
datagram_fits (const Match *match, const TramaSocket *socket, const TramaFlow *flow, guint side)
{
  TramaEndpoint local = socket->local;

  if (trama_flow_socket_end (match->table, socket) < flow->first_ns)
    return FALSE;
  if (is_wildcard (&local))
    {
      local.family = flow->endpoint[side].family; /* [::] takes IPv4 too */
      memcpy (local.address, flow->endpoint[side].address, sizeof local.address);
    }
  return trama_endpoint_equal (&local, &flow->endpoint[side]);
}

static Taking
make_taking (guint64 socket, const TramaEndpoint *source)
{
  Taking taking = { .socket = socket, .port = source->port, .family = source->family };

  memcpy (taking.address, source->address, sizeof taking.address);
  return taking;
}

static guint
hash_taking (gconstpointer key)
{
  const Taking *taking = key;

  return g_int64_hash (&taking->socket) * 31 + taking->port;
}

static gboolean
equal_takings (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (Taking)) == 0;
}

/* Among those of one port and address, SO_REUSEPORT, only what was taken tells whose a datagram was: socket(7). */
static gboolean
has_taken (const Match *match, guint64 socket, const TramaEndpoint *source)
{
  const Taking taking = make_taking (socket, source);

  return g_hash_table_contains (match->takings, &taking);
}

/*
 * The last made that was there in time; before it one that has taken something from this peer, and before
 * all others one that is connected to it.
 */
static guint64
find_datagram (const Match *match, const TramaFlow *flow, guint side)
{
  guint16 port = flow->endpoint[side].port;
  guint64 found = TRAMA_SOCKET_NONE;
  gboolean taken = FALSE;
  guint low = 0, high = match->datagrams->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const TramaSocket *socket = socket_at (match, match->datagrams, middle);

      if (socket->local.port < port || (socket->local.port == port && socket->made_ns <= flow->last_ns))
        low = middle + 1;
      else
        high = middle;
    }
  for (guint i = 0; i < MIN (low, LOOK_BACK); i++)
    {
      const TramaSocket *socket = socket_at (match, match->datagrams, low - 1 - i);

      if (socket->local.port != port)
        break;
      if (!datagram_fits (match, socket, flow, side))
        continue;
      if (trama_endpoint_equal (&socket->peer, &flow->endpoint[!side]))
        return socket->id;
      if (taken)
        continue;
      taken = has_taken (match, socket->id, &flow->endpoint[!side]);
      if (taken || found == TRAMA_SOCKET_NONE)
        found = socket->id;
    }
  return found;
}

/* The call under way when the first packet of @flow left. It opens no other. */
static const Opening *
take_opening (Match *match, const TramaFlow *flow, guint64 socket)
{
  guint n_begun = count_openings (match, flow);

  for (guint i = 0; i < MIN (n_begun, LOOK_BACK); i++)
    {
      Opening *opening = &g_array_index (match->openings, Opening, n_begun - 1 - i);

      if (!opening_fits (match, opening, flow, socket))
        continue;
      opening->used = TRUE;
      return opening;
    }
  return NULL;
}

/* Where nobody has told the local port, the call does that opened the conversation. */
static void
match_by_opening (Match *match, TramaFlow *flow)
{
  const Opening *opening = take_opening (match, flow, TRAMA_SOCKET_NONE);
  TramaSocket *socket;

  if (opening == NULL)
    return;
  socket = trama_flow_socket_by_id (match->table, opening->socket);
  if (socket->local.port == 0)
    socket->bound_ns = flow->first_ns;
  flow->socket[0] = socket->id;
}

static gboolean
collect_sockets (Match *match, guint max)
{
  for (; match->next < match->table->sockets->len && max > 0; match->next++, max--)
    {
      const guint i = match->next;
      const TramaSocket *socket = &g_array_index (match->table->sockets, TramaSocket, i);

      if (socket->local.port == 0)
        continue;
      if (socket->type == SOCK_DGRAM)
        g_array_append_val (match->datagrams, i);
      else if (socket->peer.port != 0)
        g_array_append_val (match->streams, i);
    }
  return match->next < match->table->sockets->len;
}

static gboolean
sort_sockets (Match *match, guint max)
{
  g_array_sort_with_data (match->streams, compare_streams, match->table);
  g_array_sort_with_data (match->datagrams, compare_datagrams, match->table);
  g_array_set_size (match->n_done, match->streams->len);
  return FALSE;
}

static void
note_opening (Match *match, const TramaCall *call)
{
  Opening opening = { .entry_ns = call->entry_ns, .socket = call->socket };

  if ((call->name != TRAMA_CALL_CONNECT && call->name != TRAMA_CALL_SENDTO
       && call->name != TRAMA_CALL_SENDMSG)
      || !trama_flow_call_address (call, &opening.destination))
    return;
  opening.exit_ns = call->exit_ns != TRAMA_TIME_NONE ? call->exit_ns : G_MAXINT64;
  g_array_append_val (match->openings, opening);
}

static void
note_taking (Match *match, const TramaCall *call)
{
  TramaEndpoint source;
  Taking taking;

  if ((call->name != TRAMA_CALL_RECVFROM && call->name != TRAMA_CALL_RECVMSG) || call->result < 0
      || !trama_flow_call_address (call, &source))
    return;
  taking = make_taking (call->socket, &source);
  if (!g_hash_table_contains (match->takings, &taking))
    g_hash_table_add (match->takings, g_memdup2 (&taking, sizeof taking));
}

static gboolean
collect_calls (Match *match, guint max)
{
  for (; match->next < match->n_calls && max > 0; match->next++, max--)
    {
      const TramaCall *call = trama_store_get_call (match->table->store, match->next);

      note_opening (match, call);
      if (match->datagrams->len > 1)
        note_taking (match, call);
    }
  return match->next < match->n_calls;
}

static gboolean
sort_openings (Match *match, guint max)
{
  g_array_sort (match->openings, compare_openings);
  return FALSE;
}

static void
match_flow (Match *match, TramaFlow *flow, gint64 next_ns)
{
  gboolean to_itself = trama_endpoint_equal (&flow->endpoint[0], &flow->endpoint[1]);

  for (guint side = 0; side < (to_itself ? 1 : 2); side++)
    if (flow->protocol == IPPROTO_TCP)
      flow->socket[side] = find_stream_of_side (match, flow, side, next_ns);
    else if (flow->protocol == IPPROTO_UDP)
      flow->socket[side] = find_datagram (match, flow, side);
  if (to_itself)
    flow->socket[1] = flow->socket[0];
}

/* A stream talks from one address, also where its bind() left that open. */
static void
name_local (Match *match, const TramaFlow *flow)
{
  for (guint side = 0; side < 2; side++)
    {
      TramaSocket *socket = trama_flow_socket_by_id (match->table, flow->socket[side]);

      if (socket != NULL && is_wildcard (&socket->local)
          && (flow->protocol == IPPROTO_TCP || socket->local.port == 0))
        socket->local = flow->endpoint[side];
    }
}

/* Without calls there is nothing to match millions of flows with. */
static guint
count_flows (const Match *match)
{
  return match->table->sockets->len > 0 || match->openings->len > 0 ? match->table->flows.len : 0;
}

static gboolean
match_flows (Match *match, guint max)
{
  TramaFlowTable *table = match->table;
  guint n_flows = count_flows (match);

  for (; match->next < n_flows && max > 0; match->next++, max--)
    {
      guint32 next = trama_column_index (match->next_same, guint32, match->next);

      match_flow (match, trama_flow_at (table, match->next),
                  next != TRAMA_FLOW_NONE ? trama_flow_at (table, next)->first_ns : G_MAXINT64);
    }
  return match->next < n_flows;
}

static gboolean
take_openings (Match *match, guint max)
{
  guint n_flows = count_flows (match);

  for (; match->next < n_flows && max > 0; match->next++, max--)
    {
      const TramaFlow *flow = trama_flow_at (match->table, match->next);

      if (flow->socket[0] != TRAMA_SOCKET_NONE)
        take_opening (match, flow, flow->socket[0]);
    }
  return match->next < n_flows;
}

static gboolean
match_by_openings (Match *match, guint max)
{
  guint n_flows = count_flows (match);

  for (; match->next < n_flows && max > 0; match->next++, max--)
    {
      TramaFlow *flow = trama_flow_at (match->table, match->next);

      if (flow->socket[0] == TRAMA_SOCKET_NONE)
        match_by_opening (match, flow);
      name_local (match, flow);
    }
  return match->next < n_flows;
}

TramaMatching *
trama_matching_new (TramaFlowTable *table, const TramaColumn *next_same)
{
  TramaMatching *self = g_new0 (TramaMatching, 1);

  self->table = table;
  self->next_same = next_same;
  self->n_calls = trama_store_n_calls (table->store);
  self->streams = g_array_new (FALSE, FALSE, sizeof (guint));
  self->n_done = g_array_new (FALSE, TRUE, sizeof (guint));
  self->datagrams = g_array_new (FALSE, FALSE, sizeof (guint));
  self->openings = g_array_new (FALSE, FALSE, sizeof (Opening));
  self->takings = g_hash_table_new_full (hash_taking, equal_takings, g_free, NULL);
  return self;
}

void
trama_matching_free (TramaMatching *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->streams);
  g_array_unref (self->n_done);
  g_array_unref (self->datagrams);
  g_array_unref (self->openings);
  g_hash_table_unref (self->takings);
  g_free (self);
}

gboolean
trama_matching_step (TramaMatching *self, guint max)
{
  static gboolean (*const steps[]) (Match * match, guint max) = {
    collect_sockets, sort_sockets,  collect_calls,     sort_openings,
    match_flows,     take_openings, match_by_openings,
  };

  if (self->n_steps < G_N_ELEMENTS (steps) && !steps[self->n_steps](self, max))
    {
      self->n_steps++;
      self->next = 0;
    }
  return self->n_steps < G_N_ELEMENTS (steps);
}
