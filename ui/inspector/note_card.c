/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/inspector/note_card.h"

#include "core/flow/event_text.h"
#include "ui/wrap_scroller.h"

#include <glib/gi18n-lib.h>

struct _TramaNoteCard
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *box;
  GtkLabel *text;
  GtkWidget *edit;

  /* owned */
  TramaViewState *state;
  TramaNotePopover *popover; /* NULL: nothing was written yet; a child */
};

G_DEFINE_FINAL_TYPE (TramaNoteCard, trama_note_card, GTK_TYPE_WIDGET)

/* FALSE: nothing is selected that a note could stand beside. */
static gboolean
get_place (TramaNoteCard *self, TramaPlace *place)
{
  TramaRef selected = trama_view_state_get_selected (self->state);

  if (trama_view_state_get_table (self->state) == NULL
      || (selected.kind != TRAMA_EVENT_CALL && selected.kind != TRAMA_EVENT_PACKET))
    return FALSE;
  *place = trama_place_of_event (self->state, selected);
  return TRUE;
}

static void
show_note (TramaNoteCard *self, const char *note)
{
  const char *title = note != NULL ? _ ("Edit the note") : _ ("Write a note beside it");

  gtk_label_set_text (self->text, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->text), note != NULL);
  gtk_widget_set_tooltip_text (self->edit, note != NULL ? title : NULL);
  if (note != NULL)
    gtk_button_set_icon_name (GTK_BUTTON (self->edit), "document-edit-symbolic");
  else
    gtk_button_set_label (GTK_BUTTON (self->edit), _ ("✎ Write a note"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->edit), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  if (note != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "noted");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "noted");
}

static void
update (TramaNoteCard *self)
{
  TramaPlace place;
  gboolean any = get_place (self, &place);

  gtk_widget_set_visible (GTK_WIDGET (self), any);
  if (any)
    show_note (self, trama_remarks_get_note (self->state, place));
}

void
trama_note_card_edit (TramaNoteCard *self)
{
  g_autofree char *title = NULL;
  TramaPlace place;
  graphene_rect_t bounds;
  GdkRectangle beside;

  g_return_if_fail (TRAMA_IS_NOTE_CARD (self));

  if (!get_place (self, &place) || !gtk_widget_compute_bounds (self->edit, GTK_WIDGET (self), &bounds))
    return;
  if (self->popover == NULL)
    {
      self->popover = trama_note_popover_new (self->state);
      gtk_widget_set_parent (GTK_WIDGET (self->popover), GTK_WIDGET (self));
    }
  title = trama_event_title (trama_view_state_get_table (self->state), place.subject);
  beside = (GdkRectangle){ (int) bounds.origin.x, (int) bounds.origin.y, (int) bounds.size.width,
                           (int) bounds.size.height };
  trama_note_popover_open (self->popover, place, title, &beside);
}

/* A popover does not follow its parent by itself. */
static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TramaNoteCard *self = TRAMA_NOTE_CARD (widget);

  gtk_widget_allocate (self->box, width, height, baseline, NULL);
  if (self->popover != NULL)
    gtk_popover_present (GTK_POPOVER (self->popover));
}

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  gtk_widget_measure (TRAMA_NOTE_CARD (widget)->box, orientation, for_size, minimum, natural, NULL, NULL);
}

static GtkSizeRequestMode
get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* What is written gives it back here. */
static gboolean
grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (TRAMA_NOTE_CARD (widget)->edit);
}

static void
dispose (GObject *object)
{
  TramaNoteCard *self = TRAMA_NOTE_CARD (object);

  if (self->state != NULL)
    g_signal_handlers_disconnect_by_data (self->state, self);
  g_clear_pointer ((GtkWidget **) &self->popover, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), TRAMA_TYPE_NOTE_CARD);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (trama_note_card_parent_class)->dispose (object);
}

static void
trama_note_card_class_init (TramaNoteCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->size_allocate = size_allocate;
  widget_class->measure = measure;
  widget_class->get_request_mode = get_request_mode;
  widget_class->grab_focus = grab_focus;
  g_type_ensure (TRAMA_TYPE_WRAP_SCROLLER);
  gtk_widget_class_set_css_name (widget_class, "notecard");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/note_card.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaNoteCard, box);
  gtk_widget_class_bind_template_child (widget_class, TramaNoteCard, text);
  gtk_widget_class_bind_template_child (widget_class, TramaNoteCard, edit);
  gtk_widget_class_bind_template_callback (widget_class, trama_note_card_edit);
}

static void
trama_note_card_init (TramaNoteCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
trama_note_card_set_state (TramaNoteCard *self, TramaViewState *state)
{
  g_return_if_fail (TRAMA_IS_NOTE_CARD (self));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  g_signal_connect_swapped (state, "table-changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (state, "selection-changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (state, "remarks-changed", G_CALLBACK (update), self);
  update (self);
}

const char *
trama_note_card_get_text (TramaNoteCard *self)
{
  g_return_val_if_fail (TRAMA_IS_NOTE_CARD (self), NULL);
  return gtk_label_get_text (self->text);
}

TramaNotePopover *
trama_note_card_get_popover (TramaNoteCard *self)
{
  g_return_val_if_fail (TRAMA_IS_NOTE_CARD (self), NULL);
  return self->popover;
}
