/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lists/column_scroll.h"

#define KEY "trama-column-scroll"

/* Across, or down. */
typedef struct
{
  GtkAdjustment *outer; /* owned; the scrolled window's */
  GtkAdjustment *inner; /* owned; the view's */
  gboolean moved;       /* the scrolled window, which the view has not followed yet */
} Axis;

typedef struct
{
  Axis axes[2];     /* by GtkOrientation */
  GListModel *rows; /* owned; NULL while the view has none */

  /* borrowed */
  GtkWidget *window;
  GtkWidget *view;

  /* state */
  guint tick_id;
  gboolean copying;
  gboolean stale; /* the view has got other rows and may not have laid them out yet */
} Cure;

/* Where the scrolled window is still on its way to, it stays on it. */
static void
tell_outer (const Axis *axis)
{
  GtkAdjustment *inner = axis->inner;

  gtk_adjustment_configure (axis->outer, gtk_adjustment_get_value (axis->moved ? axis->outer : inner),
                            gtk_adjustment_get_lower (inner), gtk_adjustment_get_upper (inner),
                            gtk_adjustment_get_step_increment (inner),
                            gtk_adjustment_get_page_increment (inner), gtk_adjustment_get_page_size (inner));
}

static void
follow_outer (Axis *axis)
{
  if (axis->moved)
    gtk_adjustment_set_value (axis->inner, gtk_adjustment_get_value (axis->outer));
  axis->moved = FALSE;
}

static void
on_layout (GdkSurface *surface, int width, int height, GObject *window)
{
  Cure *self = g_object_get_data (window, KEY);

  g_signal_handlers_disconnect_by_func (surface, on_layout, window);
  if (gtk_widget_get_mapped (self->view))
    self->stale = FALSE;
}

/* Not every frame lays out: until the X server has answered a window that asked for another size, none does
   (gdk_surface_layout_on_clock (), GTK 4.8). */
static void
wait_for_layout (Cure *self)
{
  GdkSurface *surface = gtk_native_get_surface (gtk_widget_get_native (self->view));

  gtk_widget_queue_allocate (self->view);
  g_signal_handlers_disconnect_by_func (surface, on_layout, self->window);
  g_signal_connect_object (surface, "layout", G_CALLBACK (on_layout), self->window, G_CONNECT_AFTER);
}

static gboolean
on_tick (GtkWidget *window, GdkFrameClock *clock, gpointer user_data)
{
  Cure *self = user_data;
  gboolean is_shown = gtk_widget_get_mapped (self->view);
  gboolean moved = self->axes[0].moved || self->axes[1].moved;

  self->copying = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (self->axes); i++)
    tell_outer (&self->axes[i]);
  /* Who is not shown lays out nothing, neither now nor before the first frame in which it is. */
  if (is_shown && !self->stale)
    for (guint i = 0; i < G_N_ELEMENTS (self->axes); i++)
      follow_outer (&self->axes[i]);
  self->copying = FALSE;
  if (is_shown && self->stale && moved)
    {
      wait_for_layout (self);
      return G_SOURCE_CONTINUE;
    }
  self->tick_id = 0;
  return G_SOURCE_REMOVE;
}

static void
wait_for_tick (Cure *self)
{
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (self->window, on_tick, self, NULL);
}

static void
on_outer_moved (GtkAdjustment *outer, Cure *self)
{
  if (self->copying)
    return;
  self->axes[outer == self->axes[GTK_ORIENTATION_VERTICAL].outer].moved = TRUE;
  wait_for_tick (self);
}

static void
on_items_changed (GListModel *rows, guint position, guint n_removed, guint n_added, Cure *self)
{
  self->stale = TRUE;
}

static void
set_rows (Cure *self, GListModel *rows)
{
  if (self->rows != NULL)
    g_signal_handlers_disconnect_by_data (self->rows, self);
  g_set_object (&self->rows, rows);
  if (rows != NULL)
    g_signal_connect (rows, "items-changed", G_CALLBACK (on_items_changed), self);
  self->stale = TRUE;
}

/* A table of which several rows may be selected has another model than before. */
static void
on_model (GObject *window, GParamSpec *pspec, GObject *view)
{
  g_autoptr (GListModel) rows = NULL;

  g_object_get (view, "model", &rows, NULL);
  set_rows (g_object_get_data (window, KEY), rows);
}

/* While sizes are given out, a scrollbar must not move: see late_scroll.h. */
static void
on_inner_changed (GtkAdjustment *inner, Cure *self)
{
  if (!self->copying)
    wait_for_tick (self);
}

static void
cure_free (gpointer data)
{
  Cure *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (self->axes); i++)
    {
      g_signal_handlers_disconnect_by_data (self->axes[i].outer, self);
      g_signal_handlers_disconnect_by_data (self->axes[i].inner, self);
      g_object_unref (self->axes[i].outer);
      g_object_unref (self->axes[i].inner);
    }
  set_rows (self, NULL);
  g_free (self);
}

static void
add_axis (Cure *self, GtkOrientation orientation, GtkAdjustment *outer)
{
  Axis *axis = &self->axes[orientation];

  axis->outer = g_object_ref (outer);
  axis->inner = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  if (orientation == GTK_ORIENTATION_VERTICAL)
    gtk_scrollable_set_vadjustment (GTK_SCROLLABLE (self->view), axis->inner);
  else
    gtk_scrollable_set_hadjustment (GTK_SCROLLABLE (self->view), axis->inner);
  g_signal_connect (axis->outer, "value-changed", G_CALLBACK (on_outer_moved), self);
  g_signal_connect (axis->inner, "changed", G_CALLBACK (on_inner_changed), self);
  g_signal_connect (axis->inner, "value-changed", G_CALLBACK (on_inner_changed), self);
}

void
trama_column_scroll_cure (GtkScrolledWindow *window, GtkScrollable *view)
{
  Cure *self = g_new0 (Cure, 1);

  self->window = GTK_WIDGET (window);
  self->view = GTK_WIDGET (view);
  add_axis (self, GTK_ORIENTATION_HORIZONTAL, gtk_scrolled_window_get_hadjustment (window));
  add_axis (self, GTK_ORIENTATION_VERTICAL, gtk_scrolled_window_get_vadjustment (window));
  g_object_set_data_full (G_OBJECT (window), KEY, self, cure_free);
  /* Of either kind of view. */
  g_signal_connect_object (view, "notify::model", G_CALLBACK (on_model), window, G_CONNECT_SWAPPED);
  on_model (G_OBJECT (window), NULL, G_OBJECT (view));
}
