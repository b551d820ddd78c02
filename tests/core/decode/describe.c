/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/decode/describe.h"

#include "tests/core/decode/frames.h"

#include <netinet/in.h>

static const char *const status_names[] = { "ok", "link unknown", "truncated", "malformed" };
static const char *const fragment_names[] = { "", " first fragment", " later fragment" };
static const char *const checksum_names[] = { "absent", "good", "bad", "not computed" };

/* One line of all that was found. */
static char *
describe (const guint8 *data, gsize captured, const TramaDecoded *decoded)
{
  GString *text = g_string_new (status_names[decoded->status]);
  g_autofree char *flags = trama_tcp_flags_format (decoded->tcp_flags);
  g_autofree char *source = NULL;
  g_autofree char *destination = NULL;

  if (decoded->ip_version == 0)
    {
      g_string_append_printf (text, " type %04x at %u", decoded->ether_type, decoded->link_bytes);
      return g_string_free (text, FALSE);
    }
  source = trama_endpoint_format (&decoded->source);
  destination = trama_endpoint_format (&decoded->destination);
  g_string_append_printf (text, " ip%u%s protocol %u %s > %s", decoded->ip_version,
                          fragment_names[decoded->fragment], decoded->protocol, source, destination);
  if (decoded->protocol == IPPROTO_TCP)
    g_string_append_printf (text, " [%s] seq %u ack %u win %u", flags, decoded->sequence,
                            decoded->acknowledgment, decoded->window);
  g_string_append_printf (text, " headers %u+%u+%u payload %u+%u end %u checksum %s", decoded->link_bytes,
                          decoded->network_bytes, decoded->transport_bytes, decoded->payload_offset,
                          decoded->payload_bytes, decoded->network_end,
                          checksum_names[trama_decode_transport_checksum (data, captured, decoded)]);
  return g_string_free (text, FALSE);
}

void
assert_decodes (guint32 link_type,
                const GByteArray *bytes,
                gsize captured,
                gsize length,
                const char *expected)
{
  g_autofree guint8 *copy = NULL;
  const guint8 *data = frame_copy (bytes, captured, &copy);
  g_autofree char *found = NULL;
  TramaDecoded decoded;

  g_assert_cmpint (trama_decode (link_type, data, captured, length, &decoded), ==, decoded.status);
  found = describe (data, captured, &decoded);
  g_assert_cmpstr (found, ==, expected);
}

void
assert_bytes (guint32 link_type, const GByteArray *bytes, const char *expected)
{
  assert_decodes (link_type, bytes, bytes->len, bytes->len, expected);
}

void
assert_changed (const char *name, gsize offset, const char *hex, const char *expected)
{
  const Frame *frame = frame_named (name);
  const Frame change = { .hex = hex };
  g_autoptr (GByteArray) bytes = frame_bytes (frame);
  g_autoptr (GByteArray) changed = frame_bytes (&change);

  g_assert_cmpuint (offset + changed->len, <=, bytes->len);
  memcpy (bytes->data + offset, changed->data, changed->len);
  assert_bytes (frame->link_type, bytes, expected);
}
