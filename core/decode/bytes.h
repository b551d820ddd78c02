/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Private to the room, and the first include of each of its files: numbers in
 * network order from bytes that the caller knows to be there.
 */

/* Where lengths come from outside, no conversion goes unnoticed. */
#pragma GCC diagnostic error "-Wconversion"

static inline guint16
trama_read_u16 (const guint8 *bytes)
{
  return (guint16) (bytes[0] << 8 | bytes[1]);
}

static inline guint32
trama_read_u32 (const guint8 *bytes)
{
  return (guint32) trama_read_u16 (bytes) << 16 | trama_read_u16 (bytes + 2);
}

/* Whether @size bytes at @offset lie within @limit; safe for every value. */
static inline gboolean
trama_bytes_hold (gsize limit, gsize offset, gsize size)
{
  return offset <= limit && size <= limit - offset;
}
