/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/paint/canvas.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define COLUMN_TOP_PX 18 /* below the top of the header */
#define COLUMN_END_PX 3  /* above the end of the body */
#define CARD_TOP_PX 28
#define CARD_HEIGHT_PX 82
#define DISC_X_PX 50 /* and of an endpoint, which has no initial */
#define DOT_X_PX 32
#define NAME_X_PX 88
#define NAME_OF_ENDPOINT_LEAST 0.7 /* as large: its end, which is the port, counts */
#define NAME_LEAST 0.75
#define SUBTITLE_LEAST 0.85
#define NAME_OF_ENDPOINT_X_PX 50
#define PIN_RIGHT_PX 22
#define PIN_TOP_PX 13
#define SCOPE_LEFT_PX 20
#define SCOPE_MIDDLE_PX 24

/* The line that says how much of all is drawn is above the rest of the header. */
static double
header_top (const TramaCanvas *canvas)
{
  return -canvas->chart->header_px + canvas->chart->scope_px;
}

static void
draw_column (const TramaCanvas *canvas, const TramaChartColumn *column)
{
  const TramaChart *chart = canvas->chart;
  const double s = canvas->scale;
  const double top = trama_canvas_clamp (canvas, header_top (canvas) + COLUMN_TOP_PX * s);
  const double bottom = trama_canvas_clamp (canvas, chart->body_px - COLUMN_END_PX * s);

  trama_canvas_round_rect (canvas, column->x0, top, column->x1 - column->x0, bottom - top, 16 * s);
  trama_canvas_set_color (canvas, canvas->theme->column);
  trama_canvas_fill_preserve (canvas);
  trama_canvas_set_color (canvas, canvas->theme->column_border);
  cairo_set_line_width (canvas->cr, 1.5 * s);
  trama_canvas_stroke (canvas);
}

void
trama_canvas_draw_columns (const TramaCanvas *canvas)
{
  for (guint i = 0; i < canvas->chart->n_columns; i++)
    draw_column (canvas, &canvas->chart->columns[i]);
}

static void
draw_card_ground (const TramaCanvas *canvas, double x, double y, double width, double height)
{
  const double s = canvas->scale;

  trama_canvas_set_color (canvas, (TramaColor){ 0, 0, 0, canvas->theme->dark ? 0.05 : 0.011 });
  for (int i = 6; i > 0; i--)
    {
      trama_canvas_round_rect (canvas, x - i * s, y + (3 - i) * s, width + 2 * i * s, height + 2 * i * s,
                               (12 + i) * s);
      trama_canvas_fill (canvas);
    }
  trama_canvas_round_rect (canvas, x, y, width, height, 12 * s);
  trama_canvas_set_color (canvas, canvas->theme->card);
  trama_canvas_fill_preserve (canvas);
  trama_canvas_set_color (canvas, canvas->theme->column_border);
  cairo_set_line_width (canvas->cr, s);
  trama_canvas_stroke (canvas);
}

/* An endpoint has the colour of its place. */
static TramaColor
color_of_column (const TramaChartColumn *column, guint index)
{
  if (column->kernel)
    return trama_theme_get_kernel ();
  return trama_theme_get_actor (column->actor != G_MAXUINT32 ? column->actor : index);
}

static void
draw_disc (const TramaCanvas *canvas, double x, double y, TramaColor color, const char *name)
{
  const gunichar letter = name != NULL ? g_utf8_get_char_validated (name, -1) : 0;
  const gboolean known = letter != 0 && letter != (gunichar) -1 && letter != (gunichar) -2;
  char initial[7] = { 0 };
  TramaText text = { initial, TRAMA_TEXT_INITIAL, canvas->scale };

  g_unichar_to_utf8 (known ? g_unichar_toupper (letter) : '?', initial);
  cairo_new_sub_path (canvas->cr);
  cairo_arc (canvas->cr, x, y, 25 * canvas->scale, 0, 2 * G_PI);
  trama_canvas_set_color (canvas, color);
  trama_canvas_fill (canvas);
  cairo_set_source_rgb (canvas->cr, 1, 1, 1);
  trama_canvas_text (canvas, &text, x, y, 0.5);
}

/* A folded column is as wide as a line of text is high: its name goes up. */
static void
draw_folded_card (const TramaCanvas *canvas, const TramaChartColumn *column, guint index)
{
  const double s = canvas->scale;
  const double top = header_top (canvas) + CARD_TOP_PX * s;
  const double x = (column->x0 + column->x1) / 2;
  const double bottom = top + CARD_HEIGHT_PX * s;
  TramaText text = { column->name, TRAMA_TEXT_CALL_NAME, s };

  draw_card_ground (canvas, column->x0 + 3 * s, top, column->x1 - column->x0 - 6 * s, CARD_HEIGHT_PX * s);
  trama_canvas_set_color (canvas, color_of_column (column, index));
  trama_canvas_fill_rect (canvas, column->x0 + 10 * s, bottom - 9 * s, column->x1 - column->x0 - 20 * s,
                          4 * s);
  trama_canvas_save (canvas);
  trama_text_shrink (&text, (CARD_HEIGHT_PX - 18) * s, 0.8);
  cairo_translate (canvas->cr, x, bottom - 13 * s);
  cairo_rotate (canvas->cr, -G_PI / 2);
  trama_canvas_set_color (canvas, canvas->theme->ink);
  trama_canvas_text (canvas, &text, 0, 0, 0);
  trama_canvas_restore (canvas);
}

/* "pid 4211 · 127.0.0.1:5000" in less room: the port alone, then what stands before it. The caller's to free. */
static char *
fit_subtitle (const char *subtitle, double room, double scale)
{
  const char *address = subtitle != NULL ? strstr (subtitle, " · ") : NULL;
  const char *port = address != NULL ? strrchr (address, ':') : NULL;
  TramaText text = { subtitle, TRAMA_TEXT_SUBTITLE, scale };
  char *shorter;
  double width;

  trama_text_measure (&text, &width, NULL);
  if (width <= room || port == NULL)
    return g_strdup (subtitle);
  shorter = g_strdup_printf ("%.*s · %s", (int) (address - subtitle), subtitle, port);
  text.text = shorter;
  trama_text_measure (&text, &width, NULL);
  if (width > room)
    shorter[address - subtitle] = '\0';
  return shorter;
}

static void
draw_dot (const TramaCanvas *canvas, double x, double y, TramaColor color)
{
  cairo_new_sub_path (canvas->cr);
  cairo_arc (canvas->cr, x, y, 8 * canvas->scale, 0, 2 * G_PI);
  trama_canvas_set_color (canvas, color);
  trama_canvas_fill (canvas);
}

/* In the upper right corner of a card. */
static void
draw_pin (const TramaCanvas *canvas, double x, double y)
{
  const double s = canvas->scale;

  trama_canvas_set_color (canvas, canvas->theme->ink2);
  cairo_new_sub_path (canvas->cr);
  cairo_arc (canvas->cr, x, y, 4.5 * s, 0, 2 * G_PI);
  trama_canvas_fill (canvas);
  cairo_set_line_width (canvas->cr, 2 * s);
  cairo_move_to (canvas->cr, x, y);
  cairo_line_to (canvas->cr, x - 6 * s, y + 11 * s);
  trama_canvas_stroke (canvas);
}

static void
draw_card (const TramaCanvas *canvas, guint index)
{
  const TramaChartColumn *column = &canvas->chart->columns[index];
  const double s = canvas->scale;
  const double top = header_top (canvas) + CARD_TOP_PX * s;
  const double middle = top + CARD_HEIGHT_PX * s / 2;
  const gboolean process = column->actor != G_MAXUINT32 || column->kernel;
  const double left = (process ? NAME_X_PX : NAME_OF_ENDPOINT_X_PX) * s;
  const double room = column->x1 - column->x0 - left - 24 * s;
  g_autofree char *subtitle = NULL;
  TramaText text = { column->name, TRAMA_TEXT_NAME, s };

  draw_card_ground (canvas, column->x0 + 10 * s, top, column->x1 - column->x0 - 20 * s, CARD_HEIGHT_PX * s);
  if (process)
    draw_disc (canvas, column->x0 + DISC_X_PX * s, middle, color_of_column (column, index), column->name);
  else
    draw_dot (canvas, column->x0 + DOT_X_PX * s, middle, color_of_column (column, index));
  if (column->pinned)
    draw_pin (canvas, column->x1 - PIN_RIGHT_PX * s, top + PIN_TOP_PX * s);
  if (room < 24 * s)
    return;
  trama_canvas_set_color (canvas, canvas->theme->ink);
  if (!process)
    text.where = PANGO_ELLIPSIZE_MIDDLE;
  trama_text_shrink (&text, room, process ? NAME_LEAST : NAME_OF_ENDPOINT_LEAST);
  trama_canvas_text (canvas, &text, column->x0 + left, middle - 15 * s, 0);
  subtitle = fit_subtitle (column->subtitle, room, s);
  text = (TramaText){ subtitle, TRAMA_TEXT_SUBTITLE, s };
  trama_text_shrink (&text, room, SUBTITLE_LEAST);
  trama_canvas_set_color (canvas, canvas->theme->ink2);
  trama_canvas_text (canvas, &text, column->x0 + left, middle + 16 * s, 0);
}

/* In less room "TCP · 12" of "TCP · 12 packets", and what stands before a comma. The caller's to free. */
static char *
shorten_summary (const char *summary)
{
  const char *end = strstr (summary, " · ") != NULL ? strrchr (summary, ' ') : strchr (summary, ',');

  return end != NULL ? g_strndup (summary, (gsize) (end - summary)) : g_strdup (summary);
}

static void
draw_wire_name (const TramaCanvas *canvas, const TramaChartWire *wire)
{
  const double s = canvas->scale;
  const double x = (wire->x0 + wire->x1) / 2;
  const double middle = header_top (canvas) + (CARD_TOP_PX + CARD_HEIGHT_PX / 2.0) * s;
  const double room = wire->x1 - wire->x0 - 16 * s;
  TramaText text = { wire->name, TRAMA_TEXT_WIRE, s, .room_px = room };
  g_autofree char *shorter = NULL;

  if (room < 16 * s)
    return;
  trama_canvas_set_color (canvas, canvas->theme->ink2);
  trama_canvas_text (canvas, &text, x, middle - 14 * s, 0.5);
  text = (TramaText){ wire->summary, TRAMA_TEXT_SUBTITLE, s };
  trama_text_shrink (&text, room, SUBTITLE_LEAST);
  if (text.room_px > 0)
    {
      text = (TramaText){ shorter = shorten_summary (wire->summary), TRAMA_TEXT_SUBTITLE, s };
      trama_text_shrink (&text, room, SUBTITLE_LEAST);
    }
  trama_canvas_set_color (canvas, canvas->theme->ink3);
  trama_canvas_text (canvas, &text, x, middle + 14 * s, 0.5);
}

void
trama_canvas_draw_cards (const TramaCanvas *canvas)
{
  const TramaChart *chart = canvas->chart;
  const double s = canvas->scale;
  /* Translators: the arrow says that time runs down. */
  const TramaText scope = { chart->scope, TRAMA_TEXT_SUBTITLE, s,
                            .room_px = chart->width_px - 2 * SCOPE_LEFT_PX * s };
  const TramaText axis = { _ ("time ↓"), TRAMA_TEXT_AXIS, s, .room_px = chart->gutter_px - 12 * s };

  for (guint i = 0; i < chart->n_columns; i++)
    if (chart->columns[i].folded)
      draw_folded_card (canvas, &chart->columns[i], i);
    else
      draw_card (canvas, i);
  for (guint i = 0; i < chart->n_wires; i++)
    draw_wire_name (canvas, &chart->wires[i]);
  trama_canvas_set_color (canvas, canvas->theme->ink2);
  trama_canvas_text (canvas, &axis, chart->gutter_px - 10 * s,
                     header_top (canvas) + (CARD_TOP_PX + CARD_HEIGHT_PX / 2.0) * s, 1);
  if (chart->scope != NULL)
    trama_canvas_text (canvas, &scope, SCOPE_LEFT_PX * s, -chart->header_px + SCOPE_MIDDLE_PX * s, 0);
}

static TramaColor
state_color (const TramaTheme *theme, guint state)
{
  switch (state)
    {
    case TRAMA_TCP_SYN_SENT:
    case TRAMA_TCP_SYN_RECEIVED:
      return theme->segment[TRAMA_SEGMENT_SYN];
    case TRAMA_TCP_ESTABLISHED:
      return theme->segment[TRAMA_SEGMENT_DATA];
    case TRAMA_TCP_FIN_WAIT_1:
    case TRAMA_TCP_FIN_WAIT_2:
    case TRAMA_TCP_CLOSE_WAIT:
    case TRAMA_TCP_CLOSING:
    case TRAMA_TCP_LAST_ACK:
      return theme->segment[TRAMA_SEGMENT_FIN];
    default:
      return theme->ink3;
    }
}

/* As a gradient only where it fades, so that its ends stay within cairo's coordinates. */
static void
set_band_source (const TramaCanvas *canvas, const TramaChartBand *band, TramaColor color)
{
  const double length = MIN ((band->y1 - band->y0) * 0.6, 120 * canvas->scale);
  cairo_pattern_t *pattern;

  if (!band->fades || !trama_canvas_sees (canvas, band->y1 - length, band->y1))
    {
      trama_canvas_set_color (canvas, color);
      return;
    }
  pattern = cairo_pattern_create_linear (0, band->y1 - length, 0, band->y1);
  cairo_pattern_add_color_stop_rgba (pattern, 0, color.red, color.green, color.blue, 1);
  cairo_pattern_add_color_stop_rgba (pattern, 1, color.red, color.green, color.blue, 0);
  cairo_set_source (canvas->cr, pattern);
  cairo_pattern_destroy (pattern);
}

static void
draw_upright_name (const TramaCanvas *canvas, const TramaChartBand *band, TramaText name)
{
  trama_text_shrink (&name, band->upright_px, 10 / 14.5);
  trama_canvas_save (canvas);
  cairo_translate (canvas->cr, (band->x0 + band->x1) / 2, band->name_y);
  cairo_rotate (canvas->cr, -G_PI_2);
  trama_canvas_text (canvas, &name, 0, 0, 0.5);
  trama_canvas_restore (canvas);
}

static void
draw_band_words (const TramaCanvas *canvas, const TramaChartBand *band, TramaColor color)
{
  const TramaColor white = { 1, 1, 1, 1 };
  const TramaTheme *theme = canvas->theme;
  const double s = canvas->scale;
  const double room = band->x1 - band->x0 - 8 * s;
  const double x = (band->x0 + band->x1) / 2;
  TramaText name = { band->name, TRAMA_TEXT_STATE, s };
  const TramaText note = { band->note, TRAMA_TEXT_STATE_NOTE, s, .room_px = room };

  if (band->name == NULL || room < 8 * s)
    return;
  trama_canvas_set_color (canvas, trama_color_mix (color, theme->dark ? white : theme->ink, 0.45));
  if (band->upright_px > 0)
    {
      draw_upright_name (canvas, band, name);
      return;
    }
  trama_text_shrink (&name, room, 10 / 14.5);
  trama_canvas_text (canvas, &name, x, band->name_y, 0.5);
  trama_canvas_set_color (canvas, theme->ink2);
  trama_canvas_text (canvas, &note, x, band->note_y, 0.5);
}

static TramaColor
band_ground (const TramaTheme *theme, guint state)
{
  return trama_color_mix (theme->column, state_color (theme, state), theme->dark ? 0.26 : 0.16);
}

static void
trace_band (const TramaCanvas *canvas, const TramaChartBand *band)
{
  const double s = canvas->scale;
  const double top = trama_canvas_clamp (canvas, band->y0 + s);
  const double bottom = trama_canvas_clamp (canvas, band->y1 - s);

  trama_canvas_round_rect (canvas, band->x0, top, band->x1 - band->x0, bottom - top, 6 * s);
}

/* All of a state at once: of short conversations there may be hundreds. */
static void
fill_bands (const TramaCanvas *canvas, guint state)
{
  const TramaChart *chart = canvas->chart;
  guint n = 0;

  for (guint i = 0; i < chart->n_bands; i++)
    {
      const TramaChartBand *band = &chart->bands[i];

      if (band->state != state || band->fades || band->y1 < canvas->y0 || band->y0 > canvas->y1)
        continue;
      trace_band (canvas, band);
      n++;
    }
  if (n == 0)
    return;
  trama_canvas_set_color (canvas, band_ground (canvas->theme, state));
  trama_canvas_fill (canvas);
}

void
trama_canvas_draw_bands (const TramaCanvas *canvas)
{
  const TramaChart *chart = canvas->chart;

  for (guint state = 0; state <= TRAMA_TCP_TIME_WAIT; state++)
    fill_bands (canvas, state);
  for (guint i = 0; i < chart->n_bands; i++)
    {
      const TramaChartBand *band = &chart->bands[i];

      if (!trama_canvas_sees (canvas, band->y0, band->y1))
        continue;
      if (band->fades)
        {
          trace_band (canvas, band);
          set_band_source (canvas, band, band_ground (canvas->theme, band->state));
          trama_canvas_fill (canvas);
        }
      draw_band_words (canvas, band, state_color (canvas->theme, band->state));
    }
}

void
trama_canvas_draw_lifelines (const TramaCanvas *canvas)
{
  cairo_set_line_width (canvas->cr, 4 * canvas->scale);
  cairo_set_line_cap (canvas->cr, CAIRO_LINE_CAP_ROUND);
  trama_canvas_set_color (canvas, trama_color_mix (canvas->theme->column, canvas->theme->ink, 0.35));
  for (guint i = 0; i < canvas->chart->n_lifelines; i++)
    {
      const TramaChartLifeline *line = &canvas->chart->lifelines[i];

      if (!trama_canvas_sees (canvas, line->y0, line->y1))
        continue;
      cairo_move_to (canvas->cr, line->x, trama_canvas_clamp (canvas, line->y0));
      cairo_line_to (canvas->cr, line->x, trama_canvas_clamp (canvas, line->y1));
      trama_canvas_stroke (canvas);
    }
  cairo_set_line_cap (canvas->cr, CAIRO_LINE_CAP_BUTT);
}

static void
draw_badge (const TramaCanvas *canvas, const TramaChartBadge *badge)
{
  const double s = canvas->scale;
  TramaText text = { badge->text, TRAMA_TEXT_PORT, s };

  trama_text_shrink (&text, badge->width_px - 12 * s, 0.75);
  trama_canvas_round_rect (canvas, badge->left, badge->y - badge->height_px / 2, badge->width_px,
                           badge->height_px, badge->height_px / 2);
  trama_canvas_set_color (canvas, canvas->theme->ink);
  trama_canvas_fill (canvas);
  trama_canvas_set_color (canvas, canvas->theme->column);
  trama_canvas_text (canvas, &text, badge->left + badge->width_px / 2, badge->y, 0.5);
}

void
trama_canvas_draw_badges (const TramaCanvas *canvas)
{
  for (guint i = 0; i < canvas->chart->n_badges; i++)
    if (trama_canvas_sees (canvas, canvas->chart->badges[i].y, canvas->chart->badges[i].y))
      draw_badge (canvas, &canvas->chart->badges[i]);
}
