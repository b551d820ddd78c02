/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * `trama [FILE | SESSION]`. Every start is a process of its own: its working
 * directory, its standard input and its helpers are the caller's.
 */
#define TRAMA_TYPE_APPLICATION (trama_application_get_type ())
G_DECLARE_FINAL_TYPE (TramaApplication, trama_application, TRAMA, APPLICATION, GtkApplication)

TramaApplication *trama_application_new (void);
