/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * Who uses a socket, and from when on. fork(2) and SCM_RIGHTS of unix(7) give a socket
 * to another process: it is drawn with the one whose calls move its bytes. close() is no
 * use: a parent closes the copy that it leaves to its child. Private to core/chart.
 */
typedef struct
{
  gint64 from_ns;
  guint32 actor; /* number */
} TramaUse;

typedef struct _TramaUsers TramaUsers;

TramaUsers *trama_users_new (TramaStore *store);
void trama_users_free (TramaUsers *users);

/* In order of time, of TramaUse; borrowed. NULL: no call was made on it. */
const GArray *trama_users_get (const TramaUsers *users, guint64 socket);

/* Before its first use, who uses it first. TRAMA_ACTOR_NONE: no call was made on it. */
guint32 trama_users_at (const TramaUsers *users, guint64 socket, gint64 time_ns);
