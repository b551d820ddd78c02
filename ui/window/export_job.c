/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/export_job.h"
#include "ui/paint/font_lock.h"

typedef struct
{
  TramaStore *store; /* frozen */
  char *path;
  TramaExportOptions options; /* with references of its own */
  int width_px, height_px;    /* of a preview */
  TramaExportProgress progress;
  gpointer user_data; /* of that */
} Job;

/* What the user wrote is not frozen with the rest. */
static void
copy_notes (TramaNotebook *copy, const TramaNotebook *notebook)
{
  for (guint i = 0; i < trama_notebook_n_remarks (notebook); i++)
    {
      const TramaRemark remark = trama_notebook_get (notebook, i);

      if (remark.text != NULL || remark.marked)
        trama_notebook_take (copy, remark.subject, remark.time_ns, remark.text, remark.marked);
    }
}

static Job *
job_new (TramaFlowTable *table, const char *path, const TramaExportOptions *options)
{
  TramaStore *store = trama_flow_table_get_store (table);
  Job *self = g_new0 (Job, 1);

  self->store = trama_store_freeze (store);
  copy_notes (trama_store_get_notebook (self->store), trama_store_get_notebook (store));
  self->path = g_strdup (path);
  self->options = *options;
  if (options->findings != NULL)
    trama_findings_ref (options->findings);
  if (options->flows != NULL)
    trama_flow_set_ref (options->flows);
  if (options->lanes != NULL)
    trama_lanes_ref ((TramaLanes *) options->lanes);
  if (options->cancellable != NULL)
    g_object_ref (options->cancellable);
  return self;
}

static void
job_free (gpointer data)
{
  Job *self = data;

  trama_store_unref (self->store);
  trama_findings_unref (self->options.findings);
  trama_flow_set_unref (self->options.flows);
  trama_lanes_unref ((TramaLanes *) self->options.lanes);
  g_clear_object (&self->options.cancellable);
  g_free (self->path);
  g_free (self);
}

/* In the thread. NULL: the task has returned. */
static TramaExporter *
lay_out (GTask *task, const Job *job)
{
  g_autoptr (TramaFlowTable) table = NULL;
  TramaExporter *exporter;
  GError *error = NULL;

  /* Whoever types asks again and again. */
  if (g_task_return_error_if_cancelled (task))
    return NULL;
  table = trama_flow_table_new (job->store);
  exporter = trama_exporter_new (table, job->path, &job->options, &error);
  if (exporter == NULL)
    g_task_return_error (task, error);
  return exporter;
}

/* Takes @data. */
static void
start (GTask *task, gpointer data, GDestroyNotify done, GTaskThreadFunc func)
{
  trama_font_lock_keep_in_loop ();
  g_task_set_task_data (task, data, done);
  g_task_run_in_thread (task, func);
  g_object_unref (task);
}

/* Looking. */

static void
outlook_clear (gpointer data)
{
  TramaExportOutlook *self = data;

  g_clear_pointer (&self->preview, cairo_surface_destroy);
  g_clear_pointer (&self->exporter, trama_exporter_free);
  job_free (self->job);
}

/* The task has a reference, and whoever got the result: the one is let go by the thread, perhaps after the other. */
static void
outlook_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, outlook_clear);
}

void
trama_export_outlook_unref (TramaExportOutlook *self)
{
  if (self != NULL)
    outlook_unref (self);
}

static void
paint (GTask *task, TramaExportOutlook *self)
{
  const Job *job = self->job;

  self->view = MIN (self->view, self->n_views - 1);
  g_clear_pointer (&self->preview, cairo_surface_destroy);
  self->preview = trama_exporter_preview (self->exporter, self->view, job->width_px, job->height_px);
  g_task_return_pointer (task, g_atomic_rc_box_acquire (self), outlook_unref);
}

static void
look (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  TramaExportOutlook *self = data;
  const Job *job = self->job;

  self->exporter = lay_out (task, job);
  if (self->exporter == NULL)
    return;
  self->size = trama_exporter_get_size (self->exporter);
  self->n_views = trama_exporter_n_views (self->exporter, job->width_px, job->height_px);
  paint (task, self);
}

void
trama_export_look_async (TramaFlowTable *table,
                         const char *path,
                         const TramaExportOptions *options,
                         guint view,
                         int width_px,
                         int height_px,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  TramaExportOutlook *self = g_atomic_rc_box_new0 (TramaExportOutlook);
  Job *job = job_new (table, path, options);

  job->width_px = width_px;
  job->height_px = height_px;
  self->job = job;
  self->view = view;
  start (g_task_new (NULL, options->cancellable, callback, user_data), self, outlook_unref, look);
}

static void
turn (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  if (!g_task_return_error_if_cancelled (task))
    paint (task, data);
}

void
trama_export_turn_async (TramaExportOutlook *self,
                         guint view,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  const Job *job = self->job;

  self->view = view;
  start (g_task_new (NULL, job->options.cancellable, callback, user_data), self, outlook_unref, turn);
}

TramaExportOutlook *
trama_export_look_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  GTask *task; /* owned */
  guint n_done, n_steps;
} Progress;

static void
progress_free (gpointer data)
{
  Progress *self = data;

  g_object_unref (self->task);
  g_free (self);
}

static gboolean
on_progress (gpointer data)
{
  const Progress *progress = data;
  const Job *job = g_task_get_task_data (progress->task);

  if (!g_task_get_completed (progress->task) && !g_cancellable_is_cancelled (job->options.cancellable))
    job->progress (job->user_data, progress->n_done, progress->n_steps);
  return G_SOURCE_REMOVE;
}

static void
tell (GTask *task, TramaExporter *exporter)
{
  Progress *progress = g_new0 (Progress, 1);

  progress->task = g_object_ref (task);
  progress->n_done = trama_exporter_get_n_done (exporter);
  progress->n_steps = trama_exporter_get_size (exporter).n_steps;
  g_main_context_invoke_full (g_task_get_context (task), G_PRIORITY_DEFAULT, on_progress, progress,
                              progress_free);
}

static void
write_all (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (TramaExporter) exporter = lay_out (task, data);
  GError *error = NULL;

  if (exporter == NULL)
    return;
  while (error == NULL && trama_exporter_get_n_done (exporter) < trama_exporter_get_size (exporter).n_steps)
    {
      tell (task, exporter);
      trama_exporter_step (exporter, &error);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
trama_export_write_async (TramaFlowTable *table,
                          const char *path,
                          const TramaExportOptions *options,
                          TramaExportProgress progress,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (NULL, options->cancellable, callback, user_data);
  Job *job = job_new (table, path, options);

  job->progress = progress;
  job->user_data = user_data;
  /* What is written when somebody gives up is told as written. */
  g_task_set_check_cancellable (task, FALSE);
  start (task, job, job_free, write_all);
}

gboolean
trama_export_write_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
