/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "core/decode/link.h"
#include "core/decode/link_sizes.h"

/* https://www.iana.org/assignments/ppp-numbers */
#define PPP_IPV4 0x0021
#define PPP_IPV6 0x0057
#define PPP_MPLS 0x0281

#define NFLOG_ATTRIBUTE_BYTES 4

#define RADIOTAP_MIN_BYTES 8
#define RADIOTAP_TIME 0x01u
#define RADIOTAP_FLAGS 0x02u
#define RADIOTAP_MORE 0x80000000u
#define RADIOTAP_FLAG_PADDED 0x20

/* Bits of a data frame's subtype, IEEE 802.11, clause 9.2.4.1.3, and of the QoS field, clause 9.2.4.5. */
#define WLAN_NO_DATA 0x40
#define WLAN_QOS 0x80
#define WLAN_QOS_SEVERAL 0x80
#define WLAN_CONTROL_BYTES 2
#define WLAN_ADDRESS_BYTES 6
#define WLAN_QOS_BYTES 2
#define WLAN_HT_BYTES 4

static guint16
read_u16_le (const guint8 *bytes)
{
  return (guint16) (bytes[1] << 8 | bytes[0]);
}

static guint32
read_u32_le (const guint8 *bytes)
{
  return (guint32) read_u16_le (bytes + 2) << 16 | read_u16_le (bytes);
}

guint16
trama_ppp_type (guint16 protocol)
{
  switch (protocol)
    {
    case PPP_IPV4:
      return TRAMA_ETHER_IPV4;
    case PPP_IPV6:
      return TRAMA_ETHER_IPV6;
    case PPP_MPLS:
      return TRAMA_ETHER_MPLS;
    default:
      return 0;
    }
}

/* A protocol may be sent as one byte when its first is 0, which its odd last byte tells: RFC 1661, section 6.5. */
static TramaDecodeStatus
measure_protocol (const guint8 *data, gsize captured, guint32 *header_bytes, guint16 *ether_type)
{
  gsize offset = *header_bytes;

  if (!trama_bytes_hold (captured, offset, 1))
    return TRAMA_DECODE_TRUNCATED;
  if (data[offset] & 1)
    {
      *header_bytes += 1;
      *ether_type = trama_ppp_type (data[offset]);
      return TRAMA_DECODE_OK;
    }
  if (!trama_bytes_hold (captured, offset, 2))
    return TRAMA_DECODE_TRUNCATED;
  *header_bytes += 2;
  *ether_type = trama_ppp_type (trama_read_u16 (data + offset));
  return TRAMA_DECODE_OK;
}

TramaDecodeStatus
trama_ppp_measure (const guint8 *data, gsize captured, guint32 *header_bytes, guint16 *ether_type)
{
  *header_bytes = 0;
  if (captured >= 1 && (data[0] == 0x0f || data[0] == 0x8f)) /* RFC 1547, section 4.3.1 */
    {
      if (captured < 4)
        return TRAMA_DECODE_TRUNCATED;
      *header_bytes = 4;
      *ether_type = trama_read_u16 (data + 2);
      return TRAMA_DECODE_OK;
    }
  if (captured == 1 && data[0] == 0xff)
    return TRAMA_DECODE_TRUNCATED;
  if (captured >= 2 && data[0] == 0xff && data[1] == 0x03)
    *header_bytes = 2;
  return measure_protocol (data, captured, header_bytes, ether_type);
}

/* RFC 2516, section 4: what is no session is told by its code. */
TramaDecodeStatus
trama_pppoe_measure (const guint8 *data, gsize captured, guint32 *header_bytes, guint16 *ether_type)
{
  if (captured < 2)
    return TRAMA_DECODE_TRUNCATED;
  *header_bytes = 0;
  *ether_type = data[1] == 0 ? TRAMA_ETHER_PPPOE_SESSION : TRAMA_ETHER_PPPOE_DISCOVERY;
  return TRAMA_DECODE_OK;
}

/* In the byte order of the machine that captured; types are small numbers, so the order shows. */
TramaNflogAttribute
trama_nflog_attribute (const guint8 *header)
{
  TramaNflogAttribute attribute = { read_u16_le (header + 2), read_u16_le (header) };

  if (attribute.type > G_MAXUINT8)
    attribute = (TramaNflogAttribute){ trama_read_u16 (header + 2), trama_read_u16 (header) };
  return attribute;
}

TramaDecodeStatus
trama_nflog_measure (const guint8 *data, gsize captured, guint32 *header_bytes, guint16 *ether_type)
{
  gsize offset = TRAMA_NFLOG_BYTES;

  if (captured < TRAMA_NFLOG_BYTES)
    return TRAMA_DECODE_TRUNCATED;
  if (data[1] != 0) /* the version */
    return TRAMA_DECODE_MALFORMED;
  while (trama_bytes_hold (captured, offset, NFLOG_ATTRIBUTE_BYTES))
    {
      TramaNflogAttribute attribute = trama_nflog_attribute (data + offset);

      if (attribute.size < NFLOG_ATTRIBUTE_BYTES)
        return TRAMA_DECODE_MALFORMED;
      if (attribute.type == TRAMA_NFLOG_PAYLOAD)
        {
          *header_bytes = (guint32) offset + NFLOG_ATTRIBUTE_BYTES;
          *ether_type = *header_bytes < captured ? trama_link_type_of_version (data + *header_bytes) : 0;
          return TRAMA_DECODE_OK;
        }
      offset += (attribute.size + 3u) & ~3u;
    }
  if (offset != captured)
    return TRAMA_DECODE_TRUNCATED;
  *header_bytes = (guint32) captured;
  *ether_type = 0;
  return TRAMA_DECODE_OK;
}

static gsize
count_wlan_bytes (const guint8 *frame)
{
  gboolean has_fourth = (frame[1] & TRAMA_WLAN_TO_DS) && (frame[1] & TRAMA_WLAN_FROM_DS);
  gsize size = TRAMA_WLAN_MIN_BYTES;

  if (has_fourth)
    size += WLAN_ADDRESS_BYTES;
  if (frame[0] & WLAN_QOS)
    size += WLAN_QOS_BYTES;
  if ((frame[0] & WLAN_QOS) && (frame[1] & TRAMA_WLAN_ORDER))
    size += WLAN_HT_BYTES;
  return size;
}

/* Whether LLC follows at once: not in one of several pieces, several in one, or in what is encrypted. */
static gboolean
is_followed (const guint8 *frame)
{
  gboolean has_fourth = (frame[1] & TRAMA_WLAN_TO_DS) && (frame[1] & TRAMA_WLAN_FROM_DS);
  gsize qos = TRAMA_WLAN_MIN_BYTES + (has_fourth ? WLAN_ADDRESS_BYTES : 0);

  if ((frame[0] & WLAN_NO_DATA) || (frame[1] & (TRAMA_WLAN_PROTECTED | TRAMA_WLAN_MORE_FRAGMENTS))
      || (frame[22] & 0x0f) != 0)
    return FALSE;
  return !(frame[0] & WLAN_QOS) || !(frame[qos] & WLAN_QOS_SEVERAL);
}

/* Of what manages the network only the beginning is told, at @offset; @is_padded: to four bytes. */
static TramaDecodeStatus
measure_wlan (const guint8 *data,
              gsize captured,
              gsize offset,
              gboolean is_padded,
              guint32 *header_bytes,
              guint16 *ether_type)
{
  const guint8 *frame = data + offset;
  gsize size;

  if (!trama_bytes_hold (captured, offset, WLAN_CONTROL_BYTES))
    return TRAMA_DECODE_TRUNCATED;
  *header_bytes = (guint32) offset + WLAN_CONTROL_BYTES;
  *ether_type = 0;
  if ((frame[0] & 3) != 0 || TRAMA_WLAN_TYPE (frame[0]) != TRAMA_WLAN_TYPE_DATA)
    return TRAMA_DECODE_OK;
  size = count_wlan_bytes (frame);
  if (is_padded)
    size = (size + 3) & ~(gsize) 3;
  if (!trama_bytes_hold (captured, offset, size))
    return TRAMA_DECODE_TRUNCATED;
  *header_bytes = (guint32) (offset + size);
  *ether_type = is_followed (frame) ? TRAMA_ETHER_LLC : 0;
  return TRAMA_DECODE_OK;
}

TramaDecodeStatus
trama_wlan_measure (const guint8 *data, gsize captured, guint32 *header_bytes, guint16 *ether_type)
{
  return measure_wlan (data, captured, 0, FALSE, header_bytes, ether_type);
}

guint16
trama_radiotap_bytes (const guint8 *header)
{
  return read_u16_le (header + 2);
}

/* Fields follow the words that say which are there, the first of them a time of eight bytes, then flags. */
static gboolean
is_padded (const guint8 *header, gsize size)
{
  guint32 first = read_u32_le (header + 4);
  guint32 present = first;
  gsize offset = RADIOTAP_MIN_BYTES;

  while ((present & RADIOTAP_MORE) && trama_bytes_hold (size, offset, 4))
    {
      present = read_u32_le (header + offset);
      offset += 4;
    }
  if (first & RADIOTAP_TIME)
    offset = ((offset + 7) & ~(gsize) 7) + 8;
  return (first & RADIOTAP_FLAGS) && offset < size && (header[offset] & RADIOTAP_FLAG_PADDED);
}

TramaDecodeStatus
trama_radiotap_measure (const guint8 *data, gsize captured, guint32 *header_bytes, guint16 *ether_type)
{
  gsize size;

  if (captured < RADIOTAP_MIN_BYTES)
    return TRAMA_DECODE_TRUNCATED;
  size = trama_radiotap_bytes (data);
  if (data[0] != 0 || size < RADIOTAP_MIN_BYTES)
    return TRAMA_DECODE_MALFORMED;
  if (captured < size)
    return TRAMA_DECODE_TRUNCATED;
  return measure_wlan (data, captured, size, is_padded (data, size), header_bytes, ether_type);
}
