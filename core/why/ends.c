/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include "core/trace/call.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* Whether a call that read nothing was told of the end by the peer: not by a reset, nor by itself. */
static gboolean
is_end_of_file (const TramaCase *evidence, guint32 index)
{
  const TramaCall *call = trama_store_get_call (evidence->store, index);
  TramaSegment segment;
  TramaLink cause;
  TramaDeed deed;

  trama_deed_read (call, &deed);
  if (deed.kind != TRAMA_DEED_RECEIVES || !deed.is_done || deed.moved_bytes > 0 || deed.wanted_bytes == 0)
    return FALSE;
  if (!trama_case_find_cause (evidence, index, TRAMA_LINKS_ENDS, &cause))
    return TRUE;
  if (cause.cause.kind == TRAMA_EVENT_CALL)
    return trama_store_get_call (evidence->store, cause.cause.index)->socket != call->socket;
  if (cause.cause.kind != TRAMA_EVENT_PACKET)
    return TRUE;
  trama_flow_table_get_segment (evidence->table, cause.cause.index, &segment);
  return (segment.flags & TRAMA_TCP_FIN) != 0;
}

/* The first call that has read the end of what the peer sent. */
static guint32
find_end_of_file (const TramaCase *evidence, guint32 number)
{
  for (guint32 i = evidence->first_call[number]; i < evidence->first_call[number + 1]; i++)
    if (is_end_of_file (evidence, evidence->calls[i]))
      return evidence->calls[i];
  return TRAMA_CASE_NONE;
}

void
trama_judge_end_of_file (TramaCase *evidence, guint number)
{
  const TramaSocket *socket = trama_flow_table_get_socket (evidence->table, number);
  const TramaCallInfo *info;
  g_autofree char *reader = NULL;
  guint64 taken;
  TramaPlace place;
  guint32 call;

  if (socket->type != SOCK_STREAM && socket->type != SOCK_SEQPACKET)
    return;
  if ((call = find_end_of_file (evidence, number)) == TRAMA_CASE_NONE)
    return;
  place = trama_case_place_call (evidence, call);
  reader = trama_case_name_actor (evidence, place.actor);
  info = trama_call_info (trama_store_get_call (evidence->store, call)->name);
  taken = evidence->sockets[number].taken_bytes;
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "%s came to the end of the stream: %s() returned 0, after %lu byte.",
                       "%s came to the end of the stream: %s() returned 0, after %lu bytes.", (gulong) taken),
          reader, info->name, (gulong) taken));
}

/* Its FIN came, and data for it, which it has taken; it had not closed, then. */
static gboolean
is_half_closed (const TramaCase *evidence, guint flow, guint side)
{
  const TramaTalkSide *own = &evidence->talks[flow].side[side], *peer = &evidence->talks[flow].side[!side];

  return own->fin != TRAMA_CASE_NONE && peer->bytes_after > 0 && peer->knew_fin && own->rst == TRAMA_CASE_NONE
         && own->acked >= peer->sent_end;
}

void
trama_judge_half_close (TramaCase *evidence, guint flow)
{
  for (guint side = 0; side < 2; side++)
    if (is_half_closed (evidence, flow, side))
      {
        g_autofree char *own = trama_case_name_side (evidence, flow, side);
        g_autofree char *peer = trama_case_name_side (evidence, flow, !side);
        guint32 bytes = evidence->talks[flow].side[!side].bytes_after;
        TramaPlace place = trama_case_place_packet (evidence, evidence->talks[flow].side[side].fin, flow,
                                                    side);

        trama_case_report (
            evidence, &place,
            g_strdup_printf (
                g_dngettext (GETTEXT_PACKAGE, "%s closed its half only: %s sent %u byte more behind its FIN.",
                             "%s closed its half only: %s sent %u bytes more behind its FIN.", bytes),
                own, peer, bytes));
      }
}

/* Both have closed, and neither by a reset; one that comes later still answers a stray segment. */
static gboolean
is_closed_well (const TramaCase *evidence, guint flow)
{
  const TramaTalkSide *a = &evidence->talks[flow].side[0], *b = &evidence->talks[flow].side[1];

  return trama_flow_table_get_flow (evidence->table, flow)->protocol == IPPROTO_TCP
         && a->fin != TRAMA_CASE_NONE && b->fin != TRAMA_CASE_NONE
         && ((a->rst == TRAMA_CASE_NONE && b->rst == TRAMA_CASE_NONE)
             || trama_phases_get (evidence->phases, flow)->ending == TRAMA_ENDING_CLOSED);
}

static guint8
closed_by (const TramaCase *evidence, guint flow)
{
  return trama_phases_get (evidence->phases, flow)->closed_by;
}

/* Some captures have no times, or coarse ones: then only their order tells. */
static char *
describe_first (const char *own, const char *peer, gint64 gap_ns)
{
  g_autofree char *gap = trama_duration_format (gap_ns);

  if (gap_ns <= 0)
    return g_strdup_printf (_ ("%s closed first, before %s, and is left in TIME-WAIT."), own, peer);
  return g_strdup_printf (_ ("%s closed first, %s before %s, and is left in TIME-WAIT."), own, gap, peer);
}

static void
report_first (TramaCase *evidence, guint flow, guint side)
{
  g_autofree char *own = trama_case_name_side (evidence, flow, side);
  g_autofree char *peer = trama_case_name_side (evidence, flow, !side);
  TramaPlace place = trama_case_place_packet (evidence, evidence->talks[flow].side[side].fin, flow, side);

  place.span.end_ns = trama_case_packet_ns (evidence, evidence->talks[flow].side[!side].fin);
  trama_case_report (evidence, &place, describe_first (own, peer, place.span.end_ns - place.span.start_ns));
}

static gboolean
has_called (const TramaCase *evidence, guint flow, guint side)
{
  guint32 syn = evidence->talks[flow].side[side].syn;
  TramaSegment segment;

  if (syn == TRAMA_CASE_NONE)
    return FALSE;
  trama_flow_table_get_segment (evidence->table, syn, &segment);
  return !(segment.flags & TRAMA_TCP_ACK);
}

/* It sent SYN with ACK, or got one without, RFC 9293, section 3.5; the other may not have been captured. */
static gboolean
was_called (const TramaCase *evidence, guint flow, guint side)
{
  if (has_called (evidence, flow, side))
    return FALSE;
  return evidence->talks[flow].side[side].syn != TRAMA_CASE_NONE || has_called (evidence, flow, !side);
}

/* The side that closed first, and whether it is the one that was called. FALSE: neither did, or not well. */
static gboolean
find_first (const TramaCase *evidence, guint flow, guint *side, gboolean *is_server)
{
  guint8 by = closed_by (evidence, flow);

  if (!is_closed_well (evidence, flow) || (by != TRAMA_CLOSED_BY_A && by != TRAMA_CLOSED_BY_B))
    return FALSE;
  *side = by == TRAMA_CLOSED_BY_B;
  *is_server = was_called (evidence, flow, *side);
  return TRUE;
}

void
trama_judge_closed_first (TramaCase *evidence, guint flow)
{
  gboolean is_server;
  guint side;

  if (find_first (evidence, flow, &side, &is_server) && !is_server)
    report_first (evidence, flow, side);
}

void
trama_judge_server_waits (TramaCase *evidence, guint flow)
{
  gboolean is_server;
  guint side;

  if (find_first (evidence, flow, &side, &is_server) && is_server)
    report_first (evidence, flow, side);
}

void
trama_judge_closed_together (TramaCase *evidence, guint flow)
{
  g_autofree char *a = NULL, *b = NULL;
  guint32 fin;
  TramaPlace place;

  if (!is_closed_well (evidence, flow) || closed_by (evidence, flow) != TRAMA_CLOSED_BY_BOTH)
    return;
  a = trama_case_name_side (evidence, flow, 0);
  b = trama_case_name_side (evidence, flow, 1);
  fin = evidence->talks[flow].side[0].fin;
  if (trama_case_packet_ns (evidence, fin)
      > trama_case_packet_ns (evidence, evidence->talks[flow].side[1].fin))
    fin = evidence->talks[flow].side[1].fin;
  place = trama_case_place_packet (evidence, fin, flow, fin != evidence->talks[flow].side[0].fin);
  trama_case_report (evidence, &place,
                     g_strdup_printf (_ ("%s and %s closed at the same time: their FINs crossed."), a, b));
}
