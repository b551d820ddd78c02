/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/why/case.h"

#include "core/why/rule.h"
#include "core/why/walk.h"

#include "core/trace/call.h"

#include <netinet/in.h>
#include <string.h>

/* How many of those who listened at one port are looked at, the latest first. */
#define LOOK_BACK 16

guint32
trama_case_socket_number (const TramaCase *evidence, guint64 socket)
{
  const TramaSocket *found = trama_flow_table_find_socket (evidence->table, socket);

  return found != NULL ? (guint32) (found - trama_flow_table_get_socket (evidence->table, 0))
                       : TRAMA_CASE_NONE;
}

const TramaSocketCase *
trama_case_socket_of (const TramaCase *evidence, guint flow, guint side)
{
  guint64 socket = trama_flow_table_get_flow (evidence->table, flow)->socket[side];
  guint32 number = trama_case_socket_number (evidence, socket);

  return number != TRAMA_CASE_NONE ? &evidence->sockets[number] : NULL;
}

gint64
trama_case_socket_end (const TramaCase *evidence, guint32 number)
{
  const TramaSocket *socket = trama_flow_table_get_socket (evidence->table, number);
  const TramaActor *actor;

  if (socket->closed_ns != TRAMA_TIME_NONE)
    return socket->closed_ns;
  actor = trama_store_find_actor (evidence->store, socket->actor);
  return actor != NULL && actor->end_ns != TRAMA_TIME_NONE ? actor->end_ns : G_MAXINT64;
}

gint64
trama_case_packet_ns (const TramaCase *evidence, guint packet)
{
  TramaPacket record;

  trama_store_get_packet (evidence->store, packet, &record);
  return record.time_ns;
}

TramaPlace
trama_case_place_call (const TramaCase *evidence, guint call)
{
  const TramaCall *made = trama_store_get_call (evidence->store, call);
  guint32 number = trama_case_socket_number (evidence, made->socket);
  TramaPlace place = {
    .anchor = { TRAMA_EVENT_CALL, call },
    .span = { made->entry_ns, made->exit_ns != TRAMA_TIME_NONE ? made->exit_ns : evidence->end_ns },
    .flow = TRAMA_FLOW_NONE,
    .actor = made->actor,
    .socket = made->socket,
  };

  if (number != TRAMA_CASE_NONE)
    {
      place.flow = evidence->sockets[number].flow;
      place.side = evidence->sockets[number].side;
    }
  return place;
}

TramaPlace
trama_case_place_packet (const TramaCase *evidence, guint packet, guint flow, guint side)
{
  gint64 time_ns = trama_case_packet_ns (evidence, packet);
  guint64 socket = trama_flow_table_get_flow (evidence->table, flow)->socket[side];
  const TramaSocket *known = trama_flow_table_find_socket (evidence->table, socket);

  return (TramaPlace){
    .anchor = { TRAMA_EVENT_PACKET, packet },
    .span = { time_ns, time_ns },
    .flow = flow,
    .side = (guint8) side,
    .actor = known != NULL ? known->actor : TRAMA_ACTOR_NONE,
    .socket = socket,
  };
}

gboolean
trama_case_find_cause (const TramaCase *evidence, guint call, TramaLinkKind kind, TramaLink *cause)
{
  g_autoptr (GArray) causes = NULL;

  trama_links_get (evidence->links, (TramaRef){ TRAMA_EVENT_CALL, call }, &causes, NULL);
  for (guint i = 0; i < causes->len; i++)
    if (g_array_index (causes, TramaLink, i).kind == kind)
      {
        *cause = g_array_index (causes, TramaLink, i);
        return TRUE;
      }
  return FALSE;
}

GArray *
trama_case_collect_calls (const TramaCase *evidence, guint number, gboolean (*holds) (const TramaCall *call))
{
  GArray *calls = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 i = evidence->first_call[number]; i < evidence->first_call[number + 1]; i++)
    if (holds (trama_store_get_call (evidence->store, evidence->calls[i])))
      g_array_append_val (calls, evidence->calls[i]);
  return calls;
}

char *
trama_case_name_actor (const TramaCase *evidence, guint32 id)
{
  const TramaActor *actor = trama_store_find_actor (evidence->store, id);

  if (actor != NULL && actor->name != NULL && actor->name[0] != '\0')
    return g_strdup (actor->name);
  return g_strdup_printf ("%u", actor != NULL ? (guint) actor->pid : id);
}

char *
trama_case_name_side (const TramaCase *evidence, guint flow, guint side)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);
  const TramaSocket *socket = trama_flow_table_find_socket (evidence->table, seen->socket[side]);
  const TramaSocket *peer = trama_flow_table_find_socket (evidence->table, seen->socket[!side]);

  if (socket != NULL && socket->actor != TRAMA_ACTOR_NONE && (peer == NULL || peer->actor != socket->actor))
    return trama_case_name_actor (evidence, socket->actor);
  return trama_endpoint_format (&seen->endpoint[side]);
}

/* A listener at no address in particular takes all of its family, and IPv4 as well when it is of IPv6: ipv6(7). */
static gboolean
takes (const TramaListening *listening, const TramaEndpoint *at)
{
  static const guint8 any[16] = { 0 };

  if (memcmp (listening->at.address, any, sizeof any) == 0)
    return listening->at.family == at->family || (listening->at.family == AF_INET6 && !listening->is_v6_only);
  return trama_endpoint_equal (&listening->at, at);
}

const TramaListening *
trama_case_find_listening (const TramaCase *evidence, const TramaEndpoint *at, gint64 time_ns)
{
  const GArray *there = g_hash_table_lookup (evidence->listenings, GUINT_TO_POINTER (at->port));
  const TramaListening *latest = NULL;

  for (guint i = there != NULL ? there->len : 0, n = 0; i > 0 && n < LOOK_BACK; i--, n++)
    {
      const TramaListening *listening = &g_array_index (there, TramaListening, i - 1);

      if (listening->begin_ns > time_ns || !takes (listening, at))
        continue;
      if (listening->end_ns > time_ns)
        return listening;
      if (latest == NULL || listening->end_ns > latest->end_ns)
        latest = listening;
    }
  return latest;
}

gboolean
trama_case_is_established (const TramaCase *evidence, guint flow)
{
  const TramaTalkSide *a = &evidence->talks[flow].side[0], *b = &evidence->talks[flow].side[1];

  if (trama_flow_table_get_flow (evidence->table, flow)->protocol != IPPROTO_TCP)
    return FALSE;
  if (a->syn == TRAMA_CASE_NONE && b->syn == TRAMA_CASE_NONE)
    return a->acked > 0 || b->acked > 0; /* it began before the trace */
  return a->syn != TRAMA_CASE_NONE && b->syn != TRAMA_CASE_NONE && a->acked > 0 && b->acked > 0;
}

/* Its places are the last @n_places of all; where they are is known when there are no more. */
static void
add_finding (TramaCase *evidence, const TramaPlace *place, guint n_places, char *what)
{
  TramaFinding finding = {
    .rule = evidence->rule->name,
    .severity = evidence->rule->severity,
    .side = place->side,
    .anchor = place->anchor,
    .n_places = n_places,
    .span = place->span,
    .flow = place->flow,
    .actor = place->actor,
    .socket = place->socket,
    .what = g_string_chunk_insert (evidence->strings, what),
  };

  finding.span.end_ns = MAX (finding.span.end_ns, finding.span.start_ns);
  g_array_append_val (evidence->findings, finding);
  g_free (what);
}

void
trama_case_report (TramaCase *evidence, const TramaPlace *place, char *what)
{
  if (place->anchor.kind == 0)
    {
      g_free (what); /* of a damaged file: there is no event that it could stand beside */
      return;
    }
  g_array_append_val (evidence->places, place->anchor);
  add_finding (evidence, place, 1, what);
}

void
trama_case_report_calls (TramaCase *evidence, const TramaPlace *place, const GArray *calls, char *what)
{
  g_return_if_fail (calls->len > 0);

  for (guint i = 0; i < calls->len; i++)
    {
      TramaRef ref = { TRAMA_EVENT_CALL, g_array_index (calls, guint32, i) };

      g_array_append_val (evidence->places, ref);
    }
  add_finding (evidence, place, calls->len, what);
}

void
trama_case_begin (TramaCase *evidence, TramaFlowTable *table)
{
  TramaSpan span = { 0, 0 };

  *evidence = (TramaCase){ .table = table, .store = trama_flow_table_get_store (table) };
  if (trama_store_get_span (evidence->store, &span))
    evidence->end_ns = span.end_ns;
  evidence->findings = g_array_new (FALSE, FALSE, sizeof (TramaFinding));
  evidence->strings = g_string_chunk_new (4096);
  evidence->places = g_array_new (FALSE, FALSE, sizeof (TramaRef));
}

void
trama_case_init (TramaCase *evidence, TramaFlowTable *table)
{
  trama_case_begin (evidence, table);
  evidence->labels = trama_labels_new (table);
  evidence->phases = trama_phases_new (table);
  evidence->links = trama_links_new (table);
  trama_walk_calls (evidence);
  trama_walk_packets (evidence);
  trama_walk_steps (evidence);
}

void
trama_case_clear (TramaCase *evidence)
{
  trama_labels_free (evidence->labels);
  trama_phases_free (evidence->phases);
  trama_links_unref (evidence->links);
  g_free (evidence->talks);
  g_free (evidence->torn);
  g_free (evidence->sockets);
  g_free (evidence->first_call);
  g_free (evidence->calls);
  g_free (evidence->first_state);
  g_free (evidence->states);
  g_hash_table_unref (evidence->listenings);
  g_array_unref (evidence->errors);
}
