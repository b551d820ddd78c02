/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include "core/trace/call.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>

/* Why a side has sent RST on an open connection. */
typedef enum
{
  NO_RESET,
  LINGERS,    /* SO_LINGER with a time of 0 */
  UNACCEPTED, /* its listener was closed before accept() */
  UNREAD,     /* it was closed before it had read everything */
  CLOSED,     /* data came for it when it was closed */
  HALF_OPEN,  /* its kernel knows nothing of the connection */
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

/* A reset that answers a segment which nobody expects has its sequence number from there, and no ACK: RFC 9293, 3.10.7.1. */
static Reason
find_reason (const TramaCase *evidence, guint flow, guint side)
{
  const TramaTalkSide *own = &evidence->talks[flow].side[side];
  const TramaSocketCase *socket = trama_case_socket_of (evidence, flow, side);
  gboolean by_close;

  if (own->rst == TRAMA_CASE_NONE || !trama_case_is_established (evidence, flow))
    return NO_RESET;
  if (is_unaccepted (evidence, flow, side) && own->fin == TRAMA_CASE_NONE)
    return UNACCEPTED;
  by_close = is_sent_by_close (evidence, flow, side, own->rst);
  if (by_close && socket->lingers != TRAMA_CASE_NONE)
    return LINGERS;
  if (by_close && own->fin == TRAMA_CASE_NONE && count_unread (evidence, flow, side) > 0)
    return UNREAD;
  if (own->fin != TRAMA_CASE_NONE && evidence->talks[flow].side[!side].bytes_after > 0)
    return CLOSED;
  if (own->fin == TRAMA_CASE_NONE && !(own->rst_flags & TRAMA_TCP_ACK))
    return HALF_OPEN;
  return UNKNOWN;
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

void
trama_judge_closed_reset (TramaCase *evidence, guint flow)
{
  g_autofree char *own = NULL, *peer = NULL;
  guint32 bytes;
  TramaPlace place;

  if (!find_reset (evidence, flow, CLOSED, &place))
    return;
  own = trama_case_name_side (evidence, flow, place.side);
  peer = trama_case_name_side (evidence, flow, !place.side);
  bytes = evidence->talks[flow].side[!place.side].bytes_after;
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "%s sent %u byte when %s had closed; they were answered with RST.",
                       "%s sent %u bytes when %s had closed; they were answered with RST.", bytes),
          peer, bytes, own));
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

void
trama_judge_half_open (TramaCase *evidence, guint flow)
{
  g_autofree char *own = NULL, *peer = NULL;
  TramaPlace place;

  if (!find_reset (evidence, flow, HALF_OPEN, &place))
    return;
  own = trama_case_name_side (evidence, flow, place.side);
  peer = trama_case_name_side (evidence, flow, !place.side);
  trama_case_report (evidence, &place,
                     g_strdup_printf (_ ("The connection was half-open: %s sent on it, but at %s nobody knew "
                                         "of it any more, though no FIN had come."),
                                      peer, own));
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
      g_strdup_printf (_ ("%s aborted the connection with RST; the trace does not tell why."), own));
}

/* Whether the process itself had ended the sending of its socket. */
static gboolean
is_shut_by_itself (const TramaCase *evidence, const TramaCall *call)
{
  guint32 number = trama_case_socket_number (evidence, call->socket);
  guint32 shut = number != TRAMA_CASE_NONE ? evidence->sockets[number].shut : TRAMA_CASE_NONE;

  return shut != TRAMA_CASE_NONE && trama_store_get_call (evidence->store, shut)->exit_ns <= call->entry_ns;
}

void
trama_judge_broken_pipe (TramaCase *evidence, guint index)
{
  const TramaCall *call = trama_store_get_call (evidence->store, index);
  g_autofree char *actor = NULL;
  TramaPlace place;
  gboolean signalled = (call->flags & TRAMA_CALL_SIGPIPE) != 0;

  if ((call->error != EPIPE && !signalled) || trama_deed_kind (call) != TRAMA_DEED_SENDS)
    return;
  place = trama_case_place_call (evidence, index);
  actor = trama_case_name_actor (evidence, call->actor);
  if (is_shut_by_itself (evidence, call))
    trama_case_report (
        evidence, &place,
        g_strdup_printf (_ ("%s wrote to a socket whose sending it had shut down itself, and got %s."), actor,
                         signalled ? "SIGPIPE" : "EPIPE"));
  else
    trama_case_report (evidence, &place,
                       g_strdup_printf (_ ("%s wrote to a connection that was gone already, and got %s."),
                                        actor, signalled ? "SIGPIPE" : "EPIPE"));
}
