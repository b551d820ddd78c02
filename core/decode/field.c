/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/field.h"

static void
field_free (gpointer data)
{
  TramaField *field = data;

  g_free (field->value);
  g_free (field->meaning);
  g_free (field);
}

TramaFields *
trama_fields_new (void)
{
  return g_ptr_array_new_with_free_func (field_free);
}

void
trama_fields_add (TramaFields *fields,
                  guint depth,
                  guint offset,
                  guint size_bytes,
                  const char *name,
                  char *value,
                  char *meaning)
{
  TramaField *field = g_new (TramaField, 1);

  *field = (TramaField){
    .depth = depth,
    .offset = offset,
    .size_bytes = size_bytes,
    .name = name,
    .value = value,
    .meaning = meaning,
  };
  g_ptr_array_add (fields, field);
}
