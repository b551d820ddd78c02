/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/lab/turns.h"

#include <stdatomic.h>

/*
 * Private to the turns: the memory that all actors and the lab share. turns.c has the
 * rules of who goes, turns_places.c what is known of each process, turns_commands.c what
 * the lab does with the gates.
 */

typedef enum
{
  TRAMA_SLOT_RUNNING, /* on its way to the next gate */
  TRAMA_SLOT_AT_GATE,
  TRAMA_SLOT_IN_CALL, /* running or asleep, the kernel knows */
  TRAMA_SLOT_WAITING, /* for a signal */
  TRAMA_SLOT_RESTING, /* for a time */
  TRAMA_SLOT_ENDED,
} TramaSlotStatus;

/* Why a gate may be shut; TramaTurns.gates. */
enum
{
  TRAMA_GATE_ORDERED = 1 << 0,
  TRAMA_GATE_HELD = 1 << 1,
  TRAMA_GATE_PACED = 1 << 2,
  TRAMA_GATE_UNTIL = 1 << 3,
};

/* Each on a line of the cache of its own: an actor writes there all the time. */
typedef struct
{
  _Alignas(64) _Atomic guint32 status;
  _Atomic guint32 line;
  _Atomic guint32 receives;
  _Atomic guint32 signal, count; /* what it waits for */
  _Atomic gint32 pid;
  _Atomic guint32 steps_granted; /* to it by name */
  _Atomic guint32 key;           /* 0: not forked by an actor */
  _Atomic guint64 calls, steps;
  _Atomic gint64 start_ns;
  _Atomic guint32 parent;
  _Atomic guint32 reaped;
  _Atomic gint32 wanted_exit;
  _Atomic guint64 wanted_signals; /* a bit each */
} TramaSlot;

struct _TramaTurns
{
  /* Goes up with every change; who has seen the old one and nothing newer may go. */
  _Alignas(64) _Atomic guint32 epoch;
  _Atomic guint32 nappers;
  _Atomic guint32 last;
  _Atomic guint32 steps_granted; /* to whose turn it is */
  _Atomic guint32 turns_taken;
  _Atomic gint64 next_step_ns; /* CLOCK_MONOTONIC; when paced */
  _Alignas(64) _Atomic guint32 gates;
  _Atomic guint32 until_line;
  _Atomic gint64 pace_ns;
  guint32 n_written; /* actors of the session; who is forked comes behind */
  guint32 order;     /* TramaSessionOrder */
  _Atomic guint32 failed;
  guint32 failure_line;
  char failure[TRAMA_TURNS_FAILURE_BYTES];
  _Atomic guint32 signals[TRAMA_SESSION_MAX_SIGNALS];
  TramaSlot slots[TRAMA_TURNS_MAX_ACTORS];
};

/* Something has changed that others may wait for. */
void trama_turns_announce (TramaTurns *turns);

/* The same, for a status; where the gates are open nobody waits for it. */
void trama_turns_set_status (TramaTurns *turns, guint actor, TramaSlotStatus status);
