/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/session/nearest.h"

#include <string.h>

/* Longer names are not compared; it bounds the work and the stack. */
#define MAX_LENGTH 64

void
trama_nearest_init (TramaNearest *nearest, const char *written)
{
  gsize length = strlen (written);

  nearest->written = written;
  nearest->best = NULL;
  /* More than a third wrong is another word. */
  nearest->distance = ((guint) MIN (length, MAX_LENGTH) + 2) / 3 + 1;
}

static guint
min3 (guint a, guint b, guint c)
{
  return MIN (MIN (a, b), c);
}

/* Optimal string alignment: three rows of the Levenshtein table are enough. */
static guint
edit_distance (const char *a, gsize a_size, const char *b, gsize b_size)
{
  guint rows[3][MAX_LENGTH + 1];

  for (guint j = 0; j <= b_size; j++)
    rows[0][j] = j;
  for (guint i = 1; i <= a_size; i++)
    {
      guint *row = rows[i % 3];
      const guint *above = rows[(i - 1) % 3];

      row[0] = i;
      for (guint j = 1; j <= b_size; j++)
        {
          guint changed = g_ascii_tolower (a[i - 1]) != g_ascii_tolower (b[j - 1]);

          row[j] = min3 (above[j] + 1, row[j - 1] + 1, above[j - 1] + changed);
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            row[j] = MIN (row[j], rows[(i - 2) % 3][j - 2] + 1);
        }
    }
  return rows[a_size % 3][b_size];
}

void
trama_nearest_offer (TramaNearest *nearest, const char *name)
{
  gsize written_size = strlen (nearest->written);
  gsize name_size = strlen (name);
  guint distance;

  if (written_size > MAX_LENGTH || name_size > MAX_LENGTH)
    return;
  distance = edit_distance (nearest->written, written_size, name, name_size);
  if (distance < nearest->distance)
    {
      nearest->distance = distance;
      nearest->best = name;
    }
}
