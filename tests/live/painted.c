/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/live/painted.h"

#include "ui/paint/paint.h"
#include "ui/paint/svg.h"

#include <string.h>

/* Of the size of a font: from its baseline to the top of its capitals, and to the foot of its letters. */
#define ASCENT 0.74
#define DESCENT 0.2

typedef struct
{
  GArray *texts;
  PaintedPart part;
  double y; /* of the upper end of what was painted */
  PaintedText open;
} Reader;

static double
get_number (const char **names, const char **values, const char *name)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], name))
      return g_ascii_strtod (values[i], NULL);
  return 0;
}

static void
start_element (GMarkupParseContext *context,
               const char *element,
               const char **names,
               const char **values,
               gpointer data,
               GError **error)
{
  Reader *reader = data;
  double x = get_number (names, values, "x"), y = get_number (names, values, "y") + reader->y;
  double size = get_number (names, values, "font-size"), length = get_number (names, values, "textLength");

  if (!g_str_equal (element, "text"))
    return;
  reader->open.part = reader->part;
  reader->open.box = (TramaRect){ x, y - ASCENT * size, length, (ASCENT + DESCENT) * size };
  /* What is turned reads upwards. */
  if (g_strv_contains (names, "transform"))
    reader->open.box = (TramaRect){ x - ASCENT * size, y - length, (ASCENT + DESCENT) * size, length };
}

static void
read_text (GMarkupParseContext *context, const char *text, gsize size, gpointer data, GError **error)
{
  Reader *reader = data;

  if (!g_str_equal (g_markup_parse_context_get_element (context), "text"))
    return;
  reader->open.text = g_strndup (text, size);
  g_array_append_val (reader->texts, reader->open);
}

static void
read_part (Reader *reader, TramaSvg *svg, PaintedPart part, double y)
{
  const GMarkupParser parser = { .start_element = start_element, .text = read_text };
  GMarkupParseContext *context = g_markup_parse_context_new (&parser, 0, reader, NULL);
  const GString *picture = trama_svg_end (svg);
  g_autoptr (GError) error = NULL;

  reader->part = part;
  reader->y = y;
  g_markup_parse_context_parse (context, picture->str, (gssize) picture->len, &error);
  g_assert_no_error (error);
  g_markup_parse_context_free (context);
}

static void
clear_text (gpointer data)
{
  g_free (((PaintedText *) data)->text);
}

GArray *
painted_list (const TramaChart *chart, const TramaEdge *edge, const TramaTrail *trail)
{
  Reader reader = { .texts = g_array_new (FALSE, FALSE, sizeof (PaintedText)) };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);

  g_array_set_clear_func (reader.texts, clear_text);
  for (PaintedPart part = PAINTED_HEADER; part <= PAINTED_LEGEND; part++)
    {
      g_autoptr (TramaSvg) svg = trama_svg_new (chart->width_px, chart->body_px, "", "");
      const TramaPainting painting = {
        .chart = chart, .theme = trama_theme_get (TRAMA_THEME_LIGHT), .svg = svg, .edge = edge, .trail = trail
      };
      cairo_t *cr = cairo_create (surface);

      if (part == PAINTED_HEADER)
        trama_paint_header (cr, &painting);
      else if (part == PAINTED_BODY)
        trama_paint_body (cr, &painting, 0, chart->body_px);
      else
        trama_paint_legend (cr, &painting);
      cairo_destroy (cr);
      read_part (&reader, svg, part, part == PAINTED_HEADER ? -chart->header_px : 0);
    }
  cairo_surface_destroy (surface);
  return reader.texts;
}
