/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"

/*
 * Who may make the next call. Actors are real processes on real cores; left alone,
 * which of two calls comes first is chance, and no two runs look the same. So each
 * waits at a gate before each call until every other actor waits at its gate too,
 * sleeps, or has ended; then one goes:
 *
 *   an actor that is about to receive (accept, read, recvfrom) before one that
 *   sends, so that the letter box is there before the letter; among equals the one
 *   that went last, then the first of the session.
 *
 * The gates are also where a session is held, stepped and slowed down (lab.h). Where
 * nobody asks for either, a gate costs one look at a word that does not change.
 *
 * The kernel itself is never slowed: a call, once made, runs or blocks as it will.
 *
 * Lives in memory shared across fork(2). The actors agree among themselves; the lab
 * is asked nothing and only looks, and gives the commands. No function fails.
 */
typedef struct _TramaTurns TramaTurns;

#define TRAMA_TURNS_MAX_ACTORS (TRAMA_SESSION_MAX_ACTORS + TRAMA_SESSION_MAX_FORKS)
#define TRAMA_TURNS_FAILURE_BYTES 2048

/* No actor: of trama_turns_add () and trama_turns_step (). */
#define TRAMA_TURNS_NOBODY G_MAXUINT

/* With TRAMA_ORDER_AUTO, so many calls are made in turn; nobody reads more of them one by one. */
#define TRAMA_TURNS_AUTO_CALLS 300

/* Before the actors are forked; actors 0 to @n_actors - 1. NULL with errno. */
TramaTurns *trama_turns_new (guint n_actors, TramaSessionOrder order);
void trama_turns_free (TramaTurns *turns);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaTurns, trama_turns_free)

/* By an actor. */

/* First of all. */
void trama_turns_join (TramaTurns *turns, guint actor);

/* Around each call: waits for its turn, gives it back. @line is the call's in the session. */
void trama_turns_enter (TramaTurns *turns, guint actor, gboolean receives, guint line);
void trama_turns_leave (TramaTurns *turns, guint actor);

/* Before a step that is no call: only somebody who runs to that very line holds it there. */
void trama_turns_pass (TramaTurns *turns, guint actor, guint line);

/* Around a time in which it does nothing: nobody waits for it. */
void trama_turns_rest (TramaTurns *turns, guint actor);
void trama_turns_resume (TramaTurns *turns, guint actor);

/*
 * The n-th wait of an actor for a signal passes when it was given n times by then,
 * by whomever: one signal lets everyone pass who waits for it.
 */
void trama_turns_signal (TramaTurns *turns, guint signal);
void trama_turns_wait (TramaTurns *turns, guint actor, guint signal, guint count);

/*
 * A place for a process that @actor is about to fork, which counts as moving from here
 * on. @key is not 0 and says what it is. TRAMA_TURNS_NOBODY: there have been
 * TRAMA_SESSION_MAX_FORKS.
 */
guint trama_turns_add (TramaTurns *turns, guint actor, guint32 key);

/*
 * Of the places that were taken for @key the n-th; with @nth 0 the last that @actor took,
 * else the last that anybody did. TRAMA_TURNS_NOBODY: there has been none.
 */
guint trama_turns_find_forked (TramaTurns *turns, guint actor, guint32 key, guint nth);

/* Returns when the process is there, or will never be. */
void trama_turns_await_process (TramaTurns *turns, guint actor);

/* Where its pid is to be written, by clone(2) itself, so that it is known whoever is killed. */
gint32 *trama_turns_get_pid_place (TramaTurns *turns, guint actor);

/* How an actor is meant to end, besides with status 0: with this one, or by this signal, which may be taken back. */
void trama_turns_want_exit (TramaTurns *turns, guint actor, int status);
void trama_turns_want_signal (TramaTurns *turns, guint actor, int number, gboolean wanted);

/* A sentence an actor leaves when its session must end, and the line it is about; the first one counts. */
void trama_turns_fail (TramaTurns *turns, guint line, const char *message);

/* By anybody. */

/*
 * By the lab, when an actor's process has ended and its sockets are closed; before, by an
 * actor at its end that has none open. Twice is as good as once.
 */
void trama_turns_end (TramaTurns *turns, guint actor);

/* 0: it has not begun. */
gint32 trama_turns_get_pid (TramaTurns *turns, guint actor);

/* FALSE: it has not begun, has ended, or is about to be reaped; then its pid may be another's soon. */
gboolean trama_turns_has_process (TramaTurns *turns, guint actor);

/* How many places are taken, from 0 on, and of those made by fork what trama_turns_add () was told. */
guint trama_turns_n_actors (TramaTurns *turns);
guint32 trama_turns_get_key (TramaTurns *turns, guint actor);
gint64 trama_turns_get_start_ns (TramaTurns *turns, guint actor);

/* By the lab. */

/* Before it reaps an actor. */
void trama_turns_forget_process (TramaTurns *turns, guint actor);

/* After that: the places it took for a process that it had no time to fork. */
void trama_turns_end_unborn (TramaTurns *turns, guint actor);

/* @status as from wait(2). */
gboolean trama_turns_is_wanted_end (TramaTurns *turns, guint actor, int status);
const char *trama_turns_get_failure (TramaTurns *turns, guint *line); /* NULL: none */

/* Where an actor stands; *@line 0: nowhere. */
TramaPositionStatus trama_turns_get_position (TramaTurns *turns, guint actor, guint *line);

/* Of its last step, also when it has ended; 0: it took none. */
guint trama_turns_get_last_line (TramaTurns *turns, guint actor);

/* What all actors have done so far. */
guint64 trama_turns_count_calls (TramaTurns *turns);
guint64 trama_turns_count_steps (TramaTurns *turns);

/* The commands of lab.h. Who is let go by one is let go once, and a step too many is not kept when all go on. */
void trama_turns_hold (TramaTurns *turns);
void trama_turns_run (TramaTurns *turns);
void trama_turns_step (TramaTurns *turns, guint actor); /* TRAMA_TURNS_NOBODY: whose turn it is */
void trama_turns_run_until (TramaTurns *turns, guint line);
void trama_turns_set_pace (TramaTurns *turns, guint pace_ms);

/* Held, on the way to a line, or paced: somebody watches where the actors stand. */
gboolean trama_turns_is_watched (TramaTurns *turns);

/* Held, or paced with somebody at its gate: the time that passes now is not the session's. */
gboolean trama_turns_is_standing (TramaTurns *turns);
