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

/*
 * The picture changes: what there is of it stands in for what comes, stretched to where
 * @place says that a height of the picture before is now, until that is painted. What
 * would be stretched too much goes, as does what has stood in for long. The pieces
 * below key 0 stay what they are. @place NULL: the picture has not moved.
 */
typedef double (*TramaStripPlaceFunc) (double y, gpointer user_data);
void trama_strip_cache_let_stand_in (TramaStripCache *cache, TramaStripPlaceFunc place, gpointer user_data);

/* Whether piece @key is painted, or, for now, something stands where y0 … y1 of the picture is. */
/* As if it had never been painted. */
void trama_strip_cache_forget (TramaStripCache *cache, gint64 key);

gboolean trama_strip_cache_has (const TramaStripCache *cache, gint64 key);
gboolean trama_strip_cache_has_stand_in (const TramaStripCache *cache, double y0, double y1);

/* Those at y0 … y1 of the picture, with y0 at the origin. */
void trama_strip_cache_append_stand_ins (TramaStripCache *cache, GtkSnapshot *snapshot, double y0, double y1);
void trama_strip_cache_forget_stand_ins (TramaStripCache *cache);

guint trama_strip_cache_n_strips (const TramaStripCache *cache);
