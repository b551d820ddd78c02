/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lab/run.h"

#include "core/lab/command.h"
#include "core/lab/crew.h"
#include "core/lab/loopback.h"
#include "core/lab/record.h"
#include "core/socket/diag.h"
#include "core/trace/pcapng.h"
#include "core/trace/span.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* How often the rings are looked into; the capture hands over its packets as often. */
#define LOOK_MS TRAMA_CAPTURE_TIMEOUT_MS

/* After the last actor: as long as the ring may hold back a packet, twice, then until every packet is there. */
#define LINGER_MS (2 * TRAMA_CAPTURE_TIMEOUT_MS + 5)
#define LINGER_MAX_MS 500

/* Where a session that does not end by itself is ended. Steps are counted for those that make no calls. */
#define MAX_CALLS 1000000
#define MAX_STEPS 10000000
#define MAX_TRACE_BYTES (256u << 20)

/* Of the pipe to whoever reads, so that a slow reader does not hold up the actors at once. */
#define PIPE_BYTES (1 << 20)

/*
 * So much between two looks is a load, which nobody follows call by call: then it is handed
 * over less often, so that whoever reads does not take the cores from the actors all the time.
 */
#define LOAD_BYTES (64u << 10)
#define LOAD_FLUSH_MS 250
#define LOAD_MAX_BYTES (64u << 20)

/* Actors that are named when a session has used up its time. */
#define MAX_NAMED 6

#define COMMAND_MAX_BYTES 256

/* Whoever is killed closes its sockets, over which others may fail, before its own end is known. */
#define CAUSE_MS 20

typedef struct
{
  const TramaLabTask *task;
  TramaCrew crew;
  TramaDiag *diag; /* NULL: the kernel tells nothing of sockets between the calls */
  TramaPosition told[TRAMA_TURNS_MAX_ACTORS]; /* the last that was written; .actor 0: none */
  gboolean was_watched;
  char command[COMMAND_MAX_BYTES]; /* what has come of a line so far */
  gsize command_bytes;
  GByteArray *records; /* of one ring, as they came */
  GByteArray *out;
  guint64 written_bytes;
  gint64 flushed_ms;
  guint64 packets;
  gint64 looked_ms; /* when the session's time was counted last */
  gint64 used_ms;   /* of the time it has */
  gboolean failed;
  gboolean actor_failed; /* that is why */
  gboolean was_killed;   /* an actor, and .reason says so */
  gboolean stopped;
  gboolean broken;
  char *reason; /* owned; why it failed */
  guint line;   /* where; 0: at no one place */
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
      gssize n = write (run->task->out_fd, run->out->data + at, run->out->len - at);

      if (n >= 0)
        at += (gsize) n;
      else if (errno != EINTR)
        run->broken = TRUE;
    }
  run->written_bytes += at;
  run->flushed_ms = now_ms ();
  g_byte_array_set_size (run->out, 0);
}

static gboolean
is_under_load (const Run *run, gsize came_bytes)
{
  return came_bytes >= LOAD_BYTES && run->out->len < LOAD_MAX_BYTES
         && now_ms () - run->flushed_ms < LOAD_FLUSH_MS;
}

static void
write_clock (Run *run)
{
  TramaEvent event = { .kind = TRAMA_EVENT_CLOCK };

  event.clock = (TramaClock){ trama_realtime_ns (), trama_monotonic_ns () };
  on_event (&event, run);
}

static void
write_notice (Run *run, const char *text)
{
  TramaEvent event = { .kind = TRAMA_EVENT_NOTE };

  event.note = (TramaNote){
    .time_ns = trama_realtime_ns (),
    .end_ns = TRAMA_TIME_NONE,
    .kind = TRAMA_NOTE_NOTICE,
    .text = text,
  };
  on_event (&event, run);
}

static void
write_interface (Run *run)
{
  TramaEvent event = { .kind = TRAMA_EVENT_INTERFACE };

  event.interface = (TramaInterface){
    .link_type = trama_capture_get_link_type (run->task->capture),
    .snap_bytes = TRAMA_CAPTURE_SNAP_BYTES,
    .name = "lo",
  };
  on_event (&event, run);
}

static gboolean
wants_own_settings (const TramaLabSettings *settings)
{
  return settings->n_sysctls > 0 || settings->mtu != TRAMA_LOOPBACK_MTU || settings->offload
         || strcmp (settings->congestion, "reno") != 0;
}

static void
write_head (Run *run)
{
  const TramaSession *session = run->task->session;
  TramaEvent event;

  trama_pcapng_write_section (run->out, "Trama " TRAMA_VERSION);
  if (run->task->capture != NULL)
    write_interface (run);
  event = (TramaEvent){ .kind = TRAMA_EVENT_SESSION };
  event.session = (TramaSessionRecord){
    .name = trama_session_get_name (session),
    .title = trama_session_get_title (session),
    .text = trama_session_get_text (session),
  };
  on_event (&event, run);
  event = (TramaEvent){ .kind = TRAMA_EVENT_GROUND };
  event.ground = *run->task->ground;
  on_event (&event, run);
  write_clock (run);
  if (run->task->ground->kind == TRAMA_GROUND_HOST
      && wants_own_settings (trama_session_get_settings (session)))
    write_notice (run, _ ("The session's settings of the lab are not in force on the host's loopback."));
}

static void
write_actor (Run *run, const TramaActor *actor)
{
  TramaEvent event = { .kind = TRAMA_EVENT_ACTOR };

  event.actor = *actor;
  on_event (&event, run);
}

/* The first reason counts; it is taken. */
static void
fail_at_line (Run *run, guint line, char *reason)
{
  run->failed = TRUE;
  if (run->reason != NULL)
    {
      g_free (reason);
      return;
    }
  run->reason = reason;
  run->line = line;
}

static void
fail (Run *run, char *reason)
{
  fail_at_line (run, 0, reason);
}

static void
reap (Run *run, guint index)
{
  char *reason;
  guint line = 0;

  trama_crew_reap (&run->crew, index);
  reason = trama_crew_judge (&run->crew, index, &line);
  if (reason == NULL)
    return;
  run->actor_failed = TRUE;
  /* Then what others failed over before was a consequence. */
  if (trama_crew_was_killed (&run->crew, index) && !run->was_killed)
    {
      run->was_killed = TRUE;
      g_clear_pointer (&run->reason, g_free);
    }
  fail_at_line (run, line, reason);
}

/* Who was forked is told before anything it did. */
static void
adopt (Run *run)
{
  guint n_before = run->crew.n_members;

  trama_crew_adopt (&run->crew);
  for (guint i = n_before; i < run->crew.n_members; i++)
    if (run->crew.members[i].record.id != 0)
      write_actor (run, &run->crew.members[i].record);
}

static void
tell_position (Run *run, guint index, gboolean watched)
{
  TramaEvent event = { .kind = TRAMA_EVENT_POSITION };
  TramaPosition *told = &run->told[index];
  guint line;
  guint status = trama_turns_get_position (run->crew.stage.turns, index, &line);

  /* From now on nobody says where it is. */
  if (!watched && status != TRAMA_POSITION_ENDED)
    status = TRAMA_POSITION_RUNNING;
  if (told->actor != 0 && told->line == line && told->status == status)
    return;
  *told = (TramaPosition){ trama_realtime_ns (), index + 1, line, status };
  event.position = *told;
  on_event (&event, run);
}

static void
tell_positions (Run *run)
{
  gboolean watched = trama_turns_is_watched (run->crew.stage.turns);

  if (!watched && !run->was_watched)
    return;
  for (guint i = 0; i < run->crew.n_members; i++)
    if (run->crew.members[i].record.id != 0)
      tell_position (run, i, watched);
  run->was_watched = watched;
}

static void
read_ring (Run *run, TramaRing *ring)
{
  gsize at = 0;
  gsize taken;
  TramaEvent event;

  g_byte_array_set_size (run->records, 0);
  trama_ring_read (ring, run->records);
  while ((taken = trama_record_unpack (run->records->data + at, run->records->len - at, &event)) > 0)
    {
      on_event (&event, run);
      at += taken;
    }
}

static void
read_everything (Run *run)
{
  gsize before = run->out->len;

  adopt (run);
  for (guint i = 0; i < run->crew.n_members; i++)
    read_ring (run, run->crew.stage.rings[i]);
  if (run->task->capture != NULL)
    trama_capture_read (run->task->capture, on_event, run);
  if (run->diag != NULL)
    trama_diag_look (run->diag, on_event, run);
  tell_positions (run);
  if (!is_under_load (run, run->out->len - before))
    flush (run);
}

static void
obey (Run *run, const char *line)
{
  TramaCommand command = trama_command_parse (line);
  TramaTurns *turns = run->crew.stage.turns;
  guint actor = TRAMA_TURNS_NOBODY;

  if (command.name != NULL)
    actor = trama_crew_find (&run->crew, command.name);
  switch (command.kind)
    {
    case TRAMA_COMMAND_PAUSE:
      trama_turns_hold (turns);
      break;
    case TRAMA_COMMAND_RUN:
      trama_turns_run (turns);
      break;
    case TRAMA_COMMAND_STEP:
      if (command.name == NULL || actor != TRAMA_TURNS_NOBODY)
        trama_turns_step (turns, actor);
      break;
    case TRAMA_COMMAND_UNTIL:
      trama_turns_run_until (turns, command.number);
      break;
    case TRAMA_COMMAND_PACE:
      trama_turns_set_pace (turns, command.number);
      break;
    default:
      break;
    }
}

/* A line that is too long is none of ours; its end is obeyed as little as its beginning. */
static void
take_command_byte (Run *run, char byte)
{
  if (byte != '\n')
    {
      if (run->command_bytes < COMMAND_MAX_BYTES)
        run->command[run->command_bytes++] = byte;
      return;
    }
  if (run->command_bytes < COMMAND_MAX_BYTES)
    {
      run->command[run->command_bytes] = '\0';
      obey (run, run->command);
    }
  run->command_bytes = 0;
}

static void
read_commands (Run *run)
{
  char buffer[COMMAND_MAX_BYTES];
  gssize n = read (run->task->commands_fd, buffer, sizeof buffer);

  if (n == 0 || (n < 0 && errno != EINTR))
    run->stopped = TRUE;
  for (gssize i = 0; i < n; i++)
    take_command_byte (run, buffer[i]);
}

static void
wait_for_something (Run *run)
{
  struct pollfd fds[TRAMA_TURNS_MAX_ACTORS + 1];
  guint n_members = trama_crew_get_poll_fds (&run->crew, fds + 1);

  fds[0] = (struct pollfd){ .fd = run->task->commands_fd, .events = POLLIN };
  if (poll (fds, n_members + 1, LOOK_MS) <= 0)
    return;
  for (guint i = 0; i < n_members; i++)
    if (fds[i + 1].revents != 0)
      reap (run, i);
  if (fds[0].revents != 0)
    read_commands (run);
}

/* Not for long: whether the actor that failed did so because another was killed. */
static void
await_cause (Run *run)
{
  gint64 end_ms = now_ms () + CAUSE_MS;

  while (run->crew.n_running > 0 && !run->was_killed && now_ms () < end_ms)
    {
      struct pollfd fds[TRAMA_TURNS_MAX_ACTORS];
      guint n_members = trama_crew_get_poll_fds (&run->crew, fds);

      if (poll (fds, n_members, (int) MAX (end_ms - now_ms (), 0)) <= 0)
        return;
      for (guint i = 0; i < n_members; i++)
        if (fds[i].revents != 0)
          reap (run, i);
    }
}

/* FALSE: @index waits for nothing. */
static gboolean
append_wait (Run *run, GString *text, guint index, guint *line)
{
  const char *name = run->crew.members[index].record.name;

  switch (trama_turns_get_position (run->crew.stage.turns, index, line))
    {
    case TRAMA_POSITION_CALL:
      g_string_append (text, "; ");
      g_string_append_printf (text, _ ("the call of %s in line %u has not returned"), name, *line);
      return TRUE;
    case TRAMA_POSITION_WAITING:
      g_string_append (text, "; ");
      g_string_append_printf (text, _ ("%s waits for a signal in line %u"), name, *line);
      return TRUE;
    default:
      return FALSE;
    }
}

/* Names who is in which line, for whoever wonders what it waited for; of a crowd, some. */
static void
fail_at_deadline (Run *run, guint time_ms)
{
  GString *text = g_string_new (NULL);
  guint n_named = 0;
  guint first_line = 0;

  g_string_append_printf (text, _ ("stopped after %g s"), time_ms / 1000.0);
  for (guint i = 0; i < run->crew.n_members && n_named < MAX_NAMED; i++)
    {
      guint line;

      if (!append_wait (run, text, i, &line))
        continue;
      first_line = n_named == 0 ? line : first_line;
      n_named++;
    }
  fail_at_line (run, first_line, g_string_free (text, FALSE));
}

static void
count_time (Run *run)
{
  guint time_ms = trama_session_get_settings (run->task->session)->time_ms;
  gint64 now = now_ms ();

  if (!trama_turns_is_standing (run->crew.stage.turns))
    run->used_ms += now - run->looked_ms;
  run->looked_ms = now;
  if (run->used_ms >= time_ms)
    fail_at_deadline (run, time_ms);
}

static void
check_limits (Run *run)
{
  count_time (run);
  if (run->failed)
    return;
  if (trama_turns_count_calls (run->crew.stage.turns) > MAX_CALLS)
    fail (run, g_strdup_printf (_ ("stopped after %u calls"), MAX_CALLS));
  else if (trama_turns_count_steps (run->crew.stage.turns) > MAX_STEPS)
    fail (run, g_strdup_printf (_ ("stopped after %u steps"), MAX_STEPS));
  else if (run->written_bytes > MAX_TRACE_BYTES)
    fail (run, g_strdup_printf (_ ("stopped after %u MiB of trace"), MAX_TRACE_BYTES >> 20));
}

/* The kernel counts a packet when it puts it into the ring; until the counts agree some are on their way. */
static void
linger (Run *run)
{
  TramaCapture *capture = run->task->capture;
  gint64 start = now_ms ();
  guint64 received = 0, dropped = 0;

  while (capture != NULL && now_ms () - start < LINGER_MAX_MS)
    {
      poll (NULL, 0, TRAMA_CAPTURE_TIMEOUT_MS / 2);
      read_everything (run);
      trama_capture_get_counts (capture, &received, &dropped);
      if (run->packets + dropped >= received && now_ms () - start >= LINGER_MS)
        break;
    }
  read_everything (run);
  flush (run);
}

static void
write_tail (Run *run)
{
  TramaEvent event = { .kind = TRAMA_EVENT_OUTCOME };
  guint64 received;

  for (guint i = 0; i < run->crew.n_members; i++)
    if (run->crew.members[i].record.id != 0)
      write_actor (run, &run->crew.members[i].record);
  write_clock (run);
  event.outcome = (TramaOutcome){
    .time_ns = trama_realtime_ns (),
    .ok = !run->failed && !run->stopped,
    .line = run->stopped ? 0 : run->line,
    .text = run->stopped ? _ ("stopped") : run->reason,
  };
  if (run->task->capture != NULL)
    trama_capture_get_counts (run->task->capture, &received, &event.outcome.packets_dropped);
  on_event (&event, run);
  flush (run);
}

static void
start (Run *run)
{
  if (run->task->held)
    trama_turns_hold (run->crew.stage.turns);
  if (!trama_crew_start (&run->crew))
    fail (run, g_strdup_printf (_ ("an actor could not be started: %s"), g_strerror (errno)));
  for (guint i = 0; i < run->crew.n_members; i++)
    write_actor (run, &run->crew.members[i].record);
}

static void
play (Run *run)
{
  if (run->task->refused != NULL)
    fail (run, g_strdup (run->task->refused));
  else
    start (run);
  run->looked_ms = now_ms ();
  while (run->crew.n_running > 0 && !run->failed && !run->stopped && !run->broken)
    {
      wait_for_something (run);
      read_everything (run);
      check_limits (run);
    }
  if (run->actor_failed)
    await_cause (run);
  trama_crew_kill (&run->crew);
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
trama_lab_run_on_ground (const TramaLabTask *task)
{
  Run *run = g_new0 (Run, 1);
  TramaCallerFlags flags = task->ground->kind == TRAMA_GROUND_HOST ? TRAMA_CALLER_REUSE_ADDRESS : 0;
  TramaLabResult result;

  run->task = task;
  run->records = g_byte_array_new ();
  run->out = g_byte_array_new ();
  run->broken = !trama_crew_init (&run->crew, task->session, flags);
  fcntl (task->out_fd, F_SETPIPE_SZ, PIPE_BYTES);
  if (!run->broken)
    {
      run->diag = trama_diag_new (run->crew.stage.streams);
      write_head (run);
      play (run);
      write_tail (run);
    }
  result = get_result (run);
  trama_diag_free (run->diag);
  trama_crew_clear (&run->crew);
  g_byte_array_unref (run->records);
  g_byte_array_unref (run->out);
  g_free (run->reason);
  g_free (run);
  return result;
}
