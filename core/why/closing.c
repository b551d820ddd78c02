/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include "core/trace/call.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* A program may lose patience after one, a kernel after TCP_KEEPCNT of them. */
#define UNANSWERED_MIN 2

/* Why a side has sent RST on an open connection. */
typedef enum
{
  NO_RESET,
  LINGERS,    /* SO_LINGER with a time of 0 */
  UNACCEPTED, /* its listener was closed before accept() */
  UNREAD,     /* it was closed before it had read everything */
  CLOSED,     /* data came for it when it was closed */
  HALF_OPEN,  /* its kernel knows nothing of the connection */
  UNANSWERED, /* nobody answered its keep-alive probes */
  UNKNOWN,
} Reason;

/* Bytes that the peer had sent and no call of @side has read; 0 where its calls are not known. */
static guint64
count_unread (const TramaCase *evidence, guint flow, guint side)
{
  const TramaSocketCase *own = trama_case_socket_of (evidence, flow, side);
  guint32 sent_end = evidence->talks[flow].side[!side].sent_end;
  guint64 sent = sent_end > 0 ? sent_end - 1 : 0;

  return own != NULL && sent > own->taken_bytes ? sent - own->taken_bytes : 0;
}

/* Whether the packet left while the socket was being closed, or its process ended. */
static gboolean
is_sent_by_close (const TramaCase *evidence, guint flow, guint side, guint packet)
{
  const TramaSocketCase *own = trama_case_socket_of (evidence, flow, side);
  gint64 sent_ns = trama_case_packet_ns (evidence, packet);
  guint32 number;

  if (own == NULL)
    return FALSE;
  if (own->closed != TRAMA_CASE_NONE)
    {
      const TramaCall *call = trama_store_get_call (evidence->store, own->closed);

      return call->entry_ns <= sent_ns && sent_ns <= call->exit_ns;
    }
  number = (guint32) (own - evidence->sockets);
  return trama_case_socket_end (evidence, number) != G_MAXINT64;
}

static gboolean
is_unaccepted (const TramaCase *evidence, guint flow, guint side)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);
  const TramaListening *listening;

  if (side != 1 || evidence->talks[flow].side[0].syn == TRAMA_CASE_NONE
      || trama_case_socket_of (evidence, flow, 1) != NULL)
    return FALSE;
  listening = trama_case_find_listening (evidence, &seen->endpoint[1], seen->first_ns);
  return listening != NULL && listening->end_ns != G_MAXINT64;
}

/* A reset alone may end what never was a connection. */
static gboolean
is_all_there_is (const TramaCase *evidence, guint flow)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);

  return seen->packets[0] + seen->packets[1] == seen->tcp[0].rst + seen->tcp[1].rst;
}

/* What its peer sends after a reset of its own somebody between has sent, or before it heard of it: it tells nothing. */
static gboolean
was_reset_before (const TramaCase *evidence, const TramaTalkSide *own, const TramaTalkSide *peer)
{
  return peer->rst != TRAMA_CASE_NONE
         && trama_case_packet_ns (evidence, peer->rst) <= trama_case_packet_ns (evidence, own->rst);
}

static Reason
find_reason (const TramaCase *evidence, guint flow, guint side)
{
  gboolean disowns = trama_flow_table_get_flow (evidence->table, flow)->disowns[side];
  const TramaTalkSide *own = &evidence->talks[flow].side[side];
  const TramaSocketCase *socket = trama_case_socket_of (evidence, flow, side);
  const TramaFlowPhases *phases = trama_phases_get (evidence->phases, flow);
  gboolean by_close;

  if (own->rst == TRAMA_CASE_NONE || !trama_case_is_established (evidence, flow))
    return NO_RESET;
  if (is_unaccepted (evidence, flow, side) && own->fin == TRAMA_CASE_NONE)
    return UNACCEPTED;
  by_close = is_sent_by_close (evidence, flow, side, own->rst);
  if (by_close && socket->lingers != TRAMA_CASE_NONE)
    return LINGERS;
  if (by_close && (own->fin == TRAMA_CASE_NONE || socket->closed != TRAMA_CASE_NONE)
      && count_unread (evidence, flow, side) > 0)
    return UNREAD;
  if (own->fin != TRAMA_CASE_NONE && evidence->talks[flow].side[!side].bytes_after > 0)
    return CLOSED;
  if (!by_close && own->n_unanswered >= UNANSWERED_MIN)
    return UNANSWERED;
  if (phases->ending == TRAMA_ENDING_CLOSED) /* what came after it answers a stray segment */
    return NO_RESET;
  if (disowns && was_reset_before (evidence, own, &evidence->talks[flow].side[!side]))
    return NO_RESET;
  if (disowns)
    return own->fin == TRAMA_CASE_NONE ? HALF_OPEN : CLOSED;
  return is_all_there_is (evidence, flow) ? NO_RESET : UNKNOWN;
}

/* The side that reset the connection for that reason, as the place of its RST. FALSE: none did. */
static gboolean
find_reset (const TramaCase *evidence, guint flow, Reason reason, TramaPlace *place)
{
  for (guint side = 0; side < 2; side++)
    if (find_reason (evidence, flow, side) == reason)
      {
        *place = trama_case_place_packet (evidence, evidence->talks[flow].side[side].rst, flow, side);
        return TRUE;
      }
  return FALSE;
}

void
trama_judge_unread_reset (TramaCase *evidence, guint flow)
{
  g_autofree char *own = NULL, *peer = NULL;
  TramaPlace place;
  guint64 unread;

  if (!find_reset (evidence, flow, UNREAD, &place))
    return;
  own = trama_case_name_side (evidence, flow, place.side);
  peer = trama_case_name_side (evidence, flow, !place.side);
  unread = count_unread (evidence, flow, place.side);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "%s closed with %lu byte of %s unread, so its kernel sent RST.",
                       "%s closed with %lu bytes of %s unread, so its kernel sent RST.", (gulong) unread),
          own, (gulong) unread, peer));
}

void
trama_judge_linger_reset (TramaCase *evidence, guint flow)
{
  g_autofree char *own = NULL;
  TramaPlace place;

  if (!find_reset (evidence, flow, LINGERS, &place))
    return;
  own = trama_case_name_side (evidence, flow, place.side);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (_ ("%s had set SO_LINGER with a time of 0: its close() sent RST and no FIN."), own));
}

/* @bytes: that came when it had closed; 0: nothing but a FIN or a question did. */
static char *
describe_closed (const char *peer, const char *own, guint32 bytes)
{
  if (bytes == 0)
    return g_strdup_printf (
        _ ("%s sent on the connection when %s had closed and forgotten it; that was answered with RST."),
        peer, own);
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%s sent %u byte when %s had closed; they were answered with RST.",
                   "%s sent %u bytes when %s had closed; they were answered with RST.", bytes),
      peer, bytes, own);
}

void
trama_judge_closed_reset (TramaCase *evidence, guint flow)
{
  g_autofree char *own = NULL, *peer = NULL;
  TramaPlace place;

  if (!find_reset (evidence, flow, CLOSED, &place))
    return;
  own = trama_case_name_side (evidence, flow, place.side);
  peer = trama_case_name_side (evidence, flow, !place.side);
  trama_case_report (evidence, &place,
                     describe_closed (peer, own, evidence->talks[flow].side[!place.side].bytes_after));
}

void
trama_judge_unaccepted_reset (TramaCase *evidence, guint flow)
{
  g_autofree char *client = NULL;
  TramaPlace place;

  if (!find_reset (evidence, flow, UNACCEPTED, &place))
    return;
  client = trama_case_name_side (evidence, flow, 0);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (_ ("The connection of %s was reset: the listener was closed before accept() took it."),
                       client));
}

static char *
describe_half_open (const TramaCase *evidence, guint flow, guint side)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);
  gboolean began_before = trama_phases_get (evidence->phases, flow)->began_before;
  g_autofree char *own = trama_case_name_side (evidence, flow, side);
  g_autofree char *peer = trama_case_name_side (evidence, flow, !side);

  if (began_before && seen->packets[side] == seen->tcp[side].rst)
    return g_strdup_printf (_ ("%s sent on a connection that %s had closed or lost before the capture began; "
                               "that was answered with RST."),
                            peer, own);
  if (trama_case_socket_of (evidence, flow, side) != NULL)
    return g_strdup_printf (_ ("The connection was half-open: %s sent on it, but at %s nobody knew "
                               "of it any more, though no FIN had come."),
                            peer, own);
  return g_strdup_printf (_ ("The connection was probably half-open: %s sent on it, and %s answered as if "
                             "it knew nothing of it, though no FIN had come."),
                          peer, own);
}

void
trama_judge_half_open (TramaCase *evidence, guint flow)
{
  TramaPlace place;

  if (find_reset (evidence, flow, HALF_OPEN, &place))
    trama_case_report (evidence, &place, describe_half_open (evidence, flow, place.side));
}

void
trama_judge_unanswered (TramaCase *evidence, guint flow)
{
  g_autofree char *own = NULL, *peer = NULL;
  TramaPlace place;
  guint n;

  if (!find_reset (evidence, flow, UNANSWERED, &place))
    return;
  own = trama_case_name_side (evidence, flow, place.side);
  peer = trama_case_name_side (evidence, flow, !place.side);
  n = evidence->talks[flow].side[place.side].n_unanswered;
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          _ ("%s gave the connection up with RST: %s had not answered its last %u keep-alive probes."), own,
          peer, n));
}

/* Whether a connect() has sent it: with AF_UNSPEC that takes the connection away, connect(2). */
static gboolean
is_sent_by_connect (const TramaCase *evidence, guint32 packet)
{
  g_autoptr (GArray) causes = NULL;

  trama_links_get (evidence->links, (TramaRef){ TRAMA_EVENT_PACKET, packet }, &causes, NULL);
  for (guint i = 0; i < causes->len; i++)
    {
      const TramaRef cause = g_array_index (causes, TramaLink, i).cause;

      if (cause.kind == TRAMA_EVENT_CALL
          && trama_store_get_call (evidence->store, cause.index)->name == TRAMA_CALL_CONNECT)
        return TRUE;
    }
  return FALSE;
}

static char *
describe_aborted (const char *own, gboolean by_connect)
{
  if (by_connect)
    return g_strdup_printf (
        _ ("%s took its connection away with connect() and AF_UNSPEC: its kernel aborted it with RST."), own);
  return g_strdup_printf (_ ("%s aborted the connection with RST; the trace does not tell why."), own);
}

void
trama_judge_aborted (TramaCase *evidence, guint flow)
{
  g_autofree char *own = NULL;
  TramaPlace place;

  if (!find_reset (evidence, flow, UNKNOWN, &place))
    return;
  own = trama_case_name_side (evidence, flow, place.side);
  trama_case_report (
      evidence, &place,
      describe_aborted (own, is_sent_by_connect (evidence, evidence->talks[flow].side[place.side].rst)));
}

/* Whether the process itself had ended the sending of its socket. */
static gboolean
is_shut_by_itself (const TramaCase *evidence, const TramaCall *call)
{
  guint32 number = trama_case_socket_number (evidence, call->socket);
  guint32 shut = number != TRAMA_CASE_NONE ? evidence->sockets[number].shut : TRAMA_CASE_NONE;

  return shut != TRAMA_CASE_NONE && trama_store_get_call (evidence->store, shut)->exit_ns <= call->entry_ns;
}

static gboolean
finds_pipe_broken (const TramaCall *call)
{
  return (call->error == EPIPE || (call->flags & TRAMA_CALL_SIGPIPE))
         && trama_deed_kind (call) == TRAMA_DEED_SENDS;
}

static char *
describe_broken_pipe (const char *writer, guint n, gboolean by_itself, const char *error)
{
  if (by_itself)
    return g_strdup_printf (_ ("%s wrote to a socket whose sending it had shut down itself, and got %s."),
                            writer, error);
  if (n == 1)
    return g_strdup_printf (_ ("%s wrote to a connection that was gone already, and got %s."), writer, error);
  return g_strdup_printf (_ ("%s wrote %u times to a connection that was gone already, and got %s."), writer,
                          n, error);
}

void
trama_judge_broken_pipe (TramaCase *evidence, guint number)
{
  g_autoptr (GArray) calls = trama_case_collect_calls (evidence, number, finds_pipe_broken);
  const TramaCall *call;
  g_autofree char *actor = NULL;
  TramaPlace place;

  if (calls->len == 0)
    return;
  place = trama_case_place_call (evidence, g_array_index (calls, guint32, 0));
  call = trama_store_get_call (evidence->store, place.anchor.index);
  actor = trama_case_name_actor (evidence, call->actor);
  trama_case_report_calls (evidence, &place, calls,
                           describe_broken_pipe (actor, calls->len, is_shut_by_itself (evidence, call),
                                                 call->flags & TRAMA_CALL_SIGPIPE ? "SIGPIPE" : "EPIPE"));
}

/* The first call of a socket that was told of a reset, and its cause. */
static guint32
find_told_of_reset (const TramaCase *evidence, guint number, TramaLink *cause)
{
  for (guint32 i = evidence->first_call[number]; i < evidence->first_call[number + 1]; i++)
    if (trama_store_get_call (evidence->store, evidence->calls[i])->error == ECONNRESET
        && trama_case_find_cause (evidence, evidence->calls[i], TRAMA_LINKS_RESETS, cause))
      return evidence->calls[i];
  return TRAMA_CASE_NONE;
}

/* Of what a socket has sent, the bytes that its peer left unread. */
static guint64
count_left (const TramaCase *evidence, guint number)
{
  guint64 left = 0;

  for (guint32 i = evidence->first_call[number]; i < evidence->first_call[number + 1]; i++)
    {
      g_autoptr (GArray) effects = NULL;

      trama_links_get (evidence->links, (TramaRef){ TRAMA_EVENT_CALL, evidence->calls[i] }, NULL, &effects);
      for (guint k = 0; k < effects->len; k++)
        {
          const TramaLink *link = &g_array_index (effects, TramaLink, k);

          if (link->kind == TRAMA_LINKS_LOST && link->reason == TRAMA_LOSS_UNREAD)
            left += link->to_bytes - link->from_bytes;
        }
    }
  return left;
}

/* Whose end it was: of a kill() that of the victim. */
static guint32
find_ender (const TramaCase *evidence, TramaRef event)
{
  const TramaCall *call;

  if (event.kind == TRAMA_EVENT_ACTOR)
    return trama_store_get_actor (evidence->store, event.index)->id;
  call = trama_store_get_call (evidence->store, event.index);
  for (guint i = 0; trama_deed_kind (call) == TRAMA_DEED_KILLS && i < trama_store_n_actors (evidence->store);
       i++)
    if (trama_store_get_actor (evidence->store, i)->pid == trama_deed_number (call, 0))
      return trama_store_get_actor (evidence->store, i)->id;
  return call->actor;
}

/* Between two sockets of AF_UNIX no packet tells. */
void
trama_judge_reset_inside (TramaCase *evidence, guint number)
{
  const TramaSocket *socket = trama_flow_table_get_socket (evidence->table, number);
  g_autofree char *own = NULL, *peer = NULL;
  TramaLink cause;
  TramaPlace place;
  guint32 call;
  guint64 left;

  if (socket->domain != AF_UNIX || (call = find_told_of_reset (evidence, number, &cause)) == TRAMA_CASE_NONE)
    return;
  place = trama_case_place_call (evidence, call);
  own = trama_case_name_actor (evidence, place.actor);
  peer = trama_case_name_actor (evidence, find_ender (evidence, cause.cause));
  left = count_left (evidence, number);
  if (left > 0)
    trama_case_report (
        evidence, &place,
        g_strdup_printf (
            g_dngettext (
                GETTEXT_PACKAGE, "%s closed with %lu byte of %s unread, so %s() failed with ECONNRESET.",
                "%s closed with %lu bytes of %s unread, so %s() failed with ECONNRESET.", (gulong) left),
            peer, (gulong) left, own,
            trama_call_info (trama_store_get_call (evidence->store, call)->name)->name));
  else
    trama_case_report (
        evidence, &place,
        g_strdup_printf (
            _ ("The connection of %s was reset: the listener was closed before accept() took it."), own));
}
