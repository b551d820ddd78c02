/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/edge.h"
#include "core/chart/trail.h"

/* What is written on a picture, as it is written: measured in its fonts, header and legend included. */

typedef enum
{
  PAINTED_HEADER,
  PAINTED_BODY,
  PAINTED_LEGEND,
} PaintedPart;

typedef struct
{
  PaintedPart part;
  char *text;
  TramaRect box; /* of its letters, in the coordinates of the body; of the legend, in its own */
} PaintedText;

/* A new GArray of PaintedText, which frees their texts. @edge and @trail may be NULL. */
GArray *painted_list (const TramaChart *chart, const TramaEdge *edge, const TramaTrail *trail);
