/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"
#include "core/source/source.h"

/*
 * Steps through a session at the terminal. Says what happens as it happens, and where every
 * actor stands when nothing moves any more; reads from standard input what to do next, a
 * line each. The end of the input stops a session that is held.
 */
typedef struct _TramaCliStepper TramaCliStepper;

/* @source was begun held, and the caller waits for its end; both are borrowed. */
TramaCliStepper *trama_cli_stepper_new (TramaSource *source, const TramaSession *session);

/* After that end. */
void trama_cli_stepper_free (TramaCliStepper *stepper);
