/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/settle.h"

#include <string.h>

#define STEPS_MAX 64
#define RECORD_BYTES_MAX 64

gboolean
trama_settle_last (GArray *array, GCompareFunc compare)
{
  gsize size = g_array_get_element_size (array);
  char record[RECORD_BYTES_MAX], *last = array->data + (array->len - 1) * size, *place = last;
  gsize steps = 0;

  g_return_val_if_fail (array->len > 0 && size <= sizeof record, FALSE);
  while (place > array->data && steps <= STEPS_MAX && compare (place - size, last) > 0)
    {
      place -= size;
      steps++;
    }
  if (steps == 0 || steps > STEPS_MAX)
    return steps == 0;
  memcpy (record, last, size);
  memmove (place + size, place, (gsize) (last - place));
  memcpy (place, record, size);
  return TRUE;
}
