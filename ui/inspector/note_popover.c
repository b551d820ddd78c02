/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/inspector/note_popover.h"
#include "ui/late_scroll.h"
#include "ui/text_ends.h"

struct _TramaNotePopover
{
  GtkPopover parent_instance;

  /* template children */
  GtkLabel *title;
  GtkScrolledWindow *scroller;
  GtkTextView *text;
  GtkWidget *remove;

  /* owned */
  TramaViewState *state;

  /* state */
  TramaStore *store; /* owned; that the place is of */
  TramaPlace place;
  gboolean discards; /* what was written */
};

G_DEFINE_FINAL_TYPE (TramaNotePopover, trama_note_popover, GTK_TYPE_POPOVER)

static char *
dup_text (TramaNotePopover *self)
{
  char *text = NULL;

  g_object_get (gtk_text_view_get_buffer (self->text), "text", &text, NULL);
  return text;
}

static void
on_keep (TramaNotePopover *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
on_remove (TramaNotePopover *self)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), "", 0);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static gboolean
on_key (GtkEventControllerKey *keys,
        guint keyval,
        guint keycode,
        GdkModifierType modifiers,
        TramaNotePopover *self)
{
  if (keyval == GDK_KEY_Escape)
    {
      self->discards = TRUE;
      gtk_popover_popdown (GTK_POPOVER (self));
      return GDK_EVENT_STOP;
    }
  if ((keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter) && modifiers & GDK_CONTROL_MASK)
    {
      gtk_popover_popdown (GTK_POPOVER (self));
      return GDK_EVENT_STOP;
    }
  return GDK_EVENT_PROPAGATE;
}

/* Another trace may have come meanwhile, and has other events. */
static void
closed (GtkPopover *popover)
{
  TramaNotePopover *self = TRAMA_NOTE_POPOVER (popover);
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  g_autoptr (TramaStore) store = g_steal_pointer (&self->store);
  g_autofree char *text = dup_text (self);

  if (!self->discards && table != NULL && trama_flow_table_get_store (table) == store)
    trama_remarks_write (self->state, self->place, text);
  self->discards = TRUE;
  gtk_widget_grab_focus (gtk_widget_get_parent (GTK_WIDGET (self)));
}

static void
dispose (GObject *object)
{
  TramaNotePopover *self = TRAMA_NOTE_POPOVER (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TRAMA_TYPE_NOTE_POPOVER);
  g_clear_pointer (&self->store, trama_store_unref);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (trama_note_popover_parent_class)->dispose (object);
}

static void
trama_note_popover_class_init (TramaNotePopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  GTK_POPOVER_CLASS (klass)->closed = closed;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/note_popover.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaNotePopover, title);
  gtk_widget_class_bind_template_child (widget_class, TramaNotePopover, scroller);
  gtk_widget_class_bind_template_child (widget_class, TramaNotePopover, text);
  gtk_widget_class_bind_template_child (widget_class, TramaNotePopover, remove);
  gtk_widget_class_bind_template_callback (widget_class, on_keep);
  gtk_widget_class_bind_template_callback (widget_class, on_remove);
}

static void
trama_note_popover_init (TramaNotePopover *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  trama_late_scroll_cure (self->scroller, GTK_SCROLLABLE (self->text));
  trama_text_ends_guard (self->text);
  self->discards = TRUE;
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

TramaNotePopover *
trama_note_popover_new (TramaViewState *state)
{
  TramaNotePopover *self = g_object_new (TRAMA_TYPE_NOTE_POPOVER, NULL);

  self->state = g_object_ref (state);
  return self;
}

void
trama_note_popover_open (TramaNotePopover *self,
                         TramaPlace place,
                         const char *title,
                         const GdkRectangle *beside)
{
  const char *note = trama_remarks_get_note (self->state, place);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  GtkTextIter end;

  g_return_if_fail (TRAMA_IS_NOTE_POPOVER (self));
  g_return_if_fail (trama_view_state_get_table (self->state) != NULL);

  g_clear_pointer (&self->store, trama_store_unref);
  self->store = trama_store_ref (trama_flow_table_get_store (trama_view_state_get_table (self->state)));
  self->place = place;
  self->discards = FALSE;
  gtk_label_set_text (self->title, title);
  gtk_text_buffer_begin_irreversible_action (buffer);
  gtk_text_buffer_set_text (buffer, note != NULL ? note : "", -1);
  gtk_text_buffer_end_irreversible_action (buffer);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_place_cursor (buffer, &end);
  gtk_widget_set_visible (self->remove, note != NULL);
  gtk_popover_set_pointing_to (GTK_POPOVER (self), beside);
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

GtkTextView *
trama_note_popover_get_text (TramaNotePopover *self)
{
  g_return_val_if_fail (TRAMA_IS_NOTE_POPOVER (self), NULL);
  return self->text;
}
