/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/decode.h"

/*
 * Private to the room: the way down into a packet, one header after the other, past
 * tags, labels and tunnels. Each step looks at one header and tells which is next;
 * what goes round the next header bounds it.
 */
typedef enum
{
  TRAMA_HEADER_NONE, /* nothing that is followed: data */
  TRAMA_HEADER_ETHERNET,
  TRAMA_HEADER_TAG,   /* IEEE 802.1Q */
  TRAMA_HEADER_MPLS,  /* RFC 3032: one entry of the label stack */
  TRAMA_HEADER_PPPOE, /* RFC 2516, with the protocol of PPP behind it */
  TRAMA_HEADER_LLC,   /* IEEE 802.2, with SNAP */
  TRAMA_HEADER_GRE,   /* RFC 2784, RFC 2890 */
  TRAMA_HEADER_IP,
} TramaHeaderKind;

typedef struct
{
  const guint8 *data;
  guint32 captured;   /* of it, as far as the packet goes that is around the next header */
  guint32 length;     /* on the wire, of the same; not below captured */
  guint32 offset;     /* of the next header */
  guint16 ether_type; /* of what stands there; 0: not told */
  guint8 next;        /* TramaHeaderKind */
  guint8 n_headers;   /* passed */
  guint8 is_framed;   /* within Ethernet, where a small type is a length */
  guint8 is_damaged;  /* a packet claims more than what is around it holds */
} TramaDescent;

/* Passes the link header. */
TramaDecodeStatus trama_descent_begin (TramaDescent *descent,
                                       guint32 link_type,
                                       const guint8 *data,
                                       gsize captured,
                                       gsize length);

/*
 * Passes the next header, which must not be IP. When the offset has not moved, it was not whole
 * or is not followed. MALFORMED also when there are too many.
 */
TramaDecodeStatus trama_descent_pass (TramaDescent *descent);

/* Passes an IP packet; what it carries is next where it is a tunnel. Fills @decoded, which is zeroed, but for the status. */
TramaDecodeStatus trama_descent_pass_ip (TramaDescent *descent, TramaDecoded *decoded);

/* Goes on with what an IP packet carries. */
void trama_descent_enter (TramaDescent *descent, const TramaDecoded *decoded);

/* What is to be said of the packet when @status was the last. */
static inline TramaDecodeStatus
trama_descent_judge (const TramaDescent *descent, TramaDecodeStatus status)
{
  return status == TRAMA_DECODE_OK && descent->is_damaged ? TRAMA_DECODE_MALFORMED : status;
}

/* Whether one more header may be looked at. Counts it. */
static inline gboolean
trama_descent_count (TramaDescent *descent)
{
  return descent->n_headers++ < TRAMA_DECODE_HEADERS_MAX;
}
