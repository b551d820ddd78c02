/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/source/source_private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A block of which no more comes for so long is taken to be cut short. */
#define CUT_SHORT_MS 2000

/* How often, at most, a file that grows is looked at. */
#define GROWTH_INTERVAL_MS 50

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
    {
      self->is_live = !S_ISREG (status.st_mode);
      return trama_source_open_spool (self, NULL, error);
    }
  return self->bytes_fd >= 0 && trama_store_set_bytes_fd (self->store, self->bytes_fd);
}

/* What may be compressed is unpacked on its way. */
static GInputStream *
new_stream (TramaSource *self, int fd)
{
  g_autoptr (GInputStream) stream = g_unix_input_stream_new (fd, TRUE);

  if (self->spool == NULL)
    return g_steal_pointer (&stream);
  self->inflate = trama_inflate_new ();
  return g_converter_input_stream_new (stream, G_CONVERTER (self->inflate));
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

/* Growth. */

void
trama_source_stop_watching (TramaSource *self)
{
  g_clear_handle_id (&self->cut_id, g_source_remove);
  if (self->monitor != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->monitor, self);
      g_file_monitor_cancel (self->monitor);
    }
  g_clear_object (&self->monitor);
}

/* Whether the file is as long as what was read. */
static gboolean
has_changed (const TramaSource *self, struct stat *status)
{
  return fstat (self->bytes_fd, status) == 0 && (guint64) status->st_size != self->read_bytes;
}

static void
on_file_changed (TramaSource *self)
{
  struct stat status;

  if (!self->waits || !has_changed (self, &status))
    return;
  self->waits = FALSE;
  g_clear_handle_id (&self->cut_id, g_source_remove);
  if ((guint64) status.st_size < self->read_bytes)
    {
      trama_source_finish_later (self, g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED, "%s: %s",
                                                    self->name, _ ("the file has become shorter")));
      return;
    }
  trama_source_read_batch (self);
}

static gboolean
on_still_cut (gpointer data)
{
  TramaSource *self = data;
  g_autoptr (GError) cause = NULL;
  g_autoptr (GError) error = NULL;

  self->cut_id = 0;
  if (!trama_parser_end (self->parser, self->pending->len, &cause))
    error = g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED, "%s: %s", self->name,
                         cause->message);
  g_signal_emit_by_name (self, "caught-up", error);
  return G_SOURCE_REMOVE;
}

/* How long the rest of a block may still be on its way; of a file that was left alone for long, it is not. */
static guint
get_patience_ms (const TramaSource *self)
{
  struct stat status;
  gint64 age_ms;

  if (fstat (self->bytes_fd, &status) < 0)
    return 0;
  age_ms = (trama_realtime_ns () / 1000000) - (gint64) status.st_mtim.tv_sec * 1000;
  return age_ms < 0 || age_ms > CUT_SHORT_MS + 1000 ? 0 : CUT_SHORT_MS;
}

void
trama_source_await_growth (TramaSource *self)
{
  struct stat status;

  self->waits = TRUE;
  if (has_changed (self, &status))
    on_file_changed (self);
  else if (self->read_bytes > 0 && self->pending->len == 0)
    g_signal_emit_by_name (self, "caught-up", NULL);
  else
    self->cut_id = g_timeout_add (get_patience_ms (self), on_still_cut, self);
}

/* A link is not what grows, but what it leads to. */
static void
watch (TramaSource *self, const char *path)
{
  g_autoptr (GFile) file = NULL;
  struct stat status;
  char *real = realpath (strcmp (path, "-") == 0 ? "/proc/self/fd/0" : path, NULL);

  if (real == NULL)
    return;
  file = g_file_new_for_path (real);
  free (real);
  self->opened_bytes = fstat (self->bytes_fd, &status) == 0 ? (guint64) status.st_size : 0;
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor == NULL)
    return;
  g_file_monitor_set_rate_limit (self->monitor, GROWTH_INTERVAL_MS);
  g_signal_connect_swapped (self->monitor, "changed", G_CALLBACK (on_file_changed), self);
}

/* Why @path cannot be opened, errno says; what a run that was ended has left beside it is named. */
static GError *
explain_unopened (const TramaSource *self, const char *path)
{
  const char *reason = g_strerror (errno);
  g_autofree char *part = g_strconcat (path, TRAMA_SOURCE_PART_SUFFIX, NULL);
  g_autofree char *shown = g_filename_display_name (part);

  if (errno == ENOENT && g_file_test (part, G_FILE_TEST_IS_REGULAR))
    /* Translators: a file, why it cannot be opened, another file. */
    return g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED,
                        _ ("%s: %s; %s has what came until its writing was broken off"), self->name, reason,
                        shown);
  return g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED, "%s: %s", self->name, reason);
}

static TramaSource *
open_source (const char *path, gboolean follows)
{
  TramaSource *self = g_object_new (TRAMA_TYPE_SOURCE, NULL);
  g_autoptr (GError) error = NULL;
  int fd;

  self->name = strcmp (path, "-") == 0 ? g_strdup (_ ("standard input")) : g_filename_display_name (path);
  fd = open_path (path);
  if (fd < 0)
    {
      trama_source_finish_later (self, explain_unopened (self, path));
      return self;
    }
  if (open_bytes (self, fd, &error))
    {
      if (follows && self->spool == NULL)
        watch (self, path);
      self->stream = new_stream (self, fd);
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

TramaSource *
trama_source_open (const char *path)
{
  return open_source (path, FALSE);
}

TramaSource *
trama_source_follow (const char *path)
{
  return open_source (path, TRUE);
}
