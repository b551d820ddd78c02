/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli_facts.h"

#include "core/flow/exchanges.h"
#include "core/flow/labels/segments.h"
#include "core/trace/json.h"

/* Of one conversation, from its first packet that is asked for to its last. */
typedef struct
{
  TramaSegments *segments;
  GHashTable *exchanges; /* of TramaExchange, by answer; NULL: it is of TCP */
  GArray *found;         /* of TramaExchange */
  guint32 n_left;
} Conversation;

struct _TramaCliFacts
{
  TramaFlowTable *table;
  GHashTable *conversations; /* by flow */
};

static void
conversation_free (gpointer data)
{
  Conversation *conversation = data;

  trama_segments_free (conversation->segments);
  g_clear_pointer (&conversation->exchanges, g_hash_table_unref);
  g_clear_pointer (&conversation->found, g_array_unref);
  g_free (conversation);
}

TramaCliFacts *
trama_cli_facts_new (TramaFlowTable *table)
{
  TramaCliFacts *facts = g_new0 (TramaCliFacts, 1);

  facts->table = trama_flow_table_ref (table);
  facts->conversations = g_hash_table_new_full (NULL, NULL, NULL, conversation_free);
  return facts;
}

void
trama_cli_facts_free (TramaCliFacts *facts)
{
  if (facts == NULL)
    return;
  g_hash_table_unref (facts->conversations);
  trama_flow_table_unref (facts->table);
  g_free (facts);
}

static void
find_exchanges (Conversation *conversation, TramaFlowTable *table, guint32 flow)
{
  conversation->found = trama_exchanges_find (table, flow);
  conversation->exchanges = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < conversation->found->len; i++)
    {
      TramaExchange *exchange = &g_array_index (conversation->found, TramaExchange, i);

      if (exchange->answer != G_MAXUINT32)
        g_hash_table_insert (conversation->exchanges, GUINT_TO_POINTER (exchange->answer), exchange);
    }
}

static Conversation *
get_conversation (TramaCliFacts *facts, guint32 index)
{
  gpointer key = GUINT_TO_POINTER (index);
  Conversation *conversation = g_hash_table_lookup (facts->conversations, key);
  const TramaFlow *flow = trama_flow_table_get_flow (facts->table, index);

  if (conversation != NULL)
    return conversation;
  conversation = g_new0 (Conversation, 1);
  conversation->n_left = flow->packets[0] + flow->packets[1];
  conversation->segments = trama_segments_new (facts->table, index);
  if (trama_segments_get_size (conversation->segments) == 0)
    find_exchanges (conversation, facts->table, index);
  g_hash_table_insert (facts->conversations, key, conversation);
  return conversation;
}

static void
add_or_null (GString *out, const char *name, gboolean is_known, guint64 value)
{
  if (is_known)
    trama_json_add_unsigned (out, name, value);
  else
    trama_json_add_null (out, name);
}

static void
add_labels (GString *out, guint32 labels)
{
  trama_json_begin_array (out, "labels");
  for (guint32 label = 1; label < 1u << TRAMA_N_SEGMENT_LABELS; label <<= 1)
    if (labels & label)
      trama_json_add_string (out, NULL, trama_segment_label_name (label));
  trama_json_end_array (out);
}

static void
add_members (GString *out, const TramaSegmentFacts *segment, const TramaExchange *exchange)
{
  gint64 rtt_ns = segment != NULL ? segment->rtt_ns : exchange != NULL ? exchange->took_ns : TRAMA_TIME_NONE;
  guint32 other = segment != NULL ? segment->other : exchange != NULL ? exchange->request : G_MAXUINT32;

  add_or_null (out, "rtt_ns", rtt_ns != TRAMA_TIME_NONE, (guint64) rtt_ns);
  add_or_null (out, "other", other != G_MAXUINT32, (guint64) other + 1);
  add_or_null (out, "flight_ab", segment != NULL, segment != NULL ? segment->flight_bytes[0] : 0);
  add_or_null (out, "flight_ba", segment != NULL, segment != NULL ? segment->flight_bytes[1] : 0);
  add_or_null (out, "window", segment != NULL, segment != NULL ? segment->window_bytes : 0);
}

void
trama_cli_facts_add (TramaCliFacts *facts, guint packet, guint32 labels, GString *out)
{
  guint32 flow = trama_flow_table_get_flow_of_packet (facts->table, packet);
  const TramaSegmentFacts *segment = NULL;
  const TramaExchange *exchange = NULL;
  Conversation *conversation = NULL;

  if (flow != TRAMA_FLOW_NONE)
    {
      conversation = get_conversation (facts, flow);
      segment = trama_segments_find (conversation->segments, packet);
      if (conversation->exchanges != NULL)
        exchange = g_hash_table_lookup (conversation->exchanges, GUINT_TO_POINTER (packet));
    }
  add_labels (out, labels);
  add_members (out, segment, exchange);
  if (conversation != NULL && --conversation->n_left == 0)
    g_hash_table_remove (facts->conversations, GUINT_TO_POINTER (flow));
}
