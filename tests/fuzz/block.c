/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/block.h"

#include "core/trace/call.h"
#include "core/trace/sockaddr_fields.h"
#include "tests/fuzz/fuzz.h"

static void
show_call (const TramaCall *call)
{
  g_autofree char *whole = trama_call_format (call);
  g_autofree char *entry = trama_call_format_entry_args (call);
  g_autofree char *outcome = trama_call_format_outcome (call);

  g_assert_true (g_utf8_validate (whole, -1, NULL));
  g_assert_true (g_utf8_validate (entry, -1, NULL));
  g_assert_true (outcome == NULL || g_utf8_validate (outcome, -1, NULL));
  for (guint i = 0; i < call->n_args; i++)
    if (call->args[i].kind == TRAMA_VALUE_ADDRESS)
      {
        g_autoptr (GPtrArray) fields = trama_fields_of_address (call->args[i].bytes, call->args[i].size);

        g_assert_cmpuint (fields->len, >, 0);
      }
}

/* What was read can be written, and is read back as it was. */
static void
check_round_trip (const TramaEvent *event)
{
  g_autoptr (GByteArray) first = g_byte_array_new ();
  g_autoptr (GByteArray) second = g_byte_array_new ();
  const char *reason = NULL;
  TramaEvent again;

  trama_block_encode (first, event);
  g_assert_true (trama_block_decode (first->data, first->len, FALSE, &again, &reason));
  trama_block_encode (second, &again);
  g_assert_cmpmem (first->data, first->len, second->data, second->len);
}

/* The first byte chooses the byte order. */
void
fuzz_one (const guint8 *data, gsize size)
{
  gboolean swapped = (fuzz_take (&data, &size, 1) & 1) != 0;
  g_autoptr (TramaStore) store = trama_store_new ();
  const char *reason = NULL;
  TramaEvent event;

  if (!trama_block_decode (data, size, swapped, &event, &reason))
    {
      g_assert_nonnull (reason);
      return;
    }
  if (event.kind == 0)
    return;
  check_round_trip (&event);
  if (event.kind == TRAMA_EVENT_CALL || event.kind == TRAMA_EVENT_RETURN)
    show_call (&event.call);
  trama_store_append (&event, store);
}
