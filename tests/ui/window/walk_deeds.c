/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/random_trace.h"
#include "tests/ui/window/walk.h"

#include <glib/gstdio.h>

#define FEW_EVENTS 400
#define MANY_EVENTS 20000
#define CROWD_EVENTS 100000
#define READ_SECONDS 120

/* Dialogs. */

GtkWindow *
walk_find_dialog (Walk *walk)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (gtk_window_get_transient_for (l->data) == GTK_WINDOW (walk->fixture->window)
        && gtk_widget_get_mapped (l->data) && !GTK_IS_FILE_CHOOSER (l->data))
      return l->data;
  return NULL;
}

/* What stands over @window and all that stands over it; @window: nothing does. */
static GtkWindow *
find_upmost (GtkWindow *window)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (gtk_window_get_transient_for (l->data) == window && gtk_widget_get_visible (l->data))
      return find_upmost (l->data);
  return window;
}

/* As a user does: the dialog of a GtkFileChooserNative is not ours to destroy, who asked would never hear of it. */
void
walk_close_dialogs (Walk *walk, int response)
{
  GtkWindow *window = GTK_WINDOW (walk->fixture->window);
  GtkWindow *upmost;

  while ((upmost = find_upmost (window)) != window)
    if (GTK_IS_MESSAGE_DIALOG (upmost))
      gtk_dialog_response (GTK_DIALOG (upmost), response);
    else
      gtk_window_close (upmost);
}

/* What is opened. */

static gboolean
on_late (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_CONTINUE;
}

static void
wait_read (Walk *walk)
{
  TramaFeed *feed = trama_window_get_feed (walk->fixture->window);
  gboolean late = FALSE;
  guint id = g_timeout_add_seconds (READ_SECONDS, on_late, &late);

  while (trama_feed_is_running (feed) && !trama_feed_is_following (feed))
    {
      g_assert_false (late);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (id);
  fixture_settle (walk->fixture);
}

static guint
pick_size (Walk *walk)
{
  switch (walk_pick (walk, 32))
    {
    case 0:
      return 0;
    case 1:
      return 1;
    case 2:
    case 3:
      return walk_pick (walk, MANY_EVENTS);
    case 4:
      return CROWD_EVENTS;
    default:
      return walk_pick (walk, FEW_EVENTS);
    }
}

/* What is not there yet comes while inputs do. */
static void
hold_back (Walk *walk, const char *path)
{
  char *bytes;
  gsize size, shown;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  shown = walk_pick (walk, (guint) size);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) shown, NULL));
  walk->rest = g_bytes_new_with_free_func (bytes + shown, size - shown, g_free, bytes);
}

/* Notes in the trace before are left; it may be walked on while the new one is read. */
void
walk_open (Walk *walk)
{
  g_autofree char *path = g_build_filename (walk->folder, "random.pcapng", NULL);
  RandomTraceKind kind = walk_pick (walk, RANDOM_TRACE_N_KINDS);

  walk_close_dialogs (walk, GTK_RESPONSE_CANCEL);
  g_clear_pointer (&walk->rest, g_bytes_unref);
  random_trace_write (path, walk->rand, kind, pick_size (walk));
  if (walk_pick (walk, 4) == 0)
    hold_back (walk, path);
  trama_window_open (walk->fixture->window, path);
  walk_close_dialogs (walk, GTK_RESPONSE_ACCEPT);
  if (walk_pick (walk, 4) > 0)
    wait_read (walk);
}

/* Deeds. */

static void
run_session (Walk *walk)
{
  static const char *const names[] = {
    "telephone", "letter",   "unix-stream", "refused", "concurrent",
    "fragments", "segments", "keepalive",   "killed",  "passed-descriptor"
  };

  trama_window_start (walk->fixture->window, names[walk_pick (walk, G_N_ELEMENTS (names))]);
}

/* For some seconds, so that most inputs come while it goes on. */
static void
talk_long (Walk *walk)
{
  static const char text[] = "session \"A long talk\"\n"
                             "server:\n"
                             "    listener = socket(AF_INET, SOCK_STREAM, 0)\n"
                             "    bind(listener, 127.0.0.1:5000)\n"
                             "    listen(listener, 5)\n"
                             "    signal ready\n"
                             "    call = accept(listener)\n"
                             "    repeat 400:\n"
                             "        read(call, 64)\n"
                             "        write(call, \"What?\")\n"
                             "    close(call)\n"
                             "client:\n"
                             "    wait ready\n"
                             "    phone = socket(AF_INET, SOCK_STREAM, 0)\n"
                             "    connect(phone, 127.0.0.1:5000)\n"
                             "    repeat 400:\n"
                             "        write(phone, \"Hello?\")\n"
                             "        read(phone, 64)\n"
                             "        sleep 10ms\n"
                             "    close(phone)\n";
  g_autofree char *path = g_build_filename (walk->folder, "long.session", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  trama_window_start (walk->fixture->window, path);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* Whatever the menu has that needs no word of its own, except what would end the walk or ask for a file at once. */
static void
do_action (Walk *walk)
{
  static const char *const left_out[] = { "open", "save", "save-", "new-session", "close" };
  GActionGroup *group = G_ACTION_GROUP (walk->fixture->window);
  g_auto (GStrv) names = g_action_group_list_actions (group);
  const char *name = names[walk_pick (walk, g_strv_length (names))];

  for (guint i = 0; i < G_N_ELEMENTS (left_out); i++)
    if (g_str_equal (name, left_out[i]) || g_str_has_prefix (name, "save-"))
      return;
  if (g_action_group_get_action_parameter_type (group, name) == NULL)
    g_action_group_activate_action (group, name, NULL);
}

static void
change_mode (Walk *walk)
{
  trama_view_state_set_mode (trama_window_get_state (walk->fixture->window),
                             walk_pick (walk, TRAMA_SCALE_ROWS + 1));
}

static void
zoom (Walk *walk)
{
  TramaViewState *state = trama_window_get_state (walk->fixture->window);

  trama_view_state_set_zoom (state,
                             trama_view_state_get_zoom (state) * g_rand_double_range (walk->rand, 0.05, 20));
}

/* As fingers on a touchpad do it: many small steps between two frames. */
static void
scroll (Walk *walk)
{
  GtkWidget *ladder = GTK_WIDGET (trama_window_get_ladder (walk->fixture->window));
  GtkScrolledWindow *window = GTK_SCROLLED_WINDOW (gtk_widget_get_parent (ladder));
  GtkAdjustment *adjustment = walk_pick (walk, 3) == 0 ? gtk_scrolled_window_get_hadjustment (window)
                                                       : gtk_scrolled_window_get_vadjustment (window);
  double step = g_rand_double_range (walk->rand, -60, 60);

  for (guint i = walk_pick (walk, 40); i > 0; i--)
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + step);
}

static void
write_picture (Walk *walk)
{
  static const char *const names[] = { "walk.svg", "walk.pdf", "walk.png", "walk.txt" };
  g_autofree char *path = g_build_filename (walk->folder, names[walk_pick (walk, G_N_ELEMENTS (names))],
                                            NULL);
  TramaFlowTable *table = trama_view_state_get_table (trama_window_get_state (walk->fixture->window));

  /* A crowd of events is for another test. */
  if (table == NULL || trama_store_n_packets (trama_flow_table_get_store (table)) > FEW_EVENTS)
    return;
  trama_window_export (walk->fixture->window, path);
  g_unlink (path);
}

static void
save (Walk *walk)
{
  static const TramaFeedSaveFlags flags[] = { TRAMA_FEED_SAVE_WHOLE, TRAMA_FEED_SAVE_NO_PAYLOAD,
                                              TRAMA_FEED_SAVE_WITH_COMMENTS };
  g_autofree char *path = g_build_filename (walk->folder, "saved.pcapng", NULL);

  if (trama_feed_get_store (trama_window_get_feed (walk->fixture->window)) == NULL)
    return;
  trama_window_save (walk->fixture->window, path, flags[walk_pick (walk, G_N_ELEMENTS (flags))]);
  g_unlink (path);
}

/* What it will be, and where it goes, is up to who walks in the dialog. */
static void
ask_for_picture (Walk *walk)
{
  g_action_group_activate_action (G_ACTION_GROUP (walk->fixture->window), "export", NULL);
}

/* What was said, in another form. */
static void
read_stream (Walk *walk)
{
  TramaStreamView *stream = trama_lists_pane_get_stream (trama_window_get_lists (walk->fixture->window));

  g_action_group_activate_action (G_ACTION_GROUP (walk->fixture->window), "stream", NULL);
  trama_stream_view_set_format (stream, walk_pick (walk, TRAMA_N_TRANSCRIPT_FORMATS));
  trama_stream_view_set_sides (stream, 1 + walk_pick (walk, TRAMA_TRANSCRIPT_BOTH));
}

/* Somebody brings a file in the middle of everything: the one that is open, or what is no file. */
static void
drop (Walk *walk)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (walk->fixture->window));
  g_autofree char *path = g_build_filename (walk->folder, "random.pcapng", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (walk_pick (walk, 4) == 0 ? walk->folder : path);
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_array (&file, 1));
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        g_signal_emit_by_name (controller, "drop", &value, 10.0, 10.0, &taken);
    }
}

void
walk_deed (Walk *walk)
{
  static void (*const deeds[]) (Walk *) = { run_session, talk_long, do_action,      do_action,     do_action,
                                            change_mode, zoom,      scroll,         write_picture, save,
                                            read_stream, drop,      ask_for_picture };

  deeds[walk_pick (walk, G_N_ELEMENTS (deeds))](walk);
}
