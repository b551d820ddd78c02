/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/address.h"

/*
 * Bytes to headers. A pure function without allocation: every field was inside
 * the captured bytes, or the layer is not reported. Depends on nothing of the
 * trace but the endpoint, so that it can be fuzzed alone.
 */

/* https://www.tcpdump.org/linktypes.html */
enum
{
  TRAMA_LINK_NULL = 0,
  TRAMA_LINK_ETHERNET = 1,
  TRAMA_LINK_PPP = 9,
  TRAMA_LINK_RAW_BSD = 12, /* what some systems write for RAW */
  TRAMA_LINK_RAW_OPENBSD = 14,
  TRAMA_LINK_PPP_HDLC = 50,
  TRAMA_LINK_PPPOE = 51,
  TRAMA_LINK_RAW = 101,
  TRAMA_LINK_CISCO_HDLC = 104,
  TRAMA_LINK_WLAN = 105, /* IEEE 802.11 */
  TRAMA_LINK_LOOP = 108,
  TRAMA_LINK_SLL = 113,
  TRAMA_LINK_FIBRE_CHANNEL = 122, /* IP over it: RFC 2625 */
  TRAMA_LINK_RADIOTAP = 127,      /* IEEE 802.11 with what the radio knows */
  TRAMA_LINK_IPV4 = 228,
  TRAMA_LINK_IPV6 = 229,
  TRAMA_LINK_NFLOG = 239,
  TRAMA_LINK_SLL2 = 276,
};

typedef enum
{
  TRAMA_DECODE_OK,
  TRAMA_DECODE_LINK_UNKNOWN, /* the link type is not decoded */
  TRAMA_DECODE_TRUNCATED,    /* a header goes past the captured bytes */
  TRAMA_DECODE_MALFORMED, /* a header contradicts itself or the length on the wire, or there are too many */
} TramaDecodeStatus;

/* RFC 791, section 3.2; RFC 8200, section 4.5 */
typedef enum
{
  TRAMA_FRAGMENT_NONE,
  TRAMA_FRAGMENT_FIRST, /* has the transport header, but not the whole payload */
  TRAMA_FRAGMENT_LATER, /* has no transport header */
} TramaFragment;

/* RFC 9293, section 3.1 */
enum
{
  TRAMA_TCP_FIN = 0x01,
  TRAMA_TCP_SYN = 0x02,
  TRAMA_TCP_RST = 0x04,
  TRAMA_TCP_PSH = 0x08,
  TRAMA_TCP_ACK = 0x10,
  TRAMA_TCP_URG = 0x20,
  TRAMA_TCP_ECE = 0x40,
  TRAMA_TCP_CWR = 0x80,
};

typedef enum
{
  TRAMA_CHECKSUM_ABSENT, /* no such field, UDP's 0, or not all bytes captured */
  TRAMA_CHECKSUM_GOOD,
  TRAMA_CHECKSUM_BAD,
  TRAMA_CHECKSUM_NOT_COMPUTED, /* only the pseudo-header's sum: left to the device, which lo has not */
} TramaChecksum;

/* Headers of one packet, tags, labels and tunnels counted; more are refused as MALFORMED. */
#define TRAMA_DECODE_HEADERS_MAX 16

/*
 * Of a packet in a tunnel (IP in IP, GRE), this is the innermost IP packet that could
 * be read: the conversation that is carried, not the one that carries it.
 */
typedef struct
{
  guint8 status;     /* TramaDecodeStatus: how far it came */
  guint8 ip_version; /* 4, 6; 0: no IP header */
  guint8 protocol;   /* IPPROTO_* of the transport header; 0 when there is none */
  guint8 tcp_flags;
  guint8 fragment;          /* TramaFragment */
  guint8 fragment_protocol; /* of what the fragments carry, in all of them the same; 0: no fragment */
  guint16 ether_type;       /* of what the link carries, also where the link has another number for it */
  guint16 window;           /* as in the header, not scaled */
  guint16 identification;   /* of IPv4; 0: none */
  guint32 link_bytes;       /* offset of the IP header */
  guint32 network_bytes;    /* size of the IP header with its options or extension headers */
  guint32 network_end;      /* offset behind the IP packet; what follows is padding */
  guint32 transport_bytes;  /* size of the TCP or UDP header; 0: not decoded */
  guint32 payload_offset;
  guint32 payload_bytes;  /* on the wire, from the IP and UDP lengths, even when not captured */
  guint32 datagram_bytes; /* payload of the whole datagram that this fragment begins; 0: it does not tell */
  guint32 fragment_id;    /* with addresses and protocol it names the datagram */
  guint32 sequence;
  guint32 acknowledgment;
  TramaEndpoint source;
  TramaEndpoint destination;
} TramaDecoded;

/*
 * Returns decoded->status. @captured bytes are at @data, @length were on the wire.
 * A header whose fixed part was captured is reported, even when its options were
 * not (TRUNCATED); so payload_offset may lie behind the captured bytes.
 */
TramaDecodeStatus
trama_decode (guint32 link_type, const guint8 *data, gsize captured, gsize length, TramaDecoded *decoded);

/*
 * The checksum of TCP, UDP, ICMP or ICMPv6 over the captured bytes; ABSENT when they
 * do not suffice, as in a fragment.
 */
TramaChecksum
trama_decode_transport_checksum (const guint8 *data, gsize captured, const TramaDecoded *decoded);

/* "SYN ACK"; the order of the field's reading: SYN FIN RST PSH ACK URG ECE CWR. The caller's to free. */
char *trama_tcp_flags_format (guint8 flags);
