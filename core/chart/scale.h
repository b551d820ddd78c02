/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart.h"
#include "core/chart/timeline.h"

/*
 * Time to y: linear stretches of one slope, with the idle gaps between them
 * folded. A gap is worth folding when it would be drawn longer than the fold.
 *
 * Of few moments, which gaps that are is settled by the scale at which everything fits,
 * so that zooming does not fold what was open; all stretches are known. Where their moments
 * are told apart on more than a page, folds open to who looks from farther away. Of many, each
 * doubling of the scale settles it anew, since what fits in one view are minutes and
 * what is looked at are microseconds; stretches are known of a part at a time, and
 * everything else is asked of the timeline. Private to core/chart.
 */

typedef struct
{
  gint64 start_ns, end_ns;
  double y0, y1;
  gboolean folded;
  double before_px; /* of a fold: room above its tear for what hangs there */
} TramaStretch;

typedef struct
{
  GArray *stretches; /* of TramaStretch, in order, without holes */
  double ns_per_px;
  double least_ns_per_px; /* nearer one cannot look */
  double height_px;       /* with the padding above and below */

  /* Of many moments. */
  const TramaTimeline *timeline; /* borrowed; NULL: they are few, and stretches has all */
  guint fold_class;              /* gaps from this class on are folded */
  double px;                     /* one of the design's */
  gboolean rows;
} TramaScale;

/* How high the tear of a fold is drawn, at scale 1. */
#define TRAMA_SCALE_TEAR_PX 20

/* More moments than this are many. */
#define TRAMA_SCALE_FEW 20000

/* The gaps between few moments by their length: made once for all scales. */
typedef struct _TramaGaps TramaGaps;

/* @moments: of TramaMoment, in order of time. */
TramaGaps *trama_gaps_new (GArray *moments);
void trama_gaps_free (TramaGaps *gaps);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaGaps, trama_gaps_free)

/*
 * @moments: of TramaMoment, in order of time; @gaps: theirs. @scale multiplies the sizes of the design. Free with trama_scale_clear.
 */
void trama_scale_init (TramaScale *self, GArray *moments, const TramaChartOptions *options, double scale);
void trama_scale_init_few (TramaScale *self,
                           GArray *moments,
                           const TramaGaps *gaps,
                           const TramaChartOptions *options,
                           double scale);

/* Of all that is in @timeline, which stays the caller's. It has no stretches. */
void trama_scale_init_many (TramaScale *self,
                            const TramaTimeline *timeline,
                            const TramaChartOptions *options,
                            double scale);

/* @part becomes the same scale with the stretches that reach into @y0 … @y1; of few moments, all. */
void trama_scale_init_part (TramaScale *part, const TramaScale *scale, double y0, double y1);
void trama_scale_clear (TramaScale *self);

/* Where the first tear below @y begins; G_MAXDOUBLE: there is none near it. */
double trama_scale_next_tear (const TramaScale *self, double y);

double trama_scale_y_of_time (const TramaScale *self, gint64 time_ns);
gint64 trama_scale_time_of_y (const TramaScale *self, double y);

/* The nanoseconds per pixel with which @span would be @height_px high. */
double trama_scale_fit_span (const TramaScale *self, const TramaSpan *span, double height_px);

/*
 * Of few moments the scale at which they are told apart is perhaps higher than a page: that at which
 * all of them are as high as @options say, or as little as a picture needs. In nanoseconds per pixel.
 */
double trama_scale_find_whole (const TramaGaps *gaps, const TramaChartOptions *options, double scale);

/* Of its parts: what a fold takes, and how much of that is above its tear. */
double trama_scale_fold_px (guint kind_before, double scale);
double trama_scale_before_fold_px (guint kind_before, double scale);
double trama_scale_row_px (double scale);
double trama_scale_top_px (double scale);    /* above the first moment */
double trama_scale_bottom_px (double scale); /* below the last */
double trama_scale_least_ns_per_px (gint64 whole_ns);

/* A share of @whole_ns, 0 to 1: never more than all of it, though double has fewer digits. */
gint64 trama_scale_share_ns (double share, gint64 whole_ns);

/* Of many moments: what the two above do where no stretch is known. */
double trama_scale_many_y_of_time (const TramaScale *self, gint64 time_ns);
gint64 trama_scale_many_time_of_y (const TramaScale *self, double y);
