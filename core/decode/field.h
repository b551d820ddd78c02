/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Bytes explained: a flat list of fields in reading order, depth giving the tree.
 * The inspector shows it beside the bytes; every field names the bytes it covers.
 */

typedef struct
{
  guint depth;      /* 0: a header, 1: its fields, 2: a field's parts */
  guint offset;     /* of its first byte in the explained bytes */
  guint size_bytes; /* 0: it covers none (derived) */
  const char *name; /* static and in English: "Sequence number" */
  char *value;      /* "5000"; owned; NULL: none */
  char *meaning;    /* "relative: 1"; owned; NULL: none */
} TramaField;

typedef GPtrArray TramaFields; /* of TramaField, owned by the array */

TramaFields *trama_fields_new (void);

/*
 * Appends a field. @value and @meaning are taken, and may be NULL. What comes
 * from outside must have been made printable before.
 */
void trama_fields_add (TramaFields *fields,
                       guint depth,
                       guint offset,
                       guint size_bytes,
                       const char *name,
                       char *value,
                       char *meaning);
