/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/timeline.h"

#include <string.h>

/* Moments between two sums of gaps. */
#define GAPS_SHIFT 9
#define GAPS_MASK ((1u << GAPS_SHIFT) - 1)

#define KIND_SHIFT 29
#define INDEX_MASK ((1u << KIND_SHIFT) - 1)

typedef struct
{
  TramaGapSum by_class[TRAMA_GAP_CLASSES + 1];
} GapSums;

TramaTimeline *
trama_timeline_new (TramaFlowTable *table, guint n_columns)
{
  TramaTimeline *self = g_new0 (TramaTimeline, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->table = trama_flow_table_ref (table);
  trama_column_init (&self->places, sizeof (guint32));
  trama_column_init (&self->lanes, sizeof (guint16));
  trama_blocks_init (&self->blocks, MAX (n_columns, 1));
  self->gaps = g_array_new (FALSE, FALSE, sizeof (GapSums));
  return self;
}

TramaTimeline *
trama_timeline_ref (TramaTimeline *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
trama_timeline_unref (TramaTimeline *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  trama_column_clear (&self->places);
  trama_column_clear (&self->lanes);
  trama_blocks_clear (&self->blocks);
  g_array_unref (self->gaps);
  trama_flow_table_unref (self->table);
  g_free (self);
}

void
trama_timeline_set_table (TramaTimeline *self, TramaFlowTable *table)
{
  trama_flow_table_ref (table);
  trama_flow_table_unref (self->table);
  self->table = table;
}

guint
trama_timeline_n (const TramaTimeline *self)
{
  return self->blocks.n;
}

static guint32
place_at (const TramaTimeline *self, guint position)
{
  return trama_column_index (&self->places, guint32, position);
}

guint16
trama_timeline_get_lane (const TramaTimeline *self, guint position)
{
  return trama_column_index (&self->lanes, guint16, position);
}

static gint64
time_of (const TramaTimeline *self, guint32 kind, guint32 index)
{
  const TramaStore *store = trama_flow_table_get_store (self->table);
  TramaPacket record;

  switch (kind)
    {
    case TRAMA_MOMENT_PACKET:
      trama_store_get_packet (store, index, &record);
      return record.time_ns;
    case TRAMA_MOMENT_BIRTH:
      return trama_store_get_actor (store, index)->start_ns;
    case TRAMA_MOMENT_DEATH:
      return trama_store_get_actor (store, index)->end_ns;
    case TRAMA_MOMENT_ENTRY:
      return trama_store_get_call (store, index)->entry_ns;
    default:
      return trama_store_get_call (store, index)->exit_ns;
    }
}

gint64
trama_timeline_get_time (const TramaTimeline *self, guint position)
{
  guint32 place = place_at (self, position);

  return time_of (self, place >> KIND_SHIFT, place & INDEX_MASK);
}

TramaMoment
trama_timeline_get (const TramaTimeline *self, guint position)
{
  guint32 place = place_at (self, position);
  guint32 kind = place >> KIND_SHIFT, index = place & INDEX_MASK;

  return (TramaMoment){ time_of (self, kind, index), kind, index };
}

/* As entries of the blocks. */

static gint64
get_time (gconstpointer owner, guint position)
{
  return trama_timeline_get_time (owner, position);
}

static void
add (gconstpointer owner, guint position, TramaDensitySum *sums)
{
  const TramaTimeline *self = owner;
  guint16 lane = trama_timeline_get_lane (self, position);
  guint32 packet = place_at (self, position) & INDEX_MASK;
  TramaPacket record;
  TramaBrief brief;

  if (lane == TRAMA_TIMELINE_NO_LANE)
    return;
  brief = trama_flow_table_get_brief (self->table, packet);
  trama_store_get_packet (trama_flow_table_get_store (self->table), packet, &record);
  trama_density_sum_count (&sums[lane >> 1], &brief, lane & 1, record.length_bytes);
}

static TramaBlockEntries
entries_of (const TramaTimeline *self)
{
  return (TramaBlockEntries){ get_time, add, self };
}

/* Gaps. */

guint
trama_gap_class (gint64 gap_ns)
{
  return gap_ns > 0 ? MIN (64 - (guint) __builtin_clzll ((guint64) gap_ns), TRAMA_GAP_CLASSES - 1) : 0;
}

static void
sum_add_gap (TramaGapSum *sum, guint fold_class, gint64 gap_ns, guint32 kind_before)
{
  if (trama_gap_class (gap_ns) < fold_class)
    sum->open_ns += gap_ns;
  else if (kind_before == TRAMA_MOMENT_PACKET)
    sum->after_packet++;
  else
    sum->after_call++;
}

static TramaGapSum
sum_classes (const TramaTimeline *self, guint fold_class)
{
  TramaGapSum sum = { 0 };

  for (guint i = 0; i < fold_class; i++)
    sum.open_ns += self->classes[i].open_ns;
  for (guint i = fold_class; i < TRAMA_GAP_CLASSES; i++)
    {
      sum.after_packet += self->classes[i].after_packet;
      sum.after_call += self->classes[i].after_call;
    }
  return sum;
}

/* What is before the next moment. */
static void
add_gap_sums (TramaTimeline *self)
{
  GapSums sums;

  for (guint i = 0; i <= TRAMA_GAP_CLASSES; i++)
    sums.by_class[i] = sum_classes (self, i);
  g_array_append_val (self->gaps, sums);
}

static void
count_gap (TramaTimeline *self)
{
  guint n = self->blocks.n;

  if (n > 0)
    {
      TramaMoment before = trama_timeline_get (self, n - 1);
      gint64 gap_ns = trama_timeline_get_time (self, n) - before.time_ns;
      TramaGapSum *sum = &self->classes[trama_gap_class (gap_ns)];

      sum->open_ns += gap_ns;
      if (before.kind == TRAMA_MOMENT_PACKET)
        sum->after_packet++;
      else
        sum->after_call++;
    }
  if ((n & GAPS_MASK) == 0)
    add_gap_sums (self);
}

void
trama_timeline_append (TramaTimeline *self, guint32 kind, guint32 index, guint16 lane)
{
  const TramaBlockEntries entries = entries_of (self);

  g_return_if_fail (index <= INDEX_MASK);
  trama_column_add (&self->places, guint32) = kind << KIND_SHIFT | index;
  trama_column_add (&self->lanes, guint16) = lane;
  count_gap (self);
  trama_blocks_append (&self->blocks, &entries);
}

static const TramaGapSum *
gaps_at (const TramaTimeline *self, guint fold_class, guint part)
{
  return &g_array_index (self->gaps, GapSums, part).by_class[fold_class];
}

/* On to the next moment. Returns whether the gap before it is folded. */
static gboolean
walk (const TramaTimeline *self, guint fold_class, guint *position, TramaMoment *here, TramaGapSum *sum)
{
  const TramaMoment before = *here;
  guint32 folds = sum->after_packet + sum->after_call;

  *here = trama_timeline_get (self, ++*position);
  sum_add_gap (sum, fold_class, here->time_ns - before.time_ns, before.kind);
  return sum->after_packet + sum->after_call > folds;
}

static guint32
count_folds (const TramaTimeline *self, guint fold_class, guint part)
{
  const TramaGapSum *sum = gaps_at (self, fold_class, part);

  return sum->after_packet + sum->after_call;
}

/* The last part is not at its end yet: it may have some. */
static gboolean
has_folds (const TramaTimeline *self, guint fold_class, guint part)
{
  return part + 1 >= self->gaps->len
         || count_folds (self, fold_class, part + 1) > count_folds (self, fold_class, part);
}

TramaGapSum
trama_timeline_gaps (const TramaTimeline *self, guint fold_class, guint position)
{
  guint part = position >> GAPS_SHIFT, at = part << GAPS_SHIFT;
  TramaGapSum sum = *gaps_at (self, fold_class, part);
  TramaMoment here = trama_timeline_get (self, at);

  /* Where all is open, the gaps together are the time that went by. */
  if (!has_folds (self, fold_class, part))
    sum.open_ns += trama_timeline_get_time (self, position) - here.time_ns;
  else
    while (at < position)
      walk (self, fold_class, &at, &here, &sum);
  return sum;
}

guint
trama_timeline_find_place (const TramaTimeline *self,
                           guint fold_class,
                           double place,
                           TramaGapPlaceFunc get_place,
                           gconstpointer user_data)
{
  guint low = 0, high = self->gaps->len, at;
  TramaGapSum sum;
  TramaMoment here;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (get_place (gaps_at (self, fold_class, middle), user_data) <= place)
        low = middle;
      else
        high = middle;
    }
  at = low << GAPS_SHIFT;
  sum = *gaps_at (self, fold_class, low);
  here = trama_timeline_get (self, at);
  while (at + 1 < self->blocks.n)
    {
      walk (self, fold_class, &at, &here, &sum);
      if (get_place (&sum, user_data) > place)
        return at - 1;
    }
  return at;
}

/* In one part: the first, or the last, position from @from to @to behind which a gap is folded; @to: none. */
static guint
find_fold (const TramaTimeline *self, guint fold_class, guint from, guint to, gboolean last)
{
  TramaMoment here = trama_timeline_get (self, from);
  TramaGapSum sum = { 0 };
  guint found = to;

  while (from < to)
    if (walk (self, fold_class, &from, &here, &sum))
      {
        found = from - 1;
        if (!last)
          break;
      }
  return found;
}

guint
trama_timeline_next_fold (const TramaTimeline *self, guint fold_class, guint from)
{
  guint part = from >> GAPS_SHIFT, last = self->blocks.n - 1;
  guint end = MIN ((part + 1) << GAPS_SHIFT, last);
  guint found = find_fold (self, fold_class, from, end, FALSE);
  guint low = part + 1, high = self->gaps->len;
  guint32 folds;

  if (found < end || end == last)
    return found;
  /* The last part that begins with no more folds than this one ends with has the next. */
  folds = count_folds (self, fold_class, low);
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (count_folds (self, fold_class, middle) <= folds)
        low = middle;
      else
        high = middle;
    }
  return find_fold (self, fold_class, low << GAPS_SHIFT, MIN ((low + 1) << GAPS_SHIFT, last), FALSE);
}

guint
trama_timeline_last_fold (const TramaTimeline *self, guint fold_class, guint from)
{
  guint part = from >> GAPS_SHIFT;
  guint found = find_fold (self, fold_class, part << GAPS_SHIFT, from, TRUE);
  guint32 folds = count_folds (self, fold_class, part);
  guint low = 0, high = part;

  if (found < from)
    return found + 1;
  if (folds == 0)
    return 0;
  /* The last part that begins with fewer. */
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (count_folds (self, fold_class, middle) < folds)
        low = middle;
      else
        high = middle;
    }
  return find_fold (self, fold_class, low << GAPS_SHIFT, (low + 1) << GAPS_SHIFT, TRUE) + 1;
}

TramaGapSum
trama_timeline_all_gaps (const TramaTimeline *self, guint fold_class)
{
  return sum_classes (self, fold_class);
}

guint
trama_timeline_median_class (const TramaTimeline *self)
{
  guint64 n_gaps = 0, n = 0;
  guint class;

  for (class = 1; class < TRAMA_GAP_CLASSES; class ++)
    n_gaps += self->classes[class].after_packet + self->classes[class].after_call;
  for (class = 1; class + 1 < TRAMA_GAP_CLASSES; class ++)
    {
      n += self->classes[class].after_packet + self->classes[class].after_call;
      if (2 * n >= n_gaps)
        break;
    }
  return class;
}

/* Moments. */

guint
trama_timeline_find (const TramaTimeline *self, guint from, gint64 time_ns)
{
  const TramaBlockEntries entries = entries_of (self);

  return trama_blocks_find (&self->blocks, &entries, from, time_ns);
}

gboolean
trama_timeline_find_ref (const TramaTimeline *self, TramaRef ref, guint *position)
{
  const TramaStore *store = trama_flow_table_get_store (self->table);
  guint32 kind = ref.kind == TRAMA_EVENT_PACKET ? TRAMA_MOMENT_PACKET : TRAMA_MOMENT_ENTRY;
  gint64 time_ns;

  if ((ref.kind != TRAMA_EVENT_PACKET || ref.index >= trama_store_n_packets (store))
      && (ref.kind != TRAMA_EVENT_CALL || ref.index >= trama_store_n_calls (store)))
    return FALSE;
  time_ns = time_of (self, kind, ref.index);
  for (guint i = trama_timeline_find (self, 0, time_ns); i < self->blocks.n; i++)
    {
      const TramaMoment moment = trama_timeline_get (self, i);

      if (moment.time_ns != time_ns)
        break;
      if (moment.kind == kind && moment.index == ref.index)
        {
          *position = i;
          return TRUE;
        }
    }
  return FALSE;
}

void
trama_timeline_sum (const TramaTimeline *self, guint begin, guint end, TramaDensitySum *sums)
{
  const TramaBlockEntries entries = entries_of (self);

  trama_blocks_sum (&self->blocks, &entries, begin, end, sums);
}

guint
trama_timeline_find_rare (const TramaTimeline *self,
                          guint begin,
                          guint end,
                          guint lane,
                          guint side,
                          guint8 rare)
{
  const TramaBlockEntries entries = entries_of (self);

  return trama_blocks_find_rare (&self->blocks, &entries, begin, end, lane, side, rare);
}
