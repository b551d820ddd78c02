/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/inspector/inspector.h"
#include "ui/inspector/finding_cards.h"
#include "ui/wrap_scroller.h"

struct _TramaInspector
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *box;
  TramaFindingCards *findings;
  GtkStack *stack;
  TramaCallPage *call_page;
  TramaPacketPage *packet_page;
  GtkLabel *note;
  TramaNoteCard *own_note;

  /* owned */
  TramaViewState *state;
};

G_DEFINE_FINAL_TYPE (TramaInspector, trama_inspector, GTK_TYPE_WIDGET)

static const char *
show (TramaInspector *self, TramaRef ref)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);

  switch (ref.kind)
    {
    case TRAMA_EVENT_CALL:
      trama_call_page_show (self->call_page, self->state, ref.index);
      return "call";
    case TRAMA_EVENT_PACKET:
      trama_packet_page_show (self->packet_page, self->state, ref.index);
      return "packet";
    case TRAMA_EVENT_NOTE:
      gtk_label_set_text (self->note,
                          trama_store_get_note (trama_flow_table_get_store (table), ref.index)->text);
      return "note";
    default:
      return "empty";
    }
}

static void
update (TramaInspector *self)
{
  gtk_stack_set_visible_child_name (self->stack, show (self, trama_view_state_get_selected (self->state)));
}

static void
dispose (GObject *object)
{
  TramaInspector *self = TRAMA_INSPECTOR (object);

  if (self->state != NULL)
    g_signal_handlers_disconnect_by_data (self->state, self);
  g_clear_object (&self->state);
  gtk_widget_dispose_template (GTK_WIDGET (object), TRAMA_TYPE_INSPECTOR);
  G_OBJECT_CLASS (trama_inspector_parent_class)->dispose (object);
}

static void
trama_inspector_class_init (TramaInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;

  g_type_ensure (TRAMA_TYPE_FINDING_CARDS);
  g_type_ensure (TRAMA_TYPE_CALL_PAGE);
  g_type_ensure (TRAMA_TYPE_PACKET_PAGE);
  g_type_ensure (TRAMA_TYPE_NOTE_CARD);
  g_type_ensure (TRAMA_TYPE_WRAP_SCROLLER);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "inspector");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaInspector, box);
  gtk_widget_class_bind_template_child (widget_class, TramaInspector, findings);
  gtk_widget_class_bind_template_child (widget_class, TramaInspector, stack);
  gtk_widget_class_bind_template_child (widget_class, TramaInspector, call_page);
  gtk_widget_class_bind_template_child (widget_class, TramaInspector, packet_page);
  gtk_widget_class_bind_template_child (widget_class, TramaInspector, note);
  gtk_widget_class_bind_template_child (widget_class, TramaInspector, own_note);
}

static void
trama_inspector_init (TramaInspector *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
trama_inspector_set_state (TramaInspector *self, TramaViewState *state)
{
  g_return_if_fail (TRAMA_IS_INSPECTOR (self));
  g_return_if_fail (TRAMA_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  trama_finding_cards_set_state (self->findings, state);
  trama_note_card_set_state (self->own_note, state);
  /* A call that had not returned may have returned now. */
  g_signal_connect_swapped (state, "table-changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (state, "selection-changed", G_CALLBACK (update), self);
  /* Of a large trace what caused what comes with the findings. */
  g_signal_connect_swapped (state, "findings-changed", G_CALLBACK (update), self);
  update (self);
}

char *
trama_inspector_dup_text (TramaInspector *self)
{
  const char *page;

  g_return_val_if_fail (TRAMA_IS_INSPECTOR (self), NULL);

  page = gtk_stack_get_visible_child_name (self->stack);
  if (g_strcmp0 (page, "call") == 0)
    return trama_call_page_dup_text (self->call_page);
  if (g_strcmp0 (page, "packet") == 0)
    return trama_packet_page_dup_text (self->packet_page);
  if (g_strcmp0 (page, "note") == 0)
    return g_strdup (gtk_label_get_text (self->note));
  return g_strdup ("");
}

char *
trama_inspector_dup_findings (TramaInspector *self)
{
  g_return_val_if_fail (TRAMA_IS_INSPECTOR (self), NULL);
  return trama_finding_cards_dup_text (self->findings);
}

TramaNoteCard *
trama_inspector_get_note_card (TramaInspector *self)
{
  g_return_val_if_fail (TRAMA_IS_INSPECTOR (self), NULL);
  return self->own_note;
}

TramaCallPage *
trama_inspector_get_call_page (TramaInspector *self)
{
  g_return_val_if_fail (TRAMA_IS_INSPECTOR (self), NULL);
  return self->call_page;
}

TramaPacketPage *
trama_inspector_get_packet_page (TramaInspector *self)
{
  g_return_val_if_fail (TRAMA_IS_INSPECTOR (self), NULL);
  return self->packet_page;
}
