/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/dialogs.h"

#include <glib/gi18n-lib.h>

void
trama_dialogs_name_button (GtkWidget *button)
{
  gtk_accessible_reset_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL);
}

void
trama_dialogs_match_text (GtkWindow *dialog, GtkWindow *parent)
{
  if (parent != NULL && gtk_widget_has_css_class (GTK_WIDGET (parent), TRAMA_PROJECTOR_CLASS))
    gtk_widget_add_css_class (GTK_WIDGET (dialog), TRAMA_PROJECTOR_CLASS);
}

static GtkWidget *
add_button (GtkWidget *dialog, const char *label, int response)
{
  GtkWidget *button = gtk_dialog_add_button (GTK_DIALOG (dialog), label, response);

  trama_dialogs_name_button (button);
  return button;
}

typedef struct
{
  GtkWindow *parent; /* owned */
  gpointer owner;    /* owned */
  const TramaFileKind *kinds;
  guint n_kinds;
  TramaFileFunc func;
  gconstpointer data;
  char *path; /* while the user is asked whether to replace it */
} Request;

static Request *
request_new (GtkWindow *parent,
             const TramaFileKind *kinds,
             guint n_kinds,
             TramaFileFunc func,
             gpointer owner,
             gconstpointer data)
{
  Request *request = g_new0 (Request, 1);

  request->parent = g_object_ref (parent);
  request->owner = g_object_ref (owner);
  request->kinds = kinds;
  request->n_kinds = n_kinds;
  request->func = func;
  request->data = data;
  return request;
}

static void
request_free (Request *request)
{
  g_object_unref (request->parent);
  g_object_unref (request->owner);
  g_free (request->path);
  g_free (request);
}

static GtkFileFilter *
filter_new (const char *name, const char *suffix)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  if (suffix != NULL)
    gtk_file_filter_add_suffix (filter, suffix + 1);
  else
    gtk_file_filter_add_pattern (filter, "*");
  return filter;
}

/* First the kinds together, then each alone, then everything. */
static void
add_open_filters (GtkFileChooser *chooser, const TramaFileKind *kinds, guint n_kinds)
{
  g_autoptr (GtkFileFilter) every = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) any = filter_new (_ ("All files"), NULL);
  guint i;

  gtk_file_filter_set_name (every, _ ("Everything Trama reads"));
  for (i = 0; i < n_kinds; i++)
    gtk_file_filter_add_suffix (every, kinds[i].suffix + 1);
  gtk_file_chooser_add_filter (chooser, every);

  for (i = 0; i < n_kinds; i++)
    {
      g_autoptr (GtkFileFilter) filter = filter_new (_ (kinds[i].name), kinds[i].suffix);

      gtk_file_chooser_add_filter (chooser, filter);
    }
  gtk_file_chooser_add_filter (chooser, any);
}

static char *
get_path (GtkFileChooser *chooser)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (chooser);

  return file != NULL ? g_file_get_path (file) : NULL;
}

static void
on_open_response (GtkNativeDialog *dialog, int response, Request *request)
{
  g_autofree char *path = get_path (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    request->func (request->owner, path, request->data);
  request_free (request);
  g_object_unref (dialog);
}

void
trama_dialogs_open (GtkWindow *parent,
                    const char *title,
                    const TramaFileKind *kinds,
                    guint n_kinds,
                    TramaFileFunc func,
                    gpointer owner,
                    gconstpointer data)
{
  GtkFileChooserNative *dialog;

  g_return_if_fail (GTK_IS_WINDOW (parent) && func != NULL);

  dialog = gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  add_open_filters (GTK_FILE_CHOOSER (dialog), kinds, n_kinds);
  g_signal_connect (dialog, "response", G_CALLBACK (on_open_response),
                    request_new (parent, kinds, n_kinds, func, owner, data));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* Saving. */

static void
on_replace_response (GtkDialog *dialog, int response, Request *request)
{
  if (response == GTK_RESPONSE_ACCEPT)
    request->func (request->owner, request->path, request->data);
  request_free (request);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* The chooser asked about the name as typed; with a suffix behind it, it may be another file. */
static void
ask_to_replace (Request *request)
{
  GtkWidget *dialog = gtk_message_dialog_new (
      request->parent, GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT, GTK_MESSAGE_QUESTION,
      GTK_BUTTONS_NONE, _ ("A file named “%s” already exists"), request->path);

  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog),
                                            _ ("Replacing it overwrites what it contains."));
  add_button (dialog, _ ("_Cancel"), GTK_RESPONSE_CANCEL);
  add_button (dialog, _ ("_Replace"), GTK_RESPONSE_ACCEPT);
  g_signal_connect (dialog, "response", G_CALLBACK (on_replace_response), request);
  trama_dialogs_match_text (GTK_WINDOW (dialog), request->parent);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
has_known_suffix (const Request *request, const char *path)
{
  guint i;

  for (i = 0; i < request->n_kinds; i++)
    if (g_str_has_suffix (path, request->kinds[i].suffix))
      return TRUE;
  return FALSE;
}

static const char *
chosen_suffix (const Request *request, GtkFileChooser *chooser)
{
  GtkFileFilter *filter = gtk_file_chooser_get_filter (chooser);
  guint i;

  for (i = 0; filter != NULL && i < request->n_kinds; i++)
    if (g_strcmp0 (gtk_file_filter_get_name (filter), _ (request->kinds[i].name)) == 0)
      return request->kinds[i].suffix;
  return request->kinds[0].suffix;
}

static void
on_save_response (GtkNativeDialog *dialog, int response, Request *request)
{
  g_autofree char *path = get_path (GTK_FILE_CHOOSER (dialog));

  if (response != GTK_RESPONSE_ACCEPT || path == NULL)
    request_free (request);
  else if (has_known_suffix (request, path))
    {
      request->func (request->owner, path, request->data);
      request_free (request);
    }
  else
    {
      request->path = g_strconcat (path, chosen_suffix (request, GTK_FILE_CHOOSER (dialog)), NULL);
      if (g_file_test (request->path, G_FILE_TEST_EXISTS))
        ask_to_replace (request);
      else
        {
          request->func (request->owner, request->path, request->data);
          request_free (request);
        }
    }
  g_object_unref (dialog);
}

void
trama_dialogs_save (GtkWindow *parent,
                    const char *title,
                    const char *suggested_name,
                    const TramaFileKind *kinds,
                    guint n_kinds,
                    TramaFileFunc func,
                    gpointer owner,
                    gconstpointer data)
{
  GtkFileChooserNative *dialog;
  guint i;

  g_return_if_fail (GTK_IS_WINDOW (parent) && func != NULL);
  g_return_if_fail (n_kinds > 0);

  dialog = gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), suggested_name);
  for (i = 0; i < n_kinds; i++)
    {
      g_autoptr (GtkFileFilter) filter = filter_new (_ (kinds[i].name), kinds[i].suffix);

      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
    }
  g_signal_connect (dialog, "response", G_CALLBACK (on_save_response),
                    request_new (parent, kinds, n_kinds, func, owner, data));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

typedef struct
{
  TramaConfirmFunc func;
  gpointer owner; /* owned */
} Question;

/* With the dialogue, which may go with its parent and without an answer. */
static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  g_object_unref (question->owner);
  g_free (question);
}

static void
on_answered (GtkDialog *dialog, int response, Question *question)
{
  g_autoptr (GObject) owner = g_object_ref (question->owner);
  TramaConfirmFunc func = question->func;

  gtk_window_destroy (GTK_WINDOW (dialog));
  if (response == GTK_RESPONSE_ACCEPT)
    func (owner);
}

GtkWidget *
trama_dialogs_confirm (GtkWindow *parent,
                       const char *title,
                       const char *text,
                       const char *accept,
                       TramaConfirmFunc func,
                       gpointer owner)
{
  GtkWidget *dialog = gtk_message_dialog_new (parent, GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
                                              GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE, "%s", title);
  Question *question = g_new0 (Question, 1);
  GtkWidget *button;

  question->func = func;
  question->owner = g_object_ref (owner);
  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog), "%s", text);
  add_button (dialog, _ ("_Cancel"), GTK_RESPONSE_CANCEL);
  button = add_button (dialog, accept, GTK_RESPONSE_ACCEPT);
  gtk_widget_add_css_class (button, "destructive-action");
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_answered), question, question_free, 0);
  trama_dialogs_match_text (GTK_WINDOW (dialog), parent);
  gtk_window_present (GTK_WINDOW (dialog));
  return dialog;
}
