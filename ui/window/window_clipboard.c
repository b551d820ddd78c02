/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/ladder_text.h"
#include "core/session/recorded.h"
#include "ui/inspector/call_facts.h"
#include "ui/window/window_private.h"

#include <glib/gi18n-lib.h>

/* What goes to the clipboard: what is in view as picture or as text, bytes, and the C of a call. */

/* Wider than a terminal, as there is no edge. */
#define TEXT_COLUMNS 120

/* Of a larger trace nobody wants every line in the clipboard. */
#define TEXT_EVENTS_MAX 20000

static GdkClipboard *
get_clipboard (TramaWindow *self)
{
  return gtk_widget_get_clipboard (GTK_WIDGET (self));
}

static void
on_copy_picture (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  GtkWidget *ladder = GTK_WIDGET (self->ladder);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  /* A GtkWidgetPaintable has nothing while the widget waits to be drawn again. */
  GTK_WIDGET_GET_CLASS (ladder)->snapshot (ladder, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return;
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (ladder)), node,
                                         NULL);
  gdk_clipboard_set_texture (get_clipboard (self), texture);
  trama_toast_show (self->toast, _ ("Copied: the picture as it is in view"));
}

static void
on_copy_text (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  TramaLanes *lanes = trama_view_state_get_lanes (self->state);
  TramaFlowSet *flows = trama_view_state_get_drawn (self->state);
  const TramaSpan seen = trama_view_state_get_visible (self->state);
  gboolean any = trama_view_state_get_selected (self->state).kind != 0;
  g_autofree char *text = any ? trama_inspector_dup_text (self->inspector)
                              : trama_ladder_text (table, TEXT_COLUMNS, lanes, flows, &seen);

  gdk_clipboard_set_text (get_clipboard (self), text);
  trama_toast_show (self->toast, any ? _ ("Copied: what is known of the selected event, as text")
                                     : _ ("Copied: the ladder as it is in view, as text"));
}

/* The payload, or the whole packet where it has none. */
static GBytes *
read_packet (TramaFlowTable *table, guint index)
{
  TramaStore *store = trama_flow_table_get_store (table);
  g_autofree guint8 *buffer = NULL;
  TramaSegment segment;
  TramaPacket packet;
  gssize size;
  gsize from;

  trama_store_get_packet (store, index, &packet);
  trama_flow_table_get_segment (table, index, &segment);
  buffer = g_malloc (MAX (1, packet.captured_bytes));
  size = trama_store_read_packet (store, index, buffer, packet.captured_bytes, NULL);
  if (size <= 0)
    return NULL;
  from = segment.flow != TRAMA_FLOW_NONE && segment.payload_bytes > 0 ? segment.payload_offset : 0;
  from = MIN (from, (gsize) size);
  return g_bytes_new (buffer + from, MIN ((gsize) size - from, from > 0 ? segment.payload_bytes : G_MAXSIZE));
}

/* NULL: the selected event has none. */
static GBytes *
read_selected (TramaWindow *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  TramaRef selected = trama_view_state_get_selected (self->state);
  const TramaValue *value;

  if (table == NULL)
    return NULL;
  if (selected.kind == TRAMA_EVENT_PACKET)
    return read_packet (table, selected.index);
  if (selected.kind != TRAMA_EVENT_CALL)
    return NULL;
  value = trama_call_find_bytes (trama_store_get_call (trama_flow_table_get_store (table), selected.index),
                                 TRAMA_VALUE_DATA);
  return value != NULL && value->size > 0 ? g_bytes_new (value->bytes, value->size) : NULL;
}

static void
on_copy_bytes (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  g_autoptr (GBytes) bytes = read_selected (self);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *told = NULL;
  const guint8 *data;
  gsize size;

  if (bytes == NULL)
    {
      trama_toast_show (self->toast, _ ("The selected event has no bytes"));
      return;
    }
  data = g_bytes_get_data (bytes, &size);
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, i > 0 ? " %02x" : "%02x", data[i]);
  gdk_clipboard_set_text (get_clipboard (self), text->str);
  told = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Copied in hexadecimal: %u byte",
                                       "Copied in hexadecimal: %u bytes", (gulong) size),
                          (guint) size);
  trama_toast_show (self->toast, told);
}

static void
on_copy_call (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  TramaRef selected = trama_view_state_get_selected (self->state);
  const TramaCall *call = trama_store_get_call (trama_flow_table_get_store (table), selected.index);
  g_autofree char *text = trama_recorded_emit_c (call);
  g_autofree char *told = NULL;

  if (text == NULL)
    {
      trama_toast_show (self->toast, _ ("The selected event is no call that is known"));
      return;
    }
  gdk_clipboard_set_text (get_clipboard (self), text);
  told = g_strdup_printf (_ ("Copied as C: %s()"), trama_call_info (call->name)->name);
  trama_toast_show (self->toast, told);
}

void
trama_window_add_clipboard (TramaWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "copy-picture", .activate = on_copy_picture },
    { .name = "copy-text", .activate = on_copy_text },
    { .name = "copy-bytes", .activate = on_copy_bytes },
    { .name = "copy-call", .activate = on_copy_call },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  trama_window_update_clipboard (self);
}

static void
enable (TramaWindow *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name)),
                               enabled);
}

void
trama_window_update_clipboard (TramaWindow *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  TramaStore *store = table != NULL ? trama_flow_table_get_store (table) : NULL;
  TramaRef selected = trama_view_state_get_selected (self->state);
  gboolean is_short = store != NULL
                      && trama_store_n_packets (store) + trama_store_n_calls (store) <= TEXT_EVENTS_MAX;

  enable (self, "copy-picture", table != NULL);
  enable (self, "copy-text", selected.kind != 0 || is_short);
  enable (self, "copy-bytes", selected.kind == TRAMA_EVENT_PACKET || selected.kind == TRAMA_EVENT_CALL);
  enable (self, "copy-call", selected.kind == TRAMA_EVENT_CALL);
}
