/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/ui/window/fixture.h"

/*
 * Somebody who presses and clicks whatever there is, on traces that make no sense: the inputs come from
 * xdotool as from a user, the deeds go by the window's own functions. The same @rand walks the same way, as far as
 * clocks allow.
 */
typedef struct
{
  Fixture *fixture;
  GRand *rand;
  char *folder; /* for what is opened and exported */
  int width_px; /* how large the window was asked to be at least, while inputs come */
  int height_px;
  GBytes *rest; /* of what is opened, not written yet; NULL: it is whole */
  guint n_meanwhile;
} Walk;

/* From 0 to n - 1. */
guint walk_pick (Walk *walk, guint n);

/* So many inputs into @window, and whatever follows from them. FALSE: it was gone before the last of them. */
gboolean walk_inputs (Walk *walk, GtkWindow *window, guint n_inputs);

/* Another trace of a random kind, in place of what is shown. */
void walk_open (Walk *walk);

/* One of what a user does less often: another session, a file written, another size, another theme. */
void walk_deed (Walk *walk);

/* What nobody presses: two fingers spread, the desktop has another theme, the window another size, the file grows. */
void walk_meanwhile (Walk *walk);

/* Before the next inputs: some other size, from which walk_meanwhile () only makes it larger. */
void walk_resize (Walk *walk);

/* When no more inputs come: closes the menus, and takes the pointer away. */
void walk_leave (Walk *walk);

/* Dialogs that stand over the window are answered, or closed. */
void walk_close_dialogs (Walk *walk, int response);

/* One of those dialogs, if it is one that may be walked in: no file is chosen. */
GtkWindow *walk_find_dialog (Walk *walk);
