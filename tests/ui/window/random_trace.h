/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Writes a trace that nobody could have recorded: up to five processes that make calls of
 * any kind with any values, some of which never return, and up to @n_events of those and of
 * packets, TCP, UDP, ICMP and rubbish, between a few addresses and ports. Times mostly go on,
 * by nanoseconds or by hours, and sometimes back. The same @rand gives the same trace.
 */
void random_trace_write (const char *path, GRand *rand, guint n_events);
