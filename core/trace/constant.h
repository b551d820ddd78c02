/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/call.h"

/*
 * The constants of the socket interface by name: one table, read by whoever writes
 * a call down and by whoever reads one. Strings are static.
 */

typedef struct
{
  const char *name; /* "MSG_PEEK" */
  gint64 value;
  guint8 kind;   /* TramaParameterKind: what it may stand for */
  gint32 domain; /* of a protocol, the domain it belongs to; AF_UNSPEC: any */
} TramaConstant;

/* The table, for offering what is near to a name that is not known. */
const TramaConstant *trama_constants (guint *n_constants);

/* A constant by its name, and the parameter it shall stand for; NULL: there is none. */
const TramaConstant *trama_constant_from_name (guint parameter_kind, const char *name);

/* The name of one value, the one to write when it has several; NULL: it has none. */
const char *trama_constant_name (guint parameter_kind, gint64 value);

/* Any constant of that name, to say that it cannot stand here. */
const TramaConstant *trama_constant_find (const char *name);

/*
 * Appends a value by its names, "SHUT_WR", "MSG_PEEK|MSG_DONTWAIT"; bits without a name as 0x…, a value
 * without one as a number. 0 stands as "0" where it means nothing: no flags, the usual protocol.
 */
void trama_constant_append (GString *text, guint parameter_kind, gint64 value);

/* The same for the protocol of a socket of @domain. The numbers of IP mean nothing to AF_UNIX: 1 is no ICMP there. */
void trama_constant_append_protocol (GString *text, gint64 domain, gint64 protocol);
