/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/lexer.h"
#include "core/session/nearest.h"
#include "core/session/private.h"
#include "core/trace/call.h"
#include "core/trace/option.h"

/*
 * What the files of the parser share: parse.c (lines), statements.c, preamble.c,
 * settings.c (lab:), blocks.c (repeat, fork), call.c with arguments.c, addresses.c,
 * data.c, options.c and expect.c, variables.c, processes.c, meetings.c (signals and
 * waits), complain.c (messages).
 *
 * A place is a pointer into the text. A function that reads something returns
 * FALSE when it was not there; the complaint is then made. The first one counts.
 */

typedef enum
{
  TRAMA_HOLDS_NOTHING, /* not set where the parser stands */
  TRAMA_HOLDS_DESCRIPTOR,
  TRAMA_HOLDS_NUMBER,
} TramaHolds;

/* What a variable holds where the parser stands. */
typedef struct
{
  const char *name;
  const TramaCallInfo *made_by; /* the call that set it */
  const char *owner;            /* of NOTHING: the forked process that alone has it, else NULL */
  guint8 holds;                 /* TramaHolds */
  guint8 has_sender;            /* a datagram was received on it, with its sender's address */
  guint8 has_received;          /* something was received on it */
} TramaVariable;

/* A block whose end has not come yet. */
typedef struct
{
  const char *at;    /* its head */
  const char *child; /* of a fork, else NULL */
  GArray *variables; /* owned: of a fork, the variables before it */
  guint32 step;      /* its head's */
  guint32 line;      /* its head's */
  guint head_indent; /* in characters */
  guint indent;      /* of its lines; 0: none has come yet */
} TramaBlock;

/* A signal or wait, in the order of the text. */
typedef struct
{
  guint32 actor;
  guint32 step;
  const char *at;
} TramaMeeting;

/* A "kill", whose actor may come later in the text. */
typedef struct
{
  guint32 actor;
  guint32 step;
  TramaToken name;
  const char *nth_at; /* where it says which one of that name; NULL: it does not */
} TramaKill;

typedef struct
{
  const char *file; /* borrowed */
  const char *text; /* borrowed */
  const char *end;  /* borrowed: of the text */

  TramaLexer lexer; /* over the current line */
  TramaToken token; /* the one to be read next */
  guint line;       /* from 1 */
  guint indent;     /* of the line, in characters */
  const char *tab;  /* the first in its indentation, else NULL */

  TramaSession *session; /* owned */
  GError *error;         /* owned */
  const char *lab;       /* where "lab:" stands, NULL: it has not come */
  gboolean in_lab;       /* lines are settings */
  guint settings_said;   /* a bit each */
  const char *ipv6;      /* the first address that only IPv6 has, NULL: there is none */

  /* The actor being read. Its tables are owned. */
  const char *actor; /* NULL: none yet */
  const char *actor_at;
  GArray *steps;     /* of TramaStep */
  GArray *variables; /* of TramaVariable */
  TramaBlock blocks[TRAMA_SESSION_MAX_DEPTH];
  guint n_blocks;

  GArray *meetings;  /* owned, of TramaMeeting */
  GArray *kills;     /* owned, of TramaKill */
  GPtrArray *forked; /* owned, of const char *: the names of forked processes */
} TramaParser;

/* complain.c: about the text at @at. Always FALSE, for a caller to return. */
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

/* parse.c. Goes to the next token. One that makes no sense is complained about here. */
void trama_parser_advance (TramaParser *parser);

gboolean trama_parser_at_symbol (const TramaParser *parser, char symbol);
gboolean trama_parser_at_word (const TramaParser *parser, const char *word);
gboolean trama_parser_read_symbol (TramaParser *parser, char symbol);

/* Reads a word, number or string, which @example shows in its place. */
gboolean
trama_parser_read_token (TramaParser *parser, TramaTokenKind kind, const char *example, TramaToken *token);

/* Reads a whole number, which is @noun, from @min to @max. */
gboolean
trama_parser_read_integer (TramaParser *parser, const char *noun, gint64 min, gint64 max, gint64 *number);

/* Reads "20ms", which @example shows in its place. */
gboolean trama_parser_read_duration (TramaParser *parser, const char *example, gint64 *duration_ns);

/* Keeps bytes as long as the session. */
const guint8 *trama_parser_keep (TramaParser *parser, gconstpointer bytes, gsize size);

/* statements.c. What a line does that begins with a word of the language. */
typedef enum
{
  TRAMA_PLACE_PREAMBLE,
  TRAMA_PLACE_ACTOR,
} TramaPlace;

typedef struct
{
  const char *name;
  guint8 place;    /* TramaPlace */
  guint8 has_body; /* it ends in a colon */
  const char *example;
  /* Reads what follows the name, which stands at @at. */
  gboolean (*read) (TramaParser *parser, const char *at, const char *example);
} TramaStatement;

const TramaStatement *trama_parser_find_statement (const char *name);
gboolean trama_parser_read_statement (TramaParser *parser, const TramaToken *name);
gboolean trama_parser_fail_untitled (TramaParser *parser, const char *at);

/* Whether a name may be given to an actor, a process or a variable. */
gboolean trama_parser_check_new_name (TramaParser *parser, const TramaToken *name);

/* preamble.c. @at is where the statement stands. */
gboolean trama_parser_read_session (TramaParser *parser, const char *at, const char *example);
gboolean trama_parser_read_title (TramaParser *parser, const char *at, const char *example);
gboolean trama_parser_read_about (TramaParser *parser, const char *at, const char *example);
gboolean trama_parser_read_order (TramaParser *parser, const char *at, const char *example);
gboolean trama_parser_read_say (TramaParser *parser, const char *at, const char *example);

/* settings.c */
gboolean trama_parser_read_lab (TramaParser *parser, const char *at, const char *example);
gboolean trama_parser_read_setting (TramaParser *parser, const TramaToken *name);

/* Whether the word just read goes on as the name of a sysctl, which is no word of a lexer. */
gboolean trama_parser_at_sysctl (const TramaParser *parser);
gboolean trama_parser_read_sysctl (TramaParser *parser);

/* blocks.c. A step of the actor, with room for it and @n_more beside it. */
gboolean trama_parser_check_step (TramaParser *parser, const char *at, guint n_more);
TramaStep *trama_parser_add_step (TramaParser *parser, TramaStepKind kind);

/* Ends the blocks that the current line, which begins at @at, stands outside of. */
gboolean trama_parser_place_line (TramaParser *parser, const char *at);
gboolean trama_parser_read_repeat (TramaParser *parser, const char *at, const char *example);
gboolean trama_parser_read_fork (TramaParser *parser, const char *at, const char *example);
gboolean trama_parser_end_blocks (TramaParser *parser);
void trama_parser_clear_blocks (TramaParser *parser);

/* processes.c */
gboolean trama_parser_read_exit (TramaParser *parser, const char *at, const char *example);
gboolean trama_parser_read_kill (TramaParser *parser, const char *at, const char *example);
gboolean trama_parser_read_ignore (TramaParser *parser, const char *at, const char *example);
gboolean trama_parser_check_actor_name (TramaParser *parser, const TramaToken *name);
gboolean trama_parser_resolve_kills (TramaParser *parser);

/* call.c. Reads a call from its opening parenthesis on; its results go to variables of these names. */
gboolean trama_parser_read_call (TramaParser *parser,
                                 const TramaToken *name,
                                 const TramaToken *results,
                                 guint n_results);

/* Whether an argument is written; what follows from the others is not. */
gboolean trama_parser_is_written (const TramaStep *step, guint parameter);
gboolean trama_parser_is_optional (const TramaStep *step, guint parameter);

/*
 * arguments.c. Reads the argument for one parameter of a call into @step, whose
 * operands before it have been read.
 */
gboolean trama_parser_read_argument (TramaParser *parser, TramaStep *step, guint parameter);
const char *trama_parser_argument_noun (const TramaStep *step, guint parameter);
gboolean
trama_parser_fail_argument (TramaParser *parser, const char *at, const TramaStep *step, guint parameter);
char *trama_parser_describe_arguments (const TramaStep *step);

/* Reads constants of one kind, joined by "|". */
gboolean trama_parser_read_constants (TramaParser *parser, guint kind, gint64 *value);
gboolean trama_parser_fail_unknown_constant (TramaParser *parser, const TramaToken *name, guint kind);

/* Whether a name is a call's, a constant's or another that may stand among arguments. */
gboolean trama_parser_knows_name (const char *name);

/* Whether an argument of that kind seems to begin with @token. */
gboolean trama_parser_is_argument (const TramaToken *token, guint kind);

/* A name with parentheses, such as fill (4000), that stands for an argument of that kind. */
gboolean trama_parser_read_function (TramaParser *parser, TramaStep *step, guint parameter);

/* addresses.c */
gboolean trama_parser_read_address (TramaParser *parser, TramaStep *step, guint parameter);
gboolean trama_parser_read_sender (TramaParser *parser, TramaStep *step, guint parameter);
gboolean trama_parser_read_unix (TramaParser *parser, TramaStep *step, guint parameter);
gboolean trama_parser_read_path (TramaParser *parser, TramaStep *step, guint parameter);
/* One that is known before the session runs. */
gboolean trama_parser_read_known_address (TramaParser *parser, TramaOperand *operand);

/* data.c */
gboolean trama_parser_read_data (TramaParser *parser, TramaStep *step, guint parameter);
gboolean trama_parser_read_fill (TramaParser *parser, TramaStep *step, guint parameter);
gboolean trama_parser_read_received (TramaParser *parser, TramaStep *step, guint parameter);
gboolean trama_parser_read_echo (TramaParser *parser, TramaStep *step, guint parameter);
gboolean trama_parser_read_echo6 (TramaParser *parser, TramaStep *step, guint parameter);
gboolean trama_parser_read_rights (TramaParser *parser, TramaStep *step, guint parameter);
gboolean trama_parser_read_poll (TramaParser *parser, TramaStep *step, guint parameter);
/* Text in quotes or fill (). */
gboolean trama_parser_read_known_data (TramaParser *parser, TramaOperand *operand);

/* options.c */
gboolean trama_parser_read_option (TramaParser *parser, TramaStep *step, guint parameter);
gboolean trama_parser_read_option_value (TramaParser *parser, TramaStep *step, guint parameter);
gboolean trama_parser_read_expected_option (TramaParser *parser, TramaStep *step);

/* expect.c. Reads what stands behind a call, if anything does. */
gboolean trama_parser_read_expectation (TramaParser *parser, TramaStep *step);

/* variables.c. NULL when the actor has not set it yet. Valid until the next is set. */
TramaVariable *trama_parser_find_variable (TramaParser *parser, const char *name);
gint64 trama_parser_variable_index (const TramaParser *parser, const TramaVariable *variable);
/* Reads the name of a descriptor; @step and @parameter say what for. */
TramaVariable *trama_parser_read_descriptor (TramaParser *parser, TramaStep *step, guint parameter);

/* Gives what @call made to a variable, which is new or has a new value from here on. */
gboolean trama_parser_set_variable (TramaParser *parser,
                                    const TramaToken *name,
                                    const TramaCallInfo *call,
                                    TramaHolds holds,
                                    gint32 *index);

/* meetings.c. Reads the name of a signal and appends the step that gives it or waits for it. */
gboolean trama_parser_read_signal (TramaParser *parser, const char *at, const char *example);
gboolean trama_parser_read_wait (TramaParser *parser, const char *at, const char *example);

/* Whether every wait can come to an end, as far as signals decide it. */
gboolean trama_parser_check_meetings (TramaParser *parser);
