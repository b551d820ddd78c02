/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/annotate.h"

#include "core/trace/call.h"

gboolean
trama_annotator_keeps (guint packet, gpointer data)
{
  const TramaAnnotator *annotator = data;
  TramaSegment segment;

  trama_flow_table_get_segment (annotator->table, packet, &segment);
  return segment.flow != TRAMA_FLOW_NONE
         && g_hash_table_contains (annotator->flows, GUINT_TO_POINTER (segment.flow));
}

static char *
format_call (const TramaAnnotator *annotator, guint index)
{
  TramaCall call = *trama_store_get_call (trama_flow_table_get_store (annotator->table), index);

  for (guint i = 0; annotator->without_data && i < call.n_args; i++)
    if (call.args[i].kind == TRAMA_VALUE_DATA)
      {
        call.args[i].bytes = NULL;
        call.args[i].size = 0;
      }
  return trama_call_format (&call);
}

static guint64
sender_of (const TramaFlowTable *table, guint packet)
{
  TramaSegment segment;

  trama_flow_table_get_segment (table, packet, &segment);
  if (segment.flow == TRAMA_FLOW_NONE)
    return TRAMA_SOCKET_NONE;
  return trama_flow_table_get_flow (table, segment.flow)->socket[segment.side];
}

/* What a peer's kernel answers inside a call is no packet of the caller's. */
static guint
find_cause (const TramaFlowTable *table, guint packet, guint64 sender)
{
  guint cause = trama_flow_table_get_cause (table, packet);

  if (cause == G_MAXUINT || sender == TRAMA_SOCKET_NONE
      || trama_store_get_call (trama_flow_table_get_store (table), cause)->socket != sender)
    return G_MAXUINT;
  return cause;
}

void
trama_annotator_annotate (guint packet, TramaAnnotation *annotation, gpointer data)
{
  const TramaAnnotator *annotator = data;
  const TramaFlowTable *table = annotator->table;
  guint64 sender = sender_of (table, packet);
  const TramaSocket *socket = trama_flow_table_find_socket (table, sender);
  guint cause = find_cause (table, packet, sender);
  guint woken = trama_flow_table_get_woken (table, packet);

  if (socket != NULL)
    annotation->actor = socket->actor;
  if (cause != G_MAXUINT)
    g_ptr_array_add (annotation->comments, format_call (annotator, cause));
  if (woken != G_MAXUINT)
    {
      g_autofree char *call = format_call (annotator, woken);

      g_ptr_array_add (annotation->comments, g_strconcat ("wakes ", call, NULL));
    }
}
