/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/parties.h"

#include "core/trace/call.h"

typedef struct
{
  guint32 index;
  gint64 first_sent_ns;
} Party;

static int
compare_parties (gconstpointer a, gconstpointer b)
{
  const Party *x = a, *y = b;

  if (x->first_sent_ns != y->first_sent_ns)
    return x->first_sent_ns < y->first_sent_ns ? -1 : 1;
  return x->index < y->index ? -1 : x->index > y->index;
}

/* close() and shutdown() make packets too, but who hangs up first has said nothing. */
static gboolean
says_something (const TramaCall *call)
{
  const TramaCallInfo *info = trama_call_info (call->name);

  return info != NULL && (info->traits & TRAMA_CALL_SENDS) != 0 && call->name != TRAMA_CALL_CLOSE
         && call->name != TRAMA_CALL_SHUTDOWN;
}

static void
find_first_sent (TramaStore *store, GArray *parties)
{
  g_autoptr (GHashTable) party_of_actor = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < parties->len; i++)
    g_hash_table_insert (party_of_actor, GUINT_TO_POINTER (trama_store_get_actor (store, i)->id),
                         &g_array_index (parties, Party, i));
  for (guint i = 0; i < trama_store_n_calls (store); i++)
    {
      const TramaCall *call = trama_store_get_call (store, i);
      Party *party = g_hash_table_lookup (party_of_actor, GUINT_TO_POINTER (call->actor));

      if (party != NULL && says_something (call))
        party->first_sent_ns = MIN (party->first_sent_ns, call->entry_ns);
    }
}

GArray *
trama_parties_new (TramaStore *store)
{
  guint n = trama_store_n_actors (store);
  g_autoptr (GArray) parties = g_array_sized_new (FALSE, FALSE, sizeof (Party), n);
  GArray *order = g_array_sized_new (FALSE, FALSE, sizeof (guint32), n);

  for (guint32 i = 0; i < n; i++)
    {
      Party party = { i, G_MAXINT64 };

      g_array_append_val (parties, party);
    }
  find_first_sent (store, parties);
  g_array_sort (parties, compare_parties);
  for (guint i = 0; i < n; i++)
    g_array_append_val (order, g_array_index (parties, Party, i).index);
  return order;
}
