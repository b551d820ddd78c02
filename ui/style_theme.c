/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/style_theme.h"

#include <math.h>

/*
 * Between borders and the ground of lists, where themes of high contrast differ most from others: in GTK 4.8
 * 4.1 and, dark, 2.5, and 1.7 and 1.3 in its usual ones.
 */
#define HIGH_BORDER_CONTRAST 2

static double
linear (float channel)
{
  const double value = (double) channel;

  return value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

/* WCAG 2.1, relative luminance. */
static double
luminance (const GdkRGBA *color)
{
  return 0.2126 * linear (color->red) + 0.7152 * linear (color->green) + 0.0722 * linear (color->blue);
}

/* A theme need not name its colours: then nothing is known of its contrast. */
static gboolean
has_high_contrast (GtkStyleContext *style)
{
  GdkRGBA border, ground;
  double a, b;

  if (!gtk_style_context_lookup_color (style, "borders", &border)
      || !gtk_style_context_lookup_color (style, "theme_base_color", &ground) || border.alpha < 1)
    return FALSE;
  a = luminance (&border) + 0.05;
  b = luminance (&ground) + 0.05;
  return MAX (a, b) / MIN (a, b) >= HIGH_BORDER_CONTRAST;
}

TramaThemeName
trama_style_theme_of (GtkWidget *widget)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  GdkRGBA text;
  gboolean dark;

  gtk_style_context_get_color (style, &text);
  dark = text.red * 0.30f + text.green * 0.59f + text.blue * 0.11f > 0.5f;
  if (has_high_contrast (style))
    return dark ? TRAMA_THEME_CONTRAST_DARK : TRAMA_THEME_CONTRAST;
  return dark ? TRAMA_THEME_DARK : TRAMA_THEME_LIGHT;
}
