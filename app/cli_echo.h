/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/* Prints how many echo requests of each conversation were answered, and how fast, as ping(8) does at its end. */
void trama_cli_print_echoes (TramaFlowTable *table);
