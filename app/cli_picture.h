/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/paint/export.h"

/* How a picture is drawn, as it is said on the command line. */
typedef struct
{
  char *theme; /* "light", "dark" or "print"; NULL: as .dark says */
  char *scale; /* "fold", "true" or "even"; NULL: "fold" */
  double zoom;
  int width_px;
  gboolean dark;
} TramaCliPicture;

/* As when nothing is said. */
void trama_cli_picture_init (TramaCliPicture *picture);
void trama_cli_picture_clear (TramaCliPicture *picture);

/* TRAMA_CLI_OK, or what trama_cli_usage_error returns for a word that means nothing. */
int trama_cli_picture_read (const TramaCliPicture *picture, TramaExportOptions *options);

/* Draws @path of what has been read, and says what went wrong, or that it became several files. */
gboolean trama_cli_picture_draw (TramaFlowTable *table, const char *path, const TramaExportOptions *options);
