/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart.h"
#include "ui/paint/theme.h"

/*
 * The whole ladder on paper: header, body and legend. The format comes from the
 * file's ending: .svg, .pdf, .png.
 */

typedef struct
{
  double width_px;    /* 1920 */
  double height_px;   /* 1080: the scale is chosen so that the ladder fits */
  double pixel_scale; /* PNG: pixels per px, 1 */
  TramaThemeName theme;
  TramaScaleMode mode;
  TramaFindings *findings; /* borrowed, of the same trace; NULL: none are drawn */
} TramaExportOptions;

extern const TramaExportOptions trama_export_defaults;

/* TRUE when the ending of @path names a format. */
gboolean trama_export_knows (const char *path);

/*
 * Writes @path; an existing file is replaced only by a whole new one. FALSE with
 * @error, which names the path, when the ending is unknown or writing fails.
 */
gboolean
trama_export (TramaFlowTable *table, const char *path, const TramaExportOptions *options, GError **error);
