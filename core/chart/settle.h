/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * To keep in order what comes nearly so, as calls of several processes do: what was appended
 * last goes back to its place among the few before it. FALSE: that would be farther than is
 * worth while, and the array has to be sorted in the end. Private to core/chart.
 */
gboolean trama_settle_last (GArray *array, GCompareFunc compare);
