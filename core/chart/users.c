/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/users.h"

struct _TramaUsers
{
  GHashTable *sockets; /* guint64 → Sharing */
};

typedef struct
{
  GArray *uses; /* of TramaUse */
  gint64 last_ns;
} Sharing;

static void
sharing_free (gpointer data)
{
  Sharing *sharing = data;

  g_array_unref (sharing->uses);
  g_free (sharing);
}

static Sharing *
get_sharing (TramaUsers *users, guint64 socket)
{
  Sharing *sharing = g_hash_table_lookup (users->sockets, &socket);

  if (sharing != NULL)
    return sharing;
  sharing = g_new0 (Sharing, 1);
  sharing->uses = g_array_new (FALSE, FALSE, sizeof (TramaUse));
  g_hash_table_insert (users->sockets, g_memdup2 (&socket, sizeof socket), sharing);
  return sharing;
}

/* A socket changes hands when the one has done with it, but not before the other was there. */
static void
add_use (TramaUsers *users, TramaStore *store, guint64 socket, gint64 time_ns, const TramaCall *call)
{
  Sharing *sharing = get_sharing (users, socket);
  TramaUse use = { time_ns, call->actor };
  const TramaUse *last;
  const TramaActor *actor;

  last = sharing->uses->len > 0 ? &g_array_index (sharing->uses, TramaUse, sharing->uses->len - 1) : NULL;
  if (last == NULL)
    g_array_append_val (sharing->uses, use);
  else if (last->actor != use.actor)
    {
      actor = trama_store_find_actor (store, use.actor);
      use.from_ns = MAX (sharing->last_ns, actor != NULL ? actor->start_ns : use.from_ns);
      use.from_ns = CLAMP (use.from_ns, last->from_ns, MAX (time_ns, last->from_ns));
      g_array_append_val (sharing->uses, use);
    }
  sharing->last_ns = MAX (call->entry_ns, call->exit_ns);
}

/* A call uses its socket from its entry on; what it makes, or is given, is there when it returns. */
typedef struct
{
  gint64 time_ns;
  guint64 socket;
  guint32 call;
} Deed;

static int
compare_deeds (gconstpointer a, gconstpointer b)
{
  const Deed *x = a, *y = b;

  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  return x->call < y->call ? -1 : x->call > y->call;
}

static void
add_deed (GArray *deeds, gint64 time_ns, guint64 socket, guint32 call)
{
  Deed deed = { time_ns, socket, call };

  if (socket != TRAMA_SOCKET_NONE)
    g_array_append_val (deeds, deed);
}

TramaUsers *
trama_users_new (TramaStore *store)
{
  TramaUsers *users = g_new0 (TramaUsers, 1);
  g_autoptr (GArray) deeds = g_array_new (FALSE, FALSE, sizeof (Deed));

  users->sockets = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, sharing_free);
  for (guint32 i = 0; i < trama_store_n_calls (store); i++)
    {
      const TramaCall *call = trama_store_get_call (store, i);

      if (call->name != TRAMA_CALL_CLOSE)
        add_deed (deeds, call->entry_ns, call->socket, i);
      add_deed (deeds, MAX (call->entry_ns, call->exit_ns), call->made, i);
    }
  g_array_sort (deeds, compare_deeds);
  for (guint i = 0; i < deeds->len; i++)
    {
      const Deed *deed = &g_array_index (deeds, Deed, i);

      add_use (users, store, deed->socket, deed->time_ns, trama_store_get_call (store, deed->call));
    }
  return users;
}

void
trama_users_free (TramaUsers *users)
{
  g_hash_table_unref (users->sockets);
  g_free (users);
}

const GArray *
trama_users_get (const TramaUsers *users, guint64 socket)
{
  const Sharing *sharing = g_hash_table_lookup (users->sockets, &socket);

  return sharing != NULL ? sharing->uses : NULL;
}

guint32
trama_users_at (const TramaUsers *users, guint64 socket, gint64 time_ns)
{
  const GArray *uses = trama_users_get (users, socket);
  guint low = 0, high = uses != NULL ? uses->len : 0;

  if (high == 0)
    return TRAMA_ACTOR_NONE;
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (uses, TramaUse, middle).from_ns <= time_ns)
        low = middle;
      else
        high = middle;
    }
  return g_array_index (uses, TramaUse, low).actor;
}
