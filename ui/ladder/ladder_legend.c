/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/ladder_private.h"

#include <math.h>

/* What the body needs to tell anything, and how often the height of the legend; that gives way before it has less. */
#define BODY_LEAST_PX 150
#define BODY_LEAST_TIMES 3

/* Its picture outlives a chart of which it would be the same. */
static double
find_height (TramaLadderView *self)
{
  const TramaPainting painting = {
    .chart = self->chart,
    .edge = self->edge,
    .legend_width_px = gtk_widget_get_width (GTK_WIDGET (self)),
  };

  const guint32 contents = trama_paint_legend_contents (&painting);
  const double height_px = ceil (trama_paint_legend_height (&painting));

  if (contents != self->legend_contents || painting.legend_width_px != self->legend_width_px
      || height_px != self->legend_px)
    trama_strip_cache_forget (self->strips, TRAMA_STRIP_LEGEND);
  self->legend_contents = contents;
  self->legend_width_px = (int) painting.legend_width_px;
  return height_px;
}

gboolean
trama_ladder_view_update_legend (TramaLadderView *self)
{
  const double before_px = self->legend_px;
  const double room_px = gtk_widget_get_height (GTK_WIDGET (self)) - trama_ladder_view_header_px (self);
  const gboolean was_folded = self->legend_folded;
  gboolean tight;

  self->legend_px = self->show_legend && self->chart != NULL ? find_height (self) : 0;
  tight = self->legend_px > 0
          && room_px - self->legend_px
                 < MAX (BODY_LEAST_PX * self->chart->scale, BODY_LEAST_TIMES * self->legend_px);
  if (!tight)
    self->keep_legend = FALSE;
  self->legend_folded = tight && !self->keep_legend;
  if (self->legend_folded)
    self->legend_px = 0;
  /* Sizes are perhaps being given out: who follows the property hears of it in the next frame. */
  if (self->legend_folded != was_folded)
    trama_ladder_view_draw_again (self);
  return fabs (self->legend_px - before_px) > 0.5;
}

/* Whoever asks for it gets it, however little room there is. */
void
trama_ladder_view_set_show_legend (TramaLadderView *self, gboolean show)
{
  self->show_legend = self->keep_legend = show;
  trama_ladder_view_invalidate (self);
}

gboolean
trama_ladder_view_get_show_legend (TramaLadderView *self)
{
  return self->show_legend && !self->legend_folded;
}

void
trama_ladder_view_tell_legend (TramaLadderView *self)
{
  if (self->legend_told == self->legend_folded)
    return;
  self->legend_told = self->legend_folded;
  g_object_notify (G_OBJECT (self), "legend-folded");
  g_object_notify (G_OBJECT (self), "show-legend");
}
