/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/library.h"
#include "core/trace/call.h"
#include "ui/late_scroll.h"
#include "ui/shown_focus.h"
#include "ui/window/window_private.h"

#include <glib/gi18n-lib.h>

/* Below this, at normal text size, the side panes hide. */
#define WIDE_PX 1100

#define NOTICE_GROUND "ground"
#define NOTICE_DROPS "drops"
#define NOTICE_FOLLOWING "following"

/* What is followed for longer than this is said to be. */
#define FOLLOWING_TOLD_MS 200

G_DEFINE_FINAL_TYPE (TramaWindow, trama_window, GTK_TYPE_APPLICATION_WINDOW)

/* What the header bar says. */

static char *
dup_title (TramaWindow *self)
{
  TramaStore *store = trama_feed_get_store (self->feed);
  const TramaSessionRecord *record = store != NULL ? trama_store_get_session (store) : NULL;

  if (self->session != NULL)
    return g_strdup (trama_session_get_title (self->session));
  if (record != NULL && record->title != NULL)
    return g_strdup (record->title);
  if (g_strcmp0 (self->path, "-") == 0)
    return g_strdup (_ ("Standard input"));
  if (self->path != NULL)
    return g_filename_display_basename (self->path);
  return g_strdup ("Trama");
}

static const char *
ground_name (const TramaGround *ground)
{
  if (ground == NULL)
    return NULL;
  return ground->kind == TRAMA_GROUND_LAB ? _ ("private loopback") : _ ("host loopback");
}

static char *
dup_subtitle (TramaWindow *self)
{
  TramaStore *store = trama_feed_get_store (self->feed);
  g_autoptr (GString) text = g_string_new (NULL);
  guint n_packets;
  guint n_calls;

  if (store == NULL)
    return g_strdup ("");
  if (self->path != NULL)
    {
      g_autofree char *name = g_filename_display_basename (self->path);

      g_string_append_printf (text, "%s · ", name);
    }
  if (ground_name (trama_store_get_ground (store)) != NULL)
    g_string_append_printf (text, "%s · ", ground_name (trama_store_get_ground (store)));

  n_packets = trama_store_n_packets (store);
  n_calls = trama_store_n_calls (store);
  if (trama_store_packets_observed (store))
    g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u packet", "%u packets", n_packets),
                            n_packets);
  else
    g_string_append (text, _ ("packets not observed"));
  g_string_append (text, " · ");
  g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u call", "%u calls", n_calls), n_calls);
  if (!self->saved)
    g_string_append_printf (text, " · %s", _ ("not saved"));
  else if (trama_remarks_are_modified (self->state))
    g_string_append_printf (text, " · %s", _ ("notes not saved"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
trama_window_update_header (TramaWindow *self)
{
  g_autofree char *title = dup_title (self);
  g_autofree char *subtitle = dup_subtitle (self);
  gboolean running = trama_feed_is_running (self->feed);

  gtk_label_set_text (self->header_title, title);
  gtk_label_set_text (self->header_subtitle, subtitle);
  gtk_widget_set_visible (GTK_WIDGET (self->header_subtitle), *subtitle != '\0');
  gtk_window_set_title (GTK_WINDOW (self), title);

  gtk_stack_set_visible_child_name (self->run_stack, running ? "stop" : "run");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->run_button), running ? "win.stop" : "win.run");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->run_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  running ? _ ("Stop") : _ ("Run"), -1);
  trama_window_update_actions (self);
}

void
trama_window_set_saved (TramaWindow *self)
{
  self->saved = TRUE;
  trama_notebook_settle (trama_store_get_notebook (trama_feed_get_store (self->feed)));
  trama_window_update_header (self);
}

/* What went wrong. */

static void
show_status (TramaWindow *self, const char *icon, const char *title, const char *text)
{
  gtk_image_set_from_icon_name (self->status_icon, icon);
  gtk_label_set_text (self->status_title, title);
  gtk_label_set_text (self->status_text, text);
  gtk_stack_set_visible_child_name (self->stage, "status");
}

static gboolean
has_events (TramaWindow *self)
{
  TramaStore *store = trama_feed_get_store (self->feed);
  TramaSpan span;

  return store != NULL && trama_store_get_span (store, &span);
}

/* Of a session that is held before its first call there are columns already. */
static gboolean
is_shown (TramaWindow *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);

  return table != NULL && trama_flow_table_get_store (table) == trama_feed_get_store (self->feed);
}

static void
show_ground (TramaWindow *self, const TramaGround *ground)
{
  g_autofree char *text = NULL;
  const char *name;

  if (ground == NULL || ground->step == NULL)
    {
      trama_notices_clear (self->notices, NOTICE_GROUND);
      return;
    }
  name = trama_errno_name (ground->error);
  text = g_strdup_printf ("%s: %s (%s)\n%s", ground->step, g_strerror (ground->error),
                          name != NULL ? name : "errno", ground->remedy != NULL ? ground->remedy : "");
  trama_notices_show (self->notices, NOTICE_GROUND, GTK_MESSAGE_WARNING,
                      ground->kind == TRAMA_GROUND_LAB
                          ? _ ("The packets could not be captured and are not observed")
                          : _ ("The private loopback could not be had; packets are not observed"),
                      g_strchomp (text));
}

static void
show_drops (TramaWindow *self, const TramaOutcome *outcome)
{
  g_autofree char *title = NULL;
  gulong dropped = outcome != NULL ? (gulong) outcome->packets_dropped : 0;

  if (dropped == 0)
    {
      trama_notices_clear (self->notices, NOTICE_DROPS);
      return;
    }
  title = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                        "%lu packet is missing: the capture had no room for it",
                                        "%lu packets are missing: the capture had no room for them", dropped),
                           dropped);
  trama_notices_show (self->notices, NOTICE_DROPS, GTK_MESSAGE_WARNING, title, NULL);
}

static gboolean
on_following_due (gpointer user_data)
{
  TramaWindow *self = user_data;
  g_autofree char *name = strcmp (self->path, "-") == 0 ? g_strdup (_ ("standard input"))
                                                        : g_filename_display_basename (self->path);
  g_autofree char *title = g_strdup_printf (_ ("Following %s"), name);

  self->following_id = 0;
  trama_notices_show (self->notices, NOTICE_FOLLOWING, GTK_MESSAGE_INFO, title,
                      _ ("What is still being written is shown as it comes."));
  trama_notices_add_button (self->notices, NOTICE_FOLLOWING, _ ("_Stop"), "win.stop");
  return G_SOURCE_REMOVE;
}

/* Of a pipe that ends at once there is nothing to say. */
static void
on_following (TramaFeed *feed, GParamSpec *pspec, TramaWindow *self)
{
  g_clear_handle_id (&self->following_id, g_source_remove);
  trama_notices_clear (self->notices, NOTICE_FOLLOWING);
  if (!trama_feed_is_following (feed))
    return;
  trama_notices_clear (self->notices, TRAMA_NOTICE_TRACE);
  self->following_id = g_timeout_add (FOLLOWING_TOLD_MS, on_following_due, self);
}

static const char *
failure_title (TramaWindow *self, const GError *error)
{
  if (g_error_matches (error, TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_SESSION))
    return _ ("The session failed");
  if (g_error_matches (error, TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED) && has_events (self))
    return _ ("The trace is damaged or cut short; what came before is shown");
  return self->path != NULL ? _ ("The file cannot be read") : _ ("The session could not be run");
}

static void
on_progress (TramaFeed *feed, GParamSpec *pspec, TramaWindow *self)
{
  double progress;

  g_object_get (feed, "progress", &progress, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), progress >= 0);
  if (progress >= 0)
    gtk_progress_bar_set_fraction (self->progress, progress);
}

static void
on_feed_updated (TramaFeed *feed, TramaWindow *self)
{
  TramaStore *store = trama_feed_get_store (feed);

  trama_window_adopt_session (self);
  show_ground (self, trama_store_get_ground (store));
  show_drops (self, trama_store_get_outcome (store));
  if (is_shown (self))
    gtk_stack_set_visible_child_name (self->stage, "ladder");
  trama_window_update_header (self);
}

static void
on_feed_finished (TramaFeed *feed, const GError *error, TramaWindow *self)
{
  if (g_error_matches (error, TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_STOPPED))
    trama_toast_show (self->toast, _ ("Stopped"));
  else if (error != NULL)
    trama_notices_show (self->notices, TRAMA_NOTICE_TRACE, GTK_MESSAGE_ERROR, failure_title (self, error),
                        error->message);

  if (has_events (self))
    {
      trama_window_remember (self, self->path);
      if (self->starts)
        trama_ladder_view_start (self->ladder);
      self->starts = FALSE;
      return;
    }
  if (error != NULL)
    show_status (self, "dialog-error-symbolic", _ ("There is nothing to show"),
                 _ ("The message above says why. Try again, choose another session, or open a trace."));
  else
    show_status (self, "dialog-information-symbolic", _ ("The trace is empty"),
                 _ ("It has no packets and no calls. Choose a session, or open another trace."));
}

/* Sessions and files. */

static void
begin (TramaWindow *self, TramaSession *session, gboolean held, const char *path)
{
  TramaSession *old = g_steal_pointer (&self->session);

  /* Another picture is seen as it begins best; the same one again as it was looked at. */
  if (session == NULL || old == NULL
      || strcmp (trama_session_get_name (session), trama_session_get_name (old)) != 0)
    {
      trama_view_state_set_zoom (self->state, 1);
      self->starts = !held;
    }
  self->session = session != NULL ? trama_session_ref (session) : NULL;
  g_clear_pointer (&old, trama_session_unref);
  g_free (self->path);
  self->path = g_strdup (path);

  if (session == NULL)
    trama_window_set_document (self, NULL);
  trama_ladder_view_set_steps (self->ladder, FALSE);
  trama_notices_clear (self->notices, TRAMA_NOTICE_TRACE);
  trama_notices_clear (self->notices, NOTICE_GROUND);
  trama_notices_clear (self->notices, NOTICE_DROPS);
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stage), "status") == 0)
    show_status (self, "content-loading-symbolic",
                 session != NULL ? _ ("The session is starting") : _ ("The trace is being read"), "");
}

/* Whoever runs what they write goes on writing. */
static gboolean
is_being_edited (TramaWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->editor));
}

void
trama_window_run (TramaWindow *self, TramaSession *session, gboolean held)
{
  if (trama_window_keeps_notes (self, session, held, NULL))
    return;
  begin (self, session, held, NULL);
  self->saved = FALSE;
  trama_session_editor_follow (self->editor);
  trama_stepper_start (self->stepper, session, held);
  trama_window_update_header (self);
  if (!is_being_edited (self))
    gtk_widget_grab_focus (GTK_WIDGET (self->ladder));
}

void
trama_window_open (TramaWindow *self, const char *path)
{
  g_return_if_fail (TRAMA_IS_WINDOW (self));
  g_return_if_fail (path != NULL);

  if (trama_window_keeps_notes (self, NULL, FALSE, path))
    return;
  begin (self, NULL, FALSE, path);
  self->saved = g_strcmp0 (path, "-") != 0;
  trama_feed_open (self->feed, path);
  trama_window_update_header (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->ladder));
}

void
trama_window_start (TramaWindow *self, const char *argument)
{
  g_autofree char *folder = NULL;

  g_return_if_fail (TRAMA_IS_WINDOW (self));

  if (trama_session_list_choose (self->sessions, argument))
    return;
  if (argument != NULL)
    {
      if (g_str_has_suffix (argument, ".session"))
        trama_window_open_session (self, argument);
      else
        trama_window_open (self, argument);
      return;
    }

  folder = trama_library_get_folder ();
  trama_notices_show (self->notices, TRAMA_NOTICE_TRACE, GTK_MESSAGE_WARNING,
                      _ ("There are no sessions in this folder"), folder);
}

static void
on_session_chosen (TramaSessionList *list, TramaSessionDocument *document, TramaWindow *self)
{
  trama_window_set_document (self, document);
  trama_window_run_document (self, FALSE);
}

/* Narrow windows. */

static double
text_scale (TramaWindow *self)
{
  double scale = 1;
  int dpi = -1;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-xft-dpi", &dpi, NULL);
  g_object_get (self->ladder, "text-scale", &scale, NULL);
  return dpi > 0 ? scale * dpi / (96.0 * 1024.0) : scale;
}

double
trama_window_scale_px (TramaWindow *self, double px)
{
  return px * text_scale (self);
}

static gboolean
on_adapt (gpointer user_data)
{
  TramaWindow *self = user_data;
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  gboolean narrow = width < WIDE_PX * text_scale (self);

  self->adapt_id = 0;
  if (!self->placed && width > 0)
    trama_window_place_panes (self, width);
  self->placed = width > 0;
  if (narrow == self->narrow)
    return G_SOURCE_REMOVE;

  self->narrow = narrow;
  if (narrow)
    {
      self->sessions_when_wide = gtk_widget_get_visible (GTK_WIDGET (self->sessions));
      self->inspector_when_wide = gtk_widget_get_visible (GTK_WIDGET (self->inspector));
      self->editor_when_wide = gtk_widget_get_visible (GTK_WIDGET (self->editor));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->sessions), !narrow && self->sessions_when_wide);
  gtk_widget_set_visible (GTK_WIDGET (self->inspector), !narrow && self->inspector_when_wide);
  gtk_widget_set_visible (GTK_WIDGET (self->editor), !narrow && self->editor_when_wide);
  return G_SOURCE_REMOVE;
}

/* What is visible must not change while sizes are given out. */
static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TramaWindow *self = TRAMA_WINDOW (widget);

  GTK_WIDGET_CLASS (trama_window_parent_class)->size_allocate (widget, width, height, baseline);
  if (self->adapt_id == 0 && (!self->placed || (width < WIDE_PX * text_scale (self)) != self->narrow))
    self->adapt_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_adapt, self, NULL);
}

/* The class. */

static gboolean
close_request (GtkWindow *window)
{
  if (!trama_window_may_close (TRAMA_WINDOW (window)))
    return TRUE;
  trama_window_keep_layout (TRAMA_WINDOW (window));
  return GTK_WINDOW_CLASS (trama_window_parent_class)->close_request (window);
}

static void
leave_session (TramaWindow *self)
{
  g_clear_weak_pointer (&self->question);
  if (self->stepper == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->stepper, self);
  trama_window_set_document (self, NULL);
  g_clear_object (&self->stepper);
}

static void
dispose (GObject *object)
{
  TramaWindow *self = TRAMA_WINDOW (object);

  leave_session (self);
  g_clear_handle_id (&self->adapt_id, g_source_remove);
  g_clear_handle_id (&self->following_id, g_source_remove);
  if (self->feed != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->feed, self);
      trama_feed_stop (self->feed);
    }
  g_clear_weak_pointer (&self->help);
  g_clear_object (&self->recent);
  g_clear_object (&self->inquiry);
  g_clear_object (&self->feed);
  g_clear_pointer (&self->session, trama_session_unref);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->waiting_session, trama_session_unref);
  g_clear_pointer (&self->waiting_path, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), TRAMA_TYPE_WINDOW);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (trama_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, header_title);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, header_subtitle);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, run_button);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, run_stack);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, notices);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, toast);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, outer);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, inner);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, middle);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, editor);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, step_bar);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, sessions);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, stage);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, status_icon);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, status_title);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, status_text);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, overview);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, ladder_scroller);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, ladder);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, inspector);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, lower);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, lists);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, search);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, ladder_menu);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, column_menu);
  gtk_widget_class_bind_template_child (widget_class, TramaWindow, file_section);
}

static void
trama_window_class_init (TramaWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->size_allocate = size_allocate;
  GTK_WINDOW_CLASS (klass)->close_request = close_request;

  g_type_ensure (TRAMA_TYPE_NOTICES);
  g_type_ensure (TRAMA_TYPE_TOAST);
  g_type_ensure (TRAMA_TYPE_SESSION_LIST);
  g_type_ensure (TRAMA_TYPE_SESSION_EDITOR);
  g_type_ensure (TRAMA_TYPE_STEP_BAR);
  g_type_ensure (TRAMA_TYPE_OVERVIEW_VIEW);
  g_type_ensure (TRAMA_TYPE_LADDER_VIEW);
  g_type_ensure (TRAMA_TYPE_INSPECTOR);
  g_type_ensure (TRAMA_TYPE_LISTS_PANE);
  g_type_ensure (TRAMA_TYPE_SEARCH_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/window.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_session_chosen);
}

static void
trama_window_init (TramaWindow *self)
{
  self->state = trama_view_state_new ();
  self->feed = trama_feed_new (self->state);
  self->inquiry = trama_inquiry_new (self->state, self->feed);
  self->stepper = trama_stepper_new (self->feed);
  self->sessions_when_wide = TRUE;
  self->inspector_when_wide = TRUE;

  gtk_widget_init_template (GTK_WIDGET (self));
  trama_shown_focus_keep (GTK_WINDOW (self), GTK_WIDGET (self->ladder));
  trama_window_restore_layout (self);
  trama_overview_view_set_state (self->overview, self->state);
  trama_late_scroll_cure (self->ladder_scroller, GTK_SCROLLABLE (self->ladder));
  trama_ladder_view_set_state (self->ladder, self->state);
  trama_inspector_set_state (self->inspector, self->state);
  trama_session_editor_bind (self->editor, self->state, self->stepper);
  trama_step_bar_bind (self->step_bar, self->stepper);
  trama_window_add_actions (self);
  trama_window_add_session_actions (self);
  trama_window_add_lists (self);
  trama_window_add_remarks (self);
  trama_window_take_drops (self);
  trama_window_add_recent (self);

  g_signal_connect_object (self->state, "selection-changed", G_CALLBACK (trama_window_update_actions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->stepper, "changed", G_CALLBACK (trama_window_update_session_actions), self);
  g_signal_connect (self->feed, "updated", G_CALLBACK (on_feed_updated), self);
  g_signal_connect (self->feed, "finished", G_CALLBACK (on_feed_finished), self);
  g_signal_connect_object (gtk_widget_get_settings (GTK_WIDGET (self)), "notify::gtk-xft-dpi",
                           G_CALLBACK (trama_window_forget_sizes), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->feed, "notify::running", G_CALLBACK (trama_window_update_header), self);
  g_signal_connect (self->feed, "notify::running", G_CALLBACK (on_progress), self);
  g_signal_connect (self->feed, "notify::following", G_CALLBACK (on_following), self);
  g_signal_connect (self->feed, "notify::progress", G_CALLBACK (on_progress), self);
  trama_window_update_header (self);
}

TramaWindow *
trama_window_new (GtkApplication *application)
{
  TramaWindow *self = g_object_new (TRAMA_TYPE_WINDOW, "application", application, NULL);

  trama_window_take_step_key (self);
  return self;
}

TramaViewState *
trama_window_get_state (TramaWindow *self)
{
  g_return_val_if_fail (TRAMA_IS_WINDOW (self), NULL);
  return self->state;
}

TramaFeed *
trama_window_get_feed (TramaWindow *self)
{
  g_return_val_if_fail (TRAMA_IS_WINDOW (self), NULL);
  return self->feed;
}

TramaLadderView *
trama_window_get_ladder (TramaWindow *self)
{
  g_return_val_if_fail (TRAMA_IS_WINDOW (self), NULL);
  return self->ladder;
}

TramaOverviewView *
trama_window_get_overview (TramaWindow *self)
{
  g_return_val_if_fail (TRAMA_IS_WINDOW (self), NULL);
  return self->overview;
}

TramaInspector *
trama_window_get_inspector (TramaWindow *self)
{
  g_return_val_if_fail (TRAMA_IS_WINDOW (self), NULL);
  return self->inspector;
}

TramaSessionList *
trama_window_get_sessions (TramaWindow *self)
{
  g_return_val_if_fail (TRAMA_IS_WINDOW (self), NULL);
  return self->sessions;
}

TramaSessionEditor *
trama_window_get_editor (TramaWindow *self)
{
  g_return_val_if_fail (TRAMA_IS_WINDOW (self), NULL);
  return self->editor;
}

TramaStepper *
trama_window_get_stepper (TramaWindow *self)
{
  g_return_val_if_fail (TRAMA_IS_WINDOW (self), NULL);
  return self->stepper;
}

TramaStepBar *
trama_window_get_step_bar (TramaWindow *self)
{
  g_return_val_if_fail (TRAMA_IS_WINDOW (self), NULL);
  return self->step_bar;
}

TramaNotices *
trama_window_get_notices (TramaWindow *self)
{
  g_return_val_if_fail (TRAMA_IS_WINDOW (self), NULL);
  return self->notices;
}

TramaToast *
trama_window_get_toast (TramaWindow *self)
{
  g_return_val_if_fail (TRAMA_IS_WINDOW (self), NULL);
  return self->toast;
}
