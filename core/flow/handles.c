/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/handles.h"

/* An actor's descriptor was of that socket at that time. */
typedef struct
{
  guint32 actor;
  gint32 fd;
  gint64 time_ns;
  guint64 socket;
} Handle;

static int
compare_handles (gconstpointer a, gconstpointer b)
{
  const Handle *x = a, *y = b;

  if (x->actor != y->actor)
    return x->actor < y->actor ? -1 : 1;
  if (x->fd != y->fd)
    return x->fd < y->fd ? -1 : 1;
  return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

/* What is collected, and the last of each descriptor of each actor. */
struct _TramaHandlesCollecting
{
  TramaStore *store;
  guint next_call, next_state;
  GArray *handles;
  GHashTable *last; /* guint64, actor << 32 | fd → index + 1 */
};

typedef struct _TramaHandlesCollecting Collection;

/* Again and again the same socket: the first of them tells as much. */
static gboolean
is_known (const Collection *collection, guint64 key, const Handle *handle)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (collection->last, &key));
  const Handle *last = place != 0 ? &g_array_index (collection->handles, Handle, place - 1) : NULL;

  return last != NULL && last->socket == handle->socket && last->time_ns <= handle->time_ns;
}

static void
add_handle (Collection *collection, guint32 actor, gint32 fd, gint64 time_ns, guint64 socket)
{
  const Handle handle = { actor, fd, time_ns, socket };
  const guint64 key = (guint64) actor << 32 | (guint32) fd;

  if (actor == TRAMA_ACTOR_NONE || fd < 0 || socket == TRAMA_SOCKET_NONE
      || is_known (collection, key, &handle))
    return;
  g_array_append_val (collection->handles, handle);
  g_hash_table_replace (collection->last, g_memdup2 (&key, sizeof key),
                        GUINT_TO_POINTER (collection->handles->len));
}

static void
add_call (Collection *collection, const TramaCall *call)
{
  add_handle (collection, call->actor, call->fd, call->entry_ns, call->socket);
}

static void
add_state (Collection *collection, const TramaSocketState *state)
{
  add_handle (collection, state->actor, state->fd, state->time_ns, state->socket);
}

/* Those that were taken before @time_ns. */
static void
add_states (Collection *collection, gint64 time_ns)
{
  for (; collection->next_state < trama_store_n_states (collection->store); collection->next_state++)
    {
      const TramaSocketState *state = trama_store_get_state (collection->store, collection->next_state);

      if (state->time_ns >= time_ns)
        return;
      add_state (collection, state);
    }
}

TramaHandlesCollecting *
trama_handles_begin (TramaStore *store)
{
  Collection *self = g_new0 (Collection, 1);

  self->store = store;
  self->handles = g_array_new (FALSE, FALSE, sizeof (Handle));
  self->last = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return self;
}

gboolean
trama_handles_step (TramaHandlesCollecting *self, guint *room)
{
  for (; self->next_call < trama_store_n_calls (self->store) && *room > 0; self->next_call++, --*room)
    {
      const TramaCall *call = trama_store_get_call (self->store, self->next_call);

      add_states (self, call->entry_ns);
      add_call (self, call);
    }
  return self->next_call < trama_store_n_calls (self->store);
}

void
trama_handles_abandon (TramaHandlesCollecting *self)
{
  g_hash_table_unref (self->last);
  g_array_unref (self->handles);
  g_free (self);
}

GArray *
trama_handles_finish (TramaHandlesCollecting *self)
{
  GArray *handles = g_array_ref (self->handles);

  add_states (self, G_MAXINT64);
  trama_handles_abandon (self);
  g_array_sort (handles, compare_handles);
  return handles;
}

GArray *
trama_handles_collect (TramaStore *store)
{
  Collection *collection = trama_handles_begin (store);
  guint room = G_MAXUINT;

  trama_handles_step (collection, &room);
  return trama_handles_finish (collection);
}

static guint64
handle_at (const GArray *handles, guint index, guint32 actor, gint32 fd)
{
  const Handle *handle;

  if (index >= handles->len)
    return TRAMA_SOCKET_NONE;
  handle = &g_array_index (handles, Handle, index);
  return handle->actor == actor && handle->fd == fd ? handle->socket : TRAMA_SOCKET_NONE;
}

/* The last before; of what was inherited or received perhaps only the first after. */
guint64
trama_handles_find (const GArray *handles, guint32 actor, gint32 fd, gint64 time_ns)
{
  Handle wanted = { actor, fd, time_ns, TRAMA_SOCKET_NONE };
  guint low = 0, high = handles->len;
  guint64 before;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare_handles (&g_array_index (handles, Handle, middle), &wanted) <= 0)
        low = middle + 1;
      else
        high = middle;
    }
  before = low > 0 ? handle_at (handles, low - 1, actor, fd) : TRAMA_SOCKET_NONE;
  return before != TRAMA_SOCKET_NONE ? before : handle_at (handles, low, actor, fd);
}
