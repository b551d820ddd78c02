/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Who may make the next call. Actors are real processes on real cores; left alone,
 * which of two calls comes first is chance, and no two runs look the same. So each
 * waits at a gate before each call until every other actor waits at its gate too,
 * sleeps in the kernel, or has ended; then one goes:
 *
 *   an actor that is about to receive (accept, read, recvfrom) before one that
 *   sends, so that the letter box is there before the letter; among equals the one
 *   that went last, then the first of the session.
 *
 * The kernel itself is never slowed: a call, once made, runs or blocks as it will.
 *
 * Lives in memory shared across fork(2). The actors agree among themselves; the lab
 * is asked nothing and only looks. No function fails.
 */
typedef struct _TramaTurns TramaTurns;

#define TRAMA_TURNS_MAX_ACTORS 16
#define TRAMA_TURNS_MAX_SIGNALS 64
#define TRAMA_TURNS_FAILURE_BYTES 512

/* Before the actors are forked. NULL with errno. */
TramaTurns *trama_turns_new (guint n_actors);
void trama_turns_free (TramaTurns *turns);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaTurns, trama_turns_free)

/* By an actor, first of all. */
void trama_turns_join (TramaTurns *turns, guint actor);

/* By an actor around each call: waits for its turn, gives it back. @line is the call's in the session. */
void trama_turns_enter (TramaTurns *turns, guint actor, gboolean receives, guint line);
void trama_turns_leave (TramaTurns *turns, guint actor);

/*
 * The n-th wait of an actor for a signal passes when it was given n times by then,
 * by whomever: one signal lets everyone pass who waits for it.
 */
void trama_turns_signal (TramaTurns *turns, guint signal);
void trama_turns_wait (TramaTurns *turns, guint actor, guint signal, guint count);

/* The line of the call an actor is in; 0: it is in none. For telling what has not returned. */
guint trama_turns_get_line (TramaTurns *turns, guint actor);

/*
 * By the lab, when an actor's process has ended and its sockets are closed; before, by an
 * actor at its end that has none open. Twice is as good as once.
 */
void trama_turns_end (TramaTurns *turns, guint actor);

/* A sentence an actor leaves when its session must end; the first one counts. NULL: none. */
void trama_turns_fail (TramaTurns *turns, const char *message);
const char *trama_turns_get_failure (TramaTurns *turns);
