/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/store.h"

/*
 * A recording as it might have been: the same events in the same order, with other times between
 * them. Every wait is longer or shorter by a factor of its own. A seed always gives the same times.
 */

/* Reads the capture that @fd and @contents are of. @seed 0: as it was recorded. */
TramaStore *stretch_store_new (int fd, const char *contents, gsize size, guint32 seed);
