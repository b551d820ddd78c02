/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include <math.h>

/* Sizes of the design at scale 1. */
#define LANE_MARGIN_PX 16
#define PADDING_X_PX 16
#define PADDING_Y_PX 10
#define LINE_PX 21
#define MARK_PX 30 /* of a notice */
#define GAP_PX 8

/* What a letter takes on average, on the wide side: a card may have room left over, but never too little. */
#define CHAR_PX 8.8

#define LINES_MAX 12

/* As words are wrapped: a line ends before the word that has no room in it. */
static guint
count_wrapped (const char *text, guint line_chars)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  glong used = 0;
  guint lines = 1;

  for (guint i = 0; words[i] != NULL; i++)
    {
      glong length = g_utf8_strlen (words[i], -1);

      if (used > 0 && used + 1 + length > (glong) line_chars)
        {
          lines++;
          used = 0;
        }
      used += length + (used > 0);
      lines += (guint) (MAX (used - 1, 0) / line_chars);
      used -= MAX (used - 1, 0) / line_chars * line_chars;
    }
  return lines;
}

/* Lines that were broken by hand stay broken. */
static guint
count_lines (const char *text, guint line_chars)
{
  g_auto (GStrv) written = g_strsplit (text, "\n", LINES_MAX);
  guint lines = 0;

  for (guint i = 0; written[i] != NULL && lines < LINES_MAX; i++)
    lines += count_wrapped (written[i], line_chars);
  return CLAMP (lines, 1, LINES_MAX);
}

static guint32
index_of_actor (const TramaLayout *layout, guint32 id)
{
  for (guint32 i = 0; id != TRAMA_ACTOR_NONE && i < trama_store_n_actors (layout->store); i++)
    if (trama_store_get_actor (layout->store, i)->id == id)
      return i;
  return G_MAXUINT32;
}

void
trama_layout_add_note (TramaLayout *layout,
                       TramaChartNote drawn,
                       gint64 time_ns,
                       const char *text,
                       double mark_px)
{
  const TramaChart *chart = &layout->self->chart;
  double mark = trama_layout_px (layout, mark_px);
  double room;

  drawn.y = trama_layout_y (layout, time_ns);
  drawn.text = trama_layout_keep (layout, text);
  drawn.x = chart->notes_x0 + trama_layout_px (layout, LANE_MARGIN_PX);
  drawn.width_px = MAX (chart->notes_x1 - drawn.x, 0);
  room = drawn.width_px - mark - 2 * trama_layout_px (layout, PADDING_X_PX);
  drawn.n_lines = count_lines (drawn.text, (guint) MAX (room / trama_layout_px (layout, CHAR_PX), 1));
  drawn.height_px = trama_layout_px (layout, drawn.n_lines * LINE_PX + 2 * PADDING_Y_PX);
  drawn.card_y = drawn.y - trama_layout_px (layout, PADDING_Y_PX + LINE_PX / 2.0);
  g_array_append_val (layout->notes, drawn);
}

static void
add_note (TramaLayout *layout, guint32 index)
{
  const TramaNote *note = trama_store_get_note (layout->store, index);
  const TramaChartNote drawn = { .note = index,
                                 .actor = index_of_actor (layout, note->actor),
                                 .is_notice = note->kind == TRAMA_NOTE_NOTICE };

  trama_layout_add_note (layout, drawn, note->time_ns, note->text, drawn.is_notice ? MARK_PX : 0);
}

static int
compare_notes (gconstpointer a, gconstpointer b)
{
  const TramaChartNote *x = a, *y = b;

  if (x->y != y->y)
    return x->y < y->y ? -1 : 1;
  if (x->note != y->note)
    return x->note < y->note ? -1 : 1;
  return x->remark < y->remark ? -1 : x->remark > y->remark;
}

/* Each as near to its moment as can be, none above the beginning; what reaches below the end makes the chart longer. */
static void
part_notes (TramaLayout *layout)
{
  guint n = layout->notes->len;
  g_autofree double *places = g_new (double, MAX (n, 1));
  g_autofree double *pitches = g_new (double, MAX (n, 1));
  double gap = trama_layout_px (layout, GAP_PX);
  double top = gap;

  for (guint i = 0; i < n; i++)
    {
      const TramaChartNote *note = &g_array_index (layout->notes, TramaChartNote, i);

      places[i] = note->card_y;
      pitches[i] = note->height_px + gap;
    }
  trama_chart_spread_apart (places, pitches, n);
  for (guint i = 0; i < n; i++)
    {
      TramaChartNote *note = &g_array_index (layout->notes, TramaChartNote, i);

      note->card_y = MAX (places[i], top);
      top = note->card_y + pitches[i];
    }
  layout->self->chart.body_px = MAX (layout->self->chart.body_px, n > 0 ? top : 0);
}

void
trama_layout_notes (TramaLayout *layout)
{
  for (guint32 i = 0; i < trama_store_n_notes (layout->store); i++)
    add_note (layout, i);
  trama_layout_remarks (layout);
  g_array_sort (layout->notes, compare_notes);
  part_notes (layout);
}

gboolean
trama_layout_has_notes (const TramaLayout *layout)
{
  return trama_store_n_notes (layout->store) > 0
         || trama_notebook_n_notes (trama_store_get_notebook (layout->store)) > 0;
}

const TramaChartNote *
trama_chart_find_note (const TramaChart *chart, double x, double y)
{
  for (guint i = 0; i < chart->n_notes; i++)
    {
      const TramaChartNote *note = &chart->notes[i];

      if (x >= note->x && x < note->x + note->width_px && y >= note->card_y
          && y < note->card_y + note->height_px)
        return note;
    }
  return NULL;
}
