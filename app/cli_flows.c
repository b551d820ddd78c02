/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_trace.h"

#include "core/decode/summary.h"
#include "core/flow/exchanges.h"
#include "core/flow/phases.h"
#include "core/trace/call.h"
#include "core/trace/json.h"

#include <stdio.h>
#include <string.h>

/* trama-cli flows: one conversation per row. */
static void
add_endpoint (GString *out, const char *key, const char *port_key, const TramaEndpoint *endpoint)
{
  TramaEndpoint host = *endpoint;
  g_autofree char *address = NULL;

  host.port = 0;
  address = trama_endpoint_format (&host);
  trama_json_add_string (out, key, address);
  trama_json_add_unsigned (out, port_key, endpoint->port);
}

static void
add_number (GString *out, const char *key, gint64 number)
{
  if (number == TRAMA_TIME_NONE)
    trama_json_add_null (out, key);
  else
    trama_json_add_signed (out, key, number);
}

/* How it went; null of what there is only of TCP. */
static void
add_phases (GString *out, const TramaFlowPhases *phases)
{
  static const char *const closers[] = { NULL, "a", "b", "both" };
  gboolean is_tcp = phases->ending != TRAMA_ENDING_NONE;

  trama_json_add_string (out, "state_a", is_tcp ? trama_tcp_state_name (phases->state[0]) : NULL);
  trama_json_add_string (out, "state_b", is_tcp ? trama_tcp_state_name (phases->state[1]) : NULL);
  trama_json_add_string (out, "outcome", is_tcp ? trama_ending_name (phases->ending) : NULL);
  trama_json_add_string (out, "closed_by", closers[phases->closed_by]);
  trama_json_add_string (out, "begins", !is_tcp ? NULL : phases->began_before ? "middle" : "handshake");
  add_number (out, "setup_ns", phases->setup_ns);
  add_number (out, "data_ns", phases->data_ns);
  add_number (out, "teardown_ns", phases->teardown_ns);
}

/* Of ICMP; null where nobody has asked for an echo. */
static void
add_echoes (GString *out, TramaFlowTable *table, guint index)
{
  TramaEchoSummary echoes;
  gboolean has_any = trama_echo_summarize (table, index, &echoes), has_times = echoes.received > 0;

  add_number (out, "echo_sent", has_any ? echoes.sent : TRAMA_TIME_NONE);
  add_number (out, "echo_received", has_any ? echoes.received : TRAMA_TIME_NONE);
  add_number (out, "echo_min_ns", has_times ? echoes.shortest_ns : TRAMA_TIME_NONE);
  add_number (out, "echo_mean_ns", has_times ? echoes.mean_ns : TRAMA_TIME_NONE);
  add_number (out, "echo_max_ns", has_times ? echoes.longest_ns : TRAMA_TIME_NONE);
}

/* The keys are a promise to other programs: their names, their order, their meaning. */
static void
append_object (GString *out, TramaFlowTable *table, guint index, const TramaPhases *phases)
{
  const TramaFlow *flow = trama_flow_table_get_flow (table, index);
  g_autofree char *protocol = trama_protocol_format (flow->protocol);
  const TramaTcpCounts *ab = &flow->tcp[0], *ba = &flow->tcp[1];
  const struct
  {
    const char *key;
    guint32 count;
  } counts[] = {
    { "syn_ab", ab->syn },
    { "syn_ba", ba->syn },
    { "fin_ab", ab->fin },
    { "fin_ba", ba->fin },
    { "rst_ab", ab->rst },
    { "rst_ba", ba->rst },
    { "resent_ab", ab->resent },
    { "resent_ba", ba->resent },
    { "resent_syn_ab", ab->resent_syn },
    { "resent_syn_ba", ba->resent_syn },
    { "resent_fin_ab", ab->resent_fin },
    { "resent_fin_ba", ba->resent_fin },
  };

  trama_json_begin_object (out, NULL);
  trama_json_add_string (out, "proto", protocol);
  add_endpoint (out, "a", "a_port", &flow->endpoint[0]);
  add_endpoint (out, "b", "b_port", &flow->endpoint[1]);
  trama_json_add_unsigned (out, "packets_ab", flow->packets[0]);
  trama_json_add_unsigned (out, "packets_ba", flow->packets[1]);
  trama_json_add_unsigned (out, "payload_ab", flow->payload_bytes[0]);
  trama_json_add_unsigned (out, "payload_ba", flow->payload_bytes[1]);
  trama_json_add_signed (out, "first_ns", flow->first_ns);
  trama_json_add_signed (out, "last_ns", flow->last_ns);
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    trama_json_add_unsigned (out, counts[i].key, counts[i].count);
  add_phases (out, trama_phases_get (phases, index));
  add_echoes (out, table, index);
  trama_json_end_object (out);
}

static void
print_json (TramaFlowTable *table, const GArray *flows)
{
  g_autoptr (TramaPhases) phases = trama_phases_new (table);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < flows->len; i++)
    {
      guint flow = g_array_index (flows, guint, i);

      g_string_truncate (out, 0);
      append_object (out, table, flow, phases);
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
  COLUMN_FIRST,
  COLUMN_LAST,
  COLUMN_OUTCOME,
  N_COLUMNS
};

static const char *const titles[N_COLUMNS] = { "flow",       "proto",      "a",     "b",    "packets",
                                               "payload",    "syn",        "fin",   "rst",  "resent",
                                               "resent-syn", "resent-fin", "first", "last", "outcome" };

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
