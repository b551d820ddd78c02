/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/pulse.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 5

/* How long this thread was ready to run while others did: a busy machine is no fault of the window's. */
static gint64
get_run_delay_us (const Pulse *pulse)
{
  char text[128] = "";
  char *end;

  if (pulse->schedule_fd < 0 || pread (pulse->schedule_fd, text, sizeof text - 1, 0) <= 0)
    return 0;
  strtoull (text, &end, 10);
  return (gint64) (strtoull (end, NULL, 10) / 1000);
}

gint64
pulse_get_own_time_us (const Pulse *pulse)
{
  return g_get_monotonic_time () - get_run_delay_us (pulse);
}

gint64
pulse_get_work_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gboolean
on_tick (gpointer data)
{
  Pulse *pulse = data;
  gint64 now_us = pulse_get_own_time_us (pulse), work_us = pulse_get_work_us ();

  pulse->longest_work_us = MAX (pulse->longest_work_us, work_us - pulse->last_work_us);
  pulse->last_work_us = work_us;
  pulse->longest_us = MAX (pulse->longest_us, now_us - pulse->last_us);
  pulse->last_us = now_us;
  pulse->n_ticks++;
  return G_SOURCE_CONTINUE;
}

void
pulse_begin (Pulse *pulse)
{
  pulse->schedule_fd = g_open ("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC, 0);
  pulse->last_us = pulse_get_own_time_us (pulse);
  pulse->longest_us = 0;
  pulse->last_work_us = pulse_get_work_us ();
  pulse->longest_work_us = 0;
  pulse->n_ticks = 0;
  pulse->id = g_timeout_add (TICK_MS, on_tick, pulse);
}

void
pulse_end (Pulse *pulse)
{
  on_tick (pulse);
  g_source_remove (pulse->id);
  if (pulse->schedule_fd >= 0)
    close (pulse->schedule_fd);
}
