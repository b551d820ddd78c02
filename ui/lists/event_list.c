/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/event_text.h"
#include "core/flow/search/event_order.h"
#include "ui/lists/event_list.h"

#include <glib/gi18n-lib.h>

enum
{
  COLUMN_NUMBER,
  COLUMN_TIME,
  COLUMN_WHO,
  COLUMN_WHAT,
  COLUMN_LENGTH,
};

static const TramaRowColumn columns[] = {
  /* Translators: the head of a column of numbers. */
  { N_ ("No."), 6, TRUE, FALSE, 2 },   { N_ ("Time"), 16, TRUE, FALSE, 0 },
  { N_ ("Who"), 14, FALSE, FALSE, 3 }, { N_ ("What"), 24, FALSE, TRUE, 0 },
  { N_ ("Bytes"), 7, TRUE, FALSE, 1 },
};

struct _TramaEventList
{
  GtkWidget parent_instance;

  /* owned */
  TramaViewState *state;
  TramaEventOrder *order; /* NULL: there is no trace */

  /* borrowed */
  TramaRowTable *table;
  TramaStore *store; /* whose order it is */

  /* state */
  gint64 begin_ns;
  gboolean stale; /* the trace changed while nobody saw the list */
};

G_DEFINE_FINAL_TYPE (TramaEventList, trama_event_list, GTK_TYPE_WIDGET)

static gint64
event_time (TramaStore *store, TramaRef ref)
{
  TramaPacket packet;

  if (ref.kind == TRAMA_EVENT_CALL)
    return trama_store_get_call (store, ref.index)->entry_ns;
  trama_store_get_packet (store, ref.index, &packet);
  return packet.time_ns;
}

static char *
dup_who (TramaFlowTable *table, TramaRef ref)
{
  TramaSegment segment;

  if (ref.kind == TRAMA_EVENT_CALL)
    return trama_event_actor_name (
        table, trama_store_get_call (trama_flow_table_get_store (table), ref.index)->actor);
  trama_flow_table_get_segment (table, ref.index, &segment);
  if (segment.flow == TRAMA_FLOW_NONE)
    return g_strdup ("");
  return trama_event_side_name (table, segment.flow, segment.side);
}

/* Of a packet on the wire; that a call moved. */
static char *
dup_length (TramaStore *store, TramaRef ref)
{
  const TramaCall *call;
  TramaPacket packet;

  if (ref.kind == TRAMA_EVENT_PACKET)
    {
      trama_store_get_packet (store, ref.index, &packet);
      return g_strdup_printf ("%u", packet.length_bytes);
    }
  call = trama_store_get_call (store, ref.index);
  for (guint i = 0; i < call->n_args; i++)
    if (call->args[i].kind == TRAMA_VALUE_DATA && call->result > 0)
      return g_strdup_printf ("%" G_GINT64_FORMAT, call->args[i].number);
  return g_strdup ("");
}

static char *
dup_cell (guint row, guint column, gpointer user_data)
{
  TramaEventList *self = user_data;
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  TramaRef ref;

  /* A column may come back while nobody sees the list: the rows are those of a trace that may be gone. */
  if (self->stale || self->order == NULL || row >= trama_event_order_get_size (self->order))
    return g_strdup ("");
  ref = trama_event_order_at (self->order, row);
  switch (column)
    {
    case COLUMN_NUMBER:
      return g_strdup_printf ("%u", row + 1);
    case COLUMN_TIME:
      return g_strchug (trama_offset_format (event_time (self->store, ref) - self->begin_ns));
    case COLUMN_WHO:
      return dup_who (table, ref);
    case COLUMN_WHAT:
      return trama_event_sentence (table, ref);
    case COLUMN_LENGTH:
    default:
      return dup_length (self->store, ref);
    }
}

static void
show_selected (TramaEventList *self)
{
  TramaRef ref = trama_view_state_get_selected (self->state);

  trama_row_table_select (self->table, self->order != NULL && ref.kind != 0
                                           ? trama_event_order_find (self->order, ref)
                                           : G_MAXUINT);
}

/* Rows whose order was another, or whose events were, are other rows. */
static gboolean
is_continued (TramaEventList *self, const TramaEventOrder *before, TramaStore *store)
{
  guint size = before != NULL ? trama_event_order_get_size (before) : 0;
  TramaRef last;

  if (size == 0 || self->store != store || size > trama_event_order_get_size (self->order))
    return FALSE;
  last = trama_event_order_at (before, size - 1);
  return trama_event_order_find (self->order, last) == size - 1;
}

static void
update (TramaEventList *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  TramaStore *store = table != NULL ? trama_flow_table_get_store (table) : NULL;
  g_autoptr (TramaEventOrder) before = g_steal_pointer (&self->order);
  gboolean continued;
  guint size;
  TramaSpan span;

  self->stale = FALSE;
  if (store != NULL)
    self->order = trama_event_order_new (store);
  if (store != NULL && trama_store_get_span (store, &span))
    self->begin_ns = span.start_ns;
  continued = self->order != NULL && is_continued (self, before, store);
  self->store = store;
  size = self->order != NULL ? trama_event_order_get_size (self->order) : 0;
  if (continued)
    trama_row_table_resize (self->table, size);
  else
    trama_row_table_replace (self->table, size);
  show_selected (self);
}

static void
on_table_changed (TramaEventList *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) || trama_view_state_get_table (self->state) == NULL)
    update (self);
  else
    self->stale = TRUE;
}

/* What a row says is asked for again. */
static void
on_remarks_changed (TramaEventList *self)
{
  if (!self->stale && self->order != NULL)
    trama_row_table_resize (self->table, trama_event_order_get_size (self->order));
}

static void
on_selection_changed (TramaEventList *self)
{
  if (!self->stale)
    show_selected (self);
}

static void
on_row_selected (TramaRowTable *table, guint row, TramaEventList *self)
{
  trama_view_state_select (self->state, trama_event_order_at (self->order, row));
}

static void
map (GtkWidget *widget)
{
  TramaEventList *self = TRAMA_EVENT_LIST (widget);

  if (self->stale)
    update (self);
  GTK_WIDGET_CLASS (trama_event_list_parent_class)->map (widget);
}

static void
dispose (GObject *object)
{
  TramaEventList *self = TRAMA_EVENT_LIST (object);

  g_clear_pointer ((GtkWidget **) &self->table, gtk_widget_unparent);
  if (self->state != NULL)
    g_signal_handlers_disconnect_by_data (self->state, self);
  g_clear_object (&self->state);
  g_clear_pointer (&self->order, trama_event_order_free);
  G_OBJECT_CLASS (trama_event_list_parent_class)->dispose (object);
}

static gboolean
grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (TRAMA_EVENT_LIST (widget)->table));
}

static void
trama_event_list_class_init (TramaEventListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->map = map;
  widget_class->grab_focus = grab_focus;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "eventlist");
}

static void
trama_event_list_init (TramaEventList *self)
{
  self->table = TRAMA_ROW_TABLE (trama_row_table_new ());
  trama_row_table_set_columns (self->table, _ ("Events"), columns, G_N_ELEMENTS (columns), FALSE, dup_cell,
                               self);
  g_signal_connect (self->table, "row-selected", G_CALLBACK (on_row_selected), self);
  gtk_widget_set_parent (GTK_WIDGET (self->table), GTK_WIDGET (self));
}

void
trama_event_list_set_state (TramaEventList *self, TramaViewState *state)
{
  g_return_if_fail (TRAMA_IS_EVENT_LIST (self));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  g_signal_connect_swapped (state, "table-changed", G_CALLBACK (on_table_changed), self);
  g_signal_connect_swapped (state, "selection-changed", G_CALLBACK (on_selection_changed), self);
  g_signal_connect_swapped (state, "remarks-changed", G_CALLBACK (on_remarks_changed), self);
  on_table_changed (self);
}

TramaRowTable *
trama_event_list_get_table (TramaEventList *self)
{
  g_return_val_if_fail (TRAMA_IS_EVENT_LIST (self), NULL);
  return self->table;
}

char *
trama_event_list_dup_cell (TramaEventList *self, guint row, guint column)
{
  g_return_val_if_fail (TRAMA_IS_EVENT_LIST (self), NULL);
  return dup_cell (row, column, self);
}
