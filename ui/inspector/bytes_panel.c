/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/inspector/bytes_panel.h"

struct _TramaBytesPanel
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *box;
  GtkScrolledWindow *fields_scroller;
  TramaHexView *hex;
  TramaFieldList *list;
};

enum
{
  PROP_SCROLLS = 1,
};

G_DEFINE_FINAL_TYPE (TramaBytesPanel, trama_bytes_panel, GTK_TYPE_WIDGET)

static void
on_field_selected (TramaFieldList *list, guint offset, guint size_bytes, TramaBytesPanel *self)
{
  trama_hex_view_mark (self->hex, offset, size_bytes);
}

/* The list answers with the whole field, which is then marked: a byte alone says less. */
static void
on_byte_selected (TramaHexView *hex, guint offset, TramaBytesPanel *self)
{
  trama_field_list_select_byte (self->list, offset);
}

static void
set_scrolls (TramaBytesPanel *self, gboolean scrolls)
{
  gtk_scrolled_window_set_policy (self->fields_scroller, GTK_POLICY_NEVER,
                                  scrolls ? GTK_POLICY_AUTOMATIC : GTK_POLICY_NEVER);
  gtk_widget_set_vexpand (GTK_WIDGET (self->fields_scroller), scrolls);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SCROLLS)
    set_scrolls (TRAMA_BYTES_PANEL (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TRAMA_TYPE_BYTES_PANEL);
  G_OBJECT_CLASS (trama_bytes_panel_parent_class)->dispose (object);
}

static void
trama_bytes_panel_class_init (TramaBytesPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = set_property;
  object_class->dispose = dispose;
  g_object_class_install_property (
      object_class, PROP_SCROLLS,
      g_param_spec_boolean ("scrolls", NULL, NULL, FALSE, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));

  g_type_ensure (TRAMA_TYPE_HEX_VIEW);
  g_type_ensure (TRAMA_TYPE_FIELD_LIST);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/bytes_panel.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaBytesPanel, box);
  gtk_widget_class_bind_template_child (widget_class, TramaBytesPanel, fields_scroller);
  gtk_widget_class_bind_template_child (widget_class, TramaBytesPanel, hex);
  gtk_widget_class_bind_template_child (widget_class, TramaBytesPanel, list);
  gtk_widget_class_bind_template_callback (widget_class, on_field_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_byte_selected);
}

static void
trama_bytes_panel_init (TramaBytesPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
trama_bytes_panel_set (TramaBytesPanel *self, GBytes *bytes, TramaFields *fields)
{
  g_return_if_fail (TRAMA_IS_BYTES_PANEL (self));

  trama_hex_view_set_bytes (self->hex, bytes);
  trama_field_list_set_fields (self->list, fields);
  gtk_widget_set_visible (GTK_WIDGET (self->fields_scroller), fields != NULL && fields->len > 0);
}

TramaHexView *
trama_bytes_panel_get_hex (TramaBytesPanel *self)
{
  g_return_val_if_fail (TRAMA_IS_BYTES_PANEL (self), NULL);
  return self->hex;
}

TramaFieldList *
trama_bytes_panel_get_list (TramaBytesPanel *self)
{
  g_return_val_if_fail (TRAMA_IS_BYTES_PANEL (self), NULL);
  return self->list;
}
