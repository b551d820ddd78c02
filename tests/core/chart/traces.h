/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/core/fixture.h"

/* Traces to be laid out: usual ones, bare ones, crowded ones, and what only a damaged file holds. */
typedef struct
{
  const char *name;
  void (*make) (Fixture *fixture);
} TestTrace;

extern const TestTrace test_traces[];
extern const guint test_n_traces;

/* The telephone call, and a read() of the client that has not returned. */
void make_blocked (Fixture *fixture);

/* 123 datagrams, 61 of which are earlier than the one before them in the file; the second by 8 ms. */
void make_steps_back (Fixture *fixture);
void make_workers (Fixture *fixture);

/* On the host: calls, and a ground that says why there are no packets. */
void make_unobserved (Fixture *fixture);
