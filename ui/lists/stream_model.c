/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lists/stream_model.h"

struct _TramaStreamModel
{
  GObject parent_instance;

  /* owned */
  TramaRowModel *rows;
  GtkBitset *selected;
};

static guint
n_rows (TramaStreamModel *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->rows));
}

static GType
get_item_type (GListModel *model)
{
  return TRAMA_TYPE_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return n_rows (TRAMA_STREAM_MODEL (model));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (TRAMA_STREAM_MODEL (model)->rows), position);
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  return gtk_bitset_contains (TRAMA_STREAM_MODEL (model)->selected, position);
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  return gtk_bitset_ref (TRAMA_STREAM_MODEL (model)->selected);
}

/* A copy: whoever asked for the old set may still have it. */
static gboolean
set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  TramaStreamModel *self = TRAMA_STREAM_MODEL (model);
  g_autoptr (GtkBitset) before = g_steal_pointer (&self->selected);
  g_autoptr (GtkBitset) changes = gtk_bitset_copy (selected);
  guint first, last;

  self->selected = gtk_bitset_copy (before);
  gtk_bitset_intersect (changes, mask);
  gtk_bitset_subtract (self->selected, mask);
  gtk_bitset_union (self->selected, changes);
  gtk_bitset_remove_range (self->selected, n_rows (self), G_MAXUINT - n_rows (self));
  gtk_bitset_difference (before, self->selected);
  if (gtk_bitset_is_empty (before))
    return TRUE;
  first = gtk_bitset_get_minimum (before);
  last = gtk_bitset_get_maximum (before);
  gtk_selection_model_selection_changed (model, first, last - first + 1);
  return TRUE;
}

static void
selection_model_init (GtkSelectionModelInterface *interface)
{
  /* Of the others, GTK makes this one. */
  interface->is_selected = is_selected;
  interface->get_selection_in_range = get_selection_in_range;
  interface->set_selection = set_selection;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TramaStreamModel,
                               trama_stream_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, selection_model_init))

static void
finalize (GObject *object)
{
  TramaStreamModel *self = TRAMA_STREAM_MODEL (object);

  g_object_unref (self->rows);
  gtk_bitset_unref (self->selected);
  G_OBJECT_CLASS (trama_stream_model_parent_class)->finalize (object);
}

static void
trama_stream_model_class_init (TramaStreamModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = finalize;
}

static void
on_items_changed (GListModel *rows, guint position, guint removed, guint added, GListModel *self)
{
  g_list_model_items_changed (self, position, removed, added);
}

static void
trama_stream_model_init (TramaStreamModel *self)
{
  self->rows = trama_row_model_new ();
  self->selected = gtk_bitset_new_empty ();
  g_signal_connect (self->rows, "items-changed", G_CALLBACK (on_items_changed), self);
}

TramaStreamModel *
trama_stream_model_new (void)
{
  return g_object_new (TRAMA_TYPE_STREAM_MODEL, NULL);
}

void
trama_stream_model_resize (TramaStreamModel *self, guint size)
{
  g_return_if_fail (TRAMA_IS_STREAM_MODEL (self));

  if (size < n_rows (self))
    gtk_bitset_remove_range (self->selected, size, n_rows (self) - size);
  trama_row_model_resize (self->rows, size);
}

void
trama_stream_model_replace (TramaStreamModel *self, guint size)
{
  g_return_if_fail (TRAMA_IS_STREAM_MODEL (self));

  gtk_bitset_remove_all (self->selected);
  trama_row_model_replace (self->rows, size);
}

const GtkBitset *
trama_stream_model_get_selected (TramaStreamModel *self)
{
  g_return_val_if_fail (TRAMA_IS_STREAM_MODEL (self), NULL);
  return self->selected;
}
