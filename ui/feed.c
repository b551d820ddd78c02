/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/annotate.h"
#include "core/flow/builder.h"
#include "ui/feed.h"
#include "ui/turn.h"

#include <glib/gi18n-lib.h>

#define UPDATE_INTERVAL_MS 50

/* More than this is not understood anew at each update; while it is followed, at this interval. */
#define SMALL_TRACE_EVENTS 20000
#define LARGE_UPDATE_INTERVAL_MS 2000

/* Of understanding: packets between two looks at the clock. Those that are scattered over a file take a hundred
 * times longer than others. */
#define SLICE_PACKETS 2000

/* Of the progress: reading, the rest is understanding. */
#define READING_PART 0.6

struct _TramaFeed
{
  GObject parent_instance;

  /* owned */
  TramaViewState *state;
  TramaSource *source;
  TramaFlowBuilder *builder; /* NULL when the table is complete */
  GError *error;             /* of the source, until it is told */

  /* state */
  guint update_id;
  guint slice_id;
  gboolean running;
  gboolean following;
  gboolean ending; /* everything has come, and is being understood */
  gboolean held;   /* who runs it waits for its first event */
  gboolean shown;  /* the view state shows this source, not the one before */
};

enum
{
  PROP_RUNNING = 1,
  PROP_FOLLOWING,
  PROP_PROGRESS,
  N_PROPERTIES,
};

enum
{
  SIGNAL_UPDATED,
  SIGNAL_FINISHED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TramaFeed, trama_feed, G_TYPE_OBJECT)

static void
set_running (TramaFeed *self, gboolean running)
{
  if (self->running == running)
    return;
  self->running = running;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

static void
set_following (TramaFeed *self, gboolean following)
{
  if (self->following == following)
    return;
  self->following = following;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOWING]);
}

static void
show_table (TramaFeed *self, TramaFlowTable *table)
{
  trama_view_state_set_table (self->state, table, self->shown);
  self->shown = TRUE;
}

static gboolean
is_small (TramaStore *store)
{
  return trama_store_n_packets (store) + trama_store_n_calls (store) <= SMALL_TRACE_EVENTS;
}

/* Of what is held already its columns, and no longer what was shown before; else the old picture stays that long. */
static gboolean
is_something (TramaFeed *self, TramaStore *store)
{
  TramaSpan span;

  return trama_store_get_span (store, &span) || (self->held && trama_store_n_actors (store) > 0);
}

/* The whole trace, or nothing of it when there is nothing. */
static void
complete (TramaFeed *self)
{
  g_autoptr (TramaFlowTable) table = trama_flow_builder_finish (g_steal_pointer (&self->builder));
  TramaSpan span;

  show_table (self, trama_store_get_span (trama_flow_table_get_store (table), &span) ? table : NULL);
  g_signal_emit (self, signals[SIGNAL_UPDATED], 0);
}

static void
tell_end (TramaFeed *self)
{
  g_autoptr (GError) error = g_steal_pointer (&self->error);

  self->ending = FALSE;
  set_following (self, FALSE);
  set_running (self, FALSE);
  g_signal_emit (self, signals[SIGNAL_FINISHED], 0, error);
}

/* FALSE when @step has nothing more to do. */
static gboolean
do_slice (TramaFeed *self, gboolean (*step) (TramaFlowBuilder *builder, guint max_packets), gint64 end_us)
{

  while (step (self->builder, SLICE_PACKETS))
    if (g_get_monotonic_time () >= end_us)
      return TRUE;
  return FALSE;
}

/* Whoever follows a trace shows of it what there is; what is read once is prepared for while it comes. */
static void
tell_growing (TramaFeed *self)
{
  TramaFlowTable *table = trama_flow_builder_get_table (self->builder);

  if (table != NULL && self->shown && !self->following)
    trama_view_state_tell_growing (self->state, table);
}

static gboolean
on_understood (gint64 end_us, gpointer user_data)
{
  TramaFeed *self = user_data;

  self->slice_id = 0;
  complete (self);
  if (self->ending)
    tell_end (self);
  return FALSE;
}

/* When all is understood the views have work of their own: others come first. */
static gboolean
on_slice (gint64 end_us, gpointer user_data)
{
  TramaFeed *self = user_data;

  if (do_slice (self, trama_flow_builder_step_to_end, end_us))
    {
      tell_growing (self);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
      return TRUE;
    }
  self->slice_id = trama_turn_add (on_understood, self);
  return FALSE;
}

/* A trace that has grown since it was understood is understood from its beginning. */
static void
ensure_builder (TramaFeed *self)
{
  if (self->builder == NULL)
    self->builder = trama_flow_builder_new (trama_source_get_store (self->source));
}

static void
understand (TramaFeed *self)
{
  ensure_builder (self);
  if (self->slice_id == 0)
    self->slice_id = trama_turn_add (on_slice, self);
}

static void
update (TramaFeed *self)
{
  TramaStore *store = trama_source_get_store (self->source);
  g_autoptr (TramaFlowTable) table = NULL;

  if (is_something (self, store) && (!self->shown || is_small (store)))
    {
      table = trama_flow_table_new (store);
      show_table (self, table);
    }
  else if (self->shown && self->following)
    understand (self);
  g_signal_emit (self, signals[SIGNAL_UPDATED], 0);
}

static gboolean
on_update_due (gpointer user_data)
{
  TramaFeed *self = user_data;

  self->update_id = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

/* The first that has come is shown at once: it is little, and of a large trace the next would not be. */
static void
on_changed (TramaSource *source, TramaFeed *self)
{
  gboolean seldom = trama_source_is_live (source) && self->shown
                    && !is_small (trama_source_get_store (source));

  self->ending = FALSE;
  set_following (self, trama_source_is_live (source));
  set_running (self, TRUE);
  if (self->slice_id != 0)
    return;
  if (self->builder != NULL)
    {
      do_slice (self, trama_flow_builder_step, trama_turn_get_end_us ());
      tell_growing (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
  if (!self->shown)
    update (self);
  else if (self->update_id == 0)
    self->update_id = g_timeout_add (seldom ? LARGE_UPDATE_INTERVAL_MS : UPDATE_INTERVAL_MS, on_update_due,
                                     self);
}

/* What it still has to say is not heard any more. */
static void
leave_source (TramaFeed *self)
{
  g_signal_handlers_disconnect_by_data (self->source, self);
  trama_source_stop (self->source);
}

/* What was shown first stays; the trace is whole, but not the picture. */
static void
stop_understanding (TramaFeed *self)
{
  leave_source (self);
  g_clear_handle_id (&self->slice_id, trama_turn_remove);
  g_clear_pointer (&self->builder, trama_flow_builder_free);
  trama_view_state_tell_growing (self->state, NULL);
  if (self->error == NULL)
    self->error = g_error_new_literal (TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_STOPPED, _ ("stopped"));
  tell_end (self);
}

/* Who stops the reading of a large file does not want to wait for what was read to be understood. */
static gboolean
is_stopped_early (TramaFeed *self, const GError *error)
{
  return g_error_matches (error, TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_STOPPED) && self->shown
         && !self->following && trama_source_get_progress (self->source) >= 0
         && trama_flow_builder_get_progress (self->builder) < 1;
}

/* What there is is shown whole, and then that it has ended. */
static void
end (TramaFeed *self, const GError *error)
{
  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  self->ending = TRUE;
  if (self->slice_id == 0 && is_small (trama_source_get_store (self->source)))
    {
      ensure_builder (self);
      complete (self);
      tell_end (self);
    }
  else if (is_stopped_early (self, error))
    stop_understanding (self);
  else
    understand (self);
}

/* Who follows waits for more, unless it seems that nobody is there any more to write it. */
static void
on_caught_up (TramaSource *source, const GError *error, TramaFeed *self)
{
  if (!self->following || error != NULL)
    end (self, error);
}

static void
on_finished (TramaSource *source, const GError *error, TramaFeed *self)
{
  end (self, error);
}

static void
drop_source (TramaFeed *self)
{
  self->ending = FALSE;
  set_following (self, FALSE);
  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_handle_id (&self->slice_id, trama_turn_remove);
  g_clear_pointer (&self->builder, trama_flow_builder_free);
  g_clear_error (&self->error);
  if (self->source == NULL)
    return;
  leave_source (self);
  g_clear_object (&self->source);
}

static void
take_source (TramaFeed *self, TramaSource *source)
{
  drop_source (self);
  self->source = source;
  self->builder = trama_flow_builder_new (trama_source_get_store (source));
  self->shown = FALSE;
  self->held = FALSE;
  g_signal_connect (source, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect (source, "caught-up", G_CALLBACK (on_caught_up), self);
  g_signal_connect (source, "finished", G_CALLBACK (on_finished), self);
  set_following (self, trama_source_is_live (source));
  set_running (self, TRUE);
}

static void
dispose (GObject *object)
{
  TramaFeed *self = TRAMA_FEED (object);

  drop_source (self);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (trama_feed_parent_class)->dispose (object);
}

static double
get_progress (TramaFeed *self)
{
  double reading;

  if (!self->running || self->following)
    return -1;
  reading = trama_source_get_progress (self->source);
  if (reading < 0 || self->builder == NULL)
    return -1;
  return reading * READING_PART
         + trama_flow_builder_get_progress (self->builder) * (1 - READING_PART) * reading;
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TramaFeed *self = TRAMA_FEED (object);

  if (id == PROP_RUNNING)
    g_value_set_boolean (value, self->running);
  else if (id == PROP_FOLLOWING)
    g_value_set_boolean (value, self->following);
  else if (id == PROP_PROGRESS)
    g_value_set_double (value, get_progress (self));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
trama_feed_class_init (TramaFeedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = dispose;
  object_class->get_property = get_property;

  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_FOLLOWING] = g_param_spec_boolean ("following", NULL, NULL, FALSE,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, -1, 1, -1,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[SIGNAL_UPDATED] = g_signal_new ("updated", TRAMA_TYPE_FEED, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
  signals[SIGNAL_FINISHED] = g_signal_new ("finished", TRAMA_TYPE_FEED, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
trama_feed_init (TramaFeed *self)
{
}

TramaFeed *
trama_feed_new (TramaViewState *state)
{
  TramaFeed *self;

  g_return_val_if_fail (TRAMA_IS_VIEW_STATE (state), NULL);

  self = g_object_new (TRAMA_TYPE_FEED, NULL);
  self->state = g_object_ref (state);
  return self;
}

void
trama_feed_run (TramaFeed *self, const char *name, const char *text)
{
  g_return_if_fail (TRAMA_IS_FEED (self));
  take_source (self, trama_source_run (name, text));
}

void
trama_feed_run_held (TramaFeed *self, const char *name, const char *text)
{
  g_return_if_fail (TRAMA_IS_FEED (self));
  take_source (self, trama_source_run_held (name, text));
  self->held = TRUE;
}

void
trama_feed_send_command (TramaFeed *self, const char *command)
{
  g_return_if_fail (TRAMA_IS_FEED (self));
  if (self->source != NULL)
    trama_source_send_command (self->source, command);
}

void
trama_feed_open (TramaFeed *self, const char *path)
{
  g_return_if_fail (TRAMA_IS_FEED (self));
  take_source (self, trama_source_follow (path));
}

void
trama_feed_stop (TramaFeed *self)
{
  g_return_if_fail (TRAMA_IS_FEED (self));
  if (self->ending)
    stop_understanding (self);
  else if (self->running)
    trama_source_stop (self->source);
}

gboolean
trama_feed_is_following (TramaFeed *self)
{
  g_return_val_if_fail (TRAMA_IS_FEED (self), FALSE);
  return self->following;
}

gboolean
trama_feed_is_running (TramaFeed *self)
{
  g_return_val_if_fail (TRAMA_IS_FEED (self), FALSE);
  return self->running;
}

TramaStore *
trama_feed_get_store (TramaFeed *self)
{
  g_return_val_if_fail (TRAMA_IS_FEED (self), NULL);
  return self->source != NULL ? trama_source_get_store (self->source) : NULL;
}

gboolean
trama_feed_save (TramaFeed *self,
                 const char *path,
                 TramaFeedSaveFlags flags,
                 const GArray *conversations,
                 GError **error)
{
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (GHashTable) flows = NULL;
  TramaAnnotator annotator = { .without_data = (flags & TRAMA_FEED_SAVE_NO_PAYLOAD) != 0 };
  TramaRewriteOptions options = { .no_payload = annotator.without_data, .user_data = &annotator };

  g_return_val_if_fail (TRAMA_IS_FEED (self), FALSE);
  g_return_val_if_fail (self->source != NULL, FALSE);
  g_return_val_if_fail (conversations != NULL || !(flags & TRAMA_FEED_SAVE_CONVERSATION), FALSE);
  if (flags == TRAMA_FEED_SAVE_WHOLE)
    return trama_source_save (self->source, path, error);
  if (flags & (TRAMA_FEED_SAVE_WITH_COMMENTS | TRAMA_FEED_SAVE_CONVERSATION))
    annotator.table = table = trama_flow_table_new (trama_source_get_store (self->source));
  if (flags & TRAMA_FEED_SAVE_WITH_COMMENTS)
    options.annotate = trama_annotator_annotate;
  if (flags & TRAMA_FEED_SAVE_CONVERSATION)
    {
      annotator.flows = flows = g_hash_table_new (NULL, NULL);
      for (guint i = 0; i < conversations->len; i++)
        g_hash_table_add (flows, GUINT_TO_POINTER (g_array_index (conversations, guint32, i)));
      options.keeps = trama_annotator_keeps;
    }
  return trama_source_save_rewritten (self->source, path, &options, error);
}
