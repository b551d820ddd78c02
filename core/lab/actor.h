/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/lab/ring.h"
#include "core/lab/turns.h"
#include "core/session/session.h"
#include "core/socket/caller.h"

/* What one actor needs; all of it borrowed, and shared with the lab across fork(2). */
typedef struct
{
  const TramaSession *session;
  guint index; /* in the session; its number in the trace is one more */
  TramaTurns *turns;
  TramaRing *ring;
  TramaCallerFlags flags;
  pid_t lab; /* it dies with this process */
} TramaActorTask;

/*
 * The life of an actor, in its own process: closes every descriptor, so that its
 * first socket() returns 3; makes its calls in turn; never returns. Exit status 0
 * at the end of its script, 1 when a call failed, which it says in the turns.
 */
G_NORETURN void trama_actor_run (const TramaActorTask *task);
