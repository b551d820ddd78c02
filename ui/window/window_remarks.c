/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/event_text.h"
#include "ui/dialogs.h"
#include "ui/window/window_private.h"

#include <glib/gi18n-lib.h>

static gboolean
is_event (TramaRef ref)
{
  return ref.kind == TRAMA_EVENT_CALL || ref.kind == TRAMA_EVENT_PACKET;
}

/* Notes. */

static char *
dup_title (TramaWindow *self, TramaPlace place)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  TramaSpan span;

  if (is_event (place.subject))
    return trama_event_title (table, place.subject);
  trama_store_get_span (trama_flow_table_get_store (table), &span);
  return trama_duration_format (place.time_ns - span.start_ns);
}

static void
edit_note (TramaWindow *self, TramaPlace place)
{
  g_autofree char *title = dup_title (self, place);
  GdkRectangle box;

  if (self->note == NULL)
    {
      self->note = trama_note_popover_new (self->state);
      gtk_widget_set_parent (GTK_WIDGET (self->note), GTK_WIDGET (self->ladder));
    }
  trama_ladder_view_get_box (self->ladder, place, &box);
  trama_note_popover_open (self->note, place, title, &box);
}

/* A note goes beside something: without a selection, beside what is at the pointer. */
static void
on_note (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  TramaRef selected = trama_view_state_get_selected (self->state);

  if (trama_ladder_view_get_chart (self->ladder) == NULL)
    return;
  if (!is_event (selected))
    selected = trama_ladder_view_get_pointed (self->ladder);
  if (!is_event (selected))
    {
      trama_toast_show (self->toast, _ ("Select a call or a packet first: a note goes beside one"));
      return;
    }
  trama_view_state_select (self->state, selected);
  edit_note (self, trama_place_of_event (self->state, selected));
}

static void
on_edit_note (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaPlace place;

  g_variant_get (parameter, "(uux)", &place.subject.kind, &place.subject.index, &place.time_ns);
  edit_note (user_data, place);
}

static void
on_remove_note (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;

  trama_remarks_write (self->state,
                       trama_place_of_event (self->state, trama_view_state_get_selected (self->state)), NULL);
}

/* What was asked for before it was said that the notes may go. */
static void
leave_notes (gpointer owner)
{
  TramaWindow *self = owner;
  g_autoptr (TramaSession) session = g_steal_pointer (&self->waiting_session);
  g_autofree char *path = g_steal_pointer (&self->waiting_path);

  trama_notebook_settle (
      trama_store_get_notebook (trama_flow_table_get_store (trama_view_state_get_table (self->state))));
  if (session != NULL)
    trama_window_run (self, session, self->waiting_held);
  else if (path != NULL)
    trama_window_open (self, path);
}

gboolean
trama_window_keeps_notes (TramaWindow *self, TramaSession *session, gboolean held, const char *path)
{
  if (!trama_remarks_are_modified (self->state))
    return FALSE;
  g_clear_pointer (&self->waiting_session, trama_session_unref);
  g_clear_pointer (&self->waiting_path, g_free);
  self->waiting_session = session != NULL ? trama_session_ref (session) : NULL;
  self->waiting_path = g_strdup (path);
  self->waiting_held = held;
  trama_dialogs_confirm (GTK_WINDOW (self), _ ("Leave the notes in this trace unsaved?"),
                         _ ("They are part of the trace, and go with it."), _ ("_Leave Them"), leave_notes,
                         self);
  return TRUE;
}

/* Marks. */

static void
on_mark (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  TramaPlace place;

  if (trama_ladder_view_get_chart (self->ladder) == NULL)
    return;
  place = trama_ladder_view_get_place (self->ladder);
  if (!is_event (place.subject) && self->mark_ns != TRAMA_TIME_NONE)
    place.time_ns = self->mark_ns;
  trama_remarks_toggle_mark (self->state, place);
  trama_toast_show (self->toast,
                    trama_remarks_is_marked (self->state, place) ? _ ("Marked") : _ ("The mark is gone"));
}

static gint64
current_moment (TramaWindow *self)
{
  TramaRef selected = trama_view_state_get_selected (self->state);
  TramaSpan visible = trama_view_state_get_visible (self->state);

  if (self->mark_ns != TRAMA_TIME_NONE)
    return self->mark_ns;
  if (is_event (selected))
    return trama_place_of_event (self->state, selected).time_ns;
  return visible.start_ns + (visible.end_ns - visible.start_ns) / 2;
}

static void
go_to_mark (TramaWindow *self, int direction)
{
  TramaPlace place;

  if (trama_view_state_get_table (self->state) == NULL
      || !trama_remarks_find_mark (self->state, current_moment (self), direction, &place))
    return;
  trama_view_state_select (self->state, place.subject);
  if (!is_event (place.subject))
    trama_view_state_show (self->state, (TramaSpan){ place.time_ns, place.time_ns });
  self->mark_ns = place.time_ns; /* behind the selection, whose change forgets it */
}

static void
on_next_mark (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  go_to_mark (user_data, 1);
}

static void
on_previous_mark (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  go_to_mark (user_data, -1);
}

/* Measuring. */

static void
on_measure (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;

  trama_ladder_view_measure (self->ladder);
  gtk_widget_grab_focus (GTK_WIDGET (self->ladder));
}

static void
on_copy_measured (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  g_autofree char *measured = trama_ladder_view_dup_measured (self->ladder);
  g_autofree char *text = measured != NULL ? g_strdup_printf (_ ("Copied: %s"), measured) : NULL;

  if (measured != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), measured);
  trama_toast_show (self->toast, text != NULL ? text : _ ("Nothing is measured; M begins"));
}

/* Undoing. */

static void
on_undo (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  const char *name = trama_undo_stack_undo (trama_view_state_get_undo (self->state));
  /* Translators: %s is what was changed: "note", "mark". */
  g_autofree char *text = name != NULL ? g_strdup_printf (_ ("Undone: %s"), _ (name)) : NULL;

  if (text != NULL)
    trama_toast_show (self->toast, text);
}

static void
on_redo (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  const char *name = trama_undo_stack_redo (trama_view_state_get_undo (self->state));
  g_autofree char *text = name != NULL ? g_strdup_printf (_ ("Done again: %s"), _ (name)) : NULL;

  if (text != NULL)
    trama_toast_show (self->toast, text);
}

/* Whoever writes means what is written. */
static gboolean
on_undo_key (GtkWidget *widget, GVariant *action, gpointer user_data)
{
  TramaWindow *self = TRAMA_WINDOW (widget);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (focus != NULL && (GTK_IS_TEXT_VIEW (focus) || GTK_IS_TEXT (focus)))
    return FALSE;
  g_action_group_activate_action (G_ACTION_GROUP (self), g_variant_get_string (action, NULL), NULL);
  return TRUE;
}

/* Not keys of the application: those come before whatever has the focus. */
static void
add_undo_keys (TramaWindow *self)
{
  static const struct
  {
    const char *trigger;
    const char *action;
  } keys[] = {
    { "<Control>z", "undo" },
    { "<Control><Shift>z|<Control>y", "redo" },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys[i].trigger),
                                                gtk_callback_action_new (on_undo_key, NULL, NULL));

      gtk_shortcut_set_arguments (shortcut, g_variant_new_string (keys[i].action));
      gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
    }
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/* What can be done now. */

static void
enable (TramaWindow *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name)),
                               enabled);
}

void
trama_window_update_remarks (TramaWindow *self)
{
  gboolean any = trama_view_state_get_table (self->state) != NULL;
  TramaRef selected = trama_view_state_get_selected (self->state);
  gboolean noted = any && is_event (selected)
                   && trama_remarks_get_note (self->state, trama_place_of_event (self->state, selected))
                          != NULL;
  gboolean marks = trama_remarks_n_marks (self->state) > 0;

  enable (self, "note", any);
  enable (self, "remove-note", noted);
  enable (self, "mark", any);
  enable (self, "measure", any);
  enable (self, "copy-measured", any);
  enable (self, "next-mark", marks);
  enable (self, "previous-mark", marks);
  enable (self, "undo", trama_undo_stack_can_undo (trama_view_state_get_undo (self->state)));
  enable (self, "redo", trama_undo_stack_can_redo (trama_view_state_get_undo (self->state)));
}

static void
on_selection_changed (TramaWindow *self)
{
  self->mark_ns = TRAMA_TIME_NONE;
  trama_window_update_remarks (self);
}

void
trama_window_add_remarks (TramaWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "note", .activate = on_note },
    { .name = "edit-note", .parameter_type = "(uux)", .activate = on_edit_note },
    { .name = "remove-note", .activate = on_remove_note },
    { .name = "mark", .activate = on_mark },
    { .name = "next-mark", .activate = on_next_mark },
    { .name = "previous-mark", .activate = on_previous_mark },
    { .name = "measure", .activate = on_measure },
    { .name = "copy-measured", .activate = on_copy_measured },
    { .name = "undo", .activate = on_undo },
    { .name = "redo", .activate = on_redo },
  };

  self->mark_ns = TRAMA_TIME_NONE;
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  add_undo_keys (self);
  g_signal_connect_object (self->state, "selection-changed", G_CALLBACK (on_selection_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state, "table-changed", G_CALLBACK (trama_window_update_remarks), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state, "remarks-changed", G_CALLBACK (trama_window_update_header), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (trama_view_state_get_undo (self->state), "changed",
                           G_CALLBACK (trama_window_update_remarks), self, G_CONNECT_SWAPPED);
  trama_window_update_remarks (self);
}

TramaNotePopover *
trama_window_get_note (TramaWindow *self)
{
  g_return_val_if_fail (TRAMA_IS_WINDOW (self), NULL);
  return self->note;
}
