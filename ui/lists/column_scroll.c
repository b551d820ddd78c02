/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lists/column_scroll.h"

#include "ui/late_scroll.h"

#define KEY "trama-column-scroll"

typedef struct
{
  /* owned */
  GtkAdjustment *outer; /* the scrolled window's */
  GtkAdjustment *inner; /* the view's */
  GListModel *rows;     /* NULL while the view has none */

  /* borrowed */
  GtkWidget *window;
  GtkWidget *view;

  /* state */
  guint tick_id;
  gboolean copying;
  gboolean moved; /* the scrolled window, which the view has not followed yet */
  gboolean stale; /* the view has got other rows and may not have laid them out yet */
} Cure;

/* Where the scrolled window is still on its way to, it stays on it. */
static void
tell_outer (Cure *self)
{
  GtkAdjustment *inner = self->inner;

  gtk_adjustment_configure (self->outer, gtk_adjustment_get_value (self->moved ? self->outer : inner),
                            gtk_adjustment_get_lower (inner), gtk_adjustment_get_upper (inner),
                            gtk_adjustment_get_step_increment (inner),
                            gtk_adjustment_get_page_increment (inner), gtk_adjustment_get_page_size (inner));
}

static gboolean
on_tick (GtkWidget *window, GdkFrameClock *clock, gpointer user_data)
{
  Cure *self = user_data;

  self->copying = TRUE;
  tell_outer (self);
  self->copying = FALSE;
  /* Who is not shown lays out nothing, neither now nor before the first frame in which it is. */
  if (self->moved && self->stale && gtk_widget_get_mapped (self->view))
    {
      self->stale = FALSE;
      return G_SOURCE_CONTINUE;
    }
  self->tick_id = 0;
  if (!self->moved || !gtk_widget_get_mapped (self->view))
    return G_SOURCE_REMOVE;
  self->moved = FALSE;
  self->copying = TRUE;
  gtk_adjustment_set_value (self->inner, gtk_adjustment_get_value (self->outer));
  self->copying = FALSE;
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
  self->moved = TRUE;
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

  g_signal_handlers_disconnect_by_data (self->outer, self);
  g_signal_handlers_disconnect_by_data (self->inner, self);
  set_rows (self, NULL);
  g_object_unref (self->outer);
  g_object_unref (self->inner);
  g_free (self);
}

void
trama_column_scroll_cure (GtkScrolledWindow *window, GtkScrollable *view)
{
  Cure *self = g_new0 (Cure, 1);

  trama_late_scroll_cure_across (window, view);
  self->window = GTK_WIDGET (window);
  self->view = GTK_WIDGET (view);
  self->outer = g_object_ref (gtk_scrolled_window_get_vadjustment (window));
  self->inner = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  gtk_scrollable_set_vadjustment (view, self->inner);
  g_signal_connect (self->outer, "value-changed", G_CALLBACK (on_outer_moved), self);
  g_signal_connect (self->inner, "changed", G_CALLBACK (on_inner_changed), self);
  g_signal_connect (self->inner, "value-changed", G_CALLBACK (on_inner_changed), self);
  g_object_set_data_full (G_OBJECT (window), KEY, self, cure_free);
  /* Of either kind of view. */
  g_signal_connect_object (view, "notify::model", G_CALLBACK (on_model), window, G_CONNECT_SWAPPED);
  on_model (G_OBJECT (window), NULL, G_OBJECT (view));
}
