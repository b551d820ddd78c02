/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/why/walk.h"

#include "core/flow/icmp_errors.h"

#include <netinet/in.h>

/* No full segment is smaller than the default MSS: RFC 9293, section 3.7.1. */
#define FULL_MIN_BYTES 536

/* An acknowledgment that comes so much later than a round trip takes was delayed: RFC 9293, section 3.8.6.3. */
#define HELD_MIN_NS (20 * G_GINT64_CONSTANT (1000000))

/* What an acknowledgment lets go leaves at once. */
#define RELEASE_MAX_NS (2 * G_GINT64_CONSTANT (1000000))

static guint
hash_pair (gconstpointer key)
{
  const TramaFlow *flow = key;
  guint hash = flow->protocol;

  for (guint side = 0; side < 2; side++)
    {
      guint one = flow->endpoint[side].port * 2654435761u;

      for (guint i = 0; i < sizeof flow->endpoint[side].address; i++)
        one = one * 31 + flow->endpoint[side].address[i];
      hash += one; /* the same for both directions */
    }
  return hash;
}

static gboolean
is_same_pair (gconstpointer a, gconstpointer b)
{
  const TramaFlow *x = a, *y = b;

  if (x->protocol != y->protocol)
    return FALSE;
  return (trama_endpoint_equal (&x->endpoint[0], &y->endpoint[0])
          && trama_endpoint_equal (&x->endpoint[1], &y->endpoint[1]))
         || (trama_endpoint_equal (&x->endpoint[0], &y->endpoint[1])
             && trama_endpoint_equal (&x->endpoint[1], &y->endpoint[0]));
}

static void
clear_talks (TramaCase *evidence)
{
  static const TramaTalkSide nothing = {
    .syn = TRAMA_CASE_NONE,
    .last_syn = TRAMA_CASE_NONE,
    .after_syn = TRAMA_CASE_NONE,
    .fin = TRAMA_CASE_NONE,
    .rst = TRAMA_CASE_NONE,
    .ignored = TRAMA_CASE_NONE,
    .first_data = TRAMA_CASE_NONE,
    .last_data = TRAMA_CASE_NONE,
    .last = TRAMA_CASE_NONE,
    .keep_alive = TRAMA_CASE_NONE,
    .unseen = TRAMA_CASE_NONE,
    .doubled = TRAMA_CASE_NONE,
    .shut = TRAMA_CASE_NONE,
    .shut_most = TRAMA_CASE_NONE,
    .held = TRAMA_CASE_NONE,
    .before_held = TRAMA_CASE_NONE,
    .again = { TRAMA_CASE_NONE, TRAMA_CASE_NONE, TRAMA_CASE_NONE, TRAMA_CASE_NONE, TRAMA_CASE_NONE,
               TRAMA_CASE_NONE },
  };
  g_autoptr (GHashTable) latest = g_hash_table_new (hash_pair, is_same_pair);
  guint n = trama_flow_table_n_flows (evidence->table);

  evidence->talks = g_new (TramaTalk, n);
  for (guint i = 0; i < n; i++)
    {
      TramaFlow *flow = (TramaFlow *) trama_flow_table_get_flow (evidence->table, i);
      gpointer before;
      gboolean found = g_hash_table_lookup_extended (latest, flow, NULL, &before);

      evidence->talks[i] = (TramaTalk){
        .side = { nothing, nothing },
        .earlier = found ? GPOINTER_TO_UINT (before) : TRAMA_FLOW_NONE,
        .unreachable = TRAMA_CASE_NONE,
      };
      g_hash_table_replace (latest, flow, GUINT_TO_POINTER (i));
    }
}

static void
note_first (guint32 *place, guint32 packet)
{
  if (*place == TRAMA_CASE_NONE)
    *place = packet;
}

static void
note_window (const TramaCase *evidence, TramaTalkSide *own, guint packet, guint32 labels, guint8 flags)
{
  gint64 shut_ns;

  if (flags & (TRAMA_TCP_SYN | TRAMA_TCP_FIN | TRAMA_TCP_RST)) /* who closes need not read any more */
    return;
  if (labels & TRAMA_LABEL_ZERO_WINDOW)
    {
      if (own->shut == TRAMA_CASE_NONE)
        own->n_shut++;
      note_first (&own->shut, packet);
      note_first (&own->shut_most, packet);
      return;
    }
  if (own->shut == TRAMA_CASE_NONE)
    return;
  shut_ns = trama_case_packet_ns (evidence, packet) - trama_case_packet_ns (evidence, own->shut);
  if (shut_ns > own->shut_ns)
    {
      own->shut_ns = shut_ns;
      own->shut_most = own->shut;
    }
  own->shut = TRAMA_CASE_NONE;
}

/* From a SYN to the next segment of its sender: a round trip, unless it is sent again. */
static gint64
find_handshake_ns (const TramaCase *evidence, const TramaTalkSide *side)
{
  if (side->last_syn == TRAMA_CASE_NONE || side->after_syn == TRAMA_CASE_NONE)
    return 0;
  return trama_case_packet_ns (evidence, side->after_syn) - trama_case_packet_ns (evidence, side->last_syn);
}

static gboolean
has_resent_nothing (const TramaTalkSide *side)
{
  for (guint reason = 0; reason < TRAMA_N_AGAIN; reason++)
    if (side->n_again[reason] > 0)
      return FALSE;
  return TRUE;
}

/* Data that leave as soon as an acknowledgment has come for which the last data waited. */
static void
note_held (const TramaCase *evidence,
           TramaTalkSide *own,
           const TramaTalkSide *peer,
           guint packet,
           const TramaSegment *segment)
{
  gint64 now, released, before;

  if (own->last_data == TRAMA_CASE_NONE || peer->last == TRAMA_CASE_NONE || peer->n_shut > 0
      || segment->sequence != own->sent_end || peer->acked != own->sent_end
      || segment->payload_bytes >= FULL_MIN_BYTES)
    return;
  now = trama_case_packet_ns (evidence, packet);
  released = trama_case_packet_ns (evidence, peer->last);
  before = trama_case_packet_ns (evidence, own->last_data);
  if (now < released || now - released > RELEASE_MAX_NS
      || released - before < HELD_MIN_NS + find_handshake_ns (evidence, own))
    return;
  own->n_held++;
  if (released - before <= own->held_ns)
    return;
  own->held_ns = released - before;
  own->held = packet;
  own->held_is_plain = peer->last_is_bare && own->after_syn != TRAMA_CASE_NONE && has_resent_nothing (own);
  own->before_held = own->last_data;
}

static void
note_data (const TramaCase *evidence,
           TramaTalkSide *own,
           const TramaTalkSide *peer,
           guint packet,
           const TramaSegment *segment)
{
  guint32 end = segment->sequence + segment->payload_bytes;

  note_held (evidence, own, peer, packet, segment);
  if (peer->fin != TRAMA_CASE_NONE && (gint32) (end - own->sent_end) > 0)
    {
      own->bytes_after += MIN (segment->payload_bytes, end - own->sent_end);
      own->knew_fin |= (gint32) (segment->acknowledgment - peer->sent_end) > 0;
    }
  note_first (&own->first_data, packet);
  own->last_data = packet;
}

/* A probe for the tail that is not answered comes before the first timeout; the waits grow from there. */
static void
note_backoff (TramaTalkSide *own, guint packet, guint32 labels, const TramaSegment *segment)
{
  if (own->backoff.n_sent == 0 || own->backoff.sequence != segment->sequence)
    own->backoff = (TramaBackoff){ .first = packet, .sequence = segment->sequence };
  own->backoff.n_sent++;
  if (labels & TRAMA_LABEL_TIMEOUT)
    own->backoff.n_timeouts++;
  own->backoff.last = packet;
  if (own->backoff.n_timeouts > own->longest.n_timeouts)
    own->longest = own->backoff;
}

/* Data or FIN, for the one reason that tells most; what a SYN does when nobody answers is another matter. */
static void
note_again (TramaTalkSide *own, guint packet, guint32 labels, const TramaSegment *segment)
{
  static const guint32 reasons[TRAMA_N_AGAIN] = {
    [TRAMA_AGAIN_PROBE] = TRAMA_LABEL_TAIL_PROBE,    [TRAMA_AGAIN_SPURIOUS] = TRAMA_LABEL_SPURIOUS,
    [TRAMA_AGAIN_TIMEOUT] = TRAMA_LABEL_TIMEOUT,     [TRAMA_AGAIN_FAST] = TRAMA_LABEL_FAST,
    [TRAMA_AGAIN_UNSEEN] = TRAMA_LABEL_FIRST_UNSEEN, [TRAMA_AGAIN_TAIL] = TRAMA_LABEL_TIMEOUT_OR_PROBE,
  };
  guint reason = 0;

  if (!(labels & (TRAMA_LABEL_RESENT | TRAMA_LABEL_FIRST_UNSEEN)) || (segment->flags & TRAMA_TCP_SYN))
    return;
  while (reason < TRAMA_N_AGAIN && !(labels & reasons[reason]))
    reason++;
  if (reason == TRAMA_N_AGAIN)
    return;
  note_first (&own->again[reason], packet);
  own->n_again[reason]++;
  if (reason == TRAMA_AGAIN_PROBE || reason == TRAMA_AGAIN_TAIL || (labels & TRAMA_LABEL_TIMEOUT))
    note_backoff (own, packet, labels, segment);
}

/* RCV.NXT of who gets it, as far as that is known, is behind what its peer has sent and it has acknowledged. */
static void
note_reset (TramaTalkSide *own, const TramaTalkSide *peer, guint packet, const TramaSegment *segment)
{
  guint32 expected = (gint32) (peer->acked - own->sent_end) > 0 ? peer->acked : own->sent_end;

  own->rst = packet;
  own->rst_flags = segment->flags;
  own->rst_sequence = segment->sequence;
  own->rst_ahead = (gint32) (segment->sequence - expected);
  own->since_rst = TRAMA_GONE_ON_NOT;
}

/* A number that is reached later was right: then the RST was captured before what it was sent behind. */
static gboolean
is_overtaking (const TramaTalkSide *own)
{
  return own->rst_ahead == 0 || own->rst_sequence == own->sent_end;
}

/* Who goes on after a RST of its own has not sent it; and who goes on answering has not taken it. */
static void
note_going_on (TramaTalkSide *own, TramaTalkSide *peer, guint32 labels, const TramaSegment *segment)
{
  if ((segment->flags & (TRAMA_TCP_SYN | TRAMA_TCP_RST))
      || (labels & (TRAMA_LABEL_DUPLICATED | TRAMA_LABEL_OUT_OF_ORDER)))
    return;
  if (peer->rst != TRAMA_CASE_NONE && peer->since_rst == TRAMA_GONE_ON_SENT)
    peer->since_rst = TRAMA_GONE_ON_ANSWERED;
  if (own->rst == TRAMA_CASE_NONE || own->acked == 0 || peer->acked == 0)
    return;
  if (own->since_rst != TRAMA_GONE_ON_ANSWERED)
    {
      own->since_rst = TRAMA_GONE_ON_SENT;
      return;
    }
  if (is_overtaking (own))
    return;
  if (own->n_ignored++ == 0)
    {
      own->ignored = own->rst;
      own->ignored_ahead = own->rst_ahead;
    }
  own->rst = TRAMA_CASE_NONE;
}

/* What was doubled on its way, or captured twice, was sent once. */
static void
note_ends (TramaTalkSide *own,
           const TramaTalkSide *peer,
           guint packet,
           guint32 labels,
           const TramaSegment *segment)
{
  if ((segment->flags & TRAMA_TCP_SYN) && !(labels & TRAMA_LABEL_DUPLICATED))
    {
      own->n_syns++;
      if (labels & TRAMA_LABEL_RESENT)
        own->n_syns_again++;
      note_first (&own->syn, packet);
      own->last_syn = packet;
      own->after_syn = TRAMA_CASE_NONE;
      own->sent_end = MAX (own->sent_end, 1);
    }
  if (segment->flags & TRAMA_TCP_FIN)
    note_first (&own->fin, packet);
  if ((segment->flags & TRAMA_TCP_RST) && own->rst == TRAMA_CASE_NONE)
    note_reset (own, peer, packet, segment);
}

/* Of acknowledgments nobody can always tell. */
static void
note_copy (TramaTalkSide *own, guint packet, guint32 labels, const TramaSegment *segment)
{
  if (segment->payload_bytes == 0 && !(segment->flags & (TRAMA_TCP_SYN | TRAMA_TCP_FIN)))
    return;
  own->n_numbered++;
  if (!(labels & TRAMA_LABEL_DUPLICATED))
    return;
  note_first (&own->doubled, packet);
  own->n_doubled++;
}

static void
note_unseen (TramaTalkSide *own, const TramaTalkSide *peer, guint packet, const TramaSegment *segment)
{
  if (own->n_unseen++ == 0)
    own->unseen = packet;
  own->unseen_begin = (gint32) (own->acked - peer->sent_end) > 0 ? own->acked : peer->sent_end;
  own->unseen_bytes = segment->acknowledgment - own->unseen_begin;
}

/* What is captured behind its own acknowledgment is not missing: two queues of one device are read one after the other. */
static void
note_overtaken (TramaTalkSide *peer, const TramaSegment *segment)
{
  guint32 bytes = segment->payload_bytes + ((segment->flags & TRAMA_TCP_FIN) != 0);

  if (peer->unseen_bytes == 0 || (gint32) (segment->sequence - peer->unseen_begin) < 0)
    return;
  peer->unseen_bytes -= MIN (peer->unseen_bytes, bytes);
  if (peer->unseen_bytes == 0 && --peer->n_unseen == 0)
    peer->unseen = TRAMA_CASE_NONE;
}

static void
note_segment (TramaCase *evidence, guint packet, const TramaSegment *segment)
{
  TramaTalkSide *own = &evidence->talks[segment->flow].side[segment->side];
  TramaTalkSide *peer = &evidence->talks[segment->flow].side[!segment->side];
  guint32 end = segment->sequence + segment->payload_bytes;
  guint32 labels = trama_labels_get (evidence->labels, packet, NULL);

  if (peer->rst == TRAMA_CASE_NONE) /* who has given up does not hear the answer */
    peer->n_unanswered = 0;
  if (labels & TRAMA_LABEL_KEEP_ALIVE)
    {
      note_first (&own->keep_alive, packet);
      own->n_keep_alives++;
      own->n_unanswered++;
    }
  else if (segment->payload_bytes > 0)
    note_data (evidence, own, peer, packet, segment);
  note_copy (own, packet, labels, segment);
  if (labels & TRAMA_LABEL_LOST)
    note_unseen (own, peer, packet, segment);
  if (labels & TRAMA_LABEL_OUT_OF_ORDER)
    note_overtaken (peer, segment);
  note_window (evidence, own, packet, labels, segment->flags);
  note_again (own, packet, labels, segment);
  note_first (&own->after_syn, packet);
  note_ends (own, peer, packet, labels, segment);
  if (segment->payload_bytes > 0 && (gint32) (end - own->sent_end) > 0)
    own->sent_end = end;
  if ((segment->flags & TRAMA_TCP_ACK) && (gint32) (segment->acknowledgment - own->acked) > 0)
    own->acked = segment->acknowledgment;
  note_going_on (own, peer, labels, segment);
  own->last = packet;
  own->last_is_bare = segment->payload_bytes == 0
                      && !(segment->flags & (TRAMA_TCP_SYN | TRAMA_TCP_FIN | TRAMA_TCP_RST));
}

/* That nobody is there: of UDP at that port; of TCP, which resets for that, at that address (RFC 1122, 4.2.3.9). */
static gboolean
is_unreachable (const TramaCase *evidence, const TramaIcmpError *error)
{
  TramaDenial denial = trama_icmp_find_denial (error->ip_version, error->type, error->code);

  switch (trama_flow_table_get_flow (evidence->table, error->flow)->protocol)
    {
    case IPPROTO_TCP:
      return denial != TRAMA_DENIAL_NONE;
    case IPPROTO_UDP:
      return trama_icmp_is_port_unreachable (error);
    default:
      return FALSE;
    }
}

/* The first of each kind stands for all like it. */
static void
note_complaint (TramaTalk *talk, const TramaIcmpError *error, guint index)
{
  TramaFate fate = trama_icmp_find_fate (error);

  if (talk->n_complaints[fate]++ > 0)
    return;
  talk->complaints[fate] = index;
  talk->asking[fate] = error->side;
}

/* It tells the first of what of the flow could not be delivered. */
static void
note_errors (TramaCase *evidence)
{
  evidence->errors = trama_icmp_errors_find (evidence->table);
  for (guint i = 0; i < evidence->errors->len; i++)
    {
      const TramaIcmpError *error = &g_array_index (evidence->errors, TramaIcmpError, i);
      TramaTalk *talk = &evidence->talks[error->flow];

      note_complaint (talk, error, i);
      if (!is_unreachable (evidence, error))
        continue;
      if (talk->unreachable == TRAMA_CASE_NONE)
        talk->asked = error->side;
      note_first (&talk->unreachable, error->packet);
      talk->n_unreachable++;
      talk->is_refusal = trama_icmp_find_denial (error->ip_version, error->type, error->code)
                         == TRAMA_DENIAL_REFUSED;
    }
}

void
trama_walk_packets (TramaCase *evidence)
{
  clear_talks (evidence);
  for (guint i = 0; i < trama_store_n_packets (evidence->store); i++)
    {
      guint packet = trama_store_packet_at (evidence->store, i);
      guint32 flow = trama_flow_table_get_flow_of_packet (evidence->table, packet);
      TramaSegment segment;

      if (flow == TRAMA_FLOW_NONE
          || trama_flow_table_get_flow (evidence->table, flow)->protocol != IPPROTO_TCP)
        continue;
      trama_flow_table_get_segment (evidence->table, packet, &segment);
      if (segment.flow == TRAMA_FLOW_NONE || segment.kind == TRAMA_SEGMENT_OTHER)
        continue;
      note_segment (evidence, packet, &segment);
    }
  note_errors (evidence);
}
