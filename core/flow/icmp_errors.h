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
} TramaIcmpError;

/* A new GArray of TramaIcmpError, by conversation of the errors and time. One that quotes no conversation is left out. */
GArray *trama_icmp_errors_find (TramaFlowTable *table);
