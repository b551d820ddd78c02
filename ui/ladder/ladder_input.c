/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/ladder_private.h"

#include <math.h>

/* One click of a wheel; three of them double the scale. */
#define WHEEL_STEP 1.26

/* Of the page, what a selection that is made to fit takes; and by how much at once. */
#define FIT_PART 0.8
#define FIT_MAX 8

TramaRef
trama_ladder_view_hit (TramaLadderView *self, double x, double y)
{
  double body_y = y - trama_ladder_view_header_px (self);

  trama_ladder_view_update (self);
  if (self->chart == NULL || body_y < 0 || body_y > trama_ladder_view_body_px (self))
    return (TramaRef){ 0 };
  body_y += trama_ladder_view_get_scroll (self);
  return trama_chart_hit (trama_ladder_view_get_part (self, body_y), trama_ladder_view_get_chart_x (self, x),
                          body_y);
}

void
trama_ladder_view_zoom_at (TramaLadderView *self, double factor, double anchor_y)
{
  if (self->state == NULL)
    return;
  trama_ladder_view_update (self);
  if (factor > 1 && self->chart != NULL && self->chart->ns_per_px <= self->chart->least_ns_per_px)
    return;
  self->anchor_y = CLAMP (anchor_y, 0, trama_ladder_view_body_px (self));
  trama_view_state_set_zoom (self->state, trama_view_state_get_zoom (self->state) * factor);
}

void
trama_ladder_view_zoom_by (TramaLadderView *self, double factor)
{
  g_return_if_fail (TRAMA_IS_LADDER_VIEW (self));
  trama_view_state_set_zoom (self->state, trama_view_state_get_zoom (self->state) * factor);
}

void
trama_ladder_view_fit (TramaLadderView *self)
{
  g_return_if_fail (TRAMA_IS_LADDER_VIEW (self));
  self->starting = FALSE;
  trama_view_state_set_zoom (self->state, 1);
  trama_ladder_view_update (self);
  if (self->chart == NULL)
    return;
  trama_view_state_set_zoom (self->state, self->whole_zoom);
  trama_ladder_view_update (self);
  trama_ladder_view_set_scroll (self, 0);
}

static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, TramaLadderView *self)
{
  GdkModifierType modifiers = gtk_event_controller_get_current_event_state (
      GTK_EVENT_CONTROLLER (controller));

  if ((modifiers & GDK_CONTROL_MASK) == 0)
    return GDK_EVENT_PROPAGATE;
  trama_ladder_view_zoom_at (self, pow (WHEEL_STEP, -dy),
                             self->pointer_y - trama_ladder_view_header_px (self));
  return GDK_EVENT_STOP;
}

/* Two fingers: what lies between them stays there. */
static void
on_pinch_begin (GtkGesture *gesture, GdkEventSequence *sequence, TramaLadderView *self)
{
  if (self->state != NULL)
    self->pinch_from = trama_view_state_get_zoom (self->state);
}

static void
on_pinch (GtkGestureZoom *gesture, double scale, TramaLadderView *self)
{
  double x, y = self->pointer_y;

  if (self->state == NULL)
    return;
  /* Who only says that fingers spread, as a test does, has none between which there is a place. */
  if (gtk_gesture_is_active (GTK_GESTURE (gesture)))
    gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y);
  trama_ladder_view_zoom_at (self, self->pinch_from * scale / trama_view_state_get_zoom (self->state),
                             y - trama_ladder_view_header_px (self));
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, TramaLadderView *self)
{
  gboolean moved = x != self->pointer_x || y != self->pointer_y; /* GTK tells again where it is */
  gboolean hit;

  if (trama_ladder_view_is_menu_open (self))
    return;
  self->pointer_x = x;
  self->pointer_y = y;
  self->pointer_inside = TRUE;
  if (moved)
    {
      trama_ladder_view_mean_column (self, G_MAXUINT);
      trama_ladder_view_measure_to_pointer (self);
    }
  hit = trama_ladder_view_hit_edge (self, x, y).kind != 0 || trama_ladder_view_hit (self, x, y).kind != 0
        || trama_ladder_view_find_card (self, x, y) != NULL
        || trama_ladder_view_find_head (self, x, y) != G_MAXUINT;
  if (self->drag != TRAMA_DRAG_NOTHING)
    return;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), hit ? "pointer" : NULL);
}

/* Where it is when it comes, as from a menu that closes, it was not led to: a measure does not follow it there. */
static void
on_enter (GtkEventControllerMotion *controller, double x, double y, TramaLadderView *self)
{
  if (trama_ladder_view_is_menu_open (self))
    return;
  self->pointer_x = x;
  self->pointer_y = y;
}

static void
on_leave (GtkEventControllerMotion *controller, TramaLadderView *self)
{
  if (!trama_ladder_view_is_menu_open (self))
    self->pointer_inside = FALSE;
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, TramaLadderView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

/* Not of a press that became a drag. */
static void
on_released (GtkGestureClick *gesture, int n_press, double x, double y, TramaLadderView *self)
{
  TramaRef hit = trama_ladder_view_hit_edge (self, x, y);
  const TramaChartNote *card = trama_ladder_view_find_card (self, x, y);
  guint head = trama_ladder_view_find_head (self, x, y);

  if (hit.kind == 0)
    hit = trama_ladder_view_hit (self, x, y);
  if (self->chart == NULL)
    return;
  if (head != G_MAXUINT)
    {
      if (n_press == 2)
        trama_ladder_view_fold_head (self, head);
    }
  else if (card != NULL)
    trama_ladder_view_choose_card (self, card, n_press == 2);
  else if (n_press == 2 && hit.kind == 0)
    trama_ladder_view_fit (self);
  else
    trama_view_state_select (self->state, hit);
}

void
trama_ladder_view_add_controllers (TramaLadderView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *controller;
  GtkGesture *gesture;

  controller = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  g_signal_connect (controller, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (widget, controller);

  controller = gtk_event_controller_motion_new ();
  g_signal_connect (controller, "enter", G_CALLBACK (on_enter), self);
  g_signal_connect (controller, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (controller, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (widget, controller);

  gesture = gtk_gesture_click_new ();
  g_signal_connect (gesture, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect (gesture, "released", G_CALLBACK (on_released), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (gesture));

  gesture = gtk_gesture_zoom_new ();
  g_signal_connect (gesture, "begin", G_CALLBACK (on_pinch_begin), self);
  g_signal_connect (gesture, "scale-changed", G_CALLBACK (on_pinch), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (gesture));
  trama_ladder_view_add_drags (self);
}

/* Keys. Each is bound to an action, so that tests and assistive tools can do the same. */

typedef TramaRef (*StepFunc) (const TramaChart *chart, TramaRef ref, int direction);

/* At the end a step leads nowhere and the selection stays. */
static void
step (TramaLadderView *self, StepFunc func, TramaRef from, int direction)
{
  TramaRef to;

  trama_ladder_view_update (self);
  if (self->chart == NULL)
    return;
  to = func (self->chart, from, direction);
  if (to.kind != 0)
    trama_view_state_select (self->state, to);
}

static void
on_step (GtkWidget *widget, const char *action, GVariant *direction)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);

  step (self, trama_chart_step, trama_view_state_get_selected (self->state), g_variant_get_int32 (direction));
}

static void
on_step_across (GtkWidget *widget, const char *action, GVariant *direction)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);

  step (self, trama_chart_step_across, trama_view_state_get_selected (self->state),
        g_variant_get_int32 (direction));
}

static void
on_step_in_lane (GtkWidget *widget, const char *action, GVariant *direction)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);

  step (self, trama_chart_step_in_lane, trama_view_state_get_selected (self->state),
        g_variant_get_int32 (direction));
}

static void
on_step_along (GtkWidget *widget, const char *action, GVariant *direction)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);

  step (self, trama_chart_step_along, trama_view_state_get_selected (self->state),
        g_variant_get_int32 (direction));
}

/* The selection to the middle; when it is there, as large as there is room for. */
static void
on_centre (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);
  double page = trama_ladder_view_body_px (self);
  TramaRect bounds;
  double before;

  trama_ladder_view_update (self);
  if (self->chart == NULL
      || !trama_chart_get_bounds (self->chart, trama_view_state_get_selected (self->state), &bounds))
    return;
  before = trama_ladder_view_get_scroll (self);
  trama_ladder_view_set_scroll (self, bounds.y + bounds.height / 2 - page / 2);
  if (fabs (trama_ladder_view_get_scroll (self) - before) < 1)
    trama_ladder_view_zoom_at (self, CLAMP (page * FIT_PART / MAX (bounds.height, 1), 1.0 / FIT_MAX, FIT_MAX),
                               bounds.y + bounds.height / 2 - trama_ladder_view_get_scroll (self));
}

/* A step from nothing leads to the first event forwards and to the last backwards. */
static void
on_step_from_end (GtkWidget *widget, const char *action, GVariant *direction)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);

  step (self, trama_chart_step, (TramaRef){ 0 }, g_variant_get_int32 (direction));
  /* Behind the last event there is room: who goes to the end stays there while more comes. */
  if (self->chart != NULL && g_variant_get_int32 (direction) < 0)
    trama_ladder_view_set_scroll (self, self->chart->body_px);
}

static void
on_page (GtkWidget *widget, const char *action, GVariant *direction)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);
  double page = trama_ladder_view_body_px (self) * 0.9;

  trama_ladder_view_set_scroll (self,
                                trama_ladder_view_get_scroll (self) + page * g_variant_get_int32 (direction));
}

static void
on_page_across (GtkWidget *widget, const char *action, GVariant *direction)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);
  double page = gtk_widget_get_width (widget) / 2.0;

  trama_ladder_view_set_scroll_x (self, trama_ladder_view_get_scroll_x (self)
                                            + page * g_variant_get_int32 (direction));
}

static void
on_select_nothing (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);

  if (self->drag != TRAMA_DRAG_NOTHING)
    trama_ladder_view_give_up_drag (self);
  else if (trama_ladder_view_end_measure (self))
    return;
  else if (trama_view_state_get_selected (self->state).kind != 0)
    trama_view_state_select (self->state, (TramaRef){ 0 });
  else
    g_signal_emit_by_name (self, "left");
}

void
trama_ladder_view_class_add_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    guint other; /* of the keypad, or with Shift */
    const char *action;
    int direction;
  } keys[] = {
    { GDK_KEY_Up, GDK_KEY_KP_Up, "ladder.step", -1 },
    { GDK_KEY_Down, GDK_KEY_KP_Down, "ladder.step", 1 },
    { GDK_KEY_Left, GDK_KEY_KP_Left, "ladder.step-across", -1 },
    { GDK_KEY_Right, GDK_KEY_KP_Right, "ladder.step-across", 1 },
    { GDK_KEY_Home, GDK_KEY_KP_Home, "ladder.step-from-end", 1 },
    { GDK_KEY_End, GDK_KEY_KP_End, "ladder.step-from-end", -1 },
    { GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, "ladder.page", -1 },
    { GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, "ladder.page", 1 },
    { GDK_KEY_w, GDK_KEY_W, "ladder.step", -1 },
    { GDK_KEY_s, GDK_KEY_S, "ladder.step", 1 },
    { GDK_KEY_a, GDK_KEY_A, "ladder.step-across", -1 },
    { GDK_KEY_d, GDK_KEY_D, "ladder.step-across", 1 },
    { GDK_KEY_comma, GDK_KEY_less, "ladder.step-in-lane", -1 },
    { GDK_KEY_period, GDK_KEY_greater, "ladder.step-in-lane", 1 },
    { GDK_KEY_bracketleft, GDK_KEY_braceleft, "ladder.step-along", -1 },
    { GDK_KEY_bracketright, GDK_KEY_braceright, "ladder.step-along", 1 },
  };
  gsize i;

  gtk_widget_class_install_action (widget_class, "ladder.step", "i", on_step);
  gtk_widget_class_install_action (widget_class, "ladder.step-across", "i", on_step_across);
  gtk_widget_class_install_action (widget_class, "ladder.step-from-end", "i", on_step_from_end);
  gtk_widget_class_install_action (widget_class, "ladder.step-in-lane", "i", on_step_in_lane);
  gtk_widget_class_install_action (widget_class, "ladder.step-along", "i", on_step_along);
  gtk_widget_class_install_action (widget_class, "ladder.centre", NULL, on_centre);
  gtk_widget_class_install_action (widget_class, "ladder.page", "i", on_page);
  gtk_widget_class_install_action (widget_class, "ladder.page-across", "i", on_page_across);
  gtk_widget_class_install_action (widget_class, "ladder.select-nothing", NULL, on_select_nothing);

  for (i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      gtk_widget_class_add_binding_action (widget_class, keys[i].key, 0, keys[i].action, "i",
                                           keys[i].direction);
      gtk_widget_class_add_binding_action (widget_class, keys[i].other, 0, keys[i].action, "i",
                                           keys[i].direction);
    }
  for (i = 0; i < 2; i++)
    {
      gtk_widget_class_add_binding_action (widget_class, i == 0 ? GDK_KEY_Page_Up : GDK_KEY_Page_Down,
                                           GDK_CONTROL_MASK, "ladder.page-across", "i", i == 0 ? -1 : 1);
      gtk_widget_class_add_binding_action (widget_class, i == 0 ? GDK_KEY_KP_Page_Up : GDK_KEY_KP_Page_Down,
                                           GDK_CONTROL_MASK, "ladder.page-across", "i", i == 0 ? -1 : 1);
    }
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, 0, "ladder.centre", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "win.column-left", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Left, GDK_ALT_MASK, "win.column-left", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Right, GDK_ALT_MASK, "win.column-right", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Right, GDK_ALT_MASK, "win.column-right",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, 0, "win.fold-column", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, 0, "win.pin-column", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, 0, "win.note", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "win.remove-note", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_b, 0, "win.mark", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_m, 0, "win.measure", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_l, 0, "win.legend", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_slash, 0, "win.find", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_plus, 0, "win.zoom-in", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_minus, 0, "win.zoom-out", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0, 0, "win.zoom-fit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Add, 0, "win.zoom-in", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Subtract, 0, "win.zoom-out", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_0, 0, "win.zoom-fit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "ladder.select-nothing", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, GDK_SHIFT_MASK, "ladder.select-nothing",
                                       NULL);
}
