/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include <glib/gi18n-lib.h>
#include <sys/socket.h>

/* So many writes of so few bytes each, without a read between them, could have been one. */
#define SMALL_WRITES_MIN 8
#define SMALL_BYTES 128

/* What a call moved, in the stream. */
typedef struct
{
  guint64 from;
  guint64 to;
  guint32 call;
} Range;

/* Of a socket's calls of one deed, in order; a stream that several processes count on their own is left out. */
static GArray *
collect_ranges (const TramaCase *evidence, guint32 number, TramaDeedKind deed_kind)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  guint64 end = 0;

  for (guint32 i = evidence->first_call[number]; i < evidence->first_call[number + 1]; i++)
    {
      const TramaCall *call = trama_store_get_call (evidence->store, evidence->calls[i]);
      Range range = { .from = call->stream_offset, .call = evidence->calls[i] };
      TramaDeed deed;

      trama_deed_read (call, &deed);
      if (deed.kind != deed_kind || !deed.is_done || deed.moved_bytes == 0
          || (deed.flags & (MSG_PEEK | MSG_OOB)))
        continue;
      range.to = range.from + deed.moved_bytes;
      if (range.from < end)
        {
          g_array_set_size (ranges, 0);
          break;
        }
      end = range.to;
      g_array_append_val (ranges, range);
    }
  return ranges;
}

/* The socket at the other end; TRAMA_CASE_NONE: it is not known. */
static guint32
find_peer (const TramaCase *evidence, guint32 number)
{
  const TramaSocketCase *own = &evidence->sockets[number];

  if (own->flow != TRAMA_FLOW_NONE)
    return trama_case_socket_number (
        evidence, trama_flow_table_get_flow (evidence->table, own->flow)->socket[!own->side]);
  for (guint32 i = evidence->first_state[number]; i < evidence->first_state[number + 1]; i++)
    {
      const TramaSocketState *state = trama_store_get_state (evidence->store, evidence->states[i]);

      if (state->peer_socket != TRAMA_SOCKET_NONE)
        return trama_case_socket_number (evidence, state->peer_socket);
    }
  return TRAMA_CASE_NONE;
}

/* How often one of @whole has bytes of more than one of @parts: how often, the first, and of how many that has. */
typedef struct
{
  guint n;
  guint n_parts;
  Range first;
} Joined;

static Joined
find_joined (const GArray *whole, const GArray *parts)
{
  Joined joined = { 0 };

  for (guint i = 0, j = 0; i < whole->len; i++)
    {
      Range one = g_array_index (whole, Range, i);
      guint n = 0, k;

      while (j < parts->len && g_array_index (parts, Range, j).to <= one.from)
        j++;
      for (k = j; k < parts->len && g_array_index (parts, Range, k).from < one.to; k++)
        n++;
      j = MAX (j, k > 0 ? k - 1 : 0);
      if (n < 2)
        continue;
      if (joined.n++ == 0)
        {
          joined.first = one;
          joined.n_parts = n;
        }
    }
  return joined;
}

static Joined
compare_messages (const TramaCase *evidence, guint32 number, gboolean by_read)
{
  const TramaSocket *socket = trama_flow_table_get_socket (evidence->table, number);
  g_autoptr (GArray) reads = NULL, writes = NULL;
  guint32 peer;

  if (socket->type != SOCK_STREAM || (peer = find_peer (evidence, number)) == TRAMA_CASE_NONE)
    return (Joined){ 0 };
  reads = collect_ranges (evidence, number, TRAMA_DEED_RECEIVES);
  writes = collect_ranges (evidence, peer, TRAMA_DEED_SENDS);
  return by_read ? find_joined (reads, writes) : find_joined (writes, reads);
}

/* The sentence about bytes that one call moved at once, and @n_parts of the other side. */
typedef char *(*Describe) (const char *actor, gulong bytes, guint n_parts);

static void
judge_messages (TramaCase *evidence, guint32 number, gboolean by_read, Describe describe)
{
  Joined joined = compare_messages (evidence, number, by_read);
  g_autofree char *actor = NULL;
  TramaPlace place;

  if (joined.n == 0)
    return;
  place = trama_case_place_call (evidence, joined.first.call);
  actor = trama_case_name_actor (evidence, place.actor);
  trama_case_report (evidence, &place,
                     describe (actor, (gulong) (joined.first.to - joined.first.from), joined.n_parts));
}

static char *
describe_joined (const char *reader, gulong bytes, guint n_writes)
{
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s read %lu byte at once that had been %u writes.",
                                       "%s read %lu bytes at once that had been %u writes.", bytes),
                          reader, bytes, n_writes);
}

void
trama_judge_messages_joined (TramaCase *evidence, guint number)
{
  judge_messages (evidence, number, TRUE, describe_joined);
}

static char *
describe_split (const char *writer, gulong bytes, guint n_reads)
{
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s wrote %lu byte at once, which took %u reads.",
                                       "%s wrote %lu bytes at once, which took %u reads.", bytes),
                          writer, bytes, n_reads);
}

void
trama_judge_message_split (TramaCase *evidence, guint number)
{
  judge_messages (evidence, number, FALSE, describe_split);
}

/* A row of writes without a read between them. */
typedef struct
{
  guint n;
  guint64 bytes;
  guint32 first;
  guint32 last;
} Row;

static gboolean
is_small (const Row *row)
{
  return row->n >= SMALL_WRITES_MIN && row->bytes <= (guint64) row->n * SMALL_BYTES;
}

/* The first such row of a socket, to its end. */
static Row
find_small_row (const TramaCase *evidence, guint32 number)
{
  Row row = { 0 };

  for (guint32 i = evidence->first_call[number]; i < evidence->first_call[number + 1]; i++)
    {
      TramaDeed deed;

      trama_deed_read (trama_store_get_call (evidence->store, evidence->calls[i]), &deed);
      if (deed.kind == TRAMA_DEED_RECEIVES && deed.is_done)
        {
          if (is_small (&row))
            return row;
          row = (Row){ 0 };
        }
      if (deed.kind != TRAMA_DEED_SENDS || !deed.is_done)
        continue;
      if (row.n++ == 0)
        row.first = evidence->calls[i];
      row.last = evidence->calls[i];
      row.bytes += deed.moved_bytes;
    }
  return row;
}

void
trama_judge_small_writes (TramaCase *evidence, guint number)
{
  const TramaSocket *socket = trama_flow_table_get_socket (evidence->table, number);
  g_autofree char *writer = NULL, *each = NULL;
  TramaPlace place;
  gulong plural;
  Row row;

  if (socket->type != SOCK_STREAM)
    return;
  row = find_small_row (evidence, number);
  if (!is_small (&row))
    return;
  place = trama_case_place_call (evidence, row.first);
  place.span.end_ns = trama_store_get_call (evidence->store, row.last)->exit_ns;
  writer = trama_case_name_actor (evidence, place.actor);
  each = trama_average_format (row.bytes, row.n, &plural);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "%s made %u writes in a row for %lu bytes, on average %s byte each.",
                       "%s made %u writes in a row for %lu bytes, on average %s bytes each.", plural),
          writer, row.n, (gulong) row.bytes, each));
}
