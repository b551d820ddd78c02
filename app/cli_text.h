/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/flow_set.h"

/* How the ladder is written, as it is said on the command line. Zeroed memory: as the terminal and the locale are. */
typedef struct
{
  char *text; /* "utf8" or "ascii"; NULL: as the locale has it */
  int columns;
} TramaCliText;

void trama_cli_text_clear (TramaCliText *text);

/* TRAMA_CLI_OK, or what trama_cli_usage_error returns for what means nothing. */
int trama_cli_text_check (const TramaCliText *text);

/* On standard output. @flows, @span: what it tells of; NULL: everything. */
void trama_cli_text_print (const TramaCliText *text,
                           TramaFlowTable *table,
                           TramaFlowSet *flows,
                           const TramaSpan *span);
