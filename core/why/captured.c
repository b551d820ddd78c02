/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>

/* Segments that only an open connection has: neither a reset, which may be about none, nor a SYN that asks for one. */
static gboolean
has_conversed (const TramaCase *evidence, guint flow, guint side)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);
  guint32 syn = evidence->talks[flow].side[side].syn;
  guint32 n = seen->packets[side] - MIN (seen->tcp[side].rst, seen->packets[side]);
  TramaSegment segment;

  if (syn == TRAMA_CASE_NONE)
    return n > 0;
  trama_flow_table_get_segment (evidence->table, syn, &segment);
  return (segment.flags & TRAMA_TCP_ACK) || n > seen->tcp[side].syn;
}

void
trama_judge_began_before (TramaCase *evidence, guint flow)
{
  guint side = has_conversed (evidence, flow, 0) ? 0 : 1;
  g_autofree char *a = NULL, *b = NULL;
  TramaPlace place;

  if (!trama_phases_get (evidence->phases, flow)->began_before || !has_conversed (evidence, flow, side)
      || evidence->talks[flow].side[side].last == TRAMA_CASE_NONE)
    return;
  place = trama_case_place_packet (evidence, evidence->talks[flow].side[side].after_syn, flow, side);
  a = trama_case_name_side (evidence, flow, 0);
  b = trama_case_name_side (evidence, flow, 1);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          _ ("The capture begins in the middle of the connection of %s and %s: its handshake was not seen."),
          a, b));
}

void
trama_judge_one_sided (TramaCase *evidence, guint flow)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);
  guint side = seen->packets[0] > 0 ? 0 : 1;
  g_autofree char *own = NULL, *peer = NULL;
  TramaPlace place;

  if (seen->protocol != IPPROTO_TCP || seen->packets[!side] > 0
      || trama_endpoint_equal (&seen->endpoint[0], &seen->endpoint[1])
      || !has_conversed (evidence, flow, side) || evidence->talks[flow].side[side].last == TRAMA_CASE_NONE)
    return;
  place = trama_case_place_packet (evidence, evidence->talks[flow].side[side].last, flow, side);
  own = trama_case_name_side (evidence, flow, side);
  peer = trama_case_name_side (evidence, flow, !side);
  trama_case_report (evidence, &place,
                     g_strdup_printf (_ ("Only what %s sent was captured; nothing of %s was."), own, peer));
}
