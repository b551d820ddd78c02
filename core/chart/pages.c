/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/labels.h"

/* A page ends at least this part of it down. */
#define PAGE_LEAST 0.5

/* The last one has at least this part of a page; with less it would show little but the legend. */
#define LAST_LEAST 0.2

/* What sums of fractions may exceed a page by and fit. */
#define ROUNDING_PX 0.01

/* Around what must stay whole, at scale 1. */
#define MARGIN_PX 2

typedef struct
{
  double y0, y1;
} Stretch;

static int
compare_stretches (gconstpointer a, gconstpointer b)
{
  const Stretch *x = a, *y = b;

  return x->y0 < y->y0 ? -1 : x->y0 > y->y0;
}

/* Those that meet become one. */
static void
join (GArray *stretches)
{
  guint kept = 0;

  g_array_sort (stretches, compare_stretches);
  for (guint i = 0; i < stretches->len; i++)
    {
      const Stretch *stretch = &g_array_index (stretches, Stretch, i);
      Stretch *last = kept > 0 ? &g_array_index (stretches, Stretch, kept - 1) : NULL;

      if (last != NULL && stretch->y0 <= last->y1)
        last->y1 = MAX (last->y1, stretch->y1);
      else
        g_array_index (stretches, Stretch, kept++) = *stretch;
    }
  g_array_set_size (stretches, kept);
}

static void
add (GArray *stretches, double y0, double y1, double margin, double most)
{
  Stretch stretch = { y0 - margin, y1 + margin };

  if (y1 - y0 <= most)
    g_array_append_val (stretches, stretch);
}

/* What a page may end in when it cannot end beside everything, the least bad last. */
typedef enum
{
  WHOLE_ALL,
  WHOLE_WORDS, /* arrows go over to the next page */
  WHOLE_CALLS, /* packets at the end of the page lose their words */
  N_WHOLES,
} Whole;

static GArray *
list_stretches (const TramaChart *chart, double most_px, Whole whole)
{
  GArray *stretches = g_array_new (FALSE, FALSE, sizeof (Stretch));
  g_autoptr (GArray) labels = trama_chart_get_labels (chart);
  double margin = MARGIN_PX * chart->scale;

  for (guint i = 0; i < labels->len; i++)
    {
      const TramaChartLabel *label = &g_array_index (labels, TramaChartLabel, i);
      const TramaRect *box = &label->box;

      if (whole == WHOLE_CALLS && label->kind == TRAMA_LABEL_CHIP)
        continue;
      add (stretches, box->y, box->y + box->height, margin, most_px);
    }
  for (guint i = 0; i < chart->n_tears; i++)
    add (stretches, chart->tears[i].y0, chart->tears[i].y1, 2 * margin, most_px);
  for (guint i = 0; whole == WHOLE_ALL && i < chart->n_arrows; i++)
    add (stretches, chart->arrows[i].y0, chart->arrows[i].y1, margin, most_px);
  join (stretches);
  return stretches;
}

/* The last place at or above @limit that is in none of them; -1 when that is above @least. */
static double
find_break (const GArray *stretches, double least, double limit)
{
  guint low = 0, high = stretches->len;
  const Stretch *above;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (stretches, Stretch, middle).y0 < limit)
        low = middle + 1;
      else
        high = middle;
    }
  above = low > 0 ? &g_array_index (stretches, Stretch, low - 1) : NULL;
  if (above == NULL || above->y1 <= limit)
    return limit;
  return above->y0 >= least ? above->y0 : -1;
}

/* Where a page that begins at @y0, and is not the last, has to end at the latest. */
static double
find_limit (double y0, double y1, double page_px)
{
  return MIN (y0 + page_px, y1 - page_px * LAST_LEAST);
}

/* An arrow without words is drawn as where there is no room for them. */
static void
take_words (TramaChart *chart, double y)
{
  g_autoptr (GArray) labels = trama_chart_get_labels (chart);

  for (guint i = 0; i < labels->len; i++)
    {
      const TramaChartLabel *label = &g_array_index (labels, TramaChartLabel, i);

      if (label->kind == TRAMA_LABEL_CHIP && label->box.y < y && label->box.y + label->box.height > y)
        chart->arrows[label->index].apart = FALSE;
    }
}

GArray *
trama_chart_break_pages (TramaChart *chart, double y0, double y1, double page_px)
{
  GArray *breaks = g_array_new (FALSE, FALSE, sizeof (double));
  GArray *stretches[N_WHOLES];

  g_return_val_if_fail (page_px > 0, breaks);
  for (guint whole = 0; whole < N_WHOLES; whole++)
    stretches[whole] = list_stretches (chart, page_px * (1 - PAGE_LEAST), (Whole) whole);
  g_array_append_val (breaks, y0);
  while (y1 - y0 > page_px + ROUNDING_PX)
    {
      double limit = find_limit (y0, y1, page_px), least = y0 + page_px * PAGE_LEAST;
      double place = -1;
      guint whole = 0;

      for (; whole < N_WHOLES && place < 0; whole++)
        place = find_break (stretches[whole], least, limit);
      y0 = place < 0 ? limit : place;
      if (whole > WHOLE_CALLS)
        take_words (chart, y0);
      g_array_append_val (breaks, y0);
    }
  g_array_append_val (breaks, y1);
  for (guint whole = 0; whole < N_WHOLES; whole++)
    g_array_unref (stretches[whole]);
  return breaks;
}
