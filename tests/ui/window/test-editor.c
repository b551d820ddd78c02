/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/call.h"
#include "tests/ui/window/fixture.h"

#include <glib/gstdio.h>

/* data/sessions/telephone.session: where its calls are. */
#define LINE_BIND 11
#define LINE_ACCEPT 14
#define LINE_CONNECT 23
#define TELEPHONE_CALLS 13

static void
activate (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
}

static TramaSessionEditor *
show_editor (Fixture *fixture)
{
  TramaSessionEditor *editor = trama_window_get_editor (fixture->window);

  activate (fixture, "win.editor");
  fixture_settle (fixture);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (editor)));
  return editor;
}

static GtkTextBuffer *
get_buffer (Fixture *fixture)
{
  return gtk_text_view_get_buffer (
      GTK_TEXT_VIEW (trama_session_editor_get_text (trama_window_get_editor (fixture->window))));
}

static char *
dup_text (Fixture *fixture)
{
  return trama_session_document_dup_text (
      trama_session_editor_get_document (trama_window_get_editor (fixture->window)));
}

static void
replace_text (Fixture *fixture, const char *text)
{
  GtkTextBuffer *buffer = get_buffer (fixture);
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, text, -1);
  gtk_text_buffer_end_user_action (buffer);
}

static void
insert_at_end (Fixture *fixture, const char *text)
{
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (get_buffer (fixture), &end);
  gtk_text_buffer_insert (get_buffer (fixture), &end, text, -1);
}

static gboolean
has_mistake (Fixture *fixture)
{
  return g_str_has_prefix (trama_session_editor_get_verdict (trama_window_get_editor (fixture->window)),
                           "Line ");
}

static gboolean
has_no_mistake (Fixture *fixture)
{
  return g_str_equal (trama_session_editor_get_verdict (trama_window_get_editor (fixture->window)),
                      "No mistakes");
}

static gboolean
failed_in_line_5 (Fixture *fixture)
{
  return trama_session_view_get_mistake_line (
             trama_session_editor_get_text (trama_window_get_editor (fixture->window)))
         == 5;
}

static gboolean
is_tagged (Fixture *fixture, const char *name, int line, int column)
{
  GtkTextBuffer *buffer = get_buffer (fixture);
  GtkTextTag *tag = gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), name);
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_line_offset (buffer, &iter, line - 1, column - 1);
  return gtk_text_iter_has_tag (&iter, tag);
}

/* A mistake is said with its place, underlined, gone to, and gone when it is mended. */
static void
test_mistake (Fixture *fixture, gconstpointer data)
{
  TramaSessionEditor *editor = show_editor (fixture);
  TramaSessionView *view = trama_session_editor_get_text (editor);
  TramaStore *before = fixture_get_store (fixture);

  g_assert_cmpstr (trama_session_editor_get_verdict (editor), ==, "No mistakes");
  g_assert_true (is_tagged (fixture, "call", LINE_BIND, 5));
  g_assert_true (is_tagged (fixture, "actor", 9, 1));
  g_assert_true (is_tagged (fixture, "comment", 1, 1));

  insert_at_end (fixture, "    conect(phone, 127.0.0.1:5000)\n");
  fixture_wait (fixture, has_mistake);
  g_assert_true (g_str_has_prefix (trama_session_editor_get_verdict (editor), "Line 27, column 5: "));
  g_assert_nonnull (strstr (trama_session_editor_get_verdict (editor), "did you mean \"connect\"?"));
  g_assert_true (is_tagged (fixture, "mistake", 27, 5));
  g_assert_true (is_tagged (fixture, "mistake", 27, 10));
  g_assert_false (is_tagged (fixture, "mistake", 27, 11));
  g_assert_cmpuint (trama_session_view_get_mistake_line (view), ==, 27);

  /* What is wrong is not run; the cursor goes there. */
  activate (fixture, "win.run");
  g_assert_false (trama_feed_is_running (trama_window_get_feed (fixture->window)));
  g_assert_true (fixture_get_store (fixture) == before);
  g_assert_cmpuint (trama_session_view_get_cursor_line (view), ==, 27);

  gtk_text_buffer_undo (get_buffer (fixture));
  fixture_wait (fixture, has_no_mistake);
  g_assert_cmpuint (trama_session_view_get_mistake_line (view), ==, 0);
  g_assert_false (trama_session_document_get_modified (trama_session_editor_get_document (editor)));
}

/* The call that a session failed at is said and underlined, follows its line, and goes when that is mended. */
static void
test_failed_call (Fixture *fixture, gconstpointer data)
{
  TramaSessionEditor *editor = show_editor (fixture);
  TramaSessionView *view = trama_session_editor_get_text (editor);
  GtkTextIter start;
  GtkTextIter end;

  replace_text (fixture, "session \"Mine\"\n"
                         "box:\n"
                         "    s = socket(AF_INET, SOCK_STREAM, 0)\n"
                         "    connect(s, 127.0.0.1:9)\n"
                         "    close(s)\n");
  activate (fixture, "win.run");
  fixture_wait_finished (fixture);
  fixture_settle (fixture);
  g_assert_true (g_str_has_prefix (trama_session_editor_get_verdict (editor),
                                   "box, line 4: connect(3, 127.0.0.1:9) = -1 ECONNREFUSED"));
  g_assert_cmpuint (trama_session_view_get_mistake_line (view), ==, 4);
  g_assert_false (is_tagged (fixture, "mistake", 4, 4));
  g_assert_true (is_tagged (fixture, "mistake", 4, 5));
  g_assert_true (is_tagged (fixture, "mistake", 4, 27));
  trama_session_editor_go_to_mistake (editor);
  g_assert_cmpuint (trama_session_view_get_cursor_line (view), ==, 4);

  gtk_text_buffer_get_start_iter (get_buffer (fixture), &start);
  gtk_text_buffer_insert (get_buffer (fixture), &start, "# One line more.\n", -1);
  fixture_wait (fixture, failed_in_line_5);
  g_assert_true (is_tagged (fixture, "mistake", 5, 5));

  gtk_text_buffer_get_iter_at_line (get_buffer (fixture), &start, 4);
  gtk_text_buffer_get_iter_at_line (get_buffer (fixture), &end, 5);
  gtk_text_buffer_delete (get_buffer (fixture), &start, &end);
  fixture_wait (fixture, has_no_mistake);
  g_assert_cmpuint (trama_session_view_get_mistake_line (view), ==, 0);
}

/* The text as it stands is what runs, saved or not. */
static void
test_run_draft (Fixture *fixture, gconstpointer data)
{
  show_editor (fixture);
  replace_text (fixture, "session \"Mine\"\n"
                         "box:\n"
                         "    s = socket(AF_INET, SOCK_DGRAM, 0)\n"
                         "    close(s)\n");
  activate (fixture, "win.run");
  fixture_wait_finished (fixture);
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), ==, 2);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "Mine");

  activate (fixture, "win.revert-session");
  fixture_wait (fixture, has_no_mistake);
  activate (fixture, "win.run");
  fixture_wait_finished (fixture);
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), ==, TELEPHONE_CALLS);
}

/* Another session is looked at and come back from: the draft is there, and so is its undo. */
static void
test_drafts (Fixture *fixture, gconstpointer data)
{
  TramaSessionList *list = trama_window_get_sessions (fixture->window);
  g_autofree char *draft = NULL;
  g_autofree char *other = NULL;
  g_autofree char *again = NULL;
  g_autofree char *undone = NULL;

  show_editor (fixture);
  insert_at_end (fixture, "# mine\n");
  draft = dup_text (fixture);
  g_assert_true (trama_session_list_choose (list, "letter"));
  fixture_wait_finished (fixture);
  other = dup_text (fixture);
  g_assert_nonnull (strstr (other, "letterbox"));
  g_assert_null (strstr (other, "# mine"));

  g_assert_true (trama_session_list_choose (list, "telephone"));
  fixture_wait_finished (fixture);
  again = dup_text (fixture);
  g_assert_cmpstr (again, ==, draft);
  gtk_text_buffer_undo (get_buffer (fixture));
  undone = dup_text (fixture);
  g_assert_null (strstr (undone, "# mine"));
}

static GtkWindow *
find_question (Fixture *fixture)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (GTK_IS_MESSAGE_DIALOG (window)
          && gtk_window_get_transient_for (window) == GTK_WINDOW (fixture->window))
        return window;
    }
  return NULL;
}

static void
test_close_asks (Fixture *fixture, gconstpointer data)
{
  GtkWindow *question;

  insert_at_end (fixture, "# mine\n");
  gtk_window_close (GTK_WINDOW (fixture->window));
  fixture_settle (fixture);
  question = find_question (fixture);
  g_assert_nonnull (question);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (fixture->window)));

  gtk_dialog_response (GTK_DIALOG (question), GTK_RESPONSE_CANCEL);
  fixture_settle (fixture);
  g_assert_null (find_question (fixture));
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (fixture->window)));

  /* Asked again as long as there is something to lose, and not any longer. */
  gtk_window_close (GTK_WINDOW (fixture->window));
  fixture_settle (fixture);
  g_assert_nonnull (find_question (fixture));
  gtk_dialog_response (GTK_DIALOG (find_question (fixture)), GTK_RESPONSE_CANCEL);
  gtk_text_buffer_undo (get_buffer (fixture));
  g_assert_true (
      fixture->window
      == (TramaWindow *) gtk_application_get_active_window (GTK_APPLICATION (fixture->application)));
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  gtk_window_close (GTK_WINDOW (fixture->window));
  while (fixture->window != NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* Ten megabytes are refused at once, in words, and what was selected is still there. */
static void
test_too_much (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *huge = g_strnfill (10 << 20, 'x');
  gint64 start_us;

  show_editor (fixture);
  before = dup_text (fixture);
  start_us = g_get_monotonic_time ();
  insert_at_end (fixture, huge);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, G_USEC_PER_SEC);
  after = dup_text (fixture);
  g_assert_cmpstr (after, ==, before);
  g_assert_nonnull (
      strstr (trama_toast_get_text (trama_window_get_toast (fixture->window)), "at most 61440 bytes"));
}

/* A call that is selected has its line marked; the line that is entered has its call selected. */
static void
test_lines_and_calls (Fixture *fixture, gconstpointer data)
{
  TramaViewState *state = trama_window_get_state (fixture->window);
  TramaSessionView *view = trama_session_editor_get_text (show_editor (fixture));
  GtkTextIter start;

  trama_view_state_select (state, (TramaRef){ TRAMA_EVENT_CALL, fixture_find_call (fixture, "connect") });
  g_assert_cmpuint (trama_session_view_get_selected_line (view), ==, LINE_CONNECT);
  trama_session_view_place_cursor (view, LINE_ACCEPT, 1);
  g_assert_cmpuint (trama_view_state_get_selected (state).index, ==, fixture_find_call (fixture, "accept"));
  g_assert_cmpuint (trama_session_view_get_selected_line (view), ==, LINE_ACCEPT);

  /* Lines above come: the call's line has moved with them. A line that was changed has no call. */
  gtk_text_buffer_get_start_iter (get_buffer (fixture), &start);
  gtk_text_buffer_insert (get_buffer (fixture), &start, "# one\n# two\n", -1);
  trama_view_state_select (state, (TramaRef){ TRAMA_EVENT_CALL, fixture_find_call (fixture, "bind") });
  g_assert_cmpuint (trama_session_view_get_selected_line (view), ==, LINE_BIND + 2);
  trama_view_state_select (state, (TramaRef){ 0, 0 });
  g_assert_cmpuint (trama_session_view_get_selected_line (view), ==, 0);
}

static void
test_save (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "mine.session", NULL);
  g_autofree char *contents = NULL;
  g_autofree char *text = NULL;
  TramaSessionDocument *lesson;
  TramaSessionDocument *saved;

  lesson = trama_session_editor_get_document (show_editor (fixture) /* of the telephone */);
  insert_at_end (fixture, "# mine\n");
  trama_window_save_session (fixture->window, path);
  saved = trama_session_editor_get_document (trama_window_get_editor (fixture->window));
  g_assert_true (saved != lesson);
  g_assert_cmpstr (trama_session_document_get_path (saved), ==, path);
  g_assert_false (trama_session_document_get_modified (saved));
  g_assert_false (trama_session_document_get_modified (lesson));
  text = dup_text (fixture);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, text);
  g_assert_true (g_str_has_suffix (contents, "# mine\n"));

  /* Opened again, it is the same one, with what was written since. */
  insert_at_end (fixture, "# more\n");
  trama_window_start (fixture->window, path);
  fixture_wait_finished (fixture);
  g_assert_true (trama_session_editor_get_document (trama_window_get_editor (fixture->window)) == saved);
  g_assert_true (trama_session_document_get_modified (saved));
  activate (fixture, "win.save-session");
  g_assert_false (trama_session_document_get_modified (saved));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Stepping. */

static gboolean
is_held_at_gates (Fixture *fixture)
{
  guint n_stands;
  const TramaStand *stands = trama_stepper_get_stands (trama_window_get_stepper (fixture->window), &n_stands);
  gboolean any = FALSE;

  for (guint i = 0; i < n_stands; i++)
    {
      if (stands[i].kind == TRAMA_STAND_RUNNING)
        return FALSE;
      any = any || stands[i].kind == TRAMA_STAND_GATE;
    }
  return any;
}

static guint
count_marks (Fixture *fixture, guint line, gboolean returned)
{
  TramaSessionView *view = trama_session_editor_get_text (trama_window_get_editor (fixture->window));
  guint n_marks;
  const TramaLineMark *marks = trama_session_view_get_marks (view, &n_marks);
  guint n_found = 0;

  for (guint i = 0; i < n_marks; i++)
    n_found += marks[i].line == line && marks[i].returned == returned;
  return n_found;
}

static gboolean
accept_blocks (Fixture *fixture)
{
  return strstr (trama_step_bar_get_sentence (trama_window_get_step_bar (fixture->window)),
                 "server is blocked in accept(), line 14")
         != NULL;
}

static void
step_actor (Fixture *fixture, const char *name)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.step-actor", "s", name));
}

static gboolean
server_is_at_bind (Fixture *fixture)
{
  return count_marks (fixture, LINE_BIND, FALSE) == 1;
}

static gboolean
server_is_at_listen (Fixture *fixture)
{
  return count_marks (fixture, LINE_BIND + 1, FALSE) == 1;
}

static gboolean
server_is_at_accept (Fixture *fixture)
{
  return count_marks (fixture, LINE_ACCEPT, FALSE) == 1 && is_held_at_gates (fixture);
}

/* The server alone, into accept(): there the kernel blocks it, whoever steps it. Then all the rest. */
static void
test_step_one_actor (Fixture *fixture, gconstpointer data)
{
  TramaStepper *stepper = trama_window_get_stepper (fixture->window);

  show_editor (fixture);
  activate (fixture, "win.step");
  g_assert_cmpint (trama_stepper_get_state (stepper), ==, TRAMA_STEPPER_HELD);
  fixture_wait (fixture, is_held_at_gates);
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), ==, 0);
  g_assert_cmpuint (count_marks (fixture, LINE_BIND - 1, FALSE), ==, 1);

  step_actor (fixture, "server");
  fixture_wait (fixture, server_is_at_bind);
  g_assert_cmpuint (count_marks (fixture, LINE_BIND - 1, TRUE), ==, 1);
  step_actor (fixture, "server");
  fixture_wait (fixture, server_is_at_listen);
  step_actor (fixture, "server");
  fixture_wait (fixture, server_is_at_accept);
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), ==, 3);
  step_actor (fixture, "server");
  fixture_wait (fixture, accept_blocks);

  activate (fixture, "win.go-on");
  g_assert_cmpint (trama_stepper_get_state (stepper), ==, TRAMA_STEPPER_RUNNING);
  fixture_wait_finished (fixture);
  g_assert_cmpint (trama_stepper_get_state (stepper), ==, TRAMA_STEPPER_IDLE);
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), ==, TELEPHONE_CALLS);
  g_assert_true (trama_store_get_outcome (fixture_get_store (fixture))->ok);
  g_assert_cmpuint (count_marks (fixture, LINE_ACCEPT, FALSE), ==, 0);
}

static void
on_changed (TramaStepper *stepper, guint *n_changes)
{
  (*n_changes)++;
}

/* One more call has come, and the stepper has seen it. */
static void
wait_for_call (Fixture *fixture, guint n_calls)
{
  TramaStepper *stepper = trama_window_get_stepper (fixture->window);
  guint n_changes = 0;
  gulong id = g_signal_connect (stepper, "changed", G_CALLBACK (on_changed), &n_changes);

  while (trama_stepper_get_state (stepper) != TRAMA_STEPPER_IDLE && n_changes == 0)
    {
      g_main_context_iteration (NULL, TRUE);
      if (trama_store_n_calls (fixture_get_store (fixture)) == n_calls)
        n_changes = 0;
    }
  g_signal_handler_disconnect (stepper, id);
}

static gboolean
has_stepped (Fixture *fixture)
{
  TramaStepper *stepper = trama_window_get_stepper (fixture->window);

  return trama_stepper_get_state (stepper) == TRAMA_STEPPER_IDLE || is_held_at_gates (fixture);
}

/* From the first step to the last, one at a time: no more steps than there are calls, and then it is over. */
static void
test_step_to_the_end (Fixture *fixture, gconstpointer data)
{
  TramaStepper *stepper = trama_window_get_stepper (fixture->window);
  guint n_steps = 0;

  activate (fixture, "win.step");
  fixture_wait (fixture, is_held_at_gates);
  while (trama_stepper_get_state (stepper) != TRAMA_STEPPER_IDLE)
    {
      guint n_calls = trama_store_n_calls (fixture_get_store (fixture));

      activate (fixture, "win.step");
      g_assert_cmpuint (++n_steps, <=, TELEPHONE_CALLS);
      wait_for_call (fixture, n_calls);
      fixture_wait (fixture, has_stepped);
    }
  fixture_wait_finished (fixture);
  g_assert_cmpuint (n_steps, ==, TELEPHONE_CALLS);
  g_assert_true (trama_store_get_outcome (fixture_get_store (fixture))->ok);
}

static gboolean
is_held (Fixture *fixture)
{
  return trama_stepper_get_state (trama_window_get_stepper (fixture->window)) == TRAMA_STEPPER_HELD
         && is_held_at_gates (fixture);
}

static void
test_run_to_cursor (Fixture *fixture, gconstpointer data)
{
  TramaSessionView *view = trama_session_editor_get_text (show_editor (fixture));

  trama_session_view_place_cursor (view, LINE_CONNECT, 1);
  activate (fixture, "win.run-to-cursor");
  fixture_wait (fixture, is_held);
  g_assert_cmpuint (count_marks (fixture, LINE_CONNECT, FALSE), ==, 1);
  g_assert_nonnull (strstr (trama_step_bar_get_sentence (trama_window_get_step_bar (fixture->window)),
                            "client is held before line 23"));
  activate (fixture, "win.stop");
  fixture_wait_finished (fixture);
  g_assert_cmpint (trama_stepper_get_state (trama_window_get_stepper (fixture->window)), ==,
                   TRAMA_STEPPER_IDLE);
}

/* Thirteen calls with 20 ms between one and the next take longer than without; on a busy machine the first comes late. */
static void
test_pace (Fixture *fixture, gconstpointer data)
{
  TramaStepper *stepper = trama_window_get_stepper (fixture->window);
  TramaSpan span;

  trama_stepper_set_pace (stepper, 20);
  activate (fixture, "win.run");
  fixture_wait_finished (fixture);
  g_assert_true (trama_store_get_span (fixture_get_store (fixture), &span));
  g_assert_cmpint (span.end_ns - span.start_ns, >=, (TELEPHONE_CALLS - 2) * 20 * G_GINT64_CONSTANT (1000000));
  g_assert_cmpuint (trama_store_n_calls (fixture_get_store (fixture)), ==, TELEPHONE_CALLS);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/editor/mistake", test_mistake);
  fixture_add ("/editor/failed-call", test_failed_call);
  fixture_add ("/editor/run-draft", test_run_draft);
  fixture_add ("/editor/drafts", test_drafts);
  fixture_add ("/editor/close-asks", test_close_asks);
  fixture_add ("/editor/too-much", test_too_much);
  fixture_add ("/editor/lines-and-calls", test_lines_and_calls);
  fixture_add ("/editor/save", test_save);
  fixture_add ("/editor/step-one-actor", test_step_one_actor);
  fixture_add ("/editor/step-to-the-end", test_step_to_the_end);
  fixture_add ("/editor/run-to-cursor", test_run_to_cursor);
  fixture_add ("/editor/pace", test_pace);
  return g_test_run ();
}
