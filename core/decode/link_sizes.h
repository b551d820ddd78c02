/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/decode.h"

/*
 * Private to the room: link headers of no fixed size. Each tells how long it is and the
 * type of what it carries, 0 where that is not followed. TRUNCATED: it was not captured
 * as a whole; MALFORMED: it contradicts itself.
 */
typedef TramaDecodeStatus (*TramaLinkMeasure) (const guint8 *data,
                                               gsize captured,
                                               guint32 *header_bytes,
                                               guint16 *ether_type);

/* Linux numbers IEEE 802.2 among its own types: ETH_P_802_2, packet(7). */
#define TRAMA_ETHER_LLC 4

/* RFC 1661, section 2, with or without the two bytes of RFC 1662, section 3.1, or Cisco's four instead. */
TramaDecodeStatus
trama_ppp_measure (const guint8 *data, gsize captured, guint32 *header_bytes, guint16 *ether_type);

/* PPPoE without Ethernet; its header is one of those that are passed later, and is not measured. */
TramaDecodeStatus
trama_pppoe_measure (const guint8 *data, gsize captured, guint32 *header_bytes, guint16 *ether_type);

/* https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html */
TramaDecodeStatus
trama_nflog_measure (const guint8 *data, gsize captured, guint32 *header_bytes, guint16 *ether_type);

/* IEEE 802.11, clause 9.2, alone or behind what https://www.radiotap.org adds. */
TramaDecodeStatus
trama_wlan_measure (const guint8 *data, gsize captured, guint32 *header_bytes, guint16 *ether_type);
TramaDecodeStatus
trama_radiotap_measure (const guint8 *data, gsize captured, guint32 *header_bytes, guint16 *ether_type);

/* The type in Ethernet of what PPP carries under this number; 0: it is not followed. */
guint16 trama_ppp_type (guint16 protocol);

/* Of NFLOG: what an attribute at @offset is, and its size without the bytes that fill it up. */
typedef struct
{
  guint16 type;
  guint16 size;
} TramaNflogAttribute;

#define TRAMA_NFLOG_BYTES 4
#define TRAMA_NFLOG_PAYLOAD 9
TramaNflogAttribute trama_nflog_attribute (const guint8 *header);

/* Of the radio's own header. */
guint16 trama_radiotap_bytes (const guint8 *header);

/* IEEE 802.11, clause 9.2.4.1: the two bytes that a frame begins with. */
enum
{
  TRAMA_WLAN_TO_DS = 0x01, /* the second byte */
  TRAMA_WLAN_FROM_DS = 0x02,
  TRAMA_WLAN_MORE_FRAGMENTS = 0x04,
  TRAMA_WLAN_PROTECTED = 0x40,
  TRAMA_WLAN_ORDER = 0x80,
};

#define TRAMA_WLAN_MIN_BYTES 24
#define TRAMA_WLAN_TYPE(control) ((control) >> 2 & 3)
#define TRAMA_WLAN_TYPE_DATA 2
