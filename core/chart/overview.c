/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/overview.h"

#include "core/chart/scale.h"
#include "core/trace/span.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Sizes at scale 1. */
#define PADDING_PX 6
#define MARKS_PX 11
#define MARK_PITCH_PX 7
#define AREA_PART 0.38 /* of what the marks leave */
#define ROW_MIN_PX 4
#define ROW_MAX_PX 12
#define ROW_GAP_PX 1
#define PIECE_MIN_PX 2 /* of a phase, however short */

/* The sizes that folds and rows of the ladder have in it, as part of theirs. */
#define FURNITURE_SCALE 0.1

/* More events are drawn to scale. */
#define FOLDED_EVENTS_MAX 20000

typedef struct
{
  TramaOverview overview; /* first: what the others see */
  TramaScale time_scale;
  char *peak;
} Private;

/* What is needed while it is made. */
typedef struct
{
  Private *self;
  TramaFlowTable *table;
  double scale;
  GArray *pieces, *marks;
} Layout;

static double
px (const Layout *layout, double length)
{
  return length * layout->scale;
}

/* Time. */

static GArray *
get_moments (TramaStore *store, TramaSpan *span)
{
  GArray *moments;

  if (trama_store_n_packets (store) + trama_store_n_calls (store) <= FOLDED_EVENTS_MAX)
    moments = trama_store_get_moments (store, NULL);
  else
    {
      TramaMoment ends[2] = { { .kind = TRAMA_MOMENT_PACKET }, { .kind = TRAMA_MOMENT_PACKET } };

      trama_store_get_span (store, span);
      ends[0].time_ns = span->start_ns;
      ends[1].time_ns = span->end_ns;
      moments = g_array_new (FALSE, FALSE, sizeof (TramaMoment));
      g_array_append_vals (moments, ends, 2);
    }
  if (moments->len > 0)
    *span = (TramaSpan){ g_array_index (moments, TramaMoment, 0).time_ns,
                         g_array_index (moments, TramaMoment, moments->len - 1).time_ns };
  return moments;
}

static void
make_time (Private *self, TramaStore *store, const TramaOverviewOptions *options)
{
  g_autoptr (GArray) moments = get_moments (store, &self->overview.span);
  TramaChartOptions furniture = { .height_px = options->width_px, .mode = options->mode };

  if (trama_store_n_packets (store) + trama_store_n_calls (store) > FOLDED_EVENTS_MAX)
    furniture.mode = TRAMA_SCALE_TO_SCALE;
  trama_scale_init (&self->time_scale, moments, &furniture, FURNITURE_SCALE);
}

double
trama_overview_x_of_time (const TramaOverview *overview, gint64 time_ns)
{
  const TramaScale *time_scale = &((const Private *) overview)->time_scale;

  return trama_scale_y_of_time (time_scale, time_ns) / time_scale->height_px * overview->width_px;
}

gint64
trama_overview_time_of_x (const TramaOverview *overview, double x)
{
  const TramaScale *time_scale = &((const Private *) overview)->time_scale;

  return trama_scale_time_of_y (time_scale, x / overview->width_px * time_scale->height_px);
}

/* Conversations. */

/* The parts of a bar, each at least a little wide. Returns how many. */
static guint
cut_bar (const Layout *layout, guint32 index, TramaOverviewPiece pieces[TRAMA_N_PHASES])
{
  const TramaFlow *flow = trama_flow_table_get_flow (layout->table, index);
  const TramaOverview *overview = &layout->self->overview;
  double x = trama_overview_x_of_time (overview, flow->first_ns);
  gint64 begin_ns = flow->first_ns;
  guint n = 0;

  pieces[0] = (TramaOverviewPiece){ .flow = index, .phase = TRAMA_PHASE_NONE, .x0 = x };
  for (guint8 phase = TRAMA_PHASE_SETUP; phase < TRAMA_N_PHASES; phase++)
    {
      gint64 phase_ns = flow->phase_ns[phase];

      if (phase_ns == TRAMA_TIME_NONE || phase_ns < begin_ns)
        continue;
      if (phase_ns > begin_ns)
        {
          x = MAX (trama_overview_x_of_time (overview, phase_ns), x + px (layout, PIECE_MIN_PX));
          pieces[n++].x1 = x;
        }
      pieces[n] = (TramaOverviewPiece){ .flow = index, .phase = phase, .x0 = x };
      begin_ns = phase_ns;
    }
  x = MAX (trama_overview_x_of_time (overview, flow->last_ns), x + px (layout, PIECE_MIN_PX));
  pieces[n++].x1 = x;
  return n;
}

/* Each in the first row that is free again. FALSE: there are not rows enough; y0 is the row. */
static gboolean
pack (Layout *layout, guint max_rows, guint *n_rows)
{
  g_autofree double *row_end = g_new (double, max_rows);
  guint n_flows = trama_flow_table_n_flows (layout->table);

  *n_rows = 0;
  for (guint32 flow = 0; flow < n_flows; flow++)
    {
      TramaOverviewPiece pieces[TRAMA_N_PHASES];
      guint n = cut_bar (layout, flow, pieces);
      guint row = 0;

      while (row < *n_rows && row_end[row] > pieces[0].x0)
        row++;
      if (row == max_rows)
        return FALSE;
      *n_rows = MAX (*n_rows, row + 1);
      row_end[row] = pieces[n - 1].x1 + px (layout, ROW_GAP_PX);
      for (guint i = 0; i < n; i++)
        pieces[i].y0 = row;
      g_array_append_vals (layout->pieces, pieces, n);
    }
  return TRUE;
}

static void
place_rows (Layout *layout, guint n_rows)
{
  const TramaOverview *overview = &layout->self->overview;
  double pitch = MIN ((overview->bars_y1 - overview->bars_y0) / MAX (n_rows, 1), px (layout, ROW_MAX_PX));

  for (guint i = 0; i < layout->pieces->len; i++)
    {
      TramaOverviewPiece *piece = &g_array_index (layout->pieces, TramaOverviewPiece, i);

      piece->y0 = overview->bars_y0 + piece->y0 * pitch;
      piece->y1 = piece->y0 + pitch - px (layout, ROW_GAP_PX);
    }
}

static guint
clamp_column (const TramaOverview *overview, double x)
{
  return (guint) CLAMP (floor (x), 0, overview->n_columns - 1);
}

/* How many begin less how many end at each pixel, then how many there are. */
static void
count_phases (Layout *layout, gint32 (*changes)[TRAMA_N_PHASES])
{
  const TramaOverview *overview = &layout->self->overview;
  guint n_flows = trama_flow_table_n_flows (layout->table);

  for (guint32 flow = 0; flow < n_flows; flow++)
    {
      TramaOverviewPiece pieces[TRAMA_N_PHASES];
      guint n = cut_bar (layout, flow, pieces);

      for (guint i = 0; i < n; i++)
        {
          changes[clamp_column (overview, pieces[i].x0)][pieces[i].phase]++;
          changes[clamp_column (overview, pieces[i].x1 - 1) + 1][pieces[i].phase]--;
        }
    }
  for (guint i = 1; i < overview->n_columns; i++)
    for (guint phase = 0; phase < TRAMA_N_PHASES; phase++)
      changes[i][phase] += changes[i - 1][phase];
}

/* The most there are at one time take all the room; by the square root, so that a few are seen beside many. */
static void
merge (Layout *layout)
{
  TramaOverview *overview = &layout->self->overview;
  g_autofree gint32 (*counts)[TRAMA_N_PHASES] = NULL;
  double room = overview->bars_y1 - overview->bars_y0;
  guint most = 1;

  overview->n_columns = MAX (1, (guint) ceil (overview->width_px));
  overview->columns = g_new0 (TramaOverviewColumn, overview->n_columns);
  counts = g_malloc0_n (overview->n_columns + 1, sizeof *counts);
  count_phases (layout, counts);
  for (guint i = 0; i < overview->n_columns; i++)
    most = MAX (most, (guint) (counts[i][0] + counts[i][1] + counts[i][2] + counts[i][3]));
  for (guint i = 0; i < overview->n_columns; i++)
    {
      double total = counts[i][0] + counts[i][1] + counts[i][2] + counts[i][3];
      double height = room * sqrt (total / most);

      for (guint phase = 0; phase < TRAMA_N_PHASES && total > 0; phase++)
        overview->columns[i].height_px[phase] = height * counts[i][phase] / total;
    }
}

static void
lay_out_bars (Layout *layout)
{
  const TramaOverview *overview = &layout->self->overview;
  guint max_rows = (guint) MAX (1, (overview->bars_y1 - overview->bars_y0) / px (layout, ROW_MIN_PX));
  guint n_rows;

  if (pack (layout, max_rows, &n_rows))
    place_rows (layout, n_rows);
  else
    {
      g_array_set_size (layout->pieces, 0);
      merge (layout);
    }
}

/* Packets. */

/* Extends the last mark of that kind, or makes another. */
static void
add_mark (Layout *layout, guint8 kind, double x)
{
  TramaOverviewMark mark = { kind, x, x };

  for (guint i = layout->marks->len; i > 0; i--)
    {
      TramaOverviewMark *last = &g_array_index (layout->marks, TramaOverviewMark, i - 1);

      if (x - last->x >= px (layout, MARK_PITCH_PX))
        break;
      if (last->kind == kind)
        {
          last->last_x = x;
          return;
        }
    }
  g_array_append_val (layout->marks, mark);
}

static void
add_marks (Layout *layout, const TramaDensitySum *sum, double x)
{
  guint8 rare = sum->rare[0] | sum->rare[1];

  if (rare & 1 << TRAMA_SEGMENT_RST)
    add_mark (layout, TRAMA_SEGMENT_RST, x);
  if (rare & TRAMA_DENSITY_RESENT)
    add_mark (layout, TRAMA_SEGMENT_DATA, x);
  if (rare & 1 << TRAMA_SEGMENT_ICMP)
    add_mark (layout, TRAMA_SEGMENT_ICMP, x);
}

/* Bytes per second. The first and the last pixel may hold less than a pixel of time. */
static double
rate_of (const Layout *layout, const TramaDensitySum *sum, gint64 duration_ns)
{
  const TramaScale *time_scale = &layout->self->time_scale;
  double least_ns = time_scale->ns_per_px * time_scale->height_px / layout->self->overview.width_px;

  return (double) (sum->bytes[0] + sum->bytes[1]) * 1e9 / MAX ((double) duration_ns, least_ns);
}

static void
lay_out_area (Layout *layout, const TramaDensitySum *sums, const gint64 *edges_ns, guint n)
{
  TramaOverview *overview = &layout->self->overview;
  double height = overview->area_y1 - overview->area_y0;
  double peak = 0;

  overview->n_areas = n;
  overview->areas = g_new (double, n);
  for (guint i = 0; i < n; i++)
    {
      overview->areas[i] = rate_of (layout, &sums[i], edges_ns[i + 1] - edges_ns[i]);
      peak = MAX (peak, overview->areas[i]);
    }
  for (guint i = 0; i < n && peak > 0; i++)
    overview->areas[i] = height * sqrt (overview->areas[i] / peak);
  if (peak > 0)
    {
      g_autofree char *size = trama_size_format ((guint64) MIN (peak, 1e18), G_FORMAT_SIZE_DEFAULT);

      /* Translators: of throughput; %s is an amount of bytes, as "12 MB". */
      overview->peak = layout->self->peak = g_strdup_printf (_ ("%s/s"), size);
    }
}

static void
lay_out_packets (Layout *layout, const TramaDensity *density)
{
  const TramaOverview *overview = &layout->self->overview;
  guint n = MAX (1, (guint) ceil (overview->width_px));
  g_autofree gint64 *edges_ns = g_new (gint64, n + 1);
  g_autofree TramaDensitySum *sums = g_new (TramaDensitySum, n);

  for (guint i = 0; i <= n; i++)
    edges_ns[i] = trama_overview_time_of_x (overview, i);
  for (guint i = n; i > 0 && edges_ns[i] >= overview->span.end_ns; i--)
    edges_ns[i] = overview->span.end_ns + 1; /* the last packet, too */
  trama_density_query (density, edges_ns, n, sums);
  for (guint i = 0; i < n; i++)
    add_marks (layout, &sums[i], i + 0.5);
  lay_out_area (layout, sums, edges_ns, n);
}

/* The whole. */

static void
divide (Layout *layout)
{
  TramaOverview *overview = &layout->self->overview;
  double padding = px (layout, PADDING_PX), marks = px (layout, MARKS_PX);
  double room = MAX (1, overview->height_px - 2 * padding - marks);

  overview->bars_y0 = padding;
  overview->bars_y1 = padding + room * (1 - AREA_PART);
  overview->marks_y = overview->bars_y1 + marks / 2;
  overview->area_y0 = overview->bars_y1 + marks;
  overview->area_y1 = overview->area_y0 + room * AREA_PART;
}

TramaOverview *
trama_overview_new (TramaFlowTable *table, const TramaDensity *density, const TramaOverviewOptions *options)
{
  Private *self = g_new0 (Private, 1);
  Layout layout = { .self = self, .table = table, .scale = options->scale };

  self->overview.width_px = options->width_px;
  self->overview.height_px = options->height_px;
  self->overview.scale = options->scale;
  layout.pieces = g_array_new (FALSE, FALSE, sizeof (TramaOverviewPiece));
  layout.marks = g_array_new (FALSE, FALSE, sizeof (TramaOverviewMark));
  make_time (self, trama_flow_table_get_store (table), options);
  divide (&layout);
  lay_out_bars (&layout);
  lay_out_packets (&layout, density);
  self->overview.n_pieces = layout.pieces->len;
  self->overview.n_marks = layout.marks->len;
  self->overview.pieces = (gpointer) g_array_free (layout.pieces, FALSE);
  self->overview.marks = (gpointer) g_array_free (layout.marks, FALSE);
  return &self->overview;
}

void
trama_overview_free (TramaOverview *overview)
{
  Private *self = (Private *) overview;

  if (overview == NULL)
    return;
  trama_scale_clear (&self->time_scale);
  g_free (overview->pieces);
  g_free (overview->columns);
  g_free (overview->marks);
  g_free (overview->areas);
  g_free (self->peak);
  g_free (self);
}

/* The first hit from @first on that is drawn at @x or to its right. */
static guint
find_hit (const TramaOverview *overview, const TramaSearch *search, guint first, double x)
{
  guint low = first, high = trama_search_n_hits (search);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (trama_overview_x_of_time (overview, trama_search_get_hit_time (search, middle)) < x)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* From one pixel that has hits to the next, however many there are in each. */
guint8 *
trama_overview_find_hits (const TramaOverview *overview, const TramaSearch *search)
{
  guint n_pixels = (guint) MAX (ceil (overview->width_px), 1), hit = 0;
  guint8 *hits = g_new0 (guint8, n_pixels);

  while (hit < trama_search_n_hits (search))
    {
      double x = trama_overview_x_of_time (overview, trama_search_get_hit_time (search, hit));
      guint pixel = (guint) CLAMP (x, 0, n_pixels - 1);

      hits[pixel] = TRUE;
      hit = find_hit (overview, search, hit + 1, pixel + 1);
    }
  return hits;
}
