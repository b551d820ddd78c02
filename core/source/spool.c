/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/source/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#define PREFIX "trace-"

struct _TramaSpool
{
  int fd;
  char *path; /* NULL: in memory */
};

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "trama", NULL);
}

/* The lock goes with the last descriptor of the file, and so tells who is gone from who is not. */
static int
open_in_folder (char **path)
{
  g_autofree char *folder = get_folder ();
  g_autofree char *name = g_build_filename (folder, PREFIX "XXXXXX", NULL);
  int fd;

  if (g_mkdir_with_parents (folder, 0700) < 0)
    return -1;
  fd = g_mkstemp_full (name, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    return -1;
  flock (fd, LOCK_EX | LOCK_NB);
  *path = g_steal_pointer (&name);
  return fd;
}

/* What stands at @path may go: it is a plain file that nobody holds; or there is nothing. */
static gboolean
may_replace (const char *path)
{
  GStatBuf status;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
  gboolean may;

  if (fd < 0)
    return errno == ENOENT;
  may = flock (fd, LOCK_EX | LOCK_NB) == 0 && fstat (fd, &status) == 0 && S_ISREG (status.st_mode);
  close (fd);
  return may;
}

static int
open_at (const char *wanted, char **path)
{
  int fd;

  if (!may_replace (wanted))
    return -1;
  g_unlink (wanted);
  fd = g_open (wanted, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return -1;
  flock (fd, LOCK_EX | LOCK_NB);
  *path = g_strdup (wanted);
  return fd;
}

TramaSpool *
trama_spool_new (GError **error)
{
  return trama_spool_new_at (NULL, error);
}

TramaSpool *
trama_spool_new_at (const char *path, GError **error)
{
  g_autoptr (TramaSpool) spool = g_new0 (TramaSpool, 1);

  spool->fd = path != NULL ? open_at (path, &spool->path) : -1;
  if (spool->fd < 0)
    spool->fd = open_in_folder (&spool->path);
  if (spool->fd < 0)
    spool->fd = memfd_create ("trama-trace", MFD_CLOEXEC);
  if (spool->fd >= 0)
    return g_steal_pointer (&spool);
  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), _ ("no place to keep the trace: %s"),
               g_strerror (errno));
  return NULL;
}

void
trama_spool_free (TramaSpool *spool)
{
  if (spool == NULL)
    return;
  if (spool->path != NULL)
    g_unlink (spool->path);
  if (spool->fd >= 0)
    close (spool->fd);
  g_free (spool->path);
  g_free (spool);
}

int
trama_spool_get_fd (const TramaSpool *spool)
{
  return spool->fd;
}

gboolean
trama_spool_append (TramaSpool *spool, const guint8 *data, gsize size, GError **error)
{
  gsize at = 0;

  while (at < size)
    {
      gssize n = write (spool->fd, data + at, size - at);

      if (n < 0 && errno != EINTR)
        {
          g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno),
                       _ ("the trace cannot be kept any longer: %s"), g_strerror (errno));
          return FALSE;
        }
      at += (gsize) MAX (n, 0);
    }
  return TRUE;
}

typedef struct
{
  char *path;
  gint64 changed_s;
} Left;

static void
left_clear (gpointer data)
{
  g_free (((Left *) data)->path);
}

static int
compare_left (gconstpointer a, gconstpointer b)
{
  const Left *x = a, *y = b;

  return x->changed_s > y->changed_s ? -1 : x->changed_s < y->changed_s;
}

/* Whether nobody holds it any more and there is something in it. */
static gboolean
is_left (const char *path, gint64 *changed_s)
{
  GStatBuf status;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  gboolean left;

  if (fd < 0)
    return FALSE;
  left = flock (fd, LOCK_EX | LOCK_NB) == 0 && fstat (fd, &status) == 0 && S_ISREG (status.st_mode);
  if (left && status.st_size == 0)
    {
      g_unlink (path);
      left = FALSE;
    }
  close (fd);
  if (left)
    *changed_s = status.st_mtime;
  return left;
}

GPtrArray *
trama_spool_find_left (void)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder = get_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Left));
  const char *name;

  g_array_set_clear_func (found, left_clear);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      Left left = { g_build_filename (folder, name, NULL), 0 };

      if (g_str_has_prefix (name, PREFIX) && is_left (left.path, &left.changed_s))
        g_array_append_val (found, left);
      else
        g_free (left.path);
    }
  g_array_sort (found, compare_left);
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (paths, g_strdup (g_array_index (found, Left, i).path));
  return paths;
}
