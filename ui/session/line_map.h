/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Which line of one text is which line of another that came of it by editing: the
 * lines at the beginning and at the end that are the same. What lies between has
 * been changed and has no counterpart. Lines count from 1; 0 is no line.
 */
typedef struct
{
  guint n_before; /* lines that are the same from the beginning */
  guint n_after;  /* and from the end */
  guint n_old;
  guint n_new;
} TramaLineMap;

void trama_line_map_init (TramaLineMap *map, const char *old_text, const char *new_text);

/* 0 when that line has been changed or is not there. */
guint trama_line_map_to_new (const TramaLineMap *map, guint old_line);
guint trama_line_map_to_old (const TramaLineMap *map, guint new_line);
