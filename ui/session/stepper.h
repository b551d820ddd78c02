/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"
#include "ui/feed.h"
#include "ui/session/actor_lines.h"

/*
 * Runs a session at the pace somebody wants: all at once, a step at a time, up to a
 * line, or slowly. Knows where each actor stands. Says to the lab what core/lab/lab.h
 * lets it say; the kernel is never held, only the actors' next steps.
 *
 * Signal "changed": the state, or where an actor stands, is another.
 */
#define TRAMA_TYPE_STEPPER (trama_stepper_get_type ())
G_DECLARE_FINAL_TYPE (TramaStepper, trama_stepper, TRAMA, STEPPER, GObject)

typedef enum
{
  TRAMA_STEPPER_IDLE, /* no session runs */
  TRAMA_STEPPER_RUNNING,
  TRAMA_STEPPER_HELD, /* each actor waits at the gate before its next step, or in a call */
} TramaStepperState;

#define TRAMA_STEPPER_MAX_PACE_MS 1000

TramaStepper *trama_stepper_new (TramaFeed *feed);

TramaStepperState trama_stepper_get_state (TramaStepper *stepper);

/* The one that runs. Borrowed; NULL: none does. */
TramaSession *trama_stepper_get_session (TramaStepper *stepper);

/* Where each actor of the session that runs stands; none when none runs. Borrowed until "changed". */
const TramaStand *trama_stepper_get_stands (TramaStepper *stepper, guint *n_stands);

/* Runs a session from its beginning; @held: its actors wait before their first steps. */
void trama_stepper_start (TramaStepper *stepper, TramaSession *session, gboolean held);

/* While a session runs; else they do nothing. */
void trama_stepper_pause (TramaStepper *stepper);
void trama_stepper_go_on (TramaStepper *stepper);
void trama_stepper_step (TramaStepper *stepper, const char *actor); /* NULL: whose turn it is */
void trama_stepper_run_to (TramaStepper *stepper, guint line);

/* So much time between one step and the next, from now on and in every run; 0: none. */
void trama_stepper_set_pace (TramaStepper *stepper, guint pace_ms);
guint trama_stepper_get_pace (TramaStepper *stepper);
