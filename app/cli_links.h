/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/cli_part.h"

/*
 * Every call, packet and note of that part of a trace on standard output, in order of time, with what caused it and
 * what it caused: in lines for people, or one JSON object per line.
 */
void trama_cli_print_links (TramaFlowTable *table, const TramaCliPart *part, gboolean json);
