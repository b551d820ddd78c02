/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/lanes.h"

struct _TramaLanes
{
  gatomicrefcount ref_count;
  GArray *order;  /* of gint32, from left to right */
  GArray *folded; /* of gint32 */
  GArray *pinned; /* of gint32 */
};

static GArray *
copy_or_new (const GArray *array)
{
  return array != NULL ? g_array_copy ((GArray *) array) : g_array_new (FALSE, FALSE, sizeof (gint32));
}

static TramaLanes *
copy (const TramaLanes *before)
{
  TramaLanes *self = g_new0 (TramaLanes, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->order = copy_or_new (before != NULL ? before->order : NULL);
  self->folded = copy_or_new (before != NULL ? before->folded : NULL);
  self->pinned = copy_or_new (before != NULL ? before->pinned : NULL);
  return self;
}

/* G_MAXUINT: it is not among them. */
static guint
find (const GArray *lanes, gint32 lane)
{
  for (guint i = 0; i < lanes->len; i++)
    if (g_array_index (lanes, gint32, i) == lane)
      return i;
  return G_MAXUINT;
}

TramaLanes *
trama_lanes_new_moved (const TramaLanes *before, const gint32 *shown, guint n_shown, guint from, guint to)
{
  TramaLanes *self;
  gint32 moved;

  g_return_val_if_fail (from < n_shown && to < n_shown, NULL);
  self = copy (before);
  moved = shown[from];
  g_array_set_size (self->order, 0);
  g_array_append_vals (self->order, shown, n_shown);
  g_array_remove_index (self->order, from);
  g_array_insert_val (self->order, to, moved);
  return self;
}

static void
toggle (GArray *lanes, gint32 lane)
{
  guint index = find (lanes, lane);

  if (index != G_MAXUINT)
    g_array_remove_index (lanes, index);
  else
    g_array_append_val (lanes, lane);
}

TramaLanes *
trama_lanes_new_toggled (const TramaLanes *before, gint32 lane)
{
  TramaLanes *self = copy (before);

  toggle (self->folded, lane);
  return self;
}

TramaLanes *
trama_lanes_new_pinned (const TramaLanes *before, gint32 lane)
{
  TramaLanes *self = copy (before);

  toggle (self->pinned, lane);
  return self;
}

TramaLanes *
trama_lanes_ref (TramaLanes *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
trama_lanes_unref (TramaLanes *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->order);
  g_array_unref (self->folded);
  g_array_unref (self->pinned);
  g_free (self);
}

gboolean
trama_lanes_is_folded (const TramaLanes *self, gint32 lane)
{
  return self != NULL && find (self->folded, lane) != G_MAXUINT;
}

gboolean
trama_lanes_is_pinned (const TramaLanes *self, gint32 lane)
{
  return self != NULL && find (self->pinned, lane) != G_MAXUINT;
}

static guint
count (const TramaLanes *self)
{
  return self != NULL ? self->order->len : 0;
}

gboolean
trama_lanes_is_same_order (const TramaLanes *self, const TramaLanes *other)
{
  if (count (self) != count (other))
    return FALSE;
  for (guint i = 0; i < count (self); i++)
    if (g_array_index (self->order, gint32, i) != g_array_index (other->order, gint32, i))
      return FALSE;
  return TRUE;
}

/* Those who are in the order share out among themselves the places that they have. */
void
trama_lanes_arrange (const TramaLanes *self, gint32 *columns, guint n_columns)
{
  g_autoptr (GArray) shown = g_array_new (FALSE, FALSE, sizeof (gint32));
  g_autoptr (GArray) here = g_array_new (FALSE, FALSE, sizeof (gint32));
  guint next = 0;

  g_array_append_vals (shown, columns, n_columns);
  for (guint i = 0; i < count (self); i++)
    if (find (shown, g_array_index (self->order, gint32, i)) != G_MAXUINT)
      g_array_append_val (here, g_array_index (self->order, gint32, i));
  for (guint i = 0; i < n_columns; i++)
    if (find (here, columns[i]) != G_MAXUINT)
      columns[i] = g_array_index (here, gint32, next++);
}
