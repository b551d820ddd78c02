/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/inquiry.h"

#include "core/flow/builder.h"

/* Followed between two looks at whether it is still wanted. */
#define STEP_PACKETS 50000

/* While a trace grows: at least this long after the last, of the time at most one part of so many; and while it is
 * no larger than this, for whoever appends to what is frozen copies the calls. */
#define REST_MIN_MS 500
#define REST_TIMES 4
#define GROWING_EVENTS_MAX 100000

struct _TramaInquiry
{
  GObject parent_instance;

  /* owned */
  TramaViewState *state;
  GCancellable *cancellable; /* of the one that is being made; NULL: none is */

  /* borrowed */
  TramaFeed *feed;
  TramaStore *store; /* that was asked about last, to be compared */

  /* state */
  guint rest_id;     /* until a trace that grows is asked about again */
  gboolean is_stale; /* it has grown since */
  gint64 begin_us;
};

G_DEFINE_FINAL_TYPE (TramaInquiry, trama_inquiry, G_TYPE_OBJECT)

/* Of the whole trace; the table that is shown is the main thread's. NULL: nobody wants it any more. */
static TramaFlowTable *
make_table (TramaStore *store, GCancellable *cancellable)
{
  g_autoptr (TramaFlowBuilder) builder = trama_flow_builder_new (store);

  while (trama_flow_builder_step_to_end (builder, STEP_PACKETS))
    if (g_cancellable_is_cancelled (cancellable))
      return NULL;
  return trama_flow_builder_finish (g_steal_pointer (&builder));
}

static void
inquire (GTask *task, gpointer source, gpointer store, GCancellable *cancellable)
{
  g_autoptr (TramaFlowTable) table = make_table (store, cancellable);
  TramaFindings *findings = NULL;

  if (table != NULL)
    findings = trama_findings_new_cancellable (table, cancellable);
  g_task_return_pointer (task, findings, (GDestroyNotify) trama_findings_unref);
}

static TramaStore *
get_store (TramaInquiry *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);

  return table != NULL ? trama_flow_table_get_store (table) : NULL;
}

static void
cancel (TramaInquiry *self)
{
  g_clear_handle_id (&self->rest_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void ask (TramaInquiry *self);

static gboolean
on_rested (gpointer user_data)
{
  TramaInquiry *self = user_data;

  self->rest_id = 0;
  if (self->is_stale && trama_feed_is_following (self->feed))
    ask (self);
  return G_SOURCE_REMOVE;
}

/* What was cancelled gives nothing, even if it had come to its end. */
static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TramaInquiry *self = TRAMA_INQUIRY (source);
  g_autoptr (TramaFindings) findings = g_task_propagate_pointer (G_TASK (result), NULL);
  gint64 took_ms;

  if (findings == NULL)
    return;
  g_clear_object (&self->cancellable);
  took_ms = (g_get_monotonic_time () - self->begin_us) / 1000;
  self->rest_id = g_timeout_add ((guint) MAX (REST_TIMES * took_ms, REST_MIN_MS), on_rested, self);
  trama_view_state_set_findings (self->state, findings);
}

static void
ask (TramaInquiry *self)
{
  g_autoptr (GTask) task = NULL;

  cancel (self);
  self->store = get_store (self);
  self->is_stale = FALSE;
  if (self->store == NULL)
    return;
  self->begin_us = g_get_monotonic_time ();
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, on_answer, NULL);
  g_task_set_task_data (task, trama_store_freeze (self->store), (GDestroyNotify) trama_store_unref);
  g_task_run_in_thread (task, inquire);
}

/* What is asked about a trace that is gone is of no use; of one that has grown it is, until there is better. */
static void
on_table_changed (TramaInquiry *self)
{
  if (get_store (self) != self->store || !trama_feed_is_following (self->feed))
    cancel (self);
}

static void
on_updated (TramaInquiry *self)
{
  TramaStore *store = get_store (self);

  if (store == NULL || !trama_feed_is_following (self->feed)
      || trama_store_n_packets (store) + trama_store_n_calls (store) > GROWING_EVENTS_MAX)
    return;
  self->is_stale = TRUE;
  if (self->cancellable == NULL && self->rest_id == 0)
    ask (self);
}

static void
dispose (GObject *object)
{
  TramaInquiry *self = TRAMA_INQUIRY (object);

  cancel (self);
  if (self->state != NULL)
    g_signal_handlers_disconnect_by_data (self->state, self);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (trama_inquiry_parent_class)->dispose (object);
}

static void
trama_inquiry_class_init (TramaInquiryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dispose;
}

static void
trama_inquiry_init (TramaInquiry *self)
{
}

TramaInquiry *
trama_inquiry_new (TramaViewState *state, TramaFeed *feed)
{
  TramaInquiry *self;

  g_return_val_if_fail (TRAMA_IS_VIEW_STATE (state) && TRAMA_IS_FEED (feed), NULL);

  self = g_object_new (TRAMA_TYPE_INQUIRY, NULL);
  self->state = g_object_ref (state);
  self->feed = feed;
  g_signal_connect_swapped (state, "table-changed", G_CALLBACK (on_table_changed), self);
  g_signal_connect_object (feed, "updated", G_CALLBACK (on_updated), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (feed, "finished", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  return self;
}

gboolean
trama_inquiry_is_busy (TramaInquiry *self)
{
  g_return_val_if_fail (TRAMA_IS_INQUIRY (self), FALSE);
  return self->cancellable != NULL;
}
