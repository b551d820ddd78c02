/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli_echo.h"

#include "core/flow/exchanges.h"

#include <stdio.h>

void
trama_cli_print_echoes (TramaFlowTable *table, const TramaCliPart *part)
{
  for (guint i = 0; i < trama_flow_table_n_flows (table); i++)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (table, i);
      g_autofree char *a = trama_endpoint_format (&flow->endpoint[0]);
      g_autofree char *b = trama_endpoint_format (&flow->endpoint[1]);
      g_autofree char *text = NULL;
      TramaEchoSummary summary;

      if (!trama_cli_part_has_flow (part, i) || !trama_echo_summarize (table, i, &summary))
        continue;
      text = trama_echo_summary_format (&summary);
      printf ("\n%s → %s: %s\n", a, b, text);
    }
}
