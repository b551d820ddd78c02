/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/feed.h"

#define UPDATE_INTERVAL_MS 50

struct _TramaFeed
{
  GObject parent_instance;

  /* owned */
  TramaViewState *state;
  TramaSource *source;

  /* state */
  guint update_id;
  gboolean running;
  gboolean shown; /* the view state shows this source, not the one before */
};

enum
{
  PROP_RUNNING = 1,
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
update (TramaFeed *self)
{
  TramaStore *store = trama_source_get_store (self->source);
  g_autoptr (TramaFlowTable) table = NULL;
  TramaSpan span;

  if (trama_store_get_span (store, &span))
    table = trama_flow_table_new (store);
  if (table != NULL || !self->running)
    {
      trama_view_state_set_table (self->state, table, self->shown);
      self->shown = TRUE;
    }
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

static void
on_changed (TramaSource *source, TramaFeed *self)
{
  if (self->update_id == 0)
    self->update_id = g_timeout_add (UPDATE_INTERVAL_MS, on_update_due, self);
}

static void
on_finished (TramaSource *source, const GError *error, TramaFeed *self)
{
  g_clear_handle_id (&self->update_id, g_source_remove);
  set_running (self, FALSE);
  update (self);
  g_signal_emit (self, signals[SIGNAL_FINISHED], 0, error);
}

static void
drop_source (TramaFeed *self)
{
  g_clear_handle_id (&self->update_id, g_source_remove);
  if (self->source == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->source, self);
  trama_source_stop (self->source);
  g_clear_object (&self->source);
}

static void
take_source (TramaFeed *self, TramaSource *source)
{
  drop_source (self);
  self->source = source;
  self->shown = FALSE;
  g_signal_connect (source, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect (source, "finished", G_CALLBACK (on_finished), self);
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

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TramaFeed *self = TRAMA_FEED (object);

  if (id == PROP_RUNNING)
    g_value_set_boolean (value, self->running);
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
trama_feed_open (TramaFeed *self, const char *path)
{
  g_return_if_fail (TRAMA_IS_FEED (self));
  take_source (self, trama_source_open (path));
}

void
trama_feed_stop (TramaFeed *self)
{
  g_return_if_fail (TRAMA_IS_FEED (self));
  if (self->source != NULL)
    trama_source_stop (self->source);
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
trama_feed_save (TramaFeed *self, const char *path, GError **error)
{
  g_return_val_if_fail (TRAMA_IS_FEED (self), FALSE);
  g_return_val_if_fail (self->source != NULL, FALSE);
  return trama_source_save (self->source, path, error);
}
