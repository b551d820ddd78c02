/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/slicer.h"

#include "core/chart/chart_private.h"

#include <math.h>

/* Sizes of the design at scale 1: farther from its place than this nothing is painted, or gives way. */
#define REACH_PX 256

/* A slice is not looked for in the whole, but in a section of several of them. */
#define SLICES_MIN 8

struct _TramaSlicer
{
  TramaChart *whole;
  TramaChart *section; /* NULL: none yet */
  double section_y0, section_y1;
  TramaChart *slice; /* NULL: none yet */
};

/* From where to where there is anything of it. */
typedef struct
{
  double y0, y1;
} Extent;

static Extent
extent_of_bars (const TramaChartBar *bar)
{
  const double result_y = bar->result_apart ? bar->result_y : bar->label_y;

  return (Extent){ MIN (bar->y0, MIN (bar->label_y, result_y)), MAX (bar->y1, MAX (bar->label_y, result_y)) };
}

static Extent
extent_of_arrows (const TramaChartArrow *arrow)
{
  const double chip_y = arrow->apart ? arrow->chip_y : arrow->y0;

  return (Extent){ MIN (MIN (arrow->y0, arrow->y1), chip_y), MAX (MAX (arrow->y0, arrow->y1), chip_y) };
}

static Extent
extent_of_branches (const TramaChartArrow *branch)
{
  return extent_of_arrows (branch);
}

static Extent
extent_of_carries (const TramaChartCarry *carry)
{
  const double label_y = carry->label != NULL ? carry->label_y : carry->y0;

  return (Extent){ MIN (MIN (carry->y0, carry->y1), label_y), MAX (MAX (carry->y0, carry->y1), label_y) };
}

static Extent
extent_of_badges (const TramaChartBadge *badge)
{
  return (Extent){ badge->y - badge->height_px / 2, badge->y + badge->height_px / 2 };
}

static Extent
extent_of_links (const TramaChartLink *link)
{
  return (Extent){ link->y, link->y };
}

static Extent
extent_of_ticks (const TramaChartTick *tick)
{
  return (Extent){ tick->y, tick->y };
}

static Extent
extent_of_bands (const TramaChartBand *band)
{
  return (Extent){ band->y0, band->y1 };
}

static Extent
extent_of_lifelines (const TramaChartLifeline *line)
{
  return (Extent){ line->y0, line->y1 };
}

static Extent
extent_of_steps (const TramaChartStep *step)
{
  return (Extent){ step->y0, step->y1 };
}

static Extent
extent_of_densities (const TramaChartDensity *density)
{
  return (Extent){ density->y0, density->y1 };
}

static Extent
extent_of_crowds (const TramaChartCrowd *crowd)
{
  return (Extent){ crowd->y0, crowd->y1 };
}

/* Between which tears words have room, and on which ground, may be settled far away. */

static Extent
extent_of_tears (const TramaChartTear *tear)
{
  return (Extent){ -INFINITY, INFINITY };
}

static Extent
extent_of_tints (const TramaChartTint *tint)
{
  return (Extent){ -INFINITY, INFINITY };
}

#define CUT(member, Type)                                                                                    \
  {                                                                                                          \
    GArray *kept = g_array_new (FALSE, FALSE, sizeof (Type));                                                \
                                                                                                             \
    for (guint i = 0; i < from->n_##member; i++)                                                             \
      {                                                                                                      \
        const Extent extent = extent_of_##member (&from->member[i]);                                         \
                                                                                                             \
        if (extent.y1 >= y0 && extent.y0 <= y1)                                                              \
          g_array_append_val (kept, from->member[i]);                                                        \
      }                                                                                                      \
    slice->n_##member = kept->len;                                                                           \
    slice->member = (gpointer) g_array_free (kept, FALSE);                                                   \
  }

static TramaChart *
cut (TramaChart *from, double y0, double y1)
{
  TramaChart *slice = trama_chart_new_slice (from);

  TRAMA_FOR_EACH_OF_PART (CUT)
  return slice;
}

TramaSlicer *
trama_slicer_new (TramaChart *chart)
{
  TramaSlicer *self = g_new0 (TramaSlicer, 1);

  self->whole = trama_chart_ref (chart);
  return self;
}

void
trama_slicer_free (TramaSlicer *self)
{
  if (self == NULL)
    return;
  trama_chart_unref (self->slice);
  trama_chart_unref (self->section);
  trama_chart_unref (self->whole);
  g_free (self);
}

/* Of n slices, √n are looked for in the whole, and each in √n. */
static void
cut_section (TramaSlicer *self, double y0, double y1)
{
  const double n_slices = self->whole->body_px / MAX (y1 - y0, 1);

  self->section_y0 = y0;
  self->section_y1 = y0 + (y1 - y0) * MAX (SLICES_MIN, sqrt (n_slices));
  trama_chart_unref (self->section);
  self->section = cut (self->whole, self->section_y0, self->section_y1);
}

const TramaChart *
trama_slicer_get (TramaSlicer *self, double y0, double y1)
{
  const double reach = REACH_PX * self->whole->scale;

  y0 -= reach;
  y1 += reach;
  if (self->section == NULL || y0 < self->section_y0 || y1 > self->section_y1)
    cut_section (self, y0, y1);
  trama_chart_unref (self->slice);
  self->slice = cut (self->section, y0, y1);
  return self->slice;
}
