/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/line_map.h"

void
trama_line_map_init (TramaLineMap *map, const char *old_text, const char *new_text)
{
  g_auto (GStrv) old_lines = g_strsplit (old_text, "\n", -1);
  g_auto (GStrv) new_lines = g_strsplit (new_text, "\n", -1);
  guint common;

  map->n_old = g_strv_length (old_lines);
  map->n_new = g_strv_length (new_lines);
  map->n_before = 0;
  map->n_after = 0;
  common = MIN (map->n_old, map->n_new);
  while (map->n_before < common && g_str_equal (old_lines[map->n_before], new_lines[map->n_before]))
    map->n_before++;
  while (map->n_after < common - map->n_before
         && g_str_equal (old_lines[map->n_old - 1 - map->n_after], new_lines[map->n_new - 1 - map->n_after]))
    map->n_after++;
}

static guint
translate (const TramaLineMap *map, guint line, guint n_from, guint n_to)
{
  if (line == 0 || line > n_from)
    return 0;
  if (line <= map->n_before)
    return line;
  return line > n_from - map->n_after ? line + n_to - n_from : 0;
}

guint
trama_line_map_to_new (const TramaLineMap *map, guint old_line)
{
  return translate (map, old_line, map->n_old, map->n_new);
}

guint
trama_line_map_to_old (const TramaLineMap *map, guint new_line)
{
  return translate (map, new_line, map->n_new, map->n_old);
}
