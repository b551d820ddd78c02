/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/paint/export.h"

#include <gio/gio.h>

/*
 * How large a picture becomes, found in a thread of its own: of many events that takes
 * seconds. What the trace holds now counts, and @table is done with when this returns.
 * Of an ask that is cancelled nothing comes but G_IO_ERROR_CANCELLED.
 */
void trama_export_measure_async (TramaFlowTable *table,
                                 const char *path,
                                 const TramaExportOptions *options,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer source); /* a GObject, which stays alive meanwhile */

/* FALSE with @error, as trama_exporter_new (). */
gboolean trama_export_measure_finish (GAsyncResult *result, TramaExportSize *size, GError **error);
