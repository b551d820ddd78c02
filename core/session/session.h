/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

/*
 * A session: a script of socket calls by named actors, one call a line, in a
 * language close to C. Parsing checks everything that can be known before it
 * runs: names, arguments, types, that every wait has a signal.
 *
 *     session "A telephone call"
 *     server:
 *         listener = socket(AF_INET, SOCK_STREAM, 0)
 *         bind(listener, 127.0.0.1:5000)
 *
 * A session is immutable and reference counted; any thread may read it.
 */

#define TRAMA_SESSION_MAX_BYTES (60u << 10) /* what a record of a trace can hold */
#define TRAMA_SESSION_MAX_ACTORS 16
#define TRAMA_SESSION_MAX_STEPS 4096   /* of one actor */
#define TRAMA_SESSION_MAX_VARIABLES 64 /* of one actor */
#define TRAMA_SESSION_MAX_SIGNALS 64
#define TRAMA_SESSION_MAX_DATA_BYTES 65536    /* that one call asks for */
#define TRAMA_SESSION_MAX_LITERAL_BYTES 32768 /* of text in quotes */
#define TRAMA_SESSION_MAX_TITLE_BYTES 200u
#define TRAMA_SESSION_MAX_ABOUT_BYTES 2000u

typedef enum
{
  TRAMA_STEP_CALL,
  TRAMA_STEP_SIGNAL,
  TRAMA_STEP_WAIT, /* an actor's n-th wait for a signal ends when that was given n times */
} TramaStepKind;

typedef enum
{
  TRAMA_OPERAND_NONE,     /* not given: the kernel's to fill in, or NULL */
  TRAMA_OPERAND_NUMBER,   /* a constant: AF_INET, 64, 0 */
  TRAMA_OPERAND_VARIABLE, /* .number is the variable's index in its actor: a descriptor */
  TRAMA_OPERAND_SENDER,   /* the address the last recvfrom on this actor's variable .number gave */
  TRAMA_OPERAND_ADDRESS,  /* .bytes is a struct sockaddr, not aligned for one */
  TRAMA_OPERAND_DATA,     /* .bytes to send */
} TramaOperandKind;

/* The size of a SENDER's address is known when it runs: the operand behind it is NONE. */
typedef struct
{
  guint32 kind; /* TramaOperandKind */
  guint32 size; /* of .bytes */
  gint64 number;
  const guint8 *bytes; /* the session's */
} TramaOperand;

typedef struct
{
  guint32 kind;   /* TramaStepKind */
  guint32 line;   /* from 1 */
  guint32 call;   /* TramaCallName */
  gint32 result;  /* variable the result goes to, -1: none */
  guint32 signal; /* of SIGNAL and WAIT: index in the session's signals */
  guint32 n_operands;
  TramaOperand operands[TRAMA_CALL_MAX_ARGS]; /* in the order of the C prototype */
} TramaStep;

typedef struct
{
  const char *name;
  guint n_steps;
  guint n_variables;
  const TramaStep *steps;
  const char *const *variables;
} TramaScript;

typedef struct _TramaSession TramaSession;

#define TRAMA_SESSION_ERROR (trama_session_error_quark ())
GQuark trama_session_error_quark (void);

typedef enum
{
  TRAMA_SESSION_ERROR_SYNTAX,
  TRAMA_SESSION_ERROR_LIMIT,
  TRAMA_SESSION_ERROR_NOT_FOUND,
} TramaSessionError;

/*
 * Parses @text (@size bytes, need not end in 0). @file names it in messages and
 * gives the session's name. On failure NULL, and @error says "file:line:column:
 * what was expected", then the line itself and a caret under the place.
 */
TramaSession *trama_session_parse (const char *file, const char *text, gsize size, GError **error);

TramaSession *trama_session_ref (TramaSession *session);
void trama_session_unref (TramaSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaSession, trama_session_unref)

const char *trama_session_get_name (const TramaSession *session);  /* "telephone" */
const char *trama_session_get_title (const TramaSession *session); /* in the user's language where given */
const char *trama_session_get_about (const TramaSession *session); /* one or two sentences, NULL: none */
const char *trama_session_get_text (const TramaSession *session);
guint trama_session_get_order (const TramaSession *session); /* in the library; G_MAXUINT: none given */

guint trama_session_n_actors (const TramaSession *session);
const TramaScript *trama_session_get_actor (const TramaSession *session, guint index);

guint trama_session_n_signals (const TramaSession *session);
const char *trama_session_get_signal (const TramaSession *session, guint index);

/* The domain and type of the first socket() of the session: AF_INET, SOCK_STREAM; 0 when it makes none. */
int trama_session_get_domain (const TramaSession *session);
int trama_session_get_type (const TramaSession *session);
