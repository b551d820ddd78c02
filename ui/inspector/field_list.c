/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/inspector/field_line.h"
#include "ui/inspector/field_list.h"

#include <glib/gi18n-lib.h>

/* A label that wraps is laid out several times: more of them in a frame, and others would wait. */
#define ROWS_PER_FRAME 10

struct _TramaFieldList
{
  GtkWidget parent_instance;

  /* owned */
  GtkListBox *box;
  TramaFields *fields;

  /* state */
  gboolean filling;
  guint n_filled; /* rows that say what the fields are */
  guint tick_id;  /* until all do */
};

enum
{
  SIGNAL_FIELD_SELECTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TramaFieldList, trama_field_list, GTK_TYPE_WIDGET)

static char *
field_text (const TramaField *field)
{
  g_autoptr (GString) text = g_string_new (_ (field->name));

  if (field->value != NULL)
    g_string_append_printf (text, ": %s", field->value);
  if (field->meaning != NULL)
    g_string_append_printf (text, " (%s)", field->meaning);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
fill_row (GtkWidget *row, const TramaField *field)
{
  g_autofree char *text = field_text (field);

  if (field->depth == 0)
    gtk_widget_add_css_class (row, "section");
  else
    gtk_widget_remove_css_class (row, "section");
  trama_field_line_set (TRAMA_FIELD_LINE (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row))), field);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static GtkWidget *
row_new (const TramaField *field)
{
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), trama_field_line_new ());
  fill_row (row, field);
  return row;
}

static const TramaField *
selected_field (TramaFieldList *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->box);
  int index = row != NULL ? gtk_list_box_row_get_index (row) : -1;

  if (index < 0 || self->fields == NULL || (guint) index >= self->fields->len)
    return NULL;
  return g_ptr_array_index (self->fields, index);
}

static void
on_row_selected (GtkListBox *box, GtkListBoxRow *row, TramaFieldList *self)
{
  const TramaField *field = selected_field (self);

  if (field != NULL && !self->filling)
    g_signal_emit (self, signals[SIGNAL_FIELD_SELECTED], 0, field->offset, field->size_bytes);
}

static gboolean
on_copy (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  g_autofree char *text = trama_field_list_dup_selected (TRAMA_FIELD_LIST (widget));

  if (text == NULL)
    return GDK_EVENT_PROPAGATE;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  return GDK_EVENT_STOP;
}

static void
stop_filling (TramaFieldList *self)
{
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
  self->tick_id = 0;
}

static void
dispose (GObject *object)
{
  TramaFieldList *self = TRAMA_FIELD_LIST (object);

  stop_filling (self);
  /* A box that goes unselects its row, and says so. */
  if (self->box != NULL)
    g_signal_handlers_disconnect_by_data (self->box, self);
  g_clear_pointer ((GtkWidget **) &self->box, gtk_widget_unparent);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  G_OBJECT_CLASS (trama_field_list_parent_class)->dispose (object);
}

static void
trama_field_list_class_init (TramaFieldListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;

  signals[SIGNAL_FIELD_SELECTED] = g_signal_new ("field-selected", TRAMA_TYPE_FIELD_LIST, G_SIGNAL_RUN_LAST,
                                                 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT,
                                                 G_TYPE_UINT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "fields");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, on_copy, NULL);
}

static void
trama_field_list_init (TramaFieldList *self)
{
  self->box = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->box, GTK_SELECTION_SINGLE);
  g_signal_connect (self->box, "row-selected", G_CALLBACK (on_row_selected), self);
  gtk_widget_set_parent (GTK_WIDGET (self->box), GTK_WIDGET (self));
}

static guint
count_fields (TramaFieldList *self)
{
  return self->fields != NULL ? self->fields->len : 0;
}

static void
fill (TramaFieldList *self, guint n_rows)
{
  for (; self->n_filled < MIN (n_rows, count_fields (self)); self->n_filled++)
    {
      const TramaField *field = g_ptr_array_index (self->fields, self->n_filled);
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->box, (int) self->n_filled);

      if (row != NULL)
        fill_row (GTK_WIDGET (row), field);
      else
        gtk_list_box_append (self->box, row_new (field));
    }
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  TramaFieldList *self = TRAMA_FIELD_LIST (widget);

  fill (self, self->n_filled + ROWS_PER_FRAME);
  if (self->n_filled < count_fields (self))
    return G_SOURCE_CONTINUE;
  self->tick_id = 0;
  return G_SOURCE_REMOVE;
}

/* Rows are kept: from packet to packet most of what they say stays the same, and need not be laid out anew. */
void
trama_field_list_set_fields (TramaFieldList *self, TramaFields *fields)
{
  GtkListBoxRow *row;

  g_return_if_fail (TRAMA_IS_FIELD_LIST (self));

  stop_filling (self);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  self->fields = fields != NULL ? g_ptr_array_ref (fields) : NULL;
  self->n_filled = 0;
  self->filling = TRUE;
  gtk_list_box_unselect_all (self->box);
  while ((row = gtk_list_box_get_row_at_index (self->box, (int) count_fields (self))) != NULL)
    gtk_list_box_remove (self->box, GTK_WIDGET (row));
  self->filling = FALSE;
  fill (self, ROWS_PER_FRAME);
  if (self->n_filled < count_fields (self))
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

static void
scroll_to_row (TramaFieldList *self, GtkWidget *row)
{
  GtkWidget *viewport = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_VIEWPORT);
  GtkAdjustment *adjustment;
  graphene_rect_t bounds;
  double top;

  if (viewport == NULL
      || !gtk_widget_compute_bounds (row, gtk_viewport_get_child (GTK_VIEWPORT (viewport)), &bounds))
    return;
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (viewport));
  top = (double) bounds.origin.y;
  gtk_adjustment_clamp_page (adjustment, top, top + (double) bounds.size.height);
}

gboolean
trama_field_list_select_byte (TramaFieldList *self, guint offset)
{
  const TramaField *best = NULL;
  GtkListBoxRow *row;
  guint index = 0;
  guint i;

  g_return_val_if_fail (TRAMA_IS_FIELD_LIST (self), FALSE);

  for (i = 0; self->fields != NULL && i < self->fields->len; i++)
    {
      const TramaField *field = g_ptr_array_index (self->fields, i);

      if (offset < field->offset || offset - field->offset >= field->size_bytes)
        continue;
      if (best != NULL && best->size_bytes < field->size_bytes)
        continue;
      best = field;
      index = i;
    }
  if (best == NULL)
    return FALSE;

  fill (self, index + 1);
  row = gtk_list_box_get_row_at_index (self->box, (int) index);
  gtk_list_box_select_row (self->box, row);
  scroll_to_row (self, GTK_WIDGET (row));
  return TRUE;
}

char *
trama_field_list_dup_selected (TramaFieldList *self)
{
  const TramaField *field;

  g_return_val_if_fail (TRAMA_IS_FIELD_LIST (self), NULL);

  field = selected_field (self);
  return field != NULL ? field_text (field) : NULL;
}

char *
trama_field_list_dup_text (TramaFieldList *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint i;

  g_return_val_if_fail (TRAMA_IS_FIELD_LIST (self), NULL);

  for (i = 0; self->fields != NULL && i < self->fields->len; i++)
    {
      const TramaField *field = g_ptr_array_index (self->fields, i);
      g_autofree char *line = field_text (field);

      g_string_append_printf (text, "%*s%s\n", (int) field->depth * 2, "", line);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
