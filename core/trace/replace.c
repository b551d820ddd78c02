/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES_TRIED 100
#define OPEN_FILES "/proc/self/fd"

struct _TramaReplacement
{
  char *shown;  /* the path as it was given, for messages */
  char *target; /* what is replaced: the path, or what it links to */
  char *folder;
  char *temporary; /* NULL: it has no name yet */
  int fd;          /* -1: closed */
  guint64 written_bytes;
  gboolean committed;
};

/* What a user can do something about, in words besides those of strerror(3). */
static const struct
{
  int error;
  const char *words;
} reasons[] = {
  { ENOSPC, N_ ("the disk is full") },
  { EDQUOT, N_ ("the disk quota is used up") },
  { EFBIG, N_ ("the file would be larger than is allowed") },
  { EROFS, N_ ("the file system can only be read") },
};

static char *
explain (int error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].error == error)
      return g_strdup_printf ("%s (%s)", _ (reasons[i].words), g_strerror (error));
  return g_strdup (g_strerror (error));
}

static gboolean
fail (const TramaReplacement *replacement, GError **error)
{
  int saved = errno;
  g_autofree char *reason = explain (saved);
  g_autofree char *count = g_strdup_printf ("%" G_GUINT64_FORMAT, replacement->written_bytes);

  if (replacement->committed)
    g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (saved),
                 _ ("%s: %s; all %s bytes are saved, but might not outlast a power failure"),
                 replacement->shown, reason, count);
  else if (replacement->fd >= 0 || replacement->written_bytes > 0)
    g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (saved),
                 _ ("%s: %s; it failed after %s bytes, and nothing was changed"), replacement->shown, reason,
                 count);
  else
    g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (saved), "%s: %s", replacement->shown,
                 reason);
  return FALSE;
}

/* FALSE with errno; EEXIST: another name may do. */
typedef gboolean (*TakeName) (TramaReplacement *replacement, guint mode);

/* Made by open(2), so that the umask holds; not by mkstemp(3). */
static gboolean
open_named (TramaReplacement *replacement, guint mode)
{
  replacement->fd = g_open (replacement->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (int) mode);
  return replacement->fd >= 0;
}

/* What open(2) says of O_TMPFILE: a link to it from there makes it a file. */
static gboolean
link_unnamed (TramaReplacement *replacement, guint mode)
{
  g_autofree char *unnamed = g_strdup_printf (OPEN_FILES "/%d", replacement->fd);

  return linkat (AT_FDCWD, unnamed, AT_FDCWD, replacement->temporary, AT_SYMLINK_FOLLOW) == 0;
}

static gboolean
take_name (TramaReplacement *replacement, TakeName take, guint mode)
{
  for (guint i = 0; i < NAMES_TRIED; i++)
    {
      g_autofree char *name = g_strdup_printf (".trama-%08x.tmp", g_random_int ());

      g_free (replacement->temporary);
      replacement->temporary = g_build_filename (replacement->folder, name, NULL);
      if (take (replacement, mode))
        return TRUE;
      if (errno != EEXIST)
        break;
    }
  g_clear_pointer (&replacement->temporary, g_free);
  return FALSE;
}

/* What has no name goes with the process, however that ends. Not every file system has it. */
static gboolean
open_temporary (TramaReplacement *replacement, guint mode)
{
  if (access (OPEN_FILES, X_OK) < 0)
    return take_name (replacement, open_named, mode);
  replacement->fd = g_open (replacement->folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, (int) mode);
  if (replacement->fd >= 0)
    return TRUE;
  if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)
    return FALSE;
  return take_name (replacement, open_named, mode);
}

/* A rename would put a file in the place of any of these. */
static const struct
{
  mode_t type;
  const char *words;
} other_types[] = {
  { S_IFDIR, N_ ("a folder") }, { S_IFIFO, N_ ("a FIFO") },    { S_IFCHR, N_ ("a device") },
  { S_IFBLK, N_ ("a device") }, { S_IFSOCK, N_ ("a socket") },
};

static gboolean
check_target (const TramaReplacement *replacement, GError **error)
{
  const char *words = N_ ("something else");
  GStatBuf status;

  if (g_stat (replacement->target, &status) < 0 || S_ISREG (status.st_mode))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (other_types); i++)
    if ((status.st_mode & S_IFMT) == other_types[i].type)
      words = other_types[i].words;
  /* Translators: the first is a path, the second "a FIFO", "a folder" and the like. */
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
               _ ("%s: not an ordinary file but %s; choose another name"), replacement->shown, _ (words));
  return FALSE;
}

/* A link stays, and what it leads to is replaced. FALSE with errno when it leads nowhere. */
static gboolean
find_target (TramaReplacement *replacement, const char *path)
{
  char *real = NULL;

  if (g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    {
      real = realpath (path, NULL);
      if (real == NULL)
        return FALSE;
    }
  replacement->target = g_strdup (real != NULL ? real : path);
  free (real);
  replacement->folder = g_path_get_dirname (replacement->target);
  return TRUE;
}

TramaReplacement *
trama_replacement_new (const char *path, guint mode, GError **error)
{
  g_autoptr (TramaReplacement) replacement = g_new0 (TramaReplacement, 1);

  replacement->fd = -1;
  replacement->shown = g_filename_display_name (path);
  if (!find_target (replacement, path))
    {
      fail (replacement, error);
      return NULL;
    }
  if (!check_target (replacement, error))
    return NULL;
  if (!open_temporary (replacement, mode))
    {
      fail (replacement, error);
      return NULL;
    }
  return g_steal_pointer (&replacement);
}

const char *
trama_replacement_get_name (const TramaReplacement *replacement)
{
  return replacement->shown;
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
  g_free (replacement->shown);
  g_free (replacement->target);
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
      replacement->written_bytes += (guint64) MAX (n, 0);
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

  if (fsync (fd) < 0 || (replacement->temporary == NULL && !take_name (replacement, link_unnamed, 0)))
    return fail (replacement, error);
  replacement->fd = -1;
  if (close (fd) < 0 || g_rename (replacement->temporary, replacement->target) < 0)
    return fail (replacement, error);
  replacement->committed = TRUE;
  return sync_folder (replacement) || fail (replacement, error);
}
