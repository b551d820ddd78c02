/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * What is searched for in a trace, and whether an event has it.
 *
 *   0x48 65 6c          bytes of a payload
 *   "Hello"             text of a payload, exactly
 *   text:hello          text of a payload, in any case of ASCII letters
 *   address:10.0.0.     an endpoint whose address holds it
 *   port:5000           a port
 *   call:recv           a call whose name begins so
 *   errno:EAGAIN        a call that failed with it
 *   flag:SYN ACK        a segment that has all of these flags
 *   finding:reset       an event that something was found about, which says so
 *   note:look here      an event beside which the user, or the session, has noted it, in any case
 *   hello               any of them
 *
 * A payload is searched packet by packet, and call by call.
 */
typedef struct _TramaQuery TramaQuery;

#define TRAMA_QUERY_ERROR (trama_query_error_quark ())
GQuark trama_query_error_quark (void);

typedef enum
{
  TRAMA_QUERY_ERROR_EMPTY,
  TRAMA_QUERY_ERROR_SYNTAX,
} TramaQueryError;

/* NULL with @error when @text cannot be searched for. */
TramaQuery *trama_query_new (const char *text, GError **error);
void trama_query_free (TramaQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaQuery, trama_query_free)

/*
 * What was found is known to others: whether something that has @words, as they were typed, in it was found
 * about @ref. Without it nothing was.
 */
typedef gboolean (*TramaQueryFindingFunc) (TramaRef ref, const char *words, gpointer user_data);

void trama_query_set_finding_func (TramaQuery *query, TramaQueryFindingFunc func, gpointer user_data);

/* Whether it matters to it what was found. */
gboolean trama_query_asks_findings (const TramaQuery *query);

/* Whether it matters to it what is noted, and whether @note (NULL: none) says what it asks for. */
gboolean trama_query_asks_notes (const TramaQuery *query);
gboolean trama_query_matches_note (const TramaQuery *query, const char *note);

/* @ref: a packet or a call of @table, with the note that stands beside it; notes of a moment are not looked at. */
gboolean trama_query_matches (const TramaQuery *query, TramaFlowTable *table, TramaRef ref);

/* Where in @bytes it stands first, at @from or behind; -1: nowhere. *@n_bytes: how long it is. */
gssize
trama_query_find_bytes (const TramaQuery *query, const guint8 *bytes, gsize size, gsize from, gsize *n_bytes);
