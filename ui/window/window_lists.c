/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/window/window_private.h"

#include <glib/gi18n-lib.h>

/* The pane gives way to the ladder, which has the keys then. */
static void
close_lists (TramaWindow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->lists), FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->ladder));
}

static void
on_close_lists (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  close_lists (user_data);
}

static gboolean
has_focus_within (TramaWindow *self, gpointer widget)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return focus != NULL && gtk_widget_is_ancestor (focus, widget);
}

/* Once for the list, again for the ladder. */
static void
on_list (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  const char *page = g_action_get_name (G_ACTION (action));

  if (gtk_widget_get_visible (GTK_WIDGET (self->lists)) && has_focus_within (self, self->lists)
      && g_str_equal (page, trama_lists_pane_get_page (self->lists)))
    {
      close_lists (self);
      return;
    }
  trama_window_place_lists (self);
  trama_lists_pane_show (self->lists, page);
}

/* What was said has a search of its own; NULL: that of the trace is meant. */
static TramaStreamView *
find_stream (TramaWindow *self)
{
  TramaStreamView *stream = trama_lists_pane_get_stream (self->lists);

  return has_focus_within (self, stream) ? stream : NULL;
}

static void
on_find (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaStreamView *stream = find_stream (user_data);

  if (stream != NULL)
    trama_stream_view_find (stream);
  else
    trama_search_bar_open (TRAMA_WINDOW (user_data)->search);
}

static void
step_search (TramaWindow *self, int direction)
{
  TramaStreamView *stream = find_stream (self);

  if (stream != NULL)
    trama_stream_view_step (stream, direction);
  else
    trama_search_bar_step (self->search, direction);
}

static void
on_find_next (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  step_search (user_data, 1);
}

static void
on_find_previous (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  step_search (user_data, -1);
}

static void
on_search_closed (TramaWindow *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->ladder));
}

/* Escape, where nobody nearer to the focus has anything to end by it. */
static gboolean
on_escape (GtkWidget *window, GVariant *arguments, gpointer user_data)
{
  return trama_search_bar_close (TRAMA_WINDOW (window)->search);
}

static void
add_escape (TramaWindow *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                          gtk_callback_action_new (on_escape, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect_object (self->ladder, "left", G_CALLBACK (trama_search_bar_close), self->search,
                           G_CONNECT_SWAPPED);
}

static void
on_stream_failed (TramaStreamView *stream, const char *text, TramaWindow *self)
{
  trama_notices_show (self->notices, TRAMA_NOTICE_FILE, GTK_MESSAGE_ERROR, _ ("The file was not written"),
                      text);
}

static const GActionEntry entries[] = {
  { .name = "conversations", .activate = on_list },
  { .name = "events", .activate = on_list },
  { .name = "findings", .activate = on_list },
  { .name = "stream", .activate = on_list },
  { .name = "close-lists", .activate = on_close_lists },
  { .name = "find", .activate = on_find },
  { .name = "find-next", .activate = on_find_next },
  { .name = "find-previous", .activate = on_find_previous },
};

void
trama_window_add_lists (TramaWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  trama_window_add_clipboard (self);
  trama_window_add_limits (self);
  g_signal_connect_object (self->state, "selection-changed", G_CALLBACK (trama_window_update_clipboard), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state, "table-changed", G_CALLBACK (trama_window_update_clipboard), self,
                           G_CONNECT_SWAPPED);
  trama_lists_pane_set_state (self->lists, self->state);
  trama_search_bar_set_state (self->search, self->state);
  g_signal_connect_object (trama_lists_pane_get_conversations (self->lists), "chosen",
                           G_CALLBACK (trama_window_update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (trama_lists_pane_get_conversations (self->lists), "told",
                            G_CALLBACK (trama_toast_show), self->toast);
  g_signal_connect_swapped (trama_lists_pane_get_stream (self->lists), "told", G_CALLBACK (trama_toast_show),
                            self->toast);
  g_signal_connect (trama_lists_pane_get_stream (self->lists), "failed", G_CALLBACK (on_stream_failed), self);
  g_signal_connect_swapped (self->search, "closed", G_CALLBACK (on_search_closed), self);
  add_escape (self);
}

TramaInquiry *
trama_window_get_inquiry (TramaWindow *self)
{
  g_return_val_if_fail (TRAMA_IS_WINDOW (self), NULL);
  return self->inquiry;
}

TramaListsPane *
trama_window_get_lists (TramaWindow *self)
{
  g_return_val_if_fail (TRAMA_IS_WINDOW (self), NULL);
  return self->lists;
}

TramaSearchBar *
trama_window_get_search (TramaWindow *self)
{
  g_return_val_if_fail (TRAMA_IS_WINDOW (self), NULL);
  return self->search;
}
