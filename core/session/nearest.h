/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Did you mean …? Offer every name that would be right; the nearest to what was
 * written is kept, by edit distance without regard to case, a swap of neighbours
 * counting as one edit.
 */
typedef struct
{
  const char *written; /* borrowed */
  const char *best;    /* borrowed; NULL: nothing is near enough to be meant */
  guint distance;
} TramaNearest;

void trama_nearest_init (TramaNearest *nearest, const char *written);
void trama_nearest_offer (TramaNearest *nearest, const char *name);
