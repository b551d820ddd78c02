/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * A part of a trace as people write it: "A..B", each a time since the start of the trace
 * with its unit ("1.5ms", "20 us", "0.2s", "1h"; nothing is nothing: "0"), or the number of an event in order of time,
 * from 1, as the list of events counts them. Without A it begins with the trace, without
 * B it ends with it.
 */
typedef enum
{
  TRAMA_RANGE_OPEN,
  TRAMA_RANGE_TIME,
  TRAMA_RANGE_EVENT,
} TramaRangeKind;

typedef struct
{
  TramaRangeKind kind[2];
  gint64 value[2]; /* ns since the start, or the number of an event */
} TramaRange;

/* FALSE with @error (G_IO_ERROR), which says what was expected. */
gboolean trama_range_parse (const char *text, TramaRange *range, GError **error);

/* In times of @table's trace, which is not empty. FALSE with @error: there is no such event, or it ends before it begins. */
gboolean
trama_range_resolve (const TramaRange *range, TramaFlowTable *table, TramaSpan *span, GError **error);
