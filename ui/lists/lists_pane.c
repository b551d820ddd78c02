/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lists/lists_pane.h"

struct _TramaListsPane
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *box;
  GtkStack *stack;
  TramaConversationList *conversations;
  TramaEventList *events;
  TramaFindingsList *findings;
  TramaStreamView *stream;
};

G_DEFINE_FINAL_TYPE (TramaListsPane, trama_lists_pane, GTK_TYPE_WIDGET)

static void
dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TRAMA_TYPE_LISTS_PANE);
  G_OBJECT_CLASS (trama_lists_pane_parent_class)->dispose (object);
}

static void
trama_lists_pane_class_init (TramaListsPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  g_type_ensure (TRAMA_TYPE_CONVERSATION_LIST);
  g_type_ensure (TRAMA_TYPE_EVENT_LIST);
  g_type_ensure (TRAMA_TYPE_FINDINGS_LIST);
  g_type_ensure (TRAMA_TYPE_STREAM_VIEW);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "lists");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/lists_pane.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaListsPane, box);
  gtk_widget_class_bind_template_child (widget_class, TramaListsPane, stack);
  gtk_widget_class_bind_template_child (widget_class, TramaListsPane, conversations);
  gtk_widget_class_bind_template_child (widget_class, TramaListsPane, events);
  gtk_widget_class_bind_template_child (widget_class, TramaListsPane, findings);
  gtk_widget_class_bind_template_child (widget_class, TramaListsPane, stream);
}

static void
trama_lists_pane_init (TramaListsPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
trama_lists_pane_set_state (TramaListsPane *self, TramaViewState *state)
{
  g_return_if_fail (TRAMA_IS_LISTS_PANE (self));

  trama_conversation_list_set_state (self->conversations, state);
  trama_event_list_set_state (self->events, state);
  trama_findings_list_set_state (self->findings, state);
  trama_stream_view_set_state (self->stream, state);
}

void
trama_lists_pane_show (TramaListsPane *self, const char *page)
{
  g_return_if_fail (TRAMA_IS_LISTS_PANE (self));

  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_widget_grab_focus (gtk_stack_get_visible_child (self->stack));
}

const char *
trama_lists_pane_get_page (TramaListsPane *self)
{
  g_return_val_if_fail (TRAMA_IS_LISTS_PANE (self), NULL);
  return gtk_stack_get_visible_child_name (self->stack);
}

TramaConversationList *
trama_lists_pane_get_conversations (TramaListsPane *self)
{
  g_return_val_if_fail (TRAMA_IS_LISTS_PANE (self), NULL);
  return self->conversations;
}

TramaEventList *
trama_lists_pane_get_events (TramaListsPane *self)
{
  g_return_val_if_fail (TRAMA_IS_LISTS_PANE (self), NULL);
  return self->events;
}

TramaFindingsList *
trama_lists_pane_get_findings (TramaListsPane *self)
{
  g_return_val_if_fail (TRAMA_IS_LISTS_PANE (self), NULL);
  return self->findings;
}

TramaStreamView *
trama_lists_pane_get_stream (TramaListsPane *self)
{
  g_return_val_if_fail (TRAMA_IS_LISTS_PANE (self), NULL);
  return self->stream;
}
