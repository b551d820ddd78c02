/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include "core/capture/link_name.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>

/* What the capture as a whole does not tell, or tells in a way that has to be known. */

/* Copies are the rule, not the exception, when they are so many. */
#define COPIES_MIN 3

static TramaPlace
place_outside (const TramaCase *evidence, guint packet)
{
  gint64 time_ns = trama_case_packet_ns (evidence, packet);

  return (TramaPlace){
    .anchor = { TRAMA_EVENT_PACKET, packet },
    .span = { time_ns, time_ns },
    .flow = TRAMA_FLOW_NONE,
    .actor = TRAMA_ACTOR_NONE,
    .socket = TRAMA_SOCKET_NONE,
  };
}

void
trama_judge_dropped (TramaCase *evidence)
{
  gulong n = (gulong) trama_store_get_drops (evidence->store);
  TramaPlace place;

  if (n == 0 || trama_store_n_packets (evidence->store) == 0)
    return;
  place = place_outside (evidence, trama_store_packet_at (evidence->store, 0));
  place.span.end_ns = evidence->end_ns;
  trama_case_report (
      evidence, &place,
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The capture lacks %lu packet that it had no room for.",
                                    "The capture lacks %lu packets that it had no room for.", n),
                       n));
}

/* Packets that belong to no conversation, for one reason. */
typedef struct
{
  guint32 first; /* TRAMA_CASE_NONE: there is none */
  guint32 n;
  guint32 number; /* of the link, or how many bytes were captured of the first */
} Unread;

static void
note_unread (Unread *unread, guint packet, guint32 number)
{
  if (unread->n++ > 0)
    return;
  unread->first = packet;
  unread->number = number;
}

/* Of several kinds of links the first is told of. */
static void
read_packet (const TramaCase *evidence, guint packet, Unread *unknown, Unread *cut)
{
  gsize size;
  const guint8 *data;
  guint32 link_type;
  TramaDecoded decoded;
  TramaPacket record;

  trama_store_get_packet (evidence->store, packet, &record);
  if (record.interface >= trama_store_n_interfaces (evidence->store))
    return;
  link_type = trama_store_get_interface (evidence->store, record.interface)->link_type;
  data = trama_store_peek_packet (evidence->store, packet, record.captured_bytes, &size);
  if (data == NULL)
    return;
  trama_decode (link_type, data, size, record.length_bytes, &decoded);
  if (decoded.status == TRAMA_DECODE_LINK_UNKNOWN && (unknown->n == 0 || unknown->number == link_type))
    note_unread (unknown, packet, link_type);
  if (decoded.status == TRAMA_DECODE_TRUNCATED && record.captured_bytes < record.length_bytes)
    note_unread (cut, packet, record.captured_bytes);
}

static void
find_unread (const TramaCase *evidence, Unread *unknown, Unread *cut)
{
  for (guint i = 0; i < trama_store_n_packets (evidence->store); i++)
    {
      guint packet = trama_store_packet_at (evidence->store, i);

      if (trama_flow_table_get_flow_of_packet (evidence->table, packet) == TRAMA_FLOW_NONE)
        read_packet (evidence, packet, unknown, cut);
    }
}

/* "147", or "104 (C_HDLC, Cisco HDLC)". */
static char *
name_link (guint32 link_type)
{
  const char *name = trama_link_name (link_type), *description = trama_link_description (link_type);

  if (name == NULL || description == NULL)
    return g_strdup_printf ("%u", link_type);
  return g_strdup_printf ("%u (%s, %s)", link_type, name, description);
}

void
trama_judge_link_unknown (TramaCase *evidence)
{
  Unread unknown = { 0 }, cut = { 0 };
  g_autofree char *link = NULL;
  TramaPlace place;

  find_unread (evidence, &unknown, &cut);
  if (unknown.n == 0)
    return;
  link = name_link (unknown.number);
  place = place_outside (evidence, unknown.first);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "%u packet could not be read: links of type %s are not decoded.",
                       "%u packets could not be read: links of type %s are not decoded.", unknown.n),
          unknown.n, link));
}

void
trama_judge_cut_in_headers (TramaCase *evidence)
{
  Unread unknown = { 0 }, cut = { 0 };
  TramaPlace place;

  find_unread (evidence, &unknown, &cut);
  if (cut.n == 0)
    return;
  place = place_outside (evidence, cut.first);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          g_dngettext (
              GETTEXT_PACKAGE,
              "%u packet belongs to no conversation here: its headers were cut, of the first %u bytes are "
              "left.",
              "%u packets belong to no conversation here: their headers were cut, of the first %u bytes are "
              "left.",
              cut.n),
          cut.n, cut.number));
}

void
trama_judge_clock_set (TramaCase *evidence)
{
  guint32 first = TRAMA_CASE_NONE;
  g_autofree char *most = NULL;
  gint64 most_ns = 0;
  TramaPlace place;

  if (trama_store_is_in_order (evidence->store))
    return;
  for (guint i = 0; i < trama_store_n_packets (evidence->store); i++)
    {
      gint64 step_ns = trama_store_get_step_back (evidence->store, i);

      if (step_ns < TRAMA_CASE_STEP_MIN_NS || step_ns <= most_ns)
        continue;
      first = i;
      most_ns = step_ns;
    }
  if (first == TRAMA_CASE_NONE)
    return;
  most = trama_duration_format (most_ns);
  place = place_outside (evidence, first);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (_ ("Packet %u of the file is %s earlier than the one before it: the clock was set "
                          "back, or files were joined. A conversation across such a place is seen torn and "
                          "in the wrong order, and nothing else is said of it."),
                       first + 1, most));
}

/* TRAMA_CASE_NONE: none of them is. */
static guint32
find_first_copy (const TramaCase *evidence, guint flow)
{
  guint n;
  const guint32 *packets = trama_flow_table_get_packets (evidence->table, flow, &n);

  for (guint i = 0; i < n; i++)
    if (trama_flow_table_get_brief (evidence->table, packets[i]).copy)
      return packets[i];
  return TRAMA_CASE_NONE;
}

static void
judge_datagrams_twice (TramaCase *evidence, guint flow)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);
  guint n_copies = seen->copies[0] + seen->copies[1], n = seen->packets[0] + seen->packets[1];
  g_autofree char *a = NULL, *b = NULL;
  guint32 first;
  TramaPlace place;

  if (n_copies < COPIES_MIN || 3 * n_copies < n)
    return;
  first = find_first_copy (evidence, flow);
  if (first == TRAMA_CASE_NONE)
    return;
  a = trama_case_name_side (evidence, flow, 0);
  b = trama_case_name_side (evidence, flow, 1);
  place = trama_case_place_packet (evidence, first, flow,
                                   trama_flow_table_get_brief (evidence->table, first).side);
  trama_case_report (evidence, &place,
                     g_strdup_printf (_ ("Of %u packets between %s and %s %u are copies of others: probably "
                                         "the capture saw each of them in two places."),
                                      n, a, b, n_copies));
}

/* In the lab it is the network that makes copies, when it is told to. */
void
trama_judge_captured_twice (TramaCase *evidence, guint flow)
{
  const TramaTalk *talk = &evidence->talks[flow];
  guint n = talk->side[0].n_doubled + talk->side[1].n_doubled;
  guint n_numbered = talk->side[0].n_numbered + talk->side[1].n_numbered;
  guint side = talk->side[0].n_doubled > 0 ? 0 : 1;
  g_autofree char *a = NULL, *b = NULL;
  TramaPlace place;

  if (trama_case_socket_of (evidence, flow, 0) != NULL || trama_case_socket_of (evidence, flow, 1) != NULL)
    return;
  if (trama_flow_table_get_flow (evidence->table, flow)->protocol != IPPROTO_TCP)
    judge_datagrams_twice (evidence, flow);
  if (n < COPIES_MIN || 3 * n < n_numbered)
    return;
  a = trama_case_name_side (evidence, flow, 0);
  b = trama_case_name_side (evidence, flow, 1);
  place = trama_case_place_packet (evidence, talk->side[side].doubled, flow, side);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (_ ("Of %u segments with data, SYN or FIN between %s and %s %u are copies of others: "
                          "probably the capture saw each of them in two places."),
                       n_numbered, a, b, n));
}

/* With nothing of its sender at all, another rule tells more. */
static void
judge_not_captured (TramaCase *evidence, guint flow, guint side)
{
  const TramaTalkSide *peer = &evidence->talks[flow].side[!side];
  g_autofree char *own = NULL, *other = NULL;
  TramaPlace place;

  if (peer->n_unseen == 0 || trama_flow_table_get_flow (evidence->table, flow)->packets[side] == 0)
    return;
  own = trama_case_name_side (evidence, flow, side);
  other = trama_case_name_side (evidence, flow, !side);
  place = trama_case_place_packet (evidence, peer->unseen, flow, !side);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE,
                       "The capture lacks something that %s sent: %s acknowledged it %u time all the same.",
                       "The capture lacks something that %s sent: %s acknowledged it %u times all the same.",
                       peer->n_unseen),
          own, other, peer->n_unseen));
}

void
trama_judge_not_captured (TramaCase *evidence, guint flow)
{
  if (trama_flow_table_get_flow (evidence->table, flow)->protocol != IPPROTO_TCP)
    return;
  for (guint side = 0; side < 2; side++)
    judge_not_captured (evidence, flow, side);
}
