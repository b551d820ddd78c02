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
  TramaStripTarget target;
};

static void
stand_in_clear (gpointer data)
{
  gsk_render_node_unref (((StandIn *) data)->node);
}

TramaStripCache *
trama_strip_cache_new (void)
{
  TramaStripCache *self = g_new0 (TramaStripCache, 1);

  self->nodes = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                       (GDestroyNotify) gsk_render_node_unref);
  self->stand_ins = g_array_new (FALSE, FALSE, sizeof (StandIn));
  g_array_set_clear_func (self->stand_ins, stand_in_clear);
  return self;
}

void
trama_strip_cache_free (TramaStripCache *self)
{
  g_hash_table_unref (self->nodes);
  g_array_unref (self->stand_ins);
  g_free (self);
}

void
trama_strip_cache_clear (TramaStripCache *self)
{
  g_hash_table_remove_all (self->nodes);
  trama_strip_cache_forget_stand_ins (self);
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

void
trama_strip_cache_let_stand_in (TramaStripCache *self, TramaStripPlaceFunc place, gpointer user_data)
{
  add_strips (self);
  if (self->stand_ins->len > STAND_INS_MAX)
    g_array_remove_range (self->stand_ins, 0, self->stand_ins->len - STAND_INS_MAX);
  for (guint i = self->stand_ins->len; place != NULL && i-- > 0;)
    {
      StandIn *stand_in = &g_array_index (self->stand_ins, StandIn, i);
      double height;

      stand_in->y0 = place (stand_in->y0, user_data);
      stand_in->y1 = place (stand_in->y1, user_data);
      height = stand_in->y1 - stand_in->y0;
      if (height < (double) TRAMA_STRIP_HEIGHT_PX / STRETCH_MAX
          || height > TRAMA_STRIP_HEIGHT_PX * STRETCH_MAX)
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

static cairo_surface_t *
paint_surface (const TramaStripTarget *target,
               gint64 key,
               int height_px,
               TramaStripFunc func,
               gpointer user_data)
{
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_ARGB32, target->width_px * target->scale, height_px * target->scale);
  cairo_t *cr = cairo_create (surface);

  cairo_scale (cr, target->scale, target->scale);
  func (cr, key, user_data);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
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

GskRenderNode *
trama_strip_cache_get (TramaStripCache *self,
                       const TramaStripTarget *target,
                       gint64 key,
                       int height_px,
                       TramaStripFunc func,
                       gpointer user_data)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) target->width_px, (float) height_px);
  cairo_surface_t *surface;
  GskRenderNode *node;

  if (self->target.width_px != target->width_px || self->target.scale != target->scale
      || self->target.textures != target->textures)
    trama_strip_cache_clear (self); /* stand-ins too: they have another width */
  self->target = *target;

  node = g_hash_table_lookup (self->nodes, &key);
  if (node != NULL)
    return node;

  surface = paint_surface (target, key, height_px, func, user_data);
  node = target->textures ? texture_node (surface, &bounds) : image_node (surface, &bounds, target->scale);
  cairo_surface_destroy (surface);
  g_hash_table_insert (self->nodes, g_memdup2 (&key, sizeof key), node);
  return node;
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
}

guint
trama_strip_cache_n_strips (const TramaStripCache *self)
{
  return g_hash_table_size (self->nodes);
}
