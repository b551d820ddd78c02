/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/users.h"

#include "core/chart/settle.h"

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

/* A call uses its socket from its entry on; what it makes, or is given, is there when it returns. */
typedef struct
{
  gint64 time_ns;
  gint64 last_ns; /* of the call */
  guint64 socket;
  guint32 call, actor;
} Deed;

/* A socket changes hands when the one has done with it, but not before the other was there. */
static void
add_use (TramaUsers *users, TramaStore *store, const Deed *deed)
{
  Sharing *sharing = get_sharing (users, deed->socket);
  TramaUse use = { deed->time_ns, deed->actor };
  const TramaUse *last;
  const TramaActor *actor;

  last = sharing->uses->len > 0 ? &g_array_index (sharing->uses, TramaUse, sharing->uses->len - 1) : NULL;
  if (last == NULL)
    g_array_append_val (sharing->uses, use);
  else if (last->actor != use.actor)
    {
      actor = trama_store_find_actor (store, use.actor);
      use.from_ns = MAX (sharing->last_ns, actor != NULL ? actor->start_ns : use.from_ns);
      use.from_ns = CLAMP (use.from_ns, last->from_ns, MAX (deed->time_ns, last->from_ns));
      g_array_append_val (sharing->uses, use);
    }
  sharing->last_ns = deed->last_ns;
}

static int
compare_deeds (gconstpointer a, gconstpointer b)
{
  const Deed *x = a, *y = b;

  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  return x->call < y->call ? -1 : x->call > y->call;
}

/* FALSE: they are not in order any more. */
static gboolean
add_deed (GArray *deeds, const TramaCall *call, gint64 time_ns, guint64 socket, guint32 index)
{
  Deed deed = { time_ns, MAX (call->entry_ns, call->exit_ns), socket, index, call->actor };

  if (socket == TRAMA_SOCKET_NONE)
    return TRUE;
  g_array_append_val (deeds, deed);
  return trama_settle_last (deeds, compare_deeds);
}

/* What is used at once, and what calls made: of each, in order. */
static void
list_deeds (TramaStore *store, GArray *used, GArray *made)
{
  gboolean used_in_order = TRUE, made_in_order = TRUE;

  for (guint32 i = 0; i < trama_store_n_calls (store); i++)
    {
      const TramaCall *call = trama_store_get_call (store, i);

      if (call->name != TRAMA_CALL_CLOSE)
        used_in_order &= add_deed (used, call, call->entry_ns, call->socket, i);
      made_in_order &= add_deed (made, call, MAX (call->entry_ns, call->exit_ns), call->made, i);
    }
  if (!used_in_order)
    g_array_sort (used, compare_deeds);
  if (!made_in_order)
    g_array_sort (made, compare_deeds);
}

TramaUsers *
trama_users_new (TramaStore *store)
{
  TramaUsers *users = g_new0 (TramaUsers, 1);
  g_autoptr (GArray) used = g_array_new (FALSE, FALSE, sizeof (Deed));
  g_autoptr (GArray) made = g_array_new (FALSE, FALSE, sizeof (Deed));

  users->sockets = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, sharing_free);
  list_deeds (store, used, made);
  for (guint at = 0, next = 0; at < used->len || next < made->len;)
    {
      const Deed *use = at < used->len ? &g_array_index (used, Deed, at) : NULL;
      const Deed *making = next < made->len ? &g_array_index (made, Deed, next) : NULL;
      gboolean is_use = making == NULL || (use != NULL && compare_deeds (use, making) <= 0);

      add_use (users, store, is_use ? use : making);
      at += is_use;
      next += !is_use;
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
