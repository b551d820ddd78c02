/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/rewrite.h"
#include "core/trace/store.h"

#include <gio/gio.h>

/*
 * A stream of events on its way into a store: a session that runs in trama-lab,
 * or a file that is read. Reads in the background of the thread-default main
 * context, in batches; nothing blocks for longer than one batch.
 *
 * What a helper sends is kept in a spool (spool.h); the store reads packet bytes
 * from it, and saving copies it.
 *
 * Signals:
 *   "changed"             the store has grown; at most once per batch
 *   "caught-up" (GError*) a file that is followed has been read to its present end. NULL:
 *                         it ends with a whole record. Otherwise it ends within one, and
 *                         nobody has written the rest for a while.
 *   "finished" (GError*)  the stream has ended. NULL: whole and well. Otherwise what
 *                         was read before is in the store. Emitted exactly once.
 */
#define TRAMA_TYPE_SOURCE (trama_source_get_type ())
G_DECLARE_FINAL_TYPE (TramaSource, trama_source, TRAMA, SOURCE, GObject)

#define TRAMA_SOURCE_ERROR (trama_source_error_quark ())
GQuark trama_source_error_quark (void);

typedef enum
{
  TRAMA_SOURCE_ERROR_HELPER,  /* the helper could not be started, or died */
  TRAMA_SOURCE_ERROR_SESSION, /* the session failed; the message says where */
  TRAMA_SOURCE_ERROR_DAMAGED, /* the stream is damaged or cut short */
  TRAMA_SOURCE_ERROR_STOPPED, /* by trama_source_stop () */
} TramaSourceError;

/* Runs a session: @text as written, @name for messages. Starts at once. Transfer full. */
TramaSource *trama_source_run (const char *name, const char *text);

/* The same, with every actor held before its first step, for commands to let it go. */
TramaSource *trama_source_run_held (const char *name, const char *text);

/* Behind the name of a file that is to be written, of what has come so far. */
#define TRAMA_SOURCE_PART_SUFFIX ".part"

/*
 * The same, held or not. What has come is in @path until the source goes; there it stays
 * when this process is killed. Where @path cannot be had, nothing is kept by that name.
 */
TramaSource *trama_source_run_kept (const char *name, const char *text, gboolean held, const char *path);

/*
 * Sends the lab a command while a session runs: "step server", a line of
 * core/lab/lab.h without its end. Does nothing when none runs.
 */
void trama_source_send_command (TramaSource *source, const char *command);

/* Reads a file; "-" is standard input. Starts at once. Transfer full. */
TramaSource *trama_source_open (const char *path);

/*
 * The same, and goes on with what other programs append to the file, until it is
 * stopped. What is no plain file, or compressed, is read to its end.
 */
TramaSource *trama_source_follow (const char *path);

/* Whether a packet is kept; @data are its captured bytes. */
typedef gboolean (*TramaPacketPredicate) (const TramaInterface *interface,
                                          const TramaPacket *packet,
                                          const guint8 *data,
                                          gpointer user_data);

/* From now on only packets that @keeps agrees to come into the store; to be set before the first has. */
void trama_source_set_filter (TramaSource *source, TramaPacketPredicate keeps, gpointer user_data);

/* Borrowed. Grows until "finished". */
TramaStore *trama_source_get_store (TramaSource *source);

gboolean trama_source_is_running (TramaSource *source);

/* Whether others write while it is read: it is a pipe, or a file that has grown since it was opened. */
gboolean trama_source_is_live (TramaSource *source);

/* "pcapng"; static. NULL as long as it is not known. */
const char *trama_source_get_format (TramaSource *source);

/* "gzip"; static. NULL: none. */
const char *trama_source_get_compression (TramaSource *source);

/* What is wrong with the file, in English, static, and at which byte. NULL: nothing. */
const char *trama_source_get_damage (TramaSource *source, guint64 *offset);

/* How much of a file has been read, 0 … 1; -1 when nobody knows how much there is. */
double trama_source_get_progress (TramaSource *source);

/* Ends the helper and the reading; "finished" follows. Does nothing when it has ended. */
void trama_source_stop (TramaSource *source);

/*
 * Writes the trace as it is so far to @path as pcapng, mode 0600: a temporary file
 * beside it, fsync, rename. A pcapng is copied byte for byte, as far as it is not
 * damaged, unless the user has changed the notebook of the store. On failure FALSE with @error and the old file is untouched.
 */
gboolean trama_source_save (TramaSource *source, const char *path, GError **error);

/* The same, with packets left out or changed; see core/trace/rewrite.h. */
gboolean trama_source_save_rewritten (TramaSource *source,
                                      const char *path,
                                      const TramaRewriteOptions *options,
                                      GError **error);
