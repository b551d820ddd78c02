/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/flow_private.h"
#include "core/flow/labels/labeller.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <string.h>

/* In TramaLabels, above the labels of a packet: which duplicate acknowledgment it is. */
#define DUPLICATE_SHIFT 24
#define DUPLICATE_MAX 255

G_STATIC_ASSERT (TRAMA_N_SEGMENT_LABELS <= DUPLICATE_SHIFT);

struct _TramaSegments
{
  TramaFlowTable *table;
  TramaSegmentFacts *facts; /* by time */
  guint n;
};

struct _TramaLabels
{
  TramaColumn labels; /* of guint32, by packet */
};

/* FALSE: it is no TCP segment that can be read. */
static gboolean
read_input (TramaFlowTable *table, guint packet, TramaDecoded *decoded, TramaLabelInput *input)
{
  guint32 conversation = trama_column_index (&table->conversations, guint32, packet);
  const TramaFlow *flow = trama_flow_at (table, conversation >> 1);

  if (flow->protocol != IPPROTO_TCP
      || !trama_flow_read_headers (table->store, packet, &input->time_ns, decoded)
      || decoded->fragment == TRAMA_FRAGMENT_LATER)
    return FALSE;
  input->data = trama_store_peek_packet (table->store, packet, TRAMA_FLOW_HEADER_BYTES, &input->captured);
  input->decoded = decoded;
  input->packet = packet;
  input->is_copy = trama_flow_table_get_brief (table, packet).copy;
  input->from = conversation & 1;
  input->to = trama_endpoint_equal (&flow->endpoint[0], &flow->endpoint[1]) ? input->from : !input->from;
  return input->data != NULL;
}

TramaSegments *
trama_segments_new (TramaFlowTable *table, guint flow)
{
  TramaSegments *segments = g_new0 (TramaSegments, 1);
  g_autoptr (TramaLabeller) labeller = trama_labeller_new ();
  const guint32 *packets;
  guint n;

  segments->table = trama_flow_table_ref (table);
  packets = trama_flow_table_get_packets (table, flow, &n);
  segments->facts = g_new (TramaSegmentFacts, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    {
      TramaDecoded decoded;
      TramaLabelInput input;
      TramaLateLabel late;

      if (!read_input (table, packets[i], &decoded, &input))
        continue;
      trama_labeller_observe (labeller, &input, &segments->facts[segments->n++], &late);
      if (late.labels != 0)
        segments->facts[late.ordinal].labels = (segments->facts[late.ordinal].labels & ~late.withdrawn)
                                               | late.labels;
    }
  return segments;
}

void
trama_segments_free (TramaSegments *segments)
{
  if (segments == NULL)
    return;
  trama_flow_table_unref (segments->table);
  g_free (segments->facts);
  g_free (segments);
}

guint
trama_segments_get_size (const TramaSegments *segments)
{
  return segments->n;
}

const TramaSegmentFacts *
trama_segments_get (const TramaSegments *segments, guint index)
{
  g_return_val_if_fail (index < segments->n, NULL);
  return &segments->facts[index];
}

static gint64
time_of (const TramaSegments *segments, guint packet)
{
  TramaPacket record;

  trama_store_get_packet (segments->table->store, packet, &record);
  return record.time_ns;
}

/* Those of one time are in the order of the file. */
const TramaSegmentFacts *
trama_segments_find (const TramaSegments *segments, guint packet)
{
  guint low = 0, high = segments->n;
  gint64 time_ns;

  if (packet >= trama_store_n_packets (segments->table->store))
    return NULL;
  time_ns = time_of (segments, packet);
  while (low < high)
    {
      guint middle = low + (high - low) / 2, other = segments->facts[middle].packet;
      gint64 other_ns = time_of (segments, other);

      if (other_ns < time_ns || (other_ns == time_ns && other < packet))
        low = middle + 1;
      else
        high = middle;
    }
  return low < segments->n && segments->facts[low].packet == packet ? &segments->facts[low] : NULL;
}

static gboolean
is_any_resent (const TramaTcpCounts *counts)
{
  return counts->resent > 0 || counts->resent_syn > 0 || counts->resent_fin > 0;
}

void
trama_segments_count_doubled (TramaFlowTable *table, guint flow, guint32 doubled[2])
{
  const guint32 copy = TRAMA_LABEL_RESENT | TRAMA_LABEL_DUPLICATED;
  const TramaFlow *seen = trama_flow_at (table, flow);
  g_autoptr (TramaSegments) segments = NULL;

  doubled[0] = seen->protocol != IPPROTO_TCP ? seen->copies[0] : 0;
  doubled[1] = seen->protocol != IPPROTO_TCP ? seen->copies[1] : 0;
  if (!is_any_resent (&seen->tcp[0]) && !is_any_resent (&seen->tcp[1]))
    return;
  segments = trama_segments_new (table, flow);
  for (guint i = 0; i < segments->n; i++)
    if ((segments->facts[i].labels & copy) == copy)
      doubled[segments->facts[i].side]++;
}

/* The labellers of all conversations that are under way. */
typedef struct
{
  TramaFlowTable *table;
  TramaLabels *labels;
  TramaColumn labellers; /* of TramaLabeller *, by flow; NULL: none of its segments came, or all of them */
  TramaColumn left;      /* of guint32, by flow, the packets that are still to come */
} Pass;

static guint32 *
label_at (const TramaLabels *labels, guint packet)
{
  return &trama_column_index (&labels->labels, guint32, packet);
}

static void
label_packet (Pass *pass, guint packet, guint flow)
{
  TramaLabeller **labeller = &trama_column_index (&pass->labellers, TramaLabeller *, flow);
  TramaDecoded decoded;
  TramaLabelInput input;
  TramaSegmentFacts facts;
  TramaLateLabel late;

  if (!read_input (pass->table, packet, &decoded, &input))
    return;
  if (*labeller == NULL)
    *labeller = trama_labeller_new ();
  trama_labeller_observe (*labeller, &input, &facts, &late);
  *label_at (pass->labels, packet) = facts.labels
                                     | (guint32) MIN (facts.duplicate_acks, DUPLICATE_MAX) << DUPLICATE_SHIFT;
  if (late.labels != 0)
    *label_at (pass->labels, late.packet) = (*label_at (pass->labels, late.packet) & ~late.withdrawn)
                                            | late.labels;
}

static void
end_packet (Pass *pass, guint flow)
{
  TramaLabeller **labeller = &trama_column_index (&pass->labellers, TramaLabeller *, flow);

  if (--trama_column_index (&pass->left, guint32, flow) == 0)
    g_clear_pointer (labeller, trama_labeller_free);
}

TramaLabels *
trama_labels_new (TramaFlowTable *table)
{
  TramaLabels *labels = g_new0 (TramaLabels, 1);
  Pass pass = { .table = table, .labels = labels };

  trama_column_init (&labels->labels, sizeof (guint32));
  trama_column_fill (&labels->labels, table->conversations.len, 0);
  trama_column_init (&pass.labellers, sizeof (TramaLabeller *));
  trama_column_fill (&pass.labellers, table->flows.len, 0);
  trama_column_init (&pass.left, sizeof (guint32));
  for (guint i = 0; i < table->flows.len; i++)
    trama_column_add (&pass.left, guint32) = trama_flow_at (table, i)->packets[0]
                                             + trama_flow_at (table, i)->packets[1];
  for (guint position = 0; position < table->conversations.len; position++)
    {
      guint packet = trama_store_packet_at (table->store, position);
      guint32 flow = trama_flow_table_get_flow_of_packet (table, packet);

      if (flow == TRAMA_FLOW_NONE)
        continue;
      label_packet (&pass, packet, flow);
      end_packet (&pass, flow);
    }
  trama_column_clear (&pass.labellers);
  trama_column_clear (&pass.left);
  return labels;
}

void
trama_labels_free (TramaLabels *labels)
{
  if (labels == NULL)
    return;
  trama_column_clear (&labels->labels);
  g_free (labels);
}

guint32
trama_labels_get (const TramaLabels *labels, guint packet, guint *duplicate_acks)
{
  guint32 kept = packet < labels->labels.len ? *label_at (labels, packet) : 0;

  if (duplicate_acks != NULL)
    *duplicate_acks = kept >> DUPLICATE_SHIFT;
  return kept & ((1u << DUPLICATE_SHIFT) - 1);
}

const char *
trama_segment_label_name (guint32 label)
{
  static const char *const names[TRAMA_N_SEGMENT_LABELS] = {
    N_ ("new data"),          N_ ("resent"),
    N_ ("timeout"),           N_ ("fast retransmission"),
    N_ ("tail loss probe"),   N_ ("timeout or tail loss probe"),
    N_ ("spurious"),          N_ ("doubled on its way"),
    N_ ("out of order"),      N_ ("resent, first not captured"),
    N_ ("gap before it"),     N_ ("acknowledges what was not captured"),
    N_ ("duplicate ACK"),     N_ ("window update"),
    N_ ("window full"),       N_ ("zero window"),
    N_ ("zero-window probe"), N_ ("answer to zero-window probe"),
    N_ ("keep-alive"),        N_ ("answer to keep-alive"),
  };

  if (label == 0 || (label & (label - 1)) != 0 || label >= 1u << TRAMA_N_SEGMENT_LABELS)
    return NULL;
  return names[g_bit_nth_lsf (label, -1)];
}

char *
trama_segment_labels_format (guint32 labels, guint duplicate_acks)
{
  GString *text = g_string_new (NULL);

  for (guint32 label = 1; label < 1u << TRAMA_N_SEGMENT_LABELS; label <<= 1)
    {
      if (!(labels & label))
        continue;
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", _ (trama_segment_label_name (label)));
      if (label == TRAMA_LABEL_DUPLICATE_ACK && duplicate_acks > 0)
        g_string_append_printf (text, " %u", duplicate_acks);
    }
  return g_string_free (text, FALSE);
}
