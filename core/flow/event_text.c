/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/event_text.h"

#include "core/decode/printable.h"
#include "core/decode/summary.h"
#include "core/flow/flow_list.h"
#include "core/flow/flow_private.h"
#include "core/trace/call.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <string.h>

/* What of a message of ICMP tells what it is, with every header before it. */
#define ICMP_READ_BYTES 512

/* Of a note within a sentence: about as much as a glance takes in. */
#define NOTE_BYTES 80

char *
trama_event_actor_name (TramaFlowTable *table, guint32 actor)
{
  const TramaActor *found = trama_store_find_actor (trama_flow_table_get_store (table), actor);

  if (found == NULL || found->name == NULL)
    return g_strdup_printf (_ ("process %u"), actor);
  return g_strdup (found->name);
}

static char *
bytes_phrase (guint32 bytes)
{
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u byte", "%u bytes", bytes), bytes);
}

static void
append_tcp (GString *text, const TramaSegment *segment)
{
  g_autofree char *flags = trama_tcp_flags_format (segment->flags);

  g_string_append (text, flags);
  g_string_append_printf (text, ", seq %u", segment->sequence);
  if (segment->flags & TRAMA_TCP_ACK)
    g_string_append_printf (text, ", ack %u", segment->acknowledgment);
}

char *
trama_event_icmp_name (TramaFlowTable *table, guint packet)
{
  TramaStore *store = trama_flow_table_get_store (table);
  guint8 bytes[ICMP_READ_BYTES];
  TramaDecoded decoded;
  gsize begin;
  gint64 time_ns;
  gssize size;

  if (!trama_flow_read_headers (store, packet, &time_ns, &decoded) || decoded.transport_bytes == 0
      || decoded.fragment == TRAMA_FRAGMENT_LATER)
    return NULL;
  size = trama_store_read_packet (store, packet, bytes, sizeof bytes, NULL);
  begin = (gsize) decoded.link_bytes + decoded.network_bytes;
  if (size < (gssize) begin + 2)
    return NULL;
  return trama_icmp_format (decoded.ip_version, bytes[begin], bytes[begin + 1]);
}

char *
trama_event_protocol_title (TramaFlowTable *table, const TramaSegment *segment)
{
  g_autofree char *title = trama_protocol_title (trama_flow_table_get_flow (table, segment->flow)->protocol);

  if (!segment->fragment)
    return g_steal_pointer (&title);
  /* Translators: a later fragment of an IP packet that carries this protocol: "UDP fragment". */
  return g_strdup_printf (_ ("%s fragment"), title);
}

/* "ICMP echo request", "UDP", "SCTP". */
static void
append_protocol (GString *text, TramaFlowTable *table, guint packet, const TramaSegment *segment)
{
  g_autofree char *icmp = NULL, *title = NULL;

  if (segment->kind != TRAMA_SEGMENT_ICMP)
    title = trama_event_protocol_title (table, segment);
  else
    icmp = trama_event_icmp_name (table, packet);
  g_string_append (text, title != NULL ? title : "ICMP");
  if (icmp != NULL)
    g_string_append_printf (text, " %s", icmp);
}

static char *
packet_title (TramaFlowTable *table, guint packet)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const TramaBrief brief = trama_flow_table_get_brief (table, packet);
  TramaSegment segment;

  trama_flow_table_get_segment (table, packet, &segment);
  if (segment.flow == TRAMA_FLOW_NONE)
    {
      TramaPacket record;
      g_autofree char *size = NULL;

      trama_store_get_packet (trama_flow_table_get_store (table), packet, &record);
      size = bytes_phrase (record.length_bytes);
      g_string_append_printf (text, _ ("packet %u, %s"), packet + 1, size);
      return g_string_free (g_steal_pointer (&text), FALSE);
    }

  if (trama_flow_table_get_flow (table, segment.flow)->protocol == IPPROTO_TCP && !segment.fragment)
    append_tcp (text, &segment);
  else
    append_protocol (text, table, packet, &segment);

  if (segment.payload_bytes > 0)
    {
      g_autofree char *size = bytes_phrase (segment.payload_bytes);

      g_string_append_printf (text, ", %s", size);
    }
  if (brief.copy)
    g_string_append_printf (text, ", %s", _ ("copy"));
  else if (brief.resent)
    g_string_append_printf (text, ", %s", _ ("sent again"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
packet_subtitle (TramaFlowTable *table, guint packet)
{
  const TramaFlow *flow;
  TramaSegment segment;
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  trama_flow_table_get_segment (table, packet, &segment);
  if (segment.flow == TRAMA_FLOW_NONE)
    return g_strdup (_ ("belongs to no conversation"));

  flow = trama_flow_table_get_flow (table, segment.flow);
  from = trama_endpoint_format (&flow->endpoint[segment.side]);
  to = trama_endpoint_format (&flow->endpoint[1 - segment.side]);
  return g_strdup_printf ("%s → %s", from, to);
}

static char *
call_subtitle (TramaFlowTable *table, const TramaCall *call)
{
  g_autofree char *actor = trama_event_actor_name (table, call->actor);
  g_autofree char *duration = NULL;

  if (call->exit_ns == TRAMA_TIME_NONE)
    return g_strdup_printf (_ ("%s · has not returned"), actor);

  duration = trama_duration_format (call->exit_ns - call->entry_ns);
  return g_strdup_printf ("%s · %s", actor, duration);
}

char *
trama_event_title (TramaFlowTable *table, TramaRef ref)
{
  TramaStore *store = trama_flow_table_get_store (table);

  switch (ref.kind)
    {
    case TRAMA_EVENT_CALL:
      return trama_call_format (trama_store_get_call (store, ref.index));
    case TRAMA_EVENT_PACKET:
      return packet_title (table, ref.index);
    case TRAMA_EVENT_NOTE:
      return g_strdup (trama_store_get_note (store, ref.index)->text);
    default:
      return g_strdup (_ ("nothing"));
    }
}

char *
trama_event_subtitle (TramaFlowTable *table, TramaRef ref)
{
  TramaStore *store = trama_flow_table_get_store (table);

  switch (ref.kind)
    {
    case TRAMA_EVENT_CALL:
      return call_subtitle (table, trama_store_get_call (store, ref.index));
    case TRAMA_EVENT_PACKET:
      return packet_subtitle (table, ref.index);
    case TRAMA_EVENT_NOTE:
      return g_strdup (_ ("note"));
    default:
      return g_strdup ("");
    }
}

char *
trama_event_side_name (TramaFlowTable *table, guint32 flow, guint side)
{
  const TramaFlow *found = trama_flow_table_get_flow (table, flow);
  const TramaActor *actor = trama_flow_get_actor (table, found, side);

  if (actor != NULL && actor->name != NULL)
    return g_strdup (actor->name);
  return trama_endpoint_format (&found->endpoint[side]);
}

/* What led to it, and what comes of it. */
static void
append_links (GString *text, TramaFlowTable *table, guint packet)
{
  TramaStore *store = trama_flow_table_get_store (table);
  guint cause = trama_flow_table_get_cause (table, packet);
  guint woken = trama_flow_table_get_woken (table, packet);

  if (cause != G_MAXUINT)
    {
      const TramaCall *call = trama_store_get_call (store, cause);
      g_autofree char *delay = NULL;
      TramaPacket record;

      trama_store_get_packet (store, packet, &record);
      delay = trama_duration_format (record.time_ns - call->entry_ns);
      g_string_append (text, ", ");
      /* Translators: a duration and the name of a call: "3 µs after connect was called". */
      g_string_append_printf (text, _ ("%s after %s was called"), delay, trama_call_info (call->name)->name);
    }
  if (woken != G_MAXUINT)
    {
      const TramaCall *call = trama_store_get_call (store, woken);
      g_autofree char *actor = trama_event_actor_name (table, call->actor);

      g_string_append (text, ", ");
      /* Translators: the name of a call and of who made it: "wakes accept of server". */
      g_string_append_printf (text, _ ("wakes %s of %s"), trama_call_info (call->name)->name, actor);
    }
}

static char *
packet_sentence (TramaFlowTable *table, guint packet)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *title = packet_title (table, packet);
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  guint32 flow = trama_flow_table_get_flow_of_packet (table, packet);
  TramaSegment segment;

  if (flow == TRAMA_FLOW_NONE)
    return g_strdup_printf ("%s, %s", title, _ ("belongs to no conversation"));
  trama_flow_table_get_segment (table, packet, &segment);
  from = trama_event_side_name (table, flow, segment.side);
  to = trama_event_side_name (table, flow, !segment.side);
  /* Translators: a packet, who sent it and who receives it: "SYN, seq 0 from client to server". */
  g_string_append_printf (text, _ ("%s from %s to %s"), title, from, to);
  append_links (text, table, packet);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
call_sentence (TramaFlowTable *table, const TramaCall *call)
{
  g_autofree char *actor = trama_event_actor_name (table, call->actor);
  g_autofree char *text = trama_call_format (call);
  g_autofree char *duration = NULL;

  if (call->exit_ns == TRAMA_TIME_NONE)
    return g_strdup_printf (_ ("%s calls %s, which has not returned"), actor, text);
  duration = trama_duration_format (call->exit_ns - call->entry_ns);
  /* Translators: who, a call with its result, a duration. */
  return g_strdup_printf (_ ("%s calls %s, which takes %s"), actor, text, duration);
}

static char *
event_sentence (TramaFlowTable *table, TramaRef ref)
{
  switch (ref.kind)
    {
    case TRAMA_EVENT_CALL:
      return call_sentence (table, trama_store_get_call (trama_flow_table_get_store (table), ref.index));
    case TRAMA_EVENT_PACKET:
      return packet_sentence (table, ref.index);
    default:
      return trama_event_title (table, ref);
    }
}

/* In one line. */
static char *
short_note (const char *note)
{
  g_autofree char *line = g_strdelimit (g_strdup (note), "\n\r\t", ' ');

  return trama_printable_format ((const guint8 *) line, strlen (line), NOTE_BYTES);
}

char *
trama_event_sentence (TramaFlowTable *table, TramaRef ref)
{
  g_autofree char *sentence = event_sentence (table, ref);
  const char *note = trama_event_note (table, ref);
  g_autofree char *shown = NULL;

  if (note == NULL)
    return g_steal_pointer (&sentence);
  shown = short_note (note);
  return g_strdup_printf ("✎ %s · %s", shown, sentence);
}

const char *
trama_event_note (TramaFlowTable *table, TramaRef ref)
{
  const TramaNotebook *notebook = trama_store_get_notebook (trama_flow_table_get_store (table));

  if (ref.kind != TRAMA_EVENT_CALL && ref.kind != TRAMA_EVENT_PACKET)
    return NULL;
  return trama_notebook_get_text (notebook, ref, TRAMA_TIME_NONE);
}
