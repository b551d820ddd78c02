/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shown_focus.h"

/* Some of them are lists whose row for the keys is scrolled out of view. */
#define STOPS_TRIED 8

/* In which a row that an arrow key went to is scrolled into view. */
#define FRAMES_WAITED 2

typedef struct
{
  /* borrowed */
  GtkWindow *window;
  GtkWidget *fallback;

  /* state */
  gboolean is_lost; /* in this frame, and GTK may give it to somebody at its end */
  guint n_waited;   /* frames, for who has it to be shown */
} Keeper;

static gboolean
is_astray (Keeper *self)
{
  GtkWidget *focus = gtk_window_get_focus (self->window);

  return focus != NULL && focus != self->fallback && !gtk_widget_get_mapped (focus)
         && gtk_widget_get_mapped (GTK_WIDGET (self->window));
}

/* A row beyond the edge of its list: where the list follows the focus, as it does to a key, it is shown with the next sizes. */
static gboolean
may_come (Keeper *self)
{
  GtkWidget *focus = gtk_window_get_focus (self->window);

  return is_astray (self) && gtk_widget_get_visible (focus) && !gtk_widget_get_child_visible (focus)
         && gtk_widget_get_mapped (gtk_widget_get_parent (focus)) && self->n_waited < FRAMES_WAITED;
}

static void
on_before_paint (GdkFrameClock *clock, Keeper *self)
{
  self->is_lost = is_astray (self) && !may_come (self);
  if (self->is_lost)
    gtk_window_set_focus (self->window, NULL);
}

static void
on_after_paint (GdkFrameClock *clock, Keeper *self)
{
  if (may_come (self))
    {
      self->n_waited++;
      gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
      return;
    }
  self->n_waited = 0;
  if (!is_astray (self) && (!self->is_lost || gtk_window_get_focus (self->window) != NULL))
    return;
  gtk_window_set_focus (self->window, NULL);
  if (gtk_widget_get_mapped (self->fallback) && gtk_widget_grab_focus (self->fallback))
    return;
  for (guint i = 0; i < STOPS_TRIED && (i == 0 || is_astray (self)); i++)
    gtk_widget_child_focus (GTK_WIDGET (self->window), GTK_DIR_TAB_FORWARD);
  if (is_astray (self))
    gtk_window_set_focus (self->window, NULL);
}

/* After GTK's own handlers: the window connects its own while it is realized. */
static void
on_realize (GtkWidget *window, Keeper *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), self);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), self);
}

static void
on_unrealize (GtkWidget *window, Keeper *self)
{
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (window), self);
}

void
trama_shown_focus_keep (GtkWindow *window, GtkWidget *fallback)
{
  Keeper *self;

  g_return_if_fail (GTK_IS_WINDOW (window) && !gtk_widget_get_realized (GTK_WIDGET (window)));
  g_return_if_fail (GTK_IS_WIDGET (fallback));

  self = g_new0 (Keeper, 1);
  self->window = window;
  self->fallback = fallback;
  g_signal_connect (window, "realize", G_CALLBACK (on_realize), self);
  g_signal_connect (window, "unrealize", G_CALLBACK (on_unrealize), self);
  g_object_set_data_full (G_OBJECT (window), "trama-shown-focus", self, g_free);
}
