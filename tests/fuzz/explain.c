/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/explain.h"

#include "tests/fuzz/fuzz.h"

static void
check_text (const char *text)
{
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
}

/* As for decode: the link type in two bytes, how many were not captured in two, the packet. */
void
fuzz_one (const guint8 *data, gsize size)
{
  guint32 link_type = fuzz_take (&data, &size, 2);
  gsize missing = fuzz_take (&data, &size, 2);
  g_autoptr (GPtrArray) fields = trama_explain_packet (link_type, data, size, size + missing, 1, 2);
  guint depth = 0;

  for (guint i = 0; i < fields->len; i++)
    {
      const TramaField *field = g_ptr_array_index (fields, i);

      g_assert_cmpuint (field->offset, <=, size);
      g_assert_cmpuint (field->size_bytes, <=, size - field->offset);
      g_assert_cmpuint (field->depth, <=, depth + 1);
      g_assert_nonnull (field->name);
      check_text (field->value);
      check_text (field->meaning);
      depth = field->depth;
    }
}
