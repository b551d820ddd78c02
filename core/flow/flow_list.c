/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/decode/summary.h"
#include "core/flow/flow_list.h"

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

static gboolean
holds (const char *text, const char *word)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return strstr (folded, word) != NULL;
}

typedef struct
{
  TramaFlowTable *table;
  const TramaPhases *phases;
  const guint32 *weights; /* NULL: none */
  TramaFlowKey key;
  int direction;
} Choice;

static gboolean
flow_holds (const Choice *choice, guint32 index, const char *word)
{
  const TramaFlow *flow = trama_flow_table_get_flow (choice->table, index);
  g_autofree char *from = trama_endpoint_format (&flow->endpoint[0]);
  g_autofree char *to = trama_endpoint_format (&flow->endpoint[1]);
  g_autofree char *protocol = NULL;
  g_autofree char *processes = NULL;
  const char *ending = trama_ending_name (trama_phases_get (choice->phases, index)->ending);

  /* Endpoints have no upper case. */
  if (strstr (from, word) != NULL || strstr (to, word) != NULL)
    return TRUE;
  if (*ending != '\0' && holds (_ (ending), word))
    return TRUE;
  protocol = trama_protocol_format (flow->protocol);
  processes = trama_flow_format_processes (choice->table, flow);
  return holds (protocol, word) || holds (processes, word);
}

static gboolean
flow_holds_all (const Choice *choice, guint32 index, char **words)
{
  for (; *words != NULL; words++)
    if (**words != '\0' && !flow_holds (choice, index, *words))
      return FALSE;
  return TRUE;
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
  g_autofree char *x = trama_flow_format_processes (choice->table, a);
  g_autofree char *y = trama_flow_format_processes (choice->table, b);

  return strcmp (x, y);
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
    case TRAMA_N_FLOW_KEYS:
    default:
      return 0;
    }
}

static int
compare_flows (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Choice *choice = user_data;
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;
  int order = compare_by_key (choice, x, y);

  if (order != 0)
    return order * choice->direction;
  /* Flows are kept by their begin. */
  order = compare_numbers (x, y);
  return choice->key == TRAMA_FLOW_KEY_BEGIN ? order * choice->direction : order;
}

GArray *
trama_flow_list_new (TramaFlowTable *table,
                     const TramaPhases *phases,
                     const guint32 *weights,
                     const char *filter,
                     TramaFlowKey key,
                     gboolean descending)
{
  guint n_flows = trama_flow_table_n_flows (table);
  GArray *list = g_array_sized_new (FALSE, FALSE, sizeof (guint32), n_flows);
  Choice choice = { table, phases, weights, key, descending ? -1 : 1 };
  g_autofree char *folded = g_utf8_casefold (filter != NULL ? filter : "", -1);
  g_auto (GStrv) words = g_strsplit (folded, " ", -1);

  for (guint32 i = 0; i < n_flows; i++)
    if (flow_holds_all (&choice, i, words))
      g_array_append_val (list, i);
  if (key != TRAMA_FLOW_KEY_BEGIN || descending)
    g_array_sort_with_data (list, compare_flows, &choice);
  return list;
}
