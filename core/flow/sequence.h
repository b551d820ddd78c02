/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* RFC 9293, section 3.4: sequence numbers are compared modulo 2^32. Private to the room. */
static inline gboolean
trama_is_after (guint32 a, guint32 b)
{
  return (gint32) (a - b) > 0;
}

/* The later of the two. */
static inline guint32
trama_latest (guint32 a, guint32 b)
{
  return trama_is_after (a, b) ? a : b;
}
