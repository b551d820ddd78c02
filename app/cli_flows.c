/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_flow.h"
#include "app/cli_trace.h"

#include "core/decode/summary.h"
#include "core/flow/exchanges.h"
#include "core/flow/labels/segments.h"
#include "core/flow/phases.h"

#include <stdio.h>
#include <string.h>

/* trama-cli flows: one conversation per row. */
static void
print_json (TramaFlowTable *table, const GArray *flows)
{
  g_autoptr (TramaPhases) phases = trama_phases_new (table);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < flows->len; i++)
    {
      guint flow = g_array_index (flows, guint, i);

      g_string_truncate (out, 0);
      trama_cli_flow_append (out, table, flow, trama_phases_get (phases, flow));
      puts (out->str);
    }
}

enum
{
  COLUMN_NUMBER,
  COLUMN_PROTOCOL,
  COLUMN_A,
  COLUMN_B,
  COLUMN_PACKETS,
  COLUMN_PAYLOAD,
  COLUMN_SYN,
  COLUMN_FIN,
  COLUMN_RST,
  COLUMN_RESENT,
  COLUMN_RESENT_SYN,
  COLUMN_RESENT_FIN,
  COLUMN_DOUBLED,
  COLUMN_FIRST,
  COLUMN_LAST,
  COLUMN_OUTCOME,
  N_COLUMNS
};

static const char *const titles[N_COLUMNS] = { "flow",    "proto",   "a",          "b",
                                               "packets", "payload", "syn",        "fin",
                                               "rst",     "resent",  "resent-syn", "resent-fin",
                                               "doubled", "first",   "last",       "outcome" };

static char *
format_pair (guint64 ab, guint64 ba)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, ab, ba);
}

static char *
format_outcome (TramaFlowTable *table, guint index, const TramaFlowPhases *phases)
{
  TramaEchoSummary echoes;

  if (trama_echo_summarize (table, index, &echoes))
    return g_strdup_printf ("%u sent, %u received, %u lost", echoes.sent, echoes.received,
                            echoes.sent - echoes.received);
  return g_strdup (trama_ending_name (phases->ending));
}

static void
format_row (TramaFlowTable *table, guint index, const TramaFlowPhases *phases, char *cells[N_COLUMNS])
{
  const TramaFlow *flow = trama_flow_table_get_flow (table, index);
  const TramaTcpCounts *ab = &flow->tcp[0], *ba = &flow->tcp[1];
  guint32 doubled[2];

  trama_segments_count_doubled (table, index, doubled);
  cells[COLUMN_NUMBER] = g_strdup_printf ("%u", index);
  cells[COLUMN_PROTOCOL] = trama_protocol_format (flow->protocol);
  cells[COLUMN_A] = trama_endpoint_format (&flow->endpoint[0]);
  cells[COLUMN_B] = trama_endpoint_format (&flow->endpoint[1]);
  cells[COLUMN_PACKETS] = format_pair (flow->packets[0], flow->packets[1]);
  cells[COLUMN_PAYLOAD] = format_pair (flow->payload_bytes[0], flow->payload_bytes[1]);
  cells[COLUMN_SYN] = format_pair (ab->syn, ba->syn);
  cells[COLUMN_FIN] = format_pair (ab->fin, ba->fin);
  cells[COLUMN_RST] = format_pair (ab->rst, ba->rst);
  cells[COLUMN_RESENT] = format_pair (ab->resent, ba->resent);
  cells[COLUMN_RESENT_SYN] = format_pair (ab->resent_syn, ba->resent_syn);
  cells[COLUMN_RESENT_FIN] = format_pair (ab->resent_fin, ba->resent_fin);
  cells[COLUMN_DOUBLED] = format_pair (doubled[0], doubled[1]);
  cells[COLUMN_FIRST] = trama_time_format (flow->first_ns);
  cells[COLUMN_LAST] = trama_time_format (flow->last_ns);
  cells[COLUMN_OUTCOME] = format_outcome (table, index, phases);
}

static void
clear_row (char *cells[N_COLUMNS])
{
  for (guint i = 0; i < N_COLUMNS; i++)
    g_free (cells[i]);
}

static void
print_row (const char *const cells[N_COLUMNS], const int widths[N_COLUMNS])
{
  printf ("%*s", widths[0], cells[0]);
  for (guint i = 1; i < N_COLUMNS - 1; i++)
    printf ("  %-*s", widths[i], cells[i]);
  printf ("  %s\n", cells[N_COLUMNS - 1]);
}

static void
print_text (TramaFlowTable *table, const GArray *flows)
{
  int widths[N_COLUMNS] = { 0 };
  char *cells[N_COLUMNS];
  g_autoptr (TramaPhases) phases = trama_phases_new (table);

  for (guint pass = 0; pass < 2; pass++) /* to measure them, then to print them */
    {
      if (pass == 1 && flows->len > 0)
        print_row (titles, widths);
      for (guint i = 0; i < flows->len; i++)
        {
          guint flow = g_array_index (flows, guint, i);

          format_row (table, flow, trama_phases_get (phases, flow), cells);
          for (guint j = 0; j < N_COLUMNS; j++)
            widths[j] = MAX (widths[j], (int) MAX (strlen (titles[j]), strlen (cells[j])));
          if (pass == 1)
            print_row ((const char *const *) cells, widths);
          clear_row (cells);
        }
    }
}

int
trama_cli_flows (int argc, char **argv)
{
  TramaCliReading reading = { .can_choose = TRUE };

  if (trama_cli_reading_begin (&reading, argc, argv))
    {
      g_autoptr (TramaFlowTable)
          table = trama_flow_table_new (trama_source_get_store (reading.capture.source));
      g_autoptr (GArray) flows = g_array_new (FALSE, FALSE, sizeof (guint));
      guint n = trama_cli_reading_choose (&reading, table) ? trama_flow_table_n_flows (table) : 0;

      for (guint i = 0; i < n; i++)
        if (trama_cli_part_has_flow (&reading.part, i))
          g_array_append_val (flows, i);
      (reading.json ? print_json : print_text) (table, flows);
    }
  return trama_cli_reading_end (&reading);
}
