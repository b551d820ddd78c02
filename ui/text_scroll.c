/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/text_scroll.h"

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
on_tick (GtkWidget *window, GdkFrameClock *clock, gpointer user_data)
{
  Cure *self = user_data;
  GtkAdjustment *inner = self->inner;

  self->tick_id = 0;
  self->copying = TRUE;
  gtk_adjustment_configure (self->outer, gtk_adjustment_get_value (inner), gtk_adjustment_get_lower (inner),
                            gtk_adjustment_get_upper (inner), gtk_adjustment_get_step_increment (inner),
                            gtk_adjustment_get_page_increment (inner), gtk_adjustment_get_page_size (inner));
  self->copying = FALSE;
  return G_SOURCE_REMOVE;
}

static void
on_inner_changed (GtkAdjustment *inner, Cure *self)
{
  if (self->tick_id == 0)
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

void
trama_text_scroll_cure (GtkScrolledWindow *window, GtkTextView *view)
{
  Cure *self = g_new0 (Cure, 1);

  self->window = GTK_WIDGET (window);
  self->outer = g_object_ref (gtk_scrolled_window_get_vadjustment (window));
  self->inner = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  gtk_scrollable_set_vadjustment (GTK_SCROLLABLE (view), self->inner);
  g_signal_connect (self->outer, "value-changed", G_CALLBACK (on_outer_moved), self);
  g_signal_connect (self->inner, "changed", G_CALLBACK (on_inner_changed), self);
  g_signal_connect (self->inner, "value-changed", G_CALLBACK (on_inner_changed), self);
  g_object_set_data_full (G_OBJECT (window), "trama-text-scroll", self, cure_free);
}
