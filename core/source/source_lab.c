/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/source/source_private.h"

#include "core/trace/places.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HELPER_MESSAGE_MAX_BYTES 4096

/* What the session's trace itself says of its end, when it came so far. */
static GError *
judge_session (TramaSource *self)
{
  const TramaOutcome *outcome = trama_store_get_outcome (self->store);

  if (outcome == NULL)
    return g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_HELPER,
                        _ ("%s: the lab ended before the session: %s"), self->name,
                        self->helper_message->len > 0 ? self->helper_message->str : _ ("it was killed"));
  if (!outcome->ok)
    return g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_SESSION, "%s: %s", self->name,
                        outcome->text != NULL ? outcome->text : _ ("it failed"));
  return NULL;
}

void
trama_source_end_helper_part (TramaSource *self)
{
  GError *error;

  if (--self->helper_streams > 0)
    return;
  g_strchomp (self->helper_message->str);
  self->helper_message->len = strlen (self->helper_message->str);
  error = self->stopped ? NULL : judge_session (self);
  if (self->stream_error != NULL)
    {
      g_clear_error (&error);
      error = g_steal_pointer (&self->stream_error);
    }
  trama_source_finish (self, error);
}

static void read_message (TramaSource *self, GInputStream *stream);

static void
on_message (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (TramaSource) self = data;
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, NULL);

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      trama_source_end_helper_part (self);
      return;
    }
  if (self->helper_message->len < HELPER_MESSAGE_MAX_BYTES)
    g_string_append_len (self->helper_message, g_bytes_get_data (bytes, NULL),
                         (gssize) g_bytes_get_size (bytes));
  read_message (self, G_INPUT_STREAM (object));
}

static void
read_message (TramaSource *self, GInputStream *stream)
{
  g_input_stream_read_bytes_async (stream, HELPER_MESSAGE_MAX_BYTES, G_PRIORITY_DEFAULT, NULL, on_message,
                                   g_object_ref (self));
}

static void
on_helper_exit (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (TramaSource) self = data;

  g_subprocess_wait_finish (G_SUBPROCESS (object), result, NULL);
  trama_source_end_helper_part (self);
}

/* A helper that takes no more has ended, and its end says more than an error here would. */
static void
send_all (int fd, const char *data, gsize size, int flags)
{
  gsize at = 0;

  while (at < size)
    {
      gssize n = send (fd, data + at, size - at, MSG_NOSIGNAL | flags);

      if (n < 0 && errno != EINTR)
        return;
      at += (gsize) MAX (n, 0);
    }
}

/* What trama-lab reads first: the size, the name and the text of the session; see trama-lab(8). */
static void
send_session (TramaSource *self, const char *text)
{
  g_autofree char *head = g_strdup_printf ("session %" G_GSIZE_FORMAT " %s\n", strlen (text), self->name);

  send_all (self->commands_fd, head, strlen (head), 0);
  send_all (self->commands_fd, text, strlen (text), 0);
}

/* Commands go through a socket: a pipe whose reader was killed would take this process with it, by SIGPIPE. */
static GSubprocess *
start_helper (TramaSource *self, const char *program, gboolean held, GError **error)
{
  g_autoptr (GSubprocessLauncher)
      launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), g_strerror (errno));
      return NULL;
    }
  self->commands_fd = ends[0];
  g_subprocess_launcher_take_stdin_fd (launcher, ends[1]);
  return g_subprocess_launcher_spawn (launcher, error, program, held ? "--held" : NULL, NULL);
}

static TramaSource *
run (const char *name, const char *text, gboolean held, const char *path)
{
  TramaSource *self = g_object_new (TRAMA_TYPE_SOURCE, NULL);
  g_autofree char *program = trama_get_helper_path ("trama-lab");
  GError *error = NULL;

  self->name = g_strdup (name);
  if (trama_source_open_spool (self, path, &error))
    self->helper = start_helper (self, program, held, &error);
  if (self->helper == NULL)
    {
      trama_source_finish_later (self, g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_HELPER, "%s: %s",
                                                    program, error->message));
      g_error_free (error);
      return self;
    }
  self->helper_streams = 3;
  self->stream = g_object_ref (g_subprocess_get_stdout_pipe (self->helper));
  send_session (self, text);
  trama_source_read_batch (self);
  read_message (self, g_subprocess_get_stderr_pipe (self->helper));
  g_subprocess_wait_async (self->helper, NULL, on_helper_exit, g_object_ref (self));
  return self;
}

TramaSource *
trama_source_run (const char *name, const char *text)
{
  return run (name, text, FALSE, NULL);
}

TramaSource *
trama_source_run_held (const char *name, const char *text)
{
  return run (name, text, TRUE, NULL);
}

TramaSource *
trama_source_run_kept (const char *name, const char *text, gboolean held, const char *path)
{
  return run (name, text, held, path);
}

void
trama_source_send_command (TramaSource *self, const char *command)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TRAMA_IS_SOURCE (self));
  g_return_if_fail (command != NULL && strchr (command, '\n') == NULL);

  if (self->helper == NULL || self->finished || self->stopped)
    return;
  line = g_strconcat (command, "\n", NULL);
  /* A lab that does not read must not make the window wait. */
  send_all (self->commands_fd, line, strlen (line), MSG_DONTWAIT);
}
