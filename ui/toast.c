/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/toast.h"

#define SHOWN_SECONDS 4

struct _TramaToast
{
  GtkWidget parent_instance;

  /* template children */
  GtkRevealer *revealer;
  GtkLabel *label;

  /* state */
  guint hide_id;
};

G_DEFINE_FINAL_TYPE (TramaToast, trama_toast, GTK_TYPE_WIDGET)

static gboolean
on_hide_due (gpointer user_data)
{
  TramaToast *self = user_data;

  self->hide_id = 0;
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  return G_SOURCE_REMOVE;
}

static void
dispose (GObject *object)
{
  TramaToast *self = TRAMA_TOAST (object);

  g_clear_handle_id (&self->hide_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), TRAMA_TYPE_TOAST);
  G_OBJECT_CLASS (trama_toast_parent_class)->dispose (object);
}

static void
trama_toast_class_init (TramaToastClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "toast");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/toast.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaToast, revealer);
  gtk_widget_class_bind_template_child (widget_class, TramaToast, label);
}

static void
trama_toast_init (TramaToast *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
trama_toast_show (TramaToast *self, const char *text)
{
  g_return_if_fail (TRAMA_IS_TOAST (self));

  gtk_label_set_text (self->label, text);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  g_clear_handle_id (&self->hide_id, g_source_remove);
  self->hide_id = g_timeout_add_seconds (SHOWN_SECONDS, on_hide_due, self);
}

const char *
trama_toast_get_text (TramaToast *self)
{
  g_return_val_if_fail (TRAMA_IS_TOAST (self), NULL);
  return gtk_revealer_get_reveal_child (self->revealer) ? gtk_label_get_text (self->label) : NULL;
}
