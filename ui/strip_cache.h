/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * Pieces of a picture, painted once into images and kept as render nodes, so that
 * scrolling costs a blit. The same node is given out for the same piece until it
 * is cleared. Main thread only.
 */

#define TRAMA_STRIP_HEIGHT_PX 256

/* What a piece is painted for; the cache empties itself when it differs from the last. */
typedef struct
{
  int width_px;
  int scale;         /* device pixels per px */
  gboolean textures; /* the renderer wants textures (GskGL), not images */
} TramaStripTarget;

/* Paints piece @key with its top left corner at the origin. */
typedef void (*TramaStripFunc) (cairo_t *cr, gint64 key, gpointer user_data);

typedef struct _TramaStripCache TramaStripCache;

TramaStripCache *trama_strip_cache_new (void);
void trama_strip_cache_free (TramaStripCache *cache);
void trama_strip_cache_clear (TramaStripCache *cache);

/* Borrowed. Calls @func when piece @key is not there. */
GskRenderNode *trama_strip_cache_get (TramaStripCache *cache,
                                      const TramaStripTarget *target,
                                      gint64 key,
                                      int height_px,
                                      TramaStripFunc func,
                                      gpointer user_data);

/* Forgets the pieces from key 0 upwards that lie outside @first to @last. */
void trama_strip_cache_trim (TramaStripCache *cache, gint64 first, gint64 last);

guint trama_strip_cache_n_strips (const TramaStripCache *cache);
