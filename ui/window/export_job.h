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

typedef struct
{
  TramaExportSize size;
  cairo_surface_t *preview; /* as trama_exporter_preview () makes it */
} TramaExportOutlook;

void trama_export_outlook_free (TramaExportOutlook *outlook);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaExportOutlook, trama_export_outlook_free)

/* How large it becomes and how it will look, in no more than these sizes. */
void trama_export_look_async (TramaFlowTable *table,
                              const char *path,
                              const TramaExportOptions *options,
                              int width_px,
                              int height_px,
                              GAsyncReadyCallback callback,
                              gpointer user_data);

/* NULL with @error, as trama_exporter_new (). */
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
