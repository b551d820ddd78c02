/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/paint/export.h"

#include <gtk/gtk.h>

/*
 * How what is exported will look, a page at a time, or of a high sheet a part, with buttons
 * that turn them, Page Up and Page Down anywhere in its window, and the wheel upon it. It is
 * laid out and painted beside the window, and what was asked before the last change is not
 * waited for. The page stays the same one when something else of the picture changes.
 *
 * Signal "looked" (const TramaExportSize *size, const GError *error): how large it becomes;
 * @size is NULL when @error says why there is nothing.
 */
#define TRAMA_TYPE_EXPORT_PREVIEW (trama_export_preview_get_type ())
G_DECLARE_FINAL_TYPE (TramaExportPreview, trama_export_preview, TRAMA, EXPORT_PREVIEW, GtkWidget)

GtkWidget *trama_export_preview_new (void);

/* Whether there is something to be looked at. */
gboolean trama_export_preview_has_picture (TramaExportPreview *preview);

/* The last picture stays until the next is there. Of @path the ending counts; the .cancellable of @options is not asked. */
void trama_export_preview_look (TramaExportPreview *preview,
                                TramaFlowTable *table,
                                const char *path,
                                const TramaExportOptions *options);

/* Nothing is asked any more, and what is seen stays. */
void trama_export_preview_stop (TramaExportPreview *preview);

/* Of what is not drawn a picture would be a lie. */
void trama_export_preview_clear (TramaExportPreview *preview);

/* So many pages on, or back; no farther than there are. */
void trama_export_preview_turn (TramaExportPreview *preview, int n_pages);
