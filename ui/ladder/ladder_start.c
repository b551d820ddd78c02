/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/ladder_private.h"

/* From one zoom to the next that is tried. */
#define STEP 1.25

/* Who looks at it first should not have to look for it. */
#define PAGES_MAX 2

/* More are a crowd, which is seen from afar first. */
#define ARROWS_MAX 500

static guint
count_touching (const TramaChart *chart)
{
  guint n_touching = 0;

  for (guint i = 0; i < chart->n_arrows; i++)
    n_touching += !chart->arrows[i].apart;
  return n_touching;
}

static gboolean
is_crowded (const TramaChart *chart)
{
  return chart->n_densities > 0 || chart->n_crowds > 0 || chart->n_arrows > ARROWS_MAX;
}

/* Some are so near in time that nothing parts them: then those that can be. */
double
trama_ladder_view_find_start (TramaLadderView *self)
{
  const TramaChart *whole = self->chart;
  guint n_touching = count_touching (whole);
  double start = 1;

  if (trama_view_state_get_zoom (self->state) != 1 || is_crowded (whole)
      || trama_view_state_get_mode (self->state) != TRAMA_SCALE_FOLDED)
    return 1;
  for (double zoom = STEP; n_touching > 0 && whole->ns_per_px / zoom > whole->least_ns_per_px; zoom *= STEP)
    {
      g_autoptr (TramaChart) chart = trama_ladder_view_try_zoom (self, zoom);

      if (chart->body_px > PAGES_MAX * trama_ladder_view_body_px (self))
        break;
      if (count_touching (chart) < n_touching)
        {
          n_touching = count_touching (chart);
          start = zoom;
        }
    }
  return start;
}
