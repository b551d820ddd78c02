/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/blocks.h"

#include <string.h>

G_STATIC_ASSERT (1 << TRAMA_BLOCK_SHIFT == TRAMA_DENSITY_BLOCK);

void
trama_blocks_init (TramaBlocks *self, guint n_lanes)
{
  self->n = 0;
  self->n_lanes = n_lanes;
  self->first_ns = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint level = 0; level < TRAMA_BLOCK_LEVELS; level++)
    self->levels[level] = g_array_new (FALSE, TRUE, sizeof (TramaDensitySum));
}

void
trama_blocks_clear (TramaBlocks *self)
{
  g_clear_pointer (&self->first_ns, g_array_unref);
  for (guint level = 0; level < TRAMA_BLOCK_LEVELS; level++)
    g_clear_pointer (&self->levels[level], g_array_unref);
}

void
trama_blocks_forget (TramaBlocks *self)
{
  self->n = 0;
  g_array_set_size (self->first_ns, 0);
  for (guint level = 0; level < TRAMA_BLOCK_LEVELS; level++)
    g_array_set_size (self->levels[level], 0);
}

static guint
block_shift (guint level)
{
  return TRAMA_BLOCK_SHIFT + TRAMA_BLOCK_FAN_SHIFT * level;
}

static TramaDensitySum *
sums_of_block (const TramaBlocks *self, guint level, guint block)
{
  return &g_array_index (self->levels[level], TramaDensitySum, block * self->n_lanes);
}

static void
add_sums (const TramaBlocks *self, TramaDensitySum *to, const TramaDensitySum *from)
{
  for (guint lane = 0; lane < self->n_lanes; lane++)
    trama_density_sum_add (&to[lane], &from[lane]);
}

/* A block that is full counts in the one it is part of. */
static void
close_blocks (TramaBlocks *self)
{
  for (guint level = 0; level + 1 < TRAMA_BLOCK_LEVELS; level++)
    {
      guint block = (self->n >> block_shift (level)) - 1;
      guint parent = block >> TRAMA_BLOCK_FAN_SHIFT;

      if (self->n & ((1u << block_shift (level)) - 1))
        return;
      if (parent * self->n_lanes == self->levels[level + 1]->len)
        g_array_set_size (self->levels[level + 1], (parent + 1) * self->n_lanes);
      add_sums (self, sums_of_block (self, level + 1, parent), sums_of_block (self, level, block));
    }
}

void
trama_blocks_append (TramaBlocks *self, const TramaBlockEntries *entries)
{
  guint block = self->n >> TRAMA_BLOCK_SHIFT;

  if (block == self->first_ns->len)
    {
      gint64 time_ns = entries->get_time (entries->owner, self->n);

      g_array_append_val (self->first_ns, time_ns);
      g_array_set_size (self->levels[0], (block + 1) * self->n_lanes);
    }
  entries->add (entries->owner, self->n, sums_of_block (self, 0, block));
  self->n++;
  close_blocks (self);
}

/* The last block from @low on whose first entry is before @time_ns, or @low. */
static guint
find_block (const TramaBlocks *self, guint low, gint64 time_ns)
{
  const gint64 *first_ns = (const gint64 *) (gconstpointer) self->first_ns->data;
  guint step = 1, high;

  while (low + step < self->first_ns->len && first_ns[low + step] < time_ns)
    {
      low += step;
      step *= 2;
    }
  high = MIN (low + step, self->first_ns->len);
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (first_ns[middle] < time_ns)
        low = middle;
      else
        high = middle;
    }
  return low;
}

guint
trama_blocks_find (const TramaBlocks *self, const TramaBlockEntries *entries, guint from, gint64 time_ns)
{
  guint block, low, high;

  if (from >= self->n)
    return self->n;
  block = find_block (self, from >> TRAMA_BLOCK_SHIFT, time_ns);
  low = MAX (from, block << TRAMA_BLOCK_SHIFT);
  high = MIN ((block + 1) << TRAMA_BLOCK_SHIFT, self->n);
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (entries->get_time (entries->owner, middle) < time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The widest block that begins at @position and ends at @end at the latest; -1: there is none. */
static int
widest_block (guint position, guint end)
{
  int level = TRAMA_BLOCK_LEVELS - 1;

  while (level >= 0
         && ((position & ((1u << block_shift ((guint) level)) - 1)) != 0
             || end - position < 1u << block_shift ((guint) level)))
    level--;
  return level;
}

static void
add_entries (const TramaBlockEntries *entries, guint begin, guint end, TramaDensitySum *sums)
{
  for (guint position = begin; position < end; position++)
    entries->add (entries->owner, position, sums);
}

/* What there is at least once cannot be taken away again. */
static gboolean
is_without_rare (const TramaBlocks *self, guint block)
{
  const TramaDensitySum *sums = sums_of_block (self, 0, block);
  guint rare = 0;

  for (guint lane = 0; lane < self->n_lanes; lane++)
    rare |= sums[lane].rare[0] | sums[lane].rare[1];
  return rare == 0;
}

static void
take_away (const TramaBlocks *self, TramaDensitySum *from, const TramaDensitySum *rest)
{
  for (guint lane = 0; lane < self->n_lanes; lane++)
    for (guint side = 0; side < 2; side++)
      {
        for (guint kind = 0; kind < TRAMA_N_DENSITY_KINDS; kind++)
          from[lane].packets[side][kind] -= rest[lane].packets[side][kind];
        from[lane].bytes[side] -= rest[lane].bytes[side];
      }
}

/* Of one block: one by one, or all of it without the others where these are fewer. */
static void
sum_part (const TramaBlocks *self,
          const TramaBlockEntries *entries,
          guint begin,
          guint end,
          TramaDensitySum *sums)
{
  const guint block = begin >> TRAMA_BLOCK_SHIFT, first = block << TRAMA_BLOCK_SHIFT;
  const guint last = MIN (first + TRAMA_DENSITY_BLOCK, self->n);
  g_autofree TramaDensitySum *rest = NULL;

  if (2 * (end - begin) <= last - first || !is_without_rare (self, block))
    {
      add_entries (entries, begin, end, sums);
      return;
    }
  rest = g_new0 (TramaDensitySum, self->n_lanes);
  add_entries (entries, first, begin, rest);
  add_entries (entries, end, last, rest);
  add_sums (self, sums, sums_of_block (self, 0, block));
  take_away (self, sums, rest);
}

void
trama_blocks_sum (const TramaBlocks *self,
                  const TramaBlockEntries *entries,
                  guint begin,
                  guint end,
                  TramaDensitySum *sums)
{
  while (begin < end)
    {
      int level = widest_block (begin, end);
      guint next = MIN (end, ((begin >> TRAMA_BLOCK_SHIFT) + 1) << TRAMA_BLOCK_SHIFT);

      if (level >= 0)
        {
          next = begin + (1u << block_shift ((guint) level));
          add_sums (self, sums, sums_of_block (self, (guint) level, begin >> block_shift ((guint) level)));
        }
      else
        sum_part (self, entries, begin, next, sums);
      begin = next;
    }
}

static gboolean
has_rare (const TramaDensitySum *sums, guint lane, guint side, guint8 rare)
{
  return (sums[lane].rare[side] & rare) != 0;
}

guint
trama_blocks_find_rare (const TramaBlocks *self,
                        const TramaBlockEntries *entries,
                        guint begin,
                        guint end,
                        guint lane,
                        guint side,
                        guint8 rare)
{
  g_autofree TramaDensitySum *one = g_new0 (TramaDensitySum, self->n_lanes);
  int widest = TRAMA_BLOCK_LEVELS - 1;

  while (begin < end)
    {
      int level = MIN (widest_block (begin, end), widest);

      if (level < 0)
        {
          entries->add (entries->owner, begin, one);
          if (has_rare (one, lane, side, rare))
            return begin;
          memset (one, 0, self->n_lanes * sizeof *one);
          begin++;
        }
      else if (has_rare (sums_of_block (self, (guint) level, begin >> block_shift ((guint) level)), lane,
                         side, rare))
        {
          widest = level - 1; /* it is in this one */
          continue;
        }
      else
        begin += 1u << block_shift ((guint) level);
    }
  return end;
}
