/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/late_scroll.h"
#include "ui/session/line_map.h"
#include "ui/session/session_editor.h"
#include "ui/text_ends.h"
#include "ui/wrap_scroller.h"

#include <glib/gi18n-lib.h>

struct _TramaSessionEditor
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *box;
  GtkLabel *heading;
  GtkWidget *edited;
  GtkScrolledWindow *scroller;
  TramaSessionView *text;
  GtkWidget *verdict;
  GtkImage *verdict_icon;
  GtkLabel *verdict_text;

  /* owned */
  TramaSessionDocument *document;
  TramaViewState *state;
  TramaStepper *stepper;

  /* state */
  gboolean following;
};

G_DEFINE_FINAL_TYPE (TramaSessionEditor, trama_session_editor, GTK_TYPE_WIDGET)

/* What is shown. */

static TramaStore *
get_store (TramaSessionEditor *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);

  return table != NULL ? trama_flow_table_get_store (table) : NULL;
}

/* FALSE: what is shown was not made by a session, or nothing is shown. */
static gboolean
map_lines (TramaSessionEditor *self, TramaLineMap *map)
{
  TramaStore *store = get_store (self);
  const TramaSessionRecord *record = store != NULL ? trama_store_get_session (store) : NULL;
  g_autofree char *text = NULL;

  if (self->document == NULL || record == NULL || record->text == NULL)
    return FALSE;
  text = trama_session_document_dup_text (self->document);
  trama_line_map_init (map, record->text, text);
  return TRUE;
}

/* What stands above and below the text. */

/* What the session said that is shown, when it failed at a line that still stands there; NULL: it did not. */
static const TramaOutcome *
get_failure (TramaSessionEditor *self, guint *line)
{
  TramaStore *store = get_store (self);
  const TramaOutcome *outcome = store != NULL ? trama_store_get_outcome (store) : NULL;
  TramaLineMap map;

  *line = 0;
  if (outcome != NULL && !outcome->ok && outcome->text != NULL && map_lines (self, &map))
    *line = trama_line_map_to_new (&map, outcome->line);
  return *line != 0 ? outcome : NULL;
}

static char *
dup_verdict (const TramaSessionProblem *mistake, const TramaOutcome *failure)
{
  if (mistake == NULL && failure != NULL)
    return g_strdup (failure->text);
  if (mistake == NULL)
    return g_strdup (_ ("No mistakes"));
  if (mistake->line == 0)
    return g_strdup (mistake->message);
  return g_strdup_printf (_ ("Line %u, column %u: %s"), mistake->line, mistake->column, mistake->message);
}

static void
show_nothing (TramaSessionEditor *self)
{
  gtk_label_set_text (self->heading, _ ("No session"));
  gtk_widget_hide (self->verdict);
  gtk_widget_hide (self->edited);
  trama_session_view_set_marks (self->text, NULL, 0);
}

static void
mark_verdict (TramaSessionEditor *self, gboolean bad, const char *tooltip)
{
  gtk_image_set_from_icon_name (self->verdict_icon, bad ? "dialog-error-symbolic" : "emblem-ok-symbolic");
  gtk_widget_set_can_target (self->verdict, bad);
  gtk_widget_set_focusable (self->verdict, bad);
  gtk_widget_set_tooltip_text (self->verdict, tooltip);
  if (bad)
    gtk_widget_add_css_class (self->verdict, "mistake");
  else
    gtk_widget_remove_css_class (self->verdict, "mistake");
}

/* What is wrong with the text goes before what its last run failed with. */
static void
show_verdict (TramaSessionEditor *self)
{
  const TramaSessionProblem *mistake = trama_session_document_get_mistake (self->document);
  guint line;
  const TramaOutcome *failure = get_failure (self, &line);
  g_autofree char *verdict = dup_verdict (mistake, failure);
  g_autofree char *title = NULL;

  gtk_widget_show (self->verdict);
  gtk_label_set_text (self->verdict_text, verdict);
  if (mistake != NULL)
    mark_verdict (self, TRUE, _ ("Go to the mistake"));
  else
    mark_verdict (self, failure != NULL, failure != NULL ? _ ("Go to the call that failed") : NULL);
  trama_session_view_set_failed_line (self->text, line);

  g_object_get (self->document, "title", &title, NULL);
  gtk_label_set_text (self->heading, title);
}

static void
show_edited (TramaSessionEditor *self)
{
  gtk_widget_set_visible (self->edited, trama_session_document_get_modified (self->document));
}

/* Where the actors are. */

/* Initials and colours are those of the picture's columns. */
static char *
dup_label (const TramaStand *stand)
{
  switch (stand->kind)
    {
    case TRAMA_STAND_CALL:
      /* Translators: behind a line, the name of an actor whose call has not returned. */
      return g_strdup_printf (_ ("%s · blocked"), stand->name);
    case TRAMA_STAND_WAITING:
      /* Translators: behind a line, the name of an actor that waits for a signal of another. */
      return g_strdup_printf (_ ("%s · waits"), stand->name);
    default:
      return g_strdup (stand->name);
    }
}

static void
clear_mark (gpointer data)
{
  g_free (((TramaLineMark *) data)->label);
}

static void
add_marks (GArray *marks, const TramaStand *stand, const TramaLineMap *map)
{
  TramaLineMark last = { trama_line_map_to_new (map, stand->last_line), stand->index, TRUE,
                         g_strdup (stand->name) };
  TramaLineMark now = { trama_line_map_to_new (map, stand->line), stand->index, FALSE, dup_label (stand) };

  if (stand->kind == TRAMA_STAND_ENDED)
    now.line = 0;
  if (last.line != 0 && last.line != now.line)
    g_array_append_val (marks, last);
  else
    clear_mark (&last);
  if (now.line != 0)
    g_array_append_val (marks, now);
  else
    clear_mark (&now);
}

static gboolean
is_at_work (const TramaStand *stand)
{
  return stand->line != 0 && stand->kind != TRAMA_STAND_ENDED;
}

/* Whoever moved last is where people look. A session at full speed is over before anybody could read. */
static void
follow (TramaSessionEditor *self, const TramaStand *stands, guint n_stands, const TramaLineMap *map)
{
  const TramaStand *latest = NULL;

  if (!self->following
      || (trama_stepper_get_state (self->stepper) == TRAMA_STEPPER_RUNNING
          && trama_stepper_get_pace (self->stepper) == 0))
    return;
  for (guint i = 0; i < n_stands; i++)
    if (is_at_work (&stands[i]) && (latest == NULL || stands[i].since_ns > latest->since_ns))
      latest = &stands[i];
  if (latest != NULL)
    trama_session_view_reveal_line (self->text, trama_line_map_to_new (map, latest->line));
}

static void
show_stands (TramaSessionEditor *self)
{
  g_autoptr (GArray) marks = g_array_new (FALSE, FALSE, sizeof (TramaLineMark));
  TramaSession *session = trama_stepper_get_session (self->stepper);
  g_autofree char *text = NULL;
  const TramaStand *stands;
  TramaLineMap map;
  guint n_stands = 0;

  g_array_set_clear_func (marks, clear_mark);
  if (self->document != NULL && session != NULL)
    {
      text = trama_session_document_dup_text (self->document);
      trama_line_map_init (&map, trama_session_get_text (session), text);
      stands = trama_stepper_get_stands (self->stepper, &n_stands);
      for (guint i = 0; i < n_stands; i++)
        add_marks (marks, &stands[i], &map);
      follow (self, stands, n_stands, &map);
    }
  trama_session_view_set_marks (self->text, (const TramaLineMark *) (gconstpointer) marks->data, marks->len);
}

/* Between the text and the picture. */

/* Of a packet it is the call that sent it. */
static const TramaCall *
get_selected_call (TramaSessionEditor *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  TramaRef ref = trama_view_state_get_selected (self->state);

  if (table == NULL)
    return NULL;
  if (ref.kind == TRAMA_EVENT_PACKET)
    {
      ref.index = trama_flow_table_get_cause (table, ref.index);
      ref.kind = ref.index != TRAMA_FLOW_NONE ? TRAMA_EVENT_CALL : 0;
    }
  return ref.kind == TRAMA_EVENT_CALL ? trama_store_get_call (get_store (self), ref.index) : NULL;
}

static void
show_selection (TramaSessionEditor *self)
{
  const TramaCall *call = get_selected_call (self);
  TramaLineMap map;
  guint line = 0;

  if (call != NULL && map_lines (self, &map))
    line = trama_line_map_to_new (&map, call->line);
  if (line != 0 && line != trama_session_view_get_selected_line (self->text))
    trama_session_view_reveal_line (self->text, line);
  trama_session_view_set_selected_line (self->text, line);
}

static void
select_call_of_line (TramaSessionEditor *self, guint line)
{
  const TramaCall *selected = get_selected_call (self);
  TramaStore *store = get_store (self);

  if (line == 0 || (selected != NULL && selected->line == line))
    return;
  for (guint i = 0; i < trama_store_n_calls (store); i++)
    if (trama_store_get_call (store, i)->line == line)
      {
        trama_view_state_select (self->state, (TramaRef){ TRAMA_EVENT_CALL, i });
        return;
      }
}

static void
on_line_entered (TramaSessionView *text, guint line, TramaSessionEditor *self)
{
  TramaLineMap map;

  if (self->stepper == NULL || trama_stepper_get_state (self->stepper) != TRAMA_STEPPER_IDLE)
    return;
  if (map_lines (self, &map))
    select_call_of_line (self, trama_line_map_to_old (&map, line));
}

/* Following. */

static gboolean
on_scroll (GtkEventControllerScroll *scroll, double dx, double dy, TramaSessionEditor *self)
{
  self->following = FALSE;
  return GDK_EVENT_PROPAGATE;
}

static void
on_scrollbar_pressed (TramaSessionEditor *self)
{
  self->following = FALSE;
}

static void
watch_scrolling (TramaSessionEditor *self)
{
  GtkEventController *wheel = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *press = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (wheel, GTK_PHASE_CAPTURE);
  g_signal_connect (wheel, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (GTK_WIDGET (self->scroller), wheel);

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (press), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (press, "pressed", G_CALLBACK (on_scrollbar_pressed), self);
  gtk_widget_add_controller (gtk_scrolled_window_get_vscrollbar (self->scroller),
                             GTK_EVENT_CONTROLLER (press));
}

/* The class. */

static void
on_table_changed (TramaSessionEditor *self)
{
  if (self->document != NULL)
    show_verdict (self);
  show_selection (self);
}

/*
 * No layout manager: what it asks for must not depend on its width, or a GtkPaned
 * that asks both ways gets two answers. The text gives the verdict the room it needs.
 */
static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  gtk_widget_measure (TRAMA_SESSION_EDITOR (widget)->box, orientation, -1, minimum, natural, NULL, NULL);
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_allocate (TRAMA_SESSION_EDITOR (widget)->box, width, height, -1, NULL);
}

static void
leave_document (TramaSessionEditor *self)
{
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
}

static void
dispose (GObject *object)
{
  TramaSessionEditor *self = TRAMA_SESSION_EDITOR (object);

  leave_document (self);
  if (self->state != NULL)
    g_signal_handlers_disconnect_by_data (self->state, self);
  if (self->stepper != NULL)
    g_signal_handlers_disconnect_by_data (self->stepper, self);
  g_clear_object (&self->state);
  g_clear_object (&self->stepper);
  gtk_widget_dispose_template (GTK_WIDGET (object), TRAMA_TYPE_SESSION_EDITOR);
  G_OBJECT_CLASS (trama_session_editor_parent_class)->dispose (object);
}

static void
trama_session_editor_class_init (TramaSessionEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;

  g_type_ensure (TRAMA_TYPE_SESSION_VIEW);
  g_type_ensure (TRAMA_TYPE_WRAP_SCROLLER);
  gtk_widget_class_set_css_name (widget_class, "editor");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/session_editor.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaSessionEditor, box);
  gtk_widget_class_bind_template_child (widget_class, TramaSessionEditor, heading);
  gtk_widget_class_bind_template_child (widget_class, TramaSessionEditor, edited);
  gtk_widget_class_bind_template_child (widget_class, TramaSessionEditor, scroller);
  gtk_widget_class_bind_template_child (widget_class, TramaSessionEditor, text);
  gtk_widget_class_bind_template_child (widget_class, TramaSessionEditor, verdict);
  gtk_widget_class_bind_template_child (widget_class, TramaSessionEditor, verdict_icon);
  gtk_widget_class_bind_template_child (widget_class, TramaSessionEditor, verdict_text);
  gtk_widget_class_bind_template_callback (widget_class, on_line_entered);
  gtk_widget_class_bind_template_callback (widget_class, trama_session_editor_go_to_mistake);
}

static void
trama_session_editor_init (TramaSessionEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  trama_late_scroll_cure (self->scroller, GTK_SCROLLABLE (self->text));
  trama_text_ends_guard (GTK_TEXT_VIEW (self->text));
  watch_scrolling (self);
}

void
trama_session_editor_bind (TramaSessionEditor *self, TramaViewState *state, TramaStepper *stepper)
{
  g_return_if_fail (TRAMA_IS_SESSION_EDITOR (self));
  g_return_if_fail (TRAMA_IS_VIEW_STATE (state) && TRAMA_IS_STEPPER (stepper));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  self->stepper = g_object_ref (stepper);
  g_signal_connect_swapped (state, "table-changed", G_CALLBACK (on_table_changed), self);
  g_signal_connect_swapped (state, "selection-changed", G_CALLBACK (show_selection), self);
  g_signal_connect_swapped (stepper, "changed", G_CALLBACK (show_stands), self);
  show_nothing (self);
}

/* Lines above may have come or gone. */
static void
on_checked (TramaSessionEditor *self)
{
  show_verdict (self);
  show_stands (self);
  show_selection (self);
}

void
trama_session_editor_set_document (TramaSessionEditor *self, TramaSessionDocument *document)
{
  g_return_if_fail (TRAMA_IS_SESSION_EDITOR (self));

  if (document == self->document)
    return;
  leave_document (self);
  trama_session_view_set_document (self->text, document);
  if (document == NULL)
    {
      show_nothing (self);
      return;
    }
  self->document = g_object_ref (document);
  g_signal_connect_swapped (document, "checked", G_CALLBACK (on_checked), self);
  g_signal_connect_swapped (document, "notify::modified", G_CALLBACK (show_edited), self);
  on_checked (self);
  show_edited (self);
}

TramaSessionDocument *
trama_session_editor_get_document (TramaSessionEditor *self)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_EDITOR (self), NULL);
  return self->document;
}

TramaSessionView *
trama_session_editor_get_text (TramaSessionEditor *self)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_EDITOR (self), NULL);
  return self->text;
}

const char *
trama_session_editor_get_verdict (TramaSessionEditor *self)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_EDITOR (self), NULL);
  return gtk_label_get_text (self->verdict_text);
}

void
trama_session_editor_go_to_mistake (TramaSessionEditor *self)
{
  const TramaSessionProblem *mistake;
  guint line;

  g_return_if_fail (TRAMA_IS_SESSION_EDITOR (self));

  mistake = self->document != NULL ? trama_session_document_get_mistake (self->document) : NULL;
  if (mistake != NULL && mistake->line != 0)
    trama_session_view_place_cursor (self->text, mistake->line, mistake->column);
  else if (mistake == NULL && get_failure (self, &line) != NULL)
    trama_session_view_place_cursor (self->text, line, 1);
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

guint
trama_session_editor_get_line_to_run_to (TramaSessionEditor *self, TramaSession *session)
{
  g_autofree char *text = NULL;
  TramaLineMap map;

  g_return_val_if_fail (TRAMA_IS_SESSION_EDITOR (self), 0);

  if (self->document == NULL)
    return 0;
  text = trama_session_document_dup_text (self->document);
  trama_line_map_init (&map, trama_session_get_text (session), text);
  return trama_line_map_to_old (&map, trama_session_view_get_cursor_line (self->text));
}

void
trama_session_editor_follow (TramaSessionEditor *self)
{
  g_return_if_fail (TRAMA_IS_SESSION_EDITOR (self));
  self->following = TRUE;
}
