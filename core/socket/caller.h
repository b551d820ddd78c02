/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

/*
 * The socket core: makes the calls of one actor and records each, before and
 * after, with the kernel's view of the socket behind it. Used by one process,
 * which has nothing else open; never blocks but in the call itself.
 */
typedef struct _TramaCaller TramaCaller;

/* Longest read or recvfrom; what a session may ask for. */
#define TRAMA_CALLER_BUFFER_BYTES 65536

typedef enum
{
  TRAMA_CALLER_REUSE_ADDRESS = 1 << 0, /* set SO_REUSEADDR on what is bound; for the host's loopback only */
} TramaCallerFlags;

/* Records go to @func. @actor numbers the calls. */
TramaCaller *
trama_caller_new (guint32 actor, TramaCallerFlags flags, TramaEventFunc func, gpointer user_data);
void trama_caller_free (TramaCaller *caller);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaCaller, trama_caller_free)

/*
 * Makes the call that @call names with the arguments in it, in the order of the C
 * prototype; fills in everything else. What the kernel gave back (addresses, data)
 * is in its args afterwards and stays valid until the next call. Data to send may
 * be longer than what a record keeps. Returns the result as C would; the error is
 * in call->error.
 */
gint64 trama_caller_call (TramaCaller *caller, TramaCall *call);

/*
 * What an actor does beside its socket calls, fork, exit and kill: recorded as they are,
 * before it is made, and when it came back with its result and error in @call.
 */
void trama_caller_begin (TramaCaller *caller, TramaCall *call);
void trama_caller_end (TramaCaller *caller, TramaCall *call);

/* After fork(2), in the child: the sockets are its own too, the calls are another actor's. */
void trama_caller_become (TramaCaller *caller, guint32 actor);

/* Whether a socket is still open, which the end of the process would close. */
gboolean trama_caller_has_sockets (const TramaCaller *caller);
