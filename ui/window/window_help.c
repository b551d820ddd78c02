/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/shortcuts_window.h"
#include "ui/window/window_private.h"

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

  if (self->help == NULL)
    g_set_weak_pointer (&self->help, trama_shortcuts_window_new (GTK_WINDOW (self)));
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
