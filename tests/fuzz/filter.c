/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/capture/filter.h"

#include "tests/fuzz/fuzz.h"

#include <string.h>

/* Long expressions are libpcap's own to be slow with. */
#define EXPRESSION_MAX_BYTES 64

/* The link type in two bytes, the expression up to a zero, the packet. */
void
fuzz_one (const guint8 *data, gsize size)
{
  guint32 link_type = fuzz_take (&data, &size, 2);
  gsize length = strnlen ((const char *) data, size);
  g_autofree char *expression = g_strndup ((const char *) data, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaFilter) filter = NULL;
  gsize rest = size - MIN (length + 1, size);
  TramaPacket packet = { .captured_bytes = (guint32) rest, .length_bytes = (guint32) rest };

  if (length > EXPRESSION_MAX_BYTES)
    return;
  filter = trama_filter_new (expression, &error);
  g_assert_true ((filter == NULL) == (error != NULL));
  if (filter == NULL)
    return;
  if (!trama_filter_matches (filter, link_type, &packet, data + size - rest))
    trama_filter_get_failure (filter);
  packet.length_bytes += 9;
  trama_filter_matches (filter, 147, &packet, data + size - rest);
}
