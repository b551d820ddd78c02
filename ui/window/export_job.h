/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/paint/export.h"

#include <gio/gio.h>

/*
 * Pictures made beside the window, in threads of their own: of many events that takes seconds.
 * What the trace holds when it is asked counts, notes included, and @table is done with when the
 * asking returns. @options borrow nothing longer than that, but for their .cancellable, which is
 * that of the whole job: of one that is cancelled nothing comes but G_IO_ERROR_CANCELLED, and
 * nothing of it stays. The callback comes in any case, with no source: the last reference to one
 * could be the thread's.
 */

/* What it will be, and all that is laid out for it. Owned by whoever got it, and to be read only. */
typedef struct
{
  TramaExportSize size;
  guint n_views;
  guint view;               /* that is painted */
  cairo_surface_t *preview; /* of it, as trama_exporter_preview () makes it */

  /* private */
  gpointer job;
  TramaExporter *exporter;
} TramaExportOutlook;

void trama_export_outlook_unref (TramaExportOutlook *outlook);

/* How large it becomes and how it will look, in no more than these sizes; of fewer views than that, the last. */
void trama_export_look_async (TramaFlowTable *table,
                              const char *path,
                              const TramaExportOptions *options,
                              guint view,
                              int width_px,
                              int height_px,
                              GAsyncReadyCallback callback,
                              gpointer user_data);

/* The same with another view, and nothing is laid out again. Takes @outlook, and gives it back with the result. */
void trama_export_turn_async (TramaExportOutlook *outlook,
                              guint view,
                              GAsyncReadyCallback callback,
                              gpointer user_data);

/* Of both. NULL with @error, as trama_exporter_new (). */
TramaExportOutlook *trama_export_look_finish (GAsyncResult *result, GError **error);

/* Told in the thread that asked, until it has finished: steps that are done, of all; of none it is laid out yet. */
typedef void (*TramaExportProgress) (gpointer user_data, guint n_done, guint n_steps);

void trama_export_write_async (TramaFlowTable *table,
                               const char *path,
                               const TramaExportOptions *options,
                               TramaExportProgress progress,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

/* FALSE with @error: what was there before is there still. */
gboolean trama_export_write_finish (GAsyncResult *result, GError **error);
