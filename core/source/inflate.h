/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/*
 * Reads gzip (RFC 1952), one member or several, and zeros as padding behind them;
 * what does not begin as gzip passes as it is. For a GConverterInputStream.
 *
 * Errors are G_IO_ERROR and name the byte of the compressed stream: PARTIAL_INPUT
 * when it is cut short, INVALID_DATA when it is damaged, or grows beyond measure:
 * past 256 MiB, 100 bytes for each compressed one are the most.
 */
#define TRAMA_TYPE_INFLATE (trama_inflate_get_type ())
G_DECLARE_FINAL_TYPE (TramaInflate, trama_inflate, TRAMA, INFLATE, GObject)

#define TRAMA_INFLATE_MAGIC_BYTES 2
#define TRAMA_INFLATE_FREE_BYTES (G_GUINT64_CONSTANT (256) << 20)
#define TRAMA_INFLATE_MAX_GROWTH 100

/* Whether a file that begins with these two bytes is compressed. */
gboolean trama_inflate_knows (const guint8 *magic);

TramaInflate *trama_inflate_new (void);

/* Whether what has come so far was compressed. */
gboolean trama_inflate_is_used (TramaInflate *inflate);
