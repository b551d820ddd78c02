/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

/*
 * What is known of each call before it is made: its C prototype, what each
 * parameter means, how it may block. One static table; strings returned by the
 * format functions are the caller's to free, everything else is static.
 */

typedef enum
{
  TRAMA_PARAMETER_FD,
  TRAMA_PARAMETER_DOMAIN,
  TRAMA_PARAMETER_TYPE,
  TRAMA_PARAMETER_PROTOCOL,
  TRAMA_PARAMETER_ADDRESS,
  TRAMA_PARAMETER_ADDRESS_SIZE,
  TRAMA_PARAMETER_BACKLOG,
  TRAMA_PARAMETER_DATA,
  TRAMA_PARAMETER_DATA_SIZE,
  TRAMA_PARAMETER_FLAGS,        /* MSG_*, in and (recvmsg) out */
  TRAMA_PARAMETER_SOCKET_FLAGS, /* of accept4: SOCK_NONBLOCK | SOCK_CLOEXEC */
  TRAMA_PARAMETER_HOW,          /* SHUT_WR */
  TRAMA_PARAMETER_LEVEL,        /* SOL_SOCKET, IPPROTO_TCP */
  TRAMA_PARAMETER_OPTION,       /* SO_REUSEADDR; its meaning depends on the level */
  TRAMA_PARAMETER_OPTION_VALUE, /* DATA: the C value, see option.h */
  TRAMA_PARAMETER_OPTION_SIZE,
  TRAMA_PARAMETER_POLL, /* DATA: struct pollfd, before with revents 0, after with revents */
  TRAMA_PARAMETER_POLL_COUNT,
  TRAMA_PARAMETER_TIMEOUT,      /* milliseconds, -1: none */
  TRAMA_PARAMETER_COMMAND,      /* F_GETFL, F_SETFL */
  TRAMA_PARAMETER_STATUS_FLAGS, /* O_NONBLOCK */
  TRAMA_PARAMETER_PAIR,         /* DATA: int[2] */
  TRAMA_PARAMETER_PATH,         /* DATA: the name, without its 0 */
  TRAMA_PARAMETER_CONTROL,      /* DATA: int[], descriptors passed as SCM_RIGHTS, unix(7) */
  TRAMA_PARAMETER_STATUS,       /* of exit */
  TRAMA_PARAMETER_PROCESS,      /* a pid */
  TRAMA_PARAMETER_SIGNAL,       /* SIGKILL */
  TRAMA_PARAMETER_ERROR,        /* EAGAIN: what a call gives; no call takes one */
} TramaParameterKind;

typedef struct
{
  const char *name;        /* as the man page calls it: "sockfd" */
  const char *c_type;      /* "const struct sockaddr *" */
  guint8 kind;             /* TramaParameterKind */
  guint8 filled_by_kernel; /* an out parameter */
} TramaParameter;

typedef enum
{
  TRAMA_CALL_RECEIVES = 1 << 0, /* waits for a peer: accept, read, recvfrom, poll */
  TRAMA_CALL_SENDS = 1 << 1,    /* makes packets: connect, write, sendto, shutdown, close */
  TRAMA_CALL_MAKES_FD = 1 << 2, /* returns a descriptor */
} TramaCallTraits;

typedef struct
{
  const char *name;      /* "connect" */
  const char *prototype; /* "int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen);" */
  const char *man;       /* "connect(2)" */
  const char *purpose;   /* one sentence; untranslated, wrap in gettext */
  const char *returns;   /* meaning of a result that is not -1; untranslated */
  guint8 traits;
  guint8 n_parameters;
  TramaParameter parameters[TRAMA_CALL_MAX_ARGS];
} TramaCallInfo;

/* NULL when @name is none of TramaCallName. */
const TramaCallInfo *trama_call_info (guint name);

/* The number of the call of that C name, 0 when it is not known. */
guint trama_call_from_name (const char *name);

/*
 * A call as a C programmer writes it, in three pieces so that each can have its
 * own weight: "connect", "(3, 127.0.0.1:5000)", "= 0". The arguments of a call
 * that has not returned leave out what the kernel has yet to fill in. The result
 * is NULL while it blocks; on failure "= -1 ECONNREFUSED". Of poll it tells what has
 * come, "= 1 [{4, POLLIN}]", of fcntl(…, F_GETFL) the flags by name.
 */
char *trama_call_format_args (const TramaCall *call);
char *trama_call_format_result (const TramaCall *call);

/*
 * The same, told in the order in which it happened: what was known when a call was
 * made, "(4, 64)", and what came of it, "= 7 \"Hello?\\n\"" or "= 4 ← 127.0.0.1:40122".
 * For a call that blocks and is seen twice.
 */
char *trama_call_format_entry_args (const TramaCall *call);
char *trama_call_format_outcome (const TramaCall *call);

/* One argument as it stands in the call; NULL when it is not known or would add nothing, as a size beside its value. */
char *trama_call_format_arg (const TramaCall *call, guint index);

/* The three pieces in one string. */
char *trama_call_format (const TramaCall *call);

/* Bytes as a C string literal, quoted, cut after @max_bytes with "…" behind it. */
char *trama_bytes_format (const guint8 *bytes, gsize size, guint64 true_size, gsize max_bytes);

/* Constants by name: "AF_INET", "SOCK_STREAM", "ECONNREFUSED", "SYN-SENT". NULL: unknown. */
const char *trama_domain_name (gint64 domain);
const char *trama_type_name (gint64 type);
const char *trama_protocol_name (gint64 domain, gint64 protocol);
const char *trama_errno_name (int error);
const char *trama_tcp_state_name (guint state);
const char *trama_role_name (guint role); /* "passive"; untranslated */
