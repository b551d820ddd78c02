/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/canvas.h"

/* What the selected event has to do with, and what it has not. */

#define VEIL_ALPHA 0.58
#define RIBBON_ALPHA 0.38

/* How many labels back one may meet another, and how far from a strip. */
#define LABELS_LOOKED_AT 32
#define BESIDE_PX 60

/* Everything that was drawn so far steps back, but for the times. */
void
trama_canvas_draw_veil (const TramaCanvas *canvas)
{
  trama_canvas_set_color (canvas, trama_color_with_alpha (canvas->theme->wire, VEIL_ALPHA));
  trama_canvas_fill_rect (canvas, canvas->chart->gutter_px, canvas->y0,
                          canvas->chart->width_px - canvas->chart->gutter_px, canvas->y1 - canvas->y0);
}

/* Between sockets of one kernel there is no wire: it lies along the line that is drawn there. */
static gboolean
is_inside (const TramaRibbon *ribbon)
{
  return ribbon->kind == TRAMA_LINKS_CARRIES || ribbon->kind == TRAMA_LINKS_PAIRS;
}

static void
trace_ribbon (const TramaCanvas *canvas, const TramaRibbon *ribbon)
{
  const double bend = is_inside (ribbon) ? 0 : (ribbon->x1 - ribbon->x0) / 2;
  cairo_t *cr = canvas->cr;

  cairo_move_to (cr, ribbon->x0, ribbon->top0);
  cairo_curve_to (cr, ribbon->x0 + bend, ribbon->top0, ribbon->x1 - bend, ribbon->top1, ribbon->x1,
                  ribbon->top1);
  cairo_line_to (cr, ribbon->x1, ribbon->bottom1);
  cairo_curve_to (cr, ribbon->x1 - bend, ribbon->bottom1, ribbon->x0 + bend, ribbon->bottom0, ribbon->x0,
                  ribbon->bottom0);
  cairo_close_path (cr);
}

static TramaColor
color_of (const TramaCanvas *canvas, const TramaRibbon *ribbon)
{
  return is_inside (ribbon) ? canvas->theme->ink2
                            : canvas->theme->segment[MIN (ribbon->segment, TRAMA_SEGMENT_OTHER)];
}

typedef struct
{
  TramaText text;
  TramaRect box;
} Label;

/* At @part of the way along the middle of a ribbon, which is a curve of Bézier. */
static void
centre_label (const TramaRibbon *ribbon, double part, Label *label)
{
  const double way = 1.5 * part * (1 - part) + part * part * part;
  const double height = part * part * (3 - 2 * part);
  const double y0 = (ribbon->top0 + ribbon->bottom0) / 2, y1 = (ribbon->top1 + ribbon->bottom1) / 2;

  label->box.x = ribbon->x0 + way * (ribbon->x1 - ribbon->x0) - label->box.width / 2;
  label->box.y = y0 + height * (y1 - y0) - label->box.height / 2;
}

static gboolean
has_room (const TramaRibbon *ribbon, const Label *label, const GArray *placed)
{
  const TramaRect *box = &label->box;

  if (box->x < MIN (ribbon->x0, ribbon->x1) || box->x + box->width > MAX (ribbon->x0, ribbon->x1))
    return FALSE;
  for (guint i = placed->len - MIN (placed->len, LABELS_LOOKED_AT); i < placed->len; i++)
    {
      const TramaRect *other = &g_array_index (placed, TramaRect, i);

      if (box->x < other->x + other->width && other->x < box->x + box->width
          && box->y < other->y + other->height && other->y < box->y + box->height)
        return FALSE;
    }
  return TRUE;
}

/* Where two meet, each stands on its own part of the way; without such a place it is not said. */
static gboolean
place_label (const TramaCanvas *canvas, const TramaRibbon *ribbon, const GArray *placed, Label *label)
{
  static const double parts[] = { 0.5, 0.35, 0.65, 0.25, 0.75 };
  const char *const texts[] = { ribbon->label, ribbon->short_label };
  const double s = canvas->scale;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      label->text = (TramaText){ .text = texts[i], .style = TRAMA_TEXT_STATE_NOTE, .scale = s };
      trama_text_measure (&label->text, &label->box.width, &label->box.height);
      label->box.width += 8 * s;
      label->box.height += 2 * s;
      for (guint n = 0; n < G_N_ELEMENTS (parts); n++)
        {
          centre_label (ribbon, parts[n], label);
          if (has_room (ribbon, label, placed))
            return TRUE;
        }
    }
  return FALSE;
}

static void
draw_label (const TramaCanvas *canvas, const Label *label)
{
  const TramaRect *box = &label->box;

  trama_canvas_set_color (canvas, canvas->theme->chip);
  trama_canvas_round_rect (canvas, box->x, box->y, box->width, box->height, 4 * canvas->scale);
  trama_canvas_fill (canvas);
  trama_canvas_set_color (canvas, canvas->theme->ink);
  trama_canvas_text (canvas, &label->text, box->x + box->width / 2, box->y + box->height / 2, 0.5);
}

void
trama_canvas_draw_ribbons (const TramaCanvas *canvas)
{
  const TramaTrail *trail = canvas->painting->trail;

  for (guint i = 0; i < trama_trail_n_ribbons (trail); i++)
    {
      const TramaRibbon *ribbon = trama_trail_get_ribbon (trail, i);
      const TramaColor color = color_of (canvas, ribbon);

      if (!trama_canvas_sees (canvas, MIN (ribbon->top0, ribbon->top1),
                              MAX (ribbon->bottom0, ribbon->bottom1)))
        continue;
      trace_ribbon (canvas, ribbon);
      trama_canvas_set_color (canvas, trama_color_with_alpha (color, RIBBON_ALPHA));
      trama_canvas_fill_preserve (canvas);
      trama_canvas_set_color (canvas, color);
      cairo_set_line_width (canvas->cr, canvas->scale);
      trama_canvas_set_dash (canvas, NULL, 0);
      trama_canvas_stroke (canvas);
    }
}

/*
 * Above the bars, so that no ribbon hides what another says. Those beside a strip of the picture are
 * placed, too: each strip places them alike.
 */
void
trama_canvas_draw_ribbon_labels (const TramaCanvas *canvas)
{
  const TramaTrail *trail = canvas->painting->trail;
  const double beside = BESIDE_PX * canvas->scale;
  g_autoptr (GArray) placed = g_array_new (FALSE, FALSE, sizeof (TramaRect));

  for (guint i = 0; i < trama_trail_n_ribbons (trail); i++)
    {
      const TramaRibbon *ribbon = trama_trail_get_ribbon (trail, i);
      Label label;

      if (is_inside (ribbon)
          || !trama_canvas_sees (canvas, MIN (ribbon->top0, ribbon->top1) - beside,
                                 MAX (ribbon->bottom0, ribbon->bottom1) + beside)
          || !place_label (canvas, ribbon, placed, &label))
        continue;
      g_array_append_val (placed, label.box);
      draw_label (canvas, &label);
    }
}
