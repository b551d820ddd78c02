/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/text_ends.h"

static gboolean
is_at_end (GtkTextView *view, int count)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter cursor;

  gtk_text_buffer_get_iter_at_mark (buffer, &cursor, gtk_text_buffer_get_insert (buffer));
  return count < 0 ? gtk_text_iter_is_start (&cursor) : gtk_text_iter_is_end (&cursor);
}

static void
on_move (GtkTextView *view, GtkMovementStep step, int count, gboolean extend, gpointer user_data)
{
  if (step != GTK_MOVEMENT_VISUAL_POSITIONS || !is_at_end (view, count))
    return;
  g_signal_stop_emission_by_name (view, "move-cursor");
  g_signal_emit_by_name (view, "move-cursor", GTK_MOVEMENT_LOGICAL_POSITIONS, count, extend);
}

void
trama_text_ends_guard (GtkTextView *view)
{
  g_return_if_fail (GTK_IS_TEXT_VIEW (view));

  g_signal_connect (view, "move-cursor", G_CALLBACK (on_move), NULL);
}
