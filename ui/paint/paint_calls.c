/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/abridge.h"
#include "ui/paint/canvas.h"

#include <math.h>

#define CAP_PX 9
#define HATCH_PITCH_PX 9
#define OPEN_FADE_PX 60
#define BAR_MIN_PX 4
#define HATCH_MIN_PX 22 /* lower bars have no room between their caps */
#define LEADER_MIN_PX 12
#define ARGS_LEAST_LETTERS 12 /* less is a cut number, and says nothing */

static double
bar_height (const TramaCanvas *canvas, const TramaChartBar *bar)
{
  return MAX (bar->y1 - bar->y0, BAR_MIN_PX * canvas->scale);
}

/* From x = 0 on, in stripes that begin anew after each @pitch. */
typedef struct
{
  double width, pitch;
} Hatch;

static void
stroke_stripes (const TramaCanvas *canvas, double x, double width, double pitch, double top, double bottom)
{
  const double s = canvas->scale;

  trama_canvas_set_color (canvas, canvas->theme->wait);
  cairo_set_line_width (canvas->cr, 3 * s);
  for (double y = floor ((top - width) / pitch) * pitch; y < bottom + width; y += pitch)
    {
      cairo_move_to (canvas->cr, x - 2 * s, y + width + 2 * s);
      cairo_line_to (canvas->cr, x + width + 2 * s, y - 2 * s);
    }
  trama_canvas_stroke (canvas);
}

static TramaColor
ground_of_hatch (const TramaTheme *theme)
{
  return trama_color_mix (theme->column, theme->wait, 0.45);
}

static void
draw_hatch_piece (const TramaCanvas *canvas, gconstpointer data)
{
  const Hatch *hatch = data;

  trama_canvas_set_color (canvas, ground_of_hatch (canvas->theme));
  trama_canvas_fill_rect (canvas, 0, 0, 2 * hatch->width, 2 * hatch->pitch);
  stroke_stripes (canvas, 0, hatch->width, hatch->pitch, 0, hatch->pitch);
}

/* No image is placed as far away as a body may be high. */
static void
fill_hatch (const TramaCanvas *canvas, double x, double width, double top, double bottom)
{
  static const char shape;
  const TramaTileKey key = { &shape, { (gint32) lround (width * 256) }, { { 0 } } };
  const double pitch = trama_tiles_round (canvas->tiles, HATCH_PITCH_PX * canvas->scale);
  const Hatch hatch = { width, pitch };

  trama_canvas_set_tile (canvas, &key, x, floor (top / pitch) * pitch, ceil (width) + 1, pitch,
                         draw_hatch_piece, &hatch);
  trama_canvas_fill_rect (canvas, x, top, width, bottom - top);
}

static void
stroke_hatch (const TramaCanvas *canvas, double x, double width, double top, double bottom)
{
  trama_canvas_save (canvas);
  cairo_rectangle (canvas->cr, x, top, width, bottom - top);
  trama_canvas_set_color (canvas, ground_of_hatch (canvas->theme));
  trama_canvas_fill_preserve (canvas);
  trama_canvas_clip (canvas);
  stroke_stripes (canvas, x, width, HATCH_PITCH_PX * canvas->scale, top, bottom);
  trama_canvas_restore (canvas);
}

/*
 * Plain edges: caps go over both ends, or one dissolves. The stripes stand still on the body,
 * so that strips of the picture fit together.
 */
static void
draw_hatch (const TramaCanvas *canvas, double x, double width, double top, double bottom)
{
  const double s = canvas->scale;
  cairo_t *cr = canvas->cr;

  if (canvas->tiles != NULL)
    fill_hatch (canvas, x, width, top, bottom);
  else
    stroke_hatch (canvas, x, width, top, bottom);
  cairo_move_to (cr, x + 0.5 * s, top);
  cairo_line_to (cr, x + 0.5 * s, bottom);
  cairo_move_to (cr, x + width - 0.5 * s, top);
  cairo_line_to (cr, x + width - 0.5 * s, bottom);
  trama_canvas_set_color (canvas, canvas->theme->wait);
  cairo_set_line_width (cr, 1.2 * s);
  trama_canvas_stroke (canvas);
}

/* Its end is not known: the tube dissolves into the column. */
static void
fade_out (const TramaCanvas *canvas, double x, double width, double y0, double y1)
{
  const TramaColor color = canvas->theme->column;
  const double s = canvas->scale;
  const double length = MIN (OPEN_FADE_PX * s, y1 - y0);
  cairo_pattern_t *pattern;

  if (!trama_canvas_sees (canvas, y1 - length, y1))
    return;
  pattern = cairo_pattern_create_linear (0, y1 - length, 0, y1);
  cairo_pattern_add_color_stop_rgba (pattern, 0, color.red, color.green, color.blue, 0);
  cairo_pattern_add_color_stop_rgba (pattern, 1, color.red, color.green, color.blue, 1);
  cairo_set_source (canvas->cr, pattern);
  trama_canvas_fill_rect (canvas, x - s, y1 - length, width + 2 * s, length + s);
  cairo_pattern_destroy (pattern);
}

static void
draw_cap (const TramaCanvas *canvas, double x, double width, double y)
{
  trama_canvas_round_rect (canvas, x, y, width, CAP_PX * canvas->scale, 4 * canvas->scale);
  trama_canvas_set_color (canvas, canvas->theme->bar);
  trama_canvas_fill (canvas);
}

static void
draw_tube (const TramaCanvas *canvas, const TramaChartBar *bar, double x, double width)
{
  const double s = canvas->scale;
  const double y1 = bar->y0 + bar_height (canvas, bar);
  const double cap = CAP_PX / 2.0 * s; /* to its middle, where it is as wide as the tube */

  draw_hatch (canvas, x, width, trama_canvas_clamp (canvas, bar->y0 + cap),
              trama_canvas_clamp (canvas, bar->open ? y1 : y1 - cap));
  if (bar->open)
    fade_out (canvas, x, width, bar->y0 + CAP_PX * s, y1);
  else if (trama_canvas_sees (canvas, y1, y1))
    draw_cap (canvas, x, width, y1 - CAP_PX * s);
  if (trama_canvas_sees (canvas, bar->y0, bar->y0))
    draw_cap (canvas, x, width, bar->y0);
}

void
trama_canvas_draw_bar (const TramaCanvas *canvas, const TramaChartBar *bar, double x, double width)
{
  const double s = canvas->scale;
  const double height = bar_height (canvas, bar);

  if ((bar->slept || bar->open) && height > HATCH_MIN_PX * s)
    draw_tube (canvas, bar, x, width);
  else
    {
      const double top = trama_canvas_clamp (canvas, bar->y0);
      const double bottom = trama_canvas_clamp (canvas, bar->y0 + height);

      trama_canvas_round_rect (canvas, x, top, width, bottom - top, 5 * s);
      trama_canvas_set_color (canvas, canvas->theme->bar);
      trama_canvas_fill (canvas);
    }
}

void
trama_canvas_draw_bars (const TramaCanvas *canvas)
{
  for (guint i = 0; i < canvas->chart->n_bars; i++)
    {
      const TramaChartBar *bar = &canvas->chart->bars[i];
      const TramaChartRail *rail = &canvas->chart->rails[bar->rail];
      const double width = rail->bar_x1 - rail->bar_x0;

      if (!trama_canvas_sees (canvas, bar->y0, bar->y1)
          || !trama_canvas_wants (canvas, TRAMA_EVENT_CALL, bar->call))
        continue;
      trama_canvas_begin_event (canvas, TRAMA_EVENT_CALL, bar->call);
      trama_canvas_draw_bar (canvas, bar, rail->bar_x0, width);
      if (trama_canvas_is_selected (canvas, TRAMA_EVENT_CALL, bar->call))
        {
          const double top = trama_canvas_clamp (canvas, bar->y0);
          const double bottom = trama_canvas_clamp (canvas, bar->y0 + bar_height (canvas, bar));
          trama_canvas_outline (canvas, rail->bar_x0, top, width, bottom - top, 5 * canvas->scale);
        }
      trama_canvas_end_event (canvas);
    }
}

/* From a moment of the bar to a label that had to move away from it. */
static void
draw_leader (const TramaCanvas *canvas, const TramaChartRail *rail, double bar_y, double label_y)
{
  const double s = canvas->scale;
  const double bar_x = rail->direction < 0 ? rail->bar_x0 : rail->bar_x1;
  const double label_x = rail->label_x - rail->direction * 2 * s;
  const double middle_x = (bar_x + label_x) / 2;

  if (fabs (label_y - bar_y) < LEADER_MIN_PX * s)
    return;
  cairo_move_to (canvas->cr, bar_x, bar_y);
  cairo_curve_to (canvas->cr, middle_x, bar_y, middle_x, label_y, label_x, label_y);
  trama_canvas_set_color (canvas, canvas->theme->ink3);
  cairo_set_line_width (canvas->cr, 1.5 * s);
  trama_canvas_stroke (canvas);
}

enum
{
  PART_NAME,
  PART_ARGS,
  PART_RESULT,
  N_PARTS,
};

typedef struct
{
  TramaText text[N_PARTS];
  double width[N_PARTS];
  double gap;   /* before the result */
  char *args;   /* owned: the arguments, as much of them as there is room for */
  char *result; /* owned: so is the result */
} Label;

static void
clear_label (Label *label)
{
  g_clear_pointer (&label->args, g_free);
  g_clear_pointer (&label->result, g_free);
}

static double
label_width (const Label *label)
{
  const double gap = label->width[PART_RESULT] > 0 ? label->gap : 0;

  return label->width[PART_NAME] + label->width[PART_ARGS] + gap + label->width[PART_RESULT];
}

static void
make_label (const TramaCanvas *canvas,
            const TramaChartBar *bar,
            double scale,
            guint step,
            guint result_step,
            Label *label)
{
  const TramaText space = { " ", TRAMA_TEXT_CALL, scale };
  const gboolean has_result = bar->result != NULL && !bar->result_apart;

  clear_label (label);
  *label = (Label){ .args = bar->args != NULL ? trama_args_abridge (bar->args, step) : NULL,
                    .result = has_result ? trama_result_abridge (bar->result, result_step) : NULL };
  label->text[PART_NAME] = (TramaText){ bar->name, TRAMA_TEXT_CALL_NAME, scale };
  label->text[PART_ARGS] = (TramaText){ label->args, TRAMA_TEXT_CALL, scale };
  label->text[PART_RESULT] = (TramaText){ label->result, TRAMA_TEXT_CALL, scale };
  for (guint i = 0; i < N_PARTS; i++)
    if (label->text[i].text != NULL)
      trama_text_measure (&label->text[i], &label->width[i], NULL);
  trama_text_measure (&space, &label->gap, NULL);
}

/* TRUE when it fits then. */
static gboolean
cut_part (Label *label, guint part, double room, double least_letters)
{
  const double over = label_width (label) - room;
  const double cut = MIN (over, label->width[part] - least_letters * label->gap);

  if (over > 0 && cut > 0)
    {
      label->width[part] -= cut;
      label->text[part].room_px = label->width[part];
    }
  return label_width (label) < room + 0.5;
}

/* In a font of one width, letters are room. */
static gboolean
cut_args (Label *label, double room, guint least_letters)
{
  const double rest = room - label_width (label) + label->width[PART_ARGS];
  const guint n_letters = (guint) MAX (rest / label->gap, 0);
  char *args = label->args;

  if (args == NULL || n_letters < least_letters)
    return FALSE;
  label->args = trama_args_cut (args, n_letters);
  label->text[PART_ARGS].text = label->args;
  trama_text_measure (&label->text[PART_ARGS], &label->width[PART_ARGS], NULL);
  g_free (args);
  return label_width (label) < room + 0.5;
}

/* A little smaller, then with the arguments that one misses least left out. */
static gboolean
abridge_label (const TramaCanvas *canvas,
               const TramaChartBar *bar,
               double room,
               guint from_step,
               guint to_step,
               Label *label)
{
  static const double sizes[] = { 1, 0.94, 0.88 };

  for (guint step = from_step; step <= to_step; step++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        make_label (canvas, bar, canvas->scale * sizes[i], step, 0, label);
        if (label_width (label) <= room)
          return TRUE;
      }
  return FALSE;
}

/*
 * The name and the result are what one looks for. The arguments give way first, one
 * after the other, then as a whole; then the size, a little; then the rest is cut.
 */
static void
fit_label (const TramaCanvas *canvas, const TramaChartBar *bar, double room, Label *label)
{
  static const double sizes[] = { 1, 0.9, 0.8 };
  const guint n = G_N_ELEMENTS (sizes);

  if (abridge_label (canvas, bar, room, 0, TRAMA_ABRIDGE_LAST_TELLING, label)
      || cut_args (label, room, ARGS_LEAST_LETTERS)
      || abridge_label (canvas, bar, room, TRAMA_ABRIDGE_LAST_TELLING + 1, TRAMA_ABRIDGE_STEPS, label))
    return;
  for (guint i = 0; i < 2 * n; i++)
    {
      make_label (canvas, bar, canvas->scale * sizes[i % n], 0, i < n ? 0 : TRAMA_ABRIDGE_RESULT_STEPS,
                  label);
      label->width[PART_ARGS] = 0;
      label->text[PART_ARGS].text = NULL;
      if (label_width (label) <= room)
        return;
    }
  if (!cut_part (label, PART_NAME, room, 3))
    cut_part (label, PART_RESULT, room, 3);
}

static void
draw_label (const TramaCanvas *canvas, const TramaChartBar *bar, const TramaChartRail *rail)
{
  const TramaTheme *theme = canvas->theme;
  Label label = { 0 };
  double x;

  fit_label (canvas, bar, rail->label_width_px + bar->label_more_px, &label);
  x = rail->direction < 0 ? rail->label_x - label_width (&label) : rail->label_x;
  trama_canvas_set_color (canvas, theme->ink);
  trama_canvas_text (canvas, &label.text[PART_NAME], x, bar->label_y, 0);
  x += label.width[PART_NAME];
  trama_canvas_set_color (canvas, theme->ink2);
  trama_canvas_text (canvas, &label.text[PART_ARGS], x, bar->label_y, 0);
  x += label.width[PART_ARGS] + label.gap;
  trama_canvas_set_color (canvas, theme->ink);
  trama_canvas_text (canvas, &label.text[PART_RESULT], x, bar->label_y, 0);
  clear_label (&label);
}

/* As much of it as there is room for at full size, or little below: the text for @text, which is the caller's to free. */
static char *
fit_result (TramaText *text, double room)
{
  const TramaText whole = *text;
  char *shown = NULL;

  for (guint step = 0; step <= TRAMA_ABRIDGE_RESULT_STEPS; step++)
    {
      TramaText tried = whole;
      double width;

      g_free (shown);
      shown = trama_result_abridge (whole.text, step);
      text->text = tried.text = shown;
      trama_text_shrink (&tried, room, 0.88);
      trama_text_measure (&tried, &width, NULL);
      if (tried.room_px <= 0 && width <= room)
        break;
    }
  return shown;
}

static void
draw_result (const TramaCanvas *canvas, const TramaChartBar *bar, const TramaChartRail *rail)
{
  const double room = rail->label_width_px + bar->result_more_px;
  TramaText text = { bar->result, TRAMA_TEXT_CALL, canvas->scale };
  g_autofree char *shown = fit_result (&text, room);

  trama_text_shrink (&text, room, 0.8);
  trama_canvas_set_color (canvas, canvas->theme->ink);
  trama_canvas_text (canvas, &text, rail->label_x, bar->result_y, rail->direction < 0 ? 1 : 0);
}

void
trama_canvas_draw_labels (const TramaCanvas *canvas)
{
  for (guint i = 0; i < canvas->chart->n_bars; i++)
    {
      const TramaChartBar *bar = &canvas->chart->bars[i];
      const TramaChartRail *rail = &canvas->chart->rails[bar->rail];
      const double inset = MIN (7 * canvas->scale, bar_height (canvas, bar) / 2);

      if (rail->label_width_px <= 0)
        continue;
      if ((!trama_canvas_sees (canvas, bar->y0, bar->label_y)
           && !trama_canvas_sees (canvas, bar->y1, bar->result_y))
          || !trama_canvas_wants (canvas, TRAMA_EVENT_CALL, bar->call))
        continue;
      trama_canvas_begin_event (canvas, TRAMA_EVENT_CALL, bar->call);
      if (bar->has_words && trama_canvas_sees (canvas, bar->y0, bar->label_y))
        {
          draw_leader (canvas, rail, bar->y0 + inset, bar->label_y);
          draw_label (canvas, bar, rail);
        }
      if (bar->result_apart && bar->result != NULL && trama_canvas_sees (canvas, bar->y1, bar->result_y))
        {
          draw_leader (canvas, rail, bar->y1 - inset, bar->result_y);
          draw_result (canvas, bar, rail);
        }
      trama_canvas_end_event (canvas);
    }
}
