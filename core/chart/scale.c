/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/scale.h"

#include <math.h>

/* Sizes of the design at scale 1. */
#define PADDING_TOP_PX 46
#define PADDING_BOTTOM_PX 66
#define ROW_PX 34

/* A fold: room for what hangs below the last event, the tear, room above the next. */
#define BEFORE_PACKET_PX 40
#define BEFORE_CALL_PX 22
#define AFTER_PX 17
#define FOLD_PX (BEFORE_PACKET_PX + TRAMA_SCALE_TEAR_PX + AFTER_PX)

/* A gap is folded when it would be drawn this much longer than its fold … */
#define FOLD_GAIN 1.1
/* … and is that much longer than the usual gap, so that a burst stays one. */
#define FOLD_MEDIANS 2.5

/* Below this, on average, the moments cannot be told apart any more: the ladder becomes taller than the view. */
#define MOMENT_PX 11

/* Of a body. In a double, such a place is exact to a sixteenth of a pixel. */
#define BODY_MAX_PX ((double) (G_GINT64_CONSTANT (1) << 48))

/* Fewer gaps than this are not spread over the whole view. */
#define FILLED_GAPS_MIN 12

/* However little room there is, what is seen as a whole has that of so many rows. */
#define WHOLE_ROWS_MIN 6

/* Steps of the search for the largest scale that fits. */
#define SEARCH_FACTOR 1.03
#define SEARCH_STEPS 1200

/* Nobody asks for a tear farther away than this. */
#define TEAR_LOOK_PX 200

/* Nanoseconds per pixel, whatever happens. */
#define NS_PER_PX_MIN 0.01

double
trama_scale_before_fold_px (guint kind, double scale)
{
  return (kind == TRAMA_MOMENT_PACKET ? BEFORE_PACKET_PX : BEFORE_CALL_PX) * scale;
}

double
trama_scale_fold_px (guint kind, double scale)
{
  return trama_scale_before_fold_px (kind, scale) + (TRAMA_SCALE_TEAR_PX + AFTER_PX) * scale;
}

double
trama_scale_row_px (double scale)
{
  return ROW_PX * scale;
}

double
trama_scale_top_px (double scale)
{
  return PADDING_TOP_PX * scale;
}

double
trama_scale_bottom_px (double scale)
{
  return PADDING_BOTTOM_PX * scale;
}

/* Sorted by length; moments at one time have none between them. */
struct _TramaGaps
{
  gint64 *gaps;
  double *sums; /* of those before */
  guint n_gaps;
};

static int
compare_gaps (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

TramaGaps *
trama_gaps_new (GArray *moments)
{
  TramaGaps *self = g_new0 (TramaGaps, 1);

  self->gaps = g_new (gint64, MAX (moments->len, 1));
  self->sums = g_new (double, moments->len + 1);
  for (guint i = 1; i < moments->len; i++)
    {
      gint64 gap = g_array_index (moments, TramaMoment, i).time_ns
                   - g_array_index (moments, TramaMoment, i - 1).time_ns;

      if (gap > 0)
        self->gaps[self->n_gaps++] = gap;
    }
  qsort (self->gaps, self->n_gaps, sizeof (gint64), compare_gaps);
  self->sums[0] = 0;
  for (guint i = 0; i < self->n_gaps; i++)
    self->sums[i + 1] = self->sums[i] + (double) self->gaps[i];
  return self;
}

void
trama_gaps_free (TramaGaps *self)
{
  g_free (self->gaps);
  g_free (self->sums);
  g_free (self);
}

static double
get_median (const TramaGaps *gaps, double fallback)
{
  return gaps->n_gaps > 0 ? (double) gaps->gaps[gaps->n_gaps / 2] : fallback;
}

static double
threshold_of_scale (const TramaGaps *gaps, double scale, double ns_per_px)
{
  return MAX (FOLD_PX * scale * FOLD_GAIN * ns_per_px, FOLD_MEDIANS * get_median (gaps, 0));
}

static guint
count_open (const TramaGaps *gaps, double threshold)
{
  guint low = 0, high = gaps->n_gaps;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if ((double) gaps->gaps[middle] <= threshold)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static double
height_of_scale (const TramaGaps *gaps, double scale, double ns_per_px)
{
  guint n_open = count_open (gaps, threshold_of_scale (gaps, scale, ns_per_px));

  return gaps->sums[n_open] / ns_per_px + (gaps->n_gaps - n_open) * FOLD_PX * scale;
}

/* The largest scale at which everything fits, as nanoseconds per pixel. */
static double
fit (const TramaGaps *gaps, double scale, double height_px)
{
  double ns_per_px = MAX (get_median (gaps, 1) / (4 * ROW_PX * scale), NS_PER_PX_MIN);

  for (guint i = 0; i < SEARCH_STEPS && height_of_scale (gaps, scale, ns_per_px) > height_px; i++)
    ns_per_px *= SEARCH_FACTOR;
  return ns_per_px;
}

/* With the folds settled, the open stretches take all the room the folds leave. */
static double
fill (GArray *moments, double fold_ns, double scale, double height_px, double ns_per_px)
{
  double open_ns = 0, folds_px = 0;

  for (guint i = 1; i < moments->len; i++)
    {
      const TramaMoment *moment = &g_array_index (moments, TramaMoment, i);
      double gap_ns = (double) (moment->time_ns - moment[-1].time_ns);

      if (gap_ns > fold_ns)
        folds_px += trama_scale_fold_px (moment[-1].kind, scale);
      else
        open_ns += gap_ns;
    }
  return open_ns > 0 && height_px > folds_px ? MIN (open_ns / (height_px - folds_px), ns_per_px) : ns_per_px;
}

double
trama_scale_least_ns_per_px (gint64 whole_ns)
{
  return MAX (NS_PER_PX_MIN, (double) whole_ns / BODY_MAX_PX);
}

static double
page_height (const TramaChartOptions *options, double scale)
{
  return MAX (options->height_px - (PADDING_TOP_PX + PADDING_BOTTOM_PX) * scale, ROW_PX * scale);
}

static double
wanted_height (GArray *moments, const TramaChartOptions *options, double scale)
{
  double needed = MIN (moments->len * MOMENT_PX * scale, BODY_MAX_PX);

  return MAX (page_height (options, scale), needed);
}

double
trama_scale_find_whole (const TramaGaps *gaps, const TramaChartOptions *options, double scale)
{
  double height_px = MAX (page_height (options, scale), WHOLE_ROWS_MIN * ROW_PX * scale);

  if (options->mode == TRAMA_SCALE_FOLDED)
    return fit (gaps, scale, height_px);
  return MAX (gaps->sums[gaps->n_gaps] / height_px, NS_PER_PX_MIN);
}

typedef struct
{
  TramaScale *scale;
  double y;
  double fold_ns; /* gaps longer than this are folded */
  double px;      /* one of the design's */
  gboolean rows;
} Builder;

static void
add_stretch (Builder *builder, gint64 start_ns, gint64 end_ns, guint kind)
{
  double length_ns = (double) (end_ns - start_ns);
  TramaStretch stretch = { start_ns, end_ns, builder->y, builder->y, FALSE, 0 };
  TramaStretch *last;

  if (builder->rows && length_ns > 0)
    builder->y += ROW_PX * builder->px;
  else if (length_ns > builder->fold_ns)
    {
      stretch.folded = TRUE;
      stretch.before_px = trama_scale_before_fold_px (kind, builder->px);
      builder->y += trama_scale_fold_px (kind, builder->px);
    }
  else
    builder->y += length_ns / builder->scale->ns_per_px;
  stretch.y1 = builder->y;
  if (!builder->rows && !stretch.folded && builder->scale->stretches->len > 0)
    {
      last = &g_array_index (builder->scale->stretches, TramaStretch, builder->scale->stretches->len - 1);
      if (!last->folded)
        {
          last->end_ns = end_ns;
          last->y1 = stretch.y1;
          return;
        }
    }
  g_array_append_val (builder->scale->stretches, stretch);
}

static void
build (Builder *builder, GArray *moments)
{
  gint64 last_ns;

  if (moments->len == 0)
    return;
  last_ns = g_array_index (moments, TramaMoment, 0).time_ns;
  for (guint i = 1; i < moments->len; i++)
    {
      gint64 time_ns = g_array_index (moments, TramaMoment, i).time_ns;

      if (time_ns > last_ns)
        add_stretch (builder, last_ns, time_ns, g_array_index (moments, TramaMoment, i - 1).kind);
      last_ns = time_ns;
    }
  if (builder->scale->stretches->len == 0)
    add_stretch (builder, last_ns, last_ns, TRAMA_MOMENT_ENTRY);
}

void
trama_scale_init_few (TramaScale *self,
                      GArray *moments,
                      const TramaGaps *gaps,
                      const TramaChartOptions *options,
                      double scale)
{
  Builder builder = { .scale = self, .y = PADDING_TOP_PX * scale };
  double height_px = wanted_height (moments, options, scale);
  gint64 whole_ns = moments->len > 0 ? g_array_index (moments, TramaMoment, moments->len - 1).time_ns
                                           - g_array_index (moments, TramaMoment, 0).time_ns
                                     : 0;

  *self = (TramaScale){ .px = scale };
  self->stretches = g_array_new (FALSE, FALSE, sizeof (TramaStretch));
  if (options->mode == TRAMA_SCALE_FOLDED)
    {
      self->ns_per_px = fit (gaps, scale, height_px);
      builder.fold_ns = threshold_of_scale (gaps, scale, self->ns_per_px);
      if (gaps->n_gaps >= FILLED_GAPS_MIN)
        self->ns_per_px = fill (moments, builder.fold_ns, scale, height_px, self->ns_per_px);
    }
  else
    {
      self->ns_per_px = MAX ((double) whole_ns / height_px, NS_PER_PX_MIN);
      builder.fold_ns = G_MAXDOUBLE;
    }
  builder.rows = options->mode == TRAMA_SCALE_ROWS;
  builder.px = scale;
  self->least_ns_per_px = trama_scale_least_ns_per_px (whole_ns);
  if (options->ns_per_px > 0 && !builder.rows)
    {
      /* What is higher than a page is seen whole from farther away: folds open that are longer than their gap. */
      if (options->mode == TRAMA_SCALE_FOLDED && height_px > page_height (options, scale))
        builder.fold_ns = MAX (builder.fold_ns, threshold_of_scale (gaps, scale, options->ns_per_px));
      self->ns_per_px = MAX (options->ns_per_px, self->least_ns_per_px);
    }
  build (&builder, moments);
  self->height_px = builder.y + PADDING_BOTTOM_PX * scale;
}

void
trama_scale_init (TramaScale *self, GArray *moments, const TramaChartOptions *options, double scale)
{
  TramaGaps *gaps = trama_gaps_new (moments);

  trama_scale_init_few (self, moments, gaps, options, scale);
  trama_gaps_free (gaps);
}

void
trama_scale_clear (TramaScale *self)
{
  g_clear_pointer (&self->stretches, g_array_unref);
}

/* The last stretch that begins at or before @time_ns, or the first. */
static const TramaStretch *
find_by_time (const TramaScale *self, gint64 time_ns)
{
  guint low = 0, high = self->stretches->len;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->stretches, TramaStretch, middle).start_ns <= time_ns)
        low = middle;
      else
        high = middle;
    }
  return &g_array_index (self->stretches, TramaStretch, low);
}

static const TramaStretch *
find_by_y (const TramaScale *self, double y)
{
  guint low = 0, high = self->stretches->len;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->stretches, TramaStretch, middle).y0 <= y)
        low = middle;
      else
        high = middle;
    }
  return &g_array_index (self->stretches, TramaStretch, low);
}

/* Of many moments, the stretches are those of a part. */
static gboolean
knows_time (const TramaScale *self, gint64 time_ns)
{
  const GArray *stretches = self->stretches;

  if (stretches->len == 0)
    return FALSE;
  return self->timeline == NULL
         || (time_ns >= g_array_index (stretches, TramaStretch, 0).start_ns
             && time_ns <= g_array_index (stretches, TramaStretch, stretches->len - 1).end_ns);
}

static gboolean
knows_y (const TramaScale *self, double y)
{
  const GArray *stretches = self->stretches;

  if (stretches->len == 0)
    return FALSE;
  return self->timeline == NULL
         || (y >= g_array_index (stretches, TramaStretch, 0).y0
             && y <= g_array_index (stretches, TramaStretch, stretches->len - 1).y1);
}

double
trama_scale_y_of_time (const TramaScale *self, gint64 time_ns)
{
  const TramaStretch *stretch;
  double part;

  if (!knows_time (self, time_ns))
    return self->timeline != NULL ? trama_scale_many_y_of_time (self, time_ns) : 0;
  stretch = find_by_time (self, time_ns);
  if (time_ns <= stretch->start_ns)
    return stretch->y0;
  if (time_ns >= stretch->end_ns)
    return stretch->y1;
  part = (double) (time_ns - stretch->start_ns) / (double) (stretch->end_ns - stretch->start_ns);
  return stretch->y0 + part * (stretch->y1 - stretch->y0);
}

gint64
trama_scale_share_ns (double share, gint64 whole_ns)
{
  if (share >= 1)
    return whole_ns;
  return MIN ((gint64) llround (share * (double) whole_ns), whole_ns);
}

gint64
trama_scale_time_of_y (const TramaScale *self, double y)
{
  const TramaStretch *stretch;
  double part;

  if (!knows_y (self, y))
    return self->timeline != NULL ? trama_scale_many_time_of_y (self, y) : 0;
  stretch = find_by_y (self, y);
  if (y <= stretch->y0 || stretch->y1 <= stretch->y0)
    return stretch->start_ns;
  part = (y - stretch->y0) / (stretch->y1 - stretch->y0);
  return stretch->start_ns + trama_scale_share_ns (part, stretch->end_ns - stretch->start_ns);
}

double
trama_scale_next_tear (const TramaScale *self, double y)
{
  guint i;

  if (self->stretches->len == 0 && self->timeline != NULL)
    {
      TramaScale part;
      double tear_y;

      trama_scale_init_part (&part, self, y, y + TEAR_LOOK_PX);
      tear_y = part.stretches->len > 0 ? trama_scale_next_tear (&part, y) : G_MAXDOUBLE;
      trama_scale_clear (&part);
      return tear_y;
    }
  if (self->stretches->len == 0)
    return G_MAXDOUBLE;
  i = (guint) (find_by_y (self, y) - &g_array_index (self->stretches, TramaStretch, 0));
  for (; i < self->stretches->len; i++)
    {
      const TramaStretch *stretch = &g_array_index (self->stretches, TramaStretch, i);

      if (stretch->folded && stretch->y0 + stretch->before_px > y)
        return stretch->y0 + stretch->before_px;
      if (stretch->y0 > y + TEAR_LOOK_PX)
        break;
    }
  return G_MAXDOUBLE;
}
