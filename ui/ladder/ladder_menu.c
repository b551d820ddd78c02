/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/ladder_private.h"

/* What the menu is about is selected; where there is nothing, the moment at the pointer is meant. */
static void
point_at_event (TramaLadderView *self, double x, double y)
{
  TramaRef hit = trama_ladder_view_hit_edge (self, x, y);
  const TramaChartNote *card = trama_ladder_view_find_card (self, x, y);

  if (card != NULL)
    trama_ladder_view_choose_card (self, card, FALSE);
  else
    trama_view_state_select (self->state, hit.kind != 0 ? hit : trama_ladder_view_hit (self, x, y));
}

/* On the head of a column that is meant, whatever is selected. */
static void
open_at (TramaLadderView *self, double x, double y)
{
  guint head = trama_ladder_view_find_head (self, x, y);
  GtkPopover *menu = head != G_MAXUINT ? self->head_menu : self->menu;

  self->pointer_x = x;
  self->pointer_y = y;
  self->pointer_inside = TRUE;
  if (head == G_MAXUINT)
    point_at_event (self, x, y);
  trama_ladder_view_mean_column (self, head);
  gtk_popover_set_pointing_to (menu, &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_popup (menu);
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, TramaLadderView *self)
{
  if (self->chart == NULL)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

/*
 * As long as a button is held down, the X server keeps from a new surface that the pointer has
 * entered it, and GDK 4.8 takes a click in one that was never entered for a click beside it: the
 * menu would close, and nothing would be done.
 */
static void
on_released (GtkGestureClick *gesture, int n_press, double x, double y, TramaLadderView *self)
{
  if (self->chart != NULL)
    open_at (self, x, y);
}

static void
on_closed (GtkPopover *menu, TramaLadderView *self)
{
  self->menu_closed = TRUE;
}

/*
 * The same button at another place closes a menu, and GDK keeps the press to itself; but not what
 * follows: a release that had no press asks for the menu of what is there.
 */
static gboolean
on_event (GtkEventControllerLegacy *controller, GdkEvent *event, TramaLadderView *self)
{
  GdkEventType type = gdk_event_get_event_type (event);
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  graphene_point_t point;
  double x, y, left, top;

  if (type != GDK_BUTTON_PRESS && type != GDK_BUTTON_RELEASE)
    return GDK_EVENT_PROPAGATE;
  if (type == GDK_BUTTON_RELEASE && self->menu_closed && self->chart != NULL
      && gdk_button_event_get_button (event) == GDK_BUTTON_SECONDARY
      && gdk_event_get_position (event, &x, &y))
    {
      gtk_native_get_surface_transform (native, &left, &top);
      if (gtk_widget_compute_point (GTK_WIDGET (native), GTK_WIDGET (self),
                                    &GRAPHENE_POINT_INIT ((float) (x - left), (float) (y - top)), &point))
        open_at (self, (double) point.x, (double) point.y);
    }
  self->menu_closed = FALSE;
  return GDK_EVENT_PROPAGATE;
}

/* By the keyboard it opens beside the selected event, or else in the middle. */
static void
on_menu (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);
  GdkRectangle box;

  if (self->menu == NULL || trama_ladder_view_get_chart (self) == NULL)
    return;
  trama_ladder_view_get_box (self, trama_ladder_view_get_place (self), &box);
  gtk_popover_set_pointing_to (self->menu, &box);
  gtk_popover_popup (self->menu);
}

gboolean
trama_ladder_view_is_menu_open (TramaLadderView *self)
{
  return self->menu != NULL
         && (gtk_widget_get_visible (GTK_WIDGET (self->menu))
             || gtk_widget_get_visible (GTK_WIDGET (self->head_menu)));
}

static GtkPopover *
add_menu (TramaLadderView *self, GMenuModel *model)
{
  GtkPopover *menu = GTK_POPOVER (gtk_popover_menu_new_from_model (model));

  gtk_popover_set_has_arrow (menu, FALSE);
  gtk_widget_set_halign (GTK_WIDGET (menu), GTK_ALIGN_START);
  gtk_widget_set_parent (GTK_WIDGET (menu), GTK_WIDGET (self));
  g_signal_connect (menu, "closed", G_CALLBACK (on_closed), self);
  return menu;
}

void
trama_ladder_view_set_menu (TramaLadderView *self, GMenuModel *model, GMenuModel *of_heads)
{
  GtkGesture *gesture = gtk_gesture_click_new ();
  GtkEventController *events = gtk_event_controller_legacy_new ();

  g_return_if_fail (TRAMA_IS_LADDER_VIEW (self));
  g_return_if_fail (self->menu == NULL);

  self->menu = add_menu (self, model);
  self->head_menu = add_menu (self, of_heads);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_SECONDARY);
  g_signal_connect (gesture, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect (gesture, "released", G_CALLBACK (on_released), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (gesture));
  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect (events, "event", G_CALLBACK (on_event), self);
  gtk_widget_add_controller (GTK_WIDGET (self), events);
}

void
trama_ladder_view_class_add_menu (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "ladder.menu", NULL, on_menu);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "ladder.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "ladder.menu", NULL);
}
