/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/ladder_private.h"
#include "ui/ladder/lane_edits.h"

/* Of the line where a column would go; and how far it stands from the first or last column. */
#define LINE_PX 4
#define OUTSIDE_PX 10

/* Of what covers the column meanwhile: its words stay readable. */
#define COLUMN_ALPHA 0.4

guint
trama_ladder_view_find_head (TramaLadderView *self, double x, double y)
{
  const TramaChart *chart = self->chart;
  double chart_x = trama_ladder_view_get_chart_x (self, x);

  for (guint i = 0; chart != NULL && y >= 0 && y < trama_ladder_view_header_px (self) && i < chart->n_columns;
       i++)
    if (chart_x >= chart->columns[i].x0 && chart_x < chart->columns[i].x1)
      return i;
  return G_MAXUINT;
}

char *
trama_ladder_view_dup_head_text (TramaLadderView *self, double x, double y)
{
  guint head = trama_ladder_view_find_head (self, x, y);
  const TramaChartColumn *column = head != G_MAXUINT ? &self->chart->columns[head] : NULL;

  return column != NULL && column->folded ? g_strdup_printf ("%s\n%s", column->name, column->subtitle) : NULL;
}

guint
trama_ladder_view_get_column (TramaLadderView *self)
{
  TramaRef selected;
  guint column;

  g_return_val_if_fail (TRAMA_IS_LADDER_VIEW (self), G_MAXUINT);

  trama_ladder_view_update (self);
  if (self->chart == NULL)
    return G_MAXUINT;
  if (self->meant < self->chart->n_columns)
    return self->meant;
  selected = trama_view_state_get_selected (self->state);
  column = selected.kind != 0 ? trama_chart_find_column (self->chart, selected) : G_MAXUINT;
  for (guint i = 0; column == G_MAXUINT && self->pointer_inside && i < self->chart->n_columns; i++)
    {
      double x = trama_ladder_view_get_chart_x (self, self->pointer_x);

      if (x >= self->chart->columns[i].x0 && x < self->chart->columns[i].x1)
        column = i;
    }
  return column;
}

void
trama_ladder_view_mean_column (TramaLadderView *self, guint column)
{
  if (self->meant == column)
    return;
  self->meant = column;
  g_signal_emit_by_name (self, "column-meant");
}

gboolean
trama_ladder_view_means_column (TramaLadderView *self)
{
  g_return_val_if_fail (TRAMA_IS_LADDER_VIEW (self), FALSE);
  return self->meant != G_MAXUINT || trama_view_state_get_selected (self->state).kind != 0;
}

void
trama_ladder_view_fold_head (TramaLadderView *self, guint column)
{
  trama_lane_edits_toggle_fold (self->state, self->chart->columns[column].lane);
}

/* Where the column would go: so many of the others are on its left. */
static guint
find_target (TramaLadderView *self)
{
  const TramaChart *chart = self->chart;
  double x = trama_ladder_view_get_chart_x (self, self->head_x);
  guint n_left = 0;

  for (guint i = 0; i < chart->n_columns; i++)
    n_left += i != self->head && (chart->columns[i].x0 + chart->columns[i].x1) / 2 < x;
  return n_left;
}

void
trama_ladder_view_drop_head (TramaLadderView *self)
{
  if (self->head < self->chart->n_columns)
    trama_lane_edits_move (self->state, self->chart, self->chart->columns[self->head].lane,
                           (int) find_target (self) - (int) self->head);
}

static double
find_line_x (const TramaChart *chart, guint head, guint target)
{
  guint left = target - (target <= head);

  if (target == 0)
    return chart->columns[0].x0 - OUTSIDE_PX;
  if (left + 1 == chart->n_columns)
    return chart->columns[left].x1 + OUTSIDE_PX;
  return (chart->columns[left].x1 + chart->columns[left + 1].x0) / 2;
}

void
trama_ladder_view_paint_head (TramaLadderView *self, cairo_t *cr, const TramaTheme *theme)
{
  const TramaChart *chart = self->chart;
  const double height = trama_ladder_view_header_px (self) + trama_ladder_view_body_px (self);
  const TramaChartColumn *column;
  guint target;

  if (self->head >= chart->n_columns)
    return;
  column = &chart->columns[self->head];
  target = find_target (self);
  cairo_set_source_rgba (cr, theme->selection.red, theme->selection.green, theme->selection.blue,
                         theme->selection.alpha * COLUMN_ALPHA);
  cairo_rectangle (cr, column->x0, 0, column->x1 - column->x0, height);
  cairo_fill (cr);
  if (target == self->head)
    return;
  cairo_set_source_rgb (cr, theme->ink.red, theme->ink.green, theme->ink.blue);
  cairo_rectangle (cr, find_line_x (chart, self->head, target) - LINE_PX / 2.0, 0, LINE_PX, height);
  cairo_fill (cr);
}
