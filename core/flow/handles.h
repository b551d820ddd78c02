/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/store.h"

/* Private to the room: of which socket a descriptor was, as calls and samples tell. */

/* Sorted by actor, descriptor and time; opaque. */
GArray *trama_handles_collect (TramaStore *store);

/* The same a little at a time: a step takes at most @room calls, and takes those that it took off it. FALSE: it can be finished. */
typedef struct _TramaHandlesCollecting TramaHandlesCollecting;

TramaHandlesCollecting *trama_handles_begin (TramaStore *store);
gboolean trama_handles_step (TramaHandlesCollecting *collecting, guint *room);
GArray *trama_handles_finish (TramaHandlesCollecting *collecting); /* consumes it */
void trama_handles_abandon (TramaHandlesCollecting *collecting);

/* The socket that a descriptor of an actor was of at about that time; TRAMA_SOCKET_NONE. */
guint64 trama_handles_find (const GArray *handles, guint32 actor, gint32 fd, gint64 time_ns);
