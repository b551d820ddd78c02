/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/source/inflate.h"

#include "tests/fuzz/fuzz.h"

/* More is not unpacked of one input. */
#define OUT_MAX_BYTES (4u << 20)

/* Reads with a buffer of a size that the first byte chooses. */
void
fuzz_one (const guint8 *data, gsize size)
{
  gsize room = 1 + fuzz_take (&data, &size, 1) * 17;
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_data (data, (gssize) size, NULL);
  g_autoptr (TramaInflate) inflate = trama_inflate_new ();
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (memory, G_CONVERTER (inflate));
  g_autofree guint8 *buffer = g_malloc (room);
  g_autoptr (GError) error = NULL;
  gsize total = 0;
  gssize n = 1;

  while (n > 0 && total < OUT_MAX_BYTES)
    {
      n = g_input_stream_read (stream, buffer, room, NULL, &error);
      g_assert_true ((n < 0) == (error != NULL));
      total += (gsize) MAX (n, 0);
    }
}
