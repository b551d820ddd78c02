/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/address.h"

#include "core/trace/sockaddr_fields.h"
#include "tests/fuzz/fuzz.h"

void
fuzz_one (const guint8 *data, gsize size)
{
  g_autofree char *text = trama_address_format (data, size);
  g_autoptr (GPtrArray) fields = trama_fields_of_address (data, size);
  TramaEndpoint endpoint;

  g_assert_true (g_utf8_validate (text, -1, NULL));
  if (trama_endpoint_from_address (&endpoint, data, size))
    {
      g_autofree char *shown = trama_endpoint_format (&endpoint);

      g_assert_true (g_utf8_validate (shown, -1, NULL));
    }
  for (guint i = 0; i < fields->len; i++)
    {
      const TramaField *field = g_ptr_array_index (fields, i);

      g_assert_cmpuint (field->offset, <=, size);
      g_assert_cmpuint (field->size_bytes, <=, size - field->offset);
      g_assert_true (field->value == NULL || g_utf8_validate (field->value, -1, NULL));
    }
}
