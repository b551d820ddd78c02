/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Frames as they were on a wire or on loopback, each with its human reading. */
typedef struct
{
  const char *name;
  guint32 link_type;
  const char *hex; /* blanks between the bytes do not count */
} Frame;

extern const Frame frames[];
extern const gsize n_frames;

/* Aborts when there is none of that name. */
const Frame *frame_named (const char *name);

/* Its bytes, the caller's to change and to free (g_byte_array_unref). */
GByteArray *frame_bytes (const Frame *frame);

/*
 * The first @size bytes in a place of their own that ends just behind them, so that a
 * read beyond them is seen; *@copy is the caller's to free.
 */
const guint8 *frame_copy (const GByteArray *bytes, gsize size, guint8 **copy);
