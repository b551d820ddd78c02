/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/source/source_private.h"

#include "core/source/inflate.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
is_compressed (int fd)
{
  guint8 magic[TRAMA_INFLATE_MAGIC_BYTES];

  return pread (fd, magic, sizeof magic, 0) == sizeof magic && trama_inflate_knows (magic);
}

/*
 * A file stays where it is; what comes through a pipe must be kept to be read
 * again, and so must what is left of a file that somebody has read from before,
 * and what was compressed.
 */
static gboolean
open_bytes (TramaSource *self, int fd, GError **error)
{
  struct stat status = { 0 };

  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && lseek (fd, 0, SEEK_CUR) == 0
      && !is_compressed (fd))
    self->bytes_fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  else if (S_ISDIR (status.st_mode))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, g_strerror (EISDIR));
      return FALSE;
    }
  else
    return trama_source_open_spool (self, error);
  return self->bytes_fd >= 0 && trama_store_set_bytes_fd (self->store, self->bytes_fd);
}

/* What may be compressed is unpacked on its way. */
static GInputStream *
new_stream (int fd, gboolean inflates)
{
  g_autoptr (GInputStream) stream = g_unix_input_stream_new (fd, TRUE);
  g_autoptr (TramaInflate) inflate = NULL;

  if (!inflates)
    return g_steal_pointer (&stream);
  inflate = trama_inflate_new ();
  return g_converter_input_stream_new (stream, G_CONVERTER (inflate));
}

/* A FIFO is not waited for until somebody opens its other end: the reading of it waits, in the background. */
static int
open_path (const char *path)
{
  int fd, flags;

  if (strcmp (path, "-") == 0)
    return fcntl (STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  flags = fd >= 0 ? fcntl (fd, F_GETFL) : -1;
  if (flags >= 0)
    fcntl (fd, F_SETFL, flags & ~O_NONBLOCK);
  return fd;
}

TramaSource *
trama_source_open (const char *path)
{
  TramaSource *self = g_object_new (TRAMA_TYPE_SOURCE, NULL);
  g_autoptr (GError) error = NULL;
  int fd;

  self->name = strcmp (path, "-") == 0 ? g_strdup (_ ("standard input")) : g_filename_display_name (path);
  fd = open_path (path);
  if (fd < 0)
    {
      trama_source_finish_later (self, g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED, "%s: %s",
                                                    self->name, g_strerror (errno)));
      return self;
    }
  if (open_bytes (self, fd, &error))
    {
      self->stream = new_stream (fd, self->spool != NULL);
      trama_source_read_batch (self);
    }
  else
    {
      trama_source_finish_later (self, g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED, "%s: %s",
                                                    self->name,
                                                    error != NULL ? error->message : g_strerror (errno)));
      close (fd);
    }
  return self;
}
