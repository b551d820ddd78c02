/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

/*
 * What the user writes into a trace: a note and a mark at a packet, at a call, or at a
 * moment of its own. The notebook of a store holds what its file brought along, comments
 * of packets included, and everything the user changes since; core/trace/rewrite.h writes
 * it. Each place has one remark at most: several comments of one packet are one text, a
 * line each.
 *
 * A remark has an index, which is its own for the notebook's life, also when it says
 * nothing any more and when it says something again. One thread at a time.
 */
typedef struct
{
  TramaRef subject; /* a packet or a call; kind 0: the moment, whatever happens then */
  gint64 time_ns;   /* of the packet; of the entry of the call */
  const char *text; /* valid UTF-8; NULL: no note. Borrowed until it is changed */
  gboolean marked;
} TramaRemark;

typedef struct _TramaNotebook TramaNotebook;

TramaNotebook *trama_notebook_new (void);
void trama_notebook_free (TramaNotebook *notebook);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaNotebook, trama_notebook_free)

/* Those that say nothing are among them. */
guint trama_notebook_n_remarks (const TramaNotebook *notebook);
TramaRemark trama_notebook_get (const TramaNotebook *notebook, guint index);

/* The remark at a place; of a moment @time_ns tells which. G_MAXUINT: there is none. */
guint trama_notebook_find (const TramaNotebook *notebook, TramaRef subject, gint64 time_ns);

/* The note at a place; NULL: none. Borrowed. */
const char *trama_notebook_get_text (const TramaNotebook *notebook, TramaRef subject, gint64 time_ns);
gboolean trama_notebook_is_marked (const TramaNotebook *notebook, TramaRef subject, gint64 time_ns);

/* @text: NULL or empty takes the note away. What is longer than TRAMA_TEXT_MAX_BYTES is cut. */
void trama_notebook_set_text (TramaNotebook *notebook, TramaRef subject, gint64 time_ns, const char *text);
void trama_notebook_set_marked (TramaNotebook *notebook, TramaRef subject, gint64 time_ns, gboolean marked);

guint trama_notebook_n_notes (const TramaNotebook *notebook);
guint trama_notebook_n_marks (const TramaNotebook *notebook);

/*
 * The first mark behind (1) or the last before (-1) @time_ns; TRAMA_TIME_NONE: from the
 * beginning, or the end. G_MAXUINT: there is none.
 */
guint trama_notebook_find_mark (const TramaNotebook *notebook, gint64 time_ns, int direction);

/* The notes that stand beside no event, in order of time: their indices, as a new GArray of guint. */
GArray *trama_notebook_list_moments (const TramaNotebook *notebook);

/* Whether it says anything else than when it was last settled: when it was read, or saved. */
gboolean trama_notebook_is_modified (const TramaNotebook *notebook);
void trama_notebook_settle (TramaNotebook *notebook);

/* Whether the user ever changed it, so that the file it was read from does not say the same. */
gboolean trama_notebook_is_touched (const TramaNotebook *notebook);

/* For who reads a file: takes what it says about a place as settled. @text as above, and does not take away. */
void trama_notebook_take (TramaNotebook *notebook,
                          TramaRef subject,
                          gint64 time_ns,
                          const char *text,
                          gboolean marked);

/* @text as a note keeps it: valid and not too long; NULL when there is none. The caller's to free. */
char *trama_notebook_trim (const char *text);
