/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/counts.h"
#include "core/flow/flow_private.h"
#include "core/flow/fragments.h"
#include "core/flow/pairs.h"
#include "core/flow/sent_space.h"
#include "core/flow/tcp_state.h"

#include <netinet/in.h>

/* How the first sequence number of a side is known. */
typedef enum
{
  BASE_UNKNOWN,
  BASE_ACKNOWLEDGED, /* by its peer */
  BASE_SENT,
} Base;

/* What is needed of a flow only while the packets are followed. There may be millions of them. */
typedef struct
{
  TramaTcpConversation tcp;
  TramaSentSpace sent[2]; /* of data and FIN */
  guint8 syns[2];         /* TRAMA_SENT_SYN, TRAMA_SENT_SYN_ACK */
  guint8 base[2];         /* Base */
} Following;

G_STATIC_ASSERT (sizeof (Following) <= 80);

/* A packet that is read, and not followed yet. */
typedef struct
{
  TramaDecoded decoded;
  gint64 time_ns;
  guint packet;
  guint32 hash;        /* of its endpoints */
  gboolean is_of_flow; /* or at least a later fragment */
} Arrival;

/* That many are read ahead, so that the memory of their flows comes while others are followed. */
#define N_ARRIVALS 32
#define CACHE_LINE_BYTES 64

struct _TramaFlowBuild
{
  TramaFlowTable *table;
  guint next_position; /* packets before it, in order of time, are followed */

  TramaPairs pairs;      /* endpoints → the latest flow */
  TramaColumn following; /* of Following, by flow */
  TramaColumn next_same; /* of guint32, by flow; TRAMA_FLOW_NONE */
  GArray *wakeups;       /* of TramaWakeup */

  GArray *samples;           /* of guint, indices of states by time */
  guint next_sample;         /* the first not yet weighed */
  GHashTable *sampled_state; /* socket without a flow → its state, from samples alone */

  TramaFragments *fragments; /* NULL until there is one */
};

typedef TramaFlowBuild Build;

static Following *
following_at (const Build *build, guint flow)
{
  return &trama_column_index (&build->following, Following, flow);
}

/* @previous is the flow before it with its endpoints; TRAMA_FLOW_NONE. */
static guint
add_flow (Build *build, guint32 previous, const Arrival *arrival)
{
  guint32 index = build->table->flows.len;

  trama_column_add (&build->table->flows, TramaFlow) = (TramaFlow){
    .protocol = arrival->decoded.protocol,
    .endpoint = { arrival->decoded.source, arrival->decoded.destination },
    .first_ns = arrival->time_ns,
    .phase_ns = { TRAMA_TIME_NONE, TRAMA_TIME_NONE, TRAMA_TIME_NONE, TRAMA_TIME_NONE },
  };
  trama_column_add (&build->following, Following) = (Following){ 0 };
  trama_column_add (&build->next_same, guint32) = TRAMA_FLOW_NONE;
  if (previous != TRAMA_FLOW_NONE)
    trama_column_index (&build->next_same, guint32, previous) = index;
  trama_pairs_set (&build->pairs, arrival->hash, previous, index);
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
  const TramaTcpSide *sender = &following->tcp.side[side], *peer = &following->tcp.side[!side];

  if (!(decoded->tcp_flags & TRAMA_TCP_SYN) || (decoded->tcp_flags & TRAMA_TCP_RST))
    return FALSE;
  if (!(decoded->tcp_flags & TRAMA_TCP_ACK) && trama_tcp_is_over (&following->tcp))
    return TRUE;
  if (sender->syn_sent)
    return sender->isn != decoded->sequence;
  if ((decoded->tcp_flags & TRAMA_TCP_ACK) && peer->syn_sent && peer->isn + 1 == decoded->acknowledgment)
    return FALSE;
  if (sender->state == TRAMA_TCP_UNKNOWN && following->base[side] != BASE_SENT
      && peer->state < TRAMA_TCP_ESTABLISHED)
    return FALSE; /* what was acknowledged may have been anything */
  return !is_known_base (flow, following, side, decoded->sequence);
}

static gboolean
joins (Build *build, guint index, guint side, const TramaDecoded *decoded)
{
  Following *following = following_at (build, index);

  if (decoded->protocol != IPPROTO_TCP)
    return TRUE;
  if (trama_tcp_insists (&following->tcp, side, decoded->tcp_flags, decoded->sequence))
    {
      following->tcp = (TramaTcpConversation){ 0 };
      return TRUE;
    }
  return !opens_anew (trama_flow_at (build->table, index), following, side, decoded);
}

static guint
find_flow (Build *build, const Arrival *arrival, guint *side)
{
  const TramaDecoded *decoded = &arrival->decoded;
  guint32 latest = trama_pairs_find (&build->pairs, arrival->hash, decoded->protocol, &decoded->source,
                                     &decoded->destination, side);

  if (latest != TRAMA_FLOW_NONE && joins (build, latest, *side, decoded))
    return latest;
  *side = 0;
  return add_flow (build, latest, arrival);
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

  if (following->base[side] < base || (flags & (TRAMA_TCP_SYN | TRAMA_TCP_RST)) == TRAMA_TCP_SYN)
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
add_wakeup (Build *build, const Arrival *arrival, guint flow, guint side, guint8 wakes)
{
  TramaWakeup wakeup = { arrival->time_ns, arrival->packet, flow, (guint8) side, wakes };

  if (wakes != 0 && build->wakeups != NULL)
    g_array_append_val (build->wakeups, wakeup);
}

static void
follow_tcp (Build *build, const Arrival *arrival, guint index, guint side)
{
  const TramaDecoded *decoded = &arrival->decoded;
  TramaFlow *flow = trama_flow_at (build->table, index);
  Following *following = following_at (build, index);
  guint to = trama_endpoint_equal (&flow->endpoint[0], &flow->endpoint[1]) ? side : !side;
  TramaTcpSegment segment = {
    .at = arrival->packet,
    .from = (guint8) side,
    .to = (guint8) to,
    .flags = decoded->tcp_flags,
    .sequence = decoded->sequence,
    .acknowledgment = decoded->acknowledgment,
    .payload_bytes = decoded->payload_bytes,
  };
  TramaTcpEffect effect;

  if (trama_counts_add (&flow->tcp[side], &following->sent[side], &following->syns[side], decoded))
    trama_column_index (&build->table->kinds, guint8, arrival->packet) |= TRAMA_FLOW_RESENT;
  follow_sequence (flow, following, side, decoded);
  trama_tcp_observe (&following->tcp, &segment, &effect);
  for (guint i = 0; i < effect.n; i++)
    {
      const TramaTcpTransition *transition = &effect.transitions[i];

      if (transition->withdraws)
        trama_flow_withdraw_change (build->table, transition->at, transition->side);
      else
        trama_flow_add_change (build->table, transition->at, transition->side, transition->state);
    }
  add_wakeup (build, arrival, index, to, effect.wakes);
}

/* The length of a UDP datagram stands in its first fragment; of what else comes in parts, each brings its own. */
static void
add_fragment (Build *build, guint packet, gint64 time_ns, guint32 payload_bytes, guint32 conversation)
{
  TramaFlow *flow = trama_flow_at (build->table, conversation >> 1);

  trama_column_index (&build->table->conversations, guint32, packet) = conversation;
  flow->last_ns = MAX (flow->last_ns, time_ns);
  flow->packets[conversation & 1]++;
  if (flow->protocol != IPPROTO_UDP)
    flow->payload_bytes[conversation & 1] += payload_bytes;
}

static void
follow_fragment (Build *build, const Arrival *arrival)
{
  const TramaDecoded *decoded = &arrival->decoded;
  guint32 conversation;

  if (build->fragments == NULL)
    build->fragments = trama_fragments_new ();
  if (trama_fragments_find (build->fragments, decoded, &conversation))
    add_fragment (build, arrival->packet, arrival->time_ns, decoded->payload_bytes, conversation);
  else
    trama_fragments_hold (build->fragments, decoded, arrival->packet);
}

static void
remember_fragment (Build *build, const TramaDecoded *decoded, guint32 conversation)
{
  g_autoptr (GArray) held = NULL;

  if (build->fragments == NULL)
    build->fragments = trama_fragments_new ();
  trama_fragments_add (build->fragments, decoded, conversation);
  held = trama_fragments_take (build->fragments, decoded);
  for (guint i = 0; held != NULL && i < held->len; i++)
    {
      guint32 packet = g_array_index (held, guint32, i);
      TramaDecoded later;
      gint64 time_ns;

      if (trama_flow_read_headers (build->table->store, packet, &time_ns, &later))
        add_fragment (build, packet, time_ns, later.payload_bytes, conversation);
    }
}

static void
follow_packet (Build *build, const Arrival *arrival)
{
  const TramaDecoded *decoded = &arrival->decoded;
  TramaFlow *flow;
  guint32 conversation;
  guint index, side;

  if (!arrival->is_of_flow)
    return;
  trama_column_index (&build->table->kinds, guint8, arrival->packet) = trama_flow_segment_kind (decoded);
  if (decoded->fragment == TRAMA_FRAGMENT_LATER)
    {
      follow_fragment (build, arrival);
      return;
    }
  index = find_flow (build, arrival, &side);
  conversation = index << 1 | side;
  trama_column_index (&build->table->conversations, guint32, arrival->packet) = conversation;
  if (decoded->fragment == TRAMA_FRAGMENT_FIRST)
    remember_fragment (build, decoded, conversation);
  flow = trama_flow_at (build->table, index);
  flow->last_ns = arrival->time_ns;
  flow->packets[side]++;
  flow->payload_bytes[side] += MAX (decoded->payload_bytes, decoded->datagram_bytes);
  follow_phases (flow, decoded, arrival->time_ns);
  if (decoded->protocol == IPPROTO_TCP)
    follow_tcp (build, arrival, index, side);
  else
    add_wakeup (build, arrival, index, !side, TRAMA_TCP_WAKES_READER);
}

/* Reads it, and asks for the slot of its endpoints. */
static void
read_arrival (const Build *build, guint position, Arrival *arrival)
{
  TramaStore *store = build->table->store;
  const TramaDecoded *decoded = &arrival->decoded;

  arrival->packet = trama_store_packet_at (store, position);
  arrival->is_of_flow = trama_flow_read_headers (store, arrival->packet, &arrival->time_ns,
                                                 &arrival->decoded);
  if (!arrival->is_of_flow)
    return;
  arrival->hash = trama_pairs_hash (&build->pairs, decoded->protocol, &decoded->source,
                                    &decoded->destination);
  trama_pairs_prefetch (&build->pairs, arrival->hash);
}

static void
prefetch (gconstpointer memory, gsize size)
{
  for (gsize at = 0; at < size; at += CACHE_LINE_BYTES)
    __builtin_prefetch ((const guint8 *) memory + at);
}

/* Asks for the flow that it will probably be found to be of. */
static void
prefetch_flow (const Build *build, const Arrival *arrival)
{
  guint32 flow = arrival->is_of_flow ? trama_pairs_guess (&build->pairs, arrival->hash) : TRAMA_FLOW_NONE;

  if (flow == TRAMA_FLOW_NONE)
    return;
  prefetch (trama_flow_at (build->table, flow), sizeof (TramaFlow));
  prefetch (following_at (build, flow), sizeof (Following));
}

static void
add_change_alone (TramaFlowTable *table, guint64 socket, guint8 state, gint64 time_ns)
{
  TramaToldChange told = { time_ns, socket, TRAMA_FLOW_NONE };

  trama_flow_add_told_change (table, &told, 0, state);
}

/* A socket whose packets are not there, or which has none: LISTEN, or a trace of calls only. */
static void
weigh_alone (Build *build, const TramaSocketState *sample)
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
is_old_news (const Build *build, const TramaSocketState *sample, guint flow, guint side)
{
  const TramaTcpConversation *tcp = &following_at (build, flow)->tcp;

  /* Linux leaves the TIME-WAIT to a smaller socket that nobody has a descriptor of, and closes this one. */
  if (sample->tcp_state == TRAMA_TCP_CLOSED && tcp->side[side].state == TRAMA_TCP_TIME_WAIT)
    return TRUE;
  if (!trama_tcp_was_in (tcp, side, sample->tcp_state))
    return FALSE;
  return tcp->side[side].state == sample->tcp_state
         || trama_flow_has_changed_since (build->table, flow, side, sample->time_ns - TRAMA_SAMPLE_GRACE_NS);
}

static void
weigh_sample (Build *build, const TramaSocketState *sample)
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
      || is_old_news (build, sample, told.flow, side))
    return;
  trama_tcp_set_state (&following_at (build, told.flow)->tcp, side, sample->tcp_state);
  trama_flow_add_told_change (build->table, &told, side, sample->tcp_state);
}

static void
weigh_samples_before (Build *build, gint64 time_ns)
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
      add_change_alone (table, id, TRAMA_TCP_LISTEN, call->exit_ns);
      if (socket->closed_ns != TRAMA_TIME_NONE)
        add_change_alone (table, id, TRAMA_TCP_CLOSED, socket->closed_ns);
    }
}

static void
free_following (Build *build)
{
  for (guint i = 0; i < build->following.len; i++)
    for (guint side = 0; side < 2; side++)
      trama_sent_space_clear (&following_at (build, i)->sent[side]);
  trama_column_clear (&build->following);
}

TramaFlowBuild *
trama_flow_build_new (TramaFlowTable *table)
{
  TramaFlowBuild *build = g_new0 (TramaFlowBuild, 1);

  build->table = table;
  trama_pairs_init (&build->pairs, &table->flows);
  trama_column_init (&build->following, sizeof (Following));
  trama_column_init (&build->next_same, sizeof (guint32));
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
  trama_pairs_clear (&build->pairs);
  trama_column_clear (&build->next_same);
  g_array_unref (build->samples);
  g_hash_table_unref (build->sampled_state);
  g_clear_pointer (&build->wakeups, g_array_unref);
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
  guint n_packets = trama_store_n_packets (store);
  guint end = build->next_position + MIN (max_packets, n_packets - build->next_position);
  Arrival arrivals[N_ARRIVALS];

  trama_column_fill (&build->table->conversations, n_packets, 0xff);
  trama_column_fill (&build->table->kinds, n_packets, TRAMA_SEGMENT_OTHER);
  while (build->next_position < end)
    {
      guint n = MIN (end - build->next_position, N_ARRIVALS);

      for (guint i = 0; i < n; i++)
        read_arrival (build, build->next_position + i, &arrivals[i]);
      for (guint i = 0; i < n; i++)
        prefetch_flow (build, &arrivals[i]);
      for (guint i = 0; i < n; i++)
        {
          weigh_samples_before (build, arrivals[i].time_ns);
          follow_packet (build, &arrivals[i]);
        }
      build->next_position += n;
    }
}

GArray *
trama_flow_build_finish (TramaFlowBuild *build)
{
  weigh_samples_before (build, G_MAXINT64);
  free_following (build); /* what follows may need memory of its own */
  trama_flow_match_sockets (build->table, &build->next_same);
  trama_flow_finish_changes (build->table);
  return g_steal_pointer (&build->wakeups);
}
