/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/lists/sort_controls.h"
#include "ui/shrinking_choice.h"

#include <glib/gi18n-lib.h>

struct _TramaSortControls
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *box;
  GtkDropDown *key;
  GtkToggleButton *descending;

  /* borrowed */
  TramaRowTable *table; /* a sibling, which goes when this does; NULL until there is one */

  /* state */
  gboolean is_showing; /* what the table says */
};

G_DEFINE_FINAL_TYPE (TramaSortControls, trama_sort_controls, GTK_TYPE_WIDGET)

static void
on_sort_changed (TramaSortControls *self, guint column, gboolean descending)
{
  self->is_showing = TRUE;
  gtk_drop_down_set_selected (self->key, column);
  gtk_toggle_button_set_active (self->descending, descending);
  self->is_showing = FALSE;
}

static void
on_chosen (TramaSortControls *self)
{
  if (!self->is_showing && self->table != NULL)
    trama_row_table_sort (self->table, gtk_drop_down_get_selected (self->key),
                          gtk_toggle_button_get_active (self->descending));
}

static void
dispose (GObject *object)
{
  TRAMA_SORT_CONTROLS (object)->table = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (object), TRAMA_TYPE_SORT_CONTROLS);
  G_OBJECT_CLASS (trama_sort_controls_parent_class)->dispose (object);
}

static void
trama_sort_controls_class_init (TramaSortControlsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/sort_controls.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaSortControls, box);
  gtk_widget_class_bind_template_child (widget_class, TramaSortControls, key);
  gtk_widget_class_bind_template_child (widget_class, TramaSortControls, descending);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen);
}

static void
trama_sort_controls_init (TramaSortControls *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  trama_shrinking_choice_init (self->key);
}

void
trama_sort_controls_set_table (TramaSortControls *self,
                               TramaRowTable *table,
                               const TramaRowColumn *columns,
                               guint n_columns,
                               guint key,
                               gboolean descending)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  g_return_if_fail (TRAMA_IS_SORT_CONTROLS (self));
  g_return_if_fail (self->table == NULL);

  for (guint i = 0; i < n_columns; i++)
    gtk_string_list_append (titles, _ (columns[i].title));
  gtk_drop_down_set_model (self->key, G_LIST_MODEL (titles));
  self->table = table;
  g_signal_connect_object (table, "sort-changed", G_CALLBACK (on_sort_changed), self, G_CONNECT_SWAPPED);
  trama_row_table_sort (table, key, descending);
}
