/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/call.h"
#include "core/trace/replace.h"
#include "ui/session/session_document.h"

#include "core/session/library.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Long enough not to complain of every half-written word. */
#define CHECK_DELAY_MS 150

#define FILE_MODE 0644

struct _TramaSessionDocument
{
  GObject parent_instance;

  /* owned */
  char *name;
  char *path;     /* NULL: no file of the user's */
  char *original; /* as the file or the library has it */
  GtkTextBuffer *buffer;
  TramaSession *session; /* the last text that was valid; NULL: none was */
  GError *error;         /* why the text is no session; NULL: it is one */
  TramaSessionProblem mistake;

  /* state */
  gsize n_bytes; /* of the text as it stands */
  guint check_id;
  gboolean modified;
};

enum
{
  PROP_TITLE = 1,
  PROP_DETAIL,
  PROP_ABOUT,
  PROP_MODIFIED,
  N_PROPERTIES,
};

enum
{
  SIGNAL_CHECKED,
  SIGNAL_REFUSED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TramaSessionDocument, trama_session_document, G_TYPE_OBJECT)

/* What a row of a list shows. */

/* How people call it; the C name where they have no other. */
static const char *
type_in_words (int type)
{
  static const struct
  {
    const char *c_name;
    const char *words;
  } types[] = {
    { "SOCK_STREAM", N_ ("stream") },
    { "SOCK_DGRAM", N_ ("datagram") },
    { "SOCK_SEQPACKET", N_ ("sequenced packets") },
    { "SOCK_RAW", N_ ("raw") },
  };
  const char *c_name = trama_type_name (type);
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (types[i].c_name, c_name) == 0)
      return _ (types[i].words);
  return c_name;
}

static char *
dup_detail (TramaSession *session)
{
  const char *type = session != NULL ? type_in_words (trama_session_get_type (session)) : NULL;
  const char *domain = session != NULL ? trama_domain_name (trama_session_get_domain (session)) : NULL;

  if (type == NULL || domain == NULL)
    return g_strdup (_ ("no sockets"));
  return g_strdup_printf ("%s · %s", type, domain);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TramaSessionDocument *self = TRAMA_SESSION_DOCUMENT (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value,
                          self->session != NULL ? trama_session_get_title (self->session) : self->name);
      break;
    case PROP_DETAIL:
      g_value_take_string (value, dup_detail (self->session));
      break;
    case PROP_ABOUT:
      g_value_set_string (value, self->session != NULL ? trama_session_get_about (self->session) : NULL);
      break;
    case PROP_MODIFIED:
      g_value_set_boolean (value, self->modified);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

/* Checking. */

static void
set_mistake (TramaSessionDocument *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  if (error != NULL && !trama_session_error_get_problem (error, &self->mistake))
    self->mistake = (TramaSessionProblem){ .message = error->message };
}

static void
check_text (TramaSessionDocument *self, const char *text, gsize size)
{
  GError *error = NULL;
  TramaSession *session = trama_session_parse (self->path != NULL ? self->path : self->name, text, size,
                                               &error);

  set_mistake (self, error);
  if (session != NULL)
    {
      g_clear_pointer (&self->session, trama_session_unref);
      self->session = session;
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DETAIL]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ABOUT]);
  g_signal_emit (self, signals[SIGNAL_CHECKED], 0);
}

static void
check (TramaSessionDocument *self)
{
  g_autofree char *text = trama_session_document_dup_text (self);

  g_clear_handle_id (&self->check_id, g_source_remove);
  check_text (self, text, strlen (text));
}

static gboolean
on_check_due (gpointer user_data)
{
  TramaSessionDocument *self = user_data;

  self->check_id = 0;
  check (self);
  return G_SOURCE_REMOVE;
}

/* The buffer. */

static void
update_modified (TramaSessionDocument *self)
{
  g_autofree char *text = trama_session_document_dup_text (self);
  gboolean modified = strcmp (text, self->original) != 0;

  self->n_bytes = strlen (text);
  if (modified == self->modified)
    return;
  self->modified = modified;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODIFIED]);
}

static void
on_changed (GtkTextBuffer *buffer, TramaSessionDocument *self)
{
  update_modified (self);
  g_clear_handle_id (&self->check_id, g_source_remove);
  self->check_id = g_timeout_add (CHECK_DELAY_MS, on_check_due, self);
}

/* More than a session may have would only make everything slow before it is refused. */
static void
on_insert (GtkTextBuffer *buffer, GtkTextIter *at, const char *text, int n_bytes, TramaSessionDocument *self)
{
  if (!trama_session_document_has_room (self, 0, (gsize) n_bytes))
    g_signal_stop_emission_by_name (buffer, "insert-text");
}

static void
make_buffer (TramaSessionDocument *self)
{
  GtkTextIter start;

  self->buffer = gtk_text_buffer_new (NULL);
  gtk_text_buffer_begin_irreversible_action (self->buffer);
  gtk_text_buffer_set_text (self->buffer, self->original, -1);
  gtk_text_buffer_end_irreversible_action (self->buffer);
  gtk_text_buffer_get_start_iter (self->buffer, &start);
  gtk_text_buffer_place_cursor (self->buffer, &start);
  self->n_bytes = strlen (self->original);
  g_signal_connect (self->buffer, "insert-text", G_CALLBACK (on_insert), self);
  g_signal_connect (self->buffer, "changed", G_CALLBACK (on_changed), self);
}

/* The class. */

static void
dispose (GObject *object)
{
  TramaSessionDocument *self = TRAMA_SESSION_DOCUMENT (object);

  g_clear_handle_id (&self->check_id, g_source_remove);
  if (self->buffer != NULL)
    g_signal_handlers_disconnect_by_data (self->buffer, self);
  g_clear_object (&self->buffer);
  g_clear_pointer (&self->session, trama_session_unref);
  G_OBJECT_CLASS (trama_session_document_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  TramaSessionDocument *self = TRAMA_SESSION_DOCUMENT (object);

  g_free (self->name);
  g_free (self->path);
  g_free (self->original);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (trama_session_document_parent_class)->finalize (object);
}

static void
trama_session_document_class_init (TramaSessionDocumentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = get_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  properties[PROP_ABOUT] = g_param_spec_string ("about", NULL, NULL, NULL, flags);
  properties[PROP_MODIFIED] = g_param_spec_boolean ("modified", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[SIGNAL_CHECKED] = g_signal_new ("checked", TRAMA_TYPE_SESSION_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", TRAMA_TYPE_SESSION_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
trama_session_document_init (TramaSessionDocument *self)
{
}

TramaSessionDocument *
trama_session_document_new (TramaSession *session)
{
  TramaSessionDocument *self;

  g_return_val_if_fail (session != NULL, NULL);

  self = g_object_new (TRAMA_TYPE_SESSION_DOCUMENT, NULL);
  self->name = g_strdup (trama_session_get_name (session));
  self->original = g_strdup (trama_session_get_text (session));
  self->session = trama_session_ref (session);
  return self;
}

static char *
read_text (const char *path, GError **error)
{
  gsize size;
  g_autofree char *text = trama_library_read (path, &size, error);

  if (text == NULL)
    return NULL;
  if (size <= TRAMA_SESSION_MAX_BYTES && g_utf8_validate (text, (gssize) size, NULL))
    return g_steal_pointer (&text);
  /* The parser has the words for it; it refuses both. */
  trama_session_unref (trama_session_parse (path, text, size, error));
  return NULL;
}

static char *
name_of_path (const char *path)
{
  char *name = g_filename_display_basename (path);

  if (g_str_has_suffix (name, ".session"))
    name[strlen (name) - strlen (".session")] = '\0';
  return name;
}

TramaSessionDocument *
trama_session_document_open (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  TramaSessionDocument *self;

  g_return_val_if_fail (path != NULL, NULL);

  text = read_text (path, error);
  if (text == NULL)
    return NULL;
  self = g_object_new (TRAMA_TYPE_SESSION_DOCUMENT, NULL);
  self->name = name_of_path (path);
  self->path = g_strdup (path);
  self->original = g_steal_pointer (&text);
  check_text (self, self->original, strlen (self->original));
  return self;
}

const char *
trama_session_document_get_name (TramaSessionDocument *self)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_DOCUMENT (self), NULL);
  return self->name;
}

const char *
trama_session_document_get_path (TramaSessionDocument *self)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_DOCUMENT (self), NULL);
  return self->path;
}

gboolean
trama_session_document_get_modified (TramaSessionDocument *self)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_DOCUMENT (self), FALSE);
  return self->modified;
}

char *
trama_session_document_dup_text (TramaSessionDocument *self)
{
  GtkTextIter start;
  GtkTextIter end;

  g_return_val_if_fail (TRAMA_IS_SESSION_DOCUMENT (self), NULL);

  if (self->buffer == NULL)
    return g_strdup (self->original);
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
}

GtkTextBuffer *
trama_session_document_get_buffer (TramaSessionDocument *self)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_DOCUMENT (self), NULL);

  if (self->buffer == NULL)
    make_buffer (self);
  return self->buffer;
}

gboolean
trama_session_document_has_room (TramaSessionDocument *self, gsize removed, gsize added)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_DOCUMENT (self), FALSE);

  if (self->n_bytes - MIN (removed, self->n_bytes) + added <= TRAMA_SESSION_MAX_BYTES)
    return TRUE;
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0);
  return FALSE;
}

TramaSession *
trama_session_document_get_session (TramaSessionDocument *self)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_DOCUMENT (self), NULL);

  if (self->check_id != 0)
    check (self);
  return self->error == NULL ? self->session : NULL;
}

const TramaSessionProblem *
trama_session_document_get_mistake (TramaSessionDocument *self)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_DOCUMENT (self), NULL);

  if (self->check_id != 0)
    check (self);
  return self->error == NULL ? NULL : &self->mistake;
}

void
trama_session_document_revert (TramaSessionDocument *self)
{
  GtkTextIter start;
  GtkTextIter end;

  g_return_if_fail (TRAMA_IS_SESSION_DOCUMENT (self));

  if (self->buffer == NULL)
    return;
  gtk_text_buffer_begin_user_action (self->buffer);
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_delete (self->buffer, &start, &end);
  gtk_text_buffer_insert (self->buffer, &start, self->original, -1);
  gtk_text_buffer_end_user_action (self->buffer);
  check (self);
}

gboolean
trama_session_document_write (TramaSessionDocument *self, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (TramaReplacement) file = NULL;

  g_return_val_if_fail (TRAMA_IS_SESSION_DOCUMENT (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  text = trama_session_document_dup_text (self);
  file = trama_replacement_new (path, FILE_MODE, error);
  return file != NULL && trama_replacement_write (file, (const guint8 *) text, strlen (text), error)
         && trama_replacement_commit (file, error);
}

void
trama_session_document_set_saved (TramaSessionDocument *self)
{
  g_return_if_fail (TRAMA_IS_SESSION_DOCUMENT (self));

  g_free (self->original);
  self->original = trama_session_document_dup_text (self);
  update_modified (self);
}
