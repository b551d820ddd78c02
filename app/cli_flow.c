/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli_flow.h"

#include "core/decode/summary.h"
#include "core/flow/exchanges.h"
#include "core/flow/labels/segments.h"
#include "core/trace/call.h"
#include "core/trace/json.h"

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

/* Last, for what reads the keys by their place. */
static void
add_doubled (GString *out, TramaFlowTable *table, guint index)
{
  guint32 doubled[2];

  trama_segments_count_doubled (table, index, doubled);
  trama_json_add_unsigned (out, "doubled_ab", doubled[0]);
  trama_json_add_unsigned (out, "doubled_ba", doubled[1]);
}

void
trama_cli_flow_append (GString *out, TramaFlowTable *table, guint index, const TramaFlowPhases *phases)
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
  add_phases (out, phases);
  add_echoes (out, table, index);
  add_doubled (out, table, index);
  trama_json_end_object (out);
}
