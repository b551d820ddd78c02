/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/strip_worker.h"
#include "ui/paint/font_lock.h"

#include <time.h>

enum
{
  STATE_WAITING,
  STATE_BEGUN,
  STATE_CALLED_OFF,
  STATE_DONE,
};

struct _TramaStripWorker
{
  TramaStripDoneFunc func;
  gpointer user_data;
  GThreadPool *pool; /* NULL: nothing was ordered yet */
  GAsyncQueue *done; /* of TramaStripOrder */
  GSource *delivery; /* hands them over */
};

cairo_surface_t *
trama_strip_paint (const TramaStripTarget *target,
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

void
trama_strip_order_free (TramaStripOrder *order)
{
  order->free_data (order->data);
  g_clear_pointer (&order->surface, cairo_surface_destroy);
  g_free (order);
}

static void
hand_over (TramaStripWorker *self)
{
  TramaStripOrder *order;

  while ((order = g_async_queue_try_pop (self->done)) != NULL)
    {
      g_return_if_fail (g_atomic_int_get (&order->state) == STATE_DONE);
      self->func (order, self->user_data);
    }
}

/* Of this thread's work: what it waited for the fonts is not what a strip costs. */
static gint64
get_work_us (void)
{
  struct timespec spent;

  if (clock_gettime (CLOCK_THREAD_CPUTIME_ID, &spent) != 0)
    return g_get_monotonic_time ();
  return (gint64) spent.tv_sec * G_USEC_PER_SEC + spent.tv_nsec / 1000;
}

/* In the thread. */
static void
paint (gpointer data, gpointer user_data)
{
  TramaStripOrder *order = data;
  TramaStripWorker *self = user_data;

  if (g_atomic_int_compare_and_exchange (&order->state, STATE_WAITING, STATE_BEGUN))
    {
      gint64 begin_us = get_work_us ();

      trama_font_lock_begin_hurry ();
      order->surface = trama_strip_paint (&order->target, order->key, order->height_px, order->func,
                                          order->data);
      trama_font_lock_end_hurry ();
      order->took_us = get_work_us () - begin_us;
    }
  g_atomic_int_set (&order->state, STATE_DONE);
  g_async_queue_push (self->done, order);
  g_main_context_wakeup (NULL);
}

/* It is ready as soon as anything is done, and goes before the frames that are to show it. */

typedef struct
{
  GSource source;
  TramaStripWorker *worker;
} Delivery;

static gboolean
delivery_prepare (GSource *source, gint *timeout_ms)
{
  *timeout_ms = -1;
  return g_async_queue_length (((Delivery *) source)->worker->done) > 0;
}

static gboolean
delivery_check (GSource *source)
{
  return g_async_queue_length (((Delivery *) source)->worker->done) > 0;
}

static gboolean
delivery_dispatch (GSource *source, GSourceFunc func, gpointer user_data)
{
  hand_over (((Delivery *) source)->worker);
  return G_SOURCE_CONTINUE;
}

static const GSourceFuncs delivery_funcs = {
  .prepare = delivery_prepare,
  .check = delivery_check,
  .dispatch = delivery_dispatch,
};

TramaStripWorker *
trama_strip_worker_new (TramaStripDoneFunc done, gpointer user_data)
{
  TramaStripWorker *self = g_new0 (TramaStripWorker, 1);

  self->func = done;
  self->user_data = user_data;
  self->done = g_async_queue_new ();
  return self;
}

void
trama_strip_worker_free (TramaStripWorker *self)
{
  if (self->pool != NULL)
    {
      guint depth = trama_font_lock_lend ();

      g_source_destroy (self->delivery);
      g_source_unref (self->delivery);
      g_thread_pool_free (self->pool, FALSE, TRUE);
      trama_font_lock_take_back (depth);
      hand_over (self);
    }
  g_async_queue_unref (self->done);
  g_free (self);
}

/* The thread is its own and stays, as do the fonts that it has loaded. */
static void
begin (TramaStripWorker *self)
{
  trama_font_lock_keep_in_loop ();
  self->pool = g_thread_pool_new (paint, self, 1, TRUE, NULL);
  self->delivery = g_source_new ((GSourceFuncs *) &delivery_funcs, sizeof (Delivery));
  ((Delivery *) self->delivery)->worker = self;
  g_source_attach (self->delivery, NULL);
}

void
trama_strip_worker_push (TramaStripWorker *self, TramaStripOrder *order)
{
  if (self->pool == NULL)
    begin (self);
  g_atomic_int_set (&order->state, STATE_WAITING);
  g_thread_pool_push (self->pool, order, NULL);
}

gboolean
trama_strip_worker_call_off (TramaStripOrder *order)
{
  return g_atomic_int_compare_and_exchange (&order->state, STATE_WAITING, STATE_CALLED_OFF);
}
