/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/users.h"

/*
 * Who stands where, for every kind of ladder: from left to right in the order in
 * which they first sent (connect, write, sendto), those who never did last. A new
 * GArray of guint32, indices of actors in the store. Private to core/chart.
 */
GArray *trama_parties_new (TramaStore *store, const TramaUsers *users);
