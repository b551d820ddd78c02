/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/ladder_private.h"
#include "ui/paint/over.h"

#include <math.h>

/* Its words reach below their line, but not down to the columns. */
#define SCOPE_BELOW_PX 9

static void
paint_piece (cairo_t *cr, gint64 key, gpointer user_data)
{
  const TramaPainting *painting = user_data;

  if (key == TRAMA_STRIP_HEADER)
    trama_paint_header (cr, painting);
  else if (key == TRAMA_STRIP_LEGEND)
    trama_paint_legend (cr, painting);
  else
    trama_paint_ground (cr, painting, 0, TRAMA_STRIP_HEIGHT_PX);
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
get_target (TramaLadderView *self)
{
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (GTK_WIDGET (self)));

  return (TramaStripTarget){
    .width_px = MAX (gtk_widget_get_width (GTK_WIDGET (self)), (int) ceil (self->chart->width_px)),
    .scale = gtk_widget_get_scale_factor (GTK_WIDGET (self)),
    .textures = renderer != NULL && g_str_has_prefix (G_OBJECT_TYPE_NAME (renderer), "GskGL"),
  };
}

static TramaPainting
get_painting (TramaLadderView *self)
{
  return (TramaPainting){
    .chart = self->chart,
    .theme = trama_theme_get (self->theme),
    .selected = trama_view_state_get_selected (self->state),
    .edge = self->edge,
    .legend_width_px = gtk_widget_get_width (GTK_WIDGET (self)),
  };
}

void
trama_ladder_view_append_piece (const TramaBody *body, gint64 key, double x, double y, double height_px)
{
  GskRenderNode *node = trama_strip_cache_get (body->view->strips, &body->target, key, (int) height_px,
                                               paint_piece, (gpointer) &body->painting);

  gtk_snapshot_save (body->snapshot);
  gtk_snapshot_translate (body->snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_node (body->snapshot, node);
  gtk_snapshot_restore (body->snapshot);
}

static void
append_header (const TramaBody *body, double x)
{
  trama_ladder_view_append_piece (body, TRAMA_STRIP_HEADER, x, 0, MAX (1, body->header));
}

static void
append_pane_body (GtkSnapshot *snapshot, double x, gpointer data)
{
  trama_ladder_view_append_painted (data, x);
}

static void
append_pane_header (GtkSnapshot *snapshot, double x, gpointer data)
{
  append_header (data, x);
}

/* How much is drawn is said above everything, wherever that has moved to. */
static void
append_scope (const TramaBody *body, const TramaTheme *theme)
{
  const GdkRGBA ground = { (float) theme->wire.red, (float) theme->wire.green, (float) theme->wire.blue, 1 };
  const TramaChart *chart = body->view->chart;
  const graphene_rect_t line = GRAPHENE_RECT_INIT (0, 0,
                                                   (float) gtk_widget_get_width (GTK_WIDGET (body->view)),
                                                   (float) (chart->scope_px + SCOPE_BELOW_PX * chart->scale));

  if (chart->scope_px <= 0)
    return;
  gtk_snapshot_push_clip (body->snapshot, &line);
  gtk_snapshot_append_color (body->snapshot, &ground, &line);
  append_header (body, 0);
  gtk_snapshot_pop (body->snapshot);
}

/* What is in view, on whole device pixels, or every line of the picture would blur while it scrolls. */
TramaBody
trama_ladder_view_make_body (TramaLadderView *self, GtkSnapshot *snapshot)
{
  TramaBody body = {
    .view = self,
    .snapshot = snapshot,
    .target = get_target (self),
    .painting = get_painting (self),
    .header = trama_ladder_view_header_px (self),
    .page = trama_ladder_view_body_px (self),
  };
  const double scale = body.target.scale;

  body.scroll = round (trama_ladder_view_get_scroll (self) * scale) / scale;
  body.scroll_x = round (trama_ladder_view_get_scroll_x (self) * scale) / scale;
  body.first = (gint64) floor (body.scroll / TRAMA_STRIP_HEIGHT_PX);
  body.last = (gint64) ceil ((body.scroll + body.page) / TRAMA_STRIP_HEIGHT_PX) - 1;
  return body;
}

static void
append_picture (TramaLadderView *self, GtkSnapshot *snapshot)
{
  const TramaTheme *theme = trama_theme_get (self->theme);
  TramaBody body = trama_ladder_view_make_body (self, snapshot);

  trama_ladder_view_append_body (&body);
  trama_ladder_view_append_panes (self, snapshot, append_pane_body, &body);
  append_overlay (self, snapshot, theme);
  append_header (&body, -body.scroll_x);
  trama_ladder_view_append_panes (self, snapshot, append_pane_header, &body);
  append_scope (&body, theme);
  append_head (self, snapshot, theme);
  if (self->legend_px > 0)
    trama_ladder_view_append_piece (&body, TRAMA_STRIP_LEGEND, 0, body.header + body.page, self->legend_px);
}

void
trama_ladder_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);
  const TramaTheme *theme = trama_theme_get (self->theme);
  const graphene_rect_t whole = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                                    (float) gtk_widget_get_height (widget));
  const GdkRGBA ground = { (float) theme->wire.red, (float) theme->wire.green, (float) theme->wire.blue, 1 };

  trama_ladder_view_update (self);
  gtk_snapshot_append_color (snapshot, &ground, &whole);
  if (self->chart == NULL)
    return;
  gtk_snapshot_push_clip (snapshot, &whole);
  append_picture (self, snapshot);
  gtk_snapshot_pop (snapshot);
}
