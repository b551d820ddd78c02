/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define NAMES_TRIED 100

struct _TramaReplacement
{
  char *path;
  char *folder;
  char *temporary;
  int fd; /* -1: closed */
  gboolean committed;
};

static gboolean
fail (const TramaReplacement *replacement, GError **error)
{
  int saved = errno;
  g_autofree char *shown = g_filename_display_name (replacement->path);

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (saved), "%s: %s", shown, g_strerror (saved));
  return FALSE;
}

/* Made by open(2), so that the umask holds; not by mkstemp(3). */
static gboolean
open_temporary (TramaReplacement *replacement, guint mode)
{
  for (guint i = 0; i < NAMES_TRIED; i++)
    {
      g_autofree char *name = g_strdup_printf (".trama-%08x.tmp", g_random_int ());

      g_free (replacement->temporary);
      replacement->temporary = g_build_filename (replacement->folder, name, NULL);
      replacement->fd = g_open (replacement->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (int) mode);
      if (replacement->fd >= 0)
        return TRUE;
      if (errno != EEXIST)
        break;
    }
  g_clear_pointer (&replacement->temporary, g_free);
  return FALSE;
}

/* A rename would put a file in the place of a device or a FIFO. */
static gboolean
check_target (const TramaReplacement *replacement, GError **error)
{
  GStatBuf status;
  g_autofree char *shown = NULL;

  if (g_stat (replacement->path, &status) < 0 || S_ISREG (status.st_mode))
    return TRUE;
  shown = g_filename_display_name (replacement->path);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
               _ ("%s: not an ordinary file; choose another name"), shown);
  return FALSE;
}

TramaReplacement *
trama_replacement_new (const char *path, guint mode, GError **error)
{
  g_autoptr (TramaReplacement) replacement = g_new0 (TramaReplacement, 1);

  replacement->fd = -1;
  replacement->path = g_strdup (path);
  replacement->folder = g_path_get_dirname (path);
  if (!check_target (replacement, error))
    return NULL;
  if (!open_temporary (replacement, mode))
    {
      fail (replacement, error);
      return NULL;
    }
  return g_steal_pointer (&replacement);
}

void
trama_replacement_free (TramaReplacement *replacement)
{
  if (replacement == NULL)
    return;
  if (replacement->fd >= 0)
    close (replacement->fd);
  if (replacement->temporary != NULL && !replacement->committed)
    g_unlink (replacement->temporary);
  g_free (replacement->path);
  g_free (replacement->folder);
  g_free (replacement->temporary);
  g_free (replacement);
}

gboolean
trama_replacement_write (TramaReplacement *replacement, const guint8 *data, gsize size, GError **error)
{
  gsize at = 0;

  while (at < size)
    {
      gssize n = write (replacement->fd, data + at, size - at);

      if (n < 0 && errno != EINTR)
        return fail (replacement, error);
      at += (gsize) MAX (n, 0);
    }
  return TRUE;
}

static gboolean
sync_folder (const TramaReplacement *replacement)
{
  int fd = g_open (replacement->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean ok;
  int saved;

  if (fd < 0)
    return errno == EACCES; /* a folder one may write to but not list is as good */
  ok = fsync (fd) == 0 || errno == EINVAL;
  saved = errno;
  close (fd);
  errno = saved;
  return ok;
}

gboolean
trama_replacement_commit (TramaReplacement *replacement, GError **error)
{
  int fd = replacement->fd;

  if (fsync (fd) < 0)
    return fail (replacement, error);
  replacement->fd = -1;
  if (close (fd) < 0 || g_rename (replacement->temporary, replacement->path) < 0)
    return fail (replacement, error);
  replacement->committed = TRUE;
  return sync_folder (replacement) || fail (replacement, error);
}
