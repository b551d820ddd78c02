/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/socket/streams.h"
#include "core/trace/event.h"

/*
 * The socket core: makes the calls of one actor and records each, before and after, with
 * the kernel's view of the socket behind it. Used by one process with one thread, which
 * has nothing else open; never blocks but in the call itself.
 *
 * A socket is known by its inode: the same through dup(2), fork(2) and SCM_RIGHTS. Its
 * role follows the calls, and what the kernel says of it.
 *
 * The kernel is asked after each call. When the calls on a socket have followed one
 * another within TRAMA_CALLER_LOAD_GAP_NS for TRAMA_CALLER_LOAD_CALLS of them, nobody
 * reads them one by one: then it is asked once in TRAMA_CALLER_LOAD_SAMPLE_NS, until
 * there is a longer pause or a call fails.
 */
typedef struct _TramaCaller TramaCaller;

/* Longest read or recv; what a session may ask for. */
#define TRAMA_CALLER_BUFFER_BYTES (1u << 20)

/* Most descriptors in one message, SCM_MAX_FD in unix(7). */
#define TRAMA_CALLER_RIGHTS_MAX 253

#define TRAMA_CALLER_LOAD_GAP_NS 100000
#define TRAMA_CALLER_LOAD_CALLS 64
#define TRAMA_CALLER_LOAD_SAMPLE_NS 1000000

typedef enum
{
  TRAMA_CALLER_REUSE_ADDRESS = 1 << 0, /* set SO_REUSEADDR on what is bound; for the host's loopback only */
} TramaCallerFlags;

/*
 * Records go to @func. @actor numbers the calls. From here on SIGPIPE is blocked in the
 * calling thread; a call that gets one is recorded with TRAMA_CALL_SIGPIPE, and then, its
 * record written, the process ends by that signal, unless it ignores it (signal(7)).
 * Another signal that interrupts a call shows as EINTR; no call is made again.
 */
TramaCaller *
trama_caller_new (guint32 actor, TramaCallerFlags flags, TramaEventFunc func, gpointer user_data);
void trama_caller_free (TramaCaller *caller);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaCaller, trama_caller_free)

/* Before the first call: what is known of sockets is shared with the other actors in @streams, borrowed. */
void trama_caller_share (TramaCaller *caller, TramaStreams *streams);

/*
 * Makes the call that @call names, any but fork, exit and kill, with the arguments in it,
 * in the order of trama_call_info (); fills in everything else. Of what the kernel fills
 * in, two say how much is wanted: optlen of getsockopt is a NUMBER (NONE: as option.h has
 * it), control of recvmsg is DATA, an int for each descriptor there is room for (NONE:
 * msg_control is NULL). fds of poll is DATA, struct pollfd.
 *
 * What the kernel gave back (addresses, data) is in its args afterwards and stays valid
 * until the next call. Data to send may be longer than what a record keeps. Returns the
 * result as C would; the error is in call->error.
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
