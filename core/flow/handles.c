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

static void
add_handle (GArray *handles, guint32 actor, gint32 fd, gint64 time_ns, guint64 socket)
{
  Handle handle = { actor, fd, time_ns, socket };

  if (actor != TRAMA_ACTOR_NONE && fd >= 0 && socket != TRAMA_SOCKET_NONE)
    g_array_append_val (handles, handle);
}

GArray *
trama_handles_collect (TramaStore *store)
{
  GArray *handles = g_array_new (FALSE, FALSE, sizeof (Handle));

  for (guint i = 0; i < trama_store_n_calls (store); i++)
    {
      const TramaCall *call = trama_store_get_call (store, i);

      add_handle (handles, call->actor, call->fd, call->entry_ns, call->socket);
    }
  for (guint i = 0; i < trama_store_n_states (store); i++)
    {
      const TramaSocketState *state = trama_store_get_state (store, i);

      add_handle (handles, state->actor, state->fd, state->time_ns, state->socket);
    }
  g_array_sort (handles, compare_handles);
  return handles;
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
