/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/links/link_tcp.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* How many segments may be on their way when one of them is acknowledged. */
#define ACKNOWLEDGED_LOOK_BACK 256

#define DEEDS_THAT_OPEN (TRAMA_DEED_BIT (TRAMA_DEED_CONNECTS) | TRAMA_DEED_BIT (TRAMA_DEED_SENDS))

/* Of a socket that is connected more than once, which of its connections one is. */
typedef struct
{
  gboolean is_first[2];
  gint64 next_ns[2]; /* when the next begins; G_MAXINT64: there is none */
} Turn;

struct _TramaTcpLinking
{
  TramaLinking *linking;
  guint n_steps; /* that are done, */
  guint next;    /* and what the one that is not begins with */

  guint32 *begins; /* by flow: in .segments; one more at the end */
  guint32 *ends;
  TramaLinkSegment *segments; /* by flow and time */
  gint64 *next_ns;            /* by flow and side: when its socket is used again; G_MAXINT64: never */
  guint8 *was_used;           /* by number of a socket */

  TramaTcpTalk talk; /* of the flow that is linked */
  gboolean is_in_flow;
  guint next_writer;
  guint next_segment;
  guint next_side;
};

static void
add (TramaTcpTalk *talk, TramaLinkKind kind, guint8 flags, guint32 cause, guint32 effect)
{
  TramaKeptLink link = { .cause = cause, .effect = effect, .kind = (guint8) kind, .flags = flags };

  if (cause != TRAMA_EVENT_NONE && effect != TRAMA_EVENT_NONE)
    trama_linking_add (talk->linking, &link);
}

static guint32
call_under_way (TramaTcpTalk *talk, const TramaTcpEnd *end, gint64 time_ns, guint deeds)
{
  guint call = trama_linking_find_under_way (talk->linking, &end->list, time_ns, deeds);

  return call != G_MAXUINT ? trama_linking_call (talk->linking, call) : TRAMA_EVENT_NONE;
}

/* The last connect() by then: one that is not blocking, or was interrupted, has come back already. */
static guint32
find_opener (TramaTcpTalk *talk, const TramaTcpEnd *end, gint64 time_ns)
{
  guint32 found = call_under_way (talk, end, time_ns, DEEDS_THAT_OPEN);
  guint n = trama_linking_count_entered (talk->linking, &end->list, time_ns);

  for (guint i = 0; i < MIN (n, TRAMA_LOOK_BACK) && found == TRAMA_EVENT_NONE; i++)
    {
      guint call = end->list.calls[n - 1 - i];

      if (trama_deed_kind (trama_store_get_call (talk->linking->store, call)) == TRAMA_DEED_CONNECTS)
        found = trama_linking_call (talk->linking, call);
    }
  return found;
}

static void
link_syn (TramaTcpTalk *talk, TramaTcpEnd *end, TramaTcpEnd *other, const TramaLinkSegment *segment)
{
  gboolean answers = (segment->flags & TRAMA_TCP_ACK) != 0;
  guint32 *first = answers ? &end->syn_ack : &end->syn;
  guint8 flags = *first != TRAMA_EVENT_NONE ? TRAMA_LINK_IS_RESENT : 0;

  if (answers)
    add (talk, TRAMA_LINKS_ANSWERS, flags,
         other->unanswered != TRAMA_EVENT_NONE ? other->unanswered : other->syn, segment->packet);
  else
    add (talk, TRAMA_LINKS_OPENS, flags, find_opener (talk, end, segment->time_ns), segment->packet);
  if (answers && flags == 0)
    end->syn_ack_ns = segment->time_ns;
  if (flags == 0)
    *first = segment->packet;
}

static void
link_fin (TramaTcpTalk *talk, TramaTcpEnd *end, const TramaLinkSegment *segment)
{
  guint8 flags = end->fin != TRAMA_EVENT_NONE ? TRAMA_LINK_IS_RESENT : 0;

  if (flags == 0)
    {
      end->fin = segment->packet;
      end->fin_ns = segment->time_ns;
      end->fin_end = segment->sequence + segment->payload_bytes + 1;
      end->fin_cause = trama_linking_find_end (talk->linking, end->socket, segment->time_ns);
    }
  add (talk, TRAMA_LINKS_ENDS, flags, end->fin_cause, segment->packet);
}

/* Of the end's own doing, as it closes without reading (RFC 2525, 2.17); or for what it got (RFC 9293, 3.10.7). */
static void
link_rst (TramaTcpTalk *talk, TramaTcpEnd *end, TramaTcpEnd *other, const TramaLinkSegment *segment)
{
  guint own = TRAMA_DEEDS_THAT_END | TRAMA_DEED_BIT (TRAMA_DEED_CONNECTS);
  guint32 call = call_under_way (talk, end, segment->time_ns, own);

  if (call == TRAMA_EVENT_NONE && other->unanswered != TRAMA_EVENT_NONE)
    add (talk, TRAMA_LINKS_ANSWERS, 0, other->unanswered, segment->packet);
  else if (call == TRAMA_EVENT_NONE && end->rst == TRAMA_EVENT_NONE)
    call = end->socket != TRAMA_SOCKET_NONE
               ? trama_linking_find_end (talk->linking, end->socket, segment->time_ns)
               : trama_linking_find_listener_end (talk->linking, talk->flow->endpoint[segment->side].port,
                                                  segment->time_ns);
  add (talk, TRAMA_LINKS_RESETS, 0, call, segment->packet);
  if (end->rst != TRAMA_EVENT_NONE)
    return;
  end->rst = segment->packet;
  end->rst_ns = segment->time_ns;
}

/*
 * A segment with a number that was acknowledged long ago only wants an answer: of bytes that wait for a
 * window (RFC 9293, 3.8.6.1), or whether the peer still lives (3.8.4).
 */
static void
link_probe (TramaTcpTalk *talk, TramaTcpEnd *end, const TramaLinkSegment *segment)
{
  guint32 cause = trama_bytes_find_write (&end->bytes, end->sent);

  if (cause == TRAMA_EVENT_NONE)
    cause = end->keeps_alive;
  add (talk, TRAMA_LINKS_SENDS, TRAMA_LINK_IS_PROBE, cause, segment->packet);
  end->unanswered = end->probe = segment->packet;
}

/* How much of what @other sent it acknowledges. Numbers behind that are of SYN and FIN, or of what was not captured. */
static guint64
acknowledged_by (const TramaTcpEnd *other, const TramaLinkSegment *segment)
{
  gint64 step = (gint32) (segment->acknowledgment - 1 - (guint32) other->sent);

  if (!(segment->flags & TRAMA_TCP_ACK) || (step < 0 && (guint64) -step > other->sent))
    return 0;
  return step >= 0 ? other->sent : other->sent - (guint64) -step;
}

/* What was sent up to the acknowledged number, with its last byte; a segment that came meanwhile is answered later. */
static guint32
find_acknowledged (const TramaTcpEnd *other, guint64 number)
{
  const GArray *copies = other->bytes.copies;

  for (guint i = 0; number > other->acknowledged && i < MIN (copies->len, ACKNOWLEDGED_LOOK_BACK); i++)
    {
      const TramaRange *copy = &g_array_index (copies, TramaRange, copies->len - 1 - i);

      if (copy->from < number && number <= copy->to)
        return copy->event;
    }
  return other->unanswered;
}

/* The last call that read by then: it made room. */
static guint32
find_reader (TramaTcpTalk *talk, const TramaTcpEnd *end, gint64 time_ns)
{
  guint n = trama_linking_count_entered (talk->linking, &end->list, time_ns);

  for (guint i = 0; i < MIN (n, TRAMA_LOOK_BACK); i++)
    {
      guint call = end->list.calls[n - 1 - i];

      if (trama_deed_kind (trama_store_get_call (talk->linking->store, call)) == TRAMA_DEED_RECEIVES)
        return trama_linking_call (talk->linking, call);
    }
  return TRAMA_EVENT_NONE;
}

/* An acknowledgment of nothing new tells of a window: that somebody has read. */
static void
link_bare (TramaTcpTalk *talk, TramaTcpEnd *end, TramaTcpEnd *other, const TramaLinkSegment *segment)
{
  guint64 number = acknowledged_by (other, segment);
  gboolean covers_end = (guint32) number != segment->acknowledgment - 1;
  guint32 answered = covers_end ? other->unanswered : find_acknowledged (other, number);

  if (answered != TRAMA_EVENT_NONE)
    add (talk, TRAMA_LINKS_ANSWERS, 0, answered, segment->packet);
  else
    add (talk, TRAMA_LINKS_SENDS, 0, find_reader (talk, end, segment->time_ns), segment->packet);
}

/* Where in the stream it lies, for streams of any length; a SYN stands before its first byte. */
static guint64
place_of (const TramaTcpEnd *end, const TramaLinkSegment *segment)
{
  guint32 relative = segment->sequence - (segment->flags & TRAMA_TCP_SYN ? 0 : 1);
  gint64 step = (gint32) (relative - (guint32) end->sent);

  return step < 0 && (guint64) -step > end->sent ? 0 : end->sent + (guint64) step;
}

static void
link_data (TramaTcpTalk *talk, TramaTcpEnd *end, const TramaLinkSegment *segment, guint64 place)
{
  TramaRange range = { place, place + segment->payload_bytes, segment->time_ns, segment->packet, 0, 0 };

  if (range.to <= end->sent)
    range.flags |= TRAMA_LINK_IS_RESENT;
  if (segment->flags & TRAMA_TCP_URG)
    range.flags |= TRAMA_LINK_IS_URGENT;
  trama_bytes_add_segment (&end->bytes, &range, end->acknowledged);
  end->sent = MAX (end->sent, range.to);
  if (segment->flags & TRAMA_TCP_URG)
    {
      end->urgent = segment->packet;
      end->urgent_ns = segment->time_ns;
    }
}

static void
note_established (TramaTcpTalk *talk, const TramaLinkSegment *segment)
{
  const TramaTcpEnd *passive = &talk->ends[trama_tcp_talk_other (talk, segment->side)];

  if (talk->established_ns != TRAMA_TIME_NONE || passive->syn_ack == TRAMA_EVENT_NONE
      || !(segment->flags & TRAMA_TCP_ACK) || (segment->flags & (TRAMA_TCP_SYN | TRAMA_TCP_RST)))
    return;
  talk->established_ns = segment->time_ns;
  talk->established = segment->packet;
  if (segment->payload_bytes == 0)
    add (talk, TRAMA_LINKS_OPENS, 0, find_opener (talk, &talk->ends[segment->side], segment->time_ns),
         segment->packet);
}

static gboolean
is_probe (const TramaTcpTalk *talk, const TramaTcpEnd *end, const TramaLinkSegment *segment)
{
  return talk->established_ns != TRAMA_TIME_NONE && segment->payload_bytes <= 1
         && end->fin == TRAMA_EVENT_NONE && (guint32) (segment->sequence - (guint32) end->sent) == 0
         && end->acknowledged == end->sent;
}

/* Whether it does not know yet of the probe or the FIN that it meets, and so does not answer it. */
static gboolean
crosses (const TramaTcpEnd *other, const TramaLinkSegment *segment, gboolean asks)
{
  if (asks && other->unanswered != TRAMA_EVENT_NONE && other->unanswered == other->probe)
    return TRUE;
  return other->unanswered != TRAMA_EVENT_NONE && other->unanswered == other->fin
         && (gint32) (segment->acknowledgment - other->fin_end) < 0;
}

static void
follow_segment (TramaTcpTalk *talk, const TramaLinkSegment *segment)
{
  TramaTcpEnd *end = &talk->ends[segment->side];
  TramaTcpEnd *other = &talk->ends[trama_tcp_talk_other (talk, segment->side)];
  guint64 place = place_of (end, segment);
  gboolean asks;

  note_established (talk, segment);
  asks = (segment->flags & (TRAMA_TCP_RST | TRAMA_TCP_SYN)) == 0 && is_probe (talk, end, segment);
  if (segment->flags & TRAMA_TCP_RST)
    link_rst (talk, end, other, segment);
  else if (segment->flags & TRAMA_TCP_SYN)
    link_syn (talk, end, other, segment);
  else if (asks)
    link_probe (talk, end, segment);
  else if (segment->payload_bytes == 0 && !(segment->flags & TRAMA_TCP_FIN))
    link_bare (talk, end, other, segment);
  if (segment->payload_bytes > 0)
    link_data (talk, end, segment, place);
  if (segment->flags & TRAMA_TCP_FIN)
    link_fin (talk, end, segment);
  other->acknowledged = MAX (other->acknowledged, acknowledged_by (other, segment));
  if ((segment->flags & TRAMA_TCP_ACK) && !crosses (other, segment, asks))
    other->unanswered = TRAMA_EVENT_NONE;
  if (segment->payload_bytes > 0 || (segment->flags & (TRAMA_TCP_SYN | TRAMA_TCP_FIN)))
    end->unanswered = segment->packet;
  end->last = segment->packet;
  end->last_ns = segment->time_ns;
}

/* FALSE: there is no more of it. */
static gboolean
link_direction (TramaTcpTalk *talk, guint side)
{
  TramaTcpEnd *end = &talk->ends[side];
  const TramaTcpEnd *other = &talk->ends[trama_tcp_talk_other (talk, side)];
  TramaBytesReceiver receiver = { other->socket, FALSE, TRUE, end->acknowledged, G_MAXINT64 };

  if (other->stops_reading != TRAMA_EVENT_NONE)
    receiver.shut_ns = trama_store_get_call (talk->linking->store,
                                             other->stops_reading - talk->linking->n_packets)
                           ->entry_ns;
  if (other->socket == TRAMA_SOCKET_NONE)
    receiver.was_listened = g_hash_table_contains (talk->linking->listened,
                                                   GUINT_TO_POINTER (talk->flow->endpoint[!side].port));
  return trama_bytes_link_part (&end->bytes, &other->list, &receiver);
}

static void
note_settings (const TramaLinking *linking, TramaTcpEnd *end)
{
  for (guint i = end->list.n; i > 0; i--)
    {
      const TramaCall *call = trama_store_get_call (linking->store, end->list.calls[i - 1]);
      guint32 event = trama_linking_call (linking, end->list.calls[i - 1]);
      TramaDeedKind kind = trama_deed_kind (call);

      if (kind == TRAMA_DEED_SETS && trama_deed_number (call, 1) == SOL_SOCKET
          && trama_deed_number (call, 2) == SO_KEEPALIVE)
        end->keeps_alive = event;
      if (kind == TRAMA_DEED_SHUTS && call->result == 0 && trama_deed_number (call, 1) != SHUT_WR)
        end->stops_reading = event;
      if (kind == TRAMA_DEED_SHUTS && call->result == 0 && trama_deed_number (call, 1) != SHUT_RD)
        end->stops_writing = event;
    }
}

static void
begin_end (TramaLinking *linking, TramaTcpEnd *end, guint64 socket, const TramaCallList *list)
{
  TramaStreamBytes bytes = end->bytes;

  trama_bytes_reset (&bytes);
  memset (end, 0xff, sizeof *end); /* no event */
  end->socket = socket;
  end->list = *list;
  end->bytes = bytes;
  end->sent = 0;
  end->acknowledged = 0;
  note_settings (linking, end);
}

static void
begin_talk (TramaTcpTalk *talk, const TramaFlow *flow, const Turn *turn)
{
  talk->flow = flow;
  talk->is_own_peer = trama_endpoint_equal (&flow->endpoint[0], &flow->endpoint[1]);
  talk->established_ns = TRAMA_TIME_NONE;
  talk->established = TRAMA_EVENT_NONE;
  for (guint side = 0; side < 2; side++)
    {
      TramaCallList all = trama_linking_calls_of (talk->linking, flow->socket[side]);
      TramaCallList list = trama_linking_slice_calls (
          talk->linking, &all, turn->is_first[side] ? G_MININT64 : flow->first_ns, turn->next_ns[side]);

      begin_end (talk->linking, &talk->ends[side], flow->socket[side], &list);
    }
}

/* The last acknowledgment before a write() that had slept came back made the room that it waited for. */
static void
wake_writer (TramaTcpTalk *talk, guint side, guint index, const TramaLinkSegment *segments, guint n)
{
  const TramaCall *call = trama_store_get_call (talk->linking->store, index);
  guint low = 0, high = n;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (segments[middle].time_ns <= call->exit_ns)
        low = middle + 1;
      else
        high = middle;
    }
  for (guint i = 0; i < MIN (low, TRAMA_LOOK_BACK); i++)
    if (segments[low - 1 - i].side == trama_tcp_talk_other (talk, side))
      {
        trama_linking_add_waking (talk->linking, segments[low - 1 - i].packet, segments[low - 1 - i].time_ns,
                                  index);
        return;
      }
}

static void
wake_writers (TramaTcpTalk *talk, guint side, const TramaLinkSegment *segments, guint n)
{
  const TramaCallList *list = &talk->ends[side].list;

  for (guint i = 0; i < list->n; i++)
    {
      const TramaCall *call = trama_store_get_call (talk->linking->store, list->calls[i]);

      if ((call->flags & TRAMA_CALL_SLEPT) && call->exit_ns != TRAMA_TIME_NONE
          && trama_deed_kind (call) == TRAMA_DEED_SENDS)
        wake_writer (talk, side, list->calls[i], segments, n);
    }
}

static gboolean
is_wanted (const TramaFlow *flow)
{
  return flow->protocol == IPPROTO_TCP
         && (flow->socket[0] != TRAMA_SOCKET_NONE || flow->socket[1] != TRAMA_SOCKET_NONE);
}

/* Where the segments of each flow begin, in one array of all of them. */
static gboolean
count_segments (TramaTcpLinking *self, guint max)
{
  TramaFlowTable *table = self->linking->table;

  self->begins = g_new0 (guint32, table->flows.len + 1);
  for (guint i = 0; i < table->conversations.len; i++)
    {
      guint32 flow = trama_flow_table_get_flow_of_packet (table, i);

      if (flow != TRAMA_FLOW_NONE && is_wanted (trama_flow_at (table, flow)))
        self->begins[flow + 1]++;
    }
  for (guint i = 0; i < table->flows.len; i++)
    self->begins[i + 1] += self->begins[i];
  self->ends = g_memdup2 (self->begins, (table->flows.len + 1) * sizeof *self->ends);
  self->segments = g_new (TramaLinkSegment, self->begins[table->flows.len] + 1);
  return FALSE;
}

static gboolean
read_segment (const TramaLinking *linking, guint packet, const TramaFlow *flow, TramaLinkSegment *segment)
{
  guint side = trama_column_index (&linking->table->conversations, guint32, packet) & 1;
  TramaDecoded decoded;

  if (!trama_flow_read_headers (linking->store, packet, &segment->time_ns, &decoded))
    return FALSE;
  segment->packet = packet;
  segment->sequence = decoded.sequence - flow->first_sequence[side];
  segment->acknowledgment = decoded.acknowledgment - flow->first_sequence[!side];
  if (trama_endpoint_equal (&flow->endpoint[0], &flow->endpoint[1]))
    segment->acknowledgment = decoded.acknowledgment - flow->first_sequence[0];
  segment->payload_bytes = decoded.payload_bytes;
  segment->side = (guint8) side;
  segment->flags = decoded.tcp_flags;
  return TRUE;
}

/* In the order of the file, in which they are read fast, but laid down by flow. */
static gboolean
read_segments (TramaTcpLinking *self, guint max)
{
  TramaFlowTable *table = self->linking->table;

  for (; self->next < table->conversations.len && max > 0; self->next++, max--)
    {
      guint packet = trama_store_packet_at (self->linking->store, self->next);
      guint32 flow = trama_flow_table_get_flow_of_packet (table, packet);

      if (flow != TRAMA_FLOW_NONE && is_wanted (trama_flow_at (table, flow))
          && read_segment (self->linking, packet, trama_flow_at (table, flow),
                           &self->segments[self->ends[flow]]))
        self->ends[flow]++;
    }
  return self->next < table->conversations.len;
}

static gboolean
link_wakings (TramaTcpLinking *self, guint max)
{
  TramaLinking *linking = self->linking;

  for (guint i = 0; i < linking->table->wakings->len; i++)
    {
      const TramaWaking *waking = &g_array_index (linking->table->wakings, TramaWaking, i);
      guint32 flow = trama_flow_table_get_flow_of_packet (linking->table, waking->packet);
      TramaKeptLink link = { .cause = waking->packet,
                             .effect = trama_linking_call (linking, waking->call),
                             .kind = TRAMA_LINKS_WAKES };

      /* what a poll() found is linked with what it found it in */
      if (trama_flow_at (linking->table, flow)->protocol == IPPROTO_TCP
          && trama_deed_kind (trama_store_get_call (linking->store, waking->call)) != TRAMA_DEED_POLLS)
        trama_linking_add (linking, &link);
    }
  return FALSE;
}

/* When the socket of each flow is used again. */
static gboolean
find_next_uses (TramaTcpLinking *self, guint max)
{
  const TramaLinking *linking = self->linking;
  const guint32 *begins = self->begins; /* whether a flow is wanted */
  TramaFlowTable *table = linking->table;
  g_autofree gint64 *next_of = g_new (gint64, (gsize) table->sockets->len + 1);

  self->next_ns = g_new (gint64, 2 * (gsize) table->flows.len + 1);
  self->was_used = g_new0 (guint8, (gsize) table->sockets->len + 1);
  for (guint i = 0; i < table->sockets->len; i++)
    next_of[i] = G_MAXINT64;
  for (guint i = table->flows.len; i > 0; i--)
    for (guint side = 0; begins[i - 1] < begins[i] && side < 2; side++)
      {
        const TramaFlow *flow = trama_flow_at (table, i - 1);
        guint socket = trama_linking_socket_number (linking, flow->socket[side]);

        self->next_ns[2 * (gsize) (i - 1) + side] = socket != G_MAXUINT ? next_of[socket] : G_MAXINT64;
        if (socket != G_MAXUINT && (side == 1 || flow->socket[0] != flow->socket[1]))
          next_of[socket] = flow->first_ns;
      }
  return FALSE;
}

static void
begin_flow (TramaTcpLinking *self, guint flow_index)
{
  const TramaFlow *flow = trama_flow_at (self->linking->table, flow_index);
  Turn turn;

  for (guint side = 0; side < 2; side++)
    {
      guint socket = trama_linking_socket_number (self->linking, flow->socket[side]);

      turn.is_first[side] = socket == G_MAXUINT || !self->was_used[socket];
      turn.next_ns[side] = self->next_ns[2 * (gsize) flow_index + side];
    }
  for (guint side = 0; side < 2; side++)
    if (flow->socket[side] != TRAMA_SOCKET_NONE)
      self->was_used[trama_linking_socket_number (self->linking, flow->socket[side])] = TRUE;
  begin_talk (&self->talk, flow, &turn);
  self->next_segment = self->begins[flow_index];
  self->next_writer = 0;
  self->next_side = 0;
  self->is_in_flow = TRUE;
}

/* A conversation has parts: what was written, its segments, then each of its sides, then what its calls were told. FALSE: it is linked. */
static gboolean
link_flow_part (TramaTcpLinking *self, guint flow, guint *max)
{
  TramaTcpTalk *talk = &self->talk;
  const guint begin = self->begins[flow], end = self->ends[flow];

  if (!self->is_in_flow)
    begin_flow (self, flow);
  for (; self->next_writer < 2; self->next_writer++)
    if (trama_bytes_add_writes (&talk->ends[self->next_writer].bytes, &talk->ends[self->next_writer].list))
      return TRUE;
  for (; self->next_segment<end && * max> 0; --*max)
    follow_segment (talk, &self->segments[self->next_segment++]);
  if (self->next_segment < end)
    return TRUE;
  *max -= MIN (*max, end - begin + 1);
  if (self->next_side < (talk->is_own_peer ? 1 : 2))
    {
      if (!link_direction (talk, self->next_side))
        wake_writers (talk, self->next_side++, &self->segments[begin], end - begin);
      return TRUE;
    }
  trama_tcp_talk_tell_calls (talk);
  self->is_in_flow = FALSE;
  return FALSE;
}

static gboolean
link_flows (TramaTcpLinking *self, guint max)
{
  const guint n_flows = self->linking->table->flows.len;

  while (self->next < n_flows && max > 0)
    if (self->begins[self->next] == self->begins[self->next + 1] || !link_flow_part (self, self->next, &max))
      self->next++;
  return self->next < n_flows;
}

TramaTcpLinking *
trama_tcp_linking_new (TramaLinking *linking)
{
  TramaTcpLinking *self = g_new0 (TramaTcpLinking, 1);

  self->linking = linking;
  self->talk.linking = linking;
  for (guint side = 0; side < 2; side++)
    trama_bytes_init (&self->talk.ends[side].bytes, linking);
  return self;
}

void
trama_tcp_linking_free (TramaTcpLinking *self)
{
  for (guint side = 0; side < 2; side++)
    trama_bytes_clear (&self->talk.ends[side].bytes);
  g_free (self->begins);
  g_free (self->ends);
  g_free (self->segments);
  g_free (self->next_ns);
  g_free (self->was_used);
  g_free (self);
}

gboolean
trama_tcp_linking_step (TramaTcpLinking *self, guint max)
{
  static gboolean (*const steps[]) (TramaTcpLinking * self, guint max) = {
    count_segments, read_segments, find_next_uses, link_flows, link_wakings,
  };

  if (self->n_steps < G_N_ELEMENTS (steps) && !steps[self->n_steps](self, max))
    {
      self->n_steps++;
      self->next = 0;
    }
  return self->n_steps < G_N_ELEMENTS (steps);
}
