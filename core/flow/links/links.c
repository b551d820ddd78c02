/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/links/linking.h"

struct _TramaLinks
{
  gatomicrefcount ref_count;
  TramaFlowTable *table;
  guint n_packets; /* as they were when the links were made */
  guint n_calls;
  guint n_events;

  TramaKeptLink *links; /* by cause */
  guint32 *by_effect;   /* indices of .links */
  guint n_links;
  guint n_effects; /* links that have one */
};

/* A stable sort by an event in time that is linear in links and events. */
static guint32 *
count_up (guint n_events)
{
  return g_new0 (guint32, (gsize) n_events + 2);
}

static void
sum_up (guint32 *counts, guint n_events)
{
  for (guint i = 0; i <= n_events; i++)
    counts[i + 1] += counts[i];
}

struct _TramaLinksBuilder
{
  TramaLinks *links;
  TramaLinking linking;
  TramaColumn kept; /* of TramaKeptLink, as they are found */
  TramaTcpLinking *tcp;
  TramaDatagramLinking *datagrams;
  TramaLocalLinking *local;
  guint n_steps; /* that are done */
};

typedef TramaLinksBuilder Builder;

static gboolean
collect (Builder *builder, guint max)
{
  return trama_linking_collect (&builder->linking, max);
}

static gboolean
link_tcp (Builder *builder, guint max)
{
  if (builder->tcp == NULL)
    builder->tcp = trama_tcp_linking_new (&builder->linking);
  if (trama_tcp_linking_step (builder->tcp, max))
    return TRUE;
  g_clear_pointer (&builder->tcp, trama_tcp_linking_free);
  return FALSE;
}

static gboolean
link_datagrams (Builder *builder, guint max)
{
  if (builder->datagrams == NULL)
    builder->datagrams = trama_datagram_linking_new (&builder->linking);
  if (trama_datagram_linking_step (builder->datagrams, max))
    return TRUE;
  g_clear_pointer (&builder->datagrams, trama_datagram_linking_free);
  return FALSE;
}

static gboolean
link_local (Builder *builder, guint max)
{
  if (builder->local == NULL)
    builder->local = trama_local_linking_new (&builder->linking);
  if (trama_local_linking_step (builder->local, max))
    return TRUE;
  g_clear_pointer (&builder->local, trama_local_linking_free);
  return FALSE;
}

static gboolean
sort_by_cause (Builder *builder, guint max)
{
  TramaLinks *links = builder->links;
  const TramaColumn *kept = &builder->kept;
  g_autofree guint32 *next = count_up (links->n_events);

  for (guint i = 0; i < kept->len; i++)
    next[trama_column_index (kept, TramaKeptLink, i).cause + 1]++;
  sum_up (next, links->n_events);
  links->n_links = kept->len;
  links->links = g_new (TramaKeptLink, (gsize) kept->len + 1);
  for (guint i = 0; i < kept->len; i++)
    {
      const TramaKeptLink *link = &trama_column_index (kept, TramaKeptLink, i);

      links->links[next[link->cause]++] = *link;
    }
  return FALSE;
}

static gboolean
sort_by_effect (Builder *builder, guint max)
{
  TramaLinks *links = builder->links;
  g_autofree guint32 *next = count_up (links->n_events);

  for (guint i = 0; i < links->n_links; i++)
    if (links->links[i].effect != TRAMA_EVENT_NONE)
      {
        next[links->links[i].effect + 1]++;
        links->n_effects++;
      }
  sum_up (next, links->n_events);
  links->by_effect = g_new (guint32, (gsize) links->n_effects + 1);
  for (guint i = 0; i < links->n_links; i++)
    if (links->links[i].effect != TRAMA_EVENT_NONE)
      links->by_effect[next[links->links[i].effect]++] = i;
  return FALSE;
}

TramaLinksBuilder *
trama_links_builder_new (TramaFlowTable *table)
{
  Builder *self;

  g_return_val_if_fail (table != NULL, NULL);

  self = g_new0 (Builder, 1);
  self->links = g_new0 (TramaLinks, 1);
  g_atomic_ref_count_init (&self->links->ref_count);
  self->links->table = trama_flow_table_ref (table);
  trama_column_init (&self->kept, sizeof (TramaKeptLink));
  trama_linking_init (&self->linking, table, &self->kept);
  self->links->n_packets = self->linking.n_packets;
  self->links->n_calls = self->linking.n_calls;
  self->links->n_events = self->linking.n_packets + self->linking.n_calls + self->linking.n_actors;
  return self;
}

void
trama_links_builder_free (TramaLinksBuilder *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->tcp, trama_tcp_linking_free);
  g_clear_pointer (&self->datagrams, trama_datagram_linking_free);
  g_clear_pointer (&self->local, trama_local_linking_free);
  trama_linking_clear (&self->linking);
  trama_column_clear (&self->kept);
  trama_links_unref (self->links);
  g_free (self);
}

gboolean
trama_links_builder_step (TramaLinksBuilder *self, guint max_events)
{
  static gboolean (*const steps[]) (Builder * builder, guint max) = {
    collect, link_tcp, link_datagrams, link_local, sort_by_cause, sort_by_effect,
  };

  if (self->n_steps < G_N_ELEMENTS (steps) && !steps[self->n_steps](self, max_events))
    self->n_steps++;
  return self->n_steps < G_N_ELEMENTS (steps);
}

TramaLinks *
trama_links_builder_finish (TramaLinksBuilder *self)
{
  TramaLinks *links;

  while (trama_links_builder_step (self, G_MAXUINT))
    continue;
  links = trama_links_ref (self->links);
  trama_links_builder_free (self);
  return links;
}

TramaLinks *
trama_links_new (TramaFlowTable *table)
{
  g_return_val_if_fail (table != NULL, NULL);

  return trama_links_builder_finish (trama_links_builder_new (table));
}

TramaLinks *
trama_links_ref (TramaLinks *links)
{
  g_atomic_ref_count_inc (&links->ref_count);
  return links;
}

void
trama_links_unref (TramaLinks *links)
{
  if (links == NULL || !g_atomic_ref_count_dec (&links->ref_count))
    return;
  trama_flow_table_unref (links->table);
  g_free (links->links);
  g_free (links->by_effect);
  g_free (links);
}

TramaFlowTable *
trama_links_get_table (const TramaLinks *links)
{
  return links->table;
}

guint
trama_links_n_links (const TramaLinks *links)
{
  return links->n_links;
}

TramaLink
trama_links_get_link (const TramaLinks *links, guint index)
{
  const TramaKeptLink *kept = &links->links[index];

  g_assert (index < links->n_links);
  return (TramaLink){
    .kind = kept->kind,
    .flags = kept->flags,
    .reason = kept->reason,
    .cause = trama_linking_ref (links->n_packets, links->n_calls, kept->cause),
    .effect = trama_linking_ref (links->n_packets, links->n_calls, kept->effect),
    .from_bytes = kept->from_bytes,
    .to_bytes = kept->from_bytes + kept->n_bytes,
  };
}

static guint32
event_of (const TramaLinks *links, TramaRef ref)
{
  switch (ref.kind)
    {
    case TRAMA_EVENT_PACKET:
      return ref.index < links->n_packets ? ref.index : TRAMA_EVENT_NONE;
    case TRAMA_EVENT_CALL:
      return ref.index < links->n_calls ? links->n_packets + ref.index : TRAMA_EVENT_NONE;
    case TRAMA_EVENT_ACTOR:
      return links->n_packets + links->n_calls + ref.index;
    default:
      return TRAMA_EVENT_NONE;
    }
}

/* When it happened: a call, as a cause, when it was made, as an effect when it came back. */
static gint64
time_of (const TramaLinks *links, TramaRef ref, gboolean is_effect)
{
  TramaStore *store = trama_flow_table_get_store (links->table);
  const TramaCall *call;
  TramaPacket packet;

  switch (ref.kind)
    {
    case TRAMA_EVENT_PACKET:
      trama_store_get_packet (store, ref.index, &packet);
      return packet.time_ns;
    case TRAMA_EVENT_CALL:
      call = trama_store_get_call (store, ref.index);
      return is_effect && call->exit_ns != TRAMA_TIME_NONE ? call->exit_ns : call->entry_ns;
    case TRAMA_EVENT_ACTOR:
      return trama_store_get_actor (store, ref.index)->end_ns;
    default:
      return TRAMA_TIME_NONE;
    }
}

static int
compare_by_cause (gconstpointer a, gconstpointer b, gpointer links)
{
  gint64 x = time_of (links, ((const TramaLink *) a)->cause, FALSE);
  gint64 y = time_of (links, ((const TramaLink *) b)->cause, FALSE);

  return x < y ? -1 : x > y;
}

static int
compare_by_effect (gconstpointer a, gconstpointer b, gpointer links)
{
  gint64 x = time_of (links, ((const TramaLink *) a)->effect, TRUE);
  gint64 y = time_of (links, ((const TramaLink *) b)->effect, TRUE);

  return x < y ? -1 : x > y;
}

static GArray *
get_effects (const TramaLinks *links, guint32 event)
{
  GArray *effects = g_array_new (FALSE, FALSE, sizeof (TramaLink));
  guint low = 0, high = links->n_links;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (links->links[middle].cause < event)
        low = middle + 1;
      else
        high = middle;
    }
  for (; low < links->n_links && links->links[low].cause == event; low++)
    {
      TramaLink link = trama_links_get_link (links, low);

      g_array_append_val (effects, link);
    }
  g_array_sort_with_data (effects, compare_by_effect, (gpointer) links);
  return effects;
}

static GArray *
get_causes (const TramaLinks *links, guint32 event)
{
  GArray *causes = g_array_new (FALSE, FALSE, sizeof (TramaLink));
  guint low = 0, high = links->n_effects;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (links->links[links->by_effect[middle]].effect < event)
        low = middle + 1;
      else
        high = middle;
    }
  for (; low < links->n_effects && links->links[links->by_effect[low]].effect == event; low++)
    {
      TramaLink link = trama_links_get_link (links, links->by_effect[low]);

      g_array_append_val (causes, link);
    }
  g_array_sort_with_data (causes, compare_by_cause, (gpointer) links);
  return causes;
}

void
trama_links_get (const TramaLinks *links, TramaRef event, GArray **causes, GArray **effects)
{
  guint32 number = event_of (links, event);

  if (causes != NULL && number != TRAMA_EVENT_NONE)
    *causes = get_causes (links, number);
  else if (causes != NULL)
    *causes = g_array_new (FALSE, FALSE, sizeof (TramaLink));
  if (effects != NULL && number != TRAMA_EVENT_NONE)
    *effects = get_effects (links, number);
  else if (effects != NULL)
    *effects = g_array_new (FALSE, FALSE, sizeof (TramaLink));
}

gint64
trama_links_get_delay_ns (const TramaLinks *links, const TramaLink *link)
{
  gboolean is_queue = link->kind == TRAMA_LINKS_ACCEPTS;
  gint64 cause_ns = time_of (links, link->cause, is_queue);
  gint64 effect_ns = time_of (links, link->effect, !is_queue);

  if (cause_ns == TRAMA_TIME_NONE || effect_ns == TRAMA_TIME_NONE)
    return 0;
  return MAX (effect_ns - cause_ns, 0);
}

const char *
trama_link_kind_name (guint kind)
{
  static const char *const names[TRAMA_LINKS_N_KINDS] = {
    [TRAMA_LINKS_SENDS] = "sends",     [TRAMA_LINKS_TAKES] = "takes",     [TRAMA_LINKS_CARRIES] = "carries",
    [TRAMA_LINKS_PAIRS] = "pairs",     [TRAMA_LINKS_OPENS] = "opens",     [TRAMA_LINKS_CONNECTS] = "connects",
    [TRAMA_LINKS_ACCEPTS] = "accepts", [TRAMA_LINKS_ENDS] = "ends",       [TRAMA_LINKS_RESETS] = "resets",
    [TRAMA_LINKS_REFUSES] = "refuses", [TRAMA_LINKS_REPORTS] = "reports", [TRAMA_LINKS_EXPIRES] = "expires",
    [TRAMA_LINKS_ANSWERS] = "answers", [TRAMA_LINKS_READIES] = "readies", [TRAMA_LINKS_WAKES] = "wakes",
    [TRAMA_LINKS_LOST] = "lost",
  };

  return kind < TRAMA_LINKS_N_KINDS ? names[kind] : NULL;
}

const char *
trama_link_flag_name (guint flag)
{
  static const char *const names[] = { "resent", "peek", "urgent", "discard", "probe", "rights" };
  gint bit = g_bit_nth_lsf (flag, -1);

  return bit >= 0 && (guint) bit < G_N_ELEMENTS (names) && flag == 1u << bit ? names[bit] : NULL;
}

const char *
trama_loss_reason_name (guint reason)
{
  static const char *const names[TRAMA_LOSS_N_REASONS] = {
    [TRAMA_LOSS_UNSENT] = "unsent",         [TRAMA_LOSS_UNREAD] = "unread",
    [TRAMA_LOSS_WAITING] = "waiting",       [TRAMA_LOSS_TOO_LATE] = "too late",
    [TRAMA_LOSS_UNACCEPTED] = "unaccepted", [TRAMA_LOSS_TRUNCATED] = "truncated",
    [TRAMA_LOSS_NO_ROOM] = "no room",       [TRAMA_LOSS_NOBODY] = "nobody",
    [TRAMA_LOSS_ON_THE_WAY] = "on the way",
  };

  return reason < TRAMA_LOSS_N_REASONS ? names[reason] : NULL;
}
