/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/talk/dialogue.h"

#include "core/flow/deed.h"
#include "core/flow/flow_private.h"
#include "core/flow/talk/stream.h"
#include "core/trace/column.h"

#include <string.h>
#include <sys/socket.h>

/* What a call sent, or what is known of it from the call that received it. */
typedef struct
{
  gint64 time_ns;
  guint32 call;
  guint8 side;
} Utterance;

/* One side of the conversation, while the two are joined. */
typedef struct
{
  guint range; /* the next of its stream */
  guint overlap;
  guint empty;     /* the next of its messages without bytes */
  gint64 heard_ns; /* when what came last of it was in order */
} Voice;

struct _TramaDialogue
{
  grefcount ref_count;

  /* owned */
  TramaFlowTable *table;
  TramaStream *streams[2]; /* NULL: it is made of calls */
  GArray *utterances;      /* of Utterance; while it is made */
  GArray *empties[2];      /* of guint32: packets of each side without bytes, by time; while it is made */
  TramaColumn pieces;      /* of TramaPiece */
  TramaColumn turns;       /* of TramaTurn */
  TramaColumn order[2];    /* of guint32: the turns of a side that say or miss something */

  /* state */
  TramaTalk talk;
  TramaStore *store; /* the table's */
  Voice voices[2];
  gboolean has_messages;
  gboolean is_whole;
  gboolean speaks[2]; /* there are calls that sent what that side says */
  guint n_calls;      /* looked at, */
  guint n_packets;    /* and packets, for messages without bytes */
  guint64 size[2];
  guint64 missing[2];
};

static TramaTurn *
turn_at (const TramaDialogue *self, guint index)
{
  return &trama_column_index (&self->turns, TramaTurn, index);
}

static gboolean
is_spoken (guint kind)
{
  return kind < TRAMA_SPEECH_AGAIN;
}

static gboolean
continues (const TramaDialogue *self, const TramaTurn *turn, const TramaPiece *piece)
{
  return !self->has_messages && turn->kind == TRAMA_SPEECH_SAID && piece->kind == TRAMA_SPEECH_SAID
         && turn->side == piece->side && turn->end == piece->offset;
}

static void
add_piece (TramaDialogue *self, const TramaPiece *piece)
{
  guint n_turns = self->turns.len;
  TramaTurn *last = n_turns > 0 ? turn_at (self, n_turns - 1) : NULL;
  guint64 end = piece->offset + piece->size_bytes;

  trama_column_add (&self->pieces, TramaPiece) = *piece;
  if (is_spoken (piece->kind))
    self->size[piece->side] = MAX (self->size[piece->side], end);
  if (is_spoken (piece->kind) && piece->kind != TRAMA_SPEECH_SAID)
    self->missing[piece->side] += piece->size_bytes;
  if (last != NULL && continues (self, last, piece))
    {
      last->n_pieces++;
      last->end = end;
      return;
    }
  trama_column_add (&self->turns, TramaTurn) =
      (TramaTurn){ piece->offset, end, self->pieces.len - 1, 1, piece->side, piece->kind };
  if (is_spoken (piece->kind))
    trama_column_add (&self->order[piece->side], guint32) = n_turns;
}

/* From packets. */

static gint64
time_of_packet (const TramaDialogue *self, guint32 packet)
{
  TramaPacket record;

  trama_store_get_packet (self->store, packet, &record);
  return record.time_ns;
}

/* When the next range was in order; a gap counts when what is behind it came. G_MAXINT64: there is none. */
static gint64
time_of_range (const TramaDialogue *self, guint side)
{
  const TramaStream *stream = self->streams[side];
  const Voice *voice = &self->voices[side];

  for (guint i = voice->range; i < trama_stream_n_ranges (stream); i++)
    if (trama_stream_get_range (stream, i)->packet != G_MAXUINT32)
      return MAX (voice->heard_ns, time_of_packet (self, trama_stream_get_range (stream, i)->packet));
  return voice->range < trama_stream_n_ranges (stream) ? G_MAXINT64 - 1 : G_MAXINT64;
}

static gint64
time_of_overlap (const TramaDialogue *self, guint side)
{
  const TramaStream *stream = self->streams[side];
  const Voice *voice = &self->voices[side];

  if (voice->overlap == trama_stream_n_overlaps (stream))
    return G_MAXINT64;
  return time_of_packet (self, trama_stream_get_overlap (stream, voice->overlap)->packet);
}

static void
say_range (TramaDialogue *self, guint side, gint64 time_ns)
{
  Voice *voice = &self->voices[side];
  const TramaStreamRange *range = trama_stream_get_range (self->streams[side], voice->range++);
  gboolean is_gap = range->packet == G_MAXUINT32;

  voice->heard_ns = time_ns;
  add_piece (self, &(TramaPiece){ .offset = range->offset,
                                  .size_bytes = range->size_bytes,
                                  .event = range->packet,
                                  .event_kind = is_gap ? 0 : TRAMA_EVENT_PACKET,
                                  .side = (guint8) side,
                                  .kind = is_gap              ? TRAMA_SPEECH_NOT_CAPTURED
                                          : range->is_missing ? TRAMA_SPEECH_NOT_KEPT
                                                              : TRAMA_SPEECH_SAID });
}

static void
say_overlap (TramaDialogue *self, guint side)
{
  guint index = self->voices[side].overlap++;
  const TramaStreamOverlap *overlap = trama_stream_get_overlap (self->streams[side], index);
  gboolean differs = trama_stream_overlap_differs (self->streams[side], index);

  add_piece (self, &(TramaPiece){ .offset = overlap->offset,
                                  .size_bytes = overlap->size_bytes,
                                  .event = overlap->packet,
                                  .event_kind = TRAMA_EVENT_PACKET,
                                  .side = (guint8) side,
                                  .kind = differs ? TRAMA_SPEECH_OTHERWISE : TRAMA_SPEECH_AGAIN });
}

/* Messages without bytes are in no stream. */

static void
look_for_empty (TramaDialogue *self, guint32 packet)
{
  TramaDecoded decoded;
  TramaSegment segment;
  gint64 time_ns;

  trama_flow_table_get_segment (self->table, packet, &segment);
  if ((segment.kind != TRAMA_SEGMENT_UDP && segment.kind != TRAMA_SEGMENT_ICMP) || segment.payload_bytes > 0)
    return;
  if (trama_flow_read_headers (self->store, packet, &time_ns, &decoded)
      && decoded.fragment == TRAMA_FRAGMENT_NONE)
    g_array_append_val (self->empties[segment.side], packet);
}

/* FALSE: all are known. */
static gboolean
step_empties (TramaDialogue *self, guint n_events)
{
  guint n;
  const guint32 *packets = trama_flow_table_get_packets (self->table, self->talk.flow, &n);

  for (; self->has_messages && self->n_packets < n && n_events > 0; n_events--)
    look_for_empty (self, packets[self->n_packets++]);
  return self->has_messages && self->n_packets < n;
}

static gint64
time_of_empty (const TramaDialogue *self, guint side)
{
  guint next = self->voices[side].empty;

  if (next == self->empties[side]->len)
    return G_MAXINT64;
  return time_of_packet (self, g_array_index (self->empties[side], guint32, next));
}

static void
say_empty (TramaDialogue *self, guint side, TramaEventKind kind, guint32 event)
{
  add_piece (self, &(TramaPiece){ .offset = self->size[side],
                                  .event = event,
                                  .event_kind = (guint8) kind,
                                  .side = (guint8) side,
                                  .kind = TRAMA_SPEECH_EMPTY });
}

static void
say_empty_packet (TramaDialogue *self, guint side)
{
  guint next = self->voices[side].empty++;

  say_empty (self, side, TRAMA_EVENT_PACKET, g_array_index (self->empties[side], guint32, next));
}

/* What came first of what is left. FALSE: nothing is. */
static gboolean
join_one (TramaDialogue *self)
{
  gint64 ranges[2] = { time_of_range (self, 0), time_of_range (self, 1) };
  gint64 overlaps[2] = { time_of_overlap (self, 0), time_of_overlap (self, 1) };
  gint64 empties[2] = { time_of_empty (self, 0), time_of_empty (self, 1) };
  guint range_side = ranges[1] < ranges[0], overlap_side = overlaps[1] < overlaps[0];
  guint empty_side = empties[1] < empties[0];

  if (ranges[range_side] == G_MAXINT64 && overlaps[overlap_side] == G_MAXINT64
      && empties[empty_side] == G_MAXINT64)
    return FALSE;
  if (empties[empty_side] < MIN (ranges[range_side], overlaps[overlap_side]))
    say_empty_packet (self, empty_side);
  else if (overlaps[overlap_side] < ranges[range_side])
    say_overlap (self, overlap_side);
  else
    say_range (self, range_side, ranges[range_side]);
  return TRUE;
}

static gboolean
step_packets (TramaDialogue *self, guint n_events)
{
  for (guint side = 0; side < 2; side++)
    if (trama_stream_step (self->streams[side], n_events))
      return TRUE;
  if (step_empties (self, n_events))
    return TRUE;
  for (guint i = 0; i < n_events; i++)
    if (!join_one (self))
      return FALSE;
  return TRUE;
}

/* From calls. */

static void
hear_call (TramaDialogue *self, guint index)
{
  const TramaCall *call = trama_store_get_call (self->store, index);
  Utterance utterance = { .time_ns = call->entry_ns, .call = index };
  guint64 offset;
  guint32 size;
  guint side;
  TramaDeed deed;

  if (!trama_talk_find_bytes (self->table, &self->talk, call, &side, &offset, &size)
      && !trama_talk_find_empty (self->table, &self->talk, call, &side))
    return;
  trama_deed_read (call, &deed);
  if (deed.kind == TRAMA_DEED_RECEIVES && (deed.flags & MSG_PEEK))
    return;
  if (deed.kind == TRAMA_DEED_RECEIVES)
    utterance.time_ns = call->exit_ns;
  else
    self->speaks[side] = TRUE;
  utterance.side = (guint8) side;
  g_array_append_val (self->utterances, utterance);
}

static int
compare_utterances (gconstpointer a, gconstpointer b)
{
  const Utterance *first = a, *second = b;

  if (first->time_ns != second->time_ns)
    return first->time_ns < second->time_ns ? -1 : 1;
  return first->call < second->call ? -1 : first->call > second->call;
}

static void
say_call (TramaDialogue *self, const Utterance *utterance)
{
  const TramaCall *call = trama_store_get_call (self->store, utterance->call);
  TramaPiece piece = { .event = utterance->call, .event_kind = TRAMA_EVENT_CALL, .side = utterance->side };
  guint32 kept;
  TramaDeed deed;

  trama_deed_read (call, &deed);
  if (self->speaks[utterance->side] && deed.kind == TRAMA_DEED_RECEIVES)
    return;
  if (deed.moved_bytes == 0)
    say_empty (self, utterance->side, TRAMA_EVENT_CALL, utterance->call);
  kept = deed.data != NULL ? MIN (deed.data->size, deed.moved_bytes) : 0;
  piece.offset = self->size[utterance->side];
  piece.size_bytes = kept;
  if (kept > 0)
    add_piece (self, &piece);
  piece.offset += kept;
  piece.size_bytes = deed.moved_bytes - kept;
  piece.kind = TRAMA_SPEECH_NOT_KEPT;
  if (piece.size_bytes > 0)
    add_piece (self, &piece);
}

static gboolean
step_calls (TramaDialogue *self, guint n_events)
{
  guint n_calls = trama_store_n_calls (self->store);
  guint end = n_events < n_calls - self->n_calls ? self->n_calls + n_events : n_calls;

  while (self->n_calls < end)
    hear_call (self, self->n_calls++);
  if (self->n_calls < n_calls)
    return TRUE;
  g_array_sort (self->utterances, compare_utterances);
  for (guint i = 0; i < self->utterances->len; i++)
    say_call (self, &g_array_index (self->utterances, Utterance, i));
  return FALSE;
}

/* The whole. */

TramaDialogue *
trama_dialogue_new (TramaFlowTable *table, const TramaTalk *talk)
{
  TramaDialogue *self;

  g_return_val_if_fail (talk->flow == TRAMA_FLOW_NONE || talk->flow < trama_flow_table_n_flows (table), NULL);

  self = g_new0 (TramaDialogue, 1);
  g_ref_count_init (&self->ref_count);
  self->table = trama_flow_table_ref (table);
  self->store = trama_flow_table_get_store (table);
  self->talk = *talk;
  self->has_messages = trama_talk_has_messages (table, talk);
  self->utterances = g_array_new (FALSE, FALSE, sizeof (Utterance));
  trama_column_init (&self->pieces, sizeof (TramaPiece));
  trama_column_init (&self->turns, sizeof (TramaTurn));
  for (guint side = 0; side < 2; side++)
    {
      trama_column_init (&self->order[side], sizeof (guint32));
      self->empties[side] = g_array_new (FALSE, FALSE, sizeof (guint32));
      self->voices[side].heard_ns = G_MININT64;
      if (talk->flow != TRAMA_FLOW_NONE)
        self->streams[side] = trama_stream_begin (table, talk->flow, side);
    }
  return self;
}

TramaDialogue *
trama_dialogue_ref (TramaDialogue *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

void
trama_dialogue_unref (TramaDialogue *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  for (guint side = 0; side < 2; side++)
    {
      trama_stream_free (self->streams[side]);
      trama_column_clear (&self->order[side]);
      g_array_unref (self->empties[side]);
    }
  trama_column_clear (&self->pieces);
  trama_column_clear (&self->turns);
  g_array_unref (self->utterances);
  trama_flow_table_unref (self->table);
  g_free (self);
}

gboolean
trama_dialogue_step (TramaDialogue *self, guint n_events)
{
  if (!self->is_whole)
    self->is_whole = self->streams[0] != NULL ? !step_packets (self, n_events) : !step_calls (self, n_events);
  return !self->is_whole;
}

TramaFlowTable *
trama_dialogue_get_table (const TramaDialogue *self)
{
  return self->table;
}

const TramaTalk *
trama_dialogue_get_talk (const TramaDialogue *self)
{
  return &self->talk;
}

guint64
trama_dialogue_get_size (const TramaDialogue *self, guint side)
{
  g_return_val_if_fail (side < 2, 0);
  return self->size[side];
}

guint64
trama_dialogue_get_missing (const TramaDialogue *self, guint side)
{
  g_return_val_if_fail (side < 2, 0);
  return self->missing[side];
}

guint
trama_dialogue_n_turns (const TramaDialogue *self)
{
  return self->turns.len;
}

const TramaTurn *
trama_dialogue_get_turn (const TramaDialogue *self, guint index)
{
  g_return_val_if_fail (index < self->turns.len, NULL);
  return turn_at (self, index);
}

const TramaPiece *
trama_dialogue_get_piece (const TramaDialogue *self, guint index)
{
  g_return_val_if_fail (index < self->pieces.len, NULL);
  return &trama_column_index (&self->pieces, TramaPiece, index);
}

guint
trama_dialogue_find_turn (const TramaDialogue *self, guint side, guint64 offset)
{
  const TramaColumn *order = &self->order[side];
  guint low = 0, high = order->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (turn_at (self, trama_column_index (order, guint32, middle))->end <= offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low < order->len ? trama_column_index (order, guint32, low) : self->turns.len;
}

const TramaPiece *
trama_dialogue_find_piece (const TramaDialogue *self, const TramaTurn *turn, guint64 offset)
{
  guint low = turn->first_piece, high = turn->first_piece + turn->n_pieces - 1;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const TramaPiece *piece = trama_dialogue_get_piece (self, middle);

      if (piece->offset + piece->size_bytes <= offset)
        low = middle + 1;
      else
        high = middle;
    }
  return trama_dialogue_get_piece (self, low);
}

gboolean
trama_dialogue_find_event (const TramaDialogue *self, TramaRef event, guint *side, guint64 *offset)
{
  if (event.kind == TRAMA_EVENT_CALL && self->streams[0] != NULL)
    {
      guint32 size;

      return trama_talk_find_bytes (self->table, &self->talk, trama_store_get_call (self->store, event.index),
                                    side, offset, &size)
             && *offset < self->size[*side];
    }
  for (guint i = 0; i < self->pieces.len; i++)
    {
      const TramaPiece *piece = &trama_column_index (&self->pieces, TramaPiece, i);

      if (piece->event_kind == event.kind && piece->event == event.index)
        {
          *side = piece->side;
          *offset = piece->offset;
          return TRUE;
        }
    }
  /* A call that received what another sent. */
  if (event.kind == TRAMA_EVENT_CALL && !self->has_messages)
    {
      guint32 size;

      return trama_talk_find_bytes (self->table, &self->talk, trama_store_get_call (self->store, event.index),
                                    side, offset, &size)
             && *offset < self->size[*side];
    }
  return FALSE;
}

static gsize
read_call (const TramaDialogue *self, guint side, guint64 offset, guint8 *buffer, gsize size)
{
  guint index = trama_dialogue_find_turn (self, side, offset);
  const TramaTurn *turn;
  const TramaPiece *piece;
  gsize n, from;
  TramaDeed deed;

  if (index == self->turns.len)
    return 0;
  turn = turn_at (self, index);
  piece = trama_dialogue_find_piece (self, turn, offset);
  from = offset - piece->offset;
  n = MIN (size, piece->size_bytes - from);
  trama_deed_read (trama_store_get_call (self->store, piece->event), &deed);
  if (turn->kind == TRAMA_SPEECH_SAID)
    memcpy (buffer, deed.data->bytes + from, n);
  else
    memset (buffer, 0, n);
  return n;
}

gssize
trama_dialogue_read (const TramaDialogue *self,
                     guint side,
                     guint64 offset,
                     guint8 *buffer,
                     gsize size,
                     GError **error)
{
  gsize got = 0, n;

  g_return_val_if_fail (side < 2, -1);

  if (self->streams[side] != NULL)
    return trama_stream_read (self->streams[side], offset, buffer, size, error);
  while (got < size && (n = read_call (self, side, offset + got, buffer + got, size - got)) > 0)
    got += n;
  return (gssize) got;
}
