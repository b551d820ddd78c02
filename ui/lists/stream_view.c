/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/event_text.h"
#include "core/trace/span.h"
#include "ui/lists/stream_view_private.h"
#include "ui/shrinking_choice.h"
#include "ui/turn.h"

#include <glib/gi18n-lib.h>

/* What is looked at before the clock is. */
#define STEP_EVENTS 200
#define STEP_BYTES 16384

/* While a trace grows it is worked out again and again: of the time, at most one part of so many. */
#define REST_TIMES 4

G_DEFINE_FINAL_TYPE (TramaStreamView, trama_stream_view, GTK_TYPE_WIDGET)

static void
work_clear (TramaStreamWork *work)
{
  g_clear_pointer (&work->transcript, trama_transcript_free);
  g_clear_pointer (&work->dialogue, trama_dialogue_unref);
}

/* Who talks. */

static char *
dup_socket_name (TramaFlowTable *table, guint64 id)
{
  const TramaSocket *socket = trama_flow_table_find_socket (table, id);

  return socket != NULL ? trama_event_actor_name (table, socket->actor) : g_strdup (_ ("the other side"));
}

/* The two may be one process. */
static void
tell_apart (TramaStreamView *self, TramaFlowTable *table)
{
  for (guint side = 0; side < 2; side++)
    {
      const TramaSocket *socket = trama_flow_table_find_socket (table, self->talk.socket[side]);
      g_autofree char *name = self->names[side];

      if (socket != NULL)
        self->names[side] = g_strdup_printf ("%s (%d)", name, socket->fd);
      else
        self->names[side] = g_strdup_printf ("%s (%u)", name, side + 1);
    }
}

static void
name_sides (TramaStreamView *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);

  for (guint side = 0; side < 2; side++)
    {
      g_free (self->names[side]);
      self->names[side] = self->talk.flow != TRAMA_FLOW_NONE
                              ? trama_event_side_name (table, self->talk.flow, side)
                              : dup_socket_name (table, self->talk.socket[side]);
    }
  if (g_str_equal (self->names[0], self->names[1]))
    tell_apart (self, table);
}

static void
fill_directions (TramaStreamView *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint selected = gtk_drop_down_get_selected (self->sides);

  gtk_string_list_append (titles, _ ("Both directions"));
  for (guint side = 0; side < 2; side++)
    {
      g_autofree char *title = g_strdup_printf ("%s → %s", self->names[side], self->names[!side]);

      gtk_string_list_append (titles, title);
    }
  self->is_filling = TRUE;
  gtk_drop_down_set_model (self->sides, G_LIST_MODEL (titles));
  gtk_drop_down_set_selected (self->sides, selected < 3 ? selected : 0);
  self->is_filling = FALSE;
}

guint
trama_stream_view_get_sides (TramaStreamView *self)
{
  static const guint sets[] = { TRAMA_TRANSCRIPT_BOTH, TRAMA_TRANSCRIPT_SIDE_0, TRAMA_TRANSCRIPT_SIDE_1 };
  guint selected = gtk_drop_down_get_selected (self->sides);

  return selected < G_N_ELEMENTS (sets) ? sets[selected] : TRAMA_TRANSCRIPT_BOTH;
}

/* What is shown. */

static void
append_side (GString *text, TramaStreamView *self, guint side)
{
  g_autofree char *size = trama_size_format (trama_dialogue_get_size (self->shown.dialogue, side),
                                             G_FORMAT_SIZE_IEC_UNITS);
  guint64 missing = trama_dialogue_get_missing (self->shown.dialogue, side);

  g_string_append_printf (text, "%s%s: %s", side == 1 ? " · " : "", self->names[side], size);
  if (missing > 0)
    {
      g_autofree char *lost = trama_size_format (missing, G_FORMAT_SIZE_IEC_UNITS);

      g_string_append_c (text, ' ');
      /* Translators: a number of bytes: "4 bytes". */
      g_string_append_printf (text, _ ("(%s missing)"), lost);
    }
}

static void
show_summary (TramaStreamView *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean any = self->shown.transcript != NULL && trama_transcript_n_lines (self->shown.transcript) > 0;

  for (guint side = 0; side < 2 && self->shown.transcript != NULL; side++)
    append_side (text, self, side);
  gtk_label_set_text (self->summary, text->str);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->summary), text->str);
  gtk_stack_set_visible_child_name (self->stack, any ? "lines" : "nothing");
  gtk_label_set_text (self->nothing, trama_stream_view_is_busy (self) ? ""
                                     : self->has_talk                 ? _ ("Neither side has said anything.")
                                                      : _ ("Choose a conversation, or an event of one."));
  if (any && self->wants_focus && gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self->lines));
  self->wants_focus = self->wants_focus && !any && trama_stream_view_is_busy (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stream.copy", any);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stream.save-bytes", any);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stream.save-shown", any);
}

void
trama_stream_view_show_line (TramaStreamView *self, guint index)
{
  trama_stream_lines_select (self->lines, index);
}

/* What was said in the trace before stays until that of this one is there; its events are not this one's. */
static gboolean
is_of_this_trace (TramaStreamView *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);

  return self->shown.transcript != NULL && table != NULL
         && trama_flow_table_get_store (trama_dialogue_get_table (self->shown.dialogue))
                == trama_flow_table_get_store (table);
}

/* Where the selected event stands. */
static void
show_selected (TramaStreamView *self)
{
  TramaRef selected = trama_view_state_get_selected (self->state);
  guint line = G_MAXUINT;

  if (!is_of_this_trace (self) || self->is_choosing)
    return;
  if (selected.kind != 0)
    line = trama_transcript_find_event (self->shown.transcript, selected);
  trama_stream_view_show_line (self, line);
}

static void
show_coming (TramaStreamView *self, gboolean continues)
{
  TramaStreamWork old = self->shown;

  trama_stream_find_stop (self);
  self->shown = self->coming;
  self->coming = (TramaStreamWork){ NULL, NULL };
  trama_stream_lines_set (self->lines, self->shown.transcript, continues);
  work_clear (&old);
  trama_stream_find_again (self);
  if (!continues)
    show_selected (self);
}

/* Working. */

static void begin (TramaStreamView *self, gboolean afresh);

static gboolean
on_rested (gpointer user_data)
{
  TramaStreamView *self = user_data;

  self->rest_id = 0;
  if (self->is_stale && gtk_widget_get_mapped (GTK_WIDGET (self)))
    begin (self, FALSE);
  return G_SOURCE_REMOVE;
}

/* The same conversation is shown as it was until all of the new is there, another one at once. */
static gboolean
is_continued (TramaStreamView *self)
{
  return self->shown.transcript != NULL
         && trama_talk_equal (trama_dialogue_get_talk (self->shown.dialogue), &self->talk)
         && trama_transcript_get_sides (self->shown.transcript) == trama_stream_view_get_sides (self)
         && trama_transcript_get_format (self->shown.transcript)
                == (TramaTranscriptFormat) gtk_drop_down_get_selected (self->format)
         && is_of_this_trace (self);
}

static void
make_transcript (TramaStreamView *self)
{
  const char *names[] = { self->names[0], self->names[1] };

  self->coming.transcript = trama_transcript_new (
      self->coming.dialogue, (TramaTranscriptFormat) gtk_drop_down_get_selected (self->format),
      trama_stream_view_get_sides (self), names);
}

/* A small part of what is to be done. FALSE: all is done. */
static gboolean
work_on (TramaStreamView *self)
{
  gboolean more;

  if (self->coming.dialogue == NULL)
    {
      more = self->shown.transcript != NULL && trama_transcript_step (self->shown.transcript, STEP_BYTES);
      if (!more)
        show_selected (self);
      return more;
    }
  if (self->coming.transcript == NULL)
    {
      if (!trama_dialogue_step (self->coming.dialogue, STEP_EVENTS))
        make_transcript (self);
      return TRUE;
    }
  if (!is_continued (self))
    {
      trama_transcript_step (self->coming.transcript, STEP_BYTES);
      show_coming (self, FALSE);
      return TRUE;
    }
  if (trama_transcript_step (self->coming.transcript, STEP_BYTES))
    return TRUE;
  show_coming (self, TRUE);
  return FALSE;
}

static gboolean
on_work (gint64 end_us, gpointer user_data)
{
  TramaStreamView *self = user_data;
  gint64 start_us = g_get_monotonic_time ();
  gboolean more;

  do
    more = work_on (self);
  while (more && g_get_monotonic_time () < end_us);
  self->worked_us += g_get_monotonic_time () - start_us;
  if (!more)
    self->work_id = 0;
  if (self->coming.dialogue == NULL)
    trama_stream_lines_grow (self->lines);
  show_summary (self);
  if (more)
    return TRUE;
  self->rest_id = g_timeout_add ((guint) (REST_TIMES * self->worked_us / 1000), on_rested, self);
  return FALSE;
}

static void
begin (TramaStreamView *self, gboolean afresh)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);

  self->is_stale = FALSE;
  g_clear_handle_id (&self->rest_id, g_source_remove);
  work_clear (&self->coming);
  if (table == NULL || !self->has_talk)
    {
      trama_stream_find_stop (self);
      trama_stream_lines_set (self->lines, NULL, FALSE);
      work_clear (&self->shown);
      g_clear_handle_id (&self->work_id, trama_turn_remove);
      show_summary (self);
      return;
    }
  name_sides (self);
  if (afresh)
    fill_directions (self);
  self->coming.dialogue = trama_dialogue_new (table, &self->talk);
  self->worked_us = 0;
  if (self->work_id == 0)
    self->work_id = trama_turn_add (on_work, self);
}

/* What the view state says. */

/* Before anything is selected: what is looked at, or else the first that says something. */
static gboolean
find_first_talk (TramaStreamView *self, TramaFlowTable *table, TramaTalk *talk)
{
  guint32 flow = trama_view_state_get_flow (self->state);
  TramaStore *store = trama_flow_table_get_store (table);

  if (flow != TRAMA_FLOW_NONE)
    {
      *talk = trama_talk_of_flow (table, flow);
      return TRUE;
    }
  for (guint i = 0; i < trama_store_n_calls (store); i++)
    if (trama_talk_find (table, (TramaRef){ TRAMA_EVENT_CALL, i }, NULL, talk))
      return TRUE;
  return FALSE;
}

/* TRUE: it is another. */
static gboolean
update_talk (TramaStreamView *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  TramaTalk before = self->talk;
  gboolean had = self->has_talk;

  if (table == NULL)
    self->has_talk = FALSE;
  else if (trama_talk_find (table, trama_view_state_get_selected (self->state), had ? &before : NULL,
                            &self->talk))
    self->has_talk = TRUE;
  else if (!had || (before.flow != TRAMA_FLOW_NONE && before.flow >= trama_flow_table_n_flows (table)))
    self->has_talk = find_first_talk (self, table, &self->talk);
  return had != self->has_talk || (had && !trama_talk_equal (&before, &self->talk));
}

static gboolean
is_another_store (TramaStreamView *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  const TramaStreamWork *work = self->coming.dialogue != NULL ? &self->coming : &self->shown;

  return work->dialogue == NULL || table == NULL
         || trama_flow_table_get_store (trama_dialogue_get_table (work->dialogue))
                != trama_flow_table_get_store (table);
}

static void
on_table_changed (TramaStreamView *self)
{
  if (trama_view_state_get_table (self->state) != NULL && !gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      self->is_stale = TRUE;
      return;
    }
  if (is_another_store (self))
    self->has_talk = FALSE;
  if (update_talk (self) || is_another_store (self))
    begin (self, TRUE);
  else if (self->work_id == 0 && self->rest_id == 0)
    begin (self, FALSE);
  else
    self->is_stale = TRUE;
}

static void
on_selection_changed (TramaStreamView *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->is_stale = TRUE;
  else if (update_talk (self))
    begin (self, TRUE);
  else
    show_selected (self);
}

/* What the user does. */

static void
on_line_chosen (TramaStreamView *self, guint index)
{
  trama_stream_view_select_line (self, index);
}

void
trama_stream_view_select_line (TramaStreamView *self, guint index)
{
  TramaLine line;
  TramaRef event;

  if (!is_of_this_trace (self))
    return;
  line = trama_transcript_get_line (self->shown.transcript, index);
  event = trama_transcript_get_event (self->shown.transcript, &line);
  if (event.kind == 0)
    return;
  self->is_choosing = TRUE;
  trama_view_state_select (self->state, event);
  self->is_choosing = FALSE;
}

static void
on_shape_chosen (TramaStreamView *self)
{
  if (self->is_filling || (self->shown.dialogue == NULL && self->coming.dialogue == NULL))
    return;
  g_clear_pointer (&self->coming.transcript, trama_transcript_free);
  if (self->coming.dialogue == NULL)
    self->coming.dialogue = trama_dialogue_ref (self->shown.dialogue);
  if (self->work_id == 0)
    self->work_id = trama_turn_add (on_work, self);
}

/* The class. */

static void
map (GtkWidget *widget)
{
  TramaStreamView *self = TRAMA_STREAM_VIEW (widget);

  GTK_WIDGET_CLASS (trama_stream_view_parent_class)->map (widget);
  if (self->is_stale || !self->has_talk)
    on_table_changed (self);
}

static gboolean
grab_focus (GtkWidget *widget)
{
  TramaStreamView *self = TRAMA_STREAM_VIEW (widget);

  if (self->shown.transcript != NULL && trama_transcript_n_lines (self->shown.transcript) > 0)
    return gtk_widget_grab_focus (GTK_WIDGET (self->lines));
  self->wants_focus = trama_stream_view_is_busy (self);
  return gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
dispose (GObject *object)
{
  TramaStreamView *self = TRAMA_STREAM_VIEW (object);

  g_clear_handle_id (&self->work_id, trama_turn_remove);
  g_clear_handle_id (&self->rest_id, g_source_remove);
  if (self->state != NULL)
    g_signal_handlers_disconnect_by_data (self->state, self);
  if (self->lines != NULL)
    {
      trama_stream_find_stop (self);
      trama_stream_lines_set (self->lines, NULL, FALSE);
    }
  work_clear (&self->shown);
  work_clear (&self->coming);
  gtk_widget_dispose_template (GTK_WIDGET (self), TRAMA_TYPE_STREAM_VIEW);
  g_clear_object (&self->state);
  g_clear_pointer (&self->query, g_free);
  g_clear_pointer (&self->names[0], g_free);
  g_clear_pointer (&self->names[1], g_free);
  G_OBJECT_CLASS (trama_stream_view_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, TramaStreamView, box);
  gtk_widget_class_bind_template_child (widget_class, TramaStreamView, sides);
  gtk_widget_class_bind_template_child (widget_class, TramaStreamView, format);
  gtk_widget_class_bind_template_child (widget_class, TramaStreamView, summary);
  gtk_widget_class_bind_template_child (widget_class, TramaStreamView, entry);
  gtk_widget_class_bind_template_child (widget_class, TramaStreamView, count);
  gtk_widget_class_bind_template_child (widget_class, TramaStreamView, previous);
  gtk_widget_class_bind_template_child (widget_class, TramaStreamView, next);
  gtk_widget_class_bind_template_child (widget_class, TramaStreamView, stack);
  gtk_widget_class_bind_template_child (widget_class, TramaStreamView, nothing);
  gtk_widget_class_bind_template_child (widget_class, TramaStreamView, lines);
}

static void
trama_stream_view_class_init (TramaStreamViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->map = map;
  widget_class->grab_focus = grab_focus;
  g_signal_new ("told", TRAMA_TYPE_STREAM_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
  g_signal_new ("failed", TRAMA_TYPE_STREAM_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
  g_type_ensure (TRAMA_TYPE_STREAM_LINES);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "stream");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/stream_view.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_shape_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_line_chosen);
  trama_stream_find_class_init (widget_class);
  trama_stream_out_class_init (widget_class);
}

static void
trama_stream_view_init (TramaStreamView *self)
{
  self->current = G_MAXUINT;
  gtk_widget_init_template (GTK_WIDGET (self));
  trama_shrinking_choice_init (self->sides);
  trama_shrinking_choice_init (self->format);
  trama_stream_find_init (self);
}

void
trama_stream_view_set_state (TramaStreamView *self, TramaViewState *state)
{
  g_return_if_fail (TRAMA_IS_STREAM_VIEW (self));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  g_signal_connect_swapped (state, "table-changed", G_CALLBACK (on_table_changed), self);
  g_signal_connect_swapped (state, "selection-changed", G_CALLBACK (on_selection_changed), self);
  on_table_changed (self);
}

void
trama_stream_view_set_format (TramaStreamView *self, TramaTranscriptFormat format)
{
  g_return_if_fail (TRAMA_IS_STREAM_VIEW (self));
  gtk_drop_down_set_selected (self->format, format);
}

void
trama_stream_view_set_sides (TramaStreamView *self, guint sides)
{
  g_return_if_fail (TRAMA_IS_STREAM_VIEW (self));
  gtk_drop_down_set_selected (self->sides, sides == TRAMA_TRANSCRIPT_BOTH ? 0 : sides);
}

gboolean
trama_stream_view_is_busy (TramaStreamView *self)
{
  g_return_val_if_fail (TRAMA_IS_STREAM_VIEW (self), FALSE);
  return self->work_id != 0 || self->find_id != 0;
}

const TramaTranscript *
trama_stream_view_get_transcript (TramaStreamView *self)
{
  g_return_val_if_fail (TRAMA_IS_STREAM_VIEW (self), NULL);
  return self->shown.transcript;
}

TramaStreamLines *
trama_stream_view_get_lines (TramaStreamView *self)
{
  g_return_val_if_fail (TRAMA_IS_STREAM_VIEW (self), NULL);
  return self->lines;
}
