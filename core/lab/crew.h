/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/lab/actor.h"

#include <poll.h>

/*
 * The actors of a session as the lab sees them: its child processes, those they fork
 * among them. The lab starts them, learns of new ones, reaps them, says how they ended.
 */

typedef struct
{
  TramaActor record; /* .id 0: there never was one in this place; .name is the crew's */
  int pidfd;         /* -1: it has ended */
} TramaCrewMember;

typedef struct
{
  TramaStage stage;
  TramaCrewMember members[TRAMA_TURNS_MAX_ACTORS];
  guint n_members;
  guint n_running;
} TramaCrew;

/* FALSE with errno. @session is borrowed. Either way to be cleared. */
gboolean trama_crew_init (TramaCrew *crew, const TramaSession *session, TramaCallerFlags flags);
void trama_crew_clear (TramaCrew *crew);

/* Starts all actors of the session. FALSE with errno: not all. */
gboolean trama_crew_start (TramaCrew *crew);

/* Takes in who was forked since; they are behind the members there were. */
void trama_crew_adopt (TramaCrew *crew);

/* Fills in one for each member, readable when it has ended. Returns how many. */
guint trama_crew_get_poll_fds (const TramaCrew *crew, struct pollfd *fds);

/* After its end: writes it down in the record. */
void trama_crew_reap (TramaCrew *crew, guint index);

/* NULL: @index has ended as it should. Otherwise why the session failed, the caller's to free, and in which line. */
char *trama_crew_judge (const TramaCrew *crew, guint index, guint *line);

/* Whether somebody else has ended it, and not what it called; after its end. */
gboolean trama_crew_was_killed (const TramaCrew *crew, guint index);

/* Ends everybody, also who is being forked meanwhile. */
void trama_crew_kill (TramaCrew *crew);

/* A member by its name, TRAMA_TURNS_NOBODY when there is none. */
guint trama_crew_find (const TramaCrew *crew, const char *name);
