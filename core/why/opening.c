/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* A connection that has waited less for accept() was not made to wait. */
#define ACCEPT_WAIT_MIN_NS (100 * G_GINT64_CONSTANT (1000000))

static gboolean
is_refused (const TramaCase *evidence, guint flow)
{
  return trama_phases_get (evidence->phases, flow)->ending == TRAMA_ENDING_REFUSED
         && evidence->talks[flow].side[1].rst != TRAMA_CASE_NONE;
}

/* How many calls of a socket before its SYN are looked at, for the one that sent it. */
#define LOOK_BACK 16

/* How many samples of a listener are looked at, and how many connections before one. */
#define SAMPLES_MAX 1024
#define FLOWS_MAX 1024

/* The connect() that opened it: that was under way when its SYN left. TRAMA_CASE_NONE. */
static guint32
find_connect (const TramaCase *evidence, guint flow)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);
  guint32 number = trama_case_socket_number (evidence, seen->socket[0]);
  guint32 low, high;

  if (number == TRAMA_CASE_NONE)
    return TRAMA_CASE_NONE;
  low = evidence->first_call[number];
  high = evidence->first_call[number + 1];
  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (trama_store_get_call (evidence->store, evidence->calls[middle])->entry_ns <= seen->first_ns)
        low = middle + 1;
      else
        high = middle;
    }
  for (guint i = 0; i < LOOK_BACK && low > evidence->first_call[number]; i++)
    {
      const TramaCall *call = trama_store_get_call (evidence->store, evidence->calls[--low]);

      if (trama_deed_kind (call) == TRAMA_DEED_CONNECTS
          && (call->exit_ns == TRAMA_TIME_NONE || call->exit_ns >= seen->first_ns))
        return evidence->calls[low];
    }
  return TRAMA_CASE_NONE;
}

/* At the connect() where that is known, else at the packet. */
static TramaPlace
place_opening (const TramaCase *evidence, guint flow, guint packet)
{
  guint32 call = find_connect (evidence, flow);
  TramaPlace place = trama_case_place_packet (evidence, packet, flow, 0);

  if (call != TRAMA_CASE_NONE)
    place = trama_case_place_call (evidence, call);
  place.flow = flow;
  place.side = 0;
  return place;
}

static char *
format_server (const TramaCase *evidence, guint flow)
{
  return trama_endpoint_format (&trama_flow_table_get_flow (evidence->table, flow)->endpoint[1]);
}

static const TramaListening *
find_listening (const TramaCase *evidence, guint flow)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);

  return trama_case_find_listening (evidence, &seen->endpoint[1], seen->first_ns);
}

void
trama_judge_nobody_listens (TramaCase *evidence, guint flow)
{
  g_autofree char *client = NULL, *server = NULL;
  TramaPlace place;

  if (!is_refused (evidence, flow) || find_listening (evidence, flow) != NULL)
    return;
  client = trama_case_name_side (evidence, flow, 0);
  server = format_server (evidence, flow);
  place = place_opening (evidence, flow, evidence->talks[flow].side[1].rst);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          trama_store_n_calls (evidence->store) > 0
              ? _ ("%s was refused: nobody listens on %s, and its SYN was answered with RST.")
              : _ ("%s was refused, probably because nobody listens on %s: its SYN was answered with RST."),
          client, server));
}

/* Where no packets were captured. */
void
trama_judge_refused_unseen (TramaCase *evidence, guint index)
{
  const TramaCall *call = trama_store_get_call (evidence->store, index);
  const TramaSocket *socket = trama_flow_table_find_socket (evidence->table, call->socket);
  g_autofree char *client = NULL, *server = NULL;
  TramaPlace place;
  TramaDeed deed;

  trama_deed_read (call, &deed);
  if (deed.kind != TRAMA_DEED_CONNECTS || call->error != ECONNREFUSED || deed.address == NULL
      || socket == NULL || socket->domain == AF_UNIX || trama_store_n_packets (evidence->store) > 0)
    return;
  place = trama_case_place_call (evidence, index);
  client = trama_case_name_actor (evidence, call->actor);
  server = trama_address_format (deed.address->bytes, deed.address->size);
  trama_case_report (evidence, &place,
                     g_strdup_printf (_ ("%s was refused: nobody listens on %s."), client, server));
}

static char *
describe_refused_inside (const TramaCase *evidence, guint index, const TramaDeed *deed)
{
  const TramaCall *call = trama_store_get_call (evidence->store, index);
  g_autofree char *client = trama_case_name_actor (evidence, call->actor);
  g_autofree char *server = NULL, *since = NULL;
  TramaLink cause;

  if (deed->address != NULL)
    server = trama_address_format (deed->address->bytes, deed->address->size);
  else
    server = g_strdup (_ ("its peer"));
  if (!trama_case_find_cause (evidence, index, TRAMA_LINKS_REFUSES, &cause))
    return g_strdup_printf (_ ("%s was refused: nobody listens on %s."), client, server);
  since = trama_duration_format (trama_links_get_delay_ns (evidence->links, &cause));
  return g_strdup_printf (_ ("%s was refused: the socket of %s had been closed %s before."), client, server,
                          since);
}

void
trama_judge_refused_inside (TramaCase *evidence, guint index)
{
  const TramaCall *call = trama_store_get_call (evidence->store, index);
  const TramaSocket *socket = trama_flow_table_find_socket (evidence->table, call->socket);
  TramaPlace place;
  TramaDeed deed;

  trama_deed_read (call, &deed);
  if ((deed.kind != TRAMA_DEED_CONNECTS && deed.kind != TRAMA_DEED_SENDS) || call->error != ECONNREFUSED
      || socket == NULL || socket->domain != AF_UNIX)
    return;
  place = trama_case_place_call (evidence, index);
  trama_case_report (evidence, &place, describe_refused_inside (evidence, index, &deed));
}

void
trama_judge_listener_closed (TramaCase *evidence, guint flow)
{
  const TramaListening *listening;
  g_autofree char *client = NULL, *server = NULL, *since = NULL;
  TramaPlace place;

  if (!is_refused (evidence, flow) || (listening = find_listening (evidence, flow)) == NULL)
    return;
  client = trama_case_name_side (evidence, flow, 0);
  server = format_server (evidence, flow);
  place = place_opening (evidence, flow, evidence->talks[flow].side[1].rst);
  since = trama_duration_format (
      MAX (trama_flow_table_get_flow (evidence->table, flow)->first_ns - listening->end_ns, 0));
  trama_case_report (evidence, &place,
                     g_strdup_printf (_ ("%s was refused: the listener on %s had been closed %s before."),
                                      client, server, since));
}

/* The last sample of a socket by that time, or the first. */
static guint32
find_sample (const TramaCase *evidence, guint32 number, gint64 time_ns)
{
  guint32 first = evidence->first_state[number], low = first, high = evidence->first_state[number + 1];

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (trama_store_get_state (evidence->store, evidence->states[middle])->time_ns <= time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low > first ? low - 1 : low;
}

/* The longest accept queue of a listener in a span, and its backlog. FALSE: no sample shows it. */
static gboolean
find_queue (const TramaCase *evidence, guint32 number, TramaSpan span, guint *queue, guint *backlog)
{
  guint32 end = evidence->first_state[number + 1];
  guint32 begin = find_sample (evidence, number, span.start_ns);
  gboolean found = FALSE;

  *queue = 0;
  for (guint32 i = begin; i < end && i - begin < SAMPLES_MAX; i++)
    {
      const TramaSocketState *state = trama_store_get_state (evidence->store, evidence->states[i]);

      if (state->time_ns > span.end_ns)
        break;
      if (state->tcp_state != TRAMA_TCP_LISTEN)
        continue;
      *queue = MAX (*queue, state->accept_queue);
      *backlog = state->backlog;
      found = TRUE;
    }
  return found;
}

static char *
describe_queue (const TramaCase *evidence, guint32 listener, TramaSpan span)
{
  guint queue, backlog;

  if (!find_queue (evidence, listener, span, &queue, &backlog) || queue == 0)
    return g_strdup ("");
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "; %u connection waited there, of a backlog of %u",
                                       "; %u connections waited there, of a backlog of %u", queue),
                          queue, backlog);
}

void
trama_judge_not_accepted_yet (TramaCase *evidence, guint flow)
{
  const TramaSocketCase *accepted = trama_case_socket_of (evidence, flow, 1);
  const TramaListening *listening;
  g_autofree char *client = NULL, *waited = NULL, *queue = NULL;
  TramaPlace place;
  gboolean is_taken;

  if (!trama_case_is_established (evidence, flow) || evidence->talks[flow].side[1].syn == TRAMA_CASE_NONE
      || (listening = find_listening (evidence, flow)) == NULL)
    return;
  place = trama_case_place_packet (evidence, evidence->talks[flow].side[1].syn, flow, 1);
  is_taken = accepted != NULL && accepted->accepted != TRAMA_CASE_NONE;
  if (accepted != NULL && !is_taken)
    return;
  place.span.end_ns = is_taken ? trama_store_get_call (evidence->store, accepted->accepted)->entry_ns
                               : MIN (listening->end_ns, evidence->end_ns);
  if (place.span.end_ns - place.span.start_ns < ACCEPT_WAIT_MIN_NS)
    return;
  client = trama_case_name_side (evidence, flow, 0);
  waited = trama_duration_format (place.span.end_ns - place.span.start_ns);
  queue = describe_queue (evidence, listening->socket, place.span);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (is_taken ? _ ("The connection of %s was complete, but waited %s for accept()%s.")
                                : _ ("The connection of %s was complete, but no accept() took it in %s%s."),
                       client, waited, queue));
}

static gboolean
waits_at (const TramaCase *evidence, guint flow, const TramaEndpoint *server, gint64 time_ns)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);
  const TramaSocketCase *accepted = trama_case_socket_of (evidence, flow, 1);

  if (!trama_case_is_established (evidence, flow) || !trama_endpoint_equal (server, &seen->endpoint[1]))
    return FALSE;
  if (accepted == NULL)
    return seen->tcp[0].rst == 0;
  return accepted->accepted != TRAMA_CASE_NONE
         && trama_store_get_call (evidence->store, accepted->accepted)->exit_ns > time_ns;
}

/* Connections before @flow, to the same place, that were complete and that no accept() had taken by then. */
static guint
count_waiting (const TramaCase *evidence, guint flow, gint64 time_ns)
{
  const TramaEndpoint *server = &trama_flow_table_get_flow (evidence->table, flow)->endpoint[1];
  guint n = 0;

  for (guint i = flow; i > 0 && flow - i < FLOWS_MAX; i--)
    if (waits_at (evidence, i - 1, server, time_ns))
      n++;
  return n;
}

/* What listen() was asked for. */
static guint
read_backlog (const TramaCase *evidence, guint32 listener)
{
  guint32 index = evidence->sockets[listener].listened;

  if (index == TRAMA_CASE_NONE)
    return G_MAXUINT;
  return (guint) MAX (trama_deed_number (trama_store_get_call (evidence->store, index), 1), 0);
}

/* Linux lets one more wait than the backlog says, and drops the SYN of the next. */
static gboolean
is_queue_full (const TramaCase *evidence, guint flow, guint *queue, guint *backlog)
{
  const TramaTalkSide *a = &evidence->talks[flow].side[0];
  const TramaListening *listening = find_listening (evidence, flow);
  TramaSpan span;

  if (a->syn == TRAMA_CASE_NONE || listening == NULL
      || listening->end_ns < trama_case_packet_ns (evidence, a->syn))
    return FALSE;
  span.start_ns = trama_case_packet_ns (evidence, a->syn);
  span.end_ns = trama_case_packet_ns (evidence, a->last_syn);
  if (find_queue (evidence, listening->socket, span, queue, backlog) && *queue > *backlog)
    return TRUE;
  *queue = count_waiting (evidence, flow, span.end_ns);
  *backlog = read_backlog (evidence, listening->socket);
  return *queue > *backlog;
}

static gboolean
is_syn_resent (const TramaCase *evidence, guint flow)
{
  return evidence->talks[flow].side[0].n_syns_again > 0;
}

static gboolean
is_unanswered (const TramaCase *evidence, guint flow)
{
  const TramaTalkSide *a = &evidence->talks[flow].side[0], *b = &evidence->talks[flow].side[1];

  return trama_flow_table_get_flow (evidence->table, flow)->protocol == IPPROTO_TCP
         && a->syn != TRAMA_CASE_NONE && b->last == TRAMA_CASE_NONE;
}

/* @tried_ns: for how long the SYN was sent again; 0: it was not. */
static char *
describe_full_queue (const char *client, gint64 tried_ns, guint queue, guint backlog)
{
  g_autofree char *tried = trama_duration_format (tried_ns);

  if (tried_ns == 0)
    return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE,
                     "The SYN of %s was dropped: %u waited for accept() already, with a backlog of %u.",
                     "The SYN of %s was dropped: %u waited for accept() already, with a backlog of %u.",
                     queue),
        client, queue, backlog);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "The SYN of %s was dropped and sent again for %s: %u waited for "
                                       "accept() already, with a backlog of %u.",
                                       "The SYN of %s was dropped and sent again for %s: %u waited for "
                                       "accept() already, with a backlog of %u.",
                                       queue),
                          client, tried, queue, backlog);
}

void
trama_judge_backlog_full (TramaCase *evidence, guint flow)
{
  const TramaTalkSide *a = &evidence->talks[flow].side[0];
  g_autofree char *client = NULL;
  TramaPlace place;
  guint queue, backlog;

  if ((!is_syn_resent (evidence, flow) && !is_unanswered (evidence, flow))
      || !is_queue_full (evidence, flow, &queue, &backlog))
    return;
  client = trama_case_name_side (evidence, flow, 0);
  place = trama_case_place_packet (evidence, a->syn, flow, 0);
  place.span.end_ns = trama_case_packet_ns (evidence, a->last_syn);
  trama_case_report (evidence, &place,
                     describe_full_queue (client, place.span.end_ns - place.span.start_ns, queue, backlog));
}

/* By itself, or as SO_SNDTIMEO asked it to: socket(7). */
static gboolean
has_given_up (const TramaCall *call)
{
  return call->error == ETIMEDOUT || (call->error == EINPROGRESS && (call->flags & TRAMA_CALL_SLEPT));
}

/*
 * The call says so; or, of a caller that was not seen, how long or how often nothing came: a capture that
 * ends sooner does not tell whether an answer came later.
 */
static gboolean
has_timed_out (const TramaCase *evidence, guint flow)
{
  guint32 index = find_connect (evidence, flow);
  guint ending = trama_phases_get (evidence->phases, flow)->ending;

  if (!is_unanswered (evidence, flow) || evidence->talks[flow].unreachable != TRAMA_CASE_NONE)
    return FALSE;
  if (index != TRAMA_CASE_NONE && has_given_up (trama_store_get_call (evidence->store, index)))
    return TRUE;
  return is_syn_resent (evidence, flow)
         && (ending == TRAMA_ENDING_TIMED_OUT || ending == TRAMA_ENDING_UNANSWERED);
}

/* The server has the SYN, and waits for the last segment of the handshake. */
static void
judge_answer_resent (TramaCase *evidence, guint flow)
{
  const TramaTalkSide *b = &evidence->talks[flow].side[1];
  g_autofree char *server = NULL, *later = NULL;
  TramaPlace place;

  if (b->n_syns_again == 0 || evidence->talks[flow].side[0].syn == TRAMA_CASE_NONE)
    return;
  server = trama_case_name_side (evidence, flow, 1);
  place = trama_case_place_packet (evidence, b->syn, flow, 1);
  place.span.end_ns = trama_case_packet_ns (evidence, b->last_syn);
  later = trama_duration_format (place.span.end_ns - place.span.start_ns);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (_ ("%s had to send its SYN ACK again, for the last time after %s: no ACK "
                          "had come."),
                       server, later));
}

void
trama_judge_syn_resent (TramaCase *evidence, guint flow)
{
  const TramaTalkSide *a = &evidence->talks[flow].side[0];
  g_autofree char *client = NULL, *later = NULL;
  TramaPlace place;
  guint queue, backlog;

  if (!is_syn_resent (evidence, flow))
    judge_answer_resent (evidence, flow);
  if (!is_syn_resent (evidence, flow) || has_timed_out (evidence, flow)
      || (is_unanswered (evidence, flow) && evidence->talks[flow].unreachable != TRAMA_CASE_NONE)
      || is_queue_full (evidence, flow, &queue, &backlog))
    return;
  client = trama_case_name_side (evidence, flow, 0);
  place = trama_case_place_packet (evidence, a->syn, flow, 0);
  place.span.end_ns = trama_case_packet_ns (evidence, a->last_syn);
  later = trama_duration_format (place.span.end_ns - place.span.start_ns);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (_ ("%s had to send its SYN again, for the last time after %s."), client, later));
}

void
trama_judge_connect_timed_out (TramaCase *evidence, guint flow)
{
  guint32 index = find_connect (evidence, flow);
  g_autofree char *client = NULL, *server = NULL, *tried = NULL;
  TramaPlace place;
  guint n;

  if (!has_timed_out (evidence, flow))
    return;
  n = evidence->talks[flow].side[0].n_syns;
  client = trama_case_name_side (evidence, flow, 0);
  server = format_server (evidence, flow);
  place = place_opening (evidence, flow, evidence->talks[flow].side[0].syn);
  if (index == TRAMA_CASE_NONE)
    place.span.end_ns = trama_case_packet_ns (evidence, evidence->talks[flow].side[0].last_syn);
  tried = trama_duration_format (place.span.end_ns - place.span.start_ns);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s tried for %s to reach %s: %u SYN, and no answer.",
                                    "%s tried for %s to reach %s: %u SYNs, and no answer.", n),
                       client, tried, server, n));
}

/* The sentence about @n SYNs of @client that ICMP alone has answered. */
typedef char *(*DescribeIcmp) (const char *client, const char *server, guint n);

static void
judge_icmp (TramaCase *evidence, guint flow, gboolean by_refusal, DescribeIcmp describe)
{
  const TramaTalk *talk = &evidence->talks[flow];
  g_autofree char *client = NULL, *server = NULL;
  TramaPlace place;

  if (!is_unanswered (evidence, flow) || talk->unreachable == TRAMA_CASE_NONE
      || talk->is_refusal != by_refusal)
    return;
  client = trama_case_name_side (evidence, flow, 0);
  server = format_server (evidence, flow);
  place = place_opening (evidence, flow, talk->unreachable);
  trama_case_report (evidence, &place, describe (client, server, talk->n_unreachable));
}

static char *
describe_unreachable (const char *client, const char *server, guint n)
{
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%s could not reach %s: %u SYN was answered by ICMP with “unreachable”.",
                   "%s could not reach %s: %u SYNs were answered by ICMP with “unreachable”.", n),
      client, server, n);
}

void
trama_judge_unreachable (TramaCase *evidence, guint flow)
{
  judge_icmp (evidence, flow, FALSE, describe_unreachable);
}

static char *
describe_refused_by_icmp (const char *client, const char *server, guint n)
{
  return g_strdup_printf (
      g_dngettext (
          GETTEXT_PACKAGE,
          "%s was refused, probably by a firewall before %s: %u SYN was answered by ICMP with “port "
          "unreachable”, not with RST.",
          "%s was refused, probably by a firewall before %s: %u SYNs were answered by ICMP with “port "
          "unreachable”, not with RST.",
          n),
      client, server, n);
}

void
trama_judge_refused_by_icmp (TramaCase *evidence, guint flow)
{
  judge_icmp (evidence, flow, TRUE, describe_refused_by_icmp);
}

/*
 * The last packet of a flow by that time: some of it may have come later, as what answers an old connection
 * does. TRAMA_CASE_NONE: there is none.
 */
static guint32
find_last (const TramaCase *evidence, guint flow, gint64 time_ns)
{
  guint n, low = 0, high;
  const guint32 *packets = trama_flow_table_get_packets (evidence->table, flow, &n);

  high = n;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (trama_case_packet_ns (evidence, packets[middle]) < time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low > 0 ? packets[low - 1] : TRAMA_CASE_NONE;
}

void
trama_judge_pair_reused (TramaCase *evidence, guint flow)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);
  guint32 earlier = evidence->talks[flow].earlier, syn = evidence->talks[flow].side[0].syn, last;
  g_autofree char *a = NULL, *b = NULL, *gap = NULL;
  TramaPlace place;

  if (seen->protocol != IPPROTO_TCP || earlier == TRAMA_FLOW_NONE || syn == TRAMA_CASE_NONE
      || trama_is_stray_syn (evidence, flow))
    return;
  last = find_last (evidence, earlier, seen->first_ns);
  if (last != TRAMA_CASE_NONE && last > syn) /* in the file it is the later one: the clock was set back */
    return;
  a = trama_endpoint_format (&seen->endpoint[0]);
  b = trama_endpoint_format (&seen->endpoint[1]);
  gap = trama_duration_format (
      last != TRAMA_CASE_NONE ? seen->first_ns - trama_case_packet_ns (evidence, last) : 0);
  place = trama_case_place_packet (evidence, syn, flow, 0);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (_ ("%s and %s were the ends of another connection, whose last segment was %s before."),
                       a, b, gap));
}

void
trama_judge_never_used (TramaCase *evidence, guint flow)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);
  const TramaTalkSide *a = &evidence->talks[flow].side[0], *b = &evidence->talks[flow].side[1];
  guint ending = trama_phases_get (evidence->phases, flow)->ending;
  g_autofree char *client = NULL, *open = NULL;
  TramaPlace place;

  if (!trama_case_is_established (evidence, flow) || a->syn == TRAMA_CASE_NONE
      || a->first_data != TRAMA_CASE_NONE || b->first_data != TRAMA_CASE_NONE)
    return;
  if (ending != TRAMA_ENDING_CLOSED && ending != TRAMA_ENDING_ABORTED && ending != TRAMA_ENDING_RESET)
    return;
  client = trama_case_name_side (evidence, flow, 0);
  open = trama_duration_format (seen->last_ns - seen->first_ns);
  place = trama_case_place_packet (evidence, a->syn, flow, 0);
  place.span.end_ns = seen->last_ns;
  trama_case_report (
      evidence, &place,
      g_strdup_printf (_ ("%s opened a connection that was closed after %s without a byte of data."), client,
                       open));
}
