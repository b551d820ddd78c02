/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart.h"

/*
 * Where a chart has words, as boxes of the body: what must not overlap on the screen,
 * and what no page may end in. As large as what is drawn in them or larger.
 */
typedef enum
{
  TRAMA_LABEL_CALL,   /* of a call, its name and arguments */
  TRAMA_LABEL_RESULT, /* of a call whose result stands at its end */
  TRAMA_LABEL_CHIP,   /* of a packet */
  TRAMA_LABEL_BADGE,
  TRAMA_LABEL_CARRY,
  TRAMA_LABEL_NOTE,
  TRAMA_LABEL_STEP,
  TRAMA_LABEL_TICK,
  TRAMA_LABEL_TEAR,
  TRAMA_LABEL_LIFE, /* who was forked or killed */
  TRAMA_LABEL_BAND, /* the name of a band, and its note */
} TramaLabelKind;

typedef struct
{
  guint32 kind;  /* TramaLabelKind */
  guint32 index; /* of the chart's bars, arrows, badges … */
  TramaRect box;
} TramaChartLabel;

/* A new GArray of TramaChartLabel, by kind. */
GArray *trama_chart_get_labels (const TramaChart *chart);

/*
 * Where the body from @y0 to @y1 is broken into pages of at most @page_px: a new GArray
 * of double, the first @y0, the last @y1. Never in a label; if it can be, not in an arrow,
 * and not far above the end of the page; the last has at least a fifth of one. Where labels of packets leave no room between
 * them, those at the break are taken from @chart. Labels higher than half a page are broken.
 */
GArray *trama_chart_break_pages (TramaChart *chart, double y0, double y1, double page_px);
