/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/flow_set.h"

/*
 * Which conversations of a capture are meant, as it is said on the command line: numbers as
 * “trama-cli flows” gives them, "0,3,7-9", as often as one likes. Zeroed memory: nobody says.
 */
typedef struct
{
  char **words;
} TramaCliChoice;

void trama_cli_choice_clear (TramaCliChoice *choice);

/* TRAMA_CLI_OK, or what trama_cli_usage_error returns for what is no number. */
int trama_cli_choice_check (const TramaCliChoice *choice);

/* Sets *@flows, which is the caller's; NULL: nobody says. FALSE, and it was said, when @path has no such conversation. */
gboolean trama_cli_choice_resolve (const TramaCliChoice *choice,
                                   const char *path,
                                   TramaFlowTable *table,
                                   TramaFlowSet **flows);
