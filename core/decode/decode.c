/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "core/decode/descent.h"
#include "core/decode/extension.h"
#include "core/decode/link.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define IP4_MIN_BYTES 20
#define IP6_BYTES 40
#define TCP_MIN_BYTES 20
#define UDP_BYTES 8
#define ICMP_BYTES 8

static guint32
transport_offset (const TramaDecoded *decoded)
{
  return decoded->link_bytes + decoded->network_bytes;
}

static void
set_payload (TramaDecoded *decoded, guint32 header_bytes, guint32 end)
{
  decoded->transport_bytes = header_bytes;
  decoded->payload_offset = transport_offset (decoded) + header_bytes;
  decoded->payload_bytes = end - decoded->payload_offset;
}

static TramaDecodeStatus
decode_tcp (const TramaDescent *packet, TramaDecoded *decoded)
{
  guint32 offset = transport_offset (decoded);
  const guint8 *header = packet->data + offset;
  guint32 header_bytes;

  if (decoded->network_end - offset < TCP_MIN_BYTES)
    return TRAMA_DECODE_MALFORMED;
  if (!trama_bytes_hold (packet->captured, offset, TCP_MIN_BYTES))
    return TRAMA_DECODE_TRUNCATED;
  header_bytes = (header[12] >> 4) * 4u;
  if (header_bytes < TCP_MIN_BYTES || header_bytes > decoded->network_end - offset)
    return TRAMA_DECODE_MALFORMED;
  decoded->source.port = trama_read_u16 (header);
  decoded->destination.port = trama_read_u16 (header + 2);
  decoded->sequence = trama_read_u32 (header + 4);
  decoded->acknowledgment = trama_read_u32 (header + 8);
  decoded->tcp_flags = header[13];
  decoded->window = trama_read_u16 (header + 14);
  set_payload (decoded, header_bytes, decoded->network_end);
  return trama_bytes_hold (packet->captured, offset, header_bytes) ? TRAMA_DECODE_OK : TRAMA_DECODE_TRUNCATED;
}

/*
 * A datagram may end before its packet does. That it goes on behind its packet is
 * in order only where the other fragments bring the rest. Length 0 is a jumbogram
 * (RFC 2675, section 4).
 */
static TramaDecodeStatus
decode_udp (const TramaDescent *packet, TramaDecoded *decoded)
{
  guint32 offset = transport_offset (decoded);
  const guint8 *header = packet->data + offset;
  guint32 room = decoded->network_end - offset;
  guint32 length;

  if (room < UDP_BYTES)
    return TRAMA_DECODE_MALFORMED;
  if (!trama_bytes_hold (packet->captured, offset, UDP_BYTES))
    return TRAMA_DECODE_TRUNCATED;
  length = trama_read_u16 (header + 4);
  if (length == 0 && room > G_MAXUINT16)
    length = room;
  if (length < UDP_BYTES)
    return TRAMA_DECODE_MALFORMED;
  decoded->source.port = trama_read_u16 (header);
  decoded->destination.port = trama_read_u16 (header + 2);
  set_payload (decoded, UDP_BYTES, offset + MIN (length, room));
  if (decoded->fragment == TRAMA_FRAGMENT_FIRST)
    decoded->datagram_bytes = length - UDP_BYTES;
  return length <= room || decoded->fragment == TRAMA_FRAGMENT_FIRST ? TRAMA_DECODE_OK
                                                                     : TRAMA_DECODE_MALFORMED;
}

static TramaDecodeStatus
decode_icmp (const TramaDescent *packet, TramaDecoded *decoded)
{
  guint32 offset = transport_offset (decoded);

  if (decoded->network_end - offset < ICMP_BYTES)
    return TRAMA_DECODE_MALFORMED;
  if (!trama_bytes_hold (packet->captured, offset, ICMP_BYTES))
    return TRAMA_DECODE_TRUNCATED;
  set_payload (decoded, ICMP_BYTES, decoded->network_end);
  return TRAMA_DECODE_OK;
}

static TramaDecodeStatus
decode_transport (const TramaDescent *packet, guint8 protocol, TramaDecoded *decoded)
{
  if (decoded->fragment == TRAMA_FRAGMENT_LATER || protocol == IPPROTO_NONE)
    {
      set_payload (decoded, 0, decoded->network_end);
      return TRAMA_DECODE_OK;
    }
  decoded->protocol = protocol;
  switch (protocol)
    {
    case IPPROTO_TCP:
      return decode_tcp (packet, decoded);
    case IPPROTO_UDP:
      return decode_udp (packet, decoded);
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
      return decode_icmp (packet, decoded);
    default:
      set_payload (decoded, 0, decoded->network_end);
      return TRAMA_DECODE_OK;
    }
}

/* A packet that claims to go on behind what is around it is cut there, and what it holds decoded all the same. */
static void
set_network_end (TramaDescent *packet, guint32 size, TramaDecoded *decoded)
{
  guint32 room = packet->length - decoded->link_bytes;

  decoded->network_end = decoded->link_bytes + MIN (size, room);
  if (size > room)
    packet->is_damaged = TRUE;
}

static void
set_addresses (TramaDecoded *decoded,
               guint8 family,
               const guint8 *source,
               const guint8 *destination,
               gsize size)
{
  decoded->source.family = family;
  decoded->destination.family = family;
  memcpy (decoded->source.address, source, size);
  memcpy (decoded->destination.address, destination, size);
}

static void
set_fragment (TramaDecoded *decoded, guint offset, gboolean more, guint8 protocol, guint32 id)
{
  decoded->fragment = offset > 0 ? TRAMA_FRAGMENT_LATER : more ? TRAMA_FRAGMENT_FIRST : TRAMA_FRAGMENT_NONE;
  if (decoded->fragment == TRAMA_FRAGMENT_NONE)
    return;
  decoded->fragment_protocol = protocol;
  decoded->fragment_id = id;
}

static TramaDecodeStatus
decode_ip4 (TramaDescent *packet, TramaDecoded *decoded)
{
  const guint8 *header = packet->data + decoded->link_bytes;
  guint32 header_bytes, size;
  guint16 fragment;

  if (!trama_bytes_hold (packet->captured, decoded->link_bytes, IP4_MIN_BYTES))
    return TRAMA_DECODE_TRUNCATED;
  header_bytes = (header[0] & 0x0f) * 4u;
  size = trama_read_u16 (header + 2);
  if (size == 0) /* what a sender with segmentation offload hands to the device when 16 bits do not hold it */
    size = packet->length - decoded->link_bytes;
  if (header[0] >> 4 != 4 || header_bytes < IP4_MIN_BYTES || size < header_bytes)
    return TRAMA_DECODE_MALFORMED;

  decoded->ip_version = 4;
  decoded->network_bytes = header_bytes;
  decoded->identification = trama_read_u16 (header + 4);
  fragment = trama_read_u16 (header + 6);
  set_fragment (decoded, fragment & 0x1fff, (fragment & 0x2000) != 0, header[9], decoded->identification);
  set_addresses (decoded, AF_INET, header + 12, header + 16, 4);
  set_network_end (packet, size, decoded);
  if (decoded->network_end < transport_offset (decoded))
    return TRAMA_DECODE_MALFORMED;
  if (!trama_bytes_hold (packet->captured, decoded->link_bytes, header_bytes))
    return TRAMA_DECODE_TRUNCATED;
  return decode_transport (packet, header[9], decoded);
}

/* Steps over the extension headers, so that network_bytes counts them; *@protocol is what they lead to. */
static TramaDecodeStatus
decode_extensions (const TramaDescent *packet, guint8 *protocol, TramaDecoded *decoded)
{
  TramaExtension extension;
  guint32 offset;

  for (guint i = 0; trama_extension_is_known (*protocol); i++)
    {
      offset = transport_offset (decoded);
      if (i == TRAMA_EXTENSION_MAX)
        return TRAMA_DECODE_MALFORMED;
      if (!trama_extension_read (packet->data, packet->captured, *protocol, offset, &extension))
        return decoded->network_end - offset < 8 ? TRAMA_DECODE_MALFORMED : TRAMA_DECODE_TRUNCATED;
      if (extension.size_bytes > decoded->network_end - offset)
        return TRAMA_DECODE_MALFORMED;
      if (!trama_bytes_hold (packet->captured, offset, extension.size_bytes))
        return TRAMA_DECODE_TRUNCATED;
      decoded->network_bytes += extension.size_bytes;
      *protocol = extension.next;
      if (extension.protocol == IPPROTO_FRAGMENT)
        {
          guint16 fragment = trama_read_u16 (packet->data + offset + 2);

          set_fragment (decoded, fragment >> 3, (fragment & 1) != 0, extension.next,
                        trama_read_u32 (packet->data + offset + 4));
          if (decoded->fragment == TRAMA_FRAGMENT_LATER)
            return TRAMA_DECODE_OK;
        }
    }
  return TRAMA_DECODE_OK;
}

static TramaDecodeStatus
decode_ip6 (TramaDescent *packet, TramaDecoded *decoded)
{
  const guint8 *header = packet->data + decoded->link_bytes;
  TramaDecodeStatus status;
  guint32 size;
  guint8 protocol;

  if (!trama_bytes_hold (packet->captured, decoded->link_bytes, IP6_BYTES))
    return TRAMA_DECODE_TRUNCATED;
  if (header[0] >> 4 != 6)
    return TRAMA_DECODE_MALFORMED;
  decoded->ip_version = 6;
  decoded->network_bytes = IP6_BYTES;
  set_addresses (decoded, AF_INET6, header + 8, header + 24, 16);
  protocol = header[6];
  size = trama_read_u16 (header + 4);
  /* A jumbogram (RFC 2675, section 2), or what is left to segmentation offload and is as large. */
  if (size == 0 && (protocol == IPPROTO_HOPOPTS || packet->length - transport_offset (decoded) > G_MAXUINT16))
    size = packet->length - transport_offset (decoded);
  set_network_end (packet, IP6_BYTES + size, decoded);

  status = decode_extensions (packet, &protocol, decoded);
  return status == TRAMA_DECODE_OK ? decode_transport (packet, protocol, decoded) : status;
}

TramaDecodeStatus
trama_descent_pass_ip (TramaDescent *descent, TramaDecoded *decoded)
{
  TramaDecodeStatus status = TRAMA_DECODE_MALFORMED;

  decoded->link_bytes = descent->offset;
  decoded->ether_type = descent->ether_type;
  descent->next = TRAMA_HEADER_NONE;
  if (trama_descent_count (descent))
    status = descent->ether_type == TRAMA_ETHER_IPV4 ? decode_ip4 (descent, decoded)
                                                     : decode_ip6 (descent, decoded);
  if (status == TRAMA_DECODE_OK && decoded->fragment == TRAMA_FRAGMENT_NONE)
    trama_descent_enter (descent, decoded);
  return status;
}

/* A tunnel whose contents cannot be read is a packet like any other. */
static TramaDecodeStatus
decode_inner (TramaDescent *descent, TramaDecoded *decoded)
{
  TramaDecoded inner = { 0 };
  TramaDecodeStatus status = trama_descent_pass_ip (descent, &inner);

  if (inner.ip_version != 0)
    *decoded = inner;
  return status;
}

TramaDecodeStatus
trama_decode (guint32 link_type, const guint8 *data, gsize captured, gsize length, TramaDecoded *decoded)
{
  TramaDescent descent;
  TramaDecodeStatus status = trama_descent_begin (&descent, link_type, data, captured, length);

  memset (decoded, 0, sizeof *decoded);
  while (status == TRAMA_DECODE_OK && descent.next != TRAMA_HEADER_NONE)
    if (descent.next != TRAMA_HEADER_IP)
      status = trama_descent_pass (&descent);
    else if (decoded->ip_version == 0)
      status = trama_descent_pass_ip (&descent, decoded);
    else
      status = decode_inner (&descent, decoded);
  status = trama_descent_judge (&descent, status);
  if (decoded->ip_version == 0)
    {
      decoded->link_bytes = descent.offset;
      decoded->ether_type = descent.ether_type;
    }
  decoded->status = (guint8) status;
  return status;
}

char *
trama_tcp_flags_format (guint8 flags)
{
  static const struct
  {
    guint8 flag;
    const char *name;
  } order[] = {
    { TRAMA_TCP_SYN, "SYN" }, { TRAMA_TCP_FIN, "FIN" }, { TRAMA_TCP_RST, "RST" }, { TRAMA_TCP_PSH, "PSH" },
    { TRAMA_TCP_ACK, "ACK" }, { TRAMA_TCP_URG, "URG" }, { TRAMA_TCP_ECE, "ECE" }, { TRAMA_TCP_CWR, "CWR" },
  };
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    if (flags & order[i].flag)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", order[i].name);
  return g_string_free (text, FALSE);
}
