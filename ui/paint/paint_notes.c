/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/paint/canvas.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define NOTE_LINES 3

/* Shorter words have room in every card. */
#define LONG_WORD_BYTES 7
#define LEAST_OF_SIZE 0.7

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
  const double ends = arrow->detail == NULL ? 48 : arrow->kind == TRAMA_SEGMENT_DATA ? 64 : 52;

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
  return fit_chip (chip, MIN (arrow->chip_width_px, fabs (arrow->x1 - arrow->x0) - ends * s), s);
}

/* Its border lies half inside, half outside of it; two shapes are less work than a line around one. */
static void
draw_pill (const TramaCanvas *canvas, double x, double y, double width, double height, TramaColor border)
{
  const double half = 1.1 * canvas->scale;
  const double radius = MIN (15 * canvas->scale, MIN (width, height) / 2);

  trama_canvas_round_rect (canvas, x - half, y - half, width + 2 * half, height + 2 * half, radius + half);
  trama_canvas_set_color (canvas, border);
  trama_canvas_fill (canvas);
  trama_canvas_round_rect (canvas, x + half, y + half, width - 2 * half, height - 2 * half, radius - half);
  trama_canvas_set_color (canvas, canvas->theme->chip);
  trama_canvas_fill (canvas);
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
      trama_canvas_fill (canvas);
    }
  else
    draw_pill (canvas, x, arrow->chip_y - chip.height / 2, chip.width, chip.height, color);
  if (trama_canvas_is_selected (canvas, TRAMA_EVENT_PACKET, arrow->packet))
    trama_canvas_outline (canvas, x, arrow->chip_y - chip.height / 2, chip.width, chip.height,
                          chip.height / 2);
  x += chip.padding / 2;
  trama_canvas_set_color (canvas, flags_color);
  trama_canvas_text (canvas, &chip.flags, x, arrow->chip_y, 0);
  if (chip.detail_width <= 0)
    return;
  x += chip.flags_width + 9 * canvas->scale;
  trama_canvas_set_color (canvas, detail_color);
  trama_canvas_text (canvas, &chip.detail, x, arrow->chip_y, 0);
}

void
trama_canvas_draw_chips (const TramaCanvas *canvas, gboolean quiet)
{
  for (guint i = 0; i < canvas->chart->n_arrows; i++)
    {
      const TramaChartArrow *arrow = &canvas->chart->arrows[i];

      if (trama_arrow_is_quiet (arrow) == quiet && arrow->apart && arrow->flags != NULL
          && trama_canvas_sees (canvas, arrow->chip_y, arrow->chip_y)
          && trama_canvas_wants (canvas, TRAMA_EVENT_PACKET, arrow->packet))
        {
          trama_canvas_begin_event (canvas, TRAMA_EVENT_PACKET, arrow->packet);
          draw_chip (canvas, arrow);
          trama_canvas_end_event (canvas);
        }
    }
}

/* The user's. */
static gboolean
is_own (const TramaChartNote *note)
{
  return note->n_own > 0;
}

static void
draw_notice_mark (const TramaCanvas *canvas, double x, double y)
{
  const TramaTheme *theme = canvas->theme;
  const TramaText text = { "!", TRAMA_TEXT_NOTICE_MARK, canvas->scale };

  cairo_new_sub_path (canvas->cr);
  cairo_arc (canvas->cr, x, y, 11 * canvas->scale, 0, 2 * G_PI);
  trama_canvas_set_color (canvas, theme->ink);
  trama_canvas_fill (canvas);
  trama_canvas_set_color (canvas, theme->column);
  trama_canvas_text (canvas, &text, x, y, 0.5);
}

static TramaColor
note_color (const TramaCanvas *canvas, const TramaChartNote *note)
{
  const TramaColor white = { 1, 1, 1, 1 };
  TramaColor color;

  if (note->actor == G_MAXUINT32)
    return is_own (note) ? canvas->theme->ink2 : canvas->theme->ink3;
  color = trama_theme_get_actor (note->actor);
  return canvas->theme->dark ? trama_color_mix (color, white, 0.4) : color;
}

/* From its moment to a card that had to move away from it. */
static void
draw_note_leader (const TramaCanvas *canvas, const TramaChartNote *note, TramaColor color)
{
  const double s = canvas->scale;
  const double x = canvas->chart->notes_x0 + 4 * s;
  const double y = CLAMP (note->y, note->card_y + 12 * s, note->card_y + note->height_px - 12 * s);

  trama_canvas_set_color (canvas, color);
  cairo_new_sub_path (canvas->cr);
  cairo_arc (canvas->cr, x, note->y, 4 * s, 0, 2 * G_PI);
  trama_canvas_fill (canvas);
  cairo_set_line_width (canvas->cr, 1.5 * s);
  cairo_move_to (canvas->cr, x, note->y);
  cairo_curve_to (canvas->cr, (x + note->x) / 2, note->y, (x + note->x) / 2, y, note->x, y);
  trama_canvas_stroke (canvas);
}

static void
draw_note_card (const TramaCanvas *canvas, const TramaChartNote *note, TramaColor color)
{
  const double s = canvas->scale;
  const double radius = 10 * s;

  trama_canvas_round_rect (canvas, note->x, note->card_y, note->width_px, note->height_px, radius);
  trama_canvas_set_color (canvas, is_own (note) ? canvas->theme->paper : canvas->theme->chip);
  trama_canvas_fill_preserve (canvas);
  trama_canvas_set_color (canvas, canvas->theme->column_border);
  cairo_set_line_width (canvas->cr, 1.5 * s);
  trama_canvas_stroke (canvas);
  trama_canvas_set_color (canvas, color);
  trama_canvas_round_rect (canvas, note->x, note->card_y, 6 * s, note->height_px, 3 * s);
  trama_canvas_fill (canvas);
  if (is_own (note) ? trama_canvas_is_selected (canvas, note->subject.kind, note->subject.index)
                    : trama_canvas_is_selected (canvas, TRAMA_EVENT_NOTE, note->note))
    trama_canvas_outline (canvas, note->x, note->card_y, note->width_px, note->height_px, radius);
}

/* Smaller letters are easier to read than a word in two lines. */
static void
keep_words_whole (TramaText *text)
{
  g_auto (GStrv) words = g_strsplit_set (text->text, " \n", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (strlen (words[i]) >= LONG_WORD_BYTES)
      {
        TramaText word = { words[i], text->style, text->scale };

        trama_text_shrink (&word, text->room_px, LEAST_OF_SIZE);
        if (word.room_px <= 0) /* else it was in vain */
          text->scale = word.scale;
      }
}

static void
draw_note (const TramaCanvas *canvas, const TramaChartNote *note)
{
  const double s = canvas->scale;
  const double middle = note->card_y + note->height_px / 2;
  const double mark = is_own (note) ? 22 * s : note->is_notice ? 30 * s : 0;
  const double x = note->x + 18 * s + mark;
  const TramaColor color = note_color (canvas, note);
  TramaText text = { note->text, TRAMA_TEXT_CAPTION, s, .max_lines = note->n_lines };

  draw_note_leader (canvas, note, color);
  draw_note_card (canvas, note, color);
  if (is_own (note))
    trama_canvas_draw_pencil (canvas, note->x + 24 * s, middle);
  else if (mark > 0)
    draw_notice_mark (canvas, note->x + 26 * s, middle);
  text.room_px = floor (note->x + note->width_px - 10 * s - x);
  if (text.room_px < 24 * s)
    return;
  keep_words_whole (&text);
  trama_canvas_set_color (canvas, canvas->theme->ink);
  trama_canvas_text (canvas, &text, x, middle, 0);
}

void
trama_canvas_draw_notes (const TramaCanvas *canvas)
{
  for (guint i = 0; i < canvas->chart->n_notes; i++)
    {
      const TramaChartNote *note = &canvas->chart->notes[i];
      const double top = MIN (note->y, note->card_y);
      const double bottom = MAX (note->y, note->card_y + note->height_px);

      if (note->text != NULL && trama_canvas_sees (canvas, top, bottom))
        {
          trama_canvas_begin_thing (canvas, is_own (note) ? "remark" : "note",
                                    is_own (note) ? note->remark : note->note, note->text);
          draw_note (canvas, note);
          trama_canvas_end_event (canvas);
        }
    }
}

void
trama_canvas_draw_not_observed (const TramaCanvas *canvas)
{
  const TramaChart *chart = canvas->chart;
  const double s = canvas->scale;
  TramaText text = { _ ("packets not observed"), TRAMA_TEXT_QUIET, s, .max_lines = NOTE_LINES };

  if (chart->n_wires == 0 || !trama_canvas_sees (canvas, chart->body_px / 2, chart->body_px / 2)
      || chart->packets_observed)
    return;
  trama_canvas_set_color (canvas, canvas->theme->ink2);
  for (guint i = 0; i < chart->n_wires; i++)
    {
      const TramaChartWire *wire = &chart->wires[i];

      text.room_px = floor (wire->x1 - wire->x0 - 24 * s);
      if (text.room_px > 24 * s)
        trama_canvas_text (canvas, &text, (wire->x0 + wire->x1) / 2, chart->body_px / 2, 0.5);
    }
}
