/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/scale.h"

#include <math.h>

/* A gap is folded when it would be drawn at least this much longer than its fold. */
#define FOLD_GAIN 1.1

/* Gaps of the usual length, and of up to four times that, are parts of a burst. */
#define BURST_CLASSES 2

/* A gap that is no gap: of class 0. */
#define ANY_GAP_CLASS 1
#define LAST_CLASS (TRAMA_GAP_CLASSES - 1)

/* How often a span is measured to find the scale at which it fits. */
#define FIT_STEPS 60

/* Of a height, what folds leave at least to what is open. */
#define OPEN_PART_MIN 0.1

static double
place_of (const TramaGapSum *sum, gconstpointer user_data)
{
  const TramaScale *self = user_data;

  if (self->rows)
    return (double) (sum->after_packet + sum->after_call) * trama_scale_row_px (self->px);
  return (double) sum->open_ns / self->ns_per_px
         + sum->after_packet * trama_scale_fold_px (TRAMA_MOMENT_PACKET, self->px)
         + sum->after_call * trama_scale_fold_px (TRAMA_MOMENT_ENTRY, self->px);
}

/* Of those that are long enough the shortest, by what may be folded at that scale. */
static guint
fold_class_of_scale (const TramaTimeline *timeline, double scale, double ns_per_px)
{
  double longest_open_ns = trama_scale_fold_px (TRAMA_MOMENT_PACKET, scale) * FOLD_GAIN * ns_per_px;
  int exponent;

  frexp (longest_open_ns, &exponent);
  return CLAMP ((guint) MAX (exponent + 1, 1), trama_timeline_median_class (timeline) + BURST_CLASSES,
                LAST_CLASS);
}

/* With the scale it falls, but not where folds open: nearly. */
static double
height_of_scale (TramaScale *self, double ns_per_px)
{
  TramaGapSum all;

  self->ns_per_px = ns_per_px;
  self->fold_class = fold_class_of_scale (self->timeline, self->px, ns_per_px);
  all = trama_timeline_all_gaps (self->timeline, self->fold_class);
  return place_of (&all, self);
}

static gint64
get_whole_ns (const TramaTimeline *timeline)
{
  return trama_timeline_get_time (timeline, trama_timeline_n (timeline) - 1)
         - trama_timeline_get_time (timeline, 0);
}

static double
fit_folded (TramaScale *self, double whole_ns, double height_px)
{
  double low = self->least_ns_per_px, high = MAX (whole_ns / height_px, low);

  for (guint i = 0; i < FIT_STEPS; i++)
    {
      double middle = sqrt (low * high);

      if (height_of_scale (self, middle) > height_px)
        low = middle;
      else
        high = middle;
    }
  return high;
}

void
trama_scale_init_many (TramaScale *self,
                       const TramaTimeline *timeline,
                       const TramaChartOptions *options,
                       double scale)
{
  double padding = trama_scale_top_px (scale) + trama_scale_bottom_px (scale);
  double height_px = MAX (options->height_px - padding, trama_scale_row_px (scale));
  gint64 whole_ns = get_whole_ns (timeline);
  TramaGapSum all;

  *self = (TramaScale){ .timeline = timeline, .px = scale, .rows = options->mode == TRAMA_SCALE_ROWS };
  self->stretches = g_array_new (FALSE, FALSE, sizeof (TramaStretch));
  self->least_ns_per_px = trama_scale_least_ns_per_px (whole_ns);
  self->ns_per_px = MAX ((double) whole_ns / height_px, self->least_ns_per_px);
  if (options->mode == TRAMA_SCALE_FOLDED)
    self->ns_per_px = fit_folded (self, (double) whole_ns, height_px);
  if (options->ns_per_px > 0 && !self->rows)
    self->ns_per_px = MAX (options->ns_per_px, self->least_ns_per_px);
  self->fold_class = self->rows ? ANY_GAP_CLASS
                     : options->mode == TRAMA_SCALE_FOLDED
                         ? fold_class_of_scale (timeline, scale, self->ns_per_px)
                         : TRAMA_GAP_CLASSES;
  all = trama_timeline_all_gaps (timeline, self->fold_class);
  self->height_px = padding + place_of (&all, self);
}

static double
y_of_moment (const TramaScale *self, guint position)
{
  TramaGapSum sum = trama_timeline_gaps (self->timeline, self->fold_class, position);

  return trama_scale_top_px (self->px) + place_of (&sum, self);
}

static gboolean
is_folded (const TramaScale *self, gint64 gap_ns)
{
  return trama_gap_class (gap_ns) >= self->fold_class;
}

/* Of the gap behind a moment. */
static double
gap_px (const TramaScale *self, guint kind, gint64 gap_ns)
{
  if (!is_folded (self, gap_ns))
    return self->rows ? 0 : (double) gap_ns / self->ns_per_px;
  return self->rows ? trama_scale_row_px (self->px) : trama_scale_fold_px (kind, self->px);
}

double
trama_scale_many_y_of_time (const TramaScale *self, gint64 time_ns)
{
  guint n = trama_timeline_n (self->timeline);
  guint after = trama_timeline_find (self->timeline, 0, time_ns + 1);
  TramaMoment before;
  gint64 gap_ns;

  if (after == 0 || after == n)
    return y_of_moment (self, after == 0 ? 0 : n - 1);
  before = trama_timeline_get (self->timeline, after - 1);
  gap_ns = trama_timeline_get_time (self->timeline, after) - before.time_ns;
  return y_of_moment (self, after - 1)
         + (double) (time_ns - before.time_ns) / (double) gap_ns * gap_px (self, before.kind, gap_ns);
}

static guint
moment_of_y (const TramaScale *self, double y)
{
  return trama_timeline_find_place (self->timeline, self->fold_class, y - trama_scale_top_px (self->px),
                                    place_of, self);
}

gint64
trama_scale_many_time_of_y (const TramaScale *self, double y)
{
  guint position = moment_of_y (self, y);
  TramaMoment before = trama_timeline_get (self->timeline, position);
  gint64 gap_ns;
  double length_px, part;

  if (position + 1 >= trama_timeline_n (self->timeline))
    return before.time_ns;
  gap_ns = trama_timeline_get_time (self->timeline, position + 1) - before.time_ns;
  length_px = gap_px (self, before.kind, gap_ns);
  part = length_px > 0 ? MAX ((y - y_of_moment (self, position)) / length_px, 0) : 0;
  return before.time_ns + trama_scale_share_ns (part, gap_ns);
}

/* From one moment to another, y0 to its end. */
static void
add_stretch (TramaScale *self, guint from, guint to, double *y, gboolean folded)
{
  TramaMoment before = trama_timeline_get (self->timeline, from);
  TramaStretch stretch = { .start_ns = before.time_ns,
                           .end_ns = trama_timeline_get_time (self->timeline, to),
                           .y0 = *y,
                           .folded = folded && !self->rows };
  gint64 length_ns = stretch.end_ns - stretch.start_ns;

  if (length_ns == 0)
    return;
  *y += folded       ? gap_px (self, before.kind, length_ns)
        : self->rows ? 0
                     : (double) length_ns / self->ns_per_px;
  stretch.y1 = *y;
  if (stretch.folded)
    stretch.before_px = trama_scale_before_fold_px (before.kind, self->px);
  g_array_append_val (self->stretches, stretch);
}

/* In rows every moment is a stretch, so that it is enough to begin at the first that is wanted. */
static void
add_stretches (TramaScale *self, double y0, double y1)
{
  guint last = trama_timeline_n (self->timeline) - 1;
  guint position = moment_of_y (self, y0);
  double y;

  if (!self->rows)
    position = trama_timeline_last_fold (self->timeline, self->fold_class, position);
  if (position > 0)
    position--; /* the fold above, whose tear may reach in */
  y = y_of_moment (self, position);
  while (position < last && y <= y1)
    {
      guint fold = trama_timeline_next_fold (self->timeline, self->fold_class, position);

      add_stretch (self, position, fold, &y, FALSE);
      if (fold < last)
        add_stretch (self, fold, fold + 1, &y, TRUE);
      position = fold + 1;
    }
}

void
trama_scale_init_part (TramaScale *part, const TramaScale *scale, double y0, double y1)
{
  *part = *scale;
  if (scale->timeline == NULL)
    {
      part->stretches = g_array_ref (scale->stretches);
      return;
    }
  part->stretches = g_array_new (FALSE, FALSE, sizeof (TramaStretch));
  add_stretches (part, y0, y1);
}

/* Folds stay what they are, and leave at least a part of the height to what is open. */
static double
fit_span_of_few (const TramaScale *self, const TramaSpan *span, double height_px)
{
  double whole_px = trama_scale_y_of_time (self, span->end_ns) - trama_scale_y_of_time (self, span->start_ns);
  double open_ns = 0;

  for (guint i = 0; i < self->stretches->len; i++)
    {
      const TramaStretch *stretch = &g_array_index (self->stretches, TramaStretch, i);
      gint64 start_ns = MAX (stretch->start_ns, span->start_ns), end_ns = MIN (stretch->end_ns, span->end_ns);

      if (!stretch->folded && start_ns < end_ns)
        open_ns += (double) (end_ns - start_ns);
    }
  if (open_ns <= 0)
    return self->ns_per_px;
  return open_ns / MAX (height_px - (whole_px - open_ns / self->ns_per_px), height_px * OPEN_PART_MIN);
}

static double
measure_span (const TramaScale *scale, const TramaSpan *span, double ns_per_px)
{
  TramaScale other = *scale;

  other.ns_per_px = ns_per_px;
  if (scale->fold_class < TRAMA_GAP_CLASSES && !scale->rows)
    other.fold_class = fold_class_of_scale (scale->timeline, scale->px, ns_per_px);
  return trama_scale_many_y_of_time (&other, span->end_ns)
         - trama_scale_many_y_of_time (&other, span->start_ns);
}

double
trama_scale_fit_span (const TramaScale *self, const TramaSpan *span, double height_px)
{
  double low = self->least_ns_per_px;
  double high = MAX ((double) (span->end_ns - span->start_ns) / MAX (height_px, 1), low);

  if (self->timeline == NULL)
    return fit_span_of_few (self, span, height_px);
  for (guint i = 0; i < FIT_STEPS; i++)
    {
      double middle = sqrt (low * high);

      if (measure_span (self, span, middle) > height_px)
        low = middle;
      else
        high = middle;
    }
  return high;
}
