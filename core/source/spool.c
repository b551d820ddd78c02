/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/source/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <unistd.h>

static int
open_in_folder (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "trama", NULL);
  g_autofree char *path = g_build_filename (folder, "trace-XXXXXX", NULL);
  int fd;

  if (g_mkdir_with_parents (folder, 0700) < 0)
    return -1;
  fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    g_unlink (path);
  return fd;
}

int
trama_spool_open (GError **error)
{
  int fd = open_in_folder ();

  if (fd < 0)
    fd = memfd_create ("trama-trace", MFD_CLOEXEC);
  if (fd < 0)
    g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), _ ("no place to keep the trace: %s"),
                 g_strerror (errno));
  return fd;
}

gboolean
trama_spool_append (int fd, const guint8 *data, gsize size, GError **error)
{
  gsize at = 0;

  while (at < size)
    {
      gssize n = write (fd, data + at, size - at);

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
