/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

typedef enum
{
  RANDOM_TRACE_MIXED,   /* processes and what they sent */
  RANDOM_TRACE_FOREIGN, /* packets alone, as another program captured them */
  RANDOM_TRACE_PCAP,    /* the same, in the format of tcpdump */
  RANDOM_TRACE_CALLS,   /* no packet was seen */
  RANDOM_TRACE_UNIX,    /* sockets of AF_UNIX, which have no packets */
  RANDOM_TRACE_HOSTILE, /* mixed, then damaged */
  RANDOM_TRACE_N_KINDS,
} RandomTraceKind;

/*
 * Writes a trace of @kind that nobody could have recorded: up to five processes that make calls of
 * any kind with any values, some of which never return, and up to @n_events of those and of
 * packets, TCP, UDP, ICMP and rubbish, between a few addresses and ports, or many. Times mostly go on,
 * by nanoseconds or by hours, and sometimes back. The same @rand gives the same trace.
 */
void random_trace_write (const char *path, GRand *rand, RandomTraceKind kind, guint n_events);
