/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * What ICMP complains of: the datagram that it quotes (RFC 792; RFC 4443, section 3) and
 * the conversation that this is of. A quotation may be no longer than the IP header and
 * 8 bytes, which suffices.
 */
typedef struct
{
  guint32 packet; /* the error */
  guint32 flow;   /* of what it quotes */
  guint32 quoted; /* the packet that it quotes; G_MAXUINT32: it was not captured */
  guint8 side;    /* who sent that, and is told */
  guint8 ip_version;
  guint8 type;
  guint8 code;
  guint32 mtu_bytes;    /* as the error tells it; 0: it is about something else, or does not tell */
  TramaEndpoint teller; /* who complains; without a port */
} TramaIcmpError;

/* How much of the transport header is sure to be quoted: RFC 792. */
#define TRAMA_ICMP_QUOTED_BYTES 8

/* What an error quotes. */
typedef struct
{
  guint8 type; /* of the error */
  guint8 code;
  guint8 protocol;
  guint16 identification; /* of IPv4 */
  guint32 mtu_bytes;      /* as in TramaIcmpError */
  TramaEndpoint source;
  TramaEndpoint destination;
  guint8 transport[TRAMA_ICMP_QUOTED_BYTES];
} TramaIcmpQuotation;

/* FALSE: the packet, of which @decoded is, is no error, or one that quotes nothing that can be read. */
gboolean trama_icmp_read_error (TramaStore *store,
                                guint packet,
                                const TramaDecoded *decoded,
                                TramaIcmpQuotation *quotation);

/* RFC 792; RFC 4443, section 3.1. */
gboolean trama_icmp_is_port_unreachable (const TramaIcmpError *error);

/* What becomes of a packet that an error quotes, but for a port where nobody is. */
typedef enum
{
  TRAMA_FATE_OTHER,
  TRAMA_FATE_UNREACHABLE, /* of its host, its network, or because somebody forbids it */
  TRAMA_FATE_TOO_BIG,     /* RFC 1191, section 4; RFC 4443, section 3.2 */
  TRAMA_FATE_EXPIRED,     /* its time to live: RFC 792; RFC 4443, section 3.3 */
  TRAMA_FATE_INCOMPLETE,  /* a fragment of the same datagram did not come in time */
  TRAMA_N_FATES,
} TramaFate;

TramaFate trama_icmp_find_fate (const TramaIcmpError *error);

/* What it makes of an attempt to connect: RFC 792; RFC 4443, section 3.1. What is too large comes again smaller. */
TramaDenial trama_icmp_find_denial (guint8 ip_version, guint8 type, guint8 code);

/* A new GArray of TramaIcmpError, by conversation of the errors and time. One that quotes no conversation is left out. */
GArray *trama_icmp_errors_find (TramaFlowTable *table);
