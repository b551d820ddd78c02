/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

#include <glib.h>

/*
 * Every call, packet and note of a trace on standard output, in order of time, with what caused it and
 * what it caused: in lines for people, or one JSON object per line.
 */
void trama_cli_print_links (TramaFlowTable *table, gboolean json);
