/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include <math.h>
#include <string.h>

/*
 * The body is divided into cells, from its top, and what is in a cell decides how it is
 * drawn: wherever a part begins, the same packets are arrows and the same are counted.
 */

/* Sizes of the design at scale 1. */
#define ROW_PX 2
#define ROWS 16             /* of a cell */
#define MARK_ROWS 8         /* in so many, one of a kind of the rare packets stands for all */
#define MARK_ROWS_BESIDE 16 /* where those of several wires lie across one another */
#define MARKS_MAX 3         /* in those; more, and what comes and goes all the time has one in a cell */
#define MARGIN_PX 10        /* between two that face each other, and the middle of the wire */

/* More packets of one sender in a cell are no arrows any more. */
#define ARROWS_MAX 12
#define ARROWS_BESIDE_MAX 3 /* where another is dense */

/* More moments in a cell are not looked at one by one. */
#define LOOKED_AT_MAX 384

/* Of the rare packets, those by which conversations come and go. */
#define COMING_AND_GOING (1u << TRAMA_SEGMENT_SYN | 1u << TRAMA_SEGMENT_FIN)

/* A row with so many packets, or so many times more than the average, reaches as far as there is room. */
#define FULL_LEAST 64
#define FULL_AVERAGES 16

G_STATIC_ASSERT (TRAMA_CELL_PX == ROWS * ROW_PX);
G_STATIC_ASSERT (ROWS % MARK_ROWS == 0 && ROWS % MARK_ROWS_BESIDE == 0);
G_STATIC_ASSERT ((int) TRAMA_CHART_DENSITY_KINDS == (int) TRAMA_N_DENSITY_KINDS);

typedef struct
{
  TramaLayout *layout;
  const TramaTimeline *timeline;
  double cell_px;
  double full;   /* packets in a row */
  guint n_lanes; /* and twice as many sides */
  guint mark_rows;
  TramaDensitySum *row;   /* by lane */
  TramaDensitySum *marks; /* by lane, of several rows */
  guint *counts;          /* by lane and side, of a cell, as the next */
  guint8 *marked;         /* what rare packets have a mark */
  guint n_marks;          /* of a cell */
  GArray *positions;      /* of guint: what is drawn one by one in a cell */
} Cells;

static guint
find_position (const Cells *cells, guint from, double y)
{
  TramaScale *scale = &cells->layout->self->time_scale;
  guint n = trama_timeline_n (cells->timeline);

  /* Below the last moment time goes no further. */
  if (y > scale->height_px - trama_scale_bottom_px (scale->px))
    return n;
  return trama_timeline_find (cells->timeline, from, trama_scale_time_of_y (scale, y));
}

static void
add_packet (Cells *cells, guint position)
{
  g_array_append_val (cells->positions, position);
}

static int
compare_positions (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *) a, y = *(const guint *) b;

  return x < y ? -1 : x > y;
}

/* One packet may be rare in more than one way. */
static void
hand_over_packets (Cells *cells)
{
  guint last = G_MAXUINT;

  g_array_sort (cells->positions, compare_positions);
  for (guint i = 0; i < cells->positions->len; i++)
    {
      guint position = g_array_index (cells->positions, guint, i);
      guint32 packet = trama_timeline_get (cells->timeline, position).index;

      if (position != last)
        g_array_append_val (cells->layout->packets, packet);
      last = position;
    }
  g_array_set_size (cells->positions, 0);
}

/* Of those whose lane is not dense. */
static void
list_packets (Cells *cells, guint begin, guint end)
{
  for (guint position = begin; position < end; position++)
    {
      guint16 lane = trama_timeline_get_lane (cells->timeline, position);

      if (lane != TRAMA_TIMELINE_NO_LANE && cells->counts[lane] <= ARROWS_MAX)
        add_packet (cells, position);
    }
}

/* Whether one of them is dense: then few arrows of another would only lie across its rows. */
static gboolean
count_lanes (Cells *cells, guint begin, guint end)
{
  gboolean dense = FALSE;

  memset (cells->counts, 0, 2 * cells->n_lanes * sizeof *cells->counts);
  for (guint position = begin; position < end; position++)
    {
      guint16 lane = trama_timeline_get_lane (cells->timeline, position);

      if (lane != TRAMA_TIMELINE_NO_LANE)
        dense |= ++cells->counts[lane] > ARROWS_MAX;
    }
  for (guint lane = 0; dense && lane < 2 * cells->n_lanes; lane++)
    if (cells->counts[lane] > ARROWS_BESIDE_MAX)
      cells->counts[lane] = G_MAXUINT;
  return dense;
}

guint32
trama_layout_rail_of_lane (const TramaLayout *layout, guint lane)
{
  guint32 column = lane >> 1;

  return trama_layout_rail_towards (layout, column, (lane & 1) != 0 ? column + 1 : 0);
}

/* Of the wire beside a rail, the half on its side. */
static double
room_of_rail (const TramaLayout *layout, const TramaChartRail *rail)
{
  guint32 wire = rail->direction > 0 ? rail->column - 1 : rail->column;
  const TramaChartWire *w;

  if (wire >= layout->wires->len)
    return 0;
  w = &g_array_index (layout->wires, TramaChartWire, wire);
  return MAX ((w->x1 - w->x0) / 2 - trama_layout_px (layout, MARGIN_PX), 0);
}

static void
add_density (Cells *cells, guint lane, const TramaDensitySum *sum, double y)
{
  TramaLayout *layout = cells->layout;
  const guint32 *packets = sum->packets[lane & 1];
  TramaChartDensity density = { .rail = trama_layout_rail_of_lane (layout, lane),
                                .y0 = y,
                                .y1 = y + cells->cell_px / ROWS,
                                .n_bytes = sum->bytes[lane & 1] };
  const TramaChartRail *rail = &g_array_index (layout->rails, TramaChartRail, density.rail);
  double length;

  for (guint kind = 0; kind < TRAMA_N_DENSITY_KINDS; kind++)
    density.n_packets += packets[kind];
  if (density.n_packets == 0)
    return;
  density.direction = -rail->direction;
  density.x = rail->line_x;
  length = room_of_rail (layout, rail) * MIN (log1p (density.n_packets) / log1p (cells->full), 1);
  for (guint kind = 0; kind < TRAMA_N_DENSITY_KINDS; kind++)
    density.length_px[kind] = length * packets[kind] / density.n_packets;
  g_array_append_val (layout->densities, density);
}

static gboolean
is_dense (const Cells *cells, guint lane)
{
  return cells->counts[lane] > ARROWS_MAX;
}

/* Where short conversations follow upon one another, their first and last packets alone would fill the wire. */
static guint8
find_rare (const Cells *cells, guint lane, gboolean crowded)
{
  guint8 rare = cells->marks[lane >> 1].rare[lane & 1];

  if (!is_dense (cells, lane))
    return 0;
  return crowded ? (guint8) (rare & ~(cells->marked[lane] & COMING_AND_GOING)) : rare;
}

static void
add_marks (Cells *cells, guint begin, guint end)
{
  const gboolean crowded = cells->n_marks > MARKS_MAX;

  for (guint lane = 0; lane < 2 * cells->n_lanes; lane++)
    {
      const guint8 all = find_rare (cells, lane, crowded);

      for (guint bit = 0; bit < 8; bit++)
        {
          guint8 rare = (guint8) (1 << bit);
          guint position;

          if ((all & rare) == 0)
            continue;
          position = trama_timeline_find_rare (cells->timeline, begin, end, lane >> 1, lane & 1, rare);
          if (position < end)
            add_packet (cells, position);
          cells->n_marks++;
        }
      cells->marked[lane] |= all;
    }
  memset (cells->marks, 0, cells->n_lanes * sizeof *cells->marks);
}

static void
add_rows (Cells *cells, double y, guint begin, guint end)
{
  guint marked = begin;

  cells->n_marks = 0;
  memset (cells->marked, 0, 2 * cells->n_lanes * sizeof *cells->marked);
  memset (cells->marks, 0, cells->n_lanes * sizeof *cells->marks);
  for (guint row = 0; row < ROWS; row++)
    {
      double y0 = y + row * cells->cell_px / ROWS;
      guint next = row + 1 < ROWS ? find_position (cells, begin, y0 + cells->cell_px / ROWS) : end;

      next = MIN (next, end);
      memset (cells->row, 0, cells->n_lanes * sizeof *cells->row);
      trama_timeline_sum (cells->timeline, begin, next, cells->row);
      for (guint lane = 0; lane < 2 * cells->n_lanes; lane++)
        if (is_dense (cells, lane))
          add_density (cells, lane, &cells->row[lane >> 1], y0);
      for (guint lane = 0; lane < cells->n_lanes; lane++)
        trama_density_sum_add (&cells->marks[lane], &cells->row[lane]);
      begin = next;
      if ((row + 1) % cells->mark_rows == 0)
        {
          add_marks (cells, marked, begin);
          marked = begin;
        }
    }
}

static void
take_cell (Cells *cells, double y, guint begin, guint end)
{
  if (end - begin > LOOKED_AT_MAX)
    {
      memset (cells->counts, 0xff, 2 * cells->n_lanes * sizeof *cells->counts);
      add_rows (cells, y, begin, end);
    }
  else
    {
      if (count_lanes (cells, begin, end))
        add_rows (cells, y, begin, end);
      list_packets (cells, begin, end);
    }
  hand_over_packets (cells);
}

static double
get_full (const Cells *cells)
{
  const TramaLayout *layout = cells->layout;
  double rows = layout->self->time_scale.height_px / trama_layout_px (layout, ROW_PX);

  return MAX (FULL_LEAST, FULL_AVERAGES * trama_timeline_n (cells->timeline) / MAX (rows, 1));
}

static double
cell_of_moment (const Cells *cells, guint position)
{
  double y;

  if (position >= trama_timeline_n (cells->timeline))
    return 0;
  y = trama_layout_y (cells->layout, trama_timeline_get_time (cells->timeline, position));
  return floor (y / cells->cell_px);
}

static void
take_cells (TramaLayout *layout)
{
  guint n_lanes = MAX (layout->columns->len, 1);
  Cells cells = {
    .layout = layout,
    .timeline = layout->ladder->timeline,
    .cell_px = trama_layout_px (layout, TRAMA_CELL_PX),
    .n_lanes = n_lanes,
    .mark_rows = n_lanes > 2 ? MARK_ROWS_BESIDE : MARK_ROWS,
    .row = g_new0 (TramaDensitySum, n_lanes),
    .marks = g_new0 (TramaDensitySum, n_lanes),
    .counts = g_new0 (guint, 2 * n_lanes),
    .marked = g_new0 (guint8, 2 * n_lanes),
    .positions = g_array_new (FALSE, FALSE, sizeof (guint)),
  };
  double cell = floor (layout->y0 / cells.cell_px);
  guint begin = find_position (&cells, 0, cell * cells.cell_px);

  cells.full = get_full (&cells);
  for (; cell * cells.cell_px <= layout->y1 && begin < trama_timeline_n (cells.timeline); cell++)
    {
      guint end = find_position (&cells, begin, (cell + 1) * cells.cell_px);

      if (end > begin)
        take_cell (&cells, cell * cells.cell_px, begin, end);
      else
        cell = MAX (cell, cell_of_moment (&cells, end) - 1); /* nothing is in those between */
      begin = end;
    }
  g_free (cells.row);
  g_free (cells.marks);
  g_free (cells.counts);
  g_free (cells.marked);
  g_array_unref (cells.positions);
}

/* Of few, all are drawn. */
static void
take_all (TramaLayout *layout)
{
  const TramaTimeline *timeline = layout->ladder->timeline;

  for (guint i = 0; i < trama_timeline_n (timeline); i++)
    {
      const TramaMoment moment = trama_timeline_get (timeline, i);

      if (moment.kind == TRAMA_MOMENT_PACKET)
        g_array_append_val (layout->packets, moment.index);
    }
}

void
trama_layout_choose (TramaLayout *layout)
{
  trama_layout_choose_calls (layout);
  if (trama_timeline_n (layout->ladder->timeline) <= TRAMA_LADDER_PLAIN)
    take_all (layout);
  else
    take_cells (layout);
}
