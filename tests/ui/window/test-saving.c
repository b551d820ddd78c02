/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/capture.h"
#include "tests/ui/window/fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_PACKETS 30
#define N_FLOWS 3

/* A capture of three conversations, and a place to save it to. */
typedef struct
{
  char *folder;
  char *capture;
  char *saved;
} Place;

static void
place_init (Place *place, Fixture *fixture)
{
  place->folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_assert_nonnull (place->folder);
  place->capture = g_build_filename (place->folder, "three.pcap", NULL);
  place->saved = g_build_filename (place->folder, "saved.pcapng", NULL);
  capture_write (place->capture, N_PACKETS, N_FLOWS);
  trama_window_open (fixture->window, place->capture);
  fixture_wait_finished (fixture);
  g_assert_cmpuint (trama_store_n_packets (fixture_get_store (fixture)), ==, N_PACKETS);
}

static void
place_clear (Place *place)
{
  g_unlink (place->saved);
  g_assert_cmpint (g_unlink (place->capture), ==, 0);
  g_assert_cmpint (g_rmdir (place->folder), ==, 0);
  g_free (place->folder);
  g_free (place->capture);
  g_free (place->saved);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static void
on_finished (TramaSource *source, const GError *error, gpointer user_data)
{
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* What a fresh reader finds in it. */
static TramaFlowTable *
read_saved (const char *path)
{
  g_autoptr (TramaSource) source = trama_source_open (path);
  gboolean finished = FALSE;

  g_signal_connect (source, "finished", G_CALLBACK (on_finished), &finished);
  while (!finished)
    g_main_context_iteration (NULL, TRUE);
  return trama_flow_table_new (trama_source_get_store (source));
}

static void
select_event (Fixture *fixture, guint32 kind, guint32 index)
{
  trama_view_state_select (trama_window_get_state (fixture->window), (TramaRef){ kind, index });
}

static gboolean
can (Fixture *fixture, const char *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (fixture->window), action);
}

static void
test_conversation (Fixture *fixture, gconstpointer data)
{
  g_auto (Place) place = { 0 };
  g_autoptr (TramaFlowTable) table = NULL;
  TramaStore *store;

  place_init (&place, fixture);
  g_assert_true (can (fixture, "save"));
  g_assert_false (can (fixture, "save-conversation"));
  select_event (fixture, TRAMA_EVENT_PACKET, 4); /* the second of the second */
  g_assert_true (can (fixture, "save-conversation"));
  trama_window_save (fixture->window, place.saved, TRAMA_FEED_SAVE_CONVERSATION);
  select_event (fixture, 0, 0);
  g_assert_false (can (fixture, "save-conversation"));

  table = read_saved (place.saved);
  store = trama_flow_table_get_store (table);
  g_assert_cmpuint (trama_store_n_packets (store), ==, N_PACKETS / N_FLOWS);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 1);
  g_assert_cmpuint (trama_flow_table_get_flow (table, 0)->endpoint[0].port, ==, 10001);
}

/* Of those chosen in the list all, whichever event is selected. */
static void
test_several (Fixture *fixture, gconstpointer data)
{
  TramaConversationList *list = trama_lists_pane_get_conversations (trama_window_get_lists (fixture->window));
  g_autoptr (GtkBitset) rows = gtk_bitset_new_range (1, 2);
  g_auto (Place) place = { 0 };
  g_autoptr (TramaFlowTable) table = NULL;

  place_init (&place, fixture);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.conversations", NULL));
  fixture_settle (fixture);
  trama_row_table_choose (trama_conversation_list_get_table (list), rows);
  g_assert_true (can (fixture, "save-conversation"));
  trama_window_save (fixture->window, place.saved, TRAMA_FEED_SAVE_CONVERSATION);

  table = read_saved (place.saved);
  g_assert_cmpuint (trama_store_n_packets (trama_flow_table_get_store (table)), ==, 2 * N_PACKETS / N_FLOWS);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 2);
  g_assert_cmpuint (trama_flow_table_get_flow (table, 0)->endpoint[0].port, ==, 10001);
  g_assert_cmpuint (trama_flow_table_get_flow (table, 1)->endpoint[0].port, ==, 10002);
}

/* Both at once; each packet still says how long it was. */
static void
test_without_payload (Fixture *fixture, gconstpointer data)
{
  g_auto (Place) place = { 0 };
  g_autoptr (TramaFlowTable) table = NULL;
  TramaPacket packet;

  place_init (&place, fixture);
  select_event (fixture, TRAMA_EVENT_PACKET, 0);
  trama_window_save (fixture->window, place.saved, TRAMA_FEED_SAVE_CONVERSATION | TRAMA_FEED_SAVE_NO_PAYLOAD);
  table = read_saved (place.saved);
  g_assert_cmpuint (trama_store_n_packets (trama_flow_table_get_store (table)), ==, N_PACKETS / N_FLOWS);
  for (guint i = 0; i < N_PACKETS / N_FLOWS; i++)
    {
      trama_store_get_packet (trama_flow_table_get_store (table), i, &packet);
      g_assert_cmpuint (packet.captured_bytes, ==, packet.length_bytes - CAPTURE_PAYLOAD_BYTES);
    }
}

/* The conversation of a call is that of its packets; a call that has none has no conversation. */
static void
test_of_call (Fixture *fixture, gconstpointer data)
{
  if (!trama_store_packets_observed (fixture_get_store (fixture)))
    {
      g_test_skip ("packets are not observed on this machine");
      return;
    }
  select_event (fixture, TRAMA_EVENT_CALL, fixture_find_call (fixture, "connect"));
  g_assert_true (can (fixture, "save-conversation"));
  select_event (fixture, TRAMA_EVENT_CALL, fixture_find_call (fixture, "bind"));
  g_assert_false (can (fixture, "save-conversation"));
}

static gboolean
is_saved (Fixture *fixture)
{
  GObject *label = gtk_widget_get_template_child (GTK_WIDGET (fixture->window), TRAMA_TYPE_WINDOW,
                                                  "header_subtitle");

  return strstr (gtk_label_get_text (GTK_LABEL (label)), "not saved") == NULL;
}

/* The whole of it is saved then, and only then. */
static void
test_is_saved (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    TramaFeedSaveFlags flags;
    gboolean whole;
  } cases[] = {
    { TRAMA_FEED_SAVE_NO_PAYLOAD, FALSE },
    { TRAMA_FEED_SAVE_WITH_COMMENTS, TRUE },
  };
  g_auto (Place) place = { 0 };
  guint n_calls = trama_store_n_calls (fixture_get_store (fixture));

  place.folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  place.capture = g_build_filename (place.folder, "first.pcapng", NULL);
  place.saved = g_build_filename (place.folder, "second.pcapng", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TramaFlowTable) table = NULL;
      const char *path = i == 0 ? place.capture : place.saved;

      trama_window_save (fixture->window, path, cases[i].flags);
      table = read_saved (path);
      g_assert_cmpuint (trama_store_n_calls (trama_flow_table_get_store (table)), ==, n_calls);
      g_assert_true (is_saved (fixture) == cases[i].whole);
    }
}

/* The dialogue that is open; NULL: none is. */
static GtkDialog *
find_dialog (Fixture *fixture)
{
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (GTK_IS_DIALOG (window) && gtk_widget_get_visible (GTK_WIDGET (window)))
        return GTK_DIALOG (window);
    }
  return NULL;
}

static gboolean
has_dialog (Fixture *fixture)
{
  return find_dialog (fixture) != NULL;
}

static gboolean
has_no_dialog (Fixture *fixture)
{
  return find_dialog (fixture) == NULL;
}

static gboolean
stands_at (GtkFileChooser *chooser, const char *path)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (chooser);

  return file != NULL && (path == NULL || g_strcmp0 (g_file_peek_path (file), path) == 0);
}

/* The dialogue reads a folder of its own first, and then that of @path. */
static void
answer (Fixture *fixture, const char *path)
{
  GtkDialog *dialog = find_dialog (fixture);
  g_autofree char *folder_name = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GFile) folder = g_file_new_for_path (folder_name);

  while (!stands_at (GTK_FILE_CHOOSER (dialog), NULL))
    g_main_context_iteration (NULL, TRUE);
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), folder, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  while (!stands_at (GTK_FILE_CHOOSER (dialog), path))
    g_main_context_iteration (NULL, TRUE);
  gtk_dialog_response (dialog, GTK_RESPONSE_ACCEPT);
  fixture_wait (fixture, has_no_dialog);
}

/* Every action of the menu asks where to, and then writes what it says. */
static void
test_dialogs (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *action;
    const char *title;
    guint n_packets;
    guint captured_bytes;
  } cases[] = {
    { "win.save", "Save the Trace", N_PACKETS, 50 },
    { "win.save-conversation", "Save the Selected Conversations", N_PACKETS / N_FLOWS, 50 },
    { "win.save-headers", "Save without Payload", N_PACKETS, 40 },
    { "win.save-for-wireshark", "Save with the Calls as Packet Comments", N_PACKETS, 50 },
  };
  g_auto (Place) place = { 0 };

  place_init (&place, fixture);
  select_event (fixture, TRAMA_EVENT_PACKET, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TramaFlowTable) table = NULL;
      TramaPacket packet;

      g_unlink (place.saved);
      g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), cases[i].action, NULL));
      fixture_wait (fixture, has_dialog);
      g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (find_dialog (fixture))), ==, cases[i].title);
      answer (fixture, place.saved);

      table = read_saved (place.saved);
      g_assert_cmpuint (trama_store_n_packets (trama_flow_table_get_store (table)), ==, cases[i].n_packets);
      trama_store_get_packet (trama_flow_table_get_store (table), 0, &packet);
      g_assert_cmpuint (packet.captured_bytes, ==, cases[i].captured_bytes);
    }
}

/* As a file manager would. */
static gboolean
drop (Fixture *fixture, GFile **files, gsize n_files)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (fixture->window));
  g_auto (GValue) value = G_VALUE_INIT;
  guint n_targets = 0;
  gboolean taken = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_array (files, n_files));
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (!GTK_IS_DROP_TARGET (controller))
        continue;
      n_targets++;
      g_assert_true (gdk_content_formats_contain_gtype (
          gtk_drop_target_get_formats (GTK_DROP_TARGET (controller)), GDK_TYPE_FILE_LIST));
      g_signal_emit_by_name (controller, "drop", &value, 10.0, 10.0, &taken);
    }
  g_assert_cmpuint (n_targets, ==, 1);
  return taken;
}

static void
test_drop (Fixture *fixture, gconstpointer data)
{
  TramaToast *toast = trama_window_get_toast (fixture->window);
  g_auto (Place) place = { 0 };
  g_autoptr (GFile) capture = NULL;
  g_autoptr (GFile) nowhere = g_file_new_for_path ("no-such-file");
  g_autoptr (GFile) far = g_file_new_for_uri ("http://localhost/a.pcap");

  place_init (&place, fixture);
  capture = g_file_new_for_path (place.capture);
  g_assert_true (trama_session_list_choose (trama_window_get_sessions (fixture->window), "letter"));
  fixture_wait_finished (fixture);
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), >, 0);

  g_assert_true (drop (fixture, &capture, 1));
  fixture_wait_finished (fixture);
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), ==, 0);
  g_assert_cmpuint (trama_store_n_packets (fixture_get_store (fixture)), ==, N_PACKETS);
  g_assert_null (trama_toast_get_text (toast));

  g_assert_true (drop (fixture, (GFile *[]){ capture, nowhere }, 2));
  fixture_wait_finished (fixture);
  g_assert_cmpuint (trama_store_n_packets (fixture_get_store (fixture)), ==, N_PACKETS);
  g_assert_cmpstr (trama_toast_get_text (toast), ==, "One file at a time: only the first was opened");

  g_assert_false (drop (fixture, &far, 1));
  g_assert_cmpstr (trama_toast_get_text (toast), ==, "Only files of this computer can be opened");
  g_assert_cmpuint (trama_store_n_packets (fixture_get_store (fixture)), ==, N_PACKETS);
}

/* The submenu beside "Open"; NULL: there is none. */
static GMenuModel *
get_recent (Fixture *fixture)
{
  GObject *section = gtk_widget_get_template_child (GTK_WIDGET (fixture->window), TRAMA_TYPE_WINDOW,
                                                    "file_section");

  return g_menu_model_get_item_link (G_MENU_MODEL (section), 1, G_MENU_LINK_SUBMENU);
}

static char *
get_recent_label (Fixture *fixture, int index)
{
  g_autoptr (GMenuModel) recent = get_recent (fixture);
  char *label = NULL;

  if (recent != NULL && index < g_menu_model_get_n_items (recent))
    g_menu_model_get_item_attribute (recent, index, G_MENU_ATTRIBUTE_LABEL, "s", &label);
  return label;
}

static gboolean
has_saved_first (Fixture *fixture)
{
  g_autofree char *label = get_recent_label (fixture, 0);

  return g_strcmp0 (label, "saved.pcapng") == 0;
}

static void
open_recent (Fixture *fixture, int index)
{
  g_autoptr (GMenuModel) recent = get_recent (fixture);
  g_autoptr (GVariant) target = g_menu_model_get_item_attribute_value (recent, index, G_MENU_ATTRIBUTE_TARGET,
                                                                       G_VARIANT_TYPE_STRING);

  g_assert_true (
      gtk_widget_activate_action_variant (GTK_WIDGET (fixture->window), "win.open-recent", target));
  fixture_wait_finished (fixture);
}

/* What was opened and what was saved, the last first, from the menu again; what is gone is no longer offered. */
static void
test_recent (Fixture *fixture, gconstpointer data)
{
  g_auto (Place) place = { 0 };
  g_autofree char *second = NULL;
  g_autofree char *first = NULL;

  place_init (&place, fixture);
  select_event (fixture, TRAMA_EVENT_PACKET, 0);
  trama_window_save (fixture->window, place.saved, TRAMA_FEED_SAVE_CONVERSATION);
  fixture_wait (fixture, has_saved_first);
  second = get_recent_label (fixture, 1);
  g_assert_cmpstr (second, ==, "three.pcap");

  open_recent (fixture, 0);
  g_assert_cmpuint (trama_store_n_packets (fixture_get_store (fixture)), ==, N_PACKETS / N_FLOWS);
  g_assert_cmpint (g_unlink (place.saved), ==, 0);
  open_recent (fixture, 1);
  g_assert_cmpuint (trama_store_n_packets (fixture_get_store (fixture)), ==, N_PACKETS);
  while (has_saved_first (fixture))
    g_main_context_iteration (NULL, TRUE);
  first = get_recent_label (fixture, 0);
  g_assert_cmpstr (first, ==, "three.pcap");
}

int
main (int argc, char **argv)
{
  g_autofree char *kept = g_dir_make_tmp ("trama-saving-XXXXXX", NULL);
  g_autofree char *list = g_build_filename (kept, "recently-used.xbel", NULL);
  int status;

  g_setenv ("XDG_DATA_HOME", kept, TRUE);
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/saving/conversation", test_conversation);
  fixture_add ("/saving/several", test_several);
  fixture_add ("/saving/without-payload", test_without_payload);
  fixture_add ("/saving/of-call", test_of_call);
  fixture_add ("/saving/is-saved", test_is_saved);
  fixture_add ("/saving/dialogs", test_dialogs);
  fixture_add ("/saving/drop", test_drop);
  fixture_add ("/saving/recent", test_recent);
  status = g_test_run ();
  g_unlink (list);
  g_rmdir (kept);
  return status;
}
