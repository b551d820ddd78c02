/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/window/window_private.h"

#include <glib/gi18n-lib.h>

/* A file that is dropped on the window, wherever, is opened as one that was chosen is. */

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, TramaWindow *self)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autofree char *path = files != NULL ? g_file_get_path (files->data) : NULL;

  if (path == NULL)
    {
      trama_toast_show (self->toast, _ ("Only files of this computer can be opened"));
      return FALSE;
    }
  if (files->next != NULL)
    trama_toast_show (self->toast, _ ("One file at a time: only the first was opened"));
  trama_window_start (self, path);
  return TRUE;
}

void
trama_window_take_drops (TramaWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  /* Before the text of a session, which would take the file's name as text. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
