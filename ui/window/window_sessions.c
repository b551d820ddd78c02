/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/library.h"
#include "ui/dialogs.h"
#include "ui/window/window_private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The picture has a use from this width on, at normal text size. */
#define PICTURE_PX 640

/* So slow that each call is looked at as it comes. */
#define LOOKED_AT_MS 200

static const TramaFileKind session_kinds[] = {
  { N_ ("Trama session"), ".session" },
};

/* Which session is looked at. */

static gboolean
is_to_be_run (TramaWindow *self)
{
  return self->document != NULL && trama_stepper_get_state (self->stepper) == TRAMA_STEPPER_IDLE;
}

static void
on_checked (TramaWindow *self)
{
  trama_step_bar_set_session (self->step_bar, trama_session_document_get_session (self->document));
}

/* A draft that is in no list would be gone with the next session that is looked at. */
static void
on_modified (TramaWindow *self)
{
  trama_session_list_add (self->sessions, self->document);
  trama_session_list_select (self->sessions, self->document);
  trama_window_update_session_actions (self);
}

static void
on_refused (TramaWindow *self)
{
  g_autofree char *text = g_strdup_printf (_ ("That is too much: a session has at most %u bytes"),
                                           TRAMA_SESSION_MAX_BYTES);

  trama_toast_show (self->toast, text);
}

void
trama_window_set_document (TramaWindow *self, TramaSessionDocument *document)
{
  if (document == self->document)
    return;
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_set_object (&self->document, document);
  /* While the window goes, its parts are not told. */
  if (gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;

  trama_session_editor_set_document (self->editor, document);
  trama_session_list_select (self->sessions, document);
  gtk_widget_set_visible (GTK_WIDGET (self->step_bar), document != NULL);
  if (document != NULL)
    {
      g_signal_connect_swapped (document, "checked", G_CALLBACK (on_checked), self);
      g_signal_connect_swapped (document, "notify::modified", G_CALLBACK (on_modified), self);
      g_signal_connect_swapped (document, "refused", G_CALLBACK (on_refused), self);
      on_checked (self);
    }
  trama_window_update_actions (self);
}

/* The one whose text, as it stands, is @text. */
static TramaSessionDocument *
find_document (TramaWindow *self, const char *path, const char *text)
{
  GListModel *model = trama_session_list_get_model (self->sessions);
  guint n = g_list_model_get_n_items (model);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TramaSessionDocument) document = g_list_model_get_item (model, i);
      g_autofree char *own = text != NULL ? trama_session_document_dup_text (document) : NULL;

      if ((path != NULL && g_strcmp0 (trama_session_document_get_path (document), path) == 0)
          || (text != NULL && strcmp (own, text) == 0))
        return g_steal_pointer (&document);
    }
  return NULL;
}

void
trama_window_adopt_session (TramaWindow *self)
{
  TramaStore *store = trama_feed_get_store (self->feed);
  const TramaSessionRecord *record = trama_store_get_session (store);
  g_autoptr (TramaSessionDocument) document = NULL;
  g_autoptr (TramaSession) session = NULL;

  if (self->document != NULL || record == NULL || record->text == NULL)
    return;
  document = find_document (self, NULL, record->text);
  if (document == NULL)
    {
      session = trama_session_parse (record->name, record->text, strlen (record->text), NULL);
      document = session != NULL ? trama_session_document_new (session) : NULL;
    }
  trama_window_set_document (self, document);
}

static void
show_mistake (TramaWindow *self)
{
  gtk_widget_show (GTK_WIDGET (self->editor));
  trama_session_editor_go_to_mistake (self->editor);
}

void
trama_window_run_document (TramaWindow *self, gboolean held)
{
  TramaSession *session = trama_session_document_get_session (self->document);

  if (session != NULL)
    {
      trama_window_run (self, session, held);
      return;
    }
  trama_toast_show (self->toast, _ ("There is a mistake in the session; it was not run"));
  show_mistake (self);
}

/* Files. */

static void
report_invalid (TramaWindow *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaSession) session = trama_library_load (path, &error);

  if (session == NULL)
    trama_notices_show (self->notices, TRAMA_NOTICE_TRACE, GTK_MESSAGE_ERROR, _ ("The session is not valid"),
                        error->message);
}

void
trama_window_open_session (TramaWindow *self, const char *path)
{
  g_autoptr (TramaSessionDocument) document = find_document (self, path, NULL);
  g_autoptr (GError) error = NULL;

  if (document == NULL)
    document = trama_session_document_open (path, &error);
  if (document == NULL)
    {
      trama_notices_show (self->notices, TRAMA_NOTICE_TRACE, GTK_MESSAGE_ERROR,
                          _ ("The session cannot be read"), error->message);
      return;
    }
  trama_window_remember (self, path);
  trama_session_list_add (self->sessions, document);
  trama_window_set_document (self, document);
  if (trama_session_document_get_session (document) != NULL)
    {
      trama_window_run_document (self, FALSE);
      return;
    }
  report_invalid (self, path);
  show_mistake (self);
}

/* The draft of a lesson goes into a file of its own, and the lesson is again what it was. */
static void
move_to_file (TramaWindow *self, const char *path)
{
  g_autoptr (TramaSessionDocument) draft = g_object_ref (self->document);
  g_autoptr (TramaSessionDocument) there = find_document (self, path, NULL);
  g_autoptr (TramaSessionDocument) document = trama_session_document_open (path, NULL);

  if (document == NULL)
    return;
  if (there != NULL)
    trama_session_list_remove (self->sessions, there);
  trama_session_list_add (self->sessions, document);
  trama_window_set_document (self, document);
  trama_session_document_revert (draft);
}

void
trama_window_save_session (TramaWindow *self, const char *path)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *text = g_strdup_printf (_ ("Saved to %s"), name);
  g_autoptr (GError) error = NULL;

  g_return_if_fail (TRAMA_IS_WINDOW (self));
  g_return_if_fail (self->document != NULL);

  if (!trama_session_document_write (self->document, path, &error))
    {
      trama_notices_show (self->notices, TRAMA_NOTICE_FILE, GTK_MESSAGE_ERROR, _ ("The file was not written"),
                          error->message);
      return;
    }
  if (g_strcmp0 (trama_session_document_get_path (self->document), path) == 0)
    trama_session_document_set_saved (self->document);
  else
    move_to_file (self, path);
  trama_window_remember (self, path);
  trama_notices_clear (self->notices, TRAMA_NOTICE_FILE);
  trama_toast_show (self->toast, text);
}

static void
save_path (gpointer owner, const char *path, gconstpointer data)
{
  trama_window_save_session (owner, path);
}

static void
on_save_as (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  g_autofree char *name = g_strconcat (trama_session_document_get_name (self->document),
                                       session_kinds[0].suffix, NULL);

  trama_dialogs_save (GTK_WINDOW (self), _ ("Save the Session"), name, session_kinds,
                      G_N_ELEMENTS (session_kinds), save_path, self, NULL);
}

static void
on_save (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *path = trama_session_document_get_path (TRAMA_WINDOW (user_data)->document);

  if (path != NULL)
    trama_window_save_session (user_data, path);
  else
    on_save_as (action, parameter, user_data);
}

static void
on_revert (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  trama_session_document_revert (TRAMA_WINDOW (user_data)->document);
}

/* Whoever begins one wants to write it, not to run it. */
static void
on_new (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  g_autofree char *text = g_strdup_printf ("session \"%s\"\n"
                                           "\n"
                                           "server:\n"
                                           "    listener = socket(AF_INET, SOCK_STREAM, 0)\n"
                                           "    close(listener)\n",
                                           _ ("A new session"));
  g_autoptr (TramaSession) session = trama_session_parse ("untitled", text, strlen (text), NULL);
  g_autoptr (TramaSessionDocument) document = trama_session_document_new (session);

  trama_session_list_add (self->sessions, document);
  trama_window_set_document (self, document);
  show_mistake (self);
}

/* Closing. */

static char *
dup_draft_titles (TramaWindow *self)
{
  GListModel *model = trama_session_list_get_model (self->sessions);
  guint n = g_list_model_get_n_items (model);
  g_autoptr (GString) titles = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TramaSessionDocument) document = g_list_model_get_item (model, i);
      g_autofree char *title = NULL;

      if (!trama_session_document_get_modified (document))
        continue;
      g_object_get (document, "title", &title, NULL);
      g_string_append_printf (titles, "%s%s", titles->len > 0 ? "\n" : "", title);
    }
  if (trama_remarks_are_modified (self->state))
    g_string_append_printf (titles, "%s%s", titles->len > 0 ? "\n" : "", _ ("The notes in the trace"));
  return titles->len > 0 ? g_string_free (g_steal_pointer (&titles), FALSE) : NULL;
}

static void
close_anyway (gpointer owner)
{
  gtk_window_destroy (owner);
}

gboolean
trama_window_may_close (TramaWindow *self)
{
  g_autofree char *titles = dup_draft_titles (self);
  GtkWidget *question;

  /* Who is asked, and closes it again, has answered. */
  if (titles == NULL || self->question != NULL)
    return TRUE;
  question = trama_dialogs_confirm (GTK_WINDOW (self), _ ("Close without saving what was edited?"), titles,
                                    _ ("Close without _Saving"), close_anyway, self);
  g_set_weak_pointer (&self->question, question);
  return FALSE;
}

/* Running and stepping. */

static void
on_go_on (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;

  trama_session_editor_follow (self->editor);
  if (is_to_be_run (self))
    trama_window_run_document (self, FALSE);
  else
    trama_stepper_go_on (self->stepper);
}

static void
on_pause (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;

  trama_session_editor_follow (self->editor);
  trama_stepper_pause (self->stepper);
}

/* The first step is to stand before the first call. */
static void
on_step (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;

  trama_session_editor_follow (self->editor);
  trama_ladder_view_await_step (self->ladder);
  if (is_to_be_run (self))
    trama_window_run_document (self, TRUE);
  else
    trama_stepper_step (self->stepper, parameter != NULL ? g_variant_get_string (parameter, NULL) : NULL);
}

static void
on_run_to_cursor (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  TramaSession *session;
  guint line;

  if (is_to_be_run (self))
    trama_window_run_document (self, TRUE);
  session = trama_stepper_get_session (self->stepper);
  if (session == NULL)
    return;
  line = trama_session_editor_get_line_to_run_to (self->editor, session);
  line = line != 0 ? trama_session_find_step_line (session, line) : 0;
  if (line == 0)
    trama_toast_show (self->toast, _ ("There is no call at the cursor, nor behind it"));
  trama_session_editor_follow (self->editor);
  trama_stepper_run_to (self->stepper, line);
}

/* What is left for the picture, as wide as the panes are or will be. */
static int
get_picture_width (TramaWindow *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));

  if (gtk_widget_get_visible (GTK_WIDGET (self->sessions)))
    width -= gtk_paned_get_position (self->outer);
  if (gtk_widget_get_visible (GTK_WIDGET (self->editor)))
    width -= gtk_paned_get_position (self->middle);
  if (gtk_widget_get_visible (GTK_WIDGET (self->inspector)))
    width -= gtk_widget_get_width (GTK_WIDGET (self->inspector));
  return width;
}

/* The picture comes first: where there is no room for all, what is selected gives way to the text. */
void
trama_window_make_room (TramaWindow *self)
{
  gboolean edited = gtk_widget_get_visible (GTK_WIDGET (self->editor));

  if (edited && gtk_widget_get_visible (GTK_WIDGET (self->inspector)) && self->placed
      && get_picture_width (self) < trama_window_scale_px (self, PICTURE_PX))
    {
      gtk_widget_hide (GTK_WIDGET (self->inspector));
      self->inspector_gave_way = TRUE;
    }
  else if (!edited && self->inspector_gave_way)
    {
      gtk_widget_show (GTK_WIDGET (self->inspector));
      self->inspector_gave_way = FALSE;
    }
}

static void
on_editor_shown (TramaWindow *self)
{
  gboolean edited = gtk_widget_get_visible (GTK_WIDGET (self->editor));

  trama_window_make_room (self);
  if (edited)
    gtk_widget_grab_focus (GTK_WIDGET (trama_session_editor_get_text (self->editor)));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->ladder));
}

/* A window of GTK takes F10 for itself, to go to its title bar, before its application's keys are looked at. */
void
trama_window_take_step_key (TramaWindow *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_F10, 0), gtk_named_action_new ("win.step")));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

void
trama_window_add_session_actions (TramaWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "new-session", .activate = on_new },
    { .name = "save-session", .activate = on_save },
    { .name = "save-session-as", .activate = on_save_as },
    { .name = "revert-session", .activate = on_revert },
    { .name = "go-on", .activate = on_go_on },
    { .name = "pause", .activate = on_pause },
    { .name = "step", .activate = on_step },
    { .name = "step-actor", .parameter_type = "s", .activate = on_step },
    { .name = "run-to-cursor", .activate = on_run_to_cursor },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_swapped (self->editor, "notify::visible", G_CALLBACK (on_editor_shown), self);
}

static void
enable (TramaWindow *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name)),
                               enabled);
}

void
trama_window_update_session_actions (TramaWindow *self)
{
  gboolean held = trama_stepper_get_state (self->stepper) == TRAMA_STEPPER_HELD;
  gboolean ready = held || is_to_be_run (self);

  enable (self, "save-session", self->document != NULL);
  enable (self, "save-session-as", self->document != NULL);
  enable (self, "revert-session",
          self->document != NULL && trama_session_document_get_modified (self->document));
  enable (self, "go-on", ready);
  enable (self, "pause", trama_stepper_get_state (self->stepper) == TRAMA_STEPPER_RUNNING);
  enable (self, "step", ready);
  enable (self, "step-actor", ready);
  enable (self, "run-to-cursor", ready);
  /* When it has ended, its last call is still to be shown. */
  if (trama_stepper_get_state (self->stepper) != TRAMA_STEPPER_IDLE)
    trama_ladder_view_set_steps (self->ladder,
                                 held || trama_stepper_get_pace (self->stepper) >= LOOKED_AT_MS);
}
