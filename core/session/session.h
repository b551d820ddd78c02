/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

/*
 * A session: a script of socket calls by named actors, one call a line, in a
 * language close to C; LANGUAGE.md beside the lessons writes it down.
 * Parsing checks everything that can be known before it runs: names, arguments,
 * types, that every wait has a signal.
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
#define TRAMA_SESSION_MAX_FORKS 16     /* actors made by fork while it runs, besides */
#define TRAMA_SESSION_MAX_STEPS 4096   /* of one actor, as written */
#define TRAMA_SESSION_MAX_VARIABLES 64 /* of one actor */
#define TRAMA_SESSION_MAX_SIGNALS 64
#define TRAMA_SESSION_MAX_DEPTH 8               /* of blocks within blocks */
#define TRAMA_SESSION_MAX_ROUNDS 1000000        /* of one repeat */
#define TRAMA_SESSION_MAX_DATA_BYTES (1u << 20) /* that one call asks for */
#define TRAMA_SESSION_MAX_LITERAL_BYTES 32768   /* of text in quotes */
#define TRAMA_SESSION_MAX_TITLE_BYTES 200u
#define TRAMA_SESSION_MAX_ABOUT_BYTES 2000u
#define TRAMA_SESSION_MAX_CAPTION_BYTES 1000u
#define TRAMA_SESSION_MAX_SETTINGS 64     /* sysctls */
#define TRAMA_SESSION_MAX_NAME_BYTES 100  /* of unix("phone") */
#define TRAMA_SESSION_MAX_ECHO_BYTES 8192 /* of the data of one echo request */
#define TRAMA_SESSION_MAX_DESCRIPTORS 16  /* of one poll, or sent at once */
#define TRAMA_SESSION_DEFAULT_TIME_MS 30000
#define TRAMA_SESSION_MAX_TIME_MS 600000 /* of "time", and of one sleep */

typedef enum
{
  TRAMA_STEP_CALL,
  TRAMA_STEP_SIGNAL, /* signal ready */
  TRAMA_STEP_WAIT,   /* wait ready: an actor's n-th wait for a signal ends when that was given n times */
  TRAMA_STEP_SLEEP,  /* sleep 20ms: .number is the nanoseconds */
  TRAMA_STEP_SAY,    /* say "…": .text */
  TRAMA_STEP_REPEAT, /* repeat 3: .number rounds of what follows, up to step .other, its END */
  TRAMA_STEP_FORK, /* fork worker: the child does what follows, up to step .other; the parent goes on there */
  TRAMA_STEP_EXIT, /* exit 0: .number is the status */
  TRAMA_STEP_KILL, /* kill client SIGUSR1, kill worker 2: .number is the signal; see .other, .name, .nth */
  TRAMA_STEP_IGNORE, /* ignore SIGPIPE: .number is the signal; as signal (number, SIG_IGN) */
  TRAMA_STEP_END,    /* of a block: .other is the step that began it */
} TramaStepKind;

typedef enum
{
  TRAMA_OPERAND_NONE,     /* not given: the kernel's to fill in, or NULL */
  TRAMA_OPERAND_NUMBER,   /* a constant: AF_INET, 64, 0 */
  TRAMA_OPERAND_VARIABLE, /* .number is the variable's index in its actor: a descriptor */
  TRAMA_OPERAND_SENDER,   /* sender(s): the address the last recvfrom or recvmsg on variable .number gave */
  TRAMA_OPERAND_ADDRESS,  /* .bytes is a struct sockaddr, not aligned for one */
  TRAMA_OPERAND_DATA,     /* .bytes to send; of setsockopt the C value; of unlink the path, without its 0 */
  TRAMA_OPERAND_FILL,     /* fill(4000): .number bytes of the pattern trama_session_fill () gives */
  TRAMA_OPERAND_RECEIVED, /* received(s): what the last read, recv… on variable .number gave */
  TRAMA_OPERAND_RIGHTS, /* rights(a, b): .bytes are guint8 variables; sent as SCM_RIGHTS, or set by recvmsg */
  TRAMA_OPERAND_POLL,   /* [a POLLIN, b POLLOUT]: .bytes are TramaPollItem, not aligned, .number of them */
} TramaOperandKind;

/* The size of a SENDER's address and of RECEIVED bytes is known when it runs: the operand behind is NONE. */
typedef struct
{
  guint32 kind; /* TramaOperandKind */
  guint32 size; /* of .bytes */
  gint64 number;
  const guint8 *bytes; /* the session's */
} TramaOperand;

typedef struct
{
  guint16 variable;
  guint16 events; /* POLLIN…, poll(2) */
} TramaPollItem;

typedef enum
{
  TRAMA_EXPECT_SUCCESS, /* nothing is written: any result but a failure */
  TRAMA_EXPECT_ANY,     /* = any: success or failure */
  TRAMA_EXPECT_RESULT,  /* = 7, = 1..100: from .min to .max */
  TRAMA_EXPECT_ERROR,   /* = -1 ECONNREFUSED: .error; = -1: any error, .error is 0 */
  TRAMA_EXPECT_SIGNAL,  /* = SIGPIPE: the call ends its actor by that signal, .error */
} TramaExpectKind;

/* What a call must give, else the session fails there. */
typedef struct
{
  guint32 kind; /* TramaExpectKind */
  gint32 error;
  gint64 min, max;
  TramaOperand data;    /* = 7 "Hello?\n": what a receiving call must have received; DATA, FILL or NONE */
  TramaOperand address; /* = 7 127.0.0.1:5000: what the call filled in; ADDRESS or NONE */
  TramaOperand value;   /* = 0 1, = 0 ECONNREFUSED: of getsockopt, the value; of poll, the revents of the
                           first; of fcntl F_GETFL nothing: NUMBER, DATA (a struct) or NONE */
} TramaExpect;

/* A caption in one language; its variants follow one another up to .language NULL, which comes first. */
typedef struct
{
  const char *language; /* "es"; NULL: as the session was written */
  const char *text;
} TramaSessionText;

typedef struct
{
  guint32 kind;    /* TramaStepKind */
  guint32 line;    /* from 1 */
  guint32 call;    /* TramaCallName */
  gint32 result;   /* variable the result goes to, -1: none; of socketpair the first */
  gint32 result_2; /* the second of socketpair, -1: none */
  guint32 signal;  /* of SIGNAL and WAIT: index in the session's signals */
  guint32 other;   /* another step: see TramaStepKind; of KILL: the actor, when .name is NULL */
  guint32 n_texts; /* of SAY */
  guint32 nth;     /* of KILL: the process ->name that was forked as the n-th; 0: the last so far */
  gint64 number;
  const char *name; /* of FORK: "worker"; children after the first are "worker 2", …; of KILL: likewise */
  const TramaSessionText *texts; /* of SAY */
  guint32 n_operands;
  TramaOperand operands[TRAMA_CALL_MAX_ARGS]; /* in the order of trama_call_info () */
  TramaExpect expect;
} TramaStep;

typedef struct
{
  const char *name;
  guint n_steps;
  guint n_variables;
  const TramaStep *steps;
  const char *const *variables;
} TramaScript;

/* One line of the lab's settings that is a sysctl: "net.ipv4.tcp_sack 0". Only net.*, only in the lab. */
typedef struct
{
  guint line;
  const char *name;  /* "net.ipv4.tcp_sack" */
  const char *value; /* "0" */
} TramaSysctl;

typedef enum
{
  TRAMA_ORDER_AUTO, /* actors take turns until there have been so many calls that nobody reads them one by one */
  TRAMA_ORDER_TURNS,
  TRAMA_ORDER_FREE,
} TramaSessionOrder;

/* What "lab:" says of the ground a session runs on. */
typedef struct
{
  guint mtu;               /* of lo; TRAMA_LOOPBACK_MTU when not said */
  gboolean offload;        /* offload on: segmentation is left to a card that is not there; off unless said */
  const char *congestion;  /* congestion reno: net.ipv4.tcp_congestion_control; "reno" unless said */
  guint time_ms;           /* time 10s: after which the session is ended */
  TramaSessionOrder order; /* turns on, turns off */
  guint n_sysctls;
  const TramaSysctl *sysctls;
} TramaLabSettings;

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

/* The same for who shows it in its own way: a mark under the text. */
typedef struct
{
  guint line;          /* from 1; 0: it is about no place in the text */
  guint column;        /* in characters, from 1 */
  const char *message; /* "unknown call \"conect\"; did you mean \"connect\"?"; the error's */
} TramaSessionProblem;

/* FALSE when @error is not of TRAMA_SESSION_ERROR. */
gboolean trama_session_error_get_problem (const GError *error, TramaSessionProblem *problem);

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

const TramaLabSettings *trama_session_get_settings (const TramaSession *session);

/* The first line from @line on in which a step stands, 0: none; and the last of all. */
guint trama_session_find_step_line (const TramaSession *session, guint line);
guint trama_session_get_last_step_line (const TramaSession *session);

/* Fills @size bytes with what fill() sends: the alphabet over and over, from 'a', so that offsets can be read. */
void trama_session_fill (guint8 *bytes, gsize size);

/* The text of a caption in the user's language, else as the session was written. Borrowed. */
const char *trama_session_choose_text (const TramaSessionText *texts, guint n_texts);

/* The domain and type of the first socket or socketpair of the session: AF_INET, SOCK_STREAM; 0: none. */
int trama_session_get_domain (const TramaSession *session);
int trama_session_get_type (const TramaSession *session);
