/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/late_scroll.h"

typedef struct
{
  /* owned */
  GtkAdjustment *outer; /* the scrolled window's */
  GtkAdjustment *inner; /* the view's */

  /* borrowed */
  GtkWidget *window;

  /* state */
  guint tick_id;
  gboolean copying;
} Cure;

static gboolean
is_same (GtkAdjustment *a, GtkAdjustment *b)
{
  return gtk_adjustment_get_value (a) == gtk_adjustment_get_value (b)
         && gtk_adjustment_get_lower (a) == gtk_adjustment_get_lower (b)
         && gtk_adjustment_get_upper (a) == gtk_adjustment_get_upper (b)
         && gtk_adjustment_get_page_size (a) == gtk_adjustment_get_page_size (b);
}

static gboolean
on_tick (GtkWidget *window, GdkFrameClock *clock, gpointer user_data)
{
  Cure *self = user_data;
  GtkAdjustment *inner = self->inner;
  double value = gtk_adjustment_get_value (inner);

  self->tick_id = 0;
  self->copying = TRUE;
  gtk_adjustment_configure (self->outer, value, gtk_adjustment_get_lower (inner),
                            gtk_adjustment_get_upper (inner), gtk_adjustment_get_step_increment (inner),
                            gtk_adjustment_get_page_increment (inner), gtk_adjustment_get_page_size (inner));
  /* What was on its way elsewhere stops. */
  gtk_adjustment_set_value (self->outer, value);
  self->copying = FALSE;
  return G_SOURCE_REMOVE;
}

static void
on_inner_changed (GtkAdjustment *inner, Cure *self)
{
  if (self->tick_id == 0 && !is_same (inner, self->outer))
    self->tick_id = gtk_widget_add_tick_callback (self->window, on_tick, self, NULL);
}

static void
on_outer_moved (GtkAdjustment *outer, Cure *self)
{
  if (!self->copying)
    gtk_adjustment_set_value (self->inner, gtk_adjustment_get_value (outer));
}

static void
cure_free (gpointer data)
{
  Cure *self = data;

  g_signal_handlers_disconnect_by_data (self->outer, self);
  g_signal_handlers_disconnect_by_data (self->inner, self);
  g_object_unref (self->outer);
  g_object_unref (self->inner);
  g_free (self);
}

static void
cure (GtkScrolledWindow *window, GtkAdjustment *outer, GtkAdjustment *inner, const char *key)
{
  Cure *self = g_new0 (Cure, 1);

  self->window = GTK_WIDGET (window);
  self->outer = g_object_ref (outer);
  self->inner = g_object_ref (inner);
  g_signal_connect (outer, "value-changed", G_CALLBACK (on_outer_moved), self);
  g_signal_connect (inner, "changed", G_CALLBACK (on_inner_changed), self);
  g_signal_connect (inner, "value-changed", G_CALLBACK (on_inner_changed), self);
  g_object_set_data_full (G_OBJECT (window), key, self, cure_free);
}

void
trama_late_scroll_cure (GtkScrolledWindow *window, GtkScrollable *view)
{
  g_autoptr (GtkAdjustment) across = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  g_autoptr (GtkAdjustment) down = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));

  g_return_if_fail (GTK_IS_SCROLLED_WINDOW (window) && GTK_IS_SCROLLABLE (view));

  gtk_scrollable_set_hadjustment (view, across);
  gtk_scrollable_set_vadjustment (view, down);
  cure (window, gtk_scrolled_window_get_hadjustment (window), across, "trama-late-scroll-across");
  cure (window, gtk_scrolled_window_get_vadjustment (window), down, "trama-late-scroll-down");
}
