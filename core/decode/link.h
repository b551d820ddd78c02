/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/decode.h"

/* Private to the room: link headers, and the types of what they carry. */

enum
{
  TRAMA_ETHER_IPV4 = 0x0800,
  TRAMA_ETHER_ARP = 0x0806,
  TRAMA_ETHER_BRIDGED = 0x6558, /* RFC 1701: Ethernet within something else */
  TRAMA_ETHER_VLAN = 0x8100,
  TRAMA_ETHER_IPV6 = 0x86dd,
  TRAMA_ETHER_MPLS = 0x8847,
  TRAMA_ETHER_MPLS_MULTICAST = 0x8848,
  TRAMA_ETHER_PPPOE_DISCOVERY = 0x8863,
  TRAMA_ETHER_PPPOE_SESSION = 0x8864,
  TRAMA_ETHER_SERVICE_VLAN = 0x88a8,
  TRAMA_ETHER_OLD_SERVICE_VLAN = 0x9100,
};

/* IEEE 802.3, clause 3.2.6: a smaller number is the length of the frame. */
#define TRAMA_ETHER_TYPE_MIN 0x0600

/* Size of the link header and the type of what it carries; 0 where the link does not tell. */
TramaDecodeStatus trama_link_decode (guint32 link_type,
                                     const guint8 *data,
                                     gsize captured,
                                     guint32 *header_bytes,
                                     guint16 *ether_type);

gboolean trama_link_is_known (guint32 link_type);

/* Size of the link header, of one that varies the least; 0: none, or not known. */
guint trama_link_header_bytes (guint32 link_type);

/* Whether it is a link whose number for IEEE 802.2 is @ether_type. */
gboolean trama_link_is_llc (guint32 link_type, guint16 ether_type);

/* By the IP version in its first four bits; 0: it is neither. */
guint16 trama_link_type_of_version (const guint8 *data);
