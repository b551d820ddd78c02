/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include <math.h>
#include <string.h>

/*
 * Which calls are bars, and of how many there are only crowds. A call that is drawn longer than
 * a cell is a bar, and so are short ones where few begin in the same cell beside the same rail;
 * of more, what went by in them is told row by row. How a call is drawn does not depend on where
 * a part begins: the cell above the first is counted too, for what begins there may reach in.
 */

#define ROWS 8 /* of a cell */

/* More short calls of one rail in a cell are no bars any more. */
#define BARS_MAX 5

/* Within these times everything is, and nothing that is added to them passes their end. */
#define LONGEST_NS (G_MAXINT64 / 2)

typedef struct
{
  TramaLayout *layout;
  const TramaCallSums *calls;
  guint32 rail;
  double cell_px, row_px;
  double top_px; /* of the first cell, which is above the part */
  guint n_cells;
  gint64 least_ns;    /* what does not take longer is short */
  GArray *edges;      /* of double: heights between which time goes by evenly, and where rows begin */
  GArray *times;      /* of gint64: theirs */
  guint *first_edges; /* by row */
  TramaCallSum *sums; /* by edge: up to the next one */
  GArray *bars;       /* of guint: positions in the calls of the rail */
} Crowds;

static gint64
time_at (const Crowds *crowds, double y)
{
  const TramaScale *scale = &crowds->layout->self->time_scale;

  /* Below the last moment time goes no further. */
  if (y > scale->height_px - trama_scale_bottom_px (scale->px))
    return MIN (crowds->layout->self->chart.span.end_ns, G_MAXINT64 - 1) + 1;
  return trama_scale_time_of_y (scale, y);
}

static void
add_edge (Crowds *crowds, double y, gint64 time_ns)
{
  gint64 last_ns = crowds->times->len > 0 ? g_array_index (crowds->times, gint64, crowds->times->len - 1)
                                          : G_MININT64;

  time_ns = MAX (time_ns, last_ns);
  g_array_append_val (crowds->edges, y);
  g_array_append_val (crowds->times, time_ns);
}

/* Where one begins, time goes at another pace. */
static void
add_edges_of_stretches (Crowds *crowds, double y0, double y1, guint *stretch)
{
  const GArray *stretches = crowds->layout->self->time_scale.stretches;

  for (; *stretch < stretches->len; ++*stretch)
    {
      const TramaStretch *next = &g_array_index (stretches, TramaStretch, *stretch);

      if (next->y0 >= y1)
        break;
      if (next->y0 > y0)
        add_edge (crowds, next->y0, next->start_ns);
    }
}

/* Row 0 is the whole of the cell above the first. */
static double
y_of_row (const Crowds *crowds, guint row)
{
  return crowds->top_px + (row > 0 ? crowds->cell_px + (row - 1) * crowds->row_px : 0);
}

static guint
count_rows (const Crowds *crowds)
{
  return 1 + (crowds->n_cells - 1) * ROWS;
}

static void
list_edges (Crowds *crowds)
{
  guint n_rows = count_rows (crowds), stretch = 0;

  crowds->edges = g_array_new (FALSE, FALSE, sizeof (double));
  crowds->times = g_array_new (FALSE, FALSE, sizeof (gint64));
  crowds->first_edges = g_new (guint, n_rows + 1);
  for (guint row = 0; row <= n_rows; row++)
    {
      double y0 = y_of_row (crowds, row);

      crowds->first_edges[row] = crowds->edges->len;
      add_edge (crowds, y0, time_at (crowds, y0));
      if (row < n_rows)
        add_edges_of_stretches (crowds, y0, y_of_row (crowds, row + 1), &stretch);
    }
  crowds->sums = g_new (TramaCallSum, crowds->edges->len);
}

/* What takes no longer is drawn no longer than a cell, at any pace; in rows, there is no saying. */
static gint64
find_least_ns (const Crowds *crowds)
{
  const TramaScale *scale = &crowds->layout->self->time_scale;
  double ns_per_px = scale->ns_per_px;

  if (crowds->layout->self->mode == TRAMA_SCALE_ROWS)
    return -1;
  for (guint i = 0; i < scale->stretches->len; i++)
    {
      const TramaStretch *stretch = &g_array_index (scale->stretches, TramaStretch, i);

      if (stretch->folded && stretch->y1 > stretch->y0)
        ns_per_px = MIN (ns_per_px,
                         (double) (stretch->end_ns - stretch->start_ns) / (stretch->y1 - stretch->y0));
    }
  return (gint64) MIN (ns_per_px * crowds->cell_px, (double) LONGEST_NS) - 1;
}

static const TramaCallSpan *
get_span (const Crowds *crowds, guint position)
{
  return trama_call_sums_get (crowds->calls, crowds->rail, position);
}

static gboolean
is_long (const Crowds *crowds, const TramaCallSpan *span)
{
  if (span->exit_ns == G_MAXINT64)
    return TRUE;
  return trama_layout_y (crowds->layout, span->exit_ns) - trama_layout_y (crowds->layout, span->entry_ns)
         > crowds->cell_px;
}

static void
find_long (Crowds *crowds, gint64 start_ns, gint64 end_ns)
{
  guint kept = 0;

  trama_call_sums_find_long (crowds->calls, crowds->rail, start_ns, end_ns, crowds->least_ns, crowds->bars);
  for (guint i = 0; i < crowds->bars->len; i++)
    {
      guint position = g_array_index (crowds->bars, guint, i);

      if (is_long (crowds, get_span (crowds, position)))
        g_array_index (crowds->bars, guint, kept++) = position;
    }
  g_array_set_size (crowds->bars, kept);
}

/* Of the long ones, those that begin from one position to another. They are in order. */
static guint
count_long (const Crowds *crowds, guint n_long, guint *at, guint end)
{
  guint n = 0;

  for (; *at < n_long && g_array_index (crowds->bars, guint, *at) < end; ++*at)
    n++;
  return n;
}

static int
compare_positions (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *) a, y = *(const guint *) b;

  return x < y ? -1 : x > y;
}

/* A failure may be long besides. */
static void
sort_bars (Crowds *crowds)
{
  GArray *bars = crowds->bars;
  guint kept = 0;

  g_array_sort (bars, compare_positions);
  for (guint i = 0; i < bars->len; i++)
    if (kept == 0 || g_array_index (bars, guint, i) != g_array_index (bars, guint, kept - 1))
      g_array_index (bars, guint, kept++) = g_array_index (bars, guint, i);
  g_array_set_size (bars, kept);
}

static guint
first_row_of_cell (guint cell)
{
  return cell > 0 ? 1 + (cell - 1) * ROWS : 0;
}

/* Of few calls in a cell all are bars; of many, those that failed: of each error, one stands for all. */
static void
choose_bars (Crowds *crowds)
{
  const gint64 *times = (const gint64 *) (gconstpointer) crowds->times->data;
  guint n_long = crowds->bars->len, next_long = 0;
  guint begin = trama_call_sums_find (crowds->calls, crowds->rail, 0, times[0]);

  count_long (crowds, n_long, &next_long, begin);
  for (guint cell = 0; cell < crowds->n_cells; cell++)
    {
      gint64 end_ns = times[crowds->first_edges[first_row_of_cell (cell + 1)]];
      guint end = trama_call_sums_find (crowds->calls, crowds->rail, begin, end_ns);
      guint n_short = end - begin - count_long (crowds, n_long, &next_long, end);

      if (n_short > BARS_MAX)
        trama_call_sums_find_failed (crowds->calls, crowds->rail, begin, end, crowds->bars);
      else
        for (guint position = begin; n_short > 0 && position < end; position++)
          g_array_append_val (crowds->bars, position);
      begin = end;
    }
  sort_bars (crowds);
}

/* The last edge that is not after @time_ns; the first if there is none. */
static guint
find_edge (const Crowds *crowds, gint64 time_ns)
{
  guint low = 0, high = crowds->times->len;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (crowds->times, gint64, middle) <= time_ns)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/* What is a bar is not of the crowd. */
static void
take_out (Crowds *crowds, const TramaCallSpan *span, gboolean slept)
{
  const gint64 *times = (const gint64 *) (gconstpointer) crowds->times->data;
  guint i = find_edge (crowds, span->entry_ns);

  if (span->entry_ns >= times[i] && i + 1 < crowds->times->len)
    crowds->sums[i].n_calls--;
  for (; span->exit_ns < G_MAXINT64 && i + 1 < crowds->times->len && times[i] < span->exit_ns; i++)
    {
      gint64 spent_ns = MIN (span->exit_ns, times[i + 1]) - MAX (span->entry_ns, times[i]);

      crowds->sums[i].busy_ns -= MAX (spent_ns, 0);
      crowds->sums[i].slept_ns -= slept ? MAX (spent_ns, 0) : 0;
    }
}

static void
hand_over_bars (Crowds *crowds)
{
  TramaLayout *layout = crowds->layout;

  for (guint i = 0; i < crowds->bars->len; i++)
    {
      const TramaCallSpan *span = get_span (crowds, g_array_index (crowds->bars, guint, i));
      const TramaCall *call = trama_store_get_call (layout->store, span->call);

      take_out (crowds, span, (call->flags & TRAMA_CALL_SLEPT) != 0);
      if (span->entry_ns <= layout->end_ns && span->exit_ns >= layout->start_ns)
        g_array_append_val (layout->calls, span->call);
    }
}

/* So much of the row as its stretches are long in pixels. */
static void
add_row (Crowds *crowds, guint row)
{
  TramaChartCrowd crowd = { .rail = crowds->rail,
                            .y0 = y_of_row (crowds, row),
                            .y1 = y_of_row (crowds, row + 1) };

  for (guint i = crowds->first_edges[row]; i < crowds->first_edges[row + 1]; i++)
    {
      const TramaCallSum *sum = &crowds->sums[i];
      double length_px = g_array_index (crowds->edges, double, i + 1)
                         - g_array_index (crowds->edges, double, i);
      gint64 length_ns = g_array_index (crowds->times, gint64, i + 1)
                         - g_array_index (crowds->times, gint64, i);
      double part = length_ns > 0 ? length_px / crowds->row_px / (double) length_ns : 0;

      crowd.n_calls += sum->n_calls;
      crowd.busy += (double) MAX (sum->busy_ns, 0) * part;
      crowd.slept += (double) MAX (sum->slept_ns, 0) * part;
    }
  if (crowd.n_calls == 0 && crowd.busy <= 0)
    return;
  crowd.busy = MIN (crowd.busy, 1);
  crowd.slept = MIN (crowd.slept, 1);
  g_array_append_val (crowds->layout->crowds, crowd);
}

static void
find_crowds_of_rail (Crowds *crowds)
{
  const gint64 *times = (const gint64 *) (gconstpointer) crowds->times->data;
  guint n = crowds->times->len - 1;

  if (trama_call_sums_n (crowds->calls, crowds->rail) == 0)
    return;
  g_array_set_size (crowds->bars, 0);
  find_long (crowds, times[0], MAX (times[n], times[0]));
  choose_bars (crowds);
  trama_call_sums_query (crowds->calls, crowds->rail, times, n, crowds->sums);
  hand_over_bars (crowds);
  for (guint row = 1; row < count_rows (crowds); row++)
    add_row (crowds, row);
}

static void
find_crowds (TramaLayout *layout)
{
  Crowds crowds = { .layout = layout,
                    .calls = layout->ladder->calls,
                    .cell_px = trama_layout_px (layout, TRAMA_CELL_PX) };
  double first_cell = floor (layout->y0 / crowds.cell_px) - 1;

  crowds.row_px = crowds.cell_px / ROWS;
  crowds.top_px = first_cell * crowds.cell_px;
  crowds.n_cells = (guint) (floor (layout->y1 / crowds.cell_px) - first_cell) + 1;
  crowds.least_ns = find_least_ns (&crowds);
  crowds.bars = g_array_new (FALSE, FALSE, sizeof (guint));
  list_edges (&crowds);
  for (crowds.rail = 0; crowds.rail < layout->rails->len; crowds.rail++)
    find_crowds_of_rail (&crowds);
  g_array_unref (crowds.edges);
  g_array_unref (crowds.times);
  g_array_unref (crowds.bars);
  g_free (crowds.first_edges);
  g_free (crowds.sums);
}

/* Of few, all are drawn. */
static void
take_all (TramaLayout *layout)
{
  const TramaCallSums *calls = layout->ladder->calls;

  for (guint32 rail = 0; rail < layout->rails->len; rail++)
    for (guint i = 0; i < trama_call_sums_n (calls, rail); i++)
      {
        guint32 call = trama_call_sums_get (calls, rail, i)->call;

        g_array_append_val (layout->calls, call);
      }
}

void
trama_layout_choose_calls (TramaLayout *layout)
{
  if (layout->ladder->call_moments->len == 0)
    return;
  if (trama_timeline_n (layout->ladder->timeline) <= TRAMA_LADDER_PLAIN)
    take_all (layout);
  else
    find_crowds (layout);
}
