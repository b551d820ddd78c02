/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/order.h"

#include <string.h>

/* What the steps of one sorting share. */
typedef struct
{
  guint32 *places;
  guint32 *aside; /* the left part of what is merged; NULL until something is */
  guint n;
  TramaTimeFunc time_of;
  gconstpointer records;
} Sorting;

static gint64
time_at (const Sorting *sorting, guint position)
{
  return sorting->time_of (sorting->records, sorting->places[position]);
}

/* The first position from @low on, before @high, that is later than @time_ns. */
static guint
find_later (const Sorting *sorting, guint low, guint high, gint64 time_ns)
{
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (time_at (sorting, middle) <= time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The first position from @low on, before @high, that is not earlier than @time_ns. */
static guint
find_not_earlier (const Sorting *sorting, guint low, guint high, gint64 time_ns)
{
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (time_at (sorting, middle) < time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Two neighbouring runs; of equal times those on the left stay there. What need not move is not touched. */
static void
merge (Sorting *sorting, guint begin, guint middle, guint end)
{
  guint n_left, left = 0, right = middle, at;

  begin = find_later (sorting, begin, middle, time_at (sorting, middle));
  if (begin == middle)
    return;
  end = find_not_earlier (sorting, middle, end, time_at (sorting, middle - 1));
  if (sorting->aside == NULL)
    sorting->aside = g_new (guint32, sorting->n);
  n_left = middle - begin;
  memcpy (sorting->aside, sorting->places + begin, n_left * sizeof *sorting->aside);
  for (at = begin; left < n_left && right < end; at++)
    {
      guint32 index = sorting->aside[left];

      if (time_at (sorting, right) < sorting->time_of (sorting->records, index))
        sorting->places[at] = sorting->places[right++];
      else
        {
          sorting->places[at] = index;
          left++;
        }
    }
  memcpy (sorting->places + at, sorting->aside + left, (n_left - left) * sizeof *sorting->aside);
}

/* Where runs begin that are in order, and where the last one ends. The first @n_ordered are known to be one. */
static GArray *
find_runs (const Sorting *sorting, guint n_ordered)
{
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (guint));
  guint zero = 0;

  g_array_append_val (runs, zero);
  for (guint i = MAX (n_ordered, 1); i < sorting->n; i++)
    if (time_at (sorting, i) < time_at (sorting, i - 1))
      g_array_append_val (runs, i);
  g_array_append_val (runs, sorting->n);
  return runs;
}

/* Each two of them become one. */
static void
merge_pairs (Sorting *sorting, GArray *runs)
{
  guint *starts = (guint *) (gpointer) runs->data;
  guint kept = 0, i;

  for (i = 0; i + 2 < runs->len; i += 2)
    {
      merge (sorting, starts[i], starts[i + 1], starts[i + 2]);
      starts[kept++] = starts[i];
    }
  for (; i < runs->len; i++)
    starts[kept++] = starts[i];
  g_array_set_size (runs, kept);
}

void
trama_order_extend (GArray *places, guint n_records, TramaTimeFunc time_of, gconstpointer records)
{
  Sorting sorting = { .n = n_records, .time_of = time_of, .records = records };
  guint n_ordered = places->len;
  g_autoptr (GArray) runs = NULL;

  if (n_ordered >= n_records)
    return;
  for (guint32 i = n_ordered; i < n_records; i++)
    g_array_append_val (places, i);
  sorting.places = (guint32 *) (gpointer) places->data;
  runs = find_runs (&sorting, n_ordered);
  while (runs->len > 2)
    merge_pairs (&sorting, runs);
  g_free (sorting.aside);
}
