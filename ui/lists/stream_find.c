/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/lists/stream_view_private.h"
#include "ui/turn.h"

#include <glib/gi18n-lib.h>

/* The search in what was said. */

#define STEP_BYTES 32768

static void
set_count (TramaStreamView *self, const char *text, gboolean is_wrong)
{
  gtk_label_set_text (self->count, text);
  if (is_wrong)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static void
show_count (TramaStreamView *self)
{
  guint n = self->search != NULL ? trama_utter_search_n_hits (self->search) : 0;
  g_autofree char *text = NULL;

  gtk_widget_set_sensitive (self->previous, n > 0);
  gtk_widget_set_sensitive (self->next, n > 0);
  if (self->search == NULL)
    return;
  if (self->current != G_MAXUINT)
    text = g_strdup_printf (_ ("%u of %u"), self->current + 1, n);
  else if (n > 0 || self->find_id != 0)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u hit", "%u hits", n), n);
  else
    text = g_strdup (_ ("No hits"));
  set_count (self, text, n == 0 && self->find_id == 0);
}

static void
go_to (TramaStreamView *self, guint index)
{
  const TramaUtterHit *hit = trama_utter_search_get_hit (self->search, index);
  guint line = trama_transcript_find_line (self->shown.transcript, hit->side, hit->offset);

  self->current = index;
  self->place = *hit;
  trama_stream_view_show_line (self, line);
  if (line != G_MAXUINT)
    trama_stream_view_select_line (self, line);
  trama_stream_lines_light (self->lines, self->search, index);
  show_count (self);
}

/* When it is searched again in a trace that has grown, one stays where one is. */
static void
find_current (TramaStreamView *self)
{
  guint index;

  if (self->current != G_MAXUINT || self->place.size_bytes == 0)
    return;
  index = trama_utter_search_find (self->search, self->place.side, self->place.offset,
                                   self->place.offset + 1);
  if (index != G_MAXUINT)
    self->current = index;
}

static gboolean
on_slice (gint64 end_us, gpointer user_data)
{
  TramaStreamView *self = user_data;
  gboolean more;

  do
    more = trama_utter_search_step (self->search, STEP_BYTES);
  while (more && g_get_monotonic_time () < end_us);
  if (!more)
    self->find_id = 0;
  find_current (self);
  if (self->is_to_jump && trama_utter_search_n_hits (self->search) > 0)
    {
      self->is_to_jump = FALSE;
      go_to (self, 0);
    }
  trama_stream_lines_light (self->lines, self->search, self->current);
  show_count (self);
  return more;
}

void
trama_stream_find_stop (TramaStreamView *self)
{
  g_clear_handle_id (&self->find_id, trama_turn_remove);
  self->current = G_MAXUINT;
  trama_stream_lines_light (self->lines, NULL, G_MAXUINT);
  g_clear_pointer (&self->search, trama_utter_search_free);
}

void
trama_stream_find_again (TramaStreamView *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaQuery) query = trama_query_new (gtk_editable_get_text (self->entry), &error);
  gboolean is_wrong;

  trama_stream_find_stop (self);
  show_count (self);
  is_wrong = query == NULL && !g_error_matches (error, TRAMA_QUERY_ERROR, TRAMA_QUERY_ERROR_EMPTY);
  set_count (self, is_wrong ? error->message : "", is_wrong);
  if (query == NULL || self->shown.transcript == NULL)
    return;
  self->search = trama_utter_search_new (self->shown.dialogue, g_steal_pointer (&query),
                                         trama_transcript_get_sides (self->shown.transcript));
  self->find_id = trama_turn_add (on_slice, self);
}

/* The entry says so when it has not been typed into for a while, also of what was searched at once. */
static void
on_typed (TramaStreamView *self)
{
  if (g_strcmp0 (self->query, gtk_editable_get_text (self->entry)) == 0)
    return;
  g_free (self->query);
  self->query = g_strdup (gtk_editable_get_text (self->entry));
  self->place.size_bytes = 0;
  self->is_to_jump = TRUE;
  trama_stream_find_again (self);
}

void
trama_stream_view_step (TramaStreamView *self, int direction)
{
  guint n;

  g_return_if_fail (TRAMA_IS_STREAM_VIEW (self));

  n = self->search != NULL ? trama_utter_search_n_hits (self->search) : 0;
  if (n == 0)
    return;
  if (self->current == G_MAXUINT)
    go_to (self, direction > 0 ? 0 : n - 1);
  else
    go_to (self, (self->current + (direction > 0 ? 1 : n - 1)) % n);
}

static void
on_next (TramaStreamView *self)
{
  trama_stream_view_step (self, 1);
}

static void
on_previous (TramaStreamView *self)
{
  trama_stream_view_step (self, -1);
}

static void
on_stop_search (TramaStreamView *self)
{
  gtk_editable_set_text (self->entry, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->lines));
}

/* Enter goes forwards, with Shift backwards; GtkSearchEntry knows only the first. */
static gboolean
on_key (GtkEventControllerKey *controller,
        guint key,
        guint code,
        GdkModifierType modifiers,
        TramaStreamView *self)
{
  if ((key != GDK_KEY_Return && key != GDK_KEY_KP_Enter) || !(modifiers & GDK_SHIFT_MASK))
    return GDK_EVENT_PROPAGATE;
  on_previous (self);
  return GDK_EVENT_STOP;
}

void
trama_stream_find_class_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, on_typed);
  gtk_widget_class_bind_template_callback (widget_class, on_next);
  gtk_widget_class_bind_template_callback (widget_class, on_previous);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
}

void
trama_stream_find_init (TramaStreamView *self)
{
  GtkEventController *controller = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect (controller, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), controller);
  show_count (self);
}

void
trama_stream_view_find (TramaStreamView *self)
{
  g_return_if_fail (TRAMA_IS_STREAM_VIEW (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (self->entry, 0, -1);
}

void
trama_stream_view_set_query (TramaStreamView *self, const char *text)
{
  g_return_if_fail (TRAMA_IS_STREAM_VIEW (self));

  gtk_editable_set_text (self->entry, text);
  on_typed (self);
}

const char *
trama_stream_view_get_count (TramaStreamView *self)
{
  g_return_val_if_fail (TRAMA_IS_STREAM_VIEW (self), NULL);
  return gtk_label_get_text (self->count);
}
