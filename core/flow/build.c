/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/build_private.h"
#include "core/flow/counts.h"
#include "core/flow/icmp_errors.h"

#include <netinet/in.h>
#include <string.h>

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

typedef TramaFlowBuild Build;

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
  trama_column_add (&build->following, TramaFollowing) = (TramaFollowing){ .older = previous };
  trama_column_add (&build->next_same, guint32) = TRAMA_FLOW_NONE;
  if (previous != TRAMA_FLOW_NONE)
    trama_column_index (&build->next_same, guint32, previous) = index;
  trama_pairs_set (&build->pairs, arrival->hash, previous, index);
  return index;
}

/* The number that its SYN had or must have had, as the rest of the handshake told before it came. */
static gboolean
is_known_base (const TramaFlow *flow, const TramaFollowing *following, guint side, guint32 sequence)
{
  return following->base[side] != TRAMA_BASE_UNKNOWN && flow->first_sequence[side] == sequence;
}

/* A port pair is used again: after a close, or by a SYN with another initial sequence number. */
static gboolean
opens_anew (const TramaFlow *flow, const TramaFollowing *following, guint side, const TramaDecoded *decoded)
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
  if (sender->state == TRAMA_TCP_UNKNOWN && following->base[side] != TRAMA_BASE_SENT
      && peer->state < TRAMA_TCP_ESTABLISHED)
    return FALSE; /* what was acknowledged may have been anything */
  return !is_known_base (flow, following, side, decoded->sequence);
}

static gboolean
joins (Build *build, guint index, guint side, const Arrival *arrival)
{
  const TramaDecoded *decoded = &arrival->decoded;
  TramaFollowing *following = trama_following_at (build, index);

  if (decoded->protocol != IPPROTO_TCP)
    return TRUE;
  if (trama_tcp_insists (&following->tcp, side, decoded->tcp_flags, decoded->sequence))
    {
      following->tcp = (TramaTcpConversation){ 0 };
      trama_flow_at (build->table, index)->denial = TRAMA_DENIAL_NONE;
      return TRUE;
    }
  return trama_torn_joins (build->torn, index, arrival->packet, decoded)
         || !opens_anew (trama_flow_at (build->table, index), following, side, decoded);
}

/*
 * RFC 9293, figures 9 and 10: while a new connection opens, who still has the old one
 * answers with its numbers, and is answered with a reset that has them, too. Who goes on
 * with them has not sent the SYN (RFC 5961, section 4).
 */
static gboolean
is_of_older (const TramaFollowing *following, guint side, const TramaDecoded *decoded)
{
  const TramaTcpSide *sender = &following->tcp.side[side], *peer = &following->tcp.side[!side];

  if (decoded->tcp_flags & TRAMA_TCP_SYN)
    return FALSE;
  if (sender->state == TRAMA_TCP_UNKNOWN && peer->state == TRAMA_TCP_SYN_SENT)
    return (decoded->tcp_flags & TRAMA_TCP_ACK) && decoded->acknowledgment != peer->isn + 1;
  if (sender->state != TRAMA_TCP_SYN_SENT || peer->state != TRAMA_TCP_UNKNOWN)
    return FALSE;
  if (decoded->tcp_flags & TRAMA_TCP_RST)
    return decoded->sequence != sender->isn + 1;
  return !trama_tcp_is_of_opening (sender, decoded->sequence);
}

/* @found, or the one before it, when the packet still belongs to that. */
static guint32
choose_flow (Build *build, guint32 found, guint *side, const TramaDecoded *decoded)
{
  TramaFollowing *following = trama_following_at (build, found);
  guint32 older = following->older;

  if (older == TRAMA_FLOW_NONE || decoded->protocol != IPPROTO_TCP)
    return found;
  if (!is_of_older (following, *side, decoded))
    {
      if (following->tcp.side[!*side].state >= TRAMA_TCP_ESTABLISHED)
        following->older = TRAMA_FLOW_NONE;
      return found;
    }
  *side = !trama_endpoint_equal (&decoded->source, &trama_flow_at (build->table, older)->endpoint[0]);
  return older;
}

static guint
find_flow (Build *build, const Arrival *arrival, guint *side)
{
  const TramaDecoded *decoded = &arrival->decoded;
  guint32 latest = trama_pairs_find (&build->pairs, arrival->hash, decoded->protocol, &decoded->source,
                                     &decoded->destination, side);

  if (latest != TRAMA_FLOW_NONE && joins (build, latest, *side, arrival))
    return choose_flow (build, latest, side, decoded);
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
  if (flags & TRAMA_TCP_FIN)
    begin_phase (flow, TRAMA_PHASE_TEARDOWN, time_ns);
}

/* A reset that nobody takes ends nothing. */
static void
follow_reset (TramaFlow *flow, const TramaTcpConversation *tcp, gint64 time_ns)
{
  if (tcp->side[0].state == TRAMA_TCP_CLOSED || tcp->side[1].state == TRAMA_TCP_CLOSED)
    begin_phase (flow, TRAMA_PHASE_TEARDOWN, time_ns);
}

/* It was no reset that closed it. */
static void
withdraw_teardown (TramaFlow *flow, const TramaTcpConversation *tcp)
{
  if (!tcp->side[0].fin_sent && !tcp->side[1].fin_sent)
    flow->phase_ns[TRAMA_PHASE_TEARDOWN] = TRAMA_TIME_NONE;
}

/*
 * What comes again is the oldest that is not acknowledged, or asks with the number before
 * the next (RFC 9293, section 3.8.4) whether anybody is there.
 */
static void
follow_silence (TramaFlow *flow,
                TramaFollowing *following,
                guint side,
                const TramaDecoded *decoded,
                gboolean is_resent)
{
  const TramaTcpSide *sender = &following->tcp.side[side], *peer = &following->tcp.side[!side];
  gboolean asks = decoded->tcp_flags == TRAMA_TCP_ACK && decoded->payload_bytes == 0 && sender->syn_sent
                  && peer->expects && decoded->sequence == peer->expected - 1;

  flow->unanswered[!side] = 0;
  if (!is_resent && !asks)
    return;
  if (following->again != decoded->sequence)
    flow->unanswered[side] = 0;
  following->again = decoded->sequence;
  if (flow->unanswered[side] < G_MAXUINT8)
    flow->unanswered[side]++;
}

/* A reset takes its number from what it answers; it tells nothing of its sender's. */
static void
follow_sequence (TramaFlow *flow, TramaFollowing *following, guint side, const TramaDecoded *decoded)
{
  guint8 flags = decoded->tcp_flags;
  TramaBase base = flags & TRAMA_TCP_RST ? TRAMA_BASE_ACKNOWLEDGED : TRAMA_BASE_SENT;

  if (following->base[side] < base || (flags & (TRAMA_TCP_SYN | TRAMA_TCP_RST)) == TRAMA_TCP_SYN)
    {
      flow->first_sequence[side] = decoded->sequence - (flags & TRAMA_TCP_SYN ? 0 : 1);
      following->base[side] = (guint8) base;
    }
  if ((flags & TRAMA_TCP_ACK) && following->base[!side] == TRAMA_BASE_UNKNOWN)
    {
      flow->first_sequence[!side] = decoded->acknowledgment - 1;
      following->base[!side] = TRAMA_BASE_ACKNOWLEDGED;
    }
}

/* It may be no more than what a full accept queue makes of the handshake: tcp_abort_on_overflow, tcp(7). */
static gboolean
answers_handshake (const TramaFlow *flow, guint side)
{
  return flow->packets[side] == flow->tcp[side].syn + flow->tcp[side].rst && flow->tcp[side].syn > 0
         && flow->payload_bytes[!side] == 0 && flow->tcp[!side].fin == 0;
}

/*
 * Who has no such connection takes the number of its reset from what it answers, and acknowledges nothing
 * (RFC 9293, section 3.10.7.1). Who aborts one sends its next number, and Linux an acknowledgment with it.
 */
static void
follow_denial (TramaFlow *flow, TramaFollowing *following, guint side, const TramaDecoded *decoded)
{
  if (!(decoded->tcp_flags & TRAMA_TCP_RST))
    {
      if (decoded->tcp_flags & TRAMA_TCP_ACK)
        following->acknowledgment = decoded->acknowledgment;
      return;
    }
  if (decoded->tcp_flags & TRAMA_TCP_ACK)
    flow->disowns[side] = FALSE;
  else if (flow->tcp[side].rst == 1) /* the next may answer what came when it had aborted */
    flow->disowns[side] = decoded->sequence == following->acknowledgment && flow->packets[!side] > 0
                          && !answers_handshake (flow, side);
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
  TramaFollowing *following = trama_following_at (build, index);
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
  gboolean is_resent = trama_counts_add (&flow->tcp[side], &following->sent[side], &following->syns[side],
                                         decoded);

  if (is_resent)
    trama_column_index (&build->table->kinds, guint8, arrival->packet) |= TRAMA_FLOW_RESENT;
  follow_sequence (flow, following, side, decoded);
  if (trama_torn_is_before (build->torn, index, arrival->packet))
    return; /* the states have gone on from there */
  follow_silence (flow, following, side, decoded, is_resent);
  follow_denial (flow, following, side, decoded);
  trama_tcp_observe (&following->tcp, &segment, &effect);
  for (guint i = 0; i < effect.n; i++)
    {
      const TramaTcpTransition *transition = &effect.transitions[i];

      if (transition->withdraws)
        trama_flow_withdraw_change (build->table, transition->at, transition->side);
      else
        trama_flow_add_change (build->table, transition->at, transition->side, transition->state);
      if (transition->withdraws)
        withdraw_teardown (flow, &following->tcp);
    }
  if (decoded->tcp_flags & TRAMA_TCP_RST)
    follow_reset (flow, &following->tcp, arrival->time_ns);
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
prepare_for_fragments (Build *build)
{
  if (build->fragments == NULL)
    build->fragments = trama_fragments_new ();
  build->table->has_fragments = TRUE;
}

static void
follow_fragment (Build *build, const Arrival *arrival)
{
  const TramaDecoded *decoded = &arrival->decoded;
  guint32 conversation;

  prepare_for_fragments (build);
  if (trama_fragments_find (build->fragments, decoded, &conversation))
    {
      const TramaCopyInput input = { decoded, arrival->time_ns, arrival->packet, arrival->hash };

      add_fragment (build, arrival->packet, arrival->time_ns, decoded->payload_bytes, conversation);
      trama_flow_remember (build, &input, conversation);
    }
  else
    trama_fragments_hold (build->fragments, decoded, arrival->packet);
}

static void
remember_fragment (Build *build, const TramaDecoded *decoded, guint32 conversation)
{
  g_autoptr (GArray) held = NULL;

  prepare_for_fragments (build);
  trama_fragments_add (build->fragments, decoded, conversation);
  held = trama_fragments_take (build->fragments, decoded);
  for (guint i = 0; held != NULL && i < held->len; i++)
    {
      guint32 packet = g_array_index (held, guint32, i);
      TramaDecoded later;
      gint64 time_ns;

      if (trama_flow_read_headers (build->table->store, packet, &time_ns, &later))
        {
          add_fragment (build, packet, time_ns, later.payload_bytes, conversation);
          build->table->n_amended++;
        }
    }
}

/* An error ends an attempt (RFC 9293, section 3.9.2.2), as long as its SYN is the last that was sent. */
static void
follow_error (Build *build, const Arrival *arrival)
{
  TramaToldChange told = { arrival->time_ns, TRAMA_SOCKET_NONE, TRAMA_FLOW_NONE };
  const TramaEndpoint *from, *to;
  TramaIcmpQuotation quotation;
  TramaDenial denial;
  TramaTcpSide *sender;
  guint32 sequence;
  guint side;

  if (!trama_icmp_read_error (build->table->store, arrival->packet, &arrival->decoded, &quotation)
      || quotation.protocol != IPPROTO_TCP)
    return;
  from = &quotation.source;
  to = &quotation.destination;
  denial = trama_icmp_find_denial (arrival->decoded.ip_version, quotation.type, quotation.code);
  told.flow = trama_pairs_find (&build->pairs, trama_pairs_hash (&build->pairs, IPPROTO_TCP, from, to),
                                IPPROTO_TCP, from, to, &side);
  if (denial == TRAMA_DENIAL_NONE || told.flow == TRAMA_FLOW_NONE)
    return;
  sender = &trama_following_at (build, told.flow)->tcp.side[side];
  memcpy (&sequence, quotation.transport + 4, sizeof sequence);
  if (sender->state != TRAMA_TCP_SYN_SENT || sender->isn != g_ntohl (sequence))
    return;
  trama_flow_at (build->table, told.flow)->denial = (guint8) denial;
  begin_phase (trama_flow_at (build->table, told.flow), TRAMA_PHASE_TEARDOWN, arrival->time_ns);
  trama_tcp_set_state (&trama_following_at (build, told.flow)->tcp, side, TRAMA_TCP_CLOSED);
  trama_flow_add_told_change (build->table, &told, side, TRAMA_TCP_CLOSED);
}

/* A SYN says nothing of a window yet that is in use, and after a RST there is none. */
static guint8
get_kind (const TramaDecoded *decoded)
{
  guint8 kind = trama_flow_segment_kind (decoded);

  if (decoded->protocol == IPPROTO_TCP && decoded->fragment != TRAMA_FRAGMENT_LATER && decoded->window == 0
      && kind != TRAMA_SEGMENT_SYN && kind != TRAMA_SEGMENT_RST)
    kind |= TRAMA_FLOW_ZERO_WINDOW;
  return kind;
}

static void
follow_packet (Build *build, const Arrival *arrival)
{
  const TramaDecoded *decoded = &arrival->decoded;
  const TramaCopyInput input = { decoded, arrival->time_ns, arrival->packet, arrival->hash };
  TramaFlow *flow;
  guint32 conversation;
  guint index, side;

  if (!arrival->is_of_flow)
    return;
  trama_column_index (&build->table->kinds, guint8, arrival->packet) = get_kind (decoded);
  if (trama_flow_follow_copy (build, &input, &conversation))
    {
      if (decoded->protocol != IPPROTO_TCP
          && decoded->fragment != TRAMA_FRAGMENT_LATER) /* it may be read, too */
        add_wakeup (build, arrival, conversation >> 1, !(conversation & 1), TRAMA_TCP_WAKES_READER);
      return;
    }
  if (decoded->fragment == TRAMA_FRAGMENT_LATER)
    {
      follow_fragment (build, arrival);
      return;
    }
  index = find_flow (build, arrival, &side);
  conversation = index << 1 | side;
  trama_column_index (&build->table->conversations, guint32, arrival->packet) = conversation;
  trama_flow_remember (build, &input, conversation);
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
  if (decoded->protocol == IPPROTO_ICMP || decoded->protocol == IPPROTO_ICMPV6)
    follow_error (build, arrival);
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
  prefetch (trama_following_at (build, flow), sizeof (TramaFollowing));
}

static void
free_following (Build *build)
{
  for (guint i = 0; i < build->following.len; i++)
    for (guint side = 0; side < 2; side++)
      trama_sent_space_clear (&trama_following_at (build, i)->sent[side]);
  trama_column_clear (&build->following);
}

TramaFlowBuild *
trama_flow_build_new (TramaFlowTable *table)
{
  TramaFlowBuild *build = g_new0 (TramaFlowBuild, 1);

  build->table = table;
  build->torn = trama_torn_new (table);
  trama_pairs_init (&build->pairs, &table->flows);
  trama_copies_init (&build->copies, table->store);
  trama_column_init (&build->following, sizeof (TramaFollowing));
  trama_column_init (&build->next_same, sizeof (guint32));
  trama_flow_sort_samples (build);
  build->sampled_state = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  if (trama_store_n_calls (table->store) > 0)
    build->wakeups = g_array_new (FALSE, FALSE, sizeof (TramaWakeup));
  trama_flow_follow_listeners (build);
  return build;
}

void
trama_flow_build_free (TramaFlowBuild *build)
{
  if (build == NULL)
    return;
  free_following (build);
  trama_matching_free (build->matching);
  trama_fragments_free (build->fragments);
  trama_torn_free (build->torn);
  trama_pairs_clear (&build->pairs);
  trama_copies_clear (&build->copies);
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
  guint n_known = trama_store_is_in_order (store) ? end : n_packets;
  Arrival arrivals[N_ARRIVALS];

  trama_column_fill (&build->table->conversations, n_known, 0xff);
  trama_column_fill (&build->table->kinds, n_known, TRAMA_SEGMENT_OTHER);
  while (build->next_position < end)
    {
      guint n = MIN (end - build->next_position, N_ARRIVALS);

      for (guint i = 0; i < n; i++)
        read_arrival (build, build->next_position + i, &arrivals[i]);
      for (guint i = 0; i < n; i++)
        prefetch_flow (build, &arrivals[i]);
      for (guint i = 0; i < n; i++)
        {
          trama_flow_weigh_samples_before (build, arrivals[i].time_ns);
          follow_packet (build, &arrivals[i]);
        }
      build->next_position += n;
    }
}

gboolean
trama_flow_build_finish (TramaFlowBuild *build, guint max)
{
  if (build->matching == NULL)
    {
      trama_flow_weigh_samples_before (build, G_MAXINT64);
      free_following (build); /* what follows may need memory of its own */
      build->matching = trama_matching_new (build->table, &build->next_same);
      return TRUE;
    }
  if (trama_matching_step (build->matching, max))
    return TRUE;
  trama_flow_finish_changes (build->table);
  return FALSE;
}

GArray *
trama_flow_build_take_wakeups (TramaFlowBuild *build)
{
  return g_steal_pointer (&build->wakeups);
}
