/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/flow_set.h"
#include "core/chart/lanes.h"
#include "core/flow/flow.h"

/*
 * The ladder as text for a terminal, @columns cells wide (at least 72, as mail has them):
 * one line per moment, in order of time, with the columns of the picture. Below 80 it
 * leaves out the time since the line before. @lanes: who stands where, or NULL; what is
 * folded there has its place like the others, for words are all that a text has. @flows: the
 * conversations that it tells of, NULL: all. Where nobody recorded calls and there is no room for a
 * column of every endpoint, all who sent first share one, and so do those whom they sent to. @span: of
 * which time, NULL: all; what began earlier is not told of, but where it ends. Depends on nothing else
 * but the trace, so that the same trace gives the same text. UTF-8, the caller's to free;
 * trama_text_to_ascii () makes ASCII of it.
 */
char *trama_ladder_text (TramaFlowTable *table,
                         guint columns,
                         const TramaLanes *lanes,
                         TramaFlowSet *flows,
                         const TramaSpan *span);
