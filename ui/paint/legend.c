/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/paint/canvas.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ROW_PX 34
#define PADDING_PX 10
#define GAP_PX 28
#define CLOSE_GAP_PX 15 /* where that saves a row */
#define SAMPLE_PX 62    /* of an arrow: a shorter one has no mark at its tail */
#define MARK_GAP_PX 12
#define SIGN_PX 22 /* of what was found */

typedef enum
{
  MARK_ARROW,
  MARK_FRAGMENT,
  MARK_AGAIN,
  MARK_COPY,
  MARK_LOST,
  MARK_RUNNING,
  MARK_SLEPT,
  MARK_SENDS,
  MARK_WAKES,
  MARK_CARRIES,
  MARK_STEP,
  MARK_FOUND,
  MARK_FLAG,
  MARK_NOTE,
  MARK_SLANT,
  MARK_UNLINKED,
} Mark;

typedef struct
{
  Mark mark;
  guint8 kind; /* TramaSegmentKind of an arrow, TramaSeverity of what was found */
  double mark_px;
  const char *label;
} Item;

/* No more than there are bits in what trama_paint_legend_contents () returns. */
static const Item items[] = {
  { MARK_ARROW, TRAMA_SEGMENT_SYN, SAMPLE_PX, N_ ("SYN opens") },
  { MARK_ARROW, TRAMA_SEGMENT_DATA, SAMPLE_PX, N_ ("data") },
  { MARK_ARROW, TRAMA_SEGMENT_ACK, SAMPLE_PX, N_ ("ACK") },
  { MARK_ARROW, TRAMA_SEGMENT_FIN, SAMPLE_PX, N_ ("FIN closes") },
  { MARK_ARROW, TRAMA_SEGMENT_RST, SAMPLE_PX, N_ ("RST aborts") },
  { MARK_ARROW, TRAMA_SEGMENT_UDP, SAMPLE_PX, N_ ("UDP datagram") },
  { MARK_ARROW, TRAMA_SEGMENT_ICMP, SAMPLE_PX, N_ ("ICMP") },
  { MARK_FRAGMENT, TRAMA_SEGMENT_OTHER, SAMPLE_PX, N_ ("IP fragment") },
  { MARK_ARROW, TRAMA_SEGMENT_OTHER, SAMPLE_PX, N_ ("other") },
  { MARK_AGAIN, TRAMA_SEGMENT_DATA, SAMPLE_PX, N_ ("sent again") },
  { MARK_COPY, TRAMA_SEGMENT_DATA, SAMPLE_PX, N_ ("copy, not sent again") },
  { MARK_LOST, TRAMA_SEGMENT_DATA, SAMPLE_PX, N_ ("lost") },
  { MARK_RUNNING, 0, 16, N_ ("call runs") },
  { MARK_SLEPT, 0, 16, N_ ("call waits") },
  { MARK_SENDS, 0, 50, N_ ("sends") },
  { MARK_WAKES, 0, 50, N_ ("wakes up") },
  { MARK_CARRIES, 0, SAMPLE_PX, N_ ("inside the kernel, without packets") },
  { MARK_STEP, 0, 14, N_ ("earlier than the packet before it in the file") },
  { MARK_FOUND, TRAMA_SEVERITY_PROBLEM, SIGN_PX, N_ ("problem") },
  { MARK_FOUND, TRAMA_SEVERITY_NOTICE, SIGN_PX, N_ ("notice") },
  { MARK_FOUND, TRAMA_SEVERITY_FACT, SIGN_PX, N_ ("fact") },
  { MARK_FLAG, 0, 15, N_ ("mark") },
  { MARK_NOTE, 0, 14, N_ ("your note") },
  { MARK_SLANT, 0, 0, N_ ("the slant of an arrow is drawn, not measured") },
  { MARK_UNLINKED, 0, 0, N_ ("over 200,000 events: losses and kernel paths left out") },
};

static gboolean
has_fragment (const TramaChart *chart)
{
  for (guint i = 0; i < chart->n_arrows; i++)
    if (chart->arrows[i].fragment)
      return TRUE;
  return FALSE;
}

static gboolean
has_arrow (const TramaChart *chart, guint kind)
{
  for (guint i = 0; i < chart->n_arrows; i++)
    if (chart->arrows[i].kind == kind && !chart->arrows[i].copy && !chart->arrows[i].fragment)
      return TRUE;
  return (kind != TRAMA_SEGMENT_OTHER || !has_fragment (chart)) && (chart->contents & 1u << kind) != 0;
}

static gboolean
is_odd (const TramaChartArrow *arrow, Mark mark)
{
  return (mark == MARK_AGAIN && arrow->again) || (mark == MARK_COPY && arrow->copy)
         || (mark == MARK_LOST && arrow->lost);
}

/* The first that is sent again, a copy, or lost. */
static const TramaChartArrow *
find_odd (const TramaChart *chart, Mark mark)
{
  for (guint i = 0; i < chart->n_arrows; i++)
    if (is_odd (&chart->arrows[i], mark))
      return &chart->arrows[i];
  return NULL;
}

static gboolean
has_sleeper (const TramaChart *chart)
{
  for (guint i = 0; i < chart->n_bars; i++)
    if (chart->bars[i].slept || chart->bars[i].open)
      return TRUE;
  return (chart->contents & TRAMA_CHART_HAS_SLEEPERS) != 0;
}

static gboolean
has_link (const TramaChart *chart, gboolean wakes)
{
  for (guint i = 0; i < chart->n_links; i++)
    if (chart->links[i].wakes == wakes)
      return TRUE;
  return chart->n_bars == 0
         && (chart->contents & (wakes ? TRAMA_CHART_HAS_WOKEN : TRAMA_CHART_HAS_SENDERS)) != 0;
}

static gboolean
has_own_note (const TramaChart *chart)
{
  for (guint i = 0; i < chart->n_notes; i++)
    if (chart->notes[i].note == G_MAXUINT32)
      return TRUE;
  return FALSE;
}

/* Only what is in the picture is explained; of one that is not laid out, what is in all of it. */
static gboolean
item_applies (const TramaPainting *painting, const Item *item)
{
  const TramaChart *chart = painting->chart;
  const guint32 segments = (1u << TRAMA_N_SEGMENT_KINDS) - 1;

  switch (item->mark)
    {
    case MARK_ARROW:
      return has_arrow (chart, item->kind);
    case MARK_FRAGMENT:
      return has_fragment (chart);
    case MARK_AGAIN:
      return find_odd (chart, item->mark) != NULL || (chart->contents & TRAMA_CHART_HAS_AGAIN) != 0;
    case MARK_COPY:
      return find_odd (chart, item->mark) != NULL || (chart->contents & TRAMA_CHART_HAS_COPIES) != 0;
    case MARK_LOST:
      return find_odd (chart, item->mark) != NULL;
    case MARK_SLEPT:
      return has_sleeper (chart);
    case MARK_SENDS:
    case MARK_WAKES:
      return has_link (chart, item->mark == MARK_WAKES);
    case MARK_CARRIES:
      return chart->n_carries > 0;
    case MARK_STEP:
      return chart->n_steps > 0 || (chart->contents & TRAMA_CHART_HAS_STEPS) != 0;
    case MARK_FOUND:
      return painting->edge != NULL && trama_edge_has (painting->edge, item->kind);
    case MARK_FLAG:
      return chart->n_marks > 0;
    case MARK_NOTE:
      return has_own_note (chart);
    case MARK_SLANT:
      return chart->n_arrows > 0 || (chart->contents & segments) != 0;
    case MARK_UNLINKED:
      return (chart->contents & TRAMA_CHART_IS_UNLINKED) != 0;
    case MARK_RUNNING:
      return chart->n_bars > 0 || (chart->contents & TRAMA_CHART_HAS_CALLS) != 0;
    }
  return FALSE;
}

typedef struct
{
  const Item *item;
  double x, y; /* left end, middle of its row */
} Place;

static TramaText
item_text (const TramaChart *chart, const Item *item)
{
  return (TramaText){ _ (item->label), TRAMA_TEXT_LEGEND, chart->scale };
}

/* Rows are filled like lines of text. Returns how many places are taken, at least one row. */
static guint
fill_rows (const TramaPainting *painting, gboolean close, Place *places, guint *n_rows)
{
  const TramaChart *chart = painting->chart;
  const double s = chart->scale;
  const double width_px = painting->legend_width_px > 0 ? painting->legend_width_px : chart->width_px;
  const double left = close ? PADDING_PX * s : chart->n_columns > 0 ? chart->columns[0].x0 : chart->gutter_px;
  double x = left;
  guint n = 0;

  *n_rows = 1;
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      const TramaText text = item_text (chart, &items[i]);
      double width;

      if (!item_applies (painting, &items[i]))
        continue;
      trama_text_measure (&text, &width, NULL);
      width += (items[i].mark_px > 0 ? items[i].mark_px + MARK_GAP_PX : 0) * s;
      if (x > left && x + width > width_px - PADDING_PX * s)
        {
          x = left;
          *n_rows += 1;
        }
      places[n++] = (Place){ &items[i], x, (PADDING_PX + (*n_rows - 0.5) * ROW_PX) * s };
      x += width + (close ? CLOSE_GAP_PX : GAP_PX) * s;
    }
  return n;
}

/* Below the first column, as long as that costs no row. */
static guint
place_items (const TramaPainting *painting, Place *places, guint *n_rows)
{
  const guint n = fill_rows (painting, FALSE, places, n_rows);
  Place closer[G_N_ELEMENTS (items)];
  guint n_closer_rows = *n_rows;

  if (*n_rows > 1)
    fill_rows (painting, TRUE, closer, &n_closer_rows);
  if (n_closer_rows < *n_rows)
    memcpy (places, closer, n * sizeof *places);
  *n_rows = n_closer_rows;
  return n;
}

double
trama_paint_legend_height (const TramaPainting *painting)
{
  Place places[G_N_ELEMENTS (items)];
  guint n_rows;

  place_items (painting, places, &n_rows);
  return (n_rows * ROW_PX + 2 * PADDING_PX) * painting->chart->scale;
}

guint32
trama_paint_legend_contents (const TramaPainting *painting)
{
  guint32 contents = 0;

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    if (item_applies (painting, &items[i]))
      contents |= 1u << i;
  return contents;
}

/* As the first of them is drawn in the picture. */
static guint8
link_kind (const TramaChart *chart, gboolean wakes)
{
  for (guint i = 0; i < chart->n_links; i++)
    if (chart->links[i].wakes == wakes)
      return chart->links[i].kind;
  return TRAMA_SEGMENT_DATA;
}

static void
draw_mark (const TramaCanvas *canvas, const Place *place)
{
  const double s = canvas->scale;
  const double x = place->x;
  const double y = place->y;
  const double end = x + place->item->mark_px * s;
  const guint8 kind = place->item->kind;
  const TramaChartArrow *odd = find_odd (canvas->chart, place->item->mark);
  const TramaChartArrow arrow = {
    .kind = odd != NULL ? odd->kind : kind,
    .x0 = x,
    .y0 = y - 4 * s,
    .x1 = end,
    .y1 = y + 4 * s,
    .again = place->item->mark == MARK_AGAIN,
    .copy = place->item->mark == MARK_COPY,
    .lost = place->item->mark == MARK_LOST,
  };
  const TramaChartBar running = { .y0 = y - 9 * s, .y1 = y + 9 * s };
  const TramaChartBar slept = { .y0 = y - 14 * s, .y1 = y + 14 * s, .slept = TRUE };
  const TramaChartLink sends = {
    .kind = link_kind (canvas->chart, FALSE), .bar_x = x, .line_x = end, .y = y
  };
  const TramaChartLink wakes = {
    .kind = link_kind (canvas->chart, TRUE), .wakes = TRUE, .bar_x = end, .line_x = x, .y = y
  };

  switch (place->item->mark)
    {
    case MARK_ARROW:
    case MARK_FRAGMENT:
    case MARK_AGAIN:
    case MARK_COPY:
    case MARK_LOST:
      trama_canvas_draw_arrow (canvas, &arrow);
      break;
    case MARK_RUNNING:
      trama_canvas_draw_bar (canvas, &running, x, end - x);
      break;
    case MARK_SLEPT:
      trama_canvas_draw_bar (canvas, &slept, x, end - x);
      break;
    case MARK_SENDS:
      trama_canvas_draw_link (canvas, &sends);
      break;
    case MARK_WAKES:
      trama_canvas_draw_link (canvas, &wakes);
      break;
    case MARK_CARRIES:
      trama_canvas_draw_carry (canvas, &(TramaChartCarry){ .x0 = x, .y0 = y, .x1 = end, .y1 = y });
      break;
    case MARK_STEP:
      trama_canvas_draw_step_mark (canvas, (x + end) / 2, y);
      break;
    case MARK_FOUND:
      trama_canvas_draw_severity (canvas, kind, (x + end) / 2, y, end - x);
      break;
    case MARK_FLAG:
      trama_canvas_draw_flag (canvas, x, y);
      break;
    case MARK_NOTE:
      trama_canvas_draw_pencil (canvas, (x + end) / 2, y);
      break;
    case MARK_SLANT:
    case MARK_UNLINKED:
      break;
    }
}

void
trama_canvas_draw_legend (const TramaCanvas *canvas)
{
  Place places[G_N_ELEMENTS (items)];
  guint n_rows;
  const guint n = place_items (canvas->painting, places, &n_rows);

  for (guint i = 0; i < n; i++)
    {
      const Item *item = places[i].item;
      const TramaText text = item_text (canvas->chart, item);
      const double gap = item->mark_px > 0 ? (item->mark_px + MARK_GAP_PX) * canvas->scale : 0;

      draw_mark (canvas, &places[i]);
      trama_canvas_set_color (canvas, item->mark >= MARK_SLANT ? canvas->theme->ink2 : canvas->theme->ink);
      trama_canvas_text (canvas, &text, places[i].x + gap, places[i].y, 0);
    }
}
