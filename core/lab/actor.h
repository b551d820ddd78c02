/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/lab/ring.h"
#include "core/lab/turns.h"
#include "core/session/session.h"
#include "core/socket/caller.h"

/* What an actor needs; all of it borrowed, and shared with the lab and with each other across fork(2). */
typedef struct
{
  const TramaSession *session;
  TramaTurns *turns;
  TramaRing *rings[TRAMA_TURNS_MAX_ACTORS]; /* to each his own; also of those that will be forked */
  TramaStreams *streams;                    /* what all know of their sockets */
  TramaCallerFlags flags;
  pid_t lab; /* they die with this process, and are its children, whoever forks them */
} TramaStage;

/*
 * The life of an actor, in its own process: closes every descriptor, so that its
 * first socket() returns 3; takes its steps in turn; never returns. @index is in the
 * session; its number in the trace is one more. Exit status 0 at the end of its
 * script, 1 when a call did not give what was expected, which it says in the turns;
 * what else it is meant to end with, it says there too.
 */
G_NORETURN void trama_actor_run (const TramaStage *stage, guint index);

/* "client"; of one that was forked, "worker", "worker 2". The caller's to free. */
char *trama_actor_get_name (const TramaSession *session, TramaTurns *turns, guint index);
