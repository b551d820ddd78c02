/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/links/link_bytes.h"

#include <string.h>
#include <sys/socket.h>

/* Calls in one part. */
#define PART_MAX 8192

void
trama_bytes_init (TramaStreamBytes *bytes, TramaLinking *linking)
{
  bytes->linking = linking;
  bytes->writes = g_array_new (FALSE, FALSE, sizeof (TramaRange));
  bytes->copies = g_array_new (FALSE, FALSE, sizeof (TramaRange));
  bytes->pieces = g_array_new (FALSE, FALSE, sizeof (TramaRange));
  bytes->before = g_array_new (FALSE, FALSE, sizeof (TramaRange));
  bytes->takes = g_array_new (FALSE, FALSE, sizeof (TramaRange));
  bytes->peeks = g_array_new (FALSE, FALSE, sizeof (TramaRange));
  bytes->polls = g_array_new (FALSE, FALSE, sizeof (TramaRange));
  bytes->urgent = g_array_new (FALSE, FALSE, sizeof (guint64));
  bytes->reads = g_array_new (FALSE, FALSE, sizeof (TramaRange));
}

void
trama_bytes_clear (TramaStreamBytes *bytes)
{
  g_array_unref (bytes->writes);
  g_array_unref (bytes->copies);
  g_array_unref (bytes->pieces);
  g_array_unref (bytes->before);
  g_array_unref (bytes->takes);
  g_array_unref (bytes->peeks);
  g_array_unref (bytes->polls);
  g_array_unref (bytes->urgent);
  g_array_unref (bytes->reads);
}

void
trama_bytes_reset (TramaStreamBytes *bytes)
{
  g_array_set_size (bytes->writes, 0);
  g_array_set_size (bytes->copies, 0);
  g_array_set_size (bytes->pieces, 0);
  g_array_set_size (bytes->before, 0);
  g_array_set_size (bytes->takes, 0);
  g_array_set_size (bytes->peeks, 0);
  g_array_set_size (bytes->polls, 0);
  g_array_set_size (bytes->urgent, 0);
  bytes->newest = 0;
  bytes->arrived = (TramaRange){ 0 };
  bytes->n_parts = 0;
  bytes->next = 0;
  g_array_set_size (bytes->reads, 0);
  bytes->linked = 0;
}

/*
 * Two processes that write at once have counted the same bytes before theirs: they are laid one
 * behind the other.
 */
static void
add_write (TramaStreamBytes *bytes, guint index, guint64 base)
{
  const TramaCall *call = trama_store_get_call (bytes->linking->store, index);
  guint64 end = bytes->writes->len > 0 ? trama_range_at (bytes->writes, bytes->writes->len - 1)->to : 0;
  TramaRange write = { .time_ns = call->exit_ns, .event = trama_linking_call (bytes->linking, index) };
  TramaDeed deed;

  trama_deed_read (call, &deed);
  if (deed.kind != TRAMA_DEED_SENDS || (!deed.is_done && call->exit_ns != TRAMA_TIME_NONE))
    return;
  write.is_open = !deed.is_done;
  write.from = MAX (MIN (call->stream_offset, TRAMA_STREAM_MAX_BYTES), base + end) - base;
  write.to = write.from + (deed.is_done ? deed.moved_bytes : deed.wanted_bytes);
  write.flags = deed.has_rights ? TRAMA_LINK_HAS_RIGHTS : 0;
  if (write.to == write.from)
    return;
  if (deed.flags & MSG_OOB)
    {
      guint64 last = write.to - 1;

      g_array_append_val (bytes->urgent, last);
    }
  g_array_append_val (bytes->writes, write);
}

/* What the socket had counted before the first of its calls that moves bytes in that direction. */
static guint64
find_base (const TramaStreamBytes *bytes, const TramaCallList *list, TramaDeedKind kind)
{
  for (guint i = 0; !list->is_first && i < list->n; i++)
    {
      const TramaCall *call = trama_store_get_call (bytes->linking->store, list->calls[i]);

      if (trama_deed_kind (call) == kind)
        return MIN (call->stream_offset, TRAMA_STREAM_MAX_BYTES);
    }
  return 0;
}

/* The end of the next part of @n that follow one another. */
static guint
find_part_end (const TramaStreamBytes *bytes, guint n)
{
  return n - bytes->next > PART_MAX ? bytes->next + PART_MAX : n;
}

/* TRUE: the part that ended at @end was not the last of @n. */
static gboolean
end_part (TramaStreamBytes *bytes, guint end, guint n)
{
  bytes->next = end < n ? end : 0;
  return end < n;
}

gboolean
trama_bytes_add_writes (TramaStreamBytes *bytes, const TramaCallList *list)
{
  const guint end = find_part_end (bytes, list->n);

  if (bytes->next == 0)
    bytes->base = find_base (bytes, list, TRAMA_DEED_SENDS);
  for (guint i = bytes->next; i < end; i++)
    add_write (bytes, list->calls[i], bytes->base);
  return end_part (bytes, end, list->n);
}

guint32
trama_bytes_find_write (const TramaStreamBytes *bytes, guint64 at)
{
  guint index = trama_ranges_first_behind (bytes->writes, at);

  if (index == bytes->writes->len || trama_range_at (bytes->writes, index)->from > at)
    return TRAMA_EVENT_NONE;
  return trama_range_at (bytes->writes, index)->event;
}

static void
link_bytes (TramaStreamBytes *bytes, const TramaKeptLink *like, guint64 from, guint64 to)
{
  TramaKeptLink link = *like;

  link.from_bytes = from;
  link.n_bytes = (guint32) (to - from);
  trama_linking_add (bytes->linking, &link);
}

/* All that it carries for the first time; of what was sent before, not more than a few. */
static void
link_sent (TramaStreamBytes *bytes, const TramaRange *segment)
{
  guint n_old = 0;

  for (guint i = trama_ranges_first_behind (bytes->writes, segment->from); i < bytes->writes->len; i++)
    {
      const TramaRange *write = trama_range_at (bytes->writes, i);
      TramaKeptLink link = {
        .cause = write->event, .effect = segment->event, .kind = TRAMA_LINKS_SENDS, .flags = segment->flags
      };

      if (write->from >= segment->to)
        return;
      if (write->to <= bytes->newest && ++n_old > TRAMA_OVERLAPS_MAX)
        i = MAX (i, trama_ranges_first_behind (bytes->writes, bytes->newest) - 1);
      else
        link_bytes (bytes, &link, MAX (write->from, segment->from), MIN (write->to, segment->to));
    }
}

void
trama_bytes_add_segment (TramaStreamBytes *bytes, const TramaRange *segment, guint64 acknowledged)
{
  TramaRange copy = *segment;
  guint64 last = segment->to - 1;

  link_sent (bytes, segment);
  bytes->newest = MAX (bytes->newest, segment->to);
  if ((segment->flags & TRAMA_LINK_IS_URGENT) && bytes->writes->len == 0
      && (bytes->urgent->len == 0 || g_array_index (bytes->urgent, guint64, bytes->urgent->len - 1) < last))
    g_array_append_val (bytes->urgent, last);
  copy.from = MAX (copy.from, acknowledged);
  copy.flags = 0;
  if (copy.from < copy.to)
    g_array_append_val (bytes->copies, copy);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const TramaRange *x = a, *y = b;

  return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

static int
compare_events (gconstpointer a, gconstpointer b)
{
  const TramaRange *x = a, *y = b;

  return x->event < y->event ? -1 : x->event > y->event;
}

gboolean
trama_bytes_find_poll (const TramaStreamBytes *bytes, guint32 event, guint64 *at)
{
  guint low = 0, high = bytes->polls->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (trama_range_at (bytes->polls, middle)->event < event)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == bytes->polls->len || trama_range_at (bytes->polls, low)->event != event)
    return FALSE;
  *at = trama_range_at (bytes->polls, low)->from;
  return TRUE;
}

/* When the byte at @at had come; where no packet carried it, when it was written. */
static gint64
find_coming (const TramaStreamBytes *bytes, guint64 at)
{
  const TramaRange *piece = trama_bytes_find_piece (bytes, at, G_MAXINT64);
  guint write = trama_ranges_first_behind (bytes->writes, at);

  if (piece != NULL)
    return piece->time_ns;
  return write < bytes->writes->len ? trama_range_at (bytes->writes, write)->time_ns : G_MAXINT64;
}

/*
 * There is one urgent byte at a time, tcp(7): when the next has come, the one before it is like any other, unless
 * the reader stood right before it.
 */
static gboolean
is_superseded (const TramaStreamBytes *bytes, const TramaStreamReader *reader, gint64 read_ns)
{
  guint64 at = g_array_index (bytes->urgent, guint64, reader->next_urgent);
  gint64 next_ns;

  if (at < reader->at || reader->next_urgent + 1 == bytes->urgent->len)
    return FALSE;
  next_ns = find_coming (bytes, g_array_index (bytes->urgent, guint64, reader->next_urgent + 1));
  return next_ns <= read_ns && (reader->at < at || next_ns <= reader->since_ns);
}

/* Takes @n bytes from where it stands, around those that stand outside the stream. */
static void
read_on (TramaStreamBytes *bytes, TramaStreamReader *reader, GArray *to, TramaRange like, guint32 n)
{
  guint64 left = n;

  while (left > 0)
    {
      guint64 stop = G_MAXUINT64;

      if (!reader->is_inline && reader->next_urgent < bytes->urgent->len)
        {
          if (is_superseded (bytes, reader, like.time_ns))
            {
              reader->next_urgent++;
              continue;
            }
          stop = g_array_index (bytes->urgent, guint64, reader->next_urgent);
        }
      if (stop <= reader->at)
        {
          reader->at = MAX (reader->at, stop + 1);
          reader->next_urgent++;
          continue;
        }
      like.from = reader->at;
      like.to = reader->at + MIN (left, stop - reader->at);
      g_array_append_val (to, like);
      left -= like.to - like.from;
      reader->at = like.to;
    }
  reader->since_ns = like.time_ns;
}

/* The last urgent byte that was sent; an earlier one that nobody took is lost. */
static void
read_urgent (TramaStreamBytes *bytes, GArray *to, TramaRange like)
{
  for (guint i = bytes->urgent->len; i > 0; i--)
    {
      guint64 at = g_array_index (bytes->urgent, guint64, i - 1);
      const TramaRange *piece = trama_bytes_find_piece (bytes, at, like.time_ns);

      if (piece == NULL && bytes->pieces->len > 0)
        continue;
      like.from = at;
      like.to = at + 1;
      g_array_append_val (to, like);
      return;
    }
}

static void
follow_read (TramaStreamBytes *bytes,
             TramaStreamReader *reader,
             const TramaCall *call,
             const TramaRange *read)
{
  guint64 offset = MIN (call->stream_offset, TRAMA_STREAM_MAX_BYTES);
  TramaRange like = *read;
  TramaDeed deed;

  trama_deed_read (call, &deed);
  if (!deed.is_done || deed.moved_bytes == 0 || (deed.flags & MSG_ERRQUEUE))
    return;
  like.flags = (guint8) ((deed.flags & MSG_PEEK ? TRAMA_LINK_IS_PEEK : 0)
                         | (deed.flags & MSG_OOB ? TRAMA_LINK_IS_URGENT : 0)
                         | (deed.flags & MSG_TRUNC ? TRAMA_LINK_IS_DISCARD : 0));
  if (deed.flags & MSG_OOB)
    {
      read_urgent (bytes, deed.flags & MSG_PEEK ? bytes->peeks : bytes->takes, like);
      reader->counted += deed.flags & MSG_PEEK ? 0 : deed.moved_bytes;
      return;
    }
  if (deed.flags & MSG_PEEK)
    {
      TramaStreamReader looker = *reader;

      read_on (bytes, &looker, bytes->peeks, like, deed.moved_bytes);
      return;
    }
  if (offset > reader->counted) /* reads that are not in the trace */
    {
      reader->at += offset - reader->counted;
      reader->counted = offset;
    }
  read_on (bytes, reader, bytes->takes, like, deed.moved_bytes);
  reader->counted += deed.moved_bytes;
}

/* Urgent bytes stay in the stream, socket(7). */
static gboolean
makes_inline (const TramaCall *call)
{
  int on;

  if (trama_deed_kind (call) != TRAMA_DEED_SETS || call->result != 0
      || trama_deed_number (call, 1) != SOL_SOCKET || trama_deed_number (call, 2) != SO_OOBINLINE)
    return FALSE;
  if (call->n_args < 4 || call->args[3].size < sizeof on)
    return TRUE;
  memcpy (&on, call->args[3].bytes, sizeof on);
  return on != 0;
}

static gboolean
is_made_inline (const TramaLinking *linking, const TramaCallList *list)
{
  for (guint i = 0; i < list->n; i++)
    if (makes_inline (trama_store_get_call (linking->store, list->calls[i])))
      return TRUE;
  return FALSE;
}

/* By itself, or by the listener that accept() took it from. */
static gboolean
is_inline (const TramaLinking *linking, const TramaCallList *list, guint64 socket)
{
  guint number = trama_linking_socket_number (linking, socket);
  const TramaCall *accept;
  TramaCallList listener;

  if (is_made_inline (linking, list))
    return TRUE;
  if (number == G_MAXUINT || linking->accepted_by[number] == TRAMA_EVENT_NONE)
    return FALSE;
  accept = trama_store_get_call (linking->store, linking->accepted_by[number]);
  listener = trama_linking_calls_of (linking, accept->socket);
  listener.n = trama_linking_count_entered (linking, &listener, accept->exit_ns);
  return is_made_inline (linking, &listener);
}

/* Bytes that no packet was seen to carry, from the calls that wrote them. */
static void
link_carried (TramaStreamBytes *bytes, const TramaRange *read, guint64 from, guint64 to, guint max_writes)
{
  guint first = trama_ranges_first_behind (bytes->writes, from);

  for (guint i = first; i < bytes->writes->len && i - first < max_writes; i++)
    {
      const TramaRange *write = trama_range_at (bytes->writes, i);
      TramaKeptLink link = { .cause = write->event,
                             .effect = read->event,
                             .kind = TRAMA_LINKS_CARRIES,
                             .flags = read->flags | write->flags };

      if (write->from >= to)
        return;
      link_bytes (bytes, &link, MAX (write->from, from), MIN (write->to, to));
      if (write->from <= from)
        trama_linking_add_waking (bytes->linking, write->event, write->time_ns,
                                  read->event - bytes->linking->n_packets);
    }
}

/* From @at as far as one segment brought it; returns where that ends. */
static guint64
link_piece (TramaStreamBytes *bytes, const TramaRange *read, const TramaRange *piece, guint64 at)
{
  const TramaRange *came = trama_bytes_find_arrival (bytes, piece, at, read->time_ns);
  TramaKeptLink link = {
    .cause = came->event, .effect = read->event, .kind = TRAMA_LINKS_TAKES, .flags = read->flags
  };
  guint64 end = MIN (MIN (piece->to, came->to), read->to);

  link_bytes (bytes, &link, at, end);
  return end;
}

static void
link_read (TramaStreamBytes *bytes, const TramaRange *read, guint max_links)
{
  guint64 at = read->from;
  guint first = trama_ranges_first_behind (bytes->pieces, at);

  for (guint i = first; i < bytes->pieces->len && i - first < max_links; i++)
    {
      const TramaRange *piece = trama_range_at (bytes->pieces, i);

      if (piece->from >= read->to)
        break;
      if (at < piece->from)
        link_carried (bytes, read, at, piece->from, max_links);
      at = MAX (at, piece->from);
      while (at < MIN (piece->to, read->to))
        at = link_piece (bytes, read, piece, at);
    }
  if (at < read->to && bytes->pieces->len - first < max_links)
    link_carried (bytes, read, at, read->to, max_links);
}

/* Of what was not read, or G_MAXINT if nothing can be said. */
static guint8
reason_of (const TramaStreamBytes *bytes, const TramaBytesReceiver *receiver, const TramaRange *what)
{
  const TramaSocket *socket = trama_flow_socket_by_id (bytes->linking->table, receiver->socket);
  gint64 end_ns = socket != NULL ? trama_flow_socket_end (bytes->linking->table, socket) : G_MAXINT64;

  if (socket == NULL)
    return receiver->was_listened ? TRAMA_LOSS_UNACCEPTED : TRAMA_LOSS_NONE;
  if (receiver->has_packets && what->to > receiver->acknowledged)
    return what->time_ns > MIN (end_ns, receiver->shut_ns) ? TRAMA_LOSS_TOO_LATE : TRAMA_LOSS_ON_THE_WAY;
  return end_ns == G_MAXINT64 ? TRAMA_LOSS_WAITING : TRAMA_LOSS_UNREAD;
}

static void
lose (TramaStreamBytes *bytes, const TramaRange *what, guint64 from, guint64 to, guint8 reason)
{
  TramaKeptLink link = {
    .cause = what->event, .effect = TRAMA_EVENT_NONE, .kind = TRAMA_LINKS_LOST, .reason = reason
  };

  if (from < to && reason != TRAMA_LOSS_NONE)
    link_bytes (bytes, &link, from, to);
}

/* What was written between the two and no segment carried. */
static void
lose_written (TramaStreamBytes *bytes, const TramaBytesReceiver *receiver, guint64 from, guint64 to)
{
  for (guint i = trama_ranges_first_behind (bytes->writes, from); i < bytes->writes->len; i++)
    {
      const TramaRange *write = trama_range_at (bytes->writes, i);

      if (write->from >= to)
        return;
      if (!write->is_open)
        lose (bytes, write, MAX (write->from, from), MIN (write->to, to),
              receiver->has_packets ? TRAMA_LOSS_UNSENT : reason_of (bytes, receiver, write));
    }
}

static void
lose_between (TramaStreamBytes *bytes, const TramaBytesReceiver *receiver, guint64 from, guint64 to)
{
  guint64 at = from;

  for (guint i = trama_ranges_first_behind (bytes->pieces, from); i < bytes->pieces->len; i++)
    {
      const TramaRange *piece = trama_range_at (bytes->pieces, i);
      guint64 begin = MAX (piece->from, from), end = MIN (piece->to, to);

      if (piece->from >= to)
        break;
      lose_written (bytes, receiver, at, begin);
      lose (bytes, piece, begin, end, reason_of (bytes, receiver, piece));
      at = end;
    }
  if (at < to)
    lose_written (bytes, receiver, at, to);
}

/* The parts of linking. FALSE: there is no more of one. */

static gboolean
make_pieces (TramaStreamBytes *bytes, const TramaCallList *list, const TramaBytesReceiver *receiver)
{
  trama_bytes_make_pieces (bytes);
  return FALSE;
}

static gboolean
collect_reads (TramaStreamBytes *bytes, const TramaCallList *list, const TramaBytesReceiver *receiver)
{
  const guint end = find_part_end (bytes, list->n);

  for (guint i = bytes->next; i < end; i++)
    {
      const TramaCall *call = trama_store_get_call (bytes->linking->store, list->calls[i]);
      TramaDeedKind kind = trama_deed_kind (call);
      TramaRange read = { .time_ns = call->exit_ns, .event = list->calls[i] };

      if (call->exit_ns != TRAMA_TIME_NONE && (kind == TRAMA_DEED_RECEIVES || kind == TRAMA_DEED_POLLS))
        g_array_append_val (bytes->reads, read);
    }
  return end_part (bytes, end, list->n);
}

/* In the order in which they came back: that is the order in which they took, also of two processes at once. */
static gboolean
begin_reading (TramaStreamBytes *bytes, const TramaCallList *list, const TramaBytesReceiver *receiver)
{
  trama_ranges_sort (bytes->reads, compare_times);
  bytes->reader = (TramaStreamReader){
    .counted = find_base (bytes, list, TRAMA_DEED_RECEIVES),
    .is_inline = bytes->urgent->len > 0 && is_inline (bytes->linking, list, receiver->socket),
  };
  return FALSE;
}

static gboolean
follow_reads (TramaStreamBytes *bytes, const TramaCallList *list, const TramaBytesReceiver *receiver)
{
  const guint end = find_part_end (bytes, bytes->reads->len);

  for (guint i = bytes->next; i < end; i++)
    {
      TramaRange read = *trama_range_at (bytes->reads, i);
      const TramaCall *call = trama_store_get_call (bytes->linking->store, read.event);

      read.event = trama_linking_call (bytes->linking, read.event);
      read.from = read.to = bytes->reader.at;
      if (trama_deed_kind (call) == TRAMA_DEED_POLLS)
        g_array_append_val (bytes->polls, read);
      else
        follow_read (bytes, &bytes->reader, call, &read);
    }
  return end_part (bytes, end, bytes->reads->len);
}

static gboolean
end_reading (TramaStreamBytes *bytes, const TramaCallList *list, const TramaBytesReceiver *receiver)
{
  trama_ranges_sort (bytes->takes, trama_range_compare);
  trama_ranges_sort (bytes->polls, compare_events);
  return FALSE;
}

static gboolean
link_takes (TramaStreamBytes *bytes, const TramaCallList *list, const TramaBytesReceiver *receiver)
{
  const guint end = find_part_end (bytes, bytes->takes->len);

  for (guint i = bytes->next; i < end; i++)
    {
      const TramaRange *read = trama_range_at (bytes->takes, i);

      link_read (bytes, read, G_MAXUINT);
      if (bytes->linked < read->from)
        lose_between (bytes, receiver, bytes->linked, read->from);
      bytes->linked = MAX (bytes->linked, read->to);
    }
  return end_part (bytes, end, bytes->takes->len);
}

static gboolean
link_rest (TramaStreamBytes *bytes, const TramaCallList *list, const TramaBytesReceiver *receiver)
{
  lose_between (bytes, receiver, bytes->linked, G_MAXUINT64);
  for (guint i = 0; i < bytes->peeks->len; i++)
    link_read (bytes, trama_range_at (bytes->peeks, i), TRAMA_OVERLAPS_MAX);
  return FALSE;
}

gboolean
trama_bytes_link_part (TramaStreamBytes *bytes, const TramaCallList *list, const TramaBytesReceiver *receiver)
{
  static gboolean (*const parts[]) (TramaStreamBytes * bytes, const TramaCallList *list,
                                    const TramaBytesReceiver *receiver) = {
    make_pieces, collect_reads, begin_reading, follow_reads, end_reading, link_takes, link_rest,
  };

  if (bytes->n_parts < G_N_ELEMENTS (parts) && !parts[bytes->n_parts](bytes, list, receiver))
    bytes->n_parts++;
  return bytes->n_parts < G_N_ELEMENTS (parts);
}
