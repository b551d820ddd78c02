/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/reaches.h"

#define PART_SHIFT 3 /* of the list, what is a part; and parts, what is one of the next level */

/* The latest end and the longest of a part. */
typedef struct
{
  gint64 latest_ns, longest_ns;
} Reach;

void
trama_reaches_init (TramaReaches *self)
{
  self->n = 0;
  for (guint level = 0; level < TRAMA_REACH_LEVELS; level++)
    self->levels[level] = g_array_new (FALSE, FALSE, sizeof (Reach));
}

void
trama_reaches_clear (TramaReaches *self)
{
  for (guint level = 0; level < TRAMA_REACH_LEVELS; level++)
    g_clear_pointer (&self->levels[level], g_array_unref);
}

static guint
part_shift (guint level)
{
  return PART_SHIFT * (level + 1);
}

gint64
trama_reaches_length (gint64 start_ns, gint64 end_ns)
{
  guint64 length_ns = (guint64) end_ns - (guint64) start_ns;

  if (end_ns <= start_ns)
    return 0;
  return end_ns < G_MAXINT64 ? (gint64) MIN (length_ns, (guint64) G_MAXINT64) : G_MAXINT64;
}

void
trama_reaches_append (TramaReaches *self, gint64 start_ns, gint64 end_ns)
{
  const Reach one = { end_ns, trama_reaches_length (start_ns, end_ns) };

  for (guint level = 0; level < TRAMA_REACH_LEVELS; level++)
    {
      GArray *reaches = self->levels[level];
      guint part = self->n >> part_shift (level);
      Reach *reach;

      if (part == reaches->len)
        g_array_append_val (reaches, one);
      reach = &g_array_index (reaches, Reach, part);
      reach->latest_ns = MAX (reach->latest_ns, one.latest_ns);
      reach->longest_ns = MAX (reach->longest_ns, one.longest_ns);
    }
  self->n++;
}

/* The widest part that holds @position and none that is looked for; -1: there is no such. */
static int
find_empty_part (const TramaReaches *self, guint position, gint64 start_ns, gint64 least_ns)
{
  for (int level = TRAMA_REACH_LEVELS - 1; level >= 0; level--)
    {
      guint part = position >> part_shift ((guint) level);
      const Reach *reach = &g_array_index (self->levels[level], Reach, part);

      if (reach->latest_ns < start_ns || reach->longest_ns <= least_ns)
        return level;
    }
  return -1;
}

guint
trama_reaches_next (const TramaReaches *self, guint position, gint64 start_ns, gint64 least_ns)
{
  while (position < self->n)
    {
      int level = find_empty_part (self, position, start_ns, least_ns);
      guint shift;

      if (level < 0)
        return position;
      shift = part_shift ((guint) level);
      position = ((position >> shift) + 1) << shift;
    }
  return self->n;
}
