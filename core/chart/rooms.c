/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include <math.h>

/* Nearer than this, words of the two rails of a column would stand side by side; at scale 1. */
#define BESIDE_PX 21

/* From the words of one rail to where those of the other begin. */
#define GAP_PX 8

static int
compare_heights (gconstpointer a, gconstpointer b)
{
  const double *x = a, *y = b;

  return *x < *y ? -1 : *x > *y;
}

/* By rail, the heights at which there are words, sorted. */
static GPtrArray *
list_heights (const TramaLayout *layout)
{
  GPtrArray *rails = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  for (guint i = 0; i < layout->rails->len; i++)
    g_ptr_array_add (rails, g_array_new (FALSE, FALSE, sizeof (double)));
  for (guint i = 0; i < layout->bars->len; i++)
    {
      const TramaChartBar *bar = &g_array_index (layout->bars, TramaChartBar, i);
      GArray *heights = g_ptr_array_index (rails, bar->rail);

      if (bar->has_words)
        g_array_append_val (heights, bar->label_y);
      if (bar->result_apart)
        g_array_append_val (heights, bar->result_y);
    }
  for (guint i = 0; i < rails->len; i++)
    g_array_sort (g_ptr_array_index (rails, i), compare_heights);
  return rails;
}

static gboolean
is_free (const GArray *heights, double y, double distance)
{
  guint low = 0, high = heights->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (heights, double, middle) <= y - distance)
        low = middle + 1;
      else
        high = middle;
    }
  return low == heights->len || g_array_index (heights, double, low) >= y + distance;
}

/* The other rail of the same column; TRAMA_RAIL_NONE: it has one alone. */
static guint32
other_rail (const TramaLayout *layout, guint32 rail)
{
  guint32 index = g_array_index (layout->rails, TramaChartRail, rail).column;
  const TramaChartColumn *column = &g_array_index (layout->columns, TramaChartColumn, index);

  return column->n_rails < 2 ? TRAMA_RAIL_NONE : 2 * column->first_rail + 1 - rail;
}

/* Where one rail says nothing, the other has the whole column for its words. */
void
trama_layout_rooms (TramaLayout *layout)
{
  g_autoptr (GPtrArray) heights = list_heights (layout);
  double distance = trama_layout_px (layout, BESIDE_PX);

  for (guint i = 0; i < layout->bars->len; i++)
    {
      TramaChartBar *bar = &g_array_index (layout->bars, TramaChartBar, i);
      const TramaChartRail *rail = &g_array_index (layout->rails, TramaChartRail, bar->rail);
      guint32 other = other_rail (layout, bar->rail);
      double end = rail->label_x + rail->direction * rail->label_width_px;
      double more;

      if (other == TRAMA_RAIL_NONE || rail->label_width_px <= 0)
        continue;
      more = fabs (g_array_index (layout->rails, TramaChartRail, other).label_x - end)
             - trama_layout_px (layout, GAP_PX);
      if (is_free (g_ptr_array_index (heights, other), bar->label_y, distance))
        bar->label_more_px = MAX (more, 0);
      if (bar->result_apart && is_free (g_ptr_array_index (heights, other), bar->result_y, distance))
        bar->result_more_px = MAX (more, 0);
    }
}
