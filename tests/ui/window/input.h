/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/ui/window/fixture.h"

/*
 * The mouse and the keyboard, as a user has them: xdotool presses, the X server
 * delivers. There is no window manager, so the window takes the focus itself.
 */

/* FALSE: there is no xdotool, and the test was said to be skipped. */
gboolean input_is_possible (void);

/* A command of xdotool(1), and whatever follows from it. */
void input_do (Fixture *fixture, const char *command);

/* Of the window that shows the telephone session. */
void input_focus (Fixture *fixture);

/* Moves the pointer to a point of @widget. */
void input_point_at (Fixture *fixture, GtkWidget *widget, double x, double y);
