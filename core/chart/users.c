/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/users.h"

#include "core/chart/settle.h"
#include "core/trace/call.h"

#include <netinet/in.h>

struct _TramaUsers
{
  GHashTable *sockets;    /* guint64 → Sharing */
  GHashTable *first_sent; /* number of an actor → gint64 */
  GArray *forks;          /* of guint32 */
  guint32 pinger;

  /* While calls are taken in; NULL before and after. */
  TramaStore *store;
  GArray *used, *made; /* of Deed: what is used at once, and what calls made */
  guint n_calls;
  guint next_call;
  guint next_used, next_made;
  gboolean used_in_order, made_in_order;
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
  gint32 fd; /* -1: of what it makes nobody has asked */
} Deed;

/* A socket changes hands when the one has done with it, but not before the other was there. */
static void
add_use (TramaUsers *users, TramaStore *store, const Deed *deed)
{
  Sharing *sharing = get_sharing (users, deed->socket);
  TramaUse use = { deed->time_ns, deed->actor, deed->fd };
  TramaUse *last;
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
  else if (last->fd < 0)
    last->fd = deed->fd;
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
add_deed (GArray *deeds, const TramaCall *call, gint64 time_ns, guint64 socket, guint32 index, gint32 fd)
{
  Deed deed = { time_ns, MAX (call->entry_ns, call->exit_ns), socket, index, call->actor, fd };

  if (socket == TRAMA_SOCKET_NONE)
    return TRUE;
  g_array_append_val (deeds, deed);
  return trama_settle_last (deeds, compare_deeds);
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
note_sent (TramaUsers *users, const TramaCall *call)
{
  gint64 *first_ns = g_hash_table_lookup (users->first_sent, GUINT_TO_POINTER (call->actor));

  if (first_ns != NULL)
    *first_ns = MIN (*first_ns, call->entry_ns);
  else
    g_hash_table_insert (users->first_sent, GUINT_TO_POINTER (call->actor),
                         g_memdup2 (&call->entry_ns, sizeof call->entry_ns));
}

static gboolean
makes_pinger (const TramaCall *call)
{
  return call->name == TRAMA_CALL_SOCKET && call->n_args > 2
         && (call->args[2].number == IPPROTO_ICMP || call->args[2].number == IPPROTO_ICMPV6);
}

static void
take_call (TramaUsers *users, guint32 index)
{
  const TramaCall *call = trama_store_get_call (users->store, index);

  if (call->name != TRAMA_CALL_CLOSE)
    users->used_in_order &= add_deed (users->used, call, call->entry_ns, call->socket, index, call->fd);
  users->made_in_order &= add_deed (users->made, call, MAX (call->entry_ns, call->exit_ns), call->made, index,
                                    -1);
  if (says_something (call))
    note_sent (users, call);
  if (call->name == TRAMA_CALL_FORK)
    g_array_append_val (users->forks, index);
  if (users->pinger == G_MAXUINT32 && makes_pinger (call))
    users->pinger = index;
}

/* FALSE: there are no more. */
static gboolean
take_deed (TramaUsers *users)
{
  const Deed *use = users->next_used < users->used->len ? &g_array_index (users->used, Deed, users->next_used)
                                                        : NULL;
  const Deed *making = users->next_made < users->made->len
                           ? &g_array_index (users->made, Deed, users->next_made)
                           : NULL;
  gboolean is_use = making == NULL || (use != NULL && compare_deeds (use, making) <= 0);

  if (use == NULL && making == NULL)
    return FALSE;
  add_use (users, users->store, is_use ? use : making);
  users->next_used += is_use;
  users->next_made += !is_use;
  return TRUE;
}

TramaUsers *
trama_users_begin (TramaStore *store)
{
  TramaUsers *users = g_new0 (TramaUsers, 1);

  users->sockets = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, sharing_free);
  users->first_sent = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  users->forks = g_array_new (FALSE, FALSE, sizeof (guint32));
  users->pinger = G_MAXUINT32;
  users->store = trama_store_ref (store);
  users->used = g_array_new (FALSE, FALSE, sizeof (Deed));
  users->made = g_array_new (FALSE, FALSE, sizeof (Deed));
  users->used_in_order = users->made_in_order = TRUE;
  users->n_calls = trama_store_n_calls (store);
  return users;
}

static void
forget_deeds (TramaUsers *users)
{
  g_clear_pointer (&users->used, g_array_unref);
  g_clear_pointer (&users->made, g_array_unref);
  g_clear_pointer (&users->store, trama_store_unref);
}

gboolean
trama_users_step (TramaUsers *users, guint *room)
{
  if (users->store == NULL)
    return FALSE;
  for (; users->next_call<users->n_calls && * room> 0; --*room)
    {
      take_call (users, users->next_call++);
      if (users->next_call < users->n_calls)
        continue;
      if (!users->used_in_order)
        g_array_sort (users->used, compare_deeds);
      if (!users->made_in_order)
        g_array_sort (users->made, compare_deeds);
    }
  if (users->next_call < users->n_calls)
    return TRUE;
  for (; *room > 0; --*room)
    if (!take_deed (users))
      {
        forget_deeds (users);
        return FALSE;
      }
  return TRUE;
}

TramaUsers *
trama_users_new (TramaStore *store)
{
  TramaUsers *users = trama_users_begin (store);
  guint room;

  do
    room = G_MAXUINT;
  while (trama_users_step (users, &room));
  return users;
}

void
trama_users_free (TramaUsers *users)
{
  forget_deeds (users);
  g_hash_table_unref (users->sockets);
  g_hash_table_unref (users->first_sent);
  g_array_unref (users->forks);
  g_free (users);
}

const GArray *
trama_users_get (const TramaUsers *users, guint64 socket)
{
  const Sharing *sharing = g_hash_table_lookup (users->sockets, &socket);

  return sharing != NULL ? sharing->uses : NULL;
}

/* NULL: no call was made on it. */
static const TramaUse *
find_use (const TramaUsers *users, guint64 socket, gint64 time_ns)
{
  const GArray *uses = trama_users_get (users, socket);
  guint low = 0, high = uses != NULL ? uses->len : 0;

  if (high == 0)
    return NULL;
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (uses, TramaUse, middle).from_ns <= time_ns)
        low = middle;
      else
        high = middle;
    }
  return &g_array_index (uses, TramaUse, low);
}

guint32
trama_users_at (const TramaUsers *users, guint64 socket, gint64 time_ns)
{
  const TramaUse *use = find_use (users, socket, time_ns);

  return use != NULL ? use->actor : TRAMA_ACTOR_NONE;
}

gint32
trama_users_descriptor_at (const TramaUsers *users, guint64 socket, gint64 time_ns)
{
  const TramaUse *use = find_use (users, socket, time_ns);

  return use != NULL ? use->fd : -1;
}

gint64
trama_users_first_sent (const TramaUsers *users, guint32 actor)
{
  const gint64 *first_ns = g_hash_table_lookup (users->first_sent, GUINT_TO_POINTER (actor));

  return first_ns != NULL ? *first_ns : G_MAXINT64;
}

const GArray *
trama_users_get_forks (const TramaUsers *users)
{
  return users->forks;
}

guint32
trama_users_find_pinger (const TramaUsers *users)
{
  return users->pinger;
}
