/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lists/row_growth.h"

/* A few milliseconds of a frame; and GTK_LIST_VIEW_MAX_LIST_ITEMS of gtklistview.c, with what stays around a row. */
#define ROWS_PER_FRAME 12
#define WIDGETS_MAX 216

struct _TramaRowGrowth
{
  GtkWidget *widget;
  TramaRowGrowthFunc func;
  gpointer user_data;
  guint n_rows; /* that the list shall have */
  guint n_now;
  guint tick_id;
};

TramaRowGrowth *
trama_row_growth_new (GtkWidget *widget, TramaRowGrowthFunc func, gpointer user_data)
{
  TramaRowGrowth *self = g_new0 (TramaRowGrowth, 1);

  self->widget = widget;
  self->func = func;
  self->user_data = user_data;
  return self;
}

static void
stop (TramaRowGrowth *self)
{
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (self->widget, self->tick_id);
  self->tick_id = 0;
}

void
trama_row_growth_free (TramaRowGrowth *self)
{
  if (self == NULL)
    return;
  stop (self);
  g_free (self);
}

/* Widgets go as slowly as they come. */
static void
change (TramaRowGrowth *self)
{
  guint n = self->n_rows;

  if (n > self->n_now && self->n_now < WIDGETS_MAX)
    n = MIN (n, self->n_now + ROWS_PER_FRAME);
  else if (n < self->n_now && n < WIDGETS_MAX)
    n = MAX (n, MIN (self->n_now - MIN (self->n_now, ROWS_PER_FRAME), WIDGETS_MAX));
  self->n_now = n;
  self->func (n, n == self->n_rows, self->user_data);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  TramaRowGrowth *self = user_data;

  change (self);
  if (!trama_row_growth_is_whole (self))
    return G_SOURCE_CONTINUE;
  self->tick_id = 0;
  return G_SOURCE_REMOVE;
}

void
trama_row_growth_set (TramaRowGrowth *self, guint n_rows)
{
  g_return_if_fail (self != NULL);

  self->n_rows = n_rows;
  if (self->tick_id != 0)
    return;
  change (self);
  if (!trama_row_growth_is_whole (self))
    self->tick_id = gtk_widget_add_tick_callback (self->widget, on_tick, self, NULL);
}

guint
trama_row_growth_get (const TramaRowGrowth *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->n_rows;
}

gboolean
trama_row_growth_is_whole (const TramaRowGrowth *self)
{
  g_return_val_if_fail (self != NULL, TRUE);
  return self->n_now == self->n_rows;
}
