/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Private to the room: the extension headers of IPv6 (RFC 8200, section 4). */

/* More in one packet is refused; honest ones have three at most. */
#define TRAMA_EXTENSION_MAX 16

typedef struct
{
  guint8 protocol; /* IPPROTO_* of this header */
  guint8 next;     /* of the header behind it */
  guint32 offset;
  guint32 size_bytes;
} TramaExtension;

/* Whether a header of that number is one that is stepped over. ESP is not: it hides the rest. */
gboolean trama_extension_is_known (guint8 protocol);

/* FALSE when its first eight bytes do not lie within @captured; it may be longer than that. */
gboolean trama_extension_read (const guint8 *data,
                               gsize captured,
                               guint8 protocol,
                               guint32 offset,
                               TramaExtension *extension);
