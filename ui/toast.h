/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * A line that rises over the picture, says that something was done, and goes
 * again. Not for errors: those go to TramaNotices, which waits to be read.
 */
#define TRAMA_TYPE_TOAST (trama_toast_get_type ())
G_DECLARE_FINAL_TYPE (TramaToast, trama_toast, TRAMA, TOAST, GtkWidget)

/* Replaces what is shown. */
void trama_toast_show (TramaToast *toast, const char *text);

/* What is shown; NULL: nothing. Borrowed. */
const char *trama_toast_get_text (TramaToast *toast);
