/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "core/decode/descent.h"
#include "core/decode/gre.h"
#include "core/decode/link.h"
#include "core/decode/link_sizes.h"

#include <netinet/in.h>

#define ETHERNET_BYTES 14
#define TAG_BYTES 4
#define LABEL_BYTES 4
#define PPPOE_BYTES 6
#define PPP_BYTES 2
#define LLC_BYTES 3
#define SNAP_BYTES 5
#define GRE_MIN_BYTES 4

/* RFC 2516, section 4 */
#define PPPOE_VERSION_AND_TYPE 0x11
#define PPPOE_CODE_SESSION 0

/* RFC 3032, section 2.1 */
#define LABEL_IPV4_EXPLICIT_NULL 0
#define LABEL_IPV6_EXPLICIT_NULL 2
#define LABEL_BOTTOM 0x100u

/* Which of them go on with headers that are followed. */
static TramaHeaderKind
header_of_type (guint16 ether_type)
{
  switch (ether_type)
    {
    case TRAMA_ETHER_IPV4:
    case TRAMA_ETHER_IPV6:
      return TRAMA_HEADER_IP;
    case TRAMA_ETHER_VLAN:
    case TRAMA_ETHER_SERVICE_VLAN:
    case TRAMA_ETHER_OLD_SERVICE_VLAN:
      return TRAMA_HEADER_TAG;
    case TRAMA_ETHER_MPLS:
    case TRAMA_ETHER_MPLS_MULTICAST:
      return TRAMA_HEADER_MPLS;
    case TRAMA_ETHER_PPPOE_SESSION:
      return TRAMA_HEADER_PPPOE;
    case TRAMA_ETHER_BRIDGED:
      return TRAMA_HEADER_ETHERNET;
    default:
      return TRAMA_HEADER_NONE;
    }
}

static gboolean
is_captured (const TramaDescent *descent, guint32 size)
{
  return trama_bytes_hold (descent->captured, descent->offset, size);
}

/* What follows ends after @size bytes from @offset. */
static void
set_bound (TramaDescent *descent, guint32 offset, guint32 size)
{
  if (!trama_bytes_hold (descent->length, offset, size))
    {
      descent->is_damaged = TRUE;
      return;
    }
  descent->length = offset + size;
  descent->captured = MIN (descent->captured, descent->length);
}

static void
go_on (TramaDescent *descent, guint32 header_bytes, guint16 ether_type)
{
  descent->offset += header_bytes;
  descent->ether_type = ether_type;
  descent->next = (guint8) header_of_type (ether_type);
}

/* IEEE 802.3: where a type would be a length, LLC follows, if the frame has room for it. */
static void
look_for_llc (TramaDescent *descent)
{
  if (descent->ether_type < TRAMA_ETHER_TYPE_MIN && descent->is_framed
      && trama_bytes_hold (descent->length, descent->offset, LLC_BYTES + SNAP_BYTES))
    descent->next = TRAMA_HEADER_LLC;
}

TramaDecodeStatus
trama_descent_begin (TramaDescent *descent,
                     guint32 link_type,
                     const guint8 *data,
                     gsize captured,
                     gsize length)
{
  TramaDecodeStatus status;
  guint32 header_bytes = 0;
  guint16 ether_type = 0;

  *descent = (TramaDescent){ .data = data, .n_headers = 1 };
  descent->captured = (guint32) MIN (captured, G_MAXINT32);
  descent->length = (guint32) CLAMP (length, descent->captured, G_MAXINT32);
  status = trama_link_decode (link_type, data, descent->captured, &header_bytes, &ether_type);
  if (link_type == TRAMA_LINK_NFLOG && header_bytes == descent->captured
      && descent->captured < descent->length)
    status = TRAMA_DECODE_TRUNCATED; /* the packet, or another attribute, begins behind it */
  if (status != TRAMA_DECODE_OK)
    return status;
  go_on (descent, header_bytes, ether_type);
  descent->is_framed = link_type == TRAMA_LINK_ETHERNET;
  if (trama_link_is_llc (link_type, ether_type))
    descent->next = TRAMA_HEADER_LLC;
  else
    look_for_llc (descent);
  return TRAMA_DECODE_OK;
}

static TramaDecodeStatus
pass_ethernet (TramaDescent *descent)
{
  if (!is_captured (descent, ETHERNET_BYTES))
    return TRAMA_DECODE_TRUNCATED;
  go_on (descent, ETHERNET_BYTES, trama_read_u16 (descent->data + descent->offset + 12));
  descent->is_framed = TRUE;
  look_for_llc (descent);
  return TRAMA_DECODE_OK;
}

static TramaDecodeStatus
pass_tag (TramaDescent *descent)
{
  if (!is_captured (descent, TAG_BYTES))
    return TRAMA_DECODE_TRUNCATED;
  go_on (descent, TAG_BYTES, trama_read_u16 (descent->data + descent->offset + 2));
  look_for_llc (descent);
  return TRAMA_DECODE_OK;
}

/* A label tells nothing of what is below it but for the two; the IP version does (RFC 4928, section 3). */
static TramaDecodeStatus
pass_label (TramaDescent *descent)
{
  guint32 entry;

  if (!is_captured (descent, LABEL_BYTES))
    return TRAMA_DECODE_TRUNCATED;
  entry = trama_read_u32 (descent->data + descent->offset);
  if ((entry & LABEL_BOTTOM) == 0)
    {
      go_on (descent, LABEL_BYTES, descent->ether_type);
      return TRAMA_DECODE_OK;
    }
  go_on (descent, LABEL_BYTES, 0);
  if (entry >> 12 == LABEL_IPV4_EXPLICIT_NULL)
    go_on (descent, 0, TRAMA_ETHER_IPV4);
  else if (entry >> 12 == LABEL_IPV6_EXPLICIT_NULL)
    go_on (descent, 0, TRAMA_ETHER_IPV6);
  else if (is_captured (descent, 1))
    go_on (descent, 0, trama_link_type_of_version (descent->data + descent->offset));
  else if (descent->offset < descent->length)
    return TRAMA_DECODE_TRUNCATED;
  return TRAMA_DECODE_OK;
}

static TramaDecodeStatus
pass_pppoe (TramaDescent *descent)
{
  const guint8 *header = descent->data + descent->offset;
  guint16 size;

  if (!is_captured (descent, PPPOE_BYTES + PPP_BYTES))
    return TRAMA_DECODE_TRUNCATED;
  size = trama_read_u16 (header + 4);
  if (header[0] != PPPOE_VERSION_AND_TYPE || header[1] != PPPOE_CODE_SESSION || size < PPP_BYTES)
    return TRAMA_DECODE_MALFORMED;
  set_bound (descent, descent->offset + PPPOE_BYTES, size);
  go_on (descent, PPPOE_BYTES + PPP_BYTES, trama_ppp_type (trama_read_u16 (header + PPPOE_BYTES)));
  return TRAMA_DECODE_OK;
}

/* The type behind an organization's number means what it means in Ethernet only for these two. */
static gboolean
is_snap (const guint8 *header)
{
  return header[0] == 0xaa && header[1] == 0xaa && header[2] == 0x03 && header[3] == 0 && header[4] == 0
         && (header[5] == 0 || header[5] == 0xf8);
}

static TramaDecodeStatus
pass_llc (TramaDescent *descent)
{
  const guint8 *header = descent->data + descent->offset;

  if (!is_captured (descent, LLC_BYTES + SNAP_BYTES))
    return TRAMA_DECODE_TRUNCATED;
  if (!is_snap (header))
    {
      descent->next = TRAMA_HEADER_NONE;
      return TRAMA_DECODE_OK;
    }
  if (descent->is_framed)
    set_bound (descent, descent->offset, descent->ether_type);
  go_on (descent, LLC_BYTES + SNAP_BYTES, trama_read_u16 (header + 6));
  return TRAMA_DECODE_OK;
}

guint32
trama_gre_header_bytes (guint16 flags)
{
  guint32 size = GRE_MIN_BYTES;

  if ((flags & TRAMA_GRE_VERSION) > 1)
    return 0;
  if ((flags & (TRAMA_GRE_CHECKSUM | TRAMA_GRE_ROUTING)) != 0)
    size += 4;
  if ((flags & TRAMA_GRE_KEY) != 0)
    size += 4;
  if ((flags & TRAMA_GRE_SEQUENCE) != 0)
    size += 4;
  if ((flags & TRAMA_GRE_VERSION) == 1 && (flags & TRAMA_GRE_ACKNOWLEDGMENT) != 0)
    size += 4;
  return size;
}

/* A route of RFC 1701 and the PPP of version 1 are not followed. */
static TramaDecodeStatus
pass_gre (TramaDescent *descent)
{
  guint32 header_bytes;
  guint16 flags;

  if (!is_captured (descent, GRE_MIN_BYTES))
    return TRAMA_DECODE_TRUNCATED;
  flags = trama_read_u16 (descent->data + descent->offset);
  header_bytes = trama_gre_header_bytes (flags);
  if (header_bytes == 0)
    {
      descent->next = TRAMA_HEADER_NONE;
      return TRAMA_DECODE_OK;
    }
  if (!trama_bytes_hold (descent->length, descent->offset, header_bytes))
    return TRAMA_DECODE_MALFORMED;
  if (!is_captured (descent, header_bytes))
    return TRAMA_DECODE_TRUNCATED;
  go_on (descent, header_bytes, trama_read_u16 (descent->data + descent->offset + 2));
  if ((flags & (TRAMA_GRE_ROUTING | TRAMA_GRE_VERSION)) != 0)
    descent->next = TRAMA_HEADER_NONE;
  return TRAMA_DECODE_OK;
}

TramaDecodeStatus
trama_descent_pass (TramaDescent *descent)
{
  if (!trama_descent_count (descent))
    return TRAMA_DECODE_MALFORMED;
  switch (descent->next)
    {
    case TRAMA_HEADER_ETHERNET:
      return pass_ethernet (descent);
    case TRAMA_HEADER_TAG:
      return pass_tag (descent);
    case TRAMA_HEADER_MPLS:
      return pass_label (descent);
    case TRAMA_HEADER_PPPOE:
      return pass_pppoe (descent);
    case TRAMA_HEADER_LLC:
      return pass_llc (descent);
    default:
      return pass_gre (descent);
    }
}

static guint16
type_of_protocol (guint8 protocol)
{
  switch (protocol)
    {
    case IPPROTO_IPIP:
      return TRAMA_ETHER_IPV4;
    case IPPROTO_IPV6:
      return TRAMA_ETHER_IPV6;
    case IPPROTO_MPLS:
      return TRAMA_ETHER_MPLS;
    default:
      return 0;
    }
}

void
trama_descent_enter (TramaDescent *descent, const TramaDecoded *decoded)
{
  guint16 ether_type = type_of_protocol (decoded->protocol);

  if ((ether_type == 0 && decoded->protocol != IPPROTO_GRE) || decoded->payload_bytes == 0)
    return;
  descent->is_framed = FALSE;
  set_bound (descent, decoded->payload_offset, decoded->payload_bytes);
  descent->offset = decoded->payload_offset;
  go_on (descent, 0, ether_type);
  if (ether_type == 0)
    descent->next = TRAMA_HEADER_GRE;
}
