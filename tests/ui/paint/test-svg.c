/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/svg.h"

#include <locale.h>
#include <string.h>

typedef struct
{
  TramaSvg *svg;
  cairo_surface_t *surface;
  cairo_t *cr;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  fixture->svg = trama_svg_new (300, 200.5, "A <title>", "what & why");
  fixture->surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  fixture->cr = cairo_create (fixture->surface);
  cairo_set_source_rgba (fixture->cr, 1, 0, 0, 1);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_assert_cmpint (cairo_status (fixture->cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (fixture->cr);
  cairo_surface_destroy (fixture->surface);
  trama_svg_free (fixture->svg);
}

/* Ends the picture, which must be well formed and contain @part. */
static void
assert_contains (Fixture *fixture, const char *part)
{
  const GMarkupParser parser = { 0 };
  const GString *text = trama_svg_end (fixture->svg);
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_markup_parse_context_parse (context, text->str, (gssize) text->len, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
  if (strstr (text->str, part) == NULL)
    g_error ("“%s” is not in %s", part, text->str);
}

static void
test_empty (Fixture *fixture, gconstpointer user_data)
{
  assert_contains (fixture, "width=\"300\" height=\"200.5\" viewBox=\"0 0 300 200.5\"");
  assert_contains (fixture, "<title>A &lt;title&gt;</title>\n<desc>what &amp; why</desc>");
  assert_contains (fixture, "<desc>what &amp; why</desc>\n</svg>\n");
}

static void
test_fill (Fixture *fixture, gconstpointer user_data)
{
  cairo_translate (fixture->cr, 0, 100);
  cairo_rectangle (fixture->cr, 1, -2, 10.25, 5);
  cairo_set_source_rgba (fixture->cr, 1, 0.5, 0, 0.25);
  trama_svg_fill (fixture->svg, fixture->cr);
  assert_contains (fixture,
                   "<path d=\"M1 98L11.25 98L11.25 103L1 103Z\" fill=\"#ff8000\" fill-opacity=\"0.250\"/>");
}

static void
test_stroke (Fixture *fixture, gconstpointer user_data)
{
  const double dashes[] = { 3, 6.5 };

  cairo_move_to (fixture->cr, 0, 0);
  cairo_line_to (fixture->cr, 10, -0.5);
  cairo_set_line_width (fixture->cr, 2.5);
  cairo_set_line_cap (fixture->cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_dash (fixture->cr, dashes, 2, 0);
  trama_svg_stroke (fixture->svg, fixture->cr);
  assert_contains (fixture, "<path d=\"M0 0L10 -0.5\" stroke=\"#ff0000\" stroke-width=\"2.5\" "
                            "stroke-linecap=\"round\" stroke-dasharray=\"3 6.5\"/>");
}

static void
test_nothing (Fixture *fixture, gconstpointer user_data)
{
  trama_svg_stroke (fixture->svg, fixture->cr);
  cairo_move_to (fixture->cr, 5, 5);
  trama_svg_fill (fixture->svg, fixture->cr);
  assert_contains (fixture, "</desc>\n</svg>\n");
}

static void
test_gradient (Fixture *fixture, gconstpointer user_data)
{
  cairo_pattern_t *pattern = cairo_pattern_create_linear (0, 10, 0, 20);

  cairo_pattern_add_color_stop_rgba (pattern, 0, 0, 0, 0, 0);
  cairo_pattern_add_color_stop_rgba (pattern, 1, 0, 0, 0, 1);
  cairo_set_source (fixture->cr, pattern);
  cairo_pattern_destroy (pattern);
  cairo_rectangle (fixture->cr, 0, 10, 5, 10);
  trama_svg_fill (fixture->svg, fixture->cr);
  assert_contains (fixture,
                   "<linearGradient id=\"g1\" gradientUnits=\"userSpaceOnUse\" x1=\"0\" y1=\"10\" x2=\"0\" "
                   "y2=\"20\"><stop offset=\"0\" stop-color=\"#000000\" stop-opacity=\"0.000\"/>");
  assert_contains (fixture, " fill=\"url(#g1)\"/>");
}

/* A clip ends with what was saved before it, however many there are. */
static void
test_clip (Fixture *fixture, gconstpointer user_data)
{
  trama_svg_save (fixture->svg);
  for (guint i = 0; i < 2; i++)
    {
      cairo_rectangle (fixture->cr, 0, 0, 5, 5);
      trama_svg_clip (fixture->svg, fixture->cr);
    }
  trama_svg_restore (fixture->svg);
  assert_contains (fixture, "</clipPath>\n<g clip-path=\"url(#c2)\">\n</g>\n</g>\n</svg>");
}

static void
write_text (Fixture *fixture, const TramaText *text)
{
  trama_svg_text (fixture->svg, fixture->cr, text, 10, 20, 0);
}

static void
test_text (Fixture *fixture, gconstpointer user_data)
{
  const TramaText text = { "read(3, \"<&>\") = -1", TRAMA_TEXT_CALL, 1 };

  write_text (fixture, &text);
  assert_contains (fixture, "<text x=\"10\"");
  assert_contains (fixture, " font-family=\"JetBrains Mono, DejaVu Sans Mono, monospace\"");
  assert_contains (fixture, ">read(3, &quot;&lt;&amp;&gt;&quot;) = -1</text>");
}

/* What was cut on the screen is cut on paper, and says so. */
static void
test_cut_text (Fixture *fixture, gconstpointer user_data)
{
  const TramaText text = { "a text that is much too long", TRAMA_TEXT_CALL, 1, .room_px = 120 };

  write_text (fixture, &text);
  assert_contains (fixture, "…</text>");
  g_assert_null (strstr (trama_svg_end (fixture->svg)->str, "too long"));
}

static void
test_wrapped_text (Fixture *fixture, gconstpointer user_data)
{
  const TramaText text = { "one two three four five six", TRAMA_TEXT_CAPTION, 1, .room_px = 100,
                           .max_lines = 5 };
  guint n = 0;

  write_text (fixture, &text);
  for (const char *at = trama_svg_end (fixture->svg)->str; (at = strstr (at, "<text ")) != NULL; at++)
    n++;
  g_assert_cmpuint (n, >, 1);
  assert_contains (fixture, ">one ");
}

/* Phases are named along the edge of the picture. */
static void
test_turned_text (Fixture *fixture, gconstpointer user_data)
{
  const TramaText text = { "setup", TRAMA_TEXT_PHASE, 1 };

  cairo_translate (fixture->cr, 100, 50);
  cairo_rotate (fixture->cr, -G_PI_2);
  trama_svg_text (fixture->svg, fixture->cr, &text, 0, 0, 0);
  assert_contains (fixture, " transform=\"rotate(-90 ");
}

static void
test_groups (Fixture *fixture, gconstpointer user_data)
{
  for (guint i = 0; i < 2; i++)
    {
      trama_svg_begin_group (fixture->svg, "packet-7", "SYN from <a>");
      trama_svg_end_group (fixture->svg);
    }
  assert_contains (fixture, "<g id=\"packet-7\"><title>SYN from &lt;a&gt;</title>\n</g>\n"
                            "<g id=\"packet-7-label\"><title>SYN from &lt;a&gt;</title>\n</g>\n");
}

/* What XML has no place for, and what is no text at all, does not make it invalid. */
static void
test_hostile (Fixture *fixture, gconstpointer user_data)
{
  trama_svg_begin_group (fixture->svg, "note-1", "a\x01\x1b[2J\xff]]> b");
  trama_svg_end_group (fixture->svg);
  assert_contains (fixture, "<title>a[2J\357\277\275]]&gt; b</title>");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer user_data);
  } tests[] = {
    { "/ui/paint/svg/empty", test_empty },
    { "/ui/paint/svg/fill", test_fill },
    { "/ui/paint/svg/stroke", test_stroke },
    { "/ui/paint/svg/nothing", test_nothing },
    { "/ui/paint/svg/gradient", test_gradient },
    { "/ui/paint/svg/clip", test_clip },
    { "/ui/paint/svg/text", test_text },
    { "/ui/paint/svg/cut-text", test_cut_text },
    { "/ui/paint/svg/wrapped-text", test_wrapped_text },
    { "/ui/paint/svg/turned-text", test_turned_text },
    { "/ui/paint/svg/groups", test_groups },
    { "/ui/paint/svg/hostile", test_hostile },
  };

  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
