/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include <string.h>

/*
 * Where the names of TCP states stand in their bands: as high up as may be, but not on
 * the mark of a gap, beneath the badge of a port that hangs over the band, in the way of
 * a link that crosses it, or on the name of another band.
 */

/* Sizes of the design at scale 1. */
#define LINE_PX 16  /* of a name, and as little as it needs */
#define ROOMY_PX 24 /* what it likes to have */
#define INSET_PX 15 /* from the beginning of its room to its middle, if there is so much */
#define NOTE_PX 20  /* from a name to its note */
#define NOTE_HALF_PX 8
#define TEAR_CLEAR_PX 4 /* the tear's wave */
#define LINK_HALF_PX 2
#define CHAR_PX 10.4      /* of a name, at its full size */
#define LEAST_CHAR_PX 6.2 /* at the smallest that one can read */
#define MARGIN_PX 6

/* How many bands back there may be one that it lies upon. */
#define BANDS_LOOKED_AT 12

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

static void
add_taken (GArray *taken, const TramaChartBand *band, double y0, double y1)
{
  Stretch stretch = { y0, y1 };

  if (y1 > band->y0 && y0 < band->y1)
    g_array_append_val (taken, stretch);
}

static void
list_tears (const TramaLayout *layout, const TramaChartBand *band, GArray *taken)
{
  double clear = trama_layout_px (layout, TEAR_CLEAR_PX);

  for (guint i = 0; i < layout->tears->len; i++)
    {
      const TramaChartTear *tear = &g_array_index (layout->tears, TramaChartTear, i);

      add_taken (taken, band, tear->y0 - clear, tear->y1 + clear);
    }
}

static void
list_badges (const TramaLayout *layout, const TramaChartBand *band, GArray *taken)
{
  for (guint i = 0; i < layout->badges->len; i++)
    {
      const TramaChartBadge *badge = &g_array_index (layout->badges, TramaChartBadge, i);

      if (badge->left < band->x1 && badge->left + badge->width_px > band->x0)
        add_taken (taken, band, badge->y - badge->height_px / 2, badge->y + badge->height_px / 2);
    }
}

static void
list_links (const TramaLayout *layout, const TramaChartBand *band, GArray *taken)
{
  double half = trama_layout_px (layout, LINK_HALF_PX);

  for (guint i = 0; i < layout->links->len; i++)
    {
      const TramaChartLink *link = &g_array_index (layout->links, TramaChartLink, i);

      if (MIN (link->bar_x, link->line_x) < band->x1 && MAX (link->bar_x, link->line_x) > band->x0)
        add_taken (taken, band, link->y - half, link->y + half);
    }
}

static void
list_words (const TramaLayout *layout, guint index, GArray *taken)
{
  const TramaChartBand *band = &g_array_index (layout->bands, TramaChartBand, index);
  double half = trama_layout_px (layout, LINE_PX) / 2;

  for (guint i = index - MIN (index, BANDS_LOOKED_AT); i < index; i++)
    {
      const TramaChartBand *other = &g_array_index (layout->bands, TramaChartBand, i);

      if (other->x0 >= band->x1 || other->x1 <= band->x0)
        continue;
      if (other->name != NULL)
        add_taken (taken, band, other->name_y - MAX (half, other->upright_px / 2),
                   other->name_y + MAX (half, other->upright_px / 2));
      if (other->note != NULL)
        add_taken (taken, band, other->note_y - half, other->note_y + half);
    }
}

/* The first stretch between what is taken that is @roomy, or else the longest. */
static Stretch
find_room (const TramaChartBand *band, GArray *taken, double roomy)
{
  Stretch room = { band->y0, band->y0 };
  double from = band->y0;

  g_array_sort (taken, compare_stretches);
  for (guint i = 0; i <= taken->len && room.y1 - room.y0 < roomy; i++)
    {
      const Stretch *next = i < taken->len ? &g_array_index (taken, Stretch, i) : NULL;
      double to = next != NULL ? MIN (next->y0, band->y1) : band->y1;

      if (to - from > room.y1 - room.y0)
        room = (Stretch){ from, to };
      if (next != NULL)
        from = MAX (from, next->y1);
    }
  return room;
}

/* In a band that is too narrow for it a name is written upwards, and there is no note. */
static void
place_upright (const TramaLayout *layout, TramaChartBand *band, GArray *taken)
{
  double margin = trama_layout_px (layout, MARGIN_PX);
  double length = trama_layout_px (layout, (double) strlen (band->name) * CHAR_PX);
  Stretch room = find_room (band, taken, length + margin);

  band->note = NULL;
  band->upright_px = length;
  band->name_y = room.y0 + (length + margin) / 2;
  if (room.y1 - room.y0 < length + margin)
    band->name = NULL;
}

static void
place_words (TramaLayout *layout, guint index)
{
  TramaChartBand *band = &g_array_index (layout->bands, TramaChartBand, index);
  g_autoptr (GArray) taken = g_array_new (FALSE, FALSE, sizeof (Stretch));
  Stretch room;

  list_tears (layout, band, taken);
  list_badges (layout, band, taken);
  list_links (layout, band, taken);
  list_words (layout, index, taken);
  if (trama_layout_px (layout, (double) strlen (band->name) * LEAST_CHAR_PX + MARGIN_PX)
      > band->x1 - band->x0)
    {
      place_upright (layout, band, taken);
      return;
    }
  room = find_room (band, taken, trama_layout_px (layout, ROOMY_PX));
  band->name_y = room.y0 + MIN (trama_layout_px (layout, INSET_PX), (room.y1 - room.y0) / 2);
  band->note_y = band->name_y + trama_layout_px (layout, NOTE_PX);
  if (room.y1 - room.y0 < trama_layout_px (layout, LINE_PX))
    band->name = band->note = NULL;
  else if (band->note_y + trama_layout_px (layout, NOTE_HALF_PX) > room.y1)
    band->note = NULL;
}

void
trama_layout_state_words (TramaLayout *layout)
{
  for (guint i = 0; i < layout->bands->len; i++)
    if (g_array_index (layout->bands, TramaChartBand, i).name != NULL)
      place_words (layout, i);
}
