/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/ladder_private.h"
#include "ui/paint/over.h"

#include <math.h>

#define STRIPS_AHEAD 3

/* Of a frame, what may be spent on layout and painting: a strip that is expected to take longer is put off. */
#define FRAME_US 2500

typedef struct
{
  TramaLadderView *view;
  TramaPainting painting;
  gint64 end_us; /* of the time there is for painting in this frame */
} Piece;

/* Of a large chart the events of a part are known only to the part: it gets a trail of its own. */
static void
paint_body (const Piece *piece, cairo_t *cr, double top)
{
  TramaPainting painting = piece->painting;
  TramaLinks *links = painting.trail != NULL ? trama_view_state_get_links (piece->view->state) : NULL;
  g_autoptr (TramaTrail) trail = NULL;

  painting.chart = trama_ladder_view_get_part (piece->view, top);
  if (links != NULL && painting.chart != piece->painting.chart)
    painting.trail = trail = trama_trail_new (painting.chart, links, painting.selected);
  trama_paint_body (cr, &painting, top, top + TRAMA_STRIP_HEIGHT_PX);
}

static void
paint_piece (cairo_t *cr, gint64 key, gpointer user_data)
{
  const Piece *piece = user_data;
  const TramaPainting *painting = &piece->painting;
  double top = (double) key * TRAMA_STRIP_HEIGHT_PX;

  if (key == TRAMA_STRIP_HEADER)
    trama_paint_header (cr, painting);
  else if (key == TRAMA_STRIP_LEGEND)
    trama_paint_legend (cr, painting);
  else
    {
      cairo_rectangle (cr, 0, 0, painting->chart->width_px, TRAMA_STRIP_HEIGHT_PX);
      cairo_clip (cr);
      cairo_translate (cr, 0, -top);
      paint_body (piece, cr, top);
    }
}

/* What is over the picture and changes with every move of the pointer. */
static void
append_overlay (TramaLadderView *self, GtkSnapshot *snapshot, const TramaTheme *theme)
{
  const double header = trama_ladder_view_header_px (self);
  const double page = trama_ladder_view_body_px (self);
  const double scroll = trama_ladder_view_get_scroll (self);
  cairo_t *cr;

  if (self->drag != TRAMA_DRAG_RANGE && !self->measuring)
    return;
  cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, (float) header, (float) gtk_widget_get_width (GTK_WIDGET (self)),
                                     (float) page));
  cairo_translate (cr, -trama_ladder_view_get_scroll_x (self), header - scroll);
  if (self->measuring)
    trama_ladder_view_paint_measure (self, cr, theme);
  if (self->drag == TRAMA_DRAG_RANGE)
    trama_paint_range (cr, self->chart, theme, MIN (self->range_y[0], self->range_y[1]),
                       MAX (self->range_y[0], self->range_y[1]));
  cairo_destroy (cr);
}

/* A column on its way, over the header too. */
static void
append_head (TramaLadderView *self, GtkSnapshot *snapshot, const TramaTheme *theme)
{
  cairo_t *cr;

  if (self->drag != TRAMA_DRAG_COLUMN)
    return;
  cr = gtk_snapshot_append_cairo (snapshot,
                                  &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (GTK_WIDGET (self)),
                                                       (float) gtk_widget_get_height (GTK_WIDGET (self))));
  cairo_translate (cr, -trama_ladder_view_get_scroll_x (self), 0);
  trama_ladder_view_paint_head (self, cr, theme);
  cairo_destroy (cr);
}

static TramaStripTarget
strip_target (TramaLadderView *self)
{
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (GTK_WIDGET (self)));

  return (TramaStripTarget){
    .width_px = MAX (gtk_widget_get_width (GTK_WIDGET (self)), (int) ceil (self->chart->width_px)),
    .scale = gtk_widget_get_scale_factor (GTK_WIDGET (self)),
    .textures = renderer != NULL && g_str_has_prefix (G_OBJECT_TYPE_NAME (renderer), "GskGL"),
  };
}

static void
append_piece_at (TramaLadderView *self,
                 GtkSnapshot *snapshot,
                 const TramaStripTarget *target,
                 Piece *piece,
                 gint64 key,
                 double x,
                 double y,
                 double height_px)
{
  GskRenderNode *node = trama_strip_cache_get (self->strips, target, key, (int) height_px, paint_piece,
                                               piece);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_node (snapshot, node);
  gtk_snapshot_restore (snapshot);
}

static void
append_piece (TramaLadderView *self,
              GtkSnapshot *snapshot,
              const TramaStripTarget *target,
              Piece *piece,
              gint64 key,
              double y,
              double height_px)
{
  double scroll_x = key == TRAMA_STRIP_LEGEND ? 0 : trama_ladder_view_get_scroll_x (self);

  append_piece_at (self, snapshot, target, piece, key, -round (scroll_x * target->scale) / target->scale, y,
                   height_px);
}

/* What is in view, on whole device pixels, or every line of the picture would blur while it scrolls. */
typedef struct
{
  double scroll, header, page;
  gint64 first, last; /* strips */
} View;

static View
view_of (TramaLadderView *self, const TramaStripTarget *target)
{
  View view = { .header = trama_ladder_view_header_px (self), .page = trama_ladder_view_body_px (self) };

  view.scroll = round (trama_ladder_view_get_scroll (self) * target->scale) / target->scale;
  view.first = (gint64) floor (view.scroll / TRAMA_STRIP_HEIGHT_PX);
  view.last = (gint64) ceil ((view.scroll + view.page) / TRAMA_STRIP_HEIGHT_PX) - 1;
  return view;
}

static void
append_stand_ins (TramaLadderView *self,
                  GtkSnapshot *snapshot,
                  const TramaStripTarget *target,
                  const View *view)
{
  double scroll_x = round (trama_ladder_view_get_scroll_x (self) * target->scale) / target->scale;

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (-(float) scroll_x, (float) view->header));
  trama_strip_cache_append_stand_ins (self->strips, snapshot, view->scroll, view->scroll + view->page);
  gtk_snapshot_restore (snapshot);
}

/*
 * Of what stands in, as much is painted anew as a frame has time for, and a strip at
 * least; each frame begins with another, so that while one zooms all get their turn.
 * What nothing stands in for is painted at once. FALSE: some are left for the next frame.
 */
static gboolean
append_strips (TramaLadderView *self,
               GtkSnapshot *snapshot,
               const TramaStripTarget *target,
               Piece *piece,
               const View *view)
{
  gint64 n = view->last - view->first + 1, n_painted = 0, n_left = 0;

  for (gint64 i = 0; i < n; i++)
    {
      gint64 strip = view->first + (self->turn + i) % n;
      double y = (double) strip * TRAMA_STRIP_HEIGHT_PX;
      gboolean painted = trama_strip_cache_has (self->strips, strip);

      gint64 begin_us = g_get_monotonic_time ();

      if (!painted && n_painted > 0 && begin_us + self->strip_us > piece->end_us
          && trama_strip_cache_has_stand_in (self->strips, y, y + TRAMA_STRIP_HEIGHT_PX))
        {
          n_left++;
          continue;
        }
      append_piece (self, snapshot, target, piece, strip, view->header + y - view->scroll,
                    TRAMA_STRIP_HEIGHT_PX);
      if (!painted)
        self->strip_us = g_get_monotonic_time () - begin_us;
      n_painted += !painted;
    }
  self->turn = (guint) ((self->turn + n_painted) % MAX (n, 1));
  return n_left == 0;
}

static void
append_body (TramaLadderView *self, GtkSnapshot *snapshot, const TramaStripTarget *target, Piece *piece)
{
  View view = view_of (self, target);

  gtk_snapshot_push_clip (
      snapshot, &GRAPHENE_RECT_INIT (0, (float) view.header, (float) target->width_px, (float) view.page));
  append_stand_ins (self, snapshot, target, &view);
  if (append_strips (self, snapshot, target, piece, &view))
    trama_strip_cache_forget_stand_ins (self->strips);
  else
    trama_ladder_view_draw_again (self);
  gtk_snapshot_pop (snapshot);
  trama_strip_cache_trim (self->strips, view.first - STRIPS_AHEAD, view.last + STRIPS_AHEAD);
}

/* Panes show the same images, which are painted by then, once more. */
typedef struct
{
  TramaLadderView *view;
  const TramaStripTarget *target;
  Piece *piece;
} Pane;

static void
append_pane_body (GtkSnapshot *snapshot, double x, gpointer data)
{
  const Pane *pane = data;
  View view = view_of (pane->view, pane->target);

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT ((float) x, (float) view.header,
                                                         (float) pane->target->width_px, (float) view.page));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) view.header));
  trama_strip_cache_append_stand_ins (pane->view->strips, snapshot, view.scroll, view.scroll + view.page);
  gtk_snapshot_restore (snapshot);
  for (gint64 strip = view.first; strip <= view.last; strip++)
    if (trama_strip_cache_has (pane->view->strips, strip))
      append_piece_at (pane->view, snapshot, pane->target, pane->piece, strip, x,
                       view.header + (double) strip * TRAMA_STRIP_HEIGHT_PX - view.scroll,
                       TRAMA_STRIP_HEIGHT_PX);
  gtk_snapshot_pop (snapshot);
}

static void
append_pane_header (GtkSnapshot *snapshot, double x, gpointer data)
{
  const Pane *pane = data;
  const double height = MAX (1, trama_ladder_view_header_px (pane->view));

  append_piece_at (pane->view, snapshot, pane->target, pane->piece, TRAMA_STRIP_HEADER, x, 0, height);
}

/* Made once for a selection in a chart, when it is drawn first. */
static void
update_trail (TramaLadderView *self)
{
  TramaRef selected = trama_view_state_get_selected (self->state);
  TramaLinks *links;

  if (!self->trail_stale)
    return;
  self->trail_stale = FALSE;
  links = selected.kind != 0 ? trama_view_state_get_links (self->state) : NULL;
  /* The chart may still be that of a table that was shown before. */
  if (links != NULL && trama_view_state_get_table (self->state) == trama_chart_get_table (self->chart))
    self->trail = trama_trail_new (self->chart, links, selected);
}

void
trama_ladder_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);
  const TramaTheme *theme = trama_theme_get (self->theme);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  GdkRGBA ground = { (float) theme->wire.red, (float) theme->wire.green, (float) theme->wire.blue, 1 };
  TramaStripTarget target;
  Piece piece = { .view = self };
  Pane pane;

  trama_ladder_view_update (self);
  piece.end_us = g_get_monotonic_time () + FRAME_US - self->layout_us;
  self->layout_us = 0;
  gtk_snapshot_append_color (snapshot, &ground, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (self->chart == NULL)
    return;

  update_trail (self);
  target = strip_target (self);
  piece.painting = (TramaPainting){
    .chart = self->chart,
    .theme = theme,
    .selected = trama_view_state_get_selected (self->state),
    .edge = self->edge,
    .legend_width_px = gtk_widget_get_width (widget),
    .trail = self->trail,
  };
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  append_body (self, snapshot, &target, &piece);
  pane = (Pane){ self, &target, &piece };
  trama_ladder_view_append_panes (self, snapshot, append_pane_body, &pane);
  append_overlay (self, snapshot, theme);
  append_piece (self, snapshot, &target, &piece, TRAMA_STRIP_HEADER, 0,
                MAX (1, trama_ladder_view_header_px (self)));
  trama_ladder_view_append_panes (self, snapshot, append_pane_header, &pane);
  append_head (self, snapshot, theme);
  if (self->legend_px > 0)
    append_piece (self, snapshot, &target, &piece, TRAMA_STRIP_LEGEND,
                  trama_ladder_view_header_px (self) + trama_ladder_view_body_px (self), self->legend_px);
  gtk_snapshot_pop (snapshot);
}
