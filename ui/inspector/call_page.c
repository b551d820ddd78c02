/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/event_text.h"
#include "core/trace/call.h"
#include "core/trace/sockaddr_fields.h"
#include "ui/inspector/call_facts.h"
#include "ui/inspector/call_page.h"
#include "ui/inspector/link_words.h"

#include <glib/gi18n-lib.h>

struct _TramaCallPage
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *scroller;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkLabel *purpose;
  GtkLabel *line;
  GtkLabel *prototype;
  TramaLinkList *links;
  TramaFieldList *facts;
  GtkWidget *address_box;
  TramaBytesPanel *address;
  GtkWidget *data_box;
  GtkLabel *data_heading;
  TramaBytesPanel *data;
};

G_DEFINE_FINAL_TYPE (TramaCallPage, trama_call_page, GTK_TYPE_WIDGET)

static void
dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TRAMA_TYPE_CALL_PAGE);
  G_OBJECT_CLASS (trama_call_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, TramaCallPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, TramaCallPage, title);
  gtk_widget_class_bind_template_child (widget_class, TramaCallPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, TramaCallPage, purpose);
  gtk_widget_class_bind_template_child (widget_class, TramaCallPage, line);
  gtk_widget_class_bind_template_child (widget_class, TramaCallPage, prototype);
  gtk_widget_class_bind_template_child (widget_class, TramaCallPage, links);
  gtk_widget_class_bind_template_child (widget_class, TramaCallPage, facts);
  gtk_widget_class_bind_template_child (widget_class, TramaCallPage, address_box);
  gtk_widget_class_bind_template_child (widget_class, TramaCallPage, address);
  gtk_widget_class_bind_template_child (widget_class, TramaCallPage, data_box);
  gtk_widget_class_bind_template_child (widget_class, TramaCallPage, data_heading);
  gtk_widget_class_bind_template_child (widget_class, TramaCallPage, data);
}

static void
trama_call_page_class_init (TramaCallPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;

  g_type_ensure (TRAMA_TYPE_LINK_LIST);
  g_type_ensure (TRAMA_TYPE_FIELD_LIST);
  g_type_ensure (TRAMA_TYPE_BYTES_PANEL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/call_page.ui");
  bind_children (widget_class);
}

static void
trama_call_page_init (TramaCallPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_heading (TramaCallPage *self, TramaFlowTable *table, guint index)
{
  const TramaCall *call = trama_store_get_call (trama_flow_table_get_store (table), index);
  const TramaCallInfo *info = trama_call_info (call->name);
  g_autofree char *subtitle = trama_event_subtitle (table, (TramaRef){ TRAMA_EVENT_CALL, index });
  g_autofree char *line = trama_call_format (call);

  gtk_label_set_text (self->title, info != NULL ? info->man : _ ("unknown call"));
  gtk_label_set_text (self->subtitle, subtitle);
  gtk_label_set_text (self->purpose, info != NULL ? _ (info->purpose) : "");
  gtk_label_set_text (self->prototype, info != NULL ? info->prototype : "");
  gtk_label_set_text (self->line, line);
}

static const char *
link_caption (TramaFlowTable *table, guint call, guint packet)
{
  if (trama_flow_table_get_cause (table, packet) != call)
    return _ ("was woken by");
  return trama_call_sent (table, call, packet) ? _ ("sent") : _ ("was answered with");
}

static void
show_links (TramaCallPage *self, TramaViewState *state, guint index)
{
  TramaFlowTable *table = trama_view_state_get_table (state);
  g_autoptr (GArray) packets = trama_call_packets (table, index);
  guint i;

  trama_link_list_begin (self->links, state);
  if (trama_link_words_add (self->links, state, (TramaRef){ TRAMA_EVENT_CALL, index }))
    return;
  for (i = 0; i < packets->len; i++)
    {
      guint32 packet = g_array_index (packets, guint32, i);

      trama_link_list_add (self->links, link_caption (table, index, packet),
                           (TramaRef){ TRAMA_EVENT_PACKET, packet });
    }
}

static void
show_address (TramaCallPage *self, const TramaCall *call)
{
  const TramaValue *value = trama_call_find_bytes (call, TRAMA_VALUE_ADDRESS);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GPtrArray) fields = NULL;

  gtk_widget_set_visible (self->address_box, value != NULL);
  if (value != NULL)
    {
      bytes = g_bytes_new (value->bytes, value->size);
      fields = trama_fields_of_address (value->bytes, value->size);
    }
  trama_bytes_panel_set (self->address, bytes, fields);
}

static void
show_data (TramaCallPage *self, const TramaCall *call)
{
  const TramaValue *value = trama_call_find_bytes (call, TRAMA_VALUE_DATA);
  const TramaCallInfo *info = trama_call_info (call->name);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *heading = NULL;

  gtk_widget_set_visible (self->data_box, value != NULL);
  if (value != NULL)
    {
      gboolean received = info != NULL && (info->traits & TRAMA_CALL_RECEIVES) != 0;

      bytes = g_bytes_new (value->bytes, value->size);
      if ((guint64) value->number > value->size)
        heading = g_strdup_printf (received ? _ ("Bytes received: the first %u of %lu")
                                            : _ ("Bytes sent: the first %u of %lu"),
                                   value->size, (gulong) value->number);
      else
        heading = g_strdup (received ? _ ("Bytes received") : _ ("Bytes sent"));
      gtk_label_set_text (self->data_heading, heading);
    }
  trama_bytes_panel_set (self->data, bytes, NULL);
}

void
trama_call_page_show (TramaCallPage *self, TramaViewState *state, guint index)
{
  TramaFlowTable *table;
  const TramaCall *call;
  g_autoptr (GPtrArray) facts = NULL;

  g_return_if_fail (TRAMA_IS_CALL_PAGE (self));

  table = trama_view_state_get_table (state);
  call = trama_store_get_call (trama_flow_table_get_store (table), index);
  facts = trama_call_facts (table, index);
  show_heading (self, table, index);
  show_links (self, state, index);
  trama_field_list_set_fields (self->facts, facts);
  show_address (self, call);
  show_data (self, call);
}

char *
trama_call_page_dup_text (TramaCallPage *self)
{
  g_autofree char *facts = NULL;
  g_autofree char *address = NULL;

  g_return_val_if_fail (TRAMA_IS_CALL_PAGE (self), NULL);

  facts = trama_field_list_dup_text (self->facts);
  address = trama_field_list_dup_text (trama_bytes_panel_get_list (self->address));
  return g_strjoin ("\n", gtk_label_get_text (self->title), gtk_label_get_text (self->subtitle),
                    gtk_label_get_text (self->purpose), gtk_label_get_text (self->line),
                    gtk_label_get_text (self->prototype), facts, address, NULL);
}

TramaLinkList *
trama_call_page_get_links (TramaCallPage *self)
{
  g_return_val_if_fail (TRAMA_IS_CALL_PAGE (self), NULL);
  return self->links;
}
