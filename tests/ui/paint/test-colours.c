/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/canvas.h"

#include <math.h>
#include <string.h>

/* Text, WCAG 2.1, success criterion 1.4.3. */
#define TEXT_CONTRAST 4.5

/* Everything else that is to be seen, 1.4.11. */
#define SIGN_CONTRAST 3

/* CIEDE2000 between kinds of packets; half of what the palette was searched for would still be seen apart. */
#define DIFFERENCE_MIN 10

/* How many pixels of an arrow must be others, without any colour. */
#define SHAPE_PIXELS_MIN 25

static double
linear (double channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

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
assert_readable (const char *what, TramaColor text, TramaColor ground)
{
  if (contrast (text, ground) < TEXT_CONTRAST)
    g_error ("%s: contrast %.2f", what, contrast (text, ground));
}

static void
assert_seen (const char *what, TramaColor sign, TramaColor ground)
{
  if (contrast (sign, ground) < SIGN_CONTRAST)
    g_error ("%s: contrast %.2f", what, contrast (sign, ground));
}

/* What lies under the words beside the columns: the wire, as each phase tints it. */
static TramaColor
tinted (const TramaTheme *theme, guint phase)
{
  return phase == TRAMA_PHASE_NONE
             ? theme->wire
             : trama_color_mix (theme->wire, theme->phase[phase], theme->dark ? 0.07 : 0.05);
}

static void
test_text (gconstpointer name)
{
  const TramaTheme *theme = trama_theme_get (GPOINTER_TO_INT (name));
  const TramaColor tear = trama_color_mix (theme->wire, theme->ink, theme->dark ? 0.06 : 0.045);

  assert_readable ("a call", theme->ink, theme->column);
  assert_readable ("its arguments", theme->ink2, theme->column);
  assert_readable ("a note", theme->ink, theme->chip);
  assert_readable ("a note of the user's", theme->ink, theme->paper);
  assert_readable ("who", theme->ink, theme->card);
  assert_readable ("the pid", theme->ink2, theme->card);
  assert_readable ("a port", theme->column, theme->ink);
  assert_readable ("how many packets", theme->ink3, theme->wire);
  assert_readable ("a gap", theme->ink2, tear);
  for (guint phase = 0; phase < TRAMA_N_PHASES; phase++)
    {
      assert_readable ("a time", theme->ink2, tinted (theme, phase));
      assert_readable ("the first time", theme->ink, tinted (theme, phase));
      assert_readable ("packets not observed", theme->ink2, tinted (theme, phase));
      assert_readable ("the name of a phase", trama_color_mix (theme->phase[phase], theme->ink, 0.25),
                       tinted (theme, phase));
    }
  for (guint i = 0; i < 8; i++)
    assert_readable ("an initial", (TramaColor){ 1, 1, 1, 1 }, trama_theme_get_actor (i));
  assert_readable ("the kernel's", (TramaColor){ 1, 1, 1, 1 }, trama_theme_get_kernel ());
}

/* What is no text, and says something by being there. */
static void
test_signs (gconstpointer name)
{
  const TramaTheme *theme = trama_theme_get (GPOINTER_TO_INT (name));

  assert_seen ("a call that waits", theme->wait, theme->column);
  assert_seen ("a call that runs", theme->bar, theme->column);
  for (guint kind = 0; kind < TRAMA_N_SEGMENT_KINDS; kind++)
    assert_seen ("an arrow", theme->segment[kind], theme->wire);
  for (guint severity = 0; severity < TRAMA_N_SEVERITIES; severity++)
    assert_seen ("a finding", theme->severity[severity], theme->wire);
  for (guint phase = 0; phase < TRAMA_N_PHASES; phase++)
    assert_seen ("a phase", theme->phase[phase], theme->wire);
}

static void
test_flags (gconstpointer name)
{
  const TramaTheme *theme = trama_theme_get (GPOINTER_TO_INT (name));

  for (guint kind = 0; kind < TRAMA_N_SEGMENT_KINDS; kind++)
    assert_readable ("flags",
                     theme->dark ? theme->segment[kind]
                                 : trama_color_mix (theme->segment[kind], theme->ink, 0.25),
                     theme->chip);
}

/* They have the colours of the packets that lead to them, or of nothing much. */
static void
test_states (gconstpointer name)
{
  const TramaTheme *theme = trama_theme_get (GPOINTER_TO_INT (name));
  const TramaColor white = { 1, 1, 1, 1 };
  const TramaColor colors[] = { theme->segment[TRAMA_SEGMENT_SYN], theme->segment[TRAMA_SEGMENT_DATA],
                                theme->segment[TRAMA_SEGMENT_FIN], theme->ink3 };

  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    {
      const TramaColor band = trama_color_mix (theme->column, colors[i], theme->dark ? 0.26 : 0.16);

      assert_readable ("a state", trama_color_mix (colors[i], theme->dark ? white : theme->ink, 0.45), band);
      assert_readable ("its descriptor", theme->ink2, band);
    }
}

typedef struct
{
  double l, a, b;
} Lab;

/* How the channels mix for whoever lacks one kind of cone: Machado, Oliveira and Fernandes (2009), severity 1. */
static const double sights[][9] = {
  { 1, 0, 0, 0, 1, 0, 0, 0, 1 },
  { 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998 },
  { 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881 },
  { 1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900 },
};
static const char *const sight_names[] = { "all cones", "protanopia", "deuteranopia", "tritanopia" };

static double
lab_curve (double t)
{
  return t > 216.0 / 24389 ? cbrt (t) : (24389.0 / 27 * t + 16) / 116;
}

/* sRGB through @sight to CIELAB, D65. */
static Lab
see (TramaColor color, const double *sight)
{
  const double rgb[] = { linear (color.red), linear (color.green), linear (color.blue) };
  double seen[3], x, y, z;

  for (guint i = 0; i < 3; i++)
    seen[i] = CLAMP (sight[3 * i] * rgb[0] + sight[3 * i + 1] * rgb[1] + sight[3 * i + 2] * rgb[2], 0, 1);
  x = lab_curve ((0.4124564 * seen[0] + 0.3575761 * seen[1] + 0.1804375 * seen[2]) / 0.95047);
  y = lab_curve (0.2126729 * seen[0] + 0.7151522 * seen[1] + 0.0721750 * seen[2]);
  z = lab_curve ((0.0193339 * seen[0] + 0.1191920 * seen[1] + 0.9503041 * seen[2]) / 1.08883);
  return (Lab){ 116 * y - 16, 500 * (x - y), 200 * (y - z) };
}

static double
hue (double a, double b)
{
  const double angle = atan2 (b, a);

  return a == 0 && b == 0 ? 0 : angle < 0 ? angle + 2 * G_PI : angle;
}

static double
seventh (double chroma)
{
  return sqrt (pow (chroma, 7) / (pow (chroma, 7) + pow (25, 7)));
}

/* Sharma, Wu and Dalal (2005). */
static double
ciede2000 (Lab one, Lab other)
{
  const double g = 0.5 * (1 - seventh ((hypot (one.a, one.b) + hypot (other.a, other.b)) / 2));
  const double a1 = (1 + g) * one.a, a2 = (1 + g) * other.a;
  const double c1 = hypot (a1, one.b), c2 = hypot (a2, other.b);
  const double h1 = hue (a1, one.b), h2 = hue (a2, other.b);
  const double l = (one.l + other.l) / 2, c = (c1 + c2) / 2;
  double dh = h2 - h1, h = (h1 + h2) / 2, t, turn, dl, dc;

  if (fabs (dh) > G_PI)
    {
      h += h1 + h2 < 2 * G_PI ? G_PI : -G_PI;
      dh += dh > 0 ? -2 * G_PI : 2 * G_PI;
    }
  if (c1 * c2 == 0)
    {
      dh = 0;
      h = h1 + h2;
    }
  t = 1 - 0.17 * cos (h - G_PI / 6) + 0.24 * cos (2 * h) + 0.32 * cos (3 * h + G_PI / 30)
      - 0.20 * cos (4 * h - 63 * G_PI / 180);
  turn = -2 * seventh (c) * sin (2 * G_PI / 6 * exp (-pow ((h * 180 / G_PI - 275) / 25, 2)));
  dl = (other.l - one.l) / (1 + 0.015 * pow (l - 50, 2) / sqrt (20 + pow (l - 50, 2)));
  dc = (c2 - c1) / (1 + 0.045 * c);
  dh = 2 * sqrt (c1 * c2) * sin (dh / 2) / (1 + 0.015 * c * t);
  return sqrt (dl * dl + dc * dc + dh * dh + turn * dc * dh);
}

/* From table 1 of that paper. */
static void
test_ciede2000 (void)
{
  static const struct
  {
    Lab one, other;
    double difference;
  } pairs[] = {
    { { 50, 2.6772, -79.7751 }, { 50, 0, -82.7485 }, 2.0425 },
    { { 50, -1, 2 }, { 50, 0, 0 }, 2.3669 },
    { { 50, 2.5, 0 }, { 73, 25, -18 }, 27.1492 },
    { { 50, 2.5, 0 }, { 61, -5, 29 }, 22.8977 },
    { { 60.2574, -34.0099, 36.2677 }, { 60.4626, -34.1751, 39.4387 }, 1.2644 },
    { { 2.0776, 0.0795, -1.1350 }, { 0.9033, -0.0636, -0.5514 }, 0.9082 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_assert_cmpfloat_with_epsilon (ciede2000 (pairs[i].one, pairs[i].other), pairs[i].difference, 0.0001);
}

/* An ACK and a packet of another protocol are both grey, and only differ in shape. */
static void
test_kinds_differ (gconstpointer name)
{
  const TramaTheme *theme = trama_theme_get (GPOINTER_TO_INT (name));

  for (guint sight = 0; sight < G_N_ELEMENTS (sights); sight++)
    for (guint a = 0; a < TRAMA_N_SEGMENT_KINDS; a++)
      for (guint b = a + 1; b < TRAMA_SEGMENT_OTHER; b++)
        {
          const double difference = ciede2000 (see (theme->segment[a], sights[sight]),
                                               see (theme->segment[b], sights[sight]));

          if (difference < DIFFERENCE_MIN)
            g_error ("kinds %u and %u differ by %.1f with %s", a, b, difference, sight_names[sight]);
        }
}

#define ARROW_WIDTH 160
#define ARROW_HEIGHT 40

static void
draw_black (guint kind, guint8 pixels[ARROW_HEIGHT][ARROW_WIDTH])
{
  const TramaChart chart = { .width_px = ARROW_WIDTH, .body_px = ARROW_HEIGHT, .scale = 1 };
  TramaTheme theme = *trama_theme_get (TRAMA_THEME_PRINT);
  const TramaPainting painting = { .chart = &chart, .theme = &theme };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, ARROW_WIDTH, ARROW_HEIGHT);
  cairo_t *cr = cairo_create (surface);
  const TramaCanvas canvas = {
    .cr = cr, .painting = &painting, .chart = &chart, .theme = &theme, .scale = 1, .y1 = ARROW_HEIGHT
  };
  const TramaChartArrow arrow = { .kind = (guint8) kind, .x0 = 5, .y0 = 16, .x1 = 155, .y1 = 24 };

  for (guint i = 0; i < TRAMA_N_SEGMENT_KINDS; i++)
    theme.segment[i] = (TramaColor){ 0, 0, 0, 1 };
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  trama_canvas_draw_arrow (&canvas, &arrow);
  cairo_surface_flush (surface);
  for (guint y = 0; y < ARROW_HEIGHT; y++)
    for (guint x = 0; x < ARROW_WIDTH; x++)
      pixels[y][x] = cairo_image_surface_get_data (
          surface)[y * (guint) cairo_image_surface_get_stride (surface) + 4 * x];
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* Printed without any colour, no two kinds of packets look alike. */
static void
test_shapes_differ (void)
{
  static guint8 pixels[TRAMA_N_SEGMENT_KINDS][ARROW_HEIGHT][ARROW_WIDTH];

  for (guint kind = 0; kind < TRAMA_N_SEGMENT_KINDS; kind++)
    draw_black (kind, pixels[kind]);
  for (guint a = 0; a < TRAMA_N_SEGMENT_KINDS; a++)
    for (guint b = a + 1; b < TRAMA_N_SEGMENT_KINDS; b++)
      {
        guint n = 0;

        for (guint y = 0; y < ARROW_HEIGHT; y++)
          for (guint x = 0; x < ARROW_WIDTH; x++)
            n += ABS ((int) pixels[a][y][x] - (int) pixels[b][y][x]) > 128;
        if (n < SHAPE_PIXELS_MIN)
          g_error ("kinds %u and %u differ in %u pixels", a, b, n);
      }
}

int
main (int argc, char **argv)
{
  static const char *const names[TRAMA_N_THEMES] = { "light", "dark", "print", "contrast", "contrast-dark" };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/paint/colours/ciede2000", test_ciede2000);
  g_test_add_func ("/ui/paint/colours/shapes-differ", test_shapes_differ);
  for (int i = 0; i < TRAMA_N_THEMES; i++)
    {
      g_autofree char *text = g_strdup_printf ("/ui/paint/colours/%s/text", names[i]);
      g_autofree char *signs = g_strdup_printf ("/ui/paint/colours/%s/signs", names[i]);
      g_autofree char *flags = g_strdup_printf ("/ui/paint/colours/%s/flags", names[i]);
      g_autofree char *states = g_strdup_printf ("/ui/paint/colours/%s/states", names[i]);
      g_autofree char *kinds = g_strdup_printf ("/ui/paint/colours/%s/kinds-differ", names[i]);

      g_test_add_data_func (text, GINT_TO_POINTER (i), test_text);
      g_test_add_data_func (signs, GINT_TO_POINTER (i), test_signs);
      g_test_add_data_func (flags, GINT_TO_POINTER (i), test_flags);
      g_test_add_data_func (states, GINT_TO_POINTER (i), test_states);
      g_test_add_data_func (kinds, GINT_TO_POINTER (i), test_kinds_differ);
    }
  return g_test_run ();
}
