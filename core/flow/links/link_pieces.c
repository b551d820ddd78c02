/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/links/link_bytes.h"

/* What arrived of what was sent, when some of it was sent again. */

guint
trama_ranges_first_behind (const GArray *ranges, guint64 at)
{
  guint low = 0, high = ranges->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (trama_range_at (ranges, middle)->to <= at)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

int
trama_range_compare (gconstpointer a, gconstpointer b)
{
  const TramaRange *x = a, *y = b;

  if (x->from != y->from)
    return x->from < y->from ? -1 : 1;
  return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

void
trama_ranges_sort (GArray *ranges, GCompareFunc compare)
{
  for (guint i = 1; i < ranges->len; i++)
    if (compare (trama_range_at (ranges, i - 1), trama_range_at (ranges, i)) > 0)
      {
        g_array_sort (ranges, compare);
        return;
      }
}

static void
append_range (GArray *ranges, TramaRange like, guint64 from, guint64 to)
{
  like.from = from;
  like.to = to;
  if (from < to)
    g_array_append_val (ranges, like);
}

/* Where @copy and @under overlap, what came later is what arrived; the earlier did where it was read before. */
static void
append_overlap (TramaStreamBytes *bytes, const TramaRange *copy, const TramaRange *under)
{
  guint64 from = MAX (copy->from, under->from), to = MIN (copy->to, under->to);
  const TramaRange *later = copy->time_ns < under->time_ns ? under : copy;

  append_range (bytes->pieces, *under, under->from, from);
  append_range (bytes->pieces, *later, from, to);
  append_range (bytes->pieces, *under, to, under->to);
  append_range (bytes->before, later == copy ? *under : *copy, from, to);
}

/* Lays @copy over the pieces, of which none begins behind it. */
static void
lay_over (TramaStreamBytes *bytes, const TramaRange *copy)
{
  GArray *pieces = bytes->pieces;
  guint first = pieces->len;
  guint64 end = copy->from;
  TramaRange under[TRAMA_OVERLAPS_MAX];
  guint n_under;

  while (first > 0 && pieces->len - first < TRAMA_OVERLAPS_MAX
         && trama_range_at (pieces, first - 1)->to > copy->from)
    first--;
  n_under = pieces->len - first;
  for (guint i = 0; i < n_under; i++)
    under[i] = *trama_range_at (pieces, first + i);
  g_array_set_size (pieces, first);
  for (guint i = 0; i < n_under; i++)
    {
      append_overlap (bytes, copy, &under[i]);
      end = under[i].to;
    }
  append_range (pieces, *copy, MAX (copy->from, end), copy->to);
}

void
trama_bytes_make_pieces (TramaStreamBytes *bytes)
{
  trama_ranges_sort (bytes->copies, trama_range_compare);
  for (guint i = 0; i < bytes->copies->len; i++)
    lay_over (bytes, trama_range_at (bytes->copies, i));
  trama_ranges_sort (bytes->before, trama_range_compare);
}

/* The latest by that time of what was sent earlier with the byte at @at; NULL: nothing. */
static const TramaRange *
find_before (const TramaStreamBytes *bytes, guint64 at, gint64 time_ns)
{
  const TramaRange *found = NULL;
  guint low = 0, high = bytes->before->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (trama_range_at (bytes->before, middle)->from <= at)
        low = middle + 1;
      else
        high = middle;
    }
  for (guint i = 0; i < MIN (low, TRAMA_OVERLAPS_MAX); i++)
    {
      const TramaRange *before = trama_range_at (bytes->before, low - 1 - i);

      if (before->to > at && before->time_ns <= time_ns
          && (found == NULL || before->time_ns > found->time_ns))
        found = before;
    }
  return found;
}

const TramaRange *
trama_bytes_find_piece (const TramaStreamBytes *bytes, guint64 at, gint64 time_ns)
{
  guint index = trama_ranges_first_behind (bytes->pieces, at);
  const TramaRange *piece;

  if (index == bytes->pieces->len)
    return NULL;
  piece = trama_range_at (bytes->pieces, index);
  if (piece->from > at)
    return NULL;
  return piece->time_ns <= time_ns ? piece : find_before (bytes, at, time_ns);
}

const TramaRange *
trama_bytes_find_arrival (TramaStreamBytes *bytes, const TramaRange *piece, guint64 at, gint64 time_ns)
{
  const TramaRange *before;

  if (bytes->arrived.from <= at && at < bytes->arrived.to)
    return &bytes->arrived;
  if (piece->time_ns <= time_ns)
    return piece;
  before = find_before (bytes, at, time_ns);
  if (before == NULL)
    return piece;
  bytes->arrived = *before;
  return &bytes->arrived;
}
