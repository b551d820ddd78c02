/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/inspector/link_list.h"
#include "core/flow/event_text.h"

/* A row that assistive technologies can activate, too: of GTK's own they are told of no action. */
G_DECLARE_FINAL_TYPE (TramaLinkRow, link_row, TRAMA, LINK_ROW, GtkListBoxRow)

struct _TramaLinkRow
{
  GtkListBoxRow parent_instance;
};

G_DEFINE_FINAL_TYPE (TramaLinkRow, link_row, GTK_TYPE_LIST_BOX_ROW)

static void
on_follow (GtkWidget *row, const char *action, GVariant *parameter)
{
  gtk_widget_activate (row);
}

static void
link_row_class_init (TramaLinkRowClass *klass)
{
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "link.follow", NULL, on_follow);
}

static void
link_row_init (TramaLinkRow *self)
{
}

struct _TramaLinkList
{
  GtkWidget parent_instance;

  /* owned */
  GtkListBox *box;
  TramaViewState *state;
  GArray *refs; /* of TramaRef, by row */
};

G_DEFINE_FINAL_TYPE (TramaLinkList, trama_link_list, GTK_TYPE_WIDGET)

static void
on_row_activated (GtkListBox *box, GtkListBoxRow *row, TramaLinkList *self)
{
  int index = gtk_list_box_row_get_index (row);

  /* Selecting empties this list: the reference is read before. */
  if (index >= 0 && (guint) index < self->refs->len)
    trama_view_state_select (self->state, g_array_index (self->refs, TramaRef, index));
}

static void
dispose (GObject *object)
{
  TramaLinkList *self = TRAMA_LINK_LIST (object);

  g_clear_pointer ((GtkWidget **) &self->box, gtk_widget_unparent);
  g_clear_object (&self->state);
  g_clear_pointer (&self->refs, g_array_unref);
  G_OBJECT_CLASS (trama_link_list_parent_class)->dispose (object);
}

static void
trama_link_list_class_init (TramaLinkListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "links");
}

static void
trama_link_list_init (TramaLinkList *self)
{
  self->refs = g_array_new (FALSE, FALSE, sizeof (TramaRef));
  self->box = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->box, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->box), "boxed");
  g_signal_connect (self->box, "row-activated", G_CALLBACK (on_row_activated), self);
  gtk_widget_set_parent (GTK_WIDGET (self->box), GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
trama_link_list_begin (TramaLinkList *self, TramaViewState *state)
{
  GtkListBoxRow *row;

  g_return_if_fail (TRAMA_IS_LINK_LIST (self));
  g_return_if_fail (TRAMA_IS_VIEW_STATE (state));

  g_set_object (&self->state, state);
  g_array_set_size (self->refs, 0);
  while ((row = gtk_list_box_get_row_at_index (self->box, 0)) != NULL)
    gtk_list_box_remove (self->box, GTK_WIDGET (row));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static GtkWidget *
label_new (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

void
trama_link_list_add (TramaLinkList *self, const char *caption, TramaRef ref)
{
  GtkWidget *row = g_object_new (link_row_get_type (), NULL);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *title = NULL;
  g_autofree char *name = NULL;

  g_return_if_fail (TRAMA_IS_LINK_LIST (self));

  title = trama_event_title (trama_view_state_get_table (self->state), ref);
  name = g_strdup_printf ("%s %s", caption, title);
  gtk_box_append (GTK_BOX (texts), label_new (caption, "field-meaning"));
  gtk_box_append (GTK_BOX (texts), label_new (title, "field-value"));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), texts);
  gtk_widget_set_cursor_from_name (row, "pointer");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  g_array_append_val (self->refs, ref);
  gtk_list_box_append (self->box, row);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

guint
trama_link_list_n_links (TramaLinkList *self)
{
  g_return_val_if_fail (TRAMA_IS_LINK_LIST (self), 0);
  return self->refs->len;
}
