/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

/* From one zoom to the next that is tried. */
#define STEP 1.12

/* Who looks at it first should not have to look for it: so far for words, and so far for a whole arrow. */
#define PAGES_MAX 2
#define HIDING_PAGES_MAX 1.5

/* More are a crowd, which is seen from afar first. */
#define ARROWS_MAX 500

static guint
count_mute (const TramaChart *chart)
{
  guint n_mute = 0;

  for (guint i = 0; i < chart->n_arrows; i++)
    n_mute += !chart->arrows[i].apart;
  return n_mute;
}

guint
trama_chart_count_touching (const TramaChart *chart)
{
  guint n_touching = 0;

  for (guint i = 0; i < chart->n_arrows; i++)
    n_touching += !chart->arrows[i].apart || chart->arrows[i].hides;
  return n_touching;
}

static gboolean
is_crowded (const TramaChart *chart)
{
  const TramaLadder *ladder = ((const TramaChartPrivate *) chart)->ladder;

  return chart->n_densities > 0 || chart->n_crowds > 0 || chart->n_arrows > ARROWS_MAX
         || trama_ladder_n_moments (ladder) > TRAMA_LADDER_PLAIN;
}

/* Some are so near in time that nothing parts them: then those that can be. */
double
trama_chart_find_start (const TramaChart *chart, const TramaChartOptions *options)
{
  guint n_touching = trama_chart_count_touching (chart), n_mute = count_mute (chart);
  double start = chart->ns_per_px;

  if (options->mode != TRAMA_SCALE_FOLDED || is_crowded (chart))
    return start;
  for (double zoom = STEP; n_touching > 0 && chart->ns_per_px / zoom > chart->least_ns_per_px; zoom *= STEP)
    {
      TramaChartOptions nearer = *options;
      g_autoptr (TramaChart) tried = NULL;

      nearer.ns_per_px = chart->ns_per_px / zoom;
      tried = trama_chart_new_for (((const TramaChartPrivate *) chart)->ladder, &nearer);
      if (tried->body_px > PAGES_MAX * options->height_px)
        break;
      if (count_mute (tried) < n_mute
          || (tried->body_px <= HIDING_PAGES_MAX * options->height_px
              && trama_chart_count_touching (tried) < n_touching))
        {
          n_touching = trama_chart_count_touching (tried);
          n_mute = count_mute (tried);
          start = nearer.ns_per_px;
        }
    }
  return start;
}
