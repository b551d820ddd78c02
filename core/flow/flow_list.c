/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/decode/summary.h"
#include "core/flow/flow_list.h"
#include "core/trace/words.h"

#include <glib/gi18n-lib.h>

const TramaActor *
trama_flow_get_actor (TramaFlowTable *table, const TramaFlow *flow, guint side)
{
  const TramaSocket *socket = NULL;

  if (flow->socket[side] != TRAMA_SOCKET_NONE)
    socket = trama_flow_table_find_socket (table, flow->socket[side]);
  return socket != NULL ? trama_store_find_actor (trama_flow_table_get_store (table), socket->actor) : NULL;
}

char *
trama_flow_format_processes (TramaFlowTable *table, const TramaFlow *flow)
{
  GString *text = g_string_new (NULL);

  for (guint side = 0; side < 2; side++)
    {
      const TramaActor *actor = trama_flow_get_actor (table, flow, side);

      if (actor == NULL || actor->name == NULL)
        continue;
      if (text->len > 0)
        g_string_append (text, ", ");
      g_string_append (text, actor->name);
    }
  return g_string_free (text, FALSE);
}

/* Choosing. */

typedef struct
{
  TramaFlowTable *table;
  const TramaPhases *phases;
  guint32 *weights; /* NULL: none */
  char **words;
  TramaFlowKey key;
  int direction;
} Choice;

static void
choice_free (gpointer data)
{
  Choice *choice = data;

  trama_flow_table_unref (choice->table);
  g_strfreev (choice->words);
  g_free (choice->weights);
  g_free (choice);
}

static gboolean
keeps_flow (guint32 index, gpointer user_data)
{
  const Choice *choice = user_data;
  const TramaFlow *flow = trama_flow_table_get_flow (choice->table, index);
  const char *ending = trama_ending_name (trama_phases_get (choice->phases, index)->ending);
  g_autofree char *from = trama_endpoint_format (&flow->endpoint[0]);
  g_autofree char *to = trama_endpoint_format (&flow->endpoint[1]);
  g_autofree char *protocol = trama_protocol_format (flow->protocol);
  g_autofree char *processes = trama_flow_format_processes (choice->table, flow);
  g_autofree char *text = g_strjoin ("\n", from, to, protocol, processes, *ending != '\0' ? _ (ending) : "",
                                     NULL);

  return trama_words_stand_in (choice->words, text);
}

/* Sorting. */

static int
compare_numbers (guint64 a, guint64 b)
{
  return a < b ? -1 : a > b;
}

static int
compare_endpoints (const TramaEndpoint *a, const TramaEndpoint *b)
{
  int order = compare_numbers (a->family, b->family);

  if (order == 0)
    order = memcmp (a->address, b->address, sizeof a->address);
  return order != 0 ? order : compare_numbers (a->port, b->port);
}

static int
compare_processes (const Choice *choice, const TramaFlow *a, const TramaFlow *b)
{
  int order = 0;

  for (guint side = 0; side < 2 && order == 0; side++)
    {
      const TramaActor *x = trama_flow_get_actor (choice->table, a, side);
      const TramaActor *y = trama_flow_get_actor (choice->table, b, side);

      order = g_strcmp0 (x != NULL ? x->name : NULL, y != NULL ? y->name : NULL);
    }
  return order;
}

static int
compare_by_key (const Choice *choice, guint32 one, guint32 other)
{
  const TramaFlow *a = trama_flow_table_get_flow (choice->table, one);
  const TramaFlow *b = trama_flow_table_get_flow (choice->table, other);

  switch (choice->key)
    {
    case TRAMA_FLOW_KEY_FROM:
      return compare_endpoints (&a->endpoint[0], &b->endpoint[0]);
    case TRAMA_FLOW_KEY_TO:
      return compare_endpoints (&a->endpoint[1], &b->endpoint[1]);
    case TRAMA_FLOW_KEY_PROCESSES:
      return compare_processes (choice, a, b);
    case TRAMA_FLOW_KEY_PROTOCOL:
      return compare_numbers (a->protocol, b->protocol);
    case TRAMA_FLOW_KEY_ENDING:
      return compare_numbers (trama_phases_get (choice->phases, one)->ending,
                              trama_phases_get (choice->phases, other)->ending);
    case TRAMA_FLOW_KEY_PACKETS:
      return compare_numbers ((guint64) a->packets[0] + a->packets[1],
                              (guint64) b->packets[0] + b->packets[1]);
    case TRAMA_FLOW_KEY_BYTES:
      return compare_numbers (a->payload_bytes[0] + a->payload_bytes[1],
                              b->payload_bytes[0] + b->payload_bytes[1]);
    case TRAMA_FLOW_KEY_DURATION:
      return compare_numbers ((guint64) (a->last_ns - a->first_ns), (guint64) (b->last_ns - b->first_ns));
    case TRAMA_FLOW_KEY_WEIGHT:
      return choice->weights != NULL ? compare_numbers (choice->weights[one], choice->weights[other]) : 0;
    case TRAMA_FLOW_KEY_BEGIN:
      return compare_numbers (one, other); /* they are kept by it */
    case TRAMA_N_FLOW_KEYS:
    default:
      return 0;
    }
}

static int
compare_flows (guint32 one, guint32 other, gpointer user_data)
{
  const Choice *choice = user_data;

  return compare_by_key (choice, one, other) * choice->direction;
}

TramaSieve *
trama_flow_list_sift (TramaFlowTable *table,
                      const TramaPhases *phases,
                      guint32 *weights,
                      const char *filter,
                      TramaFlowKey key,
                      gboolean descending)
{
  Choice *choice = g_new (Choice, 1);
  gboolean is_sorted = key == TRAMA_FLOW_KEY_BEGIN && !descending;

  *choice = (Choice){
    .table = trama_flow_table_ref (table),
    .phases = phases,
    .weights = weights,
    .words = trama_words_split (filter),
    .key = key,
    .direction = descending ? -1 : 1,
  };
  return trama_sieve_new (trama_flow_table_n_flows (table), *choice->words != NULL ? keeps_flow : NULL,
                          is_sorted ? NULL : compare_flows, choice, choice_free);
}
