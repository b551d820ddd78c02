/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/source/source.h"

#include "core/source/inflate.h"
#include "core/source/spool.h"
#include "core/trace/parser.h"

/*
 * Shared by source.c (the stream, whatever it comes from), source_file.c (files and
 * pipes), source_lab.c (a session in trama-lab) and source_save.c.
 */

/* One batch is read while the one before is parsed. */
#define TRAMA_SOURCE_N_BATCHES 2

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
  TramaInflate *inflate; /* on the stream's way; NULL: it comes as it is */
  guint8 *batches[TRAMA_SOURCE_N_BATCHES];
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

  guint64 read_bytes;    /* of the stream */
  guint64 opened_bytes;  /* that the file had when it was opened */
  GFileMonitor *monitor; /* NULL: what the file has at its end is the end */
  gboolean waits;        /* there, for more */
  guint cut_id;          /* until it is certain that nobody completes the last block */
  gboolean is_live;

  gboolean stopped;
  gboolean finished;
};

/* Of source.c. */
void trama_source_read_batch (TramaSource *self);
/* @path NULL: wherever it may be. */
gboolean trama_source_open_spool (TramaSource *self, const char *path, GError **error);

/* Whoever made the source connects to it first. Takes @error; NULL: all is well. */
void trama_source_finish_later (TramaSource *self, GError *error);
void trama_source_finish (TramaSource *self, GError *error);     /* now; takes @error */
void trama_source_take_error (TramaSource *self, GError *error); /* the first one counts */

/* Of source_file.c: a file that is followed has been read to its end. */
void trama_source_await_growth (TramaSource *self);
void trama_source_stop_watching (TramaSource *self);

/* Of source_lab.c: of standard output, standard error and the process itself, one has ended. */
void trama_source_end_helper_part (TramaSource *self);
