/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/lexer.h"
#include "core/session/nearest.h"
#include "core/session/private.h"
#include "core/trace/call.h"

/*
 * What the files of the parser share: parse.c (lines and statements), arguments.c
 * (calls), variables.c, meetings.c (signals and waits), complain.c (messages).
 *
 * A place is a pointer into the text. A function that reads something returns
 * FALSE when it was not there; the complaint is then made. The first one counts.
 */

/* What a variable holds where the parser stands. */
typedef struct
{
  const char *name;
  const TramaCallInfo *made_by; /* the call whose result it is */
  gboolean has_sender;          /* a datagram was received on it */
} TramaVariable;

/* A signal or wait, in the order of the text. */
typedef struct
{
  guint32 actor;
  guint32 signal;
  gboolean is_wait;
  const char *at;
} TramaMeeting;

typedef struct
{
  const char *file; /* borrowed */
  const char *text; /* borrowed */
  const char *end;  /* borrowed: of the text */

  TramaLexer lexer; /* over the current line */
  TramaToken token; /* the one to be read next */
  guint line;       /* from 1 */

  TramaSession *session; /* owned */
  GError *error;         /* owned */

  /* The actor being read. Its tables are owned. */
  const char *actor; /* NULL: none yet */
  const char *actor_at;
  GArray *steps;     /* of TramaStep */
  GArray *variables; /* of TramaVariable */

  GArray *meetings; /* owned, of TramaMeeting */
} TramaParser;

/* Complaints about the text at @at. Always FALSE, for a caller to return. */
gboolean trama_parser_fail (TramaParser *parser, const char *at, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
gboolean trama_parser_exceed (TramaParser *parser, const char *at, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* The same about an unknown name, with "did you mean" when one is near. */
gboolean trama_parser_fail_unknown (TramaParser *parser,
                                    const char *at,
                                    const TramaNearest *nearest,
                                    const char *format,
                                    ...) G_GNUC_PRINTF (4, 5);

/* Goes to the next token. One that makes no sense is complained about here. */
void trama_parser_advance (TramaParser *parser);

gboolean trama_parser_at_symbol (const TramaParser *parser, char symbol);
gboolean trama_parser_read_symbol (TramaParser *parser, char symbol);

/* Reads a word, number or string, which @example shows in its place. */
gboolean
trama_parser_read_token (TramaParser *parser, TramaTokenKind kind, const char *example, TramaToken *token);

/*
 * Reads a call from its opening parenthesis on and appends it to the actor's
 * steps. @result: the variable its result goes to, NULL for none.
 */
gboolean trama_parser_read_call (TramaParser *parser, const TramaToken *name, const TramaToken *result);

/* Whether a name is a call's, a constant's or another that may stand among arguments. */
gboolean trama_parser_knows_name (const char *name);

/* NULL when the actor has not set it yet. Valid until the next is set. */
TramaVariable *trama_parser_find_variable (TramaParser *parser, const char *name);
gint64 trama_parser_variable_index (const TramaParser *parser, const TramaVariable *variable);
gboolean trama_parser_fail_unknown_variable (TramaParser *parser, const TramaToken *name);

/* Gives the result of @call to a variable, which is new or has a new value from here on. */
gboolean trama_parser_set_variable (TramaParser *parser,
                                    const TramaToken *name,
                                    const TramaCallInfo *call,
                                    gint32 *index);

/* Reads the name of a signal and appends the step that gives it or waits for it. */
gboolean trama_parser_read_meeting (TramaParser *parser, const char *example, TramaStepKind kind);

/* Whether every wait comes to an end, as far as signals decide it. */
gboolean trama_parser_check_meetings (TramaParser *parser);
