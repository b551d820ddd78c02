/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lab/crew.h"

#include "core/trace/span.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

gboolean
trama_crew_init (TramaCrew *crew, const TramaSession *session, TramaCallerFlags flags)
{
  guint n_actors = trama_session_n_actors (session);

  *crew = (TramaCrew){ .stage = { .session = session, .flags = flags, .lab = getpid () } };
  crew->stage.turns = trama_turns_new (n_actors, trama_session_get_settings (session)->order);
  crew->stage.streams = trama_streams_new ();
  if (crew->stage.turns == NULL || crew->stage.streams == NULL)
    return FALSE;
  for (guint i = 0; i < n_actors + TRAMA_SESSION_MAX_FORKS; i++)
    {
      crew->stage.rings[i] = trama_ring_new ();
      if (crew->stage.rings[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

void
trama_crew_clear (TramaCrew *crew)
{
  for (guint i = 0; i < crew->n_members; i++)
    g_free ((char *) crew->members[i].record.name);
  for (guint i = 0; i < TRAMA_TURNS_MAX_ACTORS; i++)
    trama_ring_free (crew->stage.rings[i]);
  trama_streams_free (crew->stage.streams);
  trama_turns_free (crew->stage.turns);
}

/* Whoever started it. */
static gboolean
take_in (TramaCrew *crew, pid_t pid, gint64 start_ns)
{
  guint index = crew->n_members++;
  TramaCrewMember *member = &crew->members[index];

  member->record = (TramaActor){
    .id = index + 1,
    .pid = pid,
    .start_ns = start_ns,
    .end_ns = TRAMA_TIME_NONE,
    .name = trama_actor_get_name (crew->stage.session, crew->stage.turns, index),
    .program = trama_session_get_name (crew->stage.session),
  };
  member->pidfd = pidfd_open (pid, 0);
  crew->n_running++;
  return member->pidfd >= 0;
}

gboolean
trama_crew_start (TramaCrew *crew)
{
  guint n_actors = trama_session_n_actors (crew->stage.session);

  for (guint i = 0; i < n_actors; i++)
    {
      gint64 start_ns = trama_realtime_ns ();
      pid_t pid = fork ();

      if (pid == 0)
        trama_actor_run (&crew->stage, i);
      if (pid < 0 || !take_in (crew, pid, start_ns))
        return FALSE;
    }
  return TRUE;
}

void
trama_crew_adopt (TramaCrew *crew)
{
  TramaTurns *turns = crew->stage.turns;

  while (crew->n_members < trama_turns_n_actors (turns))
    {
      pid_t pid = trama_turns_get_pid (turns, crew->n_members);
      guint line;

      if (pid != 0)
        take_in (crew, pid, trama_turns_get_start_ns (turns, crew->n_members));
      else if (trama_turns_get_position (turns, crew->n_members, &line) == TRAMA_POSITION_ENDED)
        crew->members[crew->n_members++] = (TramaCrewMember){ .pidfd = -1 };
      else
        break;
    }
}

guint
trama_crew_get_poll_fds (const TramaCrew *crew, struct pollfd *fds)
{
  for (guint i = 0; i < crew->n_members; i++)
    fds[i] = (struct pollfd){ .fd = crew->members[i].pidfd, .events = POLLIN };
  return crew->n_members;
}

void
trama_crew_reap (TramaCrew *crew, guint index)
{
  TramaCrewMember *member = &crew->members[index];
  int status = 0;

  trama_turns_forget_process (crew->stage.turns, index);
  while (waitpid (member->record.pid, &status, 0) < 0 && errno == EINTR)
    ;
  if (member->pidfd >= 0)
    close (member->pidfd);
  member->pidfd = -1;
  member->record.end_ns = trama_realtime_ns ();
  member->record.status = status;
  crew->n_running--;
  trama_turns_end_unborn (crew->stage.turns, index);
  trama_turns_end (crew->stage.turns, index);
}

char *
trama_crew_judge (const TramaCrew *crew, guint index, guint *line)
{
  const TramaActor *actor = &crew->members[index].record;
  const char *message = trama_turns_get_failure (crew->stage.turns, line);
  const char *signal_name;

  if (trama_turns_is_wanted_end (crew->stage.turns, index, actor->status))
    return NULL;
  if (WIFEXITED (actor->status) && message != NULL)
    return g_strdup (message);
  *line = trama_turns_get_last_line (crew->stage.turns, index);
  if (WIFEXITED (actor->status))
    return g_strdup_printf (_ ("%s ended with status %d"), actor->name, WEXITSTATUS (actor->status));
  signal_name = sigabbrev_np (WTERMSIG (actor->status));
  return g_strdup_printf (_ ("%s was ended by signal %s"), actor->name,
                          signal_name != NULL ? signal_name : "?");
}

static gboolean
is_running (const TramaCrewMember *member)
{
  return member->record.id != 0 && member->record.end_ns == TRAMA_TIME_NONE;
}

gboolean
trama_crew_was_killed (const TramaCrew *crew, guint index)
{
  int status = crew->members[index].record.status;

  return WIFSIGNALED (status) && WTERMSIG (status) != SIGPIPE;
}

void
trama_crew_kill (TramaCrew *crew)
{
  trama_crew_adopt (crew);
  for (guint i = 0; i < crew->n_members; i++)
    {
      if (!is_running (&crew->members[i]))
        continue;
      kill (crew->members[i].record.pid, SIGKILL);
      trama_crew_reap (crew, i);
      /* What it forked while it was killed comes behind. */
      trama_crew_adopt (crew);
    }
}

guint
trama_crew_find (const TramaCrew *crew, const char *name)
{
  for (guint i = 0; i < crew->n_members; i++)
    if (crew->members[i].record.id != 0 && strcmp (crew->members[i].record.name, name) == 0)
      return i;
  return TRAMA_TURNS_NOBODY;
}
