/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * The ladder as text for a terminal, @columns characters wide (at least 80): one
 * line per moment, in order of time. Depends on nothing but the trace, so that
 * the same trace gives the same text. The caller's to free.
 */
char *trama_ladder_text (TramaFlowTable *table, guint columns);
