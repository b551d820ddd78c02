/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * A thread that paints pieces of a picture into images, one after the other, and hands them
 * back on the main thread. It begins with the first order. Main thread only, but for what
 * the orders say.
 */

#define TRAMA_STRIP_HEIGHT_PX 256

/* What a piece is painted for. */
typedef struct
{
  int width_px;
  int scale;         /* device pixels per px */
  gboolean textures; /* the renderer wants textures (GskGL), not images */
} TramaStripTarget;

/* Paints piece @key with its top left corner at the origin. */
typedef void (*TramaStripFunc) (cairo_t *cr, gint64 key, gpointer user_data);

/* Whoever gives it keeps it, until it is done. */
typedef struct
{
  TramaStripTarget target;
  gint64 key;
  int height_px;
  TramaStripFunc func;      /* called in the thread */
  gpointer data;            /* owned */
  GDestroyNotify free_data; /* called on the main thread */

  cairo_surface_t *surface; /* when it is done; NULL: it was called off */
  gint64 took_us;
  double y0, y1; /* in the picture: where it belongs, which may move */
  gboolean is_moved;
  gboolean is_dropped; /* nobody waits for it any more */
  gint state;          /* the worker's */
} TramaStripOrder;

typedef void (*TramaStripDoneFunc) (TramaStripOrder *order, gpointer user_data);

typedef struct _TramaStripWorker TramaStripWorker;

/* @done is called from the main loop for every order, and owns it then. */
TramaStripWorker *trama_strip_worker_new (TramaStripDoneFunc done, gpointer user_data);

/* Waits for what is being painted, calls off the rest, and hands over all of it. */
void trama_strip_worker_free (TramaStripWorker *worker);

void trama_strip_worker_push (TramaStripWorker *worker, TramaStripOrder *order);

/* FALSE: it is being painted, or it is done. It is handed over all the same. */
gboolean trama_strip_worker_call_off (TramaStripOrder *order);

void trama_strip_order_free (TramaStripOrder *order);

/* An image for @target, painted at once. */
cairo_surface_t *trama_strip_paint (const TramaStripTarget *target,
                                    gint64 key,
                                    int height_px,
                                    TramaStripFunc func,
                                    gpointer user_data);
