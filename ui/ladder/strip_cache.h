/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/ladder/strip_worker.h"

/*
 * Pieces of a picture, painted once into images and kept as render nodes, so that
 * scrolling costs a blit. The same node is given out for the same piece until it
 * is cleared. What would take long is ordered and painted in a thread. The cache empties
 * itself when the target differs from the last. Main thread only.
 */

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

/*
 * The same in a thread; it is not there yet. @func is called there, with @data, which is freed
 * on the main thread when it is no longer needed. Such a piece is of TRAMA_STRIP_HEIGHT_PX.
 */
void trama_strip_cache_order (TramaStripCache *cache,
                              const TramaStripTarget *target,
                              gint64 key,
                              TramaStripFunc func,
                              gpointer data,
                              GDestroyNotify free_data);
gboolean trama_strip_cache_is_ordered (const TramaStripCache *cache, gint64 key);
guint trama_strip_cache_n_ordered (const TramaStripCache *cache);

/* Called when an order is done and of use, with how long it took in the thread. @key -1: it stands in. Once. */
typedef void (*TramaStripReadyFunc) (gint64 key, gint64 took_us, gpointer user_data);
void trama_strip_cache_set_ready (TramaStripCache *cache, TramaStripReadyFunc func, gpointer user_data);

/* Forgets the pieces from key 0 upwards that lie outside @first to @last. */
void trama_strip_cache_trim (TramaStripCache *cache, gint64 first, gint64 last);

/*
 * The picture changes: what there is of it stands in for what comes, stretched to where
 * @place says that a height of the picture before is now, until that is painted. What
 * would be stretched too much goes, as does what has stood in for long. What is being painted
 * will stand in, too; what is only ordered is called off. The pieces below key 0 stay what
 * they are. @place NULL: the picture has not moved.
 */
typedef double (*TramaStripPlaceFunc) (double y, gpointer user_data);
void trama_strip_cache_let_stand_in (TramaStripCache *cache, TramaStripPlaceFunc place, gpointer user_data);

/* As if it had never been painted. */
void trama_strip_cache_forget (TramaStripCache *cache, gint64 key);

/* Whether piece @key is painted, or, for now, something stands where y0 … y1 of the picture is. */
gboolean trama_strip_cache_has (const TramaStripCache *cache, gint64 key);
gboolean trama_strip_cache_has_stand_in (const TramaStripCache *cache, double y0, double y1);

/* Those at y0 … y1 of the picture, with y0 at the origin. */
void trama_strip_cache_append_stand_ins (TramaStripCache *cache, GtkSnapshot *snapshot, double y0, double y1);
void trama_strip_cache_forget_stand_ins (TramaStripCache *cache);

guint trama_strip_cache_n_strips (const TramaStripCache *cache);
