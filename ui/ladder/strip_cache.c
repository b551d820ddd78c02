/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/strip_cache.h"

/* How many stand in at most, and how much each may be stretched. */
#define STAND_INS_MAX 24
#define STRETCH_MAX 4

/* A piece of a picture that was, where it belongs in the one that is. */
typedef struct
{
  GskRenderNode *node;
  double y0, y1;
} StandIn;

struct _TramaStripCache
{
  GHashTable *nodes; /* key → GskRenderNode */
  GArray *stand_ins; /* of StandIn, the oldest first */
  GPtrArray *orders; /* of TramaStripOrder, borrowed */
  TramaStripWorker *worker;
  TramaStripTarget target;
  TramaStripReadyFunc ready; /* NULL */
  gpointer ready_data;
};

static void
stand_in_clear (gpointer data)
{
  gsk_render_node_unref (((StandIn *) data)->node);
}

static GskRenderNode *
texture_node (cairo_surface_t *surface, const graphene_rect_t *bounds)
{
  int stride = cairo_image_surface_get_stride (surface);
  int height = cairo_image_surface_get_height (surface);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface), (gsize) stride * (gsize) height,
                                      (GDestroyNotify) cairo_surface_destroy,
                                      cairo_surface_reference (surface));
  texture = gdk_memory_texture_new (cairo_image_surface_get_width (surface), height, GDK_MEMORY_DEFAULT,
                                    bytes, (gsize) stride);
  return gsk_texture_node_new (texture, bounds);
}

/* The cairo renderer copies a texture in every frame, but blits a recording that is one image. */
static GskRenderNode *
image_node (cairo_surface_t *surface, const graphene_rect_t *bounds, int scale)
{
  GskRenderNode *node = gsk_cairo_node_new (bounds);
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);

  cairo_scale (cr, 1.0 / scale, 1.0 / scale);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_destroy (cr);
  return node;
}

static GskRenderNode *
node_new (const TramaStripTarget *target, int height_px, cairo_surface_t *surface)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) target->width_px, (float) height_px);

  return target->textures ? texture_node (surface, &bounds) : image_node (surface, &bounds, target->scale);
}

static void
keep (TramaStripCache *self, gint64 key, GskRenderNode *node)
{
  g_hash_table_insert (self->nodes, g_memdup2 (&key, sizeof key), node);
}

static gboolean
is_stretched_too_much (double y0, double y1)
{
  return y1 - y0 < (double) TRAMA_STRIP_HEIGHT_PX / STRETCH_MAX
         || y1 - y0 > TRAMA_STRIP_HEIGHT_PX * STRETCH_MAX;
}

static void
take_order (TramaStripCache *self, TramaStripOrder *order)
{
  GskRenderNode *node = node_new (&order->target, order->height_px, order->surface);
  StandIn stand_in = { node, order->y0, order->y1 };

  if (order->is_moved)
    g_array_append_val (self->stand_ins, stand_in);
  else
    keep (self, order->key, node);
  if (self->ready != NULL)
    self->ready (order->is_moved ? -1 : order->key, order->took_us, self->ready_data);
}

static void
on_done (TramaStripOrder *order, gpointer user_data)
{
  TramaStripCache *self = user_data;

  g_ptr_array_remove_fast (self->orders, order);
  if (order->surface != NULL && !order->is_dropped)
    take_order (self, order);
  trama_strip_order_free (order);
}

TramaStripCache *
trama_strip_cache_new (void)
{
  TramaStripCache *self = g_new0 (TramaStripCache, 1);

  self->nodes = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                       (GDestroyNotify) gsk_render_node_unref);
  self->stand_ins = g_array_new (FALSE, FALSE, sizeof (StandIn));
  g_array_set_clear_func (self->stand_ins, stand_in_clear);
  self->orders = g_ptr_array_new ();
  self->worker = trama_strip_worker_new (on_done, self);
  return self;
}

static TramaStripOrder *
find_order (const TramaStripCache *self, gint64 key)
{
  for (guint i = 0; i < self->orders->len; i++)
    {
      TramaStripOrder *order = self->orders->pdata[i];

      if (order->key == key && !order->is_moved && !order->is_dropped)
        return order;
    }
  return NULL;
}

static void
drop_order (TramaStripOrder *order)
{
  order->is_dropped = TRUE;
  trama_strip_worker_call_off (order);
}

static void
drop_orders (TramaStripCache *self)
{
  for (guint i = 0; i < self->orders->len; i++)
    drop_order (self->orders->pdata[i]);
}

void
trama_strip_cache_free (TramaStripCache *self)
{
  drop_orders (self);
  trama_strip_worker_free (self->worker);
  g_ptr_array_unref (self->orders);
  g_hash_table_unref (self->nodes);
  g_array_unref (self->stand_ins);
  g_free (self);
}

void
trama_strip_cache_clear (TramaStripCache *self)
{
  drop_orders (self);
  g_hash_table_remove_all (self->nodes);
  trama_strip_cache_forget_stand_ins (self);
}

void
trama_strip_cache_set_ready (TramaStripCache *self, TramaStripReadyFunc func, gpointer user_data)
{
  self->ready = func;
  self->ready_data = user_data;
}

static void
add_strips (TramaStripCache *self)
{
  GHashTableIter iter;
  gpointer key, node;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, &key, &node))
    {
      double y = (double) *(const gint64 *) key * TRAMA_STRIP_HEIGHT_PX;
      StandIn stand_in = { gsk_render_node_ref (node), y, y + TRAMA_STRIP_HEIGHT_PX };

      if (*(const gint64 *) key < 0)
        {
          gsk_render_node_unref (stand_in.node);
          continue;
        }
      g_array_append_val (self->stand_ins, stand_in);
      g_hash_table_iter_remove (&iter);
    }
}

static void
move_orders (TramaStripCache *self, TramaStripPlaceFunc place, gpointer user_data)
{
  for (guint i = 0; i < self->orders->len; i++)
    {
      TramaStripOrder *order = self->orders->pdata[i];

      if (order->is_dropped)
        continue;
      order->is_moved = TRUE;
      if (place != NULL)
        {
          order->y0 = place (order->y0, user_data);
          order->y1 = place (order->y1, user_data);
        }
      if (trama_strip_worker_call_off (order) || is_stretched_too_much (order->y0, order->y1))
        order->is_dropped = TRUE;
    }
}

void
trama_strip_cache_let_stand_in (TramaStripCache *self, TramaStripPlaceFunc place, gpointer user_data)
{
  add_strips (self);
  move_orders (self, place, user_data);
  if (self->stand_ins->len > STAND_INS_MAX)
    g_array_remove_range (self->stand_ins, 0, self->stand_ins->len - STAND_INS_MAX);
  for (guint i = self->stand_ins->len; place != NULL && i-- > 0;)
    {
      StandIn *stand_in = &g_array_index (self->stand_ins, StandIn, i);

      stand_in->y0 = place (stand_in->y0, user_data);
      stand_in->y1 = place (stand_in->y1, user_data);
      if (is_stretched_too_much (stand_in->y0, stand_in->y1))
        g_array_remove_index (self->stand_ins, i);
    }
}

void
trama_strip_cache_forget_stand_ins (TramaStripCache *self)
{
  g_array_set_size (self->stand_ins, 0);
}

void
trama_strip_cache_forget (TramaStripCache *self, gint64 key)
{
  TramaStripOrder *order = find_order (self, key);

  if (order != NULL)
    drop_order (order);
  g_hash_table_remove (self->nodes, &key);
}

gboolean
trama_strip_cache_has (const TramaStripCache *self, gint64 key)
{
  return g_hash_table_contains (self->nodes, &key);
}

static gboolean
reaches (const StandIn *stand_in, double y0, double y1)
{
  return stand_in->y1 > y0 && stand_in->y0 < y1;
}

gboolean
trama_strip_cache_has_stand_in (const TramaStripCache *self, double y0, double y1)
{
  for (guint i = 0; i < self->stand_ins->len; i++)
    if (reaches (&g_array_index (self->stand_ins, StandIn, i), y0, y1))
      return TRUE;
  return FALSE;
}

void
trama_strip_cache_append_stand_ins (TramaStripCache *self, GtkSnapshot *snapshot, double y0, double y1)
{
  for (guint i = 0; i < self->stand_ins->len; i++)
    {
      const StandIn *stand_in = &g_array_index (self->stand_ins, StandIn, i);

      if (!reaches (stand_in, y0, y1))
        continue;
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, (float) (stand_in->y0 - y0)));
      gtk_snapshot_scale (snapshot, 1, (float) ((stand_in->y1 - stand_in->y0) / TRAMA_STRIP_HEIGHT_PX));
      gtk_snapshot_append_node (snapshot, stand_in->node);
      gtk_snapshot_restore (snapshot);
    }
}

static void
aim_at (TramaStripCache *self, const TramaStripTarget *target)
{
  if (self->target.width_px != target->width_px || self->target.scale != target->scale
      || self->target.textures != target->textures)
    trama_strip_cache_clear (self); /* stand-ins too: they have another width */
  self->target = *target;
}

GskRenderNode *
trama_strip_cache_get (TramaStripCache *self,
                       const TramaStripTarget *target,
                       gint64 key,
                       int height_px,
                       TramaStripFunc func,
                       gpointer user_data)
{
  cairo_surface_t *surface;
  GskRenderNode *node;

  aim_at (self, target);
  node = g_hash_table_lookup (self->nodes, &key);
  if (node != NULL)
    return node;

  surface = trama_strip_paint (target, key, height_px, func, user_data);
  node = node_new (target, height_px, surface);
  cairo_surface_destroy (surface);
  keep (self, key, node);
  return node;
}

void
trama_strip_cache_order (TramaStripCache *self,
                         const TramaStripTarget *target,
                         gint64 key,
                         TramaStripFunc func,
                         gpointer data,
                         GDestroyNotify free_data)
{
  TramaStripOrder *order = g_new0 (TramaStripOrder, 1);

  aim_at (self, target);
  order->target = *target;
  order->key = key;
  order->height_px = TRAMA_STRIP_HEIGHT_PX;
  order->func = func;
  order->data = data;
  order->free_data = free_data;
  order->y0 = (double) key * TRAMA_STRIP_HEIGHT_PX;
  order->y1 = order->y0 + TRAMA_STRIP_HEIGHT_PX;
  g_ptr_array_add (self->orders, order);
  trama_strip_worker_push (self->worker, order);
}

gboolean
trama_strip_cache_is_ordered (const TramaStripCache *self, gint64 key)
{
  return find_order (self, key) != NULL;
}

guint
trama_strip_cache_n_ordered (const TramaStripCache *self)
{
  guint n = 0;

  for (guint i = 0; i < self->orders->len; i++)
    n += !((const TramaStripOrder *) self->orders->pdata[i])->is_dropped;
  return n;
}

void
trama_strip_cache_trim (TramaStripCache *self, gint64 first, gint64 last)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      gint64 strip = *(const gint64 *) key;

      if (strip >= 0 && (strip < first || strip > last))
        g_hash_table_iter_remove (&iter);
    }
  for (guint i = 0; i < self->orders->len; i++)
    {
      TramaStripOrder *order = self->orders->pdata[i];

      if (!order->is_moved && (order->key < first || order->key > last))
        drop_order (order);
    }
}

guint
trama_strip_cache_n_strips (const TramaStripCache *self)
{
  return g_hash_table_size (self->nodes);
}
