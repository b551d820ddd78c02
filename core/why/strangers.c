/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include "core/flow/talk/stream.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>

/* What somebody else seems to have written into a connection. */

/* What a side sent under numbers that it had used before, with other bytes. */
typedef struct
{
  guint32 first; /* packets */
  guint32 last;
  guint n;
  guint n_damaged; /* of these, where the checksum of one of the two is wrong */
} Rewritten;

static gboolean
is_damaged (const TramaCase *evidence, guint packet)
{
  TramaPacket record;
  TramaDecoded decoded;
  const guint8 *data;
  gsize size;

  trama_store_get_packet (evidence->store, packet, &record);
  data = trama_store_peek_packet (evidence->store, packet, record.captured_bytes, &size);
  if (data == NULL)
    return FALSE;
  trama_decode (trama_store_get_interface (evidence->store, record.interface)->link_type, data, size,
                record.length_bytes, &decoded);
  return trama_decode_transport_checksum (data, size, &decoded) == TRAMA_CHECKSUM_BAD;
}

/* The byte of a keep-alive may be any: RFC 1122, section 4.2.3.6. */
static gboolean
is_rewritten (const TramaCase *evidence, const TramaStream *stream, guint index)
{
  guint32 packet = trama_stream_get_overlap (stream, index)->packet;

  return !(trama_labels_get (evidence->labels, packet, NULL) & TRAMA_LABEL_KEEP_ALIVE)
         && trama_stream_overlap_differs (stream, index);
}

static void
note_rewritten (const TramaCase *evidence, const TramaStream *stream, guint index, Rewritten *rewritten)
{
  const TramaStreamOverlap *overlap = trama_stream_get_overlap (stream, index);
  guint range = trama_stream_find_range (stream, overlap->offset);

  if (rewritten->n++ == 0)
    rewritten->first = overlap->packet;
  rewritten->last = overlap->packet;
  rewritten->n_damaged += is_damaged (evidence, overlap->packet)
                          != is_damaged (evidence, trama_stream_get_range (stream, range)->packet);
}

static char *
describe_rewritten (const char *sender, const Rewritten *rewritten)
{
  if (rewritten->n == rewritten->n_damaged)
    return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE,
                     "%u segment of %s came twice, with other bytes: by its checksum one of them was damaged "
                     "on its way.",
                     "%u segments of %s came twice, with other bytes: by their checksums one of each was "
                     "damaged on its way.",
                     rewritten->n),
        rewritten->n, sender);
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "%u segment of %s brings other bytes than came before under the same sequence numbers.",
                   "%u segments of %s bring other bytes than came before under the same sequence numbers.",
                   rewritten->n),
      rewritten->n, sender);
}

void
trama_judge_rewritten (TramaCase *evidence, guint flow)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);

  for (guint side = 0; seen->protocol == IPPROTO_TCP && side < 2; side++)
    {
      g_autoptr (TramaStream) stream = NULL;
      g_autofree char *sender = NULL;
      Rewritten rewritten = { 0 };
      TramaPlace place;

      if (seen->tcp[side].resent == 0)
        continue;
      stream = trama_stream_new (evidence->table, flow, side);
      for (guint i = 0; i < trama_stream_n_overlaps (stream); i++)
        if (is_rewritten (evidence, stream, i))
          note_rewritten (evidence, stream, i, &rewritten);
      if (rewritten.n == 0)
        continue;
      sender = trama_case_name_side (evidence, flow, side);
      place = trama_case_place_packet (evidence, rewritten.first, flow, side);
      place.span.end_ns = trama_case_packet_ns (evidence, rewritten.last);
      trama_case_report (evidence, &place, describe_rewritten (sender, &rewritten));
    }
}

static char *
describe_ignored (const char *own, const char *peer, gint32 ahead)
{
  guint32 apart = (guint32) ABS ((gint64) ahead);

  if (ahead < 0)
    return g_strdup_printf (
        _ ("RST came in the name of %s, and both went on: its number was %u before the next "
           "that %s expected."),
        own, apart, peer);
  return g_strdup_printf (
      _ ("RST came in the name of %s, and both went on: its number was %u behind the next "
         "that %s expected."),
      own, apart, peer);
}

void
trama_judge_ignored (TramaCase *evidence, guint flow)
{
  for (guint side = 0; side < 2; side++)
    {
      const TramaTalkSide *talk = &evidence->talks[flow].side[side];
      g_autofree char *own = NULL, *peer = NULL;
      TramaPlace place;

      if (talk->n_ignored == 0)
        continue;
      own = trama_case_name_side (evidence, flow, side);
      peer = trama_case_name_side (evidence, flow, !side);
      place = trama_case_place_packet (evidence, talk->ignored, flow, side);
      trama_case_report (evidence, &place, describe_ignored (own, peer, talk->ignored_ahead));
    }
}

/* The side of the earlier flow of the same endpoints that seems to have sent what this one begins with. */
static guint
find_side (const TramaCase *evidence, guint flow, guint32 earlier)
{
  return !trama_endpoint_equal (&trama_flow_table_get_flow (evidence->table, flow)->endpoint[0],
                                &trama_flow_table_get_flow (evidence->table, earlier)->endpoint[0]);
}

gboolean
trama_is_stray_syn (const TramaCase *evidence, guint flow)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);
  guint32 earlier = evidence->talks[flow].earlier;
  const TramaTalk *talk;
  guint side;

  if (seen->protocol != IPPROTO_TCP || earlier == TRAMA_FLOW_NONE || seen->packets[1] > 0
      || seen->packets[0] != seen->tcp[0].syn)
    return FALSE;
  talk = &evidence->talks[earlier];
  side = find_side (evidence, flow, earlier);
  return talk->side[0].rst == TRAMA_CASE_NONE && talk->side[1].rst == TRAMA_CASE_NONE
         && talk->side[side].last != TRAMA_CASE_NONE
         && trama_case_packet_ns (evidence, talk->side[side].last) > seen->last_ns;
}

void
trama_judge_stray_syn (TramaCase *evidence, guint flow)
{
  g_autofree char *own = NULL, *peer = NULL;
  TramaPlace place;

  if (!trama_is_stray_syn (evidence, flow))
    return;
  own = trama_case_name_side (evidence, flow, 0);
  peer = trama_case_name_side (evidence, flow, 1);
  place = trama_case_place_packet (evidence, evidence->talks[flow].side[0].syn, flow, 0);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          _ ("SYN came in the name of %s in the middle of its connection with %s, which went on."), own,
          peer));
}
