/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/paint/theme.h"

#include <gtk/gtk.h>

/*
 * The theme of what we paint that goes with the style of a widget. The style is asked, not
 * the name of GTK's theme: any theme may be dark, or of high contrast. It may change
 * whenever the widget's css_changed () is called.
 */
TramaThemeName trama_style_theme_of (GtkWidget *widget);
