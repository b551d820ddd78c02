/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lab/lab.h"

#include "core/lab/folder.h"
#include "core/lab/loopback.h"
#include "core/lab/run.h"
#include "core/trace/span.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Told by the process that tried, over a pipe; small enough to arrive whole. */
typedef struct
{
  gint32 error; /* 0: it has its loopback and goes on */
  char step[28];
} Report;

static void
send_report (int fd, int error, const char *step)
{
  Report report = { .error = error };

  g_strlcpy (report.step, step != NULL ? step : "", sizeof report.step);
  if (write (fd, &report, sizeof report) != sizeof report)
    _exit (TRAMA_LAB_BROKEN);
}

static TramaLabResult
run_in_folder (TramaLabTask *task, const TramaGround *ground)
{
  TramaFolder folder;
  int error = trama_folder_enter (&folder, ground->kind == TRAMA_GROUND_LAB);
  g_autofree char *refused = NULL;
  TramaLabResult result;

  if (error != 0)
    {
      refused = g_strdup_printf (_ ("no folder could be made for the session: %s"), g_strerror (error));
      task->refused = refused;
    }
  task->ground = ground;
  result = trama_lab_run_on_ground (task);
  trama_folder_leave (&folder);
  return result;
}

/*
 * Namespaces cannot be left again, so a process of its own goes there. If it cannot,
 * it says so and ends, and this one has lost nothing.
 */
static TramaLabResult
run_in_private_loopback (TramaLabTask *task, int report_fd)
{
  const char *step = NULL;
  int error = trama_loopback_enter (&step);
  TramaGround ground = { .time_ns = trama_realtime_ns (), .kind = TRAMA_GROUND_LAB };
  g_autofree char *refused = NULL;
  g_autofree char *remedy = NULL;

  send_report (report_fd, error, step);
  close (report_fd);
  if (error != 0)
    return TRAMA_LAB_FAILED;
  refused = trama_loopback_configure (trama_session_get_settings (task->session));
  task->refused = refused;
  task->capture = trama_capture_open ("lo", &ground.step);
  ground.packets = task->capture != NULL;
  if (task->capture == NULL)
    {
      ground.error = errno;
      remedy = trama_loopback_remedy (ground.step, ground.error);
      ground.remedy = remedy;
    }
  return run_in_folder (task, &ground);
}

static TramaLabResult
run_on_host (TramaLabTask *task, const Report *report)
{
  g_autofree char *remedy = trama_loopback_remedy (report->step, report->error);
  TramaGround ground = {
    .time_ns = trama_realtime_ns (),
    .kind = TRAMA_GROUND_HOST,
    .error = report->error,
    .step = report->step,
    .remedy = remedy,
  };

  return run_in_folder (task, &ground);
}

/* A wait status, wait(2). */
static int
wait_for_child (pid_t child)
{
  int status = TRAMA_LAB_BROKEN << 8;

  while (waitpid (child, &status, 0) < 0 && errno == EINTR)
    ;
  return status;
}

/* FALSE: the child did not come so far as to tell. That is no refusal, except by a seccomp filter that kills. */
static gboolean
was_refused (gboolean reported, Report *report, int status)
{
  if (reported)
    return report->error != 0;
  *report = (Report){ .error = EPERM, .step = "unshare" };
  return WIFSIGNALED (status) && WTERMSIG (status) == SIGSYS;
}

static TramaLabResult
judge_child (int status)
{
  const char *signal_name;

  if (WIFEXITED (status))
    return (TramaLabResult) WEXITSTATUS (status);
  signal_name = sigabbrev_np (WTERMSIG (status));
  g_printerr (_ ("its process in the private loopback was ended by signal %s\n"),
              signal_name != NULL ? signal_name : "?");
  return TRAMA_LAB_BROKEN;
}

TramaLabResult
trama_lab_run (const TramaSession *session, gboolean held, int commands_fd, int out_fd)
{
  TramaLabTask task = { .session = session, .held = held, .commands_fd = commands_fd, .out_fd = out_fd };
  pid_t parent = getpid ();
  Report report;
  gboolean reported;
  int fds[2];
  int status;
  pid_t child;

  if (pipe2 (fds, O_CLOEXEC) < 0)
    return TRAMA_LAB_BROKEN;
  child = fork ();
  if (child < 0)
    {
      report = (Report){ .error = errno, .step = "fork" };
      close (fds[0]);
      close (fds[1]);
      return run_on_host (&task, &report);
    }
  if (child == 0)
    {
      close (fds[0]);
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      if (getppid () != parent)
        _exit (TRAMA_LAB_STOPPED);
      _exit ((int) run_in_private_loopback (&task, fds[1]));
    }
  close (fds[1]);
  reported = read (fds[0], &report, sizeof report) == sizeof report;
  close (fds[0]);
  status = wait_for_child (child);
  if (was_refused (reported, &report, status))
    return run_on_host (&task, &report);
  return judge_child (status);
}
