/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/export_measure.h"

typedef struct
{
  TramaStore *store; /* frozen */
  char *path;
  TramaExportOptions options; /* with references of its own */
} Question;

static Question *
question_new (TramaFlowTable *table, const char *path, const TramaExportOptions *options)
{
  Question *self = g_new0 (Question, 1);

  self->store = trama_store_freeze (trama_flow_table_get_store (table));
  self->path = g_strdup (path);
  self->options = *options;
  if (options->findings != NULL)
    trama_findings_ref (options->findings);
  if (options->flows != NULL)
    trama_flow_set_ref (options->flows);
  if (options->lanes != NULL)
    trama_lanes_ref ((TramaLanes *) options->lanes);
  return self;
}

static void
question_free (gpointer data)
{
  Question *self = data;

  trama_store_unref (self->store);
  trama_findings_unref (self->options.findings);
  trama_flow_set_unref (self->options.flows);
  trama_lanes_unref ((TramaLanes *) self->options.lanes);
  g_free (self->path);
  g_free (self);
}

static void
measure (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Question *question = data;
  g_autoptr (TramaExporter) exporter = NULL;
  g_autoptr (TramaFlowTable) table = NULL;
  GError *error = NULL;
  TramaExportSize size;

  /* Whoever types asks again and again. */
  if (g_task_return_error_if_cancelled (task))
    return;
  table = trama_flow_table_new (question->store);
  exporter = trama_exporter_new (table, question->path, &question->options, &error);
  if (exporter == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  size = trama_exporter_get_size (exporter);
  g_task_return_pointer (task, g_memdup2 (&size, sizeof size), g_free);
}

void
trama_export_measure_async (TramaFlowTable *table,
                            const char *path,
                            const TramaExportOptions *options,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer source)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, NULL);

  g_task_set_task_data (task, question_new (table, path, options), question_free);
  g_task_run_in_thread (task, measure);
}

gboolean
trama_export_measure_finish (GAsyncResult *result, TramaExportSize *size, GError **error)
{
  g_autofree TramaExportSize *found = g_task_propagate_pointer (G_TASK (result), error);

  if (found == NULL)
    return FALSE;
  *size = *found;
  return TRUE;
}
