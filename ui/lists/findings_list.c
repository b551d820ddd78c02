/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/finding_list.h"
#include "ui/finding_text.h"
#include "ui/lists/findings_list.h"
#include "ui/lists/sifter.h"
#include "ui/lists/sort_controls.h"

#include <glib/gi18n-lib.h>

/* In the order of TramaFindingKey. */
static const TramaRowColumn columns[TRAMA_N_FINDING_KEYS] = {
  { N_ ("Time"), 16, TRUE, FALSE, 1 },
  { N_ ("Severity"), 11, FALSE, FALSE, 0 },
  { N_ ("Where"), 18, FALSE, TRUE, 2 },
  { N_ ("What was found"), 24, FALSE, TRUE, 0 },
};

struct _TramaFindingsList
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *box;
  GtkEditable *filter;
  GtkLabel *count;
  TramaSortControls *sorting;
  TramaRowTable *table;

  /* owned */
  TramaViewState *state;
  TramaFindings *findings; /* as they are listed; NULL: there are none yet */
  GArray *list;            /* of guint32, by row */
  TramaFindings *coming;   /* that are being sifted */
  TramaSifter *sifter;     /* makes the next rows */

  /* state */
  TramaFindingKey key;
  gboolean descending;
  gboolean stale; /* something changed while nobody saw the list */
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

/* Takes @list, of .coming. While a trace grows nothing moves under the eyes of who reads. */
static void
show_findings (TramaFindingsList *self, GArray *list)
{
  gboolean grows = self->findings != NULL && self->coming != NULL && self->findings != self->coming;

  g_clear_pointer (&self->list, g_array_unref);
  g_clear_pointer (&self->findings, trama_findings_unref);
  self->list = list;
  self->findings = g_steal_pointer (&self->coming);
  if (grows)
    trama_row_table_resize (self->table, self->list->len);
  else
    trama_row_table_replace (self->table, self->list->len);
  show_count (self);
  show_selected (self);
}

static void
on_sifted (GArray *list, gpointer user_data)
{
  show_findings (user_data, list);
}

/* What is listed stays until the new rows are found, unless there is nothing any more. */
static void
update (TramaFindingsList *self)
{
  TramaFindings *findings = trama_view_state_get_findings (self->state);

  self->stale = FALSE;
  trama_sifter_begin (self->sifter, NULL);
  g_clear_pointer (&self->coming, trama_findings_unref);
  if (findings == NULL)
    {
      show_findings (self, g_array_new (FALSE, FALSE, sizeof (guint32)));
      return;
    }
  self->coming = trama_findings_ref (findings);
  trama_sifter_begin (self->sifter, trama_finding_list_sift (findings, gtk_editable_get_text (self->filter),
                                                             self->key, self->descending));
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

static void
on_sort_changed (TramaRowTable *table, guint column, gboolean descending, TramaFindingsList *self)
{
  self->key = (TramaFindingKey) column;
  self->descending = descending;
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
  g_clear_pointer (&self->sifter, trama_sifter_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), TRAMA_TYPE_FINDINGS_LIST);
  g_clear_object (&self->state);
  g_clear_pointer (&self->list, g_array_unref);
  g_clear_pointer (&self->findings, trama_findings_unref);
  g_clear_pointer (&self->coming, trama_findings_unref);
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
  g_type_ensure (TRAMA_TYPE_SORT_CONTROLS);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "findingslist");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/findings_list.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaFindingsList, box);
  gtk_widget_class_bind_template_child (widget_class, TramaFindingsList, filter);
  gtk_widget_class_bind_template_child (widget_class, TramaFindingsList, count);
  gtk_widget_class_bind_template_child (widget_class, TramaFindingsList, sorting);
  gtk_widget_class_bind_template_child (widget_class, TramaFindingsList, table);
  gtk_widget_class_bind_template_callback (widget_class, update_or_wait);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_sort_changed);
}

static void
trama_findings_list_init (TramaFindingsList *self)
{
  self->list = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->sifter = trama_sifter_new (on_sifted, self);
  gtk_widget_init_template (GTK_WIDGET (self));
  trama_row_table_set_columns (self->table, _ ("Findings"), columns, G_N_ELEMENTS (columns), TRUE, dup_cell,
                               self);
  trama_sort_controls_set_table (self->sorting, self->table, columns, G_N_ELEMENTS (columns),
                                 TRAMA_FINDING_KEY_SEVERITY, TRUE);
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

gboolean
trama_findings_list_is_busy (TramaFindingsList *self)
{
  g_return_val_if_fail (TRAMA_IS_FINDINGS_LIST (self), FALSE);
  return trama_sifter_is_busy (self->sifter);
}

char *
trama_findings_list_dup_cell (TramaFindingsList *self, guint row, guint column)
{
  g_return_val_if_fail (TRAMA_IS_FINDINGS_LIST (self), NULL);
  return dup_cell (row, column, self);
}
