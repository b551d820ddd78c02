/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/decode.h"

#include "tests/fuzz/fuzz.h"

/* What holds for any bytes. */
static void
check (const TramaDecoded *decoded, gsize captured, gsize length)
{
  gsize transport = (gsize) decoded->link_bytes + decoded->network_bytes;

  g_assert_cmpuint (decoded->link_bytes, <=, captured);
  if (decoded->ip_version == 0)
    {
      g_assert_cmpuint (decoded->protocol + decoded->network_bytes + decoded->transport_bytes, ==, 0);
      return;
    }
  g_assert_cmpuint (decoded->network_end, <=, length);
  if (decoded->transport_bytes > 0)
    {
      g_assert_cmpuint (transport + MIN (decoded->transport_bytes, 20), <=, captured);
      g_assert_cmpuint (decoded->payload_offset, ==, transport + decoded->transport_bytes);
    }
  if (decoded->payload_offset > 0)
    g_assert_cmpuint ((gsize) decoded->payload_offset + decoded->payload_bytes, <=, decoded->network_end);
  if (decoded->status == TRAMA_DECODE_OK)
    g_assert_cmpuint (decoded->payload_offset, <=, captured);
}

/* The link type in two bytes, how many were not captured in two, the packet. */
void
fuzz_one (const guint8 *data, gsize size)
{
  guint32 link_type = fuzz_take (&data, &size, 2);
  gsize missing = fuzz_take (&data, &size, 2);
  TramaDecoded decoded;
  g_autofree char *flags = NULL;

  g_assert_cmpint (trama_decode (link_type, data, size, size + missing, &decoded), ==, decoded.status);
  check (&decoded, size, size + missing);
  g_assert_cmpint (trama_decode_transport_checksum (data, size, &decoded), <=, TRAMA_CHECKSUM_NOT_COMPUTED);
  flags = trama_tcp_flags_format (decoded.tcp_flags);
}
