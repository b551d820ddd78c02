/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/decode/summary.h"
#include "core/flow/flow_list.h"
#include "ui/finding_text.h"
#include "ui/lists/conversation_list.h"
#include "ui/lists/sifter.h"
#include "ui/lists/sort_controls.h"

#include <glib/gi18n-lib.h>

/* In the order of TramaFlowKey. */
/* clang-format off */
static const TramaRowColumn columns[TRAMA_N_FLOW_KEYS] = {
  { N_ ("Begin"), 16, TRUE, FALSE, 2 },
  { N_ ("From"), 16, FALSE, TRUE, 0 },
  { N_ ("To"), 16, FALSE, TRUE, 0 },
  { N_ ("Processes"), 12, FALSE, TRUE, 5 },
  { N_ ("Protocol"), 5, FALSE, FALSE, 1 },
  { N_ ("State"), 11, FALSE, FALSE, 8 },
  { N_ ("Packets"), 6, TRUE, FALSE, 4 },
  { N_ ("Bytes"), 8, TRUE, FALSE, 6 },
  { N_ ("Duration"), 8, TRUE, FALSE, 3 },
  { N_ ("Findings"), 13, FALSE, FALSE, 7 },
};
/* clang-format on */

struct _TramaConversationList
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *box;
  GtkEditable *filter;
  GtkLabel *count;
  TramaSortControls *sorting;
  TramaRowTable *table;
  GtkPopover *menu;

  /* owned */
  TramaViewState *state;
  GArray *flows;       /* of guint32, by row */
  TramaPhases *phases; /* of table_of_phases; NULL: there is no trace */
  TramaFlowTable *table_of_phases;
  TramaSifter *sifter; /* makes the next rows */

  /* state */
  TramaFlowKey key;
  gboolean descending;
  gboolean stale;   /* something changed while nobody saw the list */
  gboolean showing; /* what is selected is being set from here */
};

G_DEFINE_FINAL_TYPE (TramaConversationList, trama_conversation_list, GTK_TYPE_WIDGET)

static char *
dup_begin (TramaFlowTable *table, const TramaFlow *flow)
{
  TramaSpan span = { 0 };

  trama_store_get_span (trama_flow_table_get_store (table), &span);
  return g_strchug (trama_offset_format (flow->first_ns - span.start_ns));
}

static char *
dup_protocol (const TramaFlow *flow)
{
  g_autofree char *name = trama_protocol_format (flow->protocol);

  return g_ascii_strup (name, -1);
}

static char *
dup_ending (TramaConversationList *self, guint32 flow)
{
  const char *name = trama_ending_name (trama_phases_get (self->phases, flow)->ending);

  return g_strdup (*name != '\0' ? _ (name) : "");
}

/* Those of a trace that has grown since may know fewer conversations. */
static TramaFindingCount
count_findings (TramaConversationList *self, guint32 flow)
{
  TramaFindings *findings = trama_view_state_get_findings (self->state);

  if (findings == NULL || flow >= trama_flow_table_n_flows (trama_findings_get_table (findings)))
    return (TramaFindingCount){ 0 };
  return trama_findings_count (findings, flow);
}

/* By the worst that was found, then by how much. */
static guint32 *
weigh_flows (TramaConversationList *self, TramaFlowTable *table)
{
  guint n = trama_flow_table_n_flows (table);
  guint32 *weights = g_new (guint32, n);

  for (guint32 i = 0; i < n; i++)
    {
      TramaFindingCount count = count_findings (self, i);

      weights[i] = count.n > 0 ? (count.severity + 1u) << 24 | MIN (count.n, 0xFFFFFF) : 0;
    }
  return weights;
}

/* The rows are those of the trace as it was when it was last sifted: there may be fewer by now. */
static gboolean
has_flow (TramaConversationList *self, guint row)
{
  return self->table_of_phases != NULL && row < self->flows->len
         && g_array_index (self->flows, guint32, row) < trama_flow_table_n_flows (self->table_of_phases);
}

static char *
dup_cell (guint row, guint column, gpointer user_data)
{
  TramaConversationList *self = user_data;
  TramaFlowTable *table = self->table_of_phases;
  const TramaFlow *flow;

  if (!has_flow (self, row))
    return g_strdup ("");
  flow = trama_flow_table_get_flow (table, g_array_index (self->flows, guint32, row));
  switch ((TramaFlowKey) column)
    {
    case TRAMA_FLOW_KEY_BEGIN:
      return dup_begin (table, flow);
    case TRAMA_FLOW_KEY_FROM:
      return trama_endpoint_format (&flow->endpoint[0]);
    case TRAMA_FLOW_KEY_TO:
      return trama_endpoint_format (&flow->endpoint[1]);
    case TRAMA_FLOW_KEY_PROCESSES:
      return trama_flow_format_processes (table, flow);
    case TRAMA_FLOW_KEY_PROTOCOL:
      return dup_protocol (flow);
    case TRAMA_FLOW_KEY_ENDING:
      return dup_ending (self, g_array_index (self->flows, guint32, row));
    case TRAMA_FLOW_KEY_PACKETS:
      return g_strdup_printf ("%u", flow->packets[0] + flow->packets[1]);
    case TRAMA_FLOW_KEY_BYTES:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, flow->payload_bytes[0] + flow->payload_bytes[1]);
    case TRAMA_FLOW_KEY_DURATION:
      return trama_duration_format (flow->last_ns - flow->first_ns);
    case TRAMA_FLOW_KEY_WEIGHT:
      return trama_finding_count_text (count_findings (self, g_array_index (self->flows, guint32, row)));
    case TRAMA_N_FLOW_KEYS:
    default:
      return g_strdup ("");
    }
}

/* The conversation that is looked at, while an event is selected. */
static void
show_selected (TramaConversationList *self)
{
  guint32 flow = trama_view_state_get_flow (self->state);
  guint row = G_MAXUINT;

  if (trama_view_state_get_selected (self->state).kind != 0)
    for (guint i = 0; i < self->flows->len && row == G_MAXUINT; i++)
      if (g_array_index (self->flows, guint32, i) == flow)
        row = i;
  self->showing = TRUE;
  trama_row_table_select (self->table, row);
  self->showing = FALSE;
}

static void
show_count (TramaConversationList *self, TramaFlowTable *table)
{
  guint n_flows = table != NULL ? trama_flow_table_n_flows (table) : 0;
  guint n = self->flows->len;
  g_autoptr (GtkBitset) chosen = trama_row_table_dup_chosen (self->table);
  g_autofree char *text = NULL;

  if (gtk_bitset_get_size (chosen) > 1)
    /* Translators: "3 of 20 chosen", conversations. */
    text = g_strdup_printf (_ ("%u of %u chosen"), (guint) gtk_bitset_get_size (chosen), n);
  else if (n == n_flows)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u conversation", "%u conversations", n), n);
  else
    /* Translators: "3 of 20", conversations that match what was typed. */
    text = g_strdup_printf (_ ("%u of %u"), n, n_flows);
  gtk_label_set_text (self->count, text);
}

static gboolean
same_rows (const GArray *a, const GArray *b)
{
  guint n = MIN (a->len, b->len);

  return n > 0 && memcmp (a->data, b->data, n * sizeof (guint32)) == 0;
}

/* They are of one table, and worth keeping while it is sorted and filtered. */
static void
update_phases (TramaConversationList *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);

  if (self->table_of_phases == table)
    return;
  g_clear_pointer (&self->phases, trama_phases_free);
  g_clear_pointer (&self->table_of_phases, trama_flow_table_unref);
  if (table == NULL)
    return;
  self->phases = trama_phases_new (table);
  self->table_of_phases = trama_flow_table_ref (table);
}

/* They stay chosen wherever their rows have gone. */
static void
choose_flows (TramaConversationList *self, const GArray *chosen)
{
  g_autoptr (GHashTable) flows = g_hash_table_new (NULL, NULL);
  g_autoptr (GtkBitset) rows = gtk_bitset_new_empty ();

  for (guint i = 0; i < chosen->len; i++)
    g_hash_table_add (flows, GUINT_TO_POINTER (g_array_index (chosen, guint32, i)));
  for (guint i = 0; i < self->flows->len; i++)
    if (g_hash_table_contains (flows, GUINT_TO_POINTER (g_array_index (self->flows, guint32, i))))
      gtk_bitset_add (rows, i);
  self->showing = TRUE;
  trama_row_table_choose (self->table, rows);
  self->showing = FALSE;
}

/* Takes @flows. */
static void
show_flows (TramaConversationList *self, GArray *flows)
{
  g_autoptr (GArray) chosen = trama_conversation_list_dup_chosen (self);
  g_autoptr (GArray) before = g_steal_pointer (&self->flows);

  self->flows = flows;
  self->showing = TRUE;
  if (same_rows (before, flows))
    trama_row_table_resize (self->table, flows->len);
  else
    trama_row_table_replace (self->table, flows->len);
  self->showing = FALSE;
  if (chosen->len > 1)
    choose_flows (self, chosen);
  else
    show_selected (self);
  show_count (self, self->table_of_phases);
}

static void
on_sifted (GArray *flows, gpointer user_data)
{
  show_flows (user_data, flows);
}

/* The rows of another trace go at once. Those of the same stay until the new ones are found. */
static void
update (TramaConversationList *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  gboolean is_same_trace = table != NULL && self->table_of_phases != NULL
                           && trama_flow_table_get_store (table)
                                  == trama_flow_table_get_store (self->table_of_phases);

  self->stale = FALSE;
  trama_sifter_begin (self->sifter, NULL);
  update_phases (self);
  if (!is_same_trace)
    show_flows (self, g_array_new (FALSE, FALSE, sizeof (guint32)));
  if (table == NULL)
    return;
  trama_sifter_begin (self->sifter, trama_flow_list_sift (
                                        table, self->phases,
                                        self->key == TRAMA_FLOW_KEY_WEIGHT ? weigh_flows (self, table) : NULL,
                                        gtk_editable_get_text (self->filter), self->key, self->descending));
}

static void
update_or_wait (TramaConversationList *self)
{
  if (self->state == NULL)
    return;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) || trama_view_state_get_table (self->state) == NULL)
    update (self);
  else
    self->stale = TRUE;
}

static void
on_selection_changed (TramaConversationList *self)
{
  if (!self->stale)
    show_selected (self);
}

static void
on_row_selected (TramaRowTable *table, guint row, TramaConversationList *self)
{
  if (has_flow (self, row) && trama_view_state_get_table (self->state) == self->table_of_phases)
    trama_view_state_choose_flow (self->state, g_array_index (self->flows, guint32, row));
}

/* Enter or a double click: what was said in it. */
static void
on_row_activated (TramaRowTable *table, guint row, TramaConversationList *self)
{
  on_row_selected (table, row, self);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.stream", NULL);
}

/* The menu. */

static void
on_menu (TramaRowTable *table, double x, double y, TramaConversationList *self)
{
  graphene_point_t point;

  if (!gtk_widget_compute_point (GTK_WIDGET (table), GTK_WIDGET (self),
                                 &GRAPHENE_POINT_INIT ((float) x, (float) y), &point))
    return;
  gtk_popover_set_pointing_to (self->menu, &(GdkRectangle){ (int) point.x, (int) point.y, 1, 1 });
  gtk_popover_popup (self->menu);
}

/* From the first packet of any of them to the last. */
static void
on_show (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TramaConversationList *self = TRAMA_CONVERSATION_LIST (widget);
  g_autoptr (GArray) flows = trama_conversation_list_dup_chosen (self);
  TramaSpan span = { G_MAXINT64, G_MININT64 };

  for (guint i = 0; i < flows->len; i++)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (self->table_of_phases,
                                                         g_array_index (flows, guint32, i));

      span.start_ns = MIN (span.start_ns, flow->first_ns);
      span.end_ns = MAX (span.end_ns, flow->last_ns);
    }
  if (flows->len > 0)
    trama_view_state_show (self->state, span);
}

/* What is drawn. */

static void
draw_chosen (TramaConversationList *self)
{
  g_autoptr (GArray) flows = trama_conversation_list_dup_chosen (self);
  g_autoptr (TramaFlowSet) set = NULL;

  if (flows->len > 0)
    set = trama_flow_set_new ((const guint32 *) (gconstpointer) flows->data, flows->len);
  trama_view_state_choose_flows (self->state, set);
}

static void
on_draw (GtkWidget *widget, const char *action, GVariant *parameter)
{
  draw_chosen (TRAMA_CONVERSATION_LIST (widget));
}

static void
on_draw_first (GtkWidget *widget, const char *action, GVariant *parameter)
{
  trama_view_state_choose_flows (TRAMA_CONVERSATION_LIST (widget)->state, NULL);
}

/* Where calls were recorded all are drawn, unless others are asked for. */
static gboolean
draws_what_is_chosen (TramaConversationList *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);

  return table != NULL && table == self->table_of_phases
         && trama_store_n_actors (trama_flow_table_get_store (table)) == 0;
}

/* "127.0.0.1:40000 → 127.0.0.1:5000", each on a line. */
static void
on_copy (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TramaConversationList *self = TRAMA_CONVERSATION_LIST (widget);
  g_autoptr (GArray) flows = trama_conversation_list_dup_chosen (self);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *told = NULL;

  for (guint i = 0; i < flows->len; i++)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (self->table_of_phases,
                                                         g_array_index (flows, guint32, i));
      g_autofree char *from = trama_endpoint_format (&flow->endpoint[0]);
      g_autofree char *to = trama_endpoint_format (&flow->endpoint[1]);

      g_string_append_printf (text, "%s → %s\n", from, to);
    }
  if (flows->len == 0)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text->str);
  told = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Copied: the endpoints of %u conversation",
                                       "Copied: the endpoints of %u conversations", flows->len),
                          flows->len);
  g_signal_emit_by_name (self, "told", told);
}

static void
on_chosen (TramaRowTable *table, TramaConversationList *self)
{
  gboolean any = trama_row_table_get_selected (table) != G_MAXUINT;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "conversations.show", any);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "conversations.copy", any);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "conversations.draw", any);
  if (self->state != NULL && !self->showing && draws_what_is_chosen (self))
    draw_chosen (self);
  if (self->state != NULL)
    show_count (self, trama_view_state_get_table (self->state));
  g_signal_emit_by_name (self, "chosen");
}

static void
on_sort_changed (TramaRowTable *table, guint column, gboolean descending, TramaConversationList *self)
{
  self->key = (TramaFlowKey) column;
  self->descending = descending;
  update_or_wait (self);
}

static void
map (GtkWidget *widget)
{
  TramaConversationList *self = TRAMA_CONVERSATION_LIST (widget);

  if (self->stale)
    update (self);
  GTK_WIDGET_CLASS (trama_conversation_list_parent_class)->map (widget);
}

static void
dispose (GObject *object)
{
  TramaConversationList *self = TRAMA_CONVERSATION_LIST (object);

  if (self->state != NULL)
    g_signal_handlers_disconnect_by_data (self->state, self);
  g_clear_pointer (&self->sifter, trama_sifter_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), TRAMA_TYPE_CONVERSATION_LIST);
  g_clear_object (&self->state);
  g_clear_pointer (&self->flows, g_array_unref);
  g_clear_pointer (&self->phases, trama_phases_free);
  g_clear_pointer (&self->table_of_phases, trama_flow_table_unref);
  G_OBJECT_CLASS (trama_conversation_list_parent_class)->dispose (object);
}

static gboolean
grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (TRAMA_CONVERSATION_LIST (widget)->table));
}

static void
trama_conversation_list_class_init (TramaConversationListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->map = map;
  widget_class->grab_focus = grab_focus;
  g_type_ensure (TRAMA_TYPE_ROW_TABLE);
  g_type_ensure (TRAMA_TYPE_SORT_CONTROLS);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "conversationlist");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/conversation_list.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaConversationList, box);
  gtk_widget_class_bind_template_child (widget_class, TramaConversationList, filter);
  gtk_widget_class_bind_template_child (widget_class, TramaConversationList, count);
  gtk_widget_class_bind_template_child (widget_class, TramaConversationList, sorting);
  gtk_widget_class_bind_template_child (widget_class, TramaConversationList, table);
  gtk_widget_class_bind_template_child (widget_class, TramaConversationList, menu);
  gtk_widget_class_bind_template_callback (widget_class, update_or_wait);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_sort_changed);
  gtk_widget_class_install_action (widget_class, "conversations.show", NULL, on_show);
  gtk_widget_class_install_action (widget_class, "conversations.copy", NULL, on_copy);
  gtk_widget_class_install_action (widget_class, "conversations.draw", NULL, on_draw);
  gtk_widget_class_install_action (widget_class, "conversations.draw-first", NULL, on_draw_first);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "conversations.copy", NULL);
  g_signal_new ("chosen", TRAMA_TYPE_CONVERSATION_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
  g_signal_new ("told", TRAMA_TYPE_CONVERSATION_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
}

static void
trama_conversation_list_init (TramaConversationList *self)
{
  self->flows = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->sifter = trama_sifter_new (on_sifted, self);
  gtk_widget_init_template (GTK_WIDGET (self));
  trama_row_table_allow_several (self->table);
  trama_row_table_set_columns (self->table, _ ("Conversations"), columns, G_N_ELEMENTS (columns), TRUE,
                               dup_cell, self);
  trama_sort_controls_set_table (self->sorting, self->table, columns, G_N_ELEMENTS (columns),
                                 TRAMA_FLOW_KEY_BEGIN, FALSE);
}

void
trama_conversation_list_set_state (TramaConversationList *self, TramaViewState *state)
{
  g_return_if_fail (TRAMA_IS_CONVERSATION_LIST (self));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  g_signal_connect_swapped (state, "table-changed", G_CALLBACK (update_or_wait), self);
  g_signal_connect_swapped (state, "findings-changed", G_CALLBACK (update_or_wait), self);
  g_signal_connect_swapped (state, "selection-changed", G_CALLBACK (on_selection_changed), self);
  update_or_wait (self);
}

void
trama_conversation_list_set_filter (TramaConversationList *self, const char *text)
{
  g_return_if_fail (TRAMA_IS_CONVERSATION_LIST (self));

  gtk_editable_set_text (self->filter, text);
  update_or_wait (self);
}

TramaRowTable *
trama_conversation_list_get_table (TramaConversationList *self)
{
  g_return_val_if_fail (TRAMA_IS_CONVERSATION_LIST (self), NULL);
  return self->table;
}

guint32
trama_conversation_list_get_flow (TramaConversationList *self, guint row)
{
  g_return_val_if_fail (TRAMA_IS_CONVERSATION_LIST (self), TRAMA_FLOW_NONE);
  g_return_val_if_fail (row < self->flows->len, TRAMA_FLOW_NONE);
  return g_array_index (self->flows, guint32, row);
}

gboolean
trama_conversation_list_is_busy (TramaConversationList *self)
{
  g_return_val_if_fail (TRAMA_IS_CONVERSATION_LIST (self), FALSE);
  return trama_sifter_is_busy (self->sifter);
}

char *
trama_conversation_list_dup_cell (TramaConversationList *self, guint row, guint column)
{
  g_return_val_if_fail (TRAMA_IS_CONVERSATION_LIST (self), NULL);
  return dup_cell (row, column, self);
}

GArray *
trama_conversation_list_dup_chosen (TramaConversationList *self)
{
  g_autoptr (GtkBitset) rows = NULL;
  GArray *flows = g_array_new (FALSE, FALSE, sizeof (guint32));
  GtkBitsetIter iter;
  guint row;

  g_return_val_if_fail (TRAMA_IS_CONVERSATION_LIST (self), flows);

  rows = trama_row_table_dup_chosen (self->table);
  for (gboolean any = gtk_bitset_iter_init_first (&iter, rows, &row); any && row < self->flows->len;
       any = gtk_bitset_iter_next (&iter, &row))
    if (has_flow (self, row))
      g_array_append_val (flows, g_array_index (self->flows, guint32, row));
  return flows;
}
