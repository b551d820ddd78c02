/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lists/stream_saver.h"
#include "ui/turn.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

/* What is looked at before the clock is. */
#define SLICE_BYTES 16384
#define SLICE_LINES 64

typedef struct
{
  /* owned */
  TramaDialogue *dialogue;
  TramaTranscript *transcript; /* NULL: the bytes are written */
  char *path;
  char *temporary;
  FILE *file;
  GObject *owner;
  GError *error;

  TramaStreamSavedFunc func;
  guint sides;

  /* where it has come to */
  guint turn;
  guint64 offset;
  guint line;
} Saver;

static void
set_error (Saver *self)
{
  int saved = errno;

  if (self->error == NULL)
    g_set_error (&self->error, G_FILE_ERROR, g_file_error_from_errno (saved), "%s: %s", self->path,
                 g_strerror (saved));
}

static void
finish (Saver *self)
{
  gboolean is_open = self->file != NULL;

  if (is_open && fclose (self->file) != 0)
    set_error (self);
  if (is_open && self->error == NULL && g_rename (self->temporary, self->path) != 0)
    set_error (self);
  if (is_open && self->error != NULL)
    g_unlink (self->temporary);
  self->func (self->owner, self->path, self->error);
}

static void
saver_free (gpointer data)
{
  Saver *self = data;

  g_clear_pointer (&self->transcript, trama_transcript_free);
  trama_dialogue_unref (self->dialogue);
  g_object_unref (self->owner);
  g_clear_error (&self->error);
  g_free (self->path);
  g_free (self->temporary);
  g_free (self);
}

/* FALSE: all is written. */
static gboolean
write_bytes (Saver *self)
{
  const TramaTurn *turn;
  guint8 buffer[SLICE_BYTES];
  gssize got = 0;

  if (self->turn == trama_dialogue_n_turns (self->dialogue))
    return FALSE;
  turn = trama_dialogue_get_turn (self->dialogue, self->turn);
  self->offset = MAX (self->offset, turn->begin);
  if (turn->kind < TRAMA_SPEECH_AGAIN && (self->sides & 1u << turn->side))
    got = trama_dialogue_read (self->dialogue, turn->side, self->offset, buffer,
                               (gsize) MIN (turn->end - self->offset, SLICE_BYTES), &self->error);
  if (got > 0 && fwrite (buffer, 1, (gsize) got, self->file) < (gsize) got)
    set_error (self);
  if (got > 0)
    self->offset += (guint64) got;
  if (got <= 0 || self->offset >= turn->end)
    {
      self->turn++;
      self->offset = 0;
    }
  return self->error == NULL;
}

static void
write_line (Saver *self)
{
  TramaLine line = trama_transcript_get_line (self->transcript, self->line++);
  g_autofree char *text = trama_transcript_dup_text (self->transcript, &line, 0, 0, NULL, NULL);
  gboolean is_c = trama_transcript_get_format (self->transcript) == TRAMA_TRANSCRIPT_C;
  int written;

  if (is_c)
    written = fprintf (self->file, "%s\n", text);
  else
    written = fprintf (self->file, "%s  %s\n", trama_transcript_get_name (self->transcript, line.side), text);
  if (written < 0)
    set_error (self);
}

static gboolean
write_lines (Saver *self)
{
  gboolean more = trama_transcript_step (self->transcript, SLICE_BYTES);

  for (guint i = 0; i < SLICE_LINES && self->line < trama_transcript_n_lines (self->transcript); i++)
    write_line (self);
  return self->error == NULL && (more || self->line < trama_transcript_n_lines (self->transcript));
}

static gboolean
on_slice (gint64 end_us, gpointer user_data)
{
  Saver *self = user_data;
  gboolean more = self->file != NULL;

  while (more && g_get_monotonic_time () < end_us)
    more = self->transcript != NULL ? write_lines (self) : write_bytes (self);
  if (more)
    return TRUE;
  finish (self);
  saver_free (self);
  return FALSE;
}

static void
start (Saver *self)
{
  int fd;

  self->temporary = g_strconcat (self->path, ".XXXXXX", NULL);
  fd = g_mkstemp_full (self->temporary, O_WRONLY | O_CLOEXEC, 0666);
  self->file = fd >= 0 ? fdopen (fd, "w") : NULL;
  if (self->file == NULL)
    {
      set_error (self);
      if (fd >= 0)
        close (fd);
    }
  trama_turn_add (on_slice, self);
}

void
trama_stream_save_bytes (TramaDialogue *dialogue,
                         guint sides,
                         const char *path,
                         TramaStreamSavedFunc func,
                         gpointer owner)
{
  Saver *self = g_new0 (Saver, 1);

  self->dialogue = trama_dialogue_ref (dialogue);
  self->path = g_strdup (path);
  self->owner = g_object_ref (owner);
  self->func = func;
  self->sides = sides;
  start (self);
}

void
trama_stream_save_lines (const TramaTranscript *transcript,
                         const char *path,
                         TramaStreamSavedFunc func,
                         gpointer owner)
{
  Saver *self = g_new0 (Saver, 1);
  const char *names[] = { trama_transcript_get_name (transcript, 0),
                          trama_transcript_get_name (transcript, 1) };

  self->dialogue = trama_dialogue_ref (trama_transcript_get_dialogue (transcript));
  self->transcript = trama_transcript_new (self->dialogue, trama_transcript_get_format (transcript),
                                           trama_transcript_get_sides (transcript), names);
  self->path = g_strdup (path);
  self->owner = g_object_ref (owner);
  self->func = func;
  start (self);
}
