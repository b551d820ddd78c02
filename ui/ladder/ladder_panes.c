/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/panes.h"
#include "ui/ladder/ladder_private.h"

#include <math.h>

/* Of the shadow that a pane casts on what moves below it. */
#define SHADOW_PX 8
#define SHADOW_ALPHA 0.22f

static GArray *
make_panes (TramaLadderView *self)
{
  return trama_panes_new (self->chart, trama_ladder_view_get_scroll_x (self),
                          gtk_widget_get_width (GTK_WIDGET (self)));
}

double
trama_ladder_view_get_chart_x (TramaLadderView *self, double x)
{
  g_autoptr (GArray) panes = NULL;

  if (self->chart == NULL)
    return x;
  panes = make_panes (self);
  return trama_panes_to_chart (panes, trama_ladder_view_get_scroll_x (self), x);
}

double
trama_ladder_view_get_view_x (TramaLadderView *self, double chart_x)
{
  g_autoptr (GArray) panes = make_panes (self);

  return trama_panes_to_view (panes, trama_ladder_view_get_scroll_x (self), chart_x);
}

/* As much of what is wanted as there is room for between the panes; of what is in view already, nothing moves. */
void
trama_ladder_view_scroll_across (TramaLadderView *self, const TramaRect *bounds)
{
  g_autoptr (GArray) panes = make_panes (self);
  double scroll = trama_ladder_view_get_scroll_x (self);
  double x0, x1, left, right;

  trama_panes_get_rest (panes, gtk_widget_get_width (GTK_WIDGET (self)), &x0, &x1);
  left = bounds->x - scroll;
  right = bounds->x + bounds->width - scroll;
  if (self->chart->width_px <= gtk_widget_get_width (GTK_WIDGET (self))
      || trama_panes_to_view (panes, scroll, bounds->x) != left)
    return;
  if (right - left > x1 - x0 ? right > x0 && left < x1 : left >= x0 && right <= x1)
    return;
  if (left < x0 || right - left > x1 - x0)
    trama_ladder_view_set_scroll_x (self, MAX (bounds->x - MAX (x0, self->chart->gutter_px), 0));
  else
    trama_ladder_view_set_scroll_x (self, bounds->x + bounds->width - x1);
}

void
trama_ladder_view_start_across (TramaLadderView *self)
{
  const double y0 = trama_ladder_view_get_scroll (self), y1 = y0 + trama_ladder_view_body_px (self);
  const int width_px = gtk_widget_get_width (GTK_WIDGET (self));

  if (self->chart->width_px > width_px)
    trama_ladder_view_set_scroll_x (
        self, trama_panes_find_start (trama_ladder_view_get_part (self, y0), y0, y1, width_px));
}

/* On the side where the rest of the chart moves. */
static void
append_shadow (GtkSnapshot *snapshot, const TramaPane *pane, double height)
{
  float x = (float) (pane->at_end ? pane->view_x0 : pane->view_x1);
  float far = pane->at_end ? x - SHADOW_PX : x + SHADOW_PX;
  const GskColorStop stops[] = { { 0, { 0, 0, 0, SHADOW_ALPHA } }, { 1, { 0, 0, 0, 0 } } };

  gtk_snapshot_append_linear_gradient (
      snapshot, &GRAPHENE_RECT_INIT (MIN (x, far), 0, SHADOW_PX, (float) height), &GRAPHENE_POINT_INIT (x, 0),
      &GRAPHENE_POINT_INIT (far, 0), stops, G_N_ELEMENTS (stops));
}

void
trama_ladder_view_append_panes (TramaLadderView *self,
                                GtkSnapshot *snapshot,
                                TramaAppendFunc append,
                                gpointer data)
{
  g_autoptr (GArray) panes = make_panes (self);
  double height = trama_ladder_view_header_px (self) + trama_ladder_view_body_px (self);
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  for (guint i = 0; i < panes->len; i++)
    append_shadow (snapshot, &g_array_index (panes, TramaPane, i), height);
  for (guint i = 0; i < panes->len; i++)
    {
      const TramaPane *pane = &g_array_index (panes, TramaPane, i);
      double shift = round ((pane->view_x0 - pane->chart_x0) * scale) / scale;

      gtk_snapshot_push_clip (snapshot,
                              &GRAPHENE_RECT_INIT ((float) pane->view_x0, 0,
                                                   (float) (pane->view_x1 - pane->view_x0), (float) height));
      append (snapshot, shift, data);
      gtk_snapshot_pop (snapshot);
    }
}
