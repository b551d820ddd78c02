/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/parties.h"

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

GArray *
trama_parties_new (TramaStore *store, const TramaUsers *users)
{
  guint n = trama_store_n_actors (store);
  g_autoptr (GArray) parties = g_array_sized_new (FALSE, FALSE, sizeof (Party), n);
  GArray *order = g_array_sized_new (FALSE, FALSE, sizeof (guint32), n);

  for (guint32 i = 0; i < n; i++)
    {
      Party party = { i, trama_users_first_sent (users, trama_store_get_actor (store, i)->id) };

      g_array_append_val (parties, party);
    }
  g_array_sort (parties, compare_parties);
  for (guint i = 0; i < n; i++)
    g_array_append_val (order, g_array_index (parties, Party, i).index);
  return order;
}
