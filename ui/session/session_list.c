/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/session_list.h"
#include "core/session/library.h"
#include "ui/tab_stop.h"
#include "ui/wrap_scroller.h"

struct _TramaSessionList
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *box;
  GtkListView *view;
  GtkSingleSelection *selection;
  GListStore *sessions;
  GtkLabel *about;

  /* state */
  guint reveal_id; /* until the selected session is scrolled to */
  gboolean quiet;  /* nobody chooses: what is looked at is shown */
};

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TramaSessionList, trama_session_list, GTK_TYPE_WIDGET)

static gboolean
on_reveal (gpointer user_data)
{
  TramaSessionList *self = user_data;
  guint position = gtk_single_selection_get_selected (self->selection);

  self->reveal_id = 0;
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", position);
  return G_SOURCE_REMOVE;
}

/* As little as needed, once the list has its height, which what is said below it changes. */
static void
reveal_selected (TramaSessionList *self)
{
  if (self->reveal_id == 0)
    self->reveal_id = g_idle_add_full (G_PRIORITY_LOW, on_reveal, self, NULL);
}

static void
on_selected (GtkSingleSelection *selection, GParamSpec *pspec, TramaSessionList *self)
{
  TramaSessionDocument *document = gtk_single_selection_get_selected_item (selection);
  g_autofree char *about = NULL;

  if (document != NULL)
    g_object_get (document, "about", &about, NULL);
  gtk_label_set_text (self->about, about != NULL ? about : "");
  gtk_widget_set_visible (GTK_WIDGET (self->about), about != NULL);
  reveal_selected (self);

  if (document != NULL && !self->quiet)
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, document);
}

static void
fill (TramaSessionList *self)
{
  g_autoptr (GPtrArray) sessions = trama_library_list ();
  guint i;

  for (i = 0; i < sessions->len; i++)
    {
      g_autoptr (TramaSessionDocument)
          document = trama_session_document_new (g_ptr_array_index (sessions, i));

      g_list_store_append (self->sessions, document);
    }
}

static void
dispose (GObject *object)
{
  g_clear_handle_id (&TRAMA_SESSION_LIST (object)->reveal_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (object), TRAMA_TYPE_SESSION_LIST);
  G_OBJECT_CLASS (trama_session_list_parent_class)->dispose (object);
}

static gboolean
focus (GtkWidget *widget, GtkDirectionType direction)
{
  return trama_tab_stop_is_tab (direction)
             ? trama_tab_stop_focus (GTK_WIDGET (TRAMA_SESSION_LIST (widget)->view))
             : GTK_WIDGET_CLASS (trama_session_list_parent_class)->focus (widget, direction);
}

static void
trama_session_list_class_init (TramaSessionListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->focus = focus;

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", TRAMA_TYPE_SESSION_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, TRAMA_TYPE_SESSION_DOCUMENT);

  g_type_ensure (TRAMA_TYPE_SESSION_DOCUMENT);
  g_type_ensure (TRAMA_TYPE_WRAP_SCROLLER);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "sessions");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/session_list.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaSessionList, box);
  gtk_widget_class_bind_template_child (widget_class, TramaSessionList, view);
  gtk_widget_class_bind_template_child (widget_class, TramaSessionList, selection);
  gtk_widget_class_bind_template_child (widget_class, TramaSessionList, sessions);
  gtk_widget_class_bind_template_child (widget_class, TramaSessionList, about);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
}

static void
trama_session_list_init (TramaSessionList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill (self);
  /* What was selected before the list was there to be scrolled. */
  g_signal_connect_swapped (self->view, "map", G_CALLBACK (reveal_selected), self);
}

gboolean
trama_session_list_choose (TramaSessionList *self, const char *name)
{
  guint n_sessions;
  guint i;

  g_return_val_if_fail (TRAMA_IS_SESSION_LIST (self), FALSE);

  n_sessions = g_list_model_get_n_items (G_LIST_MODEL (self->sessions));
  for (i = 0; i < n_sessions; i++)
    {
      g_autoptr (TramaSessionDocument) document = g_list_model_get_item (G_LIST_MODEL (self->sessions), i);

      /* A file of that name is not what the library calls so. */
      if (name != NULL
          && (trama_session_document_get_path (document) != NULL
              || g_strcmp0 (trama_session_document_get_name (document), name) != 0))
        continue;
      gtk_single_selection_set_selected (self->selection, i);
      return TRUE;
    }
  return FALSE;
}

void
trama_session_list_select (TramaSessionList *self, TramaSessionDocument *document)
{
  guint position = GTK_INVALID_LIST_POSITION;

  g_return_if_fail (TRAMA_IS_SESSION_LIST (self));

  if (document == NULL || !g_list_store_find (self->sessions, document, &position))
    position = GTK_INVALID_LIST_POSITION;
  self->quiet = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  self->quiet = FALSE;
}

void
trama_session_list_add (TramaSessionList *self, TramaSessionDocument *document)
{
  g_return_if_fail (TRAMA_IS_SESSION_LIST (self));
  g_return_if_fail (TRAMA_IS_SESSION_DOCUMENT (document));

  if (!g_list_store_find (self->sessions, document, NULL))
    g_list_store_append (self->sessions, document);
}

void
trama_session_list_remove (TramaSessionList *self, TramaSessionDocument *document)
{
  guint position;

  g_return_if_fail (TRAMA_IS_SESSION_LIST (self));

  if (g_list_store_find (self->sessions, document, &position))
    g_list_store_remove (self->sessions, position);
}

GListModel *
trama_session_list_get_model (TramaSessionList *self)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_LIST (self), NULL);
  return G_LIST_MODEL (self->sessions);
}
