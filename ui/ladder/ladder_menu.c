/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/ladder_private.h"

/* What the menu is about is selected; where there is nothing, the moment at the pointer is meant. */
static void
point_at (TramaLadderView *self, double x, double y)
{
  TramaRef hit = trama_ladder_view_hit_edge (self, x, y);
  const TramaChartNote *card = trama_ladder_view_find_card (self, x, y);

  self->pointer_x = x;
  self->pointer_y = y;
  self->pointer_inside = TRUE;
  if (card != NULL)
    trama_ladder_view_choose_card (self, card, FALSE);
  else
    trama_view_state_select (self->state, hit.kind != 0 ? hit : trama_ladder_view_hit (self, x, y));
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, TramaLadderView *self)
{
  if (self->chart == NULL)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  point_at (self, x, y);
  gtk_popover_set_pointing_to (self->menu, &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_popup (self->menu);
}

/* By the keyboard it opens beside the selected event, or else in the middle. */
static void
on_menu (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);
  GdkRectangle box;

  if (self->menu == NULL || self->chart == NULL)
    return;
  trama_ladder_view_get_box (self, trama_ladder_view_get_place (self), &box);
  gtk_popover_set_pointing_to (self->menu, &box);
  gtk_popover_popup (self->menu);
}

gboolean
trama_ladder_view_is_menu_open (TramaLadderView *self)
{
  return self->menu != NULL && gtk_widget_get_visible (GTK_WIDGET (self->menu));
}

void
trama_ladder_view_set_menu (TramaLadderView *self, GMenuModel *model)
{
  GtkGesture *gesture = gtk_gesture_click_new ();

  g_return_if_fail (TRAMA_IS_LADDER_VIEW (self));
  g_return_if_fail (self->menu == NULL);

  self->menu = GTK_POPOVER (gtk_popover_menu_new_from_model (model));
  gtk_popover_set_has_arrow (self->menu, FALSE);
  gtk_widget_set_halign (GTK_WIDGET (self->menu), GTK_ALIGN_START);
  gtk_widget_set_parent (GTK_WIDGET (self->menu), GTK_WIDGET (self));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_SECONDARY);
  g_signal_connect (gesture, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (gesture));
}

void
trama_ladder_view_class_add_menu (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "ladder.menu", NULL, on_menu);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "ladder.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "ladder.menu", NULL);
}
