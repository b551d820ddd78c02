/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wrap_scroller.h"

enum
{
  PROP_CHILD = 1,
  PROP_SHRINKS,
};

struct _TramaWrapScroller
{
  GtkWidget parent_instance;

  /* owned */
  GtkWidget *window;

  /* borrowed */
  GtkWidget *child; /* NULL until it is set */

  gboolean shrinks;
};

G_DEFINE_FINAL_TYPE (TramaWrapScroller, trama_wrap_scroller, GTK_TYPE_WIDGET)

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  TramaWrapScroller *self = TRAMA_WRAP_SCROLLER (widget);
  GtkWidget *child = self->child;

  if (child == NULL)
    return;
  gtk_widget_measure (child, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    gtk_widget_measure (self->shrinks ? self->window : child, orientation, -1, minimum, NULL, NULL, NULL);
  *natural = MAX (*natural, *minimum);
}

static GtkSizeRequestMode
get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_allocate (TRAMA_WRAP_SCROLLER (widget)->window, width, height, baseline, NULL);
}

/* A scrolled window that cannot take the focus must not be asked to: it would say that it has taken it. */
static void
on_extent_changed (GtkAdjustment *adjustment, TramaWrapScroller *self)
{
  gboolean scrolls = gtk_adjustment_get_upper (adjustment) > gtk_adjustment_get_page_size (adjustment);
  gboolean child_stops = self->child != NULL && gtk_widget_get_focusable (self->child)
                         && gtk_widget_get_can_focus (self->child);

  gtk_widget_set_can_focus (self->window, scrolls || child_stops);
}

static void
set_child (TramaWrapScroller *self, GtkWidget *child)
{
  self->child = child;
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->window), child);
  if (child != NULL)
    g_object_bind_property (child, "visible", self, "visible", G_BINDING_SYNC_CREATE);
}

static void
set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_CHILD:
      set_child (TRAMA_WRAP_SCROLLER (object), g_value_get_object (value));
      break;
    case PROP_SHRINKS:
      TRAMA_WRAP_SCROLLER (object)->shrinks = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
dispose (GObject *object)
{
  TramaWrapScroller *self = TRAMA_WRAP_SCROLLER (object);

  self->child = NULL;
  g_clear_pointer (&self->window, gtk_widget_unparent);
  G_OBJECT_CLASS (trama_wrap_scroller_parent_class)->dispose (object);
}

static void
trama_wrap_scroller_class_init (TramaWrapScrollerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dispose;
  object_class->set_property = set_property;
  widget_class->measure = measure;
  widget_class->get_request_mode = get_request_mode;
  widget_class->size_allocate = size_allocate;
  gtk_widget_class_set_css_name (widget_class, "wrapscroller");
  g_object_class_install_property (
      object_class, PROP_CHILD,
      g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (
      object_class, PROP_SHRINKS,
      g_param_spec_boolean ("shrinks", NULL, NULL, FALSE, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
}

static void
trama_wrap_scroller_init (TramaWrapScroller *self)
{
  self->window = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->window), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_can_focus (self->window, FALSE);
  gtk_widget_set_parent (self->window, GTK_WIDGET (self));
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->window)),
                           "changed", G_CALLBACK (on_extent_changed), self, 0);
}
