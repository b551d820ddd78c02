/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/source/source.h"

#include "core/source/inflate.h"
#include "core/source/spool.h"
#include "core/trace/parser.h"
#include "core/trace/places.h"
#include "core/trace/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* One batch is read while the one before is parsed. */
#define BATCH_BYTES (512u << 10)
#define N_BATCHES 2
#define COPY_BYTES (256u << 10)
#define HELPER_MESSAGE_MAX_BYTES 4096

/* Taken at least, to complete a block that lies across two batches. */
#define PENDING_MORE_BYTES 4096u

struct _TramaSource
{
  GObject parent_instance;

  char *name; /* for messages */
  TramaStore *store;
  TramaPacketPredicate keeps; /* NULL: every packet */
  gpointer keeps_data;
  TramaParser *parser;
  GCancellable *cancellable;
  GInputStream *stream;
  guint8 *batches[N_BATCHES];
  guint batch;         /* that is being read */
  GByteArray *pending; /* read and not yet parsed: less than a block */
  int bytes_fd;        /* what the trace's bytes are read from */
  TramaSpool *spool;   /* what is read must be copied there first; NULL: the bytes stay in their file */

  GSubprocess *helper; /* NULL: a file */
  int commands_fd;     /* its standard input */
  GString *helper_message;
  guint helper_streams; /* still open: standard output, standard error, the process */
  GError *stream_error;
  gboolean is_cut; /* reading failed before the end */

  gboolean stopped;
  gboolean finished;
};

enum
{
  CHANGED,
  FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TramaSource, trama_source, G_TYPE_OBJECT)
G_DEFINE_QUARK (trama - source - error - quark, trama_source_error)

static void
trama_source_finalize (GObject *object)
{
  TramaSource *self = TRAMA_SOURCE (object);

  g_free (self->name);
  g_clear_pointer (&self->store, trama_store_unref);
  g_clear_pointer (&self->parser, trama_parser_free);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->pending, g_byte_array_unref);
  for (guint i = 0; i < N_BATCHES; i++)
    g_free (self->batches[i]);
  g_clear_object (&self->helper);
  g_string_free (self->helper_message, TRUE);
  g_clear_error (&self->stream_error);
  if (self->bytes_fd >= 0)
    close (self->bytes_fd);
  trama_spool_free (self->spool);
  if (self->commands_fd >= 0)
    close (self->commands_fd);
  G_OBJECT_CLASS (trama_source_parent_class)->finalize (object);
}

static void
trama_source_class_init (TramaSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = trama_source_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[FINISHED] = g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

/* Fits TramaEventFunc. */
static void
take_event (const TramaEvent *event, gpointer data)
{
  TramaSource *self = data;

  if (event->kind == TRAMA_EVENT_PACKET && self->keeps != NULL
      && !self->keeps (trama_store_get_interface (self->store, event->packet.interface), &event->packet,
                       event->data, self->keeps_data))
    return;
  trama_store_append (event, self->store);
}

static void
trama_source_init (TramaSource *self)
{
  self->store = trama_store_new ();
  self->parser = trama_parser_new (take_event, self);
  self->cancellable = g_cancellable_new ();
  self->pending = g_byte_array_new ();
  for (guint i = 0; i < N_BATCHES; i++)
    self->batches[i] = g_malloc (BATCH_BYTES);
  self->helper_message = g_string_new (NULL);
  self->bytes_fd = -1;
  self->commands_fd = -1;
}

static void
finish (TramaSource *self, GError *error)
{
  g_autoptr (GError) owned = error;

  if (self->finished)
    return;
  self->finished = TRUE;
  if (self->stopped && error == NULL)
    owned = g_error_new_literal (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_STOPPED, _ ("stopped"));
  g_signal_emit (self, signals[FINISHED], 0, owned);
}

static gboolean
finish_idle (gpointer data)
{
  TramaSource *self = data;

  finish (self, g_steal_pointer (&self->stream_error));
  return G_SOURCE_REMOVE;
}

/* Whoever made the source connects to it first. */
static void
finish_later (TramaSource *self, GError *error)
{
  self->stream_error = error;
  g_idle_add_full (G_PRIORITY_DEFAULT, finish_idle, g_object_ref (self), g_object_unref);
}

static void
set_stream_error (TramaSource *self, GError *error)
{
  if (self->stream_error == NULL)
    self->stream_error = error;
  else
    g_error_free (error);
}

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

static void
on_helper_part_ended (TramaSource *self)
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
  finish (self, error);
}

/* A capture that breaks off in the middle of a record says so, unless something worse was said. */
static void
judge_end_of_file (TramaSource *self)
{
  g_autoptr (GError) error = NULL;

  if (self->stream_error != NULL || self->stopped)
    return;
  if (!trama_parser_end (self->parser, self->pending->len, &error))
    self->stream_error = g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED, "%s: %s", self->name,
                                      error->message);
}

static void
on_stream_ended (TramaSource *self)
{
  if (self->helper != NULL)
    {
      on_helper_part_ended (self);
      return;
    }
  judge_end_of_file (self);
  finish (self, g_steal_pointer (&self->stream_error));
}

/*
 * What was pending is completed with as little of @data as may be, so that the rest
 * is parsed where it lies. Returns how much of @data is done with; -1 with @error.
 */
static gssize
parse_pending (TramaSource *self, const guint8 *data, gsize size, GError **error)
{
  gsize taken = 0;

  while (self->pending->len > 0 && taken < size)
    {
      gsize more = MIN (size - taken, MAX (self->pending->len, PENDING_MORE_BYTES));
      gssize parsed;

      g_byte_array_append (self->pending, data + taken, (guint) more);
      taken += more;
      parsed = trama_parser_feed (self->parser, self->pending->data, self->pending->len, error);
      if (parsed < 0)
        return -1;
      if (parsed == 0)
        continue;
      /* What is left over lies at the end of what was just taken. */
      taken -= self->pending->len - (gsize) parsed;
      g_byte_array_set_size (self->pending, 0);
    }
  return (gssize) taken;
}

/* Parses, and keeps what is not a whole block yet. */
static gboolean
parse (TramaSource *self, const guint8 *data, gsize size, GError **error)
{
  gssize done = parse_pending (self, data, size, error);
  gssize parsed;

  if (done < 0)
    return FALSE;
  if ((gsize) done == size)
    return TRUE;
  parsed = trama_parser_feed (self->parser, data + done, size - (gsize) done, error);
  if (parsed < 0)
    return FALSE;
  done += parsed;
  g_byte_array_append (self->pending, data + done, (guint) (size - (gsize) done));
  return TRUE;
}

/* FALSE: no more of this stream. */
static gboolean
take_batch (TramaSource *self, const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (self->spool != NULL && !trama_spool_append (self->spool, data, size, &error))
    {
      set_stream_error (self, g_steal_pointer (&error));
      return FALSE;
    }
  ok = parse (self, data, size, &error);
  if (!ok)
    set_stream_error (self, g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED, "%s: %s", self->name,
                                         error->message));
  g_signal_emit (self, signals[CHANGED], 0);
  return ok;
}

static void read_batch (TramaSource *self);

static void
on_batch (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (TramaSource) self = data;
  g_autoptr (GError) error = NULL;
  const guint8 *bytes = self->batches[self->batch];
  gssize size = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);

  self->is_cut = size < 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (self->is_cut)
    set_stream_error (self, g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED, "%s: %s", self->name,
                                         error->message));
  if (size > 0 && self->stream_error == NULL && !g_cancellable_is_cancelled (self->cancellable))
    {
      self->batch = (self->batch + 1) % N_BATCHES;
      read_batch (self);
      /* The end of the reading that has begun then ends the stream. */
      if (!take_batch (self, bytes, (gsize) size))
        g_cancellable_cancel (self->cancellable);
      return;
    }
  /* A helper whose stream is no good any more is of no use. */
  if (self->helper != NULL && self->stream_error != NULL)
    g_subprocess_force_exit (self->helper);
  on_stream_ended (self);
}

static void
read_batch (TramaSource *self)
{
  g_input_stream_read_async (self->stream, self->batches[self->batch], BATCH_BYTES, G_PRIORITY_DEFAULT,
                             self->cancellable, on_batch, g_object_ref (self));
}

static void read_message (TramaSource *self, GInputStream *stream);

static void
on_message (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (TramaSource) self = data;
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, NULL);

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      on_helper_part_ended (self);
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
  on_helper_part_ended (self);
}

/* A helper that takes no more has ended, and its end says more than an error here would. */
static void
send_all (int fd, const char *data, gsize size)
{
  gsize at = 0;

  while (at < size)
    {
      gssize n = send (fd, data + at, size - at, MSG_NOSIGNAL);

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

  send_all (self->commands_fd, head, strlen (head));
  send_all (self->commands_fd, text, strlen (text));
}

/* Commands go through a socket: a pipe whose reader was killed would take this process with it, by SIGPIPE. */
static GSubprocess *
start_helper (TramaSource *self, const char *program, GError **error)
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
  return g_subprocess_launcher_spawn (launcher, error, program, NULL);
}

static gboolean
open_spool (TramaSource *self, GError **error)
{
  self->spool = trama_spool_new (error);
  if (self->spool == NULL)
    return FALSE;
  self->bytes_fd = fcntl (trama_spool_get_fd (self->spool), F_DUPFD_CLOEXEC, 0);
  if (self->bytes_fd < 0)
    g_set_error_literal (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), g_strerror (errno));
  return self->bytes_fd >= 0 && trama_store_set_bytes_fd (self->store, self->bytes_fd);
}

TramaSource *
trama_source_run (const char *name, const char *text)
{
  TramaSource *self = g_object_new (TRAMA_TYPE_SOURCE, NULL);
  g_autofree char *program = trama_get_helper_path ("trama-lab");
  GError *error = NULL;

  self->name = g_strdup (name);
  if (open_spool (self, &error))
    self->helper = start_helper (self, program, &error);
  if (self->helper == NULL)
    {
      finish_later (self, g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_HELPER, "%s: %s", program,
                                       error->message));
      g_error_free (error);
      return self;
    }
  self->helper_streams = 3;
  self->stream = g_object_ref (g_subprocess_get_stdout_pipe (self->helper));
  send_session (self, text);
  read_batch (self);
  read_message (self, g_subprocess_get_stderr_pipe (self->helper));
  g_subprocess_wait_async (self->helper, NULL, on_helper_exit, g_object_ref (self));
  return self;
}

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
    return open_spool (self, error);
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
      finish_later (self, g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED, "%s: %s", self->name,
                                       g_strerror (errno)));
      return self;
    }
  if (open_bytes (self, fd, &error))
    {
      self->stream = new_stream (fd, self->spool != NULL);
      read_batch (self);
    }
  else
    {
      finish_later (self, g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED, "%s: %s", self->name,
                                       error != NULL ? error->message : g_strerror (errno)));
      close (fd);
    }
  return self;
}

void
trama_source_set_filter (TramaSource *self, TramaPacketPredicate keeps, gpointer user_data)
{
  g_return_if_fail (TRAMA_IS_SOURCE (self));
  self->keeps = keeps;
  self->keeps_data = user_data;
}

const char *
trama_source_get_format (TramaSource *self)
{
  g_return_val_if_fail (TRAMA_IS_SOURCE (self), NULL);
  return trama_parser_get_format (self->parser);
}

const char *
trama_source_get_damage (TramaSource *self, guint64 *offset)
{
  const char *damage;

  g_return_val_if_fail (TRAMA_IS_SOURCE (self), NULL);

  damage = trama_parser_get_damage (self->parser, offset);
  if (damage != NULL || !self->is_cut)
    return damage;
  *offset = trama_parser_get_offset (self->parser) + self->pending->len;
  return "reading failed here";
}

TramaStore *
trama_source_get_store (TramaSource *self)
{
  g_return_val_if_fail (TRAMA_IS_SOURCE (self), NULL);
  return self->store;
}

gboolean
trama_source_is_running (TramaSource *self)
{
  g_return_val_if_fail (TRAMA_IS_SOURCE (self), FALSE);
  return !self->finished;
}

double
trama_source_get_progress (TramaSource *self)
{
  struct stat status;

  g_return_val_if_fail (TRAMA_IS_SOURCE (self), -1);
  if (self->spool != NULL || self->bytes_fd < 0 || fstat (self->bytes_fd, &status) < 0 || status.st_size == 0)
    return -1;
  return MIN ((double) trama_parser_get_offset (self->parser) / (double) status.st_size, 1);
}

void
trama_source_stop (TramaSource *self)
{
  g_return_if_fail (TRAMA_IS_SOURCE (self));
  if (self->finished)
    return;
  self->stopped = TRUE;
  /* The end of its input asks the lab to end well; it then closes its output. */
  if (self->helper == NULL)
    g_cancellable_cancel (self->cancellable);
  else
    shutdown (self->commands_fd, SHUT_WR);
}

static gboolean
copy_bytes (TramaSource *self, TramaReplacement *file, guint64 size, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (COPY_BYTES);

  for (guint64 at = 0; at < size;)
    {
      gssize n = pread (self->bytes_fd, buffer, MIN (COPY_BYTES, size - at), (off_t) at);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", self->name,
                       n < 0 ? g_strerror (errno) : _ ("the trace has become shorter"));
          return FALSE;
        }
      if (!trama_replacement_write (file, buffer, (gsize) n, error))
        return FALSE;
      at += (guint64) n;
    }
  return TRUE;
}

static gboolean
is_pcapng (const TramaSource *self)
{
  return g_strcmp0 (trama_parser_get_format (self->parser), "pcapng") == 0;
}

gboolean
trama_source_save (TramaSource *self, const char *path, GError **error)
{
  static const TramaRewriteOptions everything = { 0 };
  g_autoptr (TramaReplacement) file = NULL;

  g_return_val_if_fail (TRAMA_IS_SOURCE (self), FALSE);

  if (!is_pcapng (self) || self->keeps != NULL)
    return trama_source_save_rewritten (self, path, &everything, error);
  file = trama_replacement_new (path, 0600, error);
  return file != NULL && copy_bytes (self, file, trama_parser_get_offset (self->parser), error)
         && trama_replacement_commit (file, error);
}

gboolean
trama_source_save_rewritten (TramaSource *self,
                             const char *path,
                             const TramaRewriteOptions *options,
                             GError **error)
{
  g_autoptr (TramaReplacement) file = NULL;

  g_return_val_if_fail (TRAMA_IS_SOURCE (self), FALSE);

  file = trama_replacement_new (path, 0600, error);
  return file != NULL
         && trama_rewrite (self->store, trama_parser_get_offset (self->parser), options, file, error)
         && trama_replacement_commit (file, error);
}
