/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/source/source.h"
#include "ui/view_state.h"

/*
 * Feeds a view state from a source: a session that runs, or a file that is read.
 * One source at a time; starting another stops the one before and forgets it. The
 * old picture stays until the new source has something to show; who runs a session held
 * sees its columns as soon as they are known.
 *
 * A large trace is shown twice: as far as it has come when it began to come, and
 * whole. In between it is read and understood in slices that keep nobody waiting.
 *
 * A file that has been read to its end is watched: when another program appends to
 * it, the feed runs again, and follows it until it is stopped.
 *
 * Properties: "running" says whether more may come; "following", whether others
 * write what is read while it is read, so that nobody knows how much there will be;
 * "progress" how far it is, 0 … 1, -1 when that is not known.
 * Signals:
 *   "updated"            the view state has what has arrived; twenty times a second at most
 *   "finished" (GError*) everything there is has come, and the view state is complete; the
 *                        error as of TramaSource. Again when a file has grown since.
 */
#define TRAMA_TYPE_FEED (trama_feed_get_type ())
G_DECLARE_FINAL_TYPE (TramaFeed, trama_feed, TRAMA, FEED, GObject)

TramaFeed *trama_feed_new (TramaViewState *state);

void trama_feed_run (TramaFeed *feed, const char *name, const char *text);
void trama_feed_run_held (TramaFeed *feed, const char *name, const char *text);
void trama_feed_open (TramaFeed *feed, const char *path);
void trama_feed_stop (TramaFeed *feed);
gboolean trama_feed_is_running (TramaFeed *feed);
gboolean trama_feed_is_following (TramaFeed *feed);

/* To the lab of the session that runs; see trama_source_send_command (). */
void trama_feed_send_command (TramaFeed *feed, const char *command);

/* What has arrived so far. Borrowed; NULL before the first source. */
TramaStore *trama_feed_get_store (TramaFeed *feed);

typedef enum
{
  TRAMA_FEED_SAVE_WHOLE = 0,              /* byte for byte */
  TRAMA_FEED_SAVE_NO_PAYLOAD = 1 << 0,    /* headers only */
  TRAMA_FEED_SAVE_WITH_COMMENTS = 1 << 1, /* the calls also as packet comments, which Wireshark shows */
  TRAMA_FEED_SAVE_CONVERSATION = 1 << 2,  /* of the packets, only those of some conversations */
} TramaFeedSaveFlags;

/*
 * See trama_source_save () and core/trace/rewrite.h. @conversations, of guint32, are those
 * to be saved, if that is wanted; else NULL. Asserts that there is a store.
 */
gboolean trama_feed_save (TramaFeed *feed,
                          const char *path,
                          TramaFeedSaveFlags flags,
                          const GArray *conversations,
                          GError **error);
