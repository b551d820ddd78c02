/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/window_private.h"

#define RESOURCE "/org/trama/Trama/help-overlay.ui"

/*
 * The window of shortcuts, only while it is looked at. GtkApplication would make one with every
 * window and hide it; but as long as a window is there that was never shown, GTK 4.8 answers the
 * question of a screen reader for one that has just been closed with that one, which has no
 * address on the bus yet, and crashes.
 */
static void
on_show (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  g_autoptr (GtkBuilder) builder = NULL;

  if (self->help == NULL)
    {
      builder = gtk_builder_new_from_resource (RESOURCE);
      g_set_weak_pointer (&self->help, GTK_WINDOW (gtk_builder_get_object (builder, "help_overlay")));
      gtk_window_set_transient_for (self->help, GTK_WINDOW (self));
      gtk_window_set_destroy_with_parent (self->help, TRUE);
    }
  gtk_window_present (self->help);
}

void
trama_window_add_help (TramaWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "show-help-overlay", .activate = on_show },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
