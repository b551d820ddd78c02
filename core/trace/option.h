/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/constant.h"

/*
 * The options of getsockopt(2) and setsockopt(2) by name: socket(7), ip(7), ipv6(7),
 * tcp(7), udp(7), unix(7). Strings are static unless said otherwise.
 */

typedef enum
{
  TRAMA_OPTION_INT,         /* int */
  TRAMA_OPTION_LINGER,      /* struct linger: {1, 0} */
  TRAMA_OPTION_TIMEVAL,     /* struct timeval: {0, 50000} */
  TRAMA_OPTION_TEXT,        /* "reno" */
  TRAMA_OPTION_ERROR,       /* int that is an errno: SO_ERROR */
  TRAMA_OPTION_CREDENTIALS, /* struct ucred: {pid, uid, gid}; SO_PEERCRED, read only */
} TramaOptionType;

typedef struct
{
  const char *level_name; /* "SOL_SOCKET" */
  const char *name;       /* "SO_LINGER" */
  gint32 level;
  gint32 option;
  guint8 type;     /* TramaOptionType */
  guint8 readable; /* by getsockopt */
  guint8 writable; /* by setsockopt */
  guint8 names;    /* TramaParameterKind of the constants a value is written with; 0: it is a number */
} TramaOption;

/* The table, for offering what is near to a name that is not known. */
const TramaOption *trama_options (guint *n_options);

/* NULL: not in the table. */
const TramaOption *trama_option_find (gint64 level, gint64 option);
const TramaOption *trama_option_from_name (const char *name);

/* Bytes of the C value of that type; of TEXT the most there may be. */
gsize trama_option_value_bytes (const TramaOption *option);

/* How many numbers a value is written with: 1, of LINGER and TIMEVAL 2, of TEXT 0. */
guint trama_option_n_numbers (const TramaOption *option);

/* Writes a value made of @numbers into @bytes, which has room for trama_option_value_bytes (). */
void trama_option_encode (const TramaOption *option, const gint64 *numbers, guint8 *bytes);

/*
 * "1", "{1, 0}", "ECONNREFUSED", "\"reno\""; the caller's to free. Hexadecimal bytes, "01 00",
 * when @option is NULL or @size is not one that its type can have.
 */
char *trama_option_format_value (const TramaOption *option, const guint8 *bytes, gsize size);
