/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/decode/explain.h"
#include "core/flow/event_text.h"
#include "ui/inspector/call_facts.h"
#include "ui/inspector/link_words.h"
#include "ui/inspector/packet_page.h"
#include "ui/wrap_scroller.h"

#include <glib/gi18n-lib.h>

struct _TramaPacketPage
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *box;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkLabel *moment;
  TramaLinkList *links;
  TramaBytesPanel *panel;
};

G_DEFINE_FINAL_TYPE (TramaPacketPage, trama_packet_page, GTK_TYPE_WIDGET)

static void
dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TRAMA_TYPE_PACKET_PAGE);
  G_OBJECT_CLASS (trama_packet_page_parent_class)->dispose (object);
}

static void
trama_packet_page_class_init (TramaPacketPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;

  g_type_ensure (TRAMA_TYPE_LINK_LIST);
  g_type_ensure (TRAMA_TYPE_WRAP_SCROLLER);
  g_type_ensure (TRAMA_TYPE_BYTES_PANEL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/packet_page.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaPacketPage, box);
  gtk_widget_class_bind_template_child (widget_class, TramaPacketPage, title);
  gtk_widget_class_bind_template_child (widget_class, TramaPacketPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, TramaPacketPage, moment);
  gtk_widget_class_bind_template_child (widget_class, TramaPacketPage, links);
  gtk_widget_class_bind_template_child (widget_class, TramaPacketPage, panel);
}

static void
trama_packet_page_init (TramaPacketPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* A line that says so of a packet that the file has behind a later one; else NULL. */
static char *
step_back_text (TramaStore *store, guint index)
{
  gint64 step_ns = trama_store_get_step_back (store, index);
  g_autofree char *step = trama_duration_format (step_ns);

  return step_ns > 0 ? g_strdup_printf (_ ("▲ steps back %s in the file"), step) : NULL;
}

/* When, and how much of it there is. */
static char *
moment_text (TramaStore *store, guint index, const TramaPacket *packet)
{
  TramaSpan span = { packet->time_ns, packet->time_ns };
  g_autofree char *step_back = step_back_text (store, index);
  g_autofree char *offset = NULL;
  g_autofree char *absolute = trama_time_format (packet->time_ns);
  g_autofree char *size = NULL;

  trama_store_get_span (store, &span);
  offset = trama_offset_format (packet->time_ns - span.start_ns);
  if (packet->captured_bytes < packet->length_bytes)
    size = g_strdup_printf (_ ("%u bytes on the wire, %u captured"), packet->length_bytes,
                            packet->captured_bytes);
  else
    size = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "%u byte on the wire", "%u bytes on the wire", packet->length_bytes),
        packet->length_bytes);
  return g_strdup_printf ("%s · %s\n%s%s%s", g_strstrip (offset), size, absolute,
                          step_back != NULL ? "\n" : "", step_back != NULL ? step_back : "");
}

static void
show_links (TramaPacketPage *self, TramaViewState *state, guint packet)
{
  TramaFlowTable *table = trama_view_state_get_table (state);
  guint cause = trama_flow_table_get_cause (table, packet);
  guint woken = trama_flow_table_get_woken (table, packet);

  trama_link_list_begin (self->links, state);
  if (trama_link_words_add (self->links, state, (TramaRef){ TRAMA_EVENT_PACKET, packet }))
    return;
  if (cause != G_MAXUINT)
    trama_link_list_add (self->links,
                         trama_call_sent (table, cause, packet) ? _ ("was sent by") : _ ("answers"),
                         (TramaRef){ TRAMA_EVENT_CALL, cause });
  if (woken != G_MAXUINT)
    trama_link_list_add (self->links, _ ("woke"), (TramaRef){ TRAMA_EVENT_CALL, woken });
}

static TramaFields *
explain (TramaFlowTable *table, guint index, const TramaPacket *packet, GBytes *bytes)
{
  const TramaInterface *interface = trama_store_get_interface (trama_flow_table_get_store (table),
                                                               packet->interface);
  TramaSegment segment;
  guint32 sequence_base = 0;
  guint32 acknowledgment_base = 0;
  gsize captured;
  const guint8 *data = g_bytes_get_data (bytes, &captured);

  trama_flow_table_get_segment (table, index, &segment);
  if (segment.flow != TRAMA_FLOW_NONE)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (table, segment.flow);

      sequence_base = flow->first_sequence[segment.side];
      acknowledgment_base = flow->first_sequence[1 - segment.side];
    }
  return trama_explain_packet (interface->link_type, data, captured, packet->length_bytes, sequence_base,
                               acknowledgment_base);
}

static void
show_bytes (TramaPacketPage *self, TramaFlowTable *table, guint index, const TramaPacket *packet)
{
  TramaStore *store = trama_flow_table_get_store (table);
  g_autofree guint8 *buffer = g_malloc (MAX (1, packet->captured_bytes));
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GPtrArray) fields = NULL;
  gssize size = trama_store_read_packet (store, index, buffer, packet->captured_bytes, &error);

  if (size < 0)
    {
      fields = trama_fields_new ();
      trama_fields_add (fields, 0, 0, 0, N_ ("The bytes cannot be read"), NULL, g_strdup (error->message));
      trama_bytes_panel_set (self->panel, NULL, fields);
      return;
    }
  bytes = g_bytes_new (buffer, (gsize) size);
  fields = explain (table, index, packet, bytes);
  trama_bytes_panel_set (self->panel, bytes, fields);
}

void
trama_packet_page_show (TramaPacketPage *self, TramaViewState *state, guint index)
{
  TramaRef ref = { TRAMA_EVENT_PACKET, index };
  TramaFlowTable *table;
  TramaPacket packet;
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *moment = NULL;

  g_return_if_fail (TRAMA_IS_PACKET_PAGE (self));

  table = trama_view_state_get_table (state);
  trama_store_get_packet (trama_flow_table_get_store (table), index, &packet);
  title = trama_event_title (table, ref);
  subtitle = trama_event_subtitle (table, ref);
  moment = moment_text (trama_flow_table_get_store (table), index, &packet);
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->subtitle, subtitle);
  gtk_label_set_text (self->moment, moment);

  show_links (self, state, index);
  show_bytes (self, table, index, &packet);
}

char *
trama_packet_page_dup_text (TramaPacketPage *self)
{
  g_autofree char *fields = NULL;

  g_return_val_if_fail (TRAMA_IS_PACKET_PAGE (self), NULL);

  fields = trama_field_list_dup_text (trama_bytes_panel_get_list (self->panel));
  return g_strjoin ("\n", gtk_label_get_text (self->title), gtk_label_get_text (self->subtitle),
                    gtk_label_get_text (self->moment), fields, NULL);
}

TramaBytesPanel *
trama_packet_page_get_panel (TramaPacketPage *self)
{
  g_return_val_if_fail (TRAMA_IS_PACKET_PAGE (self), NULL);
  return self->panel;
}

TramaLinkList *
trama_packet_page_get_links (TramaPacketPage *self)
{
  g_return_val_if_fail (TRAMA_IS_PACKET_PAGE (self), NULL);
  return self->links;
}
