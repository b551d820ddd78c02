/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/lists/column_fit.h"

#include <glib/gi18n-lib.h>

/* Beside what stands in a cell; and of a head, the arrow that says how it is sorted. */
#define PADDING_PX 14
#define ARROW_PX 20

/* The heads are bold. */
#define HEAD_LETTER 1.1

#define SCROLLBAR_PX 16

#define ACTIONS "columns"

/* What the user wants of a column. */
typedef enum
{
  WISH_NONE,
  WISH_SHOWN,
  WISH_HIDDEN,
} Wish;

struct _TramaColumnFit
{
  /* borrowed */
  GtkWidget *table;
  GtkColumnView *view;
  const TramaRowColumn *columns;

  /* owned */
  GSimpleActionGroup *actions; /* one for each column: whether it is shown */
  Wish *wishes;

  /* state */
  guint n_columns;
  int width_px;
  guint tick_id;
};

static GtkColumnViewColumn *
get_column (TramaColumnFit *self, guint index)
{
  g_autoptr (GtkColumnViewColumn)
      column = g_list_model_get_item (gtk_column_view_get_columns (self->view), index);

  return column; /* the view has it */
}

static double
get_letter_px (TramaColumnFit *self)
{
  PangoFontMetrics *metrics = pango_context_get_metrics (gtk_widget_get_pango_context (self->table), NULL,
                                                         NULL);
  int width = MAX (pango_font_metrics_get_approximate_char_width (metrics),
                   pango_font_metrics_get_approximate_digit_width (metrics));

  pango_font_metrics_unref (metrics);
  return (double) width / PANGO_SCALE;
}

static double
get_needed_px (TramaColumnFit *self, guint index, double letter_px)
{
  glong title_chars = g_utf8_strlen (_ (self->columns[index].title), -1);

  return MAX (self->columns[index].width_chars * letter_px,
              (double) title_chars * letter_px * HEAD_LETTER + ARROW_PX)
         + PADDING_PX;
}

static gboolean
is_wanted (TramaColumnFit *self, guint index, guint n_left)
{
  if (self->wishes[index] != WISH_NONE)
    return self->wishes[index] == WISH_SHOWN;
  return self->columns[index].leaves == 0 || self->columns[index].leaves > n_left;
}

/* When so many have left. */
static double
get_all_px (TramaColumnFit *self, guint n_left, double letter_px)
{
  double sum = 0;

  for (guint i = 0; i < self->n_columns; i++)
    if (is_wanted (self, i, n_left))
      sum += get_needed_px (self, i, letter_px);
  return sum;
}

static void
show_column (TramaColumnFit *self, guint index, gboolean visible)
{
  g_autofree char *name = g_strdup_printf ("%u", index);
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  if (gtk_column_view_column_get_visible (get_column (self, index)) != visible)
    gtk_column_view_column_set_visible (get_column (self, index), visible);
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (visible));
}

static void
fit (TramaColumnFit *self)
{
  double letter_px = get_letter_px (self);
  guint n_left = 0;

  while (n_left < self->n_columns && get_all_px (self, n_left, letter_px) > self->width_px - SCROLLBAR_PX)
    n_left++;
  for (guint i = 0; i < self->n_columns; i++)
    show_column (self, i, is_wanted (self, i, n_left));
}

static gboolean
on_tick (GtkWidget *table, GdkFrameClock *clock, gpointer user_data)
{
  TramaColumnFit *self = user_data;

  self->tick_id = 0;
  fit (self);
  return G_SOURCE_REMOVE;
}

void
trama_column_fit_set_width (TramaColumnFit *self, int width_px)
{
  self->width_px = width_px;
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (self->table, on_tick, self, NULL);
}

/* The last one stays. */
static void
on_toggled (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaColumnFit *self = user_data;
  guint index = (guint) g_ascii_strtoull (g_action_get_name (G_ACTION (action)), NULL, 10);
  gboolean visible = gtk_column_view_column_get_visible (get_column (self, index));
  guint n_visible = 0;

  for (guint i = 0; i < self->n_columns; i++)
    n_visible += gtk_column_view_column_get_visible (get_column (self, i));
  if (visible && n_visible == 1)
    return;
  self->wishes[index] = visible ? WISH_HIDDEN : WISH_SHOWN;
  fit (self);
}

TramaColumnFit *
trama_column_fit_new (GtkWidget *table, GtkColumnView *view, const TramaRowColumn *columns, guint n_columns)
{
  TramaColumnFit *self = g_new0 (TramaColumnFit, 1);
  g_autoptr (GMenu) menu = g_menu_new ();

  self->table = table;
  self->view = view;
  self->columns = columns;
  self->n_columns = n_columns;
  self->wishes = g_new0 (Wish, n_columns);
  self->actions = g_simple_action_group_new ();
  for (guint i = 0; i < n_columns; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);
      g_autofree char *detailed = g_strdup_printf (ACTIONS ".%u", i);
      g_autoptr (GSimpleAction)
          action = g_simple_action_new_stateful (name, NULL, g_variant_new_boolean (TRUE));

      g_signal_connect (action, "activate", G_CALLBACK (on_toggled), self);
      g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
      g_menu_append (menu, _ (columns[i].title), detailed);
      gtk_column_view_column_set_header_menu (get_column (self, i), G_MENU_MODEL (menu));
    }
  gtk_widget_insert_action_group (table, ACTIONS, G_ACTION_GROUP (self->actions));
  return self;
}

void
trama_column_fit_free (TramaColumnFit *self)
{
  if (self == NULL)
    return;
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (self->table, self->tick_id);
  gtk_widget_insert_action_group (self->table, ACTIONS, NULL);
  g_object_unref (self->actions);
  g_free (self->wishes);
  g_free (self);
}
