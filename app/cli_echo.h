/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/cli_part.h"

/* Prints how many echo requests of each conversation of that part were answered, and how fast, as ping(8) does at its end. */
void trama_cli_print_echoes (TramaFlowTable *table, const TramaCliPart *part);
