/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session_list.h"
#include "core/session/library.h"
#include "ui/session_item.h"

struct _TramaSessionList
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *box;
  GtkSingleSelection *selection;
  GListStore *sessions;
  GtkLabel *about;
};

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TramaSessionList, trama_session_list, GTK_TYPE_WIDGET)

static void
on_selected (GtkSingleSelection *selection, GParamSpec *pspec, TramaSessionList *self)
{
  TramaSessionItem *item = gtk_single_selection_get_selected_item (selection);
  const char *about = NULL;

  if (item != NULL)
    about = trama_session_get_about (trama_session_item_get_session (item));
  gtk_label_set_text (self->about, about != NULL ? about : "");
  gtk_widget_set_visible (GTK_WIDGET (self->about), about != NULL);

  if (item != NULL)
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, trama_session_item_get_session (item));
}

static void
fill (TramaSessionList *self)
{
  g_autoptr (GPtrArray) sessions = trama_library_list ();
  guint i;

  for (i = 0; i < sessions->len; i++)
    {
      g_autoptr (TramaSessionItem) item = trama_session_item_new (g_ptr_array_index (sessions, i));

      g_list_store_append (self->sessions, item);
    }
}

static void
dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TRAMA_TYPE_SESSION_LIST);
  G_OBJECT_CLASS (trama_session_list_parent_class)->dispose (object);
}

static void
trama_session_list_class_init (TramaSessionListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", TRAMA_TYPE_SESSION_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);

  g_type_ensure (TRAMA_TYPE_SESSION_ITEM);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "sessions");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/session_list.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaSessionList, box);
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
      g_autoptr (TramaSessionItem) item = g_list_model_get_item (G_LIST_MODEL (self->sessions), i);
      TramaSession *session = trama_session_item_get_session (item);

      if (name != NULL && g_strcmp0 (trama_session_get_name (session), name) != 0)
        continue;
      gtk_single_selection_set_selected (self->selection, i);
      return TRUE;
    }
  return FALSE;
}

void
trama_session_list_clear (TramaSessionList *self)
{
  g_return_if_fail (TRAMA_IS_SESSION_LIST (self));
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
}

GListModel *
trama_session_list_get_model (TramaSessionList *self)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_LIST (self), NULL);
  return G_LIST_MODEL (self->sessions);
}
