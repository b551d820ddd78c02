/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/event_text.h"
#include "ui/ladder/ladder_private.h"
#include "ui/style_theme.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MINIMUM_PX 320

enum
{
  PROP_TEXT_SCALE = 1,
  PROP_SHOW_LEGEND,
  PROP_LEGEND_FOLDED,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

G_DEFINE_FINAL_TYPE_WITH_CODE (TramaLadderView,
                               trama_ladder_view,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

static TramaFlowTable *
get_table (TramaLadderView *self)
{
  return self->state != NULL ? trama_view_state_get_table (self->state) : NULL;
}

double
trama_ladder_view_header_px (TramaLadderView *self)
{
  return self->chart != NULL ? ceil (self->chart->header_px) : 0;
}

double
trama_ladder_view_body_px (TramaLadderView *self)
{
  double height = gtk_widget_get_height (GTK_WIDGET (self));

  return MAX (1, height - trama_ladder_view_header_px (self) - self->legend_px);
}

gboolean
trama_ladder_view_is_same_trace (const TramaChart *old, const TramaChart *chart)
{
  return old != NULL && chart != NULL
         && trama_flow_table_get_store (trama_chart_get_table (old))
                == trama_flow_table_get_store (trama_chart_get_table (chart));
}

typedef struct
{
  const TramaChart *from, *to;
} Move;

static double
move_place (double y, gpointer user_data)
{
  const Move *move = user_data;

  return trama_chart_y_of_time (move->to, trama_chart_time_of_y (move->from, y));
}

/* Of the same columns the picture before stands in for the new one; of others it would be wrong. */
static void
renew_strips (TramaLadderView *self, TramaChart *old)
{
  Move move = { old, self->chart };

  if (!trama_ladder_view_may_stand_in (old, self->chart))
    trama_strip_cache_clear (self->strips);
  else
    {
      trama_strip_cache_let_stand_in (self->strips, move_place, &move);
      if (!trama_ladder_view_has_same_header (old, self->chart))
        trama_strip_cache_forget (self->strips, TRAMA_STRIP_HEADER);
    }
  self->is_fresh |= !trama_ladder_view_is_same_trace (old, self->chart);
}

/* In the next frame: who asked has a chart now, and may go on with it. Of many columns it shows those that begin. */
static void
begin_at_start (TramaLadderView *self)
{
  double zoom;

  if (!self->starting || self->chart == NULL)
    return;
  zoom = trama_ladder_view_find_start (self);
  if (zoom > 1)
    {
      self->anchor_y = 0;
      trama_view_state_set_zoom (self->state, zoom);
      if (self->stale)
        return;
    }
  self->starting = FALSE;
  if (trama_view_state_get_selected (self->state).kind == 0)
    trama_ladder_view_start_across (self);
}

void
trama_ladder_view_start (TramaLadderView *self)
{
  g_return_if_fail (TRAMA_IS_LADDER_VIEW (self));
  self->starting = TRUE;
  trama_ladder_view_invalidate (self);
}

/* What is drawn of another trace answers with events that this one does not have: rather nothing, until it is taken in. */
static void
forget_other_trace (TramaLadderView *self)
{
  g_autoptr (TramaChart) old = NULL;

  if (self->chart == NULL
      || trama_flow_table_get_store (trama_chart_get_table (self->chart))
             == trama_flow_table_get_store (get_table (self)))
    return;
  old = trama_chart_ref (self->chart);
  trama_ladder_view_forget_chart (self);
  trama_ladder_view_update_edge (self);
  renew_strips (self, old);
}

void
trama_ladder_view_update (TramaLadderView *self)
{
  g_autoptr (TramaChart) old = NULL;
  gint64 begin_us;

  if (!self->stale)
    return;
  if ((gtk_widget_get_width (GTK_WIDGET (self)) <= 0 && get_table (self) != NULL)
      || !trama_ladder_view_follow (self))
    {
      forget_other_trace (self);
      return;
    }
  begin_us = g_get_monotonic_time ();
  self->stale = FALSE;
  self->meant = G_MAXUINT; /* its place may be another's */
  old = self->chart != NULL ? trama_chart_ref (self->chart) : NULL;
  if (get_table (self) != NULL)
    trama_ladder_view_make_chart (self);
  else
    trama_ladder_view_forget_chart (self);

  if (!trama_ladder_view_is_same_trace (old, self->chart))
    self->measuring = FALSE;
  trama_ladder_view_update_edge (self);
  trama_ladder_view_update_legend (self);
  trama_ladder_view_keep_place (self, old);
  renew_strips (self, old);
  trama_ladder_view_scroll_to_wanted (self);
  trama_ladder_view_scroll_to_span (self);
  trama_ladder_view_tell_visible (self);
  begin_at_start (self);
  self->layout_us = g_get_monotonic_time () - begin_us;
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);

  self->tick_id = 0;
  trama_ladder_view_update (self);
  trama_ladder_view_tell_legend (self);
  gtk_widget_queue_draw (widget);
  return G_SOURCE_REMOVE;
}

/*
 * The chart is made once per frame however often it is asked for, and before
 * sizes are given out: a scrollbar that appears while they are is drawn unplaced.
 */
void
trama_ladder_view_invalidate (TramaLadderView *self)
{
  self->stale = TRUE;
  trama_ladder_view_draw_again (self);
}

void
trama_ladder_view_draw_again (TramaLadderView *self)
{
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);

  if (width != self->width || height != self->height)
    self->stale = TRUE;
  self->width = width;
  self->height = height;
  trama_ladder_view_update (self);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_popover_present (GTK_POPOVER (child)); /* it has no others */
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
  *minimum = MINIMUM_PX;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 3 * MINIMUM_PX : 2 * MINIMUM_PX;
}

static void
css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);
  TramaThemeName theme;

  GTK_WIDGET_CLASS (trama_ladder_view_parent_class)->css_changed (widget, change);

  theme = trama_style_theme_of (widget);
  if (theme == self->theme)
    return;
  self->theme = theme;
  trama_strip_cache_clear (self->strips);
  gtk_widget_queue_draw (widget);
}

static void
on_selection_changed (TramaViewState *state, TramaLadderView *self)
{
  trama_ladder_view_describe (self);
  trama_ladder_view_mean_column (self, G_MAXUINT);
  trama_ladder_view_measure_to_selected (self);
  trama_ladder_view_forget_trails (self);
  trama_strip_cache_let_stand_in (self->strips, NULL, NULL);
  self->wanted = trama_view_state_get_selected (state);
  if (!self->stale)
    trama_ladder_view_scroll_to_wanted (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Whoever changes the scale without saying what is to stay gets the selection, if it is in view. */
static void
on_scale_changed (TramaViewState *state, TramaLadderView *self)
{
  TramaRect bounds;

  if (self->anchor_y < 0 && self->chart != NULL
      && trama_chart_get_bounds (self->chart, trama_view_state_get_selected (state), &bounds))
    {
      double y = bounds.y + bounds.height / 2 - trama_ladder_view_get_scroll (self);

      if (y >= 0 && y <= trama_ladder_view_body_px (self))
        self->anchor_y = y;
    }
  trama_ladder_view_invalidate (self);
}

/* The chart stays as it is; its edge does not. */
static void
on_findings_changed (TramaLadderView *self)
{
  if (self->stale)
    return;
  trama_ladder_view_update_edge (self);
  trama_ladder_view_forget_trails (self); /* the links of a large trace come with them */
  if (trama_ladder_view_update_legend (self))
    trama_ladder_view_invalidate (self);
  trama_strip_cache_let_stand_in (self->strips, NULL, NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (object);

  switch (id)
    {
    case PROP_TEXT_SCALE:
      self->text_scale = g_value_get_double (value);
      trama_ladder_view_invalidate (self);
      break;
    case PROP_SHOW_LEGEND:
      trama_ladder_view_set_show_legend (self, g_value_get_boolean (value));
      break;
    case PROP_HADJUSTMENT:
      trama_ladder_view_set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      trama_ladder_view_set_adjustment (self, GTK_ORIENTATION_VERTICAL, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
      self->policy[GTK_ORIENTATION_HORIZONTAL] = g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->policy[GTK_ORIENTATION_VERTICAL] = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (object);

  switch (id)
    {
    case PROP_TEXT_SCALE:
      g_value_set_double (value, self->text_scale);
      break;
    case PROP_SHOW_LEGEND:
      g_value_set_boolean (value, trama_ladder_view_get_show_legend (self));
      break;
    case PROP_LEGEND_FOLDED:
      g_value_set_boolean (value, self->legend_told);
      break;
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->adjustment[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustment[GTK_ORIENTATION_VERTICAL]);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->policy[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->policy[GTK_ORIENTATION_VERTICAL]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static gboolean
query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (widget);
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *text = NULL;
  const TramaChartNote *card = keyboard ? NULL : trama_ladder_view_find_card (self, x, y);
  TramaRef ref;

  if (trama_ladder_view_is_menu_open (self)) /* which it would lie upon */
    return FALSE;
  text = keyboard ? NULL : trama_ladder_view_dup_edge_text (self, x, y);
  if (text == NULL && !keyboard)
    text = trama_ladder_view_dup_head_text (self, x, y);
  if (text == NULL && card != NULL) /* on which there may not be room for all of it */
    text = g_strdup (card->text);
  if (text != NULL)
    {
      gtk_tooltip_set_text (tooltip, text);
      return TRUE;
    }
  ref = keyboard ? trama_view_state_get_selected (self->state) : trama_ladder_view_hit (self, x, y);
  if (ref.kind == 0)
    return FALSE;

  title = trama_event_title (get_table (self), ref);
  subtitle = trama_event_subtitle (get_table (self), ref);
  text = g_strdup_printf ("%s\n%s", title, subtitle);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
dispose (GObject *object)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (object);

  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));
  self->menu = NULL;
  self->head_menu = NULL;
  trama_ladder_view_set_state (self, NULL);
  trama_ladder_view_set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  trama_ladder_view_set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);
  g_clear_pointer (&self->edge, trama_edge_unref);
  g_clear_pointer (&self->edge_flows, trama_flow_set_unref);
  trama_ladder_view_forget_chart (self);
  trama_ladder_view_forget_ladder (self);
  G_OBJECT_CLASS (trama_ladder_view_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  TramaLadderView *self = TRAMA_LADDER_VIEW (object);

  g_clear_pointer (&self->strips, trama_strip_cache_free);
  G_OBJECT_CLASS (trama_ladder_view_parent_class)->finalize (object);
}

static void
trama_ladder_view_class_init (TramaLadderViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;

  widget_class->snapshot = trama_ladder_view_snapshot;
  widget_class->size_allocate = size_allocate;
  widget_class->measure = measure;
  widget_class->css_changed = css_changed;
  widget_class->query_tooltip = query_tooltip;

  g_object_class_install_property (
      object_class, PROP_TEXT_SCALE,
      g_param_spec_double ("text-scale", NULL, NULL, 0.5, 4, 1, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (
      object_class, PROP_SHOW_LEGEND,
      g_param_spec_boolean ("show-legend", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (
      object_class, PROP_LEGEND_FOLDED,
      g_param_spec_boolean ("legend-folded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");

  gtk_widget_class_set_css_name (widget_class, "ladder");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  trama_ladder_view_class_add_keys (widget_class);
  trama_ladder_view_class_add_named_steps (widget_class);
  trama_ladder_view_class_add_menu (widget_class);
  g_signal_new ("left", TRAMA_TYPE_LADDER_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("column-meant", TRAMA_TYPE_LADDER_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
}

static void
trama_ladder_view_init (TramaLadderView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->strips = trama_strip_cache_new ();
  trama_strip_cache_set_ready (self->strips, trama_ladder_view_take_strip, self);
  self->text_scale = 1;
  self->anchor_y = -1;
  self->meant = G_MAXUINT;
  self->wanted_span.start_ns = TRAMA_TIME_NONE;
  self->show_legend = TRUE;
  self->stale = TRUE;

  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_set_vexpand (widget, TRUE);
  gtk_widget_set_has_tooltip (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Ladder of calls and packets"), -1);
  trama_ladder_view_add_controllers (self);
  g_signal_connect_object (gtk_widget_get_settings (widget), "notify::gtk-xft-dpi",
                           G_CALLBACK (trama_ladder_view_invalidate), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self, "notify::scale-factor", G_CALLBACK (trama_ladder_view_invalidate), self,
                           G_CONNECT_SWAPPED);
}

void
trama_ladder_view_set_state (TramaLadderView *self, TramaViewState *state)
{
  g_return_if_fail (TRAMA_IS_LADDER_VIEW (self));

  if (self->state != NULL)
    g_signal_handlers_disconnect_by_data (self->state, self);
  g_set_object (&self->state, state);
  if (state == NULL)
    return;

  g_signal_connect_object (state, "table-changed", G_CALLBACK (trama_ladder_view_invalidate), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (state, "growing", G_CALLBACK (trama_ladder_view_take_in), self);
  g_signal_connect (state, "selection-changed", G_CALLBACK (on_selection_changed), self);
  g_signal_connect (state, "scale-changed", G_CALLBACK (on_scale_changed), self);
  g_signal_connect_swapped (state, "show", G_CALLBACK (trama_ladder_view_show), self);
  g_signal_connect_object (state, "drawn-changed", G_CALLBACK (trama_ladder_view_invalidate), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (state, "findings-changed", G_CALLBACK (on_findings_changed), self);
  g_signal_connect_object (state, "remarks-changed", G_CALLBACK (trama_ladder_view_invalidate), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "remarks-changed", G_CALLBACK (trama_ladder_view_describe), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "lanes-changed", G_CALLBACK (trama_ladder_view_invalidate), self,
                           G_CONNECT_SWAPPED);
  trama_ladder_view_describe (self);
  trama_ladder_view_invalidate (self);
}

TramaChart *
trama_ladder_view_get_chart (TramaLadderView *self)
{
  g_return_val_if_fail (TRAMA_IS_LADDER_VIEW (self), NULL);
  trama_ladder_view_update (self);
  return self->chart;
}

TramaThemeName
trama_ladder_view_get_theme (TramaLadderView *self)
{
  g_return_val_if_fail (TRAMA_IS_LADDER_VIEW (self), TRAMA_THEME_LIGHT);
  return self->theme;
}
