/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/paint/canvas.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define NOTE_LINES 3

typedef struct
{
  TramaText flags;
  TramaText detail;
  double flags_width;
  double detail_width; /* with the gap before it; 0: none */
  double padding;      /* on both sides together */
  double width, height;
  gboolean quiet; /* ACK and what is not TCP, UDP or ICMP: no pill */
} Chip;

/* A chip never hides the tail or the head of its arrow: the detail gives way, then the chip. */
static gboolean
fit_chip (Chip *chip, double room, double scale)
{
  const double gap = 9 * scale;

  chip->width = chip->flags_width + chip->detail_width + chip->padding;
  if (chip->width <= room)
    return TRUE;
  chip->detail_width -= chip->width - room;
  if (chip->detail_width < gap + 48 * scale)
    chip->detail_width = 0;
  chip->detail.room_px = chip->detail_width - gap;
  chip->width = chip->flags_width + chip->detail_width + chip->padding;
  return chip->width <= room;
}

static gboolean
make_chip (const TramaCanvas *canvas, const TramaChartArrow *arrow, Chip *chip)
{
  const double s = canvas->scale;
  const double ends = arrow->kind == TRAMA_SEGMENT_DATA ? 64 : 52;

  *chip = (Chip){ .quiet = trama_arrow_is_quiet (arrow) };
  chip->flags = (TramaText){ arrow->flags, chip->quiet ? TRAMA_TEXT_ACK_FLAGS : TRAMA_TEXT_FLAGS, s };
  chip->detail = (TramaText){ arrow->detail, chip->quiet ? TRAMA_TEXT_ACK_DETAIL : TRAMA_TEXT_DETAIL, s };
  chip->padding = (chip->quiet ? 16 : 26) * s;
  chip->height = (chip->quiet ? 22 : 30) * s;
  trama_text_measure (&chip->flags, &chip->flags_width, NULL);
  if (arrow->detail != NULL && arrow->detail[0] != '\0')
    {
      trama_text_measure (&chip->detail, &chip->detail_width, NULL);
      chip->detail_width = ceil (chip->detail_width) + 9 * s;
    }
  return fit_chip (chip, fabs (arrow->x1 - arrow->x0) - ends * s, s);
}

static void
draw_pill (const TramaCanvas *canvas, double x, double y, double width, double height, TramaColor border)
{
  trama_canvas_round_rect (canvas, x, y, width, height, 15 * canvas->scale);
  trama_canvas_set_color (canvas, canvas->theme->chip);
  cairo_fill_preserve (canvas->cr);
  trama_canvas_set_color (canvas, border);
  cairo_set_line_width (canvas->cr, 2.2 * canvas->scale);
  cairo_stroke (canvas->cr);
}

/* A quiet chip has no pill: it interrupts its arrow with the ground, as it is there. */
static TramaColor
chip_ground (const TramaCanvas *canvas, const TramaChartArrow *arrow)
{
  const TramaColor ground = trama_canvas_ground_color (canvas, arrow->chip_y);
  const TramaColor halo = canvas->theme->selection;

  if (!trama_canvas_on_path (canvas, TRAMA_EVENT_PACKET, arrow->packet))
    return ground;
  return trama_color_mix (ground, trama_color_with_alpha (halo, 1), halo.alpha);
}

static void
draw_chip (const TramaCanvas *canvas, const TramaChartArrow *arrow)
{
  const TramaTheme *theme = canvas->theme;
  const TramaColor color = theme->segment[MIN (arrow->kind, TRAMA_SEGMENT_OTHER)];
  TramaColor flags_color = theme->dark ? color : trama_color_mix (color, theme->ink, 0.25);
  TramaColor detail_color = theme->ink;
  Chip chip;
  double x;

  if (!make_chip (canvas, arrow, &chip))
    return;
  x = arrow->chip_x - chip.width / 2;
  if (chip.quiet)
    {
      flags_color = detail_color = theme->ink2;
      trama_canvas_set_color (canvas, chip_ground (canvas, arrow));
      trama_canvas_round_rect (canvas, x, arrow->chip_y - chip.height / 2, chip.width, chip.height, 11);
      cairo_fill (canvas->cr);
    }
  else
    draw_pill (canvas, x, arrow->chip_y - chip.height / 2, chip.width, chip.height, color);
  if (trama_canvas_is_selected (canvas, TRAMA_EVENT_PACKET, arrow->packet))
    trama_canvas_outline (canvas, x, arrow->chip_y - chip.height / 2, chip.width, chip.height,
                          chip.height / 2);
  x += chip.padding / 2;
  trama_canvas_set_color (canvas, flags_color);
  trama_text_draw (canvas->cr, &chip.flags, x, arrow->chip_y, 0);
  if (chip.detail_width <= 0)
    return;
  x += chip.flags_width + 9 * canvas->scale;
  trama_canvas_set_color (canvas, detail_color);
  trama_text_draw (canvas->cr, &chip.detail, x, arrow->chip_y, 0);
}

void
trama_canvas_draw_chips (const TramaCanvas *canvas, gboolean quiet)
{
  for (guint i = 0; i < canvas->chart->n_arrows; i++)
    {
      const TramaChartArrow *arrow = &canvas->chart->arrows[i];

      if (trama_arrow_is_quiet (arrow) == quiet && arrow->apart && arrow->flags != NULL
          && trama_canvas_sees (canvas, arrow->chip_y, arrow->chip_y))
        draw_chip (canvas, arrow);
    }
}

/* Where there is most room to write: the widest wire, or everything when there is none. */
static TramaChartWire
find_page (const TramaChart *chart)
{
  TramaChartWire page = { chart->gutter_px, chart->width_px, NULL, NULL };

  for (guint i = 0; i < chart->n_wires; i++)
    if (i == 0 || chart->wires[i].x1 - chart->wires[i].x0 > page.x1 - page.x0)
      page = chart->wires[i];
  return page;
}

static gboolean
is_notice (const TramaCanvas *canvas, const TramaChartNote *note)
{
  const TramaStore *store = trama_flow_table_get_store (trama_chart_get_table (canvas->chart));

  return note->note < trama_store_n_notes (store)
         && trama_store_get_note (store, note->note)->kind == TRAMA_NOTE_NOTICE;
}

static void
draw_notice_mark (const TramaCanvas *canvas, double x, double y)
{
  const TramaTheme *theme = canvas->theme;
  const TramaText text = { "!", TRAMA_TEXT_NOTICE_MARK, canvas->scale };

  cairo_new_sub_path (canvas->cr);
  cairo_arc (canvas->cr, x, y, 11 * canvas->scale, 0, 2 * G_PI);
  trama_canvas_set_color (canvas, theme->ink);
  cairo_fill (canvas->cr);
  trama_canvas_set_color (canvas, theme->column);
  trama_text_draw (canvas->cr, &text, x, y, 0.5);
}

static void
draw_note (const TramaCanvas *canvas, const TramaChartNote *note, const TramaChartWire *page)
{
  const TramaTheme *theme = canvas->theme;
  const double s = canvas->scale;
  const double mark = is_notice (canvas, note) ? 30 * s : 0;
  const double x = (page->x0 + page->x1) / 2 + mark / 2;
  TramaText text = { note->text, TRAMA_TEXT_CAPTION, s, .max_lines = NOTE_LINES };
  double width, height, left;

  text.room_px = floor (page->x1 - page->x0 - 60 * s - mark);
  if (text.room_px < 24 * s)
    return;
  trama_text_measure (&text, &width, &height);
  width += 28 * s + mark;
  height = MAX (height + 8 * s, 30 * s);
  left = (page->x0 + page->x1 - width) / 2;
  draw_pill (canvas, left, note->y - height / 2, width, height, theme->ink3);
  if (trama_canvas_is_selected (canvas, TRAMA_EVENT_NOTE, note->note))
    trama_canvas_outline (canvas, left, note->y - height / 2, width, height, 15 * s);
  if (mark > 0)
    draw_notice_mark (canvas, left + 20 * s, note->y);
  trama_canvas_set_color (canvas, theme->ink);
  trama_text_draw (canvas->cr, &text, x, note->y, 0.5);
}

void
trama_canvas_draw_notes (const TramaCanvas *canvas)
{
  const TramaChartWire page = find_page (canvas->chart);

  for (guint i = 0; i < canvas->chart->n_notes; i++)
    {
      const TramaChartNote *note = &canvas->chart->notes[i];

      if (note->text != NULL && trama_canvas_sees (canvas, note->y, note->y))
        draw_note (canvas, note, &page);
    }
}

void
trama_canvas_draw_not_observed (const TramaCanvas *canvas)
{
  const TramaChart *chart = canvas->chart;
  const double s = canvas->scale;
  TramaText text = { _ ("packets not observed"), TRAMA_TEXT_QUIET, s, .max_lines = NOTE_LINES };

  if (chart->n_wires == 0 || !trama_canvas_sees (canvas, chart->body_px / 2, chart->body_px / 2)
      || trama_store_packets_observed (trama_flow_table_get_store (trama_chart_get_table (chart))))
    return;
  trama_canvas_set_color (canvas, canvas->theme->ink3);
  for (guint i = 0; i < chart->n_wires; i++)
    {
      const TramaChartWire *wire = &chart->wires[i];

      text.room_px = floor (wire->x1 - wire->x0 - 24 * s);
      if (text.room_px > 24 * s)
        trama_text_draw (canvas->cr, &text, (wire->x0 + wire->x1) / 2, chart->body_px / 2, 0.5);
    }
}
