/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/labels.h"

#include "core/chart/chart_private.h"

/* Sizes of the design at scale 1: text, and what surrounds it. */
#define CALL_CHAR_PX 10.9 /* of a font of one width, at 18 px */
#define CALL_PX 19
#define CHIP_PX 32
#define CHIP_ACK_PX 22
#define CARRY_PX 22
#define TICK_CHAR_PX 9
#define TICK_PX 15
#define TICK_MARGIN_PX 14
#define LIFE_CHAR_PX 9
#define BAND_PX 15

typedef struct
{
  const TramaChart *chart;
  GArray *labels;
} Labels;

/* Around (@x, @y), which is its left end (@align 0), its middle (0.5) or its right end (1). */
static void
add (Labels *labels,
     guint32 kind,
     guint32 index,
     double x,
     double y,
     double align,
     double width,
     double height)
{
  TramaChartLabel label = { kind, index, { x - align * width, y - height / 2, width, height } };

  g_array_append_val (labels->labels, label);
}

static double
text_width (const char *text, double char_px)
{
  return text != NULL ? (double) g_utf8_strlen (text, -1) * char_px : 0;
}

/* The room ends where the arguments and then the result are cut. */
static void
add_bar (Labels *labels, guint32 index)
{
  const TramaChart *chart = labels->chart;
  const TramaChartBar *bar = &chart->bars[index];
  const TramaChartRail *rail = &chart->rails[bar->rail];
  double char_px = CALL_CHAR_PX * chart->scale, height = CALL_PX * chart->scale;
  double align = rail->direction < 0 ? 1 : 0;
  double result = text_width (bar->result, char_px);
  double width = text_width (bar->name, char_px) + text_width (bar->args, char_px);

  if (rail->label_width_px <= 0)
    return;
  if (!bar->result_apart && bar->result != NULL)
    width += char_px + result;
  if (bar->has_words)
    add (labels, TRAMA_LABEL_CALL, index, rail->label_x, bar->label_y, align,
         MIN (width, rail->label_width_px + bar->label_more_px), height);
  if (bar->result_apart && bar->result != NULL)
    add (labels, TRAMA_LABEL_RESULT, index, rail->label_x, bar->result_y, align,
         MIN (result, rail->label_width_px + bar->result_more_px), height);
}

static void
add_arrow (Labels *labels, guint32 index)
{
  const TramaChartArrow *arrow = &labels->chart->arrows[index];
  double height = (arrow->kind == TRAMA_SEGMENT_ACK || arrow->kind == TRAMA_SEGMENT_OTHER ? CHIP_ACK_PX
                                                                                          : CHIP_PX)
                  * labels->chart->scale;

  if (arrow->apart)
    add (labels, TRAMA_LABEL_CHIP, index, arrow->chip_x, arrow->chip_y, 0.5, arrow->chip_width_px, height);
}

static void
add_gutter (Labels *labels, guint32 kind, guint32 index, double y, const char *text)
{
  const TramaChart *chart = labels->chart;

  if (text != NULL)
    add (labels, kind, index, chart->gutter_px - TICK_MARGIN_PX * chart->scale, y, 1,
         text_width (text, TICK_CHAR_PX * chart->scale), TICK_PX * chart->scale);
}

static void
add_life (Labels *labels, guint32 index)
{
  const TramaChart *chart = labels->chart;
  const TramaChartLife *life = &chart->lives[index];
  const TramaChartRail *rail = &chart->rails[chart->columns[life->column].first_rail];

  if (rail->label_width_px > 0 && life->label != NULL)
    add (labels, TRAMA_LABEL_LIFE, index, rail->label_x, life->label_y, rail->direction < 0 ? 1 : 0,
         MIN (text_width (life->label, LIFE_CHAR_PX * chart->scale), rail->label_width_px),
         TRAMA_LIFE_PX * chart->scale);
}

static void
add_band (Labels *labels, guint32 index)
{
  const TramaChart *chart = labels->chart;
  const TramaChartBand *band = &chart->bands[index];

  if (band->name != NULL && band->upright_px > 0)
    add (labels, TRAMA_LABEL_BAND, index, (band->x0 + band->x1) / 2, band->name_y, 0.5,
         BAND_PX * chart->scale, band->upright_px);
  else if (band->name != NULL)
    add (labels, TRAMA_LABEL_BAND, index, band->x0, band->name_y, 0, band->x1 - band->x0,
         BAND_PX * chart->scale);
  if (band->note != NULL)
    add (labels, TRAMA_LABEL_BAND, index, band->x0, band->note_y, 0, band->x1 - band->x0,
         BAND_PX * chart->scale);
}

GArray *
trama_chart_get_labels (const TramaChart *chart)
{
  Labels labels = { chart, g_array_new (FALSE, FALSE, sizeof (TramaChartLabel)) };

  for (guint32 i = 0; i < chart->n_bars; i++)
    add_bar (&labels, i);
  for (guint32 i = 0; i < chart->n_arrows; i++)
    add_arrow (&labels, i);
  for (guint32 i = 0; i < chart->n_badges; i++)
    add (&labels, TRAMA_LABEL_BADGE, i, chart->badges[i].left, chart->badges[i].y, 0,
         chart->badges[i].width_px, chart->badges[i].height_px);
  for (guint32 i = 0; i < chart->n_carries; i++)
    if (chart->carries[i].label != NULL)
      add (&labels, TRAMA_LABEL_CARRY, i, chart->carries[i].label_x, chart->carries[i].label_y, 0.5,
           chart->carries[i].label_width_px, CARRY_PX * chart->scale);
  for (guint32 i = 0; i < chart->n_notes; i++)
    add (&labels, TRAMA_LABEL_NOTE, i, chart->notes[i].x,
         chart->notes[i].card_y + chart->notes[i].height_px / 2, 0, chart->notes[i].width_px,
         chart->notes[i].height_px);
  for (guint32 i = 0; i < chart->n_steps; i++)
    add (&labels, TRAMA_LABEL_STEP, i, chart->steps[i].x0, (chart->steps[i].y0 + chart->steps[i].y1) / 2, 0,
         chart->steps[i].x1 - chart->steps[i].x0, chart->steps[i].y1 - chart->steps[i].y0);
  for (guint32 i = 0; i < chart->n_ticks; i++)
    add_gutter (&labels, TRAMA_LABEL_TICK, i, chart->ticks[i].y, chart->ticks[i].label);
  for (guint32 i = 0; i < chart->n_tears; i++)
    add_gutter (&labels, TRAMA_LABEL_TEAR, i, (chart->tears[i].y0 + chart->tears[i].y1) / 2,
                chart->tears[i].label);
  for (guint i = 0; i < chart->n_lives; i++)
    add_life (&labels, i);
  for (guint i = 0; i < chart->n_bands; i++)
    add_band (&labels, i);
  return labels.labels;
}
