/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/column.h"

#include <string.h>

/* At most; of its last one, a column takes only the pages that it has come to. */
#define SEGMENT_BYTES (1u << 20)

#define FIRST_RECORDS 16

void
trama_column_init (TramaColumn *column, gsize record_bytes)
{
  g_return_if_fail (record_bytes > 0 && record_bytes <= SEGMENT_BYTES / FIRST_RECORDS);

  *column = (TramaColumn){
    .record_bytes = (guint) record_bytes,
    .shift = g_bit_storage (SEGMENT_BYTES / record_bytes) - 1,
  };
}

/* Segments never move, but for the only one of a column that is small: it has to be copied. */
void
trama_column_init_view (TramaColumn *view, const TramaColumn *column)
{
  *view = *column;
  view->is_view = TRUE;
  view->room = view->len;
  view->segments = g_memdup2 (column->segments, column->n_segments * sizeof *column->segments);
  if (column->n_segments == 1)
    view->segments[0] = g_memdup2 (column->segments[0], (gsize) column->len * column->record_bytes);
}

void
trama_column_clear (TramaColumn *column)
{
  for (guint i = 0; i < column->n_segments && (!column->is_view || column->n_segments == 1); i++)
    g_free (column->segments[i]);
  g_free (column->segments);
  trama_column_init (column, column->record_bytes);
}

/* The first segment grows to its size, for there are small traces too. */
static void
grow_first (TramaColumn *column, guint records)
{
  column->room = MIN (MAX (2 * column->room, FIRST_RECORDS), records);
  column->segments[0] = g_realloc_n (column->segments[0], column->room, column->record_bytes);
}

void
trama_column_make_room (TramaColumn *column)
{
  guint records = 1u << column->shift;
  gboolean is_first = column->room < records;

  g_assert (!column->is_view);
  if (!is_first || column->n_segments == 0)
    {
      column->segments = g_renew (guint8 *, column->segments, column->n_segments + 1);
      column->segments[column->n_segments++] = is_first ? NULL : g_malloc_n (records, column->record_bytes);
    }
  if (is_first)
    grow_first (column, records);
  else
    column->room += records;
}

/* As many as the rest of the segment holds, but not more than @n. */
static guint
fill_segment (TramaColumn *column, guint n, guint8 byte)
{
  guint at = column->len & ((1u << column->shift) - 1);

  if (column->len == column->room)
    trama_column_make_room (column);
  n = MIN (n, MIN (column->room - column->len, (1u << column->shift) - at));
  memset (trama_column_at (column, column->record_bytes, column->len), byte,
          (gsize) n * column->record_bytes);
  return n;
}

void
trama_column_fill (TramaColumn *column, guint len, guint8 byte)
{
  while (column->len < len)
    column->len += fill_segment (column, len - column->len, byte);
}

void
trama_column_truncate (TramaColumn *column, guint len)
{
  column->len = MIN (column->len, len);
}
