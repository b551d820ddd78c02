/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/library.h"

#include "core/session/nearest.h"
#include "core/trace/places.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".session"

char *
trama_library_get_folder (void)
{
  const char *chosen = g_getenv ("TRAMA_SESSIONS");

  return chosen != NULL && chosen[0] != '\0' ? g_strdup (chosen) : trama_get_sessions_folder ();
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The names of the sessions in @folder, sorted. NULL with @error when it cannot be read. */
static GPtrArray *
list_names (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  g_autoptr (GPtrArray) names = NULL;
  const char *file;

  if (dir == NULL)
    return NULL;
  names = g_ptr_array_new_with_free_func (g_free);
  while ((file = g_dir_read_name (dir)) != NULL)
    if (file[0] != '.' && g_str_has_suffix (file, SUFFIX))
      g_ptr_array_add (names, g_strndup (file, strlen (file) - strlen (SUFFIX)));
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

/* Nobody waits for somebody to write into a FIFO: where no one does, it is empty. FALSE with errno. */
static gboolean
read_file (const char *path, char *text, gsize max_bytes, gsize *size)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  gssize n = 0;

  *size = 0;
  if (fd < 0)
    return FALSE;
  fcntl (fd, F_SETFL, O_RDONLY);
  do
    {
      n = read (fd, text + *size, max_bytes - *size);
      *size += (gsize) MAX (n, 0);
    }
  while (*size < max_bytes && (n > 0 || (n < 0 && errno == EINTR)));
  if (n < 0)
    {
      int error = errno;

      close (fd);
      errno = error;
      return FALSE;
    }
  close (fd);
  return TRUE;
}

/* One byte more than a session may have is enough to see that it has too many, be the file endless. */
char *
trama_library_read (const char *path, gsize *size, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *shown = NULL;
  const char *reason;

  g_return_val_if_fail (path != NULL, NULL);

  text = g_malloc0 (TRAMA_SESSION_MAX_BYTES + 2);
  if (read_file (path, text, TRAMA_SESSION_MAX_BYTES + 1, size))
    return g_steal_pointer (&text);
  reason = g_strerror (errno);
  shown = g_filename_display_name (path);
  g_set_error (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_NOT_FOUND, "%s: %s", shown, reason);
  return NULL;
}

static TramaSession *
load_file (const char *path, GError **error)
{
  gsize size;
  g_autofree char *text = trama_library_read (path, &size, error);

  if (text == NULL)
    return NULL;
  return trama_session_parse (path, text, size, error);
}

static TramaSession *
load_named (const char *folder, const char *name, GError **error)
{
  g_autofree char *file = g_strconcat (name, SUFFIX, NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);

  return load_file (path, error);
}

static int
compare_sessions (gconstpointer a, gconstpointer b)
{
  const TramaSession *first = *(const TramaSession *const *) a;
  const TramaSession *second = *(const TramaSession *const *) b;
  guint first_order = trama_session_get_order (first);
  guint second_order = trama_session_get_order (second);

  if (first_order != second_order)
    return first_order < second_order ? -1 : 1;
  return strcmp (trama_session_get_name (first), trama_session_get_name (second));
}

GPtrArray *
trama_library_list (void)
{
  GPtrArray *sessions = g_ptr_array_new_with_free_func ((GDestroyNotify) trama_session_unref);
  g_autofree char *folder = trama_library_get_folder ();
  g_autoptr (GError) reason = NULL;
  g_autoptr (GPtrArray) names = list_names (folder, &reason);

  if (names == NULL)
    g_warning ("%s", reason->message);
  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      g_autoptr (GError) error = NULL;
      TramaSession *session = load_named (folder, g_ptr_array_index (names, i), &error);

      if (session != NULL)
        g_ptr_array_add (sessions, session);
      else
        g_warning ("%s", error->message);
    }
  g_ptr_array_sort (sessions, compare_sessions);
  return sessions;
}

/* "letter, telephone" */
static char *
join_names (GPtrArray *names)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (guint i = 0; i < names->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (names, i));
  list = g_strv_builder_end (builder);
  return g_strjoinv (", ", list);
}

static void
set_unknown (GPtrArray *names, const char *name, GError **error)
{
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *list = join_names (names);
  TramaNearest nearest;

  trama_nearest_init (&nearest, shown);
  for (guint i = 0; i < names->len; i++)
    trama_nearest_offer (&nearest, g_ptr_array_index (names, i));
  if (nearest.best != NULL)
    g_set_error (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_NOT_FOUND,
                 _ ("unknown session \"%s\"; did you mean \"%s\"? There are: %s"), shown, nearest.best, list);
  else
    g_set_error (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_NOT_FOUND,
                 _ ("unknown session \"%s\"; there are: %s"), shown, list);
}

TramaSession *
trama_library_load (const char *name_or_path, GError **error)
{
  g_autofree char *folder = NULL;
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GError) reason = NULL;

  g_return_val_if_fail (name_or_path != NULL, NULL);

  if (strchr (name_or_path, '/') != NULL || g_str_has_suffix (name_or_path, SUFFIX))
    return load_file (name_or_path, error);
  folder = trama_library_get_folder ();
  names = list_names (folder, &reason);
  if (names == NULL)
    {
      g_set_error_literal (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_NOT_FOUND, reason->message);
      return NULL;
    }
  if (g_ptr_array_find_with_equal_func (names, name_or_path, g_str_equal, NULL))
    return load_named (folder, name_or_path, error);
  set_unknown (names, name_or_path, error);
  return NULL;
}
