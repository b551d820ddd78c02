/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * Light or dark. Follows the desktop, which plain GTK 4.8 does not: the settings
 * portal where there is one, else GNOME's setting, else GTK's own. Once the user
 * has chosen, the choice holds and the desktop is no longer asked.
 *
 * Property "dark". Main thread only.
 */
#define TRAMA_TYPE_COLOR_SCHEME (trama_color_scheme_get_type ())
G_DECLARE_FINAL_TYPE (TramaColorScheme, trama_color_scheme, TRAMA, COLOR_SCHEME, GObject)

/* @bus may be NULL: no session bus, no portal. */
TramaColorScheme *trama_color_scheme_new (GDBusConnection *bus);

gboolean trama_color_scheme_get_dark (TramaColorScheme *scheme);

/* The user's choice. */
void trama_color_scheme_choose (TramaColorScheme *scheme, gboolean dark);
