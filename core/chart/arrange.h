/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Puts who has to do with one another side by side: a server in the middle of its
 * clients, a worker beside its parent. @order holds indices into @ties, a table of n × n
 * weights; it is changed only where that makes the sum of weight times distance
 * smaller, so that ties alone never turn a picture round. Private to core/chart.
 */
void trama_arrange (guint *order, guint n, const guint *ties);
