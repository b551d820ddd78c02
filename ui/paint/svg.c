/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/svg.h"

#include "core/trace/span.h"

#include <math.h>
#include <string.h>

#define MAX_DASHES 8

/* What is handed on at a time, or a little more. */
#define PIECE_BYTES (64 * 1024)

struct _TramaSvg
{
  GString *out;
  GArray *open;      /* of guint: how many groups the clips since each save have opened */
  GHashTable *names; /* of groups */
  guint n_defined;   /* clips and gradients, for their names */
  gboolean ended;
  TramaSvgSink sink; /* NULL: .out is all there is */
  gpointer sink_data;
  gboolean stopped; /* nothing more is wanted */
};

/* Hundredths of a pixel, without zeros at the end; never the decimal comma of a locale. */
static void
append_number (GString *out, double number)
{
  gint64 hundredths = llround (number * 100);

  if (hundredths < 0)
    g_string_append_c (out, '-');
  hundredths = ABS (hundredths);
  trama_decimal_append (out, hundredths / 100);
  if (hundredths % 100 == 0)
    return;
  g_string_append_c (out, '.');
  g_string_append_c (out, (char) ('0' + hundredths / 10 % 10));
  if (hundredths % 10 != 0)
    g_string_append_c (out, (char) ('0' + hundredths % 10));
}

static void
append_attribute (GString *out, const char *name, double number)
{
  g_string_append_c (out, ' ');
  g_string_append (out, name);
  g_string_append (out, "=\"");
  append_number (out, number);
  g_string_append_c (out, '"');
}

/* Without the characters that XML 1.0 has no place for, section 2.2. */
static void
append_text (GString *out, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      const gunichar c = g_utf8_get_char (p);

      if (c == '<')
        g_string_append (out, "&lt;");
      else if (c == '>')
        g_string_append (out, "&gt;");
      else if (c == '&')
        g_string_append (out, "&amp;");
      else if (c == '"')
        g_string_append (out, "&quot;");
      else if (!g_unichar_iscntrl (c) && c != 0xFFFE && c != 0xFFFF)
        g_string_append_unichar (out, c);
    }
}

static void
append_element (GString *out, const char *name, const char *text)
{
  g_string_append_printf (out, "<%s>", name);
  append_text (out, text);
  g_string_append_printf (out, "</%s>\n", name);
}

TramaSvg *
trama_svg_new (double width_px, double height_px, const char *title, const char *description)
{
  TramaSvg *self = g_new0 (TramaSvg, 1);
  GString *out = self->out = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                           "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\"");

  self->open = g_array_new (FALSE, TRUE, sizeof (guint));
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  append_attribute (out, "width", width_px);
  append_attribute (out, "height", height_px);
  g_string_append (out, " viewBox=\"0 0 ");
  append_number (out, width_px);
  g_string_append_c (out, ' ');
  append_number (out, height_px);
  /* Lines end and meet as cairo draws them. */
  g_string_append (out, "\" fill=\"none\" stroke-miterlimit=\"10\" xml:space=\"preserve\">\n");
  append_element (out, "title", title);
  append_element (out, "desc", description);
  return self;
}

void
trama_svg_free (TramaSvg *self)
{
  if (self == NULL)
    return;
  g_string_free (self->out, TRUE);
  g_array_unref (self->open);
  g_hash_table_unref (self->names);
  g_free (self);
}

void
trama_svg_set_sink (TramaSvg *self, TramaSvgSink sink, gpointer user_data)
{
  self->sink = sink;
  self->sink_data = user_data;
}

/* Between two elements, if they are more than @least_bytes. */
static void
hand_on (TramaSvg *self, gsize least_bytes)
{
  if (self->sink == NULL || self->out->len <= least_bytes)
    return;
  if (!self->stopped)
    self->stopped = !self->sink (self->out->str, self->out->len, self->sink_data);
  g_string_truncate (self->out, 0);
}

const GString *
trama_svg_end (TramaSvg *self)
{
  if (!self->ended)
    g_string_append (self->out, "</svg>\n");
  self->ended = TRUE;
  hand_on (self, 0);
  return self->out;
}

/* A point of the path, behind the letter of its command. */
static void
append_point (GString *out, char command, cairo_t *cr, const cairo_path_data_t *point)
{
  double x = point->point.x, y = point->point.y;

  cairo_user_to_device (cr, &x, &y);
  g_string_append_c (out, command);
  append_number (out, x);
  g_string_append_c (out, ' ');
  append_number (out, y);
}

/* FALSE: there is nothing to draw. */
static gboolean
append_path (GString *out, cairo_t *cr)
{
  cairo_path_t *path = cairo_copy_path (cr);
  gboolean drawn = FALSE;

  g_string_append (out, "<path d=\"");
  for (int i = 0; i < path->num_data; i += path->data[i].header.length)
    {
      const cairo_path_data_t *data = &path->data[i];

      switch (data->header.type)
        {
        case CAIRO_PATH_MOVE_TO:
          /* A closed path begins anew where it began; nothing is drawn from there. */
          if (i + data->header.length < path->num_data
              && path->data[i + data->header.length].header.type != CAIRO_PATH_MOVE_TO)
            append_point (out, 'M', cr, &data[1]);
          break;
        case CAIRO_PATH_LINE_TO:
          append_point (out, 'L', cr, &data[1]);
          drawn = TRUE;
          break;
        case CAIRO_PATH_CURVE_TO:
          append_point (out, 'C', cr, &data[1]);
          append_point (out, ' ', cr, &data[2]);
          append_point (out, ' ', cr, &data[3]);
          drawn = TRUE;
          break;
        case CAIRO_PATH_CLOSE_PATH:
          g_string_append_c (out, 'Z');
          break;
        }
    }
  cairo_path_destroy (path);
  g_string_append_c (out, '"');
  return drawn;
}

static guint
channel (double part)
{
  return (guint) lround (CLAMP (part, 0, 1) * 255);
}

/* @what: "fill", "stroke" or "stop-color"; its opacity has the name beside. */
static void
append_color (GString *out, const char *what, const char *opacity, const double rgba[4])
{
  g_string_append_printf (out, " %s=\"#%02x%02x%02x\"", what, channel (rgba[0]), channel (rgba[1]),
                          channel (rgba[2]));
  if (rgba[3] < 1)
    {
      g_string_append_printf (out, " %s=\"0.%03u\"", opacity,
                              (guint) lround (CLAMP (rgba[3], 0, 0.999) * 1000));
    }
}

static void
define_gradient (TramaSvg *self, cairo_t *cr, cairo_pattern_t *pattern)
{
  GString *out = self->out;
  double at[4];
  int n_stops = 0;

  cairo_pattern_get_linear_points (pattern, &at[0], &at[1], &at[2], &at[3]);
  cairo_user_to_device (cr, &at[0], &at[1]);
  cairo_user_to_device (cr, &at[2], &at[3]);
  g_string_append_printf (out, "<linearGradient id=\"g%u\" gradientUnits=\"userSpaceOnUse\"",
                          ++self->n_defined);
  append_attribute (out, "x1", at[0]);
  append_attribute (out, "y1", at[1]);
  append_attribute (out, "x2", at[2]);
  append_attribute (out, "y2", at[3]);
  g_string_append_c (out, '>');
  cairo_pattern_get_color_stop_count (pattern, &n_stops);
  for (int i = 0; i < n_stops; i++)
    {
      double offset = 0, rgba[4] = { 0 };

      cairo_pattern_get_color_stop_rgba (pattern, i, &offset, &rgba[0], &rgba[1], &rgba[2], &rgba[3]);
      g_string_append (out, "<stop");
      append_attribute (out, "offset", offset);
      append_color (out, "stop-color", "stop-opacity", rgba);
      g_string_append (out, "/>");
    }
  g_string_append (out, "</linearGradient>\n");
}

/* Of the context's source: one colour, or one gradient along a line. */
static void
append_source (GString *out, const char *what, const char *opacity, cairo_pattern_t *pattern, guint gradient)
{
  double rgba[4] = { 0, 0, 0, 1 };

  if (cairo_pattern_get_type (pattern) == CAIRO_PATTERN_TYPE_LINEAR)
    {
      g_string_append_printf (out, " %s=\"url(#g%u)\"", what, gradient);
      return;
    }
  cairo_pattern_get_rgba (pattern, &rgba[0], &rgba[1], &rgba[2], &rgba[3]);
  append_color (out, what, opacity, rgba);
}

static void
append_line_style (GString *out, cairo_t *cr)
{
  static const char *const caps[] = { NULL, "round", "square" };
  const char *cap = caps[MIN (cairo_get_line_cap (cr), G_N_ELEMENTS (caps) - 1)];
  const int n_dashes = cairo_get_dash_count (cr);

  append_attribute (out, "stroke-width", cairo_get_line_width (cr));
  if (cap != NULL)
    g_string_append_printf (out, " stroke-linecap=\"%s\"", cap);
  if (cairo_get_line_join (cr) == CAIRO_LINE_JOIN_ROUND)
    g_string_append (out, " stroke-linejoin=\"round\"");
  if (n_dashes > 0 && n_dashes <= MAX_DASHES)
    {
      double dashes[MAX_DASHES];

      cairo_get_dash (cr, dashes, NULL);
      g_string_append (out, " stroke-dasharray=\"");
      for (int i = 0; i < n_dashes; i++)
        {
          g_string_append (out, i > 0 ? " " : "");
          append_number (out, dashes[i]);
        }
      g_string_append_c (out, '"');
    }
}

/* Takes back what was written of a path without anything in it. */
static void
draw (TramaSvg *self, cairo_t *cr, gboolean strokes)
{
  cairo_pattern_t *source = cairo_get_source (cr);
  gsize before = self->out->len;

  if (self->stopped)
    return;
  if (cairo_pattern_get_type (source) == CAIRO_PATTERN_TYPE_LINEAR)
    define_gradient (self, cr, source);
  if (!append_path (self->out, cr))
    {
      g_string_truncate (self->out, before);
      return;
    }
  append_source (self->out, strokes ? "stroke" : "fill", strokes ? "stroke-opacity" : "fill-opacity", source,
                 self->n_defined);
  if (strokes)
    append_line_style (self->out, cr);
  g_string_append (self->out, "/>\n");
  hand_on (self, PIECE_BYTES);
}

void
trama_svg_fill (TramaSvg *self, cairo_t *cr)
{
  draw (self, cr, FALSE);
}

void
trama_svg_stroke (TramaSvg *self, cairo_t *cr)
{
  draw (self, cr, TRUE);
}

void
trama_svg_save (TramaSvg *self)
{
  g_array_set_size (self->open, self->open->len + 1);
}

void
trama_svg_clip (TramaSvg *self, cairo_t *cr)
{
  g_return_if_fail (self->open->len > 0);

  g_string_append_printf (self->out, "<clipPath id=\"c%u\">", ++self->n_defined);
  append_path (self->out, cr);
  g_string_append_printf (self->out, "/></clipPath>\n<g clip-path=\"url(#c%u)\">\n", self->n_defined);
  g_array_index (self->open, guint, self->open->len - 1)++;
}

void
trama_svg_restore (TramaSvg *self)
{
  g_return_if_fail (self->open->len > 0);

  for (guint n = g_array_index (self->open, guint, self->open->len - 1); n > 0; n--)
    g_string_append (self->out, "</g>\n");
  g_array_set_size (self->open, self->open->len - 1);
}

void
trama_svg_begin_group (TramaSvg *self, const char *id, const char *title)
{
  gboolean is_first;

  if (self->stopped)
    return;
  is_first = g_hash_table_add (self->names, g_strdup (id));
  g_string_append_printf (self->out, "<g id=\"%s%s\">", id, is_first ? "" : "-label");
  append_element (self->out, "title", title);
}

void
trama_svg_end_group (TramaSvg *self)
{
  g_string_append (self->out, "</g>\n");
}

typedef struct
{
  TramaSvg *svg;
  cairo_t *cr;
} Pen;

/* Another font than the one it was laid out in is drawn as wide as that one, and so stays in its pill. */
static void
write_line (const TramaTextLine *line, gpointer data)
{
  const Pen *pen = data;
  GString *out = pen->svg->out;
  double x = line->x, y = line->baseline_y;
  cairo_matrix_t matrix;

  cairo_get_matrix (pen->cr, &matrix);
  cairo_user_to_device (pen->cr, &x, &y);
  g_string_append (out, "<text");
  append_attribute (out, "x", x);
  append_attribute (out, "y", y);
  g_string_append_printf (out, " font-family=\"%s\" font-weight=\"%d\"", line->family, line->weight);
  append_attribute (out, "font-size", line->size_px);
  append_attribute (out, "textLength", line->width_px);
  g_string_append (out, " lengthAdjust=\"spacingAndGlyphs\"");
  if (line->tabular)
    g_string_append (out, " style=\"font-variant-numeric:tabular-nums\"");
  if (matrix.yx != 0)
    {
      g_string_append (out, " transform=\"rotate(");
      append_number (out, atan2 (matrix.yx, matrix.xx) * 180 / G_PI);
      g_string_append_c (out, ' ');
      append_number (out, x);
      g_string_append_c (out, ' ');
      append_number (out, y);
      g_string_append (out, ")\"");
    }
  append_source (out, "fill", "fill-opacity", cairo_get_source (pen->cr), 0);
  g_string_append_c (out, '>');
  append_text (out, line->text);
  g_string_append (out, "</text>\n");
}

void
trama_svg_text (TramaSvg *self, cairo_t *cr, const TramaText *text, double x, double y, double align)
{
  Pen pen = { self, cr };

  if (self->stopped)
    return;
  trama_text_place (text, x, y, align, write_line, &pen);
  hand_on (self, PIECE_BYTES);
}
