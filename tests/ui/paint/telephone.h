/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart.h"

/*
 * A telephone call as a chart, built by hand: every kind of mark at a known place,
 * so that a test of the painter knows which pixel to look at whatever the layout
 * does. Its file stands in for core/chart/chart.c where the painter asks for more
 * than numbers.
 */
typedef struct
{
  TramaChart chart; /* first: one is the other */
  TramaFlowTable *table;
} Telephone;

/* Positions times the factors. Observed: the store says that packets are. */
Telephone *telephone_new (double x_factor, double y_factor, double scale, gboolean observed);
void telephone_free (Telephone *telephone);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Telephone, telephone_free)
