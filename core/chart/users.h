/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * What the calls of a trace tell of those who make them. First of all who uses a socket, and
 * from when on: fork(2) and SCM_RIGHTS of unix(7) give a socket to another process, and it is
 * drawn with the one whose calls move its bytes. close() is no use: a parent closes the copy
 * that it leaves to its child. Private to core/chart.
 */
typedef struct
{
  gint64 from_ns;
  guint32 actor; /* number */
  gint32 fd;     /* by which it calls the socket first; -1: it never does */
} TramaUse;

typedef struct _TramaUsers TramaUsers;

TramaUsers *trama_users_new (TramaStore *store);
void trama_users_free (TramaUsers *users);

/*
 * The same a little at a time: of the calls that there are now. Each step takes at most @room
 * of them, and takes those that it took off it. FALSE: all are taken in; before that nothing
 * may be asked. Keeps a reference to @store until then.
 */
TramaUsers *trama_users_begin (TramaStore *store);
gboolean trama_users_step (TramaUsers *users, guint *room);

/* In order of time, of TramaUse; borrowed. NULL: no call was made on it. */
const GArray *trama_users_get (const TramaUsers *users, guint64 socket);

/* Before its first use, who uses it first. TRAMA_ACTOR_NONE: no call was made on it. */
guint32 trama_users_at (const TramaUsers *users, guint64 socket, gint64 time_ns);

/* By which number its user of that time calls it; -1: it never does. */
gint32 trama_users_descriptor_at (const TramaUsers *users, guint64 socket, gint64 time_ns);

/* When an actor sent for the first time; G_MAXINT64: it never did. Who hangs up has said nothing. */
gint64 trama_users_first_sent (const TramaUsers *users, guint32 actor);

/* Indices of calls, of guint32, in their order: those of fork(2); borrowed. */
const GArray *trama_users_get_forks (const TramaUsers *users);

/* The first call that made a socket for ICMP, icmp(7); G_MAXUINT32: none did. */
guint32 trama_users_find_pinger (const TramaUsers *users);
