/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

/*
 * Where the words of calls stand, each beside its bar or not far from it, none on
 * another, on the mark of a gap, or on what is told of a process. Where there are too
 * many, some are left out, and the hover card and the inspector have them.
 */

/* Sizes of the design at scale 1. */
#define PITCH_PX 22
#define TIGHT_PX 19 /* where there is no more room */
#define HALF_PX 10

/* From a tear or from other words to the middle of a label: half of its height, and the tear's wave. */
#define TEAR_CLEAR_PX 13
#define WORDS_CLEAR_PX 10

/* Without the distances the places must only not descend: pool adjacent violators. */
void
trama_chart_spread_apart (double *places, const double *pitches, guint n)
{
  g_autofree double *means = g_new (double, MAX (n, 1));
  g_autofree guint *counts = g_new (guint, MAX (n, 1));
  guint n_pools = 0, at = 0;
  double offset = 0;

  for (guint i = 0; i < n; offset += pitches[i++])
    {
      means[n_pools] = places[i] - offset;
      counts[n_pools++] = 1;
      while (n_pools > 1 && means[n_pools - 2] > means[n_pools - 1])
        {
          guint together = counts[n_pools - 2] + counts[n_pools - 1];

          means[n_pools - 2] = (means[n_pools - 2] * counts[n_pools - 2]
                                + means[n_pools - 1] * counts[n_pools - 1])
                               / together;
          counts[n_pools - 2] = together;
          n_pools--;
        }
    }
  offset = 0;
  for (guint pool = 0; pool < n_pools; pool++)
    for (guint i = 0; i < counts[pool]; i++, at++)
      {
        places[at] = means[pool] + offset;
        offset += pitches[at];
      }
}

void
trama_chart_spread (double *places, guint n, double pitch)
{
  g_autofree double *pitches = g_new (double, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    pitches[i] = pitch;
  trama_chart_spread_apart (places, pitches, n);
}

/* What of a call is written in one place. The first that are left out are those that weigh least. */
typedef struct
{
  double y;
  guint bar;
  gboolean result;
  guint section; /* between which obstacles */
  guint weight;
} Label;

static int
compare_labels (gconstpointer a, gconstpointer b)
{
  const Label *x = a, *y = b;

  if (x->section != y->section)
    return x->section < y->section ? -1 : 1;
  if (x->y != y->y)
    return x->y < y->y ? -1 : 1;
  if (x->bar != y->bar)
    return x->bar < y->bar ? -1 : 1;
  return x->result - y->result;
}

/* What no label may stand on: the middles of labels keep out of all of it. */
typedef struct
{
  double y0, y1;
} Obstacle;

static int
compare_obstacles (gconstpointer a, gconstpointer b)
{
  const Obstacle *x = a, *y = b;

  return x->y0 < y->y0 ? -1 : x->y0 > y->y0;
}

static void
join_obstacles (GArray *obstacles)
{
  guint kept = 0;

  g_array_sort (obstacles, compare_obstacles);
  for (guint i = 1; i < obstacles->len; i++)
    {
      const Obstacle next = g_array_index (obstacles, Obstacle, i);
      Obstacle *last = &g_array_index (obstacles, Obstacle, kept);

      if (next.y0 < last->y1)
        last->y1 = MAX (last->y1, next.y1);
      else
        g_array_index (obstacles, Obstacle, ++kept) = next;
    }
  g_array_set_size (obstacles, MIN (obstacles->len, kept + 1));
}

/* Tears go over the whole width; who was forked or killed is told beside one rail. */
static GArray *
list_obstacles (const TramaLayout *layout, guint32 rail)
{
  GArray *obstacles = g_array_new (FALSE, FALSE, sizeof (Obstacle));
  double clear = trama_layout_px (layout, TEAR_CLEAR_PX);
  double half = trama_layout_px (layout, TRAMA_LIFE_PX / 2 + WORDS_CLEAR_PX);

  for (guint i = 0; i < layout->tears->len; i++)
    {
      const TramaChartTear *tear = &g_array_index (layout->tears, TramaChartTear, i);
      Obstacle obstacle = { tear->y0 - clear, tear->y1 + clear };

      g_array_append_val (obstacles, obstacle);
    }
  for (guint i = 0; i < layout->lives->len; i++)
    {
      const TramaChartLife *life = &g_array_index (layout->lives, TramaChartLife, i);
      Obstacle obstacle = { life->label_y - half, life->label_y + half };

      if (life->label != NULL
          && g_array_index (layout->columns, TramaChartColumn, life->column).first_rail == rail)
        g_array_append_val (obstacles, obstacle);
    }
  join_obstacles (obstacles);
  return obstacles;
}

/* How many obstacles have their middle above @y. */
static guint
find_section (const GArray *obstacles, double y)
{
  guint section = 0;

  while (section < obstacles->len
         && g_array_index (obstacles, Obstacle, section).y0 + g_array_index (obstacles, Obstacle, section).y1
                < 2 * y)
    section++;
  return section;
}

/* Where the middles of labels may stand between two obstacles, or one and an end of the body. */
static void
bound_section (const TramaLayout *layout, const GArray *obstacles, guint section, double *top, double *bottom)
{
  double half = trama_layout_px (layout, HALF_PX);

  *top = section > 0 ? g_array_index (obstacles, Obstacle, section - 1).y1 : half;
  *bottom = section < obstacles->len ? g_array_index (obstacles, Obstacle, section).y0
                                     : layout->self->time_scale.height_px - half;
}

/* What failed is what one looks for, then what waited. Without room at its exit a result stands behind the arguments. */
static guint
weigh (const TramaLayout *layout, const TramaChartBar *bar)
{
  const TramaCall *call = trama_store_get_call (layout->store, bar->call);

  return call->result < 0 ? 3 : bar->slept ? 2 : 1;
}

static GArray *
list_labels (TramaLayout *layout, const GArray *obstacles, guint32 rail)
{
  GArray *labels = g_array_new (FALSE, FALSE, sizeof (Label));

  for (guint i = 0; i < layout->bars->len; i++)
    {
      TramaChartBar *bar = &g_array_index (layout->bars, TramaChartBar, i);
      Label label = { bar->label_y, i, FALSE, find_section (obstacles, bar->y0), weigh (layout, bar) };

      if (bar->rail != rail)
        continue;
      bar->has_words = TRUE;
      g_array_append_val (labels, label);
      if (!bar->result_apart)
        continue;
      label = (Label){ bar->result_y, i, TRUE, find_section (obstacles, bar->y1), 0 };
      g_array_append_val (labels, label);
    }
  g_array_sort (labels, compare_labels);
  return labels;
}

/* Of those that weigh least, the one that has its neighbours nearest: what is left is spread over the section. */
static guint
find_least (const GArray *labels, guint first, guint end)
{
  guint least = first;
  double least_room = G_MAXDOUBLE;

  for (guint i = first; i < end; i++)
    {
      const Label *label = &g_array_index (labels, Label, i);
      guint weight = g_array_index (labels, Label, least).weight;
      double room = i > first && i + 1 < end ? label[1].y - label[-1].y : G_MAXDOUBLE;

      if (label->weight < weight || (label->weight == weight && room < least_room))
        {
          least = i;
          least_room = room;
        }
    }
  return least;
}

static void
leave_out (TramaLayout *layout, GArray *labels, guint index)
{
  const Label *label = &g_array_index (labels, Label, index);
  TramaChartBar *bar = &g_array_index (layout->bars, TramaChartBar, label->bar);

  if (label->result)
    bar->result_apart = FALSE;
  else
    bar->has_words = FALSE;
  g_array_remove_index (labels, index);
}

/* Those of one section keep between its obstacles: as many as there is room for when they stand close. */
static guint
spread_section (TramaLayout *layout, const GArray *obstacles, GArray *labels, guint first)
{
  guint section = g_array_index (labels, Label, first).section, end = first;
  double pitch = trama_layout_px (layout, PITCH_PX), least = trama_layout_px (layout, TIGHT_PX);
  g_autofree double *places = NULL;
  double top, bottom;

  bound_section (layout, obstacles, section, &top, &bottom);
  while (end < labels->len && g_array_index (labels, Label, end).section == section)
    end++;
  for (; end > first && bottom - top < (end - first - 1) * least; end--)
    leave_out (layout, labels, find_least (labels, first, end));
  if (end - first > 1)
    pitch = MIN (pitch, (bottom - top) / (end - first - 1));
  places = g_new (double, MAX (end - first, 1));
  for (guint i = first; i < end; i++)
    places[i - first] = g_array_index (labels, Label, i).y;
  trama_chart_spread (places, end - first, pitch);
  for (guint i = first; i < end; i++)
    g_array_index (labels, Label, i).y = CLAMP (places[i - first], top + (i - first) * pitch,
                                                bottom - (end - 1 - i) * pitch);
  return end;
}

static void
spread_labels (TramaLayout *layout, guint32 rail)
{
  g_autoptr (GArray) obstacles = list_obstacles (layout, rail);
  g_autoptr (GArray) labels = list_labels (layout, obstacles, rail);

  for (guint i = 0; i < labels->len;)
    i = spread_section (layout, obstacles, labels, i);
  for (guint i = 0; i < labels->len; i++)
    {
      const Label *label = &g_array_index (labels, Label, i);
      TramaChartBar *bar = &g_array_index (layout->bars, TramaChartBar, label->bar);

      if (label->result)
        bar->result_y = label->y;
      else
        bar->label_y = label->y;
    }
}

void
trama_layout_words (TramaLayout *layout)
{
  for (guint32 rail = 0; rail < layout->rails->len; rail++)
    if (g_array_index (layout->rails, TramaChartRail, rail).label_width_px > 0)
      spread_labels (layout, rail);
}
