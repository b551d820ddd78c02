/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"

/*
 * What the files of the emitter share: emit.c (the program as a whole), emit_head.c
 * (the comment on top, includes, helper functions), emit_script.c (the function of an
 * actor), emit_names.c (its variables), emit_call.c (a call), emit_outcome.c (what is
 * expected of it), emit_address.c, emit_data.c and emit_option.c (arguments), emit_process.c
 * (who kills whom), emit_text.c (lines, comments, literals).
 *
 * A program is written from the middle: first the functions of its actors, noting
 * what they need, then what goes before them.
 */

typedef enum
{
  TRAMA_EMIT_ERRNO_H,
  TRAMA_EMIT_FCNTL_H,
  TRAMA_EMIT_NETINET_IN_H,
  TRAMA_EMIT_NETINET_TCP_H,
  TRAMA_EMIT_NETINET_UDP_H,
  TRAMA_EMIT_POLL_H,
  TRAMA_EMIT_SIGNAL_H,
  TRAMA_EMIT_STDATOMIC_H,
  TRAMA_EMIT_STDDEF_H,
  TRAMA_EMIT_STDIO_H,
  TRAMA_EMIT_STDLIB_H,
  TRAMA_EMIT_STRING_H,
  TRAMA_EMIT_SYS_MMAN_H,
  TRAMA_EMIT_SYS_PRCTL_H,
  TRAMA_EMIT_SYS_SOCKET_H,
  TRAMA_EMIT_SYS_TIME_H,
  TRAMA_EMIT_SYS_UN_H,
  TRAMA_EMIT_SYS_WAIT_H,
  TRAMA_EMIT_TIME_H,
  TRAMA_EMIT_UNISTD_H,
  TRAMA_EMIT_N_HEADERS,
} TramaEmitHeader;

/* In the order in which they stand in the program. */
typedef enum
{
  TRAMA_EMIT_DIE,
  TRAMA_EMIT_UNEXPECTED,
  TRAMA_EMIT_FILL,
  TRAMA_EMIT_ON_SIGNAL,
  TRAMA_EMIT_WAIT_FOR,
  TRAMA_EMIT_PUT_RIGHTS,
  TRAMA_EMIT_TAKE_RIGHTS,
  TRAMA_EMIT_N_HELPERS,
} TramaEmitHelper;

/* Of an interface (netdevice(7)) and of a congestion control, with its 0. */
#define TRAMA_EMIT_OPTION_TEXT_BYTES 16

/* What a function may keep at its top, besides the session's own variables. */
typedef enum
{
  TRAMA_EMIT_RESULT,    /* ssize_t n: of a call whose result the session does not keep */
  TRAMA_EMIT_BUFFER,    /* what is received and not kept */
  TRAMA_EMIT_FILLED,    /* what fill () gives */
  TRAMA_EMIT_PEER,      /* the address that a call fills in */
  TRAMA_EMIT_PEER_SIZE, /* its size */
  TRAMA_EMIT_OPTION_SIZE,
  TRAMA_EMIT_OPTION_INT,
  TRAMA_EMIT_OPTION_LINGER,
  TRAMA_EMIT_OPTION_TIMEVAL,
  TRAMA_EMIT_OPTION_TEXT,
  TRAMA_EMIT_OPTION_CREDENTIALS,
  TRAMA_EMIT_N_LOCALS,
} TramaEmitLocal;

/* A variable of the session in the function that is being written. */
typedef struct
{
  const char *name;      /* in C */
  gboolean is_count;     /* ssize_t; else int */
  gboolean is_read;      /* by a step */
  gboolean is_written;   /* by a call that returns it */
  gboolean is_declared;  /* at the top, or where it is set first */
  guint first;           /* step that sets it first; G_MAXUINT: none */
  guint last;            /* step that has to do with it last */
  gboolean has_sender;   /* sender () asks for it */
  gboolean has_received; /* received () asks for it */
  const char *sender;    /* variable that keeps the sender's address */
  const char *received;  /* variable that keeps what was received */
  gint64 received_bytes; /* at most */
} TramaEmitVariable;

/* A constant address of that function. */
typedef struct
{
  const char *name;
  const char *size; /* an expression */
  const TramaOperand *operand;
} TramaEmitAddress;

/* Forked processes of one name, in the memory that the processes share. */
typedef struct
{
  const char *name;  /* "worker" */
  const char *pid;   /* that of the last; NULL: nobody asks for it */
  const char *pids;  /* the first of them, by their order; NULL: likewise */
  const char *count; /* how many there have been */
  guint n_pids;
} TramaEmitForked;

typedef struct
{
  const TramaSession *session;
  int actor;             /* the only one, -1: all */
  GStringChunk *strings; /* owned: every name and expression that is kept */
  guint32 headers;       /* bits */
  guint32 helpers;       /* bits */
  gboolean icmp_filter;  /* it is used; linux/icmp.h does not go with netinet/in.h */
  gboolean makes_files;  /* by bind () on a path */
  gboolean catches;      /* signals are handled */
  const char *failure;   /* the exit status of a program that failed; none of the session's own */
  const char *signals[TRAMA_SESSION_MAX_SIGNALS]; /* counters in shared memory; NULL: not there */
  const char *pids[TRAMA_SESSION_MAX_ACTORS];     /* likewise */
  GArray *forked; /* owned, of TramaEmitForked: those that are killed by who has not forked them */

  /* The function that is being written. */
  GString *code; /* owned */
  const TramaScript *script;
  guint index;             /* of the actor */
  const char *who;         /* "server: ", before a message; "" when there is but one */
  guint indent;            /* of the next line, in steps of 4 columns */
  gboolean is_glued;       /* the next line belongs to the comment before it */
  GHashTable *taken;       /* owned: names that mean something there */
  GArray *variables;       /* owned, of TramaEmitVariable */
  GArray *addresses;       /* owned, of TramaEmitAddress */
  guint *block_ends;       /* owned: of each step, the END of the block it is in, or the number of steps */
  const char **fork_names; /* owned: of each step that forks, the variable with the number of the process */
  const char *locals[TRAMA_EMIT_N_LOCALS]; /* names; NULL: not needed */
  gint64 buffer_bytes;
  gint64 filled_bytes;
  const char *waits[TRAMA_SESSION_MAX_SIGNALS]; /* counters; NULL: there is but one wait */
} TramaEmitter;

/* emit_text.c */

/* Writes a line, broken where it is long. */
void trama_emit_line (TramaEmitter *emitter, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* An empty line, unless one is there, a block has just begun, or the next line belongs to the one before. */
void trama_emit_gap (TramaEmitter *emitter);

/* A comment, wrapped, whatever stands in @text. */
void trama_emit_comment (TramaEmitter *emitter, const char *text);

/* The same as lines of a comment that is open already. */
void trama_emit_comment_lines (GString *out, guint indent, const char *text);

/* A string literal that gives exactly these bytes. */
void trama_emit_append_literal (GString *out, const guint8 *bytes, gsize size);

/* Keeps a string as long as the emitter. */
const char *trama_emit_keep (TramaEmitter *emitter, const char *format, ...) G_GNUC_PRINTF (2, 3);

void trama_emit_need_header (TramaEmitter *emitter, TramaEmitHeader header);
void trama_emit_need_helper (TramaEmitter *emitter, TramaEmitHelper helper);

/* emit_names.c */

/* read, recv, recvfrom, recvmsg; write, send, sendto, sendmsg. */
gboolean trama_emit_receives_data (guint call);
gboolean trama_emit_sends_data (guint call);

/* A name for something new in the function, as near to @wanted as can be. */
const char *trama_emit_new_name (TramaEmitter *emitter, const char *wanted);

/* The same, when the name with "_size" behind it shall be free too. */
const char *trama_emit_new_sized_name (TramaEmitter *emitter, const char *wanted);

/* Finds out about every variable of the script. */
void trama_emit_begin_names (TramaEmitter *emitter);
TramaEmitVariable *trama_emit_variable (TramaEmitter *emitter, gint64 index);
const char *trama_emit_local (TramaEmitter *emitter, TramaEmitLocal local);

/* What a new value is assigned to: "int call" where that declares it, else "call". Step @step sets it. */
const char *trama_emit_target (TramaEmitter *emitter, gint64 variable, guint step);

/* The declarations at the top of the function. */
void trama_emit_declarations (TramaEmitter *emitter);

/* emit_script.c */

/* Writes the actor's part into ->code, and leaves there what its function is made of. */
void trama_emit_script (TramaEmitter *emitter, guint actor);

/* "server, client", of the actors that take such a step with that signal; NULL: nobody else does. */
char *trama_emit_list_others (TramaEmitter *emitter, TramaStepKind kind, guint signal);

/* A call that is being written. What must stand before it is written at once. */
typedef struct
{
  const TramaStep *step;
  guint index;        /* of the step */
  const char *name;   /* "recv" */
  GString *call;      /* "recv(c, buffer, 64, 0)" */
  GString *differs;   /* " || memcmp(buffer, "x", 1) != 0": what else is not as expected */
  const char *target; /* what the result goes to, with its type where that declares it; NULL: nowhere yet */
  const char *result; /* the variable of it */
  const char *pair;   /* of socketpair, the array */
  const char *rights; /* of recvmsg, the array */
} TramaEmitCall;

/* emit_call.c */

void trama_emit_call (TramaEmitter *emitter, guint step);

gboolean trama_emit_may_fail (const TramaEmitCall *call);
void trama_emit_append_constant (GString *out, guint kind, gint64 value);
const TramaOperand *trama_emit_find_rights (const TramaStep *step);

/* What the kernel is to fill in: an address, its size, and the bytes received. */
const char *trama_emit_peer (TramaEmitter *emitter, const TramaEmitCall *call);
const char *trama_emit_peer_size (TramaEmitter *emitter, const TramaEmitCall *call);
const char *trama_emit_buffer (TramaEmitter *emitter, const TramaEmitCall *call);

/* emit_outcome.c: the call itself, what is expected of it, and what it leaves behind. */
void trama_emit_outcome (TramaEmitter *emitter, TramaEmitCall *call);

/* emit_address.c: an argument and its size, as expressions; kept. */
const TramaEmitAddress *trama_emit_address (TramaEmitter *emitter, const TramaOperand *operand);
gboolean trama_emit_is_path (const TramaOperand *address);
void trama_emit_declare_address (TramaEmitter *emitter, const TramaEmitAddress *address);

/* emit_data.c: bytes to send or to compare with, as an expression; what it needs is declared before. */
typedef struct
{
  const char *expression;
  const char *size;
} TramaEmitData;

TramaEmitData trama_emit_data (TramaEmitter *emitter, const TramaOperand *operand);

/* emit_option.c */

void trama_emit_append_level (TramaEmitter *emitter, GString *out, gint64 level, gint64 option);
void trama_emit_append_option (TramaEmitter *emitter, GString *out, gint64 level, gint64 option);

/* "&(int){1}", "sizeof(int)" */
void trama_emit_append_option_value (TramaEmitter *emitter, GString *out, const TramaStep *step);
void trama_emit_append_option_size (TramaEmitter *emitter, GString *out, const TramaStep *step);

/* "&value", having told its size before; "value != 1". */
void trama_emit_append_option_room (TramaEmitter *emitter, GString *out, const TramaStep *step);
void trama_emit_append_option_differs (TramaEmitter *emitter, GString *out, const TramaStep *step);

/* emit_process.c: before the program is written, what must be in shared memory for who is killed. */
void trama_emit_name_pids (TramaEmitter *emitter);
gboolean trama_emit_has_pids (const TramaEmitter *emitter);
void trama_emit_declare_pids (TramaEmitter *emitter);

/* In the parent, behind its @fork, which gave the number in @variable. */
void trama_emit_keep_pid (TramaEmitter *emitter, const TramaStep *fork, const char *variable);

void trama_emit_kill (TramaEmitter *emitter, guint step);

/* Whether an emitted process may be sent a signal that has a handler in sessions. */
gboolean trama_emit_may_get (const TramaEmitter *emitter, int number);

/* emit_head.c: what stands on top, down to the helper functions. */
void trama_emit_head (TramaEmitter *emitter);

/* Whether a step of the actors that are emitted is of that kind. */
gboolean trama_emit_has_step (const TramaEmitter *emitter, TramaStepKind kind);

/* Whether an actor is among those that are emitted. */
gboolean trama_emit_is_inside (const TramaEmitter *emitter, guint actor);
