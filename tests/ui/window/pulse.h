/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * How long the main loop keeps a timeout waiting that is due every few milliseconds: what a
 * user waits for an answer of the window. Time in which other programs had the processor
 * while this thread was ready to run does not count, where the kernel tells (proc(5)).
 */
typedef struct
{
  guint id;
  int schedule_fd; /* -1: the kernel does not tell */
  gint64 last_us;
  gint64 longest_us;
  gint64 last_work_us;
  gint64 longest_work_us; /* of that, what this thread worked */
  guint n_ticks;
} Pulse;

void pulse_begin (Pulse *pulse);
void pulse_end (Pulse *pulse);

/* Time, less what others took of it. */
gint64 pulse_get_own_time_us (const Pulse *pulse);

/* What this thread has worked. */
gint64 pulse_get_work_us (void);
