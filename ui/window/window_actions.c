/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/dialogs.h"
#include "ui/inspector/call_facts.h"
#include "ui/paint/export.h"
#include "ui/window/export_dialog.h"
#include "ui/window/window_private.h"

#include <glib/gi18n-lib.h>

#define ZOOM_STEP 1.5
#define PROJECTOR_SCALE 1.4

static const TramaFileKind trace_kinds[] = {
  { N_ ("pcapng trace"), ".pcapng" },
};

static const TramaFileKind readable_kinds[] = {
  { N_ ("pcapng trace"), ".pcapng" },
  { N_ ("pcap capture"), ".pcap" },
  { N_ ("compressed capture"), ".gz" },
  { N_ ("Trama session"), ".session" },
};

/* Running. */

static void
on_run (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  trama_window_run_document (user_data, FALSE);
}

static void
on_stop (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  trama_feed_stop (TRAMA_WINDOW (user_data)->feed);
}

/* Files. */

static void
report_written (TramaWindow *self, const char *path, const GError *error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *text = g_strdup_printf (_ ("Saved to %s"), name);

  if (error != NULL)
    {
      trama_notices_show (self->notices, TRAMA_NOTICE_FILE, GTK_MESSAGE_ERROR, _ ("The file was not written"),
                          error->message);
      return;
    }
  trama_notices_clear (self->notices, TRAMA_NOTICE_FILE);
  trama_toast_show (self->toast, text);
}

/* A packet of the conversation that is selected, itself or by a call; G_MAXUINT: none is. */
static guint
find_selected_packet (TramaWindow *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  TramaRef selected = trama_view_state_get_selected (self->state);
  g_autoptr (GArray) packets = NULL;
  guint packet = G_MAXUINT;

  if (table == NULL || trama_flow_table_get_store (table) != trama_feed_get_store (self->feed))
    return G_MAXUINT; /* the picture is still that of another trace */
  if (selected.kind == TRAMA_EVENT_PACKET)
    packet = selected.index;
  else if (selected.kind == TRAMA_EVENT_CALL)
    {
      packets = trama_call_packets (table, selected.index);
      if (packets->len > 0)
        packet = g_array_index (packets, guint32, 0);
    }
  if (packet == G_MAXUINT || trama_flow_table_get_flow_of_packet (table, packet) == TRAMA_FLOW_NONE)
    return G_MAXUINT;
  return packet;
}

/* Those chosen in the list, or that of the selected event. */
static GArray *
find_selected_conversations (TramaWindow *self)
{
  GArray *flows = trama_conversation_list_dup_chosen (trama_lists_pane_get_conversations (self->lists));
  guint packet = find_selected_packet (self);
  guint32 flow;

  if (flows->len > 1)
    return flows;
  g_array_set_size (flows, 0);
  if (packet == G_MAXUINT)
    return flows;
  flow = trama_flow_table_get_flow_of_packet (trama_view_state_get_table (self->state), packet);
  g_array_append_val (flows, flow);
  return flows;
}

void
trama_window_save (TramaWindow *self, const char *path, TramaFeedSaveFlags flags)
{
  g_autoptr (GArray) flows = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (TRAMA_IS_WINDOW (self));

  flows = find_selected_conversations (self);
  g_return_if_fail (flows->len > 0 || !(flags & TRAMA_FEED_SAVE_CONVERSATION));
  /* A trace that lacks something is not the one that is shown. */
  if (trama_feed_save (self->feed, path, flags, flows, &error)
      && !(flags & (TRAMA_FEED_SAVE_NO_PAYLOAD | TRAMA_FEED_SAVE_CONVERSATION)))
    trama_window_set_saved (self);
  if (error == NULL)
    trama_window_remember (self, path);
  report_written (self, path, error);
}

void
trama_window_export (TramaWindow *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  TramaExportOptions options = trama_export_defaults;
  TramaFlowTable *table;

  g_return_if_fail (TRAMA_IS_WINDOW (self));

  table = trama_view_state_get_table (self->state);
  g_return_if_fail (table != NULL);
  options.findings = trama_view_state_get_findings (self->state);
  options.lanes = trama_view_state_get_lanes (self->state);
  trama_export (table, path, &options, &error);
  report_written (self, path, error);
}

static void
open_path (gpointer owner, const char *path, gconstpointer data)
{
  trama_window_start (owner, path);
}

static void
on_open (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  trama_dialogs_open (GTK_WINDOW (user_data), _ ("Open a Trace or a Session"), readable_kinds,
                      G_N_ELEMENTS (readable_kinds), open_path, user_data, NULL);
}

/* "telephone.svg" for the session of that name, "capture.svg" for the file of that name. */
static char *
suggest_name (TramaWindow *self, const char *suffix)
{
  g_autofree char *base = NULL;
  char *dot;

  if (self->session != NULL)
    return g_strconcat (trama_session_get_name (self->session), suffix, NULL);
  base = g_path_get_basename (g_strcmp0 (self->path, "-") == 0 ? "trace" : self->path);
  dot = strrchr (base, '.');
  if (dot != NULL && dot != base)
    *dot = '\0';
  return g_strconcat (base, suffix, NULL);
}

/* What can be written of a trace, each an action of the window. */
static const struct
{
  const char *action;
  const char *title; /* of the dialogue */
  TramaFeedSaveFlags flags;
} saves[] = {
  { "save", N_ ("Save the Trace"), TRAMA_FEED_SAVE_WHOLE },
  { "save-conversation", N_ ("Save the Selected Conversations"), TRAMA_FEED_SAVE_CONVERSATION },
  { "save-headers", N_ ("Save without Payload"), TRAMA_FEED_SAVE_NO_PAYLOAD },
  { "save-for-wireshark", N_ ("Save with the Calls as Packet Comments"), TRAMA_FEED_SAVE_WITH_COMMENTS },
};

static void
save_path (gpointer owner, const char *path, gconstpointer flags)
{
  trama_window_save (owner, path, *(const TramaFeedSaveFlags *) flags);
}

static void
on_save (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autofree char *name = suggest_name (user_data, ".pcapng");
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (saves); i++)
    if (g_str_equal (saves[i].action, g_action_get_name (G_ACTION (action))))
      trama_dialogs_save (GTK_WINDOW (user_data), _ (saves[i].title), name, trace_kinds,
                          G_N_ELEMENTS (trace_kinds), save_path, user_data, &saves[i].flags);
}

static void
on_exported (gpointer owner, const char *path, const GError *error)
{
  report_written (owner, path, error);
}

static void
on_export (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  g_autofree char *name = suggest_name (self, "");

  trama_export_dialog_open (GTK_WINDOW (self), self->state, name, on_exported);
}

/* The picture. */

static void
on_zoom_in (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  trama_ladder_view_zoom_by (TRAMA_WINDOW (user_data)->ladder, ZOOM_STEP);
}

static void
on_zoom_out (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  trama_ladder_view_zoom_by (TRAMA_WINDOW (user_data)->ladder, 1 / ZOOM_STEP);
}

static void
on_zoom_fit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  trama_ladder_view_fit (TRAMA_WINDOW (user_data)->ladder);
}

static void
on_change_scale (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  static const struct
  {
    const char *name;
    TramaScaleMode mode;
  } modes[] = {
    { "folded", TRAMA_SCALE_FOLDED },
    { "to-scale", TRAMA_SCALE_TO_SCALE },
    { "rows", TRAMA_SCALE_ROWS },
  };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (modes); i++)
    if (g_str_equal (modes[i].name, g_variant_get_string (value, NULL)))
      {
        trama_view_state_set_mode (TRAMA_WINDOW (user_data)->state, modes[i].mode);
        g_simple_action_set_state (action, value);
      }
}

/* Text in the window follows its font, the picture has a scale of its own. */
static void
on_change_projector (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  TramaWindow *self = user_data;
  gboolean on = g_variant_get_boolean (value);

  if (on)
    gtk_widget_add_css_class (GTK_WIDGET (self), TRAMA_PROJECTOR_CLASS);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), TRAMA_PROJECTOR_CLASS);
  trama_window_forget_sizes (self);
  g_object_set (self->ladder, "text-scale", on ? PROJECTOR_SCALE : 1.0, NULL);
  trama_window_make_room (self);
  g_simple_action_set_state (action, value);
}

static void
on_fullscreen (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  if (gtk_window_is_fullscreen (user_data))
    gtk_window_unfullscreen (user_data);
  else
    gtk_window_fullscreen (user_data);
}

static void
on_menu (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_menu_button_popup (TRAMA_WINDOW (user_data)->menu_button);
}

/* A pane is shown or not: the action is its visibility. */
static void
add_toggle (TramaWindow *self, const char *name, gpointer object, const char *property)
{
  g_autoptr (GPropertyAction) action = g_property_action_new (name, object, property);

  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
}

void
trama_window_add_actions (TramaWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "run", .activate = on_run },
    { .name = "stop", .activate = on_stop },
    { .name = "open", .activate = on_open },
    { .name = "export", .activate = on_export },
    { .name = "zoom-in", .activate = on_zoom_in },
    { .name = "zoom-out", .activate = on_zoom_out },
    { .name = "zoom-fit", .activate = on_zoom_fit },
    { .name = "scale", .parameter_type = "s", .state = "'folded'", .change_state = on_change_scale },
    { .name = "projector", .state = "false", .change_state = on_change_projector },
    { .name = "fullscreen", .activate = on_fullscreen },
    { .name = "menu", .activate = on_menu },
  };

  gsize i;

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (i = 0; i < G_N_ELEMENTS (saves); i++)
    {
      const GActionEntry entry = { .name = saves[i].action, .activate = on_save };

      g_action_map_add_action_entries (G_ACTION_MAP (self), &entry, 1, self);
    }
  add_toggle (self, "sessions", self->sessions, "visible");
  add_toggle (self, "inspector", self->inspector, "visible");
  add_toggle (self, "editor", self->editor, "visible");
  add_toggle (self, "legend", self->ladder, "show-legend");
  trama_window_add_lanes (self);
  trama_window_add_go (self);
  trama_window_add_help (self);
}

static void
enable (TramaWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
trama_window_update_actions (TramaWindow *self)
{
  TramaStore *store = trama_feed_get_store (self->feed);
  TramaSpan span;
  gboolean any = store != NULL && trama_store_get_span (store, &span);
  g_autoptr (GArray) flows = find_selected_conversations (self);
  gsize i;

  enable (self, "run", self->document != NULL);
  enable (self, "stop", trama_feed_is_running (self->feed));
  trama_window_update_session_actions (self);
  for (i = 0; i < G_N_ELEMENTS (saves); i++)
    enable (self, saves[i].action,
            any && (!(saves[i].flags & TRAMA_FEED_SAVE_CONVERSATION) || flows->len > 0));
  enable (self, "export", any);
  enable (self, "zoom-in", any);
  enable (self, "zoom-out", any);
  enable (self, "zoom-fit", any);
}
