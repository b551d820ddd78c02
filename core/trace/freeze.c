/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/store_private.h"

/*
 * Arrays are shared until one of the two would change them; segments of packets, texts and
 * bytes never move, and are the origin's to free. What a reader makes as it reads, the order
 * and the window, each has for itself.
 */

static GArray **
get_array (TramaStore *store, guint index)
{
  GArray **arrays[] = { &store->calls,      &store->actors,     &store->states,    &store->notes,
                        &store->interfaces, &store->statistics, &store->positions, NULL };

  return arrays[index];
}

void
trama_store_stop_sharing (TramaStore *store)
{
  for (guint i = 0; get_array (store, i) != NULL; i++)
    {
      GArray **array = get_array (store, i);
      GArray *shared = *array;

      *array = g_array_copy (shared);
      g_array_unref (shared);
    }
  store->is_shared = FALSE;
}

static void
share_arrays (TramaStore *frozen, TramaStore *store)
{
  for (guint i = 0; get_array (store, i) != NULL; i++)
    {
      g_array_unref (*get_array (frozen, i));
      *get_array (frozen, i) = g_array_ref (*get_array (store, i));
    }
  store->is_shared = TRUE;
}

TramaStore *
trama_store_freeze (TramaStore *store)
{
  TramaStore *frozen = trama_store_new ();

  frozen->origin = trama_store_ref (store);
  frozen->generation = store->generation;
  if (store->bytes_fd >= 0)
    trama_store_set_bytes_fd (frozen, store->bytes_fd);
  trama_column_clear (&frozen->packets);
  trama_column_init_view (&frozen->packets, &store->packets);
  share_arrays (frozen, store);
  frozen->order->needed = store->order->needed;
  for (guint i = 0; i < store->actors->len; i++)
    g_hash_table_insert (frozen->actor_by_id,
                         GUINT_TO_POINTER (g_array_index (store->actors, TramaActor, i).id),
                         GUINT_TO_POINTER (i + 1));
  frozen->session = store->session;
  frozen->ground = store->ground;
  frozen->outcome = store->outcome;
  frozen->span = store->span;
  frozen->has_session = store->has_session;
  frozen->has_ground = store->has_ground;
  frozen->has_outcome = store->has_outcome;
  frozen->has_span = store->has_span;
  frozen->has_zero = store->has_zero;
  return frozen;
}
