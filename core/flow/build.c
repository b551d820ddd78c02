/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/counts.h"
#include "core/flow/flow_private.h"
#include "core/flow/fragments.h"
#include "core/flow/tcp_state.h"

#include <netinet/in.h>
#include <string.h>

#define CHANGE_NONE G_MAXUINT32

/*
 * A sample and a packet may pass each other: the packet is stamped a little before
 * or after the kernel changes the state, the sample when its reader got to run. A
 * sample is weighed against every state of its side up to this much later.
 */
#define SAMPLE_GRACE_NS (20 * 1000 * 1000)

/* How the first sequence number of a side is known. */
typedef enum
{
  BASE_UNKNOWN,
  BASE_ACKNOWLEDGED, /* by its peer */
  BASE_SENT,
} Base;

/* What is needed of a flow only while the packets are followed. */
typedef struct
{
  TramaTcpConversation tcp;
  guint32 last_change[2]; /* index, or CHANGE_NONE */
  TramaSent sent[2];
  guint8 base[2]; /* Base */
} Following;

struct _TramaFlowBuild
{
  TramaFlowTable *table;
  guint next_position; /* packets before it, in order of time, are followed */

  GArray *following; /* by flow */
  GArray *next_same; /* of guint32, by flow; TRAMA_FLOW_NONE */
  GArray *wakeups;   /* of TramaWakeup */

  guint32 *slots; /* open addressing by endpoints: flow + 1, 0 is free */
  guint n_slots;  /* a power of two */
  guint n_used;
  guint32 *last_slot; /* packets of one conversation often follow one another; NULL */

  GArray *samples;           /* of guint, indices of states by time */
  guint next_sample;         /* the first not yet weighed */
  GHashTable *sampled_state; /* socket without a flow → its state, from samples alone */

  TramaFragments *fragments; /* NULL until there is one */
};

typedef TramaFlowBuild Build;

static Following *
following_at (const Build *build, guint flow)
{
  return &g_array_index (build->following, Following, flow);
}

static guint64
mix (guint64 hash)
{
  hash ^= hash >> 31;
  hash *= G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return hash ^ (hash >> 29);
}

static guint64
hash_endpoint (const TramaEndpoint *endpoint)
{
  guint64 words[2];

  memcpy (words, endpoint->address, sizeof words);
  return mix (mix (words[0] + endpoint->port) + words[1]);
}

/* The same for both directions. */
static guint
hash_pair (guint8 protocol, const TramaEndpoint *a, const TramaEndpoint *b)
{
  return (guint) (mix (hash_endpoint (a) + hash_endpoint (b) + protocol) >> 16);
}

static gboolean
flow_joins (const TramaFlow *flow,
            guint8 protocol,
            const TramaEndpoint *a,
            const TramaEndpoint *b,
            guint *side)
{
  if (flow->protocol != protocol)
    return FALSE;
  *side = trama_endpoint_equal (&flow->endpoint[0], a) ? 0 : 1;
  return trama_endpoint_equal (&flow->endpoint[*side], a)
         && trama_endpoint_equal (&flow->endpoint[!*side], b);
}

/* The slot of the latest flow between @a and @b, or the free one where it belongs; *@side is that of @a. */
static guint32 *
find_slot (Build *build, guint8 protocol, const TramaEndpoint *a, const TramaEndpoint *b, guint *side)
{
  guint i;

  if (build->last_slot != NULL
      && flow_joins (trama_flow_at (build->table, *build->last_slot - 1), protocol, a, b, side))
    return build->last_slot;
  for (i = hash_pair (protocol, a, b);; i++)
    {
      guint32 *slot = &build->slots[i & (build->n_slots - 1)];

      if (*slot == 0)
        return slot;
      if (flow_joins (trama_flow_at (build->table, *slot - 1), protocol, a, b, side))
        {
          build->last_slot = slot;
          return slot;
        }
    }
}

static void
grow_slots (Build *build)
{
  g_autofree guint32 *old = build->slots;
  guint n_old = build->n_slots;

  build->n_slots = n_old * 2;
  build->last_slot = NULL;
  build->slots = g_new0 (guint32, build->n_slots);
  for (guint i = 0; i < n_old; i++)
    if (old[i] != 0)
      {
        const TramaFlow *flow = trama_flow_at (build->table, old[i] - 1);
        guint side;

        *find_slot (build, flow->protocol, &flow->endpoint[0], &flow->endpoint[1], &side) = old[i];
      }
}

static guint
add_flow (Build *build, guint32 *slot, const TramaDecoded *decoded, gint64 time_ns)
{
  Following following = { .last_change = { CHANGE_NONE, CHANGE_NONE } };
  guint32 index = build->table->flows->len, none = TRAMA_FLOW_NONE;
  TramaFlow flow = {
    .protocol = decoded->protocol,
    .endpoint = { decoded->source, decoded->destination },
    .first_ns = time_ns,
    .phase_ns = { TRAMA_TIME_NONE, TRAMA_TIME_NONE, TRAMA_TIME_NONE, TRAMA_TIME_NONE },
  };

  g_array_append_val (build->table->flows, flow);
  g_array_append_val (build->following, following);
  g_array_append_val (build->next_same, none);
  if (*slot != 0)
    g_array_index (build->next_same, guint32, *slot - 1) = index;
  else
    build->n_used++;
  *slot = index + 1;
  if (build->n_used > build->n_slots / 2)
    grow_slots (build);
  return index;
}

/* The number that its SYN had or must have had, as the rest of the handshake told before it came. */
static gboolean
is_known_base (const TramaFlow *flow, const Following *following, guint side, guint32 sequence)
{
  return following->base[side] != BASE_UNKNOWN && flow->first_sequence[side] == sequence;
}

/* A port pair is used again: after a close, or by a SYN with another initial sequence number. */
static gboolean
opens_anew (const TramaFlow *flow, const Following *following, guint side, const TramaDecoded *decoded)
{
  const TramaTcpSide *sender = &following->tcp.side[side];

  if (!(decoded->tcp_flags & TRAMA_TCP_SYN) || (decoded->tcp_flags & TRAMA_TCP_RST))
    return FALSE;
  if (!(decoded->tcp_flags & TRAMA_TCP_ACK) && trama_tcp_is_over (&following->tcp))
    return TRUE;
  if (sender->syn_sent)
    return sender->isn != decoded->sequence;
  return sender->state != TRAMA_TCP_UNKNOWN && !is_known_base (flow, following, side, decoded->sequence);
}

/* The refusal was lost on its way, and the same attempt goes on: no other has its number. */
static gboolean
insists (const TramaTcpConversation *tcp, guint side, const TramaDecoded *decoded)
{
  const TramaTcpSide *sender = &tcp->side[side];

  return (decoded->tcp_flags & (TRAMA_TCP_SYN | TRAMA_TCP_ACK | TRAMA_TCP_RST)) == TRAMA_TCP_SYN
         && trama_tcp_is_over (tcp) && sender->syn_sent && sender->isn == decoded->sequence
         && !trama_tcp_was_in (tcp, 0, TRAMA_TCP_ESTABLISHED)
         && !trama_tcp_was_in (tcp, 1, TRAMA_TCP_ESTABLISHED);
}

static gboolean
joins (Build *build, guint index, guint side, const TramaDecoded *decoded)
{
  Following *following = following_at (build, index);

  if (decoded->protocol != IPPROTO_TCP)
    return TRUE;
  if (insists (&following->tcp, side, decoded))
    {
      following->tcp = (TramaTcpConversation){ 0 };
      following->last_change[0] = following->last_change[1] = CHANGE_NONE;
      return TRUE;
    }
  return !opens_anew (trama_flow_at (build->table, index), following, side, decoded);
}

static guint
find_flow (Build *build, const TramaDecoded *decoded, gint64 time_ns, guint *side)
{
  guint32 *slot = find_slot (build, decoded->protocol, &decoded->source, &decoded->destination, side);

  if (*slot != 0 && joins (build, *slot - 1, *side, decoded))
    return *slot - 1;
  *side = 0;
  return add_flow (build, slot, decoded, time_ns);
}

static void
begin_phase (TramaFlow *flow, TramaPhase phase, gint64 time_ns)
{
  if (flow->phase_ns[phase] == TRAMA_TIME_NONE)
    flow->phase_ns[phase] = time_ns;
}

/* Phases follow one another: what is said after the first FIN belongs to the teardown. */
static void
follow_phases (TramaFlow *flow, const TramaDecoded *decoded, gint64 time_ns)
{
  guint8 flags = decoded->tcp_flags;

  if (decoded->protocol == IPPROTO_UDP)
    begin_phase (flow, TRAMA_PHASE_DATA, time_ns);
  if (decoded->protocol != IPPROTO_TCP)
    return;
  if (flags & TRAMA_TCP_SYN)
    begin_phase (flow, TRAMA_PHASE_SETUP, time_ns);
  else if (decoded->payload_bytes > 0 && flow->phase_ns[TRAMA_PHASE_TEARDOWN] == TRAMA_TIME_NONE)
    begin_phase (flow, TRAMA_PHASE_DATA, time_ns);
  if (flags & (TRAMA_TCP_FIN | TRAMA_TCP_RST))
    begin_phase (flow, TRAMA_PHASE_TEARDOWN, time_ns);
}

/* A reset takes its number from what it answers; it tells nothing of its sender's. */
static void
follow_sequence (TramaFlow *flow, Following *following, guint side, const TramaDecoded *decoded)
{
  guint8 flags = decoded->tcp_flags;
  Base base = flags & TRAMA_TCP_RST ? BASE_ACKNOWLEDGED : BASE_SENT;

  if (following->base[side] < base)
    {
      flow->first_sequence[side] = decoded->sequence - (flags & TRAMA_TCP_SYN ? 0 : 1);
      following->base[side] = (guint8) base;
    }
  if ((flags & TRAMA_TCP_ACK) && following->base[!side] == BASE_UNKNOWN)
    {
      flow->first_sequence[!side] = decoded->acknowledgment - 1;
      following->base[!side] = BASE_ACKNOWLEDGED;
    }
}

static void
add_change (Build *build, guint flow, guint side, guint8 state, gint64 time_ns)
{
  TramaFlowChange change = { .time_ns = time_ns, .of = flow, .side = (guint8) side, .state = state };

  following_at (build, flow)->last_change[side] = build->table->changes->len;
  g_array_append_val (build->table->changes, change);
}

/* It is only marked: other changes are named by their index until all are there. */
static void
withdraw_change (Build *build, guint flow, guint side)
{
  guint32 index = following_at (build, flow)->last_change[side];

  if (index != CHANGE_NONE)
    g_array_index (build->table->changes, TramaFlowChange, index).state = TRAMA_TCP_UNKNOWN;
}

static void
add_wakeup (Build *build, guint packet, gint64 time_ns, guint flow, guint side, guint8 wakes)
{
  TramaWakeup wakeup = { time_ns, packet, flow, (guint8) side, wakes };

  if (wakes != 0 && build->wakeups != NULL)
    g_array_append_val (build->wakeups, wakeup);
}

static void
follow_tcp (Build *build, guint packet, guint index, guint side, const TramaDecoded *decoded, gint64 time_ns)
{
  TramaFlow *flow = trama_flow_at (build->table, index);
  Following *following = following_at (build, index);
  guint to = trama_endpoint_equal (&flow->endpoint[0], &flow->endpoint[1]) ? side : !side;
  TramaTcpSegment segment = {
    .time_ns = time_ns,
    .from = (guint8) side,
    .to = (guint8) to,
    .flags = decoded->tcp_flags,
    .sequence = decoded->sequence,
    .acknowledgment = decoded->acknowledgment,
    .payload_bytes = decoded->payload_bytes,
  };
  TramaTcpEffect effect;

  trama_counts_add (&flow->tcp[side], &following->sent[side], decoded);
  follow_sequence (flow, following, side, decoded);
  trama_tcp_observe (&following->tcp, &segment, &effect);
  for (guint i = 0; i < effect.n; i++)
    if (effect.transitions[i].withdraws)
      withdraw_change (build, index, effect.transitions[i].side);
    else
      add_change (build, index, effect.transitions[i].side, effect.transitions[i].state,
                  effect.transitions[i].time_ns);
  add_wakeup (build, packet, time_ns, index, to, effect.wakes);
}

/* The length of a UDP datagram stands in its first fragment; of what else comes in parts, each brings its own. */
static void
follow_fragment (Build *build, guint packet, const TramaDecoded *decoded, gint64 time_ns)
{
  TramaFlow *flow;
  guint32 conversation;

  if (build->fragments == NULL || !trama_fragments_find (build->fragments, decoded, &conversation))
    return;
  g_array_index (build->table->conversations, guint32, packet) = conversation;
  flow = trama_flow_at (build->table, conversation >> 1);
  flow->last_ns = time_ns;
  flow->packets[conversation & 1]++;
  if (flow->protocol != IPPROTO_UDP)
    flow->payload_bytes[conversation & 1] += decoded->payload_bytes;
}

static void
remember_fragment (Build *build, const TramaDecoded *decoded, guint32 conversation)
{
  if (build->fragments == NULL)
    build->fragments = trama_fragments_new ();
  trama_fragments_add (build->fragments, decoded, conversation);
}

static void
follow_packet (Build *build, guint packet)
{
  TramaFlowTable *table = build->table;
  TramaDecoded decoded;
  gint64 time_ns;
  TramaFlow *flow;
  guint index, side;

  if (!trama_flow_read_headers (table->store, packet, &time_ns, &decoded))
    return;
  if (decoded.fragment == TRAMA_FRAGMENT_LATER)
    {
      follow_fragment (build, packet, &decoded, time_ns);
      return;
    }
  index = find_flow (build, &decoded, time_ns, &side);
  g_array_index (table->conversations, guint32, packet) = index << 1 | side;
  if (decoded.fragment == TRAMA_FRAGMENT_FIRST)
    remember_fragment (build, &decoded, index << 1 | side);
  flow = trama_flow_at (table, index);
  flow->last_ns = time_ns;
  flow->packets[side]++;
  flow->payload_bytes[side] += MAX (decoded.payload_bytes, decoded.datagram_bytes);
  follow_phases (flow, &decoded, time_ns);
  if (decoded.protocol == IPPROTO_TCP)
    follow_tcp (build, packet, index, side, &decoded, time_ns);
  else
    add_wakeup (build, packet, time_ns, index, !side, TRAMA_TCP_WAKES_READER);
}

static void
add_change_alone (TramaFlowTable *table, const TramaSocket *socket, guint8 state, gint64 time_ns)
{
  guint index = (guint) (socket - (const TramaSocket *) (gconstpointer) table->sockets->data);
  TramaFlowChange change = { .time_ns = time_ns, .of = index, .state = state, .alone = 1 };

  g_array_append_val (table->changes, change);
}

/* A socket whose packets are not there, or which has none: LISTEN, or a trace of calls only. */
static void
weigh_alone (Build *build, const TramaSocket *socket, const TramaSocketState *sample)
{
  guint64 id = sample->socket;
  guint known = GPOINTER_TO_UINT (g_hash_table_lookup (build->sampled_state, &id));

  if (known == sample->tcp_state)
    return;
  if (sample->tcp_state == TRAMA_TCP_CLOSED && (known == 0 || known == TRAMA_TCP_LISTEN))
    return; /* before it was anything else */
  g_hash_table_insert (build->sampled_state, g_memdup2 (&id, sizeof id),
                       GUINT_TO_POINTER (sample->tcp_state));
  add_change_alone (build->table, socket, sample->tcp_state, sample->time_ns);
}

/* No side enters a state twice: what it has left already is an old sample, and says nothing. */
static void
weigh_sample (Build *build, const TramaSocketState *sample)
{
  const TramaSocket *socket = trama_flow_socket_by_id (build->table, sample->socket);
  Following *following;
  guint32 *slot;
  guint side;

  if (sample->tcp_state == TRAMA_TCP_UNKNOWN || socket == NULL)
    return;
  slot = find_slot (build, IPPROTO_TCP, &socket->local, &socket->peer, &side);
  if (*slot == 0 || socket->peer.family == 0)
    {
      if (socket->peer.family == 0 || trama_store_n_packets (build->table->store) == 0)
        weigh_alone (build, socket, sample);
      return;
    }
  following = following_at (build, *slot - 1);
  if (trama_flow_at (build->table, *slot - 1)->first_ns > sample->time_ns
      || trama_tcp_was_in (&following->tcp, side, sample->tcp_state))
    return;
  trama_tcp_set_state (&following->tcp, side, sample->tcp_state);
  add_change (build, *slot - 1, side, sample->tcp_state, sample->time_ns);
}

static void
weigh_samples_before (Build *build, gint64 time_ns)
{
  while (build->next_sample < build->samples->len)
    {
      guint index = g_array_index (build->samples, guint, build->next_sample);
      const TramaSocketState *sample = trama_store_get_state (build->table->store, index);

      if (sample->time_ns > time_ns - SAMPLE_GRACE_NS)
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

static GArray *
sort_samples (TramaStore *store)
{
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < trama_store_n_states (store); i++)
    g_array_append_val (samples, i);
  g_array_sort_with_data (samples, compare_samples, store);
  return samples;
}

/* From the return of listen() a socket is in LISTEN, until it is closed. */
static void
follow_listeners (Build *build)
{
  TramaFlowTable *table = build->table;

  for (guint i = 0; i < trama_store_n_calls (table->store); i++)
    {
      const TramaCall *call = trama_store_get_call (table->store, i);
      const TramaSocket *socket = trama_flow_socket_by_id (table, call->socket);
      guint64 id = call->socket;

      if (call->name != TRAMA_CALL_LISTEN || call->exit_ns == TRAMA_TIME_NONE || call->result != 0
          || socket == NULL || g_hash_table_contains (build->sampled_state, &id))
        continue;
      g_hash_table_insert (build->sampled_state, g_memdup2 (&id, sizeof id),
                           GUINT_TO_POINTER (TRAMA_TCP_LISTEN));
      add_change_alone (table, socket, TRAMA_TCP_LISTEN, call->exit_ns);
      if (socket->closed_ns != TRAMA_TIME_NONE)
        add_change_alone (table, socket, TRAMA_TCP_CLOSED, socket->closed_ns);
    }
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  const TramaFlowChange *x = a, *y = b;

  return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

/*
 * They come nearly in order, few by few out of it: moving these takes no memory, as
 * sorting does. FALSE when that is not so; what was moved so far stays in its place.
 */
static gboolean
move_changes (GArray *changes)
{
  gsize moves_left = 16 * (gsize) changes->len;

  for (guint i = 1; i < changes->len; i++)
    {
      TramaFlowChange change = g_array_index (changes, TramaFlowChange, i);
      guint place = i;

      for (; place > 0 && compare_changes (&g_array_index (changes, TramaFlowChange, place - 1), &change) > 0;
           place--)
        g_array_index (changes, TramaFlowChange, place) = g_array_index (changes, TramaFlowChange, place - 1);
      g_array_index (changes, TramaFlowChange, place) = change;
      if (i - place > moves_left)
        return FALSE;
      moves_left -= i - place;
    }
  return TRUE;
}

/* Brings the changes into order, leaves out the withdrawn. */
static void
finish_changes (TramaFlowTable *table)
{
  guint kept = 0;

  for (guint i = 0; i < table->changes->len; i++)
    {
      TramaFlowChange change = g_array_index (table->changes, TramaFlowChange, i);

      if (change.state == TRAMA_TCP_UNKNOWN)
        continue;
      g_array_index (table->changes, TramaFlowChange, kept++) = change;
    }
  g_array_set_size (table->changes, kept);
  if (!move_changes (table->changes))
    g_array_sort (table->changes, compare_changes);
}

static void
free_following (Build *build)
{
  for (guint i = 0; i < build->following->len; i++)
    for (guint side = 0; side < 2; side++)
      trama_sent_space_clear (&following_at (build, i)->sent[side].space);
  g_array_unref (build->following);
}

TramaFlowBuild *
trama_flow_build_new (TramaFlowTable *table)
{
  TramaFlowBuild *build = g_new0 (TramaFlowBuild, 1);

  build->table = table;
  build->following = g_array_new (FALSE, FALSE, sizeof (Following));
  build->next_same = g_array_new (FALSE, FALSE, sizeof (guint32));
  build->n_slots = 64;
  build->slots = g_new0 (guint32, build->n_slots);
  build->samples = sort_samples (table->store);
  build->sampled_state = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  if (trama_store_n_calls (table->store) > 0)
    build->wakeups = g_array_new (FALSE, FALSE, sizeof (TramaWakeup));
  follow_listeners (build);
  return build;
}

void
trama_flow_build_free (TramaFlowBuild *build)
{
  if (build == NULL)
    return;
  free_following (build);
  trama_fragments_free (build->fragments);
  g_array_unref (build->next_same);
  g_array_unref (build->samples);
  g_hash_table_unref (build->sampled_state);
  g_clear_pointer (&build->wakeups, g_array_unref);
  g_free (build->slots);
  g_free (build);
}

guint
trama_flow_build_get_position (const TramaFlowBuild *build)
{
  return build->next_position;
}

void
trama_flow_build_follow (TramaFlowBuild *build, guint max_packets)
{
  TramaStore *store = build->table->store;
  GArray *conversations = build->table->conversations;
  guint n_packets = trama_store_n_packets (store);
  guint end = build->next_position + MIN (max_packets, n_packets - build->next_position);
  guint known = conversations->len;

  if (known < n_packets)
    {
      g_array_set_size (conversations, n_packets);
      memset (&g_array_index (conversations, guint32, known), 0xff, (n_packets - known) * sizeof (guint32));
    }
  for (; build->next_position < end; build->next_position++)
    {
      guint packet = trama_store_packet_at (store, build->next_position);
      TramaPacket record;

      trama_store_get_packet (store, packet, &record);
      weigh_samples_before (build, record.time_ns);
      follow_packet (build, packet);
    }
}

GArray *
trama_flow_build_finish (TramaFlowBuild *build)
{
  weigh_samples_before (build, G_MAXINT64);
  trama_flow_match_sockets (build->table, (const guint32 *) (gconstpointer) build->next_same->data);
  finish_changes (build->table);
  return g_steal_pointer (&build->wakeups);
}
