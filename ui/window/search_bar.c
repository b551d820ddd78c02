/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/search/search.h"
#include "core/why/finding_list.h"
#include "ui/lists/row_table.h"
#include "ui/turn.h"
#include "ui/window/search_bar.h"

#include <glib/gi18n-lib.h>

/* Of a count; what is wrong with the text is told in full. */
#define COUNT_CHARS 14

/* How many events are looked at before the clock is. */
#define SLICE_EVENTS 500

struct _TramaSearchBar
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *box;
  GtkEditable *entry;
  GtkLabel *status;
  GtkWidget *previous;
  GtkWidget *next;

  /* owned */
  TramaViewState *state;
  TramaSearch *search; /* NULL: nothing is searched for */
  char *text;          /* what is */

  /* borrowed */
  GtkWidget *from; /* weak; who had the focus before, and gets it back */

  /* state */
  guint slice_id;
  TramaRef origin;     /* what was selected before anything was found */
  gboolean is_to_jump; /* no hit has been selected yet */
  gboolean asks_findings;
  gboolean asks_notes;
};

enum
{
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TramaSearchBar, trama_search_bar, GTK_TYPE_WIDGET)

/* What is found. */

static void
set_status (TramaSearchBar *self, const char *text, gboolean is_wrong)
{
  gtk_label_set_max_width_chars (self->status, is_wrong ? -1 : COUNT_CHARS);
  gtk_label_set_text (self->status, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->status),
                               is_wrong ? text : NULL); /* where there is no room */
  if (is_wrong)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static char *
dup_count (TramaSearchBar *self)
{
  guint n = trama_search_n_hits (self->search);
  guint current = trama_search_find (self->search, trama_view_state_get_selected (self->state));
  g_autofree char *count = NULL;

  if (current != G_MAXUINT)
    /* Translators: "3 of 17", hits of a search. */
    count = g_strdup_printf (_ ("%u of %u"), current + 1, n);
  else if (n > 0 || trama_search_bar_is_busy (self))
    count = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u hit", "%u hits", n), n);
  else
    count = g_strdup (_ ("No hits"));
  if (!trama_search_bar_is_busy (self))
    return g_steal_pointer (&count);
  /* Translators: "17 hits · 43 % searched". */
  return g_strdup_printf (_ ("%s · %d %% searched"), count,
                          (int) (100 * trama_search_get_progress (self->search)));
}

static void
show_hits (TramaSearchBar *self)
{
  g_autofree char *text = NULL;
  gboolean any = self->search != NULL && trama_search_n_hits (self->search) > 0;

  gtk_widget_set_sensitive (self->previous, any);
  gtk_widget_set_sensitive (self->next, any);
  if (self->search == NULL)
    return;
  text = dup_count (self);
  set_status (self, text, !any && !trama_search_bar_is_busy (self));
}

/* To the first hit from where the search began; round the end only when there can be none before it. */
static void
jump (TramaSearchBar *self)
{
  guint hit = trama_search_find (self->search, self->origin);
  gboolean wrapped = FALSE;

  if (hit == G_MAXUINT)
    hit = trama_search_next (self->search, self->origin, 1, &wrapped);
  if (hit == G_MAXUINT || (wrapped && trama_search_bar_is_busy (self)))
    return;
  self->is_to_jump = FALSE;
  trama_view_state_select (self->state, trama_search_get_hit (self->search, hit));
}

/* Searching. */

static gboolean
on_slice (gint64 end_us, gpointer user_data)
{
  TramaSearchBar *self = user_data;
  gboolean more;

  do
    more = trama_search_step (self->search, SLICE_EVENTS);
  while (more && g_get_monotonic_time () < end_us);
  if (!more)
    self->slice_id = 0;
  if (self->is_to_jump)
    jump (self);
  show_hits (self);
  trama_view_state_set_search (self->state, self->search);
  return more;
}

static void
go_on (TramaSearchBar *self)
{
  if (self->slice_id == 0)
    self->slice_id = trama_turn_add (on_slice, self);
}

static void
leave_search (TramaSearchBar *self)
{
  g_clear_handle_id (&self->slice_id, trama_turn_remove);
  if (self->state != NULL)
    trama_view_state_set_search (self->state, NULL);
  g_clear_pointer (&self->search, trama_search_free);
  g_clear_pointer (&self->text, g_free);
}

static gboolean
tells (TramaRef ref, const char *words, gpointer user_data)
{
  TramaFindings *findings = trama_view_state_get_findings (TRAMA_SEARCH_BAR (user_data)->state);

  return findings != NULL && trama_findings_say (findings, ref, words);
}

static void
begin (TramaSearchBar *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  const char *text = gtk_editable_get_text (self->entry);
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaQuery) query = NULL;
  gboolean is_wrong;

  leave_search (self);
  query = trama_query_new (text, &error);
  if (query != NULL && table != NULL)
    {
      trama_query_set_finding_func (query, tells, self);
      self->asks_findings = trama_query_asks_findings (query);
      self->asks_notes = trama_query_asks_notes (query);
      self->search = trama_search_new (table, g_steal_pointer (&query));
      self->text = g_strdup (text);
      self->is_to_jump = TRUE;
      go_on (self);
      return;
    }
  is_wrong = query == NULL && !g_error_matches (error, TRAMA_QUERY_ERROR, TRAMA_QUERY_ERROR_EMPTY);
  set_status (self, is_wrong ? error->message : "", is_wrong);
  show_hits (self);
}

/*
 * The entry says so when it has not been typed into for a while, also of what was searched
 * at once, and when it was closed meanwhile.
 */
static void
on_typed (TramaSearchBar *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self))
      && g_strcmp0 (self->text, gtk_editable_get_text (self->entry)) != 0)
    begin (self);
}

static void
on_table_changed (TramaSearchBar *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);

  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    {
      leave_search (self);
      return;
    }
  if (self->search == NULL || table == NULL)
    {
      begin (self);
      self->is_to_jump = FALSE; /* nobody asked for it now */
      return;
    }
  trama_search_set_table (self->search, table);
  go_on (self);
}

/* What was looked at before it was known what was found is looked at again. */
static void
on_findings_changed (TramaSearchBar *self)
{
  if (!self->asks_findings || self->search == NULL || trama_view_state_get_findings (self->state) == NULL)
    return;
  begin (self);
  self->is_to_jump = trama_view_state_get_selected (self->state).kind == 0;
}

static void
on_remarks_changed (TramaSearchBar *self)
{
  if (!self->asks_notes || self->search == NULL)
    return;
  begin (self);
  self->is_to_jump = FALSE; /* who writes a note stays where it is written */
}

/* What the user does. */

void
trama_search_bar_step (TramaSearchBar *self, int direction)
{
  guint hit;

  g_return_if_fail (TRAMA_IS_SEARCH_BAR (self));

  if (self->search == NULL)
    {
      trama_search_bar_open (self);
      return;
    }
  /* Who is quicker than the entry means what stands there, and who is quicker than the search waits for it. */
  if (g_strcmp0 (self->text, gtk_editable_get_text (self->entry)) != 0)
    {
      begin (self);
      return;
    }
  hit = trama_search_next (self->search, trama_view_state_get_selected (self->state), direction, NULL);
  if (hit == G_MAXUINT)
    return;
  self->is_to_jump = FALSE;
  trama_view_state_select (self->state, trama_search_get_hit (self->search, hit));
}

static void
on_next (TramaSearchBar *self)
{
  trama_search_bar_step (self, 1);
}

static void
on_previous (TramaSearchBar *self)
{
  trama_search_bar_step (self, -1);
}

/* The rows of a table may be others by then. */
static void
remember_focus (TramaSearchBar *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = gtk_root_get_focus (root);
  GtkWidget *table = focus != NULL ? gtk_widget_get_ancestor (focus, TRAMA_TYPE_ROW_TABLE) : NULL;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    g_set_weak_pointer (&self->from, table != NULL ? table : focus);
}

static gboolean
give_back (TramaSearchBar *self)
{
  GtkWidget *from = self->from;

  g_clear_weak_pointer (&self->from);
  return from != NULL && gtk_widget_get_mapped (from) && gtk_widget_grab_focus (from);
}

gboolean
trama_search_bar_close (TramaSearchBar *self)
{
  g_return_val_if_fail (TRAMA_IS_SEARCH_BAR (self), FALSE);

  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    return FALSE;
  leave_search (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  if (!give_back (self))
    g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
  return TRUE;
}

static void
on_close (TramaSearchBar *self)
{
  trama_search_bar_close (self);
}

/* Enter goes forwards, with Shift backwards; GtkSearchEntry knows only the first. */
static gboolean
on_key (GtkEventControllerKey *controller,
        guint key,
        guint code,
        GdkModifierType modifiers,
        TramaSearchBar *self)
{
  if ((key != GDK_KEY_Return && key != GDK_KEY_KP_Enter) || !(modifiers & GDK_SHIFT_MASK))
    return GDK_EVENT_PROPAGATE;
  on_previous (self);
  return GDK_EVENT_STOP;
}

/* The class. */

static void
dispose (GObject *object)
{
  TramaSearchBar *self = TRAMA_SEARCH_BAR (object);

  leave_search (self);
  g_clear_weak_pointer (&self->from);
  if (self->state != NULL)
    g_signal_handlers_disconnect_by_data (self->state, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), TRAMA_TYPE_SEARCH_BAR);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (trama_search_bar_parent_class)->dispose (object);
}

static void
trama_search_bar_class_init (TramaSearchBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", TRAMA_TYPE_SEARCH_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "searching");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/search_bar.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaSearchBar, box);
  gtk_widget_class_bind_template_child (widget_class, TramaSearchBar, entry);
  gtk_widget_class_bind_template_child (widget_class, TramaSearchBar, status);
  gtk_widget_class_bind_template_child (widget_class, TramaSearchBar, previous);
  gtk_widget_class_bind_template_child (widget_class, TramaSearchBar, next);
  gtk_widget_class_bind_template_callback (widget_class, on_typed);
  gtk_widget_class_bind_template_callback (widget_class, on_next);
  gtk_widget_class_bind_template_callback (widget_class, on_previous);
  gtk_widget_class_bind_template_callback (widget_class, on_close);
}

static void
trama_search_bar_init (TramaSearchBar *self)
{
  GtkEventController *controller = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect (controller, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), controller);
}

void
trama_search_bar_set_state (TramaSearchBar *self, TramaViewState *state)
{
  g_return_if_fail (TRAMA_IS_SEARCH_BAR (self));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  g_signal_connect_swapped (state, "table-changed", G_CALLBACK (on_table_changed), self);
  g_signal_connect_swapped (state, "selection-changed", G_CALLBACK (show_hits), self);
  g_signal_connect_swapped (state, "findings-changed", G_CALLBACK (on_findings_changed), self);
  g_signal_connect_swapped (state, "remarks-changed", G_CALLBACK (on_remarks_changed), self);
}

void
trama_search_bar_open (TramaSearchBar *self)
{
  g_return_if_fail (TRAMA_IS_SEARCH_BAR (self));

  /* Where no picture is shown there is nothing to search, and nobody would see what is typed. */
  if (!gtk_widget_get_mapped (gtk_widget_get_parent (GTK_WIDGET (self))))
    return;
  self->origin = trama_view_state_get_selected (self->state);
  remember_focus (self);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (self->entry, 0, -1);
  if (self->search == NULL)
    begin (self);
}

void
trama_search_bar_set_text (TramaSearchBar *self, const char *text)
{
  g_return_if_fail (TRAMA_IS_SEARCH_BAR (self));

  gtk_editable_set_text (self->entry, text);
  begin (self);
}

gboolean
trama_search_bar_is_busy (TramaSearchBar *self)
{
  g_return_val_if_fail (TRAMA_IS_SEARCH_BAR (self), FALSE);
  return self->slice_id != 0;
}

guint
trama_search_bar_n_hits (TramaSearchBar *self)
{
  g_return_val_if_fail (TRAMA_IS_SEARCH_BAR (self), 0);
  return self->search != NULL ? trama_search_n_hits (self->search) : 0;
}

const char *
trama_search_bar_get_status (TramaSearchBar *self)
{
  g_return_val_if_fail (TRAMA_IS_SEARCH_BAR (self), NULL);
  return gtk_label_get_text (self->status);
}
