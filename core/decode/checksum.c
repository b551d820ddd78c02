/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "core/decode/checksum.h"
#include "core/decode/decode.h"
#include "core/decode/extension.h"

#include <netinet/in.h>
#include <netinet/ip.h>

guint64
trama_checksum_add (guint64 sum, const guint8 *bytes, gsize size)
{
  for (gsize i = 0; i + 1 < size; i += 2)
    sum += trama_read_u16 (bytes + i);
  if (size % 2 == 1)
    sum += (guint32) bytes[size - 1] << 8;
  return sum;
}

guint16
trama_checksum_fold (guint64 sum)
{
  while (sum > G_MAXUINT16)
    sum = (sum & G_MAXUINT16) + (sum >> 16);
  return (guint16) sum;
}

/* Where the field stands in its header, -1: none. */
static int
field_offset (guint8 protocol)
{
  switch (protocol)
    {
    case IPPROTO_TCP:
      return 16;
    case IPPROTO_UDP:
      return 6;
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
      return 2;
    default:
      return -1;
    }
}

/* RFC 791, section 3.1: a source route whose pointer has not passed its end. Only a whole header comes here. */
static gboolean
is_under_way4 (const guint8 *data, const TramaDecoded *decoded)
{
  gsize end = decoded->link_bytes + decoded->network_bytes;
  gsize at = decoded->link_bytes + 20;

  while (at + 2 < end && data[at] != IPOPT_END)
    {
      if ((data[at] == IPOPT_LSRR || data[at] == IPOPT_SSRR) && data[at + 2] <= data[at + 1])
        return TRUE;
      at += data[at] == IPOPT_NOOP ? 1 : MAX (data[at + 1], 1u);
    }
  return FALSE;
}

/* RFC 8200, section 4.4: a routing header with segments left. Only a whole chain comes here. */
static gboolean
is_under_way6 (const guint8 *data, gsize captured, const TramaDecoded *decoded)
{
  guint32 offset = decoded->link_bytes + 40;
  guint8 protocol = data[decoded->link_bytes + 6];
  TramaExtension extension;

  while (offset < decoded->link_bytes + decoded->network_bytes
         && trama_extension_read (data, captured, protocol, offset, &extension))
    {
      if (protocol == IPPROTO_ROUTING && data[offset + 3] > 0)
        return TRUE;
      protocol = extension.next;
      offset += extension.size_bytes;
    }
  return FALSE;
}

/* RFC 9293, section 3.1; RFC 8200, section 8.1. ICMP for IPv4 has none. */
static guint64
pseudo_header_sum (const TramaDecoded *decoded, guint32 size)
{
  gsize address_bytes = decoded->ip_version == 4 ? 4 : 16;
  guint64 sum;

  if (decoded->protocol == IPPROTO_ICMP)
    return 0;
  sum = trama_checksum_add (0, decoded->source.address, address_bytes);
  sum = trama_checksum_add (sum, decoded->destination.address, address_bytes);
  return sum + decoded->protocol + size;
}

/*
 * A packet that is routed by its source stands between two stations: the sum was made
 * for the last one, which the header does not name as its destination.
 */
static gboolean
is_under_way (const guint8 *data, gsize captured, const TramaDecoded *decoded)
{
  return decoded->ip_version == 4 ? is_under_way4 (data, decoded) : is_under_way6 (data, captured, decoded);
}

static gboolean
is_covered (const guint8 *data, gsize captured, const TramaDecoded *decoded)
{
  if (decoded->status != TRAMA_DECODE_OK || decoded->transport_bytes == 0
      || decoded->fragment != TRAMA_FRAGMENT_NONE)
    return FALSE;
  if (!trama_bytes_hold (captured, decoded->payload_offset, decoded->payload_bytes))
    return FALSE;
  return !is_under_way (data, captured, decoded);
}

TramaChecksum
trama_decode_transport_checksum (const guint8 *data, gsize captured, const TramaDecoded *decoded)
{
  guint32 size = decoded->transport_bytes + decoded->payload_bytes;
  int field = field_offset (decoded->protocol);
  const guint8 *segment;
  guint64 pseudo;
  guint16 stated;

  if (field < 0 || !is_covered (data, captured, decoded))
    return TRAMA_CHECKSUM_ABSENT;
  segment = data + decoded->link_bytes + decoded->network_bytes;
  stated = trama_read_u16 (segment + field);
  if (decoded->protocol == IPPROTO_UDP && stated == 0)
    return TRAMA_CHECKSUM_ABSENT;
  pseudo = pseudo_header_sum (decoded, size);
  if (trama_checksum_fold (trama_checksum_add (pseudo, segment, size)) == 0xffff)
    return TRAMA_CHECKSUM_GOOD;
  if (pseudo != 0 && stated == trama_checksum_fold (pseudo))
    return TRAMA_CHECKSUM_NOT_COMPUTED;
  return TRAMA_CHECKSUM_BAD;
}
