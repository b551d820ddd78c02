/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view_state.h"

#include <gtk/gtk.h>

/* Called once when something was written or could not be; @error is NULL, or borrowed. @owner is alive. */
typedef void (*TramaExportDone) (gpointer owner, const char *path, const GError *error);

/*
 * Asks what of the ladder goes on paper, in what format and colours, says how large that
 * becomes and how it will look, asks for a file, and writes it in a thread: the window can be
 * worked in meanwhile, and what is given up leaves nothing behind. @state has a table. Returns
 * the dialog, which goes
 * by itself, at the latest with its parent, which is the owner.
 */
GtkWidget *
trama_export_dialog_open (GtkWindow *parent, TramaViewState *state, const char *name, TramaExportDone done);

/* As when the user has chosen that file. Once. */
void trama_export_dialog_write (GtkWidget *dialog, const char *path);
