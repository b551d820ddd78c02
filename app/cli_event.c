/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli_event.h"

#include "core/decode/printable.h"
#include "core/decode/summary.h"
#include "core/trace/call.h"

#include <string.h>

char *
trama_cli_event_summarize (const TramaFlowTable *table, guint packet)
{
  TramaStore *store = trama_flow_table_get_store (table);
  guint32 bases[2] = { 0, 0 };
  TramaSegment segment;
  TramaPacket record;
  const guint8 *data;
  gsize size;

  trama_store_get_packet (store, packet, &record);
  trama_flow_table_get_segment (table, packet, &segment);
  if (segment.flow != TRAMA_FLOW_NONE)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (table, segment.flow);

      bases[0] = flow->first_sequence[segment.side];
      bases[1] = flow->first_sequence[!segment.side];
    }
  data = trama_store_peek_packet (store, packet, record.captured_bytes, &size);
  if (data == NULL)
    return NULL;
  return trama_summarize_packet (trama_store_get_interface (store, record.interface)->link_type, data, size,
                                 record.length_bytes, bases[0], bases[1]);
}

static char *
actor_name (const TramaStore *store, guint32 id)
{
  const TramaActor *actor = trama_store_find_actor (store, id);

  if (actor == NULL || actor->name == NULL)
    return g_strdup ("-");
  return trama_printable_format ((const guint8 *) actor->name, strlen (actor->name), TRAMA_TEXT_MAX_BYTES);
}

char *
trama_cli_event_describe (const TramaFlowTable *table, TramaRef ref)
{
  TramaStore *store = trama_flow_table_get_store (table);
  g_autofree char *actor = NULL;
  g_autofree char *text = NULL;

  switch (ref.kind)
    {
    case TRAMA_EVENT_PACKET:
      text = trama_cli_event_summarize (table, ref.index);
      return text != NULL ? g_steal_pointer (&text) : g_strdup ("its bytes are no longer in the file");
    case TRAMA_EVENT_CALL:
      actor = actor_name (store, trama_store_get_call (store, ref.index)->actor);
      text = trama_call_format (trama_store_get_call (store, ref.index));
      return g_strdup_printf ("%s: %s", actor, text);
    case TRAMA_EVENT_ACTOR:
      return actor_name (store, trama_store_get_actor (store, ref.index)->id);
    default:
      return g_strdup (trama_store_get_note (store, ref.index)->text);
    }
}
