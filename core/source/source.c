/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/source/source_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCH_BYTES (512u << 10)

/* Taken at least, to complete a block that lies across two batches. */
#define PENDING_MORE_BYTES 4096u

enum
{
  CHANGED,
  CAUGHT_UP,
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

  trama_source_stop_watching (self);
  g_free (self->name);
  g_clear_pointer (&self->store, trama_store_unref);
  g_clear_pointer (&self->parser, trama_parser_free);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->stream);
  g_clear_object (&self->inflate);
  g_clear_pointer (&self->pending, g_byte_array_unref);
  for (guint i = 0; i < TRAMA_SOURCE_N_BATCHES; i++)
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
  signals[CAUGHT_UP] = g_signal_new ("caught-up", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
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
  for (guint i = 0; i < TRAMA_SOURCE_N_BATCHES; i++)
    self->batches[i] = g_malloc (BATCH_BYTES);
  self->helper_message = g_string_new (NULL);
  self->bytes_fd = -1;
  self->commands_fd = -1;
}

void
trama_source_finish (TramaSource *self, GError *error)
{
  g_autoptr (GError) owned = error;

  if (self->finished)
    return;
  self->finished = TRUE;
  trama_source_stop_watching (self);
  /* Who writes into a pipe that nobody reads any more must learn of it, pipe(7). */
  if (self->spool != NULL && self->stream != NULL)
    g_input_stream_close (self->stream, NULL, NULL);
  if (self->stopped && error == NULL)
    owned = g_error_new_literal (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_STOPPED, _ ("stopped"));
  g_signal_emit (self, signals[FINISHED], 0, owned);
}

static gboolean
finish_idle (gpointer data)
{
  TramaSource *self = data;

  trama_source_finish (self, g_steal_pointer (&self->stream_error));
  return G_SOURCE_REMOVE;
}

/* Whoever made the source connects to it first. */
void
trama_source_finish_later (TramaSource *self, GError *error)
{
  self->stream_error = error;
  g_idle_add_full (G_PRIORITY_DEFAULT, finish_idle, g_object_ref (self), g_object_unref);
}

void
trama_source_take_error (TramaSource *self, GError *error)
{
  if (self->stream_error == NULL)
    self->stream_error = error;
  else
    g_error_free (error);
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
      trama_source_end_helper_part (self);
      return;
    }
  judge_end_of_file (self);
  trama_source_finish (self, g_steal_pointer (&self->stream_error));
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
      trama_source_take_error (self, g_steal_pointer (&error));
      return FALSE;
    }
  ok = parse (self, data, size, &error);
  if (!ok)
    trama_source_take_error (self, g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED, "%s: %s",
                                                self->name, error->message));
  g_signal_emit (self, signals[CHANGED], 0);
  return ok;
}

static void
on_batch (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (TramaSource) self = data;
  g_autoptr (GError) error = NULL;
  const guint8 *bytes = self->batches[self->batch];
  gssize size = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);

  self->is_cut = size < 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (self->is_cut)
    trama_source_take_error (self, g_error_new (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED, "%s: %s",
                                                self->name, error->message));
  if (size > 0 && self->stream_error == NULL && !g_cancellable_is_cancelled (self->cancellable))
    {
      self->read_bytes += (guint64) size;
      if (self->monitor != NULL && self->read_bytes > self->opened_bytes)
        self->is_live = TRUE;
      self->batch = (self->batch + 1) % TRAMA_SOURCE_N_BATCHES;
      trama_source_read_batch (self);
      /* The end of the reading that has begun then ends the stream. */
      if (!take_batch (self, bytes, (gsize) size))
        g_cancellable_cancel (self->cancellable);
      return;
    }
  if (size == 0 && self->monitor != NULL && self->stream_error == NULL && !self->stopped)
    {
      trama_source_await_growth (self);
      return;
    }
  /* A helper whose stream is no good any more is of no use. */
  if (self->helper != NULL && self->stream_error != NULL)
    g_subprocess_force_exit (self->helper);
  on_stream_ended (self);
}

/* Whoever draws what has come draws it before more comes. */
void
trama_source_read_batch (TramaSource *self)
{
  g_input_stream_read_async (self->stream, self->batches[self->batch], BATCH_BYTES, G_PRIORITY_DEFAULT_IDLE,
                             self->cancellable, on_batch, g_object_ref (self));
}

gboolean
trama_source_open_spool (TramaSource *self, const char *path, GError **error)
{
  self->spool = trama_spool_new_at (path, error);
  if (self->spool == NULL)
    return FALSE;
  self->bytes_fd = fcntl (trama_spool_get_fd (self->spool), F_DUPFD_CLOEXEC, 0);
  if (self->bytes_fd < 0)
    g_set_error_literal (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), g_strerror (errno));
  return self->bytes_fd >= 0 && trama_store_set_bytes_fd (self->store, self->bytes_fd);
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
trama_source_get_compression (TramaSource *self)
{
  g_return_val_if_fail (TRAMA_IS_SOURCE (self), NULL);
  return self->inflate != NULL && trama_inflate_is_used (self->inflate) ? "gzip" : NULL;
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

gboolean
trama_source_is_live (TramaSource *self)
{
  g_return_val_if_fail (TRAMA_IS_SOURCE (self), FALSE);
  return self->is_live;
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
  if (self->waits)
    {
      self->waits = FALSE;
      trama_source_finish_later (self, NULL);
    }
  /* The end of its input asks the lab to end well; it then closes its output. */
  if (self->helper == NULL)
    g_cancellable_cancel (self->cancellable);
  else
    shutdown (self->commands_fd, SHUT_WR);
}
