/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lab/run.h"

#include "core/lab/actor.h"
#include "core/trace/pcapng.h"
#include "core/trace/span.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* How often the rings are looked into; the capture hands over its packets as often. */
#define LOOK_MS TRAMA_CAPTURE_TIMEOUT_MS

/* After the last actor: as long as the ring may hold back a packet, twice, then until every packet is there. */
#define LINGER_MS (2 * TRAMA_CAPTURE_TIMEOUT_MS + 5)
#define LINGER_MAX_MS 500

typedef struct
{
  TramaActor record;
  TramaRing *ring;
  pid_t pid;
  int pidfd; /* -1: it has ended */
} Process;

typedef struct
{
  const TramaSession *session;
  TramaCapture *capture; /* NULL: packets are not observed */
  TramaTurns *turns;
  TramaCallerFlags flags;
  Process processes[TRAMA_SESSION_MAX_ACTORS];
  guint n_processes;
  guint n_running;
  int commands_fd;
  int out_fd;
  GByteArray *out;
  guint64 packets;
  gint64 deadline_ms;
  gboolean failed;
  gboolean stopped;
  gboolean broken;
  char *reason; /* owned; why it failed */
} Run;

static gint64
now_ms (void)
{
  return g_get_monotonic_time () / 1000;
}

static void
on_event (const TramaEvent *event, gpointer user_data)
{
  Run *run = user_data;

  run->packets += event->kind == TRAMA_EVENT_PACKET;
  trama_pcapng_write_event (run->out, event);
}

/* A reader that is gone ends this process by SIGPIPE, and with it its actors. */
static void
flush (Run *run)
{
  gsize at = 0;

  while (at < run->out->len && !run->broken)
    {
      gssize n = write (run->out_fd, run->out->data + at, run->out->len - at);

      if (n >= 0)
        at += (gsize) n;
      else if (errno != EINTR)
        run->broken = TRUE;
    }
  g_byte_array_set_size (run->out, 0);
}

static void
write_clock (Run *run)
{
  TramaEvent event = { .kind = TRAMA_EVENT_CLOCK };

  event.clock = (TramaClock){ trama_realtime_ns (), trama_monotonic_ns () };
  on_event (&event, run);
}

static void
write_head (Run *run, const TramaGround *ground)
{
  TramaEvent event;

  trama_pcapng_write_section (run->out, "Trama " TRAMA_VERSION);
  if (run->capture != NULL)
    {
      event = (TramaEvent){ .kind = TRAMA_EVENT_INTERFACE };
      event.interface = (TramaInterface){
        .link_type = trama_capture_get_link_type (run->capture),
        .snap_bytes = TRAMA_CAPTURE_SNAP_BYTES,
        .name = "lo",
      };
      on_event (&event, run);
    }
  event = (TramaEvent){ .kind = TRAMA_EVENT_SESSION };
  event.session = (TramaSessionRecord){
    .name = trama_session_get_name (run->session),
    .title = trama_session_get_title (run->session),
    .text = trama_session_get_text (run->session),
  };
  on_event (&event, run);
  event = (TramaEvent){ .kind = TRAMA_EVENT_GROUND };
  event.ground = *ground;
  on_event (&event, run);
  write_clock (run);
}

static void
write_actor (Run *run, const TramaActor *actor)
{
  TramaEvent event = { .kind = TRAMA_EVENT_ACTOR };

  event.actor = *actor;
  on_event (&event, run);
}

static gboolean
start_actor (Run *run, guint index)
{
  Process *process = &run->processes[index];
  TramaActorTask task = { run->session, index, run->turns, NULL, run->flags, getpid () };

  process->ring = trama_ring_new ();
  if (process->ring == NULL)
    return FALSE;
  task.ring = process->ring;
  process->record = (TramaActor){
    .id = index + 1,
    .start_ns = trama_realtime_ns (),
    .end_ns = TRAMA_TIME_NONE,
    .name = trama_session_get_actor (run->session, index)->name,
    .program = trama_session_get_name (run->session),
  };
  process->pid = fork ();
  if (process->pid == 0)
    trama_actor_run (&task);
  if (process->pid < 0)
    return FALSE;
  run->n_running++;
  process->record.pid = process->pid;
  process->pidfd = pidfd_open (process->pid, 0);
  write_actor (run, &process->record);
  return process->pidfd >= 0;
}

static gboolean
start_actors (Run *run)
{
  for (guint i = 0; i < run->n_processes; i++)
    run->processes[i].pidfd = -1;
  for (guint i = 0; i < run->n_processes; i++)
    if (!start_actor (run, i))
      return FALSE;
  return TRUE;
}

static void
fail (Run *run, char *reason)
{
  run->failed = TRUE;
  if (run->reason == NULL)
    run->reason = reason;
  else
    g_free (reason);
}

static void
judge_end (Run *run, const Process *process, int status)
{
  const char *message = trama_turns_get_failure (run->turns);

  if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
    return;
  if (WIFEXITED (status) && message != NULL)
    fail (run, g_strdup (message));
  else if (WIFSIGNALED (status))
    fail (run, g_strdup_printf (_ ("%s was ended by signal %s"), process->record.name,
                                sigabbrev_np (WTERMSIG (status)) != NULL ? sigabbrev_np (WTERMSIG (status))
                                                                         : "?"));
  else
    fail (run, g_strdup_printf (_ ("%s ended with status %d"), process->record.name, WEXITSTATUS (status)));
}

static void
reap (Run *run, Process *process, gboolean judged)
{
  int status = 0;

  while (waitpid (process->pid, &status, 0) < 0 && errno == EINTR)
    ;
  close (process->pidfd);
  process->pidfd = -1;
  process->pid = 0;
  run->n_running--;
  process->record.end_ns = trama_realtime_ns ();
  process->record.status = status;
  if (judged)
    judge_end (run, process, status);
  trama_turns_end (run->turns, process->record.id - 1);
}

static void
read_rings (Run *run)
{
  for (guint i = 0; i < run->n_processes; i++)
    if (run->processes[i].ring != NULL)
      trama_ring_read (run->processes[i].ring, run->out);
}

static void
read_everything (Run *run)
{
  read_rings (run);
  if (run->capture != NULL)
    trama_capture_read (run->capture, on_event, run);
  flush (run);
}

/* Commands come with the issue of stepping; until then their end is the only one. */
static void
read_command (Run *run)
{
  char buffer[256];
  gssize n = read (run->commands_fd, buffer, sizeof buffer);

  if (n > 0 || (n < 0 && errno == EINTR))
    return;
  run->stopped = TRUE;
}

static void
wait_for_something (Run *run)
{
  struct pollfd fds[TRAMA_SESSION_MAX_ACTORS + 1];

  fds[0] = (struct pollfd){ .fd = run->commands_fd, .events = POLLIN };
  for (guint i = 0; i < run->n_processes; i++)
    fds[i + 1] = (struct pollfd){ .fd = run->processes[i].pidfd, .events = POLLIN };
  if (poll (fds, run->n_processes + 1, LOOK_MS) <= 0)
    return;
  for (guint i = 0; i < run->n_processes; i++)
    if (fds[i + 1].revents != 0)
      reap (run, &run->processes[i], TRUE);
  if (fds[0].revents != 0)
    read_command (run);
}

/* Names who is in which line, for whoever wonders what it waited for. */
static void
fail_at_deadline (Run *run)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _ ("stopped after %d s"), TRAMA_SESSION_DEFAULT_TIME_MS / 1000);
  for (guint i = 0; i < run->n_processes; i++)
    {
      guint line = trama_turns_get_line (run->turns, i);

      if (line != 0 && run->processes[i].pidfd >= 0)
        {
          g_string_append (text, "; ");
          g_string_append_printf (text, _ ("the call of %s in line %u has not returned"),
                                  run->processes[i].record.name, line);
        }
    }
  fail (run, g_string_free (text, FALSE));
}

static void
end_actors (Run *run)
{
  for (guint i = 0; i < run->n_processes; i++)
    if (run->processes[i].pid > 0)
      {
        kill (run->processes[i].pid, SIGKILL);
        reap (run, &run->processes[i], FALSE);
      }
}

/* The kernel counts a packet when it puts it into the ring; until the counts agree some are on their way. */
static void
linger (Run *run)
{
  gint64 start = now_ms ();
  guint64 received = 0, dropped = 0;

  while (run->capture != NULL && now_ms () - start < LINGER_MAX_MS)
    {
      poll (NULL, 0, TRAMA_CAPTURE_TIMEOUT_MS / 2);
      read_everything (run);
      trama_capture_get_counts (run->capture, &received, &dropped);
      if (run->packets + dropped >= received && now_ms () - start >= LINGER_MS)
        break;
    }
  read_everything (run);
}

static void
write_tail (Run *run)
{
  TramaEvent event = { .kind = TRAMA_EVENT_OUTCOME };
  guint64 received;

  for (guint i = 0; i < run->n_processes; i++)
    if (run->processes[i].record.id != 0)
      write_actor (run, &run->processes[i].record);
  write_clock (run);
  event.outcome = (TramaOutcome){
    .time_ns = trama_realtime_ns (),
    .ok = !run->failed && !run->stopped,
    .text = run->stopped ? _ ("stopped") : run->reason,
  };
  if (run->capture != NULL)
    trama_capture_get_counts (run->capture, &received, &event.outcome.packets_dropped);
  on_event (&event, run);
  flush (run);
}

static void
play (Run *run)
{
  if (!start_actors (run))
    fail (run, g_strdup_printf (_ ("an actor could not be started: %s"), g_strerror (errno)));
  run->deadline_ms = now_ms () + TRAMA_SESSION_DEFAULT_TIME_MS;
  while (run->n_running > 0 && !run->failed && !run->stopped && !run->broken)
    {
      wait_for_something (run);
      read_everything (run);
      if (now_ms () > run->deadline_ms)
        fail_at_deadline (run);
    }
  end_actors (run);
  linger (run);
}

static TramaLabResult
get_result (const Run *run)
{
  if (run->broken)
    return TRAMA_LAB_BROKEN;
  if (run->stopped)
    return TRAMA_LAB_STOPPED;
  return run->failed ? TRAMA_LAB_FAILED : TRAMA_LAB_OK;
}

TramaLabResult
trama_lab_run_on_ground (const TramaSession *session,
                         const TramaGround *ground,
                         TramaCapture *capture,
                         int commands_fd,
                         int out_fd)
{
  Run run = {
    .session = session,
    .capture = capture,
    .flags = ground->kind == TRAMA_GROUND_HOST ? TRAMA_CALLER_REUSE_ADDRESS : 0,
    .n_processes = trama_session_n_actors (session),
    .commands_fd = commands_fd,
    .out_fd = out_fd,
    .out = g_byte_array_new (),
  };

  run.turns = trama_turns_new (run.n_processes);
  if (run.turns == NULL)
    return TRAMA_LAB_BROKEN;
  write_head (&run, ground);
  play (&run);
  write_tail (&run);
  for (guint i = 0; i < run.n_processes; i++)
    trama_ring_free (run.processes[i].ring);
  trama_turns_free (run.turns);
  g_byte_array_unref (run.out);
  g_free (run.reason);
  return get_result (&run);
}
