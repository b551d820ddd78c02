/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lists/column_sort.h"

struct _TramaColumnSort
{
  GtkColumnView *view; /* borrowed */
  TramaColumnSortFunc func;
  gpointer user_data;
  guint asked; /* the column that was asked first to compare two rows; G_MAXUINT: none was */
};

typedef struct
{
  TramaColumnSort *sort; /* borrowed */
  guint column;
} Head;

/*
 * Two that differ are compared, whose first is always the smaller: the first column that is asked is the
 * one, and what comes of it the direction.
 */
static int
compare_for_head (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Head *head = user_data;

  if (head->sort->asked == G_MAXUINT)
    head->sort->asked = head->column;
  return -1;
}

static void
on_changed (GtkSorter *sorter, GtkSorterChange change, TramaColumnSort *self)
{
  g_autoptr (GObject) one = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GObject) other = g_object_new (G_TYPE_OBJECT, NULL);
  GtkOrdering ordering;

  self->asked = G_MAXUINT;
  ordering = gtk_sorter_compare (sorter, one, other);
  if (self->asked != G_MAXUINT)
    self->func (self->asked, ordering == GTK_ORDERING_LARGER, self->user_data);
}

TramaColumnSort *
trama_column_sort_new (GtkColumnView *view, TramaColumnSortFunc func, gpointer user_data)
{
  TramaColumnSort *self = g_new0 (TramaColumnSort, 1);

  self->view = view;
  self->func = func;
  self->user_data = user_data;
  g_signal_connect (gtk_column_view_get_sorter (view), "changed", G_CALLBACK (on_changed), self);
  return self;
}

/* A column view that goes undoes its sorting, and says so, when those who would hear of it are going, too. */
void
trama_column_sort_free (TramaColumnSort *self)
{
  if (self == NULL)
    return;
  g_signal_handlers_disconnect_by_data (gtk_column_view_get_sorter (self->view), self);
  g_free (self);
}

void
trama_column_sort_add (TramaColumnSort *self, GtkColumnViewColumn *column, guint index)
{
  Head *head = g_new (Head, 1);
  g_autoptr (GtkSorter) sorter = NULL;

  *head = (Head){ self, index };
  sorter = GTK_SORTER (gtk_custom_sorter_new (compare_for_head, head, g_free));
  gtk_column_view_column_set_sorter (column, sorter);
}
