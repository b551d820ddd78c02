/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lists/row_cells.h"

#include "ui/lists/cell.h"

struct _TramaRowCells
{
  GtkWidget *table;    /* borrowed */
  GHashTable *bound;   /* owned; of GtkListItem, borrowed, to its column */
  TramaLetter *letter; /* owned */

  /* borrowed */
  const TramaRowColumn *columns;
  TramaRowTextFunc text;
  gpointer user_data;
};

TramaRowCells *
trama_row_cells_new (GtkWidget *table)
{
  TramaRowCells *self = g_new0 (TramaRowCells, 1);

  self->table = table;
  self->bound = g_hash_table_new (NULL, NULL);
  self->letter = trama_letter_new ();
  return self;
}

void
trama_row_cells_free (TramaRowCells *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->bound);
  trama_letter_unref (self->letter);
  g_free (self);
}

void
trama_row_cells_set_text (TramaRowCells *self,
                          const TramaRowColumn *columns,
                          TramaRowTextFunc text,
                          gpointer user_data)
{
  self->columns = columns;
  self->text = text;
  self->user_data = user_data;
}

static guint
column_of (GtkSignalListItemFactory *factory)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "trama-column"));
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item, TramaRowCells *self)
{
  const TramaRowColumn *column = &self->columns[column_of (factory)];
  GtkWidget *cell = trama_cell_new (self->letter, column->is_number ? 1 : 0);

  trama_cell_set_width (TRAMA_CELL (cell), (guint) column->width_chars);
  gtk_list_item_set_child (item, cell);
}

static void
fill (TramaRowCells *self, GtkListItem *item, guint column)
{
  g_autofree char *text = self->text (gtk_list_item_get_position (item), column, self->user_data);

  trama_cell_set_text (TRAMA_CELL (gtk_list_item_get_child (item)), text != NULL ? text : "");
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item, TramaRowCells *self)
{
  g_hash_table_insert (self->bound, item, GUINT_TO_POINTER (column_of (factory)));
  fill (self, item, column_of (factory));
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkListItem *item, TramaRowCells *self)
{
  g_hash_table_remove (self->bound, item);
}

GtkListItemFactory *
trama_row_cells_new_factory (TramaRowCells *self, guint column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_object_set_data (G_OBJECT (factory), "trama-column", GUINT_TO_POINTER (column));
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), self);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), self);
  return factory;
}

void
trama_row_cells_refresh (TramaRowCells *self)
{
  GHashTableIter iter;
  gpointer item, column;

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, &column))
    fill (self, item, GPOINTER_TO_UINT (column));
}

GtkWidget *
trama_row_cells_find (TramaRowCells *self, guint row)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    if (gtk_list_item_get_position (item) == row)
      return gtk_widget_get_parent (gtk_widget_get_parent (gtk_list_item_get_child (item)));
  return NULL;
}

static gboolean
get_bounds (TramaRowCells *self, GtkListItem *item, graphene_rect_t *bounds)
{
  GtkWidget *cell = gtk_widget_get_parent (gtk_list_item_get_child (item));

  return cell != NULL && gtk_widget_get_mapped (cell)
         && gtk_widget_compute_bounds (cell, self->table, bounds);
}

guint
trama_row_cells_find_at (TramaRowCells *self, double y)
{
  GHashTableIter iter;
  graphene_rect_t bounds;
  gpointer item;

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    if (get_bounds (self, item, &bounds) && y >= bounds.origin.y && y < bounds.origin.y + bounds.size.height)
      return gtk_list_item_get_position (item);
  return G_MAXUINT;
}

gboolean
trama_row_cells_get_middle (TramaRowCells *self, guint row, double *y)
{
  GHashTableIter iter;
  graphene_rect_t bounds;
  gpointer item;

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    if (gtk_list_item_get_position (item) == row && get_bounds (self, item, &bounds))
      {
        *y = bounds.origin.y + bounds.size.height / 2;
        return TRUE;
      }
  return FALSE;
}
