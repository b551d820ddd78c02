/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/finding_list.h"
#include "ui/finding_text.h"
#include "ui/lists/findings_list.h"

#include <glib/gi18n-lib.h>

/* In the order of TramaFindingKey. */
static const TramaRowColumn columns[TRAMA_N_FINDING_KEYS] = {
  { N_ ("Time"), 12, TRUE },
  { N_ ("Severity"), 11, FALSE },
  { N_ ("Where"), 22, FALSE },
  { N_ ("What was found"), 0, FALSE },
};

struct _TramaFindingsList
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *box;
  GtkEditable *filter;
  GtkLabel *count;
  GtkDropDown *key;
  GtkToggleButton *descending;
  TramaRowTable *table;

  /* owned */
  TramaViewState *state;
  TramaFindings *findings; /* as they are listed; NULL: there are none yet */
  GArray *list;            /* of guint32, by row */

  /* state */
  gboolean stale;   /* something changed while nobody saw the list */
  gboolean sorting; /* the controls are being set from here */
};

G_DEFINE_FINAL_TYPE (TramaFindingsList, trama_findings_list, GTK_TYPE_WIDGET)

static char *
dup_time (TramaFindingsList *self, const TramaFinding *finding)
{
  TramaSpan span = { 0 };

  trama_store_get_span (trama_flow_table_get_store (trama_findings_get_table (self->findings)), &span);
  return g_strchug (trama_offset_format (finding->span.start_ns - span.start_ns));
}

static char *
dup_cell (guint row, guint column, gpointer user_data)
{
  TramaFindingsList *self = user_data;
  const TramaFinding *finding;
  guint32 index;

  if (self->findings == NULL || row >= self->list->len)
    return g_strdup ("");
  index = g_array_index (self->list, guint32, row);
  finding = trama_findings_get_finding (self->findings, index);
  switch ((TramaFindingKey) column)
    {
    case TRAMA_FINDING_KEY_TIME:
      return dup_time (self, finding);
    case TRAMA_FINDING_KEY_SEVERITY:
      return trama_severity_text (finding->severity);
    case TRAMA_FINDING_KEY_WHERE:
      return trama_finding_format_where (self->findings, index);
    case TRAMA_FINDING_KEY_WHAT:
      return g_strdup (finding->what);
    case TRAMA_N_FINDING_KEYS:
    default:
      return g_strdup ("");
    }
}

static gboolean
is_about (TramaFindingsList *self, guint row, TramaRef ref)
{
  if (row >= self->list->len)
    return FALSE;
  return trama_finding_is_about (
      trama_findings_get_finding (self->findings, g_array_index (self->list, guint32, row)), ref);
}

/* Several may be about the selected event: the one that was chosen stays. */
static void
show_selected (TramaFindingsList *self)
{
  TramaRef selected = trama_view_state_get_selected (self->state);
  guint row = 0;

  if (is_about (self, trama_row_table_get_selected (self->table), selected))
    return;
  while (row < self->list->len && !is_about (self, row, selected))
    row++;
  trama_row_table_select (self->table, row < self->list->len ? row : G_MAXUINT);
}

static void
show_count (TramaFindingsList *self)
{
  guint n = self->list->len, n_all;
  g_autofree char *text = NULL;

  if (self->findings == NULL)
    {
      gtk_label_set_text (self->count, "");
      return;
    }
  n_all = trama_findings_n_findings (self->findings);
  if (n == n_all)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u finding", "%u findings", n), n);
  else
    text = g_strdup_printf (_ ("%u of %u"), n, n_all);
  gtk_label_set_text (self->count, text);
}

static void
update (TramaFindingsList *self)
{
  TramaFindings *findings = trama_view_state_get_findings (self->state);

  self->stale = FALSE;
  g_clear_pointer (&self->list, g_array_unref);
  g_clear_pointer (&self->findings, trama_findings_unref);
  if (findings != NULL)
    {
      self->findings = trama_findings_ref (findings);
      self->list = trama_finding_list_new (findings, gtk_editable_get_text (self->filter),
                                           (TramaFindingKey) gtk_drop_down_get_selected (self->key),
                                           gtk_toggle_button_get_active (self->descending));
    }
  else
    self->list = g_array_new (FALSE, FALSE, sizeof (guint32));
  trama_row_table_replace (self->table, self->list->len);
  show_count (self);
  show_selected (self);
}

static void
update_or_wait (TramaFindingsList *self)
{
  if (self->state == NULL)
    return;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) || trama_view_state_get_findings (self->state) == NULL)
    update (self);
  else
    self->stale = TRUE;
}

static void
on_selection_changed (TramaFindingsList *self)
{
  if (!self->stale)
    show_selected (self);
}

static void
on_row_selected (TramaRowTable *table, guint row, TramaFindingsList *self)
{
  guint32 index = g_array_index (self->list, guint32, row);

  trama_view_state_select (self->state, trama_findings_get_finding (self->findings, index)->anchor);
}

/* The heads of the columns are for the mouse alone in GTK 4.8; both say the same. */
static void
on_sort_changed (TramaRowTable *table, guint column, gboolean descending, TramaFindingsList *self)
{
  if (self->sorting)
    return;
  self->sorting = TRUE;
  gtk_drop_down_set_selected (self->key, column);
  gtk_toggle_button_set_active (self->descending, descending);
  self->sorting = FALSE;
  update_or_wait (self);
}

static void
on_sorting_chosen (TramaFindingsList *self)
{
  if (self->sorting || gtk_drop_down_get_selected (self->key) >= G_N_ELEMENTS (columns))
    return;
  self->sorting = TRUE;
  trama_row_table_sort (self->table, gtk_drop_down_get_selected (self->key),
                        gtk_toggle_button_get_active (self->descending));
  self->sorting = FALSE;
  update_or_wait (self);
}

static void
map (GtkWidget *widget)
{
  TramaFindingsList *self = TRAMA_FINDINGS_LIST (widget);

  if (self->stale)
    update (self);
  GTK_WIDGET_CLASS (trama_findings_list_parent_class)->map (widget);
}

static void
dispose (GObject *object)
{
  TramaFindingsList *self = TRAMA_FINDINGS_LIST (object);

  if (self->state != NULL)
    g_signal_handlers_disconnect_by_data (self->state, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), TRAMA_TYPE_FINDINGS_LIST);
  g_clear_object (&self->state);
  g_clear_pointer (&self->list, g_array_unref);
  g_clear_pointer (&self->findings, trama_findings_unref);
  G_OBJECT_CLASS (trama_findings_list_parent_class)->dispose (object);
}

static gboolean
grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (TRAMA_FINDINGS_LIST (widget)->table));
}

static void
trama_findings_list_class_init (TramaFindingsListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->map = map;
  widget_class->grab_focus = grab_focus;
  g_type_ensure (TRAMA_TYPE_ROW_TABLE);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "findingslist");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/findings_list.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaFindingsList, box);
  gtk_widget_class_bind_template_child (widget_class, TramaFindingsList, filter);
  gtk_widget_class_bind_template_child (widget_class, TramaFindingsList, count);
  gtk_widget_class_bind_template_child (widget_class, TramaFindingsList, key);
  gtk_widget_class_bind_template_child (widget_class, TramaFindingsList, descending);
  gtk_widget_class_bind_template_child (widget_class, TramaFindingsList, table);
  gtk_widget_class_bind_template_callback (widget_class, update_or_wait);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_sort_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_sorting_chosen);
}

static void
trama_findings_list_init (TramaFindingsList *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  self->list = g_array_new (FALSE, FALSE, sizeof (guint32));
  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    gtk_string_list_append (titles, _ (columns[i].title));
  trama_row_table_set_columns (self->table, _ ("Findings"), columns, G_N_ELEMENTS (columns), TRUE, dup_cell,
                               self);
  self->sorting = TRUE;
  gtk_drop_down_set_model (self->key, G_LIST_MODEL (titles));
  gtk_drop_down_set_selected (self->key, TRAMA_FINDING_KEY_SEVERITY);
  gtk_toggle_button_set_active (self->descending, TRUE);
  trama_row_table_sort (self->table, TRAMA_FINDING_KEY_SEVERITY, TRUE);
  self->sorting = FALSE;
}

void
trama_findings_list_set_state (TramaFindingsList *self, TramaViewState *state)
{
  g_return_if_fail (TRAMA_IS_FINDINGS_LIST (self));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  g_signal_connect_swapped (state, "findings-changed", G_CALLBACK (update_or_wait), self);
  g_signal_connect_swapped (state, "selection-changed", G_CALLBACK (on_selection_changed), self);
  update_or_wait (self);
}

void
trama_findings_list_set_filter (TramaFindingsList *self, const char *text)
{
  g_return_if_fail (TRAMA_IS_FINDINGS_LIST (self));

  gtk_editable_set_text (self->filter, text);
  update_or_wait (self);
}

TramaRowTable *
trama_findings_list_get_table (TramaFindingsList *self)
{
  g_return_val_if_fail (TRAMA_IS_FINDINGS_LIST (self), NULL);
  return self->table;
}

guint32
trama_findings_list_get_finding (TramaFindingsList *self, guint row)
{
  g_return_val_if_fail (TRAMA_IS_FINDINGS_LIST (self), G_MAXUINT32);
  g_return_val_if_fail (row < self->list->len, G_MAXUINT32);
  return g_array_index (self->list, guint32, row);
}

char *
trama_findings_list_dup_cell (TramaFindingsList *self, guint row, guint column)
{
  g_return_val_if_fail (TRAMA_IS_FINDINGS_LIST (self), NULL);
  return dup_cell (row, column, self);
}
