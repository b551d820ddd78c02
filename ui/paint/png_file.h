/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/replace.h"

/*
 * Private to ui/paint: a PNG (RFC 2083) of 8 bit RGB, written as its rows come, so that no
 * more of it is kept than these, however high it is. What cairo writes of the same pixels
 * is the same, byte for byte.
 */
typedef struct _TramaPngFile TramaPngFile;

/* What libpng reads each way, if it is not told otherwise. */
#define TRAMA_PNG_MAX 1000000

/* Into @file, which stays the caller's. NULL with @error. */
TramaPngFile *trama_png_file_new (TramaReplacement *file, guint width, guint height, GError **error);
void trama_png_file_free (TramaPngFile *png);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaPngFile, trama_png_file_free)

/* The next @n_rows, as CAIRO_FORMAT_RGB24 has them. FALSE with @error, and nothing may follow but free. */
gboolean trama_png_file_write_rows (TramaPngFile *png,
                                    const guint8 *rows,
                                    gsize stride_bytes,
                                    guint n_rows,
                                    GError **error);

/* After the last row; the file is yet to be committed. */
gboolean trama_png_file_end (TramaPngFile *png, GError **error);
