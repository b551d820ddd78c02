/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/theme.h"

#include <math.h>

static double
linear (double channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

/* WCAG 2.1, relative luminance and contrast ratio. */
static double
luminance (TramaColor color)
{
  return 0.2126 * linear (color.red) + 0.7152 * linear (color.green) + 0.0722 * linear (color.blue);
}

static double
contrast (TramaColor a, TramaColor b)
{
  const double brighter = MAX (luminance (a), luminance (b));
  const double darker = MIN (luminance (a), luminance (b));

  return (brighter + 0.05) / (darker + 0.05);
}

static void
test_contrast_itself (void)
{
  const TramaColor black = { 0, 0, 0, 1 };
  const TramaColor white = { 1, 1, 1, 1 };

  g_assert_cmpfloat_with_epsilon (contrast (black, white), 21, 0.001);
  g_assert_cmpfloat_with_epsilon (contrast (white, white), 1, 0.001);
}

static void
test_lines (gconstpointer is_dark)
{
  const TramaTheme *theme = trama_theme_get (GPOINTER_TO_INT (is_dark));

  for (guint kind = 0; kind < TRAMA_N_SEGMENT_KINDS; kind++)
    {
      g_assert_cmpfloat (theme->segment[kind].alpha, ==, 1);
      g_assert_cmpfloat (contrast (theme->segment[kind], theme->wire), >=, 3.0);
    }
  g_assert_cmpfloat (contrast (theme->bar, theme->column), >=, 4.5);
}

static void
test_text (gconstpointer is_dark)
{
  const TramaTheme *theme = trama_theme_get (GPOINTER_TO_INT (is_dark));

  g_assert_cmpint (theme->dark, ==, GPOINTER_TO_INT (is_dark));
  g_assert_cmpfloat (contrast (theme->ink, theme->column), >=, 7);
  g_assert_cmpfloat (contrast (theme->ink, theme->chip), >=, 7);
  g_assert_cmpfloat (contrast (theme->ink, theme->paper), >=, 7);
  g_assert_cmpfloat (contrast (theme->ink2, theme->column), >=, 4.5);
  g_assert_cmpfloat (contrast (theme->ink2, theme->wire), >=, 4.5);
  g_assert_cmpfloat (contrast (theme->ink2, theme->card), >=, 4.5);
  g_assert_cmpfloat (contrast (theme->ink3, theme->wire), >=, 4.5);
}

/* The words on a chip are in the packet's colour, in the light mixed towards the ink. */
static void
test_chip_text (gconstpointer is_dark)
{
  const TramaTheme *theme = trama_theme_get (GPOINTER_TO_INT (is_dark));

  for (guint kind = 0; kind < TRAMA_N_SEGMENT_KINDS; kind++)
    {
      const TramaColor word = theme->dark ? theme->segment[kind]
                                          : trama_color_mix (theme->segment[kind], theme->ink, 0.25);
      g_assert_cmpfloat (contrast (word, theme->chip), >=, 4.5);
    }
}

/* A sign is read on its shape, and the shape beside the column; none is told by its colour alone. */
static void
test_severities (gconstpointer is_dark)
{
  const TramaTheme *theme = trama_theme_get (GPOINTER_TO_INT (is_dark));

  for (guint severity = 0; severity < TRAMA_N_SEVERITIES; severity++)
    {
      g_assert_cmpfloat (contrast (theme->severity[severity], theme->wire), >=, 4.5);
      g_assert_cmpfloat (contrast (theme->sign, theme->severity[severity]), >=, 4.5);
    }
}

static void
test_phases_differ (gconstpointer is_dark)
{
  const TramaTheme *theme = trama_theme_get (GPOINTER_TO_INT (is_dark));

  for (guint a = TRAMA_PHASE_SETUP; a < TRAMA_N_PHASES; a++)
    for (guint b = a + 1; b < TRAMA_N_PHASES; b++)
      g_assert_cmpfloat (fabs (theme->phase[a].red - theme->phase[b].red)
                             + fabs (theme->phase[a].green - theme->phase[b].green)
                             + fabs (theme->phase[a].blue - theme->phase[b].blue),
                         >, 0.2);
}

static void
test_mix (void)
{
  const TramaColor a = { 0, 0.5, 1, 1 };
  const TramaColor b = { 1, 0.5, 0, 0 };
  const TramaColor middle = trama_color_mix (a, b, 0.25);

  g_assert_cmpfloat (middle.red, ==, 0.25);
  g_assert_cmpfloat (middle.green, ==, 0.5);
  g_assert_cmpfloat (middle.blue, ==, 0.75);
  g_assert_cmpfloat (middle.alpha, ==, 0.75);
  g_assert_cmpfloat (trama_color_with_alpha (a, 0.5).alpha, ==, 0.5);
  g_assert_cmpfloat (trama_color_with_alpha (a, 0.5).blue, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/paint/theme/contrast-itself", test_contrast_itself);
  g_test_add_func ("/ui/paint/theme/mix", test_mix);
  for (int is_dark = FALSE; is_dark <= TRUE; is_dark++)
    {
      g_autofree char *prefix = g_strdup_printf ("/ui/paint/theme/%s", is_dark ? "dark" : "light");
      g_autofree char *lines = g_strconcat (prefix, "/lines", NULL);
      g_autofree char *text = g_strconcat (prefix, "/text", NULL);
      g_autofree char *chips = g_strconcat (prefix, "/chips", NULL);
      g_autofree char *severities = g_strconcat (prefix, "/severities", NULL);
      g_autofree char *phases = g_strconcat (prefix, "/phases", NULL);

      g_test_add_data_func (lines, GINT_TO_POINTER (is_dark), test_lines);
      g_test_add_data_func (text, GINT_TO_POINTER (is_dark), test_text);
      g_test_add_data_func (chips, GINT_TO_POINTER (is_dark), test_chip_text);
      g_test_add_data_func (severities, GINT_TO_POINTER (is_dark), test_severities);
      g_test_add_data_func (phases, GINT_TO_POINTER (is_dark), test_phases_differ);
    }
  return g_test_run ();
}
