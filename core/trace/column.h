/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * A growing array of plain records, for what a trace has by the million. It lies in
 * segments, so that to grow copies nothing and needs no second place: what it takes
 * is what its records take.
 *
 * A pointer to a record is valid until the next one is added. There is room for
 * 2^32 - 1 records.
 */
typedef struct
{
  guint8 **segments;
  guint n_segments;
  guint record_bytes;
  guint shift; /* log2 of the records in a segment */
  guint room;  /* records that fit so far */
  guint len;
  gboolean is_view; /* what it holds is another's, unless it is all in one segment */
} TramaColumn;

void trama_column_init (TramaColumn *column, gsize record_bytes);

/*
 * What @column holds now, as a column that cannot grow. Valid as long as @column is, which may grow
 * meanwhile, even in another thread, but not shrink.
 */
void trama_column_init_view (TramaColumn *view, const TramaColumn *column);

/* It is empty then, and may be filled again. */
void trama_column_clear (TramaColumn *column);

/* @column as an array of @Type, of which its records are. */
#define trama_column_index(column, Type, index) (*(Type *) trama_column_at (column, sizeof (Type), index))

/* Adds one, which is not initialised: trama_column_add (column, Type) = record. */
#define trama_column_add(column, Type) (*(Type *) trama_column_add_bytes (column, sizeof (Type)))

/* Adds records whose bytes are all @byte, until there are @len. */
void trama_column_fill (TramaColumn *column, guint len, guint8 byte);

/* The first @len stay. */
void trama_column_truncate (TramaColumn *column, guint len);

/* What the two macros are made of; the size is given to them as a constant. */
void trama_column_make_room (TramaColumn *column);

static inline gpointer
trama_column_at (const TramaColumn *column, gsize record_bytes, guint index)
{
  return column->segments[index >> column->shift]
         + (gsize) (index & ((1u << column->shift) - 1)) * record_bytes;
}

static inline gpointer
trama_column_add_bytes (TramaColumn *column, gsize record_bytes)
{
  if (column->len == column->room)
    trama_column_make_room (column);
  return trama_column_at (column, record_bytes, column->len++);
}
