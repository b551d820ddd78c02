/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/session/stepper.h"

#include <gtk/gtk.h>

/*
 * The controls of a stepper, for the foot of a window: run, pause, step, run to the
 * cursor, stop, a button for each actor, the pace, and one sentence that says where
 * everybody stands. The buttons activate actions of the window: "win.go-on",
 * "win.pause", "win.step", "win.step-actor" (s), "win.run-to-cursor", "win.stop".
 */
#define TRAMA_TYPE_STEP_BAR (trama_step_bar_get_type ())
G_DECLARE_FINAL_TYPE (TramaStepBar, trama_step_bar, TRAMA, STEP_BAR, GtkWidget)

/* Once. Keeps a reference. */
void trama_step_bar_bind (TramaStepBar *bar, TramaStepper *stepper);

/* That would be run next, whose actors are shown while none runs; NULL: its text is not valid. */
void trama_step_bar_set_session (TramaStepBar *bar, TramaSession *session);

/* "server is held before line 12 · client is blocked in connect(), line 19". Borrowed. */
const char *trama_step_bar_get_sentence (TramaStepBar *bar);
