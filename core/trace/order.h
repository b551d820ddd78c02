/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Puts what comes nearly in order of time in that order: a merge sort that takes what
 * is in order already as it is. So what is late by little costs little, and one more
 * record among ten million is found its place in hardly more than no time.
 */

/* The time of the record with that index. */
typedef gint64 (*TramaTimeFunc) (gconstpointer records, guint index);

/*
 * @places (of guint32) holds indices in order of time; equal times in order of index.
 * Those that it lacks, up to @n_records, come to their places.
 */
void trama_order_extend (GArray *places, guint n_records, TramaTimeFunc time_of, gconstpointer records);
