/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/paint/theme.h"

#include <pango/pangocairo.h>

/*
 * Private to ui/paint: text in the styles of the design. Never markup, so that no
 * text from outside can mean anything. Laid out text is kept, per thread, for as
 * long as it is in use.
 */
typedef enum
{
  TRAMA_TEXT_NAME,
  TRAMA_TEXT_INITIAL,
  TRAMA_TEXT_SUBTITLE,
  TRAMA_TEXT_WIRE,
  TRAMA_TEXT_AXIS,
  TRAMA_TEXT_TICK,
  TRAMA_TEXT_TICK_ABSOLUTE,
  TRAMA_TEXT_TEAR,
  TRAMA_TEXT_PHASE,
  TRAMA_TEXT_STATE,
  TRAMA_TEXT_STATE_NOTE,
  TRAMA_TEXT_CALL_NAME,
  TRAMA_TEXT_CALL,
  TRAMA_TEXT_PORT,
  TRAMA_TEXT_FLAGS,
  TRAMA_TEXT_DETAIL,
  TRAMA_TEXT_ACK_FLAGS,
  TRAMA_TEXT_ACK_DETAIL,
  TRAMA_TEXT_CAPTION,
  TRAMA_TEXT_NOTICE_MARK,
  TRAMA_TEXT_COUNT,
  TRAMA_TEXT_QUIET,
  TRAMA_TEXT_LEGEND,
  TRAMA_N_TEXT_STYLES,
} TramaTextStyle;

typedef struct
{
  const char *text; /* NULL: nothing */
  TramaTextStyle style;
  double scale;
  double room_px;           /* 0: as wide as it is; else it ends in an ellipsis there */
  PangoEllipsizeMode where; /* NONE: at the end */
  guint max_lines;          /* 0, 1: one; else it is wrapped at room_px, and centred unless it is a caption */
} TramaText;

void trama_text_measure (const TramaText *text, double *width_px, double *height_px);

/* Makes it smaller, down to @least of its size, then cuts it, so that it takes no more than @room_px. */
void trama_text_shrink (TramaText *text, double room_px, double least);

/* A line of laid out text, as it is shown: with the ellipsis where it was cut. */
typedef struct
{
  const char *text;
  const char *family; /* names of fonts, the first that is there is taken */
  int weight;
  gboolean tabular;
  double size_px;
  double x, baseline_y, width_px;
} TramaTextLine;

typedef void (*TramaTextLineFunc) (const TramaTextLine *line, gpointer user_data);

/* Calls @func for every line that trama_text_draw () would draw, where it would. */
void trama_text_place (const TramaText *text,
                       double x,
                       double y,
                       double align,
                       TramaTextLineFunc func,
                       gpointer user_data);

/* In the context's source. @align: 0 begins at @x, 1 ends there; capitals are centred on @y. */
void trama_text_draw (cairo_t *cr, const TramaText *text, double x, double y, double align);
