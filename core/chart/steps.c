/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

/* Sizes of the design at scale 1. */
#define LEFT_PX 22 /* the phases' names stand left of it */
#define RIGHT_PX 8 /* from the end of the gutter */
#define HEIGHT_PX 24
#define PITCH_PX 27

static void
name_step (TramaLayout *layout, TramaChartStep *step)
{
  g_autofree char *duration = trama_duration_format (step->step_ns);
  g_autofree char *label = step->n_steps > 1 ? g_strdup_printf ("%s × %u", duration, step->n_steps)
                                             : g_strdup (duration);

  step->label = trama_layout_keep (layout, label);
}

static void
add_step (TramaLayout *layout, guint32 packet, gint64 step_ns)
{
  TramaPacket record;
  double y, half = trama_layout_px (layout, HEIGHT_PX) / 2;
  TramaChartStep step = { .packet = packet, .n_steps = 1, .step_ns = step_ns };
  TramaChartStep *last = layout->steps->len > 0
                             ? &g_array_index (layout->steps, TramaChartStep, layout->steps->len - 1)
                             : NULL;

  trama_store_get_packet (layout->store, packet, &record);
  y = trama_layout_y (layout, record.time_ns);
  if (last != NULL && y - half - last->y0 < trama_layout_px (layout, PITCH_PX))
    {
      last->n_steps++;
      if (step_ns > last->step_ns)
        {
          last->step_ns = step_ns;
          last->packet = packet;
        }
      return;
    }
  step.x0 = trama_layout_px (layout, LEFT_PX);
  step.x1 = layout->self->chart.gutter_px - trama_layout_px (layout, RIGHT_PX);
  step.y0 = y - half;
  step.y1 = y + half;
  g_array_append_val (layout->steps, step);
}

/* Both are in order of y. */
static void
take_labels_behind (TramaLayout *layout)
{
  double half = trama_layout_px (layout, HEIGHT_PX) / 2;
  guint at = 0;

  for (guint i = 0; i < layout->ticks->len; i++)
    {
      TramaChartTick *tick = &g_array_index (layout->ticks, TramaChartTick, i);

      while (at < layout->steps->len && g_array_index (layout->steps, TramaChartStep, at).y1 + half < tick->y)
        at++;
      if (at < layout->steps->len && g_array_index (layout->steps, TramaChartStep, at).y0 - half < tick->y)
        {
          tick->label = NULL;
          tick->major = FALSE;
        }
    }
}

void
trama_layout_steps (TramaLayout *layout)
{
  for (guint i = 0; i < layout->packets->len; i++)
    {
      guint32 packet = g_array_index (layout->packets, guint32, i);
      gint64 step_ns = trama_store_get_step_back (layout->store, packet);

      if (step_ns > 0)
        add_step (layout, packet, step_ns);
    }
  for (guint i = 0; i < layout->steps->len; i++)
    name_step (layout, &g_array_index (layout->steps, TramaChartStep, i));
  take_labels_behind (layout);
}
