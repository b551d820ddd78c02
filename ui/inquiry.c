/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/inquiry.h"

#include "core/flow/builder.h"

/* Followed between two looks at whether it is still wanted. */
#define STEP_PACKETS 50000

struct _TramaInquiry
{
  GObject parent_instance;

  /* owned */
  TramaViewState *state;
  GCancellable *cancellable; /* of the one that is being made; NULL: none is */
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

/* What was cancelled gives nothing, even if it had come to its end. */
static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TramaInquiry *self = TRAMA_INQUIRY (source);
  g_autoptr (TramaFindings) findings = g_task_propagate_pointer (G_TASK (result), NULL);

  if (findings == NULL)
    return;
  g_clear_object (&self->cancellable);
  trama_view_state_set_findings (self->state, findings);
}

static void
cancel (TramaInquiry *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
on_finished (TramaInquiry *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  g_autoptr (GTask) task = NULL;

  cancel (self);
  if (table == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, on_answer, NULL);
  g_task_set_task_data (task, trama_store_freeze (trama_flow_table_get_store (table)),
                        (GDestroyNotify) trama_store_unref);
  g_task_run_in_thread (task, inquire);
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
  g_signal_connect_swapped (state, "table-changed", G_CALLBACK (cancel), self);
  g_signal_connect_object (feed, "finished", G_CALLBACK (on_finished), self, G_CONNECT_SWAPPED);
  return self;
}

gboolean
trama_inquiry_is_busy (TramaInquiry *self)
{
  g_return_val_if_fail (TRAMA_IS_INQUIRY (self), FALSE);
  return self->cancellable != NULL;
}
