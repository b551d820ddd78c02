/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lists/row_model.h"

struct _TramaRow
{
  GObject parent_instance;
  guint position;
};

G_DEFINE_FINAL_TYPE (TramaRow, trama_row, G_TYPE_OBJECT)

static void
trama_row_class_init (TramaRowClass *klass)
{
}

static void
trama_row_init (TramaRow *self)
{
}

guint
trama_row_get_position (TramaRow *self)
{
  g_return_val_if_fail (TRAMA_IS_ROW (self), 0);
  return self->position;
}

struct _TramaRowModel
{
  GObject parent_instance;
  guint n_rows;
};

static GType
get_item_type (GListModel *model)
{
  return TRAMA_TYPE_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return TRAMA_ROW_MODEL (model)->n_rows;
}

static gpointer
get_item (GListModel *model, guint position)
{
  TramaRow *row;

  if (position >= TRAMA_ROW_MODEL (model)->n_rows)
    return NULL;
  row = g_object_new (TRAMA_TYPE_ROW, NULL);
  row->position = position;
  return row;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TramaRowModel,
                               trama_row_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
trama_row_model_class_init (TramaRowModelClass *klass)
{
}

static void
trama_row_model_init (TramaRowModel *self)
{
}

TramaRowModel *
trama_row_model_new (void)
{
  return g_object_new (TRAMA_TYPE_ROW_MODEL, NULL);
}

void
trama_row_model_resize (TramaRowModel *self, guint n_rows)
{
  guint before;

  g_return_if_fail (TRAMA_IS_ROW_MODEL (self));

  before = self->n_rows;
  self->n_rows = n_rows;
  if (n_rows > before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, n_rows - before);
  else if (n_rows < before)
    g_list_model_items_changed (G_LIST_MODEL (self), n_rows, before - n_rows, 0);
}

void
trama_row_model_replace (TramaRowModel *self, guint n_rows)
{
  guint before;

  g_return_if_fail (TRAMA_IS_ROW_MODEL (self));

  before = self->n_rows;
  self->n_rows = n_rows;
  if (before > 0 || n_rows > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, before, n_rows);
}
