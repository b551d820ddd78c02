/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/decode.h"

/* Private to the room: link headers, down to the type of what they carry. */

enum
{
  TRAMA_ETHER_IPV4 = 0x0800,
  TRAMA_ETHER_ARP = 0x0806,
  TRAMA_ETHER_VLAN = 0x8100,
  TRAMA_ETHER_IPV6 = 0x86dd,
  TRAMA_ETHER_SERVICE_VLAN = 0x88a8,
  TRAMA_ETHER_OLD_SERVICE_VLAN = 0x9100,
};

/* IEEE 802.3, clause 3.2.6: a smaller number is the length of the frame. */
#define TRAMA_ETHER_TYPE_MIN 0x0600

/* Tags on one frame; nobody stacks more than two. */
#define TRAMA_VLAN_MAX 8

/* Fills ether_type and link_bytes, VLAN tags included; 0 where the link does not tell the type. */
TramaDecodeStatus
trama_link_decode (guint32 link_type, const guint8 *data, gsize captured, TramaDecoded *decoded);

/* Size of the link header in front of any tag; 0: none, or not known. */
guint trama_link_header_bytes (guint32 link_type);

gboolean trama_link_is_tag (guint16 ether_type);
