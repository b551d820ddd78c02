/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/disagreements.h"

#include "core/flow/flow_private.h"
#include "core/flow/tcp_state.h"

#include <netinet/in.h>

/* From this state on, by the packets. */
typedef struct
{
  gint64 time_ns;
  guint8 state;
} Step;

typedef struct
{
  TramaFlowTable *table;
  GHashTable *samples; /* socket → GArray of guint32, indices of its samples, by time */
  GHashTable *next_ns; /* socket → when its next conversation begins, while they are gone through backwards */
  GArray *found;       /* of TramaDisagreement */
} Search;

static int
compare_samples (gconstpointer a, gconstpointer b, gpointer store)
{
  gint64 x = trama_store_get_state (store, *(const guint32 *) a)->time_ns;
  gint64 y = trama_store_get_state (store, *(const guint32 *) b)->time_ns;

  return x < y ? -1 : x > y;
}

static void
collect_samples (Search *search)
{
  TramaStore *store = search->table->store;
  GHashTableIter iter;
  gpointer samples;

  for (guint32 i = 0; i < trama_store_n_states (store); i++)
    {
      const TramaSocketState *sample = trama_store_get_state (store, i);
      GArray *of_socket;

      if (sample->protocol != 0 && sample->protocol != IPPROTO_TCP)
        continue;
      if (sample->tcp_state <= TRAMA_TCP_LISTEN || sample->socket == TRAMA_SOCKET_NONE)
        continue;
      of_socket = g_hash_table_lookup (search->samples, &sample->socket);
      if (of_socket == NULL)
        {
          of_socket = g_array_new (FALSE, FALSE, sizeof (guint32));
          g_hash_table_insert (search->samples, g_memdup2 (&sample->socket, sizeof sample->socket),
                               of_socket);
        }
      g_array_append_val (of_socket, i);
    }
  g_hash_table_iter_init (&iter, search->samples);
  while (g_hash_table_iter_next (&iter, NULL, &samples))
    g_array_sort_with_data (samples, compare_samples, store);
}

static gint64
time_of (const TramaFlowTable *table, guint32 packet)
{
  TramaPacket record;

  trama_store_get_packet (table->store, packet, &record);
  return record.time_ns;
}

/* What was withdrawn, was not so. What began earlier than it showed goes before what was known by then. */
static void
add_transition (const TramaFlowTable *table, const TramaTcpTransition *transition, GArray *steps)
{
  Step step = { time_of (table, transition->at), transition->state };
  guint at = steps->len;

  if (transition->withdraws)
    {
      if (steps->len > 0)
        g_array_set_size (steps, steps->len - 1);
      return;
    }
  while (at > 0 && g_array_index (steps, Step, at - 1).time_ns > step.time_ns)
    at--;
  g_array_insert_val (steps, at, step);
}

static void
observe (Search *search, guint packet, TramaTcpConversation *tcp, GArray *steps[2])
{
  TramaFlowTable *table = search->table;
  guint32 conversation = trama_column_index (&table->conversations, guint32, packet);
  const TramaFlow *flow = trama_flow_at (table, conversation >> 1);
  gboolean is_to_itself = trama_endpoint_equal (&flow->endpoint[0], &flow->endpoint[1]);
  TramaTcpSegment segment = { .at = packet, .from = conversation & 1 };
  TramaTcpEffect effect;
  TramaDecoded decoded;
  gint64 time_ns;

  if (!trama_flow_read_headers (table->store, packet, &time_ns, &decoded)
      || decoded.fragment == TRAMA_FRAGMENT_LATER)
    return;
  segment.to = is_to_itself ? segment.from : !segment.from;
  segment.flags = decoded.tcp_flags;
  segment.sequence = decoded.sequence;
  segment.acknowledgment = decoded.acknowledgment;
  segment.payload_bytes = decoded.payload_bytes;
  if (trama_tcp_insists (tcp, segment.from, segment.flags, segment.sequence))
    *tcp = (TramaTcpConversation){ 0 };
  trama_tcp_observe (tcp, &segment, &effect);
  for (guint i = 0; i < effect.n; i++)
    add_transition (table, &effect.transitions[i], steps[effect.transitions[i].side]);
}

/*
 * Of a segment that acknowledges a FIN and brings another, the acknowledgment is taken first (RFC 9293, section
 * 3.10.7.4): who looks at that moment finds the socket between the two.
 */
static gboolean
passes_through (const GArray *steps, guint index, gint64 time_ns, guint8 state)
{
  const Step *step = &g_array_index (steps, Step, index);

  return state == TRAMA_TCP_FIN_WAIT_2 && step->state == TRAMA_TCP_TIME_WAIT && index > 0
         && step[-1].state == TRAMA_TCP_FIN_WAIT_1 && step->time_ns >= time_ns - TRAMA_SAMPLE_GRACE_NS;
}

/* Whether it was so at any moment that near to @time_ns; *@state: what it was then. */
static gboolean
was_so (const GArray *steps, gint64 time_ns, guint8 kernel, guint8 *state)
{
  gboolean was = FALSE;

  *state = TRAMA_TCP_UNKNOWN;
  for (guint i = 0; i < steps->len; i++)
    {
      const Step *step = &g_array_index (steps, Step, i);
      gboolean is_last = i + 1 == steps->len;

      if (step->time_ns > time_ns + TRAMA_SAMPLE_GRACE_NS)
        break;
      if (step->time_ns <= time_ns)
        *state = step->state;
      if (is_last || g_array_index (steps, Step, i + 1).time_ns >= time_ns - TRAMA_SAMPLE_GRACE_NS)
        was = was || step->state == kernel || passes_through (steps, i, time_ns, kernel);
    }
  return was;
}

static void
compare (Search *search, guint flow, guint side, const GArray *samples, const GArray *steps)
{
  const TramaFlow *record = trama_flow_at (search->table, flow);
  const gint64 *end_ns = g_hash_table_lookup (search->next_ns, &record->socket[side]);
  TramaDisagreement last = { 0 };

  for (guint i = 0; i < samples->len; i++)
    {
      guint32 index = g_array_index (samples, guint32, i);
      const TramaSocketState *sample = trama_store_get_state (search->table->store, index);
      TramaDisagreement one = { sample->time_ns, sample->socket, flow, (guint8) side, sample->tcp_state, 0 };

      if (sample->time_ns < record->first_ns || (end_ns != NULL && sample->time_ns >= *end_ns))
        continue;
      if (was_so (steps, sample->time_ns, one.kernel, &one.packets) || one.packets == TRAMA_TCP_UNKNOWN)
        continue;
      if (last.kernel == one.kernel && last.packets == one.packets)
        continue;
      last = one;
      g_array_append_val (search->found, one);
    }
}

static void
search_flow (Search *search, guint flow)
{
  const TramaFlow *record = trama_flow_at (search->table, flow);
  const GArray *samples[2];
  TramaTcpConversation tcp = { 0 };
  GArray *steps[2];
  const guint32 *packets;
  guint n;

  for (guint side = 0; side < 2; side++)
    samples[side] = g_hash_table_lookup (search->samples, &record->socket[side]);
  if (record->protocol != IPPROTO_TCP || (samples[0] == NULL && samples[1] == NULL))
    return;
  for (guint side = 0; side < 2; side++)
    steps[side] = g_array_new (FALSE, FALSE, sizeof (Step));
  packets = trama_flow_table_get_packets (search->table, flow, &n);
  for (guint i = 0; i < n; i++)
    observe (search, packets[i], &tcp, steps);
  for (guint side = 0; side < 2; side++)
    {
      if (samples[side] != NULL)
        compare (search, flow, side, samples[side], steps[side]);
      g_hash_table_insert (search->next_ns, g_memdup2 (&record->socket[side], sizeof (guint64)),
                           g_memdup2 (&record->first_ns, sizeof (gint64)));
      g_array_unref (steps[side]);
    }
}

static int
compare_found (gconstpointer a, gconstpointer b)
{
  const TramaDisagreement *x = a, *y = b;

  if (x->flow != y->flow)
    return x->flow < y->flow ? -1 : 1;
  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  return x->side < y->side ? -1 : x->side > y->side;
}

GArray *
trama_disagreements_find (TramaFlowTable *table)
{
  Search search = { .table = table };

  search.found = g_array_new (FALSE, FALSE, sizeof (TramaDisagreement));
  search.samples = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                          (GDestroyNotify) g_array_unref);
  search.next_ns = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  collect_samples (&search);
  for (guint flow = table->flows.len; flow-- > 0 && g_hash_table_size (search.samples) > 0;)
    search_flow (&search, flow);
  g_array_sort (search.found, compare_found);
  g_hash_table_unref (search.samples);
  g_hash_table_unref (search.next_ns);
  return search.found;
}
