/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/talk/stream.h"

#include "core/flow/flow_private.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <string.h>

/* Further away is another stream: RFC 7323, section 2.3. */
#define REACH (1 << 30)

/* Of what waits out of order; when there is more, the capture has lost what they wait for. */
#define WAITING_MAX 4096

/* How many ranges back a gap is still filled by what comes late. */
#define FILL_BACK_MAX 1024

/* Of a packet that is larger, the rest cannot be peeked at. */
#define PEEK_MAX_BYTES (512u << 10)

/* A part of the stream that has come. */
typedef struct
{
  guint64 begin;
  guint64 end;
  guint32 packet;
  guint32 data_offset;
  guint32 kept_bytes; /* of it, in the trace */
} Piece;

struct _TramaStream
{
  TramaFlowTable *table;
  TramaColumn ranges; /* of TramaStreamRange */
  GArray *overlaps;   /* of TramaStreamOverlap */
  guint64 next;       /* behind the last of them: RCV.NXT */
  guint64 missing_bytes;
  guint n_gaps;

  /* While it is made. */
  guint flow;
  guint side;
  guint n_taken;   /* packets of the conversation that were looked at */
  guint32 base;    /* sequence number of offset 0 */
  GArray *waiting; /* of Piece, by begin */
  guint64 claimed; /* acknowledged by the receiver */
};

static TramaStreamRange *
range_at (const TramaStream *stream, guint index)
{
  return &trama_column_index (&stream->ranges, TramaStreamRange, index);
}

static void
add_range (TramaStream *stream, const TramaStreamRange *range)
{
  trama_column_add (&stream->ranges, TramaStreamRange) = *range;
  stream->next += range->size_bytes;
  if (!range->is_missing)
    return;
  stream->missing_bytes += range->size_bytes;
  stream->n_gaps += range->packet == G_MAXUINT32;
}

/* A gap may be longer than a range. */
static void
add_gap (TramaStream *stream, guint64 end)
{
  while (stream->next < end)
    add_range (stream, &(TramaStreamRange){ .offset = stream->next,
                                            .size_bytes = (guint32) MIN (end - stream->next, REACH),
                                            .packet = G_MAXUINT32,
                                            .is_missing = TRUE });
}

/* [begin, end) of a piece, as ranges: what is kept of it, and the rest. Returns how many. */
static guint
cut (const Piece *piece, guint64 begin, guint64 end, TramaStreamRange ranges[2])
{
  guint64 kept_end = CLAMP (piece->begin + piece->kept_bytes, begin, end);
  guint n = 0;

  if (begin < kept_end)
    ranges[n++] = (TramaStreamRange){
      .offset = begin,
      .size_bytes = (guint32) (kept_end - begin),
      .packet = piece->packet,
      .data_offset = piece->data_offset + (guint32) (begin - piece->begin),
    };
  if (kept_end < end)
    ranges[n++] = (TramaStreamRange){
      .offset = kept_end,
      .size_bytes = (guint32) (end - kept_end),
      .packet = piece->packet,
      .data_offset = piece->data_offset + (guint32) (kept_end - piece->begin),
      .is_missing = TRUE,
    };
  return n;
}

static void
deliver (TramaStream *stream, const Piece *piece)
{
  TramaStreamRange ranges[2];
  guint n;

  if (piece->end <= stream->next)
    return;
  n = cut (piece, stream->next, piece->end, ranges);
  for (guint i = 0; i < n; i++)
    add_range (stream, &ranges[i]);
}

/* What of the piece lies in [begin, end) is there already. */
static void
note_overlap (TramaStream *stream, const Piece *piece, guint64 begin, guint64 end)
{
  guint64 kept_end = piece->begin + piece->kept_bytes;
  TramaStreamOverlap overlap = { .packet = piece->packet };

  begin = MAX (begin, piece->begin);
  end = MIN (end, piece->end);
  if (begin >= end)
    return;
  overlap.offset = begin;
  overlap.size_bytes = (guint32) (end - begin);
  overlap.data_offset = piece->data_offset + (guint32) (begin - piece->begin);
  overlap.kept_bytes = (guint32) (CLAMP (kept_end, begin, end) - begin);
  g_array_append_val (stream->overlaps, overlap);
}

static Piece *
waiting_at (const TramaStream *stream, guint index)
{
  return &g_array_index (stream->waiting, Piece, index);
}

/* What waits no longer. */
static void
deliver_waiting (TramaStream *stream)
{
  guint n = 0;

  for (; n < stream->waiting->len && waiting_at (stream, n)->begin <= stream->next; n++)
    {
      note_overlap (stream, waiting_at (stream, n), 0, stream->next);
      deliver (stream, waiting_at (stream, n));
    }
  if (n > 0)
    g_array_remove_range (stream->waiting, 0, n);
}

/* Nothing before @end will come any more. */
static void
give_up (TramaStream *stream, guint64 end)
{
  add_gap (stream, end);
  deliver_waiting (stream);
}

/* What the receiver has acknowledged, it had, though the capture has not; and behind it is more. */
static void
give_up_claimed (TramaStream *stream)
{
  while (stream->waiting->len > 0 && stream->claimed > stream->next)
    give_up (stream, MIN (stream->claimed, waiting_at (stream, 0)->begin));
}

/* The first that begins behind @begin. */
static guint
find_waiting (const TramaStream *stream, guint64 begin)
{
  guint low = 0, high = stream->waiting->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (waiting_at (stream, middle)->begin <= begin)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* As tcp_data_queue_ofo() of Linux does. */
static void
let_wait (TramaStream *stream, const Piece *piece)
{
  guint at = find_waiting (stream, piece->begin);
  guint behind;

  if (at > 0 && piece->end <= waiting_at (stream, at - 1)->end)
    {
      note_overlap (stream, piece, piece->begin, piece->end);
      return;
    }
  if (at > 0 && waiting_at (stream, at - 1)->begin == piece->begin)
    {
      note_overlap (stream, waiting_at (stream, --at), 0, piece->end);
      *waiting_at (stream, at) = *piece;
    }
  else
    g_array_insert_val (stream->waiting, at, *piece);
  for (behind = at + 1; behind < stream->waiting->len; behind++)
    {
      if (piece->end < waiting_at (stream, behind)->end)
        break;
      note_overlap (stream, waiting_at (stream, behind), 0, piece->end);
    }
  if (behind > at + 1)
    g_array_remove_range (stream->waiting, at + 1, behind - at - 1);
  if (stream->waiting->len > WAITING_MAX)
    give_up (stream, waiting_at (stream, 0)->begin);
}

/* Puts @n ranges in the place of one. */
static void
replace_range (TramaStream *stream, guint index, const TramaStreamRange *ranges, guint n)
{
  guint old_len = stream->ranges.len;

  trama_column_fill (&stream->ranges, old_len + n - 1, 0);
  for (guint i = old_len; i-- > index + 1;)
    *range_at (stream, i + n - 1) = *range_at (stream, i);
  for (guint i = 0; i < n; i++)
    *range_at (stream, index + i) = ranges[i];
}

/* The part of a gap that the piece holds, with what is left of the gap around it. */
static void
fill_gap (TramaStream *stream, guint index, const Piece *piece)
{
  TramaStreamRange gap = *range_at (stream, index);
  guint64 gap_end = gap.offset + gap.size_bytes;
  guint64 begin = MAX (gap.offset, piece->begin), end = MIN (gap_end, piece->end);
  TramaStreamRange ranges[4];
  guint n = 0;

  if (gap.offset < begin)
    {
      ranges[n] = gap;
      ranges[n++].size_bytes = (guint32) (begin - gap.offset);
    }
  n += cut (piece, begin, end, ranges + n);
  if (end < gap_end)
    {
      ranges[n] = gap;
      ranges[n].offset = end;
      ranges[n++].size_bytes = (guint32) (gap_end - end);
    }
  stream->n_gaps--;
  stream->missing_bytes -= gap.size_bytes;
  for (guint i = 0; i < n; i++)
    {
      stream->n_gaps += ranges[i].packet == G_MAXUINT32;
      stream->missing_bytes += ranges[i].is_missing ? ranges[i].size_bytes : 0;
    }
  replace_range (stream, index, ranges, n);
}

/* It was captured later than its acknowledgment. FALSE: all of it was there. */
static gboolean
fill_gaps (TramaStream *stream, const Piece *piece)
{
  gboolean any = FALSE;

  for (guint back = 1; stream->n_gaps > 0 && back <= MIN (FILL_BACK_MAX, stream->ranges.len); back++)
    {
      guint index = stream->ranges.len - back;
      const TramaStreamRange *range = range_at (stream, index);

      if (range->offset + range->size_bytes <= piece->begin)
        break;
      if (range->packet == G_MAXUINT32 && range->offset < piece->end)
        {
          fill_gap (stream, index, piece);
          any = TRUE;
        }
    }
  return any;
}

static void
take_piece (TramaStream *stream, const Piece *piece)
{
  if (piece->begin < stream->next && !fill_gaps (stream, piece))
    note_overlap (stream, piece, 0, stream->next);
  if (piece->begin <= stream->next)
    {
      deliver (stream, piece);
      deliver_waiting (stream);
    }
  else
    let_wait (stream, piece);
  give_up_claimed (stream);
}

/* Where a sequence number lies in the stream; FALSE: before its beginning, or in another. */
static gboolean
place (const TramaStream *stream, guint32 sequence, gint64 *offset)
{
  gint32 ahead = (gint32) (sequence - (stream->base + (guint32) stream->next));

  *offset = (gint64) stream->next + ahead;
  return ahead < REACH && ahead > -REACH;
}

static guint32
count_kept (const TramaDecoded *decoded, guint32 captured_bytes, guint32 size)
{
  guint32 held = MIN (captured_bytes, PEEK_MAX_BYTES);

  return held > decoded->payload_offset ? MIN (held - decoded->payload_offset, size) : 0;
}

static void
take_segment (TramaStream *stream, guint32 packet, guint32 captured_bytes, const TramaDecoded *decoded)
{
  guint32 size = MIN (decoded->payload_bytes, REACH);
  Piece piece = { .packet = packet, .data_offset = decoded->payload_offset };
  gint64 begin;

  piece.kept_bytes = count_kept (decoded, captured_bytes, size);
  if ((decoded->tcp_flags & TRAMA_TCP_RST) || size == 0
      || !place (stream, decoded->sequence + (decoded->tcp_flags & TRAMA_TCP_SYN ? 1 : 0), &begin)
      || begin + size <= 0)
    return;
  if (begin < 0)
    {
      piece.data_offset += (guint32) -begin;
      piece.kept_bytes -= MIN (piece.kept_bytes, (guint32) -begin);
      size -= (guint32) -begin;
      begin = 0;
    }
  piece.begin = (guint64) begin;
  piece.end = piece.begin + size;
  take_piece (stream, &piece);
}

static void
take_acknowledgment (TramaStream *stream, const TramaDecoded *decoded)
{
  gint64 claimed;

  if ((decoded->tcp_flags & (TRAMA_TCP_ACK | TRAMA_TCP_RST)) != TRAMA_TCP_ACK
      || !place (stream, decoded->acknowledgment, &claimed) || claimed <= (gint64) stream->claimed)
    return;
  stream->claimed = (guint64) claimed;
  give_up_claimed (stream);
}

/* A datagram is what it is. */
static void
take_datagram (TramaStream *stream, guint32 packet, guint32 captured_bytes, const TramaDecoded *decoded)
{
  Piece piece = { stream->next, stream->next + decoded->payload_bytes, packet, decoded->payload_offset, 0 };

  piece.kept_bytes = count_kept (decoded, captured_bytes, decoded->payload_bytes);
  deliver (stream, &piece);
}

static void
take_packet (TramaStream *stream, guint packet, guint side)
{
  TramaFlowTable *table = stream->table;
  guint32 conversation = trama_column_index (&table->conversations, guint32, packet);
  const TramaFlow *flow = trama_flow_at (table, conversation >> 1);
  gboolean is_own = (conversation & 1) == side;
  gboolean is_to_itself = trama_endpoint_equal (&flow->endpoint[0], &flow->endpoint[1]);
  TramaDecoded decoded;
  TramaPacket record;
  gint64 time_ns;

  if (!trama_flow_read_headers (table->store, packet, &time_ns, &decoded))
    return;
  trama_store_get_packet (table->store, packet, &record);
  if (flow->protocol != IPPROTO_TCP)
    {
      if (is_own)
        take_datagram (stream, packet, record.captured_bytes, &decoded);
      return;
    }
  if (decoded.fragment == TRAMA_FRAGMENT_LATER)
    return;
  if (is_own)
    take_segment (stream, packet, record.captured_bytes, &decoded);
  if (!is_own || is_to_itself)
    take_acknowledgment (stream, &decoded);
}

TramaStream *
trama_stream_begin (TramaFlowTable *table, guint flow, guint side)
{
  TramaStream *stream;

  g_return_val_if_fail (flow < trama_flow_table_n_flows (table) && side < 2, NULL);

  stream = g_new0 (TramaStream, 1);
  stream->table = trama_flow_table_ref (table);
  stream->flow = flow;
  stream->side = side;
  stream->base = trama_flow_at (table, flow)->first_sequence[side] + 1;
  stream->waiting = g_array_new (FALSE, FALSE, sizeof (Piece));
  stream->overlaps = g_array_new (FALSE, FALSE, sizeof (TramaStreamOverlap));
  trama_column_init (&stream->ranges, sizeof (TramaStreamRange));
  return stream;
}

gboolean
trama_stream_step (TramaStream *stream, guint n_packets)
{
  const guint32 *packets;
  guint n, end;

  if (stream->waiting == NULL)
    return FALSE;
  packets = trama_flow_table_get_packets (stream->table, stream->flow, &n);
  end = n_packets < n - stream->n_taken ? stream->n_taken + n_packets : n;
  while (stream->n_taken < end)
    take_packet (stream, packets[stream->n_taken++], stream->side);
  if (stream->n_taken < n)
    return TRUE;
  while (stream->waiting->len > 0)
    give_up (stream, waiting_at (stream, 0)->begin);
  g_clear_pointer (&stream->waiting, g_array_unref);
  return FALSE;
}

TramaStream *
trama_stream_new (TramaFlowTable *table, guint flow, guint side)
{
  TramaStream *stream = trama_stream_begin (table, flow, side);

  if (stream != NULL)
    trama_stream_step (stream, G_MAXUINT);
  return stream;
}

void
trama_stream_free (TramaStream *stream)
{
  if (stream == NULL)
    return;
  trama_column_clear (&stream->ranges);
  g_clear_pointer (&stream->waiting, g_array_unref);
  g_array_unref (stream->overlaps);
  trama_flow_table_unref (stream->table);
  g_free (stream);
}

guint64
trama_stream_get_size (const TramaStream *stream)
{
  return stream->next;
}

guint64
trama_stream_get_missing (const TramaStream *stream)
{
  return stream->missing_bytes;
}

guint
trama_stream_n_ranges (const TramaStream *stream)
{
  return stream->ranges.len;
}

const TramaStreamRange *
trama_stream_get_range (const TramaStream *stream, guint index)
{
  g_return_val_if_fail (index < stream->ranges.len, NULL);
  return range_at (stream, index);
}

guint
trama_stream_find_range (const TramaStream *stream, guint64 offset)
{
  guint low = 0, high = stream->ranges.len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const TramaStreamRange *range = range_at (stream, middle);

      if (range->offset + range->size_bytes <= offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
read_range (const TramaStream *stream,
            const TramaStreamRange *range,
            guint32 from,
            guint8 *buffer,
            gsize size)
{
  gsize want = (gsize) range->data_offset + from + size, held;
  const guint8 *data;

  if (range->is_missing)
    {
      memset (buffer, 0, size);
      return TRUE;
    }
  data = trama_store_peek_packet (stream->table->store, range->packet, want, &held);
  if (data == NULL || held < want)
    return FALSE;
  memcpy (buffer, data + range->data_offset + from, size);
  return TRUE;
}

gssize
trama_stream_read (const TramaStream *stream, guint64 offset, guint8 *buffer, gsize size, GError **error)
{
  guint index = trama_stream_find_range (stream, offset);
  gsize got = 0;

  for (; got < size && index < stream->ranges.len; index++)
    {
      const TramaStreamRange *range = range_at (stream, index);
      guint32 from = (guint32) (offset + got - range->offset);
      gsize part = MIN (size - got, (gsize) (range->size_bytes - from));

      if (!read_range (stream, range, from, buffer + got, part))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                       _ ("packet %u: the trace's file has become shorter"), range->packet + 1);
          return -1;
        }
      got += part;
    }
  return (gssize) got;
}

guint
trama_stream_n_overlaps (const TramaStream *stream)
{
  return stream->overlaps->len;
}

const TramaStreamOverlap *
trama_stream_get_overlap (const TramaStream *stream, guint index)
{
  g_return_val_if_fail (index < stream->overlaps->len, NULL);
  return &g_array_index (stream->overlaps, TramaStreamOverlap, index);
}

/* One range after another: what is peeked at is gone with the next peek. */
gboolean
trama_stream_overlap_differs (const TramaStream *stream, guint index)
{
  const TramaStreamOverlap *overlap = trama_stream_get_overlap (stream, index);
  gsize want = (gsize) overlap->data_offset + overlap->kept_bytes, held;
  guint64 end = overlap->offset + overlap->kept_bytes;
  g_autofree guint8 *mine = NULL;
  const guint8 *data = trama_store_peek_packet (stream->table->store, overlap->packet, want, &held);

  if (data == NULL || held < want)
    return FALSE;
  mine = g_memdup2 (data + overlap->data_offset, overlap->kept_bytes);
  for (guint i = trama_stream_find_range (stream, overlap->offset); i < stream->ranges.len; i++)
    {
      const TramaStreamRange *range = range_at (stream, i);
      guint64 from = MAX (range->offset, overlap->offset);
      guint64 to = MIN (range->offset + range->size_bytes, end);
      g_autofree guint8 *theirs = NULL;

      if (from >= to)
        break;
      theirs = g_malloc (to - from);
      if (!range->is_missing
          && read_range (stream, range, (guint32) (from - range->offset), theirs, to - from)
          && memcmp (mine + (from - overlap->offset), theirs, to - from) != 0)
        return TRUE;
    }
  return FALSE;
}
