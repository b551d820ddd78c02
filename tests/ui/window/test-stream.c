/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/capture.h"
#include "tests/ui/window/input.h"

#include <glib/gstdio.h>

/* Follow Stream: run, follow, choose, search, save. */

static TramaStreamView *
get_stream (Fixture *fixture)
{
  return trama_lists_pane_get_stream (trama_window_get_lists (fixture->window));
}

static gboolean
is_ready (Fixture *fixture)
{
  return !trama_stream_view_is_busy (get_stream (fixture));
}

static void
settle (Fixture *fixture)
{
  fixture_settle (fixture);
  fixture_wait (fixture, is_ready);
  fixture_settle (fixture);
}

static void
follow (Fixture *fixture)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stream", NULL));
  settle (fixture);
}

static void
run_session (Fixture *fixture, const char *name)
{
  g_assert_true (trama_session_list_choose (trama_window_get_sessions (fixture->window), name));
  fixture_wait_finished (fixture);
}

/* The lines as they are copied. */
static void
assert_lines (Fixture *fixture, const char *expected)
{
  g_autofree char *text = trama_stream_lines_dup_text (trama_stream_view_get_lines (get_stream (fixture)));

  g_assert_cmpstr (text, ==, expected);
}

static TramaRef
selected (Fixture *fixture)
{
  return trama_view_state_get_selected (trama_window_get_state (fixture->window));
}

static void
press_line (Fixture *fixture, guint index)
{
  /* As the list does when a row is clicked, or reached by an arrow key. */
  GtkWidget *lines = GTK_WIDGET (trama_stream_view_get_lines (get_stream (fixture)));
  GtkWidget *view = gtk_widget_get_first_child (gtk_widget_get_first_child (lines));

  g_assert_true (GTK_IS_LIST_VIEW (view));
  gtk_selection_model_select_item (gtk_list_view_get_model (GTK_LIST_VIEW (view)), index, TRUE);
  settle (fixture);
}

static guint
find_write (Fixture *fixture, gint64 result)
{
  TramaStore *store = fixture_get_store (fixture);

  for (guint i = 0; i < trama_store_n_calls (store); i++)
    if (trama_store_get_call (store, i)->name == TRAMA_CALL_WRITE
        && trama_store_get_call (store, i)->result == result)
      return i;
  g_assert_not_reached ();
}

static void
test_telephone (Fixture *fixture, gconstpointer data)
{
  TramaStreamView *stream = get_stream (fixture);
  TramaFlowTable *table;
  TramaSegment segment;

  follow (fixture);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (stream)));
  assert_lines (fixture, "Hello?\nSpeaking!\n");
  press_line (fixture, 1);
  g_assert_cmpuint (trama_stream_lines_get_selected (trama_stream_view_get_lines (stream)), ==, 1);
  assert_lines (fixture, "Speaking!\n");
  if (trama_store_packets_observed (fixture_get_store (fixture)))
    {
      table = trama_view_state_get_table (trama_window_get_state (fixture->window));
      g_assert_cmpuint (selected (fixture).kind, ==, TRAMA_EVENT_PACKET);
      trama_flow_table_get_segment (table, selected (fixture).index, &segment);
      g_assert_cmpuint (segment.payload_bytes, ==, 10);
    }
  else
    g_assert_cmpuint (selected (fixture).kind, ==, TRAMA_EVENT_CALL);

  /* And the other way round. */
  trama_view_state_select (trama_window_get_state (fixture->window),
                           (TramaRef){ TRAMA_EVENT_CALL, find_write (fixture, 7) });
  settle (fixture);
  assert_lines (fixture, "Hello?\n");
}

/* Tab comes to the lines and goes on from there, as from every list. */
static void
test_one_stop (Fixture *fixture, gconstpointer data)
{
  GtkWidget *lines = GTK_WIDGET (trama_stream_view_get_lines (get_stream (fixture)));
  GtkRoot *root = GTK_ROOT (fixture->window);

  follow (fixture);
  for (guint i = 0; i < 2; i++)
    {
      const GtkDirectionType direction = i == 0 ? GTK_DIR_TAB_FORWARD : GTK_DIR_TAB_BACKWARD;

      gtk_widget_grab_focus (GTK_WIDGET (trama_window_get_ladder (fixture->window)));
      g_assert_true (gtk_widget_child_focus (lines, direction));
      g_assert_true (gtk_widget_is_ancestor (gtk_root_get_focus (root), lines));
      g_assert_false (gtk_widget_child_focus (lines, direction));
    }
}

static void
test_shapes (Fixture *fixture, gconstpointer data)
{
  TramaStreamView *stream = get_stream (fixture);

  follow (fixture);
  trama_stream_view_set_format (stream, TRAMA_TRANSCRIPT_HEX);
  settle (fixture);
  assert_lines (fixture, "00000000  48 65 6c 6c 6f 3f 0a                             Hello?.\n"
                         "00000000  53 70 65 61 6b 69 6e 67 21 0a                    Speaking!.\n");
  trama_stream_view_set_sides (stream, TRAMA_TRANSCRIPT_SIDE_1);
  settle (fixture);
  assert_lines (fixture, "00000000  53 70 65 61 6b 69 6e 67 21 0a                    Speaking!.\n");
  trama_stream_view_set_format (stream, TRAMA_TRANSCRIPT_C);
  settle (fixture);
  g_assert_cmpuint (trama_transcript_n_lines (trama_stream_view_get_transcript (stream)), ==, 3);
}

/* Between sockets of AF_UNIX nothing but calls is seen. */
static void
test_inside (Fixture *fixture, gconstpointer data)
{
  run_session (fixture, "unix-stream");
  follow (fixture);
  assert_lines (fixture, "Hello?\nSpeaking!\n");
  press_line (fixture, 1);
  g_assert_cmpuint (selected (fixture).kind, ==, TRAMA_EVENT_CALL);
  assert_lines (fixture, "Speaking!\n");
}

static void
test_datagrams (Fixture *fixture, gconstpointer data)
{
  run_session (fixture, "letter");
  follow (fixture);
  g_assert_cmpuint (trama_transcript_n_lines (trama_stream_view_get_transcript (get_stream (fixture))), >, 0);
}

/* A letter without bytes stands before the one with four. */
static void
test_empty_letter (Fixture *fixture, gconstpointer data)
{
  const TramaTranscript *transcript;

  run_session (fixture, "empty-letter");
  follow (fixture);
  transcript = trama_stream_view_get_transcript (get_stream (fixture));
  g_assert_cmpuint (trama_transcript_n_lines (transcript), ==, 2);
  g_assert_cmpuint (trama_transcript_get_line (transcript, 0).kind, ==, TRAMA_LINE_MARK);
  g_assert_cmpuint (trama_transcript_get_line (transcript, 1).size_bytes, ==, 4);
}

static void
test_find (Fixture *fixture, gconstpointer data)
{
  TramaStreamView *stream = get_stream (fixture);
  GtkWidget *focus;
  TramaRef hello;

  follow (fixture);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.find", NULL));
  settle (fixture);
  focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));
  g_assert_true (gtk_widget_is_ancestor (focus, GTK_WIDGET (stream)));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (trama_window_get_search (fixture->window))));

  trama_stream_view_set_query (stream, "e");
  settle (fixture);
  g_assert_cmpstr (trama_stream_view_get_count (stream), ==, "1 of 2");
  assert_lines (fixture, "Hello?\n");
  hello = selected (fixture);
  g_assert_cmpuint (hello.kind, !=, 0);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.find-next", NULL));
  g_assert_cmpstr (trama_stream_view_get_count (stream), ==, "2 of 2");
  assert_lines (fixture, "Speaking!\n");
  /* The ladder goes along. */
  g_assert_cmpuint (selected (fixture).kind, ==, hello.kind);
  g_assert_cmpuint (selected (fixture).index, !=, hello.index);
  trama_stream_view_step (stream, 1);
  g_assert_cmpstr (trama_stream_view_get_count (stream), ==, "1 of 2");
  trama_stream_view_set_query (stream, "0x3f0a");
  settle (fixture);
  g_assert_cmpstr (trama_stream_view_get_count (stream), ==, "1 of 1");
  trama_stream_view_set_query (stream, "nobody");
  settle (fixture);
  g_assert_cmpstr (trama_stream_view_get_count (stream), ==, "No hits");
}

/* "/" searches where the keyboard is: in the lines of the stream as in the ladder and the lists. */
static void
test_find_by_key (Fixture *fixture, gconstpointer data)
{
  GtkWidget *focus;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  input_do (fixture, "key ctrl+shift+f");
  settle (fixture);
  input_do (fixture, "key slash");
  focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));
  g_assert_true (gtk_widget_is_ancestor (focus, GTK_WIDGET (get_stream (fixture))));
  g_assert_true (GTK_IS_EDITABLE (focus));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (focus)), ==, "");
}

static void
on_told (TramaStreamView *stream, const char *text, guint *n)
{
  (*n)++;
}

static void
assert_saved (Fixture *fixture, const char *path, gboolean as_shown, const char *expected)
{
  TramaStreamView *stream = get_stream (fixture);
  g_autofree char *text = NULL;
  guint n_told = 0;
  gulong id = g_signal_connect (stream, "told", G_CALLBACK (on_told), &n_told);

  trama_stream_view_save (stream, path, as_shown);
  while (n_told == 0)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (stream, id);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_save (Fixture *fixture, gconstpointer data)
{
  TramaStreamView *stream = get_stream (fixture);
  g_autofree char *folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "said", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "no", "said", NULL);
  guint n_failed = 0;

  follow (fixture);
  assert_saved (fixture, path, FALSE, "Hello?\nSpeaking!\n");
  assert_saved (fixture, path, TRUE, "client  Hello?\nserver  Speaking!\n");
  trama_stream_view_set_sides (stream, TRAMA_TRANSCRIPT_SIDE_0);
  settle (fixture);
  assert_saved (fixture, path, FALSE, "Hello?\n");

  g_signal_connect (stream, "failed", G_CALLBACK (on_told), &n_failed);
  trama_stream_view_save (stream, nowhere, FALSE);
  while (n_failed == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* From a row of the conversations, by Enter. */
static void
test_from_row (Fixture *fixture, gconstpointer data)
{
  TramaListsPane *lists = trama_window_get_lists (fixture->window);
  TramaConversationList *conversations = trama_lists_pane_get_conversations (lists);

  if (!trama_store_packets_observed (fixture_get_store (fixture)))
    {
      g_test_skip ("packets are not observed on this machine");
      return;
    }
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.conversations", NULL));
  fixture_settle (fixture);
  g_signal_emit_by_name (trama_conversation_list_get_table (conversations), "row-activated", 0);
  settle (fixture);
  g_assert_cmpstr (trama_lists_pane_get_page (lists), ==, "stream");
  g_assert_cmpuint (selected (fixture).kind, ==, TRAMA_EVENT_PACKET);
  assert_lines (fixture, "Hello?\nSpeaking!\n");
}

/* A session that runs again while it is followed. */
static void
test_live (Fixture *fixture, gconstpointer data)
{
  TramaStore *before = fixture_get_store (fixture);

  follow (fixture);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.run", NULL));
  fixture_wait_finished (fixture);
  g_assert_true (fixture_get_store (fixture) != before);
  settle (fixture);
  assert_lines (fixture, "Hello?\nSpeaking!\n");
}

static void
on_text (GObject *clipboard, GAsyncResult *result, gpointer user_data)
{
  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);
}

static char *
copy (Fixture *fixture, const char *action)
{
  char *text = NULL;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
  g_assert_nonnull (trama_toast_get_text (trama_window_get_toast (fixture->window)));
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), NULL, on_text,
                                 &text);
  while (text == NULL)
    g_main_context_iteration (NULL, TRUE);
  return text;
}

static void
on_spliced (GObject *memory, GAsyncResult *result, gpointer user_data)
{
  g_assert_cmpint (g_output_stream_splice_finish (G_OUTPUT_STREAM (memory), result, NULL), >, 0);
  *(GBytes **) user_data = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static void
on_png (GObject *clipboard, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GInputStream) stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (clipboard), result, NULL, NULL);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();

  g_assert_nonnull (stream);
  g_output_stream_splice_async (memory, stream,
                                G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, NULL, on_spliced, user_data);
}

/* As another program pastes it: a PNG of what the ladder shows. */
static void
assert_picture (Fixture *fixture)
{
  static const char *const types[] = { "image/png", NULL };
  GtkWidget *ladder = GTK_WIDGET (trama_window_get_ladder (fixture->window));
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gdk_clipboard_read_async (gtk_widget_get_clipboard (ladder), (const char **) types, G_PRIORITY_DEFAULT,
                            NULL, on_png, &bytes);
  while (bytes == NULL)
    g_main_context_iteration (NULL, TRUE);
  texture = gdk_texture_new_from_bytes (bytes, NULL);
  g_assert_nonnull (texture);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, gtk_widget_get_width (ladder));
  g_assert_cmpint (gdk_texture_get_height (texture), ==, gtk_widget_get_height (ladder));
}

static void
test_clipboard (Fixture *fixture, gconstpointer data)
{
  TramaViewState *state = trama_window_get_state (fixture->window);
  g_autofree char *ladder = copy (fixture, "win.copy-text");
  const TramaCall *call_one = trama_store_get_call (fixture_get_store (fixture), 0);
  g_autofree char *first = NULL;
  g_autofree char *bytes = NULL;
  g_autofree char *event = NULL;
  g_autofree char *call = NULL;

  g_assert_nonnull (strstr (ladder, "connect(3, 127.0.0.1:5000)"));
  trama_view_state_set_visible (state, (TramaSpan){ call_one->entry_ns, call_one->exit_ns });
  first = copy (fixture, "win.copy-text");
  g_assert_nonnull (strstr (first, "socket("));
  g_assert_null (strstr (first, "Hello?"));
  trama_view_state_select (state, (TramaRef){ TRAMA_EVENT_CALL, find_write (fixture, 7) });
  bytes = copy (fixture, "win.copy-bytes");
  g_assert_cmpstr (bytes, ==, "48 65 6c 6c 6f 3f 0a");
  event = copy (fixture, "win.copy-text");
  g_assert_true (g_str_has_prefix (event, "write(2)\n"));
  call = copy (fixture, "win.copy-call");
  g_assert_nonnull (strstr (call, ", \"Hello?\\n\", 7); /* = 7 */\n"));
  g_assert_cmpstr (trama_toast_get_text (trama_window_get_toast (fixture->window)), ==,
                   "Copied as C: write()");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.copy-picture", NULL));
  assert_picture (fixture);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/stream/telephone", test_telephone);
  fixture_add ("/stream/one-stop", test_one_stop);
  fixture_add ("/stream/shapes", test_shapes);
  fixture_add ("/stream/inside", test_inside);
  fixture_add ("/stream/datagrams", test_datagrams);
  fixture_add ("/stream/empty-letter", test_empty_letter);
  fixture_add ("/stream/find", test_find);
  fixture_add ("/stream/find-by-key", test_find_by_key);
  fixture_add ("/stream/save", test_save);
  fixture_add ("/stream/from-row", test_from_row);
  fixture_add ("/stream/live", test_live);
  fixture_add ("/stream/clipboard", test_clipboard);
  return g_test_run ();
}
