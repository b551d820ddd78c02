/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"

/*
 * A session as a C program, to be read and to be run: C17 and POSIX, Linux where the
 * session is, no libraries. It makes the calls of the session with the same
 * arguments in the same order, checks what came of each, and has the session's
 * captions as comments, in the user's language.
 *
 * @actor NULL: all actors, each a process. What they wait for of one another is a
 * counter in shared memory, so that no call is added that a session could show.
 * Else the one of that name; a process that it forks stands in it, and by the name of
 * one that is forked, its parent is meant. What an actor then waits for of others is
 * a comment.
 *
 * The caller's to free. NULL with @error when there is no such actor. A pure function
 * of the session, the actor and the locale.
 */
char *trama_session_emit_c (const TramaSession *session, const char *actor, GError **error);
