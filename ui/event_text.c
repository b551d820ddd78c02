/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/call.h"
#include "ui/event_text.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>

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

static char *
packet_title (TramaFlowTable *table, guint packet)
{
  g_autoptr (GString) text = g_string_new (NULL);
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

  if (trama_flow_table_get_flow (table, segment.flow)->protocol == IPPROTO_TCP)
    append_tcp (text, &segment);
  else
    g_string_append (text, segment.kind == TRAMA_SEGMENT_ICMP ? "ICMP" : "UDP");

  if (segment.payload_bytes > 0)
    {
      g_autofree char *size = bytes_phrase (segment.payload_bytes);

      g_string_append_printf (text, ", %s", size);
    }
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
trama_event_sentence (TramaFlowTable *table, TramaRef ref)
{
  g_autofree char *title = trama_event_title (table, ref);
  g_autofree char *subtitle = trama_event_subtitle (table, ref);

  if (*subtitle == '\0')
    return g_steal_pointer (&title);
  return g_strdup_printf ("%s, %s", title, subtitle);
}
